"""HCL: literals typed, all else unknown with its source kept, blocks under their labels."""

from __future__ import annotations

import pytest

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import UNKNOWN, Document, Node


def read(text: str) -> Document:
    return parse(Source.from_text("main.tf", text), "hcl")


def only(text: str) -> Node:
    document = read(text)
    assert document.problems == ()
    (node,) = document.roots[0].children
    return node


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"x"', "x"), ('""', ""), ("1", 1), ("-5", -5), ("1.5", 1.5), ("true", True), ("null", None), ("(5) # c", 5),
        (r'"a\n\"\u00e9\\"', 'a\n"é\\'), ('"$${x} %%{y}"', "${x} %{y}"), ('"é"', "é"),
        ("<<E\n a\n  b\nE", " a\n  b\n"), ("<<-E\n  a\n\n    b\n  E", "a\n\n  b\n"), ('sensitive("x")', "x"),
    ],
)  # fmt: skip
def test_literals(written: str, value: object) -> None:
    node = only(f"a = {written}\n")
    assert node.value == value
    assert type(node.value) is type(value)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("var.x", "var.x"), ('"a${var.x}b"', "a${var.x}b"), ("f(1)", "f(1)"), ("a ? b : c", "a ? b : c"), ("[for x in y : x]", "[for x in y : x]"),
        ("a[0]", "a[0]"), ("<<E\na ${x}\nE", "a ${x}\n"), ("1 + 2", "1 + 2"), ("merge({a = 1}, {b = 2})", "merge({a = 1}, {b = 2})"), ("a.*.b", "a.*.b"),
        ('"%{if x}y%{endif}"', "%{if x}y%{endif}"),
    ],
)  # fmt: skip
def test_what_only_terraform_knows(written: str, text: str) -> None:
    node = only(f"a = {written}\n")
    assert (node.value, node.text) == (UNKNOWN, text)


def test_blocks_collections_and_positions() -> None:
    document = read('resource "é" "b" {\n  l = ["x", { k = 1, "q r" : [true] }]\n  in {}\n  in { c = 2 }\n}\nresource "é" "d" {}\n')
    assert document.problems == ()
    assert [node.value for node in document.select("resource.é.b.l[1].k")] == [1]
    assert document.select('resource.é.b.l[1]."q r"[0]')[0].span == (2, 31, 2, 35)
    assert [node.raw for node in document.select("resource.*.*.in")] == ["{}", "{ c = 2 }"]
    labels = document.select("resource.é.*")
    assert [(node.key, node.key_span) for node in labels] == [("b", (1, 14, 1, 17)), ("d", (6, 14, 6, 17))]


def test_calls_that_hold_a_literal_give_it() -> None:
    document = read('p = jsonencode({ Statement = [{ Action = "*" }] })\ns = toset(["x"])\nu = jsonencode(var.x)\n')
    assert document.select("p.Statement[0].Action")[0].value == "*"
    assert (document.select("p")[0].style, document.select("s[0]")[0].value) == ("jsonencode", "x")
    assert document.select("u")[0].value is UNKNOWN


def test_errors_are_problems_and_the_rest_is_read() -> None:
    document = read('a = "x"\nc {\n  d = 3\n}\nf = = 1\n')
    assert document.problems
    assert (document.select("a")[0].value, document.select("c.d")[0].value) == ("x", 3)


def test_spans_read_back() -> None:
    text = 'a = ["x\\n", 1, { b = true, "c" = null }]\nd { e = "é" }\n'
    for node in read(text).roots[0].walk():
        if node.kind == "scalar":
            again = only(f"k = {node.raw}\n")
            assert (again.value, again.text) == (node.value, node.text)


def test_long_runs_of_blanks_are_refused_in_bounded_time() -> None:
    (problem,) = read("a" + " " * 200_000 + "\n").problems
    assert problem.span.col == 2


def test_a_capital_letter_does_not_make_a_switch_unknown() -> None:
    document = parse(Source("main.tf", b"a = False\nb = True\nc = Falsey\n"), "hcl")
    assert [node.value for node in document.roots[0].children] == [False, True, UNKNOWN]
