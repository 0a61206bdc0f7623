"""A lock file against its state in the parent commit: hashes that changed under a version, origins, integrity taken out, new
install scripts, versions that went back. A released version never changes its content, so these are errors or attacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..entries import READERS, Entry, entries, host
from ..reference import Collected, Mark
from ..version import is_older

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse import File

_MAX_MARKS: Final = 20
_STRENGTH: Final = ("md5", "sha1", "sha256", "sha384", "sha512")


def collect(file: File, tree: Tree) -> Collected:
    """Marks on the entries of a lock that changed in a way that honest updates do not."""
    from ...files.tree import Unreadable

    kind = next((each for each in READERS if each in file.type.kinds), "")
    parent = tree.parent() if kind else None
    try:
        old = parent.find(file.path) if parent is not None else None
    except Unreadable:
        return
    if old is None or old.data == file.source.data:
        return
    before, now = entries(kind, old.text), entries(kind, file.source.text)
    marks = _compare(before, now, file.source)
    for _, mark in zip(range(_MAX_MARKS), marks, strict=False):
        yield mark


def _compare(before: dict[tuple[str, str], Entry], now: dict[tuple[str, str], Entry], source: Source) -> Iterator[Mark]:
    changed = [entry for key, entry in now.items() if before.get(key) != entry]
    if not changed:
        return
    versions, current = _versions(before), _versions(now)
    hosts = {found for entry in before.values() if (found := host(entry.url))}
    scripts = {entry.name for entry in before.values() if entry.scripts}
    for entry in changed:
        was = before.get((entry.name, entry.version))
        shown = f"{entry.name} {entry.version}"
        if was is not None:
            yield from _same_version(was, entry, source)
        elif entry.name in versions:
            yield from _other_version(entry, versions[entry.name], current[entry.name], source)
        if entry.scripts and entry.name not in scripts and entry.name in versions:
            yield _mark(
                "lock-new-install-script", entry, source, f"{shown} runs a script on installation, which the locked version did not"
            )
        if was is None and hosts and host(entry.url) and host(entry.url) not in hosts:
            yield _elsewhere(entry, source, f"{shown} is fetched from {host(entry.url)}, where nothing came from before")


def _versions(entries: dict[tuple[str, str], Entry]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in entries:
        found.setdefault(name, set()).add(version)
    return found


def _same_version(was: Entry, entry: Entry, source: Source) -> Iterator[Mark]:
    shown = f"{entry.name} {entry.version}"
    if was.hashes and not entry.hashes:
        yield _mark(
            "lock-integrity-removed", entry, source, f"{shown} had a hash and has none now, so anything may be installed in its place"
        )
    elif was.hashes and not was.hashes & entry.hashes:
        kinds, before = _kinds(entry), _kinds(was)
        if kinds & before:
            yield _at("lock-hash-changed", entry, source, min(entry.hashes), f"{shown} is the same version with other content than before")
        elif _strength(kinds) < _strength(before):
            yield _at("lock-integrity-removed", entry, source, min(entry.hashes), f"{shown} has a weaker hash than before")
    if host(was.url) and host(entry.url) and host(was.url) != host(entry.url):
        yield _elsewhere(entry, source, f"{shown} came from {host(was.url)} and now comes from {host(entry.url)}")


def _kinds(entry: Entry) -> set[str]:
    """How an entry's hashes were made: only hashes of one kind can be compared."""
    return {m[0] if (m := re.match(r"sha\d+|md5|h1|yarn[^:]*", each)) is not None else str(len(each)) for each in entry.hashes}


def _strength(kinds: set[str]) -> int:
    return max((_STRENGTH.index(kind) for kind in kinds if kind in _STRENGTH), default=-1)


def _other_version(entry: Entry, before: set[str], now: set[str], source: Source) -> Iterator[Mark]:
    """A version that is older than everything that was locked under this name, and none of those is left."""
    if not before & now and len(now) == 1 and all(is_older(entry.version, each) for each in before):
        yield _mark("lock-downgrade", entry, source, f"{entry.name} goes back from {max(before)} to {entry.version}")


def _mark(rule: str, entry: Entry, source: Source, message: str) -> Mark:
    start = max(source.text.find(entry.anchor), 0)
    end = start + len(entry.anchor.partition("\n")[0])
    return Mark(rule, source, start, end, message, subject=f"{entry.name}@{entry.version}")


def _elsewhere(entry: Entry, source: Source, message: str) -> Mark:
    """A mark on the host; settings may allow it by name, so that is the subject."""
    return _at("lock-new-host", entry, source, host(entry.url), message)._replace(subject=host(entry.url))


def _at(rule: str, entry: Entry, source: Source, what: str, message: str) -> Mark:
    """A mark on ``what`` inside the entry, or on the entry's beginning."""
    begin = max(source.text.find(entry.anchor), 0)
    start = source.text.find(what, begin)
    if start < 0 and ":" in what:
        what = what.partition(":")[2]
        start = source.text.find(what, begin)
    if start < 0:
        return _mark(rule, entry, source, message)
    return Mark(rule, source, start, start + len(what), message, subject=f"{entry.name}@{entry.version}")
