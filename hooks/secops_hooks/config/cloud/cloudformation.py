"""What is insecure in resources of CloudFormation and SAM: which property, which values, and whether its absence counts.

Names and defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
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
    less_than,
    matches,
    no,
    one_of,
    scalar_text,
    world_open_cidr,
)
from . import credentials, policy
from . import find_aws as find
from .fact import Fact, Table, at, never, present
from .find_aws import CLOUDFORMATION
from .resource import Resource, View, first, reach
from .terraform_aws import WEAK_CIPHER, WEAK_DISTRIBUTION, WEAK_DOMAIN, WEAK_LISTENER

TABLE: Final = Table()
add = TABLE.add
_ON: Final = Replace("true", safe=False)

# -- buckets

_BUCKET: Final = "AWS::S3::Bucket"
add(
    _BUCKET,
    Fact("cloud-public-bucket", "AccessControl", one_of("PublicRead", "AuthenticatedRead"), mend=Replace("Private", safe=False)),
    Fact("cloud-public-write-bucket", "AccessControl", one_of("PublicReadWrite"), mend=Replace("Private", safe=False)),
    Fact("cloud-bucket-website", "WebsiteConfiguration", is_set),
    Fact("cloud-bucket-cors", "CorsConfiguration.CorsRules.AllowedOrigins[]", equals("*")),
    Fact("cloud-no-versioning", "VersioningConfiguration.Status", one_of("Suspended"), "audit"),
    Fact("cloud-no-access-log", "LoggingConfiguration", never, "audit"),
    Fact("cloud-bucket-default-encryption", "BucketEncryption", never, "audit"),
    Fact("cloud-bucket-without-public-access-block", "PublicAccessBlockConfiguration", never, "audit"),
)
for _type in (_BUCKET, "AWS::S3::AccessPoint"):
    for _name, _switch in (
        ("acls-not-blocked", "BlockPublicAcls"),
        ("policies-not-blocked", "BlockPublicPolicy"),
        ("acls-not-ignored", "IgnorePublicAcls"),
        ("not-restricted", "RestrictPublicBuckets"),
    ):
        add(_type, Fact(f"cloud-bucket-{_name}", _switch, is_false, "audit", each="PublicAccessBlockConfiguration", mend=_ON))
    for _name in ("acls-not-blocked", "policies-not-blocked", "acls-not-ignored", "not-restricted"):
        add(_type, Fact(f"cloud-bucket-{_name}", "PublicAccessBlockConfiguration", never, "audit"))

# -- what is reachable from the internet

for _type in (
    "AWS::RDS::DBInstance",
    "AWS::Neptune::DBInstance",
    "AWS::AmazonMQ::Broker",
    "AWS::RedshiftServerless::Workgroup",
    "AWS::DocDB::DBInstance",
):
    add(_type, Fact("cloud-public-database", "PubliclyAccessible", is_true, mend=Replace("false", safe=False)))
add(
    "AWS::DMS::ReplicationInstance AWS::Redshift::Cluster",
    Fact("cloud-public-database", "PubliclyAccessible", is_true, "audit", mend=Replace("false", safe=False)),
)
add("AWS::MSK::Cluster", Fact("cloud-public-database", "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type", no(one_of("DISABLED"))))
add("AWS::EC2::Instance", Fact("cloud-public-ip", "NetworkInterfaces.AssociatePublicIpAddress", is_true))
add("AWS::AutoScaling::LaunchConfiguration", Fact("cloud-public-ip", "AssociatePublicIpAddress", is_true))
add("AWS::EC2::LaunchTemplate", Fact("cloud-public-ip", "LaunchTemplateData.NetworkInterfaces.AssociatePublicIpAddress", is_true))
add("AWS::EC2::Subnet", Fact("cloud-public-ip", "MapPublicIpOnLaunch", is_true))
add("AWS::ECS::Service", Fact("cloud-public-ip", "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", one_of("ENABLED")))
add("AWS::ElasticLoadBalancingV2::LoadBalancer", Fact("cloud-public-load-balancer", "Scheme", one_of("internet-facing"), tier="audit"))
add(
    "AWS::SageMaker::NotebookInstance",
    Fact("cloud-public-ip", "DirectInternetAccess", one_of("Enabled"), "audit"),
    Fact("cloud-root-access", "RootAccess", one_of("Enabled"), "audit"),
    Fact("cloud-customer-key", "KmsKeyId", is_empty, "audit"),
)
add(
    "AWS::Transfer::Server",
    Fact("cloud-public-endpoint", "EndpointType", one_of("PUBLIC"), "audit"),
    Fact("cloud-plain-protocol", "Protocols[]", one_of("FTP")),
)
add(
    "AWS::EKS::Cluster",
    Fact("cloud-public-cluster-endpoint", "ResourcesVpcConfig.EndpointPublicAccess", is_true, "audit"),
    Fact("cloud-open-cluster-endpoint", "ResourcesVpcConfig.PublicAccessCidrs[]", world_open_cidr),
)
add(
    "AWS::EKS::Cluster",
    Fact(
        "cloud-open-cluster-endpoint",
        "PublicAccessCidrs",
        never,
        "audit",
        each="ResourcesVpcConfig",
        unless=(("EndpointPublicAccess", is_false),),
    ),
    Fact("cloud-cluster-secrets-unencrypted", "EncryptionConfig", never, "audit"),
    Fact("cloud-logging-disabled", "Logging.ClusterLogging.EnabledTypes", never, "audit"),
)

TABLE.find(
    "AWS::EC2::SecurityGroup", find.group("SecurityGroupIngress", CLOUDFORMATION), find.egress("SecurityGroupEgress", CLOUDFORMATION)
)
TABLE.find("AWS::EC2::SecurityGroupIngress", find.flat(CLOUDFORMATION))
TABLE.find("AWS::EC2::SecurityGroupEgress", find.egress("", CLOUDFORMATION))
TABLE.find("AWS::EC2::NetworkAclEntry", find.all_ports_of_nacl(""))
add("AWS::RDS::DBSecurityGroup", Fact("cloud-open-database-firewall", "DBSecurityGroupIngress.CIDRIP", world_open_cidr))
add(
    "AWS::RDS::DBSecurityGroupIngress AWS::ElastiCache::SecurityGroupIngress AWS::Redshift::ClusterSecurityGroupIngress",
    Fact("cloud-open-database-firewall", "{CIDRIP,CIDR}", world_open_cidr),
)

# -- encryption at rest

_ENCRYPTED: Final = (
    ("AWS::RDS::DBInstance", "StorageEncrypted"), ("AWS::RDS::DBCluster", "StorageEncrypted"), ("AWS::DocDB::DBCluster", "StorageEncrypted"), ("AWS::Neptune::DBCluster", "StorageEncrypted"),
    ("AWS::RDS::GlobalCluster", "StorageEncrypted"), ("AWS::Redshift::Cluster", "Encrypted"), ("AWS::EC2::Volume", "Encrypted"), ("AWS::EFS::FileSystem", "Encrypted"),
    ("AWS::ElastiCache::ReplicationGroup", "AtRestEncryptionEnabled"), ("AWS::Elasticsearch::Domain", "EncryptionAtRestOptions.Enabled"), ("AWS::OpenSearchService::Domain", "EncryptionAtRestOptions.Enabled"),
    ("AWS::DAX::Cluster", "SSESpecification.SSEEnabled"), ("AWS::WorkSpaces::Workspace", "RootVolumeEncryptionEnabled"), ("AWS::WorkSpaces::Workspace", "UserVolumeEncryptionEnabled"),
)  # fmt: skip
_IN_CLUSTER: Final = (("DBClusterIdentifier", is_set), ("Engine", matches(r"(?i)\Aaurora")))  # the cluster decides
for _type, _path in _ENCRYPTED:
    add(
        _type,
        Fact(
            "cloud-unencrypted-storage",
            _path,
            is_false,
            "audit",
            unless=(
                ("{SourceDBInstanceIdentifier,SnapshotIdentifier,DBSnapshotIdentifier,SnapshotId,SourceDBClusterIdentifier}", is_set),
                *(_IN_CLUSTER if _type == "AWS::RDS::DBInstance" else ()),
            ),
            mend=_ON,
        ),
    )
add(
    "AWS::EC2::Instance AWS::AutoScaling::LaunchConfiguration",
    Fact(
        "cloud-unencrypted-storage",
        "Ebs.Encrypted",
        is_false,
        "audit",
        each="BlockDeviceMappings",
        unless=(("{VirtualName,NoDevice}", is_set), ("Ebs.SnapshotId", is_set)),
    ),
    Fact("cloud-unencrypted-storage", "BlockDeviceMappings", never, "audit"),
)
add(
    "AWS::EC2::LaunchTemplate",
    Fact(
        "cloud-unencrypted-storage",
        "Ebs.Encrypted",
        is_false,
        "audit",
        each="LaunchTemplateData.BlockDeviceMappings",
        unless=(("{VirtualName,NoDevice}", is_set), ("Ebs.SnapshotId", is_set)),
    ),
)
add(
    "AWS::SQS::Queue",
    Fact("cloud-unencrypted-queue", "SqsManagedSseEnabled", is_false, unless=(("KmsMasterKeyId", is_set),)),
    Fact("cloud-unencrypted-queue", "{KmsMasterKeyId,SqsManagedSseEnabled}", never, "audit"),
    Fact("cloud-unencrypted-queue", "KmsMasterKeyId", is_empty),
)
add("AWS::SNS::Topic", Fact("cloud-unencrypted-queue", "KmsMasterKeyId", is_empty, "audit"))
add(
    "AWS::Kinesis::Stream",
    Fact("cloud-unencrypted-queue", "StreamEncryption", never, "audit"),
    Fact("cloud-unencrypted-queue", "StreamEncryption.EncryptionType", one_of("NONE")),
)
add(
    "AWS::KinesisFirehose::DeliveryStream",
    Fact(
        "cloud-unencrypted-queue",
        "DeliveryStreamEncryptionConfigurationInput",
        never,
        "audit",
        unless=(("KinesisStreamSourceConfiguration", is_set),),
    ),
)
add(
    "AWS::CodeBuild::Project",
    Fact("cloud-unencrypted-artifacts", "Artifacts.EncryptionDisabled", is_true),
    Fact("cloud-privileged-container", "Environment.PrivilegedMode", is_true, tier="audit"),
)
add(
    "AWS::Athena::WorkGroup",
    Fact("cloud-unencrypted-storage", "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration", never, "audit"),
    Fact("cloud-settings-overridable", "WorkGroupConfiguration.EnforceWorkGroupConfiguration", is_false),
)
add(
    "AWS::DynamoDB::Table AWS::DynamoDB::GlobalTable",
    Fact("cloud-customer-key", "SSESpecification.SSEEnabled", is_false, "audit"),
    Fact("cloud-no-backup", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", is_false, "audit"),
)
add("AWS::SecretsManager::Secret AWS::Logs::LogGroup", Fact("cloud-customer-key", "KmsKeyId", is_empty, "audit"))
add("AWS::Backup::BackupVault", Fact("cloud-customer-key", "EncryptionKeyArn", is_empty, "audit"))
add(
    "AWS::KMS::Key",
    Fact(
        "cloud-key-rotation-disabled",
        "EnableKeyRotation",
        is_false,
        "audit",
        unless=(("KeySpec", matches(r"(?i)\A(RSA|ECC|HMAC|SM2)_")),),
        mend=_ON,
    ),
    Fact("cloud-short-deletion-window", "PendingWindowInDays", less_than(14)),
)
add(
    "AWS::SSM::Parameter",
    Fact(
        "cloud-plain-parameter",
        "Type",
        one_of("String", "StringList"),
        where=(("Name", matches(r"(?i)(passw|secret|token|api[_-]?key|private[_-]?key)")),),
    ),
)

# -- encryption in transit

add(
    "AWS::ElastiCache::ReplicationGroup",
    Fact("cloud-unencrypted-transit", "TransitEncryptionEnabled", is_false, "audit"),
    Fact("cloud-cache-without-password", "{AuthToken,UserGroupIds}", is_empty, "audit"),
    Fact("cloud-no-backup", "SnapshotRetentionLimit", is_zero),
)
for _type in ("AWS::Elasticsearch::Domain", "AWS::OpenSearchService::Domain"):
    add(
        _type,
        Fact("cloud-unencrypted-node-traffic", "NodeToNodeEncryptionOptions.Enabled", is_false, "audit"),
        Fact("cloud-plain-http-endpoint", "DomainEndpointOptions.EnforceHTTPS", is_false, "audit"),
        Fact("cloud-weak-tls", "DomainEndpointOptions.TLSSecurityPolicy", WEAK_DOMAIN, "audit"),
        Fact("cloud-logging-disabled", "LogPublishingOptions", never, "audit"),
    )
add(
    "AWS::MSK::Cluster",
    Fact("cloud-unencrypted-transit", "EncryptionInfo.EncryptionInTransit.ClientBroker", one_of("PLAINTEXT", "TLS_PLAINTEXT")),
    Fact("cloud-unencrypted-node-traffic", "EncryptionInfo.EncryptionInTransit.InCluster", is_false),
    Fact("cloud-no-authorization", "ClientAuthentication.Unauthenticated.Enabled", is_true),
    Fact("cloud-logging-disabled", "LoggingInfo", never, "audit"),
)
add("AWS::DMS::Endpoint", Fact("cloud-unencrypted-transit", "SslMode", one_of("none")))
add(
    "AWS::ECS::TaskDefinition",
    Fact(
        "cloud-unencrypted-transit",
        "TransitEncryption",
        one_of("DISABLED"),
        "audit",
        each="Volumes.{EFSVolumeConfiguration,EfsVolumeConfiguration}",
    ),
    Fact("cloud-privileged-container", "ContainerDefinitions.Privileged", is_true),
    Fact("cloud-host-namespace", "{PidMode,IpcMode}", one_of("host")),
    Fact("cloud-host-network", "NetworkMode", one_of("host", "bridge", "none")),
)
add("AWS::Batch::JobDefinition", Fact("cloud-privileged-container", "ContainerProperties.Privileged", is_true))
add(
    "AWS::ElasticLoadBalancingV2::Listener",
    Fact("cloud-plain-http-listener", "Protocol", one_of("HTTP"), unless=(("DefaultActions.Type", one_of("redirect")),)),
    Fact("cloud-plain-http-listener", "Protocol", one_of("HTTP"), where=(("DefaultActions.RedirectConfig.Protocol", one_of("HTTP")),)),
    Fact("cloud-weak-tls", "SslPolicy", WEAK_LISTENER),
    Fact("cloud-weak-tls", "SslPolicy", never, "audit", where=(("Protocol", one_of("HTTPS", "TLS")),)),
)
add("AWS::ElasticLoadBalancingV2::TargetGroup", Fact("cloud-plain-http-target", "Protocol", one_of("HTTP")))
add(
    "AWS::ElasticLoadBalancing::LoadBalancer",
    Fact("cloud-plain-http-listener", "Protocol", one_of("HTTP"), each="Listeners"),
    Fact("cloud-weak-tls", "Name", WEAK_CIPHER, each="Policies.Attributes", unless=(("Value", is_false),)),
    Fact("cloud-no-access-log", "AccessLoggingPolicy.Enabled", is_false, "audit"),
)


def balancer(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Attributes of a load balancer, which are a list of keys and values."""
    attributes = {
        (scalar_text(key) or ""): entry
        for entry in reach(resource.body, "LoadBalancerAttributes[]")
        if (key := first(entry, "Key")) is not None
    }
    for name, rule, wrong in (
        ("access_logs.s3.enabled", "cloud-no-access-log", "false"),
        ("routing.http.drop_invalid_header_fields.enabled", "cloud-invalid-headers-passed", "false"),
        ("deletion_protection.enabled", "cloud-no-deletion-protection", "false"),
        ("routing.http.desync_mitigation_mode", "cloud-request-smuggling", "monitor"),
    ):
        entry = attributes.get(name)
        value = first(entry, "Value") if entry is not None else None
        if value is not None and (scalar_text(value) or "").lower() == wrong:
            yield rule, at(value)
        elif entry is None and rule in ("cloud-no-access-log", "cloud-invalid-headers-passed"):
            yield rule, at(resource.at, f"{name} is not set here, and off by default", key=True, tier="audit")


