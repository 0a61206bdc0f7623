"""git's plumbing: the only place that starts git. Reads objects; never runs hooks, filters or anything of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen
    from typing import IO

_AHEAD = 200  # ids of 65 bytes at most: less than the 16 kB (64 kB on Linux) that a pipe holds
_BUFFER = 1 << 20
# --no-replace-objects: what is looked at is what is pushed, whatever refs/replace puts in its stead
_SAFE = ("--no-optional-locks", "--literal-pathspecs", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


class GitError(Exception):
    """git is missing, refused, or answered something unexpected. The text is git's own first line."""


def command(root: str, *args: str) -> list[str]:
    """The argument vector of a git call in ``root``."""
    return ["git", "-C", root, *_SAFE, *args]


def _environment() -> dict[str, str]:
    """The caller's, without permission to fetch what a partial clone lacks: no network."""
    return {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


def git(root: str, *args: str, stdin: bytes = b"") -> bytes:
    """Standard output of ``git ARGS`` run in ``root``. Raises :class:`GitError` on any other end than success."""
    from subprocess import run

    try:
        done = run(command(root, *args), input=stdin, capture_output=True, check=False, env=_environment())
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

        self._process: Popen[bytes] = Popen(
            command(root, "cat-file", "--batch"), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment(), bufsize=_BUFFER
        )
        _widen(self._process.stdout)

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
        """Content of each object id in turn; asked for some hundred at a time, which a pipe takes without anyone reading the answers."""
        stdin, stdout = self._pipes()
        every = list(ids)
        for first in range(0, len(every), _AHEAD):
            block = every[first : first + _AHEAD]
            stdin.write("".join(f"{each}\n" for each in block).encode())
            stdin.flush()
            for each in block:
                yield each, _answer(stdout)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise GitError("git cat-file has no pipes")
        return stdin, stdout


def _widen(pipe: IO[bytes] | None) -> None:
    """Let git write ahead while we look at what it wrote, where the system allows it."""
    try:
        from fcntl import F_SETPIPE_SZ, fcntl

        if pipe is not None:
            fcntl(pipe.fileno(), F_SETPIPE_SZ, _BUFFER)
    except (ImportError, OSError):  # not Linux, or this user has many pipes: the usual size does
        return


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


class Output:
    """The output of a running git command, read while it runs; ``source`` is another one that feeds it. Use as a context manager."""

    def __init__(self, root: str, *args: str, stdin: bytes = b"", source: Output | None = None) -> None:
        from subprocess import PIPE, Popen
        from tempfile import TemporaryFile

        self._source = source
        self._said = TemporaryFile()  # noqa: SIM115 - closed with the process; a pipe that nobody reads would stop git
        given: IO[bytes] | int | None
        if source is not None:
            given = source.stdout
        else:
            given = TemporaryFile()  # noqa: SIM115 - closed below, when git has it
            given.write(stdin)
            given.seek(0)
        try:
            self._process = Popen(command(root, *args), stdin=given, stdout=PIPE, stderr=self._said, env=_environment())
        except OSError as error:
            raise GitError(f"git could not be started: {error.strerror}") from error
        if given is not None:
            given.close()  # the child has its own; so the one before it notices when the child ends

    def __enter__(self) -> Output:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self.stdout.close()
        self._process.wait()
        self._said.close()
        if self._source is not None:
            self._source.__exit__()

    @property
    def stdout(self) -> IO[bytes]:
        """What git writes."""
        if self._process.stdout is None:
            raise GitError("git has no standard output")
        return self._process.stdout

    def lines(self, end: bytes = b"\n") -> Iterator[bytes]:
        """Each line, without its end. Raises :class:`GitError` when git ends with an error."""
        if end == b"\n":
            for line in self.stdout:
                yield line.rstrip(b"\n")
        else:
            rest = b""
            while block := self.stdout.read(65536):
                *whole, rest = (rest + block).split(end)
                yield from whole
            if rest:
                yield rest
        self.finish()

    def finish(self) -> None:
        """Wait for the end. Raises :class:`GitError` when that is an error."""
        if self._source is not None:
            self._source.finish()
        if self._process.wait():
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace").strip().splitlines()
            raise GitError(said[0] if said else f"git ended with {self._process.returncode}")
