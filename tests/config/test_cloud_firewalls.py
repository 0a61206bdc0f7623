"""Firewalls of the further clouds: the same concept in other words."""

from __future__ import annotations

import pytest

from secops_hooks.config.cloud.find import violations
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load

FIREWALLS = [
    pytest.param(
        "digitalocean_firewall", 'inbound_rule {{\n  port_range = "{port}"\n  source_addresses = ["{source}"]\n}}', id="digitalocean"
    ),
    pytest.param("hcloud_firewall", 'rule {{\n  direction = "in"\n  port = "{port}"\n  source_ips = ["{source}"]\n}}', id="hetzner"),
    pytest.param("alicloud_security_group_rule", 'type = "ingress"\nport_range = "{port}/{port}"\ncidr_ip = "{source}"', id="alibaba"),
    pytest.param(
        "scaleway_instance_security_group",
        'inbound_rule {{\n  action = "accept"\n  port = {port}\n  ip_range = "{source}"\n}}',
        id="scaleway",
    ),
    pytest.param("linode_firewall", 'inbound {{\n  action = "ACCEPT"\n  ports = "{port}"\n  ipv4 = ["{source}"]\n}}', id="linode"),
    pytest.param("vultr_firewall_rule", 'port = "{port}"\nsubnet = "{source}"', id="vultr"),
    pytest.param(
        "oci_core_security_list",
        'ingress_security_rules {{\n  protocol = "6"\n  source = "{source}"\n  tcp_options {{\n    min = {port}\n    max = {port}\n  }}\n}}',
        id="oracle",
    ),
    pytest.param(
        "google_compute_network_firewall_policy_rule",
        'direction = "INGRESS"\naction = "allow"\nmatch {{\n  src_ip_ranges = ["{source}"]\n  layer4_configs {{\n    ip_protocol = "tcp"\n    ports = ["{port}"]\n  }}\n}}',
        id="google-policy",
    ),
]


def rules(type_: str, body: str) -> set[str]:
    text = f'resource "{type_}" "f" {{\n{body}\n}}\n'
    file = load(MemoryTree({"main.tf": text}), "main.tf")
    assert file is not None
    return set(violations(file))


@pytest.mark.parametrize(("type_", "body"), FIREWALLS)
def test_ssh_open_to_the_internet(type_: str, body: str) -> None:
    assert rules(type_, body.format(port=22, source="0.0.0.0/0")) == {"cloud-open-ssh"}


@pytest.mark.parametrize(("type_", "body"), FIREWALLS)
def test_ssh_open_to_some(type_: str, body: str) -> None:
    assert rules(type_, body.format(port=22, source="10.0.0.0/8")) == set()
    assert rules(type_, body.format(port=22, source="${var.office}")) == set()


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("hcloud_firewall", 'rule {\n  direction = "out"\n  port = "22"\n  source_ips = ["0.0.0.0/0"]\n}'),
        ("scaleway_instance_security_group", 'inbound_rule {\n  action = "drop"\n  port = 22\n  ip_range = "0.0.0.0/0"\n}'),
        (
            "google_compute_firewall_policy_rule",
            'direction = "INGRESS"\naction = "deny"\nmatch {\n  src_ip_ranges = ["0.0.0.0/0"]\n  layer4_configs {\n    ip_protocol = "all"\n  }\n}',
        ),
    ],
)
def test_rules_that_let_nothing_in(type_: str, body: str) -> None:
    assert rules(type_, body) == set()


@pytest.mark.parametrize(
    ("preset", "source", "expected"),
    [
        ("ssh", "0.0.0.0/0", {"cloud-open-ssh"}),
        ("postgresql", "0.0.0.0/0", {"cloud-open-service-port"}),
        ("postgresql", "10.0.0.0/8", set()),
        ("https-443", "0.0.0.0/0", set()),
    ],
)
def test_modules_that_open_the_port_of_one_program(preset: str, source: str, expected: set[str]) -> None:
    text = f'module "g" {{\n  source = "terraform-aws-modules/security-group/aws//modules/{preset}"\n  ingress_cidr_blocks = ["{source}"]\n}}\n'
    file = load(MemoryTree({"main.tf": text}), "main.tf")
    assert file is not None
    assert set(violations(file)) == expected
