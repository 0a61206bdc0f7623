"""Python manifests other than pyproject.toml: setup.cfg, setup.py, Pipfile, conda environments, scripts with inline metadata (PEP 723)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..manifest import missing_lock
from ..pep508 import parse_requirement
from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import is_url, plain_http
from .place import scalar_place
from .pyproject import dependency, unencrypted
from .requirements import url_reference

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document, Node

_ARGUMENTS: Final = {"install_requires": "project", "extras_require": "project", "tests_require": "project", "setup_requires": "build"}
_MAX_SETUP: Final = 256 * 1024


def collect(file: File, tree: Tree) -> Collected:
    """The references of one of these manifests."""
    kinds = file.type.kinds
    document = file.document
    if "setup-py" in kinds:
        yield from _setup_py(file.source)
    elif "python" in kinds:
        yield from _script(file.source, tree)
    if document is None:
        return
    if "setup-cfg" in kinds:
        for pattern, role in (
            ("options.install_requires", "project"),
            ('"options.extras_require".*', "project"),
            ("options.setup_requires", "build"),
        ):
            for node in document.select(pattern):
                yield from _lines(node, role)
        for node in document.select("options.dependency_links"):
            for m in re.finditer(r"\S+", node.raw):
                if plain_http(m[0]):
                    yield _linked(node.source, node.start + m.start(), m[0])
    if "pipfile" in kinds:
        yield from _pipfile(file, document, tree)
    if "conda-env" in kinds and document.select("dependencies"):
        yield from _conda(document, file.path, tree)


def _lines(node: Node, role: str) -> Collected:
    """A value with one requirement a line."""
    at = node.start
    for line in node.raw.split("\n"):
        text = line.split(" #")[0].strip()
        start = at + len(line) - len(line.lstrip())
        at += len(line) + 1
        yield from _requirement(node.source, text, start, role, node.path)


def _requirement(source: Source, text: str, start: int, role: str, key_path: str) -> Collected:
    requirement = parse_requirement(text) if text and not text.startswith(("#", "file:", "attr:")) else None
    if requirement is None:
        if is_url(text):
            yield from url_reference(source, text, start, start + len(text), role, key_path=key_path)
    elif requirement.url:
        at = start + text.index(requirement.url)
        yield from url_reference(source, requirement.url, at, at + len(requirement.url), role, "", requirement.name, key_path)
    else:
        level: Level = "version" if requirement.exact else "floating"
        yield Reference("pypi", requirement.name, requirement.versions, "", level, source, start, start + requirement.end, role, key_path)


def _setup_py(source: Source) -> Collected:
    """String literals in the arguments of ``setup`` that name dependencies; computed ones cannot be known."""
    import ast

    if "setup" not in source.text or len(source.text) > _MAX_SETUP:
        return
    try:
        module = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # family python reports what does not parse
    for call in ast.walk(module):
        if not isinstance(call, ast.Call):
            continue
        for keyword in call.keywords:
            if keyword.arg == "dependency_links":
                for text, start in _strings(source, keyword.value):
                    if plain_http(text):
                        yield _linked(source, start, text)
            elif keyword.arg in _ARGUMENTS:
                for text, start in _strings(source, keyword.value):
                    yield from _requirement(source, text, start, _ARGUMENTS[keyword.arg], keyword.arg)


def _linked(source: Source, at: int, url: str) -> Mark:
    message = "this dependency is fetched without TLS"
    return Mark("plain-http-source", source, at, at + len(url), message, "dependency_links", url)


def _strings(source: Source, value: object) -> list[tuple[str, int]]:
    """The string literals of a list, tuple or of a mapping's values, with the offsets of their first characters."""
    import ast

    if isinstance(value, ast.Dict):
        return [found for each in value.values for found in _strings(source, each)]
    if isinstance(value, ast.List | ast.Tuple):
        return [found for each in value.elts for found in _strings(source, each)]
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        line = source.line(value.lineno)
        column = len(line.encode("utf-8", "surrogatepass")[: value.col_offset].decode("utf-8", "ignore"))
        start = source.line_starts[value.lineno - 1] + column
        at = source.text.find(value.value, start, start + len(value.value) + 8)
        return [(value.value, at)] if at >= 0 else []
    return []


