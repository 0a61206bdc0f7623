"""A cloud resource as a file describes it, and the way to its settings. The languages differ in their own modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ...parse.node import UNKNOWN, Node
from .values import VALUES, chosen_between, looped, stands_for

if TYPE_CHECKING:
    from ...parse import File


_MANY: Final = 64  # nodes; with aliases one node can stand in very many places


class Resource(NamedTuple):
    """``body`` holds the settings; ``at`` is the entry under whose key a setting that is not there is reported.

    ``type`` is the language's own name for it (``aws_s3_bucket``, ``AWS::S3::Bucket``); a type in lower case for ARM, a
    module's short name for Ansible. ``explicit``: absent settings say nothing (a module of which we do not know the defaults).
    """

    type: str
    name: str
    body: Node
    at: Node
    explicit: bool = False


class View(NamedTuple):
    """All resources of one file."""

    file: File
    resources: tuple[Resource, ...]

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types."""
        return (resource for resource in self.resources if resource.type in types)


class Way(NamedTuple):
    """A path below a resource: the names allowed at each step; whether lists at its end stand for their items."""

    steps: tuple[tuple[str, ...], ...]
    items: bool


@lru_cache(maxsize=4096)
def way(path: str) -> Way:
    """``a.{b,c}.d`` or ``a.d[]`` (the items of what may be a list). Lists on the way are always looked through."""
    items = path.endswith("[]")
    keys = path.removesuffix("[]")
    steps = [step.strip("{}").split(",") for step in keys.split(".")] if keys else []
    return Way(tuple(tuple(step) for step in steps), items)


def reach(body: Node, path: str) -> list[Node]:
    """The settings at ``path`` (see :func:`way`), in file order; Terraform's ``dynamic`` blocks are seen as what they make."""
    steps, items = way(path)
    nodes = [body]
    for names in steps:
        nodes = [entry for node in nodes for each in _each(node) for entry in _entries(each, names)]
        if len(nodes) > _MANY:
            nodes = list({id(node.resolved): node for node in nodes}.values())
    values = body.source.memo.get(VALUES)
    if isinstance(values, dict):
        nodes = [stands_for(node, values) for node in nodes]
        if items:
            return [stands_for(item, values) for node in nodes for item in _each(node)]
    return [item for node in nodes for item in _each(node)] if items else nodes


_EXPRESSION: Final = re.compile(r"\A\[[A-Za-z]+[(.].*\]\Z", re.DOTALL)


def first(body: Node, path: str) -> Node | None:
    """The first setting at ``path``, if any."""
    return next(iter(reach(body, path)), None)


def deepest(resource: Resource, body: Node, path: str) -> Node:
    """The deepest entry that is there on the way to ``path``: where a missing setting would be written."""
    node, found = body, resource.at if body is resource.body else body
    for names in way(path).steps:
        entry = next((entry for each in _each(node) for entry in _entries(each, names)), None)
        if entry is None:
            break
        node = found = entry
    return found


def is_dynamic(node: Node) -> bool:
    """Whether only the run time knows what stands here: an unknown value, or an intrinsic function of CloudFormation."""
    node = node.resolved
    if node.value is UNKNOWN or (node.kind == "scalar" and node.text[:1] == "[" and _EXPRESSION.match(node.text)):
        return True
    return node.kind == "mapping" and any(_intrinsic(entry.key) for entry in node.children)


def _intrinsic(key: str | None) -> bool:
    return key is not None and (key.startswith("Fn::") or key == "Ref")


def _each(node: Node) -> list[Node]:
    """A list's items, anything else itself. An intrinsic function's arguments are no items, but for the blocks (or lists of
    them) between which a condition chooses: either may come to be."""
    node_ = node.resolved
    branches = chosen_between(node_)
    if branches:
        found = [branch for branch in branches if branch.resolved.kind != "scalar" and not is_dynamic(branch)]
        return [item for branch in found for item in (branch.resolved.children if branch.resolved.kind == "sequence" else [branch])]
    if node_.kind != "sequence":
        return [node]
    if node_.value is UNKNOWN:
        return []
    found = []
    for child in node_.children:  # a list in a list is looked through, but not what an alias stands for: those can multiply
        found += [child] if child.target is not None or child.kind == "scalar" else _each(child)
    return found


def _entries(node: Node, names: tuple[str, ...]) -> list[Node]:
    if node.resolved.kind != "mapping":
        return []
    found: list[Node] = []
    for entry in node.entries():
        if entry.key in names:
            found.append(entry)
        elif entry.key == "dynamic" and entry.kind == "mapping":
            found += [content for block in entry.children if block.key in names for content in _contents(block)]
    return found


def _contents(block: Node) -> list[Node]:
    """What a ``dynamic`` block makes: its content, for each item of the list it goes through if that is known."""
    over, iterator = block.get("for_each"), block.get("iterator")
    values = block.source.memo.get(VALUES)
    name = iterator.text if iterator is not None else block.key or ""
    contents = [content for content in block.children if content.key == "content"]
    if over is None or not isinstance(values, dict):
        return contents
    return [each for content in contents for each in looped(content, name, over, values)]
