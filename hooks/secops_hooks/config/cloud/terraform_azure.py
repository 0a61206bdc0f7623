"""What is insecure in Azure resources of Terraform: which setting, which values, and whether its absence counts.

Names and defaults: https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...parse.node import UNKNOWN
from ..match import Hit, Replace
from ..predicates import (
    below_tls_12,
    equals,
    is_empty,
    is_false,
    is_set,
    is_true,
    less_than,
    matches,
    no,
    one_of,
    scalar_text,
    world_open_cidr,
)
from . import find_azure as find
from .fact import Fact, Table, at, never, present
from .resource import Resource, View, reach

TABLE: Final = Table()
add = TABLE.add
_ON: Final = Replace("true", safe=False)
_OFF: Final = Replace("false", safe=False)
_TLS: Final = Replace("1.2", safe=False)

# -- networks

TABLE.find("azurerm_network_security_rule", find.rules(""))
TABLE.find("azurerm_network_security_group", find.rules("security_rule"))
_DATABASES: Final = (
    "sql",
    "mssql",
    "postgresql",
    "postgresql_flexible_server",
    "mysql",
    "mysql_flexible_server",
    "mariadb",
    "redis",
    "synapse",
    "redis_enterprise",
)
for _name in _DATABASES:
    TABLE.find(f"azurerm_{_name}_firewall_rule", find.database_firewall())
add(
    "azurerm_network_watcher_flow_log",
    Fact("cloud-logging-disabled", "enabled", is_false),
    Fact("cloud-log-retention", "retention_policy.days", less_than(90)),
    Fact("cloud-log-retention", "retention_policy.enabled", is_false),
)
add("azurerm_subnet", Fact("cloud-default-network", "enforce_private_link_endpoint_network_policies", is_true, tier="audit"))
add(
    "azurerm_network_interface",
    Fact("cloud-ip-forwarding", "{enable_ip_forwarding,ip_forwarding_enabled}", is_true),
    Fact("cloud-public-ip", "ip_configuration.public_ip_address_id", is_set),
)


def assigned_address(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A network interface with an address of its own on the internet (a reference, whatever its value)."""
    for node in reach(resource.body, "ip_configuration.public_ip_address_id"):
        if node.text not in ("", "null"):
            yield "cloud-public-ip", at(node)


TABLE.find("azurerm_network_interface", assigned_address)

# -- storage

add(
    "azurerm_storage_account",
    Fact("cloud-public-storage-account", "{allow_blob_public_access,allow_nested_items_to_be_public}", is_true, mend=_OFF),
    Fact("cloud-public-storage-default", "{allow_blob_public_access,allow_nested_items_to_be_public}", never, "audit"),
    Fact("cloud-plain-http-endpoint", "{enable_https_traffic_only,https_traffic_only_enabled}", is_false, mend=_ON),
    Fact("cloud-weak-tls", "min_tls_version", below_tls_12, mend=Replace("TLS1_2", safe=False)),
    Fact("cloud-public-network-access", "public_network_access_enabled", is_true, "audit"),
    Fact("cloud-open-storage-network", "network_rules.default_action", one_of("Allow")),
    Fact("cloud-open-storage-address", "network_rules.ip_rules[]", world_open_cidr),
    Fact("cloud-shared-key-access", "shared_access_key_enabled", is_true, "audit"),
    Fact("cloud-azure-services-blocked", "network_rules.bypass[]", one_of("None")),
    Fact("cloud-unencrypted-storage", "infrastructure_encryption_enabled", is_false, tier="audit"),
    Fact("cloud-shared-key-access", "local_user_enabled", is_true, tier="audit"),
    Fact("cloud-cross-tenant-replication", "cross_tenant_replication_enabled", is_true),
)
add(
    "azurerm_storage_account_network_rules",
    Fact("cloud-open-storage-network", "default_action", one_of("Allow")),
    Fact("cloud-open-storage-address", "ip_rules[]", world_open_cidr),
    Fact("cloud-azure-services-blocked", "bypass[]", one_of("None")),
)
add(
    "azurerm_storage_container",
    Fact("cloud-public-container", "container_access_type", one_of("blob", "container"), mend=Replace("private", safe=False)),
)
add("azurerm_storage_account", Fact("cloud-bucket-cors", "{blob_properties,queue_properties}.cors_rule.allowed_origins[]", equals("*")))

# -- web applications

