"""package.json: dependencies with their ranges, git and tarball sources, overrides, the package manager itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..install.javascript import npm_exact, npm_package
from ..manifest import NODE_LOCKS, missing_lock, nearest
from ..reference import Collected, Level, Mark, Reference
from ..url import locate_npm
from .place import scalar_place

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document, Node

_TABLES: Final = ("dependencies.*", "devDependencies.*", "optionalDependencies.*")
_LOCAL: Final = ("file:", "link:", "workspace:", "portal:", "patch:", "exec:", "catalog:", "jsr:", "./", "../", "/", "~/")


def collect(file: File, tree: Tree) -> Collected:
    """The references of a package.json."""
    document = file.document
    if document is None:
        return
    lock = nearest(file.path, NODE_LOCKS, tree)
    open_ranges = False
    for pattern in (*_TABLES, "resolutions.*", "overrides.**", "pnpm.overrides.*"):
        for node in document.select(pattern):
            for found in _dependency(node, lock is not None):
                open_ranges = open_ranges or (isinstance(found, Reference) and found.level == "floating")
                yield found
    yield from _manager(document)
    if lock is None and open_ranges:
        yield from _without_lock(document, tree)


def _dependency(node: Node, locked: bool) -> Collected:
    if node.resolved.kind != "scalar" or not node.known or not isinstance(node.value, str):
        return
    spec, name = node.text.strip(), node.key or ""
    if spec.startswith((*_LOCAL, "$")):
        return
    start, end = scalar_place(node)
    place = locate_npm(spec)
    if place is not None:
        if place.plain:
            yield Mark("plain-http-source", node.source, start, end, f"{name} is fetched without TLS", node.path, name)
        level: Level = "content" if place.content_id else "floating" if place.kind == "git" else "unverifiable"
        yield Reference(
            place.kind if place.kind == "git" else "url",
            name,
            place.ref,
            place.content_id,
            level,
            node.source,
            start,
            end,
            "dependency",
            node.path,
            locked,
        )
        return
    target, version = npm_package(f"x@{spec}") if spec.startswith("npm:") else (name, spec)
    if spec.startswith("npm:"):
        name = target
    yield Reference(
        "npm", name, version, "", "version" if npm_exact(version) else "floating", node.source, start, end, "manifest", node.path, locked
    )


def _manager(document: Document) -> Collected:
    for node in document.select("packageManager"):
        name, at, version = node.text.partition("@")
        if at and re.match(r"\d+\.\d+\.\d+", version) and "+sha" not in version:
            yield Reference("npm", name, version, "", "version", node.source, *scalar_place(node), "manager", node.path)


def _without_lock(document: Document, tree: Tree) -> Collected:
    """What is published as a library is installed by the ranges of those who use it; all else needs a lock."""
    root = document.roots[0]
    private = root.get("private")
    library = (private is None or private.value is not True) and root.get("name") is not None and root.get("version") is not None
    node = next((n for pattern in ("dependencies", "devDependencies", "optionalDependencies") for n in document.select(pattern)), None)
    if node is not None:
        yield from missing_lock(
            node.source, node.key_start, node.key_end, NODE_LOCKS, tree, node.path, node.path, "audit" if library else None
        )
