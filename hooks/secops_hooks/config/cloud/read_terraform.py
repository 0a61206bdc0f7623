"""Resources of Terraform and OpenTofu: resources, data sources, providers, and calls of well-known registry modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .resource import Resource

if TYPE_CHECKING:
    from ...parse.node import Document, Node

# registry module -> resources whose arguments its inputs are named after
_MODULES: Final[dict[str, tuple[str, ...]]] = {
    "s3-bucket": ("aws_s3_bucket", "aws_s3_bucket_public_access_block", "aws_s3_bucket_policy"),
    "rds": ("aws_db_instance",),
    "rds-aurora": ("aws_rds_cluster", "aws_rds_cluster_instance"),
    "dms": ("aws_dms_replication_instance",),
    "redshift": ("aws_redshift_cluster",),
    "ec2-instance": ("aws_instance",),
    "autoscaling": ("aws_launch_template", "aws_launch_configuration"),
    "eks": ("aws_eks_cluster",),
    "ecr": ("aws_ecr_repository",),
    "sqs": ("aws_sqs_queue",),
    "sns": ("aws_sns_topic",),
    "kms": ("aws_kms_key",),
    "elasticache": ("aws_elasticache_replication_group",),
    "efs": ("aws_efs_file_system",),
    "cloudfront": ("aws_cloudfront_distribution",),
    "documentdb-cluster": ("aws_docdb_cluster",),
    "iam-policy": ("aws_iam_policy",),
    "iam": ("aws_iam_policy",),
    "msk-kafka-cluster": ("aws_msk_cluster",),
    "opensearch": ("aws_opensearch_domain",),
    "dynamodb-table": ("aws_dynamodb_table",),
    "lambda": ("aws_lambda_function",),
    "apigateway-v2": ("aws_apigatewayv2_stage",),
    "vpc": ("aws_vpc",),
    "security-group": ("module.security-group",),
}
# inputs of modules that carry a prefix which the resource's argument has not
_PREFIXED: Final[dict[str, tuple[str, ...]]] = {"dms": ("repl_instance_",), "eks": ("cluster_",), "rds-aurora": ("cluster_",)}


def resources(document: Document) -> Iterator[Resource]:
    """Every resource of ``document``; data sources have ``data.`` before their type, providers are ``provider.NAME``."""
    for root in document.roots:
        for block in root.entries():
            if block.key == "resource":
                yield from _typed(block, "")
            elif block.key == "data":
                yield from _typed(block, "data.")
            elif block.key == "provider":
                for provider in block.entries():
                    for body in _bodies(provider):
                        yield Resource(f"provider.{provider.key}", provider.key or "", body, provider)
            elif block.key == "module":
                for module in block.entries():
                    for body in _bodies(module):
                        yield from _module(module, body)
            elif block.key == "terraform":
                for body in _bodies(block):
                    yield from _settings(body)
            elif block.key in ("variable", "output"):
                for entry in block.entries():
                    yield from (Resource(f"terraform.{block.key}", entry.key or "", body, entry) for body in _bodies(entry))


def _bodies(node: Node) -> list[Node]:
    """The block's mapping; of Terraform's JSON, where a list of blocks may stand for one, all of them."""
    node = node.resolved
    if node.kind == "sequence":
        return [item for item in node.children if item.kind == "mapping"]
    return [node] if node.kind == "mapping" else []


def _typed(block: Node, prefix: str) -> Iterator[Resource]:
    for types in _bodies(block):
        for type_ in types.entries():
            for names in _bodies(type_):
                for name in names.entries():
                    for body in _bodies(name):
                        yield Resource(prefix + (type_.key or ""), name.key or "", body, name)


def _settings(body: Node) -> Iterator[Resource]:
    for backend in body.entries():
        if backend.key == "backend":
            for kind in backend.entries():
                for inner in _bodies(kind):
                    yield Resource(f"terraform.backend.{kind.key}", kind.key or "", inner, kind)


def _module(module: Node, body: Node) -> Iterator[Resource]:
    source = body.get("source")
    text = source.text if source is not None and source.kind == "scalar" else ""
    parts = text.removeprefix("registry.terraform.io/").removeprefix("git::").split("?")[0].split("/")
    if "terraform-aws-modules" in parts:
        place = parts.index("terraform-aws-modules") + 1
        name = parts[place] if place < len(parts) else ""
        for type_ in _MODULES.get(name.removeprefix("terraform-aws-").removesuffix(".git"), ()):
            yield Resource(type_, module.key or "", body, module, explicit=True)
    yield Resource("terraform.module", module.key or "", body, module)
