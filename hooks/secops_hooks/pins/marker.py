"""Whether two environment markers (PEP 508) mean the same, however they are spelled.

A marker is a formula over a few variables; two are the same when no environment tells them apart. The environments asked are
those on either side of every boundary that one of the two names, so the answer is exact, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple, TypeAlias

Version: TypeAlias = tuple[int, ...]
Environment: TypeAlias = Mapping[str, str | Version | bool]

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<bracket>[()])|(?P<op>===|==|~=|!=|<=|>=|<|>)|(?P<word>not\s+in\b|[A-Za-z_.]+\b))"""
)
_PYTHON: Final = ("python_version", "python_full_version")
_OLD: Final = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.machine": "platform_machine",
    "platform.version": "platform_version",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}
_FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_MAX_ENVIRONMENTS: Final = 20_000
_MAX_MARKER: Final = 4_000
_MAX_DEPTH: Final = 40


class Comparison(NamedTuple):
    """``variable op 'text'``; ``swapped`` for ``'text' in variable``."""

    variable: str
    op: str
    text: str
    swapped: bool


class Junction(NamedTuple):
    """``and`` or ``or`` of its parts."""

    every: bool
    parts: tuple[Formula, ...]


Formula: TypeAlias = "Comparison | Junction"
TRUE: Final = Junction(True, ())


def same(left: str, right: str, python: str = "") -> bool | None:
    """Whether two markers are the same for all versions of Python in ``python`` (a specifier set); ``None``: not understood."""
    if left.split() == right.split():
        return True
    first, second = parsed(left), parsed(right)
    if first is None or second is None:
        return None
    within = [(m[1], m[2]) for m in re.finditer(r"(===|==|~=|!=|<=|>=|<|>)\s*([\w.*+!]+)", python)]
    leaves = [leaf for formula in (first, second) for leaf in _leaves(formula)]
    samples = _samples(leaves, within)
    count = 1
    for values in samples.values():
        count *= len(values)
    if not 0 < count <= _MAX_ENVIRONMENTS:
        return None
    for chosen in product(*samples.values()):
        environment = dict(zip(samples, chosen, strict=True))
        if _holds(first, environment) != _holds(second, environment):
            return False
    return True


def both(*markers: str) -> str:
    """A marker that holds where all of ``markers`` hold; empty ones always do."""
    given = [each for each in markers if each.strip()]
    return " and ".join(f"({each})" for each in given) if len(given) > 1 else "".join(given)


@lru_cache(maxsize=1024)
def parsed(marker: str) -> Formula | None:
    """The formula of a marker; ``None`` when it is none."""
    if not marker.strip():
        return TRUE
    tokens: list[str] = []
    at, marker = 0, marker.strip()
    while at < len(marker) <= _MAX_MARKER:
        m = _TOKEN.match(marker, at)
        if m is None:
            return None
        at = m.end()
        tokens.append(re.sub(r"\s+", " ", m[0].strip()) if m["word"] else m[0].strip())
    try:
        formula, rest = _either(tokens, 0) if tokens else (None, 0)
    except (ValueError, IndexError):
        return None
    return formula if rest == len(tokens) else None


def _either(tokens: list[str], depth: int, at: int = 0) -> tuple[Formula, int]:
    if depth > _MAX_DEPTH:
        raise ValueError("brackets within brackets without end")
    parts: list[Formula] = []
    while True:
        conjuncts: list[Formula] = []
        while True:
            part, at = _atom(tokens, depth, at)
            conjuncts.append(part)
            if tokens[at : at + 1] != ["and"]:
                break
            at += 1
        parts.append(conjuncts[0] if len(conjuncts) == 1 else Junction(True, tuple(conjuncts)))
        if tokens[at : at + 1] != ["or"]:
            return (parts[0] if len(parts) == 1 else Junction(False, tuple(parts))), at
        at += 1


