"""``secops-hooks settings``: the settings that hold here, or for one file, and where each comes from."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from ..files.tree import root_of, to_tree_path
from ..finding import FAMILIES
from ..policy.local import from_disk, nearest, resolve, with_nested
from ..policy.places import place_of
from ..policy.schema import SCHEMA
from ..policy.settings import TABLE, Settings, find, load
from ..run import CLEAN, rules_of

_OF_THE_RUN = ("tier", "fail-on", "max-file-size", "exclude", "unsuppressible", "require-reason", "override")  # not of one file


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", metavar="PATH", help="the file they shall hold for (default: this directory)")
    parser.add_argument("--settings", metavar="FILE", help="read settings from FILE")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of the settings instead")


def main(options: Namespace) -> int:
    """Print each setting, its value and its origin."""
    if options.schema:
        from ..report.schema import printed

        print(printed("settings"), end="")
        return CLEAN
    cwd = os.getcwd()
    root = root_of(cwd)
    path = options.settings or find(root, cwd)
    settings = load(path, "" if options.settings else root) if path else Settings()
    own = settings
    if options.path is not None:
        inside = to_tree_path(options.path, root, cwd)
        settings = settings if options.settings else with_nested(settings, [inside], from_disk(root))
        own, settings = nearest(settings, inside), resolve(settings, inside)
    places = _Places(own.origin, root, cwd)
    for key, about in SCHEMA[""].items():
        name = key.replace("-", "_")
        value = settings.extra.get(key, {}) if about.type == "table" and key != "rules" else getattr(settings, name)
        here = own.extra.get(key, {}) if about.type == "table" and key != "rules" else getattr(own, name)
        said = places.of("override" if value != here and own.override and key not in _OF_THE_RUN else key)
        print(f"{key} = {_shown(value)}  # {said}")
    for unknown in _unknown_rules(own):
        print(f"secops-hooks: {unknown}", file=sys.stderr)
    return CLEAN


class _Places:
    """Says where a key comes from."""

    def __init__(self, origin: str, root: str, cwd: str) -> None:
        self._name = ""
        if origin:
            full = os.path.join(root, origin)  # origin is absolute, or a path of the tree
            full = full if os.path.exists(full) else os.path.abspath(origin)
            with open(full, "rb") as file:
                self._data = file.read()
            self._name = os.path.relpath(full, cwd).replace(os.sep, "/")

    def of(self, key: str) -> str:
        """``.secops.toml:3``, or ``default``."""
        if not self._name:
            return "default"
        inside = ("tool", TABLE) if os.path.basename(self._name) == "pyproject.toml" else ()
        above, here = place_of(self._data, self._name, inside), place_of(self._data, self._name, (*inside, key))
        return "default" if above == here and not self._first(key, here) else f"{self._name}:{here[0]}"

    def _first(self, key: str, place: tuple[int, int]) -> bool:
        """Whether ``key`` itself stands where its table begins."""
        line = self._data.decode("utf-8-sig", "replace").splitlines()[place[0] - 1 : place[0]]
        return bool(line) and line[0][place[1] - 1 :].lstrip("[ \"'").startswith(key)


def _unknown_rules(settings: Settings) -> Iterator[str]:
    """Names of rules in the settings that no rule has; they change nothing."""
    named: Iterable[str] = [*settings.rules, *(rule for each in settings.override for rule in each.rules)]
    if not named or settings.option("config", "rule-files", ()):
        return
    rules = rules_of(FAMILIES)
    for name in named:
        if name not in rules:
            close = get_close_matches(name, rules, 1)
            yield f"{settings.origin}: there is no rule {name!r}" + (f"; did you mean {close[0]}?" if close else "")


def _shown(value: object) -> str:
    from json import dumps

    return dumps(_plain(value), default=str, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {key: _plain(each) for key, each in value._asdict().items() if each not in (None, "")}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value
