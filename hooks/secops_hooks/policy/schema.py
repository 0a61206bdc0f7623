"""Every key of the settings file, declared once, and the check of a file against them.

Loaded only where there is a settings file, or something is to be said about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from ..finding import FAMILIES, SEVERITIES, TIERS


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
        "owners": Key("list", "globs of addresses; a change of these settings that one of them signed is accepted by ci"),
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
        "allow": Key("expressions", "regular expressions; a secret that one matches wholly is accepted"),
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
        "bandit-profile": Key("string", "name of a profile in bandit's configuration"),
        "bandit-baseline": Key("string", "path of a JSON report of bandit whose findings are accepted, as bandit --baseline does"),
        "tests": Key("string", "tier of findings that only matter outside tests", TIERS),
    },
}
REQUIRED: Final[Mapping[str, str]] = {
    "ignore": 'an [[ignore]] entry needs rule = "…" (a rule id, or a glob of ids)',
    "override": 'an [[override]] entry needs paths = ["…"] (globs of paths)',
}
_SHOWN: Final = 12  # characters of a wrong value that a message repeats


class Wrong(Exception):
    """What is wrong at ``keys`` of the table."""

    def __init__(self, keys: tuple[str | int, ...], text: str) -> None:
        super().__init__(text)
        self.keys = keys


def check(table: Mapping[str, Any], section: str, at: tuple[str | int, ...]) -> None:
    """Raises :class:`Wrong` on the first unknown key or wrong value of ``table``, which stands at ``at``."""
    keys = SCHEMA[section]
    for key, value in table.items():
        here = (*at, key)
        shown = f"{section}.{key}" if section else key
        if key not in keys:
            raise Wrong(here, f"unknown key {shown}{_nearest(key, tuple(keys))}")
        _check_value(value, keys[key], shown, here)
        if keys[key].type == "tables":
            for number, entry in enumerate(value):
                check(entry, key, (*here, number))
                needed = next(iter(SCHEMA[key]))
                if not entry.get(needed):
                    raise Wrong((*here, number), REQUIRED[key])
        elif key == "rules":
            for rule, override in value.items():
                if "*" in rule or "?" in rule:
                    said = f'{rule!r} is a glob: [rules] takes ids; several rules are accepted by [[ignore]] with rule = "{rule}"'
                    raise Wrong((*here, rule), said)
                if not isinstance(override, dict):
                    raise Wrong((*here, rule), f'rules.{rule} must be a table, such as {{ tier = "warn" }}')
                check(override, "rules", (*here, rule))
        elif key in SCHEMA:
            check(value, key, here)
        elif keys[key].type == "expressions":
            _check_expressions(value, shown, here)


def _check_value(value: Any, key: Key, shown: str, at: tuple[str | int, ...]) -> None:
    fits = {
        "string": lambda: isinstance(value, str),
        "boolean": lambda: isinstance(value, bool),
        "integer": lambda: isinstance(value, int) and not isinstance(value, bool),
        "list": lambda: isinstance(value, list) and all(isinstance(each, str) for each in value),
        "expressions": lambda: isinstance(value, list) and all(isinstance(each, str) for each in value),
        "table": lambda: isinstance(value, dict),
        "tables": lambda: isinstance(value, list) and all(isinstance(each, dict) for each in value),
        "date": lambda: _is_date(str(value)),
    }
    if not fits[key.type]():
        words = f"list of tables ([[{shown}]])" if key.type == "tables" else _TYPE_WORDS[key.type]
        raise Wrong(at, f"{shown} must be a {words}")
    if key.choices:
        parts: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for place, each in parts if isinstance(value, (list, dict)) else (("", value),):
            if each not in key.choices:
                name = f"{shown}.{place}" if isinstance(value, dict) else shown
                where = (*at, place) if place != "" else at
                raise Wrong(where, f"{name}: {_quoted(each)} is none of {', '.join(key.choices)}{_nearest(str(each), key.choices)}")


def _check_expressions(values: Iterable[str], shown: str, at: tuple[str | int, ...]) -> None:
    import re

    for number, each in enumerate(values):
        try:
            re.compile(each)
        except (re.error, OverflowError, RecursionError) as error:
            raise Wrong((*at, number), f"{shown}: {_quoted(each)} is no regular expression: {error}") from error


def _quoted(value: object) -> str:
    """``value`` in quotes; of a long one only that it is long, because it may be anything."""
    return repr(value) if len(str(value)) <= _SHOWN else f"this value of {len(str(value))} characters"


_TYPE_WORDS: Final = {
    "string": "string",
    "boolean": "boolean (true or false)",
    "integer": "whole number",
    "list": "list of strings",
    "expressions": "list of regular expressions",
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