def _atom(tokens: list[str], depth: int, at: int) -> tuple[Formula, int]:
    if tokens[at] == "(":
        inner, at = _either(tokens, depth + 1, at + 1)
        if tokens[at] != ")":
            raise ValueError("a bracket is not closed")
        return inner, at + 1
    left, op, right = tokens[at : at + 3]
    if left[0] in "'\"" and right[0] not in "'\"":
        swapped = op in ("in", "not in")
        return Comparison(_OLD.get(right, right), _FLIPPED.get(op, op), left[1:-1], swapped), at + 3
    if left[0] in "'\"" or right[0] not in "'\"":
        raise ValueError("not a variable and a text")
    return Comparison(_OLD.get(left, left), op, right[1:-1], False), at + 3


def _leaves(formula: Formula) -> Iterable[Comparison]:
    if isinstance(formula, Comparison):
        yield formula
    else:
        for part in formula.parts:
            yield from _leaves(part)


def _samples(leaves: list[Comparison], within: list[tuple[str, str]]) -> dict[str, list[str | Version | bool]]:
    """Variable to values, of which two neighbours have no boundary between them."""
    found: dict[str, list[str | Version | bool]] = {}
    versions = [text for op, text in within]
    for leaf in leaves:
        if leaf.variable in _PYTHON:
            versions += re.findall(r"[\d.]+", leaf.text)
        elif leaf.variable == "extra":
            found.setdefault("extra " + _plain(leaf.text), [False, True])
        else:
            values = found.setdefault(leaf.variable, ["\0"])
            values += [each for each in (leaf.text, *leaf.text.split()) if each not in values]
    if any(leaf.variable in _PYTHON for leaf in leaves):
        points = {point for text in versions for point in _around(_numbers(text))}
        found["python"] = [point for point in sorted(points) if all(_compares(point, op, text) for op, text in within)]
    return found


def _around(version: Version) -> Iterable[Version]:
    major, minor, micro = (*version, 0, 0, 0)[:3]
    yield from ((major, minor, each) for each in {0, max(micro - 1, 0), micro, micro + 1, 99})
    yield from ((major, minor + 1, 0), (major, max(minor - 1, 0), 99), (major + 1, 0, 0))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _numbers(text: str) -> Version:
    return tuple(int(part[:6]) for part in re.findall(r"\d+", text)[:3])


def _holds(formula: Formula, environment: Environment) -> bool:
    if isinstance(formula, Junction):
        return (all if formula.every else any)(_holds(part, environment) for part in formula.parts)
    variable, op, text, swapped = formula
    if variable == "extra":
        given = bool(environment["extra " + _plain(text)])
        return not given if op in ("!=", "not in") else given
    if variable in _PYTHON:
        point = environment["python"]
        if not isinstance(point, tuple):
            return False
        if op in ("in", "not in"):
            shown = ".".join(map(str, point[:2] if variable == "python_version" else point))
            return (shown in text.replace(",", " ").split()) is (op == "in")
        return _compares(point[:2] if variable == "python_version" else point, op, text)
    value = str(environment[variable])
    if op in ("in", "not in"):
        return ((text in value) if swapped else (value in text)) is (op == "in")
    return _allows(op, (value > text) - (value < text))


def _allows(op: str, order: int) -> bool:
    """Whether ``op`` holds of two values, of which the first is less (-1), the same or greater (1)."""
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "!=": order != 0}.get(op, order == 0)


def _compares(found: Version, op: str, text: str) -> bool:
    """Whether a version of Python satisfies one clause, as PEP 440 has it."""
    limit = _numbers(text)
    if text.rstrip().endswith(".*"):
        return (found[: len(limit)] == limit) is (op != "!=")
    left, right = (*found, 0, 0)[:3], (*limit, 0, 0, 0)[:3]
    if op == "~=":
        return left >= right and found[: max(len(limit) - 1, 1)] == limit[: max(len(limit) - 1, 1)]
    return _allows(op, (left > right) - (left < right))
