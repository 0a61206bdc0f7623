"""Which bandit is installed, and whether plugins extend it; told from file names, because asking the import system costs 34 ms."""

from __future__ import annotations

import os
from functools import lru_cache

from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

KNOWN: Final = ("1.9.",)  # versions whose tests ``tests.py`` describes


@lru_cache(maxsize=1)
def is_plain() -> bool:
    """Whether bandit is of a known version and no other package adds tests to it."""
    import sys

    version = ""
    for directory in sys.path:
        for info in _distributions(directory):
            name, _, rest = os.path.basename(info).partition("-")
            if name.lower() == "bandit":
                version = version or rest.removesuffix(".dist-info")
            elif _adds_tests(info):
                return False
    return version.startswith(KNOWN)


def _distributions(directory: str) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(directory) if entry.name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return []


def _adds_tests(info: str) -> bool:
    try:
        with open(os.path.join(info, "entry_points.txt"), "rb") as file:
            return b"[bandit." in file.read()
    except OSError:
        return False
