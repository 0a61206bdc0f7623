from __future__ import annotations

import json
import math
import random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import MAX_DEPTH, UNKNOWN, Document, Node


def read(text: str, template: str = "") -> Document:
    return parse(Source.from_text("a.json", text), "json", template)


def plain(node: Node) -> object:
    """The tree as Python data; a mapping as pairs, so that duplicate keys count; unknown values by their text."""
    if node.kind == "mapping":
        return [(child.key, plain(child)) for child in node.children]
    if node.kind == "sequence":
        return [plain(child) for child in node.children]
    return node.text if node.value is UNKNOWN else node.value


def pairs(text: str) -> object:
    return json.loads(text, object_pairs_hook=list)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=6), children, max_size=4),
    max_leaves=15,
)


@settings(max_examples=300, deadline=None)
@given(value=VALUES, indent=st.sampled_from([None, 0, 2]), ascii=st.booleans())
def test_values_are_those_of_the_json_module(value: object, indent: int | None, ascii: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)
    document = read(text)
    assert document.problems == ()
    assert repr(plain(document.roots[0])) == repr(pairs(text))
    for node in document.roots[0].walk():
        assert repr(plain(node)) == repr(pairs(node.raw))
        if node.key is not None:
            assert json.loads(document.source.text[node.key_start : node.key_end]) == node.key


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '"\\u00e9\\ud83d\\ude00\\n\\t\\/\\\\\\""',
        '"\\ud83d x \\ude00"',
        "[1, -0, 1.0, 1e5, 1E-2, -1.5e+3, 0.1]",
        "[NaN, Infinity, -Infinity]",
        '{"": {"": []}}',
        "[[], {}, [{}]]",
        ' \r\n\t{ "a" : [ 1 , 2 ] } \n',
        '"é𝄞\u2028"',
        "true",
    ],
)
def test_samples_as_the_json_module(text: str) -> None:
    document = read(text)
    assert document.problems == ()
    assert repr(plain(document.roots[0])) == repr(pairs(text))


@pytest.mark.parametrize(
    ("text", "plain_text"),
    [
        ('{"a": 1, // x\n "b": [1, 2,], /* y\n z */ }', '{"a": 1, "b": [1, 2]}'),
        ("// only\n[1, /**/ 2] // end", "[1, 2]"),
        ('{"u": "http://x/*y*/"}', '{"u": "http://x/*y*/"}'),
        ('{"a":/*c*/1/*d*/,}', '{"a": 1}'),
        ("\ufeff{}", "{}"),
    ],
)
def test_comments_and_trailing_commas(text: str, plain_text: str) -> None:
    document = read(text)
    assert document.problems == ()
    assert plain(document.roots[0]) == pairs(plain_text)


def test_several_documents() -> None:
    document = read('{"a": 1}\n{"a": 2}\n[3]\n')
    assert document.problems == ()
    assert [plain(root) for root in document.roots] == [[("a", 1)], [("a", 2)], [3]]


@pytest.mark.parametrize(
    ("text", "spot", "kept"),
    [
        ("{'a': 1}", (1, 2), [("a", 1)]),
        ("{a: 1}", (1, 2), [("a", 1)]),
        ("{\"a\": 'x'}", (1, 7), [("a", "'x'")]),
        ('{"a": 0x1F}', (1, 7), [("a", "0x1F")]),
        ('{"a": +1}', (1, 7), [("a", "+1")]),
        ('{"a": .5}', (1, 7), [("a", ".5")]),
        ('{"a": 01}', (1, 7), [("a", "01")]),
        ('{"a": 1 "b": 2}', (1, 9), [("a", 1), ("b", 2)]),
        ("[1 2]", (1, 4), [1, 2]),
        ("[1,, 2]", (1, 4), [1, 2]),
        ("[,1]", (1, 2), [1]),
        ('{"a":}', (1, 2), []),
        ('{"a"}', (1, 2), [("", "a")]),
        ('{"a": 1', (1, 1), [("a", 1)]),
        ('[1, "b', (1, 5), [1, "b"]),
        ('{"a": 1]}', (1, 8), [("a", 1)]),
        ('["a\tb"]', (1, 2), ["a\tb"]),
        ('["a\\qb"]', (1, 4), ["aqb"]),
        ('{"a": 1}}', (1, 9), [("a", 1)]),
        ('{"a": [1}', (1, 9), [("a", [1])]),
        ("[1, @]", (1, 5), [1, "@"]),
        ("[/ 1]", (1, 2), [1]),
        ("[1] /* open", (1, 5), [1]),
    ],
)
def test_problems_say_where_and_the_rest_is_kept(text: str, spot: tuple[int, int], kept: object) -> None:
    document = read(text)
    assert document.problems
    assert (document.problems[0].span.line, document.problems[0].span.col) == spot
    assert plain(document.roots[0]) == kept


