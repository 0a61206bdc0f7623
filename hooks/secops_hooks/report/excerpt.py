"""The source line of a finding with a mark under the exact span, cut to the width there is."""

from __future__ import annotations

from collections.abc import Sequence

from ..finding import Span
from ..records import TYPE_CHECKING, NamedTuple
from .terminal import cells, columns_of

if TYPE_CHECKING:
    from typing import Final

_CONTEXT: Final = 0.4  # share of the width that may be spent on what stands before the span
_MOST: Final = 4000  # characters of a line that are looked at on either side of the span


class Excerpt(NamedTuple):
    """A line in three parts around the span, and the columns before the span and in it."""

    before: str
    inside: str
    after: str
    indent: int
    length: int


def excerpt(line: str, span: Span, width: int, encoding: str) -> Excerpt:
    """``line`` (the first of ``span``) as it fits into ``width`` columns: always with the beginning of the span."""
    start = min(max(0, span.col - 1), len(line))
    end = max(start, min(len(line), span.end_col - 1)) if span.end_line <= span.line else len(line)
    low = max(0, start - _MOST)
    blank = len(line) - len(line.lstrip(" \t"))
    low = max(low, min(start, blank))
    dots = cells("…", encoding)[0] if encoding.lower().replace("-", "").startswith("utf") else "..."
    before, inside, after = (
        cells(part, encoding) for part in (line[low:start], line[start : min(end, start + _MOST)], line[end : end + _MOST])
    )
    room = max(8, width)
    share = int(room * _CONTEXT)
    beside = max(share, room - _columns(inside) - min(_columns(after), share) - columns_of(dots))
    head = _from_right(before, beside)
    left = "".join(head) if len(head) == len(before) and low <= blank else dots + "".join(head)
    used = columns_of(left)
    body = _from_left(inside, room - used)
    cut = len(body) < len(inside)
    if cut:
        body = _from_left(inside, room - used - columns_of(dots))
        return Excerpt(left, "".join(body) + dots, "", used, max(1, _columns(body)))
    used += _columns(body)
    tail = _from_left(after, room - used)
    if len(tail) < len(after) or end + _MOST < len(line):
        tail = [*_from_left(after, max(0, room - used - columns_of(dots))), dots]
    return Excerpt(left, "".join(body), "".join(tail), columns_of(left), max(1, _columns(body)))


def _columns(parts: Sequence[str]) -> int:
    return sum(columns_of(part) for part in parts)


def _from_left(parts: Sequence[str], room: int) -> list[str]:
    """As many of ``parts`` from the left as fit into ``room`` columns."""
    out: list[str] = []
    for part in parts:
        room -= columns_of(part)
        if room < 0:
            break
        out.append(part)
    return out


def _from_right(parts: Sequence[str], room: int) -> list[str]:
    return _from_left(list(parts)[::-1], room)[::-1]
