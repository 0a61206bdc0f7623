"""Secrets and tokens of a workflow: more of them, or wider ones, than a job needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..match import Hit, Replace
from .contexts import leaves, path_of
from .expression import Call, Expr, Index, Name, Property, Star, walk
from .workflow import (
    Site,
    model_of,
    scalar,
    span_in,
    text_of,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File


def secrets_inherit(file: File, tree: Tree) -> Iterator[Hit]:
    """``secrets: inherit`` for a called workflow."""
    model = model_of(file)
    for job in model.jobs if model is not None else ():
        node = scalar(job.parts.get("secrets"))
        if node is not None and node.text.strip() == "inherit":
            yield Hit(node)


def all_secrets(file: File, tree: Tree) -> Iterator[Hit]:
    """All secrets at once: ``toJSON(secrets)``, ``secrets.*``, ``secrets[computed]``."""
    model = model_of(file)
    for site in model.sites if model is not None else ():
        for node in _whole_secrets(site):
            yield Hit(span_in(site, node.start, node.end), within=site.node)


def _whole_secrets(site: Site) -> Iterator[Expr]:
    """The parts of an expression that read more than one named secret."""
    if site.expr is None:
        return
    named: set[int] = set()
    for node in walk(site.expr):
        if isinstance(node, Property) and isinstance(node.base, Name):
            named.add(id(node.base))
        elif isinstance(node, Index) and isinstance(node.base, Name) and node.base.name == "secrets":
            named.add(id(node.base))
            if (path_of(node) or ("", ""))[1] == "*":
                yield node
        elif isinstance(node, Star) and isinstance(node.base, Name) and node.base.name == "secrets":
            named.add(id(node.base))
            yield node
        elif isinstance(node, Call):
            for arg in node.args:
                if isinstance(arg, Name) and arg.name == "secrets":
                    named.add(id(arg))
                    if node.name != "hashfiles":
                        yield node
        elif isinstance(node, Name) and node.name == "secrets" and id(node) not in named:
            yield node


def unredacted_secret(file: File, tree: Tree) -> Iterator[Hit]:
    """``fromJSON(secrets.X)``: its parts are not masked in logs."""
    model = model_of(file)
    for site in model.sites if model is not None else ():
        for node in walk(site.expr) if site.expr is not None else ():
            if isinstance(node, Call) and node.name == "fromjson" and any(_reads_secret(arg) for arg in node.args):
                yield Hit(span_in(site, node.start, node.end), within=site.node)


def _reads_secret(expr: Expr) -> bool:
    """Whether the text of one named secret can be the value of ``expr``."""
    paths = (path_of(leaf) for leaf, _ in leaves(expr))
    return any(path is not None and len(path) > 1 and path[0] == "secrets" for path in paths)


def secret_outside_environment(file: File, tree: Tree) -> Iterator[Hit]:
    """A secret in a job that names no ``environment``."""
    model = model_of(file)
    if model is None or model.action or set(model.triggers) == {"workflow_call"}:
        return
    for site in model.sites:
        if site.job is None or site.job.uses is not None or "environment" in site.job.parts or site.expr is None:
            continue
        for node in walk(site.expr):
            path = path_of(node)
            if (
                path is not None
                and len(path) == 2
                and path[0] == "secrets"
                and path[1] not in ("github_token", "*")
                and isinstance(node, Property | Index)
            ):
                yield Hit(span_in(site, node.start, node.end), within=site.node)


def broad_app_token(file: File, tree: Tree) -> Iterator[Hit]:
    """A token of a GitHub App for more repositories or permissions than one run needs."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        if step.uses is None or step.uses.repository != "actions/create-github-app-token":
            continue
        inputs = step.inputs()
        skip = inputs.get("skip-token-revoke") or inputs.get("skip_token_revoke")
        if skip is not None and text_of(skip).lower() == "true":
            yield Hit(skip, "the token stays valid after the job that it was made for", mend=Replace("false"))
        if "owner" in inputs and not text_of(inputs.get("repositories")):
            yield Hit(step.uses.node, "owner without repositories: the token reaches every repository of the installation")
        elif not any(name.startswith("permission-") for name in inputs):
            yield Hit(step.uses.node, "no permission-* input: the token has every permission of the app")
