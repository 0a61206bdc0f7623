"""Code of strangers in runs that have the repository's token: where it is fetched, and where it is built or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..match import Hit
from .checkout import is_checkout
from .expression import templates
from .programs import BUILDERS, BUILDING_ACTIONS, HARMLESS, LANGUAGES
from .scripts import plain_commands
from .taint import Flow, Scope
from .workflow import (
    FORK_EVENTS,
    PULL_EVENTS,
    Job,
    Model,
    Step,
    at,
    model_of,
    scalar,
    text_of,
    texts,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...finding import Tier
    from ...parse import File
    from ...parse.node import Node
    from ...parse.shell_ast import Command
    from .workflow import Job, Model, Step


_HEAD: Final = (
    r"github\.(head_ref|event\.pull_request\.(head\.(sha|ref|label)|merge_commit_sha)|"
    r"event\.workflow_run\.(head_(sha|branch|commit\.id)|pull_requests\.\*\.head\.(sha|ref)|head_repository\..*)|"
    r"event\.(pull_request\.)?head\.(repo\..*|sha|ref)|event\.pull_request\.head\.repo\..*|event\.check_(run|suite)\..*head.*)"
)
_PULL_REF: Final = r"refs/pull/|\bpull/.*/(head|merge)\b"
_DERIVED: Final = ("steps", "needs", "inputs", "env")
_FOREIGN_OUTPUT: Final = r"(?i)(head|pr|pull|branch|comment|issue).*(sha|ref|branch|commit|head)|^(sha|ref|head|branch|head_ref|head_sha)$"
_FETCH: Final = (
    r"\b(?:gh|hub)\s+pr\s+checkout\b|\bgit\s+fetch\b[^\n]*\bpull/[^\n]*/(?:head|merge)\b"
    r"|\bgit\s+(?:checkout|switch|fetch|pull|reset|merge)\b[^\n]*\$\{\{[^\n]*(?:head_ref|head\.(?:sha|ref)|head_sha|head_branch)"
)

_CLIENT: Final = r"\b(?:git|gh|hub)\b"
_GIT_FETCHES: Final = frozenset(
    {"checkout", "switch", "fetch", "pull", "reset", "merge", "clone", "worktree", "restore", "rebase", "cherry-pick"}
)


def events_of_strangers(model: Model, tree: Tree) -> frozenset[str]:
    """The triggers with which strangers start a run that has the repository's token.

    ``workflow_run`` is none of them when every workflow it waits for is in the tree and none runs on pull requests, issues or comments.
    """
    kept = model.file.source.memo.get("strangers")
    if not isinstance(kept, frozenset):
        kept = FORK_EVENTS & set(model.triggers)
        if "workflow_run" in kept and _only_own_runs(model, tree):
            kept -= {"workflow_run"}
        model.file.source.memo["strangers"] = kept
    return kept


def _only_own_runs(model: Model, tree: Tree) -> bool:
    from ...files.tree import Unreadable
    from ...parse import load

    awaited = {each.text.strip() for each in texts(at(model.triggers.get("workflow_run"), "workflows"))}
    for path in sorted(tree.paths()) if awaited else ():
        if path.startswith(".github/workflows/") and path.endswith((".yml", ".yaml")) and path != model.file.path:
            try:
                file = load(tree, path)
            except Unreadable:
                return False  # what cannot be read may be the one that strangers start
            other = model_of(file) if file is not None else None
            name = text_of(other.parts.get("name")) if other is not None else ""
            if other is not None and (name or path) in awaited:
                if (FORK_EVENTS | PULL_EVENTS) & set(other.triggers):
                    return False
                awaited.discard(name or path)
                if not awaited:
                    return True
    return False


def foreign_checkout(step: Step, model: Model, tree: Tree) -> Node | None:
    """Where ``step`` fetches code that a stranger wrote, in a workflow that gives strangers' runs its token. Else ``None``."""
    if not events_of_strangers(model, tree) or step.off or step.job.off or _own_repository_only(step):
        return None
    if is_checkout(step):
        scope = Scope(model, step.job, step)
        inputs = step.inputs()
        for name in ("ref", "repository"):
            node = scalar(inputs.get(name))
            if node is not None and _names_foreign(node.text, scope):
                return node
        return None
    run = step.run
    if run is not None and (re.search(_FETCH, run.text) or (re.search(_CLIENT, run.text) and _fetches_foreign(step, model))):
        return run
    return None


