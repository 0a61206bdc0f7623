"""Types of Actions expressions: what a value can be, what its parts are, and what may not be done with it.

A checker for the part of the language that fails silently at run time: a misspelt property is ``null``, a condition on it false.
Types are only as sharp as the file is sure; everything else is ``ANY``, and nothing is wrong with that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from .expression import Binary, Call, Expr, Index, Name, Property, Star, Unary
from .expression import Literal as Constant

Scalar: TypeAlias = Literal["any", "string", "number", "bool", "null"]


class Object(NamedTuple):
    """An object with ``fields``; ``rest`` is the type of all other fields, ``None`` when there are none."""

    fields: Mapping[str, Type]
    rest: Type | None = None


class Array(NamedTuple):
    """A list of ``item``; ``filtered`` when a ``*`` made it, so that a property is taken of each item."""

    item: Type
    filtered: bool = False


Type: TypeAlias = Scalar | Object | Array
ANY: Final[Scalar] = "any"
STRING: Final[Scalar] = "string"
OPEN: Final = Object({}, ANY)
STRINGS: Final = Object({}, STRING)


class Mistake(NamedTuple):
    """What is wrong with an expression, and where in its text."""

    start: int
    end: int
    reason: str


class _Function(NamedTuple):
    params: tuple[Type, ...]
    result: Type
    optional: int = 0  # how many of the last parameters may be left out
    rest: Type | None = None  # the type of any further arguments


_FUNCTIONS: Final[dict[str, tuple[_Function, ...]]] = {
    "contains": (_Function((STRING, STRING), "bool"), _Function((Array(ANY), ANY), "bool")),
    "startswith": (_Function((STRING, STRING), "bool"),),
    "endswith": (_Function((STRING, STRING), "bool"),),
    "format": (_Function((STRING,), STRING, 0, ANY),),
    "join": (_Function((Array(ANY), STRING), STRING, 1), _Function((STRING, STRING), STRING, 1)),
    "tojson": (_Function((ANY,), STRING),),
    "fromjson": (_Function((STRING,), ANY),),
    "hashfiles": (_Function((STRING,), STRING, 0, STRING),),
    "case": (_Function((ANY, ANY, ANY), ANY, 0, ANY),),
    "success": (_Function((), "bool", 0, STRING),),
    "failure": (_Function((), "bool", 0, STRING),),
    "always": (_Function((), "bool"),),
    "cancelled": (_Function((), "bool"),),
}
_NO_FIELD: Final = "is no field of this object"
SPECIAL: Final = frozenset({"success", "failure", "always", "cancelled", "hashfiles"})


def describe(kind: Type) -> str:
    """The type in a reader's words."""
    if isinstance(kind, Object):
        return "an object"
    if isinstance(kind, Array):
        return "an array"
    return {"any": "anything", "string": "a string", "number": "a number", "bool": "a boolean", "null": "null"}[kind]


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of type ``given`` may stand where ``wanted`` is needed; scalars turn into strings by themselves."""
    if given == ANY or wanted == ANY:
        return True
    if isinstance(wanted, Array):
        return isinstance(given, Array) and fits(given.item, wanted.item)
    if isinstance(wanted, Object):
        return isinstance(given, Object)
    if wanted == STRING:
        return not isinstance(given, Object | Array)
    return given == wanted


def merge(a: Type, b: Type) -> Type:
    """The type of a value that is one or the other."""
    if a == b:
        return a
    if isinstance(a, Array) and isinstance(b, Array):
        return Array(merge(a.item, b.item))
    if isinstance(a, Object) and isinstance(b, Object):
        fields = {
            name: merge(a.fields[name], b.fields[name]) if name in a.fields and name in b.fields else kind
            for name, kind in {**a.fields, **b.fields}.items()
        }
        rest = a.rest if b.rest is None else b.rest if a.rest is None else merge(a.rest, b.rest)
        return Object(fields, rest)
    return ANY


class Checker:
    """Infers the type of an expression and collects its mistakes.

    ``names``: the type of each context, ``None`` for one that exists but not here. ``functions``: the special functions
    that may be called here.
    """

    def __init__(self, names: Callable[[str], Type | None], known: frozenset[str], functions: frozenset[str]) -> None:
        self.names = names
        self.known = known
        self.functions = functions
        self.mistakes: list[Mistake] = []

    def wrong(self, node: Expr, reason: str) -> Type:
        self.mistakes.append(Mistake(node.start, node.end, reason))
        return ANY

    def type_of(self, node: Expr) -> Type:
        """The type of ``node``; what is wrong inside goes to ``mistakes``."""
        if isinstance(node, Constant):
            value = node.value
            return "null" if value is None else "bool" if isinstance(value, bool) else "number" if isinstance(value, float) else STRING
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Property):
            return self._property(node)
        if isinstance(node, Index):
            return self._index(node)
        if isinstance(node, Star):
            return self._star(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Unary):
            self.type_of(node.operand)
            return "bool"
        return self._binary(node)

    def _name(self, node: Name) -> Type:
        found = self.names(node.name)
        if found is not None:
            return found
        if node.name in self.known:
            return self.wrong(node, f"the context {node.name} does not exist at this place")
        return self.wrong(node, f"there is no context named {node.name}")

    def _field(self, node: Expr, kind: Type, name: str) -> Type:
        if isinstance(kind, Object):
            found = kind.fields.get(name, kind.rest)
            if found is not None:
                return found
            return self.wrong(node, f"{name} {_NO_FIELD}" + (f"; it has {', '.join(sorted(kind.fields)[:8])}" if kind.fields else ""))
        if isinstance(kind, Array) and kind.filtered:
            return Array(self._field(node, kind.item, name), True)
        return ANY if kind == ANY else self.wrong(node, f"{describe(kind)} has no field {name}")

    def _property(self, node: Property) -> Type:
        return self._field(node, self.type_of(node.base), node.name)

    def _index(self, node: Index) -> Type:
        base, key = self.type_of(node.base), self.type_of(node.key)
        if isinstance(base, Array):
            if key not in (ANY, "number"):
                return self.wrong(node.key, f"an array has no entry under {describe(key)}")
            return base.item
        if isinstance(base, Object):
            if key not in (ANY, STRING):
                return self.wrong(node.key, f"an object has no entry under {describe(key)}")
            if isinstance(node.key, Constant):
                return self._field(node, base, str(node.key.value).lower())
            return ANY if base.rest is None else base.rest
        return ANY if base == ANY else self.wrong(node, f"{describe(base)} has no entries")

    def _star(self, node: Star) -> Type:
        base = self.type_of(node.base)
        if isinstance(base, Array):
            return Array(base.item.item if base.filtered and isinstance(base.item, Array) else base.item, True)
        if isinstance(base, Object):
            kinds = [*base.fields.values(), *([base.rest] if base.rest is not None else [])]
            item: Type = kinds[0] if kinds else ANY
            for kind in kinds[1:]:
                item = merge(item, kind)
            return Array(item, True)
        return Array(ANY, True) if base == ANY else self.wrong(node, f"{describe(base)} has no entries to filter")

    def _call(self, node: Call) -> Type:
        given = [self.type_of(arg) for arg in node.args]
        shapes = _FUNCTIONS.get(node.name)
        if shapes is None:
            return self.wrong(node, f"there is no function named {node.name}")
        if node.name in SPECIAL and node.name not in self.functions:
            return self.wrong(node, f"{node.name}() cannot be called at this place")
        errors = [error for shape in shapes if (error := _misfit(node, given, shape)) is not None]
        if len(errors) == len(shapes):
            self.mistakes.append(errors[0])
        self.mistakes.extend(_of_constants(node))
        if node.name == "fromjson" and len(node.args) == 1 and isinstance(node.args[0], Constant) and isinstance(node.args[0].value, str):
            return _of_json(node.args[0].value)
        if node.name == "case":
            kinds = [kind for at, kind in enumerate(given) if at % 2 or at == len(given) - 1]
            return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else ANY
        return shapes[0].result

    def _binary(self, node: Binary) -> Type:
        chain: list[Binary] = []  # left-leaning chains can be long
        left: Expr = node
        while isinstance(left, Binary):
            chain.append(left)
            left = left.left
        kind = self.type_of(left)
        for each in reversed(chain):
            if each.op == "||":  # what follows is the answer to a field that is not there
                self.mistakes = [mistake for mistake in self.mistakes if mistake.start < node.start or _NO_FIELD not in mistake.reason]
            right = self.type_of(each.right)
            if each.op == "&&":
                kind = right if kind == right else merge(kind, right)
            elif each.op == "||":
                kind = merge(kind, right)
            else:
                self._compare(each, kind, right)
                kind = "bool"
        return kind

    def _compare(self, node: Binary, left: Type, right: Type) -> None:
        if ANY in (left, right):
            return
        if node.op in ("==", "!="):
            scalars = [kind for kind in (left, right) if not isinstance(kind, Object | Array)]
            if len(scalars) == 1 and scalars[0] != "null":
                self.wrong(node, f"{describe(left)} never equals {describe(right)}")
            elif isinstance(left, Array) and isinstance(right, Array) and not _alike(left.item, right.item):
                self.wrong(node, "arrays of different things never equal each other")
            return
        for part, kind in ((node.left, left), (node.right, right)):
            if isinstance(kind, Object | Array) or kind in ("null", "bool"):
                self.wrong(part if node.left is part or node.right is part else node, f"{describe(kind)} cannot be ordered with {node.op}")
                return


def _alike(a: Type, b: Type) -> bool:
    if ANY in (a, b):
        return True
    if isinstance(a, Array) and isinstance(b, Array):
        return _alike(a.item, b.item)
    return isinstance(a, Object) == isinstance(b, Object) and isinstance(a, Array) == isinstance(b, Array)


def _misfit(node: Call, given: list[Type], shape: _Function) -> Mistake | None:
    """Why ``given`` arguments do not fit ``shape``, if they do not."""
    least, most = len(shape.params) - shape.optional, len(shape.params)
    if len(given) < least or (len(given) > most and shape.rest is None):
        return Mistake(
            node.start,
            node.end,
            f"{node.name}() takes {least if least == most and shape.rest is None else f'{least} or more'} arguments, not {len(given)}",
        )
    for at, kind in enumerate(given):
        wanted = shape.params[at] if at < most else shape.rest
        if wanted is not None and not fits(kind, wanted):
            return Mistake(node.args[at].start, node.args[at].end, f"{node.name}() needs {describe(wanted)} here, not {describe(kind)}")
    return None


def _of_constants(node: Call) -> Iterator[Mistake]:
    """Mistakes in what ``format`` and ``fromJSON`` are given literally."""
    if not node.args or not isinstance(node.args[0], Constant) or not isinstance(node.args[0].value, str):
        return
    text = node.args[0].value
    if node.name == "format":
        wanted = {int(found[1]) for found in re.finditer(r"\{(\d{1,6})\}", text.replace("{{", "").replace("}}", ""))}
        missing = sorted(wanted - set(range(len(node.args) - 1)))
        unused = sorted(set(range(len(node.args) - 1)) - wanted)
        if missing:
            yield Mistake(node.start, node.end, f"format() has no argument for {{{missing[0]}}}")
        elif unused:
            yield Mistake(node.start, node.end, f"format() does not use its argument {{{unused[0]}}}")
    elif node.name == "fromjson":
        from json import loads

        try:
            loads(text)
        except (ValueError, RecursionError):
            yield Mistake(node.args[0].start, node.args[0].end, "this is no JSON")


def _of_json(text: str) -> Type:
    from json import loads

    try:
        return _of_value(loads(text), 0)
    except (ValueError, RecursionError):
        return ANY


def _of_value(value: object, depth: int) -> Type:
    if depth > 20:
        return ANY
    if isinstance(value, dict):
        return Object({str(name).lower(): _of_value(each, depth + 1) for name, each in value.items()})
    if isinstance(value, list):
        item: Type | None = None
        for each in value[:100]:
            kind = _of_value(each, depth + 1)
            item = kind if item is None else merge(item, kind)
        return Array(ANY if item is None or len(value) > 100 else item)
    return "null" if value is None else "bool" if isinstance(value, bool) else "number" if isinstance(value, int | float) else STRING
