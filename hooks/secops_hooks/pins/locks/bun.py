"""bun.lock (text) against package.json and its workspaces': the lock keeps a copy of each one's tables (bun.sh/docs/install/lockfile)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from .javascript import differences, wanted_of, workspaces_of
from .model import Verdict, drifted, json_of, table, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: bun install"
_TRAILING: Final = re.compile(r",(?=[ \t]*+\r?\n[ \t]*+[}\]])")  # no text of JSON goes over the end of a line
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|//[^\n]*|,(?=(?:\s|//[^\n]*\n)*+[}\]])')


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each dependency on which the two disagree."""
    data, locked = json_of(manifest), read(lock.text)
    if data is None or locked is None:
        return
    copies = table(locked, "workspaces")
    if "" not in copies:
        yield unverifiable(lock, "this lock has no entry of the project itself; run: bun install")
        return
    yield from differences(manifest, wanted_of(data), lock, wanted_of(table(copies, "")), _RUN)
    patterns, found = workspaces_of(manifest, data, tree)
    for directory, path in found.items():
        member = tree.source(path)
        content = json_of(member)
        if content is None:
            continue
        if directory not in copies:
            yield drifted(member, (0, 1), f"the workspace {directory} is not in {lock.path}; {_RUN}", directory)
        else:
            yield from differences(member, wanted_of(content), lock, wanted_of(table(copies, directory)), _RUN)
    yield from _gone(manifest, copies, lock, found, patterns)
    yield from _tables(manifest, data, locked, lock)


def _gone(manifest: Source, copies: dict[str, Any], lock: Source, found: dict[str, str], patterns: list[str]) -> Iterator[Verdict]:
    """Workspaces of the lock that are none any more; not asked when no member can be seen."""
    if patterns and not found:
        return
    for directory in copies:
        if directory and directory not in found:
            at = max(lock.text.find(f'"{directory}"'), 0)
            place = (at, at + len(directory) + 2)
            yield drifted(lock, place, f"{directory} is no workspace of {manifest.path} any more; {_RUN}", directory, about=manifest.path)


def _tables(manifest: Source, data: dict[str, Any], locked: dict[str, Any], lock: Source) -> Iterator[Verdict]:
    """Overrides are kept by name."""
    wanted = {**table(data, "resolutions"), **table(data, "overrides")}
    kept = table(locked, "overrides")
    for name, spec in wanted.items():
        if isinstance(spec, str) and not spec.startswith("$") and "/" not in name.lstrip("@").partition("/")[2]:
            old = kept.get(name)
            if old is None or (old != spec and isinstance(old, str)):
                at = max(manifest.text.rfind(f'"{name}"'), 0)
                then = "is not" if old is None else f"is {old}"
                yield drifted(
                    manifest, (at, at + len(name) + 2), f"{name} is overridden with {spec} here, but {then} in {lock.path}; {_RUN}"
                )


def read(text: str) -> dict[str, Any] | None:
    """The object of a bun.lock, which is JSON with trailing commas and comments."""
    data = _loaded(_TRAILING.sub("", text))
    return data if data is not None else _loaded(_TOKEN.sub(lambda m: m[0] if m[0].startswith('"') else "", text))


def is_written_by_machine(text: str) -> bool:
    """Whether this is JSON but for commas before the end of a line."""
    return _loaded(_TRAILING.sub("", text)) is not None


def _loaded(text: str) -> dict[str, Any] | None:
    from json import loads

    try:
        data = loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
