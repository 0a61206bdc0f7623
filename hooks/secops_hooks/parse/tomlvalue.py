"""How TOML writes keys and values: strings, numbers, dates, arrays and inline tables, each to a node.

What a key means, and which tables it opens, stands in ``toml.py``. Nothing recurses, so that depth costs no stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from .node import MAX_DEPTH, Node, Value

if TYPE_CHECKING:
    from ..files.source import Source
    from .scalar import Template

_Key: TypeAlias = tuple[str, int, int]
_BLANKS = re.compile(r"[ \t]*")
_FILLER = re.compile(r"(?:[ \t\n]|\r\n|#[^\x00-\x08\x0a-\x1f\x7f]*(?=\r?\n|\Z))*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'[^"\\\x00-\x08\x0a-\x1f\x7f]*')
_LITERAL = re.compile(r"[^'\x00-\x08\x0a-\x1f\x7f]*")
_LONG_BASIC = re.compile(r'(?:[^"\\\x00-\x08\x0b-\x1f\x7f]|\r\n|"(?!""))*')
_LONG_LITERAL = re.compile(r"(?:[^'\x00-\x08\x0b-\x1f\x7f]|\r\n|'(?!''))*")
_FOLD = re.compile(r"[ \t]*\r?\n(?:[ \t\n]|\r\n)*")
_PAIR = re.compile(r'([A-Za-z0-9_-]+)[ \t]*=[ \t]*"([^"\\\x00-\x08\x0a-\x1f\x7f$@%{<\ue000-\ue003]*)"[ \t]*([,}])[ \t]*')
_NUMBER = re.compile(
    r"0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|0b[01](?:_?[01])*|0o[0-7](?:_?[0-7])*"
    r"|[+-]?(?:0|[1-9](?:_?[0-9])*)(?P<float>(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)"
)
_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?P<{0}>:[0-5][0-9](?:\.[0-9]+)?)?"
_DATE = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
    rf"(?:[Tt ]{_TIME.format('seconds')}(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?)?"
)
_CLOCK = re.compile(_TIME.format("seconds"))
_WORDS: Final[dict[str, Value]] = {"true": True, "false": False}
_FLOATS: Final = tuple(f"{sign}{word}" for sign in ("", "+", "-") for word in ("inf", "nan"))
_ESCAPES: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_LONGEST_NUMBER: Final = 400


class Malformed(Exception):
    """The text breaks the grammar at offset ``at``."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.at = at


