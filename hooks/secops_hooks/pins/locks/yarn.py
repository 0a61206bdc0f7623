"""yarn.lock, classic and berry, against package.json and the manifests of its workspaces.

Classic: every ``name@range`` that a manifest asks for is a key, and every key can be reached from a manifest
(``yarn install --frozen-lockfile``, ``yarn check``). Berry keeps an entry for each workspace with what it asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .javascript import wanted_of, workspaces_of
from .model import ANY, Verdict, below, drifted, entry_in, json_of, place_of, table, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: yarn install"
_LOCAL: Final = ("file:", "link:", "portal:", "workspace:", "./", "../", "/", "~/")
_INSTALLED: Final = ("dependencies", "devDependencies", "optionalDependencies")
_CLASSIC: Final = re.compile(r"^(?P<keys>[^\s#][^\n]*):\r?\n(?P<body>(?:[ \t]+[^\n]*\n?)+)", re.MULTILINE)
_KEY: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"|([^\s",][^,\n]*)')
_SECTION: Final = re.compile(r"^  (?:d|optionalD)ependencies:\r?\n((?:    [^\n]*\n?)+)", re.MULTILINE)
_ENTRY: Final = re.compile(r'^    (?:"([^"]+)"|(\S+)) (?:"([^"]*)"|(\S+))', re.MULTILINE)
_LEFT_BEHIND: Final = frozenset({"node-pre-gyp"})  # bundled by fsevents; yarn itself leaves it in the lock
_OWN: Final = re.compile(r"@workspace:([^\"]*)\Z")


class Block(NamedTuple):
    """One entry of a classic lock: its keys, where they stand, the keys of what it needs, and the version it has."""

    keys: tuple[str, ...]
    start: int
    end: int
    needs: tuple[str, ...]
    version: str


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each dependency on which the two disagree."""
    data = json_of(manifest)
    if data is None:
        return
    if not lock.text.strip():
        if any(section in _INSTALLED for section, _ in wanted_of(data)):
            yield drifted(lock, (0, 0), f"this lock is empty, so nothing fixes what {manifest.path} asks for; {_RUN}")
    elif re.search(r"^__metadata:", lock.text, re.MULTILINE):
        yield from _berry(manifest, data, lock, tree)
    else:
        yield from _classic(manifest, data, lock, tree)


def _manifests(
    manifest: Source, data: dict[str, Any], tree: Tree, *, negated: bool
) -> tuple[bool, dict[str, tuple[Source, dict[str, Any]]]]:
    """Whether all workspaces can be seen, and directory to manifest of the root and each of them. ``negated``: ``!glob`` counts."""
    patterns, found = workspaces_of(manifest, data, tree, negated)
    everything = {".": (manifest, data)}
    for directory, path in found.items():
        content = json_of(tree.source(path))
        if content is not None:
            everything[directory] = (tree.source(path), content)
    return not patterns or bool(found), everything


def _classic(manifest: Source, data: dict[str, Any], lock: Source, tree: Tree) -> Iterator[Verdict]:
    blocks = list(_blocks(lock.text))
    by_key = {key: block for block in blocks for key in block.keys}
    complete, manifests = _manifests(manifest, data, tree, negated=False)
    members = {str(content.get("name")) for _, content in manifests.values()}
    forced = {_last(pattern) for pattern in table(data, "resolutions")}
    versions: dict[str, list[str]] = {}
    for each in by_key:
        versions.setdefault(each.rpartition("@")[0], []).append(each)
    roots = [key for key in by_key if key.partition("@file:")[0] in members]  # as some releases wrote their workspaces
    for source, content in manifests.values():
        for (section, name), spec in wanted_of(content).items():
            if section not in _INSTALLED:
                continue
            key = f"{name}@{spec}"
            roots.append(key)
            if spec.startswith(_LOCAL) or name in members:
                continue
            if key in by_key or f"{name}@{spec.strip()}" in by_key or (not spec.strip() and f"{name}@*" in by_key):
                continue
            if name in forced:
                continue
            old = sorted(versions.get(name, ()))
            then = f"has {', '.join(old[:3])}" if old else "does not have it"
            message = f"{name} is {spec or 'any version'} in {source.path}, and {lock.path} {then}; {_RUN}"
            yield drifted(source, entry_in(source, section, name), message, name)
    yield from _forced(manifest, data, blocks, lock)
    if complete and not table(data, "resolutions") and not table(data, "workspaces", "nohoist"):
        yield from _unreached(manifest, lock, blocks, by_key, roots)


