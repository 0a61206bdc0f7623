"""Where in the file a scalar's own text stands."""

from __future__ import annotations

from ...records import TYPE_CHECKING

if TYPE_CHECKING:
    from ...parse.node import Node


def scalar_place(node: Node) -> tuple[int, int]:
    """Offsets of a scalar's text without its quotes."""
    node = node.resolved
    start, end = node.start, node.end
    if node.style in ("'", '"') and end - start >= 2 and node.source.text[start] == node.style:
        return start + 1, end - 1
    return start, end
