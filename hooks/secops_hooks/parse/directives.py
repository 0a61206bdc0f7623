"""Files of directives to the one tree: web servers, SSH, Redis, HAProxy, sudoers, PostgreSQL's access list.

A directive is an entry under its name: a scalar when it has one argument, else a sequence of its arguments. A block is a
mapping with its own arguments under ``@args``. Where the tool does not mind case (SSH, Apache, Redis), names are given in
lower case. Files with braces are read in ``braces.py``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from .node import MAX_DEPTH, Document, Node
from .scalar import Reading, grow
from .words import Word, block, enter, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..files.source import Source

Dialect: TypeAlias = Literal["nginx", "caddyfile", "apache", "sshd", "ssh-client", "redis", "haproxy", "sudoers", "pg-hba", "plain"]

_DIALECTS: Final[tuple[tuple[str, Dialect], ...]] = (
    (r"/(httpd|apache2?)[^/]*\.conf[^/]*$|/(apache2?|httpd)/.*|/\.?htaccess$", "apache"),
    (r"/sshd_config", "sshd"),
    (r"/ssh_config|/\.?ssh/config$", "ssh-client"),
    (r"/sudoers", "sudoers"),
    (r"/(redis|valkey)[^/]*\.conf[^/]*$|/sentinel[^/]*\.conf[^/]*$", "redis"),
    (r"/haproxy[^/]*\.(cfg|conf)|/haproxy/.*\.(cfg|conf)", "haproxy"),
    (r"caddyfile[^/]*$", "caddyfile"),
    (r"/pg_hba[^/]*\.conf", "pg-hba"),
    (r"/\.yarnrc$", "plain"),
    (r"nginx", "nginx"),
)
_SITES: Final = r"/(sites-(available|enabled)|conf\.d)/"
_APACHE: Final = r"(?m)^[ \t]*</?(VirtualHost|Directory|IfModule|Location|Files|IfDefine|Proxy)\b"
_SECTION: Final = re.compile(r"<(/?)([A-Za-z][\w.:-]*)")
_HAPROXY: Final = frozenset(
    {
        "global", "defaults", "frontend", "backend", "listen", "userlist", "peers", "resolvers", "mailers", "program", "cache",
        "http-errors", "ring", "log-forward", "log-profile", "fcgi-app", "crt-store", "traces", "acme", "ruleset",
    }
)  # fmt: skip
_PG_COLUMNS: Final = ("database", "user", "address", "method")
_MASK: Final = re.compile(r"[0-9.]+\Z|[0-9a-f:]+:[0-9a-f:]*\Z", re.IGNORECASE)


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[re.Pattern[str], Dialect], ...]:
    return tuple((re.compile(pattern), name) for pattern, name in _DIALECTS)


def dialect(path: str, text: str = "") -> Dialect:
    """Which tool reads the file at ``path``; where that does not say, ``text`` tells Apache's sections from nginx's blocks."""
    low = "/" + path.lower()
    named = next((name for pattern, name in _table() if pattern.search(low)), None)
    return named or ("apache" if re.search(_APACHE, text) else "nginx" if re.search(_SITES, low) else "plain")


def parse(source: Source, template: str) -> Document:
    """The document of a file of directives, in the dialect of its path."""
    reading = Reading(source, "directives", template)
    name = dialect(source.path, source.text)
    if name in ("nginx", "caddyfile"):
        from .braces import read

        read(reading, name == "caddyfile")
    else:
        _READERS[name](reading)
    return reading.document()


def _lines(reading: Reading, continued: bool = False) -> Iterator[tuple[int, int]]:
    """Lines that are neither blank nor a comment; with ``continued`` a backslash joins the next one."""
    text = reading.text
    begin = -1
    for start, end in reading.lines():
        if begin < 0:
            while start < end and text[start].isspace():
                start += 1
            if start == end or text[start] == "#":
                continue
            begin = start
        if continued and text.endswith("\\", begin, end) and not text.endswith("\\\\", begin, end):
            continue
        yield begin, end
        begin = -1
    if begin >= 0:
        yield begin, len(text)


def _directives(reading: Reading, comment: str = "#") -> Iterator[tuple[Word, list[Word]]]:
    """The first word of each line, and its others."""
    for start, end in _lines(reading):
        found = words(reading.text, start, end, comment=comment)
        if found:
            yield found[0], found[1:]


def _plain(reading: Reading) -> None:
    for name, rest in _directives(reading):
        enter(reading, reading.root, name, rest)


def _redis(reading: Reading) -> None:
    for name, rest in _directives(reading, comment=""):
        enter(reading, reading.root, name, rest, name.text.lower())


def _ssh(reading: Reading) -> None:
    """sshd_config(5) and ssh_config(5): ``Match`` and ``Host`` reach to the next of them."""
    text, into = reading.text, reading.root
    for start, end in _lines(reading):
        key_end = next((at for at in range(start, end) if text[at].isspace() or text[at] == "="), end)
        at = key_end
        while at < end and text[at].isspace():
            at += 1
        at += 1 if text.startswith("=", at, end) else 0
        name = Word(start, key_end, text[start:key_end], "")
        key = name.text.lower()
        if not key:
            reading.problem("a value without a keyword", start, end)
            continue
        rest = words(text, at, end, '"')
        if key in ("match", "host"):
            into = block(reading, reading.root, name, rest, start, key)
            into.end = rest[-1].end if rest else key_end
        else:
            grow(enter(reading, into, name, rest, key), reading.root)


def _apache(reading: Reading) -> None:
    text, stack = reading.text, [reading.root]
    for start, end in _lines(reading, continued=True):
        m = _SECTION.match(text, start, end)
        if m is None:
            found = words(text, start, end, comment="")
            if found:
                grow(enter(reading, stack[-1], found[0], found[1:], found[0].text.lower()), reading.root)
            continue
        key = m[2].lower()
        close = text.rfind(">", start, end)
        if close < 0:
            reading.problem("a section lacks its >", start, end)
            close = end
        if not m[1]:
            _apache_open(reading, stack, m, close, end)
        elif len(stack) > 1 and stack[-1].key == key:
            stack.pop().end = end
        else:
            reading.problem(f"</{m[2]}> closes nothing that is open here", start, end)
    for node in stack[1:]:
        reading.problem("a section is not closed", node.key_start, node.key_end)
        node.end = len(text)


def _apache_open(reading: Reading, stack: list[Node], m: re.Match[str], close: int, end: int) -> None:
    if len(stack) > MAX_DEPTH:
        reading.problem(f"nested deeper than {MAX_DEPTH} levels", m.start(), end)
        return
    name = Word(m.start(2), m.end(2), m[2], "")
    node = block(reading, stack[-1], name, words(reading.text, m.end(), close, comment=""), m.start(), m[2].lower())
    node.end = min(close + 1, end)
    grow(node, reading.root)
    stack.append(node)


def _haproxy(reading: Reading) -> None:
    into = reading.root
    for name, rest in _directives(reading):
        if name.text in _HAPROXY:
            into = block(reading, reading.root, name, rest, name.start)
            into.end = rest[-1].end if rest else name.end
        else:
            grow(enter(reading, into, name, rest), reading.root)


def _sudoers(reading: Reading) -> None:
    """sudoers(5): ``Defaults`` and aliases under their words, rules under the user or group they are for."""
    text = reading.text
    for start, end in _sudo_lines(reading):
        found = words(text, start, end, '"', comment="#" if text[start] != "#" else "")
        if not found:
            continue
        name, *rest = found
        arguments = [part for word in rest for part in _commas(word)]
        key = name.text
        for sign in ":@>!":  # Defaults:user, Defaults@host, Defaults>runas, Defaults!command
            if key.startswith(f"Defaults{sign}"):
                arguments.insert(0, Word(name.start + 8, name.end, key[8:], ""))
                name = Word(name.start, name.start + 8, "Defaults", "")
        enter(reading, reading.root, name, arguments, name.text)


def _sudo_lines(reading: Reading) -> Iterator[tuple[int, int]]:
    """Lines, and the ``#include`` that look like comments."""
    text = reading.text
    included = [(m.start(), m.end()) for m in re.finditer(r"^#include(?:dir)?[ \t][^\r\n]*", text, re.MULTILINE)]
    yield from sorted([*_lines(reading, continued=True), *included])


