"""Suppressions in comments: our own marker, and those of other tools through ``equivalents``.

``secops: ignore[rule-id] reason`` holds for its own line, for the next line when it stands alone, and for the whole block
when the next line opens one. ``ignore[rule-id until=2027-03-31]`` expires. ``ignore-file[rule-id]`` in the first
lines holds for the file. Everything is told from the text alone, so that it works in any comment syntax; what stands in a string of
the file is no suppression (``quoted.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ..files.source import Source
from ..finding import FAMILIES, Finding, Rule, Span
from ..lazy import Lazy
from ..records import TYPE_CHECKING, NamedTuple
from .glob import matches_word

if TYPE_CHECKING:
    from typing import Final

TOP_LINES: Final = 30
VOID: Final = "void markers"  # key of Source.memo: spans of markers that do not count, because the change under check brought them

_OWN: Final = r"secops:\s*ignore(?P<file>-file)?(?:\[(?P<rules>[^\]\r\n]*)\])?(?P<reason>[^\r\n]*)"
_UNTIL: Final = r"\buntil=(\S+)"
_FIRST: Final = r"\A[\s:,-]*until=(\S+)"  # written behind the bracket instead of inside
_DAY: Final = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z"
_UNNAMED: Final = {  # what a mark that names no rule is about
    "semgrep": ("secrets", "config", "pins", "python"),
    "bandit": ("secrets",),
    "kics": ("config", "pins", "secrets"),
}
_END_OF_COMMENT: Final = Lazy(r"\s*(?:\*/|-->|#\}|--\}\}|%>|\*\)).*$")

WITHOUT_REASON: Final = Rule(
    id="suppression-without-reason",
    family="kernel",
    title="this suppression says no reason",
    severity="low",
    tier="warn",
    why="Whoever reads it next cannot tell a decision from a convenience.",
    fix="Write why behind the bracket: # secops: ignore[rule-id] the reason.",
)
EXPIRED: Final = Rule(
    id="suppression-expired",
    family="kernel",
    title="this suppression has expired",
    severity="low",
    tier="warn",
    why="It was accepted until a day that has passed; the finding counts again.",
    fix="Mend the finding, or decide anew and write a later day.",
)
UNUSED: Final = Rule(
    id="suppression-unused",
    family="kernel",
    title="this suppression suppresses nothing",
    severity="low",
    tier="warn",
    why="A suppression that outlives its finding hides the next one.",
    fix="Remove it.",
)
RULES: Final = (WITHOUT_REASON, EXPIRED, UNUSED)


class Marker(NamedTuple):
    """One suppression comment: where it stands, the lines it holds for, and what it names (empty: everything of ``tool``)."""

    tool: str
    names: tuple[str, ...]
    first: int
    last: int
    reason: str
    until: str
    span: Span


class Suppressed(NamedTuple):
    """A finding that was accepted, and why."""

    finding: Finding
    reason: str
    by: str


class Result(NamedTuple):
    """What is left after suppression, what was suppressed, and what the suppressions themselves deserve."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    unused: tuple[Marker, ...]


def may_have_markers(source: Source) -> bool:
    """A cheap look: whether the file holds one of our own markers."""
    return "secops:" in source.text


def apply(
    source: Source, findings: Sequence[Finding], today: str, unsuppressible: Sequence[str] = (), require_reason: bool = False
) -> Result:
    """Sort ``findings`` of ``source`` by the suppressions written in it. ``today`` is an ISO date. With ``require_reason``,
    one that says none suppresses nothing."""
    own = list(own_markers(source)) if may_have_markers(source) else []
    foreign: list[Marker] = []
    if findings:
        from .foreign import foreign_markers

        foreign = list(foreign_markers(source))
    void = source.memo.get(VOID)
    if isinstance(void, frozenset):
        own, foreign = [m for m in own if m.span not in void], [m for m in foreign if m.span not in void]
    if not own and not foreign:
        return Result(tuple(findings), (), ())
    kept: list[Finding] = []
    gone: list[Suppressed] = []
    used: set[int] = set()
    unreasoned: list[Marker] = []
    markers = (*own, *foreign)

    def holds(marker: Marker) -> bool:
        return not _is_over(marker, today) and (bool(marker.reason) or not require_reason)

    for finding in findings:
        fixed = any(matches_word(glob, finding.rule.id) for glob in unsuppressible)
        marker = None
        for each in () if fixed else markers:
            if covers(each, finding):
                marker = each if marker is None or holds(each) else marker
                if holds(marker):
                    break
        if marker is None:
            kept.append(finding)
            continue
        used.add(id(marker))
        if holds(marker):
            gone.append(Suppressed(finding, marker.reason or f"{marker.tool} marker", marker.tool))
        else:
            kept.append(finding)
            if not marker.reason and marker.tool != "secops" and marker not in unreasoned:
                unreasoned.append(marker)
    if require_reason:
        kept += [_about(source, m, WITHOUT_REASON) for m in unreasoned]
    kept += [_about(source, m, WITHOUT_REASON) for m in own if not m.reason]
    kept += [_about(source, m, EXPIRED, _over(m)) for m in own if _is_over(m, today)]
    return Result(tuple(kept), tuple(gone), tuple(m for m in own if id(m) not in used))


