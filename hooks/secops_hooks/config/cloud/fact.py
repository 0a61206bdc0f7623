"""The vocabulary of the tables: a setting of a type of resource, and the values under which a concept is violated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from ...parse.node import Node, Unknown
from ..match import Hit, Mend
from ..predicates import Predicate
from .resource import Resource, View, deepest, is_dynamic, reach
from .values import EITHER, STAND_IN

Finder: TypeAlias = Callable[[Resource, View], Iterable[tuple[str, Hit]]]
present: Final = "present"  # the setting's being there is what is wrong
never: Final = "never"  # no value is wrong; only its absence


class Fact(NamedTuple):
    """``rule`` is violated where the setting at ``path`` of a resource answers ``bad`` with true.

    ``absent``: the tier of a report when the setting is not there, because the provider's default is insecure.
    ``each``: blocks that are looked at one by one; ``path`` then starts at each.
    ``where``: (path, predicate) that must hold in the block; ``unless``: none of these may hold or be unknown.
    """

    rule: str
    path: str
    bad: Predicate | str
    absent: str = ""
    each: str = ""
    where: tuple[tuple[str, Predicate], ...] = ()
    unless: tuple[tuple[str, Predicate], ...] = ()
    tier: str = ""
    mend: Mend | None = None

    def hits(self, resource: Resource) -> Iterator[Hit]:
        """The places of ``resource`` where the concept is violated."""
        for body in reach(resource.body, self.each + "[]") if self.each else (resource.body,):
            if (body is resource.body or body.resolved.kind == "mapping") and self._concerns(body):
                yield from self._in(resource, body)

    def _concerns(self, body: Node) -> bool:
        for path, wanted in self.where:
            if not any(wanted(node) is True for node in reach(body, path)):
                return False
        for path, harmless in self.unless:
            for node in reach(body, path):
                answer = harmless(node)
                if answer is True or isinstance(answer, Unknown) or is_dynamic(node):
                    return False
        return True

    def _in(self, resource: Resource, body: Node) -> Iterator[Hit]:
        found = reach(body, self.path)
        for node in found:
            wrong = self.bad == present
            if isinstance(self.bad, Predicate):
                wrong = _holds(self.bad, node)
            if wrong:
                yield at(node, tier=self.tier, mend=self.mend)
        if not found and self.absent and not resource.explicit and not is_dynamic(body):
            place = deepest(resource, body, self.path)
            if not is_dynamic(place) and not (place is not body and place.resolved.kind == "scalar" and place is not resource.at):
                name = self.path.removesuffix("[]").rsplit(".", 1)[-1].strip("{}").split(",")[0]
                yield at(place, f"{name} is not set here, and its default is insecure", key=True, tier=self.absent)


def _holds(bad: Predicate, node: Node) -> bool:
    """Whether ``node`` is wrong, whichever of its values it has."""
    if node.tag == EITHER:
        return all(bad(arm) is True for arm in node.children)
    return not is_dynamic(node) and bad(node) is True


def at(node: Node, message: str = "", *, key: bool = False, tier: str = "", mend: Mend | None = None) -> Hit:
    """A hit at a scalar's value, or at the key of a block. A reference is not mended: what it stands for is written elsewhere."""
    mend = mend if node.style != STAND_IN else None
    return Hit(node, message, key=key or node.resolved.kind != "scalar", tier=tier or None, mend=mend)  # type: ignore[arg-type]


class Table:
    """What a platform's module collects: facts and finders by type of resource."""

    def __init__(self) -> None:
        self.facts: dict[str, list[Fact]] = {}
        self.finders: dict[str, list[Finder]] = {}

    def add(self, types: str, *facts: Fact) -> None:
        """These facts hold for each of ``types`` (separated by blanks)."""
        for type_ in types.split():
            self.facts.setdefault(type_, []).extend(facts)

    def find(self, types: str, *finders: Finder) -> None:
        """These functions look at each resource of ``types``."""
        for type_ in types.split():
            self.finders.setdefault(type_, []).extend(finders)
