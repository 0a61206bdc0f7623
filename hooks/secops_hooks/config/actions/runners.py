"""Jobs on machines of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..match import Hit
from .workflow import (
    FORK_EVENTS,
    PULL_EVENTS,
    Job,
    at,
    fields,
    items,
    model_of,
    texts,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node
    from .workflow import Job


def _self_hosted(job: Job) -> Node | None:
    """The ``runs-on`` entry of a job that (also) runs on machines of one's own; an excluded matrix value does not count."""
    node = job.parts.get("runs-on")
    if node is None:
        return None
    labels = [each.text.strip().lower() for each in texts(node)]
    group = at(node, "group")
    labels += [each.text.strip().lower() for each in texts(at(node, "labels"))]
    if "self-hosted" in labels or group is not None:
        return node
    for label in labels:
        name = re.fullmatch(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}", label)
        if name and "self-hosted" in _matrix_values(job, name[1]):
            return node
    return None


def _matrix_values(job: Job, name: str) -> set[str]:
    matrix = at(job.parts.get("strategy"), "matrix")
    values = {each.text.strip().lower() for each in _leaves(at(matrix, name))}
    values -= {
        each.text.strip().lower() for item in items(at(matrix, "exclude")) if len(fields(item)) == 1 for each in _leaves(at(item, name))
    }
    return values | {each.text.strip().lower() for item in items(at(matrix, "include")) for each in _leaves(at(item, name))}


def _leaves(node: Node | None) -> Iterator[Node]:
    for each in node.resolved.walk() if node is not None else ():
        if each.kind == "scalar":
            yield each


def self_hosted_for_strangers(file: File, tree: Tree) -> Iterator[Hit]:
    """A runner of one's own for pull requests, issues and comments."""
    model = model_of(file)
    if model is not None and (FORK_EVENTS | PULL_EVENTS) & set(model.triggers):
        for job in model.jobs:
            node = _self_hosted(job)
            if node is not None and at(node, "group") is None:
                yield Hit(node, key=True)


def self_hosted(file: File, tree: Tree) -> Iterator[Hit]:
    """A runner of one's own in any other workflow."""
    model = model_of(file)
    if model is None:
        return
    public = bool((FORK_EVENTS | PULL_EVENTS) & set(model.triggers))
    for job in model.jobs:
        node = _self_hosted(job)
        if node is not None and (not public or at(node, "group") is not None):
            yield Hit(node, key=True)
