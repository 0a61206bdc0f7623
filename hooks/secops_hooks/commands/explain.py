"""``secops-hooks explain RULE``: what a rule is about, why, what to do, and examples."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Final

from ..cli import UsageError
from ..finding import FAMILIES, Example, Rule
from ..report.terminal import columns
from ..run import CLEAN, rules_of

_EXAMPLES: Final = 2  # of each sort; more do not teach more


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", help="a rule id of ours, or another tool's (checkov:CKV_K8S_16, DL3002)")


def main(options: Namespace) -> int:
    """Print the page of each rule that goes by that name."""
    rules = rules_of(FAMILIES)
    found = named(rules, options.rule)
    if not found:
        from difflib import get_close_matches

        close = get_close_matches(options.rule, rules, 3)
        raise UsageError(f"no rule {options.rule!r}" + (f"; did you mean {', '.join(close)}?" if close else ""))
    print("\n".join("".join(page(_illustrated(rule), columns())) for rule in found), end="")
    return CLEAN


def named(rules: dict[str, Rule], name: str) -> list[Rule]:
    """The rules whose id, alias or equivalent is ``name``."""
    if name in rules:
        return [rules[name]]
    low = name.lower()
    return [
        rule
        for rule in rules.values()
        if low in (alias.lower() for alias in rule.aliases)
        or any(low in (each.lower(), each.lower().partition(":")[2]) for each in rule.equivalents)
    ]


def _illustrated(rule: Rule) -> Rule:
    """``rule`` with its examples; those of credential formats are made only now, so that none lies anywhere."""
    if rule.family != "secrets":
        return rule
    from ..secrets.examples import with_examples

    return with_examples(rule)


def page(rule: Rule, width: int = 100) -> Iterator[str]:
    """The lines of a rule's page as plain text, at most ``width`` columns wide (examples as they are)."""
    cwe = f", CWE-{rule.cwe}" if rule.cwe else ""
    yield f"{rule.id}: {rule.title}\n\n"
    yield f"  {rule.family}, tier {rule.tier}, severity {rule.severity}, confidence {rule.confidence}{cwe}\n\n"
    yield from _paragraph("Why: ", rule.why, width)
    yield from _paragraph("Fix: ", rule.fix, width)
    if rule.aliases:
        yield from _paragraph("Once called: ", ", ".join(rule.aliases), width)
    if rule.equivalents:
        yield from _paragraph("Elsewhere: ", ", ".join(rule.equivalents), width)
    for each in rule.references:
        yield f"  See: {each}\n"
    for heading, examples in (("Stopped", rule.bad), ("Fine", rule.good)):
        for example in examples[:_EXAMPLES]:
            yield f"\n  {heading}{' (' + example.path + ')' if example.path else ''}:\n\n"
            yield from (f"    {line}".rstrip() + "\n" for line in _unmarked(example).splitlines())
    yield "\n"


def _paragraph(label: str, text: str, width: int) -> Iterator[str]:
    from textwrap import wrap

    yield from (
        line + "\n"
        for line in wrap(
            text, max(40, width - 2), initial_indent=f"  {label}", subsequent_indent=" " * (2 + len(label)), break_on_hyphens=False
        )
    )


def _unmarked(example: Example) -> str:
    return example.text.replace("«", "").replace("»", "")