_APPS: Final = (
    "azurerm_app_service azurerm_function_app azurerm_linux_web_app azurerm_windows_web_app azurerm_linux_function_app azurerm_windows_function_app azurerm_app_service_slot"
    " azurerm_function_app_slot azurerm_linux_web_app_slot azurerm_windows_web_app_slot azurerm_linux_function_app_slot azurerm_windows_function_app_slot"
)
add(
    _APPS,
    Fact("cloud-plain-http-application", "https_only", is_false, "audit", mend=_ON),
    Fact(
        "cloud-weak-tls",
        "site_config.{min_tls_version,minimum_tls_version,scm_min_tls_version,scm_minimum_tls_version}",
        below_tls_12,
        mend=_TLS,
    ),
    Fact("cloud-plain-protocol", "site_config.ftps_state", one_of("AllAllowed"), "audit"),
    Fact("cloud-remote-debugging", "site_config.remote_debugging_enabled", is_true),
    Fact("cloud-old-http", "site_config.http2_enabled", is_false, "audit"),
    Fact("cloud-application-cors", "site_config.cors.allowed_origins[]", equals("*")),
    Fact("cloud-no-client-certificate", "{client_cert_enabled,client_certificate_enabled}", is_false, "audit"),
    Fact("cloud-no-platform-authentication", "auth_settings.enabled", is_false, "audit"),
    Fact("cloud-no-managed-identity", "identity", never, "audit"),
    Fact("cloud-logging-disabled", "logs.detailed_error_messages_enabled", is_false),
    Fact("cloud-public-network-access", "public_network_access_enabled", is_true),
)
add(
    "azurerm_api_management",
    *(
        Fact("cloud-weak-tls", f"security.{name}", is_true)
        for name in (
            "enable_backend_ssl30",
            "enable_backend_tls10",
            "enable_backend_tls11",
            "enable_frontend_ssl30",
            "enable_frontend_tls10",
            "enable_frontend_tls11",
            "triple_des_ciphers_enabled",
            "backend_ssl30_enabled",
            "backend_tls10_enabled",
            "backend_tls11_enabled",
            "frontend_ssl30_enabled",
            "frontend_tls10_enabled",
            "frontend_tls11_enabled",
        )
    ),
)
add("azurerm_api_management", Fact("cloud-public-network-access", "public_network_access_enabled", is_true))
add(
    "azurerm_api_management_backend", Fact("cloud-verification-off", "tls.{validate_certificate_chain,validate_certificate_name}", is_false)
)
add(
    "azurerm_application_gateway",
    Fact("cloud-no-web-firewall", "waf_configuration.enabled", is_false, "audit", unless=(("firewall_policy_id", is_set),)),
    Fact("cloud-no-web-firewall", "waf_configuration.firewall_mode", one_of("Detection")),
    Fact("cloud-plain-http-listener", "protocol", one_of("Http"), each="http_listener"),
    Fact("cloud-weak-tls", "ssl_policy.min_protocol_version", below_tls_12),
    Fact("cloud-weak-tls", "ssl_policy.policy_name", one_of("AppGwSslPolicy20150501", "AppGwSslPolicy20170401")),
)
add(
    "azurerm_web_application_firewall_policy azurerm_frontdoor_firewall_policy azurerm_cdn_frontdoor_firewall_policy",
    Fact("cloud-no-web-firewall", "policy_settings.mode", one_of("Detection")),
    Fact("cloud-no-web-firewall", "policy_settings.enabled", is_false),
)
add("azurerm_cdn_endpoint", Fact("cloud-plain-http-endpoint", "is_http_allowed", is_true, "audit"))
add(
    "azurerm_cdn_endpoint_custom_domain azurerm_cdn_frontdoor_custom_domain",
    Fact(
        "cloud-weak-tls",
        "{cdn_managed_https,user_managed_https,tls}.{tls_version,minimum_tls_version}",
        matches(r"(?i)\A(None|TLS10|TLS11)\Z"),
    ),
)
add(
    "azurerm_iothub azurerm_eventhub_namespace azurerm_servicebus_namespace azurerm_redis_cache azurerm_mssql_server azurerm_sql_managed_instance azurerm_mssql_managed_instance azurerm_eventgrid_domain azurerm_redis_enterprise_database",
    Fact("cloud-weak-tls", "{min_tls_version,minimum_tls_version}", below_tls_12, mend=_TLS),
    Fact("cloud-weak-tls", "{minimum_tls_version}", one_of("Disabled")),
)
add(
    "azurerm_spring_cloud_app",
    Fact("cloud-plain-http-application", "https_only", is_false, "audit"),
    Fact("cloud-unencrypted-transit", "tls_enabled", is_false, "audit"),
)
add("azurerm_container_group", Fact("cloud-public-endpoint", "ip_address_type", one_of("Public"), "audit"))

