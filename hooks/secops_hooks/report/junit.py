"""JUnit XML, as CI servers read it: one suite a file, one test case a finding, none when there is nothing to tell.

Held to the schema that Jenkins publishes (``junit-10.xsd`` of its xUnit plugin), which knows ``file`` of suites and no ``line`` at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from .lines import printable
from .model import Report


def write(report: Report) -> Iterator[str]:
    """The whole document."""
    from xml.sax.saxutils import quoteattr

    def attribute(text: str) -> str:
        return quoteattr(_allowed(printable(text)))

    def numbers(count: int, seconds: float) -> str:
        return f'tests="{count}" failures="{count}" errors="0" time="{seconds:.3f}"'

    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="secops-hooks" {numbers(len(report.items), report.seconds)}>\n'
    for path, items in groupby(report.items, lambda item: item.finding.path):
        found = [item.finding for item in items]
        yield f"<testsuite name={attribute(path)} file={attribute(path)} {numbers(len(found), 0)}>\n"
        for f in found:
            name = attribute(f"{f.rule.id} {f.path}:{f.span.line}:{f.span.col}")
            yield f'<testcase classname={attribute(f.rule.id)} name={name} time="0">\n'
            yield f"<failure message={attribute(f.message)} type={attribute(f.severity)}>{_text(f'{f.rule.why} {f.rule.fix}')}</failure>\n"
            yield "</testcase>\n"
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _text(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_allowed(printable(text)))


def _allowed(text: str) -> str:
    """``text`` without what XML 1.0 cannot hold even escaped."""
    return "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
