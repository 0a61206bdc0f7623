"""Decoding what tokens carry in base64, base32, base58 or JSON, without raising."""

from __future__ import annotations

from binascii import Error, a2b_base64
from typing import Any, Final

_URL: Final = str.maketrans("-_", "+/")
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base64(text: str) -> bytes:
    """The bytes of standard or URL-safe base64, padded or not; empty when it is none."""
    clean = text.rstrip("=").translate(_URL)
    if len(clean) % 4 == 1:
        return b""
    try:
        return a2b_base64(clean + "=" * (-len(clean) % 4), strict_mode=True)
    except Error:
        return b""


def base32(text: str) -> bytes:
    """The bytes of RFC 4648 base32, any case, padded or not; empty when it is none."""
    from base64 import b32decode

    try:
        return b32decode(text.upper() + "=" * (-len(text) % 8))
    except (Error, ValueError):
        return b""


def base58(text: str) -> bytes:
    """The bytes of base58 (Bitcoin's alphabet); empty when it is none."""
    number = 0
    for c in text:
        at = _BASE58.find(c)
        if at < 0:
            return b""
        number = number * 58 + at
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object that ``data`` is; empty when it is none."""
    if len(data) > 65536 or data.lstrip()[:1] != b"{":
        return {}
    import json

    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def readable(value: object, limit: int = 80) -> str:
    """A decoded text for a message: printable ASCII, cut to ``limit``; empty for anything else."""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return ""
    return value if len(value) <= limit else value[: limit - 1] + "…"
