"""HCL 2 (Terraform, OpenTofu, Packer, Nomad) to the one tree, from tree-sitter's syntax tree.

Blocks nest by type, then by labels: ``resource "aws_s3_bucket" "b" { acl = "x" }`` has ``resource.aws_s3_bucket.b.acl``;
a repeated block is a further entry under the same key. What only Terraform can evaluate is unknown and keeps its source
as text. Calls that change only how a literal is held (``jsonencode``, ``toset`` …) give their argument, with the call as style.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .node import MAX_DEPTH, UNKNOWN, Document, Node, Value
from .scalar import Reading
from .treesitter import parse as parse_syntax

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

    from ..files.source import Source
    from .treesitter import Syntax

CHOICES: Final = "hcl-choices"  # of a source's memo: (start, end) of ``c ? a : b`` -> a sequence of condition and arms
_JOINERS: Final = frozenset({"concat", "flatten", "distinct", "compact", "setunion", "sort"})
_HOLDERS: Final = frozenset({"jsonencode", "yamlencode", "toset", "tolist", "tomap", "sensitive"})
_WRAPPERS: Final = frozenset({"expression", "literal_value", "template_expr", "collection_value", "function_arguments"})
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|([$%])\4\{")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}
_HEREDOC: Final = re.compile(r"<<-?[^\r\n]*\r?\n")
_INDENT: Final = re.compile(r"^[ \t]*(?=\S)", re.MULTILINE)
_BLANKS: Final = re.compile(r"\s{500,}")
_MOST_BLANKS: Final = 100_000_000  # the grammar's scanner takes quadratic time for a run of blanks: this much is half a second
_LONGEST_NUMBER: Final = 400


class _Work(NamedTuple):
    """A body, or an expression, that shall become a child of ``parent`` under ``key``."""

    syntax: SyntaxNode
    parent: Node
    key: str | None
    key_start: int
    key_end: int
    depth: int


def parse(source: Source, template: str) -> Document:
    """The document of HCL ``source``; syntax errors are problems, and what stands around them is read."""
    reading = Reading(source, "hcl", template)
    blanks = [m.span() for m in _BLANKS.finditer(reading.text)]
    if sum((end - start) ** 2 for start, end in blanks) > _MOST_BLANKS:
        reading.problem("runs of blanks too long to be read in bounded time", *blanks[0])
        return reading.document()
    neutral = reading.template.neutral
    # an expression of another template engine may stand where HCL wants a name
    syntax = parse_syntax("hcl", reading.text if neutral is None else reading.text.replace(neutral.mark, "x"))
    _Builder(reading, syntax).build()
    return reading.document()


class _Builder:
    def __init__(self, reading: Reading, syntax: Syntax) -> None:
        self.reading = reading
        self.source = reading.source
        self.syntax = syntax
        self.work: list[_Work] = []

    def build(self) -> None:
        if self.syntax.root.has_error:
            self._errors()
        self._body(self.syntax.root, self.reading.root, 0)
        while self.work:
            self._value(self.work.pop())

    def _errors(self) -> None:
        """The places where the text breaks the grammar: the innermost nodes that say so."""
        stack = [self.syntax.root]
        while stack and len(self.reading.problems) < 10:
            node = stack.pop()
            if node.is_missing:
                at = self.syntax.start(node)
                self.reading.problem(f"{node.type} is missing here", at, at)
            elif node.is_error:
                start = self.syntax.start(node)
                self.reading.problem("this is not HCL", start, max(start, self.syntax.end(node)))
            else:
                stack.extend(child for child in reversed(node.children) if child.has_error or child.is_missing)

    # -- bodies

    def _body(self, body: SyntaxNode, into: Node, depth: int) -> None:
        """Schedule the entries of ``body``, which may hold errors among them."""
        found: list[_Work] = []
        parts = list(body.children)
        for part in parts:  # grows with what stands inside errors and nested bodies
            if part.type in ("body", "ERROR"):
                parts.extend(part.children)
        parts.sort(key=_start)
        for part in parts:
            if part.type == "attribute":
                name, value = part.children[0], part.children[-1]
                if name.type == "identifier" and value.type == "expression":
                    found.append(_Work(value, into, self.syntax.text(name), self.syntax.start(name), self.syntax.end(name), depth))
            elif part.type == "block":
                found.append(_Work(part, into, None, 0, 0, depth))
        self.work.extend(reversed(found))

    def _block(self, work: _Work) -> None:
        parent = work.parent
        labels = [part for part in work.syntax.children if part.type in ("identifier", "string_lit")]
        bodies = [part for part in work.syntax.children if part.type == "body"]
        opening = next((part for part in work.syntax.children if part.type == "block_start"), None)
        start = self.syntax.start(opening) if opening else self.syntax.start(work.syntax)
        end = self.syntax.end(work.syntax)
        if work.depth + len(labels) > MAX_DEPTH:
            self.reading.problem(f"nested deeper than {MAX_DEPTH} levels", start, start + 1)
            return
        for label in labels:
            key = self._string(label) if label.type == "string_lit" else self._written(label)
            parent = parent.add(self.reading.mapping(start, end), key, self.syntax.start(label), self.syntax.end(label))
        for body in bodies:
            self._body(body, parent, work.depth + len(labels))

    # -- expressions

    def _value(self, work: _Work) -> None:
        if work.syntax.type == "block":
            self._block(work)
            return
        if work.depth > MAX_DEPTH:
            start = self.syntax.start(work.syntax)
            self.reading.problem(f"nested deeper than {MAX_DEPTH} levels", start, start + 1)
            return
        inner, holder = self._unwrapped(work.syntax)
        start, end = self.syntax.start(inner), self.syntax.end(inner)
        arguments = self._joined(inner)
        if arguments is not None:
            node = Node("sequence", self.source, start, end, style=self.syntax.text(inner.children[0]))
        elif inner.type in ("tuple", "object"):
            node = Node("sequence" if inner.type == "tuple" else "mapping", self.source, start, end, style=holder)
        elif inner.type == "string_lit":
            node = self._text(start, end, self._string(inner), '"')
        elif inner.type == "quoted_template":
            node = Node("scalar", self.source, start, end, value=UNKNOWN, text=self._string(inner), style='"')
        elif inner.type == "heredoc_template":
            node = self._heredoc(inner, start, end)
        else:
            value = self._literal(inner)
            node = Node("scalar", self.source, start, end, value=value, text=self.source.text[start:end], style=holder)
            if self._templated(start, end):
                node.value = UNKNOWN
        work.parent.add(node, work.key, work.key_start, work.key_end)
        if inner.type == "conditional":
            self._choice(inner, start, end, work.depth + 1)
        if inner.type == "tuple" or arguments is not None:
            parts = [part for part in arguments or inner.children if part.type == "expression"]
            self.work.extend(_Work(part, node, None, 0, 0, work.depth + 1) for part in reversed(parts))
        elif inner.type == "object":
            self._object(inner, node, work.depth + 1)

    def _unwrapped(self, syntax: SyntaxNode) -> tuple[SyntaxNode, str]:
        """What an expression comes down to through parentheses and calls that only hold it, and the name of the outermost call.

        An expression of which only Terraform knows the value is given as it is.
        """
        holder = ""
        for _ in range(MAX_DEPTH):
            parts = [part for part in syntax.children if part.is_named and part.type != "comment"]
            if syntax.type == "function_arguments" and len(syntax.children) != 1:
                return syntax, holder
            if len(parts) == 1 and syntax.type in _WRAPPERS:
                syntax = parts[0]
            elif syntax.type == "function_call" and len(parts) == 2 and self.syntax.text(parts[0]) in _HOLDERS:
                arguments = parts[1]
                held, _ = self._unwrapped(arguments) if len(arguments.children) == 1 else (arguments, "")
                if held.type not in ("tuple", "object", "string_lit"):
                    return syntax, holder
                return held, holder or self.syntax.text(parts[0])
            else:
                return syntax, holder
        return syntax, holder

    def _choice(self, syntax: SyntaxNode, start: int, end: int, depth: int) -> None:
        """Keeps what ``c ? a : b`` chooses between beside the tree, of which it is no part: only one arm comes to be."""
        choices = self.source.memo.setdefault(CHOICES, {})
        parts = [part for part in syntax.children if part.type == "expression"]
        if isinstance(choices, dict) and len(parts) == 3:
            choice = choices[start, end] = Node("sequence", self.source, start, end, style="?:")
            self.work.extend(_Work(part, choice, None, 0, 0, depth) for part in reversed(parts))

    def _joined(self, syntax: SyntaxNode) -> list[SyntaxNode] | None:
        """The arguments of a call that makes one list of several, or of a list; ``None`` for everything else."""
        parts = [part for part in syntax.children if part.is_named] if syntax.type == "function_call" else []
        if len(parts) != 2 or self.syntax.text(parts[0]) not in _JOINERS:
            return None
        return list(parts[1].children)

    def _object(self, syntax: SyntaxNode, into: Node, depth: int) -> None:
        found: list[_Work] = []
        for element in syntax.children:
            parts = [part for part in element.children if part.type == "expression"] if element.type == "object_elem" else []
            if len(parts) == 2:
                key, value = parts
                inner, _ = self._unwrapped(key)
                name = self._string(inner) if inner.type == "string_lit" else self._written(key)
                found.append(_Work(value, into, name, self.syntax.start(key), self.syntax.end(key), depth))
        self.work.extend(reversed(found))

    def _literal(self, syntax: SyntaxNode) -> Value:
        """The value of a number, ``true``, ``false`` or ``null``; ``UNKNOWN`` for everything that is no literal."""
        raw = self.syntax.text(syntax)
        if syntax.type == "bool_lit" or raw in ("True", "False"):  # the latter is a mistake that says what was meant
            return raw.lower() == "true"
        if syntax.type == "null_lit":
            return None
        negative = syntax.type == "operation" and re.fullmatch(r"-\s*[0-9][0-9.eE+-]*", raw)
        if (syntax.type == "numeric_lit" or negative) and len(raw) <= _LONGEST_NUMBER:
            try:
                return int(raw) if raw.isdecimal() else float(raw.replace(" ", "")) if not negative else _negative(raw)
            except ValueError:
                return UNKNOWN
        return UNKNOWN

    # -- texts

    def _written(self, syntax: SyntaxNode) -> str:
        return self.source.text[self.syntax.start(syntax) : self.syntax.end(syntax)]

    def _templated(self, start: int, end: int) -> bool:
        neutral = self.reading.template.neutral
        return neutral is not None and neutral.touches(start, end)

    def _text(self, start: int, end: int, text: str, style: str) -> Node:
        """A string without interpolations of HCL's own."""
        value: Value = UNKNOWN if self._templated(start, end) or "{{" in text else text
        return Node("scalar", self.source, start, end, value=value, text=text, style=style)

    def _string(self, syntax: SyntaxNode) -> str:
        raw = self._written(syntax)[1:-1]
        return _ESCAPE.sub(_unescape, raw) if "\\" in raw or "{" in raw else raw

    def _heredoc(self, syntax: SyntaxNode, start: int, end: int) -> Node:
        raw = self.source.text[start:end]
        opening = _HEREDOC.match(raw)
        body = raw[opening.end() if opening else 0 : raw.rfind("\n") + 1].replace("\r\n", "\n")
        if raw.startswith("<<-"):
            cut = min((len(m[0]) for m in _INDENT.finditer(body)), default=0)
            body = re.sub(rf"^[ \t]{{1,{cut}}}", "", body, flags=re.MULTILINE) if cut else body
        dynamic = any(part.type in ("template_interpolation", "template_directive") for part in syntax.children)
        value: Value = UNKNOWN if dynamic or self._templated(start, end) else body.replace("$${", "${").replace("%%{", "%{")
        return Node("scalar", self.source, start, end, value=value, text=body if value is UNKNOWN else str(value), style="<<")


def _start(syntax: SyntaxNode) -> int:
    return syntax.start_byte


def _negative(raw: str) -> int | float:
    digits = raw[1:].strip()
    return -int(digits) if digits.isdecimal() else -float(digits)


def _unescape(m: re.Match[str]) -> str:
    if m[4]:
        return m[4] + "{"
    point = int(m[1] or m[2], 16) if m[1] or m[2] else -1
    if 0 <= point < 0x110000:
        return chr(point)
    return _ESCAPES.get(m[3] or "", m[3] or m[0])
