"""GitLab's ``secret_detection`` report: the findings of credentials only."""

from __future__ import annotations

from collections.abc import Iterator

from . import gitlab
from .model import Report


def write(report: Report) -> Iterator[str]:
    """The whole document."""
    items = tuple(item for item in report.items if item.finding.rule.family == "secrets")
    return gitlab.write(report._replace(families=("secrets",), items=items))
