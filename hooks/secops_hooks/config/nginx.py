"""A view of nginx configuration for rules: blocks, directives and their arguments, and where variables get their values.

Knows the language (nginx.org, "Alphabetical index of directives" and "of variables"), not what is bad.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from ..parse import File
    from ..parse.node import Node

# decoded and normalised, so that %0a in the request is a line feed in the value
DECODED: Final = re.compile(r"\$\{?(uri|document_uri)\b")
# what a client puts into a request as he likes
REQUESTED: Final = re.compile(r"\$\{?(arg_\w+|args|query_string|http_\w+|cookie_\w+|request_uri|uri|document_uri|\d+)\b")
_CAPTURE: Final = re.compile(r"\((?!\?)|\(\?P?<(\w+)>")
_MODIFIER: Final = re.compile(r"\^~|~\*|~|=")
_NEGATED: Final = re.compile(r"\[\^((?:[^\]\\]|\\.)*)\]")


class Directive(NamedTuple):
    """A directive: its name, its arguments, the block it stands in, and its node."""

    name: str
    args: list[Node]
    block: Node
    node: Node

    @property
    def texts(self) -> list[str]:
        return [arg.text for arg in self.args]


def arguments(node: Node) -> list[Node]:
    """The arguments of a directive or of a block."""
    if node.kind == "scalar":
        return [node]
    if node.kind == "sequence":
        return node.children
    args = next((child for child in node.children if child.key == "@args"), None)
    return arguments(args) if args is not None else []


def directives(file: File, *names: str) -> Iterator[Directive]:
    """All directives called one of ``names``."""
    document = file.document
    for name in names:
        for node in document.index.get(name, ()) if document is not None else ():
            if node.parent is not None:
                yield Directive(name, arguments(node), node.parent, node)


def inside(block: Node, name: str) -> list[Node]:
    """The directives called ``name`` directly in ``block``."""
    return [child for child in block.children if child.key == name]


def around(block: Node) -> Iterator[Node]:
    """``block`` and the blocks around it, inner ones first."""
    at: Node | None = block
    while at is not None:
        yield at
        at = at.parent


def location_of(block: Node) -> Node | None:
    """The innermost location around ``block``, itself included."""
    return next((each for each in around(block) if each.key == "location"), None)


def location(block: Node) -> tuple[str, str]:
    """Modifier and pattern of a location; empty strings when there are none."""
    texts = [arg.text for arg in arguments(block)]
    if len(texts) > 1:
        return texts[0], texts[1]
    first = texts[0] if texts else ""
    sign = _MODIFIER.match(first)
    return (sign.group(), first[sign.end() :]) if sign else ("", first)


def captures_line_feeds(pattern: str) -> set[str]:
    """Numbers and names of the groups of ``pattern`` that can hold a line feed: they have a class such as ``[^/]`` or ``\\W``."""
    found: set[str] = set()
    for number, group in enumerate(_CAPTURE.finditer(pattern), start=1):
        body = _body(pattern, group.end())
        open_classes = [negated[1] for negated in _NEGATED.finditer(body) if not re.search(r"\\[nrsvW]|\n", negated[1])]
        if open_classes or re.search(r"(?<!\\)(?:\\\\)*\\[WDs]", re.sub(_NEGATED, "", body)):
            found.update({str(number), group[1] or ""})
    return found - {""}


def _body(pattern: str, start: int) -> str:
    """The text of the group that begins at ``start``, up to its closing parenthesis."""
    depth, at = 1, start
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "(":
            depth += 1
        elif pattern[at] == ")":
            depth -= 1
            if not depth:
                break
        at += 1
    return pattern[start:at]
