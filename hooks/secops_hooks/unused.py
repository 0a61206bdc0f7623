"""``[[ignore]]`` entries of the settings that accept nothing any more, told at their place in the settings.

An entry is judged only by a run that could have used it: one that looked at every path that the entry can match, with every family
that it names. Before it is called unused, its files are checked once more at the lowest tier, because it may be for what is not shown.
Entries for secrets are not judged: ``history`` needs them for what is no longer in a file.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence

from .files.tree import Tree, to_tree_path
from .finding import FAMILIES, Family, Finding, Rule, Span, report
from .policy.entries import covers, families_of, is_covered
from .policy.glob import matches
from .policy.places import place_of
from .policy.settings import TABLE, Ignore, Settings
from .policy.suppress import UNUSED
from .records import NamedTuple
from .run import Item, Outcome, accepted, check_function, check_path, overridden, rules_of


class Looked(NamedTuple):
    """What a run looked at: every one of ``paths``, all below the ``walked`` directories (``""``: the root), with ``families``."""

    paths: Collection[str]
    walked: Sequence[str]
    families: Sequence[Family]


class Entry(NamedTuple):
    """The ``number``-th entry of the settings file ``name`` (as the file system has it)."""

    ignore: Ignore
    name: str
    number: int


def in_files(outcome: Outcome, tree: Tree, looked: Looked, settings: Settings, cwd: str, day: str) -> list[Item]:
    """Entries that no file needs. ``settings`` are those of the run, with nested ones; ``day`` is today's ISO date."""
    seen = [each for each in entries_of(settings, tree.root, cwd) if is_covered(each.ignore.path, looked.paths, looked.walked)]
    idle = [each for each in seen if not _used(each.ignore, outcome)]
    if not idle:
        return []
    rules = rules_of(FAMILIES)
    idle = [each for each in idle if _is_judged(families_of(each.ignore, rules), looked.families)]
    idle = [each for each in idle if not _needed(each.ignore, tree, looked, settings, day)]
    return [item for each in idle for item in _told(each, _reason(each.ignore, looked, rules, settings), tree.root, settings, day)]


def entries_of(settings: Settings, root: str, cwd: str) -> list[Entry]:
    """All entries, each once, those of directories further down among them."""
    files = [(os.path.normpath(os.path.join(cwd, settings.origin)), settings)]
    files += [(os.path.normpath(os.path.join(root, each.origin)), each) for each in settings.nested.values()]
    found = {(name, number): entry for name, each in files for number, entry in enumerate(each.ignore)}
    return [Entry(entry, name, number) for (name, number), entry in found.items()]


def _is_judged(families: frozenset[str], ran: Sequence[Family]) -> bool:
    """Whether a run of the families ``ran`` shows that an entry for rules of ``families`` (none: no such rule) is unused."""
    needed = families - {"kernel"} or frozenset(FAMILIES)  # what any family finds is found by all of them
    return "secrets" not in families and needed <= frozenset(ran)


def _used(entry: Ignore, outcome: Outcome) -> bool:
    return any(covers(entry, item.finding) for item in outcome.items) or any(covers(entry, each.finding) for each in outcome.suppressed)


def _needed(entry: Ignore, tree: Tree, looked: Looked, settings: Settings, day: str) -> bool:
    """Whether ``entry`` is about a finding of any tier."""
    for path in looked.paths:
        if not matches(entry.path, path):
            continue
        own = settings.at(path)
        if not _holds(entry, own) or any(matches(glob, path) for glob in own.exclude):
            continue
        checks = {family: check_function(family) for family in looked.families if family in own.families}
        done = check_path(tree, path, checks, own._replace(tier="audit"), day)
        if _used(entry, Outcome(done.items, done.suppressed, 1, done.size, 0.0)):
            return True
    return False


def _holds(entry: Ignore, settings: Settings) -> bool:
    """Whether ``entry`` is one of ``settings``, by whatever name their file was found."""
    return any(entry._replace(origin="") == each._replace(origin="") for each in settings.ignore)


def _reason(entry: Ignore, looked: Looked, rules: Mapping[str, Rule], settings: Settings) -> str:
    if not families_of(entry, rules) and not settings.option("config", "rule-files", ()):
        from difflib import get_close_matches

        close = get_close_matches(entry.rule, rules, 1)
        return "names no rule that there is" + (f"; did you mean {close[0]}?" if close else "")
    if not any(matches(entry.path, path) for path in looked.paths):
        return "matches no file"
    return "accepts nothing"


def _told(entry: Entry, reason: str, root: str, settings: Settings, day: str) -> Iterator[Item]:
    """That ``entry`` is unused, where it stands; nothing if the settings do not want to know."""
    if _about_this(entry.ignore):
        return
    try:
        with open(entry.name, "rb") as file:
            data = file.read()
    except OSError:
        return  # gone since it was read
    inside = ("tool", TABLE) if os.path.basename(entry.name) == "pyproject.toml" else ()
    line, col = place_of(data, entry.name, (*inside, "ignore", entry.number))
    path = to_tree_path(entry.name, root, root)
    where = "" if entry.ignore.path == "**" else f" in {entry.ignore.path}"
    said = f"the [[ignore]] entry for {entry.ignore.rule}{where} {reason}"
    finding = overridden(
        report(UNUSED, path, Span(line, col, line, col), said, subject=f"{entry.ignore.rule} {entry.ignore.path}"), settings
    )
    if finding is not None and accepted(finding, settings, day) is None:
        text = data.decode("utf-8-sig", "replace").splitlines()
        from .report.lines import fingerprint

        shown = text[line - 1] if line <= len(text) else ""
        yield Item(finding, shown, fingerprint(finding, shown))


def _about_this(entry: Ignore) -> bool:
    """Whether ``entry`` is itself one about suppressions, which decides what is told here."""
    return covers(entry._replace(path="**", key=""), _EXAMPLE)


_EXAMPLE: Finding = report(UNUSED, "-", Span(1, 1, 1, 1))
