"""What is insecure in AWS resources of Terraform: which setting, which values, and whether its absence counts.

Names and defaults: https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..match import Hit, Replace
from ..predicates import (
    below_tls_12,
    equals,
    is_empty,
    is_false,
    is_set,
    is_true,
    is_zero,
    less_than,
    matches,
    no,
    one_of,
    scalar_text,
    world_open_cidr,
)  # fmt: skip
from . import credentials, policy
from . import find_aws as find
from .fact import Fact, Table, at, never, present
from .find_aws import TERRAFORM
from .ports import exposes
from .resource import Resource, View, first, reach

if TYPE_CHECKING:
    from ...parse.node import Node

TABLE: Final = Table()
add = TABLE.add
_OFF: Final = Replace("false")
_ON: Final = Replace("true")
_UNSAFE_ON: Final = Replace("true", safe=False)
not_true: Final = no(is_true)
none_or_empty: Final = is_empty
WEAK_LISTENER: Final = matches(r"(?i)\AELBSecurityPolicy-(20\d\d-\d\d|TLS-1-[01]-\S*|FS-2018-06|FS-1-1-\S*|TLS13-1-[01]-\S*)\Z")
WEAK_DISTRIBUTION: Final = matches(r"(?i)\A(SSLv3|TLSv1(\.[01])?(_2016)?)\Z")
WEAK_DOMAIN: Final = matches(r"(?i)\A(Policy-Min-TLS-1-0-2019-07)\Z")
WEAK_CIPHER: Final = matches(
    r"(?i)\A(Protocol-(SSLv2|SSLv3|TLSv1|TLSv1\.1)|.*(RC4|RC2|DES|NULL|EXP|MD5|ADH|AECDH|aNULL|SEED|CAMELLIA|IDEA|KRB5|PSK|DSS).*|(AES|DHE-RSA-AES|ECDHE-(RSA|ECDSA)-AES)(128|256)-SHA)\Z"
)

# -- object storage

for _block in ("aws_s3_bucket", "aws_s3_bucket_acl", "aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy"):
    add(
        _block,
        Fact("cloud-public-bucket", "acl", one_of("public-read", "authenticated-read", "website"), mend=Replace("private", safe=False)),
        Fact(
            "cloud-public-write-bucket",
            "acl",
            one_of("public-read-write", "bucket-owner-public-write"),
            mend=Replace("private", safe=False),
        ),
    )
_GROUPS: Final = r"(?i)groups/(global/AllUsers|global/AuthenticatedUsers)\Z"
for _path in ("grant", "access_control_policy.grant"):
    for _where in ("{uri}", "grantee.uri"):
        add(
            "aws_s3_bucket aws_s3_bucket_acl",
            Fact(
                "cloud-public-bucket",
                _where,
                matches(_GROUPS),
                each=_path,
                unless=(("{permissions,permission}[]", one_of("WRITE", "FULL_CONTROL", "WRITE_ACP")),),
            ),
            Fact(
                "cloud-public-write-bucket",
                _where,
                matches(_GROUPS),
                each=_path,
                where=(("{permissions,permission}[]", one_of("WRITE", "FULL_CONTROL", "WRITE_ACP")),),
            ),
        )
add(
    "aws_s3_bucket_public_access_block aws_s3_account_public_access_block",
    Fact("cloud-bucket-acls-not-blocked", "block_public_acls", is_false, "audit", mend=_UNSAFE_ON),
    Fact("cloud-bucket-policies-not-blocked", "block_public_policy", is_false, "audit", mend=_UNSAFE_ON),
    Fact("cloud-bucket-acls-not-ignored", "ignore_public_acls", is_false, "audit", mend=_UNSAFE_ON),
    Fact("cloud-bucket-not-restricted", "restrict_public_buckets", is_false, "audit", mend=_UNSAFE_ON),
)
add(
    "aws_s3_bucket",
    Fact("cloud-bucket-website", "website", present),
    Fact("cloud-no-versioning", "versioning.enabled", is_false),
    Fact("cloud-bucket-cors", "cors_rule.allowed_origins[]", equals("*")),
    Fact("cloud-mfa-delete-off", "versioning.mfa_delete", is_false),
)
add("aws_s3_bucket_versioning", Fact("cloud-no-versioning", "versioning_configuration.status", one_of("Suspended", "Disabled")))
add("aws_s3_bucket_website_configuration", Fact("cloud-bucket-website", "{index_document,redirect_all_requests_to}", present))
add("aws_s3_bucket_cors_configuration", Fact("cloud-bucket-cors", "cors_rule.allowed_origins[]", equals("*")))
add(
    "aws_s3_bucket_object_lock_configuration aws_s3_access_point",
    Fact("cloud-bucket-acls-not-blocked", "public_access_block_configuration.block_public_acls", is_false),
    Fact("cloud-bucket-policies-not-blocked", "public_access_block_configuration.block_public_policy", is_false),
    Fact("cloud-bucket-acls-not-ignored", "public_access_block_configuration.ignore_public_acls", is_false),
    Fact("cloud-bucket-not-restricted", "public_access_block_configuration.restrict_public_buckets", is_false),
)


_ACCESS_BLOCK: Final = "aws_s3_bucket_public_access_block"


def _buckets_of(view: View, type_: str) -> frozenset[str]:
    """Names and identifiers of the buckets for which there is a resource of ``type_``."""
    kept = view.file.source.memo.get(("buckets", type_))
    if isinstance(kept, frozenset):
        return kept
    words = (part for other in view.of(type_) for node in reach(other.body, "bucket") for part in node.text.replace("[", ".").split("."))
    found = view.file.source.memo["buckets", type_] = frozenset(words)
    return found


def unguarded_buckets(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A bucket for which the file neither blocks public access nor versions, encrypts or logs it in a resource of its own."""
    if resource.explicit:
        return
    bucket = first(resource.body, "bucket")
    literal = (scalar_text(bucket) or "") if bucket is not None else ""
    for rule, inline, type_ in (
        ("cloud-bucket-without-public-access-block", "", _ACCESS_BLOCK),
        ("cloud-bucket-acls-not-blocked", "", _ACCESS_BLOCK),
        ("cloud-bucket-policies-not-blocked", "", _ACCESS_BLOCK),
        ("cloud-bucket-acls-not-ignored", "", _ACCESS_BLOCK),
        ("cloud-bucket-not-restricted", "", _ACCESS_BLOCK),
        ("cloud-no-versioning", "versioning", "aws_s3_bucket_versioning"),
        ("cloud-no-access-log", "logging", "aws_s3_bucket_logging"),
        ("cloud-bucket-default-encryption", "server_side_encryption_configuration", "aws_s3_bucket_server_side_encryption_configuration"),
    ):
        guarded = _buckets_of(view, type_)
        if not (inline and reach(resource.body, inline)) and resource.name not in guarded and (not literal or literal not in guarded):
            yield rule, at(resource.at, key=True, tier="audit")


