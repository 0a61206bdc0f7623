"""``.pre-commit-config.yaml``: the revision of each repository of hooks, and what hooks install beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..pep508 import parse_requirement
from ..reference import Collected, Level, Mark, Reference, is_commit, is_version
from ..url import is_url, plain_http
from .images import image_reference
from .place import scalar_place
from .requirements import url_reference

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

_OWN = frozenset({"local", "meta", "builtin"})
_FROZEN = re.compile(r"frozen:\s*(\S+)")


def collect(file: File, tree: Tree) -> Collected:
    """The references of a configuration of pre-commit (or prek, which reads the same file)."""
    document = file.document
    if document is None:
        return
    for entry in document.select("repos[*]"):
        yield from _repository(entry)


def _repository(entry: Node) -> Collected:
    repo, rev = entry.get("repo"), entry.get("rev") or entry.get("sha")
    name = repo.text if repo is not None and repo.known else ""
    if repo is not None and plain_http(name):
        start, end = scalar_place(repo)
        yield Mark("plain-http-source", repo.source, start, end, f"hooks are cloned from {name} without authentication", repo.path, name)
    if name not in _OWN and rev is not None and rev.known and rev.text:
        start, end = scalar_place(rev)
        text = rev.text
        frozen = _FROZEN.search(" ".join(rev.comments))
        if frozen is not None and not is_commit(text) and frozen[1] != text:
            yield Mark(
                "frozen-comment-conflict", rev.source, start, end, f"rev is {text}, and the comment says {frozen[1]}", rev.path, name
            )
        level: Level = "content" if is_commit(text) else "version" if is_version(text) or _tag_like(text) else "floating"
        yield Reference("hooks", name, text, text if level == "content" else "", level, rev.source, start, end, "rev", rev.path)
    for hook in entry.select("hooks[*]"):
        yield from _hook(hook)


def _tag_like(text: str) -> bool:
    """Whether a revision that does not begin with a number is a tag: it ends in one, such as ``release-1.2`` or ``black-23``."""
    return re.search(r"\d+\.\d+|[-_/]v?\d", text) is not None


def _hook(hook: Node) -> Collected:
    language = hook.get("language")
    entry = hook.get("entry")
    kind = language.text if language is not None else ""
    if kind == "docker_image" and entry is not None and entry.known:
        image = next((word for word in entry.text.split() if not word.startswith("-")), "")
        yield from image_reference(entry, "ci", image)
    for node in hook.select("additional_dependencies[*]"):
        if node.resolved.kind != "scalar" or not node.known or not node.text:
            continue
        start, end = scalar_place(node)
        text = node.text.strip()
        if kind in ("node", "golang", "rust", "ruby") or _is_npm(text):
            level = _other(text, kind)
            if level is not None:
                yield Reference(_ECOSYSTEM.get(kind, "npm"), text, "", "", level, node.source, start, end, "hook", node.path)
        elif is_url(text):
            yield from url_reference(node.source, text, start, end, "hook", key_path=node.path)
        else:
            requirement = parse_requirement(text)
            if requirement is None:
                continue
            if requirement.url:
                yield from url_reference(
                    node.source, requirement.url, end - len(requirement.url), end, "hook", "", requirement.name, node.path
                )
            else:
                pinned: Level = "version" if requirement.exact else "floating"
                yield Reference("pypi", requirement.name, requirement.versions, "", pinned, node.source, start, end, "hook", node.path)


_ECOSYSTEM = {"node": "npm", "golang": "go", "rust": "cargo", "ruby": "gem"}


def _is_npm(text: str) -> bool:
    """Whether a dependency is in npm's notation (the hook's language stands in its own repository): ``prettier@3.1.0``, ``@scope/x``."""
    return text.startswith("@") or re.fullmatch(r"[a-z0-9][\w.-]*@[\^~]?v?\d[\w.-]*", text) is not None


def _other(text: str, kind: str) -> Level | None:
    """How firmly a dependency of another language than Python is pinned; ``None`` for a local one."""
    if text.startswith((".", "/", "file:")):
        return None
    if kind == "rust":
        version = text.removeprefix("cli:").partition(":")[2]
    elif kind == "ruby":
        version = text.partition(":")[2]
    else:
        version = text[1:].partition("@")[2]
    return "version" if is_version(version) and version.lstrip("v")[:1].isdigit() else "floating"
