"""Cargo.lock against Cargo.toml and the manifests of its workspace.

The lock has an entry for each own package with the names of all that it depends on, optional and platform-specific ones
included; ``cargo --locked`` demands that a locked version fits each requirement (``src/cargo/ops/lockfile.rs``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .cargolock import packages_of
from .model import Verdict, below, drifted, members, place_of, strings, table, toml_of, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: cargo update --workspace"
_SECTIONS: Final = ("dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies")
_MAX_MEMBERS: Final = 5000


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each dependency on which a member and the lock disagree."""
    root, packages = toml_of(manifest), packages_of(lock)
    if root is None or packages is None:
        return
    by_name: dict[str, list[dict[str, Any]]] = {}
    for each in packages:
        by_name.setdefault(str(each.get("name", "")), []).append(each)
    found, complete = _members(manifest, root, tree)
    if not complete and "package" not in root and not found:
        yield unverifiable(lock, f"no member of the workspace of {manifest.path} can be seen")
        return
    patched = {name for each in (*table(root, "patch").values(), root.get("replace")) if isinstance(each, dict) for name in each}
    names = set()
    for path, data in found.items():
        package = table(data, "package") or table(data, "project")
        name = package.get("name")
        if not isinstance(name, str):
            continue
        names.add(name)
        own = [each for each in by_name.get(name, ()) if "source" not in each]
        source = tree.source(path)
        if not own:
            yield drifted(source, place_of(source, r'^name\s*=\s*(".*?")'), f"{name} is not in {lock.path}; {_RUN}", name)
            continue
        yield from _version(source, package, table(root, "workspace", "package"), own, lock)
        yield from _package(source, data, root, own[0], by_name, lock, patched)
    if complete:
        for each in packages:
            name = str(each.get("name", ""))
            if "source" not in each and name not in names and name not in patched:
                place = place_of(lock, r'^name = ("{}")', name)
                yield drifted(lock, place, f"{name} is no package of {manifest.path} any more; {_RUN}", name, about=manifest.path)


def _members(manifest: Source, root: dict[str, Any], tree: Tree) -> tuple[dict[str, dict[str, Any]], bool]:
    """Path to content of every manifest that belongs to the lock, and whether none of them is missing from the tree."""
    workspace = table(root, "workspace")
    patterns = strings(workspace.get("members"))
    excluded = ["!" + each for each in strings(workspace.get("exclude"))]
    todo = [manifest.path]
    if patterns:
        todo += members(manifest.path, patterns + excluded, "Cargo.toml", tree)
    complete = all(
        next(members(manifest.path, [each], "Cargo.toml", tree), "")
        if "*" in each
        else tree.exists(below(manifest.path, each + "/Cargo.toml"))
        for each in patterns
    )
    found: dict[str, dict[str, Any]] = {}
    for table_of in table(root, "patch").values():
        todo += [below(manifest.path, f"{each['path']}/Cargo.toml") for each in _with_path(table_of)]
    while todo and len(found) < _MAX_MEMBERS:
        path = todo.pop()
        if path in found:
            continue
        source = tree.find(path)
        data = toml_of(source) if source is not None else None
        if data is None:
            complete = False
            continue
        found[path] = data
        shared = table(root, "workspace", "dependencies")
        for _, _, spec in _declared(data):
            if isinstance(spec, dict) and isinstance(spec.get("path"), str):
                todo.append(below(path, spec["path"] + "/Cargo.toml"))
        todo += [
            below(manifest.path, f"{shared[key]['path']}/Cargo.toml")
            for _, key, spec in _declared(data)
            if isinstance(spec, dict) and spec.get("workspace") is True and isinstance(table(shared, key).get("path"), str)
        ]
    return {path: data for path, data in found.items() if "package" in data or "project" in data}, complete and len(found) < _MAX_MEMBERS


def _with_path(entries: Any) -> Iterator[dict[str, Any]]:
    for each in entries.values() if isinstance(entries, dict) else ():
        if isinstance(each, dict) and isinstance(each.get("path"), str):
            yield each


