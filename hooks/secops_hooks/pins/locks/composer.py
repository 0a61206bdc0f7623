"""composer.lock against composer.json: the content hash that Composer writes (``Composer\\Package\\Locker::getContentHash``).

The md5 of PHP's ``json_encode`` of the relevant keys, sorted at the top level only; old locks have the md5 of the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from .model import Verdict, drifted, entry_in, json_of, table, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_KEYS: Final = (
    "name",
    "version",
    "require",
    "require-dev",
    "conflict",
    "replace",
    "provide",
    "minimum-stability",
    "prefer-stable",
    "repositories",
    "extra",
)
_RUN: Final = "run: composer update --lock"
_PLATFORM: Final = re.compile(r"(?:php(?:-\w+)*|hhvm|(?:ext|lib)-.+|composer(?:-\w+-api)?)\Z", re.IGNORECASE)
_HASH: Final = re.compile(r'"(content-hash|hash)"\s*:\s*"([0-9a-f]{32})"')


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift when Composer would write another hash for this manifest."""
    data, locked = json_of(manifest), json_of(lock)
    if data is None or locked is None:
        return
    hashes = {m[1]: m for m in _HASH.finditer(lock.text)}
    m = hashes.get("content-hash") or hashes.get("hash")
    if m is None:
        yield unverifiable(lock, f"this composer.lock records no hash; {_RUN}")
        return
    if m[2] == (content_hash(data) if m[1] == "content-hash" else _md5(manifest.data)):
        return
    for section, name, what in _named(data, locked):
        yield drifted(manifest, entry_in(manifest, section, name), f"{what}; run: composer update {name}", name)
        return
    yield drifted(lock, m.span(2), f"{manifest.path} was changed after the lock was made; {_RUN}")


def content_hash(data: dict[str, Any]) -> str:
    """The hash that Composer writes for a manifest."""
    from json import dumps

    relevant: dict[str, Any] = {key: data[key] for key in _KEYS if key in data}
    config = data.get("config")
    if isinstance(config, dict) and config.get("platform") is not None:
        relevant["config"] = {"platform": config["platform"]}
    text = dumps(_php({key: relevant[key] for key in sorted(relevant)}), separators=(",", ":"))
    return _md5(text.replace("/", "\\/").encode())


def _md5(data: bytes) -> str:
    from hashlib import md5

    return md5(data, usedforsecurity=False).hexdigest()


def _php(value: Any) -> Any:
    """A value as PHP sees it: arrays whose keys count up from 0 are lists, whatever they were written as."""
    if isinstance(value, list):
        return [_php(each) for each in value]
    if isinstance(value, dict):
        if list(value) == [str(at) for at in range(len(value))]:
            return [_php(each) for each in value.values()]
        return {key: _php(each) for key, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _named(data: dict[str, Any], locked: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(table, name, what is wrong) of a dependency that the lock does not have."""
    lists = [locked.get(key) for key in ("packages", "packages-dev")]
    packages = [each for entries in lists if isinstance(entries, list) for each in entries if isinstance(each, dict)]
    have = {str(each.get("name", "")).lower() for each in packages}
    for each in packages:
        have |= {name.lower() for key in ("replace", "provide") for name in table(each, key)}
    for section, kept in (("require", "platform"), ("require-dev", "platform-dev")):
        for name, spec in table(data, section).items():
            if _PLATFORM.match(name):
                old = table(locked, kept).get(name)
                if old != spec:
                    yield section, name, f"{name} is {spec} here, but {old or 'absent'} in composer.lock"
            elif name.lower() not in have:
                yield section, name, f"{name} {spec} is not in composer.lock"
