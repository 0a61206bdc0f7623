"""The user's own bandit configuration: where it is, and what in it decides whether a file must be looked at.

Honoured as bandit's command line does: ``[tool.bandit]`` in pyproject.toml, a YAML file, or an INI file ``.bandit``;
and, unlike there, in the same way for files that are named one by one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatch

from ..files.tree import Tree
from ..policy.settings import Settings
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Final

YAML_NAMES: Final = ("bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml")


class Options(NamedTuple):
    """``config`` is the path for bandit's own reader; ``custom`` says that tests have settings of their own, so that the
    words of ``tests.py`` cannot be relied on."""

    config: str = ""
    tests: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    custom: bool = False


def read(tree: Tree, settings: Settings) -> Options:
    """The options for ``tree``: the file that settings name, else the first that is there."""
    named = settings.option("python", "bandit-config", "")
    if named:
        return _of(tree, named)
    project = tree.find("pyproject.toml")
    if project is not None and "[tool.bandit" in project.text:
        return _of(tree, "pyproject.toml")
    if tree.exists(".bandit"):
        return _of(tree, ".bandit")
    return next((_of(tree, name) for name in YAML_NAMES if tree.exists(name)), Options())


def _of(tree: Tree, path: str) -> Options:
    text = tree.source(path).text
    full = os.path.join(tree.root, path)
    if path.endswith(".toml"):
        import tomllib

        return _from_table(tomllib.loads(text).get("tool", {}).get("bandit", {}), full)
    if path.endswith((".yaml", ".yml")):
        return _from_document(tree, path, full)
    return _from_ini(text)


def _from_document(tree: Tree, path: str, full: str) -> Options:
    from ..parse import parse

    document = parse(tree.source(path), "yaml")
    root = document.roots[0] if document.roots else None
    entries = [] if root is None else root.children
    return _from_table({entry.key or "": [item.text for item in entry.children] or entry.text for entry in entries}, full)


def _from_table(table: Mapping[str, Any], full: str) -> Options:
    plain = {"tests", "skips", "exclude_dirs", "targets"}
    return Options(full, exclude=_words(table.get("exclude_dirs", ())), custom=bool(set(table) - plain))


def _from_ini(text: str) -> Options:
    from configparser import ConfigParser, Error

    from ..policy.settings import SettingsError

    reader = ConfigParser(interpolation=None)
    try:
        reader.read_string(text)
    except Error as error:
        raise SettingsError(f".bandit: {str(error).splitlines()[0]}") from error
    section = dict(reader["bandit"]) if reader.has_section("bandit") else {}
    return Options("", _words(section.get("tests", "")), _words(section.get("skips", "")), _words(section.get("exclude", "")))


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return tuple(str(each) for each in value) if isinstance(value, (list, tuple)) else ()


def excluded(options: Options, path: str, root: str) -> bool:
    """Whether bandit's ``exclude`` covers ``path``: as glob or as part of the path, however it begins (``./``, ``/``)."""
    forms = (path, f"./{path}", os.path.join(root, path))
    for each in options.exclude:
        bare = each.removeprefix("./").rstrip("/")
        if any(fnmatch(form, each) or fnmatch(form, bare) for form in forms):
            return True
        if bare and (path == bare or path.startswith(bare + "/") or f"/{bare.strip('/')}/" in f"/{path}"):
            return True
    return False
