"""Who decides what an expression says: a stranger, somebody with some rights, or nobody.

Contexts of GitHub Actions are classed by who writes them; what derives from them (``env``, step and job outputs, the
matrix, inputs) is followed back to its source within the file. Findings and sinks are no business of this module.

Sources of the classes: docs.github.com, «Contexts reference», «Webhook events and payloads», «Script injections».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from .expression import Binary, Call, Expr, Index, Name, Property, Star, Unary, templates
from .expression import Literal as Constant
from .workflow import at, entries, fields, items, scalar, text_of

if TYPE_CHECKING:
    from ...parse.node import Node
    from .workflow import Job, Model, Step

# stranger: free text by anyone on the internet; caller: by who may dispatch, push a branch or call;
# unknown: cannot be told from this file; platform: names and secrets that the platform fills in;
# safe: numbers, digests and the like, or written in this file
Trust: TypeAlias = Literal["stranger", "caller", "unknown", "platform", "safe"]
_ORDER: Final = {"stranger": 4, "caller": 3, "unknown": 2, "platform": 1, "safe": 0}
_MAX_HOPS: Final = 6

Path: TypeAlias = tuple[str, ...]


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


_PERSON: Final = ("name", "email")
_COMMIT: Final = ("message", *(f"{who}.{what}" for who in ("author", "committer") for what in _PERSON))
_PULL: Final = (
    "title", "body", "head.ref", "head.label", "head.repo.default_branch", "head.repo.description", "head.repo.homepage",
    "author.title",
)  # fmt: skip
_RUN: Final = (
    "head_branch", "display_title", "head_repository.description", "head_repository.default_branch", "pull_requests.*.head.ref",
    *(f"head_commit.{part}" for part in _COMMIT),
)  # fmt: skip
_BRANCH: Final = ("head_branch", "pull_requests.*.head.ref", *(f"head_commit.{part}" for part in _COMMIT))

# below github.event: field -> (events that fill it, what strangers write in it)
_EVENTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "issue": (("issues", "issue_comment"), ("title", "body")),
    "pull_request": (("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"), _PULL),
    "comment": (("issue_comment", "pull_request_review_comment", "discussion_comment", "commit_comment"), ("body", "diff_hunk", "path")),
    "review": (("pull_request_review", "pull_request_review_comment"), ("body",)),
    "review_comment": (("pull_request_review_comment",), ("body",)),
    "discussion": (("discussion", "discussion_comment"), ("title", "body")),
    "answer": (("discussion",), ("body",)),
    "pages": (("gollum",), ("*.page_name", "*.title", "*.summary")),
    "commits": (("push",), tuple(f"*.{part}" for part in _COMMIT)),
    "head_commit": (("push",), _COMMIT),
    "workflow_run": (("workflow_run",), _RUN),
    "check_suite": (("check_suite", "check_run"), _BRANCH),
    "check_run": (("check_run",), ("pull_requests.*.head.ref", *(f"check_suite.{part}" for part in _BRANCH))),
    "forkee": (("fork",), ("name", "description", "default_branch", "homepage")),
    "changes": (
        ("issues", "pull_request", "pull_request_target", "issue_comment", "discussion"),
        ("title.from", "body.from", "head.ref.from"),
    ),
    "deployment_status": (("deployment_status",), ("description",)),
}
_HEAD_REF_EVENTS: Final = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment")
_CALLER_EVENT: Final = frozenset(
    {
        "inputs",
        "client_payload",
        "ref",
        "release",
        "deployment",
        "base_ref",
        "label",
        "milestone",
        "merge_group",
        "registry_package",
        "package",
    }
)
_CALLER: Final = frozenset({"ref", "ref_name", "base_ref", "workflow_ref"})
_GITHUB_UNKNOWN: Final = frozenset({"event", "*"})
_PLATFORM: Final = frozenset({"event_name", "repository", "repository_owner", "workflow"})
# last parts whose alphabet leaves no room for shell syntax
_FIXED: Final = (
    r"(.*_)?(id|sha|url|number|login|type|state|at|count|login_or_name|oid)|draft|merged|locked|mergeable|rebaseable|additions|deletions|"
    r"before|after|action|conclusion|event|status|full_name|private|fork|size|changed_files|commits|comments|node_id|created|deleted|forced|"
    r"author_association|active_lock_reason|visibility|run_attempt|distinct|timestamp|gravatar_id|site_admin|prerelease|repository_owner"
)
_SAFE_ROOTS: Final = frozenset({"runner", "job", "strategy"})
# functions whose result is a boolean or a digest, never the text they were given
_PREDICATES: Final = frozenset({"contains", "startswith", "endswith", "hashfiles", "always", "success", "failure", "cancelled"})
# outputs of popular actions that repeat what a stranger wrote: file names of a pull request, branches, comments
TAINTED_OUTPUTS: Final[dict[str, tuple[str, ...]]] = {
    "tj-actions/changed-files": ("*files",),
    "tj-actions/verify-changed-files": ("changed_files", "changed-files"),
    "tj-actions/branch-names": ("head_ref_branch", "current_branch", "ref_branch"),
    "dorny/paths-filter": ("*_files",),
    "trilom/file-changes-action": ("files*",),
    "jitterbit/get-changed-files": ("*",),
    "masesgroup/retrieve-changed-files": ("*",),
    "ahmadnassri/action-changed-files": ("files", "json"),
    "lots0logs/gh-action-get-changed-files": ("*",),
    "xt0rted/pull-request-comment-branch": ("head_ref",),
    "potiuk/get-workflow-origin": ("sourceheadbranch", "pullrequestlabels"),
    "alessbell/pull-request-comment-branch": ("head_ref",),
    "eficode/resolve-pr-refs": ("head_ref",),
    "gotson/pull-request-comment-branch": ("head_ref",),
    "peter-evans/find-comment": ("comment-body", "comment-author"),
    "stefanzweifel/git-auto-commit-action": (),
    "frabert/replace-string-action": ("replaced",),
    "marocchino/on_artifact": ("*",),
    "dawidd6/action-get-tag": (),
    "mattdavis0351/parse-issue": ("*",),
    "peter-murray/issue-body-parser-action": ("*",),
    "peter-murray/issue-forms-body-parser": ("*",),
    "stefanbuck/github-issue-parser": ("*",),
    "zentered/issue-forms-body-parser": ("*",),
    "github/issue-parser": ("*",),
    "cosmoplatform/issue-forms-parser": ("*",),
    "khan/pull-request-comment-trigger": ("comment_body",),
    "rlespinasse/github-slug-action": (),
}
# step outputs that hold no free text: digests, numbers, booleans, versions of tools the workflow itself installs
_SAFE_OUTPUTS: Final = frozenset(
    {
        "cache-hit",
        "artifact-id",
        "digest",
        "conclusion",
        "outcome",
        "exitcode",
        "exit-code",
        "exit_code",
        "pull-request-number",
        "artifact-digest",
    }
)


def path_of(expr: Expr) -> Path | None:
    """The context path that ``expr`` reads, in lower case, ``*`` for filters and computed keys; ``None`` when it reads none."""
    parts: list[str] = []
    node = expr
    while True:
        if isinstance(node, Name):
            return (node.name, *reversed(parts))
        if isinstance(node, Property):
            parts.append(node.name)
            node = node.base
        elif isinstance(node, Index):
            parts.append(node.key.value.lower() if isinstance(node.key, Constant) and isinstance(node.key.value, str) else "*")
            node = node.base
        elif isinstance(node, Star):
            parts.append("*")
            node = node.base
        elif isinstance(node, Call) and node.name in ("fromjson", "tojson") and len(node.args) == 1:
            node = node.args[0]
        else:
            return None


def leaves(expr: Expr) -> Iterator[tuple[Expr, bool]]:
    """The contexts whose text can flow into the value of ``expr``; with each, whether it is written out as JSON.

    Comparisons and predicates give booleans; of ``a && b`` the value is ``b`` or a falsy ``a``.
    """
    stack: list[tuple[Expr, bool]] = [(expr, False)]
    while stack:
        node, json = stack.pop()
        if isinstance(node, Call):
            if node.name == "case":
                stack.extend((arg, json) for i, arg in enumerate(node.args) if i % 2 or i == len(node.args) - 1)
            elif node.name not in _PREDICATES:
                stack.extend((arg, json or node.name in ("tojson", "join")) for arg in reversed(node.args))
        elif isinstance(node, Binary):
            if node.op == "||":
                stack.extend(((node.right, json), (node.left, json)))
            elif node.op == "&&":
                stack.append((node.right, json))
        elif isinstance(node, Unary | Constant):
            continue
        elif path_of(node) is not None:
            yield node, json
        elif isinstance(node, Index | Property | Star):
            stack.append((node.base, json))


def _meets(path: Path, pattern: Path, json: bool) -> bool:
    """Whether ``path`` reads what ``pattern`` names (``*`` on either side is anything), or with ``json`` something that holds it."""
    if len(path) > len(pattern) or (len(path) < len(pattern) and not json):
        return False
    return all(a == b or a == "*" or b == "*" for a, b in zip(path, pattern, strict=False))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Path, tuple[str, ...]], ...]:
    """Full paths of what strangers write, each with the events that fill it."""
    found: list[tuple[Path, tuple[str, ...]]] = [(("github", "head_ref"), _HEAD_REF_EVENTS)]
    for field, (events, tails) in _EVENTS.items():
        found.extend((("github", "event", field, *tail.split(".")), events) for tail in tails)
    return tuple(found)


@lru_cache(maxsize=1024)
def stranger_events(path: Path, json: bool = False) -> frozenset[str]:
    """The events in which ``path`` carries text by strangers; none when it never does."""
    if path[0] != "github" or (len(path) == 1 and not json):
        return frozenset()
    return frozenset(event for pattern, events in _patterns() if _meets(path, pattern, json) for event in events)


def direct_trust(path: Path, json: bool, triggers: frozenset[str]) -> Trust:
    """The class of a ``github.*`` path in a workflow with these ``triggers`` (empty: any, as in actions)."""
    events = stranger_events(path, json)
    if events:
        return "stranger" if not triggers or "workflow_call" in triggers or events & triggers else "unknown"
    if len(path) == 1:
        return "safe"
    if path[1] in _CALLER:
        return "caller"
    if path[1] not in _GITHUB_UNKNOWN or len(path) == 2:
        return "platform" if path[1] in _PLATFORM else "safe"
    if re.fullmatch(_FIXED, path[-1]):
        return "safe"
    return "caller" if path[2] in _CALLER_EVENT else "unknown"


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
        return sorted(found, key=lambda flow: -_ORDER[flow.trust])

    def worst(self, expr: Expr) -> Flow | None:
        """The least trusted of what flows into ``expr``; ``None`` when nothing does."""
        found = self.flows(expr)
        return found[0] if found else None

    def worst_in(self, text: str) -> Flow | None:
        """The least trusted of what the expressions in ``text`` bring in."""
        found = [flow for each in templates(text) if each.expr is not None and (flow := self.worst(each.expr)) is not None]
        return max(found, key=lambda flow: _ORDER[flow.trust], default=None)

    def _flow(self, leaf: Expr, json: bool) -> Flow:
        path = path_of(leaf) or ("",)
        if path[0] == "github":
            if path[1:3] == ("event", "inputs") and len(path) > 3:
                return Flow(path, self._input(path[3]), leaf, path)
            return Flow(path, direct_trust(path, json, self.triggers), leaf, path)
        if path[0] in _SAFE_ROOTS or path[0] == "secrets":
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
            if wanted and any(_like(name, pattern) for pattern in wanted):
                return Flow(path, "stranger" if self._pulls() else "unknown", Constant(0, 0, None), (step.uses.repository, name))
            return Flow(path, "safe", Constant(0, 0, None), path) if name in _SAFE_OUTPUTS else None
        return self._written(step, name)

    def _pulls(self) -> bool:
        """Whether a stranger's pull request, issue or comment can start this workflow."""
        return (
            not self.triggers
            or bool(self.triggers & {event for events, _ in _EVENTS.values() for event in events if event != "push"})
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
        """The flow of what a ``run:`` step writes under ``name``, if a stranger's: what stands in the lines that name it."""
        script = step.run.text if step.run is not None else ""
        line_of = re.compile(rf"(?i)(?<![\w-]){re.escape(name)}\s*(=|<<|::)")
        scope = self._deeper(self.job, step)
        worst: Flow | None = None
        for line in script.splitlines():
            if not line_of.search(line):
                continue
            found = [
                scope.worst_in(line),
                *(scope._env(("env", variable.lower())) for variable in re.findall(r"\$\{?([A-Za-z_]\w*)", line)),
            ]
            for flow in found:
                if flow is not None and (worst is None or _ORDER[flow.trust] > _ORDER[worst.trust]):
                    worst = flow
        return worst if worst is not None and worst.trust == "stranger" else None

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
        flows = [
            self._text(each.text, path, self.job, None)
            for node in (*values, *dynamic)
            for each in node.resolved.walk()
            if each.kind == "scalar"
        ]
        return max(flows, key=lambda flow: _ORDER[flow.trust], default=None)


def _like(name: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
