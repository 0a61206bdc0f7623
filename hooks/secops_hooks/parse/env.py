"""Environment files to the one tree: a flat mapping of variables, read as dotenv, Compose and systemd read them.

Quotes may span lines; ``#`` behind a blank ends an unquoted value; ``$VAR`` makes a value unknown except in single quotes.
Of a ``.envrc``, which is a shell script, the assignments are read and its other commands passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .node import Document, Node
from .scalar import Reading

if TYPE_CHECKING:
    from ..files.source import Source

_FILLER: Final = re.compile(r"(?:\s|[#;][^\r\n]*)*")
_KEY: Final = re.compile(
    r"(?:(?:export|set|declare[ \t]+-x)[ \t]+)?"
    r"(['\"]?)([\w.\-/\ue000-\ue003]+(?:\[\w*\])?)\1[ \t]*+"
    r"(=|:(?=[ \t]|$)|(?=(?:#[^\r\n]*)?(?:[\r\n]|\Z)))[ \t]*",
    re.MULTILINE,
)
_QUOTED: Final = {
    "'": re.compile(r"'((?:[^'\\]|\\(?s:.))*+)'"),
    '"': re.compile(r'"((?:[^"\\]|\\(?s:.))*+)"'),
    "`": re.compile(r"`([^`]*+)`"),
}
_BEHIND: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_COMMENT: Final = re.compile(r"[ \t]#")
_LINE: Final = re.compile(r"[^\r\n]*")
_ESCAPE: Final = re.compile(r"\\([\\'\"abfnrtv$`]|\r\n?|\n)")
_ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\r": "", "\n": "", "\r\n": ""}


def parse(source: Source, template: str) -> Document:
    """The document of an environment file."""
    reading = Reading(source, "env", template)
    text, root, at = reading.text, reading.root, 0
    script = source.path.endswith(".envrc")
    while True:
        at = _end(_FILLER, text, at)
        if at >= len(text):
            return reading.document()
        m = _KEY.match(text, at)
        if m is None:
            end = _end(_LINE, text, at)
            if not script and reading.template.run(at) == at:
                reading.problem("neither KEY=value nor a comment", at, end)
            at = end
            continue
        key = source.text[m.start(2) : m.end(2)]
        if not m[3]:
            if not script:
                root.add(Node("scalar", source, m.end(2), m.end(2)), key, *m.span(2))
            at = _end(_LINE, text, m.end())
            continue
        node, at = _value(reading, m.end())
        root.add(node, key, *m.span(2))


def _value(reading: Reading, start: int) -> tuple[Node, int]:
    """The value at ``start`` and where its line ends."""
    text = reading.text
    quote = text[start : start + 1]
    pattern = _QUOTED.get(quote)
    if pattern is not None:
        m = pattern.match(text, start)
        behind = _BEHIND.match(text, m.end()) if m else None
        if m is not None and behind is not None:
            if quote == '"':
                return reading.scalar(start, m.end(), _ESCAPE.sub(_unescape, m[1]), quote), behind.end()
            decoded = re.sub(r"\\([\\'])", r"\1", m[1]) if quote == "'" else m[1]
            return reading.literal(start, m.end(), decoded, quote), behind.end()
        if m is None:
            reading.problem("a quote is not closed", start, start + 1)
    line_end = _end(_LINE, text, start)
    comment = _COMMENT.search(text, start, line_end)
    end = comment.start() if comment else line_end
    if text.startswith("#", start) and text[start - 1] in " \t":
        end = start
    while end > start and text[end - 1].isspace():
        end -= 1
    return reading.scalar(start, end, text[start:end]), line_end


def _unescape(m: re.Match[str]) -> str:
    return _ESCAPES.get(m[1], m[1])


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    m = pattern.match(text, at)
    return at if m is None else m.end()
