"""A view of Kubernetes objects for rules: pod specifications, containers, their commands, and RBAC rules.

Knows the shape of the API, not what is bad.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..parse.node import UNKNOWN, Node
from ..records import TYPE_CHECKING, NamedTuple
from .match import Hit

if TYPE_CHECKING:
    from typing import Final

    from ..parse.node import Document
    from .match import Arguments

CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")


class Container(NamedTuple):
    """A container, the pod specification it belongs to, and the root of the document."""

    node: Node
    spec: Node
    root: Node


class Argument(NamedTuple):
    """A word of a container's command line, where it stands (offsets), and the item that holds it."""

    text: str
    start: int
    end: int
    item: Node


def text_of(node: Node | None) -> str:
    """The text of a known scalar; empty for anything else."""
    if node is None:
        return ""
    node = node.resolved
    return node.text if node.kind == "scalar" and node.value is not UNKNOWN else ""


def items(node: Node | None) -> list[Node]:
    """The items of a sequence, what is repeated by alias only once; none of anything else."""
    if node is None or node.resolved.kind != "sequence":
        return []
    children = node.resolved.children
    if not any(child.target is not None for child in children):
        return children
    return list({id(child.resolved): child for child in reversed(children)}.values())[::-1]


def root_of(node: Node) -> Node:
    """The root of the document that ``node`` stands in."""
    while node.parent is not None:
        node = node.parent
    return node


def object_of(node: Node) -> Node:
    """The object (with ``apiVersion`` and ``kind``) that ``node`` belongs to: an item of a List, or the root."""
    while node.parent is not None:
        if node.resolved.kind == "mapping" and node.get("kind") is not None and node.get("apiVersion") is not None:
            return node
        node = node.parent
    return node


def kind_of(node: Node) -> str:
    """The ``kind`` of the object that ``node`` belongs to."""
    return text_of(object_of(node).get("kind"))


def objects(document: Document, *kinds: str) -> Iterator[Node]:
    """All objects of one of ``kinds`` in the document, items of lists among them."""
    for entry in document.index.get("kind", ()):
        if entry.parent is not None and entry.text in kinds and entry.parent.get("apiVersion") is not None:
            yield entry.parent


def containers(document: Document) -> Iterator[Container]:
    """All containers of all pod specifications, init and ephemeral ones among them."""
    seen: set[int] = set()
    for key in CONTAINERS:
        for group in document.index.get(key, ()):
            if group.parent is None or id(group.resolved) in seen:
                continue
            seen.add(id(group.resolved))
            for item in items(group):
                if item.resolved.kind == "mapping" and id(item.resolved) not in seen:
                    seen.add(id(item.resolved))
                    yield Container(item, group.parent, root_of(item))


def command_line(container: Node) -> list[Argument]:
    """The words of ``command`` and ``args``; what is given to a shell in one string is split at blanks."""
    words: list[Argument] = []
    for key in ("command", "args"):
        entry = container.get(key)
        if entry is None:
            continue
        for item in items(entry) or ([entry] if entry.resolved.kind == "scalar" else []):
            words += _split(item)
    return words


def _split(item: Node) -> list[Argument]:
    item = item.resolved
    text = item.text
    if item.kind != "scalar":
        return []
    if not any(c.isspace() for c in text):
        skip = 1 if item.style in ("'", '"') and item.end - item.start == len(text) + 2 else 0
        return [Argument(text, item.start + skip, item.end - skip, item)]
    from ..parse.locate import located

    place = located(item)
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        words.append(Argument(word.strip("\"';"), place.offset(at), place.end(at + len(word)), item))
        at += len(word)
    return words


def flags(match: Arguments, document: Document) -> Iterator[Hit]:
    """What ``match`` finds in the document's containers, and in what a kubeadm configuration passes to the cluster's programs."""
    for program, words in _command_lines(match.programs, document):
        present = False
        for number, word in enumerate(words):
            name, equals, value = word.text.lstrip("-").partition("=")
            if not word.text.startswith("-") or name != match.flag:
                continue
            present = True
            begin, end = word.start, word.end
            if not equals:
                following = words[number + 1] if number + 1 < len(words) else None
                if following is not None and not following.text.startswith("-"):
                    value, end = following.text, following.end
                else:
                    value = "true"
            unknown = word.item.value is UNKNOWN and ("$" in value or "{" in value or not value)
            asked = Node("scalar", word.item.source, begin, end, value=UNKNOWN if unknown else value, text=value)
            if not match.absent and match.when(asked) is True:
                yield Hit(word.item.source.span(begin, end), match.message)
        if match.absent and not present and program is not None and not _may_continue(words):
            yield Hit(program.item.source.span(program.start, program.end), match.message)


def _command_lines(programs: tuple[str, ...], document: Document) -> Iterator[tuple[Argument | None, list[Argument]]]:
    """The command lines of ``programs``: the word that is the program's name (none where an image or section tells), and all words."""
    for container in containers(document):
        words = _words_of(container.node, document)
        program = next((word for word in words if word.text.rsplit("/", 1)[-1] in programs), None)
        if program is not None or (words and container.node.get("command") is None and _image_name(container.node) in programs):
            yield program, words
    for key in ("extraArgs", "kubeletExtraArgs"):
        for section in document.index.get(key, ()):
            owner = "kubelet" if key == "kubeletExtraArgs" else section.parent.key if section.parent is not None else None
            if _SECTIONS.get(owner or "") in programs:
                yield None, _given(section)


# where a kubeadm configuration (https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/) has the flags of which program
_SECTIONS: Final = {
    "apiServer": "kube-apiserver",
    "controllerManager": "kube-controller-manager",
    "scheduler": "kube-scheduler",
    "local": "etcd",
    "kubelet": "kubelet",
}


def _given(section: Node) -> list[Argument]:
    """The flags of a kubeadm section: a mapping, or since v1beta4 a list of names and values."""
    found: list[Argument] = []
    for entry in section.entries():
        if section.resolved.kind == "sequence":
            name, value = text_of(entry.get("name")), entry.get("value")
        else:
            name, value = entry.key or "", entry
        if name and value is not None and value.resolved.kind == "scalar":
            found.append(Argument(f"--{name}={value.text}", value.start, value.end, value))
    return found


def _image_name(container: Node) -> str:
    """The last part of the image's name, without tag and digest."""
    return text_of(container.get("image")).partition("@")[0].rsplit("/", 1)[-1].partition(":")[0]


def _may_continue(words: list[Argument]) -> bool:
    """Whether flags may come from elsewhere: a variable or a configuration file."""
    return any(word.item.value is UNKNOWN or word.text.lstrip("-").startswith(_FILES) for word in words)


_FILES: Final = ("config", "authentication-config", "authorization-config")


def _words_of(container: Node, document: Document) -> list[Argument]:
    memo = document.source.memo
    kept = memo.setdefault("command-lines", {})
    if isinstance(kept, dict):
        found = kept.get(id(container))
        if found is None:
            found = kept[id(container)] = command_line(container)
        return found
    return command_line(container)
