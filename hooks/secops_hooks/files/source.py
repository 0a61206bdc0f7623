"""One file's bytes, read once: its text, its lines, and offsets to positions.

Knows nothing about formats. Refuses nothing silently: what cannot be decoded exactly says so in ``problems``.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right

from ..finding import Problem, Span
from ..lazy import Lazy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NEWLINE = Lazy(r"\r\n?|\n")
_PROBE = 4096
_HEAD, _SHORT, _SHARE = 8192, 512, 30  # a 30th of control characters is more than any text has, and a third of what noise has
_CONTROLS = Lazy(r"[\0-\x08\x0e-\x1f\x7f]")


def sniff_encoding(data: bytes) -> tuple[str, int]:
    """The encoding of ``data`` and the length of its byte order mark.

    A mark decides, unless what follows it is plainly one byte a character (a mark put there to blind a scanner); without
    one, UTF-16 and UTF-32 are recognised by where the zero bytes of ASCII text stand; then UTF-8; then Latin-1, in
    which every byte is a character, so that nothing is lost.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return ("latin-1", 0) if name != "utf-8" and _narrow(data[len(bom) : _PROBE]) else (name, len(bom))
    probe = data[:_PROBE]
    if b"\0" in probe:
        wide = _wide(probe)
        if wide:
            return wide, 0
    return "utf-8", 0


def _narrow(probe: bytes) -> bool:
    """Whether ``probe`` is ASCII text with hardly an exception, which no UTF-16 or UTF-32 is."""
    printable = sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in probe)
    return len(probe) >= 8 and b"\0" not in probe and printable * 10 >= len(probe) * 9


def _wide(probe: bytes) -> str:
    """``utf-16-le`` and the like when ``probe`` is mostly ASCII in that encoding, else ``""``."""
    units = len(probe) // 4
    if units >= 2:
        zeros = [probe[i : units * 4 : 4].count(0) for i in range(4)]
        if min(zeros[1:]) == units and zeros[0] == 0:
            return "utf-32-le"
        if min(zeros[:3]) == units and zeros[3] == 0:
            return "utf-32-be"
    pairs = len(probe) // 2
    if pairs >= 2:
        even, odd = probe[0 : pairs * 2 : 2].count(0), probe[1 : pairs * 2 : 2].count(0)
        if odd * 10 >= pairs * 7 and even * 20 <= pairs:
            return "utf-16-le"
        if even * 10 >= pairs * 7 and odd * 20 <= pairs:
            return "utf-16-be"
    return ""


def looks_binary(text: str) -> bool:
    """Whether decoded ``text`` is no text: NUL and a good share of other control characters at its beginning.

    A few NUL characters in a text do not make it binary: they must not be a way to hide the rest from a check.
    """
    head = text[:_HEAD]
    return "\0" in head and len(head) >= _SHORT and sum(1 for _ in _CONTROLS.finditer(head)) * _SHARE > len(head)


class Source:
    """The content of one file. ``path`` is relative to the tree's root, with ``/``, as it is reported.

    ``text`` is the decoded content without byte order mark; all offsets are into it, in code points.
    ``memo`` is where the parser keeps its result, so that a file is parsed at most once.
    """

    __slots__ = ("_binary", "_starts", "_text", "data", "encoding", "memo", "path", "problems")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.encoding = ""
        self.problems: tuple[Problem, ...] = ()
        self.memo: dict[object, object] = {}
        self._text: str | None = None
        self._binary: bool | None = None
        self._starts: list[int] | None = None

    @classmethod
    def from_text(cls, path: str, text: str) -> Source:
        """A source of ``text``, for tests and for content that came from inside another file."""
        return cls(path, text.encode("utf-8", "surrogatepass"))

    @property
    def text(self) -> str:
        """The decoded content; decoding never fails."""
        if self._text is None:
            name, skip = sniff_encoding(self.data)
            body = self.data[skip:] if skip else self.data
            try:
                self._text = body.decode(name)
            except UnicodeDecodeError as error:
                if name != "utf-8":
                    self.problems = (Problem(f"not valid {name}: {error.reason} at byte {error.start + skip}"),)
                name, body = "latin-1", self.data
                self._text = body.decode(name)
            self.encoding = name
        return self._text

    @property
    def binary(self) -> bool:
        """Whether this is no text in any encoding we know."""
        if self._binary is None:
            self._binary = looks_binary(self.text)
        return self._binary

    @property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins; lines end with LF, CRLF or CR."""
        if self._starts is None:
            self._starts = [0, *(m.end() for m in _NEWLINE.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column of ``offset``."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``."""
        return Span(*self.position(start), *self.position(max(start, end)))

    def line(self, number: int) -> str:
        """Line ``number`` (1-based) without its line end; empty when there is no such line."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")
