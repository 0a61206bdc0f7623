"""npm's version ranges (semver.org 2.0; docs of node-semver: "Ranges"): does a version lie in a range?"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias


class Version(NamedTuple):
    """A whole version. ``pre`` orders pre-releases before the release: numbers before words, the empty one last."""

    major: int
    minor: int
    patch: int
    pre: tuple[tuple[int, int, str], ...]


Bound: TypeAlias = tuple[str, Version]
_RELEASE: Final = ((9, 0, ""),)  # sorts behind every pre-release
_PART: Final = r"(?:0|[1-9]\d{0,15}|[xX*])"
_PARTIAL: Final = rf"[vV=\s]*({_PART})(?:\.({_PART})(?:\.({_PART})(?:-?((?:[0-9A-Za-z-]+)(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?)?)?"
_WHOLE: Final = re.compile(rf"{_PARTIAL}\Z")
_HYPHEN: Final = re.compile(rf"\s*{_PARTIAL}\s+-\s+{_PARTIAL}\s*\Z")
_COMPARATOR: Final = re.compile(rf"\s*(\^|~>?|>=|<=|>|<|=)?\s*{_PARTIAL}(?=\s|\Z)")


def satisfies(version: str, wanted: str) -> bool | None:
    """Whether ``version`` is in the range ``wanted``; ``None`` when either is something else (a URL, a tag, a path)."""
    found = parse(version)
    if found is None:
        return None
    alternatives = [_bounds(part) for part in wanted.split("||")]
    if any(bounds is None for bounds in alternatives):
        return None
    return any(all(_holds(found, bound) for bound in bounds) for bounds in alternatives if bounds is not None)


def parse(text: str) -> Version | None:
    """A whole version, or ``None``."""
    m = _WHOLE.match(text.strip())
    if m is None or any(part is None or part in "xX*" for part in (m[1], m[2], m[3])):
        return None
    return Version(int(m[1]), int(m[2]), int(m[3]), _pre(m[4]))


def _pre(text: str | None) -> tuple[tuple[int, int, str], ...]:
    if not text:
        return _RELEASE
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.split("."))


def _bounds(text: str) -> list[Bound] | None:
    """The comparators of one alternative, all of which must hold; ``None`` when it is no range."""
    if not text.strip() or text.strip() == "latest":
        return [] if not text.strip() else None
    hyphen = _HYPHEN.match(text)
    if hyphen:
        return [*_simple(">=", hyphen.group(1, 2, 3, 4)), *_simple("<=", hyphen.group(5, 6, 7, 8))]
    bounds: list[Bound] = []
    at = 0
    while text[at:].strip():
        m = _COMPARATOR.match(text, at)
        if m is None:
            return None
        bounds += _simple(m[1] or "=", m.group(2, 3, 4, 5))
        at = m.end()
    return bounds


def _simple(operator: str, parts: tuple[str | None, ...]) -> list[Bound]:
    """One comparator on a version that may be partial, as bounds on whole versions."""
    numbers = [int(part) for part in _known(parts[:3])]
    size = len(numbers)
    major, minor, patch = [*numbers, 0, 0, 0][:3]
    low = Version(major, minor, patch, _pre(parts[3]) if size == 3 else _RELEASE)
    if size == 0:
        return [("<", Version(0, 0, 0, ()))] if operator in ("<", ">") else []
    if operator in ("=", "") and size == 3:
        return [("=", low)]
    if operator == "^":
        first = next((at for at, number in enumerate(numbers) if number), size - 1)
        return [(">=", low), ("<", _next(numbers, min(first, size - 1)))]
    if operator in ("~", "~>"):
        return [(">=", low), ("<", _next(numbers, min(1, size - 1)))]
    if size == 3:
        return [(operator, low)]
    above = _next(numbers, size - 1)
    if operator == ">":
        return [(">=", above._replace(pre=_RELEASE))]
    if operator == "<=":
        return [("<", above)]
    if operator in (">=", "<"):
        return [(operator, low if operator == ">=" else low._replace(pre=()))]
    return [(">=", low), ("<", above)]


def _known(parts: tuple[str | None, ...]) -> list[str]:
    known: list[str] = []
    for part in parts:
        if part is None or part in "xX*":
            break
        known.append(part)
    return known


def _next(numbers: list[int], at: int) -> Version:
    """The least version, pre-releases included, in which the number at ``at`` is one more."""
    raised = [*numbers[:at], numbers[at] + 1, 0, 0, 0][:3]
    return Version(raised[0], raised[1], raised[2], ())


def _holds(version: Version, bound: Bound) -> bool:
    operator, limit = bound
    if operator == "=":
        return version == limit
    if operator == ">=":
        return version >= limit
    if operator == "<=":
        return version <= limit
    return version > limit if operator == ">" else version < limit
