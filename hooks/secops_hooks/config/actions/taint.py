"""Who decides what an expression says: contexts by class, and what derives from them followed back to its source.

``env``, step and job outputs, the matrix and inputs are followed within the file. Findings and sinks are no business of this module.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .contexts import (
    EVENTS,
    ORDER,
    SAFE_OUTPUTS,
    SAFE_ROOTS,
    TAINTED_OUTPUTS,
    Path,
    Trust,
    direct_trust,
    leaves,
    like,
    path_of,
)
from .expression import Expr, templates
from .expression import Literal as Constant
from .outputs import payload_fields, variables, written
from .workflow import at, entries, fields, items, scalar, text_of

if TYPE_CHECKING:
    from ...parse.node import Node
    from .workflow import Job, Model, Step

_MAX_HOPS: Final = 6
_GIVEN: Final[dict[str, Path]] = {"GITHUB_HEAD_REF": ("github", "head_ref")}  # variables that the runner fills with what strangers write
_PLAIN: Final = r"[\d.xX*-]*|true|false"  # numbers, versions and booleans


class Flow(NamedTuple):
    """One context whose text can become part of an expression's value."""

    path: Path
    trust: Trust
    expr: Expr
    source: Path  # where the text comes from in the end; ``path`` itself when it is direct

    @property
    def shown(self) -> str:
        return ".".join(self.path)

    @property
    def origin(self) -> str:
        return ".".join(self.source)


