"""A policy document of AWS in a JSON file of its own, as ``file()`` of Terraform or the command line read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .resource import Resource

if TYPE_CHECKING:
    from ...parse.node import Document


def resources(document: Document) -> Iterator[Resource]:
    """The document, as one resource of type ``policy.document``."""
    for root in document.roots:
        if root.get("Statement") is not None:
            yield Resource("policy.document", "", root, root)
