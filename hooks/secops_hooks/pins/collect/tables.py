"""Manifests that are tables in a structured format: Cargo, Composer, pub, mise, Maven, NuGet, Gradle's catalog and wrappers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..manifest import missing_lock, nearest
from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import plain_http
from .place import scalar_place
from .pyproject import unencrypted

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document, Node

_CARGO: Final = (
    "{dependencies,dev-dependencies,build-dependencies}.*",
    "workspace.dependencies.*",
    "target.*.{dependencies,dev-dependencies,build-dependencies}.*",
    "patch.*.*",
)


def collect(file: File, tree: Tree) -> Collected:
    """The references of one of these manifests."""
    document = file.document
    if document is None:
        return
    for kind, reader in _READERS.items():
        if kind in file.type.kinds:
            yield from reader(file, document, tree)


def _git(node: Node, name: str, ref: Node | None, pinned: bool, locked: bool) -> Collected:
    """A dependency from repository ``node`` at ``ref``."""
    if not node.known or (ref is not None and not ref.known):
        return
    if plain_http(node.text):
        yield Mark("plain-http-source", node.source, *scalar_place(node), f"{name} is cloned without authentication", node.path, name)
    at, text = (ref, ref.text) if ref is not None else (node, "")
    commit = text if pinned and is_commit(text) else ""
    yield Reference(
        "git", name, text, commit, "content" if commit else "floating", at.source, *scalar_place(at), "dependency", at.path, locked
    )


def _open(node: Node, ecosystem: str, name: str, locked: bool) -> Collected:
    """A version that admits anything, or what is there at the moment."""
    yield Reference(ecosystem, name, node.text, "", "floating", node.source, *scalar_place(node), "dependency", node.path, locked)


def _cargo(file: File, document: Document, tree: Tree) -> Collected:
    locked = nearest(file.path, ("Cargo.lock",), tree) is not None
    some = False
    for pattern in _CARGO:
        for node in document.select(pattern):
            version = node if node.kind == "scalar" else node.get("version")
            git = node.get("git") if node.kind == "mapping" else None
            if git is not None:
                ref = node.get("rev") or node.get("tag") or node.get("branch")
                yield from _git(git, node.key or "", ref, ref is not None and ref.key == "rev", locked)
            elif version is not None and version.known:
                some = some or not version.text.startswith("=")
                if version.text.strip() == "*":
                    yield from _open(version, "cargo", node.key or "", locked)
    if some and not locked:
        directory = file.path.rpartition("/")[0]
        program = bool(document.select("bin")) or tree.exists(f"{directory}/src/main.rs".lstrip("/"))
        for node in document.select("dependencies")[:1]:
            yield from missing_lock(node.source, *_key(node), ("Cargo.lock",), tree, node.path, node.path, None if program else "audit")


def _key(node: Node) -> tuple[int, int]:
    return node.key_start, node.key_end


def _composer(file: File, document: Document, tree: Tree) -> Collected:
    locked = nearest(file.path, ("composer.lock",), tree) is not None
    some = False
    for node in document.select("{require,require-dev}.*"):
        name, text = node.key or "", node.text
        if node.kind != "scalar" or "/" not in name:
            continue
        some = True
        if text.startswith("dev-") or text.endswith("-dev"):
            branch, _, commit = text.partition("#")
            level: Level = "content" if is_commit(commit) else "floating"
            yield Reference("git", name, branch, commit, level, node.source, *scalar_place(node), "dependency", node.path, locked)
        elif text.strip() in ("*", "@dev", "@stable", ">=0"):
            yield from _open(node, "composer", name, locked)
    if some and not locked:
        kind = document.select("type")
        library = bool(kind) and kind[0].text != "project"
        for node in document.select("require")[:1]:
            yield from missing_lock(
                node.source, *_key(node), ("composer.lock",), tree, node.path, node.path, "audit" if library or not kind else None
            )


def _pub(file: File, document: Document, tree: Tree) -> Collected:
    locked = nearest(file.path, ("pubspec.lock",), tree) is not None
    for node in document.select("{dependencies,dev_dependencies,dependency_overrides}.*"):
        git = node.get("git") if node.resolved.kind == "mapping" else None
        if git is not None:
            url = git if git.resolved.kind == "scalar" else git.get("url")
            ref = git.get("ref") if git.resolved.kind == "mapping" else None
            if url is not None:
                yield from _git(url, node.key or "", ref, True, locked)
        hosted = node.get("hosted") if node.resolved.kind == "mapping" else None
        if hosted is not None:
            yield from unencrypted(hosted if hosted.resolved.kind == "scalar" else hosted.get("url") or hosted)
        elif node.kind == "scalar" and node.text == "any":
            yield from _open(node, "pub", node.key or "", locked)


def _mise(file: File, document: Document, tree: Tree) -> Collected:
    locked = tree.exists(re.sub(r"\.toml\Z", ".lock", file.path))
    for node in document.select("tools.*"):
        for each in node.resolved.children if node.resolved.kind == "sequence" else [node]:
            version = each if each.kind == "scalar" else each.get("version")
            if (
                version is not None
                and version.known
                and (version.text in ("latest", "lts") or version.text.startswith(("ref:", "prefix:")))
            ):
                yield Reference(
                    "mise",
                    node.key or "",
                    version.text,
                    "",
                    "floating",
                    version.source,
                    *scalar_place(version),
                    "developer-tool",
                    version.path,
                    locked,
                )


def _maven(file: File, document: Document, tree: Tree) -> Collected:
    for node in document.index.get("url", ()):
        holder = node.parent
        if holder is not None and holder.parent is not None and holder.parent.key in ("repositories", "pluginRepositories"):
            yield from unencrypted(node)
    for node in document.index.get("version", ()):
        holder = node.parent
        if holder is None or node.kind != "scalar" or not node.known or holder.key not in ("dependency", "plugin", "extension", "parent"):
            continue
        group, artifact = holder.get("groupId"), holder.get("artifactId")
        text = node.text.strip()
        if text in ("LATEST", "RELEASE") or text.startswith(("[", "(")) or (text.endswith("-SNAPSHOT") and holder.key != "parent"):
            exact = re.fullmatch(r"\[[^,\]]+\]", text) is not None
            own = document.select("project.groupId") + document.select("project.parent.groupId")
            if exact or (text.endswith("-SNAPSHOT") and group is not None and any(group.text == each.text for each in own)):
                continue
            name = ":".join(each.text for each in (group, artifact) if each is not None)
            yield Reference("maven", name, text, "", "floating", node.source, *scalar_place(node), "strict", node.path)


_NUGET_VERSIONS: Final = ("@VersionOverride", "VersionOverride", "@Version", "Version", "@version")


def _nuget(file: File, document: Document, tree: Tree) -> Collected:
    locked = nearest(file.path, ("packages.lock.json",), tree) is not None
    for element in ("PackageReference", "PackageVersion", "GlobalPackageReference"):
        for node in document.index.get(element, ()):
            version = next((each for key in _NUGET_VERSIONS if (each := node.get(key)) is not None), None)
            name = node.get("@Include") or node.get("@Update")
            if version is None or name is None or not version.known:
                continue
            text = version.text.strip()
            if "*" in text or (text.startswith(("[", "(")) and not re.fullmatch(r"\[[^,\]]+\]", text)):
                yield Reference(
                    "nuget", name.text, text, "", "floating", version.source, *scalar_place(version), "strict", version.path, locked
                )


def _nuget_config(file: File, document: Document, tree: Tree) -> Collected:
    added = document.select("configuration.packageSources.add")
    remote = [entry for entry in added if (value := entry.get("@value")) is not None and value.text.startswith("http")]
    for entry in remote:
        yield from unencrypted(entry.get("@value") or entry)
    if len(remote) > 1 and not document.select("configuration.packageSourceMapping"):
        value = remote[1].get("@value") or remote[1]
        yield Mark("several-package-sources", value.source, *scalar_place(value), "", value.path, "nuget")


def _catalog(file: File, document: Document, tree: Tree) -> Collected:
    """Gradle's version catalog."""
    for node in document.select("versions.*") + document.select("{libraries,plugins}.*.version"):
        if node.kind == "scalar" and node.known and _gradle_open(node.text):
            yield Reference("gradle", node.key or "", node.text, "", "floating", node.source, *scalar_place(node), "strict", node.path)


def _gradle_open(version: str) -> bool:
    """Whether a version of Gradle's is dynamic or changing."""
    return (
        version.endswith((".+", "-SNAPSHOT"))
        or version in ("+", "latest.release", "latest.integration")
        or bool(re.match(r"[\[(\]].*,", version))
    )


def _wrapper(file: File, document: Document, tree: Tree) -> Collected:
    """The wrapper of Gradle or Maven: it downloads a build tool and runs it."""
    urls = document.select("distributionUrl")
    for node in urls:
        url = node.text.replace("\\:", ":")
        if plain_http(url):
            yield Mark("plain-http-source", node.source, *scalar_place(node), "the build tool is fetched without TLS", node.path, url)
        if not document.select("distributionSha256Sum"):
            yield Mark("wrapper-without-checksum", node.source, *scalar_place(node), "", node.path, url)


_READERS: Final = {
    "cargo-toml": _cargo,
    "composer-json": _composer,
    "pubspec": _pub,
    "mise": _mise,
    "maven-pom": _maven,
    "dotnet-project": _nuget,
    "nuget-config": _nuget_config,
    "gradle-catalog": _catalog,
    "gradle-wrapper": _wrapper,
    "maven-wrapper": _wrapper,
}
