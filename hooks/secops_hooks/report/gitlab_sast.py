"""GitLab's ``sast`` report: every finding but those of credentials."""

from __future__ import annotations

from collections.abc import Iterator

from . import gitlab
from .model import Report


def write(report: Report) -> Iterator[str]:
    """The whole document."""
    families = tuple(family for family in report.families if family != "secrets")
    items = tuple(item for item in report.items if item.finding.rule.family != "secrets")
    return gitlab.write(report._replace(families=families, items=items))
