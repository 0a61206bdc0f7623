"""What is insecure in the arguments of Ansible's cloud modules: which argument, which values, and whether its absence counts.

Names and defaults: https://docs.ansible.com/ansible/latest/collections/amazon/aws/ and those of azure.azcollection and google.cloud
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..match import Hit, Replace
from ..predicates import (
    below_tls_12,
    equals,
    is_empty,
    is_false,
    is_set,
    is_true,
    is_zero,
    matches,
    no,
    one_of,
    scalar_text,
    world_open_cidr,
)
from . import find_aws as find
from . import find_azure
from .fact import Fact, Finder, Table, at, never
from .find_aws import ANSIBLE
from .ports import exposes, interval
from .resource import Resource, View, first, reach
from .terraform_aws import WEAK_DISTRIBUTION, WEAK_LISTENER

TABLE: Final = Table()
_NO: Final = Replace("false", safe=False)
_YES: Final = Replace("true", safe=False)


def add(modules: str, *facts: Fact) -> None:
    """These facts hold for each of ``modules`` (short names)."""
    TABLE.add(" ".join(f"ansible.{module}" for module in modules.split()), *facts)


def find_in(modules: str, *finders: Finder) -> None:
    """These functions look at each task with one of ``modules``."""
    TABLE.find(" ".join(f"ansible.{module}" for module in modules.split()), *finders)


# -- AWS

add(
    "s3_bucket s3_object aws_s3 s3 s3_bucket_info",
    Fact("cloud-public-bucket", "{acl,permission}[]", one_of("public-read", "authenticated-read")),
    Fact("cloud-public-write-bucket", "{acl,permission}[]", one_of("public-read-write")),
    Fact("cloud-no-versioning", "versioning", is_false),
    Fact("cloud-bucket-default-encryption", "encryption", one_of("none")),
)
for _name, _switch in (
    ("acls-not-blocked", "block_public_acls"),
    ("policies-not-blocked", "block_public_policy"),
    ("acls-not-ignored", "ignore_public_acls"),
    ("not-restricted", "restrict_public_buckets"),
):
    add("s3_bucket", Fact(f"cloud-bucket-{_name}", f"public_access.{_switch}", is_false))
add("s3_cors", Fact("cloud-bucket-cors", "rules.allowed_origins[]", equals("*")))
_GROUPS: Final = "ec2_group ec2_security_group"
find_in(_GROUPS, find.group("rules", ANSIBLE), find.egress("rules_egress", ANSIBLE))
add(
    "rds_instance rds rds_cluster redshift dms_replication_instance rds_instance_param",
    Fact("cloud-public-database", "publicly_accessible", is_true, mend=_NO),
)
add(
    "redshift",
    Fact("cloud-public-database", "publicly_accessible", never, "audit"),
    Fact("cloud-unencrypted-storage", "encrypted", is_false, "audit"),
)
add(
    "rds_instance rds_cluster",
    Fact(
        "cloud-unencrypted-storage",
        "storage_encrypted",
        is_false,
        "audit",
        unless=(
            ("{source_db_instance_identifier,snapshot_identifier,db_snapshot_identifier}", is_set),
            ("state", one_of("absent", "stopped", "rebooted")),
        ),
        mend=_YES,
    ),
)
add(
    "rds_instance rds_cluster",
    Fact("cloud-no-backup", "backup_retention_period", is_zero),
    Fact("cloud-no-iam-authentication", "enable_iam_database_authentication", is_false),
    Fact("cloud-no-automatic-upgrade", "auto_minor_version_upgrade", is_false),
    Fact("cloud-outdated-ca", "ca_certificate_identifier", one_of("rds-ca-2015", "rds-ca-2019")),
)
add(
    "ec2_vol",
    Fact(
        "cloud-unencrypted-storage", "encrypted", is_false, "audit", unless=(("snapshot", is_set), ("state", one_of("absent"))), mend=_YES
    ),
)
add("efs", Fact("cloud-unencrypted-storage", "encrypt", is_false, "audit", unless=(("state", one_of("absent")),), mend=_YES))
add(
    "ec2_instance ec2 ec2_lc autoscaling_launch_config ec2_launch_template",
    Fact("cloud-unencrypted-storage", "{encrypted}", is_false, each="{volumes,block_device_mappings}"),
    Fact("cloud-unencrypted-storage", "ebs.encrypted", is_false, each="{volumes,block_device_mappings}"),
    Fact("cloud-public-ip", "{assign_public_ip,associate_public_ip_address}", is_true),
    Fact("cloud-public-ip", "network.assign_public_ip", is_true),
    Fact("cloud-public-ip", "network_interfaces.associate_public_ip_address", is_true),
)
add(
    "ec2_instance",
    Fact(
        "cloud-metadata-v1",
        "metadata_options.http_tokens",
        one_of("optional"),
        unless=(("metadata_options.http_endpoint", one_of("disabled")),),
        mend=Replace("required", safe=False),
    ),
)
add("ec2_metadata_defaults", Fact("cloud-metadata-v1", "http_tokens", one_of("optional")))
add("ec2_vpc_subnet", Fact("cloud-public-ip", "map_public", is_true))
add(
    "ec2_ami",
    Fact("cloud-public-image", "launch_permissions.group_names[]", one_of("all")),
    Fact("cloud-unencrypted-storage", "encrypted", is_false, each="device_mapping"),
)
add("sqs_queue", Fact("cloud-unencrypted-queue", "{kms_master_key_id,sqs_managed_sse_enabled}", never, "audit"))
add("sns_topic", Fact("cloud-unencrypted-queue", "kms_master_key_id", is_empty, ""))
add(
    "kinesis_stream",
    Fact("cloud-unencrypted-queue", "encryption_state", one_of("disabled"), "audit"),
    Fact("cloud-unencrypted-queue", "encryption_type", one_of("NONE")),
)
add(
    "opensearch es_domain",
    Fact("cloud-unencrypted-storage", "encryption_at_rest_options.enabled", is_false),
    Fact("cloud-unencrypted-node-traffic", "node_to_node_encryption_options.enabled", is_false),
    Fact("cloud-plain-http-endpoint", "domain_endpoint_options.enforce_https", is_false),
)
add(
    "elb_application_lb elb_network_lb",
    Fact("cloud-plain-http-listener", "Protocol", one_of("HTTP"), each="listeners", unless=(("DefaultActions.Type", one_of("redirect")),)),
    Fact("cloud-weak-tls", "listeners.SslPolicy", WEAK_LISTENER),
    Fact("cloud-no-access-log", "access_logs_enabled", is_false),
    Fact("cloud-no-deletion-protection", "deletion_protection", is_false),
    Fact("cloud-invalid-headers-passed", "http_drop_invalid_header_fields", is_false),
)
add("elb_classic_lb ec2_elb_lb", Fact("cloud-plain-http-listener", "protocol", one_of("http"), each="listeners"))
add(
    "cloudfront_distribution",
    Fact(
        "cloud-plain-http-viewers",
        "{default_cache_behavior,cache_behaviors}.viewer_protocol_policy",
        one_of("allow-all"),
        mend=Replace("redirect-to-https", safe=False),
    ),
    Fact("cloud-weak-tls", "viewer_certificate.minimum_protocol_version", WEAK_DISTRIBUTION),
    Fact("cloud-logging-disabled", "logging", never, "audit"),
    Fact("cloud-logging-disabled", "logging.enabled", is_false),
    Fact("cloud-no-web-firewall", "web_acl_id", is_empty, "audit"),
)
add(
    "cloudtrail",
    Fact("cloud-trail-disabled", "enable_logging", is_false),
    Fact("cloud-trail-one-region", "is_multi_region_trail", is_false, "audit"),
    Fact("cloud-trail-unvalidated", "{enable_log_file_validation,log_file_validation_enabled}", is_false, "audit"),
    Fact("cloud-trail-global-events", "include_global_events", is_false),
    Fact("cloud-customer-key", "kms_key_id", is_empty, "audit"),
)
add(
    "kms_key aws_kms",
    Fact(
        "cloud-key-rotation-disabled",
        "enable_key_rotation",
        is_false,
        "audit",
        unless=(("state", one_of("absent")), ("key_spec", matches(r"(?i)\A(RSA|ECC|HMAC|SM2)_"))),
    ),
)
add(
    "ecs_ecr",
    Fact("cloud-mutable-image-tags", "image_tag_mutability", one_of("mutable"), "audit"),
    Fact("cloud-image-scan-off", "scan_on_push", is_false),
)
add(
    "ecs_taskdefinition",
    Fact("cloud-privileged-container", "containers.privileged", is_true),
    Fact("cloud-host-network", "network_mode", one_of("host", "bridge", "none")),
)
add("eks_cluster", Fact("cloud-public-cluster-endpoint", "{endpoint_public_access}", is_true))
add("lambda_policy", Fact("cloud-public-function", "principal", equals("*"), unless=(("{source_arn,source_account}", is_set),)))
add("aws_api_gateway api_gateway", Fact("cloud-tracing-off", "tracing_enabled", is_false))
add(
    "iam_password_policy",
    Fact("cloud-weak-password-policy", "{min_pw_length,minimum_password_length}", matches(r"\A\d\Z|\A1[0-3]\Z"), "audit"),
    Fact("cloud-weak-password-policy", "{require_lowercase,require_uppercase,require_numbers,require_symbols}", is_false),
    Fact("cloud-weak-password-policy", "{pw_reuse_prevent,password_reuse_prevent}", matches(r"\A\d\Z|\A1\d\Z|\A2[0-3]\Z")),
)
add(
    "iam_role iam_user iam_group",
    Fact(
        "cloud-administrator-attached",
        "{managed_policies,managed_policy}[]",
        matches(r"(\A|policy/)(AdministratorAccess|IAMFullAccess|PowerUserAccess)\Z"),
    ),
)
add("iam_access_key", Fact("cloud-root-access-key", "user_name", one_of("root")))
find_in("iam_managed_policy iam_policy", find.policies("{policy,policy_json}", find.identity))
find_in(
    "s3_bucket sqs_queue sns_topic kms_key aws_kms ecs_ecr secretsmanager_secret",
    find.policies("{policy,resource_policy}", find.of_resource),
)
find_in("iam_role", find.policies("assume_role_policy_document", find.trust))

# -- Azure


def security_group(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Open rules of an Azure security group; allowed and inbound by default."""
    for body in reach(resource.body, "rules[]"):
        access, direction = first(body, "access"), first(body, "direction")
        if (access is not None and (scalar_text(access) or "").lower() != "allow") or (
            direction is not None and (scalar_text(direction) or "").lower() != "inbound"
        ):
            continue
        if (
            any(world_open_cidr(node) is True for node in reach(body, "source_address_prefix[]"))
            or first(body, "source_address_prefix") is None
        ):
            for node in reach(body, "destination_port_range[]"):
                text = scalar_text(node)
                span = interval(text) if text is not None else None
                for rule in exposes([span]) if span is not None else ():
                    yield rule, at(node)


