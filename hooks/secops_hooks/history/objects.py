"""Which objects a range of history holds, as git's plumbing lists them: blobs, and the messages of commits and tags."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ..files.git import Blobs, GitError, Output, git

_FORMAT: Final = "--batch-check=%(objecttype) %(objectsize) %(objectname) %(rest)"
MESSAGES: Final = ("commit", "tag")


class Object(NamedTuple):
    """A blob, or a commit or tag whose message counts. ``path`` is one of the places where a blob stands; of a message its name."""

    id: str
    kind: str
    size: int
    path: str


class Range(NamedTuple):
    """Revisions as ``git rev-list`` takes them: ids, ``^ids`` that are left out, and options such as ``--all``."""

    revisions: tuple[str, ...]
    options: tuple[str, ...] = ()

    @property
    def stdin(self) -> bytes:
        return "".join(f"{each}\n" for each in self.revisions).encode()


class Missing(Exception):
    """Objects that are not in this clone; the only argument is how many."""


def objects(root: str, span: Range) -> Iterator[Object]:
    """Every blob, commit and tag of ``span`` once. Raises :class:`GitError`, and last :class:`Missing` when some are not there."""
    missing = 0
    with (
        Output(root, "rev-list", "--objects", "--missing=print", "--stdin", *span.options, stdin=span.stdin) as listing,
        Output(root, "cat-file", _FORMAT, "--buffer", source=listing) as facts,
    ):
        for line in facts.lines():
            if line.endswith(b" missing"):
                missing += 1
                continue
            kind, size, name, path = (*line.split(b" ", 3), b"")[:4]
            if kind == b"blob":
                yield Object(name.decode(), "blob", int(size), os.fsdecode(path) or f"blob {name[:12].decode()}")
            elif kind != b"tree":
                yield Object(name.decode(), kind.decode(), int(size), f"{kind.decode()} {name[:12].decode()}")
    if missing:
        raise Missing(missing)


def contents(blobs: Blobs, listed: Sequence[Object]) -> Iterator[tuple[Object, bytes | None]]:
    """Each object with its bytes, of a commit or tag its message; ``None`` for one that is not in this clone."""
    for each, (_, data) in zip(listed, blobs.many(each.id for each in listed), strict=True):
        if data is not None and each.kind in MESSAGES:
            data = data.partition(b"\n\n")[2]
        yield each, data


def resolved(root: str, revision: str) -> str:
    """The id that ``revision`` names. Raises :class:`GitError`."""
    try:
        return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision).decode().strip()
    except GitError as error:
        raise GitError(
            f"{revision!r} names nothing in this repository (a shallow clone needs more history: git fetch --unshallow)"
        ) from error


def is_shallow(root: str) -> bool:
    """Whether this clone's history is cut off."""
    return git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def is_bare(root: str) -> bool:
    """Whether this repository has no work tree."""
    return git(root, "rev-parse", "--is-bare-repository").strip() == b"true"


def common_directory(root: str) -> str:
    """The directory of the repository itself, the same for all its work trees. Raises :class:`GitError` outside of one."""
    return os.path.normpath(os.path.join(root, os.fsdecode(git(root, "rev-parse", "--git-common-dir").rstrip(b"\n"))))
