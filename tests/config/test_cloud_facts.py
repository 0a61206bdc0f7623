"""The tables of cloud facts are sound, and each of their rows can be violated."""

from __future__ import annotations

from importlib import import_module

import pytest

from secops_hooks.config import check as door
from secops_hooks.config.cloud.fact import Fact, present
from secops_hooks.config.cloud.resource import way
from secops_hooks.config.predicates import TESTS, Predicate
from secops_hooks.finding import TIERS

RULES = door.rules()
TABLES = ("terraform_aws", "terraform_azure", "terraform_google", "terraform_other", "cloudformation", "arm", "ansible", "serverless")
FACTS = [
    pytest.param(type_, fact, id=f"{table}-{type_}-{fact.each}.{fact.path}-{number}")
    for table in TABLES
    for type_, facts in import_module(f"secops_hooks.config.cloud.{table}").TABLE.facts.items()
    for number, fact in enumerate(facts)
]


@pytest.mark.parametrize(("type_", "fact"), FACTS)
def test_fact_is_sound(type_: str, fact: Fact) -> None:
    assert fact.rule in RULES
    assert fact.absent in ("", *TIERS)
    assert fact.tier in ("", *TIERS)
    assert type_ == type_.strip()
    assert isinstance(fact.bad, Predicate) or fact.bad == present or fact.absent, "a fact that nothing violates"
    for path in (fact.path, fact.each, *(path for path, _ in (*fact.where, *fact.unless))):
        for names in way(path).steps:
            assert all(name and not set(name) & set("{}[]* ") for name in names), f"{path} is not understood"
    for predicate in (fact.bad, *(test for _, test in (*fact.where, *fact.unless))):
        if isinstance(predicate, Predicate):
            assert predicate.name in TESTS


def test_every_cloud_rule_is_reached_by_some_table() -> None:
    import re
    from pathlib import Path

    import secops_hooks.config.cloud as home

    source = "".join(path.read_text(encoding="utf-8") for path in Path(home.__path__[0]).glob("*.py"))
    built = {
        "cloud-bucket-acls-not-blocked",
        "cloud-bucket-policies-not-blocked",
        "cloud-bucket-acls-not-ignored",
        "cloud-bucket-not-restricted",
    }
    named = set(re.findall(r'"((?:cloud|terraform|github)-[a-z0-9-]+)"', source)) | built
    of_cloud = {id for id, rule in RULES.items() if getattr(rule.match, "kinds", ())[:1] == ("terraform",)}
    assert of_cloud
    assert of_cloud <= named


def test_there_are_many_facts() -> None:
    assert len(FACTS) > 1000
