"""Every rule is proved by its own examples: the exact span in bad ones, silence in good ones."""

from __future__ import annotations

import re

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import CONFIDENCES, SEVERITIES, TIERS, UNANALYSABLE, Example, Finding, Rule
from secops_hooks.parse import load
from secops_hooks.pins import check as door
from secops_hooks.policy.settings import Settings

RULES = door.rules()


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without «…» and the offsets between them."""
    marks, out, start, at = [], [], 0, 0
    for piece in re.split("([«»])", text):
        if piece == "«":
            start = at
        elif piece == "»":
            marks.append((start, at))
        else:
            out.append(piece)
            at += len(piece)
    return "".join(out), marks


def findings(example: Example) -> tuple[MemoryTree, list[Finding]]:
    text, _ = unmark(example.text)
    parent = MemoryTree(dict(example.before)) if example.before else None
    tree = MemoryTree({example.path: text, **dict(example.beside)}, parent)
    file = load(tree, example.path)
    assert file is not None
    return tree, list(door.check(file, tree, Settings(tier="audit")))


BAD = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES.values() for n, example in enumerate(rule.bad)]
GOOD = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES.values() for n, example in enumerate(rule.good)]


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_example_is_found_at_its_marks(rule: Rule, example: Example) -> None:
    _, marks = unmark(example.text)
    assert marks, "a bad example marks what is reported"
    tree, found = findings(example)
    assert UNANALYSABLE not in [f.rule for f in found], [f.message for f in found]
    source = tree.source(example.path)
    assert sorted(f.span for f in found if f.rule is rule) == sorted(source.span(*mark) for mark in marks), [
        (f.rule.id, f.span) for f in found
    ]


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_good_example_is_silent(rule: Rule, example: Example) -> None:
    assert "«" not in example.text
    _, found = findings(example)
    assert [f.message for f in found if f.rule is rule or f.rule is UNANALYSABLE] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_rule_is_finished(rule: Rule) -> None:
    assert rule.family == "pins"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert rule.severity in SEVERITIES
    assert rule.tier in TIERS
    assert rule.confidence in CONFIDENCES
    assert rule.cwe > 0 or rule.severity == "info"
    assert rule.bad
    assert rule.good, "a rule with no near miss is unfinished"
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    assert not rule.title.endswith(".")
    assert rule.references or rule.severity == "info"
    assert all(r.startswith("https://") for r in rule.references)
    assert all(re.fullmatch(r"[a-z-]+:\S+", e) for e in rule.equivalents), rule.equivalents
