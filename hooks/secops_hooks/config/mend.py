"""Mends of config findings: from a rule's ``Mend`` and the found node to exact edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Edit, Fix
from .match import Mend, Remove, Replace

if TYPE_CHECKING:
    from ..parse.node import Node


def fix_of(mend: Mend, node: Node) -> Fix | None:
    """The edits that carry out ``mend`` at ``node``; ``None`` where they cannot be done exactly (aliases, blocks)."""
    if node.target is not None:
        return None
    if isinstance(mend, Replace):
        if node.kind != "scalar" or node.style in ("|", ">"):
            return None
        quote = node.raw[:1] if node.style in ("'", '"') and node.raw[:1] == node.style else ""
        return Fix((Edit(node.start, node.end, quote + mend.text + quote),), mend.safe)
    return _removal(mend, node)


def _removal(mend: Remove, node: Node) -> Fix | None:
    """Takes out the lines of an entry that has them for itself and is not alone in its block."""
    parent = node.parent
    if parent is None or len(parent.children) < 2:
        return None
    source = node.source
    text = source.text
    begin = node.key_start if node.key is not None else node.start
    first = source.position(begin)[0]
    start = source.line_starts[first - 1]
    last = source.position(max(node.end - 1, begin))[0]
    end = source.line_starts[last] if last < len(source.line_starts) else len(text)
    before, after = text[start:begin], text[node.end : end]
    if before.strip(" \t").strip("-").strip() or before.strip() or (after.strip() and not after.lstrip().startswith("#")):
        return None
    return Fix((Edit(start, end, ""),), mend.safe)