TABLE.find("AWS::ElasticLoadBalancingV2::LoadBalancer", balancer)
for _path in ("DefaultCacheBehavior", "CacheBehaviors"):
    add(
        "AWS::CloudFront::Distribution",
        Fact(
            "cloud-plain-http-viewers",
            f"DistributionConfig.{_path}.ViewerProtocolPolicy",
            one_of("allow-all"),
            mend=Replace("redirect-to-https", safe=False),
        ),
    )
add(
    "AWS::CloudFront::Distribution",
    Fact("cloud-weak-tls", "DistributionConfig.ViewerCertificate.MinimumProtocolVersion", WEAK_DISTRIBUTION),
    Fact("cloud-weak-tls", "DistributionConfig.ViewerCertificate.CloudFrontDefaultCertificate", is_true, tier="audit"),
    Fact("cloud-weak-tls", "DistributionConfig.ViewerCertificate", never, "audit"),
    Fact("cloud-weak-tls", "DistributionConfig.Origins.CustomOriginConfig.OriginSSLProtocols[]", below_tls_12),
    Fact(
        "cloud-plain-http-origin", "DistributionConfig.Origins.CustomOriginConfig.OriginProtocolPolicy", one_of("http-only"), tier="audit"
    ),
    Fact("cloud-logging-disabled", "DistributionConfig.Logging", never, "audit"),
    Fact("cloud-no-web-firewall", "DistributionConfig.WebACLId", is_empty, "audit"),
)
add(
    "AWS::ApiGateway::DomainName", Fact("cloud-weak-tls", "SecurityPolicy", one_of("TLS_1_0"), "audit", mend=Replace("TLS_1_2", safe=False))
)
add("AWS::ApiGatewayV2::DomainName", Fact("cloud-weak-tls", "DomainNameConfigurations.SecurityPolicy", one_of("TLS_1_0")))

