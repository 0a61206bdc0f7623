"""Write a list of popular names anew: ``python -m secops_hooks.pins.names.regenerate pypi < downloads.tsv > pypi.txt``.

Standard input has one package a line, name and downloads with a tabulator between, as the registries' download statistics
give them. Not used at run time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Final

LISTED: Final = 6000


def listed(ecosystem: str, lines: Iterable[str]) -> list[str]:
    """The names with most downloads, most popular first, as the ecosystem compares them; lines that are no pair are left out."""
    counted: list[tuple[int, str]] = []
    for line in lines:
        name, _, downloads = line.rstrip("\n").partition("\t")
        if name.isascii() and downloads.isdigit():
            counted.append((int(downloads), re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "pypi" else name))
    counted.sort(key=lambda each: (-each[0], each[1]))
    return list(dict.fromkeys(name for _, name in counted))[:LISTED]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in listed(sys.argv[1], sys.stdin)))
