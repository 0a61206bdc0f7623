"""Words of a line of directives: quotes, escapes and comments as the tool at hand has them, each word with its exact place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .node import Node

if TYPE_CHECKING:
    from .scalar import Reading


class Word(NamedTuple):
    """``text`` decoded; ``start`` and ``end`` include the quotes; ``style`` is the quote."""

    start: int
    end: int
    text: str
    style: str


@lru_cache(maxsize=16)
def _pattern(quotes: str) -> re.Pattern[str]:
    quoted = "|".join(rf"{q}(?:[^{q}\\]|\\(?s:.))*+{q}" for q in quotes)
    first = re.escape(quotes)
    plain = rf"(?:[^\s{first}\\]|\\(?s:.)|\\\Z)(?:(?<==)\"[^\"\r\n]*+\"|[^\s\\]|\\(?s:.)|\\\Z)*+"
    return re.compile(f"{quoted}|{plain}|[{first}][^\\s]*" if quotes else r"\S+")


def words(text: str, start: int, end: int, quotes: str = "\"'", comment: str = "#") -> list[Word]:
    """The words of ``text[start:end]`` up to a word that begins with a ``comment`` sign."""
    pattern = _pattern(quotes)
    found: list[Word] = []
    at = start
    while at < end:
        if text[at].isspace() or (text[at] == "\\" and text[at + 1 : at + 2] in ("\r", "\n")):
            at += 1
            continue
        if comment and text[at] in comment:
            break
        m = pattern.match(text, at, end)
        if m is None:
            break
        raw = m[0]
        quoted = len(raw) >= 2 and raw[0] == raw[-1] and raw[0] in quotes
        inner = raw[1:-1] if quoted else raw
        if "\\" in inner and quotes:
            inner = re.sub(r"\\\r?\n[ \t]*", "", inner)
            inner = re.sub(r"\\([\\\"' #])", r"\1", inner)
        found.append(Word(at, m.end(), inner, raw[0] if quoted else ""))
        at = m.end()
    return found


def enter(reading: Reading, parent: Node, name: Word, arguments: list[Word], key: str = "") -> Node:
    """The directive ``name`` with its arguments: a scalar for one, a sequence for more, an empty scalar for none."""
    return parent.add(value(reading, arguments, name.end), key or name.text, name.start, name.end)


def value(reading: Reading, arguments: list[Word], at: int) -> Node:
    """What stands behind a directive's name, which ends at ``at``."""
    if not arguments:
        return Node("scalar", reading.source, at, at)
    if len(arguments) == 1:
        return _scalar(reading, arguments[0])
    return listed(reading, arguments, at)


def listed(reading: Reading, arguments: list[Word], at: int) -> Node:
    """A sequence of ``arguments``, which may be none."""
    node = Node("sequence", reading.source, arguments[0].start if arguments else at, arguments[-1].end if arguments else at)
    for word in arguments:
        node.add(_scalar(reading, word))
    return node


def block(reading: Reading, parent: Node, name: Word, arguments: list[Word], start: int, key: str = "") -> Node:
    """An open block whose body begins at ``start``: a mapping with its arguments under ``@args``."""
    node = parent.add(reading.mapping(start, start), key or name.text, name.start, name.end)
    if arguments:
        node.add(listed(reading, arguments, name.end), "@args", arguments[0].start, arguments[0].start)
    return node


def _scalar(reading: Reading, word: Word) -> Node:
    return reading.scalar(word.start, word.end, word.text, word.style)
