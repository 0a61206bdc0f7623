"""GitLab's security report (schema 15): ``sast``, or ``secret_detection`` when only secrets were looked for.

A pipeline that runs all families in one job writes both, each with its own findings: ``gitlab_sast`` and ``gitlab_secrets``.

docs.gitlab.com, "Security report schemas". A secret_detection location must name a commit; outside a pipeline it is all zeros.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any, Final

from .. import __version__
from ..finding import Finding, Severity
from ..run import Item
from .lines import printable
from .model import Report

SCHEMA_VERSION: Final = "15.2.5"
_SEVERITIES: Final[dict[Severity, str]] = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low", "info": "Info"}
_NO_COMMIT: Final = "0" * 40
_NAME_LIMIT: Final = 255


def write(report: Report) -> Iterator[str]:
    """The whole document."""
    import json

    yield json.dumps(document(report), indent=1, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    secrets = report.families == ("secrets",)
    tool = {"id": "secops-hooks", "name": "secops-hooks", "version": __version__, "vendor": {"name": "secops-hooks"}}
    return {
        "version": SCHEMA_VERSION,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "secret_detection" if secrets else "sast",
            "start_time": _time(report.started),
            "end_time": _time(report.started + report.seconds),
            "status": "success",
        },
        "vulnerabilities": [_vulnerability(item, secrets) for item in report.items],
    }


def _time(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _vulnerability(item: Item, secrets: bool) -> dict[str, Any]:
    f = item.finding
    location: dict[str, Any] = {"file": printable(f.path), "start_line": f.span.line, "end_line": max(f.span.line, f.span.end_line)}
    if secrets:
        location["commit"] = {"sha": os.environ.get("CI_COMMIT_SHA") or _NO_COMMIT}
    return {
        "id": _uuid(f"{item.fingerprint}:{f.span.line}:{f.span.col}"),
        "name": printable(f.rule.title)[:_NAME_LIMIT],
        "description": printable(f"{f.message}. {f.rule.why}"),
        "severity": _SEVERITIES[f.severity],
        "solution": f.rule.fix,
        "identifiers": _identifiers(f),
        "location": location,
        "links": [{"url": each} for each in f.rule.references],
    }


def _identifiers(f: Finding) -> list[dict[str, str]]:
    own = [{"type": "secops_rule_id", "name": f.rule.id, "value": f.rule.id}]
    if f.rule.cwe:
        url = f"https://cwe.mitre.org/data/definitions/{f.rule.cwe}.html"
        own.append({"type": "cwe", "name": f"CWE-{f.rule.cwe}", "value": str(f.rule.cwe), "url": url})
    return own


def _uuid(identity: str) -> str:
    from hashlib import blake2b

    digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
