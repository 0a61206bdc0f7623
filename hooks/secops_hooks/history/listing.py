"""The list of what is to be looked at, on disk: so that its length is known and memory does not depend on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType

from .objects import Missing, Object, Range, objects


class Listing:
    """All objects of a range, in the order that git gives. Use as a context manager. Raises :class:`GitError`."""

    def __init__(self, root: str, span: Range) -> None:
        self.count = self.size = self.missing = 0
        self._file = TemporaryFile()  # noqa: SIM115 - closed with the listing
        try:
            for each in objects(root, span):
                self.count += 1
                self.size += each.size
                self._file.write(f"{each.id} {each.kind} {each.size} ".encode() + os.fsencode(each.path) + b"\n")
        except Missing as error:
            self.missing = int(error.args[0])

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Object]:
        self._file.seek(0)
        for line in self._file:
            name, kind, size, path = line.rstrip(b"\n").split(b" ", 3)
            yield Object(name.decode(), kind.decode(), int(size), os.fsdecode(path))
