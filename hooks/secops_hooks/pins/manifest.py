"""What stands beside a manifest: lock files here or above, and whether git is told to ignore them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from .reference import Collected, Mark

if TYPE_CHECKING:
    from ..files.source import Source
    from ..files.tree import Tree
    from ..finding import Tier

PYTHON_LOCKS: Final = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock")
NODE_LOCKS: Final = ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb")


def directories(path: str) -> Iterator[str]:
    """The directory of ``path`` and those above it, each with its slash; last the root, which is empty."""
    parts = path.split("/")[:-1]
    for count in range(len(parts), -1, -1):
        yield "/".join(parts[:count]) + "/" if count else ""


def nearest(path: str, names: Sequence[str], tree: Tree) -> str | None:
    """The path of the first of ``names`` that lies beside ``path`` or in a directory above."""
    for directory in directories(path):
        for name in names:
            if tree.exists(directory + name):
                return directory + name
    return None


def ignored(path: str, names: Sequence[str], tree: Tree) -> tuple[str, str] | None:
    """The .gitignore (here or above) that leaves out one of the lock files ``names`` beside ``path``, and which one."""
    base = path.rpartition("/")[0]
    for directory in directories(path):
        source = tree.find(directory + ".gitignore")
        if source is None:
            continue
        rules = [line.strip() for line in source.text.splitlines()]
        for name in names:
            below = f"{base}/{name}"[len(directory) :] if base else name
            wanted = {name, f"**/{name}", f"/{below}", below}
            hit = [
                rule
                for rule in rules
                if rule.removeprefix("!") in wanted or (rule.removeprefix("!") == "*.lock" and name.endswith(".lock"))
            ]
            if hit and not hit[-1].startswith("!"):
                return source.path, name
    return None


def missing_lock(
    source: Source, start: int, end: int, names: Sequence[str], tree: Tree, what: str, key_path: str, tier: Tier | None
) -> Collected:
    """That a manifest with open ranges has no lock: because git ignores it, or at all."""
    hidden = ignored(source.path, names, tree)
    if hidden is not None:
        yield Mark(
            "lock-ignored",
            source,
            start,
            end,
            f"{hidden[0]} keeps {hidden[1]} out of the repository, so nothing fixes what {what} resolve to",
            key_path,
            hidden[1],
            tier,
        )
    else:
        yield Mark(
            "lock-missing",
            source,
            start,
            end,
            f"{what} are ranges, and no lock file ({', '.join(names[:3])} …) fixes what they resolve to",
            key_path,
            what,
            tier,
        )
