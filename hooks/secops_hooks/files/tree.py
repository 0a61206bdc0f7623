"""The tree a file stands in: work tree, index, a commit, or files in memory, behind one interface.

Paths are relative to the tree's root, with ``/``. A path that lies outside the root stays absolute.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping

from ..records import TYPE_CHECKING
from .git import Blobs, GitError, git, names, toplevel
from .source import Source

if TYPE_CHECKING:
    from typing import Final

MAX_FILE: Final = 100 * 1024 * 1024  # hosting services refuse larger files
_READ: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a named pipe must not wait for a writer
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)


class Unreadable(Exception):
    """A file that cannot be had; the text says why, for people."""


class Tree:
    """Common to all trees: sources are read once and kept. Subclasses give bytes and names.

    ``memo`` is where a check may keep what it computed once for the whole tree.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.memo: dict[object, object] = {}
        self._sources: dict[str, Source] = {}
        self._parent: Tree | None = None
        self._paths: frozenset[str] | None = None

    def source(self, path: str) -> Source:
        """The file at ``path``. Raises :class:`Unreadable` when there is none or it cannot be read."""
        found = self._sources.get(path)
        if found is None:
            found = self._sources[path] = Source(path, self.read(path))
        return found

    def find(self, path: str) -> Source | None:
        """Like :meth:`source`, but ``None`` where there is no such file."""
        return self.source(path) if self.exists(path) else None

    def forget(self, path: str) -> None:
        """Let go of a file's content (memory stays bounded over large trees)."""
        source = self._sources.pop(path, None)
        if source is not None:
            source.memo.clear()  # what was parsed points back to its source: a cycle, which would wait for the collector

    def paths(self) -> frozenset[str]:
        """All files of the tree (of a work tree: tracked or not ignored)."""
        if self._paths is None:
            self._paths = frozenset(self.list())
        return self._paths

    def parent(self) -> Tree | None:
        """The tree this one is a change of: ``HEAD`` for work tree and index, the first parent of a commit. Or none."""
        return self._parent

    def compare_with(self, parent: Tree | None) -> None:
        """Let :meth:`parent` be this tree, instead of the one that history gives."""
        if parent is not None:
            self._parent = parent

    def read(self, path: str) -> bytes:
        raise Unreadable("no such file")

    def exists(self, path: str) -> bool:
        return path in self.paths()

    def list(self) -> Iterable[str]:
        return ()

    def close(self) -> None:
        """End helper processes."""


class MemoryTree(Tree):
    """Files given as text or bytes; for tests, for rules' examples and for standard input."""

    def __init__(self, files: Mapping[str, str | bytes], parent: Tree | None = None) -> None:
        super().__init__("")
        self._files = {p: c.encode("utf-8", "surrogatepass") if isinstance(c, str) else c for p, c in files.items()}
        self._parent = parent

    def read(self, path: str) -> bytes:
        if path not in self._files:
            raise Unreadable("no such file")
        return self._files[path]

    def list(self) -> Iterable[str]:
        return self._files


class OverlayTree(Tree):
    """Another tree with some files replaced, to look at an edit before it is made."""

    def __init__(self, below: Tree, files: Mapping[str, bytes]) -> None:
        super().__init__(below.root)
        self._below = below
        self._files = files

    def read(self, path: str) -> bytes:
        return self._files[path] if path in self._files else self._below.read(path)

    def exists(self, path: str) -> bool:
        return path in self._files or self._below.exists(path)

    def list(self) -> Iterable[str]:
        return self._below.paths() | set(self._files)

    def parent(self) -> Tree | None:
        return self._below.parent()


class WorkTree(Tree):
    """The files as they lie on disk. Symbolic links are followed only while they stay inside the root."""

    def __init__(self, root: str, max_file: int = MAX_FILE) -> None:
        super().__init__(os.path.abspath(root))
        self._real = os.path.realpath(root)
        self._max = max_file

    def _full(self, path: str) -> str:
        return os.path.join(self.root, path)

    def read(self, path: str) -> bytes:
        full = self._full(path)
        try:
            file = self._open(full)
            try:
                return self._content(file)
            finally:
                os.close(file)
        except (OSError, ValueError) as error:
            raise Unreadable(_reason(error, full)) from error

    def _open(self, full: str) -> int:
        """A descriptor; file objects, and a look for links before each file, would cost as much as reading it."""
        if _NO_FOLLOW or not os.path.islink(full):
            try:
                return os.open(full, _READ | _NO_FOLLOW)
            except OSError:
                if not os.path.islink(full):
                    raise
        real = os.path.realpath(full)
        if os.path.lexists(real) and not is_below(real, self._real):
            raise Unreadable("a symbolic link that leaves the repository; it is not followed")
        return os.open(full, _READ)

    def _content(self, file: int) -> bytes:
        facts = os.fstat(file)
        if stat.S_ISDIR(facts.st_mode):
            raise Unreadable("a directory")
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable("not a regular file")
        size = facts.st_size
        if size > self._max:
            raise Unreadable(f"larger than the limit of {self._max // (1024 * 1024)} MiB")
        data = os.read(file, size + 1)
        while len(data) < size and (more := os.read(file, size - len(data))):
            data += more
        return data

    def exists(self, path: str) -> bool:
        return os.path.isfile(self._full(path))

    def list(self) -> Iterable[str]:
        return walk(self.root, "")

    def parent(self) -> Tree | None:
        if self._parent is None:
            self._parent = commit_tree(self.root, "HEAD")
        return self._parent


