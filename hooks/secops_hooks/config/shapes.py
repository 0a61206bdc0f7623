"""Rules that differ only in what they look for: the shape they share. Makes rules, looks at nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Example, Rule
from .match import Custom, Keys

if TYPE_CHECKING:
    from ..finding import Severity, Tier
    from .match import CustomFunction, Mend, Where
    from .predicates import Predicate


def server_rule(
    id: str, title: str, kind: str, paths: tuple[str, ...], when: Predicate, bad: str, good: tuple[str, ...], why: str, fix: str,
    cwe: int, reference: str, tier: Tier = "block", severity: Severity = "high", where: tuple[Where, ...] = (),
    mend: Mend | None = None, key: bool = False, equivalents: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """A rule about a directive of a server; ``paths`` and ``when`` as in ``Keys``. In tests and examples servers may be open."""
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix,
        match=Keys((kind,), paths, when, where, "key" if key else "value", "", mend, not_traits=("test", "example", "docs")),
        equivalents=equivalents, references=(reference,), bad=(Example(bad),), good=tuple(Example(text) for text in good),
    )  # fmt: skip


def custom_server_rule(
    id: str, title: str, kind: str, find: CustomFunction, words: tuple[str, ...], bad: str, good: tuple[str, ...], why: str, fix: str,
    cwe: int, reference: str, tier: Tier = "block", severity: Severity = "high", equivalents: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """The same for what a function finds in files in which one of ``words`` is a directive."""
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix,
        match=Custom((kind,), find, words), equivalents=equivalents, references=(reference,),
        bad=(Example(bad),), good=tuple(Example(text) for text in good),
    )  # fmt: skip