# -- databases

for _name in ("mysql", "postgresql", "mariadb"):
    add(
        f"azurerm_{_name}_server",
        Fact("cloud-unencrypted-transit", "ssl_enforcement_enabled", is_false, "audit", mend=_ON),
        Fact("cloud-unencrypted-transit", "ssl_enforcement", one_of("Disabled")),
        Fact(
            "cloud-weak-tls",
            "ssl_minimal_tls_version_enforced",
            matches(r"(?i)\A(TLS1_[01]|TLSEnforcementDisabled)\Z"),
            mend=Replace("TLS1_2", safe=False),
        ),
        Fact("cloud-public-network-access", "public_network_access_enabled", is_true, "audit"),
        Fact("cloud-unencrypted-storage", "infrastructure_encryption_enabled", is_false, "audit"),
        Fact("cloud-no-geo-backup", "geo_redundant_backup_enabled", is_false, "audit"),
        Fact("cloud-threat-detection-off", "threat_detection_policy.enabled", is_false, "audit"),
    )
add(
    "azurerm_postgresql_flexible_server azurerm_mysql_flexible_server",
    Fact("cloud-no-geo-backup", "geo_redundant_backup_enabled", is_false, "audit"),
    Fact("cloud-public-network-access", "public_network_access_enabled", is_true),
)
add(
    "azurerm_mssql_server azurerm_sql_server azurerm_synapse_workspace azurerm_mssql_managed_instance",
    Fact("cloud-public-network-access", "{public_network_access_enabled,public_data_endpoint_enabled}", is_true, "audit"),
    Fact(
        "cloud-predictable-administrator",
        "{administrator_login,sql_administrator_login}",
        one_of("admin", "administrator", "sqladmin", "root", "user", "azure_admin", "azure_administrator", "guest", "sa"),
    ),
    Fact("cloud-directory-login-off", "azuread_administrator", never, "audit"),
)
for _name in ("azurerm_postgresql_configuration", "azurerm_postgresql_flexible_server_configuration"):
    for _setting in (
        "log_connections",
        "log_disconnections",
        "log_checkpoints",
        "log_duration",
        "log_retention",
        "connection_throttling",
        "connection_throttle.enable",
    ):
        add(_name, Fact("cloud-database-logging-off", "value", is_false, where=(("name", equals(_setting)),)))
    add(
        _name,
        Fact("cloud-log-retention", "value", less_than(4), where=(("name", equals("log_retention_days")),)),
        Fact("cloud-unencrypted-transit", "value", is_false, where=(("name", equals("require_secure_transport")),)),
    )
    add(_name, Fact("cloud-weak-tls", "value", matches(r"(?i)\ATLSv?1(\.[01])?\Z"), where=(("name", equals("ssl_min_protocol_version")),)))
