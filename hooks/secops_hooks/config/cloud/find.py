"""From a file to the violations of all concepts in it, once; each rule then takes its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from ..match import Custom, Hit
from .resource import DEFAULTS, Resource, View, is_dynamic

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document, Node
    from .fact import Table

KINDS: Final = ("terraform", "cloudformation", "sam", "serverless", "arm", "ansible")
# start of a type's name -> the table that speaks of it
_TABLES: Final = (
    ("aws_", "terraform_aws"),
    ("data.aws_", "terraform_aws"),
    ("azurerm_", "terraform_azure"),
    ("google_", "terraform_google"),
    ("data.google_", "terraform_google"),
    ("github_", "terraform_other"),
    ("digitalocean_", "terraform_other"),
    ("openstack_", "terraform_other"),
    ("module.", "terraform_aws"),
    ("provider.", "terraform_other"),
    ("terraform.", "terraform_other"),
    ("AWS::", "cloudformation"),
    ("microsoft.", "arm"),
    ("ansible.", "ansible"),
    ("serverless.", "serverless"),
)


def concept(rule: str, kinds: tuple[str, ...] = KINDS) -> Custom:
    """What a rule about a concept matches with: the violations that the tables found for it."""
    return Custom(kinds, partial(_of, rule))


def _of(rule: str, file: File, tree: Tree) -> Iterable[Hit]:
    found = file.source.memo.get("cloud")
    if not isinstance(found, dict):
        found = file.source.memo["cloud"] = violations(file)
    return found.get(rule, ())


def violations(file: File) -> dict[str, list[Hit]]:
    """All violations in ``file`` by rule."""
    view = view_of(file)
    found: dict[str, list[Hit]] = {}
    for resource in view.resources:
        table = _table_of(resource.type)
        if table is None:
            continue
        for fact in table.facts.get(resource.type, ()):
            for hit in fact.hits(resource):
                found.setdefault(fact.rule, []).append(hit)
        for finder in table.finders.get(resource.type, ()):
            for rule, hit in finder(resource, view):
                found.setdefault(rule, []).append(hit)
    return found


def view_of(file: File) -> View:
    """The resources that ``file`` describes."""
    document = file.document
    resources: list[Resource] = []
    if document is not None:
        file.source.memo[DEFAULTS] = defaults(document)
        for kind, module in _READERS:
            if kind in file.type.kinds:
                resources += import_module(f".{module}", __package__).resources(document)
    return View(file, tuple(resources))


def defaults(document: Document) -> dict[str, Node]:
    """What variables (Terraform) and parameters (CloudFormation, ARM) stand for when nobody overrides them, where that is a literal."""
    found: dict[str, Node] = {}
    for root in document.roots:
        for section, key in (("variable", "default"), ("Parameters", "Default"), ("parameters", "defaultValue")):
            held = root.get(section)
            for entry in held.entries() if held is not None and held.resolved.kind == "mapping" else ():
                value = entry.get(key) if entry.resolved.kind == "mapping" else None
                if value is not None and not is_dynamic(value) and len(value.children) <= _MOST:
                    found[entry.key or ""] = value
        for section in ("locals", "variables"):
            for held in root.entries() if root.kind == "mapping" else ():
                if held.key == section and held.resolved.kind == "mapping":
                    found.update(
                        {entry.key or "": entry for entry in held.entries() if not is_dynamic(entry) and len(entry.children) <= _MOST}
                    )
    return found


_MOST: Final = 100  # items of a list that is followed wherever its variable is used
_READERS: Final = (
    ("terraform", "read_terraform"),
    ("cloudformation", "read_cloudformation"),
    ("serverless", "read_serverless"),
    ("arm", "read_arm"),
    ("ansible", "read_ansible"),
)


@lru_cache(maxsize=4096)
def _table_of(type_: str) -> Table | None:
    for prefix, module in _TABLES:
        if type_.startswith(prefix):
            return _table(module)
    return None


@lru_cache(maxsize=16)
def _table(module: str) -> Table:
    table: Table = import_module(f".{module}", __package__).TABLE
    return table
