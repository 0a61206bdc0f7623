"""The report in Markdown, for a job summary (GitHub: ``>> "$GITHUB_STEP_SUMMARY"``) or a comment on a merge request.

Everything that comes from files is escaped: no link, no image, no HTML and no mention can be made of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ..finding import SEVERITIES, Rule
from ..run import Item
from .lines import printable
from .model import Report
from .text import summary

_MOST: Final = 500  # findings that are listed; a job summary may have one MiB
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]#!|~$^@]|:(?=//)|(?<=www)\.)")  # URLs become links by themselves


def write(report: Report) -> Iterator[str]:
    """Lines of the document."""
    yield f"### secops-hooks: {'passed' if report.exit_code == 0 else 'failed'}\n\n{escaped(summary(report))}\n"
    if not report.items:
        return
    yield "\n" + _table(("family", *SEVERITIES, "all"), _tally(report.items), numbers=True)
    yield "\n" + _table(("severity", "rule", "where", "what"), (_row(item) for item in report.items[:_MOST]))
    if len(report.items) > _MOST:
        yield f"\n{len(report.items) - _MOST} more are in the full report.\n"
    for rule in {item.finding.rule.id: item.finding.rule for item in report.items}.values():
        yield from _rule(rule)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]], numbers: bool = False) -> str:
    line = "|" + "|".join("--:" if numbers and at else "---" for at in range(len(head))) + "|"
    return "\n".join(("| " + " | ".join(head) + " |", line, *("| " + " | ".join(row) + " |" for row in rows))) + "\n"


def _tally(items: tuple[Item, ...]) -> Iterator[tuple[str, ...]]:
    counted = Counter((item.finding.rule.family, item.finding.severity) for item in items)
    for family in dict.fromkeys(item.finding.rule.family for item in items):
        row = [counted[family, severity] for severity in SEVERITIES]
        yield (family, *(str(n or "") for n in row), str(sum(row)))


def _row(item: Item) -> tuple[str, ...]:
    f = item.finding
    note = "" if f.tier == "block" else f" ({f.tier})"
    place = f"{f.path}:{f.span.line}:{f.span.col}"
    return (f.severity + note, code(f.rule.id), code(place), escaped(f.message))


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n<details><summary><code>{_entities(rule.id)}</code>: {_entities(rule.title)}</summary>\n\n"
    yield f"{escaped(rule.why)}\n\n**Fix:** {escaped(rule.fix)}\n"
    for each in rule.references:
        if each.startswith("https://"):
            yield f"\n<{each}>\n"
    yield "\n</details>\n"


def escaped(text: str) -> str:
    """``text`` as Markdown that shows it and nothing else."""
    return _SPECIAL.sub(r"\\\1", _entities(printable(text)))


def code(text: str) -> str:
    """``text`` in typewriter face; a code span of Markdown could be ended by its content."""
    return f"<code>{_SPECIAL.sub(lambda m: f'&#{ord(m[1])};', _entities(printable(text)))}</code>"


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
