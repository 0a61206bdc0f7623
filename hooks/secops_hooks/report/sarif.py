"""SARIF 2.1.0 as GitHub code scanning reads it (OASIS sarif-v2.1.0; docs.github.com, "SARIF support for code scanning")."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from .. import __version__
from ..finding import Finding, Rule, Severity
from .lines import printable
from .model import Report

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
HOME: Final = "https://github.com/secops-hooks/secops-hooks"
_LEVELS: Final[dict[Severity, str]] = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCORES: Final[dict[Severity, str]] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.5"}
_PRECISION: Final = {"high": "very-high", "medium": "high", "low": "medium"}
_TEXT_LIMIT: Final = 1024


def write(report: Report) -> Iterator[str]:
    """The whole log."""
    import json

    yield json.dumps(document(report), indent=1, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The log as plain values: one run for all families."""
    fired = {item.finding.rule.id: item.finding.rule for item in report.items}
    rules = {**report.rules, **fired}
    order = {rule_id: number for number, rule_id in enumerate(rules)}
    seen: Counter[str] = Counter()
    results = []
    for item in report.items:
        seen[item.fingerprint] += 1
        results.append(_result(item.finding, order[item.finding.rule.id], f"{item.fingerprint}:{seen[item.fingerprint]}"))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "secops-hooks",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "informationUri": HOME,
                        "rules": [_rule(rule, rule_id in fired) for rule_id, rule in rules.items()],
                    }
                },
                "automationDetails": {"id": f"secops-hooks/{'-'.join(report.families)}/"},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the directory in which the check was started"}}},
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "exitCode": report.exit_code,
                        "properties": {"files": report.files, "bytes": report.size, "suppressed": len(report.suppressed)},
                    }
                ],
                "results": results,
            }
        ],
    }


def _rule(rule: Rule, fired: bool) -> dict[str, Any]:
    """A rule's description; the long texts only where a result needs them."""
    described: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title[:_TEXT_LIMIT]},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "family": rule.family,
            "cwe": rule.cwe,
            "equivalents": list(rule.equivalents),
            "security-severity": _SCORES[rule.severity],
        },
    }
    if fired:
        tags = ["security", f"secops/{rule.family}", *([f"external/cwe/cwe-{rule.cwe:03d}"] if rule.cwe else [])]
        links = "".join(f"\n\n{each}" for each in rule.references)
        described |= {
            "name": "".join(part.capitalize() for part in rule.id.split("-")),
            "fullDescription": {"text": rule.why[:_TEXT_LIMIT]},
            "help": {"text": f"{rule.why}\n\n{rule.fix}{links}", "markdown": f"{rule.why}\n\n**Fix:** {rule.fix}{links}"},
        }
        described["properties"] |= {"tags": tags, "precision": _PRECISION[rule.confidence]}
    return described


def _result(finding: Finding, index: int, line_hash: str) -> dict[str, Any]:
    span = finding.span
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": {"block": "error", "warn": "warning", "audit": "note"}[finding.tier],
        "message": {"text": printable(finding.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(finding.path),
                    "region": {
                        "startLine": span.line,
                        "startColumn": span.col,
                        "endLine": max(span.line, span.end_line),
                        "endColumn": span.end_col if span.end_line > span.line else max(span.col, span.end_col),
                    },
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": line_hash},
        "properties": {
            "severity": finding.severity,
            "tier": finding.tier,
            "confidence": finding.confidence,
            "keyPath": printable(finding.key_path),
        },
    }


def _location(path: str) -> dict[str, Any]:
    from urllib.parse import quote

    encoded = quote(os.fsencode(path))
    if os.path.isabs(path):
        return {"uri": "file://" + ("" if encoded.startswith("/") else "/") + encoded}
    return {"uri": encoded, "uriBaseId": "SRCROOT"}