TABLE.find("aws_s3_bucket", unguarded_buckets)


def published_buckets(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """The bucket that an access list elsewhere in the file publishes: there is the fault, here is what it does."""
    owner = first(resource.body, "bucket")
    rules = {fact.rule for fact in TABLE.facts["aws_s3_bucket_acl"] for _ in fact.hits(resource)} if owner is not None else ()
    if not rules or owner is None:
        return
    buckets = view.file.source.memo.get("bucket-names")
    if not isinstance(buckets, dict):
        buckets = view.file.source.memo["bucket-names"] = {bucket.name: bucket for bucket in view.of("aws_s3_bucket")}
    for word in owner.text.replace("[", ".").split("."):
        for rule in rules if word in buckets else ():
            yield rule, at(buckets[word].at, f"aws_s3_bucket_acl.{resource.name} makes this bucket public", key=True, tier="audit")


TABLE.find("aws_s3_bucket_acl", published_buckets)

# -- what is reachable from the internet

for _type in (
    "aws_db_instance",
    "aws_rds_cluster_instance",
    "aws_dms_replication_instance",
    "aws_mq_broker",
    "aws_neptune_cluster_instance",
    "aws_redshiftserverless_workgroup",
    "aws_docdb_cluster_instance",
    "aws_lightsail_database",
):
    add(
        _type,
        Fact(
            "cloud-public-database", "{publicly_accessible,repl_instance_publicly_accessible}", is_true, mend=Replace("false", safe=False)
        ),
    )
add("aws_redshift_cluster", Fact("cloud-public-database", "publicly_accessible", is_true, "audit", mend=Replace("false", safe=False)))
add("aws_msk_cluster", Fact("cloud-public-database", "broker_node_group_info.connectivity_info.public_access.type", no(one_of("DISABLED"))))
add(
    "aws_instance aws_launch_configuration aws_spot_instance_request",
    Fact("cloud-public-ip", "associate_public_ip_address", is_true),
)
add("aws_launch_template", Fact("cloud-public-ip", "network_interfaces.associate_public_ip_address", is_true))
add("aws_subnet aws_default_subnet", Fact("cloud-public-ip", "map_public_ip_on_launch", is_true))
add("aws_ecs_service", Fact("cloud-public-ip", "network_configuration.assign_public_ip", is_true))
add("aws_ecs_task_set", Fact("cloud-public-ip", "network_configuration.assign_public_ip", is_true))
add("aws_lb aws_alb aws_elb", Fact("cloud-public-load-balancer", "internal", is_false, "audit"))
add(
    "aws_sagemaker_notebook_instance",
    Fact("cloud-public-ip", "direct_internet_access", one_of("Enabled"), "audit"),
    Fact("cloud-root-access", "root_access", one_of("Enabled"), "audit"),
)
add(
    "aws_transfer_server",
    Fact("cloud-public-endpoint", "endpoint_type", one_of("PUBLIC"), "audit"),
    Fact("cloud-plain-protocol", "protocols[]", one_of("FTP")),
)
add("aws_ebs_snapshot_block_public_access", Fact("cloud-public-image", "state", one_of("unblocked")))
add("aws_ami_launch_permission", Fact("cloud-public-image", "group", one_of("all")))
add("aws_default_vpc", Fact("cloud-default-network", "", present))
add(
    "aws_eks_cluster",
    Fact("cloud-cluster-secrets-unencrypted", "encryption_config", never, "audit"),
    Fact("cloud-logging-disabled", "enabled_cluster_log_types", is_empty, "audit"),
)


def eks_endpoint(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A public endpoint of a cluster, and whether anybody may reach it."""
    prefix = "" if resource.explicit else "vpc_config."
    config = resource.body if resource.explicit else first(resource.body, "vpc_config")
    public = first(resource.body, prefix + ("cluster_endpoint_public_access" if resource.explicit else "endpoint_public_access"))
    cidrs = reach(resource.body, prefix + ("cluster_endpoint_public_access_cidrs[]" if resource.explicit else "public_access_cidrs[]"))
    if (public is None and resource.explicit) or config is None:
        return
    if public is not None and (scalar_text(public) or "").lower() != "true":
        return
    limited = bool(cidrs) and not any(world_open_cidr(node) is True for node in cidrs)
    if public is not None:
        yield "cloud-public-cluster-endpoint", at(public, tier="audit" if limited else "")
    else:
        yield (
            "cloud-public-cluster-endpoint",
            at(config, "endpoint_public_access is not set here, and on by default", key=True, tier="audit"),
        )
    for node in cidrs:
        if world_open_cidr(node) is True:
            yield "cloud-open-cluster-endpoint", at(node)
    if not cidrs and first(resource.body, prefix + "public_access_cidrs") is None:
        yield (
            "cloud-open-cluster-endpoint",
            at(
                public or config,
                "public_access_cidrs is not set here, so that every address may connect",
                key=True,
                tier="warn" if public is not None else "audit",
            ),
        )


TABLE.find("aws_eks_cluster", eks_endpoint)

# -- networks

TABLE.find("aws_security_group aws_default_security_group", find.group("ingress", TERRAFORM), find.egress("egress", TERRAFORM))
TABLE.find("aws_security_group_rule", find.flat(TERRAFORM, "type"))
TABLE.find("aws_vpc_security_group_ingress_rule", find.flat(TERRAFORM))
TABLE.find("aws_vpc_security_group_egress_rule", find.egress("", TERRAFORM))
TABLE.find("aws_network_acl aws_default_network_acl", find.all_ports_of_nacl("ingress"))
TABLE.find("aws_network_acl_rule", find.all_ports_of_nacl(""))
add("aws_db_security_group", Fact("cloud-open-database-firewall", "ingress.cidr", world_open_cidr))
add("aws_default_security_group", Fact("cloud-default-security-group", "{ingress,egress}", is_set))


def module_rules(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Rules given to the registry's module for security groups by name, or as mappings."""
    open_ = [node for node in reach(resource.body, "{ingress_cidr_blocks,ingress_ipv6_cidr_blocks}[]") if world_open_cidr(node) is True]
    by_name = {
        "ssh-tcp": "cloud-open-ssh",
        "rdp-tcp": "cloud-open-rdp",
        "rdp-udp": "cloud-open-rdp",
        "all-all": "cloud-open-all-ports",
        "all-tcp": "cloud-open-all-ports",
        "http-80-tcp": "cloud-open-http-port",
    }
    data = (
        "mysql-tcp",
        "postgresql-tcp",
        "redis-tcp",
        "mongodb-27017-tcp",
        "mssql-tcp",
        "oracle-db-tcp",
        "elasticsearch-rest-tcp",
        "memcached-tcp",
        "kafka-broker-tcp",
        "docker-swarm-mngmt-tcp",
    )
    if open_:
        source = first(resource.body, "source")
        preset = (scalar_text(source) or "").partition("//modules/")[2].partition("?")[0] if source is not None else ""
        rule = by_name.get(f"{preset}-tcp") or ("cloud-open-service-port" if preset in _PRESETS else "")
        if rule:
            yield rule, at(open_[0])
        for node in reach(resource.body, "ingress_rules[]"):
            name = scalar_text(node) or ""
            rule = by_name.get(name) or ("cloud-open-service-port" if name in data else "")
            if rule:
                yield rule, at(node)
    names = find.Names("from_port", "to_port", "protocol", "{cidr_blocks,ipv6_cidr_blocks}")
    for body in reach(resource.body, "{ingress_with_cidr_blocks,ingress_with_ipv6_cidr_blocks}[]"):
        sources = [
            node
            for node in reach(body, names.sources)
            if any(part.strip() in ("0.0.0.0/0", "::/0") for part in (scalar_text(node) or "").split(","))
        ]
        for rule in exposes(find.opened(body, names)) if sources else ():
            yield rule, at(sources[0])
        for node in reach(body, "rule") if sources else ():
            rule_ = by_name.get(scalar_text(node) or "")
            if rule_:
                yield rule_, at(node)


# modules in the module that open the port of one program
_PRESETS: Final = frozenset(
    [
        "mysql",
        "postgresql",
        "redis",
        "memcached",
        "mongodb",
        "mssql",
        "oracle-db",
        "elasticsearch",
        "cassandra",
        "consul",
        "docker-swarm",
        "etcd",
        "kafka",
        "zookeeper",
        "rabbitmq",
        "winrm",
    ]
)
TABLE.find("module.security-group", module_rules)

# -- encryption at rest

add(
    "aws_db_instance",
    Fact(
        "cloud-unencrypted-storage", "storage_encrypted", is_false, "audit", unless=(("{replicate_source_db,snapshot_identifier}", is_set),)
    ),
    Fact("cloud-no-backup", "backup_retention_period", is_zero, "audit", unless=(("replicate_source_db", is_set),)),
    Fact("cloud-no-deletion-protection", "deletion_protection", is_false, "audit"),
    Fact("cloud-no-iam-authentication", "iam_database_authentication_enabled", is_false, "audit"),
    Fact("cloud-no-automatic-upgrade", "auto_minor_version_upgrade", is_false),
    Fact("cloud-outdated-ca", "ca_cert_identifier", one_of("rds-ca-2015", "rds-ca-2019")),
    Fact("cloud-logging-disabled", "enabled_cloudwatch_logs_exports", is_empty, "audit"),
)
add(
    "aws_rds_cluster",
    Fact(
        "cloud-unencrypted-storage",
        "storage_encrypted",
        is_false,
        "audit",
        unless=(("engine_mode", one_of("serverless")), ("{snapshot_identifier,replication_source_identifier}", is_set)),
    ),
    Fact("cloud-no-backup", "backup_retention_period", less_than(2), "audit"),
    Fact("cloud-no-deletion-protection", "deletion_protection", is_false, "audit"),
    Fact("cloud-no-iam-authentication", "iam_database_authentication_enabled", is_false, "audit"),
)
add(
    "aws_rds_global_cluster",
    Fact("cloud-unencrypted-storage", "storage_encrypted", is_false, "audit", unless=(("source_db_cluster_identifier", is_set),)),
)
for _type in ("aws_docdb_cluster", "aws_neptune_cluster"):
    add(
        _type,
        Fact("cloud-unencrypted-storage", "storage_encrypted", is_false, "audit"),
        Fact("cloud-no-deletion-protection", "deletion_protection", is_false),
    )
add("aws_docdb_cluster", Fact("cloud-logging-disabled", "enabled_cloudwatch_logs_exports", is_empty, "audit"))
add(
    "aws_neptune_cluster",
    Fact("cloud-logging-disabled", "enable_cloudwatch_logs_exports", is_empty, "audit"),
    Fact("cloud-no-iam-authentication", "iam_database_authentication_enabled", is_false, "audit"),
)
add(
    "aws_redshift_cluster",
    Fact("cloud-unencrypted-storage", "encrypted", is_false, "audit"),
    Fact("cloud-logging-disabled", "logging.enable", is_false, "audit"),
    Fact("cloud-default-network", "cluster_subnet_group_name", never, "audit"),
)
add(
    "aws_redshift_parameter_group",
    Fact("cloud-unencrypted-transit", "value", is_false, each="parameter", where=(("name", equals("require_ssl")),)),
)
add(
    "aws_db_parameter_group aws_rds_cluster_parameter_group",
    Fact(
        "cloud-unencrypted-transit",
        "value",
        is_false,
        each="parameter",
        where=(("name", one_of("rds.force_ssl", "require_secure_transport", "tls")),),
    ),
)
add(
    "aws_docdb_cluster_parameter_group",
    Fact("cloud-unencrypted-transit", "value", one_of("disabled"), each="parameter", where=(("name", equals("tls")),)),
)
for _type in ("aws_ebs_volume", "aws_efs_file_system", "aws_ebs_snapshot_copy"):
    add(_type, Fact("cloud-unencrypted-storage", "encrypted", is_false, "audit", unless=(("snapshot_id", is_set),), mend=_UNSAFE_ON))
add("aws_ebs_encryption_by_default", Fact("cloud-unencrypted-storage", "enabled", is_false))
add(
    "aws_ami", Fact("cloud-unencrypted-storage", "encrypted", is_false, "audit", each="ebs_block_device", unless=(("snapshot_id", is_set),))
)
add("aws_ami_copy", Fact("cloud-unencrypted-storage", "encrypted", is_false, "audit"))
for _block in ("root_block_device", "ebs_block_device"):
    add(
        "aws_instance aws_launch_configuration aws_spot_instance_request",
        Fact("cloud-unencrypted-storage", "encrypted", is_false, "audit", each=_block, unless=(("snapshot_id", is_set),)),
    )
add("aws_instance aws_launch_configuration", Fact("cloud-unencrypted-storage", "root_block_device", never, "audit"))
add(
    "aws_launch_template",
    Fact(
        "cloud-unencrypted-storage",
        "ebs.encrypted",
        is_false,
        "audit",
        each="block_device_mappings",
        unless=(("{virtual_name,no_device}", is_set), ("ebs.snapshot_id", is_set)),
    ),
)
add(
    "aws_sqs_queue",
    Fact("cloud-unencrypted-queue", "sqs_managed_sse_enabled", is_false, unless=(("kms_master_key_id", is_set),)),
    Fact("cloud-unencrypted-queue", "kms_master_key_id", is_empty),
)


def default_queue(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A queue that names no encryption: it has that of the service, without a key of its owner's."""
    if not resource.explicit and not reach(resource.body, "{kms_master_key_id,sqs_managed_sse_enabled}"):
        yield (
            "cloud-unencrypted-queue",
            at(resource.at, "neither kms_master_key_id nor sqs_managed_sse_enabled is set here", key=True, tier="audit"),
        )


TABLE.find("aws_sqs_queue", default_queue)
add("aws_sns_topic", Fact("cloud-unencrypted-queue", "kms_master_key_id", is_empty, "audit"))
add("aws_kinesis_stream", Fact("cloud-unencrypted-queue", "encryption_type", one_of("NONE"), "audit"))
add(
    "aws_kinesis_firehose_delivery_stream",
    Fact(
        "cloud-unencrypted-queue", "server_side_encryption.enabled", is_false, "audit", unless=(("kinesis_source_configuration", is_set),)
    ),
)
add(
    "aws_elasticache_replication_group",
    Fact("cloud-unencrypted-storage", "at_rest_encryption_enabled", is_false, "audit"),
    Fact("cloud-unencrypted-transit", "transit_encryption_enabled", is_false, "audit"),
    Fact("cloud-cache-without-password", "{auth_token,user_group_ids}", is_empty, "audit"),
    Fact("cloud-no-backup", "snapshot_retention_limit", is_zero),
)
add(
    "aws_elasticache_cluster",
    Fact("cloud-unencrypted-transit", "transit_encryption_enabled", is_false),
    Fact("cloud-no-backup", "snapshot_retention_limit", is_zero, "audit", where=(("engine", equals("redis")),)),
)
add("aws_elasticache_serverless_cache", Fact("cloud-no-backup", "snapshot_retention_limit", is_zero))
for _type in ("aws_elasticsearch_domain", "aws_opensearch_domain"):
    add(
        _type,
        Fact("cloud-unencrypted-storage", "encrypt_at_rest.enabled", is_false, "audit"),
        Fact("cloud-unencrypted-node-traffic", "node_to_node_encryption.enabled", is_false, "audit"),
        Fact("cloud-plain-http-endpoint", "domain_endpoint_options.enforce_https", is_false),
        Fact("cloud-weak-tls", "domain_endpoint_options.tls_security_policy", WEAK_DOMAIN, "audit"),
        Fact("cloud-logging-disabled", "log_publishing_options", never, "audit"),
        Fact("cloud-logging-disabled", "log_publishing_options.enabled", is_false),
    )
add(
    "aws_msk_cluster",
    Fact("cloud-unencrypted-transit", "encryption_info.encryption_in_transit.client_broker", one_of("PLAINTEXT", "TLS_PLAINTEXT")),
    Fact("cloud-unencrypted-node-traffic", "encryption_info.encryption_in_transit.in_cluster", is_false),
    Fact("cloud-no-authorization", "client_authentication.unauthenticated", is_true),
    Fact("cloud-logging-disabled", "logging_info", never, "audit"),
    Fact("cloud-unencrypted-transit", "encryption_info", never, "audit"),
)
add("aws_dax_cluster", Fact("cloud-unencrypted-storage", "server_side_encryption.enabled", is_false, "audit"))
add(
    "aws_dynamodb_table",
    Fact("cloud-customer-key", "server_side_encryption.enabled", is_false, "audit"),
    Fact("cloud-no-backup", "point_in_time_recovery.enabled", is_false, "audit"),
)
add("aws_athena_database", Fact("cloud-unencrypted-storage", "encryption_configuration", never, "audit"))
add(
    "aws_athena_workgroup",
    Fact("cloud-unencrypted-storage", "configuration.result_configuration.encryption_configuration", never, "audit"),
    Fact("cloud-settings-overridable", "configuration.enforce_workgroup_configuration", is_false),
)
add(
    "aws_workspaces_workspace",
    Fact("cloud-unencrypted-storage", "root_volume_encryption_enabled", is_false, "audit"),
    Fact("cloud-unencrypted-storage", "user_volume_encryption_enabled", is_false, "audit"),
)
add(
    "aws_codebuild_project",
    Fact("cloud-unencrypted-artifacts", "{artifacts,secondary_artifacts}.encryption_disabled", is_true),
    Fact("cloud-privileged-container", "environment.privileged_mode", is_true, tier="audit"),
    Fact("cloud-logging-disabled", "logs_config.{cloudwatch_logs,s3_logs}.status", one_of("DISABLED")),
)
add("aws_codebuild_project", Fact("cloud-unencrypted-artifacts", "logs_config.s3_logs.encryption_disabled", is_true))
add("aws_sagemaker_notebook_instance", Fact("cloud-customer-key", "kms_key_id", is_empty, "audit"))
add(
    "aws_sagemaker_domain",
    Fact("cloud-customer-key", "kms_key_id", is_empty, "audit"),
    Fact("cloud-public-endpoint", "app_network_access_type", one_of("PublicInternetOnly"), "audit"),
)
add(
    "aws_secretsmanager_secret aws_cloudwatch_log_group aws_backup_vault aws_kinesis_video_stream",
    Fact("cloud-customer-key", "{kms_key_id,kms_key_arn}", is_empty, "audit"),
)
add(
    "aws_fsx_lustre_file_system aws_fsx_windows_file_system aws_fsx_ontap_file_system aws_fsx_openzfs_file_system",
    Fact("cloud-customer-key", "kms_key_id", is_empty, "audit"),
)
add("aws_efs_file_system", Fact("cloud-customer-key", "kms_key_id", is_empty, "audit"))
add("aws_ecr_repository", Fact("cloud-customer-key", "encryption_configuration.encryption_type", one_of("AES256"), "audit"))
add(
    "aws_ssm_parameter",
    Fact(
        "cloud-plain-parameter",
        "type",
        one_of("String", "StringList"),
        where=(("name", matches(r"(?i)(passw|secret|token|api[_-]?key|private[_-]?key)")),),
    ),
)
add(
    "aws_glue_security_configuration",
    *(
        Fact("cloud-unencrypted-storage", f"encryption_configuration.{_path}", one_of("DISABLED"))
        for _path in (
            "cloudwatch_encryption.cloudwatch_encryption_mode",
            "job_bookmarks_encryption.job_bookmarks_encryption_mode",
            "s3_encryption.s3_encryption_mode",
        )
    ),
)
add(
    "aws_glue_data_catalog_encryption_settings",
    Fact("cloud-unencrypted-storage", "data_catalog_encryption_settings.encryption_at_rest.catalog_encryption_mode", one_of("DISABLED")),
    Fact(
        "cloud-unencrypted-storage",
        "data_catalog_encryption_settings.connection_password_encryption.return_connection_password_encrypted",
        is_false,
    ),
)
add(
    "aws_api_gateway_method_settings",
    Fact("cloud-unencrypted-storage", "settings.cache_data_encrypted", is_false),
    Fact("cloud-logging-disabled", "settings.logging_level", one_of("OFF")),
)
add(
    "aws_kms_key",
    Fact(
        "cloud-key-rotation-disabled",
        "enable_key_rotation",
        is_false,
        "audit",
        unless=(
            ("{customer_master_key_spec,key_spec}", matches(r"(?i)\A(RSA|ECC|HMAC|SM2)_")),
            ("key_usage", one_of("SIGN_VERIFY", "GENERATE_VERIFY_MAC")),
        ),
        mend=_ON,
    ),
)
add("aws_kms_key aws_kms_external_key aws_kms_replica_key", Fact("cloud-short-deletion-window", "deletion_window_in_days", less_than(14)))
add("aws_timestreamwrite_database aws_qldb_ledger", Fact("cloud-no-deletion-protection", "deletion_protection", is_false))
add(
    "aws_dms_endpoint",
    Fact(
        "cloud-unencrypted-transit",
        "ssl_mode",
        one_of("none"),
        "audit",
        where=(
            (
                "engine_name",
                one_of("mysql", "postgres", "aurora", "aurora-postgresql", "mariadb", "mongodb", "docdb", "sqlserver", "oracle"),
            ),
        ),
    ),
)
add(
    "aws_ecs_task_definition",
    Fact("cloud-unencrypted-transit", "transit_encryption", one_of("DISABLED"), "audit", each="volume.efs_volume_configuration"),
)
add(
    "aws_ecs_task_definition",
    Fact("cloud-host-namespace", "pid_mode", one_of("host")),
    Fact("cloud-host-namespace", "ipc_mode", one_of("host")),
    Fact("cloud-host-network", "network_mode", one_of("host", "none", "bridge")),
)
TABLE.find("aws_ecs_task_definition", find.containers("container_definitions"))
TABLE.find("aws_batch_job_definition", find.containers("container_properties"))


def batch_privileged(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A job definition whose container, a mapping in a string, is privileged."""
    for node in reach(resource.body, "container_properties"):
        parsed = policy.embedded(node) if node.kind == "scalar" and node.text.lstrip()[:1] == "{" else None
        root: Node = parsed[0] if parsed is not None else node
        for entry in reach(root, "privileged"):
            if (scalar_text(entry) or "") == "true":
                span = node.source.span(node.key_start, parsed[1].end(entry.end)) if parsed is not None else None
                yield "cloud-privileged-container", Hit(span, within=node) if span is not None else at(entry)


TABLE.find("aws_batch_job_definition", batch_privileged)

# -- encryption in transit

_REDIRECT: Final = ("default_action.redirect.protocol", one_of("HTTPS", "#{protocol}"))
for _type in ("aws_lb_listener", "aws_alb_listener"):
    add(
        _type,
        Fact(
            "cloud-plain-http-listener",
            "protocol",
            one_of("HTTP"),
            unless=(("default_action.redirect.protocol", one_of("HTTPS")), ("default_action.type", one_of("redirect"))),
        ),
        Fact("cloud-plain-http-listener", "protocol", one_of("HTTP"), where=(("default_action.redirect.protocol", one_of("HTTP")),)),
        Fact("cloud-weak-tls", "ssl_policy", WEAK_LISTENER, "audit", where=(("protocol", one_of("HTTPS", "TLS")),)),
        Fact("cloud-weak-tls", "ssl_policy", WEAK_LISTENER, unless=(("protocol", one_of("HTTPS", "TLS")),)),
    )
    add(
        _type,
        Fact(
            "cloud-plain-http-listener",
            "protocol",
            never,
            "audit",
            where=(("port", one_of("80", "8080")),),
            unless=(("default_action.type", one_of("redirect")),),
        ),
    )
add(
    "aws_elb",
    Fact(
        "cloud-plain-http-listener",
        "lb_protocol",
        one_of("http", "tcp"),
        each="listener",
        where=(("lb_port", one_of("80", "8080")),),
        tier="warn",
    ),
)
add("aws_elb", Fact("cloud-no-access-log", "access_logs", never, "audit"), Fact("cloud-no-access-log", "access_logs.enabled", is_false))
add(
    "aws_lb aws_alb",
    Fact("cloud-no-access-log", "access_logs", never, "audit", unless=(("load_balancer_type", one_of("gateway")),)),
    Fact("cloud-no-access-log", "access_logs.enabled", is_false),
    Fact(
        "cloud-invalid-headers-passed",
        "drop_invalid_header_fields",
        is_false,
        "audit",
        unless=(("load_balancer_type", one_of("network", "gateway")),),
    ),
    Fact("cloud-no-deletion-protection", "enable_deletion_protection", is_false),
    Fact("cloud-request-smuggling", "desync_mitigation_mode", one_of("monitor")),
)
add("aws_lb_target_group aws_alb_target_group", Fact("cloud-plain-http-target", "protocol", one_of("HTTP")))
add(
    "aws_load_balancer_policy aws_lb_ssl_negotiation_policy",
    Fact("cloud-weak-tls", "name", WEAK_CIPHER, each="{policy_attribute,attribute}", unless=(("value", is_false),)),
)
add(
    "aws_cloudfront_distribution",
    Fact(
        "cloud-plain-http-viewers",
        "{default_cache_behavior,ordered_cache_behavior,cache_behavior}.viewer_protocol_policy",
        one_of("allow-all"),
        mend=Replace("redirect-to-https", safe=False),
    ),
    Fact("cloud-weak-tls", "viewer_certificate.minimum_protocol_version", WEAK_DISTRIBUTION),
    Fact(
        "cloud-weak-tls",
        "minimum_protocol_version",
        never,
        "audit",
        each="viewer_certificate",
        unless=(("cloudfront_default_certificate", is_true),),
    ),
    Fact("cloud-weak-tls", "viewer_certificate.cloudfront_default_certificate", is_true, tier="audit"),
    Fact("cloud-weak-tls", "viewer_certificate", never, "audit"),
    Fact("cloud-weak-tls", "origin.custom_origin_config.origin_ssl_protocols[]", below_tls_12),
    Fact("cloud-plain-http-origin", "origin.custom_origin_config.origin_protocol_policy", one_of("http-only"), tier="audit"),
    Fact("cloud-logging-disabled", "logging_config", never, "audit"),
    Fact("cloud-no-web-firewall", "web_acl_id", is_empty, "audit"),
)
add(
    "aws_api_gateway_domain_name",
    Fact("cloud-weak-tls", "security_policy", one_of("TLS_1_0"), "audit", mend=Replace("TLS_1_2", safe=False)),
)
add("aws_apigatewayv2_domain_name", Fact("cloud-weak-tls", "domain_name_configuration.security_policy", one_of("TLS_1_0")))
add("aws_transfer_server", Fact("cloud-weak-tls", "security_policy_name", one_of("TransferSecurityPolicy-2018-11"), tier="warn"))
add("aws_iot_domain_configuration", Fact("cloud-weak-tls", "tls_config.security_policy", matches(r"TLS1[01]|TLS12_1_0")))

# -- who may do what

_IDENTITY = "aws_iam_policy aws_iam_role_policy aws_iam_user_policy aws_iam_group_policy aws_iam_role_policy_inline aws_transfer_user aws_transfer_access aws_iot_policy"
find.add_policies(
    TABLE,
    (
        (_IDENTITY, "policy", find.identity),
        ("aws_iam_role", "inline_policy.policy", find.identity),
        ("aws_ssoadmin_permission_set_inline_policy", "inline_policy", find.identity),
        ("aws_iam_role", "assume_role_policy", find.trust),
        (
            "aws_s3_bucket_policy aws_s3_bucket aws_s3_access_point aws_sqs_queue aws_sqs_queue_policy aws_sns_topic aws_sns_topic_policy aws_kms_key aws_kms_key_policy"
            " aws_kms_external_key aws_kms_replica_key aws_secretsmanager_secret aws_secretsmanager_secret_policy aws_ecr_repository_policy aws_ecrpublic_repository_policy"
            " aws_ecr_registry_policy aws_backup_vault_policy aws_efs_file_system_policy aws_media_store_container_policy aws_api_gateway_rest_api aws_api_gateway_rest_api_policy"
            " aws_glue_resource_policy aws_cloudwatch_event_bus_policy aws_ses_identity_policy aws_codebuild_resource_policy aws_acmpca_policy aws_kinesis_resource_policy"
            " aws_s3control_bucket_policy aws_s3_directory_bucket_policy aws_sesv2_email_identity_policy aws_lambda_layer_version_permission",
            "policy",
            find.of_resource,
        ),
        (
            "aws_elasticsearch_domain aws_opensearch_domain aws_elasticsearch_domain_policy aws_opensearch_domain_policy",
            "access_policies",
            find.of_resource,
        ),
        ("aws_glacier_vault", "access_policy", find.of_resource),
        (
            "aws_cloudwatch_log_resource_policy aws_codeartifact_domain_permissions_policy aws_codeartifact_repository_permissions_policy",
            "policy_document",
            find.of_resource,
        ),
        ("aws_dynamodb_resource_policy", "policy", find.of_resource),
    ),
    from_key=True,
)
TABLE.find("data.aws_iam_policy_document", find.data_document)
add(
    "aws_iam_policy_attachment aws_iam_role_policy_attachment aws_iam_user_policy_attachment aws_iam_group_policy_attachment",
    Fact("cloud-administrator-attached", "policy_arn", matches(r"policy/(AdministratorAccess|IAMFullAccess|PowerUserAccess)\Z")),
)
add(
    "aws_iam_role aws_iam_group aws_iam_user",
    Fact("cloud-administrator-attached", "managed_policy_arns[]", matches(r"policy/(AdministratorAccess|IAMFullAccess|PowerUserAccess)\Z")),
)
add("aws_iam_user_policy aws_iam_user_policy_attachment", Fact("cloud-policy-on-user", "user", present))
add("aws_iam_policy_attachment", Fact("cloud-policy-on-user", "users", is_set))
add("aws_iam_access_key", Fact("cloud-root-access-key", "user", one_of("root")))
add(
    "aws_lambda_permission",
    Fact("cloud-public-function", "principal", equals("*"), unless=(("{source_arn,source_account,principal_org_id}", is_set),)),
    Fact(
        "cloud-function-confused-deputy",
        "source_arn",
        never,
        "audit",
        where=(("principal", matches(r"\.amazonaws\.com\Z")),),
        unless=(("{source_account,principal_org_id}", is_set),),
    ),
)
add("aws_lambda_function_url", Fact("cloud-public-function", "authorization_type", one_of("NONE")))
add("aws_lambda_function_url", Fact("cloud-bucket-cors", "cors.allow_origins[]", equals("*")))
add(
    "aws_api_gateway_method",
    Fact(
        "cloud-no-authorization",
        "authorization",
        one_of("NONE"),
        "audit",
        unless=(("http_method", one_of("OPTIONS")), ("api_key_required", is_true)),
    ),
)
add(
    "aws_apigatewayv2_route",
    Fact(
        "cloud-no-authorization",
        "authorization_type",
        one_of("NONE"),
        "audit",
        unless=(("api_key_required", is_true), ("route_key", matches(r"^(OPTIONS |\$disconnect)"))),
    ),
)
add("aws_apigatewayv2_api", Fact("cloud-bucket-cors", "cors_configuration.allow_origins[]", equals("*")))
add("aws_cognito_identity_pool", Fact("cloud-no-authorization", "allow_unauthenticated_identities", is_true))
add("aws_cognito_user_pool", Fact("cloud-no-mfa", "mfa_configuration", one_of("OFF"), "audit"))
add(
    "aws_iam_account_password_policy",
    Fact("cloud-weak-password-policy", "minimum_password_length", less_than(14), "audit"),
    Fact(
        "cloud-weak-password-policy",
        "{require_lowercase_characters,require_uppercase_characters,require_symbols,require_numbers}",
        is_false,
    ),
    Fact("cloud-weak-password-policy", "allow_users_to_change_password", is_false),
    Fact("cloud-weak-password-policy", "password_reuse_prevention", less_than(24), "audit"),
)
add(
    "aws_vpc_endpoint_service",
    Fact("cloud-open-endpoint-service", "acceptance_required", is_false),
    Fact("cloud-open-endpoint-service", "allowed_principals[]", equals("*")),
)

# -- machines

for _type in ("aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request"):
    add(
        _type,
        Fact(
            "cloud-metadata-v1",
            "metadata_options.http_tokens",
            no(one_of("required")),
            "audit",
            unless=(("metadata_options.http_endpoint", one_of("disabled")),),
            mend=Replace("required", safe=False),
        ),
    )
add("aws_instance aws_launch_template", Fact("cloud-metadata-hops", "metadata_options.http_put_response_hop_limit", no(one_of("1", "2"))))
add(
    "aws_imagebuilder_infrastructure_configuration",
    Fact("cloud-metadata-v1", "instance_metadata_options.http_tokens", one_of("optional"), "audit"),
)
add("aws_ec2_instance_metadata_defaults", Fact("cloud-metadata-v1", "http_tokens", one_of("optional", "no-preference")))
add(
    "aws_emr_security_configuration",
    Fact("cloud-unencrypted-transit", "configuration", matches(r'(?s)"EnableInTransitEncryption"\s*:\s*false')),
    Fact("cloud-unencrypted-storage", "configuration", matches(r'(?s)"EnableAtRestEncryption"\s*:\s*false')),
)

# -- keys where a role would do

TABLE.find("aws_lambda_function", credentials.variables("environment.variables"))
TABLE.find("aws_instance aws_spot_instance_request aws_launch_configuration aws_launch_template", credentials.script("user_data"))
TABLE.find("aws_ecs_task_definition", credentials.script("container_definitions"))

# -- traces

add(
    "aws_cloudtrail",
    Fact("cloud-trail-disabled", "enable_logging", is_false, mend=_ON),
    Fact("cloud-trail-one-region", "is_multi_region_trail", is_false, "audit", mend=_ON),
    Fact("cloud-trail-unvalidated", "enable_log_file_validation", is_false, "audit", mend=_ON),
    Fact("cloud-trail-global-events", "include_global_service_events", is_false),
    Fact("cloud-customer-key", "kms_key_id", is_empty, "audit"),
)
add("aws_guardduty_detector", Fact("cloud-logging-disabled", "enable", is_false))
add(
    "aws_config_configuration_aggregator",
    Fact("cloud-trail-one-region", "{account_aggregation_source,organization_aggregation_source}.all_regions", is_false, tier="audit"),
)
add("aws_config_configuration_recorder_status", Fact("cloud-logging-disabled", "is_enabled", is_false))
add(
    "aws_api_gateway_stage",
    Fact("cloud-logging-disabled", "access_log_settings", never, "audit"),
    Fact("cloud-tracing-off", "xray_tracing_enabled", is_false, "audit"),
    Fact("cloud-unencrypted-storage", "cache_data_encrypted", is_false),
)
add("aws_apigatewayv2_stage", Fact("cloud-logging-disabled", "access_log_settings", never, "audit"))
add("aws_lambda_function", Fact("cloud-tracing-off", "tracing_config.mode", one_of("PassThrough"), "audit"))
add(
    "aws_mq_broker",
    Fact("cloud-logging-disabled", "logs.general", is_false, "audit"),
    Fact("cloud-no-automatic-upgrade", "auto_minor_version_upgrade", is_false),
)
add("aws_globalaccelerator_accelerator", Fact("cloud-logging-disabled", "attributes.flow_logs_enabled", is_false, "audit"))
add(
    "aws_ecs_cluster",
    Fact("cloud-tracing-off", "value", one_of("disabled"), each="setting", where=(("name", equals("containerInsights")),)),
)
add("aws_cloudwatch_log_group", Fact("cloud-log-retention", "retention_in_days", is_zero, "audit"))
add("aws_wafv2_web_acl aws_wafv2_rule_group", Fact("cloud-tracing-off", "visibility_config.cloudwatch_metrics_enabled", is_false))

# -- registries

add(
    "aws_ecr_repository",
    Fact("cloud-image-scan-off", "image_scanning_configuration.scan_on_push", is_false, "audit", mend=_ON),
    Fact("cloud-mutable-image-tags", "image_tag_mutability", one_of("MUTABLE"), "audit", mend=Replace("IMMUTABLE", safe=False)),
)

# -- shared with everybody, and reached by everybody

add(
    "aws_db_snapshot aws_db_snapshot_copy aws_db_cluster_snapshot aws_rds_cluster_snapshot_copy",
    Fact("cloud-public-image", "shared_accounts[]", one_of("all")),
)
add("aws_ssm_document", Fact("cloud-public-grant", "permissions.account_ids[]", one_of("all")))
add(
    "aws_eks_node_group",
    Fact("cloud-open-ssh", "ec2_ssh_key", present, each="remote_access", unless=(("source_security_group_ids", is_set),)),
)
TABLE.find("aws_lightsail_instance_public_ports", find.group("port_info", TERRAFORM._replace(sources="{cidrs,ipv6_cidrs}[]")))
add(
    "data.aws_ami",
    Fact(
        "cloud-image-of-anybody",
        "most_recent",
        is_true,
        unless=(("owners", is_set), ("filter.name", one_of("owner-id", "owner-alias", "image-id"))),
    ),
)
add("aws_ec2_transit_gateway", Fact("cloud-open-endpoint-service", "auto_accept_shared_attachments", one_of("enable")))
add("aws_mwaa_environment", Fact("cloud-public-endpoint", "webserver_access_mode", one_of("PUBLIC_ONLY")))
add("aws_elasticsearch_domain aws_opensearch_domain", Fact("cloud-public-endpoint", "vpc_options", never, "audit"))
add(
    "aws_elasticsearch_domain aws_opensearch_domain", Fact("cloud-no-authorization", "advanced_security_options.enabled", is_false, "audit")
)

# -- encryption in transit of smaller services

add(
    "aws_cloudsearch_domain",
    Fact("cloud-plain-http-endpoint", "endpoint_options.enforce_https", is_false, "audit"),
    Fact("cloud-weak-tls", "endpoint_options.tls_security_policy", matches(r"(?i)Min-TLS-1-0")),
)
add("aws_dax_cluster", Fact("cloud-unencrypted-transit", "cluster_endpoint_encryption_type", one_of("NONE"), "audit"))
add("aws_memorydb_cluster", Fact("cloud-unencrypted-transit", "tls_enabled", is_false))
add("aws_ses_configuration_set", Fact("cloud-unencrypted-transit", "delivery_options.tls_policy", one_of("Optional"), "audit"))
add("aws_sesv2_configuration_set", Fact("cloud-unencrypted-transit", "delivery_options.tls_policy", one_of("OPTIONAL"), "audit"))
add(
    "aws_neptune_cluster_parameter_group",
    Fact("cloud-unencrypted-transit", "value", is_false, each="parameter", where=(("name", equals("neptune_enforce_ssl")),)),
)
add(
    "aws_elasticache_user aws_memorydb_user",
    Fact("cloud-cache-without-password", "no_password_required", is_true),
    Fact("cloud-cache-without-password", "authentication_mode.type", one_of("no-password-required")),
)
add(
    "aws_api_gateway_method_settings",
    Fact("cloud-bodies-logged", "settings.data_trace_enabled", is_true, mend=Replace("false", safe=False)),
)