def _is_over(marker: Marker, today: str) -> bool:
    """Whether a marker's last day has passed, or is none: what cannot be read does not hold for ever."""
    return bool(marker.until) and (compiled(_DAY).match(marker.until) is None or marker.until < today)


def _over(marker: Marker) -> str:
    is_day = compiled(_DAY).match(marker.until) is not None
    return f"this suppression expired on {marker.until}" if is_day else "the last day of this suppression is no date (YYYY-MM-DD)"


def _about(source: Source, marker: Marker, rule: Rule, message: str = "") -> Finding:
    from ..finding import report

    return report(rule, source.path, marker.span, message, subject=",".join(marker.names))


def covers(marker: Marker, finding: Finding) -> bool:
    """Whether ``marker`` holds for ``finding``: by line and by name."""
    if finding.span.line > marker.last or max(finding.span.line, finding.span.end_line) < marker.first:
        return False
    rule = finding.rule
    if marker.tool == "secops":
        ids = (rule.id, rule.family, *rule.aliases)
        return not marker.names or any(matches_word(name, each) for name in marker.names for each in ids)
    if marker.tool == "secrets":
        return rule.family == "secrets"
    if marker.tool == "bandit" and rule.family == "python":
        return False  # bandit has decided on its own marks
    if not marker.names:
        return rule.family in _UNNAMED.get(marker.tool, ())
    prefix = marker.tool + ":"
    equivalents = {each.lower() for each in rule.equivalents}
    if "*" in marker.names:
        return any(each.startswith(prefix) for each in equivalents)
    if marker.tool == "kics":  # equivalents keep the first digits of its ids
        return any(name.lower().startswith(e.removeprefix(prefix)) for name in marker.names for e in equivalents if e.startswith(prefix))
    return any(
        prefix + name.lower() in equivalents or any(e.startswith(prefix) and e.endswith("." + name.lower()) for e in equivalents)
        for name in marker.names
    )


def own_markers(source: Source) -> Iterator[Marker]:
    """Our own markers in ``source``, in file order."""
    from .quoted import in_string

    for m in compiled(_OWN).finditer(source.text):
        span = source.span(m.start(), m.end())
        if in_string(source, span.line, m.start()):
            continue
        inside = m["rules"] or ""
        until = compiled(_UNTIL).search(inside) or compiled(_FIRST).search(m["reason"])
        names = tuple(name for name in compiled(_UNTIL).sub("", inside).replace(",", " ").split() if name)
        reason = reason_in(compiled(_FIRST).sub("", m["reason"]))
        if m["file"]:
            first, last = (1, len(source.line_starts)) if span.line <= TOP_LINES else (0, -1)
        else:
            first, last = scope(source, span.line, m.start())
        yield Marker("secops", names, first, last, reason, until[1] if until else "", span)


def reason_in(rest: str) -> str:
    """The reason that is said in what follows a marker on its line."""
    return _END_OF_COMMENT.sub("", rest).strip(" \t-—–:;,=#/\\\"'()[]{}|")


def scope(source: Source, line: int, offset: int) -> tuple[int, int]:
    """Lines for which a comment at ``line`` holds: its own when it follows code, else the statement or block below it."""
    from .quoted import string_around

    before = source.text[source.line_starts[line - 1] : offset]
    began = string_around(source, line, ends=True)
    if began < line or before.strip(_COMMENT_SIGNS):
        return began, line
    below = next_code(source, line)
    return line, string_around(source, block_end(source, below), ends=False)


_COMMENT_SIGNS: Final = " \t#/*;!-<%{\"'"


def next_code(source: Source, line: int) -> int:
    """The first line after ``line`` that is neither empty nor a comment."""
    last = len(source.line_starts)
    while line < last:
        line += 1
        text = source.line(line).strip()
        if text and not text.startswith(("#", "//", ";", "<!--", "/*", "* ", "--")):
            return line
    return line


def block_end(source: Source, first: int) -> int:
    """The last line of the statement or block that begins on line ``first``: what is indented deeper, continued or closed."""
    opening = source.line(first)
    base, end = indent(opening), first
    section = opening.lstrip().startswith("[")
    for number in range(first + 1, len(source.line_starts) + 1):
        text = source.line(number)
        bare = text.strip()
        if not bare:
            continue
        deeper = indent(text) > base
        continued = source.line(end).rstrip().endswith(("\\", "`", ","))
        closes = indent(text) == base and bare[0] in ")}]"
        item = indent(text) == base and opening.rstrip().endswith(":") and bare.startswith("- ")
        if not (deeper or continued or closes or item or (section and not bare.startswith("["))):
            break
        end = number
    return end


def indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def about_unused(source: Source, unused: Iterable[Marker], rules: Iterable[Rule], unseen: Sequence[Finding]) -> Iterator[Finding]:
    """A warning for each marker that suppressed nothing. ``rules`` are those that ran: a marker for a hook that did not run is none
    of our business. Nor is one for a finding of ``unseen``, all that there are at any tier, of which fewer were asked for."""
    known = frozenset(name for rule in rules for name in (rule.id, rule.family, *rule.aliases))
    ran: dict[str, bool] = {}
    for marker in unused:
        for name in marker.names or FAMILIES:
            if name not in ran:
                ran[name] = any(matches_word(name, each) for each in known)
        if all(ran[name] for name in marker.names or FAMILIES) and not any(covers(marker, each) for each in unseen):
            yield _about(source, marker, UNUSED)
