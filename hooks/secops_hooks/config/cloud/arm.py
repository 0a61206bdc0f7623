"""What is insecure in resources of Azure Resource Manager templates: which property, which values, and whether its absence counts.

Names and defaults: https://learn.microsoft.com/azure/templates/
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
    less_than,
    matches,
    no,
    one_of,
    scalar_text,
    world_open_cidr,
)
from . import find_azure as find
from .fact import Fact, Table, at, never
from .resource import Resource, View, first, reach

TABLE: Final = Table()
_ON: Final = Replace("true", safe=False)
_OFF: Final = Replace("false", safe=False)


def add(types: str, *facts: Fact) -> None:
    """These facts hold for each of ``types``; their paths start at ``properties``."""
    made = (
        fact._replace(path=f"properties.{fact.path}") if not fact.each else fact._replace(each=f"properties.{fact.each}") for fact in facts
    )
    TABLE.add(
        types.lower(),
        *(
            fact
            if fact.each
            else fact._replace(
                where=tuple((f"properties.{path}", test) if path not in ("name", "kind") else (path, test) for path, test in fact.where),
                unless=tuple((f"properties.{path}", test) for path, test in fact.unless),
            )
            for fact in made
        ),
    )


# -- networks

TABLE.find("microsoft.network/networksecuritygroups/securityrules", find.rules("properties"))
TABLE.find("microsoft.network/networksecuritygroups", find.rules("properties.securityRules.properties"))
_FIREWALLS: Final = (
    "microsoft.sql/servers/firewallrules microsoft.dbforpostgresql/servers/firewallrules microsoft.dbformysql/servers/firewallrules microsoft.dbformariadb/servers/firewallrules"
    " microsoft.dbforpostgresql/flexibleservers/firewallrules microsoft.dbformysql/flexibleservers/firewallrules microsoft.cache/redis/firewallrules microsoft.synapse/workspaces/firewallrules"
)
TABLE.find(_FIREWALLS, find.database_firewall("properties"))
add(
    "Microsoft.Network/networkWatchers/flowLogs",
    Fact("cloud-logging-disabled", "enabled", is_false),
    Fact("cloud-log-retention", "retentionPolicy.days", less_than(90)),
    Fact("cloud-log-retention", "retentionPolicy.enabled", is_false),
)
add("Microsoft.Network/networkInterfaces", Fact("cloud-ip-forwarding", "enableIPForwarding", is_true))
add(
    "Microsoft.Network/applicationGateways",
    Fact("cloud-no-web-firewall", "webApplicationFirewallConfiguration.enabled", is_false, "audit", unless=(("firewallPolicy", is_set),)),
    Fact("cloud-no-web-firewall", "webApplicationFirewallConfiguration.firewallMode", one_of("Detection")),
    Fact("cloud-weak-tls", "sslPolicy.minProtocolVersion", one_of("TLSv1_0", "TLSv1_1")),
    Fact("cloud-plain-http-listener", "httpListeners.properties.protocol", one_of("Http")),
)

# -- storage

add(
    "Microsoft.Storage/storageAccounts",
    Fact("cloud-plain-http-endpoint", "supportsHttpsTrafficOnly", is_false, mend=_ON),
    Fact("cloud-public-storage-account", "allowBlobPublicAccess", is_true, mend=_OFF),
    Fact("cloud-public-storage-default", "allowBlobPublicAccess", never, "audit"),
    Fact("cloud-weak-tls", "minimumTlsVersion", below_tls_12, "audit", mend=Replace("TLS1_2", safe=False)),
    Fact("cloud-public-network-access", "publicNetworkAccess", one_of("Enabled")),
    Fact("cloud-open-storage-network", "networkAcls.defaultAction", one_of("Allow"), "audit"),
    Fact("cloud-open-storage-address", "networkAcls.ipRules.value", world_open_cidr),
    Fact("cloud-azure-services-blocked", "networkAcls.bypass", one_of("None")),
    Fact("cloud-shared-key-access", "allowSharedKeyAccess", is_true),
    Fact("cloud-cross-tenant-replication", "allowCrossTenantReplication", is_true),
)


def old_https_default(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A storage account of an API version in which HTTPS only was off by default."""
    version = first(resource.body, "apiVersion")
    text = scalar_text(version) if version is not None else None
    if text is not None and text < "2019-04-01" and not reach(resource.body, "properties.supportsHttpsTrafficOnly"):
        place = first(resource.body, "properties") or resource.body
        yield (
            "cloud-plain-http-endpoint",
            at(place, "supportsHttpsTrafficOnly is not set here, and off by default in this API version", key=True, tier="audit"),
        )


