"""Other tools' settings: what a team accepts by path, by value or by registry, as settings of ours that mean the same.

What cannot be said in ours is named, never guessed: a rule that is off where it was on is worse than one more line to write by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ..files.tree import Tree
from ..finding import Rule
from ..parse.node import Node
from ..policy.imports import Foreign
from .others import Disabled, document_of, ours
from .regex import globs_of

_GITLEAKS: Final = (".gitleaks.toml", "gitleaks.toml")
_CHECKOV: Final = (".checkov.yaml", ".checkov.yml")
_HADOLINT: Final = (".hadolint.yaml", ".hadolint.yml")
_ZIZMOR: Final = ("zizmor.yml", "zizmor.yaml", ".github/zizmor.yml", ".github/zizmor.yaml")
_TRIVY: Final = (".trivyignore.yaml", ".trivyignore.yml")
_DETECT_SECRETS: Final = ".secrets.baseline"
_OF_ONE: Final = re.compile(r"\\[AzZQEpPCkhHvRuUNxa]|\[\[:")  # what only one of Go and Python has, or both with another meaning
_FILTERS: Final = "detect_secrets.filters.regex.should_exclude_"


class Ignore(NamedTuple):
    """An ``[[ignore]]`` entry: ``rule`` is one of ours or a family."""

    rule: str
    path: str
    reason: str
    until: str = ""


class Value(NamedTuple):
    """A value of a list: of ``[secrets] allow`` or ``[config] registries``."""

    table: str
    key: str
    value: str
    reason: str


class At(NamedTuple):
    """A check of another tool that is accepted on one line: for the baseline."""

    entry: Foreign
    reason: str


class Left(NamedTuple):
    """Something that is not taken over, and what it is."""

    path: str
    what: str


Piece = Ignore | Value | At | Left


def allowed(tree: Tree, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    """What other tools' settings in ``tree`` accept. A file that cannot be read gives nothing."""
    for read, names, format in (
        (_of_gitleaks, _GITLEAKS, "toml"),
        (_of_checkov, _CHECKOV, "yaml"),
        (_of_hadolint, _HADOLINT, "yaml"),
        (_of_zizmor, _ZIZMOR, "yaml"),
        (_of_trivy, _TRIVY, "yaml"),
        (_of_detect_secrets, (_DETECT_SECRETS,), "json"),
    ):
        for name in names:
            document = document_of(tree, name, format)
            if document is not None and document.roots:
                yield from read(document.roots[0], name, tree, rules)


