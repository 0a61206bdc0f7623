"""The published shapes: JSON schemas (draft 2020-12) of settings, of the ``json`` report and of the ledger, and the problem matcher.

``docs/schema/`` holds what :func:`printed` gives; a test keeps them the same.
"""

from __future__ import annotations

from typing import Any, Final

from ..finding import CONFIDENCES, FAMILIES, SEVERITIES, TIERS
from ..policy.schema import REQUIRED, SCHEMA

NAMES: Final = ("settings", "report", "suppressions", "problem-matcher")
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Final = {"string": "string", "boolean": "boolean", "integer": "integer", "date": "string"}
_DATE: Final = r"^(\d{4}-\d{2}-\d{2})?$"


def printed(name: str) -> str:
    """The document called ``name`` (one of :data:`NAMES`) as it is published."""
    import json

    made: dict[str, Any] = {"settings": settings, "report": report, "suppressions": suppressions, "problem-matcher": problem_matcher}[
        name
    ]()
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def settings() -> dict[str, Any]:
    """Of ``.secops.toml``, for editors."""
    title = "secops-hooks settings (.secops.toml, or [tool.secops-hooks] in pyproject.toml)"
    return {"$schema": DRAFT, "title": title, **_table("")}


def _table(section: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for key, about in SCHEMA[section].items():
        shape: dict[str, Any] = {"description": about.meaning}
        if about.type in ("list", "expressions"):
            shape |= {"type": "array", "items": _one_of(about.choices) if about.choices else {"type": "string"}}
        elif about.type == "tables":
            shape |= {"type": "array", "items": _table(key)}
        elif key == "rules":
            shape |= {"type": "object", "additionalProperties": _table("rules")}
        elif about.type == "table":
            shape |= _table(key) if key in SCHEMA else {"type": "object", "additionalProperties": _one_of(about.choices)}
        else:
            shape |= {"type": _TYPES[about.type], **({"enum": list(about.choices)} if about.choices else {})}
        properties[key] = shape
    made = {"type": "object", "additionalProperties": False, "properties": properties}
    return made | ({"required": [next(iter(properties))]} if section in REQUIRED else {})


def _one_of(choices: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(choices)}


def _closed(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these keys."""
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


def _text(meaning: str) -> dict[str, Any]:
    return {"type": "string", "description": meaning}


def _number(meaning: str, least: int = 0) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "description": meaning}


def _finding() -> dict[str, dict[str, Any]]:
    return {
        "rule": _text("the rule's id; stable"),
        "family": _one_of((*FAMILIES, "kernel")),
        "path": _text("relative to the directory the check was started in, with /; control characters escaped"),
        "line": _number("1-based", 1),
        "column": _number("1-based, in code points", 1),
        "end_line": _number("1-based", 1),
        "end_column": _number("1-based, exclusive", 1),
        "severity": _one_of(SEVERITIES),
        "confidence": _one_of(CONFIDENCES),
        "tier": _one_of(TIERS),
        "message": _text("what is wrong here; never a secret in clear"),
        "key_path": _text("path of the key in a structured file, or empty"),
        "why": _text("why it matters"),
        "fix": _text("what to do"),
        "cwe": {"type": ["integer", "null"], "description": "number of the weakness, if there is one"},
        "equivalents": {"type": "array", "items": {"type": "string"}, "description": "the same check elsewhere, tool:id"},
    }


def report() -> dict[str, Any]:
    """Of ``--format json``."""
    summary = _closed(
        files=_number("files looked at"),
        bytes=_number("their size"),
        seconds={"type": "number", "minimum": 0},
        findings=_closed(**{tier: _number(f"findings of tier {tier}") for tier in TIERS}),
        suppressed=_number("findings that were accepted"),
        exit_code={"enum": [0, 1, 3], "description": "0 clean, 1 findings, 3 something could not be analysed"},
        text=_text("the same for people"),
    )
    found = _closed(**_finding(), line_text=_text("the source line, secrets masked"), fingerprint=_text("survives moved lines"))
    accepted = _closed(
        **_finding(), reason=_text("why it is accepted"), by=_text("what accepts it: secops, baseline, a file, another tool")
    )
    return {
        "$schema": DRAFT,
        "title": "secops-hooks report (--format json)",
        **_closed(
            version={"const": 1, "description": "of this layout; a key that goes or changes its meaning raises it"},
            tool=_closed(name={"const": "secops-hooks"}, version=_text("of the tool")),
            summary=summary,
            findings={"type": "array", "items": found},
            suppressed={"type": "array", "items": accepted},
        ),
    }


def suppressions() -> dict[str, Any]:
    """Of ``secops-hooks suppressions --format json``."""
    entry = _closed(
        rules=_text("what it accepts, as it is written"),
        path=_text("the file it stands in"),
        line=_number("the line it stands on", 1),
        scope=_text("of an entry of the settings: the paths and keys it holds for; else empty"),
        by=_text("secops, settings, or the tool whose mark it is"),
        reason=_text("empty: none is said"),
        until={"type": "string", "pattern": _DATE, "description": "the last day it holds; empty: no end"},
        expired={"type": "boolean"},
        author=_text("who wrote the line, by git blame; empty: not committed"),
        since={"type": "string", "pattern": _DATE, "description": "the day the line was written"},
        age_days={"type": ["integer", "null"], "minimum": 0},
    )
    return {"$schema": DRAFT, "title": "secops-hooks ledger (suppressions --format json)", "type": "array", "items": entry}


_WHERE: Final = r"^(.+?):(\d+):(\d+): (?:critical|high|medium|low|info) ([\w-]+) "


def problem_matcher() -> dict[str, Any]:
    """For GitHub Actions (``::add-matcher::``): the lines of the text report, by tier."""
    kinds = (
        ("block", "error", r"(?!.*\[(?:warn|audit)\]$)(.+)$"),
        ("warn", "warning", r"(.+) \[warn\]$"),
        ("audit", "notice", r"(.+) \[audit\]$"),
    )
    return {
        "problemMatcher": [
            {
                "owner": f"secops-hooks-{tier}",
                "severity": severity,
                "pattern": [{"regexp": _WHERE + rest, "file": 1, "line": 2, "column": 3, "code": 4, "message": 5}],
            }
            for tier, severity, rest in kinds
        ]
    }
