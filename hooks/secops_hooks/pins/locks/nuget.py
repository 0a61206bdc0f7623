"""packages.lock.json against the project file beside it: per framework, the direct packages and what was asked of each (NU1004)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .model import Verdict, below, drifted, json_of, table, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse.node import Node

_RUN: Final = "run: dotnet restore --force-evaluate"
_EXACT: Final = re.compile(r"\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z.-]+)?\Z")


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each package reference on which the two disagree."""
    locked = json_of(lock)
    references = _references(manifest)
    if locked is None or references is None:
        return
    central = _central(manifest, tree)
    kept: dict[str, set[str]] = {}
    for framework in table(locked, "dependencies").values():
        for name, entry in framework.items() if isinstance(framework, dict) else ():
            if isinstance(entry, dict) and entry.get("type") == "Direct":
                kept.setdefault(name.lower(), set()).add(str(entry.get("requested", "")))
    conditional = False
    for name, version, node, condition in references:
        version = version or central.get(name.lower(), "")
        conditional = conditional or condition
        old = kept.get(name.lower())
        if old is None:
            if not condition:
                message = f"{name} {version} is no direct package of {lock.path}; {_RUN}"
                yield drifted(manifest, (node.start, node.end), message, name)
        elif _EXACT.match(version) and f"[{_normal(version)}, )" not in {_normal_range(each) for each in old}:
            message = f"{name} is {version} here, but {', '.join(sorted(old))} in {lock.path}; {_RUN}"
            yield drifted(manifest, (node.start, node.end), message, name)
    names = {name.lower() for name, *_ in references}
    if table(locked, "dependencies") and any(name not in names for name in kept):
        if _has_inherited(manifest, tree):
            yield unverifiable(lock, f"{manifest.path} inherits package references")
            return
        for name in kept:
            if name not in names and not name.startswith(("microsoft.net", "netstandard.library", "microsoft.aspnetcore.app")):
                m = re.search(rf'"({re.escape(name)})"\s*:', lock.text, re.IGNORECASE)
                message = f"{m[1] if m else name} is no longer in {manifest.path}; {_RUN}"
                yield drifted(lock, m.span(1) if m else (0, 0), message, name, about=manifest.path)


def _references(source: Source) -> list[tuple[str, str, Node, bool]] | None:
    """(name, version, node, whether a condition stands over it) of each package reference; ``None`` for no readable project."""
    from ...parse import parse

    document = parse(source, "xml")
    if document.problems:
        return None
    found: list[tuple[str, str, Node, bool]] = []
    for node in document.select("**.PackageReference"):
        for each in node.children if node.kind == "sequence" else [node]:
            name, version = _text(each, "Include") or _text(each, "Update"), _text(each, "Version") or _text(each, "VersionOverride")
            above: Node | None = each
            condition = False
            while above is not None and not condition:
                condition = bool(_text(above, "Condition"))
                above = above.parent
            if name and "$(" not in name + version and _text(each, "Include"):
                found.append((name, version, each, condition))
    return found


def _text(node: Node, name: str) -> str:
    for key in (f"@{name}", name):
        found = node.get(key) if node.kind == "mapping" else None
        if found is not None and found.text:
            return found.text
    return ""


def _central(manifest: Source, tree: Tree) -> dict[str, str]:
    """Versions that a Directory.Packages.props above the project gives."""
    directory = manifest.path
    while True:
        directory = directory.rpartition("/")[0]
        source = tree.find(f"{directory}/Directory.Packages.props" if directory else "Directory.Packages.props")
        if source is not None:
            pattern = r'<PackageVersion\s+[^>]*?Include="([^"]+)"[^>]*?Version="([^"]+)"'
            return {m[1].lower(): m[2] for m in re.finditer(pattern, source.text)}
        if not directory:
            return {}


def _has_inherited(manifest: Source, tree: Tree) -> bool:
    """Whether files that the project takes in may add references: imports, and the props and targets above it."""
    if re.search(r"<Import\s", manifest.text):
        return True
    directory = manifest.path
    while directory:
        directory = directory.rpartition("/")[0]
        for name in ("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"):
            source = tree.find(below(f"{directory}/x", name) if directory else name)
            if source is not None and re.search(r"<(?:Global)?PackageReference\b|<Import\s", source.text):
                return True
    return False


def _normal(version: str) -> str:
    """A version as NuGet writes it: three numbers at least, no fourth that is 0."""
    numbers, dash, rest = version.partition("-")
    parts = [part.lstrip("0") or "0" for part in numbers.split(".")]
    parts += ["0"] * (3 - len(parts))
    return ".".join(parts[:3] if len(parts) == 4 and parts[3] == "0" else parts) + dash + rest.lower()


def _normal_range(text: str) -> str:
    m = re.fullmatch(r"\[([^,\]]+), \)", text)
    return f"[{_normal(m[1])}, )" if m else text
