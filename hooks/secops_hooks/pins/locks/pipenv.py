"""Pipfile.lock against Pipfile: the hash that pipenv writes (plette's ``Pipfile.get_hash``; since 2026 with names normalised)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ..pep508 import normal_name
from .model import Verdict, drifted, json_of, place_of, table, toml_of, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: pipenv lock"
_HASH: Final = re.compile(r'"hash"\s*:\s*\{\s*"(\w+)"\s*:\s*"([0-9a-f]+)"')
_SECTIONS: Final = {"default": "packages", "develop": "dev-packages"}
_NO_CATEGORY: Final = frozenset({"source", "requires", "scripts", "pipenv", "pipfile", "build-system", *_SECTIONS.values()})
_PYPI: Final = [{"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}]


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift when no version of pipenv would have written this hash for this manifest."""
    data, locked = toml_of(manifest), json_of(lock)
    if data is None or locked is None:
        return
    m = _HASH.search(lock.text)
    if m is None or m[1] != "sha256":
        yield unverifiable(lock, f"this Pipfile.lock records no sha256 of its Pipfile; {_RUN}")
        return
    if m[2] in {_hash(content) for content in _contents(data)}:
        return
    for section, name, what in _named(data, locked):
        place = place_of(manifest, r'(?mi)^[ \t]*["\']?({})["\']?\s*=', name)
        yield drifted(manifest, place, f"{name} in {section} {what}; {_RUN}", name)
        return
    yield drifted(lock, m.span(2), f"{manifest.path} was changed after the lock was made; {_RUN}")


def _contents(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the versions of pipenv hash: names as written or normalised, categories of one's own or not, the sources as given or PyPI."""
    own = {key: value for key, value in data.items() if key not in _NO_CATEGORY and isinstance(value, dict)}
    for categories in (own, {}) if own else ({},):
        for normalised in (False, True):
            sections = {key: _section(table(data, name), normalised) for key, name in _SECTIONS.items()}
            sections |= {key: _section(value, normalised) for key, value in categories.items()}
            yield {"_meta": {"sources": data.get("source", _PYPI), "requires": data.get("requires", {})}, **sections}


def _section(entries: dict[str, Any], normalised: bool) -> dict[str, Any]:
    return {normal_name(name): value for name, value in entries.items()} if normalised else entries


def _hash(content: dict[str, Any]) -> str:
    from hashlib import sha256
    from json import dumps

    return sha256(dumps(content, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def _named(data: dict[str, Any], locked: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(section, name, what is wrong) of a package that the lock does not have, or has in another version."""
    for kept, section in _SECTIONS.items():
        entries = {normal_name(name): entry for name, entry in table(locked, kept).items()}
        for name, spec in table(data, section).items():
            entry = entries.get(normal_name(name))
            exact = re.fullmatch(r"==\s*([^*\s,]+)", spec) if isinstance(spec, str) else None
            version = entry.get("version") if isinstance(entry, dict) else None
            if entry is None:
                yield section, name, "is not in the lock"
            elif exact is not None and isinstance(version, str) and version.lstrip("=") != exact[1]:
                yield section, name, f"is {spec} here, but {version} in the lock"
