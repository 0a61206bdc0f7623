"""uv.lock against the pyproject.toml of the project and of each workspace member.

uv writes no hash: the lock keeps what each member asked for (``[package.metadata]``), and uv compares that with the manifests
(``crates/uv-resolver/src/lock/mod.rs``, ``SatisfiesResult``). Names, extras and version specifiers are compared; markers only by
the extra or group that they belong to, because uv rewrites them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..pep508 import normal_name, parse_requirement
from .model import Verdict, drifted, members, place_of, toml_of, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: uv lock"
_OWN: Final = ("editable", "virtual", "directory")
_PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_CLAUSE: Final = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*([^,\s]+)\s*")


class Asked(NamedTuple):
    """One requirement in one place: ``scope`` is empty, ``extra:NAME`` or ``group:NAME``. ``None`` as specifier: decided by a source."""

    scope: str
    name: str
    extras: frozenset[str]
    specifier: frozenset[str] | None


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each requirement on which a member and the lock disagree."""
    root, locked = toml_of(manifest), toml_of(lock)
    if root is None or locked is None:
        return
    packages = [each for each in locked.get("package", ()) if isinstance(each, dict)]
    own = {directory: each for each in packages if (directory := _directory(each)) is not None}
    found = {".": manifest.path, **_members(manifest, root, tree)}
    workspace = len(found) > 1
    for directory, path in found.items():
        source = tree.source(path)
        data = root if directory == "." else toml_of(source)
        if data is None or "project" not in data:
            continue
        package = own.get(directory) or _named(packages, data["project"].get("name"))
        if package is None:
            if _dependencies(data) or directory != ".":
                yield drifted(source, (0, 0), f"{data['project'].get('name', directory)} is not in {lock.path}; {_RUN}")
            continue
        yield from _member(source, data, root, package, lock)
        if not workspace:
            yield from _python(source, data["project"].get("requires-python"), locked, lock)
    if workspace or _texts(_table(locked, "manifest").get("members")):
        projects = [_table(root if path == manifest.path else toml_of(tree.source(path)), "project") for path in found.values()]
        if workspace:
            yield from _python(manifest, _common(projects), locked, lock)
        yield from _gone(manifest, projects, locked, lock)


def _directory(package: Mapping[str, Any]) -> str | None:
    source = package.get("source")
    if not isinstance(source, dict):
        return None
    return next((str(source[key]) for key in _OWN if key in source), None)


def _named(packages: list[dict[str, Any]], name: Any) -> dict[str, Any] | None:
    wanted = normal_name(str(name or ""))
    return next((each for each in packages if normal_name(str(each.get("name", ""))) == wanted and _directory(each) is not None), None)


def _members(manifest: Source, root: Mapping[str, Any], tree: Tree) -> dict[str, str]:
    """Directory to manifest of the workspace's members."""
    workspace = _table(root, "tool", "uv", "workspace")
    patterns = [p for p in workspace.get("members", ()) if isinstance(p, str)]
    if not patterns:
        return {}
    patterns += ["!" + p for p in workspace.get("exclude", ()) if isinstance(p, str)]
    prefix = manifest.path.rpartition("/")[0]
    skip = len(prefix) + 1 if prefix else 0
    return {path[skip:].rpartition("/")[0]: path for path in members(manifest.path, patterns, "pyproject.toml", tree)}


