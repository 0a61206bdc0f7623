"""Mends of config findings: from a rule's ``Mend`` and the found node to exact edits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..finding import Edit, Fix
from .match import Flip, Mend, Remove, Replace, Rewrite

if TYPE_CHECKING:
    from ..parse.node import Node
    from ..parse.shell_ast import Word


def fix_of(mend: Mend, node: Node) -> Fix | None:
    """The edits that carry out ``mend`` at ``node``; ``None`` where they cannot be done exactly (aliases, blocks)."""
    if node.target is not None:
        return None
    if isinstance(mend, Replace):
        if node.kind != "scalar" or node.style in ("|", ">"):
            return None
        quote = node.raw[:1] if node.style in ("'", '"') and node.raw[:1] == node.style else ""
        return Fix((Edit(node.start, node.end, quote + mend.text + quote),), mend.safe)
    if isinstance(mend, Rewrite):
        return _rewriting(mend, node)
    if isinstance(mend, Flip):
        return _flipping(mend, node)
    if node.key is None and node.parent is not None and node.parent.kind == "sequence" and node.parent.raw[:1] == "[":
        return _flow_removal(mend, node)
    return _removal(mend, node)


_OPPOSITES: Final = {"true": "false", "yes": "no", "on": "off", "1": "0", "enabled": "disabled", "y": "n", "t": "f"}


def _flipping(mend: Flip, node: Node) -> Fix | None:
    raw = node.raw
    word = raw.strip("\"'")
    low = word.lower()
    other = _OPPOSITES.get(low) or next((true for true, false in _OPPOSITES.items() if false == low), "")
    if node.kind != "scalar" or not other:
        return None
    spelled = other.upper() if word.isupper() and len(word) > 1 else other.capitalize() if word[:1].isupper() else other
    return Fix((Edit(node.start, node.end, raw.replace(word, spelled)),), mend.safe)


def _rewriting(mend: Rewrite, node: Node) -> Fix | None:
    raw = node.raw
    if node.kind != "scalar" or node.style in ("|", ">"):
        return None
    changed = re.sub(mend.pattern, mend.replacement, raw)
    return Fix((Edit(node.start, node.end, changed),), mend.safe) if changed != raw else None


def _flow_removal(mend: Remove, node: Node) -> Fix | None:
    """Takes an item out of ``[a, b]``, with the comma behind it, or before it when it is the last."""
    text, parent = node.source.text, node.parent
    if parent is None:
        return None
    behind = re.compile(r"\s*,\s*").match(text, node.end, parent.end)
    if behind:
        return Fix((Edit(node.start, behind.end(), ""),), mend.safe)
    before = re.compile(r"\s*,\s*\Z").search(text, parent.start, node.start)
    return Fix((Edit(before.start() if before else node.start, node.end, ""),), mend.safe)


def without_option(words: Sequence[Word], at: int, letter: str, with_value: bool) -> Fix | None:
    """Takes option ``words[at]`` out of a command, with the next word if that is its value; of a cluster only ``letter``."""
    word = words[at]
    text = word.where.source.text
    if letter and len(word.raw) > 2:
        inside = word.raw.find(letter, 1)
        if inside < 0 or text[word.start : word.end] != word.raw:
            return None
        return Fix((Edit(word.start + inside, word.start + inside + 1, ""),), safe=False)
    last = words[at + 1] if with_value and "=" not in word.raw and at + 1 < len(words) else word
    end = last.end
    behind = re.compile(r"[ \t]+(?=[^ \t\\\r\n])").match(text, end)
    if behind:
        return Fix((Edit(word.start, behind.end(), ""),), safe=False)
    before = re.compile(r"[ \t]+\Z").search(text, max(0, word.start - 80), word.start)
    return Fix((Edit(before.start() if before else word.start, end, ""),), safe=False)


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
