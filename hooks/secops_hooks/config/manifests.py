"""Kubernetes objects and Helm values that stand as text inside other files: patches of Kustomize, values of Argo CD, heredocs of Terraform.

Such a text is read as a file of its own; what is found in it is reported where it stands. A patch is a part of an object,
so what it leaves out says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..files.filetype import FileType
from ..files.source import Source
from ..parse import File
from ..parse.locate import Located, located
from ..parse.node import UNKNOWN, Document, Node

if TYPE_CHECKING:
    from ..finding import Finding

MANIFEST: Final = FileType("yaml", frozenset({"kubernetes"}), "")
VALUES: Final = FileType("yaml", frozenset({"helm-values"}), "")
# key under which a text stands (or a list or mapping of texts) -> what it holds
_HELD: Final = {
    "patch": MANIFEST,
    "patchesStrategicMerge": MANIFEST,
    "data": MANIFEST,
    "yaml_body": MANIFEST,
    "manifest": MANIFEST,
    "values": VALUES,
}
_MOST: Final = 100  # texts in one file
_LONGEST: Final = 1_000_000


class Inner(NamedTuple):
    """A text as a file, and where it stands; ``node``: the scalar that holds it."""

    file: File
    place: Located
    node: Node


def inner_files(file: File) -> Iterator[Inner]:
    """The manifests and values that ``file`` holds as texts."""
    document = file.document
    left = _MOST
    for key, kind in _HELD.items():
        for entry in document.index.get(key, ()) if document is not None else ():
            for node in entry.children if entry.kind != "scalar" else (entry,):
                if node.kind == "scalar" and "\n" in node.text and len(node.text) <= _LONGEST and _fits(node, key, kind) and left:
                    left -= 1
                    place = located(node)
                    yield Inner(File(Source(file.path, place.text.encode("utf-8", "replace")), kind), place, node)


def _fits(node: Node, key: str, kind: FileType) -> bool:
    if kind is VALUES:
        return node.key == "values" or node.style == "<<"
    return key == "patch" or ("apiVersion" in node.text and "kind" in node.text)


def relocated(finding: Finding, inner: Inner) -> Finding:
    """``finding`` of the inner file where it stands in the outer one; it is not mended there."""
    starts = inner.file.source.line_starts
    first = starts[finding.span.line - 1] + finding.span.col - 1
    last = starts[finding.span.end_line - 1] + finding.span.end_col - 1
    span = inner.node.source.span(inner.place.offset(first), inner.place.end(last))
    return finding._replace(span=span, key_path=f"{inner.node.path}.{finding.key_path}", fix=None)


def patched(document: Document) -> Document | None:
    """What a JSON patch (RFC 6902) adds or replaces, as a tree in which each value stands at its path; ``None`` for anything else."""
    roots: list[Node] = []
    for root in document.roots:
        for operation in root.children if root.kind == "sequence" else ():
            name, path, value = (operation.get(key) if operation.kind == "mapping" else None for key in ("op", "path", "value"))
            if name is None or path is None or value is None or name.text not in ("add", "replace") or path.value is UNKNOWN:
                continue
            holder = top = Node("mapping", document.source, value.start, value.end)
            steps = [step.replace("~1", "/").replace("~0", "~") for step in path.text.strip("/").split("/")]
            for number, step in enumerate(steps):
                in_list = step == "-" or step.isdigit()
                key = None if in_list else step
                if number == len(steps) - 1:
                    holder.add(_twin(value), key, value.key_start, value.key_end)
                else:
                    following = steps[number + 1]
                    kind = "sequence" if following == "-" or following.isdigit() else "mapping"
                    holder = holder.add(Node(kind, document.source, value.start, value.end), key, value.key_start, value.key_end)  # type: ignore[arg-type]
            roots.append(top)
    return Document(document.source, document.format, roots) if roots else None


def _twin(value: Node) -> Node:
    """The same value once more, to stand under another key."""
    twin = Node(value.kind, value.source, value.start, value.end, value=value.value, text=value.text, style=value.style, tag=value.tag)
    twin.children = value.children
    return twin
