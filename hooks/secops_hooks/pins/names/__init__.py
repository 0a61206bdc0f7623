"""Names that look like another: letters of other scripts, invisible characters, and names one slip away from a popular one.

``pypi.txt`` and ``npm.txt`` list the most downloaded names, the most popular first, as ``regenerate.py`` writes them from the
registries' own download numbers; ``actions.txt`` lists actions that many workflows use. Names are facts; the lists hold nothing else.
"""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from typing import Final

_TARGETS: Final = 1500  # names popular enough to be imitated
_SHORTEST: Final = 5
_LONGEST: Final = 60
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789-"
_INVISIBLE: Final = frozenset({"Cf", "Cc", "Co", "Cn", "Zl", "Zp", "Mn"})


def odd_character(name: str) -> str:
    """What the first character that does not belong into a name is, in words; empty when there is none.

    Registries allow ASCII only in names, so any other letter is a look-alike or a slip.
    """
    for char in name:
        if ord(char) < 128:
            continue
        code = f"U+{ord(char):04X}"
        if unicodedata.category(char) in _INVISIBLE:
            return f"the invisible character {code}"
        return f"{unicodedata.name(char, 'a character').lower()} ({code})"
    return ""


@lru_cache(maxsize=4)
def popular(ecosystem: str) -> tuple[frozenset[str], dict[str, int]]:
    """All listed names of ``pypi``, ``npm`` or ``actions``, and the rank of those that are worth imitating."""
    path = os.path.join(os.path.dirname(__file__), f"{ecosystem}.txt")
    with open(path, encoding="ascii") as file:
        names = file.read().split()
    return frozenset(names), {name: rank for rank, name in enumerate(names[:_TARGETS])}


@lru_cache(maxsize=8192)
def imitated(ecosystem: str, name: str) -> str:
    """The popular name that ``name`` is one slip away from, or empty.

    A slip is one letter more, less or other, two neighbours swapped, parts between hyphens in another order, or ``py`` and
    ``python`` put in place of one another. Digits do not count (``boto`` and ``boto3`` are both real).
    """
    if not _SHORTEST <= len(name) <= _LONGEST or name.startswith("@"):
        return ""
    listed, targets = popular(ecosystem)
    low = name.lower().replace("_", "-").replace(".", "-") if ecosystem == "pypi" else name.lower()
    if low in listed:
        return ""
    for candidate in _swapped_parts(low):
        if candidate in targets:
            return candidate
    near = (target for end in _ends(low) for target in _neighbours(ecosystem).get(end, ()))
    slips = [target for target in near if _is_slip(low, target) and _letters(target) != _letters(low)]
    return min(slips, key=lambda target: (targets[target], target), default="")


def _letters(name: str) -> str:
    return "".join(char for char in name if not char.isdigit())


def _swapped_parts(name: str) -> list[str]:
    parts = name.split("-")
    found = ["-".join(reversed(parts))] if len(parts) > 1 else []
    if name.startswith("python-"):
        found.append("py" + name[7:])
    if "python" in parts:
        found.append("-".join("py" if part == "python" else part for part in parts))
    if "py" in parts:
        found.append("-".join("python" if part == "py" else part for part in parts))
    return [each for each in found if each != name]


def _ends(name: str) -> tuple[str, str]:
    """How ``name`` begins and how it ends. One slip changes one of them at most, in a name of five characters or more."""
    return f"{name[:2]}…", f"…{name[-2:]}"


@lru_cache(maxsize=4)
def _neighbours(ecosystem: str) -> dict[str, list[str]]:
    """The names worth imitating by how they begin and by how they end."""
    found: dict[str, list[str]] = {}
    for target in popular(ecosystem)[1]:
        for end in _ends(target) if len(target) >= _SHORTEST else ():
            found.setdefault(end, []).append(target)
    return found


def _is_slip(name: str, target: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, make ``target`` of ``name``."""
    if not -1 <= len(name) - len(target) <= 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(name, target, strict=False)) if one != other), min(len(name), len(target)))
    left, right = name[same:], target[same:]
    if len(left) > len(right):
        return left[1:] == right
    letter = right[:1] in _LETTERS
    if len(left) < len(right):
        return left == right[1:] and letter
    return (left[1:] == right[1:] and letter) or left == right[1::-1] + right[2:]
