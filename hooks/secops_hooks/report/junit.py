"""JUnit XML, as CI servers read it: one test case a finding, none when there is nothing to tell."""

from __future__ import annotations

from collections.abc import Iterator

from .lines import printable
from .model import Report


def write(report: Report) -> Iterator[str]:
    """The whole document."""
    from xml.sax.saxutils import quoteattr

    def attribute(text: str) -> str:
        return quoteattr(_allowed(printable(text)))

    count = len(report.items)
    numbers = f'tests="{count}" failures="{count}" errors="0" time="{report.seconds:.3f}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="secops-hooks" {numbers}>\n<testsuite name="secops-hooks" {numbers}>\n'
    for item in report.items:
        f = item.finding
        name = attribute(f"{f.rule.id} {f.path}:{f.span.line}:{f.span.col}")
        yield f'<testcase classname={attribute(f.rule.id)} name={name} file={attribute(f.path)} line="{f.span.line}" time="0">\n'
        yield f"<failure message={attribute(f.message)} type={attribute(f.severity)}>{_text(f'{f.rule.why} {f.rule.fix}')}</failure>\n"
        yield "</testcase>\n"
    yield "</testsuite>\n</testsuites>\n"


def _text(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_allowed(printable(text)))


def _allowed(text: str) -> str:
    """``text`` without what XML 1.0 cannot hold even escaped."""
    return "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
