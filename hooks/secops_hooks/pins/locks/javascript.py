"""What the locks of npm, yarn, pnpm and bun have in common: the tables of package.json, their positions, the workspaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .model import Verdict, drifted, entry_in, members, strings, table

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

TABLES: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def wanted_of(data: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """(table, name) to range of a manifest. An optional dependency counts in one table only."""
    optional = table(data, "optionalDependencies")
    return {
        (section, name): spec
        for section in TABLES
        for name, spec in table(data, section).items()
        if isinstance(spec, str) and not (section == "dependencies" and name in optional)
    }


def workspaces_of(manifest: Source, data: Mapping[str, Any], tree: Tree, negated: bool = True) -> tuple[list[str], dict[str, str]]:
    """The globs of the workspaces, and directory to path of the manifests that they choose. ``negated``: ``!glob`` takes out again."""
    given = data.get("workspaces", [])
    patterns = strings(given.get("packages") if isinstance(given, dict) else given)
    patterns = [each for each in patterns if negated or not each.startswith("!")]
    return patterns, chosen(manifest.path, patterns, tree)


def chosen(path: str, patterns: list[str], tree: Tree) -> dict[str, str]:
    """Directory (from the root of the workspace at ``path``) to path of each member's package.json."""
    prefix = path.rpartition("/")[0]
    skip = len(prefix) + 1 if prefix else 0
    found = members(path, patterns, "package.json", tree) if patterns else iter(())
    return {each[skip:].rpartition("/")[0]: each for each in found if "/node_modules/" not in f"/{each}"}


def differences(
    manifest: Source, wanted: Mapping[tuple[str, str], str], lock: Source, kept: Mapping[tuple[str, str], str], run: str
) -> Iterator[Verdict]:
    """Where the tables of a manifest and the lock's copy of them (both as of :func:`wanted_of`) differ."""
    names, known = {name for _, name in wanted}, {name for _, name in kept}
    for (section, name), spec in wanted.items():
        old = kept.get((section, name))
        if old is None and name in known and sum(each == name for _, each in wanted) > 1:
            continue  # listed in two tables, of which the lock keeps one
        if old is None:
            moved = next((other for other, each in kept if each == name), None)
            what = f"is not in {lock.path}" if moved is None else f"is in {moved} in {lock.path}"
            yield drifted(manifest, entry_in(manifest, section, name), f"{name} {spec} in {section} {what}; {run}", name)
        elif old.strip() != spec.strip():
            yield drifted(manifest, entry_in(manifest, section, name), f"{name} is {spec} here, but {old} in {lock.path}; {run}", name)
    for section, name in kept:
        if name not in names:
            place = entry_in(lock, section, name)
            yield drifted(lock, place, f"{name} in {section} is no longer in {manifest.path}; {run}", name, about=manifest.path)
