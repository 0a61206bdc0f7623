"""Rows of users in SQL: ``INSERT INTO users (…, password, …) VALUES (…, 'x', …)``, with or without the names of columns.

Where an INSERT names no columns, as in dumps, the CREATE TABLE before it does. Only the columns whose name is a
password's are looked at. Bounded: a statement of at most ``_LONGEST`` characters, ``_ROWS`` rows of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...lazy import Lazy
from .names import kind_of

_LONGEST: Final = 65_536
_ROWS: Final = 500
_NAME: Final = r"""[`"\[]?[\w$]+[`"\]]?"""
_TARGET: Final = Lazy(
    rf"""\s+(?:{_NAME}\.)?[`"\[]?(?P<table>[\w$]+)[`"\]]?\s*(?:\((?P<columns>[^()]{{1,2000}})\))?\s*VALUES?\s*(?=\()""", 2
)
_COLUMN: Final = Lazy(r"""[ \t]*[`"\[]?(?P<name>\w+)[`"\]]?[ \t]+[a-zA-Z]""")
_CELL: Final = Lazy(r"""\s*(?:[NBX]?'(?P<value>(?:[^'\\]|\\.|''){0,4000})'|[^',()]{1,200}(?:\([^()']{0,200}\))?)\s*(?P<sign>[,)])""")
_NEXT: Final = Lazy(r"\s*,\s*(?=\()")


def cells(text: str, at: int) -> Iterator[tuple[int, int, str]]:
    """Start, end and column of every value that the INSERT whose ``INTO`` ends at ``at`` writes into a column of passwords."""
    limit = min(len(text), at + _LONGEST)
    target = _TARGET.match(text, at, limit)
    if target is None:
        return
    given = target["columns"]
    names = [part.strip(" \t\r\n`\"[]'") for part in given.split(",")] if given else _created(text, target["table"], at)
    wanted = {number: name for number, name in enumerate(names) if kind_of(name) == "password"}
    if not wanted:
        return
    at = target.end()
    for _ in range(_ROWS):
        at += 1
        for number in range(len(names)):
            cell = _CELL.match(text, at, limit)
            if cell is None:
                return
            if number in wanted and cell["value"]:
                yield (*cell.span("value"), wanted[number])
            at = cell.end()
            if cell["sign"] == ")":
                break
        following = _NEXT.match(text, at, limit)
        if following is None:
            return
        at = following.end()


def _created(text: str, table: str, before: int) -> list[str]:
    """The columns of ``table`` by the CREATE TABLE in the 64 KiB before ``before``."""
    floor = max(0, before - _LONGEST)
    start = max(text.rfind(f"CREATE TABLE {quote}{table}{quote}", floor, before) for quote in ("`", "", '"'))
    if start < 0:
        return []
    lines = text[text.find("(", start, before) + 1 : before].split("\n", 300)
    names = []
    for line in lines:
        column = _COLUMN.match(line)
        if line.lstrip().startswith((")", "PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INSERT")):
            break
        if column:
            names.append(column["name"])
    return names
