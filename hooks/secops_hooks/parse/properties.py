"""Java properties to the one tree, as ``java.util.Properties`` reads them, with dotted keys nested.

``spring.datasource.password`` has the same path as in YAML, and ``hosts[0]`` is an item of a sequence, so that one rule
serves both; the key's span is the whole key as written. ``#---`` begins another document (Spring Boot).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from .node import MAX_DEPTH, Document, Node
from .scalar import Reading, grow

if TYPE_CHECKING:
    from ..files.source import Source

_FILLER: Final = re.compile(r"[ \t\f\r\n]*")
_COMMENT: Final = re.compile(r"[#!][^\r\n]*")
_SEPARATOR: Final = re.compile(r"[#!]---[ \t]*(?=[\r\n]|\Z)")
_CONTINUED: Final = r"\\(?:\r\n|\r|\n)[ \t\f]*"
_KEY: Final = re.compile(rf"(?:[^\\=: \t\f\r\n]++|{_CONTINUED}|\\[^\r\n]|\\\Z)*+")
_BETWEEN: Final = re.compile(rf"(?:[ \t\f]|{_CONTINUED})*(?:[=:](?:[ \t\f]|{_CONTINUED})*)?")
_VALUE: Final = re.compile(r"(?:[^\\\r\n]++|\\(?:\r\n|(?s:.))|\\\Z)*+")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|((?:\r\n|\r|\n)[ \t\f]*)|((?s:.))|\Z)")
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_PART: Final = re.compile(r"\[(\d{1,5})\]|([^.\[\]]+)")
_Opened: TypeAlias = dict[tuple[int, int, str, str], Node]  # containers by their parent, their place in it and their kind
_SHAPE: Final = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[\d{1,5}\])*")


def parse(source: Source, template: str) -> Document:
    """The document of Java properties; one root for each part between ``#---`` lines."""
    reading = Reading(source, "properties", template)
    text, at = reading.text, 0
    roots = [reading.root]
    opened: _Opened = {}
    while True:
        at = _end(_FILLER, text, at)
        if at >= len(text):
            break
        comment = _COMMENT.match(text, at)
        if comment is not None:
            if _SEPARATOR.match(text, at):
                roots[-1].end = at
                roots.append(reading.mapping(comment.end(), len(text)))
            at = comment.end()
            continue
        key_end = _end(_KEY, text, at)
        start = _end(_BETWEEN, text, key_end)
        end = _end(_VALUE, text, start)
        node = reading.scalar(start, end, _decoded(reading, text[start:end], start))
        _place(reading, opened, roots[-1], node, at, key_end)
        at = end
    return Document(source, "properties", roots, reading.problems)


def _decoded(reading: Reading, raw: str, start: int) -> str:
    if "\\" not in raw:
        return raw
    for broken in re.finditer(r"(?<!\\)(?:\\\\)*\\u(?![0-9A-Fa-f]{4})", raw):
        reading.problem("\\u without four hexadecimal digits", start + broken.end() - 2, start + broken.end())
    decoded = _ESCAPE.sub(_unescape, raw)
    # two escaped halves make one character, as in Java's own strings
    return re.sub("[\ud800-\udbff][\udc00-\udfff]", _joined, decoded)


def _unescape(m: re.Match[str]) -> str:
    if m[1]:
        return chr(int(m[1], 16))
    return "" if m[2] or not m[3] else _ESCAPES.get(m[3], m[3])


def _joined(m: re.Match[str]) -> str:
    high, low = ord(m[0][0]), ord(m[0][1])
    return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def _place(reading: Reading, opened: _Opened, root: Node, node: Node, start: int, end: int) -> None:
    """Enter ``node`` under its dotted key: ``a.b[0].c`` goes through mapping ``a`` and sequence ``b``."""
    key = _decoded(reading, reading.source.text[start:end], start)
    steps = [(int(m[1]) if m[1] else -1, m[2] or "") for m in _PART.finditer(key)] if _SHAPE.fullmatch(key) else [(-1, key)]
    if len(steps) > MAX_DEPTH:
        steps = [(-1, key)]
    parent = root
    for at, (number, name) in enumerate(steps):
        kind = None if at + 1 == len(steps) else "mapping" if steps[at + 1][0] < 0 else "sequence"
        if kind is None:
            child = node
        else:
            place = (id(parent), number, name, kind)
            if place in opened:
                parent = opened[place]
                continue
            child = opened[place] = Node("mapping" if kind == "mapping" else "sequence", reading.source, start, node.end)
        if parent.kind == "mapping":
            parent.add(child, name, start, end)
        else:
            parent.add(child)
            child.key_start, child.key_end = start, end
        parent = child
    grow(node, root)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    m = pattern.match(text, at)
    return at if m is None else m.end()
