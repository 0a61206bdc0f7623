"""INI in its dialects to the one tree: sections are mappings, keys before any section stand at the root, values are text.

A dialect is a row of :data:`_DIALECTS`, chosen by path. The generic one reads as Python's ``configparser`` does (no
interpolation, keys as written, duplicates kept); git's own grammar stands in ``gitconfig.py``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from .node import Document, Node, Value
from .scalar import Reading, grow

if TYPE_CHECKING:
    from ..files.source import Source


class Dialect(NamedTuple):
    """How one family of tools writes INI. ``inline``: what begins a comment behind a value; ``bare``: the value of a key alone."""

    delimiters: str = "=:"
    comments: str = "#;"
    inline: str = ""
    indented: bool = False  # an indented line continues the value above it
    backslash: bool = False  # a backslash at the end of a line continues it
    quotes: str = ""
    doubled: bool = False  # a quote inside quotes is written twice
    bare: Value = None
    lists: bool = False  # ``key[] = item``
    spaced: bool = False  # a blank does for a delimiter
    lower: bool = False  # names of keys do not mind case; they are given in lower case
    hosts: bool = False  # lines are hosts with ``key=value`` behind them


_GENERIC: Final = Dialect(indented=True)
_DIALECTS: Final[tuple[tuple[str, Dialect], ...]] = (
    (r"/\.?npmrc$", Dialect("=", inline="#;", quotes="\"'", bare=True, lists=True)),
    (r"/php[^/]*\.ini[^/]*$|/php/.*\.ini$", Dialect("=", ";#", inline=";", quotes="\"'")),
    (r"\.cnf([.-][^/]*)?$|/my(sqld?)?\.ini$|/mariadb\.ini$", Dialect("=", inline="#", quotes="\"'")),
    (r"/postgresql[^/]*\.conf$", Dialect("=", "#", inline="#", quotes="'", doubled=True, spaced=True, lower=True)),
    (r"\.(service|socket|timer|mount|target|path|slice|network|netdev|link)$", Dialect("=", backslash=True)),
    (r"/\.?editorconfig$", Dialect("=:", lower=True)),
    (r"/\.?wgetrc$", Dialect("=", "#", lower=True)),
    (r"\.(desktop|inf)$", Dialect("=")),
    (r"/(hosts|inventory)(\.ini)?$", Dialect("=", inline="#", quotes="\"'", hosts=True)),
)
_GIT: Final = re.compile(r"/\.?gitconfig([.-][^/]*)?$|/\.?git/config$|/\.gitmodules$|\.gitconfig$")
_HEADER: Final = re.compile(r"\[(.+)\]")
_WORD: Final = re.compile(r"""([\w.-]+)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#]*)""")


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[re.Pattern[str], Dialect], ...]:
    return tuple((re.compile(pattern), dialect) for pattern, dialect in _DIALECTS)


def dialect(path: str) -> Dialect:
    """The dialect of the file at ``path``; Python's for every file that no tool claims."""
    low = "/" + path.lower()
    return next((found for pattern, found in _table() if pattern.search(low)), _GENERIC)


def parse(source: Source, template: str) -> Document:
    """The document of INI ``source``, in the dialect of its path."""
    if _GIT.search("/" + source.path.lower()):
        from .gitconfig import parse as parse_git

        return parse_git(source, template)
    return _Reader(source, template, dialect(source.path)).read()


