"""Workflows and actions as one model: triggers, jobs, steps and the places of all expressions, whatever way they are written.

Built once a file and kept in ``source.memo``. Says what is there, judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ...parse.locate import Located, located
from .expression import Error, Expr, Template, parse, templates

if TYPE_CHECKING:
    from ...finding import Span
    from ...parse import File
    from ...parse.node import Node

_ROOT_KEYS: Final = ("jobs", "runs")
FORK_EVENTS: Final = frozenset({
    "pull_request_target", "issue_comment", "issues", "discussion", "discussion_comment", "fork", "watch", "gollum",
    "pull_request_review", "pull_request_review_comment", "workflow_run", "pull_request_comment", "public", "star",
})  # fmt: skip
"""Events that people without write access cause and that run in the base repository, with its secrets or a writing token."""
PULL_EVENTS: Final = frozenset({"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment", "merge_group"})


class Uses(NamedTuple):
    """What ``uses:`` names. ``name`` is ``owner/repo[/path]`` in lower case, ``./path`` (the workspace, whatever was checked out
    there), ``$/path`` (this repository at the commit that runs) or ``docker://image``. ``local``: one of the two paths."""

    node: Node
    name: str
    ref: str
    local: bool = False
    docker: bool = False

    @property
    def repository(self) -> str:
        return "/".join(self.name.split("/")[:2])

    @property
    def path(self) -> str:
        """Where in this repository a local action or workflow lies."""
        return self.name.removeprefix("$/").removeprefix("./").rstrip("/")

    @property
    def in_workspace(self) -> bool:
        """Whether the files come from the workspace, where an earlier step may have put a stranger's."""
        return self.local and not self.name.startswith("$/")


class Site(NamedTuple):
    """An expression in a file: the scalar that holds it, its offsets in the scalar's text, and whose it is.

    ``bare``: an ``if:`` without braces; then the whole text is the expression.
    """

    node: Node
    template: Template
    job: Job | None
    step: Step | None
    bare: bool = False

    @property
    def expr(self) -> Expr | None:
        return self.template.expr

    @property
    def error(self) -> Error | None:
        return self.template.error


class Step:
    """A step of a job or of a composite action."""

    __slots__ = ("id", "job", "node", "parts", "uses")

    def __init__(self, node: Node, job: Job) -> None:
        self.node = node
        self.job = job
        self.parts = fields(node)
        self.id = text_of(self.parts.get("id")).lower()
        self.uses = uses_of(self.parts.get("uses"))

    @property
    def run(self) -> Node | None:
        return scalar(self.parts.get("run"))

    @property
    def env(self) -> Node | None:
        return self.parts.get("env")

    @property
    def condition(self) -> Node | None:
        return scalar(self.parts.get("if"))

    def inputs(self) -> dict[str, Node]:
        """The entries of ``with:`` by name in lower case, as the runner ignores case."""
        return {key.lower(): node for key, node in fields(self.parts.get("with")).items()}

    def input(self, name: str) -> str:
        """The text of one input, trimmed; empty when it is not given."""
        return text_of(self.inputs().get(name))

    @property
    def shell(self) -> str:
        """The shell of ``run:``, in lower case, from the step or the defaults of job and workflow; empty when none is named."""
        for node in (
            self.parts.get("shell"),
            at(self.job.parts.get("defaults"), "run", "shell"),
            at(self.job.model.parts.get("defaults"), "run", "shell"),
        ):
            if node is not None:
                return text_of(node).lower()
        return ""

    @property
    def off(self) -> bool:
        """Whether ``if: false`` (also with braces) switches the step off."""
        return is_off(self.condition)


class Job:
    """A job; of an action, its steps."""

    __slots__ = ("_by_id", "id", "model", "node", "parts", "steps", "uses")

    def __init__(self, node: Node, model: Model, steps: Node | None = None) -> None:
        self.node = node
        self.model = model
        self.id = node.key or ""
        self.parts = {} if steps is not None else fields(node)
        self.uses = uses_of(self.parts.get("uses"))
        listed = steps if steps is not None else self.parts.get("steps")
        self.steps = tuple(Step(item, self) for item in items(listed) if item.resolved.kind == "mapping")
        self._by_id: dict[str, Step] | None = None

    def step(self, id: str) -> Step | None:
        """The step with this ``id`` (lower case)."""
        if self._by_id is None:
            self._by_id = {step.id: step for step in reversed(self.steps) if step.id}
        return self._by_id.get(id)

    @property
    def env(self) -> Node | None:
        return self.parts.get("env")

    @property
    def condition(self) -> Node | None:
        return scalar(self.parts.get("if"))

    @property
    def off(self) -> bool:
        return is_off(self.condition)


class Model:
    """A workflow (``action`` false) or an action. ``triggers``: event in lower case to the node that names it."""

    __slots__ = ("_by_scalar", "_sites", "action", "file", "jobs", "node", "parts", "triggers")

    def __init__(self, file: File, node: Node) -> None:
        self.file = file
        self.node = node
        self.parts = fields(node)
        self.action = "jobs" not in self.parts
        self.triggers: dict[str, Node] = {} if self.action else _triggers(self.parts.get("on") or self.parts.get("true"))
        if self.action:
            self.jobs: tuple[Job, ...] = (Job(node, self, at(node, "runs", "steps") or node),)
        else:
            self.jobs = tuple(Job(each, self) for each in entries(self.parts.get("jobs")) if each.resolved.kind == "mapping")
        self._sites: tuple[Site, ...] | None = None
        self._by_scalar: dict[int, list[Site]] | None = None

    @property
    def env(self) -> Node | None:
        return self.parts.get("env")

    def steps(self) -> Iterator[Step]:
        for job in self.jobs:
            yield from job.steps

    @property
    def reusable(self) -> bool:
        return "workflow_call" in self.triggers

    @property
    def sites(self) -> tuple[Site, ...]:
        """All expressions of the file in file order, each once."""
        if self._sites is None:
            self._sites = tuple(_sites(self))
        return self._sites

    def sites_in(self, node: Node) -> list[Site]:
        """The expressions within one scalar."""
        if self._by_scalar is None:
            self._by_scalar = {}
            for site in self.sites:
                self._by_scalar.setdefault(id(site.node), []).append(site)
        return self._by_scalar.get(id(node.resolved), [])


