"""``secops-hooks explain RULE``: what a rule is about, why, what to do, and examples."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from ..cli import UsageError
from ..finding import FAMILIES, Example, Rule
from ..run import CLEAN, rules_of


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
    print("\n".join("".join(page(_illustrated(rule))) for rule in found), end="")
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


def page(rule: Rule) -> Iterator[str]:
    """The lines of a rule's page, as plain text."""
    cwe = f", CWE-{rule.cwe}" if rule.cwe else ""
    yield f"{rule.id}: {rule.title}\n\n"
    yield f"  {rule.family}, tier {rule.tier}, severity {rule.severity}, confidence {rule.confidence}{cwe}\n\n"
    yield f"  Why: {rule.why}\n"
    yield f"  Fix: {rule.fix}\n"
    if rule.equivalents:
        yield f"  Also known as: {', '.join(rule.equivalents)}\n"
    for each in rule.references:
        yield f"  See: {each}\n"
    for heading, examples in (("Stopped", rule.bad), ("Fine", rule.good)):
        for example in examples:
            yield f"\n  {heading}{' (' + example.path + ')' if example.path else ''}:\n\n"
            yield from (f"    {line}\n" for line in _unmarked(example).splitlines())
    yield "\n"


def _unmarked(example: Example) -> str:
    return example.text.replace("«", "").replace("»", "")
