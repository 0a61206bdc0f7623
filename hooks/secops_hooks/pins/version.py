"""Versions as numbers, for questions such as «older than 46.0.1». What follows the numbers (pre-releases, builds) is left out."""

from __future__ import annotations

import re
from typing import TypeAlias

Numbers: TypeAlias = tuple[int, ...]
_INFINITE = 10**9


def numbers(text: str) -> Numbers | None:
    """``v1.2.3`` as ``(1, 2, 3)``; ``None`` when no number begins it."""
    m = re.match(r"[vV=]*\s*(\d{1,9}(?:\.\d{1,9}){0,5})", text.strip())
    return tuple(int(part) for part in m[1].split(".")) if m is not None else None


def is_older(version: str, than: str, *, moving: bool = False) -> bool:
    """Whether ``version`` is surely older than ``than``. ``moving``: a partial version (``v4``) stands for the newest it can be."""
    left, right = numbers(version), numbers(than)
    if left is None or right is None:
        return False
    filler = _INFINITE if moving else 0
    size = max(len(left), len(right))
    return left + (filler,) * (size - len(left)) < right + (0,) * (size - len(right))


def fits(version: str, versions: str, *, moving: bool = False) -> bool:
    """Whether ``version`` is in ``versions``: alternatives by blanks, each exact (``1.2.3``) or bounds (``>=4,<4.1.3``)."""
    return any(_in_range(version, each, moving) for each in versions.split())


def _in_range(version: str, bounds: str, moving: bool) -> bool:
    if bounds == "*":
        return True
    found = numbers(version)
    if found is None:
        return False
    for bound in bounds.split(","):
        if bound.startswith("<"):
            inside = is_older(version, bound[1:], moving=moving)
        elif bound.startswith(">="):
            inside = not is_older(version, bound[2:], moving=moving)
        else:
            inside = found == numbers(bound)
        if not inside:
            return False
    return True
