"""Suppressions that other tools understand, honoured as they stand: what each looks like, and for how much of a file it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..files.source import Source
from ..records import TYPE_CHECKING
from .quoted import in_string
from .suppress import TOP_LINES, Marker, block_end, compiled, indent, next_code, reason_in, scope

if TYPE_CHECKING:
    from typing import Final

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
    ("noqa:", r"#\s*noqa:[ \t]*(?:(?!S\d)[A-Z]++\d++[ \t]*+,?+[ \t]*+)*+(S\d+(?:[ \t]*+,?+[ \t]*+[A-Z]+\d+)*)", "ruff", "line"),
    ("zizmor:", r"#\s*zizmor:\s*ignore\[([\w\-, ]+)\]", "zizmor", "item"),
    ("checkov:skip", r"checkov:skip=(\w+):?", "checkov", "around"),
    ("bridgecrew:skip", r"bridgecrew:skip=(\w+):?", "checkov", "around"),
    ("checkov.io/skip", r"checkov\.io/skip\d*[\"']?:[ \t]*[\"']?(\w+)=?", "checkov", "document"),
    ("tfsec:ignore", r"tfsec:ignore:([\w\-]+|\*)", "tfsec", "line"),
    ("trivy:ignore", r"trivy:ignore:([\w\-]+|\*)", "trivy", "line"),
    ("kics-scan", r"kics-scan ignore-line\b", "kics", "below"),
    ("kics-scan", r"kics-scan ignore-block\b", "kics", "next"),
    ("kics-scan", r"kics-scan ignore(?!-)\b", "kics", "top"),
    ("kics-scan", r"kics-scan disable=([\w\-]+(?:,[\w\-]+)*)", "kics", "top"),
    ("kube-linter.io/", r"ignore-check\.kube-linter\.io/([\w-]+)[\"']?:", "kube-linter", "document"),
    ("hadolint ignore", r"hadolint\s+ignore=([\w, ]+)", "hadolint", "next"),
    ("hadolint global ignore", r"hadolint\s+global\s+ignore=([\w, ]+)", "hadolint", "file"),
    ("nosem", r"\bnosem(?:grep)?\b(?::[ \t]*([\w.\-]+(?:[ \t]*,[ \t]*[\w.\-]+)*))?", "semgrep", "line"),
)
_ANNOTATIONS: Final = ("checkov.io/skip", "kube-linter.io/")  # keys of a manifest, no comments
_CONTAINERS: Final = ("Resources", "resources", "jobs", "services", "functions")  # what they hold stands for itself
_DOCKERFILE: Final = re.compile(r"(?i)(docker|container)file[^/]*\Z")
_FAR: Final = 1 << 16
_EXPIRY: Final = r"[ \t]*:?exp:(\d{4}-\d\d-\d\d)"  # of tfsec and trivy


def foreign_markers(source: Source) -> Iterator[Marker]:
    """Markers of other tools in ``source``."""
    text = source.text
    for word, pattern, tool, reach in _FOREIGN:
        if word not in text:
            continue
        for m in compiled(pattern).finditer(text):
            span = source.span(m.start(), m.end())
            if word not in _ANNOTATIONS and in_string(source, span.line, m.start()):
                continue
            names = tuple((m[1] or "").replace(",", " ").split()) if m.re.groups else ()
            first, last = _reach(source, span.line, m.start(), reach)
            rest = source.line(span.line)[span.end_col - 1 :] if span.end_line == span.line else ""
            expiry = compiled(_EXPIRY).match(rest)
            yield Marker(tool, names, first, last, reason_in(rest[expiry.end() if expiry else 0 :]), expiry[1] if expiry else "", span)


def _reach(source: Source, line: int, offset: int, reach: str) -> tuple[int, int]:
    if reach == "file":
        return 1, len(source.line_starts)
    if reach == "top":
        return (1, len(source.line_starts)) if line <= TOP_LINES else (0, -1)
    if reach == "document":
        return _document_around(source, line)
    if reach == "next":
        return next_code(source, line), block_end(source, next_code(source, line))
    if reach == "below":
        return next_code(source, line), next_code(source, line)
    if reach == "around":
        return _block_around(source, line)
    if reach == "item" and source.line(line)[: offset - source.line_starts[line - 1]].strip():
        return _item_around(source, line)
    return scope(source, line, offset)


def _block_around(source: Source, line: int) -> tuple[int, int]:
    """The resource, job or other block whose lines hold ``line``, else the block below; of a Dockerfile all of it."""
    if _DOCKERFILE.search(source.path):
        return 1, len(source.line_starts)
    first, last = _block_at(source, line, 0, 0)
    while first and _key(source, first) in _CONTAINERS:
        first, last = _block_at(source, line, first, indent(source.line(first)) + 1)
    if first:
        return first, last
    below = next_code(source, line)
    return below, block_end(source, below)


def _key(source: Source, line: int) -> str:
    return source.line(line).partition(":")[0].strip(" \t\"'{")


def _block_at(source: Source, line: int, after: int, least: int) -> tuple[int, int]:
    """The block that holds ``line`` and begins behind line ``after``, as far out as an indentation of ``least`` allows; ``0, 0``
    where there is none."""
    found = (0, 0)
    width = _FAR
    for number in range(line, after, -1):
        text = source.line(number)
        if text.strip() and least <= indent(text) < width and not text.lstrip().startswith(("#", "//")):
            width = indent(text)
            end = block_end(source, number)
            if end >= line:
                found = (number, end)
            if width == least:
                break
    return found


def _item_around(source: Source, line: int) -> tuple[int, int]:
    """The item of a list (such as a step) that holds ``line``; else ``line`` with the block that it opens."""
    width = indent(source.line(line)) + 1
    for number in range(line, 0, -1):
        text = source.line(number)
        if text.strip() and indent(text) < width and not text.lstrip().startswith("#"):
            width = indent(text)
            if text.lstrip().startswith("- "):
                return number, block_end(source, number)
            if not width:
                break
    return line, block_end(source, line)


def _document_around(source: Source, line: int) -> tuple[int, int]:
    """The YAML document that holds ``line``."""
    first, last = line, line
    while first > 1 and not source.line(first - 1).startswith("---"):
        first -= 1
    while last < len(source.line_starts) and not source.line(last + 1).startswith("---"):
        last += 1
    return first, last
