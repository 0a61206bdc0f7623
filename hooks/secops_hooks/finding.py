"""The plain values everything else speaks in: rules, findings, positions.

Standard library only, no I/O. Nothing here knows a file format, a reporter or a family.
"""

from __future__ import annotations

from .records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    Severity: TypeAlias = Literal["critical", "high", "medium", "low", "info"]
    Confidence: TypeAlias = Literal["high", "medium", "low"]
    Tier: TypeAlias = Literal["block", "warn", "audit"]
    Family: TypeAlias = Literal["secrets", "config", "pins", "python", "kernel"]
else:
    Severity = Confidence = Tier = Family = str

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
TIERS: tuple[Tier, ...] = ("block", "warn", "audit")
FAMILIES: tuple[Family, ...] = ("secrets", "config", "pins", "python")


class Span(NamedTuple):
    """A stretch of a file: 1-based lines and columns, columns in code points of the decoded text, end exclusive."""

    line: int
    col: int
    end_line: int
    end_col: int


class Example(NamedTuple):
    """A small file that proves a rule. In a bad one «…» marks the exact span that must be reported; a good one has no mark.

    An empty mark «» stands for a zero-width position. ``path`` is where the file would lie in a repository; empty
    means the default path of the rule's platform. ``beside`` holds further files (path, text) of the same tree, ``before``
    the files of the parent commit, for rules about what a commit changes.
    """

    text: str
    path: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    before: tuple[tuple[str, str], ...] = ()


class Edit(NamedTuple):
    """Replace ``text[start:end]`` (offsets in code points) by ``replacement``."""

    start: int
    end: int
    replacement: str


class Fix(NamedTuple):
    """A mend of one finding. ``safe``: cannot change behaviour other than closing the hole."""

    edits: tuple[Edit, ...]
    safe: bool = True


class Rule(NamedTuple):
    """What is wrong, how bad, why, what to do, and the proof (``bad`` and ``good``).

    ``match`` is what the rule's family needs to find it; only that family looks inside.
    ``equivalents`` are ``tool:id`` of the same check elsewhere, such as ``checkov:CKV_K8S_16``.
    """

    id: str
    family: Family
    title: str
    severity: Severity
    tier: Tier
    why: str
    fix: str
    confidence: Confidence = "high"
    cwe: int = 0
    match: object = None
    equivalents: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()
    aliases: tuple[str, ...] = ()


class Finding(NamedTuple):
    """One violation of one rule at one place.

    ``message`` never holds a secret in clear. ``subject`` identifies what was found independently of its line (the key
    path and value, the dependency, a keyed hash of a secret) and feeds fingerprints.
    """

    rule: Rule
    path: str
    span: Span
    message: str
    severity: Severity
    confidence: Confidence
    tier: Tier
    key_path: str = ""
    subject: str = ""
    fix: Fix | None = None

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        return (self.path, self.span.line, self.span.col, self.rule.id, self.message)


def report(
    rule: Rule,
    path: str,
    span: Span,
    message: str = "",
    *,
    key_path: str = "",
    subject: str = "",
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    tier: Tier | None = None,
    fix: Fix | None = None,
) -> Finding:
    """A finding of ``rule`` at ``span`` of ``path``; what is not given is the rule's own."""
    return Finding(
        rule,
        path,
        span,
        message or rule.title,
        severity or rule.severity,
        confidence or rule.confidence,
        tier or rule.tier,
        key_path,
        subject,
        fix,
    )


class Problem(NamedTuple):
    """Something in a file that could not be analysed: ``reason`` in plain words, and where."""

    reason: str
    span: Span = Span(1, 1, 1, 1)


UNANALYSABLE = Rule(
    id="unanalysable",
    family="kernel",
    title="this file could not be analysed",
    severity="high",
    tier="block",
    why="A check that cannot read a file has not checked it; passing it would be a green tick for nothing.",
    fix=(
        'Mend the file. If it is right as it is, exempt it with a reason: an [[ignore]] entry with rule = "unanalysable" '
        'in .secops.toml, or unanalysable = "warn" for all files.'
    ),
)
