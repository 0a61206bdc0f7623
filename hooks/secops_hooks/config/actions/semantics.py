"""Which contexts and functions an expression may use where it stands, what they hold, and what is wrong with it.

Source of the table of places: docs.github.com, «Contexts reference», «Context availability».
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ..match import Hit
from .expression import Error, templates
from .types import ANY, OPEN, SPECIAL, STRING, STRINGS, Array, Checker, Mistake, Object, Type, describe, merge
from .workflow import Job, Model, Site, Step, at, entries, fields, items, model_of, scalar, span_in, text_of, texts

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...finding import Span
    from ...parse import File
    from ...parse.node import Node

_ALL: Final = frozenset(("github", "env", "vars", "job", "jobs", "steps", "runner", "secrets", "strategy", "matrix", "needs", "inputs"))
_STATUS: Final = frozenset(("success", "failure", "always", "cancelled"))
_STEP: Final = _ALL - {"jobs"}
_JOB: Final = frozenset(("github", "needs", "strategy", "matrix", "vars", "inputs"))
_NOTHING: Final[frozenset[str]] = frozenset()
_HASH: Final = frozenset(("hashfiles",))
_RUN: Final = _JOB | {"job", "runner", "env", "secrets"}

# key path with * for names -> contexts, special functions; the longest that fits counts
_PLACES: Final[dict[tuple[str, ...], tuple[frozenset[str], frozenset[str]]]] = {
    ("run-name",): (frozenset(("github", "inputs", "vars")), _NOTHING),
    ("concurrency",): (frozenset(("github", "inputs", "vars")), _NOTHING),
    ("env",): (frozenset(("github", "secrets", "inputs", "vars")), _NOTHING),
    ("defaults", "run"): (_NOTHING, _NOTHING),
    ("on", "workflow_call", "inputs", "*", "default"): (frozenset(("github", "inputs", "vars")), _NOTHING),
    ("on", "workflow_call", "outputs", "*", "value"): (frozenset(("github", "jobs", "vars", "inputs")), _NOTHING),
    ("jobs", "*", "concurrency"): (_JOB, _NOTHING),
    ("jobs", "*", "container"): (_JOB, _NOTHING),
    ("jobs", "*", "container", "credentials"): (_JOB | {"env", "secrets"}, _NOTHING),
    ("jobs", "*", "container", "env"): (_RUN, _NOTHING),
    ("jobs", "*", "continue-on-error"): (_JOB, _NOTHING),
    ("jobs", "*", "defaults", "run"): (_JOB | {"env"}, _NOTHING),
    ("jobs", "*", "env"): (_JOB | {"secrets"}, _NOTHING),
    ("jobs", "*", "environment"): (_JOB, _NOTHING),
    ("jobs", "*", "environment", "url"): (_JOB | {"job", "runner", "env", "steps"}, _NOTHING),
    ("jobs", "*", "if"): (frozenset(("github", "needs", "vars", "inputs")), _STATUS),
    ("jobs", "*", "name"): (_JOB, _NOTHING),
    ("jobs", "*", "outputs"): (_RUN | {"steps"}, _NOTHING),
    ("jobs", "*", "runs-on"): (_JOB, _NOTHING),
    ("jobs", "*", "secrets"): (_JOB | {"secrets"}, _NOTHING),
    ("jobs", "*", "services"): (_JOB, _NOTHING),
    ("jobs", "*", "services", "*", "credentials"): (_JOB | {"env", "secrets"}, _NOTHING),
    ("jobs", "*", "services", "*", "env"): (_RUN, _NOTHING),
    ("jobs", "*", "snapshot", "if"): (_JOB, _STATUS),
    ("jobs", "*", "strategy"): (frozenset(("github", "needs", "vars", "inputs")), _NOTHING),
    ("jobs", "*", "timeout-minutes"): (_JOB, _NOTHING),
    ("jobs", "*", "with"): (_JOB, _NOTHING),
    ("jobs", "*", "steps", "*", "if"): (_STEP - {"secrets"}, _STATUS | _HASH),
    ("jobs", "*", "steps", "*", "id"): (_NOTHING, _NOTHING),
    ("jobs", "*", "steps", "*", "shell"): (_NOTHING, _NOTHING),
    ("jobs", "*", "steps", "*", "uses"): (_NOTHING, _NOTHING),
    ("jobs", "*", "uses"): (_NOTHING, _NOTHING),
    **{
        ("jobs", "*", "steps", "*", key): (_STEP, _HASH)
        for key in ("continue-on-error", "env", "name", "run", "timeout-minutes", "with", "working-directory")
    },
}
_MAX_NODES: Final = 10000
_MAX_STEPS: Final = 300  # what comes before a step is read for each step anew
# where an object or an array may stand as a whole
_WHOLE: Final = frozenset(
    ("matrix", "env", "services", "credentials", "container", "include", "exclude", "runs-on", "labels", "needs", "secrets", "with")
)
_OBJECTS: Final = frozenset(("env", "credentials", "services", "matrix"))

_GITHUB_TEXTS: Final = (
    "action", "action_path", "action_ref", "action_repository", "action_status", "actor", "actor_id", "api_url", "base_ref", "env",
    "event_name", "event_path", "graphql_url", "head_ref", "job", "job_workflow_sha", "output", "path", "ref", "ref_name", "ref_type",
    "repository", "repository_id", "repository_owner", "repository_owner_id", "repository_visibility", "repositoryurl", "run_attempt",
    "run_id", "run_number", "secret_source", "server_url", "sha", "state", "step_summary", "token", "triggering_actor", "workflow",
    "workflow_ref", "workflow_sha", "workspace", "artifact_cache_size_limit",
)  # fmt: skip
_GITHUB: Final = Object(
    {
        **dict.fromkeys(_GITHUB_TEXTS, STRING),
        "event": OPEN,
        "ref_protected": "bool",
        "retention_days": "number",
    }
)
_RUNNER: Final = Object(dict.fromkeys(("name", "os", "arch", "temp", "tool_cache", "debug", "environment", "workspace"), STRING))
_STRATEGY: Final = Object({"fail-fast": "bool", "job-index": "number", "job-total": "number", "max-parallel": "number"})
_JOB_CONTEXT: Final = Object({
    "container": Object({"id": STRING, "network": STRING}),
    "services": Object({}, Object({"id": STRING, "network": STRING, "ports": STRINGS})),
    "status": STRING,
    "check_run_id": "number",
    **dict.fromkeys(("workflow_ref", "workflow_sha", "workflow_repository", "workflow_file_path"), STRING),
})  # fmt: skip
# outputs of popular actions; an action that is not here may have any
_OUTPUTS: Final[dict[str, tuple[str, ...]]] = {
    "actions/cache": ("cache-hit",),
    "actions/cache/restore": ("cache-hit", "cache-primary-key", "cache-matched-key"),
    "actions/checkout": ("ref", "commit"),
    "actions/setup-go": ("go-version", "cache-hit"),
    "actions/setup-python": ("python-version", "cache-hit", "python-path"),
    "actions/setup-node": ("cache-hit", "node-version"),
    "actions/upload-artifact": ("artifact-id", "artifact-url", "artifact-digest"),
    "actions/download-artifact": ("download-path",),
    "actions/github-script": ("result",),
    "actions/create-github-app-token": ("token", "installation-id", "app-slug"),
    "octokit/request-action": ("status", "headers", "data"),
}


def broken_expressions(file: File, tree: Tree) -> Iterator[Hit]:
    """Expressions that cannot be evaluated, or that read what does not exist where they stand."""
    model = model_of(file)
    for site in model.sites if model is not None else ():
        for mistake in mistakes(site, model, tree) if model is not None else ():
            yield Hit(span_in(site, mistake.start, max(mistake.end, mistake.start)), mistake.reason, within=site.node)
    if model is not None and not model.action:
        for span, reason in _in_names(model, tree):
            yield Hit(span, reason)


def mistakes(site: Site, model: Model, tree: Tree) -> list[Mistake]:
    """What is wrong with one expression."""
    error = site.error
    if error is not None:
        return [_of_error(error)]
    expr = site.expr
    if expr is None or model.action:
        return []
    path = _path(site.node)
    allowed = _place(path)
    if allowed is None:
        return []
    contexts, functions = allowed
    scope = _Contexts(model, site.job, site.step, tree, contexts, path)
    checker = Checker(scope.type_of, _ALL, functions)
    kind = checker.type_of(expr)
    found = list(checker.mistakes)
    if not found:
        whole = site.bare or (site.template.start == 0 and site.template.end == len(site.node.text.rstrip()))
        reason = _whole(kind, path) if whole else _inside(kind)
        if reason and not (site.bare or path[-1] == "if"):
            found.append(Mistake(expr.start, expr.end, reason))
    return found


def _of_error(error: Error) -> Mistake:
    return Mistake(error.start, error.end, f"this is no expression: {error.reason}")


def _inside(kind: Type) -> str:
    """Why a value of this type makes no text, if it does not."""
    return f"{describe(kind)} cannot be written as text" if isinstance(kind, Object | Array) or kind == "null" else ""


def _whole(kind: Type, path: tuple[str, ...]) -> str:
    """Why a value of this type cannot be the whole value of its key, if it cannot."""
    key = path[-1]
    if key in _OBJECTS:
        return "" if kind == ANY or isinstance(kind, Object) else f"{key} needs an object, not {describe(kind)}"
    if key == "runs-on":
        return "a runner's label is a string, not an object" if isinstance(kind, Object) and set(kind.fields) - {"group", "labels"} else ""
    if _WHOLE.intersection(path[2:]) - {"with", "env", "secrets"} or key in _WHOLE or path[0] == "on":
        return ""
    return _inside(kind)


def _path(node: Node) -> tuple[str, ...]:
    """The keys from the root to ``node``, in lower case."""
    keys: list[str] = []
    at_node: Node | None = node
    while at_node is not None and at_node.parent is not None:
        keys.append((at_node.key or "*").lower())
        at_node = at_node.parent
    return tuple(reversed(keys))


@lru_cache(maxsize=1024)
def _place(path: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]] | None:
    """What may be used at ``path``; ``None`` where the documentation does not say."""
    for size in range(min(len(path), 6), 0, -1):
        for pattern in _places()[size]:
            if all(want in ("*", got) for want, got in zip(pattern, path, strict=False)):
                return _PLACES[pattern]
    return None


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The patterns of ``_PLACES`` by their length."""
    return tuple(tuple(pattern for pattern in _PLACES if len(pattern) == size) for size in range(7))


