"""A change: which files it touches, which of their lines, and what they were called before."""

from __future__ import annotations

import re
from typing import NamedTuple

from .git import GitError, git, names

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # git's well-known id of a tree with nothing in it
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_QUIET = ("--no-ext-diff", "--no-textconv", "--ignore-submodules", "--no-color")


class Change(NamedTuple):
    """From ``base`` to ``after``: commits, ``""`` for the index, ``None`` for the work tree. ``paths`` are there afterwards."""

    base: str
    after: str | None
    paths: tuple[str, ...]


def staged(root: str) -> Change:
    """What the next commit would change. Raises :class:`GitError`."""
    return _change(root, _commit(root, "HEAD") or EMPTY_TREE, "")


def since(root: str, rev: str) -> Change:
    """What changed in the work tree since ``rev``. Raises :class:`GitError`."""
    return _change(root, _known(root, rev), None)


def between(root: str, span: str) -> Change:
    """What changed from A to B of ``A..B``, or since the two parted for ``A...B``. Raises :class:`GitError`."""
    left, dots, right = span.partition("..")
    if not dots:
        raise GitError(f"--range takes A..B, not {span!r}")
    after = _known(root, right.lstrip(".") or "HEAD")
    before = _known(root, left or "HEAD")
    if right.startswith("."):
        before = git(root, "merge-base", before, after).decode().strip()
    return _change(root, before, after)


def renames(root: str, change: Change) -> dict[str, str]:
    """New path to old path of the files that ``change`` renamed. A copy is a new file: what it holds stands there for the first time."""
    listing = names(git(root, "diff", "--raw", "-z", "-M", "--diff-filter=R", *_QUIET, *_ends(change), "--"))
    return {listing[at + 2]: listing[at + 1] for at in range(0, len(listing) - 2, 3)}


def touched(root: str, change: Change, path: str, old: str | None = None) -> list[range]:
    """The lines of ``path`` (1-based, as they are afterwards) that ``change`` added or altered.

    ``old`` is the path's former name. A file that git shows no hunks of, because it is new to git, counts as touched whole.
    Attributes of the repository (``-diff``) hide none.
    """
    shown = git(root, "diff", "-U0", "--inter-hunk-context=0", "--text", "-M", *_QUIET, *_ends(change), "--", *([old] if old else []), path)
    hunks = [(int(m[1]), int(m[2] or 1)) for m in _HUNK.finditer(shown)]
    if not shown and not _is_in(root, change.base, path):
        return [range(1, 1 << 31)]
    return [range(first, first + count) for first, count in hunks if count]


def _is_in(root: str, rev: str, path: str) -> bool:
    try:
        return bool(git(root, "ls-tree", "--full-tree", "-z", rev, "--", path))
    except GitError:
        return False


def _change(root: str, base: str, after: str | None) -> Change:
    how = ("--name-only", "-z", "--no-renames", "--diff-filter=d")
    change = Change(base, after, ())
    return change._replace(paths=tuple(names(git(root, "diff", *how, *_QUIET, *_ends(change), "--"))))


def _ends(change: Change) -> tuple[str, ...]:
    if change.after is None:
        return (change.base,)
    return ("--cached", change.base) if change.after == "" else (change.base, change.after)


def _commit(root: str, rev: str) -> str | None:
    try:
        return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}").decode().strip()
    except GitError:
        return None


def _known(root: str, rev: str) -> str:
    commit = _commit(root, rev)
    if commit is None:
        raise GitError(f"{rev!r} is no commit of this repository (a shallow clone needs more history: git fetch --unshallow)")
    return commit
