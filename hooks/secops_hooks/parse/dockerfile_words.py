"""Words of a Dockerfile line: where they end, what they decode to, and the strings of an exec form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_JSON_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*)"\s*([,\]])\s*')
_JSON_OPEN = re.compile(r"\[\s*(\]\s*\Z)?")
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_PLAIN: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
VARIABLE = re.compile(r"\$(?:[A-Za-z_0-9@*#?!{-])")


class Word(NamedTuple):
    """A word of a logical line: where it stands in that line, decoded, and whether it has variables."""

    start: int
    end: int
    text: str
    style: str
    variable: bool


def split_words(text: str, at: int, stop: int, escape: str) -> Iterator[Word]:
    """The words of ``text[at:stop]``."""
    at = skip_blank(text, at, stop)
    while at < stop:
        end = word_end(text, at, stop, escape)
        yield read_word(text, at, end, escape)
        at = skip_blank(text, end, stop)


def read_word(text: str, start: int, end: int, escape: str) -> Word:
    """``text[start:end]`` as one word."""
    raw = text[start:end]
    decoded, variable = decode(raw, escape)
    style = raw[0] if len(raw) > 1 and raw[0] in "\"'" and raw[-1] == raw[0] else ""
    return Word(start, end, decoded, style, variable)


def json_words(text: str, at: int, stop: int) -> list[Word] | None:
    """The strings of an exec form; ``None`` when it is no JSON array of strings (the builder then takes it as shell)."""
    m = _JSON_OPEN.match(text, at, stop)
    if m is None:
        return None
    words: list[Word] = []
    if m[1] is not None:
        return words
    at = m.end()
    while (m := _JSON_STRING.match(text, at, stop)) is not None:
        words.append(Word(m.start(), m.end(1) + 1, _JSON_ESCAPE.sub(_unescape, m[1]), '"', False))
        at = m.end()
        if m[2] == "]":
            return words if at >= stop else None
    return None


def skip_blank(text: str, at: int, stop: int) -> int:
    while at < stop and text[at].isspace():
        at += 1
    return at


def word_end(text: str, at: int, stop: int, escape: str) -> int:
    """The end of the word at ``at``: blanks inside quotes or behind the escape character belong to it."""
    quote = ""
    while at < stop:
        char = text[at]
        if char == escape and quote != "'":
            at += 1
        elif quote:
            if char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char.isspace():
            return at
        at += 1
    return stop


def decode(raw: str, escape: str) -> tuple[str, bool]:
    """A word without quotes and escapes, and whether a variable stands in it outside single quotes."""
    if "'" not in raw and '"' not in raw and escape not in raw:
        return raw, "$" in raw and VARIABLE.search(raw) is not None
    out: list[str] = []
    variable, quote, at = False, "", 0
    while at < len(raw):
        char = raw[at]
        if quote == "'":
            if char == "'":
                quote = ""
            else:
                out.append(char)
        elif char == escape and at + 1 < len(raw):
            at += 1
            out.append(raw[at] if not quote or raw[at] in f'"${escape}' else escape + raw[at])
        elif char == quote:
            quote = ""
        elif char in "\"'" and not quote:
            quote = char
        else:
            variable = variable or (char == "$" and VARIABLE.match(raw, at) is not None)
            out.append(char)
        at += 1
    return "".join(out), variable


def _unescape(m: re.Match[str]) -> str:
    return chr(int(m[1], 16)) if m[1] else _PLAIN.get(m[2], m[2])