find_in("azure_rm_securitygroup", security_group)
find_in(
    "azure_rm_sqlfirewallrule azure_rm_postgresqlfirewallrule azure_rm_mysqlfirewallrule azure_rm_mariadbfirewallrule azure_rm_rediscachefirewallrule",
    find_azure.database_firewall(),
)
add(
    "azure_rm_storageaccount",
    Fact("cloud-plain-http-endpoint", "https_only", is_false, "audit", unless=(("state", one_of("absent")),)),
    Fact("cloud-public-storage-account", "allow_blob_public_access", is_true),
    Fact("cloud-weak-tls", "minimum_tls_version", below_tls_12),
    Fact("cloud-open-storage-network", "network_acls.default_action", one_of("Allow")),
    Fact("cloud-public-network-access", "public_network_access", one_of("Enabled")),
)
add("azure_rm_storageblob", Fact("cloud-public-container", "public_access", one_of("blob", "container")))
add(
    "azure_rm_mysqlserver azure_rm_postgresqlserver azure_rm_mariadbserver",
    Fact("cloud-unencrypted-transit", "enforce_ssl", is_false, "audit", unless=(("state", one_of("absent")),)),
    Fact("cloud-no-geo-backup", "geo_redundant_backup", is_false),
)
add(
    "azure_rm_postgresqlconfiguration",
    *(
        Fact("cloud-database-logging-off", "value", is_false, where=(("name", equals(name)),))
        for name in ("log_connections", "log_disconnections", "log_checkpoints", "log_duration", "connection_throttling")
    ),
)
add("azure_rm_rediscache", Fact("cloud-unencrypted-transit", "enable_non_ssl_port", is_true))
add("azure_rm_webapp azure_rm_functionapp", Fact("cloud-plain-http-application", "https_only", is_false, "audit"))
add("azure_rm_virtualmachine azure_rm_virtualmachinescaleset", Fact("cloud-password-login", "ssh_password_enabled", is_true))
add(
    "azure_rm_aks",
    Fact("cloud-cluster-authorization-off", "enable_rbac", is_false, "audit"),
    Fact("cloud-cluster-dashboard", "addon.kube_dashboard.enabled", is_true),
    Fact("cloud-cluster-network-policy-off", "network_profile.network_policy", is_empty, "audit"),
)
add("azure_rm_containerregistry", Fact("cloud-registry-administrator", "admin_user_enabled", is_true))
add("azure_rm_keyvault", Fact("cloud-no-purge-protection", "{enable_soft_delete,enable_purge_protection}", is_false))
add(
    "azure_rm_sqlserver",
    Fact("cloud-predictable-administrator", "admin_username", one_of("admin", "administrator", "sqladmin", "root", "user", "sa")),
    Fact("cloud-public-network-access", "public_network_access", one_of("Enabled")),
)
add("azure_rm_cosmosdbaccount", Fact("cloud-open-database-network", "ip_range_filter", is_empty, "audit"))
add(
    "azure_rm_roleassignment",
    Fact(
        "cloud-basic-role",
        "role_definition_id",
        matches(r"(8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c)\Z"),
        where=(("scope", matches(r"\A/subscriptions/[^/]+/?\Z")),),
    ),
)

