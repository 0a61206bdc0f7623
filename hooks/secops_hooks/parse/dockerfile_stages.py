"""Build stages of a Dockerfile and its variables: which image a stage really starts from, what ``$VAR`` stands for.

Scopes as in the Dockerfile reference: an ARG before the first FROM is seen by FROM lines, and in a stage only once the stage
declares it; ENV wins over ARG; a stage built on an earlier one inherits that one's variables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from .node import MAX_DEPTH, UNKNOWN, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .node import Document, Node

Variables: TypeAlias = dict[str, str | Unknown]

_VARIABLE = re.compile(r"\\(\$)|\$(?:(?P<bare>[A-Za-z_]\w*|\d|[@*#?!-])|\{(?P<name>[A-Za-z_]\w*|\d+))")
_MAX_EXPANDED: Final = 65536
_PLATFORM: Final = {
    f"{side}{part}": UNKNOWN for side in ("TARGET", "BUILD") for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
}  # set by the builder


class Stage(NamedTuple):
    """One FROM and what follows it. ``base_text`` is the image with variables resolved, or UNKNOWN; ``parent`` the number of the
    earlier stage that ``base`` names (then it is no image). ``base`` is ``None`` for a FROM without image."""

    number: int
    name: str
    instruction: Node
    base: Node | None
    base_text: str | Unknown
    platform: Node | None
    instructions: tuple[Node, ...]
    parent: int | None


def stages(document: Document) -> tuple[Stage, ...]:
    """The stages of a Dockerfile in order; computed once a document."""
    key = "dockerfile-stages"
    kept = document.source.memo.get(key)
    if not isinstance(kept, tuple):
        kept = document.source.memo[key] = _stages(document)
    return kept


def _stages(document: Document) -> tuple[Stage, ...]:
    children = [n for root in document.roots for n in root.children if n.key and n.key[0].isupper()]
    starts = [at for at, n in enumerate(children) if n.key == "FROM"]
    scope = global_arguments(document)
    made: list[Stage] = []
    by_name: dict[str, int] = {}
    for number, at in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(children)
        args = children[at].get("args")
        words = args.children if args is not None else []
        base = words[0] if words else None
        base_text: str | Unknown = UNKNOWN
        if base is not None:
            base_text = base.text if base.known else expand(base.text, scope)
        name = words[2].text.lower() if len(words) > 2 and words[1].text.lower() == "as" else ""
        parent = by_name.get(base_text.lower()) if isinstance(base_text, str) else None
        platform = children[at].get("flags", "platform")
        made.append(Stage(number, name, children[at], base, base_text, platform, tuple(children[at + 1 : end]), parent))
        if name:
            by_name[name] = number
    return tuple(made)


def global_arguments(document: Document) -> Variables:
    """The ARG values that FROM lines see: defaults before the first FROM; one without default is UNKNOWN."""
    scope: Variables = dict(_PLATFORM)
    for root in document.roots:
        for node in root.children:
            if node.key == "FROM":
                return scope
            if node.key == "ARG":
                _declare(node, scope, {})
    return scope


def environment(document: Document, stage: Stage, before: Node | None = None) -> Variables:
    """The variables that an instruction of ``stage`` sees: of all instructions up to ``before`` (not included), or of all."""
    outer = global_arguments(document)
    chain: list[Stage] = [stage]
    known = stages(document)
    while chain[-1].parent is not None and len(chain) < MAX_DEPTH:
        chain.append(known[chain[-1].parent])
    scope: Variables = {}
    for link in reversed(chain):
        scope = {k: v for k, v in scope.items() if k not in _arguments(link, known)}
        environ: set[str] = set()
        for node in link.instructions:
            if node is before:
                break
            if node.key == "ENV":
                _declare(node, scope, {})
                environ.update(_names(node))
            elif node.key == "ARG":
                kept = {name: scope[name] for name in environ if name in scope}
                _declare(node, scope, outer)
                scope.update(kept)
    return scope


def _arguments(stage: Stage, known: tuple[Stage, ...]) -> frozenset[str]:
    """Names that the stage's parent declared with ARG only: they end with it."""
    if stage.parent is None:
        return frozenset()
    nodes = known[stage.parent].instructions
    environ = {name for n in nodes if n.key == "ENV" for name in _names(n)}
    return frozenset(name for n in nodes if n.key == "ARG" for name in _names(n)) - environ


def _names(node: Node) -> Iterable[str]:
    pairs = node.get("pairs")
    return [c.key or "" for c in pairs.children] if pairs is not None else []


def _declare(node: Node, scope: Variables, outer: Mapping[str, str | Unknown]) -> None:
    pairs = node.get("pairs")
    seen = dict(scope)  # all values of one instruction see the variables from before it
    for child in pairs.children if pairs is not None else ():
        name = child.key or ""
        if isinstance(child.value, str):
            scope[name] = child.value
        elif child.value is None:
            scope[name] = outer.get(name, UNKNOWN)
        else:
            scope[name] = expand(child.text, seen)


def expand(text: str, variables: Mapping[str, str | Unknown]) -> str | Unknown:
    """``text`` with ``$VAR``, ``${VAR}``, ``${VAR:-word}``, ``${VAR-word}``, ``${VAR:+word}``, ``${VAR+word}``, ``${VAR:?word}`` replaced.

    UNKNOWN as soon as a needed variable is not in ``variables`` or UNKNOWN itself (a default stands in for one that is
    not there), or for operators that are not listed here.
    """
    return _expand(text, variables, 0)


def _expand(text: str, variables: Mapping[str, str | Unknown], depth: int) -> str | Unknown:
    if "$" not in text:
        return text
    if depth > 16:
        return UNKNOWN
    out: list[str] = []
    at = size = 0
    while (m := _VARIABLE.search(text, at)) is not None:
        out.append(text[at : m.start()])
        at = m.end()
        if m[1]:
            out.append("$")
            continue
        if m["bare"]:
            value = variables.get(m["bare"], UNKNOWN)
        else:
            end = _closing(text, at)
            if end < 0:
                return UNKNOWN
            value = _parameter(m["name"], text[at:end], variables, depth)
            at = end + 1
        if isinstance(value, Unknown) or (size := size + len(value)) > _MAX_EXPANDED:
            return UNKNOWN
        out.append(value)
    out.append(text[at:])
    return "".join(out)


def _parameter(name: str, rest: str, variables: Mapping[str, str | Unknown], depth: int) -> str | Unknown:
    """The value of ``${name rest}``."""
    value: str | Unknown | None = variables.get(name)
    if not rest:
        return UNKNOWN if value is None else value
    colon = rest[0] == ":"
    operator, word = (rest[1:2], rest[2:]) if colon else (rest[0], rest[1:])
    if isinstance(value, Unknown) and operator in ("-", "+", "?"):
        return UNKNOWN
    there = value is not None and not (colon and value == "")
    if operator == "-":
        return value if there and value is not None else _expand(word, variables, depth + 1)
    if operator == "+":
        return _expand(word, variables, depth + 1) if there else ""
    if operator == "?" and there and value is not None:
        return value
    return UNKNOWN


def _closing(text: str, at: int) -> int:
    """Where the ``}`` of the ``${`` before ``at`` stands; -1 when it is not there."""
    depth = 1
    while at < len(text):
        if text[at] == "}":
            depth -= 1
            if not depth:
                return at
        elif text.startswith("${", at):
            depth += 1
        at += 1
    return -1
