"""A view of Dockerfiles for rules: the final stage and what it inherits, instructions of a kind, words of shell code.

Knows the format, not what is bad.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..parse.dockerfile_stages import Stage, environment, expand, stages
from ..parse.node import MAX_DEPTH
from .predicates import scalar_text

if TYPE_CHECKING:
    from ..parse import File
    from ..parse.node import Node


def instructions(file: File, *names: str) -> Iterator[Node]:
    """The instructions called one of ``names``, those behind ``ONBUILD`` among them, in no particular order of names."""
    document = file.document
    for name in names if document is not None else ():
        yield from document.index.get(name, ()) if document is not None else ()


def words(instruction: Node) -> list[Node]:
    """The arguments of an instruction."""
    args = instruction.get("args")
    return args.children if args is not None else []


def flag(instruction: Node, name: str) -> Node | None:
    """The value of ``--name=…``."""
    return instruction.get("flags", name)


def lineage(file: File) -> list[Stage]:
    """The final stage, then the stages it is built on, one after the other."""
    document = file.document
    known = stages(document) if document is not None else ()
    chain = [known[-1]] if known else []
    while chain and chain[-1].parent is not None and len(chain) < MAX_DEPTH:
        chain.append(known[chain[-1].parent])
    return chain


def last_user(file: File) -> Node | None:
    """The argument of the USER that is in force at the end, of the final stage or one it is built on."""
    for stage in lineage(file):
        users = [node for node in stage.instructions if node.key == "USER"]
        if users:
            given = words(users[-1])
            return given[0] if given else users[-1]
    return None


def base_of(file: File) -> tuple[Node, str] | None:
    """The node and name of the image that the final stage really starts from; ``None`` when it is unknown."""
    chain = lineage(file)
    if not chain or chain[-1].base is None or not isinstance(chain[-1].base_text, str):
        return None
    return chain[-1].base, chain[-1].base_text


def text_of(file: File, word: Node) -> str | None:
    """A word with what ARG and ENV of its stage say put in; ``None`` when that is not known."""
    text = scalar_text(word)
    if text is not None or "$" not in word.text or file.document is None:
        return text
    for stage in stages(file.document):
        for instruction in stage.instructions:
            if instruction.start <= word.start < instruction.end:
                expanded = expand(word.text, environment(file.document, stage, instruction))
                return expanded if isinstance(expanded, str) else None
    return None