def _of_gitleaks(root: Node, name: str, tree: Tree, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    for table in (*_tables(root.get("allowlist")), *_tables(root.get("allowlists"))):
        targets = _texts(table.get("targetRules"))
        yield from _allowlist(table, name, _equal("gitleaks", targets, name, rules) if targets else ["secrets"], not targets)
    for rule in _tables(root.get("rules")):
        named = rule.get("id")
        for table in (*_tables(rule.get("allowlist")), *_tables(rule.get("allowlists"))):
            yield from _allowlist(table, name, _equal("gitleaks", [named.text] if named else [], name, rules), False)


def _allowlist(table: Node, name: str, ids: Sequence[str], everywhere: bool) -> Iterator[Piece]:
    """An allowlist of gitleaks, which holds for our rules ``ids``; ``everywhere``: for all."""
    said = table.get("description")
    reason = f"{said.text} ({name})" if said and said.text else f"an allowlist of {name}"
    parts = {key: _texts(table.get(key)) for key in ("paths", "regexes", "stopwords", "commits")}
    condition, target = table.get("condition"), table.get("regexTarget")
    if condition is not None and condition.text.upper() in ("AND", "&&") and sum(map(bool, parts.values())) > 1:
        yield Left(name, f"an allowlist whose {', '.join(key for key, each in parts.items() if each)} hold together")
        return
    yield from _paths(parts["paths"], name, ids, reason)
    for pattern in parts["regexes"]:
        whole = _within(pattern) if everywhere and (target is None or target.text == "secret") else None
        yield Value("secrets", "allow", whole, reason) if whole else Left(name, f"the expression {pattern}")
    for word in parts["stopwords"]:
        yield Value("secrets", "allow", f"(?is).*{re.escape(word)}.*", reason) if everywhere else Left(name, f"the stop word {word}")
    if parts["commits"]:
        yield Left(name, "commits, which are no matter of the files of today")


def _paths(patterns: Iterable[str], name: str, ids: Sequence[str], reason: str) -> Iterator[Piece]:
    for pattern in patterns:
        globs = globs_of(pattern)
        if not globs or not ids:
            yield Left(name, f"the path {pattern}")
        yield from (Ignore(rule, glob, reason) for rule in ids for glob in globs)


def _within(pattern: str) -> str | None:
    """An expression that matches a whole value in which ``pattern`` is found; ``None`` where Python reads it otherwise than Go."""
    flags = re.match(r"\(\?([ims]+)\)", pattern)
    bare = pattern[flags.end() :] if flags else pattern
    inner = f"(?{flags[1] if flags else ''}:{bare})"
    if "(?" in bare.replace("(?:", "") or _OF_ONE.search(bare):
        return None
    try:
        re.compile(inner)
    except re.error:
        return None
    return f"(?s:.*){inner}(?s:.*)"


def _of_checkov(root: Node, name: str, tree: Tree, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    yield from _paths(_texts(root.get("skip-path")), name, ["config"], f"skip-path of {name}")


def _of_hadolint(root: Node, name: str, tree: Tree, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    for registry in _texts(root.get("trustedRegistries")):
        if "*" in registry:
            yield Left(name, f"the registry {registry}")
        else:
            yield Value("config", "registries", registry, f"trustedRegistries of {name}")


def _of_zizmor(root: Node, name: str, tree: Tree, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    for rule in _children(root.get("rules")):
        for said in _texts(rule.get("ignore")):
            file, _, place = said.partition(":")
            line = place.partition(":")[0]
            ids = _equal("zizmor", [rule.key or ""], name, rules)
            path = next((path for path in (f".github/workflows/{file}", file) if tree.exists(path)), "")
            if not ids or (line and not (line.isdecimal() and path)):
                yield Left(name, f"{rule.key} in {said}")
            elif line:
                yield At(Foreign(path, int(line), check=f"zizmor:{rule.key}"), f"ignore of {name}")
            else:
                yield from (Ignore(each, path or file, f"ignore of {name}") for each in ids)


def _of_trivy(root: Node, name: str, tree: Tree, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    for kind in ("misconfigurations", "secrets"):
        for entry in _tables(root.get(kind)):
            named, why, until = entry.get("id"), entry.get("statement"), entry.get("expired_at")
            reason = f"{why.text} ({name})" if why and why.text else f"an entry of {name}"
            ids = _equal("trivy", [named.text] if named else [], name, rules)
            if not ids:
                yield Left(name, f"{kind}: {named.text if named else 'an entry without id'}")
            day = until.text[:10] if until else ""
            yield from (Ignore(rule, path, reason, day) for rule in ids for path in _texts(entry.get("paths")) or ["**"])


def _of_detect_secrets(root: Node, name: str, tree: Tree, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    for each in _tables(root.get("filters_used")):
        path, patterns = each.get("path"), _texts(each.get("pattern"))
        kind = path.text.removeprefix(_FILTERS) if path and path.text.startswith(_FILTERS) else ""
        if kind == "file":
            yield from _paths(patterns, name, ["secrets"], f"files that {name} leaves out")
        for pattern in patterns if kind in ("secret", "line") else ():
            whole = _within(pattern) if kind == "secret" else None
            reason = f"secrets that {name} leaves out"
            yield Value("secrets", "allow", whole, reason) if whole else Left(name, f"the expression {pattern} for a {kind}")


def _equal(tool: str, names: Iterable[str], path: str, rules: Mapping[str, Rule]) -> list[str]:
    """Our rules that are equal to the checks ``names`` of ``tool``."""
    return sorted(ours([Disabled(tool, each, path) for each in names], rules)[0])


def _tables(node: Node | None) -> list[Node]:
    """A table, or the tables of a list."""
    if node is None:
        return []
    node = node.resolved
    return [node] if node.kind == "mapping" else [each.resolved for each in node.children if each.resolved.kind == "mapping"]


def _children(node: Node | None) -> Iterable[Node]:
    return () if node is None or node.resolved.kind != "mapping" else node.resolved.children


def _texts(node: Node | None) -> list[str]:
    """The texts of a list, or a text alone."""
    if node is None:
        return []
    items = node.resolved.children if node.resolved.kind == "sequence" else [node.resolved]
    return [each.resolved.text for each in items if each.resolved.kind == "scalar" and each.resolved.text]
