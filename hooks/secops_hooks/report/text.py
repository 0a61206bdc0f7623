"""The report for people: one line a finding, then what each rule is about, then one summary line.

Into files and pipes that is all. On a terminal each finding also shows its source line with a mark under the exact span, files are
set apart, and places and rules are links where the terminal takes them; the finding's own line is the same everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby

from ..finding import Finding, Rule
from ..records import TYPE_CHECKING
from ..run import Item
from .lines import printable
from .model import Report, bytes_for_people, counts, plural
from .terminal import can_show, columns_of, file_url, link

if TYPE_CHECKING:
    from typing import Final

_COLORS: Final = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "2",
    "bold": "1",
    "dim": "2",
    "good": "32",
}
_RULE_SIGNS: Final = ("─", "-")
_BAR_SIGNS: Final = ("│", "|")


class Painter:
    """Colours and links, where there are any."""

    def __init__(self, report: Report) -> None:
        self.color = report.color
        self.base = report.base
        self.fancy = can_show("─│", report.encoding)

    def __call__(self, style: str, text: str) -> str:
        return f"\x1b[{_COLORS[style]}m{text}\x1b[0m" if self.color and text else text

    def sign(self, signs: tuple[str, str]) -> str:
        """The first of ``signs`` where the encoding has it, else the second, plain one."""
        return signs[0] if self.fancy else signs[1]

    def place(self, text: str, path: str) -> str:
        """``text`` as a link to the file at ``path``."""
        return link(text, file_url(os.path.join(self.base, path))) if self.base else text

    def rule(self, rule: Rule) -> str:
        """The id of ``rule``, as a link to the first page about it."""
        url = next((each for each in rule.references if each.startswith("https://") and each.isprintable()), "")
        return link(rule.id, url) if self.base and url else rule.id


def write(report: Report) -> Iterator[str]:
    """Lines of the report, each with its line end."""
    paint = Painter(report)
    if report.rich:
        yield from _by_file(report, paint)
    else:
        yield from (finding_line(item.finding, paint) + "\n" for item in report.items)
    rules = list({item.finding.rule.id: item.finding.rule for item in report.items}.values())
    if rules and not report.rich:
        yield "\n"
    for rule in rules:
        yield f"{paint('bold', paint.rule(rule))}: {rule.title}\n"
        yield from _indented("why: ", rule.why, report.width)
        yield from _indented("fix: ", rule.fix, report.width)
    if rules and report.rich:
        yield "\n"
    yield paint("good" if report.exit_code == 0 else "bold", summary(report)) + "\n"


def finding_line(f: Finding, paint: Painter) -> str:
    """``path:line:col: severity rule-id message``, with the tier behind it unless it blocks."""
    place = paint.place(f"{printable(f.path)}:{f.span.line}:{f.span.col}:", f.path)
    note = "" if f.tier == "block" else f" [{f.tier}]"
    return f"{paint('bold', place)} {paint(f.severity, f.severity)} {paint.rule(f.rule)} {printable(f.message)}{paint('dim', note)}"


def _by_file(report: Report, paint: Painter) -> Iterator[str]:
    """The findings with their source lines, a rule with the file's name above those of each file."""
    for path, group in groupby(report.items, lambda item: item.finding.path):
        items = list(group)
        name, count = printable(path), plural(len(items), "finding")
        fill = max(2, report.width - columns_of(name) - len(count) - 6)
        bar = paint.sign(_RULE_SIGNS)
        yield f"{paint('dim', bar * 2)} {paint('bold', name)} {paint('dim', bar * fill + ' ' + count)}\n"
        for item in items:
            yield finding_line(item.finding, paint) + "\n"
            yield from _source(item, report, paint)
        yield "\n"


def _source(item: Item, report: Report, paint: Painter) -> Iterator[str]:
    from .excerpt import excerpt

    f = item.finding
    if not item.line.strip():
        return
    number = f"{f.span.line:>6} "
    bar = paint("dim", paint.sign(_BAR_SIGNS))
    part = excerpt(item.line, f.span, report.width - len(number) - 2, report.encoding)
    yield f"{paint('dim', number)}{bar} {part.before}{paint(f.severity, part.inside)}{part.after}\n"
    yield f"{' ' * len(number)}{bar} {' ' * part.indent}{paint(f.severity, '^' * part.length)}\n"


def summary(report: Report) -> str:
    """``secops: 3 files, 1.2 kB, 2 findings (1 block, 1 warn), 1 suppressed, 0.05 s``."""
    by_tier = [f"{n} {tier}" for tier, n in counts(report.items).items() if n]
    detail = f" ({', '.join(by_tier)})" if by_tier else ""
    return (
        f"secops: {plural(report.files, 'file')}, {bytes_for_people(report.size)}, {plural(len(report.items), 'finding')}{detail}, "
        f"{len(report.suppressed)} suppressed, {report.seconds:.2f} s"
    )


def _indented(label: str, text: str, width: int) -> Iterator[str]:
    """``text`` wrapped to ``width`` columns below ``label``, four columns in."""
    line, first = "", True
    for word in text.split():
        if line and columns_of(line) + 1 + columns_of(word) > width - 4 - len(label):
            yield f"    {label if first else ' ' * len(label)}{line}\n"
            line, first = word, False
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield f"    {label if first else ' ' * len(label)}{line}\n"
