"""devcontainer-lock.json against devcontainer.json: the lock has an entry for every feature (containers.dev, features' lock file)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .model import Verdict, drifted, json_of, table

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: devcontainer upgrade"


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each feature that only one of the two has."""
    from ...parse import parse

    locked, document = json_of(lock), parse(manifest, "json")
    if locked is None or document.problems or not document.roots:
        return
    features = document.roots[0].get("features")
    wanted = {entry.key: entry for entry in features.entries() if entry.key} if features is not None else {}
    kept = table(locked, "features")
    for name, entry in wanted.items():
        if name not in kept and not name.startswith((".", "/", "http://", "https://")):
            yield drifted(manifest, (entry.key_start, entry.key_end), f"the feature {name} is not in {lock.path}; {_RUN}", name)
    for name in kept:
        if name not in wanted:
            at = max(lock.text.find(f'"{name}"'), 0)
            message = f"the feature {name} is no longer in {manifest.path}; {_RUN}"
            yield drifted(lock, (at, at + len(name) + 2), message, name, about=manifest.path)
