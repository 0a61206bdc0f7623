"""Developers' tools: MCP servers, development containers, Ansible Galaxy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..image import parse_image
from ..install import Install, installs
from ..reference import Collected, Level, Mark, Reference, is_commit
from ..url import plain_http
from .commands import of_node
from .images import image_reference
from .place import scalar_place

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document, Node

_SERVERS: Final = ("mcpServers.*", "servers.*", "mcp.servers.*", "mcp_servers.*", "context_servers.*", "projects.*.mcpServers.*")
_HOOKS: Final = (
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
    "postStartCommand",
    "postAttachCommand",
    "initializeCommand",
)


def collect(file: File, tree: Tree) -> Collected:
    """The references of one of these files."""
    document = file.document
    if document is None:
        return
    kinds = file.type.kinds
    if kinds & {"mcp", "agent-settings"}:
        for pattern in _SERVERS:
            for node in document.select(pattern):
                yield from _server(node)
    if "devcontainer" in kinds:
        yield from _devcontainer(document, file.path, tree)
    if "ansible-galaxy" in kinds:
        yield from _galaxy(document)


def _server(node: Node) -> Collected:
    """What starts an MCP server: ``npx -y pkg``, ``uvx pkg``, ``docker run image``."""
    command, args = node.get("command"), node.get("args")
    if command is None or command.resolved.kind not in ("scalar", "sequence"):
        return
    words = [*_words(command), *(_words(args) if args is not None else [])]
    texts = [text for text, _ in words]
    program = (texts[0] or "").rpartition("/")[2].removesuffix(".cmd").removesuffix(".exe") if texts else ""
    if program == "cmd" and len(texts) > 2 and (texts[1] or "").lower() == "/c":
        words, texts = words[2:], texts[2:]
        program = (texts[0] or "").removesuffix(".cmd")
    if program in ("npx", "bunx") and "-y" not in texts and "--yes" not in texts:
        words.insert(1, ("-y", words[0][1]))
        texts.insert(1, "-y")
    if program in ("docker", "podman") and "run" in texts:
        yield from _container(words)
        return
    for found in installs(texts):
        at = words[found.word][1]
        yield _reference(found, at)


def _reference(found: Install, node: Node) -> Reference:
    ecosystem = found.ecosystem if found.kind == "package" else found.kind
    level: Level = found.level
    return Reference(ecosystem, found.name, found.requested, "", level, node.source, *scalar_place(node), "mcp", node.path)


def _words(node: Node) -> list[tuple[str | None, Node]]:
    nodes = node.resolved.children if node.resolved.kind == "sequence" else [node]
    return [(each.text if each.known and isinstance(each.value, str) else None, each) for each in nodes]


_WITH_VALUE: Final = frozenset(
    "-e --env --env-file -v --volume --mount -p --publish --name --network --net -w --workdir -u --user --entrypoint -l --label --platform "
    "-m --memory --cpus --hostname --add-host --cap-add --cap-drop --security-opt --pull --gpus --device --tmpfs --ulimit".split()
)


def _container(words: list[tuple[str | None, Node]]) -> Collected:
    at = next(index for index, (text, _) in enumerate(words) if text == "run") + 1
    while at < len(words):
        text, node = words[at]
        if text is None:
            return
        if text.startswith("-"):
            at += 2 if text in _WITH_VALUE else 1
            continue
        if parse_image(text) is not None:
            yield from image_reference(node, "mcp")
        return


def _devcontainer(document: Document, path: str, tree: Tree) -> Collected:
    """https://containers.dev/implementors/json_reference/"""
    base = path.rpartition("/")[0]
    name = "devcontainer-lock.json" if not path.rpartition("/")[2].startswith(".") else ".devcontainer-lock.json"
    locked = tree.exists(f"{base}/{name}".lstrip("/"))
    for node in document.select("image"):
        yield from image_reference(node, "devcontainer")
    for node in document.select("features.*"):
        text = node.key or ""
        if text.startswith(("./", "http://", "https://")) or "/" not in text:
            continue
        image = parse_image(text)
        if image is not None:
            level: Level = "content" if image.digest else "version" if image.tag.count(".") >= 2 else "floating"
            start, end = node.key_start, node.key_end
            if node.source.text[start : start + 1] in "\"'":
                start, end = start + 1, end - 1
            yield Reference(
                "feature", image.name, image.tag, image.digest, level, node.source, start, end, "devcontainer", node.path, locked
            )
    for key in _HOOKS:
        for node in document.select(key):
            for each in node.resolved.children if node.resolved.kind == "mapping" else [node]:
                if each.resolved.kind == "scalar":
                    yield from of_node(each, "script", tree)


def _galaxy(document: Document) -> Collected:
    """Ansible Galaxy requirements: roles and collections."""
    for entry in document.select("{roles,collections}[*]") + [node for node in document.select("[*]") if node.get("src") is not None]:
        name = entry if entry.resolved.kind == "scalar" else entry.get("name") or entry.get("src")
        if name is None or name.resolved.kind != "scalar" or not name.known:
            continue
        version = entry.get("version") if entry.resolved.kind == "mapping" else None
        src = entry.get("src") or entry.get("source")
        if src is not None and plain_http(src.text):
            yield Mark("plain-http-source", src.source, *scalar_place(src), f"{name.text} is fetched without TLS", src.path, name.text)
        if version is not None and not version.known:
            continue
        text = version.text if version is not None else ""
        git = (
            re.match(r"git[+@]|https?://.*\.git\Z|ssh://", name.text) is not None
            or (entry.get("type") or name).text == "git"
            or (entry.get("scm") or name).text == "git"
        )
        at = version if version is not None else name
        if git:
            yield Reference(
                "git", name.text, text, "", "content" if is_commit(text) else "floating", at.source, *scalar_place(at), "galaxy", at.path
            )
        else:
            level: Level = "version" if re.match(r"={0,2}v?\d[\w.-]*\Z", text) else "floating"
            yield Reference("galaxy", name.text, text, "", level, at.source, *scalar_place(at), "strict", at.path)
