"""Comments: which belong to an entry, and where they stand in a file of any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .node import Node

_MARKS: Final = ("#", "//", "--", ";", "!", "/*", "*", "<!--", "{{- /*", "{{/*", "{#")


def comments_of(node: Node) -> tuple[str, ...]:
    """The text of the comments that belong to ``node``: the lines directly above its key (or value), and the end of its line.

    Text is without the comment sign and surrounding blanks.
    """
    source = node.source
    start = node.key_start if node.key is not None else node.start
    line, _ = source.position(start)
    above: list[str] = []
    number = line - 1
    while number > 0:
        text = _comment(source.line(number))
        if text is None:
            break
        above.append(text)
        number -= 1
    above.reverse()
    end_line, end_col = source.position(node.end)
    if node.kind != "scalar":
        end_line, end_col = source.position(node.key_end if node.key is not None else node.start)
    tail = _tail(source.line(end_line)[end_col - 1 :])
    return (*above, tail) if tail is not None else tuple(above)


def _comment(line: str) -> str | None:
    stripped = line.strip()
    for mark in _MARKS:
        if stripped.startswith(mark):
            return stripped[len(mark) :].lstrip(mark[0]).strip().removesuffix("*/").removesuffix("-->").strip()
    return None


def _tail(rest: str) -> str | None:
    for sign in (" #", "\t#", " //", "/*", " ;", "<!--"):
        at = rest.find(sign)
        if at >= 0:
            return _comment(rest[at:])
    return None
