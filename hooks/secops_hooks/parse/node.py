"""The one tree that every format becomes: nodes with exact positions, and paths through them.

A mapping's children are its entries in file order; an entry is the *value's* node, which also knows its key, so
duplicate keys are simply two children. A YAML alias is a node whose ``target`` is the anchored node; nothing is
copied. Values that only the run time knows (variables, templates, tags such as ``!vault``) are ``UNKNOWN``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..lazy import Lazy
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Final, Literal, TypeAlias

    from ..files.source import Source
    from ..finding import Problem, Span

    Kind: TypeAlias = Literal["mapping", "sequence", "scalar"]
else:
    Kind = str

MAX_DEPTH: Final = 256


class Unknown:
    """The value of what cannot be known without running or rendering something. False, and equal only to itself."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
Value: TypeAlias = str | int | float | bool | None | Unknown


class Node:
    """A mapping, sequence or scalar, with the key under which it stands (if any).

    ``start``/``end`` and ``key_start``/``key_end`` are offsets into ``source.text``; for a block they reach from its
    first to behind its last character. ``text`` is a scalar's decoded string whatever its type; ``value`` is typed.
    ``style`` is the format's word for how the scalar was written (``'``, ``"``, ``|``, ``>``, empty for plain).
    """

    __slots__ = (
        "anchor", "children", "end", "index", "key", "key_end", "key_start", "kind", "parent", "source", "start",
        "style", "tag", "target", "text", "value",
    )  # fmt: skip

    def __init__(
        self,
        kind: Kind,
        source: Source,
        start: int,
        end: int,
        *,
        value: Value = None,
        text: str = "",
        style: str = "",
        tag: str = "",
        anchor: str = "",
        target: Node | None = None,
    ) -> None:
        self.kind = kind
        self.source = source
        self.start = start
        self.end = end
        self.value: Value = value
        self.text = text
        self.style = style
        self.tag = tag
        self.anchor = anchor
        self.target = target
        self.key: str | None = None
        self.key_start = start
        self.key_end = start
        self.index = 0
        self.parent: Node | None = None
        self.children: list[Node] = []

    # -- building (parsers only)

    def add(self, child: Node, key: str | None = None, key_start: int = 0, key_end: int = 0) -> Node:
        """Append ``child``, an item of a sequence or, with ``key``, an entry of a mapping. Gives ``child`` back."""
        child.parent = self
        child.index = len(self.children)
        if key is not None:
            child.key, child.key_start, child.key_end = key, key_start, key_end
        self.children.append(child)
        return child

    # -- reading

    @property
    def span(self) -> Span:
        """Where the value stands."""
        return self.source.span(self.start, self.end)

    @property
    def key_span(self) -> Span:
        """Where the key stands; the value's span for an item that has no key."""
        return self.span if self.key is None else self.source.span(self.key_start, self.key_end)

    @property
    def raw(self) -> str:
        """The value exactly as written."""
        return self.source.text[self.start : self.end]

    @property
    def resolved(self) -> Node:
        """This node, or what an alias stands for (never an alias; a dangling alias is itself)."""
        node, hops = self, 0
        while node.target is not None and hops < MAX_DEPTH:
            node, hops = node.target, hops + 1
        return node

    @property
    def known(self) -> bool:
        return self.resolved.value is not UNKNOWN

    @property
    def path(self) -> str:
        """The key path from the root, such as ``spec.containers[0].image``; keys that need it are quoted."""
        parts: list[str] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            if node.key is None:
                parts.append(f"[{node.index}]")
            else:
                parts.append("." + (node.key if _PLAIN_KEY.match(node.key) else _quote(node.key)))
            node = node.parent
        return "".join(reversed(parts)).removeprefix(".")

    @property
    def comments(self) -> tuple[str, ...]:
        """The text of the comments that belong to this entry: lines directly above it, and on its own line."""
        from .comments import comments_of

        return comments_of(self)

    def entries(self) -> Iterator[Node]:
        """Entries of a mapping (or items of a sequence), aliases and ``<<`` merges followed, overridden ones left out."""
        node = self.resolved
        merges = [c for c in node.children if c.key == "<<"] if node.kind == "mapping" else []
        if not merges:
            yield from node.children
            return
        seen: set[str] = set()
        for child in node.children:
            if child.key != "<<":
                seen.add(child.key or "")
                yield child
        yield from _merged(merges, seen, 0)

    def get(self, *keys: str) -> Node | None:
        """The entry under ``keys``, one step each; of duplicate keys the last, as parsers do. ``None`` when absent."""
        node: Node | None = self
        for key in keys:
            found = None
            if node is not None and node.resolved.kind == "mapping":
                for entry in node.entries():
                    if entry.key == key:
                        found = entry
            node = found
            if node is None:
                return None
        return node

    def walk(self) -> Iterator[Node]:
        """This node and all below it in file order; aliases are given but not entered."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def select(self, pattern: str) -> list[Node]:
        """Nodes below this one whose path from here matches ``pattern`` (see :func:`compile_path`), in file order."""
        return _select([self], compile_path(pattern), None)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.path or '.'} {self.value if self.kind == 'scalar' else len(self.children)!r}>"


_PLAIN_KEY = Lazy(r"[^\s.\[\]\"'*{},]+\Z")


def _quote(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _merged(merges: Iterable[Node], seen: set[str], depth: int) -> Iterator[Node]:
    """Entries that ``<<`` values bring in, earlier ones first, each key once (YAML 1.1 merge key)."""
    if depth > MAX_DEPTH:
        return
    for merge in merges:
        base = merge.resolved
        if base.kind == "sequence":
            yield from _merged(base.children, seen, depth + 1)
            continue
        nested = []
        for child in base.children:
            if child.key == "<<":
                nested.append(child)
            elif (child.key or "") not in seen:
                seen.add(child.key or "")
                yield child
        if nested:
            yield from _merged(nested, seen, depth + 1)


class Document:
    """What the parser made of a source. ``problems`` says what could not be read; ``roots`` holds all that could."""

    __slots__ = ("_index", "format", "problems", "roots", "source")

    def __init__(self, source: Source, format: str, roots: Iterable[Node] = (), problems: Iterable[Problem] = ()) -> None:
        self.source = source
        self.format = format
        self.roots = tuple(roots)
        self.problems = tuple(problems)
        self._index: dict[str, list[Node]] | None = None

    @property
    def index(self) -> dict[str, list[Node]]:
        """Every entry of every mapping by its key, in file order: what makes ``**.key`` cost nothing."""
        if self._index is None:
            index: dict[str, list[Node]] = {}
            for root in self.roots:
                for node in root.walk():
                    if node.key is not None:
                        index.setdefault(node.key, []).append(node)
            self._index = index
        return self._index

    def select(self, pattern: str) -> list[Node]:
        """Nodes of all roots that match ``pattern`` (see :func:`compile_path`), in file order."""
        return _select(list(self.roots), compile_path(pattern), self.index)


# -- path queries


class Step(NamedTuple):
    """One step of a path: ``key`` (one of ``names``; none given: any key), ``item`` (``number`` or any), ``deep`` (any depth)."""

    kind: Literal["key", "item", "deep"]
    names: tuple[str, ...] = ()
    number: int | None = None


_STEP = Lazy(
    r"""\.?(?:(?P<deep>\*\*)|(?P<any>\*)|\{(?P<many>[^}]*)\}|"(?P<quoted>(?:[^"\\]|\\.)*)"|\[(?P<item>\*|\d+)\]|(?P<name>[^\s.\[\]"*{}]+))"""
)


@lru_cache(maxsize=4096)
def compile_path(pattern: str) -> tuple[Step, ...]:
    """Steps of a path pattern.

    ``a.b`` keys, ``"a.b"`` a key with dots, ``{a,b}`` either key, ``*`` any key, ``[0]`` an item, ``[*]`` any item,
    ``**`` any number of steps. Raises ``ValueError`` naming the column where the pattern is not understood.
    """
    steps: list[Step] = []
    at = 0
    while at < len(pattern):
        m = _STEP.match(pattern, at)
        if m is None:
            raise ValueError(f"path pattern {pattern!r} is not understood at column {at + 1}")
        if m["deep"]:
            steps.append(Step("deep"))
        elif m["any"]:
            steps.append(Step("key"))
        elif m["many"] is not None:
            steps.append(Step("key", tuple(n.strip() for n in m["many"].split(","))))
        elif m["quoted"] is not None:
            steps.append(Step("key", (re.sub(r"\\(.)", r"\1", m["quoted"]),)))
        elif m["item"]:
            steps.append(Step("item", (), None if m["item"] == "*" else int(m["item"])))
        else:
            steps.append(Step("key", (m["name"],)))
        at = m.end()
    return tuple(steps)


def _select(nodes: list[Node], steps: tuple[Step, ...], index: dict[str, list[Node]] | None) -> list[Node]:
    for at, step in enumerate(steps):
        if step.kind == "deep":
            following = steps[at + 1] if at + 1 < len(steps) else None
            if at == 0 and index is not None and following and following.kind == "key" and following.names:
                # from the roots, «any depth, then this key» is what the index answers
                hits = [node for name in following.names for node in index.get(name, ())]
                if len(following.names) > 1:
                    hits.sort(key=lambda node: node.key_start)
                return _select(hits, steps[at + 2 :], None)
            nodes = _unique(below for node in nodes for below in node.walk())
        elif step.kind == "key":
            names = step.names
            nodes = [
                entry
                for node in nodes
                if node.resolved.kind == "mapping"
                for entry in node.entries()
                if entry.key is not None and (not names or entry.key in names)
            ]
        else:
            number = step.number
            nodes = [
                item
                for node in nodes
                if node.resolved.kind == "sequence"
                for item in node.resolved.children
                if number is None or item.index == number
            ]
        if not nodes:
            return []
        if len(nodes) > 1:
            nodes = _unique(nodes)  # aliases bring the same nodes again; without this their number multiplies from step to step
    return nodes


def _unique(nodes: Iterable[Node]) -> list[Node]:
    seen: set[int] = set()
    out: list[Node] = []
    for node in nodes:
        if id(node) not in seen:
            seen.add(id(node))
            out.append(node)
    return out
