"""The expression language of GitHub Actions: ``${{ … }}`` in any text, and bare expressions in ``if:``.

A full parser of the documented grammar (contexts, dereference, index, ``*`` filter, functions, operators with their
precedence, literals); what is no expression comes back as an :class:`Error`, never as an exception. Nodes carry offsets
into the text they were read from. What the names mean is no business of this module.

Grammar: docs.github.com, «Evaluate expressions in workflows and actions»; lexing as actions/runner's ExpressionParser does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn, TypeAlias

MAX_DEPTH: Final = 50  # the runner's own limit
MAX_LENGTH: Final = 21000  # the runner's own limit, too


class Literal(NamedTuple):
    """A string, number, boolean or null."""

    start: int
    end: int
    value: str | float | bool | None


class Name(NamedTuple):
    """A context such as ``github``; ``name`` is lower case, as the language ignores case."""

    start: int
    end: int
    name: str


class Property(NamedTuple):
    """``base.name``."""

    start: int
    end: int
    base: Expr
    name: str


class Index(NamedTuple):
    """``base[key]``."""

    start: int
    end: int
    base: Expr
    key: Expr


class Star(NamedTuple):
    """``base.*`` or ``base[*]``: all entries."""

    start: int
    end: int
    base: Expr


class Call(NamedTuple):
    """``name(args…)``; ``name`` is lower case."""

    start: int
    end: int
    name: str
    args: tuple[Expr, ...]


class Unary(NamedTuple):
    """``!operand``."""

    start: int
    end: int
    operand: Expr


class Binary(NamedTuple):
    """``left op right`` with ``op`` one of ``&& || == != < <= > >=``."""

    start: int
    end: int
    op: str
    left: Expr
    right: Expr


Expr: TypeAlias = Literal | Name | Property | Index | Star | Call | Unary | Binary


class Error(NamedTuple):
    """Why a text is no expression, and where."""

    start: int
    end: int
    reason: str


class Template(NamedTuple):
    """One ``${{ … }}``: ``text[start:end]`` with the braces; what stands between them, or why it cannot be read."""

    start: int
    end: int
    expr: Expr | None
    error: Error | None


class _Token(NamedTuple):
    kind: str
    start: int
    end: int
    text: str


_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<close>\}\})
    | (?P<string>'(?:[^']|'')*')
    | (?P<number>[+-]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|Infinity\b)|NaN\b)(?![A-Za-z0-9_])
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    | (?P<op>&&|\|\||==|!=|<=|>=|[<>!()\[\].,*])
    | (?P<end>\Z)
    | (?P<bad>[\s\S])
    )""",
    re.VERBOSE,
)
_LEVELS: Final = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))  # loosest first
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


class _Failed(Exception):
    """Unwinds the parser; never leaves this module."""

    def __init__(self, error: Error) -> None:
        self.error = error


def parse(text: str, start: int = 0) -> tuple[Expr | None, Error | None]:
    """The expression that ``text[start:]`` wholly is (as in ``if: …`` without braces), or the error in it."""
    expr, error, _ = _parse(text, start, braced=False)
    return expr, error


def templates(text: str) -> Iterator[Template]:
    """Every ``${{ … }}`` of ``text``, in order. An opening one that is never closed is an error that reaches to the end."""
    at = text.find("${{")
    while at >= 0:
        expr, error, end = _parse(text, at + 3, braced=True)
        yield Template(at, end, expr, error)
        at = text.find("${{", end)


def walk(expr: Expr) -> Iterator[Expr]:
    """``expr`` and every expression within, outer ones first, in the order they are written."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(parts(node)))


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of ``expr``."""
    if isinstance(expr, Call):
        return expr.args
    if isinstance(expr, Binary):
        return (expr.left, expr.right)
    if isinstance(expr, Unary):
        return (expr.operand,)
    if isinstance(expr, Index):
        return (expr.base, expr.key)
    if isinstance(expr, Property | Star):
        return (expr.base,)
    return ()


def _parse(text: str, start: int, *, braced: bool) -> tuple[Expr | None, Error | None, int]:
    """The expression at ``start``, or its error, and the offset behind it (behind ``}}`` when ``braced``)."""
    parser = _Parser(text, start)
    try:
        expr = parser.binary(0, 0)
        token = parser.token
        if token.kind != ("close" if braced else "end"):
            parser.fail("is not expected here")
    except _Failed as failed:
        return None, failed.error, _skip(text, start) if braced else len(text)
    return expr, None, token.end


