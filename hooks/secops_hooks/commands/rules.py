"""``secops-hooks rules``: the rules there are, one line each."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..finding import FAMILIES, TIERS
from ..run import CLEAN, FOUND, rules_of


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--family", choices=FAMILIES, help="only this family")
    parser.add_argument("--tier", choices=TIERS, help="only this tier")
    parser.add_argument("--test", action="store_true", help="prove the rules of your own rule files by their examples")
    parser.add_argument("--equivalents", action="store_true", help="which of our rules stand for which check of another tool")


def main(options: Namespace) -> int:
    """Print the table, or the outcome of the test."""
    if options.test:
        return _test()
    rules = rules_of((options.family,) if options.family else FAMILIES)
    chosen = [rule for rule in rules.values() if options.tier in (None, rule.tier) and options.family in (None, rule.family)]
    if options.equivalents:
        for theirs, ours in sorted((each, rule.id) for rule in chosen for each in rule.equivalents):
            print(f"{theirs}\t{ours}")
        return CLEAN
    for rule in sorted(chosen, key=lambda rule: (rule.family, rule.id)):
        print(f"{rule.id}\t{rule.family}\t{rule.tier}\t{rule.severity}\t{rule.title}")
    return CLEAN


def _test() -> int:
    """Run the examples of the rules in the files that ``[config] rule-files`` names."""
    import os

    from ..cli import UsageError
    from ..config.own import failures, own_rules
    from ..files.tree import WorkTree, root_of
    from ..policy.settings import Settings, find, load

    cwd = os.getcwd()
    root = root_of(cwd)
    path = find(root, cwd)
    settings = load(path) if path else Settings()
    if not settings.option("config", "rule-files", ()):
        raise UsageError("no rule files: name them in [config] rule-files of .secops.toml")
    rules = own_rules(WorkTree(root), settings)
    wrong = failures(rules)
    for line in wrong:
        print(line)
    examples = sum(len(rule.bad) + len(rule.good) for rule in rules)
    print(f"{len(rules)} rules, {examples} examples, {len(wrong)} failed")
    return FOUND if wrong else CLEAN
