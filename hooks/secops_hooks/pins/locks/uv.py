"""uv.lock against the pyproject.toml of the project, of each workspace member and of each path dependency.

uv writes no hash: the lock keeps what each of them asked for (``[package.metadata]``), what the workspace adds (``[manifest]``)
and how it was resolved (``[options]``); uv compares that with the manifests (``crates/uv-resolver/src/lock/mod.rs``,
``SatisfiesResult``). The shape of requirements is in ``uvasked.py``, settings of the workspace in ``uvsettings.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..marker import same
from ..pep508 import normal_name
from .model import Verdict, below, drifted, members, place_of, strings, table, toml_of, unverifiable
from .tomllock import is_written_by_machine, pieces
from .uvasked import Asked, asked_in, clauses, group_names, kept_in, listed, version
from .uvsettings import settings

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: uv lock"
_OWN: Final = ("editable", "virtual", "directory")
_OWN_SOURCE: Final = re.compile(rf"^source = \{{ (?:{'|'.join(_OWN)}) = ", re.MULTILINE)
_DEFAULT_GROUPS: Final = 5  # the revision of locks that keeps them
_PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_BOUND: Final = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*([^,\s]+)")


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each requirement on which a member and the lock disagree."""
    root, locked = toml_of(manifest), _locked(lock)
    if root is None or locked is None:
        return
    own = {directory: each for each in listed(locked.get("package")) if (directory := _directory(each)) is not None}
    by_name = {normal_name(str(each.get("name", ""))): each for each in own.values()}
    patterns, found = _members(manifest, root, tree)
    projects: list[dict[str, Any]] = []
    for directory, path in {".": manifest.path, **found}.items():
        source = tree.source(path)
        data = root if directory == "." else toml_of(source)
        if data is None or "project" not in data:
            continue
        projects.append(table(data, "project"))
        package = own.pop(directory, None)
        if package is None and normal_name(str(projects[-1].get("name"))) in by_name and directory == ".":
            package = by_name[normal_name(str(projects[-1].get("name")))]  # the lock of a member of a workspace above
        if package is not None:
            yield from _named(source, data, package, lock)
            yield from _member(source, data, (manifest.path, root), package, locked, lock)
        elif next(asked_in(path, data, manifest.path, root, flattened=True), None) is not None or directory != ".":
            yield drifted(source, (0, 0), f"{projects[-1].get('name', directory)} is not in {lock.path}; {_RUN}")
    for directory, package in own.items():
        yield from _beside(directory, package, (manifest, root), locked, lock, tree, patterns)
    names = strings(table(locked, "manifest").get("members"))
    seen = found or any(tree.exists(below(manifest.path, f"{each}/pyproject.toml")) for each in own if each != ".")
    if seen or (names and not patterns):  # else the members are not in this tree
        yield from _gone(manifest, projects, names, lock)
    if seen or not patterns:
        yield from _python(
            manifest, _common(projects) if found or "project" not in root else projects[0].get("requires-python"), locked, lock
        )
    yield from settings(manifest, root, locked, lock, tree)


def _locked(lock: Source) -> dict[str, Any] | None:
    """What the lock says as a whole and of packages in the repository: all that is compared."""
    if "\r" in lock.text or not is_written_by_machine(lock.text):
        return toml_of(lock)
    from tomllib import TOMLDecodeError, loads

    try:
        return loads("".join(piece for at, piece in enumerate(pieces(lock.text)) if at == 0 or _OWN_SOURCE.search(piece)))
    except TOMLDecodeError:
        return None


def _directory(package: Mapping[str, Any]) -> str | None:
    """Where an entry of the lock lies in the repository; ``None`` for one that comes from elsewhere."""
    source = package.get("source")
    if not isinstance(source, dict):
        return None
    return next((str(source[key]).replace("\\", "/") for key in _OWN if key in source), None)


def _members(manifest: Source, root: Mapping[str, Any], tree: Tree) -> tuple[list[str], dict[str, str]]:
    """The globs of the workspace, and directory to manifest of its members."""
    workspace = table(root, "tool", "uv", "workspace")
    patterns = strings(workspace.get("members"))
    if not patterns:
        return [], {}
    wanted = patterns + ["!" + each for each in strings(workspace.get("exclude"))]
    prefix = manifest.path.rpartition("/")[0]
    skip = len(prefix) + 1 if prefix else 0
    return patterns, {path[skip:].rpartition("/")[0]: path for path in members(manifest.path, wanted, "pyproject.toml", tree)}


