"""The report as one JSON object, for programs. Secrets are masked as everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from .. import __version__
from ..finding import Finding
from .lines import printable
from .model import Report, counts
from .text import summary

VERSION: Final = 1  # of this layout; a key that goes or changes its meaning raises it


def write(report: Report) -> Iterator[str]:
    """The whole document."""
    import json

    yield json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "version": VERSION,
        "tool": {"name": "secops-hooks", "version": __version__},
        "summary": {
            "files": report.files,
            "bytes": report.size,
            "seconds": round(report.seconds, 3),
            "findings": counts(report.items),
            "suppressed": len(report.suppressed),
            "exit_code": report.exit_code,
            "text": summary(report),
        },
        "findings": [
            {**finding(item.finding), "line_text": printable(item.line), "fingerprint": item.fingerprint} for item in report.items
        ],
        "suppressed": [{**finding(each.finding), "reason": printable(each.reason), "by": each.by} for each in report.suppressed],
    }


def finding(f: Finding) -> dict[str, Any]:
    """One finding as plain values; positions are 1-based, ``end_column`` is exclusive."""
    return {
        "rule": f.rule.id,
        "family": f.rule.family,
        "path": printable(f.path),
        "line": f.span.line,
        "column": f.span.col,
        "end_line": f.span.end_line,
        "end_column": f.span.end_col,
        "severity": f.severity,
        "confidence": f.confidence,
        "tier": f.tier,
        "message": printable(f.message),
        "key_path": printable(f.key_path),
        "why": f.rule.why,
        "fix": f.rule.fix,
        "cwe": f.rule.cwe or None,
        "equivalents": list(f.rule.equivalents),
    }
