"""What a run may do and who may start it: triggers, permissions, secrets, tokens, runners, checkouts of foreign code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...finding import Edit, Fix
from ..match import Hit, Replace
from .expression import Call, Expr, Index, Name, Property, Star, templates, walk
from .taint import Flow, Scope, path_of
from .workflow import (
    FORK_EVENTS,
    PULL_EVENTS,
    Job,
    Model,
    Site,
    Step,
    Uses,
    at,
    entries,
    fields,
    items,
    model_of,
    scalar,
    span_in,
    text_of,
    texts,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...finding import Tier
    from ...parse import File
    from ...parse.node import Node

_DANGEROUS: Final[dict[str, str]] = {
    "pull_request_target": "pull_request_target gives pull requests of strangers the repository's secrets and a writing token",
    "workflow_run": "workflow_run runs with the repository's secrets on what another, perhaps a stranger's, run left behind",
}
_CHECKOUTS: Final = frozenset({"actions/checkout"})


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
            if not _explained(entry):
                yield Hit(entry, f"{entry.key}: write stands at the top of the workflow; a job added later gets it, too", key=True)


def _explained(entry: Node) -> bool:
    """Whether a comment says what the permission is for."""
    return any(comment.strip() for comment in entry.comments)


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


# -- secrets


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
            if isinstance(node, Call) and node.name == "fromjson" and any((path_of(arg) or ("",))[0] == "secrets" for arg in node.args):
                yield Hit(span_in(site, node.start, node.end), within=site.node)


def secret_outside_environment(file: File, tree: Tree) -> Iterator[Hit]:
    """A secret in a job that names no ``environment``."""
    model = model_of(file)
    if model is None or model.action or set(model.triggers) == {"workflow_call"}:
        return
    for site in model.sites:
        if site.job is None or "environment" in site.job.parts or site.expr is None:
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


# -- checkouts


def major(uses: Uses) -> int:
    """The major version that ``uses`` names by tag or in the comment behind a digest; 0 when neither does."""
    found = re.match(r"v?(\d+)(?:\.|\Z)", uses.ref)
    if found is None or len(found[1]) > 3:
        source = uses.node.source
        tail = source.line(source.position(uses.node.end)[0]).partition("#")[2]
        found = re.search(r"\bv?(\d{1,3})(?:\.\d+)*\b", tail)
    return int(found[1]) if found else 0


def is_checkout(step: Step) -> bool:
    return step.uses is not None and step.uses.repository in _CHECKOUTS


def persisted_credentials(file: File, tree: Tree) -> Iterator[Hit]:
    """``actions/checkout`` that leaves its token in ``.git/config``."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        if is_checkout(step) and step.uses is not None and keeps_credentials(step):
            first = step.node.resolved.children[0]
            start = first.key_start if step.node.target is None and first.key_start < step.uses.node.start else step.uses.node.start
            yield Hit(step.node.source.span(start, step.uses.node.end), within=step.uses.node, fix=_persist_fix(step))


def keeps_credentials(step: Step) -> bool:
    """Whether a checkout step leaves the token behind; an expression there is taken for a reasoned choice."""
    given = step.input("persist-credentials")
    return given == "" or given.lower() == "true"


def _persist_fix(step: Step) -> Fix | None:
    """``persist-credentials: false`` below ``with:``."""
    given = step.inputs().get("persist-credentials")
    if given is not None:
        return Fix((Edit(given.start, given.end, "false"),), safe=False) if given.target is None else None
    return with_input(step, "persist-credentials: false")


def with_input(step: Step, setting: str) -> Fix | None:
    """``setting`` as the first input of an action; ``with:`` is added if there is none. ``None`` where that is no insertion of a line."""
    if step.node.target is not None or step.node.raw[:1] == "{" or step.parts["uses"].target is not None:
        return None
    source = step.node.source
    wanted = step.parts.get("with")
    if wanted is None:
        line, column = source.position(step.parts["uses"].key_start)
        end = source.line_starts[line] if line < len(source.line_starts) else len(source.text)
        before = "" if source.text[:end].endswith(("\n", "\r")) else "\n"
        pad = " " * (column - 1)
        return Fix((Edit(end, end, f"{before}{pad}with:\n{pad}  {setting}\n"),), safe=False)
    if wanted.kind != "mapping" or not wanted.children or wanted.raw[:1] == "{":
        return None
    first = wanted.children[0]
    pad = " " * (source.position(first.key_start)[1] - 1)
    return Fix((Edit(first.key_start, first.key_start, f"{setting}\n{pad}"),), safe=False)


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
    if run is not None and re.search(_FETCH, run.text):
        return run
    return None


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


# -- runners


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


# -- tokens


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