def _commas(word: Word) -> Iterator[Word]:
    if word.style or "," not in word.text or len(word.text) != word.end - word.start:
        yield word
        return
    for m in re.finditer(r"[^,]+", word.text):
        yield Word(word.start + m.start(), word.start + m.end(), m[0], "")


def _pg_hba(reading: Reading) -> None:
    """pg_hba.conf: a mapping of its columns for each line, under the kind of connection; options under their names."""
    for name, rest in _directives(reading):
        if name.text.startswith(("include", "@")):
            enter(reading, reading.root, name, rest)
            continue
        columns = [column for column in _PG_COLUMNS if name.text != "local" or column != "address"]
        if len(rest) > 3 and name.text != "local" and _MASK.match(rest[3].text) and "/" not in rest[2].text:
            columns.insert(3, "mask")
        if len(rest) < len(columns):
            reading.problem(f"a line of {name.text} needs {len(columns) + 1} columns", name.start, name.end)
        row = reading.root.add(reading.mapping(name.start, rest[-1].end if rest else name.end), name.text, name.start, name.end)
        for column, word in zip(columns, rest, strict=False):
            row.add(reading.scalar(word.start, word.end, word.text, word.style), column, word.start, word.start)
        for word in rest[len(columns) :]:
            option, equals, text = word.text.partition("=")
            at = word.start + len(option) + len(equals)
            quote = '"' if len(text) > 1 and text[0] == text[-1] == '"' else ""
            node = reading.scalar(min(at, word.end), word.end, text.strip('"') if quote else text, quote)
            row.add(node, option, word.start, word.start + len(option))


_READERS: Final[dict[Dialect, Callable[[Reading], None]]] = {
    "plain": _plain,
    "redis": _redis,
    "sshd": _ssh,
    "ssh-client": _ssh,
    "apache": _apache,
    "haproxy": _haproxy,
    "sudoers": _sudoers,
    "pg-hba": _pg_hba,
}
