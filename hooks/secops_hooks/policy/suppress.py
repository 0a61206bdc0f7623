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
from ..finding import Finding, Rule, Span
from ..lazy import Lazy
from ..records import TYPE_CHECKING, NamedTuple
from .glob import matches_word

if TYPE_CHECKING:
    from typing import Final

TOP_LINES: Final = 30
VOID: Final = "void markers"  # key of Source.memo: spans of markers that do not count, because the change under check brought them

_OWN: Final = r"secops:\s*ignore(?P<file>-file)?(?:\[(?P<rules>[^\]\r\n]*)\])?(?P<reason>[^\r\n]*)"
_UNTIL: Final = r"\buntil=(\S+)"
_FOREIGN: Final = (
    # (what must occur at all, pattern, tool for equivalents, scope); group 1 names rules, if any
    ("pragma: allowlist", r"pragma: ?allowlist secret", "secrets", "line"),
    ("pragma: allowlist", r"pragma: ?allowlist nextline secret", "secrets", "next"),
    ("pragma: whitelist", r"pragma: ?whitelist secret", "secrets", "line"),
    ("gitleaks:allow", r"gitleaks:allow", "secrets", "line"),
    ("betterleaks:allow", r"betterleaks:allow", "secrets", "line"),
    ("trufflehog:ignore", r"trufflehog:ignore", "secrets", "line"),
    ("kingfisher:", r"kingfisher:(?:ignore|allow)", "secrets", "line"),
    ("ggignore", r"\bggignore\b(?!-)", "secrets", "line"),
    ("secretlint-disable-line", r"secretlint-disable-line", "secrets", "line"),
    ("secretlint-disable-next-line", r"secretlint-disable-next-line", "secrets", "next"),
    ("nosec", r"#\s*nosec\b:?[ \t]*((?:[A-Za-z_]*\d{3}\b|[a-z_]+\b)?(?:[ \t]*,[ \t]*\w+)*)", "bandit", "line"),
    ("noqa:", r"#\s*noqa:[ \t]*(?:(?!S\d)[A-Z]+\d+[ \t]*,?[ \t]*)*(S\d+(?:[ \t]*,?[ \t]*[A-Z]+\d+)*)", "ruff", "line"),
    ("zizmor:", r"#\s*zizmor:\s*ignore\[([\w\-, ]+)\]", "zizmor", "line"),
    ("checkov:skip", r"checkov:skip=(\w+):?", "checkov", "around"),
    ("bridgecrew:skip", r"bridgecrew:skip=(\w+):?", "checkov", "around"),
    ("checkov.io/skip", r"checkov\.io/skip\d*[\"']?:[ \t]*[\"']?(\w+)=?", "checkov", "document"),
    ("tfsec:ignore", r"tfsec:ignore:([\w\-]+|\*)", "tfsec", "line"),
    ("trivy:ignore", r"trivy:ignore:([\w\-]+|\*)", "trivy", "line"),
    ("kics-scan", r"kics-scan ignore-line\b", "kics", "next"),
    ("kics-scan", r"kics-scan ignore-block\b", "kics", "next"),
    ("kics-scan", r"kics-scan ignore(?!-)\b", "kics", "top"),
    ("kics-scan", r"kics-scan disable=([\w\-]+(?:,[\w\-]+)*)", "kics", "top"),
    ("kube-linter.io/", r"ignore-check\.kube-linter\.io/([\w-]+)[\"']?:", "kube-linter", "document"),
    ("hadolint ignore", r"hadolint\s+ignore=([\w, ]+)", "hadolint", "next"),
    ("hadolint global ignore", r"hadolint\s+global\s+ignore=([\w, ]+)", "hadolint", "file"),
    ("nosem", r"\bnosem(?:grep)?\b(?::[ \t]*([\w.\-]+(?:[ \t]*,[ \t]*[\w.\-]+)*))?", "semgrep", "line"),
)
_ANNOTATIONS: Final = ("checkov.io/skip", "kube-linter.io/")  # keys of a manifest, no comments
_EXPIRY: Final = r"[ \t]*:?exp:(\d{4}-\d\d-\d\d)"  # of tfsec and trivy
_UNNAMED: Final = {  # what a mark that names no rule is about
    "semgrep": ("secrets", "config", "pins", "python"),
    "bandit": ("python", "secrets"),
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
    foreign = list(foreign_markers(source)) if findings else []
    void = source.memo.get(VOID)
    if isinstance(void, frozenset):
        own, foreign = [m for m in own if m.span not in void], [m for m in foreign if m.span not in void]
    if not own and not foreign:
        return Result(tuple(findings), (), ())
    kept: list[Finding] = []
    gone: list[Suppressed] = []
    used: set[int] = set()
    unreasoned: list[Marker] = []

    def holds(marker: Marker) -> bool:
        return (not marker.until or marker.until >= today) and (bool(marker.reason) or not require_reason)

    for finding in findings:
        fixed = any(matches_word(glob, finding.rule.id) for glob in unsuppressible)
        about = [] if fixed else [m for m in (*own, *foreign) if covers(m, finding)]
        marker = next((m for m in about if holds(m)), about[0] if about else None)
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
    kept += [_about(source, m, EXPIRED, f"this suppression expired on {m.until}") for m in own if m.until and m.until < today]
    return Result(tuple(kept), tuple(gone), tuple(m for m in own if id(m) not in used))


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

    for m in _compiled(_OWN).finditer(source.text):
        span = source.span(m.start(), m.end())
        if in_string(source, span.line, m.start()):
            continue
        inside = m["rules"] or ""
        until = _compiled(_UNTIL).search(inside)
        names = tuple(name for name in _compiled(_UNTIL).sub("", inside).replace(",", " ").split() if name)
        reason = _reason(m["reason"])
        if m["file"]:
            first, last = (1, len(source.line_starts)) if span.line <= TOP_LINES else (0, -1)
        else:
            first, last = scope(source, span.line, m.start())
        yield Marker("secops", names, first, last, reason, until[1] if until else "", span)


def foreign_markers(source: Source) -> Iterator[Marker]:
    """Markers of other tools in ``source``."""
    from .quoted import in_string

    text = source.text
    for word, pattern, tool, reach in _FOREIGN:
        if word not in text:
            continue
        for m in _compiled(pattern).finditer(text):
            span = source.span(m.start(), m.end())
            if word not in _ANNOTATIONS and in_string(source, span.line, m.start()):
                continue
            names = tuple((m[1] or "").replace(",", " ").split()) if m.re.groups else ()
            first, last = _reach(source, span.line, m.start(), reach)
            rest = source.line(span.line)[span.end_col - 1 :] if span.end_line == span.line else ""
            expiry = _compiled(_EXPIRY).match(rest)
            yield Marker(tool, names, first, last, _reason(rest[expiry.end() if expiry else 0 :]), expiry[1] if expiry else "", span)


def _reason(rest: str) -> str:
    """The reason that is said in what follows a marker on its line."""
    return _END_OF_COMMENT.sub("", rest).strip(" \t-—–:;,=#/\\\"'()[]{}|")


def _reach(source: Source, line: int, offset: int, reach: str) -> tuple[int, int]:
    if reach == "file":
        return 1, len(source.line_starts)
    if reach == "top":
        return (1, len(source.line_starts)) if line <= TOP_LINES else (0, -1)
    if reach == "document":
        return _document_around(source, line)
    if reach == "next":
        return _next_code(source, line), block_end(source, _next_code(source, line))
    if reach == "around":
        return _block_around(source, line)
    return scope(source, line, offset)


def scope(source: Source, line: int, offset: int) -> tuple[int, int]:
    """Lines for which a comment at ``line`` holds: its own when it follows code, else the statement or block below it."""
    from .quoted import string_around

    before = source.text[source.line_starts[line - 1] : offset]
    began = string_around(source, line, ends=True)
    if began < line or before.strip(_COMMENT_SIGNS):
        return began, line
    below = _next_code(source, line)
    return line, string_around(source, block_end(source, below), ends=False)


_COMMENT_SIGNS: Final = " \t#/*;!-<%{\"'"


def _next_code(source: Source, line: int) -> int:
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
    base, end = _indent(opening), first
    section = opening.lstrip().startswith("[")
    for number in range(first + 1, len(source.line_starts) + 1):
        text = source.line(number)
        bare = text.strip()
        if not bare:
            continue
        deeper = _indent(text) > base
        continued = source.line(end).rstrip().endswith(("\\", "`", ","))
        closes = _indent(text) == base and bare[0] in ")}]"
        item = _indent(text) == base and opening.rstrip().endswith(":") and bare.startswith("- ")
        if not (deeper or continued or closes or item or (section and not bare.startswith("["))):
            break
        end = number
    return end


def _block_around(source: Source, line: int) -> tuple[int, int]:
    """The outermost block whose lines hold ``line``; the whole file where there is none (as in a Dockerfile)."""
    for number in range(line, 0, -1):
        text = source.line(number)
        if text.strip() and _indent(text) == 0 and not text.lstrip().startswith(("#", "//")):
            end = block_end(source, number)
            if end >= line:
                return number, end
            break
    return 1, len(source.line_starts)


def _document_around(source: Source, line: int) -> tuple[int, int]:
    """The YAML document that holds ``line``."""
    first, last = line, line
    while first > 1 and not source.line(first - 1).startswith("---"):
        first -= 1
    while last < len(source.line_starts) and not source.line(last + 1).startswith("---"):
        last += 1
    return first, last


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def about_unused(source: Source, unused: Iterable[Marker], known: frozenset[str]) -> Iterator[Finding]:
    """A warning for each marker that suppressed nothing. ``known`` are the rule ids and families that ran: a marker for a
    hook that did not run is none of our business."""
    for marker in unused:
        if marker.names and not all(any(matches_word(name, each) for each in known) for name in marker.names):
            continue
        yield _about(source, marker, UNUSED)
