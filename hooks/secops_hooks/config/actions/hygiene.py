"""Artefacts that leak the token, needless or odd actions, and what a workflow leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...finding import Edit, Fix
from ..match import Hit
from .checkout import is_checkout, keeps_credentials, major
from .expression import Binary, Call, Expr, Index, Name, Property, Star, walk
from .workflow import (
    at,
    model_of,
    scalar,
    span_in,
    text_of,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node


_EVERYTHING: Final = (
    r"(?i)\A(\.|\./|\.\.|\*\*?(/\*\*?)?|\./\*\*?(/\*)?|\$\{\{\s*github\.workspace\s*\}\}/?(\*\*?)?|~/?|/home/runner/work/?.*)\Z"
)


def leaking_artifact(file: File, tree: Tree) -> Iterator[Hit]:
    """A checkout uploaded as a whole, with the token in its ``.git``."""
    model = model_of(file)
    for job in model.jobs if model is not None else ():
        kept: list[str] = []  # the directories of checkouts that hold a token
        for step in job.steps:
            uses = step.uses
            if uses is not None and is_checkout(step):
                if keeps_credentials(step) and major(uses) < 6:
                    kept.append(_directory(step.input("path")))
            elif kept and uses is not None and uses.repository == "actions/upload-artifact":
                path = scalar(step.inputs().get("path"))
                lines = [line.strip() for line in path.text.splitlines()] if path is not None else []
                hidden = major(uses) < 4 or step.input("include-hidden-files").lower() == "true" or major(uses) == 0
                if path is not None and hidden and any(_holds(line, kept) for line in lines) and "!**/.git/**" not in lines:
                    yield Hit(path)


def _directory(path: str) -> str:
    """A path within the workspace, plainly: without the workspace itself, ``./`` and a wildcard for all that is in it."""
    plain = re.sub(r"\A\$\{\{\s*github\.workspace\s*\}\}", ".", path)
    plain = re.sub(r"(/\*{1,2}){1,2}\Z", "", plain)
    return plain.removeprefix("./").strip("/")


def _holds(path: str, checkouts: list[str]) -> bool:
    """Whether uploading ``path`` takes the ``.git`` of one of ``checkouts`` with it."""
    wanted = _directory(path)
    return bool(re.match(_EVERYTHING, path)) or any(
        wanted in (each, f"{each}/.git".strip("/"), f"{each}/.git/config".strip("/")) for each in checkouts if wanted
    )


_ODD_PATH: Final = r"//|/\.\.?(/|\Z)|\A/|/\Z"


def obfuscated(file: File, tree: Tree) -> Iterator[Hit]:
    """``uses:`` with needless path parts, and expressions that compute the name they read."""
    model = model_of(file)
    if model is None:
        return
    named = [job.uses for job in model.jobs] + [step.uses for step in model.steps()]
    for uses in named:
        if uses is not None and not uses.local and not uses.docker:
            written = uses.node.text.strip().partition("@")[0]
            if re.search(_ODD_PATH, written):
                message = "this path has parts that change nothing; tools that compare names will not recognise it"
                yield Hit(uses.node, message, fix=_plain_path(uses.node))
    for site in model.sites:
        for node in walk(site.expr) if site.expr is not None else ():
            if isinstance(node, Index) and isinstance(node.key, Call | Binary) and _constant(node.key):
                yield Hit(
                    span_in(site, node.start, node.end),
                    "the name that is read here is computed from constants, which hides it",
                    within=site.node,
                )


def _plain_path(node: Node) -> Fix | None:
    """The path without its needless parts."""
    name, sign, ref = node.text.strip().partition("@")
    parts: list[str] = []
    for part in name.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    if node.style or len(parts) < 2 or node.raw != node.text:
        return None
    return Fix((Edit(node.start, node.end, "/".join(parts) + sign + ref),))


def constant_expression(file: File, tree: Tree) -> Iterator[Hit]:
    """An expression that reads nothing and only computes with constants."""
    model = model_of(file)
    for site in model.sites if model is not None else ():
        if not site.bare and site.node.key != "if" and site.expr is not None and _constant(site.expr):
            yield Hit(span_in(site, site.template.start, site.template.end), within=site.node)


def _constant(expr: Expr) -> bool:
    status = ("always", "success", "failure", "cancelled", "hashfiles")
    return not any(isinstance(node, Name | Property | Star) or (isinstance(node, Call) and node.name in status) for node in walk(expr))


def workspace_action(file: File, tree: Tree) -> Iterator[Hit]:
    """``uses: ./…``, where ``$/…`` names the same without the workspace in between."""
    model = model_of(file)
    if model is None:
        return
    for uses in (*(job.uses for job in model.jobs), *(step.uses for step in model.steps())):
        if uses is not None and uses.in_workspace:
            plain = uses.node.target is None and uses.node.raw.startswith("./") and len(uses.node.raw) > 2
            fix = Fix((Edit(uses.node.start, uses.node.start + 1, "$"),), safe=False) if plain else None
            yield Hit(uses.node, fix=fix)


_SUPERFLUOUS: Final[dict[str, str]] = {
    "ncipollo/release-action": "gh release create",
    "softprops/action-gh-release": "gh release create",
    "svenstaro/upload-release-action": "gh release upload",
    "actions/create-release": "gh release create",
    "elgohr/github-release-action": "gh release create",
    "peter-evans/create-pull-request": "gh pr create",
    "peter-evans/create-or-update-comment": "gh pr comment or gh issue comment",
    "addnab/docker-run-action": "docker run, or container: of the job",
    "dtolnay/rust-toolchain": "rustup",
    "actions-rs/toolchain": "rustup",
    "actions-rs/cargo": "cargo in run:",
    "borales/actions-yarn": "yarn in run:",
    "sergeysova/jq-action": "jq in run:",
    "mikefarah/yq": "yq in run:",
    "thollander/actions-comment-pull-request": "gh pr comment",
    "wei/curl": "curl in run:",
    "actions/hello-world-javascript-action": "echo in run:",
}


def superfluous(file: File, tree: Tree) -> Iterator[Hit]:
    """An action for what the runner's own tools do."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        if step.uses is not None and step.uses.repository in _SUPERFLUOUS:
            yield Hit(step.uses.node, f"the runner has what this action does: {_SUPERFLUOUS[step.uses.repository]}")


