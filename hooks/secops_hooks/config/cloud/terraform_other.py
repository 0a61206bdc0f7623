"""What is insecure in other providers' resources of Terraform, in the settings of providers themselves, and in backends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..match import Hit, Replace
from ..predicates import is_false, is_plain_http, is_true, matches, no, one_of, scalar_text, world_open_cidr
from . import credentials
from .fact import Fact, Table, at, present
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


# -- DigitalOcean, OpenStack


def droplet_firewall(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Ports of DigitalOcean's firewall open to the internet."""
    for rule in reach(resource.body, "inbound_rule[]"):
        ports = first(rule, "port_range")
        open_ = [node for node in reach(rule, "source_addresses[]") if world_open_cidr(node) is True]
        text = scalar_text(ports) if ports is not None else None
        span = interval("*" if text == "all" else text) if text is not None else None
        for name in exposes([span]) if open_ and span is not None else ():
            yield name, at(open_[0])


TABLE.find("digitalocean_firewall", droplet_firewall)
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
