"""``secops-hooks rules``: the rules there are, one line each."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..finding import FAMILIES, TIERS
from ..run import CLEAN, rules_of


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--family", choices=FAMILIES, help="only this family")
    parser.add_argument("--tier", choices=TIERS, help="only this tier")
    parser.add_argument("--equivalents", action="store_true", help="which of our rules stand for which check of another tool")


def main(options: Namespace) -> int:
    """Print the table."""
    rules = rules_of((options.family,) if options.family else FAMILIES)
    chosen = [rule for rule in rules.values() if options.tier in (None, rule.tier) and options.family in (None, rule.family)]
    if options.equivalents:
        for theirs, ours in sorted((each, rule.id) for rule in chosen for each in rule.equivalents):
            print(f"{theirs}\t{ours}")
        return CLEAN
    for rule in sorted(chosen, key=lambda rule: (rule.family, rule.id)):
        print(f"{rule.id}\t{rule.family}\t{rule.tier}\t{rule.severity}\t{rule.title}")
    return CLEAN