def _fetches_foreign(step: Step, model: Model) -> bool:
    """Whether a command of git or gh is given the name of a stranger's repository, branch or commit."""
    from ...parse.shell import unwrap

    script = plain_commands(step)
    scope = Scope(model, step.job, step)
    for command in (unwrap(each) for each in script.walk_commands()) if script is not None else ():
        words = [word.pattern for word in command.args if not word.pattern.startswith("-")]
        if not (command.program == "git" and words[:1] and words[0] in _GIT_FETCHES) and not (
            command.program in ("gh", "hub") and words[:2] in (["repo", "clone"], ["clone"])
        ):
            continue
        for part in (part for word in command.args for part in word.parts):
            if part.kind == "variable" and any(_foreign_flow(flow, scope) for flow in (scope.variable(part.name),) if flow is not None):
                return True
            if part.kind == "template" and _names_foreign(part.text, scope):
                return True
    return False


def _names_foreign(text: str, scope: Scope) -> bool:
    if "${{" not in text:
        return False
    flows = [flow for each in templates(text) if each.expr is not None for flow in scope.flows(each.expr)]
    if re.search(_PULL_REF, text) and any(flow.path[-1] == "number" or flow.path[0] in _DERIVED for flow in flows):
        return True
    return any(_foreign_flow(flow, scope) for flow in flows)


def _foreign_flow(flow: Flow, scope: Scope) -> bool:
    shown = ".".join(part for part in flow.source if part)
    if re.fullmatch(_HEAD, flow.shown) or re.fullmatch(_HEAD, shown):
        return True
    if flow.path[0] not in ("steps", "needs", "env") or flow.trust not in ("stranger", "unknown"):
        return False
    events = {"issue_comment", "workflow_run", "pull_request_target"} & set(scope.model.triggers)
    return bool(events) and re.search(_FOREIGN_OUTPUT, flow.path[-1]) is not None


_OWN: Final = (
    r"(head\.repo\.full_name\s*==\s*github\.repository|github\.repository\s*==\s*github\.event\.pull_request\.head\.repo\.full_name|"
    r"head\.repo\.fork\s*==\s*false|!\s*github\.event\.pull_request\.head\.repo\.fork|head_repository\.full_name\s*==\s*github\.repository|"
    r"head\.repo\.owner\.login\s*==\s*github\.repository_owner|head\.repo\.full_name\s*==\s*'[^']+'|head\.user\.login\s*==\s*github\.repository_owner|"
    r"workflow_run\.event\s*==\s*'(?:push|schedule|workflow_dispatch|release)'|head_repository\.fork\s*==\s*false|"
    r"!\s*github\.event\.workflow_run\.head_repository\.fork|"
    r"pull_request\.merged\s*==\s*true|github\.event\.pull_request\.merged\b(?!_))"
)


def _own_repository_only(step: Step) -> bool:
    """Whether a condition of step or job keeps pull requests of forks out, or waits until they are merged."""
    return any(node is not None and re.search(_OWN, node.text) is not None for node in (step.condition, step.job.condition))


_SOMEBODY: Final = (
    r"author_association|\.label\.name\b|\.labels\.|sender\.(?:login|type)|\b(?:triggering_)?actor\s*==|\buser\.login\s*=="
    r"|event\.action\s*==\s*'labeled'"
)


