"""Marvin32, the keyed checksum of Azure's identifiable keys (Microsoft's security-utilities publishes algorithm and seeds)."""

from __future__ import annotations

from typing import Final

_MASK: Final = 0xFFFFFFFF


def _rotl(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (32 - bits))) & _MASK


def _mix(low: int, high: int) -> tuple[int, int]:
    high ^= low
    low = _rotl(low, 20)
    low = (low + high) & _MASK
    high = _rotl(high, 9)
    high ^= low
    low = _rotl(low, 27)
    low = (low + high) & _MASK
    high = _rotl(high, 19)
    return low, high


def marvin32(data: bytes, seed: int) -> int:
    """The 64-bit state folded to 32 bits after all of ``data`` under a 64-bit ``seed``."""
    low, high = seed & _MASK, seed >> 32
    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        low = (low + int.from_bytes(data[at : at + 4], "little")) & _MASK
        low, high = _mix(low, high)
    tail = data[whole:]
    low = (low + int.from_bytes(tail + b"\x80", "little")) & _MASK
    low, high = _mix(low, high)
    low, high = _mix(low, high)
    return low ^ high


def azure(key: bytes, seed: str) -> bool:
    """Whether the last four bytes of a decoded key are the little-endian checksum of the others; ``seed`` is its ASCII name."""
    return int.from_bytes(key[-4:], "little") == marvin32(key[:-4], int.from_bytes(seed.encode(), "big"))
