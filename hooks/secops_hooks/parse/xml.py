"""XML to the one tree: elements are entries under their local names, attributes under ``@name``, text beside them under ``#text``.

An element that holds nothing but text is a scalar. A namespace prefix is not part of the key; it stands in ``Node.tag``.
Read by expat, which gives exact positions. Nothing is fetched and no entity is expanded: the values that use one are
unknown. An entity that holds tags, or others that may, could hide whole elements: that is a problem.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .node import MAX_DEPTH, UNKNOWN, Document, Node
from .scalar import Reading
from .treesitter import Offsets

if TYPE_CHECKING:
    from ..files.source import Source

_PROLOGUE: Final = re.compile(r"(?:\s++|<\?(?s:.)*?(?:\?>|\Z)|<!--(?s:.)*?(?:-->|\Z))*+")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\s[^\[>'\"]*(?:(?:\"[^\"]*\"|'[^']*')[^\[>'\"]*){0,2}(\[)?")
_SUBSET: Final = re.compile(r"(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<!--(?s:.)*?(?:-->|\Z)|<\?(?s:.)*?(?:\?>|\Z)|<)*+\]")
_HIDING: Final = re.compile(r"<!ENTITY\s+[^\s%\"'<>&]+\s+(?:\"[^\"<&]*[<&][^\"]*\"|'[^'<&]*[<&][^']*')")
_USE: Final = re.compile(r"<!\[CDATA\[(?s:.)*?(?:\]\]>|\Z)|<!--(?s:.)*?(?:-->|\Z)|&(?!(?:amp|lt|gt|quot|apos);)[^\s&;<>#\"']{1,100};")
_ATTRIBUTE: Final = re.compile(r"\s+([^\s=<>\"'/]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_NAME: Final = re.compile(r"[^\s/>]+")
_MARK: Final = "\ue004"


def parse(source: Source, template: str) -> Document:
    """The document of XML ``source``; where it is not well-formed, a problem and all that stands before it.

    A ``.config`` that does not begin with a tag is of some other tool and format.
    """
    reading = Reading(source, "xml", template)
    if reading.text.strip() and not (source.path.endswith(".config") and not reading.text.lstrip().startswith("<")):
        _Builder(reading, _without_entities(reading)).read()
    return reading.document()


def _without_entities(reading: Reading) -> str:
    """The text with the internal subset of its document type blanked, and marks where its entities are used."""
    text = reading.text
    prologue = _PROLOGUE.match(text)
    found = _DOCTYPE.match(text, prologue.end() if prologue else 0)
    if found is None:
        return text
    if found[1]:
        end = _SUBSET.match(text, found.end())
        if end is None:
            return text
        entity = _HIDING.search(text, found.end(), end.end())
        if entity is not None:
            reading.problem("an XML entity that holds tags or other entities: it is not expanded", entity.start(), entity.end())
        blank = re.sub(r"[^\r\n]", " ", text[found.end() - 1 : end.end()])
        text = text[: found.end() - 1] + blank + text[end.end() :]
    return text[: found.end()] + _USE.sub(_marked, text[found.end() :])


def _marked(m: re.Match[str]) -> str:
    return _MARK * len(m[0]) if m[0].startswith("&") else m[0]


class _Element:
    """An element that is still open: its node, and the text that stands in it since the last tag."""

    __slots__ = ("content", "name", "node", "parts", "start", "stop", "written")

    def __init__(self, node: Node, name: tuple[str, int, int], content: int) -> None:
        self.node = node
        self.name = name
        self.content = content
        self.parts: list[str] = []
        self.start = self.stop = -1
        self.written = False


class _Builder:
    def __init__(self, reading: Reading, text: str) -> None:
        self.reading = reading
        self.text = text
        self.data = text.encode("utf-8", "surrogatepass")
        self.offsets = Offsets(text, self.data)
        self.stack = [_Element(reading.root, ("", 0, 0), 0)]
        self.skipped = 0  # how many elements are open below the deepest that is kept
        self.in_text = False

    def read(self) -> None:
        from pyexpat import ErrorString, ExpatError, ParserCreate

        self.expat = expat = ParserCreate("utf-8")
        expat.ordered_attributes = True
        expat.StartElementHandler = self.start
        expat.EndElementHandler = self.end
        expat.CharacterDataHandler = self.characters
        for name in ("CommentHandler", "ProcessingInstructionHandler", "StartCdataSectionHandler", "EndCdataSectionHandler"):
            setattr(expat, name, self.other)
        try:
            expat.Parse(self.data, True)
        except ExpatError as error:
            at = self.offsets(max(0, min(expat.ErrorByteIndex, len(self.data))))
            self.reading.problem(f"not well-formed XML: {ErrorString(error.code)}", at, min(at + 1, len(self.text)))
            while len(self.stack) > 1:
                self._close(at, at)

    def other(self, *_: object) -> None:
        """A comment and the like: text before it ends here and may go on behind it."""
        if self.in_text:
            self.in_text = False
            self.stack[-1].stop = self.offsets(self.expat.CurrentByteIndex)

    def characters(self, data: str) -> None:
        self.other()
        element = self.stack[-1]
        if self.skipped or (not element.parts and data.isspace()):
            return
        if not element.parts:
            element.start = self.offsets(self.expat.CurrentByteIndex)
        element.parts.append(data)
        self.in_text = True

    def start(self, name: str, attributes: list[str]) -> None:
        self.other()
        if self.skipped or len(self.stack) > MAX_DEPTH:
            if not self.skipped:
                at = self.offsets(self.expat.CurrentByteIndex)
                self.reading.problem(f"nested deeper than {MAX_DEPTH} levels", at, at + 1)
            self.skipped += 1
            return
        self._flush(self.stack[-1])
        self.stack[-1].written = True
        at = self.offsets(self.expat.CurrentByteIndex)
        prefix, _, local = name.rpartition(":")
        key_start = at + 1 + len(name) - len(local)
        node = Node("mapping", self.reading.source, at, at, tag=prefix)
        after = self._attributes(node, at + 1 + len(name), attributes)
        close = self.text.find(">", after)
        content = after if self.text.startswith("/>", close - 1) else close + 1
        self.stack.append(_Element(node, (local, key_start, key_start + len(local)), content))

    def _attributes(self, node: Node, at: int, attributes: list[str]) -> int:
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            m = _ATTRIBUTE.match(self.text, at)
            if m is None:
                break
            at = m.end()
            prefix, _, local = name.rpartition(":")
            key = name if prefix == "xmlns" else local
            start, end = m.span(2)
            entry = self._scalar(start, end, value, m[2][0])
            entry.tag = prefix
            key_end = m.end(1)
            node.add(entry, "@" + key, key_end - len(key), key_end)
        return at

    def _scalar(self, start: int, end: int, text: str, style: str = "") -> Node:
        node = self.reading.scalar(start, end, text, style)
        if _MARK in text:
            node.value, node.text = UNKNOWN, self.reading.source.text[start:end]
        return node

    def end(self, _: str) -> None:
        self.other()
        if self.skipped:
            self.skipped -= 1
            return
        at = self.offsets(self.expat.CurrentByteIndex)
        close = self.text.find(">", at)
        self._close(at, close + 1 if close >= 0 else at)

    def _close(self, content_end: int, end: int) -> None:
        element = self.stack.pop()
        node = element.node
        if node.children or element.written:
            self._flush(element)
            node.end = end
        else:
            tag, start = node.tag, element.start
            if start >= 0:
                node = self._content(element)
            else:
                start = min(element.content, content_end)
                node = self._scalar(start, start, "")
            node.tag = tag
        self.stack[-1].node.add(node, *element.name)

    def _flush(self, element: _Element) -> None:
        """Enter the text since the last tag as ``#text``."""
        if element.start >= 0:
            node = self._content(element)
            element.node.add(node, "#text", node.start, node.start)
            element.parts.clear()
            element.start = -1

    def _content(self, element: _Element) -> Node:
        """The text of an element without the blanks around it, in the text and in its span."""
        start, stop = element.start, max(element.start, element.stop)
        raw = self.text[start:stop]
        stop -= len(raw) - len(raw.rstrip())
        start += len(raw) - len(raw.lstrip())
        return self._scalar(start, max(start, stop), "".join(element.parts).strip())
