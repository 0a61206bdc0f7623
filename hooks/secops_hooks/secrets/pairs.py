"""Credentials that come in pairs: where the id of a key stands, its secret is not far, whatever it is called.

The secret of such a pair is nothing but characters of an alphabet, so beside its id it needs no name to be known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from .formats.catalogue import load, of_module
from .judge import grade
from .tie import is_reference, wordy

if TYPE_CHECKING:
    from .candidates import Match
    from .spans import Spans

SECRETS: Final[Mapping[str, str]] = {
    "aws-access-key-id": "aws-secret-access-key",
    "aws-temporary-access-key-id": "aws-secret-access-key",
    "alibaba-cloud-access-key-id": "alibaba-cloud-access-key-secret",
    "tencent-cloud-secret-id": "tencent-cloud-secret-key",
    "twilio-account-sid": "twilio-auth-token",
}
_REACH: Final = 240  # characters between id and secret
_LINES: Final = 5


def partners(text: str, chosen: list[Match], taken: Spans) -> list[Match]:
    """The secrets that stand beside the ids among ``chosen``; ``taken`` says what is spoken for."""
    found: list[Match] = []
    for m in chosen:
        secret = SECRETS.get(load(m.number).slug)
        if secret is None:
            continue
        number = next((n for n in of_module(m.number) if load(n).slug == secret), None)
        if number is not None:
            best = _nearest(text, m, number, taken)
            if best is not None and taken.add(best.start, best.end):
                found.append(best)
    return found


def _nearest(text: str, m: Match, number: int, taken: Spans) -> Match | None:
    from .candidates import Match, shaped

    low, high = max(0, m.start - _REACH), min(len(text), m.end + _REACH)
    near: list[tuple[int, Match]] = []
    for shape, compiled in enumerate(shaped(number).patterns):
        for hit in compiled.finditer(text, low, high):
            start, end = hit.span()
            away = start - m.end if start >= m.end else m.start - end
            between = text[m.end : start] if start >= m.end else text[end : m.start]
            if between.count("\n") > _LINES or taken.overlaps(start, end) or not _random(hit.group()) or is_reference(text, start):
                continue
            near.append((away, Match(start, end, number, shape, away, True)))
    return min(near)[1] if near else None


def _random(value: str) -> bool:
    mixed = value.lower() != value and value.upper() != value
    return grade(value) == "good" and any(c.isdigit() for c in value) and (mixed or len(value) == 32) and not wordy(value)
