"""The shortest report: one line a finding, and the summary."""

from __future__ import annotations

from collections.abc import Iterator

from .model import Report
from .text import Painter, finding_line, summary


def write(report: Report) -> Iterator[str]:
    """Lines of the report, each with its line end."""
    paint = Painter(report)
    yield from (finding_line(item.finding, paint) + "\n" for item in report.items)
    yield paint("good" if report.exit_code == 0 else "bold", summary(report)) + "\n"
