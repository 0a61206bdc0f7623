"""The settings of a repository: ``.secops.toml`` or ``[tool.secops-hooks]`` in pyproject.toml, nearest one up to its root.

Every key is declared once, in :data:`SCHEMA`; unknown keys and wrong types are usage errors that name line, column and the nearest
valid key. Globs are relative to the directory of their file. Reading a TOML file costs 20 ms of imports, so it happens only where a
settings file is there. What holds for a single path (nested files, ``[[override]]``) is worked out in ``local.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from ..files.tree import MAX_FILE
from ..finding import FAMILIES, SEVERITIES, TIERS, Family, Severity, Tier
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Final

FILE_NAME: Final = ".secops.toml"
TABLE: Final = "secops-hooks"


class SettingsError(Exception):
    """Settings that cannot be used. The text names the file, the place and what would be right."""


class Ignore(NamedTuple):
    """One ``[[ignore]]`` entry: findings of ``rule`` below ``path`` (a glob) are accepted, for a reason, until a day."""

    rule: str
    path: str = "**"
    key: str = ""
    reason: str = ""
    until: str = ""
    origin: str = ""


class Override(NamedTuple):
    """``[rules.ID]``: another tier or severity for a rule, or none at all."""

    enabled: bool = True
    tier: Tier | None = None
    severity: Severity | None = None


class PathOverride(NamedTuple):
    """One ``[[override]]`` entry: what else holds for the files below ``paths`` (globs). ``None``: as everywhere."""

    paths: tuple[str, ...]
    families: tuple[Family, ...] | None = None
    unanalysable: Tier | None = None
    rules: Mapping[str, Override] = {}
    extra: Mapping[str, Mapping[str, Any]] = {}


class Settings(NamedTuple):
    """What a run goes by. ``extra`` holds the tables that only one family reads, by name (``secrets``, ``pins`` …);
    ``nested`` the settings of directories further down that have a file of their own."""

    families: tuple[Family, ...] = FAMILIES
    tier: Tier = "warn"
    fail_on: Tier = "block"
    unanalysable: Tier = "block"
    exclude: tuple[str, ...] = ()
    max_file_size: int = MAX_FILE
    rules: Mapping[str, Override] = {}
    ignore: tuple[Ignore, ...] = ()
    unsuppressible: tuple[str, ...] = ()
    extra: Mapping[str, Mapping[str, Any]] = {}
    origin: str = ""
    require_reason: bool = False
    override: tuple[PathOverride, ...] = ()
    nested: Mapping[str, Settings] = {}

    def at(self, path: str) -> Settings:
        """What holds for the file at ``path`` alone."""
        if not self.nested and not self.override:
            return self
        from .local import resolve

        return resolve(self, path)

    def all_families(self) -> frozenset[Family]:
        """The families that run for any path at all."""
        overrides = (*self.override, *(entry for each in self.nested.values() for entry in each.override))
        found = [self.families, *(each.families for each in self.nested.values()), *(each.families or () for each in overrides)]
        return frozenset(family for families in found for family in families)

    def option(self, table: str, key: str, default: Any) -> Any:
        """The value of ``key`` in a family's own table, or ``default``."""
        return self.extra.get(table, {}).get(key, default)


class Key(NamedTuple):
    """A key of the settings file: its type as people read it, what it means, and its choices if they are few."""

    type: str
    meaning: str
    choices: tuple[str, ...] = ()


