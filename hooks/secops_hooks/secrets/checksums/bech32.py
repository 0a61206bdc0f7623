"""Bech32 (BIP 173), with which age writes its keys."""

from __future__ import annotations

from typing import Final

_CHARS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                check ^= generator
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def valid(text: str) -> bool:
    """Whether the last six characters of ``text`` (any case) are the checksum of the rest."""
    prefix, _, data = text.lower().rpartition("1")
    if not prefix or any(c not in _CHARS for c in data):
        return False
    return _polymod(_expand(prefix) + [_CHARS.index(c) for c in data]) == 1


def checksum(prefix: str, data: str) -> str:
    """The six characters that make ``prefix + "1" + data`` valid (all lower case)."""
    value = _polymod(_expand(prefix) + [_CHARS.index(c) for c in data] + [0] * 6) ^ 1
    return "".join(_CHARS[value >> 5 * (5 - i) & 31] for i in range(6))