class GitTree(Tree):
    """The index (``rev`` empty) or the tree of a commit, read through git's objects."""

    def __init__(self, root: str, rev: str, max_file: int = MAX_FILE) -> None:
        super().__init__(root)
        self.rev = rev
        self._max = max_file
        self._entries: dict[str, tuple[str, str]] | None = None
        self._blobs: Blobs | None = None

    @property
    def entries(self) -> dict[str, tuple[str, str]]:
        """Path to mode and object id. Raises :class:`GitError`."""
        if self._entries is None:
            if self.rev:
                rows = names(git(self.root, "ls-tree", "-r", "-z", "--full-tree", self.rev))
            else:
                rows = names(git(self.root, "ls-files", "-s", "-z", "--full-name"))
            self._entries = {}
            for row in rows:
                facts, _, path = row.partition("\t")
                fields = facts.split(" ")
                self._entries[path] = (fields[0], fields[2] if self.rev else fields[1])
        return self._entries

    def read(self, path: str) -> bytes:
        try:
            mode, blob = self.entries.get(path, ("", ""))
            if not blob:
                raise Unreadable("no such file")
            if mode == "160000":
                raise Unreadable("a submodule")
            if self._blobs is None:
                self._blobs = Blobs(self.root)
            data = self._blobs.get(blob)
        except GitError as error:
            raise Unreadable(str(error)) from error
        if data is None:
            raise Unreadable("its content is not in this clone")
        if len(data) > self._max:
            raise Unreadable(f"larger than the limit of {self._max // (1024 * 1024)} MiB")
        return data

    def exists(self, path: str) -> bool:
        return path in self.entries

    def list(self) -> Iterable[str]:
        return [path for path, (mode, _) in self.entries.items() if mode not in ("160000", "120000")]

    def parent(self) -> Tree | None:
        if self._parent is None:
            self._parent = commit_tree(self.root, f"{self.rev}^" if self.rev else "HEAD")
        return self._parent

    def close(self) -> None:
        if self._blobs is not None:
            self._blobs.close()
            self._blobs = None


def commit_tree(root: str, rev: str) -> GitTree | None:
    """The tree of commit ``rev``; ``None`` when there is no such commit or no git."""
    try:
        commit = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}").decode().strip()
    except GitError:
        return None
    return GitTree(root, commit)


def root_of(directory: str) -> str:
    """The root for files below ``directory``: that of its repository, else ``directory`` itself."""
    return toplevel(directory) or os.path.abspath(directory)


def is_below(path: str, root: str) -> bool:
    """Whether absolute ``path`` is ``root`` or lies below it."""
    return path == root or path.startswith(root if root.endswith(os.sep) else root + os.sep)


def to_tree_path(path: str, root: str, cwd: str) -> str:
    """A path as given on the command line (relative to ``cwd``) as a tree path."""
    full = os.path.normpath(os.path.join(cwd, path))
    if is_below(full, root):
        return os.path.relpath(full, root).replace(os.sep, "/")
    return full.replace(os.sep, "/")


def shown(path: str, root: str, cwd: str) -> str:
    """A tree path as people at ``cwd`` write it, with ``/``."""
    full = os.path.normpath(os.path.join(root, path))
    return os.path.relpath(full, cwd).replace(os.sep, "/") if is_below(full, cwd) else full.replace(os.sep, "/")


def walk(root: str, below: str) -> list[str]:
    """Tree paths of the files under directory ``below``: what git tracks or does not ignore; outside git, all files.

    A directory that git ignores altogether was named on purpose, so all of it is taken. Symbolic links are left out
    (their targets are walked where they lie), and so is ``.git``.
    """
    start = os.path.join(root, below) if below else root
    found: list[str] = []
    if toplevel(start) is not None:
        try:
            found = names(git(start, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"))
        except GitError:
            found = []
    if not found:
        found = _walk_disk(start)
    prefix = below.rstrip("/") + "/" if below and below != "." else ""
    return [prefix + name for name in sorted(set(found)) if _is_plain(os.path.join(start, name))]


def _walk_disk(start: str) -> list[str]:
    found = []
    for directory, below, files in os.walk(start):
        below[:] = sorted(name for name in below if name != ".git")
        rest = os.path.relpath(directory, start).replace(os.sep, "/")
        found += [name if rest == "." else f"{rest}/{name}" for name in files]
    return found


def _is_plain(full: str) -> bool:
    """Whether to walk into ``full``: neither a link, nor a submodule's directory, nor deleted from the work tree."""
    try:
        return not stat.S_ISLNK(mode := os.lstat(full).st_mode) and not stat.S_ISDIR(mode)
    except OSError:
        return False


def _reason(error: OSError | ValueError, full: str) -> str:
    if isinstance(error, FileNotFoundError):
        return "a symbolic link to nothing" if os.path.islink(full) else "no such file"
    if isinstance(error, IsADirectoryError):
        return "a directory"
    if isinstance(error, PermissionError):
        return "permission denied"
    return (isinstance(error, OSError) and error.strerror) or "not a readable file name"
