"""Helm charts' dependencies and Kustomize: remote bases, image overrides, charts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..image import parse_image
from ..manifest import nearest
from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import plain_http
from .images import reference_of
from .place import scalar_place

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node


def collect(file: File, tree: Tree) -> Collected:
    """The references of Chart.yaml, requirements.yaml (Helm 2) or kustomization.yaml."""
    document = file.document
    if document is None:
        return
    if file.type.kinds & {"helm-chart", "helm-requirements"}:
        locked = nearest(file.path, ("Chart.lock", "requirements.lock"), tree) is not None
        for entry in document.select("dependencies[*]"):
            yield from _dependency(entry, locked)
    if "kustomize" in file.type.kinds:
        for entry in document.select("images[*]"):
            yield from _override(entry)
        for node in document.select("{resources,bases,components,crds}[*]"):
            yield from _base(node)
        for entry in document.select("helmCharts[*]"):
            yield from _dependency(entry, False)


def _dependency(entry: Node, locked: bool) -> Collected:
    name, version = entry.get("name"), entry.get("version")
    repository = entry.get("repository") or entry.get("repo")
    if name is None or not name.known:
        return
    if repository is not None and plain_http(repository.text):
        yield Mark(
            "plain-http-source",
            repository.source,
            *scalar_place(repository),
            f"chart {name.text} is fetched without TLS",
            repository.path,
            name.text,
        )
    if repository is None or not repository.text or repository.text.startswith("file:") or not repository.known:
        return
    if version is None:
        yield Reference("chart", name.text, "", "", "floating", name.source, *scalar_place(name), "", name.path, locked)
    elif version.known:
        level: Level = "version" if re.fullmatch(r"=?\s*v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?", version.text) else "floating"
        yield Reference("chart", name.text, version.text, "", level, version.source, *scalar_place(version), "", version.path, locked)


def _override(entry: Node) -> Collected:
    name, new, tag, digest = (entry.get(key) for key in ("name", "newName", "newTag", "digest"))
    if digest is not None or tag is None or not tag.known or tag.resolved.kind != "scalar":
        return
    shown = new if new is not None else name
    image = parse_image(f"{shown.text}:{tag.text}") if shown is not None and shown.known else None
    if image is not None:
        yield reference_of(image, tag, "kustomize", *scalar_place(tag))


def _base(node: Node) -> Collected:
    """A remote base: a repository (``…//dir?ref=x``) or one file by URL (https://kubectl.docs.kubernetes.io)."""
    text = node.text
    if node.kind != "scalar" or not node.known or not re.match(r"(?:https?://|git@|git::|ssh://|github\.com/)", text):
        return
    start, end = scalar_place(node)
    if plain_http(text):
        yield Mark("plain-http-source", node.source, start, end, "this base is fetched without TLS", node.path, text)
    m = re.search(r"[?&](?:ref|version)=([^&]*)", text)
    ref = m[1] if m is not None else ""
    raw = re.search(r"/([0-9a-f]{40})/", text)
    if re.search(r"\.ya?ml\Z", text) and m is None:
        version = re.search(r"/(v?\d+\.\d+\.\d+[\w.-]*)/", text)
        level: Level = "content" if raw is not None else "version" if version is not None else "floating"
        yield Reference("base", text, version[1] if version is not None else "", "", level, node.source, start, end, "file", node.path)
        return
    yield Reference(
        "base", re.sub(r"\?.*", "", text), ref, "", "content" if is_commit(ref) else "floating", node.source, start, end, "git", node.path
    )