# -- who may do what

find.add_policies(
    TABLE,
    (
        (
            "AWS::IAM::Policy AWS::IAM::ManagedPolicy AWS::IAM::UserPolicy AWS::IAM::RolePolicy AWS::IAM::GroupPolicy",
            "PolicyDocument",
            find.identity,
        ),
        ("AWS::IAM::Role AWS::IAM::User AWS::IAM::Group", "Policies.PolicyDocument", find.identity),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument", find.trust),
        ("AWS::SSO::PermissionSet", "InlinePolicy", find.identity),
        (
            "AWS::S3::BucketPolicy AWS::SQS::QueuePolicy AWS::SNS::TopicPolicy AWS::SNS::TopicInlinePolicy AWS::SQS::QueueInlinePolicy AWS::Logs::ResourcePolicy",
            "PolicyDocument",
            find.of_resource,
        ),
        ("AWS::KMS::Key AWS::KMS::ReplicaKey", "KeyPolicy", find.of_resource),
        (
            "AWS::SecretsManager::ResourcePolicy AWS::SAM::ResourcePolicy AWS::S3::AccessPoint AWS::ApiGateway::RestApi AWS::Backup::BackupVault",
            "{ResourcePolicy,Policy,AccessPolicy}",
            find.of_resource,
        ),
        ("AWS::ECR::Repository AWS::ECR::PublicRepository", "{RepositoryPolicyText}", find.of_resource),
        ("AWS::ECR::RegistryPolicy", "PolicyText", find.of_resource),
        ("AWS::Elasticsearch::Domain AWS::OpenSearchService::Domain", "AccessPolicies", find.of_resource),
        ("AWS::EFS::FileSystem", "FileSystemPolicy", find.of_resource),
        ("AWS::Serverless::Function", "Policies", find.identity),
        ("policy.document", "", find.document),
    ),
    from_key=False,
)


