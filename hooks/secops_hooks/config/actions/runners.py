"""Jobs on machines of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..match import Hit
from .contexts import Path, path_of
from .expression import Binary, Call, Expr, Literal, templates
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


_LABEL: Final = r"(?<![\w-])self-hosted(?![\w-])"


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
        for template in templates(label):
            if template.expr is not None and any(re.search(_LABEL, value) for value in _values(template.expr, job)):
                return node
    return None


def _values(expr: Expr, job: Job) -> Iterator[str]:
    """The strings that ``expr`` may give: its literals and the matrix values that it reads."""
    path = path_of(expr)
    if path is not None and path[0] == "matrix" and len(path) > 1:
        yield from _matrix_values(job, path[1:])
    elif isinstance(expr, Literal) and isinstance(expr.value, str):
        yield expr.value.lower()
    elif isinstance(expr, Binary) and expr.op in ("&&", "||"):
        yield from _values(expr.right, job)
        if expr.op == "||":
            yield from _values(expr.left, job)
    elif isinstance(expr, Call) and expr.name in ("fromjson", "format", "join", "case"):
        for arg in expr.args:
            yield from _values(arg, job)


def _matrix_values(job: Job, path: Path) -> set[str]:
    """What ``matrix.path`` may be; what is excluded by this value alone does not count."""
    matrix = at(job.parts.get("strategy"), "matrix")
    values = {each.text.strip().lower() for listed in items(at(matrix, path[0])) for each in _leaves(at(listed, *path[1:]))}
    values -= {
        each.text.strip().lower() for item in items(at(matrix, "exclude")) if len(fields(item)) == 1 for each in _leaves(at(item, *path))
    }
    return values | {each.text.strip().lower() for item in items(at(matrix, "include")) for each in _leaves(at(item, *path))}


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