def approved(job: Job) -> Tier | None:
    """``warn`` for a job that somebody has to let run, as far as the file tells: an ``environment``, which may wait for an
    approval, or a condition on a label, on a person or on the role of one. ``None`` (the rule's own tier) for all others."""
    condition = job.condition
    if "environment" in job.parts or (condition is not None and re.search(_SOMEBODY, condition.text)):
        return "warn"
    for event in FORK_EVENTS & set(job.model.triggers):
        kinds = [each.text.strip() for each in texts(at(job.model.triggers[event], "types"))]
        if kinds != ["labeled"]:
            return None
    return "warn"


def untrusted_checkout(file: File, tree: Tree) -> Iterator[Hit]:
    """A stranger's code fetched into a run that has the repository's token and secrets."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        node = foreign_checkout(step, model, tree) if model is not None else None
        if node is not None:
            yield Hit(node, key=node.key == "run", tier=approved(step.job))


def foreign_code_run(file: File, tree: Tree) -> Iterator[Hit]:
    """Steps that run code or configuration of a stranger's checkout, with the repository's token in reach."""
    model = model_of(file)
    if model is None or not events_of_strangers(model, tree):
        return
    for job in model.jobs:
        foreign = False
        for step in job.steps:
            if foreign and not step.off:
                yield from _runs_tree(step)
            foreign = foreign or foreign_checkout(step, model, tree) is not None


def _runs_tree(step: Step) -> Iterator[Hit]:
    from ...parse.shell import unwrap

    uses = step.uses
    if uses is not None:
        if uses.in_workspace or uses.repository in BUILDING_ACTIONS:
            yield Hit(uses.node, f"{uses.name} runs what the stranger's checkout holds", tier=approved(step.job))
        return
    script = plain_commands(step)
    run = step.run
    if script is None or run is None:
        return
    for command in script.walk_commands():
        what = runs_tree(unwrap(command))
        if what:
            yield Hit(run, f"{what} runs code or configuration of the stranger's checkout", key=True, tier=approved(step.job))
            return


_DOWNLOADS: Final = ("actions/download-artifact", "dawidd6/action-download-artifact", "aochmann/actions-download-artifact")


def brings_artifacts(step: Step) -> bool:
    """Whether ``step`` fetches what another run left behind."""
    run = step.run
    return (step.uses is not None and step.uses.repository in _DOWNLOADS) or (run is not None and "gh run download" in run.text)


def artifact_code_run(file: File, tree: Tree) -> Iterator[Hit]:
    """Steps that run code of a workspace into which the artifacts of a stranger's run were unpacked."""
    model = model_of(file)
    if model is None or "workflow_run" not in events_of_strangers(model, tree):
        return
    for job in model.jobs:
        mixed = False
        for step in job.steps:
            if mixed and not step.off:
                yield from (
                    hit._replace(message="this runs code of a directory into which a stranger's artifact was unpacked")
                    for hit in _runs_tree(step)
                )
            path = step.input("path")
            outside = path.startswith(("/", "${{ runner.temp", "~", "..")) or "mktemp" in path
            mixed = mixed or (brings_artifacts(step) and not outside and not _own_repository_only(step))


def runs_tree(command: Command) -> str:
    """The name of the program when it runs code or configuration of the working directory, else empty."""
    from ...parse.shell_ast import SHELLS

    program = command.program
    name = command.name.prefix if command.name is not None else ""
    first = command.args[0].pattern if command.args else ""
    if name.startswith(("./", "../")):
        return name
    if program in BUILDERS:
        harmless = HARMLESS.get(program)
        return "" if harmless is not None and first in harmless else program
    if program in LANGUAGES and first and not first.startswith("-") and "/dev/" not in first and not first.startswith("/"):
        return program
    if program in SHELLS or program in ("source", "."):
        script = next((word.pattern for word in command.args if not word.pattern.startswith("-")), "")
        flags = [word.pattern for word in command.args if word.pattern.startswith("-")]
        if script and not script.startswith("/") and not any(flag.endswith("c") for flag in flags):
            return f"{program} {script}"
    if program in LANGUAGES and first == "-m":
        return program
    return ""
