"""Services of the Serverless Framework: the provider's settings, functions, and the CloudFormation they bring along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .read_cloudformation import of_section
from .resource import Resource

if TYPE_CHECKING:
    from ...parse.node import Document


def resources(document: Document) -> Iterator[Resource]:
    """The service of ``document`` as resources ``serverless.provider``, ``serverless.function`` and those of CloudFormation."""
    for root in document.roots:
        provider = root.get("provider")
        if provider is not None and provider.resolved.kind == "mapping":
            yield Resource("serverless.provider", "", provider.resolved, provider)
        functions = root.get("functions")
        if functions is not None and functions.resolved.kind == "mapping":
            for function in functions.entries():
                if function.resolved.kind == "mapping":
                    yield Resource("serverless.function", function.key or "", function.resolved, function)
        section = root.get("resources", "Resources")
        if section is not None:
            yield from of_section(section)
