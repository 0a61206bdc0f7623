"""pdm.lock against pyproject.toml: the content hash that PDM writes (``PyProject.content_hash``), or the inputs that newer locks keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ..pep508 import normal_name, parse_requirement
from .model import Verdict, drifted, place_of, strings, table, toml_of, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_HASH: Final = re.compile(r'^content_hash\s*=\s*"(?:(\w+):)?([0-9a-f]+)"', re.MULTILINE)
_RUN: Final = "run: pdm lock"


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift when no version of PDM would have written this hash for this manifest."""
    data = toml_of(manifest)
    if data is None or "project" not in data:
        return
    m = _HASH.search(lock.text)
    if m is None:
        yield from _without_hash(manifest, data, lock)
        return
    if (m[1] or "sha256") != "sha256":
        yield unverifiable(lock, f"this pdm.lock is hashed with {m[1]}; {_RUN}")
        return
    if m[2] in {_hash(content) for content in _contents(data)}:
        return
    if table(data, "tool", "pdm", "workspace"):
        yield unverifiable(lock, "the hash of a PDM workspace covers what other tools write into its members")
        return
    missing = missing_from(data, lock)
    if missing:
        what = f"{missing} is asked for in {manifest.path}, but not in the lock"
        yield drifted(manifest, place_of(manifest, r'(?i)["\']({})\b', missing), f"{what}; {_RUN}", missing)
    else:
        yield drifted(lock, m.span(2), f"{manifest.path} was changed after the lock was made; {_RUN}")


def _without_hash(manifest: Source, data: dict[str, Any], lock: Source) -> Iterator[Verdict]:
    """Locks that keep their inputs: each of them that the manifest has, too, must be equal."""
    locked = toml_of(lock)
    if locked is None:
        return
    inputs = table(locked, "metadata", "lock_inputs")
    if not inputs:
        yield unverifiable(lock, f"this pdm.lock records no content hash; {_RUN}")
        return
    now = next(_contents(data))
    for key, kept in inputs.items():
        wanted = now.get(key, now.get(key.replace("_", "-")))
        if isinstance(kept, list) and isinstance(wanted, list) and sorted(map(str, kept)) != sorted(map(str, wanted)):
            changed = next(iter(set(map(str, kept)) ^ set(map(str, wanted))))
            yield drifted(lock, place_of(lock, rf"^({re.escape(key)})\s*="), f"{changed} in {key} is on one side only; {_RUN}")


def _contents(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the versions of PDM hash, newest first: with dependency groups, with the old table alone, with overrides, with neither."""
    pdm, project = table(data, "tool", "pdm"), table(data, "project")
    content = {
        "sources": pdm.get("source", []),
        "dependencies": project.get("dependencies", []),
        "optional-dependencies": project.get("optional-dependencies", {}),
        "requires-python": project.get("requires-python", ""),
    }
    overrides = pdm.get("overrides", table(pdm, "resolution").get("overrides", {}))
    thirds: tuple[dict[str, Any], ...] = ({"resolution": pdm.get("resolution", {})}, {"overrides": overrides}, {})
    for develop in _develop(data, pdm):
        for third in thirds:
            yield {**content, "dev-dependencies": develop, **third}


def _develop(data: dict[str, Any], pdm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The development dependencies as they are hashed: groups and the old table together, without and with names normalised."""
    old = table(pdm, "dev-dependencies")
    for normalised in (True, False):
        groups: dict[str, list[Any]] = {}
        for part in (table(data, "dependency-groups"), old):
            for name, entries in part.items():
                if isinstance(entries, list):
                    groups.setdefault(normal_name(name) if normalised else name, []).extend(entries)
        yield groups
    yield old


def _hash(content: dict[str, Any]) -> str:
    from hashlib import sha256
    from json import dumps

    return sha256(dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def missing_from(data: dict[str, Any], lock: Source) -> str:
    """A dependency of the manifest that the lock has no package for, if there is one."""
    locked = {normal_name(name) for name in re.findall(r'^name = "([^"]+)"', lock.text, re.MULTILINE)}
    project = table(data, "project")
    lists = [project.get("dependencies"), *table(project, "optional-dependencies").values()]
    lists += [*table(data, "dependency-groups").values(), *table(data, "tool", "pdm", "dev-dependencies").values()]
    own = normal_name(str(project.get("name", "")))
    for text in (text for entries in lists for text in strings(entries)):
        requirement = parse_requirement(text)
        if requirement is not None and normal_name(requirement.name) not in locked | {own}:
            return requirement.name
    return ""