@pytest.mark.parametrize("text", ['{"a": "${X}"}', '{"a": "{{ x }}"}', '{"a": {{ x }}}', '{"a": "<%= x %>"}', '{"a": x{{ y }}z}'])
def test_unknown_values(text: str) -> None:
    document = read(text)
    assert document.problems == ()
    [node] = document.select("a")
    assert node.value is UNKNOWN
    assert node.text == text[6:-1].strip('"')


def test_templates_keep_places_and_branches() -> None:
    text = '{\n{% if a %}\n  "a": {{ b | to_json }},\n{% else %}\n  "a": 1{% endif %},\n  "c": "x{{ d }}", {# note #}\n  "e": 2\n}\n'
    document = read(text, "jinja")
    assert document.problems == ()
    assert [(node.path, node.span.line, node.span.col, node.text) for node in document.select("*")] == [
        ("a", 3, 8, "{{ b | to_json }}"),
        ("a", 5, 8, "1"),
        ("c", 6, 8, "x{{ d }}"),
        ("e", 7, 8, "2"),
    ]


def test_problems_are_limited_and_the_tree_ends_at_the_text() -> None:
    document = read("[" + "@ " * 1000)
    assert len(document.problems) == 20
    assert document.roots[0].end == len(document.source.text)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "]" * 100_000, '"' * 300_000, "[" + "1," * 100_000 + "]", '"' + "x" * 5_000_000,
     '"' + "\\" * 3_000_001,
     "/*" * 500_000, "{" + "a" * 3_000_000, "9" * 1_000_000, "[" + '"a"' * 300_000, " " * 5_000_000, "//" * 1_000_000, "/ " * 500_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_large_and_hostile_text_takes_bounded_time(text: str) -> None:
    before = process_time()
    document = read(text)
    assert process_time() - before < 10
    depth = 0
    for root in document.roots:
        for node in root.walk():
            depth = max(depth, len(node.path.split(".")))
    assert depth <= MAX_DEPTH + 2


def test_a_long_number_stays_text() -> None:
    digits = "9" * 10_000
    document = read(f"[{digits}]")
    assert document.roots[0].children[0].value == digits


def test_truncation_anywhere_never_raises() -> None:
    text = '{"a": [1, {"b": "x\\u00e9\\n"}, null], // c\n "d": /* e */ {"f": -1.5e3,}, "g": "{{ h }}"}'
    assert read(text).problems == ()
    for end in range(1, len(text)):
        assert read(text[:end]).problems


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100) | st.text(alphabet='{}[]",:/*\\ntrue019.-eE\n\t é{{}}%#', max_size=60).map(str.encode))
def test_anything_is_read_without_raising(data: bytes) -> None:
    document = parse(Source("a.json", data), "json")
    size = len(document.source.text)
    for root in document.roots:
        for node in root.walk():
            assert 0 <= node.start <= node.end <= size
            assert 0 <= node.key_start <= node.key_end <= size
    if (
        not document.problems
        and len(document.roots) == 1
        and all(sign not in document.source.text for sign in ("//", "/*", ",", "{{", "{%", "{#"))
    ):
        assert repr(plain(document.roots[0])) == repr(pairs(document.source.text.removeprefix("\ufeff")))


def test_what_the_json_module_refuses_is_a_problem() -> None:
    generator = random.Random(3)
    text = '{"a": [1, 2.5, {"b": "x\\n"}], "c": null, "d": true}'
    for _ in range(500):
        at = generator.randrange(len(text))
        broken = text[:at] + generator.choice('{}[]",:x1 ') + text[at + 1 :]
        try:
            wanted = pairs(broken)
        except ValueError:
            document = read(broken)
            trailing = any(pair in broken.replace(" ", "") for pair in (",}", ",]"))
            assert document.problems or trailing or len(document.roots) != 1
        else:
            assert plain(read(broken).roots[0]) == wanted
            assert not read(broken).problems


def test_nan() -> None:
    [node] = read("NaN").roots
    assert isinstance(node.value, float)
    assert math.isnan(node.value)
