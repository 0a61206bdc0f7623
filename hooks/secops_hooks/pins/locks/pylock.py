"""pylock.toml (PEP 751) against the pyproject.toml beside it.

The format records nothing of its manifest. PDM adds its content hash, which decides; of any other lock only this can be
told: that a package which the project always needs is missing, or was locked in another version than the one demanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ..pep508 import Requirement, normal_name, parse_requirement
from .model import Verdict, drifted, place_of, strings, table, toml_of, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "lock anew with the tool that wrote it"
_EXACT: Final = re.compile(r"\(?\s*={2,3}\s*([0-9A-Za-z.!+_-]+)\s*\)?\Z")
_HASH: Final = re.compile(r'sha256\s*=\s*"([0-9a-f]{64})"')


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift when PDM's hash differs, or a dependency is surely missing; else it cannot be told."""
    data, locked = toml_of(manifest), toml_of(lock)
    if data is None or locked is None or "project" not in data:
        return
    kept = table(locked, "tool", "pdm", "hashes").get("sha256")
    if isinstance(kept, str):
        yield from _by_hash(manifest, data, lock, kept)
        return
    found = list(_missing(manifest, data, locked, lock))
    yield from found
    if not found:
        yield unverifiable(lock, f"this lock records nothing of {manifest.path} that could be compared")


def _by_hash(manifest: Source, data: dict[str, Any], lock: Source, kept: str) -> Iterator[Verdict]:
    from .pdm import hashes

    if kept in hashes(data):
        return
    at = next((m.span(1) for m in _HASH.finditer(lock.text) if m[1] == kept), (0, 0))
    yield drifted(lock, at, f"{manifest.path} was changed after the lock was made; run: pdm lock")


def _missing(manifest: Source, data: dict[str, Any], locked: dict[str, Any], lock: Source) -> Iterator[Verdict]:
    versions: dict[str, set[str]] = {}
    for package in locked.get("packages", ()) if isinstance(locked.get("packages"), list) else ():
        if isinstance(package, dict):
            versions.setdefault(normal_name(str(package.get("name", ""))), set()).add(str(package.get("version", "")))
    for requirement in _always_needed(data):
        name = normal_name(requirement.name)
        place = place_of(manifest, r'(?i)["\']({})(?=[^\w.-])', requirement.name)
        exact = _EXACT.match(requirement.versions)
        if name not in versions:
            yield drifted(manifest, place, f"{requirement.name} is not in {lock.path}; {_RUN}", requirement.name)
        elif exact is not None and versions[name] != {""} and _release(exact[1]) not in map(_release, versions[name]):
            then = ", ".join(sorted(versions[name]))
            message = f"{requirement.name} is {requirement.versions} here, but {then} in {lock.path}; {_RUN}"
            yield drifted(manifest, place, message, requirement.name)


def _always_needed(data: dict[str, Any]) -> Iterator[Requirement]:
    """The project's dependencies that no marker makes conditional, itself left out."""
    project = table(data, "project")
    for text in strings(project.get("dependencies")):
        requirement = parse_requirement(text)
        if (
            requirement is not None
            and not requirement.marker
            and normal_name(requirement.name) != normal_name(str(project.get("name", "")))
        ):
            yield requirement


def _release(version: str) -> str:
    """A version without the zeros and the case that PEP 440 does not tell apart."""
    return re.sub(r"(?:\.0+)+\Z", "", version.lower().removeprefix("v"))
