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
    """The path of the first of ``names`` that lies beside ``path`` or in a directory above; one that git ignores does not count."""
    for directory in directories(path):
        for name in names:
            found = directory + name
            if tree.exists(found) and not (_ignoring(found, tree) and found not in tree.paths()):
                return found
    return None


def ignored(path: str, names: Sequence[str], tree: Tree) -> tuple[str, str] | None:
    """The .gitignore (here or above) that leaves out one of the lock files ``names`` beside ``path``, and which one."""
    base = path[: path.rfind("/") + 1]
    for name in names:
        rules = _ignoring(base + name, tree)
        if rules:
            return rules, name
    return None


def _ignoring(path: str, tree: Tree) -> str:
    """The .gitignore whose plain rules leave out the file at ``path``; empty when there is none. The last rule that fits decides."""
    name = path.rpartition("/")[2]
    for directory in directories(path):
        source = tree.find(directory + ".gitignore")
        if source is None or (name not in source.text and "*.lock" not in source.text):
            continue
        below = path[len(directory) :]
        wanted = {name, f"**/{name}", f"/{below}", below, "*.lock" if name.endswith(".lock") else name}
        hits = [rule for rule in map(str.strip, source.text.splitlines()) if rule.removeprefix("!") in wanted]
        if hits:
            return "" if hits[-1].startswith("!") else source.path
    return ""


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
            f"{hidden[0]} keeps {hidden[1]} out of the repository, so nothing fixes what the ranges in {what} resolve to",
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
            f"{what}: ranges, and no lock file fixes what they resolve to ({', '.join(names[:3])}…)",
            key_path,
            what,
            tier,
        )