class _Open:
    """A container that is not closed yet; ``names`` of an inline table tells nested tables from plain values."""

    __slots__ = ("keys", "names", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.names: _Names = {}
        self.keys: list[_Key] = []


class _Inner:
    """A table that dotted keys opened inside an inline table."""

    __slots__ = ("names", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.names: _Names = {}


_Names: TypeAlias = "dict[str, _Inner | None]"


class Values:
    """Reads keys and values of one source; every method takes an offset and gives the offset behind what it read."""

    def __init__(self, source: Source, template: Template, newer: bool) -> None:
        self.source = source
        self.text = template.text
        self.template = template
        self.newer = newer
        self.doubles: list[_Key] = []  # keys that stand twice in an inline table: all are kept

    def blanks(self, at: int) -> int:
        """Behind the blanks at ``at``."""
        m = _BLANKS.match(self.text, at)
        return m.end() if m else at

    def filler(self, at: int) -> int:
        """Behind blanks, line ends and comments at ``at``."""
        m = _FILLER.match(self.text, at)
        return m.end() if m else at

    def key(self, at: int) -> tuple[list[_Key], int]:
        """The parts of a dotted key with their spans, and where the text goes on behind blanks."""
        keys: list[_Key] = []
        text = self.text
        while True:
            m = _BARE.match(text, at)
            expression = self.template.run(at)
            if m is not None:
                keys.append((m[0], at, m.end()))
                at = m.end()
            elif expression > at:
                keys.append((self.source.text[at:expression], at, expression))
                at = expression
            elif text.startswith(('"', "'"), at):
                name, end = self._basic(at) if text[at] == '"' else self._literal(at)
                keys.append((name, at, end))
                at = end
            else:
                raise Malformed("a key was expected here", at)
            at = self.blanks(at)
            if not text.startswith(".", at):
                return keys, at
            if len(keys) >= MAX_DEPTH:
                raise Malformed(f"a key of more than {MAX_DEPTH} parts", at)
            at = self.blanks(at + 1)

    def value(self, at: int) -> tuple[Node, int]:
        """The value at ``at``; raises :class:`Malformed`."""
        text, source = self.text, self.source
        stack: list[_Open] = []
        while True:
            sign = text[at : at + 1]
            if sign in ("[", "{") and sign:
                if len(stack) >= MAX_DEPTH:
                    raise Malformed(f"nested deeper than {MAX_DEPTH} levels", at)
                stack.append(_Open(Node("sequence" if sign == "[" else "mapping", source, at, at + 1)))
                node, at = self._first(stack, at + 1)
            else:
                node, at = self._scalar(at)
            while node is not None:  # a whole value was read: it goes into what is open
                if not stack:
                    return node, at
                self._put(stack[-1], node)
                node, at = self._next(stack, at)

    # -- containers: each gives the closed container's node, or None and where its next value begins

    def _first(self, stack: list[_Open], at: int) -> tuple[Node | None, int]:
        if stack[-1].node.kind == "sequence":
            at = self.filler(at)
            return self._closed(stack, at) if self.text.startswith("]", at) else (None, at)
        at = self._table_blanks(at)
        return self._closed(stack, at) if self.text.startswith("}", at) else self._pairs(stack, at)

    def _next(self, stack: list[_Open], at: int) -> tuple[Node | None, int]:
        text = self.text
        if stack[-1].node.kind == "sequence":
            at = self.filler(at)
            comma = text.startswith(",", at)
            if comma:
                at = self.filler(at + 1)
            if text.startswith("]", at):
                return self._closed(stack, at)
            if not comma:
                raise Malformed("an array lacks a comma or its ]", at)
            return None, at
        at = self._table_blanks(at)
        if text.startswith("}", at):
            return self._closed(stack, at)
        if not text.startswith(",", at):
            raise Malformed("an inline table lacks a comma or its }", at)
        at = self._table_blanks(at + 1)
        if self.newer and text.startswith("}", at):
            return self._closed(stack, at)
        return self._pairs(stack, at)

    def _table_blanks(self, at: int) -> int:
        return self.filler(at) if self.newer else self.blanks(at)

    def _closed(self, stack: list[_Open], at: int) -> tuple[Node, int]:
        node = stack.pop().node
        node.end = at + 1
        return node, at + 1

    def _pairs(self, stack: list[_Open], at: int) -> tuple[Node | None, int]:
        """Entries of an inline table up to the first whose value is not plain text, whose key is kept for it."""
        top = stack[-1]
        node, names, text, source = top.node, top.names, self.text, self.source
        m = _PAIR.match(text, at)
        while m is not None:
            name, value, sign = m.groups()
            if name in names:
                self.doubles.append((name, at, m.end(1)))
            names[name] = None
            start, end = m.span(2)
            node.add(Node("scalar", source, start - 1, end + 1, value=value, text=value, style='"'), name, at, m.end(1))
            if sign == "}":
                return self._closed(stack, m.end(3) - 1)
            at = m.end()
            m = _PAIR.match(text, at)
        at = self._table_blanks(at)
        if node.children and self.newer and text.startswith("}", at):
            return self._closed(stack, at)
        top.keys, at = self.key(at)
        if not text.startswith("=", at):
            raise Malformed("= was expected after the key", at)
        return None, self.blanks(at + 1)

    def _put(self, top: _Open, node: Node) -> None:
        if top.node.kind == "sequence":
            top.node.add(node)
            return
        names, parent = top.names, top.node
        for name, start, end in top.keys[:-1]:
            inner = names.get(name)
            if inner is None:
                if name in names:
                    self.doubles.append((name, start, end))
                inner = names[name] = _Inner(Node("mapping", self.source, start, end))
                parent.add(inner.node, name, start, end)
            inner.node.end = node.end
            names, parent = inner.names, inner.node
        name, start, end = top.keys[-1]
        if name in names:
            self.doubles.append((name, start, end))
        names[name] = None
        parent.add(node, name, start, end)

    # -- scalars

    def _scalar(self, at: int) -> tuple[Node, int]:
        text = self.text
        quote = text[at : at + 1]
        if quote and quote in "\"'":
            if text.startswith(quote * 3, at):
                style, (value, end) = quote * 3, (self._long_basic(at) if quote == '"' else self._long_literal(at))
            else:
                style, (value, end) = quote, (self._basic(at) if quote == '"' else self._literal(at))
            return self.template.scalar(at, end, value, "toml", style), end
        expression = self.template.run(at)
        if expression > at:
            return self.template.scalar(at, expression, text[at:expression], "toml"), expression
        typed, end = self._typed(at)
        return Node("scalar", self.source, at, end, value=typed, text=text[at:end]), end

    def _typed(self, at: int) -> tuple[Value, int]:
        text = self.text
        for word in ("true", "false"):
            if text.startswith(word, at):
                return _WORDS[word], at + len(word)
        m = _DATE.match(text, at)
        if m is not None:
            if int(m["day"]) > _days(int(m["year"]), int(m["month"])):
                raise Malformed("there is no such day", at)
            self._seconds(m)
            return m[0], m.end()
        m = _CLOCK.match(text, at)
        if m is not None:
            self._seconds(m)
            return m[0], m.end()
        m = _NUMBER.match(text, at)
        if m is not None:
            return _number(m), m.end()
        for word in _FLOATS:
            if text.startswith(word, at):
                return float(word), at + len(word)
        raise Malformed("a value was expected here", at)

    def _seconds(self, m: re.Match[str]) -> None:
        timed = m.re is _CLOCK or m.end() > m.start() + 10
        if timed and m["seconds"] is None and not self.newer:
            raise Malformed("a time without seconds", m.start())

    def _basic(self, at: int) -> tuple[str, int]:
        """A string in double quotes on one line."""
        text = self.text
        parts: list[str] = []
        here = at + 1
        while True:
            m = _BASIC.match(text, here)
            end = m.end() if m else here
            if text.startswith('"', end):
                parts.append(text[here:end])
                return "".join(parts), end + 1
            if not text.startswith("\\", end):
                raise Malformed("a string is not closed, or holds a control character", end)
            parts.append(text[here:end])
            char, here = self._escape(end)
            parts.append(char)

    def _literal(self, at: int) -> tuple[str, int]:
        m = _LITERAL.match(self.text, at + 1)
        end = m.end() if m else at + 1
        if not self.text.startswith("'", end):
            raise Malformed("a string is not closed, or holds a control character", end)
        return self.text[at + 1 : end], end + 1

    def _long_basic(self, at: int) -> tuple[str, int]:
        text = self.text
        here = self._first_line(at + 3)
        parts: list[str] = []
        while True:
            m = _LONG_BASIC.match(text, here)
            end = m.end() if m else here
            parts.append(text[here:end])
            if text.startswith('"""', end):
                more = _quotes(text, end + 3, '"')
                return _lf("".join(parts)) + '"' * more, end + 3 + more
            if not text.startswith("\\", end):
                raise Malformed("a string is not closed, or holds a control character", end)
            fold = _FOLD.match(text, end + 1)
            if fold is not None:
                here = fold.end()
            else:
                char, here = self._escape(end)
                parts.append(char)

    def _long_literal(self, at: int) -> tuple[str, int]:
        text = self.text
        here = self._first_line(at + 3)
        m = _LONG_LITERAL.match(text, here)
        end = m.end() if m else here
        if not text.startswith("'''", end):
            raise Malformed("a string is not closed, or holds a control character", end)
        more = _quotes(text, end + 3, "'")
        return _lf(text[here:end]) + "'" * more, end + 3 + more

    def _first_line(self, at: int) -> int:
        """A line end right behind the opening quotes does not belong to the string."""
        return at + (1 if self.text.startswith("\n", at) else 2 if self.text.startswith("\r\n", at) else 0)

    def _escape(self, at: int) -> tuple[str, int]:
        sign = self.text[at + 1 : at + 2]
        if sign in _ESCAPES:
            return _ESCAPES[sign], at + 2
        if self.newer and sign == "e":
            return "\x1b", at + 2
        size = {"u": 4, "U": 8, "x": 2 if self.newer else 0}.get(sign, 0)
        digits = self.text[at + 2 : at + 2 + size]
        if size and len(digits) == size and all(d in "0123456789abcdefABCDEF" for d in digits):
            point = int(digits, 16)
            if point < 0xD800 or 0xE000 <= point < 0x110000:
                return chr(point), at + 2 + size
        raise Malformed("an escape that TOML does not know", at)


def _number(m: re.Match[str]) -> Value:
    raw = m[0]
    if len(raw) > _LONGEST_NUMBER:
        raise Malformed("a number of too many digits", m.start())
    return float(raw.replace("_", "")) if m["float"] else int(raw.replace("_", ""), 0)


def _days(year: int, month: int) -> int:
    if year == 0:
        return 0
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _quotes(text: str, at: int, quote: str) -> int:
    """Up to two quotes may stand right before the closing three."""
    return 2 if text.startswith(quote * 2, at) else 1 if text.startswith(quote, at) else 0


def _lf(value: str) -> str:
    return value.replace("\r\n", "\n") if "\r" in value else value
