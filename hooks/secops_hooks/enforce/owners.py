"""Who may change the policy: the settings name owners, and an owner agrees by signing the commit that changes it.

An author's address is a claim that anybody can make, so only good signatures count. Which signatures are good is decided by the
git of whoever runs this (a key ring, or ``gpg.ssh.allowedSignersFile``), never by the repository.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..files.git import git, names
from ..policy.glob import matches_word

_GOOD: Final = "G"  # of git log's %G?: good, and the key is trusted


def agree(root: str, commits: Iterable[str], paths: Iterable[str], owners: Sequence[str]) -> bool:
    """Whether an owner has signed every one of ``commits`` that touches one of ``paths``, and there is one.

    ``owners`` are globs of the addresses (or principals) of signers. Raises :class:`GitError`.
    """
    concerned = frozenset(paths)
    if not owners or not concerned:
        return False
    touching = [commit for commit in commits if not concerned.isdisjoint(_touched(root, commit))]
    return bool(touching) and all(_is_signed(root, commit, owners) for commit in touching)


def _touched(root: str, commit: str) -> list[str]:
    """Paths that ``commit`` changes against any of its parents."""
    return names(git(root, "diff-tree", "-r", "-m", "--root", "--no-commit-id", "--no-renames", "--name-only", "-z", commit))


def _is_signed(root: str, commit: str, owners: Sequence[str]) -> bool:
    said = git(root, "log", "-1", "--format=%G?%x00%GS", commit).decode("utf-8", "replace").rstrip("\n")
    verdict, _, signer = said.partition("\0")
    address = signer.rpartition("<")[2].rstrip(">") if signer.endswith(">") else signer
    return verdict == _GOOD and any(matches_word(owner, address) for owner in owners)
