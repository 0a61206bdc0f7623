"""Whether a value can be what the provider gives out whose name its key bears: ``BITLY_TOKEN`` with 39 of forty digits cannot.

Asked only of values that would otherwise be reported, so the table may be loaded. Only what the table knows exactly decides:
formats that begin with a literal of their own, and those that are a fixed number of characters. What people choose for
themselves (passwords, a webhook's secret) is never measured by a provider's formats.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ..formats.catalogue import load, of_module, rows
from ..formats.index import COMMON
from ..formats.notation import Format, Shape, alphabet_of, longest, pattern, shortest, starts, walk
from ..formats.table import MODULES
from .names import words

_OWN: Final = 3  # letters with which a token begins that are a provider's own
_LONGEST: Final = 3  # words of a provider's name
_NEVER: Final = frozenset("webhook jwt cookie session signing encryption master".split())


def malformed(name: str, kind: str, value: str) -> bool:
    """Whether ``value`` cannot be a credential of the provider that ``name`` names: it begins like one or is made of the same
    characters, and has another length."""
    parts = words(name)
    if not _NEVER.isdisjoint(parts):
        return False
    formats = [fmt for provider in _providers(parts) for fmt in _of(provider)]
    shapes = [shape for fmt in formats for shape in fmt.shapes]
    if not shapes or any(re.fullmatch(pattern(shape), value, re.IGNORECASE) for shape in shapes):
        return False
    begun = [shape for shape in shapes if _begins(shape, value)]
    if begun:
        return not any(_fits(shape, value) for shape in begun) or any(set(value) <= _characters(shape) for shape in begun)
    exact = [fmt for fmt in formats if name.lower() in (key.lower() for key in fmt.key_names)]
    if exact and all(len(value) < shortest(shape) for fmt in exact for shape in fmt.shapes):
        return True
    if kind == "secret" and not exact:
        return False
    known = exact or [fmt for fmt in formats if _plain_name(fmt) not in COMMON]
    return _other_length([shape for fmt in known for shape in fmt.shapes], value)


def _begins(shape: Shape, value: str) -> bool:
    return any(len(each) >= _OWN and value.startswith(each) for each in starts(shape))


def _characters(shape: Shape) -> set[str]:
    return {char for part in walk(shape) for char in (part if isinstance(part, str) else alphabet_of(part))}


def _fits(shape: Shape, value: str) -> bool:
    return shortest(shape) <= len(value) <= longest(shape)


def _other_length(shapes: list[Shape], value: str) -> bool:
    """Whether all ``shapes`` without a literal are so many characters of an alphabet, ``value`` is made of them and not of that number."""
    drawn = [shape for shape in shapes if not any(isinstance(part, str) for part in shape)]
    body = value.rstrip("=")
    plain = all(
        len(shape) == 1 and alphabet_of(shape[0]) and shape[0][0] != "uuid" and shortest(shape) == longest(shape) for shape in drawn
    )
    if not drawn or not plain or any(_fits(shape, value) or _fits(shape, body) for shape in drawn):
        return False
    return any(set(body) <= set(alphabet_of(shape[0])) for shape in drawn)


def _providers(parts: tuple[str, ...]) -> list[str]:
    joined = ("".join(parts[at : at + size]) for size in range(1, _LONGEST + 1) for at in range(len(parts) - size + 1))
    return [word for word in joined if len(word) >= _OWN]


def _of(provider: str) -> list[Format]:
    module = provider[0] if provider[0].isalpha() else "digits"
    return _index(MODULES.index(module)).get(provider, []) if module in MODULES else []


@cache
def _index(module: int) -> dict[str, list[Format]]:
    """The formats of one module of the table by their provider's name, written together in lower case."""
    found: dict[str, list[Format]] = {}
    if rows(module):
        for number in of_module(module * 1000):
            fmt = load(number)
            found.setdefault(_plain_name(fmt), []).append(fmt)
    return found


def _plain_name(fmt: Format) -> str:
    return re.sub(r"[^a-z0-9]", "", fmt.provider.lower().partition("(")[0])
