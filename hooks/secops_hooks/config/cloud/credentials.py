"""Long-lived AWS keys as the way in which a program gets its rights, where a role would give it short-lived ones by itself.

Whether a value is a real key is no question here (that is family secrets'): with an example in it, the setting is as wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..match import Hit
from ..predicates import scalar_text
from .fact import Finder, at
from .resource import first, reach

if TYPE_CHECKING:
    from ...parse.node import Node
    from .resource import Resource, View

RULE: Final = "cloud-static-credentials"
_ID: Final = re.compile(r"(?<![A-Za-z0-9])A(?:KI|SI|ID|IP|RO|NP|NV|GP)A[A-Z0-9]{16}(?![A-Za-z0-9])")
_NAME: Final = re.compile(r"(?i)(?:\A|_|aws)(?:access|secret)_?(?:access_?)?key(?:_?id)?\Z")
_SECRET: Final = re.compile(r"[A-Za-z0-9/+=]{40}\Z")
_MOST: Final = 64  # scalars of one script


def _is_key(name: str, text: str) -> bool:
    return _ID.search(text) is not None or (_NAME.search(name) is not None and _SECRET.match(text) is not None)


def variables(path: str) -> Finder:
    """A finder of keys among the entries of the mapping at ``path`` (empty: the resource itself)."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for mapping in reach(resource.body, path) if path else (resource.body,):
            for entry in mapping.entries() if mapping.resolved.kind == "mapping" else ():
                if _is_key(entry.key or "", scalar_text(entry) or ""):
                    yield RULE, Hit(entry, key=True)

    return find


def pairs(path: str) -> Finder:
    """A finder of keys in a list of mappings with ``Name`` and ``Value``."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for pair in reach(resource.body, path + "[]"):
            name, value = first(pair, "{Name,name}"), first(pair, "{Value,value}")
            if name is not None and value is not None and _is_key(scalar_text(name) or "", scalar_text(value) or ""):
                yield RULE, at(value)

    return find


def script(path: str) -> Finder:
    """A finder of keys in texts at ``path``, or in what functions around them are given."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for held in reach(resource.body, path):
            texts: list[Node] = [node for node in held.walk() if node.kind == "scalar"]
            if any(_ID.search(node.text) for node in texts[:_MOST]):
                yield RULE, Hit(held, key=held.key is not None)

    return find
