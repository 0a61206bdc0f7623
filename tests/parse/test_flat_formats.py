"""Environment files and Java properties: what each application sees, and where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import UNKNOWN, Document


def values(document: Document) -> dict[str, object]:
    return {node.path: node.value for root in document.roots for node in root.walk() if node.kind == "scalar"}


ENV = [
    ("A=b", {"A": "b"}),
    ("export A=b\n declare -x C=d", {"A": "b", "C": "d"}),
    ("A = b # c\nD=e#f\nG=#h\nI= # j", {"A": "b", "D": "e#f", "G": "#h", "I": ""}),
    ("A='$x \\' y'\nB=`\"z\"` # c", {"A": "$x ' y", "B": '"z"'}),
    ('A="l1\nl2\\n\\"" # c\nB=c', {"A": 'l1\nl2\n"', "B": "c"}),
    ("A=$B\nC=${D:-e}\nE=$(f)\nG=pa$", {"A": UNKNOWN, "C": UNKNOWN, "E": UNKNOWN, "G": "pa$"}),
    ("A: b\nC:d=e".replace("C:d=e", "C=d:e"), {"A": "b", "C": "d:e"}),
    ("\ufeffA=b\r\nC=\r\n# d\r\n", {"A": "b", "C": ""}),
    ("A.b-c/d=e", {'"A.b-c/d"': "e"}),
    ("A=it's\nB='it's'", {"A": "it's", "B": "'it's'"}),
    ("A\nB=c", {"A": None, "B": "c"}),
]


@pytest.mark.parametrize(("text", "expected"), ENV)
def test_env(text: str, expected: dict[str, object]) -> None:
    document = parse(Source.from_text(".env", text), "env")
    assert document.problems == ()
    assert values(document) == expected


@pytest.mark.parametrize("text", ["A=b\nwhat is this\n", 'A="b\n', "=a"])
def test_env_problems(text: str) -> None:
    assert parse(Source.from_text(".env", text), "env").problems


def test_commands_of_a_direnv_script_are_passed_over() -> None:
    document = parse(Source.from_text(".envrc", "use flake\nexport A=b\nif x; then\n  layout python\nfi\n"), "env")
    assert document.problems == ()
    assert values(document) == {"A": "b"}


def test_env_positions() -> None:
    (node,) = parse(Source.from_text(".env", '# é\nexport KEY="välue" # x\n'), "env").roots[0].children
    assert (node.span, node.key_span, node.comments) == ((2, 12, 2, 19), (2, 8, 2, 11), ("é", "x"))


PROPERTIES = [
    ("a=b\nc : d\ne f\ng\nh==i", {"a": "b", "c": "d", "e": "f", "g": "", "h": "=i"}),
    ("a.b=1\na.c=2", {"a.b": "1", "a.c": "2"}),
    ("l[0]=x\nl[1].k=y\nl[1].m=z", {"l[0]": "x", "l[1].k": "y", "l[1].m": "z"}),
    ("a = b\\\n   c\\\\\nd=e", {"a": "bc\\", "d": "e"}),
    ("a\\ b\\:c = \\u00e9\\t\\q", {'"a b:c"': "é\tq"}),
    ("# c\n! d\n  # e\na=b # not a comment", {"a": "b # not a comment"}),
    ("a=\\ud83d\\ude00", {"a": "😀"}),
    ("a=${b}\nc=@d.e@", {"a": UNKNOWN, "c": UNKNOWN}),
    ("a..b=1\n.c=2", {'"a..b"': "1", '".c"': "2"}),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTIES)
def test_properties(text: str, expected: dict[str, object]) -> None:
    document = parse(Source.from_text("a.properties", text), "properties")
    assert document.problems == ()
    assert values(document) == expected


def test_properties_documents_and_positions() -> None:
    document = parse(Source.from_text("a.properties", "a.b=1\n#---\na.b = zwei\n"), "properties")
    assert len(document.roots) == 2
    first, second = document.select("a.b")
    assert (first.value, second.value) == ("1", "zwei")
    assert (second.span, second.key_span) == ((3, 7, 3, 11), (3, 1, 3, 4))


def test_properties_escape_that_java_refuses() -> None:
    (problem,) = parse(Source.from_text("a.properties", "a=b\\\\u\nc=\\u12g4"), "properties").problems
    assert problem.span == (2, 3, 2, 5)


def stored(text: str) -> str:
    """As java.util.Properties.store writes it."""
    return "".join(f"\\u{unit:04x}" for c in text for unit in memoryview(c.encode("utf-16-le", "surrogatepass")).cast("H"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=6), st.text(max_size=10)), max_size=5))
def test_any_properties_read_back(pairs: list[tuple[str, str]]) -> None:
    text = "".join(f"k{at}={stored(key + value)}\n" for at, (key, value) in enumerate(pairs))
    found = [node.text for node in parse(Source.from_text("a.properties", text), "properties").roots[0].children]
    assert found == [key + value for key, value in pairs]