def _beside(
    directory: str,
    package: Mapping[str, Any],
    root: tuple[Source, dict[str, Any]],
    locked: Mapping[str, Any],
    lock: Source,
    tree: Tree,
    patterns: list[str],
) -> Iterator[Verdict]:
    """A package of the lock that lies in the repository and is no member of the workspace: a path dependency, where it can be seen."""
    if directory in (".", "") or directory.startswith("/") or ":" in directory:
        return
    path = below(root[0].path, f"{directory}/pyproject.toml")
    source = tree.find(path)
    data = toml_of(source) if source is not None else None
    if source is not None and data is not None and "project" in data:
        yield from _member(source, data, (path, data), package, locked, lock)


def _named(source: Source, data: Mapping[str, Any], package: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    """A member's name, and whether it is built and installed or only stands for its dependencies."""
    name, kept = table(data, "project").get("name"), str(package.get("name", ""))
    if isinstance(name, str) and normal_name(name) != normal_name(kept):
        place = place_of(source, r'^name\s*=\s*(["\'][^"\']*["\'])')
        yield drifted(source, place, f"the name is {name} here, but {kept} in {lock.path}; {_RUN}", name)
    given = table(data, "tool", "uv").get("package")
    built = given if isinstance(given, bool) else "build-system" in data
    virtual = "virtual" in table(package, "source")
    if built is virtual and (virtual or given is False):  # others that need a member make it a package
        what = "a package that is installed" if built else "no package to be installed"
        place = place_of(source, r"^package\s*=\s*(\w+)")
        yield drifted(source, place, f"{name} is {what} here, but otherwise in {lock.path}; {_RUN}", str(name))


def _member(
    source: Source,
    data: dict[str, Any],
    root: tuple[str, dict[str, Any]],
    package: Mapping[str, Any],
    locked: Mapping[str, Any],
    lock: Source,
) -> Iterator[Verdict]:
    """One manifest against what the lock says that it asked for."""
    project = table(data, "project")
    dynamic = strings(project.get("dynamic"))
    if "dependencies" in dynamic or "optional-dependencies" in dynamic:
        yield unverifiable(lock, f"the dependencies of {source.path} are computed when it is built")
        return
    python = str(locked.get("requires-python", ""))
    kept = list(kept_in(package))
    demands = int(locked.get("revision") or 0) > 1
    forms = [set(asked_in(source.path, data, *root, flattened=flattened, demands=demands)) for flattened in (False, True)]
    found = [list(_requirements(source, asked, kept, python, lock)) for asked in forms]
    yield from min(found, key=len)
    yield from _scopes(source, data, package, locked, lock)
    given, old = project.get("version"), package.get("version")
    if isinstance(given, str) and (not isinstance(old, str) or version(given) != version(old)):
        place = place_of(source, r'^version\s*=\s*(["\'][^"\']*["\'])')
        yield drifted(source, place, f"the version is {given} here, but {old or 'computed'} in {lock.path}; {_RUN}")
    elif given is None and "version" in dynamic and isinstance(old, str) and isinstance(locked.get("revision"), int):
        place = place_of(lock, r'^name = "{}"\nversion = ("[^"]*")', str(package.get("name")))
        yield drifted(lock, place, f"the version of {source.path} is computed, but {old} here; {_RUN}", about=source.path)


def _requirements(source: Source, asked: set[Asked], kept: list[Asked], python: str, lock: Source) -> Iterator[Verdict]:
    left = set(kept)
    for each in sorted(asked, key=_order):
        fitting = [other for other in kept if each.fits(other) and same(each.marker, other.marker, python) is not False]
        left.difference_update(fitting)
        if fitting:
            continue
        others = [other for other in kept if other.name == each.name and other.scope == each.scope]
        where = f" in {each.scope.replace(':', ' ')}" if each.scope else ""
        then = f"is {others[0].shown()} in {lock.path}" if others else f"is not in {lock.path}"
        yield drifted(source, place(source, each.name), f"{each.shown()}{where} {then}; {_RUN}", each.name)
    names = {(each.scope, each.name) for each in asked}
    for each in sorted(left, key=_order):
        if (each.scope, each.name) not in names:
            where = f" of {each.scope.replace(':', ' ')}" if each.scope else ""
            at = place_of(lock, r'^\s+\{{ name = "({})"', each.name)
            yield drifted(lock, at, f"{each.name}{where} is no longer in {source.path}; {_RUN}", each.name, about=source.path)


def _scopes(source: Source, data: dict[str, Any], package: Mapping[str, Any], locked: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    """The names of extras and groups, of which some may be empty; locks before revision 1 do not tell."""
    if not isinstance(locked.get("revision"), int) or "metadata" not in package:
        return
    metadata = table(package, "metadata")
    extras = {normal_name(name) for name in table(data, "project", "optional-dependencies")}
    for what, wanted, kept in (
        ("extra", extras, {normal_name(each) for each in strings(metadata.get("provides-extras"))}),
        ("group", group_names(data), {normal_name(name) for name in table(metadata, "requires-dev")}),
    ):
        for name in sorted(wanted - kept):
            yield drifted(source, place(source, name), f"the {what} {name} is not in {lock.path}; {_RUN}", name)
        for name in sorted(kept - wanted):
            at = place_of(lock, r'^name = ("{}")', str(package.get("name")))
            yield drifted(lock, at, f"the {what} {name} is no longer in {source.path}; {_RUN}", name, about=source.path)
    given, kept_groups = table(data, "tool", "uv").get("default-groups"), package.get("default-groups")
    if given != kept_groups and (kept_groups is not None or locked["revision"] >= _DEFAULT_GROUPS):
        at = place_of(source, r"^({})\s*=", "default-groups")
        yield drifted(source, at, f"default-groups are {given} here, but {kept_groups} in {lock.path}; {_RUN}", "default-groups")


def _order(asked: Asked) -> tuple[str, str]:
    return asked.name, asked.scope


def place(source: Source, name: str) -> tuple[int, int]:
    """Where a name stands in quotes, or as a key."""
    spelled = re.sub(r"[-_.]+", "[-_.]+", re.escape(name).replace(r"\-", "-"))
    m = re.search(rf"""(?im)["']({spelled})(?![\w.-])[^"'\n]*["']|^[ \t]*["']?({spelled})["']?[ \t]*=""", source.text)
    if m is None:
        return (0, 0)
    return (m.start(1), m.end() - 1) if m[1] else m.span(2)


def _gone(manifest: Source, projects: list[dict[str, Any]], kept: Iterable[str], lock: Source) -> Iterator[Verdict]:
    """Members that the lock has and the workspace has not."""
    names = {normal_name(str(each.get("name", ""))) for each in projects}
    for name in kept:
        if normal_name(name) not in names:
            at = place_of(lock, r'^\s+("{}"),?$', name)
            message = f"{name} is no member of the workspace of {manifest.path} any more; {_RUN}"
            yield drifted(lock, at, message, name, about=manifest.path)


def _common(projects: list[dict[str, Any]]) -> str | None:
    """The versions of Python that all members of a workspace take; ``None`` where that is more than two bounds."""
    lower: list[str] = []
    upper: list[str] = []
    for each in projects:
        bounds = _BOUND.findall(str(each.get("requires-python", "")))
        if any(sign not in (">=", "<") or not _PLAIN.fullmatch(text) for sign, text in bounds):
            return None
        lower += [text for sign, text in bounds if sign == ">="]
        upper += [text for sign, text in bounds if sign == "<"]
    pick: Callable[[str], tuple[int, ...]] = _numbers
    found = [*([">=" + max(lower, key=pick)] if lower else []), *(["<" + min(upper, key=pick)] if upper else [])]
    return ",".join(found) or None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _python(source: Source, wanted: object, locked: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    kept = locked.get("requires-python")
    if isinstance(wanted, str) and isinstance(kept, str) and clauses(wanted) != clauses(kept):
        at = place_of(source, r'^requires-python\s*=\s*(["\'][^"\']*["\'])')
        yield drifted(source, at, f"requires-python is {wanted} here, but {kept} in {lock.path}; {_RUN}")
