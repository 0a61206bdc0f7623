"""Settings with dotted names, as Spring, Quarkus and Micronaut read them: ``a.b.c`` however a file splits the name over its keys.

``management.endpoints.web.exposure.include`` may be one key, nested keys, or anything in between, in YAML and properties
alike; case and separators do not count (Spring's relaxed binding).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

    from ..parse.node import Document, Node


@lru_cache(maxsize=4096)
def _relaxed(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def dotted(node: Node) -> str:
    """The dotted name of an entry in relaxed spelling: lower case, without ``-`` and ``_``. Profiles (``%prod.``) are left out."""
    parts: list[str] = []
    at: Node | None = node
    while at is not None and at.parent is not None:
        if at.key is not None:
            parts.append(_relaxed(at.key))
        at = at.parent
    name = ".".join(reversed(parts))
    return name.partition(".")[2] if name.startswith(("%", '"%')) else name


def settings(document: Document, names: Collection[str]) -> Iterator[tuple[str, Node]]:
    """Entries whose dotted name is one of ``names`` (in relaxed spelling, ``*`` for any one part), with items of lists."""
    last = {name.rpartition(".")[2] for name in names}
    patterns = [_pattern(name) for name in names if "*" in name]
    for key, nodes in document.index.items():
        if _relaxed(key).rpartition(".")[2] not in last:
            continue
        for node in nodes:
            name = dotted(node)
            if name in names or any(pattern.fullmatch(name) for pattern in patterns):
                if node.resolved.kind == "sequence":
                    yield from ((name, item) for item in node.resolved.children)
                else:
                    yield name, node


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(r"\*", "[^.]+"))


_UNREAL: Final = ("dev", "test", "local", "debug", "it", "integration", "e2e", "sandbox")


def for_development(node: Node) -> bool:
    """Whether an entry holds in a profile for development or tests only: ``%dev.…`` of Quarkus, or a document that Spring
    activates on such a profile."""
    top, below = node, node
    while top.parent is not None:
        top, below = top.parent, top
    first = (below.key or "").lstrip('"').partition(".")[0].strip('"')
    if first.startswith("%"):
        return first[1:].lower().startswith(_UNREAL)
    for path in ("spring.config.activate.on-profile", "spring.profiles"):
        found = top.get(*path.split(".")) or top.get(path)
        if found is not None and found.resolved.kind == "scalar" and found.text.strip():
            profiles = re.split(r"[\s,|&]+", found.text.strip().lower())
            return all(profile.startswith(_UNREAL) for profile in profiles)
    return False
