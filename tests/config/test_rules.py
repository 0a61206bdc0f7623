"""Every rule is proved by its own examples: the exact span in bad ones, silence in good ones, mends that mend."""

from __future__ import annotations

import re

import pytest

from secops_hooks.config import check as door
from secops_hooks.config.examples import place, unmark
from secops_hooks.config.match import Arguments, Commands, Custom, Keys, Missing, Variables
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import CONFIDENCES, SEVERITIES, TIERS, UNANALYSABLE, Edit, Example, Finding, Fix, Rule
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings

RULES = door.rules()
_REFERENCE = re.compile(
    r"\$\{|\$\(|\$\[|\$[A-Za-z_]|\{\{|\{%|<%|var\.|local\.|!Ref|!Sub|Fn::|\"Ref\"|!reference|!vault|os\.environ|getenv|env\(|ENV\["
    r"|@[a-z.]+@|\[parameters\(|process\.env"
)


def findings(path: str, text: str, beside: tuple[tuple[str, str], ...] = ()) -> list[Finding]:
    tree = MemoryTree({path: text, **dict(beside)})
    file = load(tree, path)
    assert file is not None
    return list(door.check(file, tree, Settings(tier="audit")))


BAD = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES.values() for n, example in enumerate(rule.bad)]
GOOD = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES.values() for n, example in enumerate(rule.good)]


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_example_is_found_at_its_marks(rule: Rule, example: Example) -> None:
    text, marks = unmark(example.text)
    assert marks, "a bad example marks what is reported"
    path = place(rule, example)
    found = findings(path, text, example.beside)
    assert UNANALYSABLE not in [f.rule for f in found], [f.message for f in found]
    tree = MemoryTree({path: text})
    source = tree.source(path)
    assert sorted(f.span for f in found if f.rule is rule) == sorted(source.span(*mark) for mark in marks)


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_good_example_is_silent(rule: Rule, example: Example) -> None:
    assert "«" not in example.text
    found = findings(place(rule, example), example.text, example.beside)
    assert [f.message for f in found if f.rule is rule or f.rule is UNANALYSABLE] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_rule_is_finished(rule: Rule) -> None:
    assert rule.family == "config"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert rule.severity in SEVERITIES
    assert rule.tier in TIERS
    assert rule.confidence in CONFIDENCES
    assert isinstance(rule.match, Keys | Missing | Arguments | Commands | Variables | Custom)
    assert rule.cwe > 0
    assert rule.bad
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    assert not rule.title.endswith(".")
    assert rule.references
    assert all(r.startswith("https://") for r in rule.references)
    assert all(re.fullmatch(r"[a-z-]+:\S+", e) for e in rule.equivalents), rule.equivalents
    bad = [_words(unmark(example.text)[0]) for example in rule.bad]
    alike = [max(len(words & theirs) / len(theirs) for theirs in bad) for words in (_words(example.text) for example in rule.good)]
    assert max(alike, default=0) >= 0.5, "no good example that almost matches: half of a bad one's words"
    templated = [example for example in rule.good if _REFERENCE.search(example.text)]
    assert templated, "no good example with a variable or template"
    assert any(len(word) > 2 for example in templated for theirs in bad for word in _words(example.text) & theirs), (
        "the good example with a variable has nothing to do with the bad ones"
    )


def _words(text: str) -> set[str]:
    """The words and signs of an example, letter case apart."""
    return set(re.findall(r"[a-z_][\w.-]*|\d+|[^\w\s]", text.lower()))


def mended(text: str, mends: list[Fix]) -> tuple[str, int]:
    """The text with all mends that do not overlap an earlier one, and how many those are."""
    taken: list[Edit] = []
    done = 0
    for fix in mends:
        if all(edit.end <= other.start or edit.start >= other.end for edit in fix.edits for other in taken):
            taken += fix.edits
            done += 1
    for edit in sorted(taken, reverse=True):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text, done


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_mend_removes_the_finding_and_brings_no_other(rule: Rule, example: Example) -> None:
    text, _ = unmark(example.text)
    path = place(rule, example)
    before = findings(path, text, example.beside)
    mends = [f.fix for f in before if f.rule is rule and f.fix is not None]
    repaired, done = mended(text, mends)
    after = findings(path, repaired, example.beside)
    assert len([f for f in after if f.rule is rule]) <= len([f for f in before if f.rule is rule]) - done
    assert {f.rule.id for f in after} <= {f.rule.id for f in before}


def test_many_rules_have_a_mend() -> None:
    mending = set()
    for param in BAD:
        rule, example = param.values
        mending |= {f.rule.id for f in findings(place(rule, example), unmark(example.text)[0], example.beside) if f.fix is not None}
    assert len(mending) >= 60