def _forced(manifest: Source, data: dict[str, Any], blocks: list[Block], lock: Source) -> Iterator[Verdict]:
    """What ``resolutions`` demand of a package wherever it is needed: no other version of it is locked."""
    from ..semver import satisfies

    demands = {name.removeprefix("**/"): spec for name, spec in table(data, "resolutions").items() if isinstance(spec, str)}
    demands = {name: spec for name, spec in demands.items() if _last(name) == name and ":" not in spec}
    for block in blocks if demands else ():
        name = block.keys[0].rpartition("@")[0] if block.keys else ""
        if name in demands and satisfies(block.version, demands[name]) is False:
            message = f"{name} is held to {demands[name]} by resolutions, but {block.version} in {lock.path}; {_RUN}"
            yield drifted(manifest, entry_in(manifest, "resolutions", name), message, name)


def _last(pattern: str) -> str:
    """The package that a pattern of ``resolutions`` is about: the last of ``a/**/@scope/name@range``."""
    m = re.search(r"((?:@[^/@]+/)?[^/@]+)(?:@[^/]*)?\Z", pattern[-400:])
    return m[1] if m else pattern


def _blocks(text: str) -> Iterator[Block]:
    for m in _CLASSIC.finditer(text):
        keys, body = m["keys"], m["body"]
        split = ((k[1] if k[1] is not None else k[2]).strip() for k in _KEY.finditer(keys)) if '"' in keys else keys.split(", ")
        needs = (
            [f"{name or quoted}@{spec or plain}" for part in _SECTION.findall(body) for quoted, name, spec, plain in _ENTRY.findall(part)]
            if "ependencies:" in body
            else ()
        )
        version = body[11 : body.find('"', 11)] if body.startswith('  version "') else ""
        yield Block(tuple(dict.fromkeys(split)), m.start("keys"), m.end("keys"), tuple(needs), version)


def _unreached(manifest: Source, lock: Source, blocks: list[Block], by_key: Mapping[str, Block], roots: list[str]) -> Iterator[Verdict]:
    """Keys that nothing asks for any more, without those that only another such package needs."""
    reached: set[str] = set()
    todo = [*roots, *(key for key in by_key if key.rpartition("@")[0] in _LEFT_BEHIND)]
    while todo:
        key = todo.pop()
        if key not in reached:
            reached.add(key)
            block = by_key.get(key)
            todo += block.needs if block else ()
    lost = [(key, block) for block in blocks for key in block.keys if key not in reached and not key.endswith("@")]
    needed = {key for block in blocks if reached.isdisjoint(block.keys) for key in block.needs}
    topmost = [each for each in lost if each[0] not in needed] or lost[:1]  # a ring has no top
    for key, block in topmost:
        name = key.rpartition("@")[0]
        message = f"nothing in {manifest.path} asks for {key} any more; {_RUN}"
        yield drifted(lock, (block.start, block.end), message, name, about=ANY)


