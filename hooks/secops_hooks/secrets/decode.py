"""What is written in another encoding: base64, hexadecimal, percent, ``\\u`` and ``\\x`` escapes, strings inside strings.

``layers`` gives every decoded text that could hide a credential, two levels deep, each knowing where its characters
stand in the file. Total work is linear in the file's size and bounded; a file without long encoded runs costs one scan.
``members`` opens gzip and zip data, for callers whose user asked for it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..files.filetype import path_traits
from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

    from ..files.source import Source
    from ..finding import Span

LEVELS: Final = 2
MAX_OUTPUT: Final = 8 * 1024 * 1024  # characters of decoded text of one file, or four times its size if that is more
MAX_RUN: Final = 1024 * 1024
MAX_MEMBER: Final = 4 * 1024 * 1024


class Layer:
    """Decoded ``text`` and where it came from. ``encoding`` names the way from the file: ``base64``, ``base64+hex``.

    ``unit``: how many characters of the layer above make how many of this one, where that is constant (base64: 4 to 3);
    ``places``: else where in the layer above the characters stand, as (index, offset) steps, and ``width``, if not up to the
    next, how many characters there make one. With neither, the whole stretch stands for every character.
    """

    __slots__ = ("encoding", "end", "parent", "places", "source", "start", "text", "unit", "width")

    def __init__(
        self,
        source: Source,
        text: str,
        encoding: str,
        start: int,
        end: int,
        *,
        unit: tuple[int, int] | None = None,
        places: tuple[tuple[int, int], ...] = (),
        width: int = 0,
        parent: Layer | None = None,
    ) -> None:
        self.source = source
        self.text = text
        self.encoding = encoding
        self.start = start
        self.end = end
        self.unit = unit
        self.places = places
        self.width = width
        self.parent = parent

    def _above(self, i: int) -> int:
        """Where character ``i`` of this text begins in the layer above."""
        if self.places:
            index, offset = self.places[max(0, bisect_right(self.places, i, key=_index) - 1)]
            return min(offset + (i - index), self.end)
        if self.unit:
            outer, inner = self.unit
            return min(self.start + i * outer // inner, self.end)
        return self.start

    def offset(self, i: int) -> int:
        """The offset in ``source.text`` at which character ``i`` of :attr:`text` begins."""
        above = self._above(i)
        return self.parent.offset(above) if self.parent else above

    def stop(self, j: int) -> int:
        """The offset in ``source.text`` behind character ``j - 1``."""
        above = self._behind(j)
        return self.parent.stop(above) if self.parent else above

    def _behind(self, j: int) -> int:
        """Where character ``j - 1`` of this text ends in the layer above."""
        if j >= len(self.text) or not (self.places or self.unit):
            return self.end
        if self.unit:
            outer, inner = self.unit
            return min(self.start - (-j * outer // inner), self.end)
        return min(self._above(j - 1) + self.width, self.end) if self.width and j else self._above(j)

    def encodes(self, i: int, j: int) -> bool:
        """Whether ``text[i:j]`` stands in another form in the layer above."""
        above = self.parent.text if self.parent else self.source.text
        return above[self._above(i) : self._behind(j)] != self.text[i:j]

    def span(self, i: int, j: int) -> Span:
        """The span in the file of ``text[i:j]``."""
        start = self.offset(i)
        return self.source.span(start, max(start, self.stop(j)))


def _index(step: tuple[int, int]) -> int:
    return step[0]


# -- which runs are worth decoding

_LONG: Final = 24  # shorter runs hide no credential worth the search; data of Kubernetes Secrets is read elsewhere
_WRAPPED: Final = r"""[A-Za-z0-9+/]{40,}(?:[ \t]*\\?\r?\n[ \t#>*\"'+]*[A-Za-z0-9+/]{4,}={0,2}(?=[ \t]*(?:\\|\r?\n|["',;)]|\Z))){1,20000}"""
_PERCENT: Final = r"%[0-9A-Fa-f]{2}"
_AROUND: Final = r"[\w.~!*()+:@&=,;/%-]{0,16384}"
_ALPHABET: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
_MAP: Final = bytes(97 if code in _ALPHABET else 32 for code in range(256))
_MARK: Final = b"a" * _LONG


_PLAIN: Final = (".svg", ".pem", ".crt", ".cer", ".asc", ".sig", ".woff", ".css")  # base64 that is no text, or none at all


@lru_cache(maxsize=8)
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def layers(source: Source, *, levels: int = LEVELS) -> Iterator[Layer]:
    """The decoded layers of ``source``, outer before inner. Lock files, source maps and binary files have none."""
    if source.binary or source.path.lower().endswith(_PLAIN) or "generated" in path_traits(source.path):
        return
    budget = [max(MAX_OUTPUT, 4 * len(source.text))]  # what linear decoding can give; only nesting meets the bound
    yield from _within(source, source.text, None, levels, budget)


def _within(source: Source, text: str, parent: Layer | None, levels: int, budget: list[int]) -> Iterator[Layer]:
    if levels <= 0:
        return
    for decoded in _decoded(source, text, parent):
        if budget[0] <= 0:
            return
        budget[0] -= len(decoded.text)
        yield decoded
        yield from _within(source, decoded.text, decoded, levels - 1, budget)


def _decoded(source: Source, text: str, parent: Layer | None) -> Iterator[Layer]:
    yield from _escaped(source, text, parent)
    if "%" in text:
        yield from _percent(source, text, parent)
    yield from _runs(source, text, parent)


def _layer(
    source: Source,
    parent: Layer | None,
    text: str,
    how: str,
    start: int,
    end: int,
    *,
    unit: tuple[int, int] | None = None,
    places: tuple[tuple[int, int], ...] = (),
    width: int = 0,
) -> Layer:
    name = f"{parent.encoding}+{how}" if parent else how
    return Layer(source, text, name, start, end, unit=unit, places=places, width=width, parent=parent)


def _readable(data: bytes) -> str | None:
    """``data`` as text when nearly all of it is printable."""
    if b"\0" in data and data.count(0) * 3 > len(data):
        try:
            text = data.decode("utf-16-le")
        except UnicodeDecodeError:
            return None
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return None
    sample = text[:4096]
    good = sum(char.isprintable() or char in "\r\n\t" for char in sample)
    plain = sum(" " <= char <= "~" or char in "\r\n\t" for char in sample)
    return text if sample and good >= 0.97 * len(sample) and plain >= 0.8 * len(sample) else None


def _runs(source: Source, text: str, parent: Layer | None) -> Iterator[Layer]:
    """Long runs of base64 or hexadecimal: found by mapping the text to two letters and searching for one of them."""
    one_byte_each = parent is None and len(source.data) == len(text)
    mapped = (source.data if one_byte_each else text.encode("latin-1", "replace")).translate(_MAP)
    at = mapped.find(_MARK)
    while at >= 0:
        end = mapped.find(b" ", at)
        end = len(text) if end < 0 else end
        stop = min(end, at + MAX_RUN)
        if _may_hide_text(text[at:stop]):
            yield from _run(source, text, parent, at, stop)
        resume = end
        if end - at >= 40 and text[end : end + 1] in ("\n", "\r", "\\", " ", '"', "'"):
            wrapped = _pattern(_WRAPPED).match(text, at, min(len(text), at + MAX_RUN))
            if wrapped:
                resume = wrapped.end()
        at = mapped.find(_MARK, resume)


def _may_hide_text(run: str) -> bool:
    """A glance at a run, which nearly none passes: is it base64 of text, or hexadecimal?"""
    if run.islower() or run.isupper() or not _encoded_text(run):  # text in base64 always mixes
        return _is_hexadecimal(run)
    return True


def _run(source: Source, text: str, parent: Layer | None, start: int, end: int) -> Iterator[Layer]:
    run = text[start:end]
    if run.islower() or run.isupper():
        yield from _hexadecimal(source, parent, run, start, end)
        return
    if _skipped(text, start):
        return
    if end - start >= 40 and text[end : end + 1] in ("\n", "\r", "\\", " ", '"', "'"):
        wrapped = _pattern(_WRAPPED).match(text, start, min(len(text), start + MAX_RUN))
        if wrapped:
            yield from _wrapped(source, text, parent, wrapped)
            return
    data = _bytes(run) if _encoded_text(run) else b""
    decoded = _readable(data) if data else None
    if decoded and len(decoded) >= 8:
        wide = len(decoded) * 2 <= len(data)
        yield _layer(source, parent, decoded, "base64", start, end, unit=(8, 3) if wide else (4, 3) if decoded.isascii() else None)
    else:
        yield from _hexadecimal(source, parent, run, start, end)


def _bytes(run: str) -> bytes:
    """The bytes of a run of base64 (RFC 4648, either alphabet), padded or not; a dangling last character is dropped."""
    import binascii

    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        body = body[:-1]
    return binascii.a2b_base64(body + "=" * (-len(body) % 4))


_READABLE: Final = bytes(code for code in range(256) if 32 <= code < 127 or code in (9, 10, 13) or code >= 0xC2)


def _skipped(text: str, start: int) -> bool:
    """Runs that are data by declaration: images and fonts in data URIs, digests of subresource integrity."""
    before = text[max(0, start - 40) : start]
    if before.endswith("base64,"):
        return any(kind in before for kind in ("image/", "font", "audio/", "video/", "octet-stream"))
    return before.endswith(("sha512-", "sha256-", "sha384-", "sha1-"))


def _encoded_text(run: str) -> bool:
    """Whether the first characters decode to printable ones: a look at twenty of them spares decoding the rest."""
    head = _bytes(run[:20])
    wide = head.count(0) * 2 >= len(head) - 2  # UTF-16, as PowerShell encodes
    return wide or len(head.translate(None, _READABLE)) <= 1


def _wrapped(source: Source, text: str, parent: Layer | None, found: re.Match[str]) -> Iterator[Layer]:
    """Base64 over several lines: the places of each line are kept."""
    if not _encoded_text(text[found.start() : found.start() + 20]):
        return
    pieces = [piece.span() for piece in _pattern(r"[A-Za-z0-9+/]+={0,2}").finditer(text, found.start(), found.end())]
    decoded = _readable(_bytes("".join(text[start:end] for start, end in pieces)))
    if not decoded or not decoded.isascii():
        return
    places: dict[int, int] = {}
    done = 0
    for start, end in pieces:
        for step in range(-done % 4, end - start, 4):
            index = (done + step) // 4 * 3
            for byte in range(3):
                places[index + byte] = start + step + byte
        done += end - start
    yield _layer(source, parent, decoded, "base64", found.start(), found.end(), places=tuple(places.items()), width=2)


def _is_hexadecimal(run: str) -> bool:
    return len(run) >= 32 and len(run) % 2 == 0 and _pattern(r"[0-9a-fA-F]+\Z").match(run) is not None


def _hexadecimal(source: Source, parent: Layer | None, run: str, start: int, end: int) -> Iterator[Layer]:
    if not _is_hexadecimal(run):
        return
    data = bytes.fromhex(run)
    if sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in data[:64]) < len(data[:64]):
        return
    decoded = _readable(data)
    if decoded:
        yield _layer(source, parent, decoded, "hex", start, end, unit=(2, 1) if decoded.isascii() else None)


def _percent(source: Source, text: str, parent: Layer | None) -> Iterator[Layer]:
    """Stretches with at least two percent escapes (RFC 3986)."""
    from urllib.parse import unquote_to_bytes

    escape, around = _pattern(_PERCENT), _pattern(_AROUND)
    at = 0
    while True:
        first = escape.search(text, at)
        if first is None:
            return
        left = _pattern(_AROUND + r"\Z").search(text, max(0, first.start() - 100), first.start())
        right = around.match(text, first.start())
        start, end = left.start() if left else first.start(), right.end() if right else first.end()
        at = max(end, first.end())
        run = text[start:end]
        if run.count("%") < 2 and len(run) < 32:
            continue
        decoded = _readable(unquote_to_bytes(run))
        if decoded and decoded.isascii() and len(decoded) >= 8 and decoded != run:
            yield _layer(source, parent, decoded, "percent", start, end, places=_steps(run, start, _PERCENT))


def _steps(run: str, start: int, escape: str) -> tuple[tuple[int, int], ...]:
    """(index, offset) wherever an escape of one character begins or plain text goes on behind it."""
    steps = [(0, start)]
    shrunk = 0
    for found in _pattern(escape).finditer(run):
        steps.append((found.start() - shrunk, start + found.start()))
        shrunk += len(found[0]) - 1
        steps.append((found.end() - shrunk, start + found.end()))
    return tuple(dict(steps).items())


_WORTH: Final = r"""\\(?:u[0-9a-fA-F]{4}.{0,4}\\u|x[0-9a-fA-F]{2}.{0,4}\\x|"[^"\r\n]{4}|[nrt](?=[\w+/=.-]{16}))"""
_ONE_ESCAPE: Final = r"""\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|([0-7]{3})|(.))"""
_SIMPLE: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "0": "\0"}


