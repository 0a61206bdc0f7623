"""Rules made ready for files of a kind: sorted by the key that lets each of them begin. Looks at no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..finding import Rule
from ..parse.node import compile_path
from ..records import NamedTuple
from .match import Arguments, Commands, Custom, Keys, Missing, Variables


class Plan(NamedTuple):
    """Rules with a path: by the key that must occur, and by that key folded; those to run on every file; those by variable."""

    exact: dict[str, tuple[tuple[Rule, str], ...]]
    folded: dict[str, tuple[tuple[Rule, str], ...]]
    always: tuple[Rule, ...]
    variables: dict[str, tuple[Rule, ...]]


def fold(key: str) -> str:
    """A key without case and separators: how ``verify_ssl``, ``verifySSL`` and ``VERIFY-SSL`` become one."""
    return key.lower().replace("_", "").replace("-", "").replace(".", "")


def last_names(pattern: str) -> tuple[str, ...]:
    """The names of the last step of ``pattern`` that names a key; none when it ends in a wildcard."""
    for step in reversed(compile_path(pattern)):
        if step.kind == "key":
            return step.names
        if step.kind == "deep":
            return ()
    return ()


def plan(rules: Iterable[Rule]) -> Plan:
    """The rules, by the key that lets them begin."""
    exact: dict[str, dict[tuple[str, str], tuple[Rule, str]]] = {}
    folded: dict[str, dict[tuple[str, str], tuple[Rule, str]]] = {}
    always: dict[str, Rule] = {}
    variables: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        match = rule.match
        if isinstance(match, Variables):
            for name in match.names:
                variables[name] = (*variables.get(name, ()), rule)
            continue
        for key, path in _beginnings(match):
            if key:
                table = folded if isinstance(match, Keys) and match.fold else exact
                table.setdefault(key, {})[rule.id, path] = (rule, path)
            else:
                always[rule.id] = rule
    return Plan(
        {key: tuple(row.values()) for key, row in exact.items()},
        {key: tuple(row.values()) for key, row in folded.items()},
        tuple(always.values()),
        variables,
    )


def _beginnings(match: object) -> Iterator[tuple[str, str]]:
    """The keys that let ``match`` begin, each with the path to check then; an empty key: nothing can be said beforehand."""
    if isinstance(match, Keys | Missing):
        for path in match.paths if isinstance(match, Keys) else match.parents:
            for name in last_names(path) or ("",):
                yield name, path
    elif isinstance(match, Arguments):
        yield from (("command", ""), ("args", ""), ("extraArgs", ""), ("kubeletExtraArgs", ""))
    elif isinstance(match, Custom) and match.words:
        for word in match.words:
            yield word, ""
    elif isinstance(match, Custom | Commands):
        yield "", ""
