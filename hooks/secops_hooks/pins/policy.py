"""Which level is enough for what, and how bad it is when a reference has less.

Content for actions, images and downloads; a version for packages and tools; a range is right where a lock fixes it or where a
library states what it works with. Settings may ask for another level by ecosystem (``pins.levels``) and let names float
(``pins.trusted``). Which rule and which words follow stands in ``verdict.py``; the rules themselves are in ``rules/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..policy.glob import matches_word
from ..records import TYPE_CHECKING
from .reference import Level, Reference
from .verdict import JUDGES, Verdict
from .verdict_package import package

if TYPE_CHECKING:
    from typing import Final

    from ..finding import Tier
    from ..policy.settings import Settings

_RANK: Final[Mapping[Level, int]] = {"floating": 0, "version": 1, "content": 2}


def judge(reference: Reference, settings: Settings) -> Iterator[Verdict]:
    """What is wrong with ``reference``: nothing or one verdict. What cannot be known is not judged."""
    if reference.level == "content" or (reference.level == "unverifiable" and reference.ecosystem != "url"):
        return
    trusted = settings.option("pins", "trusted", ())
    if any(matches_word(glob, reference.name) for glob in trusted):
        return
    verdict = JUDGES.get(reference.ecosystem, package)(reference)
    wanted = settings.option("pins", "levels", {}).get(reference.ecosystem)
    if wanted is not None:
        if _RANK.get(reference.level, 2) >= _RANK.get(wanted, 0):
            return
        if verdict is None:
            verdict = _demanded(reference, wanted)
        elif verdict.tier == "audit" or verdict.rule in AUDIT:
            verdict = verdict._replace(tier="warn")
    if verdict is not None:
        yield verdict


# rules whose own tier is audit: unseen unless asked for, and raised by settings that ask for the level (a test keeps this list)
AUDIT: Final = frozenset(
    "lock-downgrade lock-git-dependency lock-weak-integrity module-version-range mutable-module-ref "
    "task-installs-latest unconstrained-provider "
    "unhashed-install unhashed-requirement unlocked-install unpinned-build-requirement unpinned-image "
    "unpinned-install unpinned-pre-commit-hook unpinned-system-package wrapper-without-checksum".split()
)


def is_seen(rule: str, tier: Tier | None, settings: Settings) -> bool:
    """Whether anybody would see a finding of ``rule`` at ``tier`` (its own when ``None``)."""
    return settings.tier == "audit" or rule in settings.rules or not (tier == "audit" or (tier is None and rule in AUDIT))


def _demanded(reference: Reference, wanted: str) -> Verdict:
    return Verdict(
        "unpinned-dependency",
        f"{reference.name} {reference.requested or 'without a version'} is not pinned by {wanted}, which the settings ask for",
        "warn",
    )
