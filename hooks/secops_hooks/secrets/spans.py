"""Stretches of a text that are spoken for: none overlaps another, and whether one does is asked in logarithmic time."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator


class Spans:
    """A growing set of disjoint spans (start, end), ends exclusive."""

    __slots__ = ("_spans",)

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a span of the set shares a character with ``start`` … ``end``."""
        at = bisect_right(self._spans, (end, -1))
        return at > 0 and self._spans[at - 1][1] > start and self._spans[at - 1][0] < end

    def add(self, start: int, end: int) -> bool:
        """Take a span; false, and nothing taken, when another has a part of it."""
        if self.overlaps(start, end):
            return False
        insort(self._spans, (start, end))
        return True

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._spans)
