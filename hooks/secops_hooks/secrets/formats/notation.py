"""The parts notation of credential formats, and what is derived from it: patterns, pre-scan literals, lengths.

A format's ``shapes`` are alternatives; a shape is a tuple of parts:

- ``"ghp_"``                      a literal
- ``("base62", 36)``              so many characters of an alphabet; ``("hex", 8, 12)`` a range of lengths,
                                  ``("base64", 40, 0)`` forty or more; ``"[…]"`` is an alphabet of its own
- ``("|", "live", "test")``       one of several (literals, or tuples of parts)
- ``("?", part, …)``              optional parts
- ``("*", 2, 4, part, …)``        the parts, repeated

Nothing here knows a provider. Formats themselves stand in ``table/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

Part: TypeAlias = Any  # a str or a nested tuple; the shape is checked by the tests over the whole table
Shape: TypeAlias = tuple[Part, ...]

ALPHABETS: Final = {
    "digits": "0-9",
    "hex-lower": "0-9a-f",
    "hex-upper": "0-9A-F",
    "hex": "0-9A-Fa-f",
    "base32": "A-Z2-7",
    "base32-lower": "a-z2-7",
    "base36-lower": "0-9a-z",
    "base36-upper": "0-9A-Z",
    "base58": "1-9A-HJ-NP-Za-km-z",
    "base62": "0-9A-Za-z",
    "base64": "0-9A-Za-z+/",
    "base64url": r"0-9A-Za-z_\-",
    "word": "0-9A-Za-z_",
    "word-dash": r"0-9A-Za-z_\-",
    "letters": "A-Za-z",
    "printable": r"!#-&(-;=?-_a-~",
    "space": r"\s",
}
UUID: Final = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_COLOURS: Final = (r"\x1b\[0m", r"\x1b\[[0-9][0-9]m", r"\x1b\[[01];[0-9][0-9]m")  # a terminal's, as in logs
LONGEST: Final = 8192  # what «or more» means: bounded, so that a match never costs more than a window
_CONTINUED: Final = ("SK", "AC", "key_", "re_")  # too frequent in any text to be looked for alone; the next characters join them
_FEW: Final = 300  # how many words a literal may be expanded to


class Format(NamedTuple):
    """One row of the table.

    ``context`` are words one of which must stand near (lower case; none: the shape alone is enough).
    ``key_names`` are the usual names of the variable that holds it. ``tier`` is the rule's tier.
    """

    slug: str
    provider: str
    kind: str
    severity: str
    tier: str
    shapes: tuple[Shape, ...]
    context: tuple[str, ...]
    key_names: tuple[str, ...]
    equivalents: tuple[str, ...]


def char_class(alphabet: str) -> str:
    """The inside of a regular expression's brackets for an alphabet name or a ``[…]`` of its own."""
    return alphabet[1:-1] if alphabet[0] == "[" else ALPHABETS[alphabet]


@lru_cache(maxsize=512)
def members(alphabet: str) -> str:
    """The printable ASCII characters (and blank) of an alphabet, in order."""
    if alphabet == "space":
        return " "
    one = re.compile(f"[{char_class(alphabet)}]")
    return "".join(c for c in map(chr, range(32, 127)) if one.match(c))


def alphabet_of(part: tuple[Any, ...]) -> str:
    """The characters that a part draws from; empty for alternatives and the like."""
    if part[0] == "uuid":
        return members("hex")
    return "" if part[0] in ("|", "?", "*") else members(part[0])


def starts(shape: Shape) -> tuple[str, ...]:
    """The literals with which tokens of a shape may begin; empty where it begins with characters of an alphabet."""
    first = shape[0]
    parts = first[1:] if not isinstance(first, str) and first[0] == "|" else (first,)
    return tuple(each for each in parts if isinstance(each, str))


def bounds(part: tuple[Any, ...]) -> tuple[int, int]:
    """Shortest and longest length of an alphabet part."""
    low = part[1]
    high = part[2] if len(part) > 2 else low
    return low, high or LONGEST


def _regex(part: Part) -> str:
    if isinstance(part, str):
        return re.escape(part)
    head = part[0]
    if head == "|":
        return "(?:" + "|".join(_regex(p) if isinstance(p, str) else sequence_regex(p) for p in part[1:]) + ")"
    if head == "?":
        return f"(?:{sequence_regex(part[1:])})?"
    if head == "*":
        return f"(?:{sequence_regex(part[3:])}){{{part[1]},{part[2]}}}"
    if head == "uuid":
        return UUID
    low, high = bounds(part)
    return f"[{char_class(head)}]{{{low}}}" if low == high else f"[{char_class(head)}]{{{low},{high}}}"


def sequence_regex(shape: Iterable[Part]) -> str:
    """The regular expression of parts in order, without boundaries."""
    return "".join(_regex(part) for part in shape)


def last_alphabet(shape: Shape) -> str:
    """The class (inside of brackets) of the characters by which a token of this shape could go on."""
    for part in reversed(shape):
        if isinstance(part, str):
            return "0-9A-Za-z" if part[-1:].isalnum() else ""
        head = part[0]
        if head == "?":
            inner = last_alphabet(part[1:])
            if inner:
                return inner
            continue
        if head == "*":
            return last_alphabet(part[3:])
        if head == "|":
            options = [p if isinstance(p, tuple) else (p,) for p in part[1:]]
            return last_alphabet(options[0])
        if head == "uuid":
            return r"0-9A-Za-z\-"
        if head == "space":
            return ""
        return char_class(head)
    return ""


