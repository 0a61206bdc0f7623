"""Kubernetes objects written in Terraform, seen as the objects they become: so that the rules for manifests apply to them.

``resource "kubernetes_deployment" "web" { spec { host_network = true } }`` is read as a Deployment with ``spec.hostNetwork``.
Nodes of the view stand where the originals stand, and give the originals' key paths.
Naming as in the provider "kubernetes": snake case for camel case, repeated blocks with singular names for lists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..parse import File
from ..parse.node import MAX_DEPTH, Document, Node

if TYPE_CHECKING:
    from ..files.filetype import FileType
    from ..files.source import Source

_PREFIX: Final = "kubernetes_"
_VERSION: Final = re.compile(r"_v\d+((alpha|beta)\d+)?\Z")
_KINDS: Final[dict[str, str]] = {"daemonset": "DaemonSet", "api_service": "APIService", "stateful_set": "StatefulSet"}
# blocks that become a list, and its name
_LISTS: Final[dict[str, str]] = {
    "container": "containers",
    "init_container": "initContainers",
    "volume": "volumes",
    "volume_mount": "volumeMounts",
    "env": "env",
    "env_from": "envFrom",
    "port": "ports",
    "rule": "rules",
    "subject": "subjects",
    "sysctl": "sysctls",
    "toleration": "tolerations",
    "ingress": "ingress",
    "egress": "egress",
    "from": "from",
    "to": "to",
    "tls": "tls",
    "path": "paths",
    "webhook": "webhooks",
    "image_pull_secrets": "imagePullSecrets",
}
_NAMES: Final[dict[str, str]] = {
    "host_pid": "hostPID",
    "host_ipc": "hostIPC",
    "external_ips": "externalIPs",
    "insecure_skip_tls_verify": "insecureSkipTLSVerify",
    "non_resource_urls": "nonResourceURLs",
}
_AS_WRITTEN: Final = frozenset({"annotations", "labels", "match_labels", "data", "node_selector", "string_data", "binary_data"})


class Shadow(Node):
    """A node of the view; ``origin`` is the node of the file that it stands for."""

    __slots__ = ("origin",)

    origin: Node

    @property
    def path(self) -> str:
        """The key path of the original."""
        return self.origin.path


class View(File):
    """A Terraform file whose document holds the Kubernetes objects in it."""

    __slots__ = ("_view",)

    def __init__(self, source: Source, type: FileType, view: Document) -> None:
        super().__init__(source, type)
        self._view = view

    @property
    def document(self) -> Document:
        return self._view


def view(file: File) -> File | None:
    """``file`` as its Kubernetes objects; ``None`` when it holds none."""
    document = file.document
    if document is None or _PREFIX not in document.source.text:
        return None
    roots: list[Node] = []
    for entry in document.index.get("resource", ()):
        for kind in entry.children:
            if kind.key is not None and kind.key.startswith(_PREFIX):
                roots += [_object(kind.key, body) for body in kind.children if body.kind == "mapping"]
    return View(file.source, file.type, Document(document.source, "hcl", roots)) if roots else None


def _object(resource: str, body: Node) -> Node:
    if resource == "kubernetes_manifest":
        manifest = body.get("manifest")
        return _copy(manifest if manifest is not None else body, 0, rename=False)
    root = _copy(body, 0, rename=True)
    name = _VERSION.sub("", resource[len(_PREFIX) :])
    kind = _KINDS.get(name) or "".join(part.capitalize() for part in name.split("_"))
    for key, value in (("apiVersion", "v1"), ("kind", kind)):
        node = Shadow("scalar", body.source, body.start, body.start, value=value, text=value)
        node.origin = body
        root.add(node, key, body.key_start, body.key_end)
    return root


def _copy(node: Node, depth: int, rename: bool) -> Shadow:
    made = Shadow(
        node.kind, node.source, node.start, node.end, value=node.value, text=node.text, style=node.style, tag=node.tag
    )  # fmt: skip
    made.origin = node
    if depth > MAX_DEPTH:
        return made
    lists: dict[str, Node] = {}
    for child in node.children:
        key, value = child.key, child
        if rename and key == "dynamic" and child.children:
            key, value = child.children[0].key, child.children[0].get("content") or child
        inner = _copy(value, depth + 1, rename and key not in _AS_WRITTEN)
        if key is None or not rename:
            made.add(inner, key, child.key_start, child.key_end)
        elif key in _LISTS and value.kind == "mapping":
            _add_item(made, lists, _LISTS[key], inner, child)
        else:
            name = _LISTS[key] if key in _LISTS and value.kind == "sequence" else _camel(key)
            made.add(inner, name, child.key_start, child.key_end)
    return made


def _add_item(parent: Node, lists: dict[str, Node], name: str, item: Shadow, block: Node) -> None:
    """Append a block to the list that all blocks of its name become."""
    group = lists.get(name)
    if group is None:
        shadow = Shadow("sequence", block.source, block.key_start, block.end)
        shadow.origin = block
        group = lists[name] = parent.add(shadow, name, block.key_start, block.key_end)
    group.end = max(group.end, block.end)
    group.add(item)


def _camel(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    first, *rest = key.split("_")
    return first + "".join(part.capitalize() for part in rest)
