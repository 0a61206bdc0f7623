"""CI systems other than GitHub Actions: images, includes, orbs, pipes, plugins, and what their scripts install."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import plain_http
from .commands import of_node
from .images import image_reference
from .place import scalar_place

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document, Node

# kind of file -> where images stand, as scalars or as mappings with a name
_IMAGES: Final = {
    "gitlab-ci": (
        "{image,services}",
        "*.image",
        "*.image.name",
        "image.name",
        "services[*]",
        "services[*].name",
        "*.services[*]",
        "*.services[*].name",
    ),
    "circleci": ("{jobs,executors}.*.docker[*].image", "orbs.*.{jobs,executors}.*.docker[*].image"),
    "azure-pipelines": ("resources.containers[*].image", "**.container", "**.container.image"),
    "bitbucket-pipelines": ("**.image", "**.image.name"),
    "cloudbuild": ("steps[*].name",),
    "drone": ("{steps,services}[*].image",),
    "woodpecker": ("{steps,services,pipeline}.*.image", "{steps,services}[*].image", "clone.*.image"),
    "travis": (),
    "buildkite": (),
    "codebuild": (),
}
# kind of file -> where shell code stands, as a scalar or a list of them
_SCRIPTS: Final = {
    "gitlab-ci": ("script", "before_script", "after_script"),
    "circleci": ("run", "command"),
    "azure-pipelines": ("script", "bash"),
    "bitbucket-pipelines": ("script", "after-script"),
    "drone": ("commands",),
    "woodpecker": ("commands",),
    "travis": ("install", "script", "before_install", "before_script", "after_success"),
    "buildkite": ("command", "commands"),
    "codebuild": ("commands",),
}


def collect(file: File, tree: Tree) -> Collected:
    """The references of a pipeline's definition."""
    document = file.document
    if document is None:
        return
    for kind in _IMAGES:
        if kind not in file.type.kinds:
            continue
        for pattern in _IMAGES[kind]:
            for node in document.select(pattern):
                if node.resolved.kind == "scalar" and _is_image(node, kind, document):
                    yield from image_reference(node, "pipeline")
        for key in _SCRIPTS.get(kind, ()):
            for node in document.index.get(key, ()):
                yield from _script(node, tree)
    if "gitlab-ci" in file.type.kinds:
        yield from _gitlab(document)
    if "circleci" in file.type.kinds:
        yield from _orbs(document)
    if "azure-pipelines" in file.type.kinds:
        yield from _azure(document)
    if "bitbucket-pipelines" in file.type.kinds:
        yield from _pipes(document)
    if "buildkite" in file.type.kinds:
        yield from _plugins(document)


def _is_image(node: Node, kind: str, document: Document) -> bool:
    """Azure's ``container`` may be the name of one declared above; nothing else is ambiguous."""
    if kind != "azure-pipelines" or node.key != "container":
        return True
    return node.text not in {each.text for each in document.select("resources.containers[*].container")} and bool(
        re.search(r"[:/]", node.text)
    )


def _script(node: Node, tree: Tree) -> Iterator[Reference | Mark]:
    holder = node.resolved
    for each in holder.children if holder.kind == "sequence" else [node]:
        if each.resolved.kind == "scalar":
            yield from of_node(each, "pipeline", tree)


def _include(name: str, ref: str, node: Node, level: Level) -> Reference:
    return Reference("ci", name, ref, ref if level == "content" else "", level, node.source, *scalar_place(node), "include", node.path)


def _gitlab(document: Document) -> Collected:
    """``include`` of remote files, other projects and components (https://docs.gitlab.com/ci/yaml/#include)."""
    for node in document.select("include"):
        for entry in node.resolved.children if node.resolved.kind == "sequence" else [node]:
            if entry.resolved.kind == "scalar":
                if entry.known and entry.text.startswith(("http://", "https://")):
                    yield from _remote(entry, None)
                continue
            remote, project, component = entry.get("remote"), entry.get("project"), entry.get("component")
            if remote is not None and remote.known:
                yield from _remote(remote, entry.get("integrity"))
            elif project is not None and project.known:
                ref = entry.get("ref")
                if ref is None:
                    yield _include(project.text, "", project, "floating")
                elif ref.known:
                    yield _include(project.text, ref.text, ref, "content" if is_commit(ref.text) else "floating")
            elif component is not None:
                yield from _component(component)


def _remote(node: Node, integrity: Node | None) -> Collected:
    if plain_http(node.text):
        yield Mark("plain-http-source", node.source, *scalar_place(node), "pipeline code is fetched without TLS", node.path, node.text)
    pinned = (integrity is not None and integrity.text.startswith("sha256-")) or re.search(r"/[0-9a-f]{40}/", node.text) is not None
    yield _include(node.text, "", node, "content" if pinned else "floating")


def _component(node: Node) -> Collected:
    name, _, version = node.text.rpartition("@")
    if not name or re.search(r"[$\[]", version):
        return
    level: Level = "content" if is_commit(version) else "version" if re.fullmatch(r"v?\d+\.\d+\.\d+\S*", version) else "floating"
    yield _include(re.sub(r"^\$[\w$]+/|^\$\[\[[^\]]*\]\]/", "", name), version, node, level)


def _orbs(document: Document) -> Collected:
    """Orbs: a full version is immutable, ``volatile``, ``dev:…`` and partial versions are not."""
    for node in document.select("orbs.*"):
        if node.resolved.kind == "scalar" and node.known and "@" in node.text and "<<" not in node.text:
            name, _, version = node.text.partition("@")
            level: Level = "version" if re.fullmatch(r"\d+\.\d+\.\d+", version) else "floating"
            yield Reference("orb", name, version, "", level, node.source, *scalar_place(node), "orb", node.path)


def _azure(document: Document) -> Collected:
    for entry in document.select("resources.repositories[*]"):
        name, ref = entry.get("name"), entry.get("ref")
        if name is None or not name.known or (ref is not None and not ref.known):
            continue
        text = ref.text if ref is not None else ""
        yield _include(name.text, text, ref if ref is not None else name, "content" if is_commit(text) else "floating")


def _pipes(document: Document) -> Collected:
    for node in document.index.get("pipe", ()):
        if node.kind != "scalar" or not node.known:
            continue
        if node.text.startswith("docker://"):
            yield from image_reference(node, "pipeline")
            continue
        name, _, version = node.text.partition(":")
        level: Level = "version" if re.match(r"v?\d+\.\d+", version) else "floating"
        yield Reference("pipe", name, version, "", level, node.source, *scalar_place(node), "pipe", node.path)


def _plugins(document: Document) -> Collected:
    """Buildkite's plugins, ``name#version``, as strings or as keys."""
    for node in document.index.get("plugins", ()):
        for entry in node.resolved.children:
            if entry.resolved.kind == "scalar" and entry.key is None:
                places = [(entry.text, *scalar_place(entry))]
            else:
                each = entry.resolved.children if entry.key is None else [entry]
                places = [(child.key or "", child.key_start, child.key_end) for child in each]
            for text, start, end in places:
                name, _, ref = text.partition("#")
                if text and not text.startswith((".", "/")) and "$" not in text:
                    level: Level = "content" if is_commit(ref) else "floating"
                    yield Reference("ci", name, ref, "", level, node.source, start, end, "plugin", entry.path)
