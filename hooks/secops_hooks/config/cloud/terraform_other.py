"""What is insecure in other providers' resources of Terraform, in the settings of providers themselves, and in backends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ..match import Hit, Replace
from ..predicates import equals, is_false, is_plain_http, is_true, matches, no, one_of, scalar_text, world_open_cidr
from . import credentials
from .fact import Fact, Finder, Table, at, present
from .ports import exposes, interval
from .resource import Resource, View, first, reach

TABLE: Final = Table()
add = TABLE.add
_INSECURE: Final = (
    "{insecure,insecure_skip_verify,insecure_skip_tls_verify,skip_tls_verify,tls_insecure,tls_insecure_skip_verify,ssl_insecure,allow_insecure,allow_unverified_ssl,skip_ssl_verify,skip_cert_verification,"
    "disable_ssl_verification,insecure_connection,pm_tls_insecure,insecure_flag,ignore_certificate_errors,skip_verify}"
)
_VERIFYING: Final = "{verify_ssl,ssl_verify,verify,tls_verify,verify_tls,validate_certs,ssl_verification,verify_certificate}"
for _name in [
    "kubernetes",
    "kubectl",
    "helm",
    "vault",
    "consul",
    "nomad",
    "vsphere",
    "vcd",
    "nsxt",
    "proxmox",
    "elasticsearch",
    "elasticstack",
    "opensearch",
    "grafana",
    "gitlab",
    "github",
    "rancher2",
    "openstack",
    "docker",
    "libvirt",
    "nutanix",
    "keycloak",
    "artifactory",
    "sonarqube",
    "rabbitmq",
    "postgresql",
    "mysql",
    "mongodb",
    "mongodbatlas",
    "redis",
    "harbor",
    "argocd",
    "jenkins",
    "netbox",
    "phpipam",
    "infoblox",
    "f5",
    "bigip",
    "fortios",
    "panos",
    "checkpoint",
    "aci",
    "mso",
    "intersight",
    "unifi",
    "opnsense",
    "truenas",
    "xenorchestra",
    "powerdns",
    "minio",
    "http",
    "restapi",
    "awx",
    "cloudfoundry",
    "boundary",
    "zabbix",
    "foreman",
    "maas",
    "nexus",
    "teamcity",
    "bitbucket",
    "splunk",
    "dynatrace",
    "hpe",
    "ovirt",
    "aws",
    "azurerm",
    "azuread",
    "google",
    "incus",
    "lxd",
    "routeros",
    "pfsense",
    "technitium",
    "authentik",
]:
    add(
        f"provider.{_name}",
        Fact("terraform-provider-unverified", _INSECURE, is_true, mend=Replace("false", safe=False)),
        Fact("terraform-provider-unverified", _VERIFYING, is_false, mend=Replace("true", safe=False)),
    )
for _name in ("kubernetes", "docker"):
    add(f"provider.{_name}", Fact("terraform-provider-unverified", f"registry_auth.{_INSECURE}", is_true))
add("provider.helm", Fact("terraform-provider-unverified", f"kubernetes.{_INSECURE}", is_true))
add("provider.docker", Fact("terraform-provider-unencrypted", "host", matches(r"\Atcp://[^:]+:2375\b")))
for _name in (
    "vault",
    "consul",
    "nomad",
    "grafana",
    "elasticsearch",
    "opensearch",
    "gitlab",
    "keycloak",
    "rabbitmq",
    "artifactory",
    "sonarqube",
    "netbox",
):
    add(
        f"provider.{_name}",
        Fact("terraform-provider-unencrypted", "{address,endpoint,url,base_url,host,api_url,server_url}", is_plain_http),
    )
TABLE.find("provider.aws", credentials.variables(""))
add("provider.mysql", Fact("terraform-provider-unencrypted", "tls", one_of("false", "skip-verify")))
add("provider.postgresql", Fact("terraform-provider-unencrypted", "sslmode", one_of("disable", "allow", "prefer")))
add(
    "terraform.backend.s3",
    Fact("terraform-state-unencrypted", "encrypt", is_false, mend=Replace("true", safe=False)),
    Fact("terraform-state-unencrypted", "acl", matches(r"\Apublic")),
)
add(
    "terraform.backend.http",
    Fact("terraform-state-unencrypted", "skip_cert_verification", is_true),
    Fact("terraform-state-unencrypted", "{address,lock_address,unlock_address}", is_plain_http),
)
add("terraform.backend.consul", Fact("terraform-state-unencrypted", "scheme", one_of("http")))
add("terraform.backend.local", Fact("terraform-state-local", "", present, tier="audit"))
_SECRET: Final = r"(?i)(\A|_)(password|passwd|secret|private_key|api_key|access_key|auth_token|client_secret|connection_string|token)\Z"  # noqa: S105


def shown_secret(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Outputs and variables named after a secret that are said not to be one."""
    import re

    sensitive = first(resource.body, "sensitive")
    if re.search(_SECRET, resource.name) and sensitive is not None and scalar_text(sensitive) == "false":
        yield "terraform-secret-shown", at(sensitive, mend=Replace("true"))


