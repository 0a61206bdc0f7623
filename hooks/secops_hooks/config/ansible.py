"""A view of Ansible playbooks and roles for rules: tasks, the modules they call, and the arguments of those in both notations.

Knows the format, not what is bad.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..parse.node import UNKNOWN, Node

if TYPE_CHECKING:
    from ..parse import File

_PAIR: Final = re.compile(r"(?<!\S)([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|\S*)")


class Call(NamedTuple):
    """A module called by a task: the task, the module's entry, its name without collection, and its arguments."""

    task: Node
    node: Node
    module: str
    arguments: dict[str, Node]


def calls(file: File, modules: Iterable[str]) -> Iterator[Call]:
    """Every call of one of ``modules``, by short or full name."""
    document = file.document
    wanted = frozenset(modules)
    for key, nodes in document.index.items() if document is not None else ():
        name = key.rpartition(".")[2]
        if name not in wanted or key.count(".") not in (0, 2):
            continue
        for node in nodes:
            task = node.parent
            if task is not None and task.parent is not None and task.key is None:
                yield Call(task, node, name, _arguments(node, task))


def _arguments(node: Node, task: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    further = task.get("args")
    for source in (node.resolved, further.resolved if further is not None else None):
        if source is not None and source.kind == "mapping":
            found.update({entry.key: entry for entry in source.entries() if entry.key is not None})
    if node.resolved.kind == "scalar":
        found.update(_pairs(node.resolved))
    return found


def _pairs(node: Node) -> Iterator[tuple[str, Node]]:
    """``name=value`` pairs of the short notation, each value at its place."""
    from ..parse.locate import located

    place = located(node)
    for pair in _PAIR.finditer(node.text):
        text = pair[2].strip("\"'")
        unknown = "{{" in text or "$" in text
        made = Node(
            "scalar", node.source, place.offset(pair.start(2)), place.end(pair.end(2)), value=UNKNOWN if unknown else text, text=text
        )
        made.parent, made.key = node, pair[1]
        made.key_start = made.start
        yield pair[1], made