def model_of(file: File) -> Model | None:
    """The model of a workflow or action file; ``None`` when it holds neither."""
    kept = file.source.memo.get("actions")
    if kept is None:
        kept = file.source.memo["actions"] = _model(file) or False
    return kept if isinstance(kept, Model) else None


def _model(file: File) -> Model | None:
    document = file.document
    for root in document.roots if document is not None else ():
        if root.kind == "mapping" and any(entry.key in _ROOT_KEYS for entry in root.children):
            return Model(file, root)
    return None


# -- reading nodes


def fields(node: Node | None) -> dict[str, Node]:
    """The entries of a mapping by key, of duplicates the last; empty for anything else."""
    return {entry.key or "": entry for entry in entries(node)}


def entries(node: Node | None) -> Iterator[Node]:
    """The entries of a mapping, aliases and merges followed."""
    if node is not None and node.resolved.kind == "mapping":
        yield from node.entries()


def items(node: Node | None) -> Iterator[Node]:
    """The items of a sequence."""
    if node is not None and node.resolved.kind == "sequence":
        yield from node.resolved.children


def at(node: Node | None, *keys: str) -> Node | None:
    """The entry below ``node`` under ``keys``, or ``None``."""
    return node.get(*keys) if node is not None else None


def scalar(node: Node | None) -> Node | None:
    """The scalar that ``node`` is or stands for, else ``None``."""
    return node.resolved if node is not None and node.resolved.kind == "scalar" else None


def text_of(node: Node | None) -> str:
    """The trimmed text of a scalar; empty for all else."""
    found = scalar(node)
    return found.text.strip() if found is not None else ""


def texts(node: Node | None) -> list[Node]:
    """The scalars of a scalar or a sequence of scalars."""
    single = scalar(node)
    return [single] if single is not None else [found for item in items(node) if (found := scalar(item)) is not None]


def is_off(condition: Node | None) -> bool:
    return condition is not None and condition.text.strip().removeprefix("${{").removesuffix("}}").strip() == "false"


def uses_of(node: Node | None) -> Uses | None:
    """What a ``uses:`` value names; ``None`` when there is none or it is empty."""
    value = text_of(node)
    found = scalar(node)
    if not value or found is None:
        return None
    if value.startswith("docker://"):
        return Uses(found, value, "", docker=True)
    if value.startswith(("./", ".\\", "$/")):
        return Uses(found, value, "", local=True)
    name, _, ref = value.partition("@")
    return Uses(found, name.strip("/").lower(), ref)


def _triggers(node: Node | None) -> dict[str, Node]:
    if node is None:
        return {}
    if node.resolved.kind == "mapping":
        return {(entry.key or "").lower(): entry for entry in node.entries()}
    return {name: each for each in texts(node) if (name := each.text.strip().lower())}


# -- expressions


def span_of(site: Site) -> Span:
    """Where the expression stands in the file, with its braces."""
    return place(site.node).span(site.template.start, site.template.end)


def span_in(site: Site, start: int, end: int) -> Span:
    """Where ``text[start:end]`` of the scalar that holds ``site`` stands in the file."""
    return place(site.node).span(start, end)


def place(node: Node) -> Located:
    """The decoded text of a scalar and where it comes from."""
    return located(node)


def _sites(model: Model) -> Iterator[Site]:
    owners = _owners(model)
    seen: set[int] = set()
    stack: list[tuple[Node, Job | None, Step | None]] = [(model.node, model.jobs[0] if model.action and model.jobs else None, None)]
    while stack:
        node, job, step = stack.pop()
        owner = owners.get(id(node))
        if isinstance(owner, Step):
            job, step = owner.job, owner
        elif isinstance(owner, Job):
            job = owner
        if node.kind != "scalar":
            stack.extend((child, job, step) for child in reversed(node.children))
        elif node.target is None and id(node) not in seen:
            seen.add(id(node))
            yield from _sites_of(node, job, step)


def _sites_of(node: Node, job: Job | None, step: Step | None) -> Iterator[Site]:
    text = node.text
    if "${{" in text:
        for template in templates(text):
            yield Site(node, template, job, step)
    elif (
        node.key == "if"
        and text.strip()
        and (step is not None or (job is not None and node.parent is not None and node.parent.resolved is job.node.resolved))
    ):
        expr, error = parse(text)
        start = len(text) - len(text.lstrip())
        yield Site(node, Template(start, len(text.rstrip()), expr, error), job, step, bare=True)


def _owners(model: Model) -> dict[int, Job | Step]:
    found: dict[int, Job | Step] = {}
    for job in model.jobs:
        if not model.action:
            found[id(job.node.resolved)] = job
        for step in job.steps:
            found[id(step.node.resolved)] = step
    return found
