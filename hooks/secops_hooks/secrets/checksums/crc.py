"""Suffixes made of a CRC32 (IEEE 802.3), in the digits that each provider writes them with."""

from __future__ import annotations

from binascii import crc32
from typing import Final

BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE62_LOWER_FIRST: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
BASE36: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def digits(number: int, alphabet: str, width: int) -> str:
    """``number`` in the positional system of ``alphabet``, padded on the left to ``width``."""
    out = ""
    while number:
        number, rest = divmod(number, len(alphabet))
        out = alphabet[rest] + out
    return out.rjust(width, alphabet[0])


def base62(body: str, alphabet: str = BASE62) -> str:
    """Six characters: GitHub, npm, Vercel, SaladCloud, Weights & Biases; Apify with lower case first."""
    return digits(crc32(body.encode()), alphabet, 6)


def base36(body: str) -> str:
    """Seven characters: GitLab's routable tokens."""
    return digits(crc32(body.encode()), BASE36, 7)


def hex_big(body: str) -> str:
    """Eight hexadecimal digits, most significant first: Cloudflare and Zuplo; Atlassian in upper case."""
    return f"{crc32(body.encode()):08x}"


def hex_little(body: str) -> str:
    """Eight hexadecimal digits of the little-endian bytes: Grafana's service account tokens."""
    return crc32(body.encode()).to_bytes(4, "little").hex()


def base64_little(body: str) -> str:
    """Six base64 characters of the little-endian bytes, without padding: Confluent Cloud."""
    from binascii import b2a_base64

    return b2a_base64(crc32(body.encode()).to_bytes(4, "little"), newline=False).decode().rstrip("=")


def crc16_xmodem(data: bytes) -> int:
    """CRC16 with polynomial 0x1021 and initial value 0 (NATS keys)."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
