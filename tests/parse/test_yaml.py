from __future__ import annotations

import datetime as dt
import math
import random
from time import process_time

import pytest
import yaml as pyyaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import MAX_DEPTH, UNKNOWN, Document, Node

LOADER = pyyaml.CSafeLoader if pyyaml.__with_libyaml__ else pyyaml.SafeLoader


def read(text: str, template: str = "") -> Document:
    return parse(Source.from_text("a.yaml", text), "yaml", template)


def plain(node: Node) -> object:
    """The tree as Python data; a mapping as pairs, so that duplicate keys count. Aliases are followed."""
    node = node.resolved
    if node.kind == "mapping":
        return [(child.key, plain(child)) for child in node.children]
    if node.kind == "sequence":
        return [plain(child) for child in node.children]
    return node.value


def expected(node: pyyaml.Node, constructor: pyyaml.SafeLoader) -> object:
    """The same from PyYAML's composed tree and its safe constructor; dates and binaries stay text."""
    if isinstance(node, pyyaml.MappingNode):
        return [(key.value, expected(value, constructor)) for key, value in node.value]
    if isinstance(node, pyyaml.SequenceNode):
        return [expected(value, constructor) for value in node.value]
    if node.tag == "tag:yaml.org,2002:merge":
        return node.value
    value = constructor.construct_object(node)
    return node.value if isinstance(value, dt.date | bytes) else value


def same(text: str) -> None:
    """Our values are those of PyYAML's safe loader, and every scalar's place holds what gives its value."""
    constructor = pyyaml.SafeLoader("")
    wanted = [expected(node, constructor) for node in pyyaml.compose_all(text, LOADER) if node is not None]
    document = read(text)
    assert document.problems == ()
    assert repr([plain(root) for root in document.roots]) == repr(wanted)
    for root in document.roots:
        for node in root.walk():
            if node.kind == "scalar" and node.target is None:
                again(node)


def again(node: Node) -> None:
    """What stands at the scalar's place, read alone, gives the scalar."""
    if node.style in ("|", ">"):
        assert node.raw == node.raw.rstrip()
        if node.raw.split("\n")[0].strip(node.style + "+-"):
            return  # an indentation indicator counts from the parent
        composed = pyyaml.compose(node.raw + "\n", LOADER)
        assert composed.value.rstrip("\n") == node.text.rstrip("\n")
        return
    composed = pyyaml.compose(node.raw, LOADER) if node.raw else None
    assert (composed.value if composed else "") == node.text


