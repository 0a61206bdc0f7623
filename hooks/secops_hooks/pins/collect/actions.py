"""GitHub Actions: ``uses`` of steps, reusable workflows and composite actions; images of jobs, services and docker actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..image import parse_image
from ..reference import Collected, Level, Reference, is_commit
from .commands import of_node
from .images import image_reference
from .place import scalar_place

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

_IMAGES: Final = ("jobs.*.container", "jobs.*.container.image", "jobs.*.services.*", "jobs.*.services.*.image")
_DATA: Final = frozenset({"with", "env", "inputs", "outputs", "secrets", "matrix", "include"})  # in which a key may be called uses, too
FIRST_PARTY: Final = frozenset({"actions", "github", "dependabot"})


def collect(file: File, tree: Tree) -> Collected:
    """The references of a workflow or of an action's metadata."""
    document = file.document
    if document is None:
        return
    for node in document.index.get("uses", ()):
        yield from _uses(node)
        yield from _untold(node)
    for node in document.select("runs.image"):
        if node.text.startswith("docker://"):
            yield from image_reference(node, "ci")
    for pattern in _IMAGES:
        for node in document.select(pattern):
            if node.resolved.kind == "scalar":
                yield from _image(node)
    for node in document.index.get("with", ()):
        yield from _tool(node)
    for node in document.index.get("run", ()):
        yield from of_node(node, "workflow", tree)


def _image(node: Node) -> Collected:
    """An image of a job or service; of one that a matrix gives, the images of the matrix."""
    m = re.fullmatch(r"\$\{\{\s*matrix((?:\.[\w-]+){1,3})\s*\}\}", node.text.strip())
    if m is None:
        yield from image_reference(node, "ci")
        return
    job: Node | None = node
    while job is not None and (job.parent is None or job.parent.key != "jobs"):
        job = job.parent
    matrix = job.get("strategy", "matrix") if job is not None else None
    if matrix is None:
        return
    name, *rest = m[1].strip(".").split(".")
    for entry in matrix.select(f"{name}[*]") + matrix.select(f"include[*].{name}"):
        value = entry.get(*rest) if rest else entry
        if value is not None and value.resolved.kind == "scalar":
            yield from image_reference(value, "ci")


def _uses(node: Node) -> Collected:
    """``owner/repository[/path]@ref``, ``docker://image``, or a path in this repository (which is reviewed with it)."""
    parent = node.parent
    if node.resolved.kind != "scalar" or parent is None or parent.key in _DATA or node.target is not None:
        return
    text = node.text.strip()
    if not text or text.startswith(("./", "../", "$/", ".\\")) or text == ".":
        return
    if text.startswith("docker://"):
        if parse_image(text) is not None:
            yield from image_reference(node, "ci")
        return
    if not node.known or "${{" in text:
        return
    name, _, ref = text.partition("@")
    if name.count("/") < 1 or " " in text:
        return
    workflow = "/.github/workflows/" in name or (parent.parent is not None and parent.parent.key == "jobs")
    role = "workflow" if workflow else "first-party" if name.partition("/")[0].lower() in FIRST_PARTY else "third-party"
    level: Level = "content" if is_commit(ref) else "floating"
    start, end = scalar_place(node)
    yield Reference("action", name, ref, ref if level == "content" else "", level, node.source, start, end, role, node.path)


# actions that install a tool in whatever version is newest unless they are told which
_NEWEST: Final = {
    "aquasecurity/setup-trivy": "version",
    "1password/load-secrets-action": "version",
    "1password/install-cli-action": "version",
    "azure/setup-helm": "version",
    "azure/setup-kubectl": "version",
    "oven-sh/setup-bun": "bun-version",
    "denoland/setup-deno": "deno-version",
    "hashicorp/setup-terraform": "terraform_version",
    "opentofu/setup-opentofu": "tofu_version",
    "hashicorp/setup-packer": "version",
    "anchore/scan-action": "grype-version",
    "anchore/sbom-action": "syft-version",
    "golangci/golangci-lint-action": "version",
    "jdx/mise-action": "version",
}


def _tool(node: Node) -> Collected:
    """The version of a tool that an action is told to install: ``latest`` is none."""
    step = node.parent
    uses = step.get("uses") if step is not None else None
    if step is None or uses is None or uses.resolved.kind != "scalar" or _never(step):
        return
    for entry in node.resolved.children:
        key = entry.key or ""
        if (key == "version" or key.endswith(("-version", "_version"))) and entry.kind == "scalar" and entry.text == "latest":
            yield Reference(
                "tool", uses.text.partition("@")[0], "latest", "", "floating", node.source, *scalar_place(entry), "told", entry.path
            )


def _untold(node: Node) -> Collected:
    """A step with an action that installs what is newest, and no word about the version."""
    step = node.parent
    name = node.text.partition("@")[0]
    wanted = _NEWEST.get(name.lower())
    if wanted is None or step is None or _never(step):
        return
    given = step.get("with")
    if given is None or given.get(wanted) is None:
        yield Reference("tool", name, "", "", "floating", node.source, *scalar_place(node), "untold", node.path)


def _never(step: Node) -> bool:
    """Whether a step is switched off for good (``if: false``)."""
    condition = step.get("if")
    return condition is not None and condition.text.replace(" ", "").removeprefix("${{").removesuffix("}}").lower() == "false"
