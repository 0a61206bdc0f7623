"""pdm.lock against pyproject.toml: the content hash that PDM writes (``PyProject.content_hash``), or the inputs that newer locks keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ..pep508 import normal_name, parse_requirement
from .model import Verdict, drifted, members, place_of, strings, table, toml_of, unverifiable

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
    if m[2] in hashes(data, _knows_groups(lock.text)):
        return
    if table(data, "tool", "pdm", "workspace") and m[2] == _workspace_hash(manifest, data, tree):
        return
    missing = missing_from(data, lock)
    if missing:
        what = f"{missing} is asked for in {manifest.path}, but not in the lock"
        yield drifted(manifest, place_of(manifest, r'(?i)["\']({})\b', missing), f"{what}; {_RUN}", missing)
    else:
        yield drifted(lock, m.span(2), f"{manifest.path} was changed after the lock was made; {_RUN}")


def _workspace_hash(manifest: Source, data: dict[str, Any], tree: Tree) -> str:
    """The hash of a workspace's root: over its own and, by path, those of its members (``Workspace.content_hash``)."""
    from hashlib import sha256

    prefix = manifest.path.rpartition("/")[0]
    skip = len(prefix) + 1 if prefix else 0
    patterns = strings(table(data, "tool", "pdm", "workspace").get("members"))
    found = {path[skip:].rpartition("/")[0]: path for path in members(manifest.path, patterns, "pyproject.toml", tree)}
    digest = sha256(_hash(next(_contents(data))).encode())
    for directory, path in sorted(found.items()):
        content = toml_of(tree.source(path))
        if content is not None:
            digest.update(f"\0{directory}\0{_hash(next(_contents(content)))}".encode())
    return digest.hexdigest()


def _without_hash(manifest: Source, data: dict[str, Any], lock: Source) -> Iterator[Verdict]:
    """Locks that keep their inputs: every group has the same names. Their versions stand in the lock's packages."""
    locked = toml_of(lock)
    if locked is None:
        return
    inputs = table(locked, "metadata", "lock_inputs")
    if not inputs:
        yield unverifiable(lock, f"this pdm.lock records no content hash; {_RUN}")
        return
    groups = table(inputs, "project", "groups")
    wanted = _groups(data)
    for group, texts in wanted.items():
        have = _names(groups.get(group))
        for name in sorted(_names(texts) - have):
            message = f"{name} in group {group} is asked for in {manifest.path}, but not in the lock; {_RUN}"
            yield drifted(manifest, place_of(manifest, r'(?i)["\']({})\b', name), message, name)
        for name in sorted(have - _names(texts)):
            message = f"{name} in group {group} is no longer in {manifest.path}; {_RUN}"
            yield drifted(lock, place_of(lock, r'(?i)"({})\b', name), message, name, about=manifest.path)
    for group in groups.keys() - wanted.keys():
        yield drifted(lock, place_of(lock, r"^({})\s*=", group), f"the group {group} is no longer in {manifest.path}; {_RUN}", group)


def _groups(data: dict[str, Any]) -> dict[str, list[str]]:
    """The requirements of every group as PDM names it: ``default``, the extras, the development groups."""
    project, pdm = table(data, "project"), table(data, "tool", "pdm")
    found = {"default": strings(project.get("dependencies"))}
    found |= {normal_name(name): strings(each) for name, each in table(project, "optional-dependencies").items()}
    for part in (table(data, "dependency-groups"), table(pdm, "dev-dependencies")):
        for name, entries in part.items():
            found.setdefault(normal_name(name), []).extend(strings(entries))
            for each in entries if isinstance(entries, list) else ():
                if isinstance(each, dict) and isinstance(each.get("include-group"), str):
                    found[normal_name(name)] += strings(table(data, "dependency-groups").get(each["include-group"]))
    return {name: texts for name, texts in found.items() if texts}


def _names(texts: Any) -> set[str]:
    found = (parse_requirement(text) for text in strings(texts) if not text.startswith("url-sha256:"))
    return {normal_name(each.name) for each in found if each is not None and not each.url}


def hashes(data: dict[str, Any], with_groups: bool = False) -> set[str]:
    """The hashes that the versions of PDM write for a manifest; ``with_groups``: only those that know dependency groups."""
    return {_hash(content) for content in _contents(data, with_groups)}


def _knows_groups(text: str) -> bool:
    """Whether a lock is of a format that PDM writes since it knows dependency groups (4.5, or later)."""
    m = re.search(r'^lock_version = "(\d+)\.(\d+)(?:\.(\d+))?', text, re.MULTILINE)
    return m is not None and (int(m[1]), int(m[2]), int(m[3] or 0)) >= (4, 5, 0)


def _contents(data: dict[str, Any], with_groups: bool = False) -> Iterator[dict[str, Any]]:
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
    for develop in _develop(data, pdm, with_groups):
        for third in thirds:
            yield {**content, "dev-dependencies": develop, **third}


def _develop(data: dict[str, Any], pdm: dict[str, Any], with_groups: bool) -> Iterator[dict[str, Any]]:
    """The development dependencies as they are hashed: groups and the old table together, without and with names normalised."""
    old = table(pdm, "dev-dependencies")
    for normalised in (True, False):
        groups: dict[str, list[Any]] = {}
        for part in (table(data, "dependency-groups"), old):
            for name, entries in part.items():
                if isinstance(entries, list):
                    groups.setdefault(normal_name(name) if normalised else name, []).extend(entries)
        yield groups
    if not with_groups:
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