class _Reader:
    def __init__(self, source: Source, template: str, dialect: Dialect) -> None:
        self.reading = Reading(source, "ini", template)
        self.text = self.reading.text
        self.dialect = dialect
        self.section = self.reading.root
        self.sections: dict[str, Node] = {}
        self.last: _Value | None = None
        self.indent = 0

    def read(self) -> Document:
        joined = _joined(self) if self.dialect.backslash else None
        for start, end in self.reading.lines() if joined is None else joined:
            self._line(start, end)
        self._finish()
        return self.reading.document()

    def _line(self, start: int, end: int) -> None:
        text = self.text
        first = start
        while first < end and text[first].isspace():
            first += 1
        while end > first and text[end - 1].isspace():
            end -= 1
        if first == end:
            if self.last is not None:
                self.last.parts.append("")
            return
        if text[first] in self.dialect.comments:
            return
        if self.dialect.indented and self.last is not None and first - start > self.indent:
            self.last.more(first, end, text)
            return
        self.indent = first - start
        self._finish()
        if text[first] == "[" and self._header(first, end):
            return
        if text[first] == "!" and text.startswith(("!include", "!includedir"), first):
            name_end = next((at for at in range(first, end) if text[at].isspace()), end)
            self._add(self.section, self.reading.scalar(*_trim(text, name_end, end), text[name_end:end].strip()), first, name_end)
        elif self.dialect.hosts and self.section.key != "vars":
            self._host(first, end)
        else:
            self._entry(first, end)

    def _header(self, first: int, end: int) -> bool:
        m = _HEADER.match(self.text, first, end)
        if m is None:
            self.reading.problem("a section header lacks its name or its ]", first, end)
            return False
        start, stop = m.span(1)
        if self.dialect is not _GENERIC:
            close = self.text.find("]", first, end)  # only Python takes the last one
            stop = close if close > start else stop
        parent, names = self.reading.root, self.reading.source.text[start:stop]
        section = self.sections.get(names)
        if section is None:
            section = self.reading.mapping(first, stop + 1)
            if self.dialect.hosts and ":" in names:
                parent = self._group(names.partition(":")[0], first, start)
                start += names.index(":") + 1
            section = parent.add(section, names.rpartition(":")[2] if self.dialect.hosts else names, start, stop)
            self.sections[names] = section
        section.end = max(section.end, stop + 1)
        grow(section, self.reading.root)
        self.section = section
        return True

    def _group(self, name: str, first: int, start: int) -> Node:
        """The group of hosts that ``[name:vars]`` speaks of."""
        group = self.sections.get(name)
        if group is None:
            group = self.sections[name] = self.reading.mapping(first, start + len(name))
            self.reading.root.add(group, name, start, start + len(name))
        return group

    def _entry(self, first: int, end: int) -> None:
        text = self.text
        at = min((found for sign in self.dialect.delimiters if (found := text.find(sign, first, end)) >= 0), default=-1)
        if self.dialect.spaced:
            blank = next((i for i in range(first, end) if text[i].isspace()), end)
            if at < 0 or text[blank:at].strip():
                at = blank if blank < end else -1
        if at == first:
            self.reading.problem("a value without a key", first, end)
            return
        if at < 0:
            self._alone(first, end)
            return
        key_start, key_end = _trim(text, first, at)
        value = _Value(*_trim(text, at + 1, end), text)
        if self.dialect.spaced and text[at].isspace() and not value.written(text).strip():
            self._alone(first, end)
            return
        value.key_start, value.key_end = key_start, key_end
        self.last = value
        if not self.dialect.indented:
            self._finish()

    def _alone(self, first: int, end: int) -> None:
        """A key without delimiter."""
        stop = end
        for sign in self.dialect.inline:
            at = self.text.find(sign, first, stop)
            stop = at if at > first else stop
        first, stop = _trim(self.text, first, stop)
        bare = self.dialect.bare
        node = Node("scalar", self.reading.source, stop, stop, value=bare, text="" if bare is None else "true")
        self._add(self.section, node, first, stop)

    def _finish(self) -> None:
        """Enter the value that no further line can continue."""
        value, self.last = self.last, None
        if value is None:
            return
        start, end = value.start, value.end
        decoded, style = "\n".join(value.parts).rstrip(), ""
        if self.dialect.quotes or self.dialect.inline:
            decoded, end, style = _unquoted(self.text, start, end, self.dialect)
        if self.dialect.backslash:
            decoded = re.sub(r"(?<![ \t])[ \t]*+\\(?:\r\n?|\n)(?:[ \t]*[#;][^\r\n]*(?:\r\n?|\n))*[ \t]*", " ", decoded)
        self._add(self.section, self.reading.scalar(start, end, decoded, style), value.key_start, value.key_end)

    def _add(self, parent: Node, node: Node, key_start: int, key_end: int) -> None:
        key = self.reading.source.text[key_start:key_end]
        if self.dialect.lower:
            key = key.lower()
        if self.dialect.lists and key.endswith("[]"):
            key, key_end = key[:-2], key_end - 2
            array = next((child for child in parent.children if child.key == key and child.kind == "sequence"), None)
            if array is None:
                array = parent.add(Node("sequence", self.reading.source, node.start, node.end), key, key_start, key_end)
            array.add(node)
        else:
            parent.add(node, key, key_start, key_end)
        grow(node, self.reading.root)

    def _host(self, first: int, end: int) -> None:
        """``name key=value key=value``, a line of an Ansible inventory."""
        text = self.text
        name_end = next((at for at in range(first, end) if text[at].isspace()), end)
        host = self.reading.mapping(first, name_end)
        self._add(self.section, host, first, name_end)
        for m in _WORD.finditer(text, name_end, end):
            if "#" in text[name_end : m.start()] and re.search(r"\s#", text[name_end : m.start()]):
                break
            start, stop = m.span(2)
            quoted = stop - start >= 2 and text[start] in "\"'"
            decoded = text[start + 1 : stop - 1] if quoted else text[start:stop]
            host.end = stop
            self._add(host, self.reading.scalar(start, stop, decoded, text[start] if quoted else ""), *m.span(1))


