"""The ``[[ignore]]`` entries of the settings: which findings they accept, which have expired, and whether a run could have used one.

Loaded only where there are entries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..finding import Finding, Rule, report
from .glob import matches, matches_word
from .settings import Ignore, Settings
from .suppress import EXPIRED, Suppressed


def accepted(finding: Finding, settings: Settings, day: str) -> Suppressed | None:
    """``finding`` as an entry of ``settings`` accepts it on ``day`` (an ISO date), or ``None``."""
    if any(matches_word(glob, finding.rule.id) for glob in settings.unsuppressible):
        return None
    for entry in settings.ignore:
        if covers(entry, finding) and not (entry.until and entry.until < day):
            return Suppressed(finding, entry.reason, entry.origin)
    return None


def expired(kept: Sequence[Finding], settings: Settings, day: str) -> Iterator[Finding]:
    """That an entry no longer accepts a finding, told where the finding is."""
    for entry in settings.ignore:
        if entry.until and entry.until < day:
            for finding in kept:
                if covers(entry, finding):
                    said = f"the [[ignore]] entry for {finding.rule.id} expired on {entry.until}"
                    yield report(EXPIRED, finding.path, finding.span, said)


def covers(entry: Ignore, finding: Finding) -> bool:
    """Whether ``entry`` is about ``finding``, whatever the day."""
    return names(entry, finding.rule) and matches(entry.path, finding.path) and (not entry.key or matches_word(entry.key, finding.key_path))


def names(entry: Ignore, rule: Rule) -> bool:
    """Whether ``entry`` names ``rule``: by id, family or alias, or by a glob of these."""
    return any(matches_word(entry.rule, name) for name in (rule.id, rule.family, *rule.aliases))


def families_of(entry: Ignore, rules: Mapping[str, Rule]) -> frozenset[str]:
    """The families of the rules that ``entry`` names."""
    return frozenset(rule.family for rule in rules.values() if names(entry, rule))


def is_covered(glob: str, checked: Collection[str], walked: Iterable[str]) -> bool:
    """Whether every path that ``glob`` could match was looked at: ``checked`` are single files, ``walked`` whole directories
    (``""`` for the root)."""
    parts = glob.strip("/").split("/") if "/" in glob.rstrip("/") else []
    fixed = []
    for part in parts:
        if "*" in part or "?" in part:
            break
        fixed.append(part)
    within = "/".join(fixed)
    if fixed and len(fixed) == len(parts) and within in checked:
        return True
    return any(not directory or within == directory or within.startswith(directory + "/") for directory in walked)
