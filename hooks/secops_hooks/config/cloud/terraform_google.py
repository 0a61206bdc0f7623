"""What is insecure in Google Cloud resources of Terraform: which setting, which values, and whether its absence counts.

Names and defaults: https://registry.terraform.io/providers/hashicorp/google/latest/docs
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..match import Hit, Replace
from ..predicates import equals, is_empty, is_false, is_set, is_true, matches, no, one_of, scalar_text, world_open_cidr
from . import find_google as find
from .fact import Fact, Table, at, never, present
from .resource import Resource, View, first, reach

TABLE: Final = Table()
add = TABLE.add
_ON: Final = Replace("true", safe=False)
_OFF: Final = Replace("false", safe=False)
_MISSED: Final = no(one_of("true"))

# -- who may do what

TABLE.find("google_storage_bucket_iam_member google_storage_bucket_iam_binding", find.members("cloud-public-bucket"))
for _name in (
    "project", "folder", "organization", "bigquery_dataset", "bigquery_table", "pubsub_topic", "pubsub_subscription", "kms_key_ring", "kms_crypto_key", "cloud_run_service", "cloud_run_v2_service",
    "cloudfunctions_function", "cloudfunctions2_function", "artifact_registry_repository", "secret_manager_secret", "service_account", "sourcerepo_repository", "spanner_instance", "spanner_database",
    "dataproc_cluster", "compute_instance", "compute_image", "compute_subnetwork", "data_catalog_entry_group", "dataflow_job", "healthcare_dataset", "notebooks_instance", "iap_web", "storage_managed_folder",
):  # fmt: skip
    TABLE.find(f"google_{_name}_iam_member google_{_name}_iam_binding", find.members("cloud-public-grant"))
for _name in ("project", "folder", "organization"):
    TABLE.find(f"google_{_name}_iam_member google_{_name}_iam_binding", find.roles)
add(
    "data.google_iam_policy",
    Fact("cloud-public-grant", "binding.members[]", one_of("allUsers", "allAuthenticatedUsers")),
    Fact("cloud-basic-role", "binding.role", one_of("roles/owner", "roles/editor"), tier="audit"),
)
add(
    "google_storage_bucket_access_control google_storage_default_object_access_control google_storage_object_access_control google_storage_default_object_acl",
    Fact("cloud-public-bucket", "{entity}", one_of("allUsers", "allAuthenticatedUsers")),
)
add(
    "google_storage_bucket_acl google_storage_object_acl google_storage_default_object_acl",
    Fact("cloud-public-bucket", "role_entity[]", matches(r"(?i):(allUsers|allAuthenticatedUsers)\Z")),
    Fact("cloud-public-bucket", "predefined_acl", one_of("publicRead", "authenticatedRead")),
    Fact("cloud-public-write-bucket", "predefined_acl", one_of("publicReadWrite")),
)
add(
    "google_bigquery_dataset",
    Fact("cloud-public-dataset", "access.special_group", one_of("allAuthenticatedUsers")),
    Fact("cloud-public-dataset", "access.{iam_member,user_by_email}", one_of("allUsers")),
)
add(
    "google_bigquery_dataset_access",
    Fact("cloud-public-dataset", "special_group", one_of("allAuthenticatedUsers")),
    Fact("cloud-public-dataset", "iam_member", one_of("allUsers")),
)
add(
    "google_project_iam_audit_config google_organization_iam_audit_config google_folder_iam_audit_config",
    Fact("cloud-logging-disabled", "audit_log_config.exempted_members", is_set),
)
add("google_service_account_key", Fact("cloud-service-account-key", "service_account_id", present))
add("google_project", Fact("cloud-default-network", "auto_create_network", is_true, "audit", mend=_OFF))
add("google_compute_network", Fact("cloud-default-network", "auto_create_subnetworks", is_true, tier="audit"))
add("google_iam_workload_identity_pool_provider", Fact("cloud-open-federation", "attribute_condition", is_empty, "audit"))

# -- storage

add(
    "google_storage_bucket",
    Fact("cloud-bucket-access-lists", "{uniform_bucket_level_access,bucket_policy_only}", is_false, "audit", mend=_ON),
    Fact("cloud-no-access-log", "logging", never, "audit"),
    Fact("cloud-no-versioning", "versioning.enabled", is_false, "audit", mend=_ON),
    Fact("cloud-bucket-not-restricted", "public_access_prevention", no(one_of("enforced")), "audit"),
    Fact("cloud-bucket-cors", "cors.origin[]", equals("*")),
    Fact("cloud-customer-key", "encryption.default_kms_key_name", is_empty, "audit"),
)

# -- databases

add(
    "google_sql_database_instance",
    Fact("cloud-open-database-network", "settings.ip_configuration.authorized_networks.value", world_open_cidr),
    Fact("cloud-open-database-network", "settings.ip_configuration.authorized_networks.cidr", world_open_cidr),
    Fact(
        "cloud-unencrypted-transit",
        "settings.ip_configuration.require_ssl",
        is_false,
        unless=(("settings.ip_configuration.ssl_mode", one_of("ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")),),
        mend=_ON,
    ),
    Fact("cloud-unencrypted-transit", "settings.ip_configuration.ssl_mode", one_of("ALLOW_UNENCRYPTED_AND_ENCRYPTED")),
    Fact(
        "cloud-unencrypted-transit",
        "settings.ip_configuration.{require_ssl,ssl_mode}",
        never,
        "audit",
        unless=(("{replica_configuration,master_instance_name}", is_set),),
    ),
    Fact("cloud-public-database", "settings.ip_configuration.ipv4_enabled", is_true, "audit"),
    Fact("cloud-no-backup", "settings.backup_configuration.enabled", is_false, "audit", unless=(("master_instance_name", is_set),)),
    Fact("cloud-no-deletion-protection", "deletion_protection", is_false),
)
for _flag, _bad in (
    ("log_checkpoints", is_false), ("log_connections", is_false), ("log_disconnections", is_false), ("log_lock_waits", is_false), ("log_temp_files", no(equals("0"))), ("log_min_duration_statement", no(equals("-1"))),
    ("log_min_messages", one_of("fatal", "panic", "log")), ("log_hostname", is_true), ("pgaudit.log", is_empty),
):  # fmt: skip
    add(
        "google_sql_database_instance",
        Fact(
            "cloud-database-logging-off",
            "value",
            _bad,
            each="settings.database_flags",
            where=(("name", one_of(_flag, f"cloudsql.{_flag}")),),
        ),
    )
for _flag, _bad in (
    ("local_infile", is_true),
    ("cross db ownership chaining", is_true),
    ("contained database authentication", is_true),
    ("external scripts enabled", is_true),
    ("remote access", is_true),
    ("skip_show_database", is_false),
):
    add(
        "google_sql_database_instance",
        Fact("cloud-database-flag", "value", _bad, each="settings.database_flags", where=(("name", equals(_flag)),)),
    )
add(
    "google_redis_instance",
    Fact("cloud-cache-without-password", "auth_enabled", is_false, "audit"),
    Fact("cloud-unencrypted-transit", "transit_encryption_mode", one_of("DISABLED"), "audit"),
)
add(
    "google_alloydb_instance",
    Fact("cloud-unencrypted-transit", "client_connection_config.ssl_config.ssl_mode", one_of("ALLOW_UNENCRYPTED_AND_ENCRYPTED")),
)
add(
    "google_spanner_database google_bigtable_instance google_bigquery_table",
    Fact("cloud-no-deletion-protection", "deletion_protection", is_false),
)

# -- keys and certificates

_LONG: Final = matches(r"\A(?!7776000s)(?:[89]\d{6}|7(?:77[6-9]\d{3}|7[89]\d{4}|[89]\d{5})|\d{8,})s\Z")  # more than 90 days
add(
    "google_kms_crypto_key",
    Fact(
        "cloud-key-rotation-disabled",
        "rotation_period",
        _LONG,
        "audit",
        unless=(("purpose", one_of("ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC")),),
    ),
)
add(
    "google_compute_ssl_policy",
    Fact("cloud-weak-tls", "min_tls_version", one_of("TLS_1_0", "TLS_1_1"), "audit", mend=Replace("TLS_1_2", safe=False)),
    Fact("cloud-weak-tls", "profile", one_of("COMPATIBLE")),
)
add(
    "google_dns_managed_zone",
    Fact("cloud-dnssec-off", "dnssec_config.state", one_of("off"), "audit", unless=(("visibility", one_of("private")),)),
    Fact("cloud-weak-signature", "dnssec_config.default_key_specs.algorithm", one_of("rsasha1")),
)
add("data.google_dns_keys", Fact("cloud-weak-signature", "{zone_signing_keys,key_signing_keys}.algorithm", one_of("rsasha1")))
add(
    "google_cloudfunctions_function",
    Fact("cloud-plain-http-endpoint", "https_trigger_security_level", one_of("SECURE_OPTIONAL"), "audit"),
    Fact("cloud-public-endpoint", "ingress_settings", one_of("ALLOW_ALL"), "audit"),
)
add("google_cloudfunctions2_function", Fact("cloud-public-endpoint", "service_config.ingress_settings", one_of("ALLOW_ALL"), "audit"))
add(
    "google_app_engine_standard_app_version google_app_engine_flexible_app_version",
    Fact("cloud-plain-http-endpoint", "handlers.security_level", one_of("SECURE_OPTIONAL", "SECURE_NEVER")),
)


# -- networks and machines

TABLE.find("google_compute_firewall", find.firewall)
TABLE.find(
    "google_compute_firewall_policy_rule google_compute_network_firewall_policy_rule google_compute_region_network_firewall_policy_rule"
    " google_compute_organization_security_policy_rule",
    find.policy_rule,
)
add(
    "google_compute_subnetwork",
    Fact(
        "cloud-logging-disabled",
        "log_config",
        never,
        "audit",
        unless=(("purpose", one_of("INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY")),),
    ),
    Fact("cloud-no-private-google-access", "private_ip_google_access", is_false, "audit"),
)
add("google_compute_backend_service google_compute_region_backend_service", Fact("cloud-logging-disabled", "log_config.enable", is_false))
TABLE.find(
    "google_compute_instance google_compute_instance_template google_compute_instance_from_template google_container_node_pool google_container_cluster",
    find.default_service_account,
)
for _name in ("google_compute_instance", "google_compute_instance_template", "google_compute_instance_from_template"):
    add(
        _name,
        Fact(
            "cloud-full-access-scope",
            "service_account.scopes[]",
            one_of("cloud-platform", "https://www.googleapis.com/auth/cloud-platform"),
            where=(("service_account.email", matches(r"-compute@developer\.gserviceaccount\.com\Z|\A(default)?\Z")),),
        ),
        Fact("cloud-ip-forwarding", "can_ip_forward", is_true),
        Fact("cloud-serial-port", "metadata.serial-port-enable", is_true),
        Fact("cloud-project-ssh-keys", "metadata.block-project-ssh-keys", is_false, "audit"),
        Fact("cloud-os-login-off", "metadata.{enable-oslogin}", is_false),
        Fact("cloud-no-secure-boot", "shielded_instance_config.enable_secure_boot", is_false, "audit"),
        Fact("cloud-no-secure-boot", "shielded_instance_config.{enable_vtpm,enable_integrity_monitoring}", is_false),
        Fact("cloud-public-ip", "network_interface.access_config", present),
        Fact("cloud-no-secure-boot", "confidential_instance_config.enable_confidential_compute", is_false, tier="audit"),
    )
add(
    "google_compute_project_metadata",
    Fact("cloud-os-login-off", "metadata.enable-oslogin", is_false, "audit"),
    Fact("cloud-serial-port", "metadata.serial-port-enable", is_true),
)
add(
    "google_compute_project_metadata_item",
    Fact("cloud-os-login-off", "value", is_false, where=(("key", equals("enable-oslogin")),)),
    Fact("cloud-serial-port", "value", is_true, where=(("key", equals("serial-port-enable")),)),
)
add("google_compute_disk", Fact("cloud-customer-key", "disk_encryption_key", never, "audit"))
add("google_compute_instance", Fact("cloud-customer-key", "boot_disk.{kms_key_self_link,disk_encryption_key_raw}", never, "audit"))

add("google_dataproc_cluster", Fact("cloud-public-ip", "cluster_config.gce_cluster_config.internal_ip_only", is_false, "audit"))
add("google_notebooks_instance google_workbench_instance", Fact("cloud-public-ip", "{no_public_ip}", is_false, "audit"))
add(
    "google_data_fusion_instance",
    Fact("cloud-public-endpoint", "private_instance", is_false, "audit"),
    Fact("cloud-logging-disabled", "enable_stackdriver_logging", is_false, "audit"),
)

# -- clusters

add(
    "google_container_cluster",
    Fact("cloud-cluster-legacy-authorization", "enable_legacy_abac", is_true, mend=_OFF),
    Fact("cloud-cluster-basic-authentication", "master_auth.username", is_set),
    Fact("cloud-cluster-basic-authentication", "master_auth.password", is_set),
    Fact("cloud-cluster-client-certificate", "master_auth.client_certificate_config.issue_client_certificate", is_true),
    Fact("cloud-open-cluster-endpoint", "master_authorized_networks_config.cidr_blocks.cidr_block", world_open_cidr),
    Fact("cloud-public-control-plane", "master_authorized_networks_config", never, "audit"),
    Fact("cloud-public-cluster-endpoint", "private_cluster_config.enable_private_endpoint", is_false, tier="audit"),
    Fact("cloud-public-nodes", "private_cluster_config.enable_private_nodes", is_false, "audit"),
    Fact("cloud-cluster-logging-off", "logging_service", one_of("none")),
    Fact("cloud-cluster-logging-off", "monitoring_service", one_of("none")),
    Fact(
        "cloud-cluster-network-policy-off",
        "network_policy.enabled",
        is_false,
        "audit",
        unless=(("datapath_provider", one_of("ADVANCED_DATAPATH")), ("enable_autopilot", is_true)),
    ),
    Fact("cloud-cluster-dashboard", "addons_config.kubernetes_dashboard.disabled", is_false),
    Fact("cloud-cluster-network-policy-off", "addons_config.network_policy_config.disabled", is_true),
    Fact("cloud-no-secure-boot", "enable_shielded_nodes", is_false, mend=_ON),
    Fact("cloud-cluster-flow-logs", "enable_intranode_visibility", is_false, "audit"),
    Fact("cloud-cluster-labels", "resource_labels", is_empty, "audit"),
    Fact("cloud-cluster-alias-ip", "ip_allocation_policy", never, "audit"),
    Fact("cloud-cluster-binary-authorization", "binary_authorization.evaluation_mode", one_of("DISABLED"), "audit"),
    Fact("cloud-cluster-alpha", "enable_kubernetes_alpha", is_true),
)
_WEAK_METADATA: Final = one_of("EXPOSE", "UNSPECIFIED", "GCE_METADATA", "MODE_UNSPECIFIED")
for _name in ("google_container_cluster", "google_container_node_pool"):
    add(
        _name,
        Fact("cloud-cluster-metadata", "node_config.workload_metadata_config.{mode,node_metadata}", _WEAK_METADATA),
        Fact("cloud-cluster-metadata", "node_config.metadata.disable-legacy-endpoints", is_false),
        Fact("cloud-no-secure-boot", "node_config.shielded_instance_config.enable_secure_boot", is_false),
        Fact("cloud-no-secure-boot", "node_config.shielded_instance_config.enable_integrity_monitoring", is_false),
        Fact(
            "cloud-full-access-scope",
            "node_config.oauth_scopes[]",
            one_of("cloud-platform", "https://www.googleapis.com/auth/cloud-platform"),
            unless=(("node_config.service_account", is_set),),
            tier="audit",
        ),
        Fact("cloud-cluster-node-image", "node_config.image_type", no(matches(r"(?i)\Acos"))),
    )
add(
    "google_container_node_pool",
    Fact("cloud-node-repair-off", "management.auto_repair", is_false, "audit"),
    Fact("cloud-no-automatic-upgrade", "management.auto_upgrade", is_false, "audit"),
)


def basic_authentication_by_default(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Clusters that leave the control plane open to every address by saying so with an empty block."""
    block = first(resource.body, "master_authorized_networks_config")
    if (
        block is not None
        and block.resolved.kind == "mapping"
        and not reach(block, "cidr_blocks")
        and reach(block, "gcp_public_cidrs_access_enabled")
    ):
        yield "cloud-public-control-plane", at(block, key=True, tier="audit")
    for node in reach(resource.body, "private_cluster_config.enable_private_endpoint"):
        if scalar_text(node) == "false" and not reach(resource.body, "master_authorized_networks_config"):
            yield "cloud-public-control-plane", at(node)


TABLE.find("google_container_cluster", basic_authentication_by_default)
