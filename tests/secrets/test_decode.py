"""Decoded layers: what is found in each encoding, where it stands, and that hostile input stays within bounds."""

from __future__ import annotations

import base64
import gzip
import io
import json
import time
import zipfile
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.secrets import decode

SECRET = "db_password: " + "q7Rx2mZk9" + "Tw4Lpv8Nd"
PLAIN = f"user: deploy\n{SECRET}\nregion: eu-central-1\nendpoint: https://a.internal/\n"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def wrapped(text: str, width: int = 64, indent: str = "") -> str:
    body = b64(text)
    return "\n".join(indent + body[at : at + width] for at in range(0, len(body), width))


def layers(text: str, path: str = "a.txt") -> list[decode.Layer]:
    return list(decode.layers(Source.from_text(path, text)))


ENCODED = {
    "base64": f"blob = {b64(PLAIN)}\n",
    "base64 in quotes": f'blob = "{b64(PLAIN)}"\n',
    "base64 for URLs": f"x?state={base64.urlsafe_b64encode(PLAIN.encode() + b'>>>???').decode()}&y\n",
    "base64 without padding": f"blob: {b64(PLAIN).rstrip('=')}\n",
    "base64 over lines": f"data: |\n{wrapped(PLAIN * 2, 64, '  ')}\nnext: 1\n",
    "base64 over lines of 76": f"\n{wrapped(PLAIN * 3, 76)}\n",
    "base64 of UTF-16": "powershell -e " + base64.b64encode(PLAIN.encode("utf-16-le")).decode() + "\n",
    "base64 twice": f"blob: {b64('config=' + b64(PLAIN))}\n",
    "hexadecimal": f"blob: {PLAIN.encode().hex()}\n",
    "HEXADECIMAL": f"blob: {PLAIN.encode().hex().upper()}\n",
    "percent": f"https://a.internal/?q={quote(PLAIN, safe='')}&r=1\n",
    "percent of base64": f"x={quote('blob=' + b64(PLAIN), safe='')}\n",
    "unicode escapes": 'x = "' + "".join(f"\\u{ord(c):04x}" for c in PLAIN) + '"\n',
    "byte escapes": 'x = "' + "".join(f"\\x{ord(c):02x}" for c in PLAIN) + '"\n',
    "JSON in JSON": json.dumps({"outer": json.dumps({"inner": PLAIN})}) + "\n",
    "notebook": json.dumps({"cells": [{"source": ["import os\n", f'x = "{SECRET}"\n']}]}, indent=1) + "\n",
}


