"""The settings of a repository: ``.secops.toml`` or ``[tool.secops-hooks]`` in pyproject.toml, nearest one up to its root.

Every key is declared once, in :data:`SCHEMA`; unknown keys and wrong types are usage errors that name the nearest
valid key. Reading a TOML file costs 20 ms of imports, so it happens only where a settings file is there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

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


class Settings(NamedTuple):
    """What a run goes by. ``extra`` holds the tables that only one family reads, by name (``secrets``, ``pins`` …)."""

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
        "ignore": Key("tables", "accepted findings, with a reason"),
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
    "secrets": {
        "allow": Key("list", "regular expressions; a secret that one matches wholly is accepted"),
        "archives": Key("boolean", "look into gzip and zip files, too"),
    },
    "config": {
        "registries": Key("list", "image registries that may be used; empty: any"),
        "rule-files": Key("list", "files with rules of your own"),
    },
    "pins": {
        "levels": Key("table", "required level by ecosystem: content, version or floating"),
        "trusted": Key("list", "globs of names that may float (for example actions/*)"),
        "hosts": Key("list", "further hosts that lock files may fetch from"),
    },
    "python": {
        "bandit-config": Key("string", "path of a bandit configuration file"),
        "tests": Key("string", "tier of findings that only matter outside tests", TIERS),
    },
}
_SHOWN: Final = 12  # characters of a wrong value that a message repeats
_FREE: Final = ("rules", "levels")  # tables whose keys are the user's


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


def load(path: str) -> Settings:
    """Settings of the file at ``path``. Raises :class:`SettingsError`."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    return parse(data, path)


def parse(data: bytes, name: str) -> Settings:
    """Settings of the bytes of a TOML file called ``name``. Raises :class:`SettingsError`."""
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{name}: not valid TOML: {error}") from error
    if os.path.basename(name) == "pyproject.toml":
        table = table.get("tool", {}).get(TABLE, {})
    return from_table(table, name)


def from_table(table: Mapping[str, Any], name: str) -> Settings:
    """Settings of an already decoded table. Raises :class:`SettingsError` on unknown keys and wrong types."""
    _check(table, "", name)
    given = {key.replace("-", "_"): _frozen(value) for key, value in table.items() if key not in ("ignore", "rules", *FAMILIES)}
    for entry in table.get("ignore", ()):
        if not entry.get("rule"):
            raise SettingsError(f'{name}: an [[ignore]] entry needs rule = "…" (a rule id, or a glob of ids)')
    return Settings(
        **given,
        ignore=tuple(
            Ignore(e["rule"], e.get("path", "**"), e.get("key", ""), e.get("reason", ""), str(e.get("until", "")), name)
            for e in table.get("ignore", ())
        ),
        rules={rule: Override(**override) for rule, override in table.get("rules", {}).items()},
        extra={family: table[family] for family in FAMILIES if family in table},
        origin=name,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _check(table: Mapping[str, Any], section: str, name: str) -> None:
    keys = SCHEMA[section]
    for key, value in table.items():
        if key not in keys:
            raise SettingsError(f"{name}: unknown key {_where(section, key)}{_nearest(key, tuple(keys))}")
        _check_value(value, keys[key], _where(section, key), name)
        if section == "" and key == "ignore":
            for entry in value:
                _check(entry, "ignore", name)
        elif section == "" and key == "rules":
            for rule, override in value.items():
                if not isinstance(override, dict):
                    raise SettingsError(f'{name}: rules.{rule} must be a table, such as {{ tier = "warn" }}')
                _check(override, "rules", name)
        elif section == "" and isinstance(value, dict):
            _check(value, key, name)


def _check_value(value: Any, key: Key, where: str, name: str) -> None:
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
        raise SettingsError(f"{name}: {where} must be a {_TYPE_WORDS[key.type]}")
    if key.choices:
        for each in value if isinstance(value, list) else [value]:
            if each not in key.choices:
                raise SettingsError(f"{name}: {where}: {_quoted(each)} is none of {', '.join(key.choices)}{_nearest(each, key.choices)}")


def _quoted(value: object) -> str:
    """``value`` in quotes; of a long one only that it is long, because it may be anything."""
    return repr(value) if len(str(value)) <= _SHOWN else f"this value of {len(str(value))} characters"


_TYPE_WORDS: Final = {
    "string": "string",
    "boolean": "boolean (true or false)",
    "integer": "whole number",
    "list": "list of strings",
    "table": "table",
    "tables": "list of tables ([[ignore]])",
    "date": "date, YYYY-MM-DD",
}


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _where(section: str, key: str) -> str:
    return f"{section}.{key}" if section else key


def _nearest(word: str, choices: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, choices, 1, 0.5)
    return f"; did you mean {close[0]}?" if close else f"; valid: {', '.join(sorted(choices))}"
