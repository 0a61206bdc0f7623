"""Mends whose answer lies in the repository or is certain. Everything else is told as a command in the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Edit, Fix

if TYPE_CHECKING:
    from ..files.source import Source
    from ..files.tree import Tree
    from .reference import Reference


def pin_action(reference: Reference, tree: Tree) -> Fix | None:
    """Replace a tag by the commit that the repository's other workflows have for it, and keep the tag as a comment.

    Only where there is exactly one such commit. Not called safe: the tag may have moved since.
    """
    from .beside import pinned_actions, repository_of

    commits = pinned_actions(tree).get(("tag", repository_of(reference.name), reference.requested), {})
    if len(commits) != 1:
        return None
    text = reference.source.text
    start = text.rfind("@", reference.start, reference.end) + 1
    if start <= reference.start or text[start : reference.end] != reference.requested:
        return None
    edits = [Edit(start, reference.end, next(iter(commits)))]
    end = reference.end + (text[reference.end : reference.end + 1] in ("'", '"'))
    rest = text[end : _line_end(text, end)]
    if not rest.strip():
        edits.append(Edit(end, end, f" # {reference.requested}"))
    return Fix(tuple(edits), safe=False)


def lock_install(source: Source, start: int, end: int, name: str) -> Fix | None:
    """Make an installing command hold to its lock: ``npm install`` as ``npm ci``, a flag for the others."""
    word = source.text[start:end]
    if name.startswith("npm ") and word in ("install", "i"):
        return Fix((Edit(start, end, "ci"),), safe=False)
    if name == "uv sync" and word == "sync":
        return Fix((Edit(end, end, " --locked"),), safe=False)
    if name == "bun install" and word in ("install", "i"):
        return Fix((Edit(end, end, " --frozen-lockfile"),), safe=False)
    if name.startswith("cargo install "):
        return Fix((Edit(start, start, "--locked "),), safe=False)
    return None


def copy_hashes(source: Source, at: int, name: str, version: str, tree: Tree) -> Fix | None:
    """Give the requirement that ends at ``at`` the hashes that the project's lock has for that very release."""
    from .manifest import PYTHON_LOCKS, nearest
    from .pep508 import normal_name

    path = nearest(source.path, PYTHON_LOCKS, tree)
    if path is None:
        return None
    hashes = _hashes_of(path, tree).get((normal_name(name), version), ())
    if not hashes:
        return None
    return Fix((Edit(at, at, "".join(f" \\\n    --hash=sha256:{each}" for each in hashes)),))


def _hashes_of(path: str, tree: Tree) -> dict[tuple[str, str], tuple[str, ...]]:
    """The SHA-256 hashes of each release in the lock at ``path``, read once for a tree."""
    from ..files.filetype import by_path
    from .entries import entries
    from .pep508 import normal_name

    kept = tree.memo.get(("hashes", path))
    if isinstance(kept, dict):
        return kept
    source = tree.find(path)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for kind in sorted(by_path(path).kinds - {"lock"}) if source is not None else ():
        for (name, version), entry in entries(kind, source.text if source is not None else "").items():
            hashes = sorted(each.removeprefix("sha256:") for each in entry.hashes)
            found[normal_name(name), version.removeprefix("==")] = tuple(each for each in hashes if len(each) == 64)
    tree.memo["hashes", path] = found
    return found


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found
