"""TOML: same values as tomllib, refused where tomllib refuses, spans that read back to the value."""

from __future__ import annotations

import datetime as dt
import sys
import time
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse.node import UNKNOWN, Document, Node
from secops_hooks.parse.toml import parse

NEWER = sys.version_info >= (3, 15)  # the standard library reads TOML 1.1 from there on

VALID = {
    "dotted and headers": "a.b.c = 1\na.b.d = 2\n[x.y]\nz = 1\n[x]\nw = 2\n[x.y.q]\n",
    "arrays of tables": "[[p]]\nn = 1\n[p.q]\nr = 2\n[[p.s]]\n[[p.s]]\nt = 3\n[[p]]\nn = 2\n",
    "inline": "a = { b = 1, c.d = 2, c.e = [ {}, {f = 'g'} ] }\nh = [\n 1, # c\n 2,\n]\n",
    "strings": 'a = "\\u00e9\\n\\"\\\\"\nb = \'\\n\'\nc = """\nx\\\n   y""z"""\nd = \'\'\'\'q\'\'\'\'\ne = ""\n',
    "numbers": "a = 0x1_f\nb = -1_000\nc = 1e6\nd = +0.5\ne = inf\nf = 0b11\ng = 0o17\nh = -0\n",
    "dates": "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00.5\nc = 1979-05-27\nd = 07:32:01\ne = 2024-02-29\n",
    "keys": "\"a b\" = 1\n'c.d' = 2\n1.2 = 3\n'' = 4\na . b = 5\n",
    "windows": "a = 1\r\n[b]\r\nc = '''x\r\ny'''\r\n",
    "empty": "",
}
INVALID = {
    "double key": "a = 1\na = 2",
    "double table": "[a]\n[a]",
    "table over value": "a = 1\n[a]",
    "value through dots": "a = 1\na.b = 2",
    "table after dots": "a.b = 1\n[a]\nc = 1",
    "dots into table": "[a.b]\n[a]\nb.c = 1",
    "array over table": "[a]\n[[a]]",
    "array over value": "a = []\n[[a]]",
    "inline opened": "a = {}\n[a.b]",
    "inline dotted": "a = {b = 1}\na.c = 2",
    "inline double": "a = {b = 1, b = 2}",
    "inline through": "a = {b = 1, b.c = 2}",
    "no value": "a =",
    "two on a line": "a = 1 b = 2",
    "no such day": "a = 2023-02-29",
    "leading zero": "a = 01",
    "underscore": "a = 1__0",
    "control": 'a = "\x01"',
    "escape": 'a = "\\q"',
    "surrogate": 'a = "\\ud800"',
    "open string": 'a = "b\n',
    "open long": 'a = """b\n',
    "open array": "a = [1",
    "open header": "[a",
    "header tail": "[a] b",
    "word": "a = yes",
    "bare return": "a = 1\rb = 2",
    "comment control": "# \x00\x01".replace("\x00", ""),
}


def read(text: str) -> Document:
    return parse(Source.from_text("a.toml", text), "", newer=NEWER)


def plain(node: Node) -> object:
    if node.kind == "mapping":
        return {child.key: plain(child) for child in node.children}
    if node.kind == "sequence":
        return [plain(child) for child in node.children]
    return node.text if node.value is UNKNOWN else node.value


def dated(value: object) -> object:
    """tomllib's answer with dates as marks; ours keeps them as text."""
    if isinstance(value, dict):
        return {key: dated(each) for key, each in value.items()}
    if isinstance(value, list):
        return [dated(each) for each in value]
    return "a date" if isinstance(value, dt.date | dt.time) else value