def _script(source: Source, tree: Tree) -> Collected:
    """The ``# /// script`` block: its text at the same offsets, all around it blank."""
    m = re.search(r"(?m)^# /// script[ \t]*\n((?:^#(?:| .*)\n)*?)^# ///[ \t]*$", source.text)
    if m is None:
        return
    from ...files.source import Source as Text
    from ...parse.toml import parse as parse_toml

    blank = re.sub(r"[^\n]", " ", source.text[: m.start(1)])
    block = re.sub(r"(?m)^#", " ", m[1])
    inner = Text.from_text(source.path, blank + block)
    document = parse_toml(inner, "")
    locked = tree.exists(source.path + ".lock") or bool(document.select("tool.uv.exclude-newer"))
    for node in document.select("dependencies[*]"):
        for found in dependency(node, "script", locked):
            yield found._replace(source=source)


def _pipfile(file: File, document: Document, tree: Tree) -> Collected:
    locked = tree.exists(file.path + ".lock")
    sources = document.select("source[*]")
    for node in document.select("source[*].url"):
        yield from unencrypted(node)
    ranges = False
    for node in document.select("{packages,dev-packages}.*"):
        table = node.resolved.kind == "mapping"
        version = node.get("version") if table else node
        if table and node.get("git") is not None:
            ref = node.get("ref")
            at = ref if ref is not None else node.get("git")
            text = ref.text if ref is not None else ""
            if at is not None and at.known:
                yield Reference(
                    "git",
                    node.key or "",
                    text,
                    "",
                    "content" if is_commit(text) else "floating",
                    at.source,
                    *scalar_place(at),
                    "project",
                    at.path,
                    locked,
                )
        elif table and (url := node.get("file")) is not None and url.known and is_url(url.text):
            yield from url_reference(url.source, url.text, *scalar_place(url), "project", "", node.key or "", url.path, locked)
        elif version is not None and version.kind == "scalar" and not version.text.startswith("=="):
            ranges = True
        if (
            len(sources) > 1
            and not locked
            and (not table or node.get("index") is None)
            and node is document.select("{packages,dev-packages}.*")[0]
        ):
            yield Mark(
                "several-package-sources",
                sources[1].source,
                sources[1].start,
                sources[1].start + len("[[source]]"),
                "",
                sources[1].path,
                "pipfile",
            )
    if ranges and not locked:
        for node in document.select("packages"):
            yield from missing_lock(node.source, node.key_start, node.key_end, ("Pipfile.lock",), tree, node.path, node.path, None)


def _conda(document: Document, path: str, tree: Tree) -> Collected:
    """Conda's ``name``, ``name=1.2`` (a prefix), ``name==1.2=build``; below ``pip:`` are pip's requirements."""
    base = path.rpartition("/")[0]
    locked = any(tree.exists(f"{base}/{name}".lstrip("/")) for name in ("conda-lock.yml", "conda-lock.yaml", "pixi.lock"))
    for node in document.select("dependencies[*]"):
        if node.kind == "scalar" and node.known:
            text = node.text.rpartition("::")[2]
            m = re.match(r"([A-Za-z0-9_.-]+)\s*(.*)\Z", text)
            if m is not None and m[1] != "pip":
                level: Level = "version" if re.match(r"={1,2}\s*\d[^*,|]*\Z", m[2]) else "floating"
                yield Reference("conda", m[1], m[2], "", level, node.source, *scalar_place(node), "environment", node.path, locked)
    for node in document.select("dependencies[*].pip[*]"):
        if node.kind == "scalar" and not node.text.startswith("-"):
            yield from dependency(node, "environment", locked)
    for node in document.select("channels[*]"):
        yield from unencrypted(node)
