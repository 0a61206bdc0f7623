"""Every rule of generic secrets against its own examples: the exact span of bad ones, silence on good ones."""

from __future__ import annotations

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Example, Finding, Rule
from secops_hooks.parse import File
from secops_hooks.secrets import generic
from secops_hooks.secrets.generic.ruleset import RULES


def find(path: str, text: str) -> list[Finding]:
    tree = MemoryTree({path: text})
    return list(generic.find(File(Source.from_text(path, text), detect(path, text)), tree, None, ()))


def cases(kind: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{number}")
        for rule in RULES.values()
        for number, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_bad_example_is_reported_at_its_mark(rule: Rule, example: Example) -> None:
    before, _, rest = example.text.partition("«")
    inside, _, after = rest.partition("»")
    text = before + inside + after
    end = len(before) + len(inside)
    # a mark may stand inside a longer value: the value ends with its quote or line
    source = Source.from_text(example.path, text)
    found = [finding for finding in find(example.path, text) if finding.rule.id == rule.id]
    assert [f.span[:2] for f in found] == [source.position(len(before))], [(f.rule.id, f.span) for f in find(example.path, text)]
    assert found[0].span == source.span(len(before), end)
    assert found[0].tier == rule.tier
    assert len(inside) < 8 or inside not in found[0].message + found[0].subject


@pytest.mark.parametrize(("rule", "example"), cases("good"))
def test_good_example_is_quiet(rule: Rule, example: Example) -> None:
    assert [f for f in find(example.path, example.text) if f.tier != "audit"] == []


def test_every_rule_has_examples() -> None:
    assert [rule.id for rule in RULES.values() if not rule.bad or not rule.good] == []
