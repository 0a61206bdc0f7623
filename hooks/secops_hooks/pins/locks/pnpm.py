"""pnpm-lock.yaml (versions 5 to 9) against package.json and the manifests of its workspace.

The lock keeps each importer's specifiers; pnpm compares them as equal sets (``satisfiesPackageManifest``). pnpm 11 writes two
documents into the file, of which the last is the lock of the dependencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from .blocks import read
from .javascript import chosen
from .model import Verdict, drifted, entry_in, json_of, strings, table, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: pnpm install --lockfile-only"
_TABLES: Final = ("devDependencies", "dependencies", "optionalDependencies")
_PACKAGES: Final = re.compile(r"^(?:packages|snapshots):", re.MULTILINE)


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each dependency on which the two disagree."""
    data = json_of(manifest)
    if data is None:
        return
    head = _head(lock.text)
    importers = table(head, "importers") or {".": head}
    if "lockfileVersion" not in head:
        yield unverifiable(lock, f"this is no lock of pnpm's that records its version; {_RUN}")
        return
    workspace = _workspace(manifest, tree)
    overrides = {**table(data, "resolutions"), **table(data, "pnpm", "overrides"), **table(workspace, "overrides")}
    yield from _overrides(manifest, overrides, table(head, "overrides"), lock)
    yield from _catalogs(manifest, workspace, head, lock, tree)
    skipped = _names(overrides) | _names(table(head, "overrides")) | _ignored(head)
    directories = chosen(manifest.path, strings(workspace.get("packages")), tree)
    for directory, path in {".": manifest.path, **directories}.items():
        source = tree.source(path)
        content = data if directory == "." else json_of(source)
        if content is None:
            continue
        importer = importers.get(directory)
        if isinstance(importer, dict) or importer == "{}":
            importer = importer if isinstance(importer, dict) else {}
            yield from _importer(source, content, importer, lock, head, skipped)
        elif any(table(content, section) for section in _TABLES):  # pnpm does not miss a member that needs nothing
            name = content.get("name", directory)
            yield drifted(source, (0, 1), f"{name} ({directory}) is no importer of {lock.path}; {_RUN}", str(name))
    for directory in importers:
        if directories and directory not in directories and directory != "." and not directory.startswith(".."):
            m = re.search(rf"^  (['\"]?{re.escape(directory)}['\"]?):", lock.text, re.MULTILINE)
            place = m.span(1) if m else (0, 0)
            yield drifted(lock, place, f"{directory} is no member of the workspace any more; {_RUN}", directory, about=manifest.path)


def _head(text: str) -> dict[str, Any]:
    """All of the lock's last document but its packages, which come last; some versions have settings behind them."""
    if "\n---" in text:
        text = next((each for each in reversed(re.split(r"^---[ \t]*$", text, flags=re.MULTILINE)) if each.strip()), "")
    m = _PACKAGES.search(text)
    if m is None:
        return read(text)
    starts = [m.start(), *(each.start() + 1 for each in re.compile(r"\n(?=[a-zA-Z])").finditer(text, m.start())), len(text)]
    behind = (text[start:end] for start, end in pairwise(starts) if not _PACKAGES.match(text, start))
    return read(text[: m.start()] + "".join(behind))


def _workspace(manifest: Source, tree: Tree) -> dict[str, Any]:
    prefix = manifest.path.rpartition("/")[0]
    source = tree.find(f"{prefix}/pnpm-workspace.yaml" if prefix else "pnpm-workspace.yaml")
    return read(re.sub(r"[ \t]+#[^\n\"']*$", "", source.text, flags=re.MULTILINE)) if source is not None else {}


