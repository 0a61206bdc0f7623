"""Resources of Azure Resource Manager templates, those nested in others and in linked deployments among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...parse.node import MAX_DEPTH
from .resource import Resource

if TYPE_CHECKING:
    from ...parse.node import Document, Node


def resources(document: Document) -> Iterator[Resource]:
    """Every resource of ``document`` under its full type in lower case (a child's type is its parents' with its own behind)."""
    for root in document.roots:
        yield from _below(root, "", 0)


def _below(holder: Node, parent: str, depth: int) -> Iterator[Resource]:
    listed = holder.get("resources")
    if listed is None or depth > MAX_DEPTH:
        return
    for item in listed.children:  # a list, or in newer templates a mapping by symbolic name
        kind = item.get("type") if item.kind == "mapping" else None
        if kind is None or kind.kind != "scalar":
            continue
        type_ = kind.text.lower().strip("/")
        full = type_ if "/" in type_ and "." in type_.split("/")[0] else f"{parent}/{type_}".strip("/")
        name = item.get("name")
        properties = item.get("properties")
        yield Resource(full, name.text if name is not None else "", item, item)
        yield from _below(item, full, depth + 1)
        template = properties.get("template") if properties is not None else None
        if template is not None and template.kind == "mapping":
            yield from _below(template, "", depth + 1)
