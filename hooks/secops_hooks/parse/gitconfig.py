"""git's own INI dialect: subsections, quotes anywhere in a value, escapes, comments behind values (git-config(1), SYNTAX).

Names of sections and keys do not mind case in git; they are given in lower case, as ``git config --list`` does.
``[remote "origin"] url`` has the path ``remote.origin.url``; a key without value is true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .node import Document, Node
from .scalar import Reading, grow

if TYPE_CHECKING:
    from ..files.source import Source

_FILLER: Final = re.compile(r"(?:\s|[#;][^\n]*)*")
_SECTION: Final = re.compile(r'\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?[ \t]*\]')
_NAME: Final = re.compile(r"[A-Za-z\ue000-\ue003][A-Za-z0-9\ue000-\ue003-]*")
_BLANK: Final = re.compile(r"[ \t]*")
_PLAIN: Final = re.compile(r'[^"\\#;\r\n]+')
_QUOTED: Final = re.compile(r'[^"\\\r\n]+')
_LINE_END: Final = re.compile(r"[^\r\n]*")
_NEWLINE: Final = re.compile(r"\r\n?|\n")
_ESCAPES: Final = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}


def parse(source: Source, template: str) -> Document:
    """The document of a git configuration."""
    return _Reader(Reading(source, "ini", template)).read()


class _Reader:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.section: Node | None = None

    def read(self) -> Document:
        text, at = self.text, 0
        while True:
            at = _end(_FILLER, text, at)
            if at >= len(text):
                return self.reading.document()
            m = _SECTION.match(text, at)
            if m is not None:
                self._open(m)
                at = m.end()
                continue
            name = _NAME.match(text, at)
            if name is not None and self.section is not None:
                after = self._entry(name, self.section)
                if after > at:
                    at = after
                    continue
            end = _end(_LINE_END, text, at)
            reason = "neither a section header nor a key of git's configuration" if self.section else "a key before any section"
            self.reading.problem(reason, at, end)
            at = max(end, at + 1)

    def _open(self, m: re.Match[str]) -> None:
        start, end = m.span(1)
        name, sub = m[1].lower(), m[2]
        sub_start, sub_end = m.span(2)
        if sub is None and "." in name:  # the old way to write a subsection
            name, _, sub = name.partition(".")
            end = start + len(name)
            sub_start, sub_end = end + 1, m.end(1)
        elif sub is not None:
            sub = re.sub(r"\\(.)", r"\1", self.reading.source.text[sub_start:sub_end])
            sub_start, sub_end = sub_start - 1, sub_end + 1
        section = self._child(self.reading.root, name, start, end, m)
        if sub is not None:
            section = self._child(section, sub, sub_start, sub_end, m)
        self.section = section
        section.end = max(section.end, m.end())
        grow(section, self.reading.root)

    def _child(self, parent: Node, name: str, start: int, end: int, m: re.Match[str]) -> Node:
        for child in reversed(parent.children[-64:]):
            if child.key == name and child.kind == "mapping":
                return child
        return parent.add(self.reading.mapping(m.start(), m.end()), name, start, end)

    def _entry(self, name: re.Match[str], section: Node) -> int:
        """Enter ``name = value``; gives where it ends, or where it began when the line is neither that nor a name alone."""
        text, source = self.text, self.reading.source
        key = source.text[name.start() : name.end()].lower()
        at = _end(_BLANK, text, name.end())
        sign = text[at : at + 1]
        if sign in ("", "\r", "\n", "#", ";"):
            node = Node("scalar", source, name.end(), name.end(), value=True, text="true")
        elif sign == "=":
            node, at = self._value(_end(_BLANK, text, at + 1))
        else:
            return name.start()
        section.add(node, key, name.start(), name.end())
        grow(node, self.reading.root)
        return at

    def _value(self, start: int) -> tuple[Node, int]:
        """The value at ``start`` and where its line ends; blanks behind it count only inside quotes."""
        text = self.text
        parts: list[str] = []
        at, end, quoted = start, start, False
        size = kept = 0  # characters so far, and how many of them no trailing blank can lose
        while at < len(text):
            m = (_QUOTED if quoted else _PLAIN).match(text, at)
            if m is not None:
                piece = m[0]
                stripped = len(piece) if quoted else len(piece.rstrip())
                if stripped:
                    end, kept = at + stripped, size + stripped
                parts.append(piece)
                size += len(piece)
                at = m.end()
                continue
            sign = text[at]
            if sign == '"':
                quoted = not quoted
                at = end = at + 1
                kept = size
            elif sign == "\\":
                newline = _NEWLINE.match(text, at + 1)
                if newline is not None:
                    at = newline.end()
                    continue
                escape = text[at + 1 : at + 2]
                if escape not in _ESCAPES:
                    self.reading.problem("an escape that git does not know", at, min(at + 2, len(text)))
                parts.append(_ESCAPES.get(escape, escape))
                at = end = min(at + 2, len(text))
                kept = size = size + len(parts[-1])
            else:
                break
        if quoted:
            self.reading.problem("a quote is not closed", start, at)
        decoded = "".join(parts)[:kept]
        whole = text[start:end]
        style = '"' if len(whole) >= 2 and whole[0] == whole[-1] == '"' and whole.count('"') == 2 else ""
        return self.reading.scalar(start, end, decoded, style), _end(_LINE_END, text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    m = pattern.match(text, at)
    return at if m is None else m.end()