def _declared(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(table, key, specification) of every dependency of a manifest, those of single platforms included."""
    for part in (data, *table(data, "target").values()):
        for section in _SECTIONS:
            for key, spec in table(part, section).items():
                yield section, key, spec


def _version(
    source: Source, package: Mapping[str, Any], inherited: Mapping[str, Any], own: list[dict[str, Any]], lock: Source
) -> Iterator[Verdict]:
    version = package.get("version", "0.0.0")
    if isinstance(version, dict):
        version = inherited.get("version")
    kept = [str(each.get("version")) for each in own]
    if isinstance(version, str) and version.strip() not in kept:
        place = place_of(source, r'^version\s*=\s*("[^"\n]*")')
        yield drifted(
            source, place, f"{package.get('name')} is {version} here, but {kept[0]} in {lock.path}; {_RUN}", str(package.get("name"))
        )


def _package(
    source: Source,
    data: dict[str, Any],
    root: dict[str, Any],
    entry: dict[str, Any],
    packages: Mapping[str, list[dict[str, Any]]],
    lock: Source,
    patched: set[str],
) -> Iterator[Verdict]:
    """One package: the set of names it depends on, and a locked version that fits each requirement."""
    own = entry.get("name")
    kept: dict[str, list[str]] = {}
    for text in strings(entry.get("dependencies")):
        name, _, rest = text.partition(" ")
        kept.setdefault(name, []).append(rest.partition(" ")[0])
    wanted: set[str] = set()
    shared = table(root, "workspace", "dependencies")
    for section, key, given in _declared(data):
        inherited = isinstance(given, dict) and given.get("workspace") is True
        spec = shared.get(key) if inherited else given
        name = str(spec.get("package", key)) if isinstance(spec, dict) else key
        wanted.add(name)
        if name == own:
            continue
        if name not in kept:
            yield drifted(source, _place(source, key), f"{name} in {section} is no dependency of {own} in {lock.path}; {_RUN}", name)
            continue
        locked = packages.get(name, [])
        versions = [str(each.get("version")) for each in locked if str(each.get("version")) in kept[name] or "" in kept[name]]
        requirement = spec if isinstance(spec, str) else spec.get("version") if isinstance(spec, dict) else None
        if isinstance(requirement, str) and versions and not any(fits(each, requirement) is not False for each in versions):
            message = f"{name} is {requirement} here, but {', '.join(versions)} in {lock.path}; run: cargo update -p {name}"
            yield drifted(source, _place(source, key), message, name)
        elif isinstance(spec, dict) and name not in patched:
            yield from _origin(source, key, name, spec, locked, lock)
    for name in kept:
        if name not in wanted and name != own:
            at = max(lock.text.find(f'name = "{own}"'), 0)
            m = re.compile(rf'^ ("{re.escape(name)}[ "])', re.MULTILINE).search(lock.text, at)
            message = f"{name} is no longer a dependency of {own} in {source.path}; {_RUN}"
            yield drifted(lock, m.span(1) if m else (at, at), message, name, about=source.path)


def _origin(
    source: Source, key: str, name: str, spec: Mapping[str, Any], packages: list[dict[str, Any]], lock: Source
) -> Iterator[Verdict]:
    """A git dependency is locked from that repository, at the asked branch, tag or revision."""
    if not isinstance(spec.get("git"), str):
        return
    sources = [str(each["source"]) for each in packages if "source" in each]
    asked = next((f"{key}={spec[key]}" for key in ("rev", "tag", "branch") if isinstance(spec.get(key), str)), "")
    base = _repository(spec["git"])
    fitting = [each for each in sources if each.startswith("git+") and _repository(each[4:].partition("#")[0].partition("?")[0]) == base]
    if sources and (not fitting or (asked and not any(_asked(asked, each) for each in fitting))):
        shown = f"{spec['git']}{' ' + asked if asked else ''}"
        message = f"{name} is {shown} here, but {sources[0]} in {lock.path}; run: cargo update -p {name}"
        yield drifted(source, _place(source, key), message, name)


def _asked(asked: str, source: str) -> bool:
    from urllib.parse import unquote

    return asked in unquote(source.partition("#")[0]).partition("?")[2].split("&")


def _repository(url: str) -> str:
    return url.lower().rstrip("/").removesuffix(".git").rstrip("/")


def _place(source: Source, key: str) -> tuple[int, int]:
    spelled = re.escape(key)
    pattern = rf'^[ \t]*("?{spelled}"?)[ \t]*(?:\.[^=\n]*)?=|^\[[^\]\n]*dependencies\.("?{spelled}"?)\]'
    m = re.search(pattern, source.text, re.MULTILINE)
    return (0, 1) if m is None else m.span(1) if m[1] else m.span(2)


_COMPARATOR: Final = re.compile(
    r"\s*(\^|~|>=|<=|>|<|=)?\s*(?:(\d+)(?:\.(\d+|[*xX]))?(?:\.(\d+|[*xX]))?(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?|[*xX])\s*\Z"
)


def fits(version: str, requirement: str) -> bool | None:
    """Whether ``version`` fits Cargo's ``requirement`` (doc.rust-lang.org/cargo/reference/specifying-dependencies.html).

    ``None`` when either is not understood.
    """
    from ..semver import satisfies

    clauses: list[str] = []
    for each in requirement.split(","):
        m = _COMPARATOR.match(each)
        if m is None:
            return None
        wild = any(part is not None and part in "*xX" for part in (m[3], m[4])) or m[2] is None
        clauses.append(each.strip() if m[1] or wild else "^" + each.strip())
    return satisfies(version, " ".join(re.sub(r"(?<=[\^~<>=])\s+", "", each) for each in clauses))
