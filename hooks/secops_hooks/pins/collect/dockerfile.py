"""Dockerfiles: base images, images copied or mounted from, the syntax directive, remote ADDs, commands that install."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from ..image import parse_image
from ..reference import Collected, Level, Reference, is_commit
from .images import image_reference, reference_of

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.dockerfile_stages import Stage
    from ...parse.locate import Located
    from ...parse.node import Document, Node


def collect(file: File, tree: Tree) -> Collected:
    """The references of a Dockerfile or Containerfile."""
    document = file.document
    if document is None:
        return
    from ...parse.dockerfile_stages import stages

    found = stages(document)
    names = {stage.name for stage in found if stage.name}
    for node in document.select("syntax"):
        yield from image_reference(node, "syntax")
    for stage in found:
        yield from _base(stage)
    for node in _instructions(document):
        if node.key in ("COPY", "ADD"):
            yield from _from(node.get("flags", "from"), names, len(found), document, found)
        if node.key == "ADD":
            yield from _add(node)
        if node.key == "RUN":
            for flag in node.select("flags.mount.from"):
                yield from _from(flag, names, len(found), document, found)
            yield from _exec(node, tree)
    yield from _commands(_before(document), tree)
    for stage in found:
        yield from _commands(stage.instructions, tree)


def _instructions(document: Document) -> Iterator[Node]:
    for root in document.roots:
        for node in root.children:
            yield from node.children if node.key == "ONBUILD" else (node,)


def _base(stage: Stage) -> Collected:
    if stage.base is None or stage.parent is not None or not isinstance(stage.base_text, str) or stage.base_text.lower() == "scratch":
        return
    image = parse_image(stage.base_text)
    if image is not None:
        yield reference_of(image, stage.base, "from", stage.base.start, stage.base.end)


def _from(node: Node | None, names: set[str], count: int, document: Document, found: tuple[Stage, ...]) -> Collected:
    """An image named by ``--from``: a stage's name or number is none; a bare word may be a named build context."""
    if node is None or node.kind != "scalar" or not node.text:
        return
    text: object = node.text
    if not node.known:
        from ...parse.dockerfile_stages import expand, global_arguments

        text = expand(node.text, global_arguments(document))
    if not isinstance(text, str) or text.lower() in names or text.isdigit():
        return
    if "/" not in text and ":" not in text and "@" not in text:
        return
    image = parse_image(text)
    if image is not None:
        yield reference_of(image, node, "copy", node.start, node.end)


def _add(node: Node) -> Collected:
    """Git repositories of ADD need a commit behind ``#`` (remote archives without a checksum are a matter of family config)."""
    args = node.get("args")
    for word in args.children[:-1] if args is not None else ():
        path, _, fragment = word.text.partition("#")
        if not word.known or not (
            path.startswith(("git://", "git@", "ssh://")) or (path.startswith(("http://", "https://")) and path.endswith(".git"))
        ):
            continue
        ref = fragment.partition(":")[0]
        level: Level = "content" if is_commit(ref) else "floating"
        yield Reference("git", path, ref, ref if level == "content" else "", level, word.source, word.start, word.end, "add", word.path)


def _exec(node: Node, tree: Tree) -> Collected:
    """What the exec form of RUN installs."""
    args = node.get("args")
    if args is not None and args.style == "json":
        from .commands import of_words

        yield from of_words([(word.text, word.start, word.end) for word in args.children], node.source, "image", node.path, tree)


def _before(document: Document) -> list[Node]:
    """The instructions in front of the first FROM: all of a fragment that others include."""
    return list(takewhile(lambda node: node.key != "FROM", (node for root in document.roots for node in root.children)))


def _commands(instructions: Iterable[Node], tree: Tree) -> Collected:
    """What the shell forms of RUN in a stage install; files that one of them leaves are there for the next."""
    from ...parse.dockerfile import command
    from ...parse.shell import parse_script
    from ..install import WORDS
    from .commands import installed
    from .downloads import downloads

    code: list[Located] = []
    for node in instructions:
        run = node.get("RUN") if node.key == "ONBUILD" else node if node.key == "RUN" else None
        shell = run.get("command") if run is not None else None
        if shell is not None:
            code.append(command(shell))
    if not any(WORDS.search(each.text) for each in code):
        return
    scripts = [parse_script(each) for each in code]
    for script in scripts:
        if WORDS.search(script.where.text):
            yield from installed(script, "image", "RUN", tree)
    yield from downloads(scripts, "image", "RUN")
