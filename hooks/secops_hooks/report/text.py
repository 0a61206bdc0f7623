"""The report for a terminal: one line a finding, then what each rule is about, then one summary line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..finding import Finding, Rule
from .lines import printable
from .model import Report, bytes_for_people, counts, plural

_COLORS: Final = {"critical": "1;31", "high": "31", "medium": "33", "low": "36", "info": "2", "bold": "1", "dim": "2", "good": "32"}


def write(report: Report) -> Iterator[str]:
    """Lines of the report, each with its line end."""

    def paint(style: str, text: str) -> str:
        return f"\x1b[{_COLORS[style]}m{text}\x1b[0m" if report.color else text

    for item in report.items:
        f = item.finding
        place = f"{printable(f.path)}:{f.span.line}:{f.span.col}:"
        note = "" if f.tier == "block" else f" [{f.tier}]"
        yield f"{paint('bold', place)} {paint(f.severity, f.severity)} {f.rule.id} {printable(f.message)}{paint('dim', note)}\n"
    rules = _rules_in_order([item.finding for item in report.items])
    if rules:
        yield "\n"
    for rule in rules:
        yield f"{paint('bold', rule.id)}: {rule.title}\n"
        yield from _indented("why: ", rule.why, report.width)
        yield from _indented("fix: ", rule.fix, report.width)
    yield paint("good" if report.exit_code == 0 else "bold", summary(report)) + "\n"


def summary(report: Report) -> str:
    """``secops: 3 files, 1.2 kB, 2 findings (1 block, 1 warn), 1 suppressed, 0.05 s``."""
    by_tier = [f"{n} {tier}" for tier, n in counts(report.items).items() if n]
    detail = f" ({', '.join(by_tier)})" if by_tier else ""
    return (
        f"secops: {plural(report.files, 'file')}, {bytes_for_people(report.size)}, {plural(len(report.items), 'finding')}{detail}, "
        f"{len(report.suppressed)} suppressed, {report.seconds:.2f} s"
    )


def _rules_in_order(findings: list[Finding]) -> list[Rule]:
    return list({f.rule.id: f.rule for f in findings}.values())


def _indented(label: str, text: str, width: int) -> Iterator[str]:
    """``text`` wrapped to ``width`` columns below ``label``, four columns in."""
    line, first = "", True
    for word in text.split():
        if line and len(line) + 1 + len(word) > width - 4 - len(label):
            yield f"    {label if first else ' ' * len(label)}{line}\n"
            line, first = word, False
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield f"    {label if first else ' ' * len(label)}{line}\n"