# -- Google


def firewall(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Ports that a firewall opens to the internet."""
    direction = first(resource.body, "direction")
    if direction is not None and (scalar_text(direction) or "").upper() != "INGRESS":
        return
    if not any(world_open_cidr(node) is True for node in reach(resource.body, "source_ranges[]")):
        return
    for allow in reach(resource.body, "allowed[]"):
        protocol = first(allow, "ip_protocol")
        if protocol is not None and (scalar_text(protocol) or "").lower() == "all":
            yield "cloud-open-all-ports", at(protocol)
        for node in reach(allow, "ports[]"):
            text = scalar_text(node)
            span = interval(text) if text is not None else None
            for rule in exposes([span]) if span is not None else ():
                yield rule, at(node)


find_in("gcp_compute_firewall", firewall)
add(
    "gcp_storage_bucket gcp_storage_default_object_acl gcp_storage_bucket_access_control",
    Fact("cloud-public-bucket", "{entity}", one_of("allUsers", "allAuthenticatedUsers")),
    Fact("cloud-public-bucket", "{acl,default_object_acl}.entity", one_of("allUsers", "allAuthenticatedUsers")),
    Fact("cloud-no-versioning", "versioning.enabled", is_false),
)
add("gcp_bigquery_dataset", Fact("cloud-public-dataset", "access.special_group", one_of("allAuthenticatedUsers")))
add(
    "gcp_sql_instance",
    Fact("cloud-open-database-network", "settings.ip_configuration.authorized_networks.value", world_open_cidr),
    Fact("cloud-unencrypted-transit", "settings.ip_configuration.require_ssl", is_false, "audit"),
    Fact("cloud-public-database", "settings.ip_configuration.ipv4_enabled", is_true),
    Fact("cloud-no-backup", "settings.backup_configuration.enabled", is_false, "audit"),
)
add(
    "gcp_container_cluster",
    Fact("cloud-cluster-legacy-authorization", "legacy_abac.enabled", is_true),
    Fact("cloud-cluster-basic-authentication", "master_auth.username", is_set),
    Fact("cloud-cluster-client-certificate", "master_auth.client_certificate_config.issue_client_certificate", is_true),
    Fact("cloud-cluster-logging-off", "{logging_service,monitoring_service}", one_of("none")),
    Fact("cloud-cluster-network-policy-off", "network_policy.enabled", is_false),
    Fact("cloud-public-cluster-endpoint", "private_cluster_config.enable_private_endpoint", is_false, tier="audit"),
    Fact("cloud-public-nodes", "private_cluster_config.enable_private_nodes", is_false),
    Fact("cloud-open-cluster-endpoint", "master_authorized_networks_config.cidr_blocks.cidr_block", world_open_cidr),
)
add(
    "gcp_container_node_pool",
    Fact("cloud-node-repair-off", "management.auto_repair", is_false),
    Fact("cloud-no-automatic-upgrade", "management.auto_upgrade", is_false),
    Fact("cloud-cluster-node-image", "config.image_type", no(matches(r"(?i)\Acos"))),
)
add(
    "gcp_compute_instance",
    Fact("cloud-ip-forwarding", "can_ip_forward", is_true),
    Fact(
        "cloud-full-access-scope",
        "service_accounts.scopes[]",
        one_of("https://www.googleapis.com/auth/cloud-platform", "cloud-platform"),
        unless=(("service_accounts.email", no(matches(r"-compute@developer\.gserviceaccount\.com\Z"))),),
    ),
    Fact("cloud-default-service-account", "service_accounts.email", matches(r"-compute@developer\.gserviceaccount\.com\Z")),
    Fact("cloud-serial-port", "metadata.serial-port-enable", is_true),
    Fact("cloud-os-login-off", "metadata.enable-oslogin", is_false),
    Fact("cloud-project-ssh-keys", "metadata.block-project-ssh-keys", is_false),
)
add("gcp_compute_network", Fact("cloud-default-network", "auto_create_subnetworks", is_true, tier="audit"))
add(
    "gcp_compute_ssl_policy",
    Fact("cloud-weak-tls", "min_tls_version", one_of("TLS_1_0", "TLS_1_1"), "audit"),
    Fact("cloud-weak-tls", "profile", one_of("COMPATIBLE")),
)
add(
    "gcp_dns_managed_zone",
    Fact("cloud-dnssec-off", "dnssec_config.state", one_of("off"), "audit", unless=(("visibility", one_of("private")),)),
    Fact("cloud-weak-signature", "dnssec_config.default_key_specs.algorithm", one_of("rsasha1")),
)
add("gcp_kms_crypto_key", Fact("cloud-key-rotation-disabled", "rotation_period", is_empty, "audit"))
add(
    "gcp_iam_policy gcp_resourcemanager_project_iam", Fact("cloud-public-grant", "{members}[]", one_of("allUsers", "allAuthenticatedUsers"))
)
