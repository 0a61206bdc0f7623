"""pyproject.toml: project and group dependencies (PEP 621, PEP 735), build requirements, and the tables of poetry, pdm and uv."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..manifest import PYTHON_LOCKS, missing_lock, nearest
from ..pep508 import parse_requirement
from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import is_url, plain_http
from .place import scalar_place
from .requirements import url_reference

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...finding import Tier
    from ...parse import File
    from ...parse.node import Document, Node

_LISTS: Final = (
    ("project.dependencies[*]", "project"),
    ("project.optional-dependencies.*[*]", "project"),
    ("dependency-groups.*[*]", "project"),
    ("tool.uv.dev-dependencies[*]", "project"),
    ("tool.pdm.dev-dependencies.*[*]", "project"),
    ("tool.hatch.envs.*.dependencies[*]", "environment"),
    ("tool.hatch.envs.*.extra-dependencies[*]", "environment"),
    ("build-system.requires[*]", "build"),
)
_POETRY: Final = ("tool.poetry.dependencies.*", "tool.poetry.dev-dependencies.*", "tool.poetry.group.*.dependencies.*")


def collect(file: File, tree: Tree) -> Collected:
    """The references of a pyproject.toml."""
    document = file.document
    if document is None:
        return
    lock = nearest(file.path, PYTHON_LOCKS, tree)
    bounded = {node.text for node in document.select("tool.uv.build-constraint-dependencies[*]")}
    for pattern, role in _LISTS:
        for node in document.select(pattern):
            yield from dependency(node, role, lock is not None or (role == "build" and bool(bounded)))
    for pattern in _POETRY:
        for node in document.select(pattern):
            if node.key != "python":
                yield from _poetry(node, lock is not None)
    for node in document.select("tool.uv.sources.*"):
        for each in node.resolved.children if node.resolved.kind == "sequence" else [node]:
            yield from _table(each, node.key or "", lock is not None)
    yield from _sources(document)
    if lock is None:
        yield from _without_lock(file, document, tree)


def dependency(node: Node, role: str, locked: bool) -> Collected:
    """The reference of a PEP 508 string. The version specifier is what is reported, or all of it when there is none."""
    if node.resolved.kind != "scalar" or not node.known or not node.text:
        return
    start, end = scalar_place(node)
    requirement = parse_requirement(node.text)
    if requirement is None:
        if is_url(node.text):
            yield from url_reference(node.source, node.text, start, end, role, key_path=node.path, locked=locked)
        return
    if requirement.url:
        at = node.source.text.find(requirement.url, start, end)
        place = (at, at + len(requirement.url)) if at >= 0 else (start, end)
        yield from url_reference(node.source, requirement.url, *place, role, "", requirement.name, node.path, locked)
        return
    level: Level = "version" if requirement.exact else "floating"
    yield Reference("pypi", requirement.name, requirement.versions, "", level, node.source, start, end, role, node.path, locked)


def _poetry(node: Node, locked: bool) -> Collected:
    """A poetry dependency: a constraint, a table, or several tables by marker."""
    holder = node.resolved
    if holder.kind == "scalar":
        if holder.known:
            yield from _constraint(node, node.key or "", locked)
        return
    for each in holder.children if holder.kind == "sequence" else [node]:
        version = each.get("version")
        if version is not None and version.known:
            yield from _constraint(version, node.key or "", locked)
        yield from _table(each, node.key or "", locked)


def _constraint(node: Node, name: str, locked: bool) -> Collected:
    text = node.text.strip()
    exact = re.fullmatch(r"={0,3}\s*\d[\w.+!-]*", text) is not None and "*" not in text
    yield Reference(
        "pypi", name, text, "", "version" if exact else "floating", node.source, *scalar_place(node), "project", node.path, locked
    )


def _table(node: Node, name: str, locked: bool) -> Collected:
    """A dependency from a repository or a URL, in poetry's or uv's words."""
    git, url = node.get("git"), node.get("url")
    if git is not None and git.known:
        rev = node.get("rev") or node.get("tag") or node.get("branch")
        if plain_http(git.text):
            yield Mark(
                "plain-http-source",
                git.source,
                *scalar_place(git),
                f"{name} is cloned from {git.text} without authentication",
                git.path,
                name,
            )
        ref = rev.text if rev is not None else ""
        pinned = ref if rev is not None and rev.key == "rev" and is_commit(ref) else ""
        at = rev if rev is not None else git
        if at.known:
            yield Reference(
                "git", name, ref, pinned, "content" if pinned else "floating", at.source, *scalar_place(at), "project", at.path, locked
            )
    elif url is not None and url.known:
        start, end = scalar_place(url)
        yield from url_reference(url.source, url.text, start, end, "project", "", name, url.path, locked)


_INDEXES: Final = (
    "tool.uv.index[*].url",
    "tool.uv.{index-url,default-index}",
    "tool.uv.{extra-index-url,find-links}[*]",
    "tool.poetry.source[*].url",
    "tool.pdm.source[*].url",
)


def unencrypted(node: Node) -> Collected:
    """A mark on the URL of an index that is reached without TLS."""
    if node.resolved.kind == "scalar" and node.known and plain_http(node.text):
        yield Mark(
            "plain-http-source", node.source, *scalar_place(node), "packages are fetched from here without TLS", node.path, node.text
        )


def _sources(document: Document) -> Collected:
    """A second index for uv, and indexes without TLS; in which order they are asked is a matter of family config."""
    for pattern in _INDEXES:
        for node in document.select(pattern):
            yield from unencrypted(node)
    for node in document.select("tool.uv.extra-index-url[*]"):
        if node.known and node.text:
            yield Mark("extra-index-url", node.source, *scalar_place(node), "", node.path, node.text)


def _without_lock(file: File, document: Document, tree: Tree) -> Collected:
    """An application's open ranges need a lock; a library's say what it works with."""
    for pattern in ("project.dependencies", "tool.poetry.dependencies"):
        for node in document.select(pattern):
            tier: Tier | None = None if _is_application(document) else "audit"
            children = [c for c in node.resolved.children if c.key != "python"]
            if not children or all(_is_exact(c) for c in children) or _pinned_beside(file.path, tree):
                continue
            yield from missing_lock(node.source, node.key_start, node.key_end, PYTHON_LOCKS, tree, node.path, node.path, tier)


def _is_exact(node: Node) -> bool:
    requirement = parse_requirement(node.text) if node.key is None else None
    if requirement is not None:
        return requirement.exact or bool(requirement.url)
    return re.fullmatch(r"={0,3}\s*\d[\w.+!-]*", node.text.strip()) is not None


def _pinned_beside(path: str, tree: Tree) -> bool:
    """Whether a compiled requirements file lies beside the manifest."""
    base = path.removesuffix("pyproject.toml")
    for name in ("requirements.txt", "requirements.lock", "requirements/base.txt", "requirements-dev.lock"):
        source = tree.find(base + name)
        if source is not None and ("--hash=" in source.text or source.text.count("==") > 3):
            return True
    return False


def _is_application(document: Document) -> bool:
    """Whether the project says that it is not built into a package."""
    for pattern in ("tool.poetry.package-mode", "tool.uv.package", "tool.pdm.distribution"):
        if any(node.value is False for node in document.select(pattern)):
            return True
    return not document.select("build-system") and not document.select("tool.poetry.name")
