"""What a change does to the hooks themselves: their entry in ``.pre-commit-config.yaml``, and CI files that step around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from ..files.source import Source
from ..files.tree import Tree
from ..finding import Finding, Span, report
from ..parse import parse
from ..parse.node import Node
from ..policy.glob import matches
from ..policy.settings import Settings
from ..setup.managers import HUSKY, LEFTHOOK, has_command
from .rules import LOOSENED
from .runs import is_runner
from .trees import before

CONFIGS: Final = (".pre-commit-config.yaml", ".pre-commit-config.yml")
_WIDE: Final = "secops"  # the hook that stands for those of all families
_COVERED: Final = ("secops-secrets", "secops-config", "secops-pins", "secops-python")
_KEYS: Final = (
    *("exclude", "files", "types", "types_or", "exclude_types", "stages", "args", "entry", "language", "always_run"),
    *("additional_dependencies", "pass_filenames", "language_version", "alias"),
)
_TOP: Final = ("exclude", "files", "default_stages", "default_install_hook_types", "default_language_version")
_INSTEAD: Final = ("prek.toml",)  # read instead of the configuration
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_NUMBER: Final = re.compile(r"v?(\d+(?:\.\d+)+)")
_AROUND: Final = (
    (r"\bSKIP\b[\"']?[ \t]*[=:]\s*[|>+-]*\s*[\"']?[\w,. \t-]*\bsecops[\w-]*", "the hooks are skipped"),
    (r"--no-verify\b", "git is told to run no hooks"),
    (r"(?i)\bcore\.hooksPath\b", "git is pointed at other hooks"),
    (r"(?i)\[core\][^\[]*?\bhooksPath\b", "git is pointed at other hooks"),
    (r"\bpre-commit\s+uninstall\b", "the hooks are uninstalled"),
    (r"\b(?:HUSKY|LEFTHOOK)[\"']?[ \t]*[=:][ \t]*[\"']?(?:0|false)\b", "the hooks are switched off"),
)
_CALL: Final = r"(?:\bsecops[-_]hooks\b|\bpre-commit[ \t]+run\b)(?:[^\n]|\\\n){0,300}?"
_DEFUSED: Final = (  # only in a file that runs us
    (_CALL + r"--(?:accept-policy-change|exit-zero)", "the check is told to let pass"),
    (_CALL + r"\|\|[ \t]*(?:true|:|exit[ \t]+0|echo)(?!\w)", "a failure of the check is ignored"),
)
_OURS: Final = re.compile(r"secops|\bpre-commit\b")


class Hook(NamedTuple):
    """One hook of ours as ``.pre-commit-config.yaml`` has it. ``rev`` and ``node`` are where it stands; ``options`` what it is given."""

    id: str
    repo: str
    rev: str
    options: Mapping[str, str]
    node: Node
    entry: Node


def in_hooks(base: Tree, tree: Tree) -> Iterator[Finding]:
    """Hooks of ours that the change removes, unpins or narrows."""
    for name in CONFIGS:
        old, new = before(base, name), before(tree, name)
        if old is None or (new is not None and new.data == old.data):
            continue
        was, now = hooks_of(old), {} if new is None else hooks_of(new)
        top = _root(new)
        where = top.get("repos") if top is not None else None
        for hook in was.values():
            kept = now.get(hook.id) or (now.get(_WIDE) if hook.id in _COVERED else None)
            if kept is None:
                span = where.key_span if where is not None else Span(1, 1, 1, 1)
                yield _loosened(name, span, f"the hook {hook.id} is removed", hook.id)
            else:
                yield from _changed(name, hook, kept)
        if was:
            yield from _narrowed(name, _root(old), top)
    for name in _INSTEAD:
        if tree.exists(name) and not base.exists(name) and any(hooks_of(each) for each in map(partial(before, base), CONFIGS) if each):
            yield _loosened(name, Span(1, 1, 1, 1), f"prek reads this file instead of {CONFIGS[0]}", name)


def is_hosted(base: Tree) -> bool:
    """Whether a manager of hooks runs ours in ``base``."""
    sources = [before(base, name) for name in (*CONFIGS, *LEFTHOOK, HUSKY)]
    return any(hooks_of(each) if each.path in CONFIGS else has_command(each.text) for each in sources if each is not None)


def hooks_of(source: Source) -> dict[str, Hook]:
    """The hooks of ours in a configuration of pre-commit, by id."""
    found = {}
    for entry in _repositories(source):
        repo, rev = entry.get("repo"), entry.get("rev")
        for node in entry.select("hooks[*]"):
            name = node.get("id")
            if name is not None and name.text.startswith("secops"):
                options = {key: _said(node.get(key)) for key in _KEYS}
                found[name.text] = Hook(name.text, repo.text if repo else "", rev.text if rev else "", options, node, entry)
    return found


def _repositories(source: Source) -> tuple[Node, ...]:
    """The entries of ``repos``; of several keys of that name those of the last, which is the one that pre-commit reads."""
    root = _root(source)
    lists = [child for child in root.children if child.key == "repos"] if root is not None and root.kind == "mapping" else []
    return tuple(each.resolved for each in lists[-1].resolved.children) if lists else ()


def _root(source: Source | None) -> Node | None:
    roots = parse(source, "yaml").roots if source is not None else ()
    return roots[0] if roots else None


def _said(node: Node | None) -> str:
    """A value as one text that white space, quotes and comments do not change."""
    if node is None:
        return ""
    return " ".join(each.text for each in node.resolved.walk() if each.kind == "scalar")


def _changed(path: str, old: Hook, new: Hook) -> Iterator[Finding]:
    rev, repo = new.entry.get("rev"), new.entry.get("repo")
    if old.repo != new.repo:
        span = repo.span if repo is not None else new.entry.span
        yield _loosened(path, span, f"the hook {new.id} comes from another place", new.id)
    at = rev.span if rev is not None else new.node.span
    if old.rev != new.rev:
        if _COMMIT.match(old.rev) and not _COMMIT.match(new.rev):
            yield _loosened(path, at, f"the revision of {new.id} is no longer a commit", new.id)
        elif not _COMMIT.match(new.rev) and not _NUMBER.match(new.rev):
            yield _loosened(path, at, f"the revision of {new.id} is not pinned", new.id)
        elif _version(new.rev) < _version(old.rev) and _version(new.rev):
            yield _loosened(path, at, f"the revision of {new.id} is an earlier one", new.id)
    if old.id == new.id:
        for key in _KEYS:
            if old.options[key] != new.options[key]:
                node = new.node.get(key)
                yield _loosened(path, node.span if node is not None else new.node.span, f"{key} of the hook {new.id} is changed", new.id)


def _version(rev: str) -> tuple[int, ...]:
    m = _NUMBER.match(rev)
    return tuple(int(each) for each in m[1].split(".")) if m else ()


def _narrowed(path: str, old: Node | None, new: Node | None) -> Iterator[Finding]:
    """Keys at the top of the file that decide for all hooks."""
    for key in _TOP:
        was, node = old.get(key) if old is not None else None, new.get(key) if new is not None else None
        if new is not None and _said(was) != _said(node):
            span = node.span if node is not None else Span(1, 1, 1, 1)
            yield _loosened(path, span, f"{key}, which holds for all hooks, is changed", key)
    known = _said(old.get("ci", "skip")).split() if old is not None else []
    skip = new.get("ci", "skip") if new is not None else None
    for item in skip.children if skip is not None else ():
        if item.text.startswith("secops") and item.text not in known:
            yield _loosened(path, item.span, f"{item.text} is skipped in CI", item.text)


def in_runners(base: Tree, tree: Tree, path: str, old: str) -> Iterator[Finding]:
    """What a file that runs things (CI, scripts, settings of git) newly says to step around the hooks."""
    if not is_runner(path):
        return
    source, earlier = before(tree, path), before(base, old)
    if source is None:
        return
    for pattern, meaning in (*_AROUND, *(_DEFUSED if _OURS.search(source.text) else ())):
        known = Counter(_lines(earlier, pattern))
        for m in re.finditer(pattern, source.text):
            said = " ".join(m[0].split())
            if known[said] > 0:
                known[said] -= 1
            else:
                yield _loosened(path, source.span(m.start(), m.end()), f"{meaning}: {said}", said)


def _lines(source: Source | None, pattern: str) -> Iterator[str]:
    for m in re.finditer(pattern, source.text if source is not None else ""):
        yield " ".join(m[0].split())


def in_names(settings: Settings, renamed: Mapping[str, str]) -> Iterator[Finding]:
    """Files that were renamed (new to old name) to where the ``settings`` of the base do not look."""
    hiding = [(glob, "excluded from all checks") for glob in settings.exclude]
    hiding += [(entry.path, f"exempt from {entry.rule}") for entry in settings.ignore if entry.path != "**"]
    for new, old in sorted(renamed.items()):
        for glob, meaning in hiding:
            if matches(glob, new) and not matches(glob, old):
                yield _loosened(new, Span(1, 1, 1, 1), f"{old} was renamed to a path that is {meaning} ({glob})", old)


def _loosened(path: str, span: Span, message: str, subject: str) -> Finding:
    return report(LOOSENED, path, span, message, subject=subject)
