"""The ways scalars are written, decoded with positions: quotes and escapes, folded lines, indented blocks.

Each way takes what was written and the text it should give, and answers with segments (index in the text, offset in what
was written; see ``locate.Located``), or ``None`` when it gives another text. Finds places; the parsers decode.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

Segments: TypeAlias = list[tuple[int, int]]
Way: TypeAlias = Callable[[str, str], "Segments | None"]

_BREAK: Final = r"(?:\r\n|[\r\n\x85\u2028\u2029])"
_FOLD: Final = rf"[ \t]*+{_BREAK}(?:[ \t]*+{_BREAK})*+[ \t]*+"
_RUN: Final = r"[^\\'$% \t\r\n\x85\u2028\u2029]++|[ \t]++"
_ESCAPE: Final = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\."
_LINE: Final = rf"([^\r\n\x85\u2028\u2029]*+)({_BREAK}|\Z)"
_KEPT: Final = "\u2028\u2029"  # breaks that stay what they are
_BREAKS: Final = "\n" + _KEPT
_JOIN: Final = r"\\\r?\n[ \t\r\n]*+"
_COMMON: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\", "/": "/"}
# YAML 1.2 §5.7 (a superset of JSON's and TOML's)
_YAML: Final = {
    **_COMMON,
    "0": "\0",
    "a": "\a",
    "v": "\v",
    "e": "\x1b",
    " ": " ",
    "\t": "\t",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_PROPERTIES: Final = {"t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def ways(style: str) -> tuple[Way, ...]:
    """The ways to read a scalar of ``style``, the likeliest first."""
    if style in ("|", ">"):
        return (_block,)
    if style == "'":
        return (_yaml_single, _loose)
    if style in ('"', '"""'):
        return (_yaml_double, _double, _loose)
    if style == "'''":
        return (_long_literal,)
    return (_yaml_plain, _loose)


class _Text:
    """A text under construction, with the places it comes from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.segments: Segments = []
        self.length = 0
        self._next = -1  # the offset that continues the run

    def run(self, string: str, offset: int) -> None:
        """``string`` stands at ``offset`` as it is."""
        if offset != self._next:
            self.segments.append((self.length, offset))
        self.parts.append(string)
        self.length += len(string)
        self._next = offset + len(string)

    def unit(self, string: str, offset: int) -> None:
        """``string`` is what the characters at ``offset`` mean."""
        if string:
            self.segments.append((self.length, offset))
            self.parts.append(string)
            self.length += len(string)
        self._next = -1

    def done(self, text: str, end: int) -> Segments | None:
        """The segments, if they give ``text``."""
        if self.length != len(text) or "".join(self.parts) != text:
            return None
        self.segments.append((self.length, end))
        return self.segments


def _fold(out: _Text, written: str, offset: int, *, escaped: bool = False) -> None:
    """Line folding of YAML's flow scalars (YAML 1.2 §6.5): one break is a space (none when escaped), further ones stay."""
    breaks = list(_pattern(_BREAK).finditer(written))
    first = breaks[0]
    if not escaped:
        if first[0] in _KEPT:
            out.unit(first[0], offset + first.start())
        elif len(breaks) == 1:
            out.unit(" ", offset)
    for each in breaks[1:]:
        out.unit(each[0] if each[0] in _KEPT else "\n", offset + each.start())
    out.unit("", offset)


def _yaml_plain(raw: str, text: str) -> Segments | None:
    out = _Text()
    for token in _pattern(rf"({_FOLD})|{_RUN}|.").finditer(raw):
        if token[1]:
            _fold(out, token[0], token.start())
        else:
            out.run(token[0], token.start())
    return out.done(text, len(raw))


def _yaml_single(raw: str, text: str) -> Segments | None:
    out = _Text()
    for token in _pattern(rf"({_FOLD})|('')|{_RUN}|.").finditer(raw, 1, len(raw) - 1):
        if token[1]:
            _fold(out, token[0], token.start())
        elif token[2]:
            out.unit("'", token.start())
        else:
            out.run(token[0], token.start())
    return out.done(text, len(raw) - 1)


def _yaml_double(raw: str, text: str) -> Segments | None:
    """YAML's double quotes; JSON's and TOML's one-line strings are written so too."""
    out = _Text()
    for token in _pattern(rf"(\\{_FOLD})|({_FOLD})|({_ESCAPE})|{_RUN}|.").finditer(raw, 1, len(raw) - 1):
        if token[1]:
            _fold(out, token[0], token.start(), escaped=True)
        elif token[2]:
            _fold(out, token[0], token.start())
        elif token[3]:
            out.unit(_unescaped(token[0], _YAML), token.start())
        else:
            out.run(token[0], token.start())
    return out.done(text, len(raw) - 1)


