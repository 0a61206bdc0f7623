"""Whether the body of a token could be real: placeholders, filler, documented examples.

Looks at characters only; knows no format. Used by formats and generic values alike.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal, TypeAlias

Grade: TypeAlias = Literal["fake", "weak", "good"]

_FILLER: Final = re.compile(r"(?i)x{5,}|\*{4,}|\.{4,}|_{7,}|-{6,}|([0-9a-z])\1{7,}")
_WORDS: Final = re.compile(
    r"(?i)example|placeholder|redacted|change[_-]?me|replace[_-]?(?:me|with|this)|your[_-]?(?:api|key|token|secret|pass|own|access|client|app|auth|[a-z]+[_-])"
    r"|insert[_-]|dummy|foo[_-]?bar|lorem|(?:^|[_-])(?:fake|sample|invalid|todo|mock|not[_-]?a[_-]?(?:real|secret))(?:[_-]|$)|(?:key|token|secret|password)[_-]?here"
)
_RISING: Final = "0123456789012345|abcdefghijklmnopqrstuvwxyzabcdef|zyxwvutsrqponmlkjihgfedcba|9876543210|qwertyuiop|asdfghjkl|zxcvbnm"


def grade(body: str) -> Grade:
    """``fake`` for what nobody would call a secret, ``weak`` for what looks made up (sequences, repetitions), else ``good``."""
    size = len(body)
    distinct = len(set(body))
    if placeholder(body):
        return "fake"
    if size >= 20 and (body.isdigit() or body.isalpha()) and counted(body):
        return "fake"
    if size >= 16 and (period(body) <= size // 2 or distinct * 3 < min(size, 32) or counted(body)):
        return "weak"
    if size >= 16 and not any(c.isdigit() for c in body) and (body.islower() or body.isupper() or "_" in body or "-" in body):
        return "weak"
    return "good"


def placeholder(body: str) -> bool:
    """Whether a value says of itself that it stands for another: filler, words such as ``example``, very few characters."""
    size = len(body)
    if sum(m.end() - m.start() for m in _FILLER.finditer(body)) * 6 >= size > 0:
        return True
    return _WORDS.search(body) is not None or (size >= 12 and len(set(body)) <= 5) or (size >= 8 and period(body) <= 4)


def counted(body: str) -> bool:
    """Whether most of a value counts up, down or along the keyboard."""
    return sequential(body.lower()) * 2 > len(body)


@lru_cache(maxsize=64)
def period(text: str) -> int:
    """The length of the shortest piece that, repeated, makes up ``text`` (its own length when there is none)."""
    failure = [0] * len(text)
    k = 0
    for i in range(1, len(text)):
        while k and text[i] != text[k]:
            k = failure[k - 1]
        if text[i] == text[k]:
            k += 1
        failure[i] = k
    return len(text) - failure[-1] if text else 0


def sequential(low: str) -> int:
    """How many characters of ``low`` (lower case) stand in runs of four or more that count up, down or along the keyboard."""
    covered = 0
    i = 0
    while i + 4 <= len(low):
        best = 0
        if low[i : i + 4] in _RISING:
            best = 4
            while i + best < len(low) and low[i : i + best + 1] in _RISING:
                best += 1
        covered += best
        i += best or 1
    return covered