TABLE.find("microsoft.storage/storageaccounts", old_https_default)
add(
    "Microsoft.Storage/storageAccounts/blobServices/containers",
    Fact("cloud-public-container", "publicAccess", one_of("Blob", "Container"), mend=Replace("None", safe=False)),
)
add("Microsoft.Storage/storageAccounts/blobServices", Fact("cloud-bucket-cors", "cors.corsRules.allowedOrigins[]", equals("*")))

# -- web applications

add(
    "Microsoft.Web/sites Microsoft.Web/sites/slots",
    Fact("cloud-plain-http-application", "httpsOnly", is_false, "audit", mend=_ON),
    Fact("cloud-weak-tls", "siteConfig.{minTlsVersion,scmMinTlsVersion}", below_tls_12),
    Fact("cloud-plain-protocol", "siteConfig.ftpsState", one_of("AllAllowed")),
    Fact("cloud-remote-debugging", "siteConfig.remoteDebuggingEnabled", is_true),
    Fact("cloud-application-cors", "siteConfig.cors.allowedOrigins[]", equals("*")),
    Fact("cloud-old-http", "siteConfig.http20Enabled", is_false, "audit"),
    Fact("cloud-no-client-certificate", "clientCertEnabled", is_false, "audit"),
    Fact("cloud-public-network-access", "publicNetworkAccess", one_of("Enabled")),
)
TABLE.add("microsoft.web/sites", Fact("cloud-no-managed-identity", "identity", never, "audit"))
add(
    "Microsoft.Web/sites/config",
    Fact("cloud-weak-tls", "{minTlsVersion,scmMinTlsVersion}", below_tls_12),
    Fact("cloud-plain-protocol", "ftpsState", one_of("AllAllowed")),
    Fact("cloud-remote-debugging", "remoteDebuggingEnabled", is_true),
    Fact("cloud-no-platform-authentication", "enabled", is_false, where=(("name", matches(r"authsettings")),)),
)

# -- databases

for _name in ("MySQL", "PostgreSQL", "MariaDB"):
    add(
        f"Microsoft.DBfor{_name}/servers",
        Fact("cloud-unencrypted-transit", "sslEnforcement", no(one_of("Enabled")), "audit", mend=Replace("Enabled", safe=False)),
        Fact("cloud-weak-tls", "minimalTlsVersion", one_of("TLS1_0", "TLS1_1", "TLSEnforcementDisabled")),
        Fact("cloud-public-network-access", "publicNetworkAccess", one_of("Enabled"), "audit"),
        Fact("cloud-unencrypted-storage", "infrastructureEncryption", one_of("Disabled"), "audit"),
        Fact("cloud-no-geo-backup", "storageProfile.geoRedundantBackup", one_of("Disabled"), "audit"),
    )
for _name in (
    "Microsoft.Sql/servers",
    "Microsoft.Synapse/workspaces",
    "Microsoft.KeyVault/vaults",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.Cache/redis",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.EventHub/namespaces",
    "Microsoft.ServiceBus/namespaces",
    "Microsoft.EventGrid/topics",
    "Microsoft.EventGrid/domains",
    "Microsoft.Search/searchServices",
    "Microsoft.DataFactory/factories",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.AppConfiguration/configurationStores",
    "Microsoft.Devices/IotHubs",
    "Microsoft.Databricks/workspaces",
    "Microsoft.Automation/automationAccounts",
    "Microsoft.DBforPostgreSQL/flexibleServers/network",
    "Microsoft.Compute/disks",
    "Microsoft.Batch/batchAccounts",
    "Microsoft.Purview/accounts",
    "Microsoft.SignalRService/SignalR",
    "Microsoft.ApiManagement/service",
):
    add(_name, Fact("cloud-public-network-access", "publicNetworkAccess", one_of("Enabled"), "audit"))