def same(ours: object, theirs: object) -> bool:
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in theirs)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if theirs == "a date":
        return isinstance(ours, str) and ours[:2].isdigit()
    return type(ours) is type(theirs) and (ours == theirs or ours != ours)


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_values_are_those_of_tomllib(text: str) -> None:
    document = read(text)
    assert document.problems == ()
    assert same(plain(document.roots[0]), dated(tomllib.loads(text)))


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_what_tomllib_refuses_is_a_problem(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    assert read(text).problems


def test_version_1_1() -> None:
    text = 'a = {\n  b = 1, # c\n  c = "\\e\\x41",\n}\nt = 07:32\n'
    assert parse(Source.from_text("a.toml", text), "").problems == ()
    assert len(parse(Source.from_text("a.toml", text), "", newer=False).problems) > 1


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_spans_read_back(text: str) -> None:
    for node in read(text).roots[0].walk():
        if node.kind == "scalar" or (node.kind == "sequence" and node.raw.startswith("[") and not node.raw.startswith("[[")):
            again = tomllib.loads(f"k = {node.raw}")["k"]
            assert same(plain(node), dated(again))
        if node.key is not None:
            assert tomllib.loads(f"{node.source.text[node.key_start : node.key_end]} = 1") == {node.key: 1}


def test_duplicates_and_what_follows_an_error_are_kept() -> None:
    document = read('a = 1\na = 2\nb = \n[t]\nc = 3\n[t]\nd = "x"\n')
    root = document.roots[0]
    assert [(child.key, child.value) for child in root.children[:2]] == [("a", 1), ("a", 2)]
    table = root.get("t")
    assert table is not None
    assert [child.key for child in table.children] == ["c", "d"]
    assert [problem.span.line for problem in document.problems] == [2, 3, 6]


def test_paths_and_positions() -> None:
    document = read('[tool.poetry.dependencies]\nrequests = "*"\n[[package]]\n[[package]]\nname = "é"\nx = "y"\n')
    node = document.select("tool.poetry.dependencies.requests")[0]
    assert (node.path, node.span, node.key_span) == ("tool.poetry.dependencies.requests", (2, 12, 2, 15), (2, 1, 2, 9))
    assert document.select("package[1].name")[0].path == "package[1].name"
    assert document.select("package[1].x")[0].span == (6, 5, 6, 8)


def test_references_are_unknown() -> None:
    document = read('a = "${TOKEN}"\nb = "plain"\n')
    assert [node.value for node in document.roots[0].children] == [UNKNOWN, "plain"]


VALUES = st.recursive(
    st.integers(-(10**12), 10**12) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in value) + '"'
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_any_value(value: dict[str, object]) -> None:
    text = "".join(f"{written(key)} = {written(each)}\n" for key, each in value.items())
    document = read(text)
    assert document.problems == ()
    assert same(plain(document.roots[0]), value)


PIECES = [
    "a",
    "b",
    "a.b",
    "b.a",
    '"a"',
    "=",
    "1",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    ",",
    "\n",
    "\n",
    " ",
    '"x"',
    "'''",
    '"""',
    "#c",
    "\\",
    "[a]\n",
    "[a.b]\n",
    "[[a]]\n",
]
PIECES += ["a = 1\n", "a.b = 1\n", "b = {a = 1}\n", "a = []\n", "b.a = {}\n", "[b.a]\n", "[[a.b]]\n"]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_agrees_with_tomllib_on_what_is_valid(text: str) -> None:
    document = read(text)
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert document.problems
    else:
        assert document.problems == ()
        assert same(plain(document.roots[0]), dated(expected))


def test_a_large_lock_is_read_fast() -> None:
    wheel = '    { url = "https://files.example/%d.whl", hash = "sha256:%064d", size = 12345, upload-time = "2025-01-01T00:00:00Z" },\n'
    package = '[[package]]\nname = "p%d"\nversion = "1.0"\nsource = { registry = "https://index.example/simple" }\nwheels = [\n'
    text = "".join(package % i + "".join(wheel % (i, j) for j in range(20)) + "]\n\n" for i in range(400))
    assert len(text) > 1_000_000
    source = Source.from_text("uv.lock", text)
    started = time.process_time()
    document = parse(source, "")
    assert time.process_time() - started < 1  # 0.1 s on an idle machine
    assert len(document.select("package[*].wheels[*].hash")) == 8000