SCHEMA: Final[Mapping[str, Mapping[str, Key]]] = {
    "": {
        "families": Key("list", "which families run", FAMILIES),
        "tier": Key("string", "report this tier and those above it", TIERS),
        "fail-on": Key("string", "the lowest tier that fails the hook", ("block", "warn")),
        "unanalysable": Key("string", "what a file that cannot be analysed is", ("block", "warn", "audit")),
        "exclude": Key("list", "globs of paths that are not checked"),
        "max-file-size": Key("integer", "bytes; larger files are reported as unanalysable"),
        "unsuppressible": Key("list", "globs of rule ids that no comment and no entry can suppress"),
        "require-reason": Key("boolean", "true: a suppression without a reason suppresses nothing"),
        "ignore": Key("tables", "accepted findings, with a reason"),
        "override": Key("tables", "what else holds for some paths"),
        "rules": Key("table", "overrides by rule id"),
        "secrets": Key("table", "options of the secrets family"),
        "config": Key("table", "options of the config family"),
        "pins": Key("table", "options of the pins family"),
        "python": Key("table", "options of the python family"),
    },
    "ignore": {
        "rule": Key("string", "rule id or glob"),
        "path": Key("string", "glob of paths"),
        "key": Key("string", "key path, or glob of key paths"),
        "reason": Key("string", "why this is acceptable"),
        "until": Key("date", "the last day on which this holds, YYYY-MM-DD"),
    },
    "rules": {
        "enabled": Key("boolean", "false switches the rule off"),
        "tier": Key("string", "another tier", TIERS),
        "severity": Key("string", "another severity", SEVERITIES),
    },
    "override": {
        "paths": Key("list", "globs of the paths that this is about"),
        "families": Key("list", "which families run there", FAMILIES),
        "unanalysable": Key("string", "what a file that cannot be analysed is there", ("block", "warn", "audit")),
        "rules": Key("table", "overrides by rule id, there"),
        "secrets": Key("table", "options of the secrets family, there"),
        "config": Key("table", "options of the config family, there"),
        "pins": Key("table", "options of the pins family, there"),
        "python": Key("table", "options of the python family, there"),
    },
    "secrets": {
        "allow": Key("list", "regular expressions; a secret that one matches wholly is accepted"),
        "archives": Key("boolean", "look into gzip and zip files, too"),
    },
    "config": {
        "registries": Key("list", "image registries that may be used; empty: any"),
        "rule-files": Key("list", "files with rules of your own"),
    },
    "pins": {
        "levels": Key("table", "required level by ecosystem (image, action, npm, pypi …)", ("content", "version", "floating")),
        "trusted": Key("list", "globs of names that may float (for example actions/*)"),
        "hosts": Key("list", "further hosts that lock files may fetch from"),
    },
    "python": {
        "bandit-config": Key("string", "path of a bandit configuration file"),
        "tests": Key("string", "tier of findings that only matter outside tests", TIERS),
    },
}
REQUIRED: Final[Mapping[str, str]] = {
    "ignore": 'an [[ignore]] entry needs rule = "…" (a rule id, or a glob of ids)',
    "override": 'an [[override]] entry needs paths = ["…"] (globs of paths)',
}
_SHOWN: Final = 12  # characters of a wrong value that a message repeats


def find(root: str, start: str) -> str | None:
    """The settings file that holds for directory ``start``: the nearest one up to ``root``."""
    here = start
    while True:
        own = os.path.join(here, FILE_NAME)
        if os.path.isfile(own):
            return own
        project = os.path.join(here, "pyproject.toml")
        if _mentions_us(project):
            return project
        above = os.path.dirname(here)
        if here in (root, above):
            return None
        here = above


