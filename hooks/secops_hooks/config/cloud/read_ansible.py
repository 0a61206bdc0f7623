"""Tasks of Ansible playbooks and roles that call a cloud's modules, as resources ``ansible.MODULE``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .resource import Resource

if TYPE_CHECKING:
    from ...parse.node import Document

_COLLECTIONS: Final = ("amazon.aws.", "community.aws.", "azure.azcollection.", "google.cloud.", "community.general.")


def resources(document: Document) -> Iterator[Resource]:
    """Every task of ``document``, wherever it stands, whose module is one that the table knows."""
    from .ansible import TABLE

    known = TABLE.facts.keys() | TABLE.finders.keys()
    for key, entries in document.index.items():
        short = next((key.removeprefix(each) for each in _COLLECTIONS if key.startswith(each)), key)
        if f"ansible.{short}" in known:
            for entry in entries:
                if entry.resolved.kind == "mapping" and entry.parent is not None and entry.parent.key is None:
                    yield Resource(f"ansible.{short}", "", entry.resolved, entry)