def _in_names(model: Model, tree: Tree) -> Iterator[tuple[Span, str]]:
    """Mistakes in expressions that stand in the names of variables."""
    source = model.file.source
    if "}}:" not in source.text and "}} :" not in source.text and '}}":' not in source.text and "}}':" not in source.text:
        return
    holders: list[tuple[Node | None, Job | None, Step | None]] = [(model.env, None, None)]
    for job in model.jobs:
        holders += [(job.env, job, None), (at(job.parts.get("container"), "env"), job, None)]
        holders += [(step.env, job, step) for step in job.steps]
    for env, job_of, step_of in holders:
        for entry in entries(env):
            written = source.text[entry.key_start : entry.key_end]
            for template in templates(written):
                if template.expr is None:
                    continue
                allowed = _place(_path(entry))
                scope = _Contexts(model, job_of, step_of, tree, allowed[0] if allowed else _ALL, _path(entry))
                checker = Checker(scope.type_of, _ALL, allowed[1] if allowed else SPECIAL)
                checker.type_of(template.expr)
                for mistake in checker.mistakes:
                    yield source.span(entry.key_start + mistake.start, entry.key_start + mistake.end), mistake.reason


class _Contexts:
    """The types of the contexts at one place of one workflow."""

    def __init__(
        self, model: Model, job: Job | None, step: Step | None, tree: Tree, allowed: frozenset[str], path: tuple[str, ...]
    ) -> None:
        self.model = model
        self.job = job
        self.step = step
        self.tree = tree
        self.allowed = allowed
        self.path = path

    def type_of(self, name: str) -> Type | None:
        """The type of a context; ``None`` when there is none of that name here."""
        if name not in self.allowed:
            return None
        if name == "github":
            return self._github()
        if name in ("env", "vars"):
            return STRINGS
        if name == "secrets":
            return self._secrets()
        if name == "runner":
            return _RUNNER
        if name == "strategy":
            return _STRATEGY
        if name == "job":
            return _JOB_CONTEXT
        if name == "inputs":
            return self._inputs()
        if name == "needs":
            return self._needs()
        if name == "steps":
            return self._steps()
        return self._matrix() if name == "matrix" else self._jobs()

    def _github(self) -> Type:
        dispatch = self.model.triggers.get("workflow_dispatch")
        if dispatch is None or "workflow_call" in self.model.triggers:
            return _GITHUB
        inputs = Object({name.lower(): STRING for name in fields(at(dispatch, "inputs"))})
        return Object({**_GITHUB.fields, "event": Object({"inputs": inputs}, ANY)})

    def _inputs(self) -> Type:
        found: dict[str, Type] = {}
        for event in ("workflow_call", "workflow_dispatch"):
            trigger = self.model.triggers.get(event)
            for name, node in fields(at(trigger, "inputs")).items() if trigger is not None else ():
                if event == "workflow_call" and self.path[:3] == ("on", "workflow_call", "inputs") and name.lower() == self.path[3]:
                    break  # a default may only read inputs above it
                kind = text_of(at(node, "type")).lower()
                found[name.lower()] = "bool" if kind == "boolean" else "number" if kind == "number" else STRING
        return Object(found)

    def _secrets(self) -> Type:
        call = self.model.triggers.get("workflow_call")
        if call is None or set(self.model.triggers) != {"workflow_call"} or "secrets" not in fields(call):
            return STRINGS
        names = {name.lower(): STRING for name in fields(at(call, "secrets"))}
        return Object({**names, "github_token": STRING, "actions_step_debug": STRING, "actions_runner_debug": STRING})

    def _needs(self) -> Type:
        wanted = {each.text.strip().lower() for each in texts(self.job.parts.get("needs"))} if self.job is not None else set()
        return Object({job.id.lower(): _job_type(job, self.tree) for job in self.model.jobs if job.id.lower() in wanted})

    def _jobs(self) -> Type:
        return Object({job.id.lower(): _job_type(job, self.tree) for job in self.model.jobs})

    def _steps(self) -> Type:
        found: dict[str, Type] = {}
        if self.job is not None and len(self.job.steps) > _MAX_STEPS:
            return OPEN
        for step in self.job.steps if self.job is not None else ():
            if step is self.step:
                break
            if "${{" in step.id:
                return OPEN
            if step.id:
                found[step.id] = Object({"outputs": self._outputs(step), "conclusion": STRING, "outcome": STRING})
        return Object(found)

    def _outputs(self, step: Step) -> Type:
        uses = step.uses
        if uses is None:
            return STRINGS
        if uses.local:
            return self._local_outputs(uses.path)
        known = _OUTPUTS.get(uses.name)
        return Object(dict.fromkeys(known, STRING)) if known is not None else STRINGS

    def _local_outputs(self, folder: str) -> Type:
        from ...parse import load

        for ending in ("action.yml", "action.yaml"):
            path = f"{folder}/{ending}" if folder else ending
            if self.tree.exists(path):
                file = load(self.tree, path)
                action = model_of(file) if file is not None else None
                if action is not None and text_of(at(action.node, "runs", "using")) == "composite":
                    return Object({output.lower(): STRING for output in fields(action.parts.get("outputs"))})
        return STRINGS

    def _matrix(self) -> Type:
        matrix = at(self.job.parts.get("strategy"), "matrix") if self.job is not None else None
        if matrix is None:
            return Object({}) if self.job is not None and at(self.job.parts.get("strategy")) is None else OPEN
        if scalar(matrix) is not None:
            return OPEN
        found: dict[str, Type] = {}
        for name, node in fields(matrix).items():
            if name in ("include", "exclude"):
                continue
            found[name.lower()] = _row(node)
        include = at(matrix, "include")
        if include is not None and scalar(include) is not None:
            return Object(found, ANY)
        for item in items(include):
            if scalar(item) is not None:
                return Object(found, ANY)
            for name, node in fields(item).items():
                low, kind = name.lower(), _type_of_node(node)
                found[low] = merge(found[low], kind) if low in found else kind
        return Object(found)