def pattern(shape: Shape) -> str:
    """The bounded regular expression of a token: it neither begins nor goes on inside a longer word of its alphabet.

    An escape before it (``\\n``, ``\\t``, as in JSON strings) does not count as a letter. A full stop that ends a
    sentence is no continuation.
    """
    first = shape[0]
    begins = first[0] if isinstance(first, str) else ""
    before = _begun(begins) if not begins or begins.isalnum() or begins == "_" else re.escape(begins)
    if isinstance(first, str):
        shape = (first[1:], *shape[1:])
    elif first[0] not in ("|", "?", "*", "uuid"):
        own = char_class(first[0])
        if first[0] != "space":
            low, high = bounds(first)
            one = f"[{own}]" if low else ""  # first, for the same reason
            before = rf"{one}(?:(?<![0-9A-Za-z_{own}]{one})|(?<=\\[nrtbf]{one}))" if "=" not in own else rf"{one}(?<![0-9A-Za-z_]{one})"
            if low:
                shape = (*([(first[0], low - 1, high - 1)] if high > 1 else []), *shape[1:])
    own = last_alphabet(shape)
    if not own:
        return before + sequence_regex(shape)
    solid = "".join(sorted(set(members(f"[{own}]")) | set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")))
    soft = [c for c in ".-=/+:~" if c in solid]
    hard = re.escape("".join(c for c in sorted({*solid, "_"}) if c not in ".-=/+:~"))
    after = f"(?![{hard}])"
    if soft:
        after += f"(?![{re.escape(''.join(soft))}]+[{hard}])"
    return before + sequence_regex(shape) + after


def _begun(letter: str) -> str:
    """``letter`` where a token may begin. The letter comes first, and what must stand before it is looked up behind it:
    ``re`` skips to a letter twenty times as fast as it looks around at every place."""
    own = re.escape(letter)
    escapes = (r"\\[nrtbf]", "%[0-9A-F][0-9A-F]", *_COLOURS)
    return f"{own}(?:(?<![0-9A-Za-z_]{own})|{'|'.join(f'(?<={escape}{own})' for escape in escapes)})"


# -- pre-scan


def shortest(shape: Iterable[Part]) -> int:
    """The least length of a token of this shape."""
    total = 0
    for part in shape:
        if isinstance(part, str):
            total += len(part)
        elif part[0] == "|":
            total += min(len(p) if isinstance(p, str) else shortest(p) for p in part[1:])
        elif part[0] == "?":
            continue
        elif part[0] == "*":
            total += part[1] * shortest(part[3:])
        elif part[0] == "uuid":
            total += 36
        else:
            total += bounds(part)[0]
    return total


def longest(shape: Iterable[Part]) -> int:
    """The greatest length of a token of this shape."""
    total = 0
    for part in shape:
        if isinstance(part, str):
            total += len(part)
        elif part[0] == "|":
            total += max(len(p) if isinstance(p, str) else longest(p) for p in part[1:])
        elif part[0] == "?":
            total += longest(part[1:])
        elif part[0] == "*":
            total += part[2] * longest(part[3:])
        elif part[0] == "uuid":
            total += 36
        else:
            total += bounds(part)[1]
    return total


def _expand(shape: Shape, at: int) -> list[str]:
    """The words that can stand at part ``at``: its literals, joined with those that follow, a short one with characters."""
    words = [""]
    while at < len(shape):
        part = shape[at]
        if isinstance(part, str):
            options = [part]
        elif part[0] == "|" and all(isinstance(p, str) for p in part[1:]):
            options = list(part[1:])
        elif part[0] == "|" or part[0] in ("?", "*", "uuid", "space"):
            break
        else:
            low = bounds(part)[0]
            letters = sorted(set(members(part[0]).lower()))
            for _ in range(min(low, 2)):
                if any(words[0].startswith(c) and len(words[0]) <= len(c) + 1 for c in _CONTINUED) and len(words) * len(letters) <= _FEW:
                    words = [w + c for w in words for c in letters]
            break
        if len(words) * len(options) > _FEW:
            break
        words = [w + o for w in words for o in options]
        at += 1
    return words


def literals(shape: Shape) -> tuple[bool, tuple[str, ...]]:
    """The words (lower case) one of which occurs in every token of ``shape``, and whether the token begins with it.

    Of several literals the longest is taken; a short one at the start is continued by the characters that may follow.
    Empty when the shape has no literal that every token must hold.
    """
    best: tuple[int, int, list[str]] = (0, 0, [])
    for at, part in enumerate(shape):
        if isinstance(part, str) or (part[0] == "|" and all(isinstance(p, str) for p in part[1:])):
            words = sorted({w.lower() for w in _expand(shape, at)})
            least = min(map(len, words))
            score = 2 if words[0].startswith("http") else min(least, 8)
            if score > best[0]:
                best = (score, at, words)
    return best[1] == 0, tuple(best[2])


def reach(shape: Shape) -> int:
    """How many characters can stand before the pre-scan literal of ``shape``."""
    _, words = literals(shape)
    for at, part in enumerate(shape):
        spelled = isinstance(part, str) or (part[0] == "|" and all(isinstance(p, str) for p in part[1:]))
        if spelled and tuple(sorted({w.lower() for w in _expand(shape, at)})) == words:
            return longest(shape[:at])
    return 0


def walk(shape: Iterable[Part]) -> Iterator[Part]:
    """All parts of a shape, nested ones too."""
    for part in shape:
        yield part
        if isinstance(part, tuple) and part[0] == "|":
            for alternative in part[1:]:
                yield from walk((alternative,) if isinstance(alternative, str) else alternative)
        elif isinstance(part, tuple) and part[0] == "?":
            yield from walk(part[1:])
        elif isinstance(part, tuple) and part[0] == "*":
            yield from walk(part[3:])
