"""From a file to the violations of all concepts in it, once; each rule then takes its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from ..match import Custom, Hit
from .resource import Resource, View
from .values import VALUES, looped, of_file

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from .fact import Table
    from .values import Values

KINDS: Final = ("terraform", "cloudformation", "sam", "serverless", "arm", "ansible", "aws-policy")
FURTHER_CLOUDS: Final = ("alicloud", "exoscale", "hcloud", "ibm", "linode", "oci", "scaleway", "tencentcloud", "vultr", "yandex")
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
    *((f"{cloud}_", "terraform_other") for cloud in FURTHER_CLOUDS),
    ("module.", "terraform_aws"),
    ("provider.", "terraform_other"),
    ("terraform.", "terraform_other"),
    ("AWS::", "cloudformation"),
    ("microsoft.", "arm"),
    ("ansible.", "ansible"),
    ("serverless.", "serverless"),
    ("policy.", "cloudformation"),
)


def concept(rule: str, kinds: tuple[str, ...] = KINDS) -> Custom:
    """What a rule about a concept matches with: the violations that the tables found for it."""
    return Custom(kinds, partial(_of, rule))


def _of(rule: str, file: File, tree: Tree) -> Iterable[Hit]:
    found = file.source.memo.get("cloud")
    if not isinstance(found, dict):
        found = file.source.memo["cloud"] = violations(file, tree)
    return found.get(rule, ())


def violations(file: File, tree: Tree | None = None) -> dict[str, list[Hit]]:
    """All violations in ``file`` by rule; with the ``tree``, what the rest of its Terraform module says counts, too."""
    view = view_of(file, tree)
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


def view_of(file: File, tree: Tree | None = None) -> View:
    """The resources that ``file`` describes."""
    document = file.document
    resources: list[Resource] = []
    if document is not None:
        values = file.source.memo[VALUES] = of_file(file, tree)
        for kind, module in _READERS:
            if kind in file.type.kinds:
                resources += _unrolled(import_module(f".{module}", __package__).resources(document), values)
    return View(file, tuple(resources))


def _unrolled(resources: Iterable[Resource], values: Values) -> Iterator[Resource]:
    """The resources, those with ``for_each`` over something known once for each of its items."""
    for resource in resources:
        over = resource.body.get("for_each")
        for body in looped(resource.body, "each", over, values) if over is not None else (resource.body,):
            yield resource if body is resource.body else resource._replace(body=body)


_READERS: Final = (
    ("terraform", "read_terraform"),
    ("cloudformation", "read_cloudformation"),
    ("serverless", "read_serverless"),
    ("arm", "read_arm"),
    ("ansible", "read_ansible"),
    ("aws-policy", "read_policy"),
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
