"""Mends of config findings: from a rule's ``Mend`` and the found node to exact edits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..finding import Edit, Fix
from ..records import TYPE_CHECKING
from .match import Flip, Mend, Remove, Replace, Rewrite

if TYPE_CHECKING:
    from typing import Final

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
    return _flow_removal(mend, node) if _is_in_flow(node) else _removal(mend, node)


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


def _is_in_flow(node: Node) -> bool:
    """Whether ``node`` stands in ``[a, b]`` or ``{a: b}``: between commas, or alone under a quoted key. Blocks of nginx or HCL
    are in braces, too, but their entries have lines of their own."""
    text, parent = node.source.text, node.parent
    if parent is None or parent.raw[:1] not in ("[", "{"):
        return False
    if node.key is None or re.compile(r"\s*,").match(text, node.end, parent.end):
        return node.key is not None or parent.kind == "sequence"
    if len(parent.children) > 1:
        return re.compile(r",\s*[\"']?\Z").search(text, parent.start, node.key_start) is not None
    return text[node.key_start : node.key_start + 1] in ("'", '"') or text[node.key_start - 1 : node.key_start] in ("'", '"')


def _flow_removal(mend: Remove, node: Node) -> Fix | None:
    """Takes an entry out of ``[a, b]`` or ``{a: b}``, with the comma behind it, or before it when it is the last; with its line
    where it has one for itself."""
    text, parent = node.source.text, node.parent
    if parent is None:
        return None
    start = node.key_start if node.key is not None else node.start
    if text[start - 1 : start] in ("'", '"') and node.key is not None and text[node.key_end : node.key_end + 1] == text[start - 1]:
        start -= 1
    behind = re.compile(r"\s*,[ \t]*").match(text, node.end, parent.end)
    if behind is None:
        before = re.compile(r"\s*,\s*\Z").search(text, parent.start, start)
        return Fix((Edit(before.start() if before else start, node.end, ""),), mend.safe)
    end = behind.end()
    line = node.source.line_starts[node.source.position(start)[0] - 1]
    if not text[line:start].strip() and text[end : end + 1] in ("\n", "\r"):
        return Fix((Edit(line, end + (2 if text.startswith("\r\n", end) else 1), ""),), mend.safe)
    if text[end : end + 1] in ("\n", "\r"):  # the next one stands on a line of its own
        end = re.compile(r"\s*").match(text, end).end()  # type: ignore[union-attr]
    return Fix((Edit(start, end, ""),), mend.safe)


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
    before, after = text[start:begin], text[node.end : end].strip().removeprefix(";").strip()
    if before.strip() or (after and not after.startswith("#")):
        return None
    return Fix((Edit(start, end, ""),), mend.safe)
