"""Resources of CloudFormation and SAM templates, and of the ``resources`` of a Serverless service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .resource import Resource

if TYPE_CHECKING:
    from ...parse.node import Document, Node


def resources(document: Document) -> Iterator[Resource]:
    """The resources of every template in ``document``."""
    for root in document.roots:
        section = root.get("Resources")
        shared = root.get("Globals")
        common: set[str] = set()
        for entry in shared.entries() if shared is not None and shared.resolved.kind == "mapping" else ():
            if entry.resolved.kind == "mapping":
                common.add(f"AWS::Serverless::{entry.key}")
                yield Resource(f"AWS::Serverless::{entry.key}", "", entry, entry, explicit=True)
        if section is not None:
            for resource in of_section(section):
                yield resource._replace(explicit=True) if resource.type in common else resource


def of_section(section: Node) -> Iterator[Resource]:
    """The resources of a ``Resources`` section."""
    if section.resolved.kind != "mapping":
        return
    for entry in section.entries():
        kind = entry.get("Type")
        if kind is None or kind.kind != "scalar":
            continue
        properties = entry.get("Properties")
        if properties is not None and properties.resolved.kind == "mapping":
            yield Resource(kind.text, entry.key or "", properties, entry)
        else:
            yield Resource(kind.text, entry.key or "", entry, entry)
