"""Source lines that can be shown: secrets masked, control characters escaped; and fingerprints made of them."""

from __future__ import annotations

from collections.abc import Sequence

from ..finding import Finding, Span
from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

KEPT: Final = 4  # characters of a secret that may be shown
MASK: Final = "*"


def masked(line: str, number: int, secret: Sequence[Span]) -> str:
    """``line`` (with number ``number``) with everything inside the spans of ``secret`` replaced, length kept."""
    out = line
    for span in secret:
        if not span.line <= number <= span.end_line:
            continue
        start = span.col - 1 if span.line == number else 0
        end = span.end_col - 1 if span.end_line == number else len(line)
        show = min(KEPT, (end - start) // 4) if span.line == number else 0
        out = out[: start + show] + MASK * max(0, end - start - show) + out[end:]
    return out


def fingerprint(finding: Finding, line: str) -> str:
    """An identity that survives moved lines: rule, path, key path, and the subject or the masked line without white space.

    Of a secret's subject, a hash that is quick to compute, only eight bits go in: reports are uploaded and kept, and with more of it
    whoever has one could try passwords until the fingerprint fits.
    """
    from hashlib import blake2b

    bare = "".join(line.split())
    content = bare + finding.subject[:2] if finding.rule.family == "secrets" else finding.subject or bare
    identity = "\0".join((finding.rule.id, finding.path, finding.key_path, content))
    return blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def printable(text: str) -> str:
    """``text`` with control, bidirectional and other invisible characters escaped, so that it cannot forge output."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == " " else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if named:
        return named
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
