from __future__ import annotations

import json

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse import unescape as unescape_module
from secops_hooks.parse.locate import Located, located
from secops_hooks.parse.node import Node


def scalar(text: str, format: str = "yaml", path: str = "a") -> Node:
    document = parse(Source.from_text("a", text), format)
    assert document.problems == ()
    return document.select(path)[0]


def written(found: Located, part: str) -> str:
    """What stands in the file for ``part`` of the text."""
    at = found.text.index(part)
    return found.source.text[found.offset(at) : found.end(at + len(part))]


@pytest.mark.parametrize(
    ("text", "part", "as_written"),
    [
        pytest.param("a: one two\n", "two", "two", id="plain"),
        pytest.param("a: one\n   two three\n", "two three", "two three", id="plain over lines"),
        pytest.param("a: one\n   two\n", "e t", "e\n   t", id="across a fold"),
        pytest.param("a: 'it''s secret'\n", "it's", "it''s", id="single quotes"),
        pytest.param("a: 'it''s secret'\n", "secret", "secret", id="behind an escape"),
        pytest.param('a: "x\\ty secret"\n', "secret", "secret", id="double quotes"),
        pytest.param('a: "x\\ty"\n', "\t", "\\t", id="an escape itself"),
        pytest.param('a: "\\u00e9\\x41\\U0001F600z"\n', "é", "\\u00e9", id="hexadecimal"),
        pytest.param('a: "\\u00e9\\x41\\U0001F600z"\n', "A😀", "\\x41\\U0001F600", id="two escapes"),
        pytest.param('a: "\\\\\\"z"\n', '\\"', '\\\\\\"', id="escaped backslash and quote"),
        pytest.param('a: "one \\\n   two  \n\n  three"\n', "one two", "one \\\n   two", id="escaped line break"),
        pytest.param('a: "one \\\n   two  \n\n  three"\n', "three", "three", id="behind a blank line"),
        pytest.param("a: |\n  one\n    two\n\n  three\n", "  two", "  two", id="literal, deeper"),
        pytest.param("a: |\n  one\n    two\n\n  three\n", "three\n", "three", id="literal, last line"),
        pytest.param("a: |2-  # note\n    one\n  two\n", "  one", "  one", id="literal with indicator"),
        pytest.param("a: |+\n  one\n\n\n", "one\n\n\n", "one", id="literal, kept breaks"),
        pytest.param("a: |\r\n  one\r\n  two\r\n", "two", "two", id="literal with CRLF"),
        pytest.param("a: >\n  one\n  two\n\n  three\n   four\n  five\n", "one two", "one\n  two", id="folded"),
        pytest.param("a: >\n  one\n  two\n\n  three\n   four\n  five\n", " four", " four", id="folded, deeper"),
        pytest.param("a: >-\n\n  one\n\n\n  five\n", "five", "five", id="folded, blank lines"),
        pytest.param("é𝄞: x\na: |\n  𝄞é\n  sécret\n", "sécret", "sécret", id="non-ASCII"),
    ],
)
def test_yaml(text: str, part: str, as_written: str) -> None:
    assert written(located(scalar(text)), part) == as_written


def test_an_alias_is_located_where_its_text_stands() -> None:
    found = located(scalar("x: &x secret\na: *x\n"))
    assert tuple(found.span(0, 6)) == (1, 7, 1, 13)


def test_a_templated_value() -> None:
    node = parse(Source.from_text("a", 'a: "pre {{ .x }} secret"\n'), "yaml", "go").select("a")[0]
    assert written(located(node), "secret") == "secret"
    node = parse(Source.from_text("a", "a: |\n  {{ .x }}\n  y \n  {{ .z }} secret\n"), "yaml", "go").select("a")[0]
    assert written(located(node), "secret") == "secret"


@pytest.mark.parametrize(
    ("text", "part", "as_written"),
    [
        ('{"a": "x\\n\\"secret"}', "secret", "secret"),
        ('{"a": "\\ud83d\\ude00 secret"}', "😀", "\\ud83d\\ude00"),
        ('{"a": "\\ud83d\\ude00 secret"}', "secret", "secret"),
        ('{"a": "\\u2028 \u2028z"}', "\u2028z", "\u2028z"),
        ('{"a": "http:\\/\\/x"}', "//x", "\\/\\/x"),
    ],
)
def test_json(text: str, part: str, as_written: str) -> None:
    assert written(located(scalar(text, "json")), part) == as_written


def node_of(raw: str, text: str, style: str) -> Node:
    return Node("scalar", Source.from_text("a", "k = " + raw + "\n"), 4, 4 + len(raw), value=text, text=text, style=style)