def _double(raw: str, text: str) -> Segments | None:
    """Strings whose line breaks stay: TOML's long ones (whose first line break does not count), HCL's with ``$${``, dotenv's."""
    quote = 3 if raw.startswith('"""') else 1
    first = _pattern(r"\r?\n").match(raw, quote) if quote == 3 else None
    out = _Text()
    for token in _pattern(rf"({_JOIN})|({_ESCAPE})|(\$\$(?=\{{)|%%(?=\{{))|(\r\n)|{_RUN}|.").finditer(
        raw, first.end() if first else quote, len(raw) - quote
    ):
        if token[1]:
            out.unit("", token.start())
        elif token[2]:
            out.unit(_unescaped(token[0], _YAML), token.start())
        elif token[3] or token[4]:
            out.unit(token[0][-1], token.start())
        else:
            out.run(token[0], token.start())
    return out.done(text, len(raw) - quote)


def _long_literal(raw: str, text: str) -> Segments | None:
    """TOML's long literal strings: the first line break does not count, each other one is a line feed."""
    first = _pattern(r"\r?\n").match(raw, 3)
    out = _Text()
    for token in _pattern(r"(\r\n)|[^\r]++|.").finditer(raw, first.end() if first else 3, len(raw) - 3):
        if token[1]:
            out.unit("\n", token.start())
        else:
            out.run(token[0], token.start())
    return out.done(text, len(raw) - 3)


def _loose(raw: str, text: str) -> Segments | None:
    """Java properties and dotenv: a backslash joins lines, means a control character, or the next character itself."""
    quote = 1 if raw[:1] in ("'", '"') and raw.endswith(raw[:1]) and len(raw) > 1 else 0
    out = _Text()
    for token in _pattern(rf"({_JOIN})|({_ESCAPE})|{_RUN}|.").finditer(raw, quote, len(raw) - quote):
        if token[1]:
            out.unit("", token.start())
        elif token[2]:
            out.unit(_unescaped(token[0], _PROPERTIES), token.start())
        else:
            out.run(token[0], token.start())
    return out.done(text, len(raw) - quote)


def _block(raw: str, text: str) -> Segments | None:
    """YAML's literal and folded blocks. ``raw`` ends with the last character that is not blank; what ``text`` has after
    it are kept line breaks.

    Folding as in YAML 1.2 §8.1.3: a break between two lines that begin with no blank is a space, unless blank lines follow.
    """
    folded = raw.startswith(">")
    lines = [(each[1], each.start(1), each.start(2)) for each in _pattern(_LINE).finditer(raw)][1:]
    shown = [line for line, _, _ in lines if line.strip(" ")]
    written = text.lstrip(_BREAKS)
    indent = len(shown[0]) - len(shown[0].lstrip(" ")) - (len(written) - len(written.lstrip(" "))) if shown else 0
    out = _Text()
    breaks: list[int] = []  # offsets of the breaks since the last line that is not empty
    was_blank = False
    begun = False
    for line, start, end in lines:
        content = line[indent:]
        if not content:
            breaks.append(end)
            continue
        blank = content[0] in " \t"
        if begun and folded and not blank and not was_blank and raw[breaks[0]] not in _KEPT:
            if len(breaks) == 1:
                out.unit(" ", breaks[0])
            breaks = breaks[1:]
        for each in breaks:
            if raw[each] in _KEPT or raw[each] == "\n":
                out.run(raw[each], each)
            else:
                out.unit("\n", each)
        out.run(content, start + len(line) - len(content))
        breaks, was_blank, begun = [end], blank, True
    rest = text[out.length :]
    if rest.strip(_BREAKS):
        return None
    for each_break in rest:
        out.unit(each_break, len(raw))
    return out.done(text, len(raw))


def _unescaped(escape: str, table: dict[str, str]) -> str:
    """What ``escape`` (a backslash and what belongs to it) means."""
    if len(escape) == 12:
        return chr(0x10000 + ((int(escape[2:6], 16) & 0x3FF) << 10) + (int(escape[8:12], 16) & 0x3FF))
    if len(escape) > 2:
        code = int(f"0x{escape[2:]}", 0)
        return chr(code) if code <= 0x10FFFF else escape
    return table.get(escape[1], escape[1])


@lru_cache(maxsize=32)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)