def _skip(text: str, at: int) -> int:
    """Where the broken ``${{`` that began before ``at`` ends: behind the next ``}}`` outside of a string, else behind any."""
    first = text.find("}}", at)
    if first < 0:
        return len(text)
    quoted = False
    for i in range(at, min(len(text), at + MAX_LENGTH)):
        if text[i] == "'":
            quoted = not quoted
        elif not quoted and text.startswith("}}", i):
            return i + 2
        elif text.startswith("${{", i):
            break
    return first + 2


class _Parser:
    """Recursive descent with one token of look-ahead."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.first = start
        self.at = start
        self.last_end = start
        self.token = self.read()

    def read(self) -> _Token:
        found = _TOKEN.match(self.text, self.at)
        if found is None:  # never: the last alternatives match anything, the end included
            raise _Failed(Error(self.at, self.at, "no token"))
        kind = found.lastgroup or ""
        self.at = found.end()
        if self.at - self.first > MAX_LENGTH:
            raise _Failed(Error(self.first, self.at, f"longer than {MAX_LENGTH} characters"))
        return _Token(kind, found.start(kind), found.end(), found[kind])

    def advance(self) -> _Token:
        token = self.token
        self.last_end = token.end
        self.token = self.read()
        return token

    def fail(self, why: str) -> NoReturn:
        token = self.token
        what = "the end" if token.kind == "end" else f"{token.text!r}"
        if token.text == '"':
            why = "is no quote here; strings stand in single quotes"
        raise _Failed(Error(token.start, max(token.end, token.start), f"{what} {why}"))

    def accept(self, op: str) -> bool:
        if self.token.kind == "op" and self.token.text == op:
            self.advance()
            return True
        return False

    def expect(self, op: str) -> None:
        if not self.accept(op):
            self.fail(f"stands where {op!r} is needed")

    def binary(self, level: int, depth: int) -> Expr:
        if depth > MAX_DEPTH:
            self.fail("is nested too deeply")
        if level == len(_LEVELS):
            return self.unary(depth)
        left = self.binary(level + 1, depth)
        while self.token.kind == "op" and self.token.text in _LEVELS[level]:
            op = self.advance().text
            right = self.binary(level + 1, depth)
            left = Binary(left.start, right.end, op, left, right)
        return left

    def unary(self, depth: int) -> Expr:
        start = self.token.start
        if self.accept("!"):
            if depth > MAX_DEPTH:
                self.fail("is nested too deeply")
            operand = self.unary(depth + 1)
            return Unary(start, operand.end, operand)
        return self.postfix(self.primary(depth), depth)

    def primary(self, depth: int) -> Expr:
        token = self.token
        if token.kind == "string":
            self.advance()
            return Literal(token.start, token.end, token.text[1:-1].replace("''", "'"))
        if token.kind == "number":
            self.advance()
            return Literal(token.start, token.end, _number(token.text))
        if token.kind == "name":
            self.advance()
            if self.token.kind == "op" and self.token.text == "(":
                return self.call(token, depth)
            name = token.text.lower()
            if name in _CONSTANTS and token.text == name:
                return Literal(token.start, token.end, _CONSTANTS[name])
            return Name(token.start, token.end, name)
        if self.accept("("):
            inner = self.binary(0, depth + 1)
            self.expect(")")
            return inner._replace(start=token.start, end=self.last_end)
        return self.fail("stands where a value is needed")

    def call(self, name: _Token, depth: int) -> Expr:
        self.expect("(")
        args: list[Expr] = []
        if not self.accept(")"):
            args.append(self.binary(0, depth + 1))
            while self.accept(","):
                args.append(self.binary(0, depth + 1))
            self.expect(")")
        return Call(name.start, self.last_end, name.text.lower(), tuple(args))

    def postfix(self, base: Expr, depth: int) -> Expr:
        steps = 0
        while True:
            steps += 1
            if steps > MAX_DEPTH:
                self.fail("is nested too deeply")
            if self.accept("."):
                if self.token.kind == "name":
                    name = self.advance().text.lower()
                    base = Property(base.start, self.last_end, base, name)
                elif self.accept("*"):
                    base = Star(base.start, self.last_end, base)
                else:
                    self.fail("stands where a name is needed")
            elif self.accept("["):
                if self.accept("*"):
                    self.expect("]")
                    base = Star(base.start, self.last_end, base)
                else:
                    key = self.binary(0, depth + 1)
                    self.expect("]")
                    base = Index(base.start, self.last_end, base, key)
            else:
                return base


def _number(text: str) -> float:
    sign = -1.0 if text.startswith("-") else 1.0
    digits = text.lstrip("+-")
    if digits.startswith("0x"):
        return sign * int(digits, 0)
    if digits.startswith("0o"):
        return sign * int(digits, 0)
    return sign * float(digits)
