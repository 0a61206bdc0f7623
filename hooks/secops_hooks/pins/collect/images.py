"""Container images in structured files: compose, Kubernetes and its templates, Helm values, Terraform, CloudFormation, Nomad."""

from __future__ import annotations

import re

from ...records import TYPE_CHECKING
from ..image import Image, parse_image
from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import plain_http
from .place import scalar_place

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document, Node

# what holds containers by the name of the list or mapping that the key ``image`` stands in
_LISTS: Final = frozenset({"containers", "initContainers", "ephemeralContainers", "steps", "sidecars", "initContainerTemplates"})
_BLOCKS: Final = frozenset({"container", "init_container", "containers", "config"})  # HCL: Terraform's Kubernetes and Cloud Run, Nomad
_SINGLE: Final = frozenset({"container", "script", "stepTemplate", "containerTemplate"})


def collect(file: File, tree: Tree) -> Collected:
    """The images of a compose file, a Kubernetes manifest or a chart's values."""
    document = file.document
    if document is None:
        return
    kinds = file.type.kinds
    if "compose" in kinds:
        yield from _compose(document)
    if "kubernetes" in kinds or "helm-template" in kinds:
        yield from _kubernetes(document)
    if "cloudformation" in kinds:
        for node in document.index.get("Image", ()):
            if _within(node, "ContainerDefinitions"):
                yield from image_reference(node, "kubernetes")
    if "terraform" in kinds or "nomad" in kinds:
        for node in document.index.get("image", ()):
            holder = node.parent
            if holder is not None and (holder.key in _BLOCKS or _within(node, "container_definitions")):
                yield from image_reference(node, "kubernetes")
    if "helm-values" in kinds:
        yield from _values(document)


def _within(node: Node, key: str) -> bool:
    """Whether ``node`` stands in an item of the list ``key``."""
    above = node.parent.parent if node.parent is not None else None
    return above is not None and above.key == key


def image_reference(node: Node, role: str, text: str = "", start: int = -1, end: int = -1) -> Collected:
    """The reference of an image named by scalar ``node`` (or by the part ``text`` of it); nothing for what is not known."""
    if node.target is not None or not (node.known or text):
        return

    shown = text or node.text
    image = parse_image(shown)
    if image is None:
        return
    if start < 0:
        start, end = scalar_place(node)
        if text and text != node.text:
            at = node.source.text.find(text, start, end)
            start, end = (at, at + len(text)) if at >= 0 else (start, end)
    yield reference_of(image, node, role, start, end)


def reference_of(image: Image, node: Node, role: str, start: int, end: int) -> Reference:
    return Reference("image", image.name, image.tag, image.digest, image.level, node.source, start, end, role, node.path)


def _compose(document: Document) -> Collected:
    services = document.select("services.*")
    built = {image.text for each in services if each.get("build") is not None and (image := each.get("image")) is not None}
    for service in services:
        image, build = service.get("image"), service.get("build")
        if image is not None and build is None and image.text not in built:
            yield from image_reference(image, "compose")
        for node in service.select("volumes[*].source"):
            sibling = node.parent.get("type") if node.parent is not None else None
            if sibling is not None and sibling.text == "image":
                yield from image_reference(node, "compose")
        if build is None:
            continue
        context = build if build.resolved.kind == "scalar" else build.get("context")
        if context is not None and context.resolved.kind == "scalar":
            yield from remote_context(context)
        for node in build.select("additional_contexts.*") + build.select("additional_contexts[*]"):
            text = node.text if node.key is not None else node.text.partition("=")[2]
            if text.startswith("docker-image://"):
                yield from image_reference(node, "compose", text)
        inline = build.get("dockerfile_inline") if build.resolved.kind == "mapping" else None
        if inline is not None:
            yield from _inline(inline)


