"""poetry.lock against pyproject.toml: the content hash that Poetry itself writes (``Locker._get_content_hash`` of Poetry 1 and 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from .model import Verdict, drifted, place_of, toml_of, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_HASH: Final = re.compile(r'^content-hash\s*=\s*["\']([0-9a-f]+)["\']', re.MULTILINE)
_LEGACY: Final = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT: Final = ("requires-python", "dependencies", "optional-dependencies")


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift when no version of Poetry would have written this hash for this manifest."""
    data = toml_of(manifest)
    if data is None or ("poetry" not in data.get("tool", {}) and "project" not in data):
        return
    m = _HASH.search(lock.text)
    if m is None:
        yield unverifiable(lock, "this poetry.lock records no content hash; run: poetry lock")
        return
    if m[1] in {_hash(content) for content in _contents(data)}:
        return
    missing = _missing(data, lock)
    what = (
        f"{missing} is asked for in {manifest.path}, but not in the lock"
        if missing
        else f"{manifest.path} was changed after the lock was made"
    )
    place = place_of(manifest, r'(?mi)^[ \t]*["\']?({})["\']?\s*=|["\']({})\b', missing, missing) if missing else (0, 0)
    if missing and place != (0, 0):
        yield drifted(manifest, place, f"{what}; run: poetry lock", missing)
    else:
        yield drifted(lock, m.span(1), f"{what}; run: poetry lock")


def _contents(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the versions of Poetry hash: with dependency groups (2.3 and later), without, and without groups of its own (before 1.2)."""
    poetry = data.get("tool", {}).get("poetry", {})
    project = {key: data["project"][key] for key in _PROJECT if data.get("project", {}).get(key) is not None}
    groups = data.get("dependency-groups") or {}
    for with_groups in (True, False) if groups else (False,):
        outer: dict[str, Any] = {"project": project} if project else {}
        if with_groups:
            outer["dependency-groups"] = groups
        relevant = {key: poetry.get(key) for key in (*_LEGACY, "group") if poetry.get(key) is not None or (key in _LEGACY and not outer)}
        yield {**outer, "tool": {"poetry": relevant}} if outer else relevant
        if outer:
            with_nulls = {key: poetry.get(key) for key in (*_LEGACY, "group") if poetry.get(key) is not None or key in _LEGACY}
            yield {**outer, "tool": {"poetry": with_nulls}}
    yield {key: poetry.get(key) for key in (*_LEGACY, "group") if poetry.get(key) is not None or key in _LEGACY}
    yield {key: poetry.get(key) for key in _LEGACY}


def _hash(content: dict[str, Any]) -> str:
    from hashlib import sha256
    from json import dumps

    return sha256(dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _missing(data: dict[str, Any], lock: Source) -> str:
    """A dependency of the manifest that the lock has no package for, if there is one."""
    from ..pep508 import normal_name, parse_requirement

    locked = set(re.findall(r'^name = "([^"]+)"', lock.text, re.MULTILINE))
    locked = {normal_name(name) for name in locked}
    poetry = data.get("tool", {}).get("poetry", {})
    tables = [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {})]
    tables += [group.get("dependencies", {}) for group in poetry.get("group", {}).values() if isinstance(group, dict)]
    names = [name for table in tables if isinstance(table, dict) for name in table if name != "python"]
    for text in data.get("project", {}).get("dependencies", ()):
        requirement = parse_requirement(text) if isinstance(text, str) else None
        names += [requirement.name] if requirement else []
    return next((name for name in names if normal_name(name) not in locked), "")
