"""package-lock.json (v1, v2, v3) and npm-shrinkwrap.json against package.json and the manifests of its workspaces.

What ``npm ci`` compares (arborist, ``load-virtual.js`` and ``validate-lockfile.js``): version 2 and 3 keep a copy of each
manifest's dependencies; version 1 keeps only what was chosen, so there a range is held against the chosen version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .javascript import wanted_of, workspaces_of
from .model import Verdict, chosen_by, drifted, entry_in, json_of, place_of, table, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: npm install"


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each dependency on which the two disagree."""
    data, locked = json_of(manifest), json_of(lock)
    if data is None or locked is None:
        return
    packages = locked.get("packages")
    if isinstance(packages, dict):
        yield from _copied(manifest, data, table(packages.get("")), lock, "")
        yield from _workspaces(manifest, data, packages, lock, tree)
        yield from _overridden(manifest, data, packages, lock)
    elif isinstance(locked.get("dependencies"), dict):
        yield from _chosen(manifest, data, locked["dependencies"], lock)
    elif wanted_of(data):
        yield unverifiable(lock, "this lock has neither packages nor dependencies; run: npm install")


def _copied(manifest: Source, data: Mapping[str, Any], copy: Mapping[str, Any], lock: Source, where: str) -> Iterator[Verdict]:
    """Versions 2 and 3: the lock's copy of this manifest's tables equals them."""
    wanted, kept = wanted_of(data), wanted_of(copy)
    for (section, name), spec in wanted.items():
        old = kept.get((section, name))
        if old is None:
            moved = next((other for other, each in kept if each == name and (other, name) not in wanted), None)
            what = f"is not in {lock.path}" if moved is None else f"is in {moved} in {lock.path}"
            yield drifted(manifest, entry_in(manifest, section, name), f"{name} {spec} in {section} {what}; {_RUN}", name)
        elif old.strip() != spec.strip():
            yield drifted(manifest, entry_in(manifest, section, name), f"{name} is {spec} here, but {old} in {lock.path}; {_RUN}", name)
    for section, name in kept.keys() - wanted.keys():
        if not any(each == name for _, each in wanted):
            place = entry_in(lock, section, name)
            yield drifted(lock, place, f"{name} in {section} is no longer in {manifest.path}{where}; {_RUN}", name, about=manifest.path)


def _workspaces(manifest: Source, data: Mapping[str, Any], packages: Mapping[str, Any], lock: Source, tree: Tree) -> Iterator[Verdict]:
    patterns, found = workspaces_of(manifest, data, tree)
    for directory, path in found.items():
        member = tree.source(path)
        content = json_of(member)
        if content is None:
            continue
        if directory not in packages:
            yield drifted(member, (0, 1), f"the workspace {directory} is not in {lock.path}; {_RUN}", directory)
        else:
            yield from _copied(member, content, table(packages[directory]), lock, "")
    if not patterns:
        return
    for directory, entry in packages.items():
        linked = directory and "node_modules/" not in directory + "/" and not directory.startswith("..")
        if linked and directory not in found and isinstance(entry, dict) and not chosen_by(patterns, directory):
            place = place_of(lock, r'^\s*("{}")\s*:', directory)
            yield drifted(lock, place, f"{directory} is no workspace of {manifest.path} any more; {_RUN}", directory)


def _overridden(manifest: Source, data: Mapping[str, Any], packages: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    """What ``overrides`` demand of a package wherever it is needed; the lock keeps no copy of them, only what they lead to."""
    from ..semver import satisfies

    demands = {name: spec for name, spec in table(data, "overrides").items() if isinstance(spec, str) and "@" not in name[1:]}
    for path, entry in packages.items() if demands else ():
        name = path.rpartition("node_modules/")[2]
        spec = demands.get(name) if path and isinstance(entry, dict) and not entry.get("link") and not entry.get("inBundle") else None
        if spec is not None and ":" not in spec and satisfies(str(entry.get("version", "")), spec) is False:
            message = f"{name} is overridden with {spec} here, but {entry.get('version')} in {lock.path}; {_RUN}"
            yield drifted(manifest, entry_in(manifest, "overrides", name), message, name)


def _chosen(manifest: Source, data: Mapping[str, Any], chosen: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    """Version 1: every dependency has a chosen version, and it is within the range."""
    from ..semver import satisfies

    peers = {name for section, name in wanted_of(data) if section == "peerDependencies"}
    running = _reached(chosen, {name for section, name in wanted_of(data) if section != "devDependencies"} | _bundled(data))
    for (section, name), spec in wanted_of(data).items():
        if section == "peerDependencies":
            continue
        entry = chosen.get(name)
        if not isinstance(entry, dict):
            if section != "optionalDependencies":
                yield drifted(manifest, entry_in(manifest, section, name), f"{name} {spec} is not in {lock.path}; {_RUN}", name)
            continue
        only_dev = entry.get("dev") is True
        if (section == "dependencies" and only_dev) or (name not in running and not only_dev):
            here, there = ("at run time", "only for development")[:: 1 if only_dev else -1]
            yield drifted(
                manifest, entry_in(manifest, section, name), f"{name} is needed {here} here, but {there} in {lock.path}; {_RUN}", name
            )
            continue
        version = str(entry.get("version", ""))
        wanted = spec.rpartition("@")[2] if spec.startswith("npm:") else spec
        if version.startswith("npm:"):
            version = version.rpartition("@")[2]
        if satisfies(version, wanted) is False:
            yield drifted(manifest, entry_in(manifest, section, name), f"{name} is {spec} here, but {version} in {lock.path}; {_RUN}", name)
    asked = {name for _, name in wanted_of(data)} | peers | _bundled(data)
    for name in _orphans(chosen, asked):
        place = place_of(lock, r'^\s*("{}")\s*:', name)
        yield drifted(lock, place, f"nothing asks for {name} any more; {_RUN}", name)


def _bundled(data: Mapping[str, Any]) -> set[str]:
    listed = data.get("bundledDependencies") or data.get("bundleDependencies")
    return {each for each in listed if isinstance(each, str)} if isinstance(listed, list) else set()


def _orphans(chosen: Mapping[str, Any], asked: set[str]) -> Iterator[str]:
    """Packages of a version 1 lock that can no longer be reached from the manifest, only the topmost of them."""
    reached = _reached(chosen, asked)
    lost = [name for name in chosen if name not in reached and isinstance(chosen[name], dict) and not chosen[name].get("extraneous")]
    needed = {each for name in lost for each in _requirements(chosen[name])}
    yield from (name for name in lost if name not in needed)


def _reached(chosen: Mapping[str, Any], asked: set[str]) -> set[str]:
    """The packages of a version 1 lock that ``asked`` need, themselves among them."""
    reached: set[str] = set()
    todo = [name for name in asked if name in chosen]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += [each for each in _requirements(chosen[name]) if each in chosen]
    return reached


def _requirements(entry: Any) -> set[str]:
    """Names that a package of a version 1 lock requires, at any depth of what lies inside it."""
    found: set[str] = set()
    todo = [entry]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            found |= set(table(each.get("requires")))
            todo += list(table(each.get("dependencies")).values())
    return found
