"""What a uv workspace settles for all its members, against ``[manifest]`` and ``[options]`` of uv.lock.

Constraints, overrides, groups of a root without a project, and how versions were chosen (docs.astral.sh/uv/reference/settings).
A uv.toml beside the root takes the place of ``[tool.uv]`` for settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..marker import same
from ..pep508 import normal_name
from .model import Verdict, below, drifted, place_of, strings, table, toml_of
from .uvasked import Asked, Sources, group_names, groups_in, listed, locked, requirement

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: uv lock"
_LISTS: Final = {
    "constraint-dependencies": "constraints",
    "override-dependencies": "overrides",
    "build-constraint-dependencies": "build-constraints",
    "exclude-dependencies": "excludes",
}
_OPTIONS: Final = {
    "resolution": ("resolution-mode", "highest"),
    "prerelease": ("prerelease-mode", "if-necessary-or-explicit"),
    "fork-strategy": ("fork-strategy", "requires-python"),
}
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*\Z")


def settings(manifest: Source, root: dict[str, Any], lock_data: Mapping[str, Any], lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each setting on which the root and the lock disagree."""
    own = tree.find(below(manifest.path, "uv.toml"))
    given = toml_of(own) if own is not None else table(root, "tool", "uv")
    source = own if own is not None else manifest
    if given is None:
        return
    python = str(lock_data.get("requires-python", ""))
    kept = table(lock_data, "manifest")
    sources = Sources(manifest.path, root, manifest.path, root)
    recent = isinstance(lock_data.get("revision"), int)  # locks without one were made by uv 0.5 or earlier, which kept less
    for key, name in _LISTS.items():
        if not recent and name not in kept and name in ("build-constraints", "excludes"):
            continue
        wanted = [requirement("", text, sources) for text in strings(given.get(key))]
        yield from _listed(source, key, wanted, _kept("", kept.get(name)), python, lock)
    if "project" not in root and (recent or "dependency-groups" in kept):
        yield from _groups(manifest, root, kept, sources, python, lock)
    yield from _chosen(source, given, table(lock_data, "options"), recent, lock)
    own_name = table(root, "project").get("name")
    conflicts = {_conflict(each, own_name) for each in given.get("conflicts", ()) if isinstance(each, list)}
    if recent and conflicts - {_conflict(each, own_name) for each in lock_data.get("conflicts", ()) if isinstance(each, list)}:
        yield drifted(source, place_of(source, r"^({})\s*=", "conflicts"), f"conflicts were changed after {lock.path} was made; {_RUN}")
    for key, name in (("environments", "supported-markers"), ("required-environments", "required-markers")):
        asked, old = strings(given.get(key)), strings(lock_data.get(name))
        if not recent and not old and key == "required-environments":
            continue
        if len(asked) != len(old) or not all(any(same(each, other, python) is not False for other in old) for each in asked):
            yield drifted(source, place_of(source, r"^({})\s*=", key), f"{key} was changed after {lock.path} was made; {_RUN}", key)


def _kept(scope: str, entries: object) -> list[Asked]:
    return [requirement(scope, text, None) for text in strings(entries)] + [
        locked(scope, each, str(each.get("marker", ""))) for each in listed(entries)
    ]


def _conflict(items: list[object], name: object) -> frozenset[tuple[str, str]]:
    """Extras and groups of which only one may be asked for, each with its package."""
    return frozenset(
        (normal_name(str(each.get("package", name))), normal_name(str(each.get("extra", "")) or f"group {each.get('group', '')}"))
        for each in items
        if isinstance(each, dict)
    )


def _listed(source: Source, key: str, wanted: list[Asked], kept: list[Asked], python: str, lock: Source) -> Iterator[Verdict]:
    for each in wanted:
        if not any(each.fits(other) and same(each.marker, other.marker, python) is not False for other in kept):
            at = place_of(source, r"""(?i)["']({})(?![\w.-])""", each.name)
            yield drifted(source, at, f"{each.shown()} in {key} is not in {lock.path}; {_RUN}", each.name)
    names = {each.name for each in wanted}
    for each in kept:
        if each.name not in names:
            at = place_of(lock, r'\{{ name = "({})"', each.name)
            yield drifted(lock, at, f"{each.name} is no longer in {key} of {source.path}; {_RUN}", each.name, about=source.path)


def _groups(
    manifest: Source, root: dict[str, Any], kept: Mapping[str, Any], sources: Sources, python: str, lock: Source
) -> Iterator[Verdict]:
    """The groups of a root that is no project itself."""
    wanted: dict[str, list[Asked]] = {name: [] for name in group_names(root)}
    for each in groups_in(root, sources):
        wanted.setdefault(each.scope.partition(":")[2], []).append(each)
    found = {normal_name(name): entries for name, entries in table(kept, "dependency-groups").items()}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) or found.get(name):
            yield from _listed(manifest, f"group {name}", wanted.get(name, []), _kept(f"group:{name}", found.get(name)), python, lock)


def _chosen(source: Source, given: Mapping[str, Any], options: Mapping[str, Any], recent: bool, lock: Source) -> Iterator[Verdict]:
    """How versions were chosen."""
    for key, (name, default) in _OPTIONS.items():
        wanted, old = given.get(key, default), options.get(name, default)
        if wanted != old and (recent or key != "fork-strategy"):
            yield drifted(source, place_of(source, r"^({})\s*=", key), f"{key} is {wanted} here, but {old} in {lock.path}; {_RUN}", key)
    newest, cutoff = given.get("exclude-newer"), options.get("exclude-newer")
    kept = options.get("exclude-newer-span") or cutoff
    at = place_of(source, r"^(exclude-newer)\s*=")
    if newest is None and kept is not None:
        message = f"{lock.path} leaves out what is newer than {kept}, which is not asked for here; {_RUN}"
        yield drifted(source, at, message, "exclude-newer")
    elif newest is not None and kept is None:
        yield drifted(source, at, f"exclude-newer is {newest} here, but not set in {lock.path}; {_RUN}", "exclude-newer")
    elif _INSTANT.match(str(newest)) and (kept is not cutoff or _moment(str(newest)) != _moment(str(cutoff))):
        yield drifted(source, at, f"exclude-newer is {newest} here, but {kept} in {lock.path}; {_RUN}", "exclude-newer")


def _moment(text: str) -> object:
    """The instant that a text names; the text itself where it names none."""
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
