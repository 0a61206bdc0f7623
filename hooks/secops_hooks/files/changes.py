"""Which files a change touches: what is staged, what changed since a commit, or between two."""

from __future__ import annotations

from .git import GitError, git, names

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # git's well-known id of a tree with nothing in it


def changed(root: str, staged: bool, since: str | None, span: str | None) -> tuple[str | None, list[str]]:
    """The revision to read (``""``: the index, ``None``: the work tree) and the paths that changed, deleted ones left out.

    Exactly one of ``staged``, ``since`` (REV) and ``span`` (A..B) says which change. Raises :class:`GitError`.
    """
    if staged:
        return "", _names(root, "--cached", _commit(root, "HEAD") or EMPTY_TREE)
    if since:
        return None, _names(root, _known(root, since))
    left, dots, right = (span or "").partition("..")
    if not dots:
        raise GitError(f"--range takes A..B, not {span!r}")
    after = _known(root, right.lstrip(".") or "HEAD")
    before = _known(root, left or "HEAD")
    if right.startswith("."):
        before = git(root, "merge-base", before, after).decode().strip()
    return after, _names(root, before, after)


def _names(root: str, *what: str) -> list[str]:
    how = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules", "--diff-filter=d")
    return names(git(root, "diff", *how, *what, "--"))


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