TABLE.find("terraform.output terraform.variable", shown_secret)

# -- GitHub

add(
    "github_repository",
    Fact("github-public-repository", "visibility", one_of("public")),
    Fact("github-public-repository", "private", is_false, unless=(("visibility", one_of("private", "internal")),)),
)
add("github_repository", Fact("github-alerts-off", "vulnerability_alerts", is_false, "audit"))


def public_by_default(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """A repository of which nothing says that it is private."""
    if not reach(resource.body, "{visibility,private}"):
        yield "github-public-repository", at(resource.at, "visibility is not set here, and public by default", key=True, tier="audit")


TABLE.find("github_repository", public_by_default)
add(
    "github_actions_secret github_actions_organization_secret github_actions_environment_secret github_dependabot_secret github_codespaces_secret",
    Fact("github-plaintext-secret", "plaintext_value", present),
)
add(
    "github_repository_webhook github_organization_webhook",
    Fact("github-webhook-unverified", "configuration.insecure_ssl", is_true, mend=Replace("false")),
    Fact("github-webhook-unverified", "configuration.url", is_plain_http),
)
add(
    "github_branch_protection",
    Fact("github-unsigned-commits", "require_signed_commits", is_false, "audit"),
    Fact("github-branch-protection", "{allows_force_pushes,allows_deletions}", is_true),
    Fact("github-branch-protection", "enforce_admins", is_false),
)
add("github_branch_protection_v3", Fact("github-unsigned-commits", "require_signed_commits", is_false, "audit"))
add(
    "github_actions_repository_permissions github_actions_organization_permissions",
    Fact("github-all-actions", "allowed_actions", one_of("all")),
)


# -- firewalls and buckets of further clouds


class Shape(NamedTuple):
    """How a cloud writes a rule of its firewall: the blocks that are rules (empty: the resource is one), the ports, the sources,
    and a setting that must read as given for the rule to let traffic in."""

    rules: str
    ports: str
    sources: str
    lets_in: tuple[str, tuple[str, ...]] = ("", ())


_EVERY_PORT: Final = frozenset({"all", "any", "-1/-1", "", "1-65535", "1/65535"})


def firewall(shape: Shape) -> Finder:
    """A finder of ports that rules of ``shape`` open to the internet; reported at the source."""
    setting, words = shape.lets_in

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for body in reach(resource.body, shape.rules + "[]") if shape.rules else (resource.body,):
            given = first(body, setting) if setting else None
            if given is not None and (scalar_text(given) or "").lower() not in words:
                continue
            open_ = [node for node in reach(body, shape.sources) if world_open_cidr(node) is True]
            for port in reach(body, shape.ports) if open_ else ():
                text = scalar_text(port)
                span = interval("*" if text in _EVERY_PORT else text.replace("/", "-")) if text is not None else None
                for name in exposes([span]) if span is not None else ():
                    yield name, at(open_[0])

    return find


for _type, _shape in (
    ("digitalocean_firewall", Shape("inbound_rule", "port_range", "source_addresses[]")),
    ("hcloud_firewall", Shape("rule", "port", "source_ips[]", ("direction", ("in",)))),
    ("alicloud_security_group_rule", Shape("", "port_range", "{cidr_ip,ipv6_cidr_ip}", ("type", ("ingress",)))),
    ("scaleway_instance_security_group", Shape("inbound_rule", "{port,port_range}", "ip_range", ("action", ("accept",)))),
    ("linode_firewall", Shape("inbound", "ports", "{ipv4,ipv6}[]", ("action", ("accept",)))),
    ("vultr_firewall_rule", Shape("", "port", "subnet")),
    ("exoscale_security_group_rule", Shape("", "start_port", "cidr", ("type", ("ingress",)))),
    ("tencentcloud_security_group_lite_rule", Shape("", "port", "cidr_ip")),
):
    TABLE.find(_type, firewall(_shape))


def oracle_rule(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Rules of Oracle's security lists and network security groups open to the internet."""
    from .find_aws import Names, rule_of_group

    direction = first(resource.body, "direction")
    if direction is not None and (scalar_text(direction) or "").upper() != "INGRESS":
        return
    for body in (*reach(resource.body, "ingress_security_rules[]"), *((resource.body,) if direction is not None else ())):
        for options in ("tcp_options", "udp_options", "tcp_options.destination_port_range", "udp_options.destination_port_range"):
            names = Names(f"{options}.min", f"{options}.max", "protocol", "source")
            if reach(body, names.low):
                yield from rule_of_group(body, names, None)
        if (scalar_text(protocol) if (protocol := first(body, "protocol")) is not None else "") == "all":
            for source in reach(body, "source"):
                if world_open_cidr(source) is True:
                    yield "cloud-open-all-ports", at(source)


TABLE.find("oci_core_security_list oci_core_default_security_list oci_core_network_security_group_security_rule", oracle_rule)
add("oci_objectstorage_bucket", Fact("cloud-public-bucket", "access_type", one_of("ObjectRead", "ObjectReadWithoutList")))
add(
    "alicloud_oss_bucket alicloud_oss_bucket_acl tencentcloud_cos_bucket yandex_storage_bucket scaleway_object_bucket scaleway_object_bucket_acl"
    " linode_object_storage_bucket exoscale_bucket ibm_cos_bucket",
    Fact("cloud-public-bucket", "acl", one_of("public-read", "authenticated-read")),
    Fact("cloud-public-write-bucket", "acl", one_of("public-read-write")),
)
add(
    "alicloud_db_instance alicloud_kvstore_instance alicloud_mongodb_instance",
    Fact("cloud-open-database-network", "security_ips[]", equals("0.0.0.0/0")),
)
add("digitalocean_spaces_bucket digitalocean_spaces_bucket_object", Fact("cloud-public-bucket", "acl", one_of("public-read")))
add(
    "digitalocean_loadbalancer",
    Fact("cloud-plain-http-listener", "forwarding_rule.entry_protocol", one_of("http"), unless=(("redirect_http_to_https", is_true),)),
)


def openstack_rule(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Rules of OpenStack's security groups open to the internet."""
    from .find_aws import Names, rule_of_group

    direction = first(resource.body, "direction")
    if direction is None or scalar_text(direction) == "ingress":
        yield from rule_of_group(resource.body, Names("port_range_min", "port_range_max", "protocol", "remote_ip_prefix"), None)


TABLE.find("openstack_networking_secgroup_rule_v2", openstack_rule)
add(
    "terraform.module",
    Fact("terraform-module-unverified", "source", matches(r"\Ahttp://"), unless=(("source", no(matches(r"\Ahttp://"))),)),
)