SAMPLES = {
    "scalars": "a: 1\nb: -1\nc: 0755\nd: 0o7\ne: 0x1F\nf: 0b11\ng: 1_000\nh: 190:20:30\ni: 1.5\nj: 1e3\nk: 1.0e+3\nl: .5\nm: -.inf\n",
    "words": "a: yes\nb: No\nc: on\nd: OFF\ne: true\nf: y\ng: n\nh: null\ni: ~\nj:\nk: 'yes'\nl: \"1\"\nm: nUll\nn: tRue\n",
    "not numbers": "a: 1.2.3\nb: 1e\nc: 08\nd: 0xg\ne: '-'\nf: +\ng: 1:2:99\nh: _1\ni: 0_\nj: 12e03\nk: .\nl: -._\n",
    "dates": "a: 2001-01-01\nb: 2001-12-14t21:59:43.10-05:00\n",
    "sexagesimal": "a: 22:22\nb: 1:30.5\nc: 8080:80\nd: -1:2\n",
    "literal blocks": "a: |\n  x\n   y\n\n  z\nb: |-\n  x\n\nc: |+\n  x\n\nd: |2\n    x\n  y\n",
    "folded blocks": "e: >\n  a\n  b\n\n  c\n   d\n  e\nf: >-\n  x\n\n\n  y\n",
    "blocks": "a: |  # note\n  x\nb: >2-\n   x\n  y\nc: |\n\n\n  x\nd: |\n e: 1\n",
    "quoted": "a: \"x\\ty\\u00e9\\U0001F600\\x41 \\\n   z\\\"\" \nb: 'it''s'\nc: \"a\n  b\n\n  c\"\nd: 'a\n  b\n\n  c'\ne: \"\"\nf: ''\n",
    "plain over lines": "a: x\n  y\n\n  z\nb: [x\n  y, z]\n",
    "flow": "a: {x: 1, y: [1, {z: 2}], 'q': , r}\nb: []\nc: {}\nd: [a: 1, b]\n",
    "comments": "# c\na: 1 # d\n# e\nb: # f\n  - 1 # g\n  # h\n  - 2\n# i\n",
    "documents": "a: 1\n---\nb: 2\n...\n---\n- c\n--- x\n---\n",
    "directives": "%YAML 1.1\n%TAG !e! tag:e,2000:\n---\na: 1\n",
    "sequence in mapping": "a:\n- 1\n- - 2\n  - 3\n-\nb: 1\n",
    "keys": "? a\n: b\n? c\n'd': 1\n\"e f\": 2\n1: x\ntrue: y\n~: z\n",
    "anchors": "a: &x 1\nb: *x\nc: &y\n  d: 1\ne: *y\nf: [&z q, *z]\n",
    "core tags": "a: !!str 1\nb: !!int '2'\nc: !!float 3\nd: !!bool yes\ne: !!null ''\nf: ! 1\ng: !!map {h: 1}\ni: !!seq [1]\n",
    "merge": "a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n",
    "duplicates": "a: 1\na: 2\nb: {c: 1, c: 2}\n",
    "non-ASCII": "ä: ö\n'𝄞': \"𝄞\\n\"\nx: 日本\ny: [é, 𝄞]\n",
    "CRLF": 'a: 1\r\nb: |\r\n  x\r\n  y\r\nc: "d\r\n  e"\r\n',
    "CR": "a: 1\rb: 2\r",
    "line separators": "a: x\u2028b: 1\nc: 'd\u2029 e'\nf: \"g\x85 h\"\n",
    "tabs": "a:\t1\nb: [1,\t2]\nc: x\ty\n",
    "YAML 1.2": "%YAML 1.2\n---\na: 1\n",
    "empty": "",
    "only comments": "# a\n# b\n",
    "one scalar": "text\n",
    "no line end": "a: |\n  x",
}


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_values_are_those_of_the_safe_loader(text: str) -> None:
    same(text)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates()
    | st.text(max_size=30) | st.text(alphabet="ab 12.:-_#'\"\n\\{}[],&*!|>%@`é𝄞\t", max_size=40)
    | st.sampled_from(["yes", "0x1", "0o7", "1:2", "~", "", " ", "a\n\nb", "a\n b\n", "\n", "- a", "? b", "--- c", "...", "<<", "="])
)  # fmt: skip
TREES = st.recursive(
    SCALARS,
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8) | st.integers() | st.booleans(), children, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.lists(TREES, min_size=1, max_size=2),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    flow=st.sampled_from([None, True, False]),
    indent=st.integers(2, 6),
    width=st.sampled_from([10, 40, 1000]),
    unicode=st.booleans(),
    line_break=st.sampled_from(["\n", "\r\n"]),
)
def test_dumped_documents_come_back(
    data: list[object], style: str | None, flow: bool | None, indent: int, width: int, unicode: bool, line_break: str
) -> None:
    text = pyyaml.safe_dump_all(
        data, default_style=style, default_flow_style=flow, indent=indent, width=width, allow_unicode=unicode, line_break=line_break
    )
    try:
        list(pyyaml.compose_all(text, LOADER))
    except pyyaml.YAMLError:
        return  # the dumper writes some things that no loader reads
    document = read(text.removeprefix("\ufeff"))
    constructor = pyyaml.SafeLoader("")
    wanted = [expected(node, constructor) for node in pyyaml.compose_all(text, LOADER)]
    assert document.problems == ()
    known = repr([unknown_as_text(plain(root), root) for root in document.roots])
    assert known == repr(wanted)


def unknown_as_text(value: object, node: Node) -> object:
    """Values that only look like references are compared by their text."""
    node = node.resolved
    if node.kind == "mapping":
        return [(child.key, unknown_as_text(None, child)) for child in node.children]
    if node.kind == "sequence":
        return [unknown_as_text(None, child) for child in node.children]
    return node.text if node.value is UNKNOWN else node.value