@pytest.mark.parametrize(
    ("raw", "text", "style", "part", "as_written"),
    [
        pytest.param('"a\\u00e9 secret"', "aé secret", '"', "secret", "secret", id="TOML basic"),
        pytest.param('"""\na\\\n   b\r\nsecret"""', "ab\nsecret", '"""', "secret", "secret", id="TOML long basic"),
        pytest.param('"""\na\\\n   b\r\nsecret"""', "ab\nsecret", '"""', "b\n", "b\r\n", id="TOML long basic, CRLF"),
        pytest.param("'''\r\na\\n\r\nsecret'''", "a\\n\nsecret", "'''", "secret", "secret", id="TOML long literal"),
        pytest.param('"a $${b} secret"', "a ${b} secret", '"', "${b}", "$${b}", id="HCL"),
        pytest.param("a\\\n    b\\u00e9\\=secret", "abé=secret", "", "=secret", "\\=secret", id="properties"),
        pytest.param('"a\n  b\\n secret"', "a\n  b\n secret", '"', "secret", "secret", id="dotenv over lines"),
        pytest.param("'a\\b''c'", "a\\b''c", "'", "c", "c", id="literal single quotes"),
        pytest.param("<<-EOT\n    a\n      secret\n    EOT", "a\n  secret\n", "<<", "  secret", "  secret", id="heredoc"),
        pytest.param("~~a~b~secret~~", "ab secret", "?", "ab", "a~b", id="unknown syntax"),
    ],
)
def test_other_formats(raw: str, text: str, style: str, part: str, as_written: str) -> None:
    assert written(located(node_of(raw, text, style)), part) == as_written


def test_segments_given_by_a_parser() -> None:
    source = Source.from_text("Dockerfile", 'RUN a \\\n  b "c"\n')
    found = Located(source, "a b c", ((0, 4), (2, 10), (4, 13), (5, 14)))
    assert [source.text[found.offset(i)] for i in (0, 2, 4)] == ["a", "b", "c"]
    assert tuple(found.span(2, 5)) == (2, 3, 2, 7)
    assert tuple(found.span(3, 3)) == (2, 4, 2, 4)
    assert Located(source, "", ()).offset(0) == 0


TEXT = st.text(alphabet="ab c\n\t'\"\\é𝄞:#-\u2028", max_size=60) | st.text(max_size=30)


@settings(max_examples=300, deadline=None)
@given(
    text=TEXT.filter(lambda text: "\x00" not in text),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.sampled_from([8, 20, 1000]),
    unicode=st.booleans(),
    line_break=st.sampled_from(["\n", "\r\n"]),
)
def test_every_character_of_a_dumped_scalar_is_found(text: str, style: str | None, width: int, unicode: bool, line_break: str) -> None:
    dumped = pyyaml.safe_dump({"a": text}, default_style=style, width=width, allow_unicode=unicode, line_break=line_break)
    document = parse(Source.from_text("a", dumped), "yaml")
    found = document.select("a")
    if document.problems or not found or found[0].text != text:
        return  # the dumper writes some things that no loader reads back
    check(found[0])


@settings(max_examples=200, deadline=None)
@given(text=TEXT, ascii=st.booleans())
def test_every_character_of_a_json_string_is_found(text: str, ascii: bool) -> None:
    check(scalar(json.dumps({"a": text}, ensure_ascii=ascii), "json"))


def check(node: Node) -> None:
    """The syntax is understood (no searching), places ascend, letters stand where they are said to stand."""
    raw, text = node.raw, node.text
    direct = raw == text or (len(raw) > 1 and raw[1:-1] == text)
    assert direct or any(way(raw, text) is not None for way in unescape_module.ways(node.style))
    found = located(node)
    last = node.start
    for index, char in enumerate(text):
        start, end = found.offset(index), found.end(index + 1)
        assert last <= start <= end <= node.end
        last = start
        assert node.source.text[start] == char or node.source.text[start] in "\\ \t\r\n\x85\u2028'" or start == node.end
        assert end > start or start == node.end


@settings(max_examples=200, deadline=None)
@given(
    raw=st.text(alphabet="ab\\'\"|> \n$%{u0", max_size=30),
    text=st.text(alphabet="ab\\'\" \n$%{", max_size=30),
    style=st.sampled_from(["", "'", '"', "|", '"""', "'''", "<<"]),
)
def test_whatever_a_parser_says_never_raises(raw: str, text: str, style: str) -> None:
    node = node_of(raw, text, style)
    found = located(node)
    for index in range(len(text) + 1):
        assert 0 <= found.offset(index) <= len(node.source.text) + len(text)


@pytest.mark.parametrize(
    "raw", ['"' + " " * 50_000 + 'x"', '"' + "\\" * 50_000 + '"', "'" * 50_000, "|\n" + " \n" * 25_000, " \n" * 25_000]
)
def test_large_values_take_bounded_time(raw: str) -> None:
    from time import process_time

    before = process_time()
    for style in ("", "'", '"', "|", '"""'):
        located(node_of(raw, "x" * 1000, style))
        located(node_of(raw, "é\n" * 20_000, style))
    assert process_time() - before < 5
