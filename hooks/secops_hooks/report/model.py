"""What every reporter is given, and the small things they share."""

from __future__ import annotations

from collections.abc import Mapping

from ..finding import TIERS, Family, Rule, Tier
from ..policy.suppress import Suppressed
from ..records import NamedTuple
from ..run import Item


class Report(NamedTuple):
    """A finished run, cut to the tiers asked for. Paths are as people at the current directory write them.

    ``rules`` is filled only for formats that list all rules; ``started`` is seconds since the epoch. The rest is about a terminal:
    whether to colour, its columns, whether to show source lines (``rich``), the directory that links begin at (``base``, empty: no
    links) and its encoding.
    """

    items: tuple[Item, ...]
    suppressed: tuple[Suppressed, ...]
    files: int
    size: int
    seconds: float
    families: tuple[Family, ...]
    tier: Tier
    fail_on: Tier
    exit_code: int
    rules: Mapping[str, Rule]
    started: float
    color: bool = False
    width: int = 100
    rich: bool = False
    base: str = ""
    encoding: str = "utf-8"


def counts(items: tuple[Item, ...]) -> dict[Tier, int]:
    """How many findings each tier has."""
    return {tier: sum(item.finding.tier == tier for item in items) for tier in TIERS}


def bytes_for_people(size: int) -> str:
    """``size`` in bytes, kB, MB (powers of 1000)."""
    if size < 1000:
        return f"{size} B"
    for unit in ("kB", "MB", "GB"):
        size_in_unit = size / 1000
        if size_in_unit < 1000 or unit == "GB":
            return f"{size_in_unit:.1f} {unit}"
        size //= 1000
    return f"{size} B"


def plural(number: int, word: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
