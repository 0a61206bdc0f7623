"""``secops-hooks suppressions``: the ledger of everything that is accepted, with reason, age, author and expiry."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ..files.git import GitError, git
from ..files.tree import Tree, Unreadable, WorkTree, root_of, shown, to_tree_path, walk
from ..policy.settings import Settings, find, load
from ..policy.suppress import may_have_markers, own_markers
from ..report.lines import printable
from ..run import CLEAN

_DAY: Final = 86400


class Entry(NamedTuple):
    """One accepted thing. ``line`` is 0 for an entry of the settings; ``author`` and ``since`` are empty where git knows none."""

    rules: str
    path: str
    line: int
    reason: str
    until: str
    author: str = ""
    since: str = ""


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or directories (default: everything)")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="how to print (default: text)")


def main(options: Namespace) -> int:
    """Print the ledger."""
    cwd = os.getcwd()
    root = root_of(cwd)
    path = find(root, cwd)
    settings = load(path) if path else Settings()
    tree = WorkTree(root, settings.max_file_size)
    wanted = [to_tree_path(each, root, cwd) for each in options.paths]
    paths = [p for each in wanted for p in (walk(root, each) if os.path.isdir(os.path.join(root, each)) else [each])] or walk(root, "")
    entries = [*_of_settings(settings, root, cwd), *ledger(tree, paths, cwd)]
    for line in {"text": _text, "json": _json, "markdown": _markdown}[options.format](entries):
        print(line)
    return CLEAN


def _of_settings(settings: Settings, root: str, cwd: str) -> Iterator[Entry]:
    origin = shown(to_tree_path(settings.origin, root, cwd), root, cwd) if settings.origin else ""
    for entry in settings.ignore:
        where = f"{entry.path} {entry.key}".strip()
        yield Entry(entry.rule, f"{origin} ({where})", 0, entry.reason, entry.until)


def ledger(tree: Tree, paths: Iterable[str], cwd: str) -> Iterator[Entry]:
    """Every marker of ours in ``paths``, with who wrote its line and when."""
    for path in paths:
        try:
            source = tree.source(path)
        except Unreadable:
            continue  # a check reports it; here only what is written counts
        if may_have_markers(source):
            for marker in own_markers(source):
                author, since = _blame(tree.root, path, marker.span.line)
                rules = ", ".join(marker.names) or "everything"
                yield Entry(rules, shown(path, tree.root, cwd), marker.span.line, marker.reason, marker.until, author, since)
        tree.forget(path)


def _blame(root: str, path: str, line: int) -> tuple[str, str]:
    """Author and day of a line; empty for a line that is not committed."""
    try:
        said = git(root, "blame", "--porcelain", "-L", f"{line},{line}", "--", path).decode("utf-8", "replace").splitlines()
    except GitError:
        return "", ""
    facts = dict(each.split(" ", 1) for each in said[1:] if " " in each and not each.startswith("\t"))
    if said and said[0].startswith("0" * 40):
        return "", ""
    return facts.get("author", ""), time.strftime("%Y-%m-%d", time.gmtime(int(facts.get("author-time", "0"))))


def _age(since: str) -> str:
    if not since:
        return ""
    began = time.mktime(time.strptime(since, "%Y-%m-%d"))
    return f"{max(0, int((time.time() - began) / _DAY))} days"


def _text(entries: list[Entry]) -> Iterator[str]:
    for e in entries:
        where = f"{e.path}:{e.line}" if e.line else e.path
        facts = [
            e.reason or "NO REASON",
            *([f"until {e.until}"] if e.until else []),
            *([f"{e.author}, {_age(e.since)}"] if e.author else []),
        ]
        yield f"{printable(where)}: {printable(e.rules)}: {printable('; '.join(facts))}"
    yield f"{len(entries)} accepted, {sum(not e.reason for e in entries)} without reason"


def _json(entries: list[Entry]) -> Iterator[str]:
    from json import dumps

    yield dumps([e._asdict() for e in entries], indent=2)


def _markdown(entries: list[Entry]) -> Iterator[str]:
    yield "| rule | where | reason | until | author | since |"
    yield "|---|---|---|---|---|---|"
    for e in entries:
        where = f"{e.path}:{e.line}" if e.line else e.path
        cells = (e.rules, where, e.reason or "**none**", e.until, e.author, e.since)
        yield "| " + " | ".join(printable(cell).replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"
