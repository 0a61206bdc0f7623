"""What was looked at already, so that a scan can be interrupted and go on: a table of the ids of objects in which nothing was found.

It holds no finding and no secret, not even a hash of one: what held something is looked at again. It lies in the git directory
(``secops/history.sqlite``), belongs to one state of rules and settings, and can be deleted at any time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from ..policy.settings import Settings
from .objects import Object

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY); CREATE TABLE IF NOT EXISTS clean (id BLOB PRIMARY KEY) WITHOUT ROWID"
)
_ASKED: Final = 500  # SQLite takes 999 parameters at least


class Index:
    """The index in ``directory``; in memory when ``directory`` is empty or cannot be written."""

    def __init__(self, directory: str, state: str, fresh: bool = False) -> None:
        self.lasting = True
        try:
            self._db = _opened(directory, state)
            if fresh:
                with self._db:
                    self._db.execute("DELETE FROM clean")
        except (OSError, sqlite3.Error):
            self.lasting = False
            self._db = _opened("", state)

    def new(self, batch: Sequence[Object]) -> list[Object]:
        """The objects of ``batch`` that are not known to be clean."""
        known: set[bytes] = set()
        for first in range(0, len(batch), _ASKED):
            ids = [bytes.fromhex(each.id) for each in batch[first : first + _ASKED]]
            marks = ",".join("?" * len(ids))
            known.update(row[0] for row in self._db.execute(f"SELECT id FROM clean WHERE id IN ({marks})", ids))  # noqa: S608 - marks only
        return [each for each in batch if bytes.fromhex(each.id) not in known]

    def add(self, clean: Iterable[str]) -> None:
        """Note objects in which nothing was found; at once on disk."""
        with self._db:
            self._db.executemany("INSERT OR IGNORE INTO clean VALUES (?)", [(bytes.fromhex(each),) for each in clean])

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _opened(directory: str, state: str) -> sqlite3.Connection:
    if not directory:
        return _prepared(sqlite3.connect(":memory:"), state)
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, "history.sqlite")
    try:
        return _prepared(sqlite3.connect(path, timeout=10), state)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # locked or read-only: not ours to remove
            raise
        os.remove(path)  # not a database, or a broken one
        return _prepared(sqlite3.connect(path, timeout=10), state)


def _prepared(db: sqlite3.Connection, state: str) -> sqlite3.Connection:
    """``db`` with its tables; emptied when it belongs to another state of rules and settings."""
    db.execute("PRAGMA synchronous = OFF")  # a lost row costs one more look
    db.executescript(_TABLES)
    if [row[0] for row in db.execute("SELECT name FROM state")] != [state]:
        with db:
            db.execute("DELETE FROM clean")
            db.execute("DELETE FROM state")
            db.execute("INSERT INTO state VALUES (?)", (state,))
    return db


def state_of(settings: Settings) -> str:
    """What a result depends on beside the object: our own code and tables, and the settings."""
    from hashlib import blake2b

    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    facts = [repr(settings)]
    for directory, below, files in os.walk(here):
        below[:] = sorted(name for name in below if name != "__pycache__")
        for name in sorted(files):
            about = os.stat(os.path.join(directory, name))
            facts.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return blake2b("\n".join(facts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
