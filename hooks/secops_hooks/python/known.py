"""bandit's baseline: a JSON report whose findings are accepted. What makes two findings the same is as in ``bandit.core.issue``:
the file, the test, severity, confidence, CWE and text, not the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONDecodeError, loads
from typing import Any

from .walk import Issue

Known = frozenset[tuple[str, ...]]


class NoReport(ValueError):
    """The file is no JSON report of bandit."""


def known(text: str, root: str) -> Known:
    """The identities of the findings in the report ``text``, whose paths may begin with ``root``. Raises :class:`NoReport`."""
    try:
        results = loads(text)["results"]
        return frozenset(_identities(results, root))
    except (JSONDecodeError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise NoReport("this is no JSON report of bandit") from error


def identity(issue: Issue, path: str) -> tuple[str, ...]:
    """What tells ``issue`` in the file at ``path`` from others."""
    return (path, issue.test, issue.name, issue.severity, issue.confidence, str(issue.cwe), issue.text)


def _identities(results: Any, root: str) -> Iterator[tuple[str, ...]]:
    for each in results:
        path = each["filename"].replace("\\", "/").removeprefix(root.rstrip("/") + "/" if root else "./").removeprefix("./")
        cwe = (each.get("issue_cwe") or {}).get("id", 0)
        said = (each[key] for key in ("test_id", "test_name", "issue_severity", "issue_confidence"))
        yield (path, *said, str(int(cwe)), each["issue_text"])