def _inline(node: Node) -> Collected:
    """The base images of a Dockerfile inside of a compose file."""
    stages: set[str] = set()
    pattern = re.compile(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?", re.IGNORECASE | re.MULTILINE)
    for m in pattern.finditer(node.source.text, node.start, node.end):
        if m[1].lower() not in stages and m[1] != "scratch":
            yield from image_reference(node, "image", m[1], *m.span(1))
        stages.add((m[2] or "").lower())


def remote_context(node: Node) -> Collected:
    """A build context that is fetched: a git repository (``…#ref:dir``) or an archive."""
    text = node.text
    if not node.known or not text.startswith(("https://", "http://", "git://", "git@", "ssh://", "github.com/")):
        return
    start, end = scalar_place(node)
    if plain_http(text):
        yield Mark("plain-http-source", node.source, start, end, "the build context is fetched without TLS", node.path, text)
    name, _, fragment = text.partition("#")
    ref = fragment.partition(":")[0]
    if name.endswith((".tar.gz", ".tgz", ".tar", ".zip")) and not ref:
        return
    level: Level = "content" if is_commit(ref) else "floating"
    yield Reference("git", name, ref, ref if level == "content" else "", level, node.source, start, end, "context", node.path)


def _kubernetes(document: Document) -> Collected:
    for node in document.index.get("image", ()):
        holder = node.parent
        above = holder.parent if holder is not None else None
        if node.kind != "scalar" or holder is None or above is None:
            if node.get("reference") is not None and above is not None and above.key == "volumes":
                yield from image_reference(node.get("reference") or node, "kubernetes")
            continue
        if (holder.key is None and above.key in _LISTS) or holder.key in _SINGLE:
            yield from image_reference(node, "kubernetes")

    for node in document.index.get("bundle", ()):
        if node.kind == "scalar" and node.parent is not None and node.parent.key in _REFS:
            yield from image_reference(node, "kubernetes")
    for node in document.index.get("resolver", ()):
        if node.kind == "scalar" and node.parent is not None and node.parent.key in _REFS:
            yield from _resolved(node.parent, node.text)


_REFS: Final = frozenset({"taskRef", "pipelineRef"})


def _resolved(holder: Node, resolver: str) -> Collected:
    """What a resolver of Tekton's fetches: a revision of a git repository, or a bundle of a registry."""
    named = {name.text: value for each in holder.select("params[*]") if (name := each.get("name")) and (value := each.get("value"))}
    url, revision, bundle = named.get("url"), named.get("revision"), named.get("bundle")
    if resolver == "bundles" and bundle is not None:
        yield from image_reference(bundle, "kubernetes")
    at = revision or url
    if resolver == "git" and url is not None and at is not None and url.known and at.known:
        ref = revision.text if revision is not None else ""
        level: Level = "content" if is_commit(ref) else "floating"
        commit = ref if level == "content" else ""
        yield Reference("git", url.text, ref, commit, level, at.source, *scalar_place(at), "context", at.path)


def _values(document: Document) -> Collected:
    for node in document.index.get("image", ()):
        if node.kind == "scalar" and node.text and ("/" in node.text or ":" in node.text):
            sibling = node.parent.get("tag") or node.parent.get("imageTag") if node.parent is not None else None
            yield from _with_tag(node, sibling) if sibling is not None else image_reference(node, "helm")
    for node in document.index.get("repository", ()):
        if node.kind == "scalar" and node.parent is not None:
            tag = node.parent.get("tag")
            if tag is not None:
                yield from _with_tag(node, tag)


def _with_tag(repository: Node, tag: Node) -> Collected:
    """An image whose name and tag are two values. An absent or empty tag is filled in by the chart, so it is not known."""
    holder = repository.parent
    digest = (holder.get("digest") or holder.get("sha")) if holder is not None else None
    if not repository.known or not tag.known or not tag.text or tag.value is None or tag.resolved.kind != "scalar":
        return
    if digest is not None and (digest.text or not digest.known):
        return
    image = parse_image(f"{repository.text}:{tag.text}")
    if image is not None:
        yield reference_of(image, tag, "helm", *scalar_place(tag))
