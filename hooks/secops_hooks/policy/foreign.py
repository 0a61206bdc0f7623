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
    ("checkov", r"""["']?\bid["']?[ \t]*:[ \t]*["']?(CKV2?_[A-Z0-9_]+)\b""", "checkov", "around"),  # Metadata of CloudFormation
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
_ANNOTATIONS: Final = ("checkov", "checkov.io/skip", "kube-linter.io/")  # keys of a manifest or stack, no comments
_CONTAINERS: Final = ("Resources", "resources", "jobs", "services", "functions")  # what they hold stands for itself
_DOCKERFILE: Final = re.compile(r"(?i)(docker|container)file[^/]*\Z")
_PARENTS: Final = "lines by what they stand below"  # keys of Source.memo
_ENDS: Final = "ends of entries"
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
    around = [each for each in reversed(_around(source, line)) if _entry_end(source, each) >= line]
    while around and _key(source, around[0]) in ("", *_CONTAINERS):  # empty: the brace that JSON begins with
        del around[0]
    first = around[0] if around else next_code(source, line)
    return first, _entry_end(source, first)


def _key(source: Source, line: int) -> str:
    return source.line(line).partition(":")[0].strip(" \t\"'{")


def _around(source: Source, line: int) -> list[int]:
    """The lines within whose entries ``line`` stands by indentation, inner ones first; itself among them when it is code."""
    parents = source.memo.get(_PARENTS)
    if not isinstance(parents, list):
        parents = source.memo[_PARENTS] = list(_parents(source))
    found = [] if _is_comment(source.line(line)) else [line]
    while (line := parents[line - 1]) > 0:
        found.append(line)
    return found


def _parents(source: Source) -> Iterator[int]:
    """For each line the one above that is indented less and no comment; 0 for none. Once a file, as it may hold many marks."""
    open_lines: list[tuple[int, int]] = []  # indentation and number of the lines that the next one may stand below
    for number in range(1, len(source.line_starts) + 1):
        text = source.line(number)
        if not text.strip():
            yield 0
            continue
        width = indent(text)
        while open_lines and open_lines[-1][0] >= width:
            open_lines.pop()
        yield open_lines[-1][1] if open_lines else 0
        if not _is_comment(text):
            open_lines.append((width, number))


def _is_comment(text: str) -> bool:
    return text.lstrip().startswith(("#", "//"))


def _entry_end(source: Source, first: int) -> int:
    """The last line of the entry that begins on line ``first``; a comma ends it, as in JSON, where another one begins below."""
    known = source.memo.setdefault(_ENDS, {})
    if not isinstance(known, dict):
        return first
    if first not in known:
        width = indent(source.line(first))
        last = block_end(source, first)
        lines = ((number, source.line(number)) for number in range(first + 1, last + 1))
        next_one = (number for number, text in lines if text.strip() and indent(text) == width and text.lstrip()[0] not in ")}]-")
        known[first] = next(next_one, last + 1) - 1
    return int(known[first])


def _item_around(source: Source, line: int) -> tuple[int, int]:
    """The item of a list (such as a step) that holds ``line``; else ``line`` with the block that it opens."""
    first = next((each for each in _around(source, line) if source.line(each).lstrip().startswith("- ")), line)
    return first, _entry_end(source, first)


def _document_around(source: Source, line: int) -> tuple[int, int]:
    """The YAML document that holds ``line``."""
    first, last = line, line
    while first > 1 and not source.line(first - 1).startswith("---"):
        first -= 1
    while last < len(source.line_starts) and not source.line(last + 1).startswith("---"):
        last += 1
    return first, last
