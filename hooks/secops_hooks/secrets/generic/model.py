"""How much a string looks like words rather than like something a machine made: the small character model.

``wordiness`` cuts a string into pieces at case changes, digits and separators and asks of each how well developers'
words explain it (``letters.py``, loaded with the first question).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PIECES: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SHORT: Final = frozenset(
    "api app aws cli css csv db dns env git gpg html http https id ios ip js json jwt key ldap log map max min new old pem php pki py rsa sdk sha sql ssh ssl std sub svc tls ui url usr uri web www xml yml".split()
)


def bits_per_letter(word: str) -> float:
    """Mean of log2(P(letter | two before) * 26) over ``word`` (lower-case a-z): above 0 for words, below for noise."""
    from .letters import TABLE

    a = b = 0
    total = 0
    for char in word:
        c = ord(char) - 96
        total += ord(TABLE[(a * 27 + b) * 26 + c - 1]) - 64
        a, b = b, c
    return total / 4 / len(word)


@lru_cache(maxsize=2048)
def wordiness(text: str) -> float:
    """The share of ``text``'s letters and digits that stand in pieces which read like words, 0 to 1."""
    counted = sum(char.isalnum() for char in text)
    if not counted:
        return 0.0
    wordy = 0
    for piece in _PIECES.findall(text):
        low = piece.lower()
        if (len(low) >= 4 and bits_per_letter(low) > 0.55) or (len(low) == 3 and bits_per_letter(low) > 1.0) or low in _SHORT:
            wordy += len(low)
    return wordy / counted
