"""YAML: libyaml's events built into the common tree, with exact offsets.

Values are typed as YAML 1.1 and PyYAML's safe loader type them (``yes`` and ``on`` are true, ``0755`` is octal); other
tools read some of these as text, so ``node.text`` keeps what was written. Aliases stay references, merge keys stay
entries named ``<<``, duplicate keys stay, and an unknown tag on a value makes it ``UNKNOWN``.

Measured on 3 MB of Kubernetes manifests: 4.5 MB/s with all nodes built; PyYAML's own ``compose`` with libyaml 2 to 3.5.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..finding import Problem
from ..records import TYPE_CHECKING
from .libyaml import library
from .node import MAX_DEPTH, UNKNOWN, Document, Node, Value
from .reference import has_reference

if TYPE_CHECKING:
    from typing import Any, Final

    from ..files.source import Source
    from .template import Neutral

_CORE: Final = "tag:yaml.org,2002:"
_PLAIN_TAGS: Final = frozenset({"", "!", "!unsafe", "!Sub", _CORE + "str", _CORE + "binary", _CORE + "timestamp", _CORE + "value"})
_TYPED_TAGS: Final = frozenset(_CORE + name for name in ("int", "float", "bool", "null"))
_COLLECTION_TAGS: Final = frozenset({"", "!", "!unsafe", *(_CORE + name for name in ("map", "seq", "set", "omap", "pairs"))})
_MAX_RESTARTS: Final = 50  # after this many documents with syntax errors the rest is left
_MAX_PROBLEMS: Final = 50
_NEXT_DOCUMENT: Final = r"^---(?=[ \t\r\n]|\Z)"
_PROPERTIES: Final = r"(?:[&!]\S*(?:[ \t]+|(?=[\r\n])|\Z)|[ \t]*(?:#[^\r\n]*)?[\r\n]+[ \t]*)+"
_UNPRINTABLE: Final = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff"


def parse(source: Source, template: str = "") -> Document:
    """The document of ``source``; with ``template`` (``go``, ``jinja``, ``erb``) its tags are neutralised first.

    Text that breaks YAML or means nothing as it stands (``key: {{ value }}``) but holds template tags is read as a template.
    """
    text = source.text
    if template:
        return _templated(source, template)
    read = _Reader(source, text, None)
    read.run()
    document = Document(source, "yaml", read.roots, read.problems)
    if read.problems or read.braces:
        from .template import languages

        for language in languages(text):
            again = _templated(source, language)
            if not again.problems:
                return again
            if len(again.problems) < len(document.problems):
                document = again
    return document


def _templated(source: Source, template: str) -> Document:
    from .template import neutralise

    neutral = neutralise(source.text, template, cut_lines=True)
    read = _Reader(source, neutral.text, neutral)
    read.run()
    return Document(source, "yaml", read.roots, read.problems)


class _TooDeep(Exception):
    """Nesting beyond the limit."""


class _Reader:
    """Builds the tree of one text. ``run`` fills ``roots`` and ``problems``."""

    def __init__(self, source: Source, text: str, neutral: Neutral | None) -> None:
        self.source = source
        self.text = text
        self.neutral = neutral
        self.roots: list[Node] = []
        self.problems: list[Problem] = []
        self.braces = False  # a flow mapping that begins with {{: a template in disguise
        self.values: dict[str, Value] = {}
        self.stack: list[tuple[Node | None, Node | None]] = []
        self.parent: Node | None = None  # the open collection
        self.key: Node | None = None  # in a mapping, the key whose value has not come yet
        self.last = Node("scalar", source, 0, 0)  # the node read last
        self.dynamic = any(sign in text for sign in ("$", "{{", "{%", "<%", "%", "#{"))

    def run(self) -> None:
        """Read all documents; after a syntax error go on with the next one."""
        at = 0
        for _ in range(_MAX_RESTARTS):
            failed = self._documents(at)
            if failed < 0:
                return
            following = re.compile(_NEXT_DOCUMENT, re.MULTILINE).search(self.text, max(failed, at + 1))
            if following is None:
                return
            at = following.start()
        self._problem("too many syntax errors; the rest was not read", at, at)

    def _problem(self, reason: str, start: int, end: int) -> None:
        """Note a problem at ``start`` to ``end`` of the text that is read."""
        self.problems.append(Problem(reason, self.source.span(self._original(start), self._original(end))))

    def _original(self, at: int) -> int:
        """The offset in the source of offset ``at`` in the text that is read."""
        return at if self.neutral is None else self.neutral.offset(at)

    def _documents(self, base: int) -> int:
        """Read from offset ``base``; -1 at the end of the text, else the offset where reading failed."""
        if self.text.startswith("\ufeff", base):
            base += 1
        try:
            parser = library().parser(self.text[base:] if base else self.text)
            return self._build(parser, base)
        except UnicodeEncodeError:  # half of a surrogate pair
            return self._unprintable(base)
        except library().error as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            if mark is None:
                return self._unprintable(base)
            at: int = min(base + mark.index, len(self.text))
            reason = getattr(error, "problem", None) or getattr(error, "context", None) or "not YAML"
            self._problem(f"YAML syntax: {reason}", at, at)
            return at

    def _unprintable(self, base: int) -> int:
        """Replace what YAML does not allow in a file, say so, and read again."""
        bad = re.compile(_UNPRINTABLE)
        first = bad.search(self.text, base)
        at = first.start() if first else base
        self._problem(f"YAML does not allow the character U+{ord(self.text[at : at + 1] or chr(0)):04X}", at, at + 1)
        if first is None:
            return len(self.text)
        self.text = self.text[:base] + bad.sub("\ufffd", self.text[base:])
        return self._documents(base)

    def _build(self, parser: Any, base: int) -> int:
        """The tree from ``parser``'s events, whose offsets are relative to ``base``. Gives what ``_documents`` gives."""
        events = library()
        scalar, alias, mapping_start, mapping_end = events.scalar, events.alias, events.mapping_start, events.mapping_end
        sequence_start, sequence_end, get = events.sequence_start, events.sequence_end, parser.get_event
        anchors: dict[str, Node] = {}
        try:
            while (event := get()) is not None:
                kind = event.__class__
                if kind is scalar:
                    self._place(self._scalar(event, base))
                elif kind is mapping_start:
                    self._open(self._collection(event, base, "mapping"))
                elif kind is sequence_start:
                    self._open(self._collection(event, base, "sequence"))
                elif kind is mapping_end or kind is sequence_end:
                    self._close(self._original(base + event.end_mark.index))
                    continue
                elif kind is alias:
                    self._place(self._alias(event, base, anchors))
                    continue
                else:
                    if kind is events.document_start:
                        anchors = {}
                    continue
                if event.anchor:
                    anchors[event.anchor] = self.last
                    self.last.anchor = event.anchor
        except _TooDeep:
            at: int = base + event.start_mark.index
            self._problem(f"nested deeper than {MAX_DEPTH} levels", at, at)
            return at
        finally:
            while self.parent is not None:
                self._close(-1)
        return -1

    def _place(self, node: Node) -> None:
        """Put ``node`` where reading is: a root, an item, the key of an entry or its value."""
        self.last = node
        parent = self.parent
        if parent is None:
            self.roots.append(node)
            return
        if parent.kind == "mapping":
            key = self.key
            if key is None:
                self.key = node
                return
            node.key = key.text if key.kind == "scalar" else self.source.text[key.start : key.end]
            node.key_start = key.start
            node.key_end = key.end
            self.key = None
        node.parent = parent
        node.index = len(parent.children)
        parent.children.append(node)

    def _open(self, node: Node) -> None:
        self._place(node)
        if len(self.stack) >= MAX_DEPTH:
            raise _TooDeep
        self.stack.append((self.parent, self.key))
        self.parent, self.key = node, None

    def _close(self, end: int) -> None:
        """End the open collection: a flow one behind its bracket at ``end`` (-1: it has none), a block behind its last child."""
        node = self.parent
        if node is None:
            return
        if node.style and end >= 0:
            node.end = end
        elif node.children:
            last = node.children[-1]
            node.end = max(last.end, last.key_end)
        self.parent, self.key = self.stack.pop()

    def _scalar(self, event: Any, base: int) -> Node:
        start, end = base + event.start_mark.index, base + event.end_mark.index
        text, tag, style = event.value, event.tag or "", event.style or ""
        if tag or event.anchor:
            start = _skip_properties(self.text, start, end)
        if style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        value: Value = text
        if not style and event.implicit[0]:
            if text not in self.values:
                self.values[text] = _typed(text)
            value = self.values[text]
        elif tag not in _PLAIN_TAGS:
            value = _tagged(tag, text)
        neutral = self.neutral
        if neutral is not None:
            start, end = neutral.offset(start), neutral.offset(end)
            if neutral.touches(start, end) or ((start == end or style in ("|", ">")) and neutral.supplies(end)):
                value, text = UNKNOWN, neutral.restore(text, start, end)
        if self.dynamic and isinstance(value, str) and tag != "!unsafe" and has_reference(value, "yaml"):
            value = UNKNOWN
        return Node("scalar", self.source, start, end, value=value, text=text, style=style, tag=tag)

    def _collection(self, event: Any, base: int, kind: Any) -> Node:
        start, tag = base + event.start_mark.index, event.tag or ""
        if tag or event.anchor:
            start = _skip_properties(self.text, start, len(self.text))
        style = self.text[start : start + 1] if event.flow_style else ""
        if style == "{" and self.text.startswith("{{", start):
            self.braces = True
        value = None if tag in _COLLECTION_TAGS else UNKNOWN
        start = self._original(start)
        return Node(kind, self.source, start, start, value=value, style=style, tag=tag)

    def _alias(self, event: Any, base: int, anchors: dict[str, Node]) -> Node:
        start, end = self._original(base + event.start_mark.index), self._original(base + event.end_mark.index)
        target = anchors.get(event.anchor)
        if target is None:
            reason = f"the alias *{event.anchor} stands for nothing: no such anchor before it"
            if len(self.problems) < _MAX_PROBLEMS:
                self.problems.append(Problem(reason, self.source.span(start, end)))
            return Node("scalar", self.source, start, end, value=UNKNOWN, text=self.source.text[start:end], style="*")
        return Node(target.kind, self.source, start, end, value=target.value, text=target.text, style="*", tag=target.tag, target=target)


