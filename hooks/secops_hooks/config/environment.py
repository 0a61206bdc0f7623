"""Environment variables wherever a file sets them, with the place of each value.

Keys of any mapping, ``ENV`` and ``ARG`` of a Dockerfile, ``name``/``value`` entries of Kubernetes and others, ``NAME=value`` items
of Compose, assignments and ``export`` in shell code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from ..parse.node import UNKNOWN, Node

if TYPE_CHECKING:
    from ..parse import File
    from ..parse.node import Document
    from ..parse.shell_ast import Word

_LISTS: Final = ("environment", "env", "Env", "args", "variables")
_SETTERS: Final = frozenset({"export", "declare", "typeset", "readonly", "setenv", "set"})


def variables(file: File, document: Document, wanted: Collection[str]) -> Iterator[tuple[str, Node]]:
    """Name and value node of each variable of ``wanted`` names that ``file`` sets."""
    index = document.index
    for name in wanted:
        for node in index.get(name, ()):
            if node.resolved.kind == "scalar":
                yield name, node
            elif (described := node.get("value")) is not None and described.resolved.kind == "scalar":
                yield name, described  # GitLab: {value: …, description: …}
    for entry in index.get("name", ()):
        if entry.text in wanted and entry.parent is not None:
            value = entry.parent.get("value")
            if value is not None and value.resolved.kind == "scalar":
                yield entry.text, value
    for key in _LISTS:
        for group in index.get(key, ()):
            yield from _items(group, wanted)
    if any(name in document.source.text for name in wanted):
        yield from _shell(file, wanted)


def _items(group: Node, wanted: Collection[str]) -> Iterator[tuple[str, Node]]:
    group = group.resolved
    if group.kind != "sequence":
        return
    for item in group.children:
        name, equals, value = item.text.partition("=")
        if equals and name in wanted and item.resolved is item:
            skip = len(name) + 1 + (1 if item.style in ("'", '"') else 0)
            end = item.end - (1 if item.style in ("'", '"') else 0)
            made = Node("scalar", item.source, item.start + skip, end, value=item.value, text=value)
            made.parent, made.index = group, item.index
            yield name, made


def _shell(file: File, wanted: Collection[str]) -> Iterator[tuple[str, Node]]:
    from .scripts import calls

    for call in calls(file):
        for assignment in call.command.assignments:
            if assignment.name in wanted and assignment.value is not None:
                yield assignment.name, _word(assignment.value, 0, call.embedded.node)
        if call.command.program in _SETTERS:
            for word in call.command.args:
                name, equals, _ = word.pattern.partition("=")
                if equals and name in wanted:
                    yield name, _word(word, len(name) + 1, call.embedded.node)


def _word(word: Word, skip: int, holder: Node) -> Node:
    """A node for the value that begins ``skip`` characters into ``word``."""
    text = word.text[skip:] if isinstance(word.text, str) else ""
    node = Node("scalar", holder.source, word.start + skip, word.end, value=UNKNOWN if not word.known else text, text=text)
    node.parent, node.key = holder.parent, holder.key
    return node
