"""``secops-hooks settings``: the settings that hold here, and where each comes from."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from ..files.tree import root_of
from ..policy.settings import SCHEMA, Settings, find, load
from ..run import CLEAN


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="read settings from FILE")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of the settings instead")


def main(options: Namespace) -> int:
    """Print each setting, its value and its origin."""
    if options.schema:
        from json import dumps

        print(dumps(schema(), indent=2))
        return CLEAN
    cwd = os.getcwd()
    path = options.settings or find(root_of(cwd), cwd)
    settings = load(path) if path else Settings()
    default = Settings()
    for key, about in SCHEMA[""].items():
        name = key.replace("-", "_")
        value = settings.extra.get(key, {}) if about.type == "table" and key != "rules" else getattr(settings, name)
        given = value != (getattr(default, name) if hasattr(default, name) else {})
        print(f"{key} = {_shown(value)}  # {os.path.relpath(path, cwd) if given and path else 'default'}")
    return CLEAN


def _shown(value: object) -> str:
    from json import dumps

    if isinstance(value, tuple):
        return dumps([each._asdict() if hasattr(each, "_asdict") else each for each in value], default=str)
    if isinstance(value, dict):
        return dumps({key: each._asdict() if hasattr(each, "_asdict") else each for key, each in value.items()}, default=str)
    return dumps(value, default=str)


_TYPES = {"string": "string", "boolean": "boolean", "integer": "integer", "date": "string"}


def schema() -> dict[str, object]:
    """The settings as a JSON schema (draft 2020-12), for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "secops-hooks settings (.secops.toml, or [tool.secops-hooks] in pyproject.toml)",
        **_object(""),
    }


def _object(section: str) -> dict[str, object]:
    properties: dict[str, object] = {}
    for key, about in SCHEMA[section].items():
        described: dict[str, object] = {"description": about.meaning}
        if about.type == "list":
            described |= {"type": "array", "items": {"type": "string", **({"enum": list(about.choices)} if about.choices else {})}}
        elif about.type == "tables":
            described |= {"type": "array", "items": {**_object(key), "required": ["rule"]}}
        elif about.type == "table":
            inner = _object(key) if key in SCHEMA else {"type": "object"}
            described |= {"type": "object", "additionalProperties": inner} if key == "rules" else inner
        else:
            described |= {"type": _TYPES[about.type], **({"enum": list(about.choices)} if about.choices else {})}
        properties[key] = described
    return {"type": "object", "additionalProperties": False, "properties": properties}
