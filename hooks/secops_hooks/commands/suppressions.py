"""``secops-hooks suppressions``: the ledger of everything that is accepted, with reason, age, author and expiry."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from ..files.git import GitError, git
from ..files.tree import Tree, Unreadable, WorkTree, root_of, shown, to_tree_path, walk
from ..policy.foreign import foreign_markers
from ..policy.local import from_disk, with_nested
from ..policy.places import place_of
from ..policy.settings import TABLE, Settings, find, load
from ..policy.suppress import own_markers
from ..report.lines import printable
from ..run import CLEAN

_LINES_AT_ONCE: Final = 500  # of one file that git blame is asked for; an argument list has an end


class Entry(NamedTuple):
    """One accepted thing. ``scope`` is for entries of the settings; ``author`` and ``since`` are empty where git knows none."""

    rules: str
    path: str
    line: int
    scope: str
    by: str
    reason: str
    until: str
    author: str = ""
    since: str = ""

    def expired(self, today: str) -> bool:
        return bool(self.until) and self.until < today

    def age(self, today: str) -> int | None:
        """Days since the line was written."""
        return max(0, (date.fromisoformat(today) - date.fromisoformat(self.since)).days) if self.since else None


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or directories (default: everything)")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="how to print (default: text)")


def main(options: Namespace) -> int:
    """Print the ledger."""
    cwd = os.getcwd()
    root = root_of(cwd)
    path = find(root, cwd)
    settings = load(path, root) if path else Settings()
    tree = WorkTree(root, settings.max_file_size)
    wanted = [to_tree_path(each, root, cwd) for each in options.paths]
    paths = [p for each in wanted for p in (walk(root, each) if os.path.isdir(os.path.join(root, each)) else [each])] or walk(root, "")
    settings = with_nested(settings, paths, from_disk(root))
    entries = [*_of_settings(settings, tree, cwd), *ledger(tree, paths, cwd)]
    today = time.strftime("%Y-%m-%d")
    for line in {"text": _text, "json": _json, "markdown": _markdown}[options.format](entries, today):
        print(line)
    return CLEAN


def _of_settings(settings: Settings, tree: Tree, cwd: str) -> Iterator[Entry]:
    """The ``[[ignore]]`` entries of the settings, and of those of directories further down."""
    for each in (settings, *settings.nested.values()):
        if not each.ignore:
            continue
        path = to_tree_path(each.origin, tree.root, tree.root)
        data = tree.source(path).data
        inside = ("tool", TABLE) if os.path.basename(path) == "pyproject.toml" else ()
        lines = [place_of(data, path, (*inside, "ignore", number))[0] for number in range(len(each.ignore))]
        who = _blame(tree.root, path, lines)
        for entry, line in zip(each.ignore, lines, strict=True):
            scope = f"{entry.path} {entry.key}".strip()
            yield Entry(
                entry.rule,
                shown(path, tree.root, cwd),
                line,
                scope,
                "settings",
                entry.reason,
                entry.until,
                *who.get(line, ("", "")),
            )


def ledger(tree: Tree, paths: Iterable[str], cwd: str) -> Iterator[Entry]:
    """Every marker in ``paths``, ours and those of other tools, with who wrote its line and when."""
    for path in paths:
        try:
            source = tree.source(path)
        except Unreadable:
            continue  # a check reports it; here only what is written counts
        markers = [] if source.binary else sorted((*own_markers(source), *foreign_markers(source)), key=lambda m: m.span)
        who = _blame(tree.root, path, [m.span.line for m in markers]) if markers else {}
        for m in markers:
            rules = ", ".join(m.names) or ("every secret" if m.tool == "secrets" else "everything")
            place = shown(path, tree.root, cwd)
            yield Entry(rules, place, m.span.line, "", m.tool, m.reason, m.until, *who.get(m.span.line, ("", "")))
        tree.forget(path)


def _blame(root: str, path: str, lines: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Author and day of each of ``lines``; nothing for those that are not committed."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(lines), _LINES_AT_ONCE):
        ranges = [word for line in lines[start : start + _LINES_AT_ONCE] for word in ("-L", f"{line},{line}")]
        try:
            said = git(root, "blame", "--line-porcelain", *ranges, "--", path).decode("utf-8", "replace").split("\n")
        except GitError:
            return found  # no repository, or a file that it does not know
        found.update(_authors(said))
    return found


def _authors(said: Iterable[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Line, author and day of what ``git blame --line-porcelain`` says."""
    line, author, day, committed = 0, "", "", False
    fresh = True
    for each in said:
        if fresh and each:
            fields = each.split(" ")
            committed, line, fresh = bool(fields[0].strip("0")), int(fields[2]), False
        elif each.startswith("author "):
            author = each.removeprefix("author ")
        elif each.startswith("author-time "):
            day = time.strftime("%Y-%m-%d", time.gmtime(int(each.removeprefix("author-time "))))
        elif each.startswith("\t"):
            fresh = True
            if committed:
                yield line, (author, day)


def _where(e: Entry) -> str:
    return f"{e.path}:{e.line}" + (f" ({e.scope})" if e.scope else "")


def _text(entries: list[Entry], today: str) -> Iterator[str]:
    for e in entries:
        facts = [e.reason or "NO REASON"]
        if e.until:
            facts.append(f"EXPIRED on {e.until}" if e.expired(today) else f"until {e.until}")
        if e.author:
            facts.append(f"{e.author}, {e.age(today)} days")
        by = "" if e.by in ("secops", "settings") else f" [{e.by}]"
        yield f"{printable(_where(e))}: {printable(e.rules)}{by}: {printable('; '.join(facts))}"
    yield f"{len(entries)} accepted, {sum(not e.reason for e in entries)} without reason, {sum(e.expired(today) for e in entries)} expired"


def _json(entries: list[Entry], today: str) -> Iterator[str]:
    from json import dumps

    def plain(e: Entry) -> dict[str, Any]:
        texts = {key: printable(value) if isinstance(value, str) else value for key, value in e._asdict().items()}
        return {**texts, "expired": e.expired(today), "age_days": e.age(today)}

    yield dumps([plain(e) for e in entries], indent=2, ensure_ascii=False)


def _markdown(entries: list[Entry], today: str) -> Iterator[str]:
    from ..report.markdown import escaped

    yield "| rule | where | reason | until | author | since | days |"
    yield "|---|---|---|---|---|---|--:|"
    for e in entries:
        by = "" if e.by in ("secops", "settings") else f" [{e.by}]"
        until = f"{e.until} expired" if e.expired(today) else e.until
        age = e.age(today)
        cells = (e.rules + by, _where(e), e.reason, until, e.author, e.since, "" if age is None else str(age))
        reason = 2
        yield "| " + " | ".join(escaped(c) if c or at != reason else "**none**" for at, c in enumerate(cells)) + " |"