_KNOWN_SHELLS: Final = frozenset(("bash", "sh", "pwsh", "powershell", "python", ""))


def misfeature(file: File, tree: Tree) -> Iterator[Hit]:
    """Features that make a workflow hard to reason about: ``shell: cmd``, shells of one's own, ``pip-install``."""
    model = model_of(file)
    if model is None:
        return
    defaults = [model.parts.get("defaults"), *(job.parts.get("defaults") for job in model.jobs)]
    shells = [at(node, "run", "shell") for node in defaults]
    shells += [step.parts.get("shell") for step in model.steps()]
    for node in shells:
        text = text_of(node).lower()
        if node is not None and "${{" not in text and text.split()[:1] == ["cmd"]:
            yield Hit(node, "cmd has no strict quoting; what stands in a variable can become a command")
    for step in model.steps():
        if step.uses is not None and step.uses.repository == "actions/setup-python" and "pip-install" in step.inputs():
            yield Hit(step.inputs()["pip-install"], "pip-install installs into the runner's own Python, past lock files", key=True)


def anonymous(file: File, tree: Tree) -> Iterator[Hit]:
    """A workflow or a job without a name."""
    model = model_of(file)
    if model is None:
        return
    if not text_of(model.parts.get("name")) and model.node.children:
        yield Hit(model.node.children[0], "this file has no name:; logs and checks show its path instead", key=True)
    for job in model.jobs if not model.action else ():
        if not text_of(job.parts.get("name")):
            yield Hit(job.node, "this job has no name:", key=True)


def no_concurrency(file: File, tree: Tree) -> Iterator[Hit]:
    """A workflow that says nothing about runs that overlap, or lets all of them go on."""
    model = model_of(file)
    if model is None or model.action or set(model.triggers) == {"workflow_call"}:
        return
    limits = [holder["concurrency"] for holder in (model.parts, *(job.parts for job in model.jobs)) if "concurrency" in holder]
    if "concurrency" not in model.parts and not all("concurrency" in job.parts for job in model.jobs):
        yield Hit(model.node.children[0], "nothing limits how many runs of this workflow go on at once", key=True)
    for limit in limits:
        if at(limit, "cancel-in-progress") is None:
            yield Hit(limit, "without cancel-in-progress a run that is out of date goes on", key=True)
