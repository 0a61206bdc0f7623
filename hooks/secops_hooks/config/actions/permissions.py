"""What may start a workflow and what its jobs may do: triggers and ``permissions``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..match import Hit, Replace
from .workflow import (
    FORK_EVENTS,
    Job,
    Model,
    entries,
    model_of,
    scalar,
    text_of,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node
    from .workflow import Job, Model


_DANGEROUS: Final[dict[str, str]] = {
    "pull_request_target": "pull_request_target gives pull requests of strangers the repository's secrets and a writing token",
    "workflow_run": "workflow_run runs with the repository's secrets on what another, perhaps a stranger's, run left behind",
}


# what changes code, releases or the checks before a merge; not alerts, pages, issues, and id-token, which is asked for in another way
_STRONG: Final = frozenset({"contents", "packages", "actions", "deployments", "pull-requests", "checks", "statuses", "attestations"})


def dangerous_triggers(file: File, tree: Tree) -> Iterator[Hit]:
    """Triggers under which a stranger's change meets the repository's secrets."""
    model = model_of(file)
    for event, node in model.triggers.items() if model is not None else ():
        if event in _DANGEROUS:
            yield Hit(node, _DANGEROUS[event], key=node.key is not None and node.key.lower() == event)


# -- permissions


def write_all(file: File, tree: Tree) -> Iterator[Hit]:
    """``permissions: write-all``."""
    yield from _blanket(file, "write-all")


def read_all(file: File, tree: Tree) -> Iterator[Hit]:
    """``permissions: read-all``."""
    yield from _blanket(file, "read-all")


def _blanket(file: File, value: str) -> Iterator[Hit]:
    model = model_of(file)
    if model is None or model.action:
        return
    holders: tuple[Model | Job, ...] = (model, *model.jobs)
    for holder in holders:
        node = scalar(holder.parts.get("permissions"))
        if node is not None and node.text.strip().lower() == value:
            yield Hit(node, mend=Replace("{contents: read}", safe=False) if not node.style else None)


def _workflow_writes(model: Model | None) -> Iterator[Node]:
    if model is not None and not model.action:
        for entry in entries(model.parts.get("permissions")):
            if text_of(entry).lower() == "write":
                yield entry


def shared_write(file: File, tree: Tree) -> Iterator[Hit]:
    """A write permission for all of several jobs, some of which do not say what they need themselves."""
    model = model_of(file)
    if model is not None and len(model.jobs) > 1 and any("permissions" not in job.parts for job in model.jobs):
        for entry in _workflow_writes(model):
            yield Hit(entry, f"every job of this workflow gets {entry.key}: write; give it to the job that needs it", key=True)


def single_write(file: File, tree: Tree) -> Iterator[Hit]:
    """A write permission at the top of a workflow whose jobs do not share it."""
    model = model_of(file)
    if model is not None and not (len(model.jobs) > 1 and any("permissions" not in job.parts for job in model.jobs)):
        for entry in _workflow_writes(model):
            yield Hit(entry, f"{entry.key}: write stands at the top of the workflow; a job added later gets it, too", key=True)


def _explained(entry: Node) -> bool:
    """Whether a comment says what the permission is for."""
    return any(comment.strip() for comment in entry.comments)


def writes(job: Job) -> str:
    """A permission with which the token of ``job`` may change code, builds or what guards them, as far as the file says; else empty."""
    granted = job.parts.get("permissions") or job.model.parts.get("permissions")
    if text_of(granted).lower() == "write-all":
        return "write-all"
    return next((entry.key or "" for entry in entries(granted) if text_of(entry).lower() == "write" and entry.key in _STRONG), "")


def _without_permissions(model: Model | None) -> Iterator[Job]:
    if model is None or model.action or "permissions" in model.parts or set(model.triggers) == {"workflow_call"}:
        return
    for job in model.jobs:
        if "permissions" not in job.parts:
            yield job


def default_permissions_risky(file: File, tree: Tree) -> Iterator[Hit]:
    """No ``permissions`` in a workflow that strangers can start with the repository's token."""
    model = model_of(file)
    if model is not None and FORK_EVENTS & set(model.triggers):
        for job in _without_permissions(model):
            yield Hit(job.node, "this job runs on events of strangers with whatever permissions the repository gives by default", key=True)


def default_permissions(file: File, tree: Tree) -> Iterator[Hit]:
    """No ``permissions`` anywhere else."""
    model = model_of(file)
    if model is None:
        return
    if set(model.triggers) == {"workflow_call"} and "permissions" not in model.parts:
        for job in model.jobs:
            if job.uses is not None and "permissions" not in job.parts:
                yield Hit(job.node, key=True)
    elif not FORK_EVENTS & set(model.triggers):
        for job in _without_permissions(model):
            yield Hit(job.node, key=True)


def undocumented_permissions(file: File, tree: Tree) -> Iterator[Hit]:
    """Permissions without a comment that says what they are for."""
    model = model_of(file)
    if model is None or model.action:
        return
    holders: tuple[Model | Job, ...] = (model, *model.jobs)
    for holder in holders:
        for entry in entries(holder.parts.get("permissions")):
            value = text_of(entry).lower()
            if (value == "write" or (value == "read" and entry.key != "contents")) and not _explained(entry):
                yield Hit(entry, key=True)
