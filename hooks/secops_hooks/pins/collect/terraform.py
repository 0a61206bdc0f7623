"""Terraform and OpenTofu: sources of modules, constraints of providers (https://developer.hashicorp.com/terraform/language/modules/sources)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import plain_http
from .place import scalar_place

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

_REGISTRY: Final = re.compile(r"(?:[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?/)?[0-9A-Za-z_-]+/[0-9A-Za-z_-]+/[0-9a-z]+(?://.*)?\Z")
_HOSTS: Final = ("github.com/", "bitbucket.org/", "gitlab.com/")
_EXACT: Final = re.compile(r"=?\s*v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?\Z")


def collect(file: File, tree: Tree) -> Collected:
    """The modules and providers of a configuration."""
    document = file.document
    if document is None:
        return
    for node in document.select("module.*.source") + document.select("terraform.source"):
        if node.kind == "scalar" and node.known and node.text:
            yield from _module(node)
    for node in document.select("terraform.required_providers.*"):
        if node.kind == "mapping" and node.get("source") is not None and node.get("version") is None:
            name = node.get("source")
            yield Reference(
                "terraform",
                name.text if name is not None else "",
                "",
                "",
                "floating",
                node.source,
                node.key_start,
                node.key_end,
                "provider",
                node.path,
            )


def _module(node: Node) -> Collected:
    text = node.text
    if text.startswith(("./", "../", "/")):
        return
    start, end = scalar_place(node)
    git = text.startswith(("git::", "git@", "hg::", *_HOSTS)) or ".git?" in text or text.endswith(".git")
    if git:
        if plain_http(text.removeprefix("git::")):
            yield Mark("plain-http-source", node.source, start, end, "this module is cloned without authentication", node.path, text)
        m = re.search(r"[?&]ref=([^&]*)", text)
        ref = m[1] if m is not None else ""
        pinned = ref if is_commit(ref) else ""
        name = re.sub(r"\?.*", "", text)
        yield Reference("module", name, ref, pinned, "content" if pinned else "floating", node.source, start, end, "git", node.path)
    elif text.startswith(("http://", "https://")):
        if plain_http(text):
            yield Mark("plain-http-source", node.source, start, end, "this module is fetched without TLS", node.path, text)
        pinned = "checksum=sha256:" if "checksum=sha256:" in text else ""
        yield Reference("url", text, "", pinned, "content" if pinned else "unverifiable", node.source, start, end, "module", node.path)
    elif _REGISTRY.match(text):
        version = node.parent.get("version") if node.parent is not None else None
        if version is None:
            yield Reference("module", text, "", "", "floating", node.source, start, end, "registry", node.path)
        elif version.known:
            level: Level = "version" if _EXACT.match(version.text) else "floating"
            yield Reference("module", text, version.text, "", level, version.source, *scalar_place(version), "registry", version.path)
