"""git's plumbing: the only place that starts git. Reads objects; never runs hooks, filters or anything of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen

_SAFE = ("--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


class GitError(Exception):
    """git is missing, refused, or answered something unexpected. The text is git's own first line."""


def command(root: str, *args: str) -> list[str]:
    """The argument vector of a git call in ``root``."""
    return ["git", "-C", root, *_SAFE, *args]


def git(root: str, *args: str, stdin: bytes = b"") -> bytes:
    """Standard output of ``git ARGS`` run in ``root``. Raises :class:`GitError` on any other end than success."""
    from subprocess import run

    try:
        done = run(command(root, *args), input=stdin, capture_output=True, check=False)
    except OSError as error:
        raise GitError(f"git could not be started: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(said[0] if said else f"git {args[0]} ended with {done.returncode}")
    return done.stdout


def names(output: bytes) -> list[str]:
    """File names of a ``-z`` listing, as the file system spells them."""
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


@lru_cache(maxsize=64)
def toplevel(directory: str) -> str | None:
    """The work tree's root at or above ``directory`` (where ``.git`` stands, a file in worktrees), without asking git."""
    here = os.path.abspath(directory)
    while True:
        if os.path.exists(os.path.join(here, ".git")):
            return here
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above


class Blobs:
    """A running ``git cat-file --batch``: many objects for one process start. Use as a context manager or ``close()``."""

    def __init__(self, root: str) -> None:
        from subprocess import DEVNULL, PIPE, Popen

        self._process: Popen[bytes] = Popen(command(root, "cat-file", "--batch"), stdin=PIPE, stdout=PIPE, stderr=DEVNULL)

    def __enter__(self) -> Blobs:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def get(self, spec: str) -> bytes | None:
        """The content of object ``spec`` (an id, or ``REV:path`` without line feed); ``None`` when there is none."""
        stdin, stdout = self._pipes()
        stdin.write(os.fsencode(spec) + b"\n")
        stdin.flush()
        return _answer(stdout)

    def many(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Content of each object id in turn."""
        for each in ids:
            yield each, self.get(each)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise GitError("git cat-file has no pipes")
        return stdin, stdout


def _answer(stdout: IO[bytes]) -> bytes | None:
    head = stdout.readline().rstrip(b"\n")
    fields = head.rsplit(b" ", 2)
    if len(fields) < 3 or not fields[2].isdigit():
        if head.endswith((b" missing", b" ambiguous")):
            return None
        raise GitError("git cat-file ended early")
    size = int(fields[2])
    data = stdout.read(size)
    if len(data) != size or stdout.read(1) != b"\n":
        raise GitError("git cat-file ended early")
    return data
