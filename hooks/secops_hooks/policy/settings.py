"""The settings of a repository: ``.secops.toml`` or ``[tool.secops-hooks]`` in pyproject.toml, nearest one up to its root.

Unknown keys and wrong types are usage errors that name line, column and the nearest valid key (``schema.py``). Globs are relative to the
directory of their file. Reading a TOML file costs 20 ms of imports, so it happens only where a settings file is there. What holds for a
single path (nested files, ``[[override]]``) is worked out in ``local.py``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..files.tree import MAX_FILE
from ..finding import FAMILIES, Family, Severity, Tier
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
    owners: tuple[str, ...] = ()

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

    from .schema import Wrong

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
            raise Wrong((), f"[tool.{TABLE}] must be a table")
        return from_table(table, name, base)
    except Wrong as wrong:
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


def from_table(table: Mapping[str, Any], name: str, base: str = "") -> Settings:
    """Settings of an already decoded table. Raises :class:`schema.Wrong`."""
    from .schema import Wrong, check

    check(table, "", ())
    given = {key.replace("-", "_"): _frozen(value) for key, value in table.items() if key not in ("ignore", "rules", "override", *FAMILIES)}
    if base and "exclude" in given:
        given["exclude"] = tuple(below(base, glob) for glob in given["exclude"])
    for number, entry in enumerate(table.get("ignore", ())):
        if given.get("require_reason") and not entry.get("reason", "").strip():
            raise Wrong(("ignore", number), 'this [[ignore]] entry needs reason = "…": require-reason is true')
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
    return f"{base}/{glob.lstrip('/')}" if "/" in glob.rstrip("/") or glob.startswith("**") else f"{base}/**/{glob}"


def _overrides(table: Mapping[str, Any]) -> dict[str, Override]:
    return {rule: Override(**override) for rule, override in table.get("rules", {}).items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
