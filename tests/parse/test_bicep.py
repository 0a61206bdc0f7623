"""Bicep as the template it becomes."""

from __future__ import annotations

import pytest

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import UNKNOWN, Document


def read(text: str) -> Document:
    return parse(Source("main.bicep", text.encode()), "bicep")


def values(text: str) -> dict[str, object]:
    document = read(text)
    assert not document.problems
    return {node.path: node.value for node in document.roots[0].walk() if node.kind == "scalar"}


def test_a_resource_is_one_of_a_template() -> None:
    found = values(
        "resource s 'Microsoft.Web/sites@2023-01-01' = {\n  properties: {\n    httpsOnly: false\n    'tls': '1.0' // old\n  }\n}\n"
    )
    assert found == {
        "resources.s.type": "Microsoft.Web/sites",
        "resources.s.apiVersion": "2023-01-01",
        "resources.s.properties.httpsOnly": False,
        "resources.s.properties.tls": "1.0",
    }


def test_spans_are_those_of_the_file() -> None:
    node = read("resource s 'a.b/c@1' = {\n  on: false\n  name: 'é' /* x */\n}\n").select("resources.s.*")
    assert [(each.key, each.key_span.line, each.key_span.col, each.span.line, each.span.col, each.raw) for each in node[2:]] == [
        ("on", 2, 3, 2, 7, "false"),
        ("name", 3, 3, 3, 9, "'é'"),
    ]


@pytest.mark.parametrize(
    "around",
    ["if (a && b) {%s}", "[for i in range(0, 3): {%s}]", "[for (x, i) in list: if (x == '}') {%s}]", "if (contains(a, '{')) {%s}"],
    ids=["condition", "loop", "loop with a condition", "brace in a string"],
)
def test_conditions_and_loops_give_the_object(around: str) -> None:
    found = values("resource s 'a.b/c@1' = " + around % "\n  on: true\n" + "\nvar last = 1\n")
    assert found["resources.s.on"] is True
    assert found["variables.last"] == 1


@pytest.mark.parametrize(
    "value",
    ["a ? true : false", "true ? x : y", "'a${b}c'", "'a${b('c')}d'", "f(true)", "o.x", "'a' == b", "!true", "c\n  ? true\n  : false", "[1, 2][0]", "{\n a: 1\n}.a"],
)  # fmt: skip
def test_expressions_are_unknown_and_end_where_they_end(value: str) -> None:
    found = values(f"var x = {{\n  a: {value}\n  z: true\n}}\n")
    assert found == {"variables.x.a": UNKNOWN, "variables.x.z": True}


def test_children_stand_below_their_parent_and_those_of_existing_ones_by_their_full_type() -> None:
    found = values(
        "resource p 'A.b/c@1' = {\n  resource k 'kids@1' = {\n    on: true\n  }\n  resource l 'more' = {\n  }\n}\n"
        "resource q 'A.b/c@1' existing = {\n  name: 'q'\n  resource k 'kids@1' = {\n    off: true\n  }\n}\n"
    )
    assert found["resources.p.resources.k.on"] is True
    assert found["resources.p.resources.l.type"] == "more"
    assert found["resources.k.type"] == "A.b/c/kids"
    assert "resources.q.name" not in found


def test_parameters_have_defaults_and_other_statements_are_passed_over() -> None:
    found = values(
        "targetScope = 'subscription'\n@description('''it's\n{ a''')\n@allowed([\n  'a'\n])\nparam kind string = 'a'\nparam none object\nparam shape {\n  a: string\n} = { a: 'x', b: [\n  1\n  2\n] }\n"
        "module m 'm.bicep' = {\n  name: 'm'\n}\noutput o string = m.name\n"
    )
    assert found == {
        "parameters.kind.defaultValue": "a",
        "parameters.shape.defaultValue.a": "x",
        "parameters.shape.defaultValue.b[0]": 1,
        "parameters.shape.defaultValue.b[1]": 2,
    }


def test_what_is_spread_may_hold_anything() -> None:
    node = read("var x = {\n  ...base\n  a: 1\n}\n").select("variables.x")[0]
    assert node.value is UNKNOWN
    assert node.get("a") is not None


@pytest.mark.parametrize(
    "text",
    ["resource s 'a.b/c@1' = {\n  a: 1\n", "var x = [\n 1\n", "var x = 'a\n", "var x = f(1\n", "var x = " + "{a:" * 200 + "}" * 200 + "\n"],
)
def test_what_is_broken_is_told(text: str) -> None:
    assert read(text).problems


def test_escapes() -> None:
    assert values(r"var x = 'a\'b\n\u{1F600}\${c}'") == {"variables.x": "a'b\n\U0001f600${c}"}