def inline(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Policies that a SAM function lists, each a document."""
    for node in reach(resource.body, "Policies[]"):
        if node.resolved.kind == "mapping":
            for statement in policy.statements(node):
                yield from find.identity(statement, None)


TABLE.find("AWS::Serverless::Function", inline)
_ADMINISTRATOR: Final = matches(r"(\A|policy/)(AdministratorAccess|IAMFullAccess|PowerUserAccess)\Z")
add("AWS::IAM::Role AWS::IAM::User AWS::IAM::Group", Fact("cloud-administrator-attached", "ManagedPolicyArns[]", _ADMINISTRATOR))
add(
    "AWS::Serverless::Function",
    Fact("cloud-administrator-attached", "Policies[]", _ADMINISTRATOR),
    Fact("cloud-tracing-off", "Tracing", one_of("PassThrough", "Disabled"), "audit"),
    Fact("cloud-public-function", "FunctionUrlConfig.AuthType", one_of("NONE")),
)
add("AWS::IAM::Policy AWS::IAM::ManagedPolicy", Fact("cloud-policy-on-user", "Users", is_set))
add(
    "AWS::Lambda::Permission",
    Fact("cloud-public-function", "Principal", equals("*"), unless=(("{SourceArn,SourceAccount,PrincipalOrgID}", is_set),)),
    Fact(
        "cloud-function-confused-deputy",
        "SourceArn",
        never,
        "audit",
        where=(("Principal", matches(r"\.amazonaws\.com\Z")),),
        unless=(("{SourceAccount,PrincipalOrgID}", is_set),),
    ),
)
add(
    "AWS::Lambda::Url",
    Fact("cloud-public-function", "AuthType", one_of("NONE")),
    Fact("cloud-bucket-cors", "Cors.AllowOrigins[]", equals("*")),
)
add(
    "AWS::ApiGateway::Method",
    Fact(
        "cloud-no-authorization",
        "AuthorizationType",
        one_of("NONE"),
        "audit",
        unless=(("HttpMethod", one_of("OPTIONS")), ("ApiKeyRequired", is_true)),
    ),
)
add(
    "AWS::ApiGatewayV2::Route",
    Fact("cloud-no-authorization", "AuthorizationType", one_of("NONE"), "audit", unless=(("ApiKeyRequired", is_true),)),
)
add("AWS::Cognito::IdentityPool", Fact("cloud-no-authorization", "AllowUnauthenticatedIdentities", is_true))
add("AWS::Cognito::UserPool", Fact("cloud-no-mfa", "MfaConfiguration", one_of("OFF"), "audit"))
add(
    "AWS::Serverless::Api AWS::Serverless::HttpApi",
    Fact("cloud-no-authorization", "Auth.DefaultAuthorizer", one_of("NONE"), "audit"),
    Fact("cloud-logging-disabled", "{AccessLogSetting,AccessLogSettings}", never, "audit"),
    Fact("cloud-tracing-off", "TracingEnabled", is_false, "audit"),
    Fact("cloud-weak-tls", "Domain.SecurityPolicy", one_of("TLS_1_0")),
)

# -- keys where a role would do

TABLE.find("AWS::Lambda::Function AWS::Serverless::Function", credentials.variables("Environment.Variables"))
TABLE.find("AWS::EC2::Instance AWS::AutoScaling::LaunchConfiguration", credentials.script("UserData"))
TABLE.find("AWS::EC2::LaunchTemplate", credentials.script("LaunchTemplateData.UserData"))
TABLE.find("AWS::ECS::TaskDefinition", credentials.pairs("ContainerDefinitions.Environment"))

# -- machines, traces, registries

add(
    "AWS::EC2::LaunchTemplate",
    Fact(
        "cloud-metadata-v1",
        "LaunchTemplateData.MetadataOptions.HttpTokens",
        no(one_of("required")),
        "audit",
        unless=(("LaunchTemplateData.MetadataOptions.HttpEndpoint", one_of("disabled")),),
        mend=Replace("required", safe=False),
    ),
)
add(
    "AWS::AutoScaling::LaunchConfiguration AWS::EC2::Instance",
    Fact(
        "cloud-metadata-v1",
        "MetadataOptions.HttpTokens",
        no(one_of("required")),
        "audit",
        unless=(("MetadataOptions.HttpEndpoint", one_of("disabled")),),
        mend=Replace("required", safe=False),
    ),
)
add(
    "AWS::CloudTrail::Trail",
    Fact("cloud-trail-disabled", "IsLogging", is_false, mend=_ON),
    Fact("cloud-trail-one-region", "IsMultiRegionTrail", is_false, "audit", mend=_ON),
    Fact("cloud-trail-unvalidated", "EnableLogFileValidation", is_false, "audit", mend=_ON),
    Fact("cloud-trail-global-events", "IncludeGlobalServiceEvents", is_false),
    Fact("cloud-customer-key", "KMSKeyId", is_empty, "audit"),
)
add("AWS::GuardDuty::Detector", Fact("cloud-logging-disabled", "Enable", is_false))
add(
    "AWS::Config::ConfigurationAggregator",
    Fact("cloud-trail-one-region", "{AccountAggregationSources,OrganizationAggregationSource}.AllAwsRegions", is_false, tier="audit"),
)
add(
    "AWS::ApiGateway::Stage",
    Fact("cloud-logging-disabled", "AccessLogSetting", never, "audit"),
    Fact("cloud-tracing-off", "TracingEnabled", is_false, "audit"),
)
add("AWS::ApiGatewayV2::Stage", Fact("cloud-logging-disabled", "AccessLogSettings", never, "audit"))
add("AWS::Lambda::Function", Fact("cloud-tracing-off", "TracingConfig.Mode", one_of("PassThrough"), "audit"))
add(
    "AWS::AmazonMQ::Broker",
    Fact("cloud-logging-disabled", "Logs.General", is_false, "audit"),
    Fact("cloud-no-automatic-upgrade", "AutoMinorVersionUpgrade", is_false),
)
add("AWS::Redshift::Cluster", Fact("cloud-logging-disabled", "LoggingProperties", never, "audit"))
add(
    "AWS::Redshift::ClusterParameterGroup",
    Fact("cloud-unencrypted-transit", "ParameterValue", is_false, each="Parameters", where=(("ParameterName", equals("require_ssl")),)),
)
add("AWS::Logs::LogGroup", Fact("cloud-log-retention", "RetentionInDays", is_zero, "audit"))
add(
    "AWS::ECS::Cluster",
    Fact("cloud-tracing-off", "Value", one_of("disabled"), each="ClusterSettings", where=(("Name", equals("containerInsights")),)),
)
add(
    "AWS::ECR::Repository",
    Fact("cloud-image-scan-off", "ImageScanningConfiguration.ScanOnPush", is_false, "audit", mend=_ON),
    Fact("cloud-mutable-image-tags", "ImageTagMutability", one_of("MUTABLE"), "audit", mend=Replace("IMMUTABLE", safe=False)),
)
add(
    "AWS::RDS::DBInstance",
    Fact("cloud-no-backup", "BackupRetentionPeriod", is_zero),
    Fact("cloud-no-deletion-protection", "DeletionProtection", is_false),
    Fact("cloud-no-iam-authentication", "EnableIAMDatabaseAuthentication", is_false, "audit"),
    Fact("cloud-no-automatic-upgrade", "AutoMinorVersionUpgrade", is_false),
    Fact("cloud-outdated-ca", "CACertificateIdentifier", one_of("rds-ca-2015", "rds-ca-2019")),
)
add(
    "AWS::RDS::DBCluster",
    Fact("cloud-no-backup", "BackupRetentionPeriod", less_than(2)),
    Fact("cloud-no-deletion-protection", "DeletionProtection", is_false),
    Fact("cloud-no-iam-authentication", "EnableIAMDatabaseAuthentication", is_false, "audit"),
)

# -- shared with everybody, and reached by everybody

add(
    "AWS::EKS::Nodegroup",
    Fact("cloud-open-ssh", "Ec2SshKey", present, each="RemoteAccess", unless=(("SourceSecurityGroups", is_set),)),
)
add("AWS::EC2::TransitGateway", Fact("cloud-open-endpoint-service", "AutoAcceptSharedAttachments", one_of("enable")))
add("AWS::MWAA::Environment", Fact("cloud-public-endpoint", "WebserverAccessMode", one_of("PUBLIC_ONLY")))
add("AWS::Elasticsearch::Domain AWS::OpenSearchService::Domain", Fact("cloud-public-endpoint", "VPCOptions", never, "audit"))
add("AWS::DAX::Cluster", Fact("cloud-unencrypted-transit", "ClusterEndpointEncryptionType", one_of("NONE"), "audit"))
add("AWS::MemoryDB::Cluster", Fact("cloud-unencrypted-transit", "TLSEnabled", is_false))
add("AWS::SES::ConfigurationSet", Fact("cloud-unencrypted-transit", "DeliveryOptions.TlsPolicy", one_of("OPTIONAL"), "audit"))
add("AWS::ElastiCache::User", Fact("cloud-cache-without-password", "NoPasswordRequired", is_true))
add("AWS::ApiGateway::Stage AWS::ApiGateway::Deployment", Fact("cloud-bodies-logged", "DataTraceEnabled", is_true, each="MethodSettings"))
add("AWS::ApiGateway::Deployment", Fact("cloud-bodies-logged", "StageDescription.MethodSettings.DataTraceEnabled", is_true))
add("AWS::Serverless::Api", Fact("cloud-bodies-logged", "MethodSettings.DataTraceEnabled", is_true))


def parameters(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Parameter groups of databases that let clients connect without TLS."""
    for held in reach(resource.body, "Parameters"):
        for entry in held.entries() if held.resolved.kind == "mapping" else ():
            if entry.key in _TLS_PARAMETERS and is_false(entry) is True:
                yield "cloud-unencrypted-transit", at(entry)


_TLS_PARAMETERS: Final = frozenset({"rds.force_ssl", "require_secure_transport", "tls", "neptune_enforce_ssl"})
TABLE.find(
    "AWS::RDS::DBParameterGroup AWS::RDS::DBClusterParameterGroup AWS::DocDB::DBClusterParameterGroup AWS::Neptune::DBClusterParameterGroup",
    parameters,
)
