"""What holds for one path: the nearest settings file above it, and the ``[[override]]`` entries that name it.

In a repository of many projects each may have a settings file; for the files below it, it holds instead of the one above. Three things
stay with the run's own settings: what is reported and fails (``tier``, ``fail-on``), how large a file may be, and, because a directory
must not free itself from them, its ``exclude``, ``unsuppressible`` and ``require-reason``, to which a nested file only adds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from ..files.tree import Tree, Unreadable
from .glob import matches
from .settings import FILE_NAME, Settings, parse

PROJECT = "pyproject.toml"


def with_nested(settings: Settings, paths: Iterable[str], read: Callable[[str], bytes | None]) -> Settings:
    """``settings`` with those of the directories of ``paths`` (tree paths) that have their own. ``read`` gives a file's bytes, or none.

    Raises :class:`SettingsError`.
    """
    nested = {}
    for directory in sorted(_directories(paths)):
        for name in (f"{directory}/{FILE_NAME}", f"{directory}/{PROJECT}"):
            data = read(name)
            if data is not None and (name.endswith(FILE_NAME) or b"tool.secops-hooks" in data):
                nested[directory] = parse(data, name, directory)
                break
    return settings._replace(nested=nested) if nested else settings


def _directories(paths: Iterable[str]) -> set[str]:
    """Every directory above a path, without the root and what lies outside of it."""
    seen: set[str] = set()
    for path in paths:
        directory = path.rpartition("/")[0]
        while directory and directory not in seen and not os.path.isabs(path):
            seen.add(directory)
            directory = directory.rpartition("/")[0]
    return seen


def from_disk(root: str) -> Callable[[str], bytes | None]:
    """Reads files below ``root``."""

    def read(path: str) -> bytes | None:
        try:
            with open(os.path.join(root, path), "rb") as file:
                return file.read()
        except OSError:
            return None  # none there; one that cannot be read is told by whoever checks it

    return read


def from_tree(tree: Tree) -> Callable[[str], bytes | None]:
    """Reads files of ``tree``."""

    def read(path: str) -> bytes | None:
        try:
            return tree.source(path).data if tree.exists(path) else None
        except Unreadable:
            return None  # told where it is checked

    return read


def with_all_nested(settings: Settings, tree: Tree) -> Settings:
    """``settings`` with those of every directory of ``tree`` that has its own. Raises :class:`SettingsError`."""
    named = [path for path in tree.paths() if path.rpartition("/")[2] in (FILE_NAME, PROJECT)]
    return with_nested(settings, named, from_tree(tree))


def settings_directories(paths: Iterable[str], start: str) -> list[str]:
    """The directories, other than ``start``, whose settings may be among ``paths``."""
    found = {path.rpartition("/")[0] for path in paths if path.rpartition("/")[2] in (FILE_NAME, PROJECT)}
    return sorted(found - {start})


def resolve(settings: Settings, path: str) -> Settings:
    """What holds for the file at ``path``."""
    own = nearest(settings, path)
    if own is not settings:
        own = own._replace(
            tier=settings.tier,
            fail_on=settings.fail_on,
            max_file_size=settings.max_file_size,
            exclude=tuple(dict.fromkeys((*settings.exclude, *own.exclude))),
            unsuppressible=tuple(dict.fromkeys((*settings.unsuppressible, *own.unsuppressible))),
            require_reason=settings.require_reason or own.require_reason,
        )
    for each in own.override:
        if any(matches(glob, path) for glob in each.paths):
            extra = {**own.extra, **{family: {**own.extra.get(family, {}), **table} for family, table in each.extra.items()}}
            own = own._replace(
                families=own.families if each.families is None else each.families,
                unanalysable=each.unanalysable or own.unanalysable,
                rules={**own.rules, **each.rules},
                extra=extra,
            )
    return own._replace(nested={}, override=())


def nearest(settings: Settings, path: str) -> Settings:
    """The settings of the nearest file above ``path``, as they stand in it."""
    directory = path.rpartition("/")[0] if settings.nested else ""
    while directory:
        found = settings.nested.get(directory)
        if found is not None:
            return found
        directory = directory.rpartition("/")[0]
    return settings
