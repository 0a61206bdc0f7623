"""Annotations for GitHub Actions: one workflow command a finding (docs.github.com, "Workflow commands")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .lines import printable
from .model import Report
from .text import summary

_COMMANDS: Final = {"block": "error", "warn": "warning", "audit": "notice"}


def write(report: Report) -> Iterator[str]:
    """Lines of the log that GitHub turns into annotations, then the summary."""
    for item in report.items:
        f = item.finding
        place = f"file={_property(f.path)},line={f.span.line},col={f.span.col}"
        if f.span.end_line == f.span.line:  # an end column is only understood on one line
            place += f",endLine={f.span.end_line},endColumn={max(f.span.col, f.span.end_col)}"
        yield f"::{_COMMANDS[f.tier]} {place},title={_property(f.rule.id)}::{_data(f.message)}%0A{_data(f.rule.fix)}\n"
    yield summary(report) + "\n"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