for _name in (
    "Microsoft.EventHub/namespaces",
    "Microsoft.ServiceBus/namespaces",
    "Microsoft.EventGrid/topics",
    "Microsoft.EventGrid/domains",
    "Microsoft.Search/searchServices",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.AppConfiguration/configurationStores",
    "Microsoft.DocumentDB/databaseAccounts",
):
    add(_name, Fact("cloud-local-authentication", "{disableLocalAuth,disableLocalAuthentication}", is_false, "audit"))
add(
    "Microsoft.Sql/servers Microsoft.Sql/managedInstances Microsoft.Cache/redis Microsoft.EventHub/namespaces Microsoft.ServiceBus/namespaces Microsoft.Devices/IotHubs",
    Fact("cloud-weak-tls", "{minimalTlsVersion,minimumTlsVersion,minTlsVersion}", below_tls_12),
)
add("Microsoft.Cache/redis", Fact("cloud-unencrypted-transit", "enableNonSslPort", is_true, mend=_OFF))
add(
    "Microsoft.Sql/servers",
    Fact(
        "cloud-predictable-administrator",
        "administratorLogin",
        one_of("admin", "administrator", "sqladmin", "root", "user", "azure_admin", "azure_administrator", "guest", "sa"),
    ),
)
add(
    "Microsoft.Sql/servers/auditingSettings Microsoft.Sql/servers/extendedAuditingSettings Microsoft.Sql/servers/databases/auditingSettings Microsoft.Sql/servers/databases/extendedAuditingSettings",
    Fact("cloud-logging-disabled", "state", one_of("Disabled")),
    Fact("cloud-log-retention", "retentionDays", less_than(90), unless=(("retentionDays", equals("0")),)),
)
add(
    "Microsoft.Sql/servers/securityAlertPolicies Microsoft.Sql/servers/databases/securityAlertPolicies Microsoft.DBforPostgreSQL/servers/securityAlertPolicies Microsoft.DBforMySQL/servers/securityAlertPolicies",
    Fact("cloud-threat-detection-off", "state", one_of("Disabled")),
    Fact("cloud-threat-detection-off", "emailAccountAdmins", is_false),
    Fact("cloud-threat-detection-off", "disabledAlerts", is_set),
)
add("Microsoft.Sql/servers/databases/transparentDataEncryption", Fact("cloud-unencrypted-storage", "{status,state}", one_of("Disabled")))
for _name in ("log_connections", "log_disconnections", "log_checkpoints", "log_duration", "log_retention", "connection_throttling"):
    add(
        "Microsoft.DBforPostgreSQL/servers/configurations Microsoft.DBforPostgreSQL/flexibleServers/configurations",
        Fact("cloud-database-logging-off", "value", is_false, where=(("name", matches(rf"(\A|[/'\s]){_name}['\])]*\Z")),)),
    )
add(
    "Microsoft.DBforPostgreSQL/flexibleServers/configurations Microsoft.DBforMySQL/flexibleServers/configurations",
    Fact("cloud-unencrypted-transit", "value", is_false, where=(("name", matches(r"require_secure_transport")),)),
)
add(
    "Microsoft.DBforPostgreSQL/flexibleServers Microsoft.DBforMySQL/flexibleServers",
    Fact("cloud-public-network-access", "network.publicNetworkAccess", one_of("Enabled")),
    Fact("cloud-no-geo-backup", "backup.geoRedundantBackup", one_of("Disabled"), "audit"),
)

# -- keys, machines, clusters

