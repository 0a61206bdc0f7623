"""The door of the secrets family: one file in, its findings out.

Order: known formats and private keys in the text and in every encoded layer of it, then generic values where no format
has spoken. A secret never leaves in clear: messages show four characters at most, subjects are hashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..finding import Finding, Rule, report
from .match import scan

if TYPE_CHECKING:
    from ..files.source import Source
    from ..files.tree import Tree
    from ..finding import Confidence, Tier
    from ..parse import File
    from ..policy.settings import Settings


def rules() -> Mapping[str, Rule]:
    """All rules of the family by id."""
    from .rules import all_rules

    return all_rules()


def check(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """The credentials in ``file``."""
    source = file.source
    taken: list[tuple[int, int]] = []
    for finding, start, end in _known(source, source.text):
        taken.append((start, end))
        yield finding


def _known(source: Source, text: str) -> Iterator[tuple[Finding, int, int]]:
    keys: list[tuple[int, int]] = []
    if "PRIVATE" in text or "PuTTY-User-Key-File-" in text:
        from .private_keys import find

        for key in find(text):
            keys.append((key.start, key.end))
            message = f"{key.kind} in clear" if not key.cipher else f"{key.kind}, encrypted ({key.cipher})"
            yield _finding(source, key.rule, text, key.start, key.end, message), key.start, key.end
    matches = [m for m in scan(text) if not _within(m.start, m.end, keys)]
    if not matches:
        return
    from .formats import load
    from .judge import grade
    from .rules import rule_of

    for m in matches:
        fmt = load(m.number)
        token = text[m.start : m.end]
        seen = grade(token)
        if seen == "fake" or (seen == "weak" and m.near >= 0 and not m.keyed):
            continue
        rule = rule_of(fmt)
        weak = seen == "weak"
        tier: Tier | None = "warn" if weak and rule.tier == "block" else None
        if rule.tier == "audit" and m.keyed and _called_secret(text[m.start - m.near - 24 : m.start]):
            tier = "warn"
        confidence: Confidence | None = "low" if weak else None
        yield (
            _finding(source, rule, text, m.start, m.end, f"{rule.title} ({redact(token)})", tier, confidence),
            m.start,
            m.end,
        )


def _called_secret(gap: str) -> bool:
    """Whether an identifier stands under a name that calls it a secret."""
    from re import search

    return search(r"(?i)token|secret|passw|private", gap) is not None and search(r"(?i)public|_ids?\b|Id\b|name", gap) is None


def _within(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(s < end and start < e for s, e in spans)


def _finding(
    source: Source, rule: Rule, text: str, start: int, end: int, message: str, tier: Tier | None = None, confidence: Confidence | None = None
) -> Finding:
    return report(
        rule, source.path, source.span(start, end), message, subject=subject(rule.id, text[start:end]), tier=tier, confidence=confidence
    )


def redact(token: str) -> str:
    """What may be shown of a secret: at most its first four characters, of a short one nothing; and its length."""
    shown = token[:4] + "…, " if len(token) >= 16 else ""
    return f"{shown}{len(token)} characters"


def subject(rule: str, token: str) -> str:
    """What identifies a secret without giving it away: a keyed hash."""
    from hashlib import blake2b

    return blake2b(token.encode("utf-8", "surrogatepass"), key=rule.encode()[:64], digest_size=16).hexdigest()