def _escaped(source: Source, text: str, parent: Layer | None) -> Iterator[Layer]:
    """Lines with ``\\u``, ``\\x`` or quotes escaped inside a string: the string as the program sees it."""
    if "\\" not in text:
        return
    at = 0
    while at < len(text):
        found = _pattern(_WORTH).search(text, at)
        if found is None:
            return
        start = max(text.rfind("\n", 0, found.start()) + 1, found.start() - 4096)
        end = text.find("\n", found.start())
        end = len(text) if end < 0 else end
        end = min(end, found.start() + 65536)
        at = end + 1
        line = text[start:end]
        decoded, places = _unescape(line, start)
        yield _layer(source, parent, decoded, "escapes", start, end, places=places)


def _unescape(line: str, start: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    out: list[str] = []
    places = [(0, start)]
    size = last = 0
    for found in _pattern(_ONE_ESCAPE).finditer(line):
        plain = line[last : found.start()]
        out.append(plain)
        size += len(plain)
        places.append((size, start + found.start()))
        code = found[1] or found[2]
        number = int(code, 16) if code else int(found[3], 8) if found[3] else -1
        char = (chr(number) if number < 0x110000 else "\ufffd") if number >= 0 else _SIMPLE.get(found[4], found[4])
        out.append(char)
        size += len(char)
        places.append((size, start + found.end()))
        last = found.end()
    out.append(line[last:])
    return "".join(out), tuple(dict(places).items())


def members(data: bytes, *, limit: int = MAX_MEMBER) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files inside gzip or zip ``data``, at most ``limit`` bytes together. Damaged data gives none."""
    if data[:2] == b"\x1f\x8b":
        import zlib

        try:
            inflater = zlib.decompressobj(wbits=31)
            yield "", inflater.decompress(data, limit)
        except zlib.error:
            return
    elif data[:4] == b"PK\x03\x04":
        import io
        import zipfile

        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for info in archive.infolist()[:1000]:
                    if limit <= 0 or info.flag_bits & 1 or info.is_dir():
                        continue
                    with archive.open(info) as member:
                        content = member.read(limit)
                    limit -= len(content)
                    yield info.filename, content
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            return


def unread(data: bytes, read: Mapping[str, int]) -> list[str]:
    """Members of zip ``data`` of which ``read`` (name to bytes) has not the whole: encrypted, damaged, too large or too many."""
    if data[:4] != b"PK\x03\x04":
        return []
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [each.filename for each in archive.infolist() if not each.is_dir() and read.get(each.filename, -1) < each.file_size]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return []  # nothing of it could be read, which is told as such
