"""The part of TOML that package managers write into their locks: one statement a line, or a list with one item a line.

Told (and cut into packages) ten times faster than a TOML parser reads a lock of several megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ...lazy import Lazy

_TEXT: Final = r'"[^"\\\x00-\x08\x0a-\x1f\x7f]*+(?:\\(?:[btnfr"\\]|u[0-9A-Fa-f]{4})[^"\\\x00-\x08\x0a-\x1f\x7f]*+)*+"'
_KEY: Final = rf"(?:[\w-]++|{_TEXT})(?:\.(?:[\w-]++|{_TEXT}))*+"
_SCALAR: Final = rf"(?:{_TEXT}|true|false|0|[1-9][0-9]*+(?:\.[0-9]++)?|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9:.]++Z)"


def _list(item: str) -> str:
    return rf"\[(?:{item}(?:, (?!\])|(?=\])))*+\]"


def _table(value: str) -> str:
    return rf"\{{ ?(?:{_KEY} = {value}(?:, (?! ?\}})|(?= ?\}})))*+ ?\}}"


_INNER: Final = rf"(?:{_SCALAR}|{_list(_SCALAR)}|{_table(_SCALAR)})"
_VALUE: Final = rf"(?:{_SCALAR}|{_table(_INNER)}|{_list(f'(?:{_SCALAR}|{_table(_INNER)})')})"
_MACHINE: Final = Lazy(
    rf"(?:{_KEY} = (?:{_VALUE}|\[\n(?: ++{_VALUE},?\n)*+\])\n|\n|\[\[{_KEY}\]\]\n|\[{_KEY}\]\n|#[^\x00-\x08\x0a-\x1f\x7f]*+\n)*+\Z",
    re.ASCII,
)
_PACKAGE: Final = "\n[[package]]\n"


@lru_cache(maxsize=1)
def is_written_by_machine(text: str) -> bool:
    """Whether every statement is one that package managers write. A key that stands twice is not told."""
    return _MACHINE.match(text) is not None


def pieces(text: str) -> Iterator[str]:
    """What stands above the first ``[[package]]``, then each package; what follows the last one belongs to it."""
    if text.startswith(_PACKAGE[1:]):
        yield ""
    start = 0
    while (at := text.find(_PACKAGE, start)) >= 0:
        yield text[start : at + 1]
        start = at + 1
    yield text[start:]
