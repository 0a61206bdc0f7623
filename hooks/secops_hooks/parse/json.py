"""JSON, with the comments and trailing commas that its users write (JSONC), several documents in a file included.

One regular expression match an entry. Measured on a lock file of 5.6 MB: this scanner 0.3 s with all nodes built,
tree-sitter 0.33 s for parsing and visiting alone (and 11 ms of imports), ``json.loads`` without positions 0.03 s.
JSON5 beyond comments and trailing commas is read where its meaning is plain, and reported as a problem.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ..finding import Problem
from .node import MAX_DEPTH, UNKNOWN, Document, Node, Value
from .reference import has_reference

if TYPE_CHECKING:
    from ..files.source import Source
    from .template import Neutral

_SPACE: Final = r"(?:[ \t\r\n]++|//[^\r\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+"
_STRING: Final = r'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_LOOSE_STRING: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_WORD: Final = r'[^\s"{}\[\],:/]++'
_INNER: Final = f'"({_STRING[1:-1]})"'
# 1 string (a key when 2, 3 or 4 follows), 2 string value, 3 word value, 4 opener, 5 bare word, 6 bare opener, 7 what follows
_ENTRY: Final = rf"{_SPACE}(?:{_INNER}{_SPACE}(?::{_SPACE}(?:{_INNER}|({_WORD})|([{{\[])))?|({_WORD})|([{{\[])){_SPACE}([,}}\]])?"
_NUMBER: Final = r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z"
_ESCAPE: Final = r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\(?:u([0-9a-fA-F]{4})|(.))"
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: Final[dict[str, Value]] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
_MAX_PROBLEMS: Final = 20
_MAX_DIGITS: Final = 4000  # longer numbers stay text: converting them takes quadratic time


def parse(source: Source, template: str = "") -> Document:
    """The document of ``source``; with ``template`` (``go``, ``jinja``, ``erb``) its tags are neutralised first."""
    text = source.text
    if template:
        return _templated(source, template)
    read = _Reader(source, text, None)
    read.run()
    document = Document(source, "json", read.roots, read.problems)
    if read.problems:
        from .template import languages

        for language in languages(text):
            again = _templated(source, language)
            if len(again.problems) < len(document.problems):
                document = again
    return document


def _templated(source: Source, template: str) -> Document:
    from .template import neutralise

    neutral = neutralise(source.text, template, blank_controls=True)
    read = _Reader(source, neutral.text, neutral)
    read.run()
    return Document(source, "json", read.roots, read.problems)


class _Stop(Exception):
    """No use in reading on."""


class _Reader:
    """Builds the tree of one text. ``run`` fills ``roots`` and ``problems``.

    ``_read`` takes a whole well-formed entry at a time; where that fails, ``_token`` takes one token and says what is wrong.
    """

    def __init__(self, source: Source, text: str, neutral: Neutral | None) -> None:
        self.source = source
        self.text = text
        self.neutral = neutral
        self.roots: list[Node] = []
        self.problems: list[Problem] = []
        self.dynamic = any(sign in text for sign in ("${", "{{", "{%", "<%", "#{"))
        self.parent: Node | None = None  # the open collection
        self.depth = 0
        self.ready = True  # whether an entry may begin here: at first, behind an opener, a comma, a key
        self.key: tuple[str, int, int] | None = None  # a key whose value has not come yet
        self.words: dict[str, Value] = dict(_WORDS)

    def run(self) -> None:
        with suppress(_Stop):
            self._read()
        while self.parent is not None:
            self.parent.end = len(self.text)
            self.parent = self.parent.parent

    def _problem(self, reason: str, start: int, end: int) -> None:
        self.problems.append(Problem(f"JSON syntax: {reason}", self.source.span(start, end)))
        if len(self.problems) >= _MAX_PROBLEMS:
            raise _Stop

    def _read(self) -> None:
        match, text, source = _pattern(_ENTRY).match, self.text, self.source
        plain = self.neutral is None and not self.dynamic and "\\" not in text
        at = 1 if text.startswith("\ufeff") else 0
        while at >= 0:
            entry = match(text, at)
            if entry is None or not self.ready:
                at = self._token(at)
                continue
            key, string, word, opener, bare_word, bare_opener, delimiter = entry.groups()
            keyed = key is not None and (string is not None or word is not None or opener is not None)
            parent = self.parent
            if keyed != (parent is not None and parent.kind == "mapping"):
                at = self._token(at)
                continue
            if not keyed:
                string, word, opener = key, bare_word, bare_opener
            at = entry.end()
            if string is not None:
                start, end = entry.span(2 if keyed else 1)
                node = Node("scalar", source, start - 1, end + 1, value=string, text=string, style='"')
                if not plain:
                    node = self._string(start - 1, end + 1)
            elif word is not None:
                node = self._word(word, *entry.span(3 if keyed else 5))
            else:
                at = entry.end(4 if keyed else 6)
                node = Node("mapping" if opener == "{" else "sequence", source, at - 1, at, style=opener)
            if parent is None:
                self.roots.append(node)
            else:
                if keyed:
                    start, end = entry.span(1)
                    node.key = key if plain else self._decoded(start - 1, end + 1)
                    node.key_start = start - 1
                    node.key_end = end + 1
                node.parent = parent
                node.index = len(parent.children)
                parent.children.append(node)
                self.ready = False
            if opener is not None:
                self._enter(node)
            elif delimiter == ",":
                self.ready = True
            elif delimiter is not None:
                self._close(delimiter, at - 1)

    def _token(self, at: int) -> int:
        """Take the one token at ``at``; gives the offset behind it, -1 at the end."""
        text = self.text
        at = _end(_SPACE, text, at)
        char = text[at : at + 1]
        if not char:
            if self.parent is not None:
                opened = self.parent.start
                self._problem(f"the file ends before the {text[opened]} that opens here is closed", opened, opened + 1)
            return -1
        if char in "{[":
            self._open(char, at)
        elif char in "}]":
            self._close(char, at)
        elif char == ",":
            if self.parent is None or self.ready:
                self._problem("nothing stands before this comma", at, at + 1)
            self.key, self.ready = None, True
        elif char == '"':
            return self._quoted(at)
        elif (end := _end(_WORD, text, at)) > at:
            if self._is_key(end):
                self._problem("a key must stand in double quotes", at, end)
                return self._take_key(text[at:end].strip("'"), at, end)
            self._place(self._word(text[at:end], at, end))
            return end
        else:
            self._problem(f"unexpected {char!r}", at, at + 1)
        return at + 1

    def _quoted(self, at: int) -> int:
        end = _end(_STRING, self.text, at)
        if end == at:
            end = _end(_LOOSE_STRING, self.text, at)
            if end == at:
                end = _end(r"[^\r\n]*", self.text, at)
                self._problem("this string is not closed", at, end)
            else:
                self._problem("a control character inside a string", at, end)
        if self._is_key(end):
            return self._take_key(self._decoded(at, end), at, end)
        self._place(self._string(at, end))
        return end

    def _is_key(self, end: int) -> bool:
        """Whether what ends at ``end`` is the key of an entry."""
        if self.parent is None or self.parent.kind != "mapping" or self.key is not None:
            return False
        return self.text.startswith(":", _end(_SPACE, self.text, end))

    def _take_key(self, key: str, start: int, end: int) -> int:
        if not self.ready:
            self._problem("a comma is missing before this", start, end)
        self.key, self.ready = (key, start, end), True
        return _end(_SPACE, self.text, end) + 1

    # -- building

    def _place(self, node: Node) -> None:
        """Put ``node`` where reading is."""
        parent, self.ready = self.parent, self.ready or self.parent is None
        if not self.ready:
            self._problem("a comma is missing before this", node.start, node.end)
        if parent is None:
            self.roots.append(node)
            return
        if parent.kind == "mapping":
            if self.key is None:
                self._problem("a value without a key", node.start, node.end)
                self.key = "", node.start, node.start
            node.key, node.key_start, node.key_end = self.key
            self.key = None
        node.parent = parent
        node.index = len(parent.children)
        parent.children.append(node)
        self.ready = False

    def _open(self, opener: str, at: int) -> None:
        node = Node("mapping" if opener == "{" else "sequence", self.source, at, at + 1, style=opener)
        self._place(node)
        self._enter(node)

    def _enter(self, node: Node) -> None:
        """Go on inside ``node``."""
        if self.depth >= MAX_DEPTH:
            self._problem(f"nested deeper than {MAX_DEPTH} levels", node.start, node.end)
            raise _Stop
        self.parent, self.ready = node, True
        self.depth += 1

    def _close(self, closer: str, at: int) -> None:
        parent = self.parent
        if parent is None or (parent.kind == "mapping") != (closer == "}"):
            self._problem(f"this {closer} closes nothing", at, at + 1)
            return
        if self.key is not None:
            self._problem("this key has no value", self.key[1], self.key[2])
            self.key = None
        parent.end = at + 1
        self.parent, self.ready = parent.parent, parent.parent is None
        self.depth -= 1

    def _decoded(self, start: int, end: int) -> str:
        """The string of the quoted ``text[start:end]``."""
        text = self.text[start + 1 : end - 1 if self.text.endswith('"', start + 1, end) else end]
        if "\\" in text:
            text = self._unescaped(text, start + 1)
        if self.neutral is not None and self.neutral.touches(start, end):
            text = self.neutral.restore(text, start, end)
        return text

    def _unescaped(self, text: str, at: int) -> str:
        """``text``, which begins at ``at``, with its escapes decoded; pairs of surrogates become one character."""

        def decode(escape: re.Match[str]) -> str:
            high, low, unit, char = escape.groups()
            if high:
                return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
            if unit:
                return chr(int(unit, 16))
            if char not in _ESCAPES:
                self._problem(f"the escape \\{char} is none of JSON", at + escape.start(), at + escape.end())
            return _ESCAPES.get(char, char)

        return _pattern(_ESCAPE).sub(decode, text)

    def _string(self, start: int, end: int) -> Node:
        text = self._decoded(start, end)
        value: Value = text
        if (self.neutral is not None and self.neutral.touches(start, end)) or (self.dynamic and has_reference(text, "json")):
            value = UNKNOWN
        return Node("scalar", self.source, start, end, value=value, text=text, style='"')

    def _word(self, word: str, start: int, end: int) -> Node:
        if self.neutral is not None and self.neutral.touches(start, end):
            return Node("scalar", self.source, start, end, value=UNKNOWN, text=self.neutral.restore(word, start, end))
        if word not in self.words:
            self.words[word] = _number(word)
        value = self.words[word]
        if isinstance(value, str) and len(word) <= _MAX_DIGITS:
            self._problem("neither a string in double quotes, nor a number, true, false or null", start, end)
        return Node("scalar", self.source, start, end, value=value, text=word)


def _number(word: str) -> Value:
    """The number ``word`` writes; what is none, or too long to convert, stays text."""
    found = _pattern(_NUMBER).match(word)
    if found is None or len(word) > _MAX_DIGITS:
        return word
    return float(word) if found[1] or found[2] else int(word)


def _end(pattern: str, text: str, at: int) -> int:
    """Where the match of ``pattern`` at ``at`` ends; ``at`` when there is none."""
    found = _pattern(pattern).match(text, at)
    return found.end() if found else at


@lru_cache(maxsize=16)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)