def _importer(
    source: Source, data: Mapping[str, Any], importer: Mapping[str, Any], lock: Source, head: Mapping[str, Any], skipped: set[str]
) -> Iterator[Verdict]:
    """One manifest against its importer: the same names with the same specifiers."""
    wanted = {name: (section, spec) for section in _TABLES for name, spec in table(data, section).items() if isinstance(spec, str)}
    if table(head, "settings").get("autoInstallPeers") == "true":
        for name, spec in table(data, "peerDependencies").items():
            if isinstance(spec, str):
                wanted.setdefault(name, ("peerDependencies", spec))
    kept, sections = _specifiers(importer), _sections(importer)
    links = table(head, "settings").get("excludeLinksFromLockfile") == "true"
    for name, (section, spec) in wanted.items():
        if name in skipped or (links and spec.startswith("link:")):
            continue
        old = kept.get(name)
        if old is None:
            what = f"{name} {spec} in {section} is not in {lock.path}"
            yield drifted(source, entry_in(source, section, name), f"{what}; {_RUN}", name)
        elif old != spec:
            yield drifted(source, entry_in(source, section, name), f"{name} is {spec} here, but {old} in {lock.path}; {_RUN}", name)
        elif section != "peerDependencies" and name in sections and _section(data, name) not in sections[name]:
            moved = f"{name} is one of the {_section(data, name)} here, but of the {' and '.join(sections[name])} in {lock.path}"
            yield drifted(source, entry_in(source, section, name), f"{moved}; {_RUN}", name)
    runtime = table(data, "devEngines") or table(data, "engines")
    for name, old in kept.items():
        if name not in wanted and name not in skipped and not (old.startswith("runtime:") and runtime):
            m = re.search(rf"^ +(['\"]?{re.escape(name)}['\"]?):", lock.text, re.MULTILINE)
            place = m.span(1) if m else (0, 0)
            yield drifted(lock, place, f"{name} is no longer in {source.path}; {_RUN}", name, about=source.path)


def _specifiers(importer: Mapping[str, Any]) -> dict[str, str]:
    """Name to specifier: in a table of their own (version 5), or beside each version."""
    own = importer.get("specifiers")
    if isinstance(own, dict):
        return {name: spec for name, spec in own.items() if isinstance(spec, str)}
    found: dict[str, str] = {}
    for section in _TABLES:
        for name, entry in table(importer, section).items():
            if isinstance(entry, dict) and isinstance(entry.get("specifier"), str):
                found[name] = entry["specifier"]
    return found


def _sections(importer: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Name to the sections in which the lock has it."""
    found: dict[str, tuple[str, ...]] = {}
    for section in _TABLES:
        for name in table(importer, section):
            found[name] = (*found.get(name, ()), section)
    return found


def _section(data: Mapping[str, Any], name: str) -> str:
    """The section in which pnpm keeps ``name``, when a manifest has it in several."""
    return next((each for each in ("optionalDependencies", "dependencies") if name in table(data, each)), "devDependencies")


def _names(overrides: Mapping[str, Any]) -> set[str]:
    """Names that overrides rewrite: the last part of ``parent>name@range``."""
    return {re.sub(r"(?<=.)@.*", "", each.rpartition(">")[2].strip()) for each in overrides}


def _ignored(head: Mapping[str, Any]) -> set[str]:
    return set(strings(head.get("ignoredOptionalDependencies")))


def _overrides(manifest: Source, wanted: Mapping[str, Any], kept: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    for name, spec in wanted.items():
        old = kept.get(name)
        if isinstance(spec, str) and not spec.startswith(("$", "catalog:")) and (old is None or (isinstance(old, str) and old != spec)):
            at = max(manifest.text.find(f'"{name}"'), 0)
            then = f"is {old}" if old is not None else "is not"
            message = f"{name} is overridden with {spec} here, but {then} in {lock.path}; {_RUN}"
            yield drifted(manifest, (at, at + len(name) + 2 if at else 1), message, name)


def _catalogs(manifest: Source, workspace: Mapping[str, Any], head: Mapping[str, Any], lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Entries of the workspace's catalogs that the lock keeps: their ranges are equal. Unused entries are not in the lock."""
    catalogs = {**table(workspace, "catalogs")}
    if table(workspace, "catalog"):
        catalogs["default"] = table(workspace, "catalog")
    for catalog, entries in table(head, "catalogs").items():
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            old = entry.get("specifier") if isinstance(entry, dict) else None
            spec = table(catalogs, catalog).get(name)
            if isinstance(old, str) and isinstance(spec, str) and old != spec and name not in _names(table(head, "overrides")):
                m = re.search(rf"^ +(['\"]?{re.escape(name)}['\"]?):", lock.text, re.MULTILINE)
                message = f"{name} in catalog {catalog} is {spec} in pnpm-workspace.yaml, but {old} here; {_RUN}"
                yield drifted(lock, m.span(1) if m else (0, 0), message, name, about=manifest.path)
