"""The expression language as properties: what is printed is read back, every part at its place, in any scalar around it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.config.actions.contexts import path_of
from secops_hooks.config.actions.expression import (
    Binary,
    Call,
    Expr,
    Index,
    Literal,
    Name,
    Property,
    Star,
    Unary,
    parse,
    parts,
    templates,
    walk,
)
from secops_hooks.config.actions.workflow import model_of, span_of
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load

NAMES = st.from_regex(r"[a-z_][a-z0-9_-]{0,8}", fullmatch=True).filter(
    lambda name: name not in ("true", "false", "null", "nan", "infinity")
)
TEXTS = st.text(st.sampled_from("ab'}{$ \n\"\\&|é"), max_size=8)
LEVEL = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}


def _literals() -> st.SearchStrategy[Expr]:
    values = st.one_of(TEXTS, st.integers(-99, 99).map(float), st.sampled_from([0.5, 1e3]), st.booleans(), st.none())
    return values.map(lambda value: Literal(0, 0, value))


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    chain = st.one_of(
        NAMES.map(lambda name: Name(0, 0, name)),
        st.builds(lambda name, args: Call(0, 0, name, tuple(args)), NAMES, st.lists(inner, max_size=3)),
    )
    reads = st.builds(
        _chained,
        chain,
        st.lists(st.one_of(NAMES.map(lambda name: ("name", name)), inner.map(lambda key: ("key", key)), st.just(("star", ""))), max_size=4),
    )
    return st.one_of(
        reads,
        inner.map(lambda operand: Unary(0, 0, operand)),
        st.builds(lambda op, left, right: Binary(0, 0, op, left, right), st.sampled_from(sorted(LEVEL)), inner, inner),
    )


def _chained(base: Expr, steps: list[tuple[str, object]]) -> Expr:
    for kind, value in steps:
        if kind == "name":
            base = Property(0, 0, base, str(value))
        elif kind == "key":
            base = Index(0, 0, base, value)  # type: ignore[arg-type]
        else:
            base = Star(0, 0, base)
    return base


EXPRESSIONS = st.recursive(st.one_of(_literals(), NAMES.map(lambda name: Name(0, 0, name))), _grown, max_leaves=12)


def written(expr: Expr, blank: str = " ") -> str:
    """``expr`` as text, with the parentheses that its precedence needs."""
    if isinstance(expr, Literal):
        if isinstance(expr.value, str):
            return "'" + expr.value.replace("'", "''") + "'"
        return {True: "true", False: "false", None: "null"}[expr.value] if isinstance(expr.value, bool | None) else repr(expr.value)
    if isinstance(expr, Name):
        return expr.name
    if isinstance(expr, Property):
        return f"{written(expr.base, blank)}.{expr.name}"
    if isinstance(expr, Star):
        return f"{written(expr.base, blank)}.*"
    if isinstance(expr, Index):
        return f"{written(expr.base, blank)}[{blank}{written(expr.key, blank)}{blank}]"
    if isinstance(expr, Call):
        return f"{expr.name}({', '.join(written(arg, blank) for arg in expr.args)})"
    if isinstance(expr, Unary):
        inner = written(expr.operand, blank)
        return f"!({inner})" if isinstance(expr.operand, Binary) else f"!{inner}"
    left, right = written(expr.left, blank), written(expr.right, blank)
    if isinstance(expr.left, Binary) and LEVEL[expr.left.op] < LEVEL[expr.op]:
        left = f"({left})"
    if isinstance(expr.right, Binary) and LEVEL[expr.right.op] <= LEVEL[expr.op]:
        right = f"({right})"
    return f"{left}{blank}{expr.op}{blank}{right}"


def shape(expr: Expr) -> object:
    """``expr`` without places."""
    kept = tuple(
        value
        for name, value in zip(expr._fields, expr, strict=True)
        if name not in ("start", "end", *("left", "right", "base", "key", "operand", "args"))
    )
    return type(expr).__name__, kept, tuple(shape(part) for part in parts(expr))


@given(EXPRESSIONS, st.sampled_from(["", " ", "\n  ", "\t"]))
def test_what_is_printed_is_read_back(expr: Expr, blank: str) -> None:
    found, error = parse(written(expr, blank))
    assert error is None
    assert found is not None
    assert shape(found) == shape(expr)


@given(EXPRESSIONS)
def test_every_part_is_at_its_place(expr: Expr) -> None:
    text = written(expr)
    whole, _ = parse(text)
    assert whole is not None
    for part in walk(whole):
        again, error = parse(text[part.start : part.end])
        assert error is None
        assert again is not None
        assert shape(again) == shape(part)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=4), TEXTS.filter(lambda text: "$" not in text and "{" not in text))
def test_templates_in_a_text_are_found_one_by_one(exprs: list[Expr], between: str) -> None:
    pieces = [f"${{{{ {written(expr)} }}}}" for expr in exprs]
    text = between + between.join(pieces) + between
    found = list(templates(text))
    assert [text[each.start : each.end] for each in found] == pieces
    assert [shape(each.expr) for each in found if each.expr is not None] == [shape(expr) for expr in exprs]


@given(st.text(st.sampled_from("ab.'[]()!&|=<>*,0}{$ \n"), max_size=40))
@settings(max_examples=300)
def test_any_text_gives_an_expression_or_an_error(text: str) -> None:
    expr, error = parse(text)
    assert (expr is None) is (error is not None)
    ends = [each.end for each in templates(text)]
    assert ends == sorted(ends)
    assert all(end <= len(text) for end in ends)


@given(st.lists(NAMES, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_path_is_the_same_however_it_is_written(names: list[str], chance: random.Random) -> None:
    text = names[0]
    for name in names[1:]:
        text += chance.choice([f".{name}", f"['{name}']", f" [ '{name.upper()}' ]", f" . {name}", f".{name.upper()}"])
    expr, error = parse(text.replace(names[0], names[0].upper(), 1))
    assert error is None
    assert expr is not None
    assert path_of(expr) == tuple(names)


SCALARS = {
    "plain": "run: echo {} end",
    "single quotes": "run: 'echo {} end'",
    "double quotes": 'run: "echo {} end"',
    "literal": "run: |\n          echo\n\n          x {} end",
    "folded": "run: >-\n          echo\n          x\n\n          {} end\n          y",
    "plain over lines": "run: echo\n          x\n          {} end",
    "double quotes over lines": 'run: "echo \\\n          x\\u00e9\n          {} end"',
}


@pytest.mark.parametrize("style", SCALARS)
@given(st.lists(NAMES, min_size=2, max_size=4))
@settings(max_examples=25)
def test_an_expression_has_its_place_in_every_kind_of_scalar(style: str, names: list[str]) -> None:
    wanted = "${{ " + ".".join(names) + " }}"
    text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - " + SCALARS[style].replace("{}", wanted, 1) + "\n"
    tree = MemoryTree({".github/workflows/a.yml": text})
    file = load(tree, ".github/workflows/a.yml")
    model = model_of(file) if file is not None else None
    assert model is not None
    span = span_of(model.sites[0])
    assert text.splitlines()[span.line - 1][span.col - 1 : span.end_col - 1] == wanted
    assert span.line == span.end_line
