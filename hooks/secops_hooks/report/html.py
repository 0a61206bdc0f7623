"""The report as one page that needs nothing else: no request leaves it, it works offline and from a mail attachment.

The page itself is ``page.html``; here its data is put in. Content from scanned files reaches the page only as JSON that its script
sets as text, so that nothing of it can become markup.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any, Final

from .. import __version__
from ..finding import Rule
from .json import finding
from .lines import printable
from .model import Report
from .text import summary

_DATA: Final = "/*DATA*/"


def write(report: Report) -> Iterator[str]:
    """The whole page."""
    import json

    with open(os.path.join(os.path.dirname(__file__), "page.html"), encoding="utf-8") as file:
        page = file.read()
    data = json.dumps(document(report), ensure_ascii=True, separators=(",", ":"))
    # inside <script>, only these could end the element or open a comment
    safe = data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    before, _, after = page.partition(_DATA)
    yield before
    yield safe
    yield after


def document(report: Report) -> dict[str, Any]:
    """What the page shows, as plain values. Each rule's texts are there once."""
    fired = {item.finding.rule.id: item.finding.rule for item in report.items}
    keys = ("rule", "family", "path", "line", "column", "end_line", "end_column", "severity", "confidence", "tier", "message", "key_path")
    findings = []
    for item in report.items:
        whole = finding(item.finding)
        findings.append({**{key: whole[key] for key in keys}, "text": printable(item.line)})
    return {
        "version": __version__,
        "made": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(report.started)),
        "summary": summary(report).removeprefix("secops: "),
        "exit_code": report.exit_code,
        "findings": findings,
        "rules": {rule_id: _rule(rule) for rule_id, rule in fired.items()},
        "suppressed": len(report.suppressed),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "cwe": rule.cwe,
        "references": [each for each in rule.references if each.startswith("https://")],
        "equivalents": list(rule.equivalents),
    }
