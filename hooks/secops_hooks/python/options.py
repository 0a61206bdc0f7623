"""The user's own bandit configuration: where it is, and what in it decides whether a file must be looked at.

Honoured as bandit's command line does: ``[tool.bandit]`` in pyproject.toml, a YAML file, or an INI file ``.bandit``;
and, unlike there, in the same way for files that are named one by one. A named profile and a baseline (a JSON report of bandit) come
from ``.bandit`` or from our settings. Everything is read from the tree, so that what is staged, or what a base branch has, holds there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatch

from ..files.tree import Tree
from ..policy.settings import Settings, SettingsError
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Final

MEMO: Final = "bandit-options"  # key of Tree.memo: the options that hold for a tree
YAML_NAMES: Final = ("bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml")


class Options(NamedTuple):
    """``name`` is the file that was read (empty: none) and ``config`` its text for bandit's own reader, which takes YAML. ``custom``
    says that tests have settings of their own, so that the words of ``tests.py`` cannot be relied on. ``accepted`` is the text of a
    report whose findings are no longer told, and ``baseline`` its path."""

    name: str = ""
    config: str = ""
    tests: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    custom: bool = False
    profile: str = ""
    ignore_nosec: bool = False
    baseline: str = ""
    accepted: str = ""


def read(tree: Tree, settings: Settings) -> Options:
    """The options for ``tree``: the file that settings name, else the first that is there. Raises :class:`SettingsError`."""
    found = _found(tree, settings.option("python", "bandit-config", ""))
    profile = settings.option("python", "bandit-profile", "") or found.profile
    baseline = settings.option("python", "bandit-baseline", "") or found.baseline
    return found._replace(profile=profile, baseline=baseline, accepted=_text(tree, baseline) if baseline else "")


def _found(tree: Tree, named: str) -> Options:
    if named:
        return _of(tree, named)
    project = tree.find("pyproject.toml")
    if project is not None and "[tool.bandit" in project.text:
        return _of(tree, "pyproject.toml")
    if tree.exists(".bandit"):
        return _of(tree, ".bandit")
    return next((_of(tree, name) for name in YAML_NAMES if tree.exists(name)), Options())


def _text(tree: Tree, path: str) -> str:
    source = tree.find(os.path.normpath(path).replace(os.sep, "/"))
    if source is None:
        raise SettingsError(f"bandit's configuration names {path}, which is not there")
    return source.text


def _of(tree: Tree, path: str) -> Options:
    if path.endswith(".toml"):
        return _from_toml(_text(tree, path), path)
    if path.endswith((".yaml", ".yml")):
        return _from_document(tree, path)
    return _from_ini(tree, path)


def _from_toml(text: str, path: str) -> Options:
    import tomllib
    from json import dumps

    try:
        table = tomllib.loads(text).get("tool", {}).get("bandit", {})
    except (tomllib.TOMLDecodeError, AttributeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return _from_table(table, path, dumps(table, default=str))  # what is JSON is YAML, too


def _from_document(tree: Tree, path: str) -> Options:
    from ..parse import parse

    text = _text(tree, path)
    document = parse(tree.source(path), "yaml")
    root = document.roots[0] if document.roots else None
    entries = [] if root is None else root.children
    return _from_table({entry.key or "": [item.text for item in entry.children] or entry.text for entry in entries}, path, text)


def _from_table(table: Mapping[str, Any], path: str, config: str) -> Options:
    plain = {"tests", "skips", "exclude_dirs", "targets"}
    return Options(path, config, exclude=_words(table.get("exclude_dirs", ())), custom=bool(set(table) - plain))


def _from_ini(tree: Tree, path: str) -> Options:
    from configparser import ConfigParser, Error

    reader = ConfigParser(interpolation=None)
    try:
        reader.read_string(_text(tree, path))
    except Error as error:
        raise SettingsError(f"{path}: {str(error).splitlines()[0]}") from error
    section = dict(reader["bandit"]) if reader.has_section("bandit") else {}
    named = section.get("configfile", "")
    base = _of(tree, named) if named.endswith((".toml", ".yaml", ".yml")) else Options()
    return base._replace(
        name=path,
        tests=_words(section.get("tests", "")),
        skips=_words(section.get("skips", "")),
        exclude=(*base.exclude, *_words(section.get("exclude", ""))),
        profile=section.get("profile", ""),
        ignore_nosec=bool(section.get("ignore-nosec", "")),  # bandit: whatever it says
        baseline=section.get("baseline", ""),
    )


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