def _skip_properties(text: str, start: int, end: int) -> int:
    """The offset behind the anchor and tag that begin at ``start``: where the value itself begins."""
    found = _pattern(_PROPERTIES).match(text, start)
    return min(found.end(), end) if found else start


# -- types of plain scalars: YAML 1.1, as in PyYAML's safe loader

_WORDS: Final[dict[str, Value]] = {
    **{word: True for low in ("yes", "true", "on") for word in (low, low.capitalize(), low.upper())},
    **{word: False for low in ("no", "false", "off") for word in (low, low.capitalize(), low.upper())},
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **{word: float("nan") for word in (".nan", ".NaN", ".NAN")},
}
_INT: Final = r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*)\Z"
_FLOAT: Final = (
    r"(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)\Z"
)
_MAX_DIGITS: Final = 4000  # longer numbers stay text: converting them takes quadratic time


@lru_cache(maxsize=16)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _typed(text: str) -> Value:
    """The value of plain ``text``."""
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < 20:
        return int(text)
    if text[:1] in "+-.0123456789" and text not in _WORDS and len(text) <= _MAX_DIGITS:
        if _pattern(_INT).match(text):
            return _int(text)
        if _pattern(_FLOAT).match(text):
            return _float(text)
    return _WORDS.get(text, text)


def _int(text: str) -> Value:
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    try:
        if digits.startswith(("0b", "0x")):
            return sign * int(digits, 0)
        if digits != "0" and digits.startswith("0"):
            return sign * int(digits, 8)
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return sign * total
    except ValueError:  # nothing but underscores
        return text


def _float(text: str) -> Value:
    digits = text.replace("_", "").lower()
    sign = -1.0 if digits.startswith("-") else 1.0
    try:
        total = 0.0
        for part in digits.lstrip("+-").split(":"):
            total = total * 60 + float(part)
        return sign * total
    except ValueError:
        return text


def _tagged(tag: str, text: str) -> Value:
    """The value of a scalar with an explicit ``tag``."""
    if tag not in _TYPED_TAGS:
        return UNKNOWN
    value = _typed(text)
    if tag.endswith("float") and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