# -- places

PLACES = """\
top: &anchor  value
list:
  - 'quoted'   # comment
  - !!str 5

  - |
    block
     more

# comment
map:
    é𝄞: { a: 1, b: "x" }   # é
    empty:
next: 1
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ("top", (1, 1, 1, 4), (1, 15, 1, 20)),
        ("list", (2, 1, 2, 5), (3, 3, 8, 10)),
        ("list[0]", (3, 5, 3, 13), (3, 5, 3, 13)),
        ("list[1]", (4, 11, 4, 12), (4, 11, 4, 12)),
        ("list[2]", (6, 5, 8, 10), (6, 5, 8, 10)),
        ("map", (11, 1, 11, 4), (12, 5, 13, 11)),
        ("map.é𝄞", (12, 5, 12, 7), (12, 9, 12, 25)),
        ("map.é𝄞.b", (12, 17, 12, 18), (12, 20, 12, 23)),
        ("map.empty", (13, 5, 13, 10), (13, 11, 13, 11)),
        ("next", (14, 1, 14, 5), (14, 7, 14, 8)),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_places(path: str, key: tuple[int, ...], value: tuple[int, ...], line_end: str) -> None:
    [node] = read(PLACES.replace("\n", line_end)).select(path)
    assert (tuple(node.key_span), tuple(node.span)) == (key, value)


def test_a_second_byte_order_mark_moves_nothing() -> None:
    [node] = read("\ufeffa: 1\n").select("a")
    assert node.source.text[node.start : node.end] == "1"


def test_values_in_later_documents_have_their_places() -> None:
    document = read("a: [\n---\nb: 2\n---\nc: *x\n---\nd: 4\n")
    assert [(node.path, tuple(node.span)[:2]) for node in document.select("{b,d}")] == [("b", (3, 4)), ("d", (7, 4))]
    assert [(problem.span.line, problem.span.col) for problem in document.problems] == [(2, 1), (5, 4)]


# -- tags, references


@pytest.mark.parametrize(
    "text",
    [
        "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n",
        "a: !Ref Name\n",
        "a: !Sub '${A}-x'\n",
        "a: !GetAtt A.B\n",
        "a: !reference [.job, script]\n",
        "a: !env_var FOO\n",
        "a: !Join ['', [a, b]]\n",
        "a: !!python/object:x.y z\n",
        "a: ${VAR}\n",
        "a: x-$VAR\n",
        "a: $(VAR)\n",
        "a: ${{ secrets.X }}\n",
        "a: '{{ x }}'\n",
        "a: {{ x }}\n",
        "a: {{ x }}-suffix\n",
        "a: <%= x %>\n",
        "a: {% if x %}1{% else %}2{% endif %}\n",
    ],
)
def test_unknown_values(text: str) -> None:
    document = read(text)
    assert document.problems == ()
    [node] = document.select("a")
    assert node.value is UNKNOWN
    assert node.raw.strip() in text


@pytest.mark.parametrize(
    ("text", "value"), [("a: !unsafe '{{ x }'\n", "{{ x }"), ("a: !!str 1\n", "1"), ("a: '$2b$12$x'\n", "$2b$12$x"), ("a: 5$\n", "5$")]
)
def test_known_values(text: str, value: str) -> None:
    [node] = read(text).select("a")
    assert node.value == value


def test_the_text_of_a_templated_value_is_as_written() -> None:
    document = read('image: {{ .repo }}:{{ .tag }}\nname: "a-{{ .x }}"\n')
    assert [(node.path, node.text, node.raw) for node in document.select("*")] == [
        ("image", "{{ .repo }}:{{ .tag }}", "{{ .repo }}:{{ .tag }}"),
        ("name", "a-{{ .x }}", '"a-{{ .x }}"'),
    ]


def test_tags_and_anchors_are_kept() -> None:
    [node] = read("a: !Custom &x text\nb: *x\n").select("a")
    assert (node.tag, node.anchor, node.text, node.raw) == ("!Custom", "x", "text", "text")


# -- broken files


@pytest.mark.parametrize(
    ("text", "reason", "line", "column", "kept"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "expected ',' or ']'", 3, 2, ["a", "b"]),
        ("a: 1\n\tb: 2\n", "tab character", 2, 1, ["a"]),
        ("a: 'x\n", "unexpected end of stream", 2, 1, ["a"]),
        ("a: *nope\nb: 1\n", "no such anchor", 1, 4, ["a", "b"]),
        ("a: *later\nb: &later 1\n", "no such anchor", 1, 4, ["a", "b"]),
        ("a: 1\nb: x\x07y\n", "U+0007", 2, 5, ["a", "b"]),
        ("a: 1\n b: 2\n", "mapping values are not allowed", 2, 3, ["a"]),
        ("a: @x\n", "cannot start any token", 1, 4, ["a"]),
    ],
)
def test_problems_say_where_and_the_rest_is_kept(text: str, reason: str, line: int, column: int, kept: list[str]) -> None:
    document = read(text)
    [problem] = document.problems
    assert reason in problem.reason
    assert (problem.span.line, problem.span.col) == (line, column)
    assert [child.key for child in document.roots[0].children] == kept[: len(document.roots[0].children)]


def test_problems_are_limited() -> None:
    assert len(read("- *x\n" * 10_000).problems) == 50
    assert len(read("a: [\n---\n" * 10_000).problems) == 51


def test_depth_is_limited() -> None:
    for text in ("[" * 100_000, "- " * 100_000, "{a: " * 100_000, "\n".join(" " * n + "a:" for n in range(2_000))):
        before = process_time()
        document = read(text)
        assert process_time() - before < 5
        assert any("deeper than" in problem.reason or "syntax" in problem.reason for problem in document.problems)
        assert sum(1 for root in document.roots for _ in root.walk()) <= MAX_DEPTH + 2


def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 200)]
    before = process_time()
    document = read("\n".join(lines))
    assert document.problems == ()
    assert len(document.select("**.a199")) == 1
    assert sum(1 for _ in document.roots[0].walk()) == 1 + 200 * 10
    assert process_time() - before < 2


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000_000,
        "a: " + "b " * 2_500_000,
        "a: [" + "1," * 100_000 + "]",
        '"' + "\\" * 2_000_000,
        "{{" * 300_000,
        "a: {{ x " * 200_000,
        "{%" * 500_000,
        "# {{/*\n" * 200_000,
        "a: 1\n---\n[\n" * 20_000,
        "&a " * 200_000,
        "!a " * 200_000,
        "? " * 20_000,
        "a: " + "9" * 1_000_000,
        " " * 1_000_000 + "{{ a }}" + " " * 1_000_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_large_and_hostile_text_takes_bounded_time(text: str) -> None:
    before = process_time()
    read(text)
    assert process_time() - before < 10


def test_truncation_anywhere_never_raises() -> None:
    text = SAMPLES["quoted"] + SAMPLES["flow"] + PLACES + SAMPLES["core tags"] + "{{ if }}x: {{ y }}\n"
    for end in range(len(text)):
        read(text[:end])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="a: -[]{}?!&*|>'\"#%@\n\t\\,{{}}{%%}é\x00\u2028\ufeff", max_size=80).map(str.encode))
def test_anything_is_read_without_raising(data: bytes) -> None:
    document = parse(Source("a.yaml", data), "yaml")
    size = len(document.source.text)
    for root in document.roots:
        for node in root.walk():
            assert 0 <= node.start <= node.end <= size
            assert 0 <= node.key_start <= node.key_end <= size


def test_shuffled_real_text_never_raises() -> None:
    chunks = [line + "\n" for text in SAMPLES.values() for line in text.split("\n")]
    generator = random.Random(7)
    for _ in range(200):
        generator.shuffle(chunks)
        read("".join(chunks[:12]))


def test_nan_is_a_float() -> None:
    [node] = read("a: .nan\n").select("a")
    assert isinstance(node.value, float)
    assert math.isnan(node.value)
