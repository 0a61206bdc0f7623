"""Only what a change brings: findings on lines it touched, and those elsewhere that were not there before it.

The second kind is what a look at lines misses: a lock that drifted because its manifest changed, a root user that appears because
a USER line went away. They are told by checking the parent's version in the same way and comparing fingerprints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar


class Identity(NamedTuple):
    """What a finding is, wherever in its file it stands. ``path`` is the name that the file had before the change."""

    rule: str
    path: str
    fingerprint: str


T = TypeVar("T")


def brought(
    items: Iterable[T],
    identity: Callable[[T], Identity],
    before: Mapping[Identity, int],
    is_touched: Callable[[T], bool],
) -> list[T]:
    """The ``items`` that stand on touched lines or are more than there were ``before`` (identities and their number)."""
    left = Counter(before)
    kept = []
    for item in items:
        who = identity(item)
        known = left[who] > 0
        if known:
            left[who] -= 1
        if not known or is_touched(item):
            kept.append(item)
    return kept