class _Value:
    """A value while lines may still continue it."""

    __slots__ = ("end", "key_end", "key_start", "parts", "start")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start, self.end = start, end
        self.parts = [text[start:end]]
        self.key_start = self.key_end = start

    def more(self, start: int, end: int, text: str) -> None:
        if self.start == self.end:
            self.start = start
        self.end = end
        self.parts.append(text[start:end])

    def written(self, text: str) -> str:
        return text[self.start : self.end]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end`` without blanks between them and what stands inside; where nothing does, the place right at ``start``."""
    begin = start
    while begin < end and text[begin].isspace():
        begin += 1
    if begin == end:
        return start, start
    while text[end - 1].isspace():
        end -= 1
    return begin, end


def _unquoted(text: str, start: int, end: int, dialect: Dialect) -> tuple[str, int, str]:
    """The value without its quotes and without a comment behind it, where it ends, and its quote."""
    quote = text[start : start + 1] if start < end else ""
    if quote and quote in dialect.quotes:
        at = start + 1
        while at < end:
            if text[at] == "\\" and at + 1 < end:
                at += 2
            elif text[at] == quote:
                if dialect.doubled and text.startswith(quote, at + 1):
                    at += 2
                    continue
                rest = text[at + 1 : end].strip()
                if not rest or rest[0] in dialect.inline:
                    inner = text[start + 1 : at]
                    inner = inner.replace(quote * 2, quote) if dialect.doubled else inner
                    return re.sub(r"\\([\\'\"])", r"\1", inner), at + 1, quote
                break
            else:
                at += 1
    for sign in dialect.inline:
        at = text.find(sign, start, end)
        while at > start and text[at - 1] == "\\":
            at = text.find(sign, at + 1, end)
        if at >= 0:
            end = at
    start, end = _trim(text, start, end)
    return text[start:end], end, ""


def _joined(reader: _Reader) -> list[tuple[int, int]]:
    """Lines with those joined that end in a backslash; comments between them do not end the value (systemd.syntax)."""
    text, lines = reader.text, list(reader.reading.lines())
    joined: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        start, end = lines[at]
        comment = text[start:end].lstrip()[:1] in ("#", ";")
        while not comment and text.endswith("\\", start, end) and at + 1 < len(lines):
            at += 1
            while at + 1 < len(lines) and text[slice(*lines[at])].lstrip()[:1] in ("#", ";"):
                at += 1
            end = lines[at][1]
        joined.append((start, end))
        at += 1
    return joined
