"""A commit as the base branch sees it: suppressions that the change brought, and policy files that it edited, do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from ..files.source import Source
from ..files.tree import GitTree, Tree, Unreadable
from ..policy.foreign import foreign_markers
from ..policy.suppress import VOID, Marker, own_markers


class JudgedTree(GitTree):
    """The tree of commit ``rev``, judged by ``base``. ``old`` gives the former names of files; ``fixed`` are paths read from ``base``."""

    def __init__(self, root: str, rev: str, max_file: int, base: Tree, old: Mapping[str, str], fixed: Collection[str]) -> None:
        super().__init__(root, rev, max_file)
        self._base = base
        self._old = old
        self._fixed = fixed

    def read(self, path: str) -> bytes:
        return self._base.read(path) if path in self._fixed else super().read(path)

    def exists(self, path: str) -> bool:
        return self._base.exists(path) if path in self._fixed else super().exists(path)

    def source(self, path: str) -> Source:
        source = super().source(path)
        if VOID not in source.memo:
            source.memo[VOID] = frozenset(each.span for each in new_markers(source, before(self._base, self._old.get(path, path))))
        return source


def before(base: Tree, path: str) -> Source | None:
    """The file as it is in ``base``; ``None`` where it is not there or cannot be read."""
    try:
        return base.find(path)
    except Unreadable:
        return None


def new_markers(source: Source, old: Source | None) -> list[Marker]:
    """The suppressions of ``source`` that ``old`` does not have: neither that text, nor that text for the same code."""
    mine = list(_markers(source))
    if not mine:
        return []
    left = Counter(_identity(old, each) for each in _markers(old)) if old is not None else Counter()
    fresh = []
    for each in mine:
        who = _identity(source, each)
        if left[who] > 0:
            left[who] -= 1
        else:
            fresh.append(each)
    return fresh


def _markers(source: Source) -> Iterable[Marker]:
    yield from own_markers(source)
    yield from foreign_markers(source)


def _identity(source: Source, marker: Marker) -> tuple[str, ...]:
    """What a marker says and the first line of code that it holds for: one that is moved to other code is another one."""
    starts = source.line_starts
    said = source.text[starts[marker.span.line - 1] + marker.span.col - 1 : starts[marker.span.end_line - 1] + marker.span.end_col - 1]
    if marker.first > marker.last or marker.last - marker.first + 1 >= len(starts) > 1:
        return (marker.tool, said.strip(), "")  # for nothing, or for the whole file
    for number in range(marker.first, marker.last + 1):
        text = source.line(number).strip()
        if text and (number != marker.span.line or marker.first == marker.last):
            return (marker.tool, said.strip(), text)
    return (marker.tool, said.strip(), "")