def _berry(manifest: Source, data: dict[str, Any], lock: Source, tree: Tree) -> Iterator[Verdict]:
    from .blocks import read

    yield from _resolved(manifest, data, lock)
    yield from _unmet(manifest, data, lock, tree)
    own: dict[str, dict[str, Any]] = {}
    for part in re.split(r"\n(?=\S)", lock.text):
        if "@workspace:" in part and '\n  resolution: "' in part:
            for entry in read(part).values():
                m = _OWN.search(str(entry.get("resolution", ""))) if isinstance(entry, dict) else None
                if m is not None:
                    own[m[1]] = entry
    if not own:
        yield unverifiable(lock, f"this lock has no entry of the project itself; {_RUN}")
        return
    complete, manifests = _manifests(manifest, data, tree, negated=True)
    for directory, (source, content) in manifests.items():
        if directory in own:
            yield from _workspace(source, content, own[directory], lock, set(table(data, "resolutions")))
        else:
            yield drifted(source, (0, 1), f"the workspace {directory} is not in {lock.path}; {_RUN}", directory)
    for directory in own:
        if complete and len(manifests) > 1 and directory not in manifests:
            at = max(lock.text.find(f"@workspace:{directory}"), 0)
            place = (at + 11, at + 11 + len(directory))
            yield drifted(lock, place, f"{directory} is no workspace of {manifest.path} any more; {_RUN}", directory, about=manifest.path)