add(
    "azurerm_mysql_configuration azurerm_mysql_flexible_server_configuration",
    Fact("cloud-unencrypted-transit", "value", is_false, where=(("name", equals("require_secure_transport")),)),
    Fact("cloud-weak-tls", "value", matches(r"(?i)TLSv1(\.[01])?\b(?!\.)"), where=(("name", equals("tls_version")),)),
)
add(
    "azurerm_redis_cache",
    Fact("cloud-unencrypted-transit", "{enable_non_ssl_port,non_ssl_port_enabled}", is_true, mend=_OFF),
    Fact("cloud-public-network-access", "public_network_access_enabled", is_true, "audit"),
    Fact("cloud-no-authorization", "redis_configuration.{enable_authentication,authentication_enabled}", is_false),
)
add("azurerm_redis_enterprise_database", Fact("cloud-unencrypted-transit", "client_protocol", one_of("Plaintext")))
add(
    "azurerm_cosmosdb_account",
    Fact("cloud-public-network-access", "public_network_access_enabled", is_true, "audit"),
    Fact(
        "cloud-open-database-network",
        "{ip_range_filter}",
        is_empty,
        "audit",
        unless=(("public_network_access_enabled", is_false), ("is_virtual_network_filter_enabled", is_true)),
    ),
    Fact("cloud-local-authentication", "local_authentication_disabled", is_false, "audit"),
)
add(
    "azurerm_mssql_database azurerm_sql_database",
    Fact("cloud-unencrypted-storage", "transparent_data_encryption_enabled", is_false),
    Fact("cloud-threat-detection-off", "threat_detection_policy.state", one_of("Disabled")),
)
add(
    "azurerm_mssql_server_security_alert_policy azurerm_mssql_database_security_alert_policy azurerm_sql_security_alert_policy",
    Fact("cloud-threat-detection-off", "state", one_of("Disabled")),
    Fact("cloud-threat-detection-off", "disabled_alerts", is_set),
    Fact("cloud-threat-detection-off", "email_account_admins", is_false),
)
add(
    "azurerm_mssql_server_extended_auditing_policy azurerm_mssql_database_extended_auditing_policy",
    Fact("cloud-log-retention", "retention_in_days", less_than(90), "audit", unless=(("retention_in_days", equals("0")),)),
    Fact("cloud-logging-disabled", "enabled", is_false),
)
add("azurerm_sql_server azurerm_mssql_server", Fact("cloud-log-retention", "extended_auditing_policy.retention_in_days", less_than(90)))
for _name in (
    "eventhub_namespace",
    "servicebus_namespace",
    "eventgrid_topic",
    "eventgrid_domain",
    "search_service",
    "cognitive_account",
    "container_registry",
    "key_vault",
    "data_factory",
    "iothub",
    "automation_account",
    "databricks_workspace",
    "machine_learning_workspace",
    "app_configuration",
    "managed_disk",
    "batch_account",
    "purview_account",
    "recovery_services_vault",
    "web_pubsub",
    "signalr_service",
    "log_analytics_workspace",
):
    add(f"azurerm_{_name}", Fact("cloud-public-network-access", "{public_network_access_enabled,public_network_enabled}", is_true, "audit"))
for _name in (
    "eventhub_namespace",
    "servicebus_namespace",
    "eventgrid_topic",
    "eventgrid_domain",
    "search_service",
    "cognitive_account",
    "app_configuration",
):
    add(f"azurerm_{_name}", Fact("cloud-local-authentication", "{local_authentication_enabled,local_auth_enabled}", is_true, "audit"))
add("azurerm_app_configuration", Fact("cloud-public-network-access", "public_network_access", one_of("Enabled")))

# -- keys

add(
    "azurerm_key_vault",
    Fact("cloud-open-key-vault", "network_acls.default_action", one_of("Allow"), "audit"),
    Fact("cloud-no-purge-protection", "purge_protection_enabled", is_false, "audit"),
    Fact("cloud-no-purge-protection", "soft_delete_enabled", is_false),
)
add("azurerm_key_vault_key azurerm_key_vault_secret", Fact("cloud-key-without-expiry", "expiration_date", is_empty, "audit"))
add("azurerm_key_vault_secret", Fact("cloud-secret-without-type", "content_type", is_empty, "audit"))

# -- machines and clusters