def _job_type(job: Job, tree: Tree) -> Type:
    """What ``needs`` and ``jobs`` hold of a job; a called workflow may have any outputs."""
    outputs: Type = STRINGS if job.uses is not None else Object({name.lower(): STRING for name in fields(job.parts.get("outputs"))})
    return Object({"outputs": outputs, "result": STRING})


def _row(node: Node) -> Type:
    if scalar(node) is not None:
        return ANY
    kinds = [_type_of_node(item) for item in items(node)]
    if not kinds:
        return ANY
    found = kinds[0]
    for kind in kinds[1:]:
        found = merge(found, kind)
    return found


def _type_of_node(node: Node, known: dict[int, Type] | None = None) -> Type:
    """The type of what stands in the file; of expressions that of numbers the platform gives, else anything.

    ``known`` keeps the type of each node, so that aliases of aliases cost nothing and one of itself ends.
    """
    node = node.resolved
    known = {} if known is None else known
    found = known.get(id(node))
    if found is None:
        known[id(node)] = ANY
        found = known[id(node)] = _type_of_scalar(node) if node.kind == "scalar" else _type_of_block(node, known)
    return found


def _type_of_block(node: Node, known: dict[int, Type]) -> Type:
    if len(known) > _MAX_NODES:
        return ANY
    if node.kind == "mapping":
        return Object({name.lower(): _type_of_node(each, known) for name, each in fields(node).items()})
    kinds = [_type_of_node(item, known) for item in node.children]
    found: Type = kinds[0] if kinds else ANY
    for kind in kinds[1:]:
        found = merge(found, kind)
    return Array(found)


def _type_of_scalar(node: Node) -> Type:
    text = node.text.strip()
    if "${{" in text:
        return "number" if text.removeprefix("${{").removesuffix("}}").strip().lower() == "github.retention_days" else ANY
    if node.style:
        return STRING
    value = node.value
    return "null" if value is None else "bool" if isinstance(value, bool) else "number" if isinstance(value, int | float) else STRING