@pytest.mark.parametrize("name", ENCODED)
def test_every_encoding_is_read_and_points_into_the_file(name: str) -> None:
    text = ENCODED[name]
    found = [layer for layer in layers(text) if SECRET in layer.text]
    assert found, [layer.text[:60] for layer in layers(text)]
    for layer in found:
        at = layer.text.index(SECRET)
        start, stop = layer.offset(at), layer.stop(at + len(SECRET))
        assert 0 <= start < stop <= len(text)
        assert layer.span(at, at + len(SECRET)) == layer.source.span(start, stop)


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("base64", lambda t: base64.b64encode(t.encode()).decode()),
        ("hexadecimal", lambda t: t.encode().hex()),
        ("percent", lambda t: quote(t, safe="")),
        ("unicode escapes", lambda t: "".join(f"\\u{ord(c):04x}" for c in t)),
    ],
)
def test_stretch_of_a_finding_decodes_to_it(name: str, encode: object) -> None:
    text = f"x: {encode(PLAIN)}\n"  # type: ignore[operator]
    layer = next(each for each in layers(text) if SECRET in each.text)
    at = layer.text.index(SECRET)
    stretch = text[layer.offset(at) : layer.stop(at + len(SECRET))]
    if name == "base64":
        start = layer.offset(at) - 3
        start -= start % 4
        stretch = base64.b64decode(text[3 + start : 3 + -(-(layer.stop(at + len(SECRET)) - 3) // 4) * 4] + "==").decode("ascii", "replace")
        assert SECRET in stretch
    elif name == "hexadecimal":
        assert bytes.fromhex(stretch).decode() == SECRET
    elif name == "percent":
        assert stretch == quote(SECRET, safe="")
    else:
        assert stretch == encode(SECRET)  # type: ignore[operator]


QUIET = {
    "identifiers": "some_very_long_identifier_name_of_a_function = another_very_long_identifier_in_here\n",
    "digest": "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n",
    "integrity": "integrity: sha512-" + base64.b64encode(bytes(range(64))).decode() + "\n",
    "image": "src=data:image/png;base64," + base64.b64encode(b"text " * 20).decode() + "\n",
    "random base64": "key: " + base64.b64encode(bytes((i * 89 + 7) % 256 for i in range(200))).decode() + "\n",
    "paths": "/usr/local/share/applications/some/Very/Long/Path/Without/Extension/AtAll\n",
    "prose": "Nothing is encoded in here, not 100 % of it and not even 50%.\n",
}


@pytest.mark.parametrize("name", QUIET)
def test_what_is_no_encoded_text_has_no_layer(name: str) -> None:
    assert layers(QUIET[name]) == []


@pytest.mark.parametrize("path", ["yarn.lock", "a.min.js", "app.js.map", "logo.svg", "package-lock.json", "ca.pem"])
def test_generated_files_are_not_decoded(path: str) -> None:
    assert layers(ENCODED["base64"], path) == []


def test_two_levels_and_no_more() -> None:
    text = b64("level three of the onion here")
    for level in ("level two", "level one", "outermost"):
        text = b64(f"{level}: {text}")
    assert max(layer.encoding.count("+") for layer in layers(f"x: {text}\n")) == 1


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_survived_and_offsets_stay_inside(text: str) -> None:
    source = Source.from_text("a.txt", text)
    for layer in decode.layers(source):
        previous = 0
        for at in range(0, len(layer.text), max(1, len(layer.text) // 7)):
            offset = layer.offset(at)
            assert previous <= offset <= len(source.text)
            assert offset <= layer.stop(at + 1) <= len(source.text)
            previous = offset


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=30, max_size=200))
@settings(max_examples=150, deadline=None)
def test_base64_of_printable_text_gives_that_text(text: str) -> None:
    encoded = b64(text)
    if encoded.islower() or encoded.isupper() or len(encoded.rstrip("=")) < 24:
        return
    found = [layer for layer in layers(f"x: {encoded}\n") if layer.encoding == "base64"]
    assert [layer.text for layer in found] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "A" * 3_000_000,
        "Ab" * 1_500_000,
        "a%" * 1_000_000,
        "%41" * 1_000_000,
        "\\u0041" * 500_000,
        '\\"' * 1_000_000,
        "\\n" + "x" * 2_000_000,
        (b64(PLAIN) + "\n") * 20_000,
        ("QUJD" * 19 + "\n") * 30_000,
        "/" * 2_000_000,
    ],
    ids=["A", "Ab", "percents", "escapes", "unicode", "quotes", "one line", "many runs", "wrapped", "slashes"],
)
def test_hostile_input_stays_within_bounds(text: str) -> None:
    start = time.process_time()
    total = sum(len(layer.text) for layer in layers(text))
    assert total <= decode.MAX_OUTPUT * 2
    assert time.process_time() - start < 20


def test_members_of_archives() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conf/app.env", SECRET)
        archive.writestr("zeros", b"\0" * 50_000_000)
    found = dict(decode.members(packed.getvalue(), limit=100_000))
    assert found["conf/app.env"].decode() == SECRET
    assert sum(map(len, found.values())) <= 100_000
    assert list(decode.members(gzip.compress(SECRET.encode()))) == [("", SECRET.encode())]
    assert len(next(decode.members(gzip.compress(b"\0" * 50_000_000), limit=1000))[1]) <= 1000


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\x1f\x8bbroken", b"plain text"])
def test_damaged_archives_have_no_members(data: bytes) -> None:
    assert list(decode.members(data)) == []