class Scope:
    """Where an expression stands: what ``env``, ``steps``, ``needs``, ``matrix`` and ``inputs`` mean there."""

    __slots__ = ("hops", "job", "model", "step", "triggers")

    def __init__(self, model: Model, job: Job | None, step: Step | None, hops: int = 0) -> None:
        self.model = model
        self.job = job
        self.step = step
        self.hops = hops
        self.triggers = frozenset(model.triggers)

    def flows(self, expr: Expr) -> list[Flow]:
        """What flows into the value of ``expr``, the least trusted first."""
        found = [self._flow(leaf, json) for leaf, json in leaves(expr)]
        return sorted(found, key=lambda flow: -ORDER[flow.trust])

    def worst(self, expr: Expr) -> Flow | None:
        """The least trusted of what flows into ``expr``; ``None`` when nothing does."""
        found = self.flows(expr)
        return found[0] if found else None

    def worst_in(self, text: str) -> Flow | None:
        """The least trusted of what the expressions in ``text`` bring in."""
        found = [flow for each in templates(text) if each.expr is not None and (flow := self.worst(each.expr)) is not None]
        return max(found, key=lambda flow: ORDER[flow.trust], default=None)

    def _flow(self, leaf: Expr, json: bool) -> Flow:
        path = path_of(leaf) or ("",)
        if path[0] == "github":
            if path[1:3] == ("event", "inputs") and len(path) > 3:
                return Flow(path, self._input(path[3]), leaf, path)
            return Flow(path, direct_trust(path, json, self.triggers), leaf, path)
        if path[0] in SAFE_ROOTS or path[0] == "secrets":
            return Flow(path, "platform" if path[0] == "secrets" else "safe", leaf, path)
        if path[0] == "inputs" and len(path) > 1:
            return Flow(path, self._input(path[1]), leaf, path)
        origin = self._derived(path) if self.hops < _MAX_HOPS and len(path) > 1 else None
        if origin is not None:
            return Flow(path, origin.trust, leaf, origin.source)
        return Flow(path, "unknown", leaf, path)

    def _derived(self, path: Path) -> Flow | None:
        if path[0] == "env":
            return self._env(path)
        if path[0] == "steps":
            return self._step_output(path)
        if path[0] == "needs":
            return self._job_output(path)
        return self._matrix(path) if path[0] == "matrix" else None

    def _deeper(self, job: Job | None, step: Step | None) -> Scope:
        return Scope(self.model, job, step, self.hops + 1)

    def _text(self, text: str, path: Path, job: Job | None, step: Step | None) -> Flow:
        """The flow of a value written in the file as ``text``: that of its expressions, safe when it has none."""
        found = self._deeper(job, step).worst_in(text)
        return found or Flow(path, "safe", Constant(0, 0, None), path)

    def env_node(self, name: str) -> Node | None:
        """The ``env:`` entry that ``name`` (lower case) means here; inner scopes win."""
        for holder in (self.step, self.job, self.model):
            if holder is None:
                continue
            for entry in entries(holder.env):
                if (entry.key or "").lower() == name:
                    return entry
        return None

    def _env(self, path: Path) -> Flow | None:
        node = self.env_node(path[1])
        if node is None:
            return self._environment_file(path)
        # what an entry's own expressions mean by env is the scope around it
        inner = (
            self.step
            if self.step is not None
            and node.parent is not None
            and self.step.env is not None
            and node.parent.resolved is self.step.env.resolved
            else None
        )
        outer = self._deeper(self.job if inner is not None else None, None) if inner is not None else self._deeper(self.job, None)
        found = outer.worst_in(text_of(node))
        return found or Flow(path, "safe", Constant(0, 0, None), path)

    def _input(self, name: str) -> Trust:
        """What a caller may write in input ``name``: nothing, if it is a boolean, a number, a choice or an environment."""
        declared = (
            [at(self.model.parts.get("inputs"), name)]
            if self.model.action
            else [
                next((entry for entry in entries(at(trigger, "inputs")) if (entry.key or "").lower() == name), None)
                for event, trigger in self.model.triggers.items()
                if event in ("workflow_call", "workflow_dispatch")
            ]
        )
        known = [node for node in declared if node is not None]
        if known and all(text_of(at(node, "type")).lower() in ("boolean", "number", "choice", "environment") for node in known):
            return "safe"
        return "caller"

    def _step_output(self, path: Path) -> Flow | None:
        if self.job is None or len(path) < 3:
            return None
        step = self.job.step(path[1])
        if path[2] in ("conclusion", "outcome"):
            return Flow(path, "safe", Constant(0, 0, None), path)
        if step is None or len(path) < 4:
            return None
        name = path[3]
        if step.uses is not None:
            wanted = TAINTED_OUTPUTS.get(step.uses.repository)
            if wanted and any(like(name, pattern) for pattern in wanted):
                return Flow(path, "stranger" if self._pulls() else "unknown", Constant(0, 0, None), (step.uses.repository, name))
            if name in SAFE_OUTPUTS:
                return Flow(path, "safe", Constant(0, 0, None), path)
            return self._returned(step, name) if step.uses.repository == "actions/github-script" else None
        return self._written(step, name)

    def _pulls(self) -> bool:
        """Whether a stranger's pull request, issue or comment can start this workflow."""
        return (
            not self.triggers
            or bool(self.triggers & {event for events, _ in EVENTS.values() for event in events if event != "push"})
            or "workflow_call" in self.triggers
        )

    def _environment_file(self, path: Path) -> Flow | None:
        """The flow of a variable that an earlier step of the job writes to ``GITHUB_ENV``."""
        own = False
        for step in self.job.steps if self.job is not None else ():
            if step is self.step:
                break
            run = step.run
            if run is not None and "GITHUB_ENV" in run.text and path[1] in run.text.lower():
                found = self._written(step, path[1])
                if found is not None:
                    return found
                own = own or re.search(rf"(?i)(?<![\w-]){re.escape(path[1])}(=|<<)", run.text) is not None
        return Flow(path, "safe", Constant(0, 0, None), path) if own else None

    def _written(self, step: Step, name: str) -> Flow | None:
        """The flow of what a ``run:`` step writes under ``name``, if a stranger's."""
        script = step.run.text if step.run is not None else ""
        scope = self._deeper(self.job, step)
        found = [scope.worst_in(line) for line in written(script, name)]
        found += [scope.variable(each) for each in variables(script, written(script, name))]
        return next((flow for flow in found if flow is not None and flow.trust == "stranger"), None)

    def variable(self, name: str) -> Flow | None:
        """The flow of an environment variable as a script of this step sees it; ``None`` when nothing here says what it holds."""
        given = _GIVEN.get(name)
        if given is not None and self.env_node(name.lower()) is None:
            return Flow(given, direct_trust(given, False, self.triggers), Constant(0, 0, None), given)
        return self._env(("env", name.lower()))

    def _returned(self, step: Step, name: str) -> Flow | None:
        """The flow of what a JavaScript step gives out as ``name``, if a stranger's."""
        for field in payload_fields(step.input("script"), name):
            path = ("github", "event", *field)
            if direct_trust(path, False, self.triggers) == "stranger":
                return Flow(path, "stranger", Constant(0, 0, None), path)
        return None

    def _job_output(self, path: Path) -> Flow | None:
        if len(path) < 4 or path[2] != "outputs":
            return Flow(path, "safe", Constant(0, 0, None), path) if path[2:] == ("result",) else None
        job = next((each for each in self.model.jobs if each.id.lower() == path[1]), None)
        node = None
        if job is not None:
            node = next((entry for entry in entries(job.parts.get("outputs")) if (entry.key or "").lower() == path[3]), None)
        return self._text(text_of(node), path, job, None) if node is not None else None

    def _matrix(self, path: Path) -> Flow | None:
        """The flow of a matrix value: that of all its literals and expressions."""
        matrix = at(self.job.parts.get("strategy"), "matrix") if self.job is not None else None
        if matrix is None:
            return None
        whole = scalar(matrix)
        if whole is not None:
            return self._text(whole.text, path, self.job, None)
        values = [node for name, node in fields(matrix).items() if name.lower() == path[1]]
        dynamic = [node for name, node in fields(matrix).items() if name == "include" and scalar(node) is not None]
        for item in items(at(matrix, "include")):
            values.extend(node for name, node in fields(item).items() if name.lower() == path[1])
        if not values and not dynamic:
            return None
        written = [each for node in (*values, *dynamic) for each in node.resolved.walk() if each.kind == "scalar"]
        flows = [self._text(each.text, path, self.job, None) for each in written]
        found = max(flows, key=lambda flow: ORDER[flow.trust], default=None)
        if found is not None and found.trust == "safe" and any(re.fullmatch(_PLAIN, each.text) is None for each in written):
            return Flow(path, "platform", found.expr, path)  # fixed here, but a shell would read what stands in it
        return found