def _resolved(manifest: Source, data: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    """What ``resolutions`` demand wherever it is needed: berry locks the package under that range alone."""
    demands = table(data, "resolutions")
    locked = "\n".join(re.findall(r'^"[^\n]+":$', lock.text, re.MULTILINE)) if demands else ""
    for pattern, spec in demands.items():
        if not isinstance(spec, str) or _last(pattern) != pattern.removeprefix("**/") or (":" in spec and not spec.startswith("npm:")):
            continue
        name = _last(pattern)
        keys = {each.group() for each in re.finditer(rf'(?<![\w/@-]){re.escape(name)}@npm:[^,"\n]+(?=[,"])', locked)}
        if keys and f"{name}@npm:{spec.removeprefix('npm:')}" not in keys:
            message = f"{name} is held to {spec} by resolutions, but {lock.path} has {', '.join(sorted(keys)[:3])}; {_RUN}"
            yield drifted(manifest, entry_in(manifest, "resolutions", name), message, name)


def _unmet(manifest: Source, data: Mapping[str, Any], lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Ranges that the catalogs now say for what the project takes from them, and that no entry is for."""
    forced = {_last(pattern) for pattern in table(data, "resolutions")}
    for name, spec in _cataloged(manifest, data, tree):
        key = f"{name}@npm:{spec.removeprefix('npm:')}"
        if name not in forced and not re.search(rf'["\s]{re.escape(key)}[",]', lock.text):
            yield drifted(manifest, place_of(manifest, r'("{}")', name), f"{key} of the catalog is not in {lock.path}; {_RUN}", name)


def _cataloged(manifest: Source, data: Mapping[str, Any], tree: Tree) -> Iterator[tuple[str, str]]:
    """Name and range of what the project takes from the catalogs of .yarnrc.yml."""
    from .blocks import read

    chosen = {name: spec[8:] for (_, name), spec in wanted_of(data).items() if spec.startswith("catalog:")}
    source = tree.find(below(manifest.path, ".yarnrc.yml")) if chosen else None
    rc = read(re.sub(r"[ \t]+#[^\n\"']*$", "", source.text, flags=re.MULTILINE)) if source is not None else {}
    for name, catalog in chosen.items():
        spec = (table(rc, "catalogs", catalog) if catalog else table(rc, "catalog")).get(name)
        if isinstance(spec, str) and (":" not in spec or spec.startswith("npm:")) and "," not in spec:
            yield name, spec


def _workspace(source: Source, data: Mapping[str, Any], entry: Mapping[str, Any], lock: Source, forced: set[str]) -> Iterator[Verdict]:
    kept = {name: str(spec) for section in ("dependencies", "peerDependencies") for name, spec in table(entry, section).items()}
    wanted = wanted_of(data)
    for (section, name), spec in wanted.items():
        if section == "peerDependencies" and any(each == name for other, each in wanted if other != section):
            continue
        if section in ("dependencies", "optionalDependencies") and ("devDependencies", name) in wanted:
            continue  # listed twice: the lock keeps what devDependencies say
        old = kept.get(name)
        if old is None:
            what = f"{name} {spec} in {section} is not in {lock.path}"
            yield drifted(source, entry_in(source, section, name), f"{what}; {_RUN}", name)
        elif not _alike(spec, old):
            yield drifted(source, entry_in(source, section, name), f"{name} is {spec} here, but {old} in {lock.path}; {_RUN}", name)
    yield from _described(source, data, entry, lock)
    names = {name for _, name in wanted}
    for name, old in kept.items():
        if name not in names and not (name.startswith("@types/") and name in table(entry, "peerDependencies")):
            at = lock.text.find(f'@workspace:{_OWN.search(str(entry.get("resolution")))[1]}"')  # type: ignore[index]
            m = re.compile(rf'^    ("?{re.escape(name)}"?):', re.MULTILINE).search(lock.text, max(at, 0))
            message = f"{name} ({old}) is no longer in {source.path}; {_RUN}"
            yield drifted(lock, m.span(1) if m else (0, 0), message, name, about=source.path)


def _described(source: Source, data: Mapping[str, Any], entry: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    """What berry keeps of a workspace besides its dependencies: its name, its commands, and what is said of some dependencies."""
    name, old = data.get("name"), str(entry.get("resolution")).rpartition("@workspace:")[0]
    if isinstance(name, str) and name and name != old:
        yield drifted(source, place_of(source, r'"name"\s*:\s*("{}")', name), f"{name} is {old} in {lock.path}; {_RUN}", name)
    pairs: tuple[tuple[str, Mapping[str, object], Mapping[str, object]], ...] = (
        ("bin", _commands(data), {name: _bare(path) for name, path in table(entry, "bin").items()}),
        ("peerDependenciesMeta", _optional(table(data, "peerDependenciesMeta")), _optional(table(entry, "peerDependenciesMeta"))),
        ("dependenciesMeta", _flags(data), _flags(entry)),
    )
    for section, wanted, kept in pairs:
        for name in sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name)):
            if not name.startswith("@types/"):  # added by yarn itself
                message = f"{section} of {name} is not what {lock.path} has; {_RUN}"
                yield drifted(source, place_of(source, r'"({})"', section), message, name)


def _commands(data: Mapping[str, Any]) -> dict[str, str]:
    """Name to file of the commands of a manifest."""
    given = data.get("bin")
    if isinstance(given, str):
        return {str(data.get("name", "")).rpartition("/")[2]: _bare(given)} if data.get("name") else {}
    return {name.rpartition("/")[2]: _bare(path) for name, path in table(data, "bin").items() if isinstance(path, str)}


def _bare(path: object) -> str:
    return str(path).replace("\\", "/").removeprefix("./")


def _optional(meta: Mapping[str, Any]) -> dict[str, bool]:
    """Names that are said to be optional."""
    return {name: True for name, each in meta.items() if isinstance(each, dict) and each.get("optional") in (True, "true")}


def _flags(data: Mapping[str, Any]) -> dict[str, frozenset[tuple[str, bool]]]:
    """What is said of each dependency: whether it may be missing, is built, is unpacked."""
    said = {name: {"optional": True} for name in table(data, "optionalDependencies")}
    for name, each in table(data, "dependenciesMeta").items():
        for flag, value in table(each).items():
            if flag in ("built", "optional", "unplugged") and value in (True, False, "true", "false"):
                said.setdefault(name, {})[flag] = value in (True, "true")
    return {name: frozenset(flags.items()) for name, flags in said.items()}


def _alike(spec: str, old: str) -> bool:
    """Whether berry writes ``old`` for ``spec``: ``npm:`` may be added; what has a protocol of its own is bound to its place."""
    spec, old = spec.strip(), old.strip()
    if old in (spec, f"npm:{spec}") or (not spec and old in ("*", "npm:*")) or old.removeprefix("npm:") == spec.removeprefix("npm:"):
        return True
    protocol = spec.partition(":")[0] if ":" in spec else ""
    if protocol in ("catalog", "patch", "file", "portal", "link", "exec"):
        return protocol == "catalog" or old.startswith(protocol + ":")
    return bool("/" in spec and old.partition("#")[0].endswith(spec.partition("#")[0]) and spec.partition("#")[2] in old)
