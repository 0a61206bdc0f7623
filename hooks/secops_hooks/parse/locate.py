"""From a decoded value back to the file: where the n-th character of a scalar's text stands in the source.

A scalar's ``text`` is what the application sees: escapes decoded, lines folded, continuation joined. :class:`Located`
keeps that text beside the places it came from, so that a finding inside it has an exact span.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..files.source import Source
    from ..finding import Span
    from .node import Node

Segments: TypeAlias = tuple[tuple[int, int], ...]
_QUOTING: Final = "\\'\""
_QUOTES: Final = ('"""', "'''", '"', "'")
_NEAR: Final = 64  # how far the next character is looked for, and
_NEAR_LINE: Final = 4096  # the next line: what was written is rarely much longer than what it means


class Located:
    """Decoded ``text`` and where it comes from.

    ``segments`` are (index in ``text``, offset in ``source.text``) pairs in ascending order: from each pair on, characters
    run one to one until the next pair. An escape is a segment of one character. A last pair at ``len(text)`` tells where
    the value ends.
    """

    __slots__ = ("_at", "segments", "source", "text")

    def __init__(self, source: Source, text: str, segments: Iterable[tuple[int, int]]) -> None:
        self.source = source
        self.text = text
        self.segments: Segments = tuple(segments) or ((0, 0),)
        self._at = [index for index, _ in self.segments]

    def offset(self, i: int) -> int:
        """The source offset at which character ``i`` of ``text`` begins."""
        index, start = self.segments[max(0, bisect_right(self._at, i) - 1)]
        return start + i - index

    def end(self, j: int) -> int:
        """The source offset behind character ``j - 1`` of ``text``: the end of a match that ends at ``j``."""
        if j <= 0:
            return self.offset(0)
        segment = max(0, bisect_right(self._at, j - 1) - 1)
        index, start = self.segments[segment]
        offset = start + j - 1 - index
        if segment + 1 < len(self.segments):
            next_index, next_start = self.segments[segment + 1]
            if next_index == j:
                written = self.source.text[offset : offset + 1]
                if next_start <= offset or written != self.text[j - 1] or (written in _QUOTING and next_index == index + 1):
                    return max(next_start, offset)  # an escape or a folded line: up to where the next one begins
        return offset + 1

    def slice(self, i: int, j: int) -> Located:
        """``text[i:j]`` with its places."""
        inner = self.segments[bisect_right(self._at, i) : bisect_right(self._at, j - 1)] if j > i else ()
        last = self.end(j) if j > i else self.offset(i)
        return Located(self.source, self.text[i:j], ((0, self.offset(i)), *((at - i, to) for at, to in inner), (j - i, last)))

    def span(self, i: int, j: int) -> Span:
        """The span of ``text[i:j]`` in the file."""
        start = self.offset(i)
        return self.source.span(start, self.end(j) if j > i else start)


def located(node: Node) -> Located:
    """The text of a scalar (of an alias: of what it stands for) with the places of its characters.

    The way the scalar was written (``node.style``) is decoded again with positions; the result stands only if it gives
    exactly ``node.text``. Where no known way does, each line is looked for in what was written.
    """
    node = node.resolved
    raw, text = node.raw, node.text
    if raw == text:
        return Located(node.source, text, ((0, node.start), (len(text), node.end)))
    for quote in _QUOTES:
        width = len(quote)
        if raw.startswith(quote) and raw.endswith(quote) and raw[width:-width] == text and len(raw) >= 2 * width:
            return Located(node.source, text, ((0, node.start + width), (len(text), node.end - width)))
    from .unescape import ways

    for way in ways(node.style):
        segments = way(raw, text)
        if segments is not None:
            return Located(node.source, text, [(index, node.start + offset) for index, offset in segments])
    return Located(node.source, text, _found(raw, text, node.start))


def _found(raw: str, text: str, start: int) -> list[tuple[int, int]]:
    """Each line of ``text`` where it next occurs in ``raw``, or else each of its characters."""
    segments: list[tuple[int, int]] = []
    at = index = 0
    for line in text.splitlines(keepends=True):
        wanted = line.rstrip("\r\n")
        found = raw.find(wanted, at, at + len(wanted) + _NEAR_LINE)
        if found >= 0:
            segments.append((index, start + found))
            at = found + len(wanted)
        else:
            for number, char in enumerate(line):
                found = raw.find(char, at, at + _NEAR)
                at = found if found >= 0 else at
                segments.append((index + number, start + at))
                at = min(at + (found >= 0), len(raw))
        index += len(line)
    segments.append((len(text), start + len(raw)))
    return segments
