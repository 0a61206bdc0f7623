"""Every encoding inside every other: the secret is found two levels deep, and its span is the exact stretch that encodes it."""

from __future__ import annotations

import base64
import gzip
import io
import itertools
import json
import zipfile
from collections.abc import Callable

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets import decode
from secops_hooks.secrets.check import check

SECRET = "q7Rx2mZk9" + "Tw4Lpv8Nd"
PLAIN = f"user: deploy\ndb_password: {SECRET}\nregion: eu-central-1\nendpoint: https://a.internal/path\n"
Encoded = tuple[str, Callable[[int], int], Callable[[int], int]]  # text; where character i of the input begins; where j - 1 ends


def of_base64(text: str) -> Encoded:
    return base64.b64encode(text.encode()).decode(), lambda i: i * 4 // 3, lambda j: -(-j * 4 // 3)


def of_url_base64(text: str) -> Encoded:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("="), lambda i: i * 4 // 3, lambda j: -(-j * 4 // 3)


def of_wrapped(text: str) -> Encoded:
    body = base64.b64encode(text.encode()).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return lines, lambda i: i * 4 // 3 + i * 4 // 3 // 64, lambda j: -(-j * 4 // 3) + (-(-j * 4 // 3) - 1) // 64


def of_hex(text: str) -> Encoded:
    return text.encode().hex(), lambda i: 2 * i, lambda j: 2 * j


def _by_character(encode: Callable[[str], str]) -> Callable[[str], Encoded]:
    def encoded(text: str) -> Encoded:
        pieces = [encode(char) for char in text]
        ends = [0, *itertools.accumulate(map(len, pieces))]
        return "".join(pieces), lambda i: ends[i], lambda j: ends[j]

    return encoded


of_percent = _by_character(lambda char: char if char.isalnum() else f"%{ord(char):02X}")
of_percent_all = _by_character(lambda char: f"%{ord(char):02x}")
of_u = _by_character(lambda char: f"\\u{ord(char):04x}")
of_x = _by_character(lambda char: f"\\x{ord(char):02x}")
of_json = _by_character(lambda char: json.dumps(char)[1:-1])

ENCODERS = {
    "base64": of_base64, "base64 for URLs": of_url_base64, "base64 over lines": of_wrapped, "hex": of_hex, "percent": of_percent,
    "percent, all": of_percent_all, "u escapes": of_u, "x escapes": of_x, "JSON": of_json,
}  # fmt: skip
ONCE = {"base64", "base64 for URLs", "base64 over lines", "hex", "percent, all", "u escapes", "x escapes"}


def find(path: str, data: bytes, options: dict[str, object] | None = None) -> list[Finding]:
    source = Source(path, data)
    settings = Settings(extra={"secrets": options}) if options else Settings()
    return list(check(File(source, detect(path, source.text)), MemoryTree({path: source.text}), settings))


@pytest.mark.parametrize("name", sorted(ONCE))
def test_one_level_has_the_exact_span(name: str) -> None:
    text, start, end = ENCODERS[name](PLAIN)
    file = f'blob = "{text}"\n'
    at, source = PLAIN.index(SECRET), Source.from_text("a.txt", file)
    assert source.span(8 + start(at), 8 + end(at + len(SECRET))) in [found.span for found in find("a.txt", file.encode())]


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(ENCODERS, ENCODERS)))
def test_two_levels_have_the_exact_span(outer: str, inner: str) -> None:
    hidden, inner_start, inner_end = ENCODERS[inner](PLAIN)
    middle = f'{{"name": "settings", "blob": "{hidden}", "kind": "opaque"}}'
    shown, outer_start, outer_end = ENCODERS[outer](middle)
    file = f'{{"outer": "{shown}"}}\n'
    at, shift = PLAIN.index(SECRET), middle.index(hidden)
    first = file.index(shown) + outer_start(shift + inner_start(at))
    last = file.index(shown) + outer_end(shift + inner_end(at + len(SECRET)))
    spans = [found.span for found in find("a.txt", file.encode())]
    assert Source.from_text("a.txt", file).span(first, last) in spans, spans


def test_notebooks_are_read_in_source_and_outputs() -> None:
    cells = [
        {"cell_type": "code", "source": ["import os\n", f'db_password = "{SECRET}"\n'], "outputs": []},
        {"cell_type": "code", "source": [], "outputs": [{"output_type": "stream", "text": [f"connected with password={SECRET}x\n"]}]},
        {"cell_type": "code", "source": [], "outputs": [{"data": {"text/plain": [base64.b64encode(PLAIN.encode()).decode()]}}]},
    ]
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1)
    lines = {found.span.line for found in find("a.ipynb", text.encode()) if found.tier != "audit"}
    expected = {number for number, line in enumerate(text.split("\n"), 1) if SECRET in line or "dXNlcjog" in line}
    assert lines == expected


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_characters_have_the_columns_of_the_text(codec: str) -> None:
    text = f"user = deploy\ndb_password = {SECRET}\nblob = {base64.b64encode(PLAIN.encode()).decode()}\n"
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(codec, b"")
    found = [each for each in find("a.ini", bom + text.encode(codec)) if each.tier != "audit"]
    assert sorted((each.span.line, each.span.col) for each in found) == [(2, 15), (3, 8 + PLAIN.index(SECRET) * 4 // 3)]


def test_archives_only_when_asked_for() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conf/app.env", base64.b64encode(PLAIN.encode()).decode() + "\n")
    for path, data in (("a.zip", packed.getvalue()), ("a.env.gz", gzip.compress(PLAIN.encode()))):
        assert find(path, data) == []
        assert [found.tier for found in find(path, data, {"archives": True})] == ["block"]


def test_levels_end_at_two() -> None:
    text = PLAIN
    for _ in range(3):
        text = base64.b64encode(f"blob: {text} and more text\n".encode()).decode()
    assert not any(SECRET in layer.text for layer in decode.layers(Source.from_text("a.txt", f"x: {text}\n")))