def _table(data: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _member(source: Source, data: dict[str, Any], root: dict[str, Any], package: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    project = data["project"]
    if "dependencies" in project.get("dynamic", ()):
        yield unverifiable(lock, f"the dependencies of {source.path} are computed when it is built")
        return
    asked, kept = set(_dependencies(data, root)), set(_kept(package))
    for each in sorted(asked - kept, key=_order):
        other = next((k for k in kept if k.name == each.name and k.scope == each.scope), None)
        if other is not None and (other.specifier is None or each.specifier is None) and other.extras == each.extras:
            continue
        where = f" in {each.scope.replace(':', ' ')}" if each.scope else ""
        then = f"is {_shown(other)} in {lock.path}" if other is not None else f"is not in {lock.path}"
        yield drifted(source, _place(source, each.name), f"{_shown(each)}{where} {then}; {_RUN}", each.name)
    names = {(each.scope, each.name) for each in asked}
    for each in sorted(kept - asked, key=_order):
        if (each.scope, each.name) not in names:
            where = f" of {each.scope.replace(':', ' ')}" if each.scope else ""
            place = place_of(lock, r'^\s+\{{ name = "({})"', each.name)
            yield drifted(lock, place, f"{each.name}{where} is no longer in {source.path}; {_RUN}", each.name)
    version, locked = project.get("version"), package.get("version")
    if isinstance(version, str) and isinstance(locked, str) and _version(version) != _version(locked):
        yield drifted(
            source,
            place_of(source, r'^version\s*=\s*(["\'][^"\']*["\'])'),
            f"the version is {version} here, but {locked} in {lock.path}; {_RUN}",
        )


def _order(asked: Asked) -> tuple[str, str]:
    return asked.name, asked.scope


def _shown(asked: Asked) -> str:
    extras = f"[{','.join(sorted(asked.extras))}]" if asked.extras else ""
    return f"{asked.name}{extras}{','.join(sorted(asked.specifier or ()))}"


def _place(source: Source, name: str) -> tuple[int, int]:
    spelled = re.sub(r"[-_.]+", "[-_.]+", re.escape(name).replace(r"\-", "-"))
    m = re.search(rf"""(?im)["']({spelled})(?![\w.-])[^"'\n]*["']""", source.text)
    return (0, 0) if m is None else (m.start(1), m.end() - 1)


def _dependencies(data: dict[str, Any], root: dict[str, Any] | None = None) -> Iterator[Asked]:
    """What a manifest asks for, extras of its own flattened, groups that include others written out."""
    project = data.get("project", {})
    sources = {normal_name(name): each for table in (root or {}, data) for name, each in _table(table, "tool", "uv", "sources").items()}
    extras = _table(project, "optional-dependencies")
    yield from (_asked("", text, sources) for text in _texts(project.get("dependencies")))
    for extra in extras:
        for text in _flattened(extra, extras, normal_name(str(project.get("name", ""))), ()):
            yield _asked(f"extra:{normal_name(extra)}", text, sources)
    groups = {normal_name(name): value for name, value in _table(data, "dependency-groups").items()}
    for group in groups:
        yield from (_asked(f"group:{group}", text, sources) for text in _expanded(group, groups, ()))
    old = _table(data, "tool", "uv").get("dev-dependencies")
    yield from (_asked("group:dev", text, sources) for text in _texts(old))


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _flattened(extra: str, extras: Mapping[str, Any], own: str, seen: tuple[str, ...]) -> Iterator[str]:
    """The requirements of an extra, those of other extras of the same project written out."""
    named = {normal_name(name): value for name, value in extras.items()}
    for text in _texts(named.get(normal_name(extra))):
        requirement = parse_requirement(text)
        if requirement is not None and normal_name(requirement.name) == own and requirement.extras:
            for inner in _extras(requirement.extras):
                if normal_name(inner) not in seen:
                    yield from _flattened(inner, extras, own, (*seen, normal_name(extra)))
            continue
        yield text


def _expanded(group: str, groups: Mapping[str, Any], seen: tuple[str, ...]) -> Iterator[str]:
    for each in groups.get(group, ()) if isinstance(groups.get(group), list) else ():
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict) and isinstance(each.get("include-group"), str):
            inner = normal_name(each["include-group"])
            if inner not in seen:
                yield from _expanded(inner, groups, (*seen, group))


def _asked(scope: str, text: str, sources: Mapping[str, Any]) -> Asked:
    requirement = parse_requirement(text)
    if requirement is None:
        return Asked(scope, text, frozenset(), None)
    name = normal_name(requirement.name)
    source = sources.get(name)
    decided = requirement.url or (
        source is not None and not (isinstance(source, dict) and set(source) <= {"index", "marker", "extra", "group"})
    )
    return Asked(scope, name, frozenset(_extras(requirement.extras)), None if decided else _clauses(requirement.versions))


def _extras(text: str) -> list[str]:
    return [normal_name(each) for each in re.findall(r"[\w.-]+", text)]


def _kept(package: Mapping[str, Any]) -> Iterator[Asked]:
    """What the lock says that the member asked for."""
    metadata = _table(package, "metadata")
    for each in metadata.get("requires-dist", ()):
        m = re.search(r"extra\s*==\s*['\"]([^'\"]+)['\"]", str(each.get("marker", "")))
        yield _locked(f"extra:{normal_name(m[1])}" if m else "", each)
    for group, entries in _table(metadata, "requires-dev").items():
        yield from (_locked(f"group:{normal_name(group)}", each) for each in entries)


def _locked(scope: str, entry: Mapping[str, Any]) -> Asked:
    decided = any(key in entry for key in ("git", "url", "path", "editable", "directory", "virtual"))
    extras = frozenset(normal_name(str(each)) for each in entry.get("extras", ()))
    return Asked(scope, normal_name(str(entry.get("name", ""))), extras, None if decided else _clauses(str(entry.get("specifier", ""))))


def _clauses(specifier: str) -> frozenset[str]:
    """The clauses of a PEP 440 specifier set, versions spelled alike."""
    return frozenset(f"{m[1]}{_version(m[2])}" for m in _CLAUSE.finditer(specifier.strip("() ")))


def _version(text: str) -> str:
    """A version in PEP 440's normal spelling, as far as comparing needs it."""
    low = text.strip().lower().lstrip("v")
    low = re.sub(r"[-_.]?(?:alpha|a)[-_.]?(?=\d)", "a", low)
    low = re.sub(r"[-_.]?(?:beta|b)[-_.]?(?=\d)", "b", low)
    low = re.sub(r"[-_.]?(?:preview|pre|rc|c)[-_.]?(?=\d)", "rc", low)
    low = re.sub(r"[-_.]?(?:post|rev|r)[-_.]?(?=\d)", ".post", low) if re.search(r"(?:post|rev)", low) else low
    low = re.sub(r"[-_.]?dev[-_.]?(?=\d|\Z)", ".dev", low)
    return re.sub(r"(a|b|rc|\.post|\.dev)(?=\.|\Z)", r"\g<1>0", low)  # a number that is left out is 0


def _gone(manifest: Source, projects: list[dict[str, Any]], locked: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    """Members that the lock has and the workspace has not."""
    names = {normal_name(str(each.get("name", ""))) for each in projects}
    for name in _texts(_table(locked, "manifest").get("members")):
        if normal_name(name) not in names:
            place = place_of(lock, r'^\s+("{}"),?$', name)
            message = f"{name} is no member of the workspace of {manifest.path} any more; {_RUN}"
            yield drifted(lock, place, message, name, about=manifest.path)


def _common(projects: list[dict[str, Any]]) -> str | None:
    """The versions of Python that all members of a workspace take; ``None`` where that is more than two bounds."""
    lower: list[str] = []
    upper: list[str] = []
    for each in projects:
        clauses = _CLAUSE.findall(str(each.get("requires-python", "")))
        if any(sign not in (">=", "<") or not _PLAIN.fullmatch(version) for sign, version in clauses):
            return None
        lower += [version for sign, version in clauses if sign == ">="]
        upper += [version for sign, version in clauses if sign == "<"]
    bounds = [*([">=" + max(lower, key=_numbers)] if lower else []), *(["<" + min(upper, key=_numbers)] if upper else [])]
    return ",".join(bounds) or None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _python(source: Source, wanted: object, locked: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    kept = locked.get("requires-python")
    if isinstance(wanted, str) and isinstance(kept, str) and _clauses(wanted) != _clauses(kept):
        place = place_of(source, r'^requires-python\s*=\s*(["\'][^"\']*["\'])')
        yield drifted(source, place, f"requires-python is {wanted} here, but {kept} in {lock.path}; {_RUN}")