add(
    "Microsoft.KeyVault/vaults",
    Fact("cloud-open-key-vault", "networkAcls.defaultAction", one_of("Allow"), "audit"),
    Fact("cloud-no-purge-protection", "enablePurgeProtection", is_false, "audit"),
    Fact("cloud-no-purge-protection", "enableSoftDelete", is_false),
)
add(
    "Microsoft.KeyVault/vaults/secrets Microsoft.KeyVault/vaults/keys",
    Fact("cloud-key-without-expiry", "attributes.exp", is_empty, "audit"),
)
add("Microsoft.KeyVault/vaults/secrets", Fact("cloud-secret-without-type", "contentType", is_empty, "audit"))
add(
    "Microsoft.Compute/virtualMachines",
    Fact("cloud-password-login", "osProfile.linuxConfiguration.disablePasswordAuthentication", is_false, mend=_ON),
    Fact(
        "cloud-password-login",
        "osProfile.linuxConfiguration.disablePasswordAuthentication",
        never,
        "audit",
        where=(("osProfile.linuxConfiguration", is_set),),
    ),
    Fact("cloud-machine-extensions", "osProfile.allowExtensionOperations", is_true),
    Fact("cloud-unencrypted-storage", "securityProfile.encryptionAtHost", is_false, tier="audit"),
)
add(
    "Microsoft.Compute/virtualMachineScaleSets",
    Fact("cloud-password-login", "virtualMachineProfile.osProfile.linuxConfiguration.disablePasswordAuthentication", is_false, mend=_ON),
    Fact("cloud-unencrypted-storage", "virtualMachineProfile.securityProfile.encryptionAtHost", is_false, tier="audit"),
)
add("Microsoft.Compute/disks", Fact("cloud-unencrypted-storage", "{encryptionSettingsCollection,encryptionSettings}.enabled", is_false))
add("Microsoft.DataLakeStore/accounts", Fact("cloud-unencrypted-storage", "encryptionState", one_of("Disabled")))
add("Microsoft.Automation/automationAccounts/variables", Fact("cloud-unencrypted-storage", "isEncrypted", is_false, "audit"))
add(
    "Microsoft.ContainerService/managedClusters",
    Fact("cloud-cluster-authorization-off", "enableRBAC", is_false, "audit", mend=_ON),
    Fact("cloud-cluster-dashboard", "addonProfiles.{kubeDashboard,KubeDashboard}.enabled", is_true),
    Fact("cloud-cluster-network-policy-off", "networkProfile.networkPolicy", is_empty, "audit"),
    Fact("cloud-cluster-local-accounts", "disableLocalAccounts", is_false, "audit"),
    Fact("cloud-logging-disabled", "addonProfiles.{omsagent,omsAgent}.enabled", is_false, "audit"),
    Fact("cloud-open-cluster-endpoint", "{apiServerAuthorizedIPRanges,apiServerAccessProfile}", never, "audit"),
    Fact("cloud-open-cluster-endpoint", "apiServerAccessProfile.authorizedIPRanges[]", world_open_cidr),
    Fact("cloud-open-cluster-endpoint", "apiServerAccessProfile.authorizedIPRanges", is_empty, tier="audit"),
    Fact("cloud-public-cluster-endpoint", "apiServerAccessProfile.enablePrivateCluster", is_false, "audit"),
)
add(
    "Microsoft.ContainerRegistry/registries",
    Fact("cloud-registry-administrator", "{adminUserEnabled,anonymousPullEnabled}", is_true, mend=_OFF),
)
add(
    "Microsoft.ServiceFabric/clusters",
    Fact(
        "cloud-unencrypted-node-traffic",
        "value",
        no(one_of("EncryptAndSign")),
        each="fabricSettings.parameters",
        where=(("name", equals("ClusterProtectionLevel")),),
    ),
)

# -- who may do what, and what is seen

add("Microsoft.Authorization/roleDefinitions", Fact("cloud-admin-policy", "permissions.actions[]", equals("*")))
add(
    "Microsoft.Security/securityContacts",
    Fact("cloud-security-contact", "{alertNotifications,alertsToAdmins}", one_of("Off")),
    Fact("cloud-security-contact", "phone", is_empty, "audit"),
)
add("Microsoft.Security/pricings", Fact("cloud-threat-detection-off", "pricingTier", one_of("Free")))
add(
    "Microsoft.Insights/logprofiles",
    Fact("cloud-log-retention", "retentionPolicy.days", less_than(365)),
    Fact("cloud-log-retention", "retentionPolicy.enabled", is_false),
)