add(
    "azurerm_linux_virtual_machine azurerm_linux_virtual_machine_scale_set azurerm_orchestrated_virtual_machine_scale_set",
    Fact("cloud-password-login", "{disable_password_authentication}", is_false, mend=_ON),
)
add(
    "azurerm_virtual_machine azurerm_virtual_machine_scale_set",
    Fact("cloud-password-login", "os_profile_linux_config.disable_password_authentication", is_false, mend=_ON),
)
add(
    "azurerm_orchestrated_virtual_machine_scale_set",
    Fact("cloud-password-login", "os_profile.linux_configuration.disable_password_authentication", is_false, mend=_ON),
)
add(
    "azurerm_linux_virtual_machine azurerm_windows_virtual_machine azurerm_linux_virtual_machine_scale_set azurerm_windows_virtual_machine_scale_set",
    Fact("cloud-unencrypted-storage", "encryption_at_host_enabled", is_false, "audit"),
    Fact("cloud-no-automatic-upgrade", "{enable_automatic_updates,automatic_updates_enabled}", is_false),
    Fact("cloud-machine-extensions", "allow_extension_operations", is_true, "audit"),
)
add("azurerm_managed_disk", Fact("cloud-unencrypted-storage", "encryption_settings.enabled", is_false))
add("azurerm_data_lake_store", Fact("cloud-unencrypted-storage", "encryption_state", one_of("Disabled")))
add(
    "azurerm_automation_variable_bool azurerm_automation_variable_string azurerm_automation_variable_int azurerm_automation_variable_datetime",
    Fact("cloud-unencrypted-storage", "encrypted", is_false, "audit"),
)
add(
    "azurerm_service_fabric_cluster",
    Fact(
        "cloud-unencrypted-node-traffic",
        "value",
        no(one_of("EncryptAndSign")),
        each="fabric_settings.parameters",
        where=(("name", equals("ClusterProtectionLevel")),),
    ),
    Fact("cloud-directory-login-off", "azure_active_directory", never, "audit"),
)
add("azurerm_data_factory", Fact("cloud-public-network-access", "public_network_enabled", is_true, "audit"))
add(
    "azurerm_kubernetes_cluster",
    Fact("cloud-cluster-authorization-off", "{role_based_access_control_enabled}", is_false, mend=_ON),
    Fact(
        "cloud-cluster-authorization-off", "{role_based_access_control,azure_active_directory_role_based_access_control}.enabled", is_false
    ),
    Fact("cloud-cluster-dashboard", "addon_profile.kube_dashboard.enabled", is_true),
    Fact("cloud-cluster-network-policy-off", "network_profile.network_policy", is_empty, "audit"),
    Fact("cloud-cluster-local-accounts", "local_account_disabled", is_false, "audit"),
    Fact("cloud-logging-disabled", "addon_profile.oms_agent.enabled", is_false),
    Fact("cloud-public-ip", "default_node_pool.enable_node_public_ip", is_true),
    Fact("cloud-cluster-command-invoke", "run_command_enabled", is_true),
)


def cluster(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A managed cluster whose API everybody can reach."""
    private = reach(resource.body, "private_cluster_enabled")
    if any(scalar_text(node) == "true" or scalar_text(node) is None for node in private):
        return
    paths = ("api_server_authorized_ip_ranges", "api_server_access_profile.authorized_ip_ranges")
    for node in (item for path in paths for item in reach(resource.body, path + "[]")):
        if world_open_cidr(node) is True:
            yield "cloud-open-cluster-endpoint", at(node)
    limited = any(is_empty(node) is not True for path in paths for node in reach(resource.body, path))
    if not limited and not any(node.value is UNKNOWN for node in reach(resource.body, "api_server_access_profile")):
        yield (
            "cloud-open-cluster-endpoint",
            at(resource.at, "api_server_authorized_ip_ranges is not set here, so that every address may connect", key=True, tier="audit"),
        )
    for node in private:
        yield "cloud-public-cluster-endpoint", at(node, tier="audit")
    if not private:
        yield (
            "cloud-public-cluster-endpoint",
            at(resource.at, "private_cluster_enabled is not set here, and off by default", key=True, tier="audit"),
        )


TABLE.find("azurerm_kubernetes_cluster", cluster)
add(
    "azurerm_container_registry",
    Fact("cloud-registry-administrator", "admin_enabled", is_true, mend=_OFF),
    Fact("cloud-registry-administrator", "anonymous_pull_enabled", is_true),
)

# -- who may do what, and what is seen

_SCOPED: Final = (("scope", matches(r"\A/subscriptions/[^/]+/?\Z")),)
add("azurerm_role_definition", Fact("cloud-admin-policy", "permissions.actions[]", equals("*")))
add(
    "azurerm_role_assignment",
    Fact("cloud-basic-role", "role_definition_name", one_of("Owner", "Contributor", "User Access Administrator"), where=_SCOPED),
)
add(
    "azurerm_security_center_contact",
    Fact("cloud-security-contact", "{alert_notifications,alerts_to_admins}", is_false),
    Fact("cloud-security-contact", "phone", is_empty, "audit"),
)
add("azurerm_security_center_subscription_pricing", Fact("cloud-threat-detection-off", "tier", one_of("Free")))
add(
    "azurerm_monitor_log_profile",
    Fact("cloud-log-retention", "retention_policy.days", less_than(365)),
    Fact("cloud-log-retention", "retention_policy.enabled", is_false),
)
add("azurerm_public_ip", Fact("cloud-public-ip", "ip_address", present))
add("azurerm_active_directory_domain_service", Fact("cloud-weak-tls", "security.{tls_v1_enabled,ntlm_v1_enabled}", is_true))
