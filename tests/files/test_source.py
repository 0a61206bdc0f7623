"""Source: decoding never fails, and offsets become the lines and columns that editors show."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.files.source import Source, sniff_encoding
from secops_hooks.finding import Span

TEXT = "schlüssel: wert\n"
ENCODINGS = {
    "utf-8": (TEXT.encode(), "utf-8"),
    "utf-8 with mark": (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
    "utf-16 little with mark": (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
    "utf-16 big with mark": (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
    "utf-16 little without mark": (TEXT.encode("utf-16-le"), "utf-16-le"),
    "utf-16 big without mark": (TEXT.encode("utf-16-be"), "utf-16-be"),
    "utf-32 little with mark": (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le"),
    "utf-32 big without mark": (TEXT.encode("utf-32-be"), "utf-32-be"),
    "latin-1": (TEXT.encode("latin-1"), "latin-1"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_text_is_decoded_whatever_the_encoding(name: str) -> None:
    data, encoding = ENCODINGS[name]
    source = Source("a.yaml", data)
    assert (source.text, source.encoding, source.problems) == (TEXT, encoding, ())


def test_broken_utf16_is_a_problem_and_still_read() -> None:
    source = Source("a", codecs.BOM_UTF16_LE + "abc".encode("utf-16-le") + b"\x00")
    assert "a\0b\0c" in source.text
    assert "utf-16-le" in source.problems[0].reason


def test_a_mark_before_plain_ascii_blinds_nobody() -> None:
    source = Source("a", codecs.BOM_UTF16_LE + b"key = value\n")
    assert "key = value" in source.text
    assert Source("a", codecs.BOM_UTF16_LE + "鍵は値です。ここに置く".encode("utf-16-le")).text.startswith("鍵")


@given(st.binary(max_size=300))
def test_any_bytes_decode(data: bytes) -> None:
    source = Source("a", data)
    assert isinstance(source.text, str)
    assert sniff_encoding(data)[0]


def test_every_byte_of_a_legacy_file_is_kept() -> None:
    data = bytes(range(1, 256))
    assert Source("a", data).text.encode("latin-1") == data


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\r\n\nb", 4, (3, 1)),
        ("ä€😀x", 3, (1, 4)),
        ("a", 1, (1, 2)),
        ("", 0, (1, 1)),
    ],
    ids=["lf", "crlf", "cr", "crlf then lf", "code points", "end", "empty"],
)
def test_positions(text: str, offset: int, position: tuple[int, int]) -> None:
    assert Source.from_text("a", text).position(offset) == position


@given(st.text(alphabet="ab\n\r é😀", max_size=60), st.data())
def test_position_is_the_count_of_what_stands_before(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset].replace("\r\n", "\n")
    if text[offset - 1 : offset + 1] == "\r\n":  # inside a line end
        before = text[: offset - 1]
        expected = (before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1,)
        assert Source.from_text("a", text).position(offset)[:1] == expected
        return
    lines = before.replace("\r", "\n").split("\n")
    assert Source.from_text("a", text).position(offset) == (len(lines), len(lines[-1]) + 1)


def test_line_gives_the_line_without_its_end() -> None:
    source = Source.from_text("a", "one\r\ntwo\n")
    assert [source.line(n) for n in (0, 1, 2, 3, 4)] == ["", "one", "two", "", ""]


def test_span_reaches_over_lines() -> None:
    assert Source.from_text("a", "ab\ncd").span(1, 4) == Span(1, 2, 2, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("text " * 500, False), ("text " * 500 + "\0\0", False), ("\0" * 600, True), ("\0\x01\x02 abc" * 100, True), ("\0", False)],
    ids=["text", "text with a NUL", "zeros", "noise", "too short to tell"],
)
def test_binary_is_told_by_its_share_of_control_characters(text: str, expected: bool) -> None:
    assert Source.from_text("a", text).binary is expected
