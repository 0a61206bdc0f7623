"""Other tools' settings: which of their checks a team has switched off for good. Inline markers need no look: hooks honour them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from ..files.tree import Tree, Unreadable
from ..finding import Rule
from ..parse import parse
from ..parse.node import Document, Node

BASELINES: Final = (".secrets.baseline", ".gitleaksignore", ".checkov.baseline")
HONOURED: Final = (".bandit", "bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml")
_LISTS: Final = (
    # (file, format, tool, where the ids stand)
    (".checkov.yaml", "yaml", "checkov", "skip-check"),
    (".checkov.yml", "yaml", "checkov", "skip-check"),
    (".hadolint.yaml", "yaml", "hadolint", "ignored"),
    (".hadolint.yml", "yaml", "hadolint", "ignored"),
    (".tfsec/config.yml", "yaml", "tfsec", "exclude"),
    (".tfsec/config.yaml", "yaml", "tfsec", "exclude"),
    (".tfsec/config.json", "json", "tfsec", "exclude"),
    (".gitleaks.toml", "toml", "gitleaks", "extend.disabledRules"),
    ("gitleaks.toml", "toml", "gitleaks", "extend.disabledRules"),
)
_ZIZMOR: Final = ("zizmor.yml", "zizmor.yaml", ".github/zizmor.yml", ".github/zizmor.yaml")
_TRIVY: Final = ".trivyignore"
_SAME: Final = {"tfsec": ("trivy",)}  # tools that go on with the ids of another


class Disabled(NamedTuple):
    """A check of ``tool`` that the file at ``path`` switches off."""

    tool: str
    id: str
    path: str


def disabled(tree: Tree) -> Iterator[Disabled]:
    """Every check that another tool's settings in ``tree`` switch off. A file that cannot be read gives none."""
    for path, format, tool, where in _LISTS:
        document = document_of(tree, path, format)
        for node in document.select(where) if document is not None else ():
            yield from (Disabled(tool, each, path) for each in _words(node))
    for path in _ZIZMOR:
        document = document_of(tree, path, "yaml")
        for node in document.select("rules.*.disable") if document is not None else ():
            if node.value is True and node.parent is not None and node.parent.key:
                yield Disabled("zizmor", node.parent.key, path)
    if tree.exists(_TRIVY):
        for line in tree.source(_TRIVY).text.splitlines():
            word = line.partition("#")[0].strip().split(" ")[0]
            if word and not word.upper().startswith(("CVE-", "GHSA-")):  # vulnerable packages are no settings
                yield Disabled("trivy", word, _TRIVY)


def document_of(tree: Tree, path: str, format: str) -> Document | None:
    """The configuration of another tool at ``path``; ``None`` where there is none that can be read."""
    try:
        source = tree.find(path)
    except Unreadable:
        return None
    return parse(source, format) if source is not None else None


def _words(node: Node) -> Iterator[str]:
    """The items of a list, or of a text with commas."""
    for each in node.resolved.children or (node.resolved,):
        yield from (word for word in each.text.replace(",", " ").split() if word)


def ours(found: Iterable[Disabled], rules: Mapping[str, Rule]) -> tuple[dict[str, list[Disabled]], list[Disabled]]:
    """Our rules that are equal to the checks ``found``, each with these; and the checks that none of ours is equal to."""
    index: dict[str, list[str]] = {}
    for rule in rules.values():
        for each in rule.equivalents:
            index.setdefault(each.lower(), []).append(rule.id)
    mapped: dict[str, list[Disabled]] = {}
    unknown = []
    for check in found:
        names = sorted({rule for name in _spellings(check) for rule in index.get(name, ())})
        for rule_id in names:
            mapped.setdefault(rule_id, []).append(check)
        if not names:
            unknown.append(check)
    return mapped, unknown


def _spellings(check: Disabled) -> set[str]:
    """What ``equivalents`` may call a check: trivy dropped the prefix AVD, and goes on with tfsec's checks."""
    low = check.id.lower()
    return {f"{tool}:{name}" for tool in (check.tool, *_SAME.get(check.tool, ())) for name in (low, low.removeprefix("avd-"))}
