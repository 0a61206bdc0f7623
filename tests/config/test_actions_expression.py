"""The expression language of GitHub Actions: what parses to what, what is an error, and where templates begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.config.actions.expression import (
    MAX_DEPTH,
    Binary,
    Call,
    Error,
    Expr,
    Index,
    Literal,
    Name,
    Property,
    Star,
    Unary,
    parse,
    templates,
    walk,
)  # fmt: skip


def show(expr: Expr | None) -> str:
    """The tree with every operation in parentheses."""
    match expr:
        case Literal(value=value):
            return repr(value)
        case Name(name=name):
            return name
        case Property(base=base, name=name):
            return f"{show(base)}.{name}"
        case Index(base=base, key=key):
            return f"{show(base)}[{show(key)}]"
        case Star(base=base):
            return f"{show(base)}.*"
        case Call(name=name, args=args):
            return f"{name}({', '.join(show(arg) for arg in args)})"
        case Unary(operand=operand):
            return f"(!{show(operand)})"
        case Binary(op=op, left=left, right=right):
            return f"({show(left)} {op} {show(right)})"
    raise AssertionError("no expression")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("github.event.issue.title", "github.event.issue.title"),
        ("GitHub.Event", "github.event"),
        ("github['event'].issue", "github['event'].issue"),
        ("github.event.*.body", "github.event.*.body"),
        ("github.event[*].body", "github.event.*.body"),
        ("steps.a-b_c.outputs.x", "steps.a-b_c.outputs.x"),
        ("a || b && c == d", "(a || (b && (c == d)))"),
        ("a && b || c && d", "((a && b) || (c && d))"),
        ("(a || b) && c", "((a || b) && c)"),
        ("!a == b", "((!a) == b)"),
        ("!(a == b)", "(!(a == b))"),
        ("1 < 2 == true", "((1.0 < 2.0) == True)"),
        ("a >= 1.5 && b != null", "((a >= 1.5) && (b != None))"),
        ("'it''s'", '"it\'s"'),
        ("-0x1F", "-31.0"),
        ("0o17", "15.0"),
        ("1e-2", "0.01"),
        ("format('{0}', a, fromJSON(b)[0].c)", "format('{0}', a, fromjson(b)[0.0].c)"),
        ("hashFiles('**/lock', 'b')", "hashfiles('**/lock', 'b')"),
        ("always()", "always()"),
        ("  a\n && \t b ", "(a && b)"),
        ("matrix[format('{0}', a)]", "matrix[format('{0}', a)]"),
        ("(a || b).number", "(a || b).number"),
    ],
)
def test_parses_as(text: str, tree: str) -> None:
    expr, error = parse(text)
    assert error is None
    assert show(expr) == tree


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("", 0), ("a b", 2), ('a == "b"', 5), ("a +b", 2), ("a.", 2), ("a[", 2), ("f(a,", 4), ("(a", 2), ("a ||", 4),
        ("'open", 0), ("a = b", 2), ("a & b", 2), ("0x", 0), ("a }} b", 2), ("f(,)", 2), ("a[1", 3), ("$x", 0),
    ],
)  # fmt: skip
def test_error_is_a_value_with_its_place(text: str, start: int) -> None:
    expr, error = parse(text)
    assert expr is None
    assert error is not None
    assert error.start == start
    assert error.reason


@pytest.mark.parametrize("text", ["(" * 500 + "a", "!" * 500 + "a", "a" + "[0]" * 500, "a" + ".b" * 500, "f(" * 500 + "a"])
def test_depth_is_bounded(text: str) -> None:
    expr, error = parse(text)
    assert expr is None
    assert error is not None


def test_long_chain_is_walked_without_recursion() -> None:
    expr, error = parse(" || ".join(["a"] * 3000))
    assert error is None
    assert expr is not None
    assert sum(isinstance(node, Name) for node in walk(expr)) == 3000


def test_too_long_is_an_error() -> None:
    assert parse("a ||" * 10000 + "a")[1] is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain $VAR {{ x }}", []),
        ("a ${{ b }} c ${{ d.e }}", ["${{ b }}", "${{ d.e }}"]),
        ("${{ 'a}}b' }} z", ["${{ 'a}}b' }}"]),
        ("${{ a }}}}", ["${{ a }}"]),
        ("${{\n  a\n}}", ["${{\n  a\n}}"]),
        ("${{ bad bad }} ${{ ok }}", ["${{ bad bad }}", "${{ ok }}"]),
        ("${{ open ${{ x }}", ["${{ open ${{ x }}"]),
        ("${{ open", ["${{ open"]),
    ],
)
def test_templates_have_exact_places(text: str, found: list[str]) -> None:
    assert [text[each.start : each.end] for each in templates(text)] == found


def test_nodes_know_their_place() -> None:
    text = "x ${{ contains( github.event.issue.title , 'a') && b }}"
    (template,) = templates(text)
    assert template.expr is not None
    places = [text[node.start : node.end] for node in walk(template.expr)]
    assert places[1:4] == ["contains( github.event.issue.title , 'a')", "github.event.issue.title", "github.event.issue"]
    assert places[-1] == "b"


@given(st.text(alphabet="ab.*[]()!&|=<>',01 -{}$\"\n", max_size=60))
def test_never_raises_and_nodes_stay_inside(text: str) -> None:
    expr, error = parse(text)
    assert (expr is None) != (error is None)
    for node in walk(expr) if expr is not None else ():
        assert 0 <= node.start <= node.end <= len(text)
    if isinstance(error, Error):
        assert 0 <= error.start <= error.end <= len(text)
    at = 0
    for template in templates(text):
        assert at <= template.start < template.end <= len(text)
        at = template.end


@given(st.integers(0, MAX_DEPTH - 2))
def test_parentheses_change_nothing(depth: int) -> None:
    expr, error = parse("(" * depth + "a.b" + ")" * depth)
    assert error is None
    assert show(expr) == "a.b"
