"""Tekton and Argo: parameters and events pasted into scripts, foreign code built, accounts and users of the pods.

Loaded with every Kubernetes manifest, so that what reads shell code is imported only when a script is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..parse.locate import located
from .match import Hit

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..parse import File
    from ..parse.node import Node

_SHELLS: Final = frozenset(("sh", "bash", "ash", "dash", "zsh", "ksh"))
_TEKTON_PARAM: Final = r"\$\((?:inputs\.)?params\.([\w.-]+|\[[^\]]*\])\)|\$\(params\[['\"]([^'\"]+)['\"]\](?:\[[^\]]*\])?\)"
_TEKTON_EVENT: Final = r"\{\{\s*(body|headers|source_branch|event_title|trigger_comment|pull_request_title)\b[\w.\s]*\}\}"
_ARGO_PARAM: Final = (
    r"\{\{=?\s*(?:inputs|workflow|item|steps|tasks)[\w.\-\[\]'\"]*(?:parameters|item|outputs)[^}]{0,120}\}\}"
    r"|\{\{\s*item(?:\.\w+)?\s*\}\}"
)


def _of_group(file: File, group: str) -> Iterator[Node]:
    document = file.document
    for root in document.roots if document is not None else ():
        if _text(root.get("apiVersion")).startswith(group):
            yield root


def tekton_params(file: File, tree: Tree) -> Iterator[Hit]:
    """``$(params.x)`` inside of ``script:`` or of what a shell gets as its program; Tekton fills it in before the shell reads it."""
    yield from _in_scripts(file, "tekton.dev/", _TEKTON_PARAM, ("script",))
    for root in _of_group(file, "tekton.dev/"):
        for steps in root.walk():
            if steps.key in ("steps", "sidecars") and steps.resolved.kind == "sequence":
                for step in steps.resolved.children:
                    yield from _in_shell_words(step, _TEKTON_PARAM)


def tekton_events(file: File, tree: Tree) -> Iterator[Hit]:
    """``{{ body… }}`` of the event inside of ``script:`` (Pipelines as Code)."""
    yield from _in_scripts(file, "tekton.dev/", _TEKTON_EVENT, ("script",))


def argo_parameters(file: File, tree: Tree) -> Iterator[Hit]:
    """``{{inputs.parameters.x}}`` inside of a script's ``source`` or of what a shell gets as its program."""
    yield from _in_scripts(file, "argoproj.io/", _ARGO_PARAM, ("source",))
    for root in _of_group(file, "argoproj.io/"):
        for container in root.walk():
            if container.key in ("container", "script"):
                yield from _in_shell_words(container, _ARGO_PARAM)


def _in_shell_words(container: Node, pattern: str) -> Iterator[Hit]:
    """``pattern`` in the words of a ``command`` and ``args`` that start a shell with ``-c``."""
    parts = [part for key in ("command", "args") if (part := container.get(key)) is not None]
    words = [item for part in parts for item in part.resolved.children]
    if words and words[0].text.rpartition("/")[2] in _SHELLS:
        for word in words[1:]:
            where = located(word)
            for found in re.finditer(pattern, where.text):
                yield Hit(where.span(*found.span()), f"{found[0]} is pasted into the script as code", within=word)


def _in_scripts(file: File, group: str, pattern: str, keys: tuple[str, ...]) -> Iterator[Hit]:
    for root in _of_group(file, group):
        for node in root.walk():
            if node.key in keys and node.kind == "scalar":
                where = located(node)
                for found in re.finditer(pattern, where.text):
                    yield Hit(where.span(*found.span()), f"{found[0]} is pasted into the script as code", within=node)


def unread_script(file: File, tree: Tree) -> Iterator[Hit]:
    """A download that is run at once in a script of Tekton or Argo."""
    if not any(word in file.source.text for word in ("curl", "wget")):
        return
    from ..parse.shell import parse_script
    from .shell_risks import unread_downloads

    for group, key in (("tekton.dev/", "script"), ("argoproj.io/", "source")):
        for root in _of_group(file, group):
            for node in root.walk():
                if node.key == key and node.kind == "scalar" and ("curl" in node.text or "wget" in node.text):
                    for risk in unread_downloads(parse_script(located(node))):
                        message = f"{risk.what}; whoever controls that address, or the way to it, controls this step"
                        yield Hit(risk.span, message, within=node)


def tekton_foreign_code(file: File, tree: Tree) -> Iterator[Hit]:
    """Scripts that build the checkout of a pull request (Pipelines as Code)."""
    for root in _of_group(file, "tekton.dev/"):
        annotations = root.get("metadata", "annotations")
        event = annotations.get("pipelinesascode.tekton.dev/on-event") if annotations is not None else None
        if event is None or "pull_request" not in event.text:
            continue
        for node in root.walk():
            if node.key == "script" and node.kind == "scalar":
                from ..parse.shell import parse_script, unwrap
                from .actions.programs import BUILDERS

                for command in parse_script(located(node)).walk_commands():
                    inner = unwrap(command)
                    if inner.program in BUILDERS or (inner.name is not None and inner.name.prefix.startswith("./")):
                        yield Hit(
                            node,
                            f"{inner.program} runs code or configuration of the checkout, which may be a stranger's pull request",
                            key=True,
                        )
                        break


def argo_default_account(file: File, tree: Tree) -> Iterator[Hit]:
    """A workflow that runs with the namespace's default service account."""
    for spec in _argo_specs(file):
        account = spec.get("serviceAccountName")
        if account is None:
            yield Hit(spec, "no serviceAccountName: the workflow runs with the namespace's default account", key=True)
        elif _text(account) == "default":
            yield Hit(account)


def argo_root(file: File, tree: Tree) -> Iterator[Hit]:
    """A workflow whose pods may run as root."""
    for spec in _argo_specs(file):
        flag = spec.get("securityContext", "runAsNonRoot")
        if flag is None and not any(each.get("securityContext", "runAsNonRoot") is not None for each in spec.select("templates[*]")):
            yield Hit(spec, "no securityContext.runAsNonRoot: the pods of this workflow may run as root", key=True)
        elif flag is not None and _text(flag).lower() == "false":
            yield Hit(flag)


def _argo_specs(file: File) -> Iterator[Node]:
    """The specs of the pods of workflow kinds."""
    for root in _of_group(file, "argoproj.io/"):
        kind = _text(root.get("kind"))
        spec = root.get("spec", "workflowSpec") if kind == "CronWorkflow" else root.get("spec")
        if spec is None or kind not in ("Workflow", "CronWorkflow", "WorkflowTemplate", "ClusterWorkflowTemplate"):
            continue
        if spec.get("templates") is not None or spec.get("workflowTemplateRef") is None:
            yield spec


def _text(node: Node | None) -> str:
    return node.text.strip() if node is not None and node.resolved.kind == "scalar" else ""
