"""What is about to be pushed: from pre-commit's or prek's environment, or from what git tells its pre-push hook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..files.git import GitError, git
from .objects import Range, resolved


class Ref(NamedTuple):
    """One reference that is pushed: the id that it will have, and the one that it has on the remote (empty: none that we know)."""

    new: str
    old: str = ""


class BadInput(Exception):
    """What was read is not what git tells a pre-push hook."""


def from_environment(root: str, env: Mapping[str, str]) -> list[Ref] | None:
    """What pre-commit and prek say. They leave out the ends when a branch goes to the remote from its root on; then its name is there.

    Run by hand (``--hook-stage pre-push``) they name nothing: then it is what ``HEAD`` would bring.
    """
    new, old = env.get("PRE_COMMIT_TO_REF", ""), env.get("PRE_COMMIT_FROM_REF", "")
    if new and old:
        return [Ref(resolved(root, new), resolved(root, old))]
    branch = env.get("PRE_COMMIT_LOCAL_BRANCH", "")
    if branch:
        return [] if _is_nothing(branch) else [Ref(resolved(root, branch))]
    return [Ref(resolved(root, "HEAD"))] if env.get("PRE_COMMIT") else None


def from_lines(root: str, lines: Iterable[str]) -> list[Ref]:
    """What git writes to its hook: ``local-ref local-id remote-ref remote-id`` a line. Deleted references bring nothing."""
    refs = []
    for line in lines:
        fields = line.split()
        if not fields:
            continue
        if len(fields) < 4 or not all(_is_id(fields[at]) for at in (-3, -1)):
            raise BadInput("standard input holds no «local-ref local-id remote-ref remote-id» lines")
        new, old = fields[-3], fields[-1]
        if not _is_nothing(new):
            refs.append(Ref(new, "" if _is_nothing(old) or not _is_here(root, old) else old))
    return refs


def to_scan(root: str, refs: Iterable[Ref], remote: str) -> Range:
    """Everything that ``refs`` reach and the remote does not have yet, as far as this clone knows."""
    new = [ref.new for ref in refs]
    old = {f"^{ref.old}" for ref in refs if ref.old}
    known = git(root, "for-each-ref", "--format=%(objectname)", f"refs/remotes/{remote}/").decode().split() if _is_name(remote) else []
    return Range((*new, *sorted(old | {f"^{each}" for each in known})))


def remote_of(root: str, env: Mapping[str, str], given: str) -> str:
    """The name of the remote: as given, as pre-commit says, or the only one there is."""
    if given or env.get("PRE_COMMIT_REMOTE_NAME"):
        return given or env["PRE_COMMIT_REMOTE_NAME"]
    try:
        names = git(root, "remote").decode().split()
    except GitError:
        return ""
    return names[0] if len(names) == 1 else ""


def _is_here(root: str, name: str) -> bool:
    try:
        git(root, "cat-file", "-e", name)
    except GitError:
        return False
    return True


def _is_name(remote: str) -> bool:
    """A remote that has no name is given by its URL, and then nothing is known of what it has."""
    return bool(remote) and "://" not in remote and not remote.startswith(("-", "/", ".", "~"))


def _is_id(word: str) -> bool:
    return len(word) in (40, 64) and not word.strip("0123456789abcdef")


def _is_nothing(word: str) -> bool:
    return not word.strip("0") or word == "(delete)"