def _mentions_us(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return b"tool.secops-hooks" in file.read()
    except OSError:
        return False


def load(path: str, root: str = "") -> Settings:
    """Settings of the file at ``path``, its globs relative to its directory below ``root``. Raises :class:`SettingsError`."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    base = os.path.relpath(os.path.dirname(os.path.abspath(path)), root).replace(os.sep, "/") if root else ""
    return parse(data, path, "" if base == "." or base.startswith("..") else base)


def parse(data: bytes, name: str, base: str = "") -> Settings:
    """Settings of the bytes of a TOML file called ``name`` in directory ``base``. Raises :class:`SettingsError`."""
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(_not_toml(name, data, str(error))) from error
    inside: tuple[str, ...] = ()
    if os.path.basename(name) == "pyproject.toml":
        inside = ("tool", TABLE)
        tool = table.get("tool", {})
        table = tool.get(TABLE, {}) if isinstance(tool, dict) else {}
    try:
        if not isinstance(table, dict):
            raise _Wrong((), f"[tool.{TABLE}] must be a table")
        return from_table(table, name, base)
    except _Wrong as wrong:
        from .places import place_of

        line, col = place_of(data, name, (*inside, *wrong.keys))
        raise SettingsError(f"{name}:{line}:{col}: {wrong}") from wrong


def _not_toml(name: str, data: bytes, said: str) -> str:
    import re

    m = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)", said)
    if m is None:
        return f"{name}: not valid TOML: {said}"
    lines = data.decode("utf-8-sig", "replace").split("\n")
    line, col = (m[1], m[2]) if m[1] else (len(lines), len(lines[-1]) + 1)
    return f"{name}:{line}:{col}: not valid TOML: {said[: m.start()]}"


class _Wrong(Exception):
    """What is wrong at ``keys`` of the table."""

    def __init__(self, keys: tuple[str | int, ...], text: str) -> None:
        super().__init__(text)
        self.keys = keys


def from_table(table: Mapping[str, Any], name: str, base: str = "") -> Settings:
    """Settings of an already decoded table."""
    _check(table, "", ())
    given = {key.replace("-", "_"): _frozen(value) for key, value in table.items() if key not in ("ignore", "rules", "override", *FAMILIES)}
    if base and "exclude" in given:
        given["exclude"] = tuple(below(base, glob) for glob in given["exclude"])
    for number, entry in enumerate(table.get("ignore", ())):
        if given.get("require_reason") and not entry.get("reason", "").strip():
            raise _Wrong(("ignore", number), 'this [[ignore]] entry needs reason = "…": require-reason is true')
    return Settings(
        **given,
        ignore=tuple(
            Ignore(
                e["rule"], below(base, e.get("path", "**")), e.get("key", ""), e.get("reason", "").strip(), str(e.get("until", "")), name
            )
            for e in table.get("ignore", ())
        ),
        rules=_overrides(table),
        override=tuple(
            PathOverride(
                tuple(below(base, glob) for glob in each["paths"]),
                tuple(each["families"]) if "families" in each else None,
                each.get("unanalysable"),
                _overrides(each),
                {family: each[family] for family in FAMILIES if family in each},
            )
            for each in table.get("override", ())
        ),
        extra={family: table[family] for family in FAMILIES if family in table},
        origin=name,
    )


def below(base: str, glob: str) -> str:
    """``glob``, written in a file of directory ``base``, as a glob of the whole tree."""
    if not base:
        return glob
    return f"{base}/{glob.lstrip('/')}" if "/" in glob.rstrip("/") else f"{base}/**/{glob}"


def _overrides(table: Mapping[str, Any]) -> dict[str, Override]:
    return {rule: Override(**override) for rule, override in table.get("rules", {}).items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _check(table: Mapping[str, Any], section: str, at: tuple[str | int, ...]) -> None:
    """Raises :class:`_Wrong` on the first unknown key or wrong value of ``table``, which stands at ``at``."""
    keys = SCHEMA[section]
    for key, value in table.items():
        here = (*at, key)
        shown = f"{section}.{key}" if section else key
        if key not in keys:
            raise _Wrong(here, f"unknown key {shown}{_nearest(key, tuple(keys))}")
        _check_value(value, keys[key], shown, here)
        if keys[key].type == "tables":
            for number, entry in enumerate(value):
                _check(entry, key, (*here, number))
                needed = next(iter(SCHEMA[key]))
                if not entry.get(needed):
                    raise _Wrong((*here, number), REQUIRED[key])
        elif key == "rules":
            for rule, override in value.items():
                if not isinstance(override, dict):
                    raise _Wrong((*here, rule), f'rules.{rule} must be a table, such as {{ tier = "warn" }}')
                _check(override, "rules", (*here, rule))
        elif key in SCHEMA:
            _check(value, key, here)


def _check_value(value: Any, key: Key, shown: str, at: tuple[str | int, ...]) -> None:
    fits = {
        "string": lambda: isinstance(value, str),
        "boolean": lambda: isinstance(value, bool),
        "integer": lambda: isinstance(value, int) and not isinstance(value, bool),
        "list": lambda: isinstance(value, list) and all(isinstance(each, str) for each in value),
        "table": lambda: isinstance(value, dict),
        "tables": lambda: isinstance(value, list) and all(isinstance(each, dict) for each in value),
        "date": lambda: _is_date(str(value)),
    }
    if not fits[key.type]():
        words = f"list of tables ([[{shown}]])" if key.type == "tables" else _TYPE_WORDS[key.type]
        raise _Wrong(at, f"{shown} must be a {words}")
    if key.choices:
        parts: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for place, each in parts if isinstance(value, (list, dict)) else (("", value),):
            if each not in key.choices:
                name = f"{shown}.{place}" if isinstance(value, dict) else shown
                where = (*at, place) if place != "" else at
                raise _Wrong(where, f"{name}: {_quoted(each)} is none of {', '.join(key.choices)}{_nearest(str(each), key.choices)}")


def _quoted(value: object) -> str:
    """``value`` in quotes; of a long one only that it is long, because it may be anything."""
    return repr(value) if len(str(value)) <= _SHOWN else f"this value of {len(str(value))} characters"


_TYPE_WORDS: Final = {
    "string": "string",
    "boolean": "boolean (true or false)",
    "integer": "whole number",
    "list": "list of strings",
    "table": "table",
    "date": "date, YYYY-MM-DD",
}


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _nearest(word: str, choices: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, choices, 1, 0.5)
    return f"; did you mean {close[0]}?" if close else f"; valid: {', '.join(sorted(choices))}"
