"""The rules of family pins: one module a subject, each with ``RULES``; loaded with the first finding, for reports and explanations."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...finding import Rule

MODULES: Final = (
    "images",
    "actions",
    "python",
    "manifests",
    "sources",
    "commands",
    "pipelines",
    "infrastructure",
    "tools",
    "known",
    "locktamper",
    "locks",
    "lockintegrity",
)


@lru_cache(maxsize=256)
def called(name: str) -> Rule:
    """The rule called ``name``; modules are loaded up to the one that has it. Raises ``KeyError``."""
    for module in MODULES:
        for rule in import_module(f".{module}", __name__).RULES:
            if rule.id == name:
                found: Rule = rule
                return found
    raise KeyError(name)


@lru_cache(maxsize=1)
def every() -> Mapping[str, Rule]:
    """All rules by id. Raises ``ValueError`` when one id is used twice."""
    found: dict[str, Rule] = {}
    for module in MODULES:
        rules: tuple[Rule, ...] = import_module(f".{module}", __name__).RULES
        for rule in rules:
            if rule.id in found:
                raise ValueError(f"rule {rule.id} is defined twice")
            found[rule.id] = rule
    return MappingProxyType(found)
