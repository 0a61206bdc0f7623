"""References followed to the literal that stands behind them: variables, locals, conditionals, loops, and sibling files."""

from __future__ import annotations

import pytest

from secops_hooks.config.cloud.find import violations
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Span
from secops_hooks.parse import load

OPEN = "cloud-open-ssh"


def lines(text: str, rule: str = OPEN, **beside: str) -> list[int]:
    """The lines of ``main.tf`` where ``rule`` is violated; ``beside``: further files by their stem."""
    tree = MemoryTree({"net/main.tf": text, **{f"net/{name}": content for name, content in beside.items()}})
    file = load(tree, "net/main.tf")
    assert file is not None
    hits = violations(file, tree).get(rule, [])
    return sorted((hit.at if isinstance(hit.at, Span) else hit.at.span).line for hit in hits)


def ingress(port: str, sources: str) -> str:
    return (
        f'resource "aws_security_group" "g" {{\n  ingress {{\n    from_port = {port}\n    to_port = {port}\n'
        f'    protocol = "tcp"\n    cidr_blocks = {sources}\n  }}\n}}\n'
    )


def loop(over: str, port: str = "ingress.value", sources: str = '["0.0.0.0/0"]', more: str = "") -> str:
    return (
        f'resource "aws_security_group" "g" {{\n  dynamic "ingress" {{\n    for_each = {over}\n{more}    content {{\n      from_port = {port}\n'
        f'      to_port = {port}\n      protocol = "tcp"\n      cidr_blocks = {sources}\n    }}\n  }}\n}}\n'
    )


WORLD = '["0.0.0.0/0"]'
OFFICE = '["10.0.0.0/8"]'
SEEN = [
    pytest.param(ingress("22", "var.from") + f'variable "from" {{\n  default = {WORLD}\n}}\n', [2], id="variable"),
    pytest.param(ingress("22", "local.from") + f"locals {{\n  from = {WORLD}\n}}\n", [2], id="local"),
    pytest.param(
        ingress("22", "local.from") + f'locals {{\n  from = var.from\n}}\nvariable "from" {{\n  default = {WORLD}\n}}\n', [2], id="chain"
    ),
    pytest.param(ingress("22", 'local.nets["all"].v4') + f"locals {{\n  nets = {{ all = {{ v4 = {WORLD} }} }}\n}}\n", [2], id="inside"),
    pytest.param(ingress("22", "[local.nets[1]]") + 'locals {\n  nets = ["10.0.0.0/8", "0.0.0.0/0"]\n}\n', [2], id="index"),
    pytest.param(ingress("22", "[local.nets[7]]") + 'locals {\n  nets = ["0.0.0.0/0"]\n}\n', [], id="index-behind-the-end"),
    pytest.param(ingress("22", "local.from") + f'variable "from" {{\n  default = {WORLD}\n}}\n', [], id="a-local-is-no-variable"),
    pytest.param(ingress("22", f"concat({WORLD}, var.more)"), [2], id="joined"),
    pytest.param(ingress("22", "concat(var.more, local.mine)"), [], id="joined-unknown"),
    pytest.param(ingress("22", f'var.v6 ? ["0.0.0.0/0", "::/0"] : {WORLD}'), [2], id="both-arms"),
    pytest.param(ingress("22", f"var.open ? {WORLD} : {OFFICE}"), [], id="one-arm"),
    pytest.param(
        ingress("22", f"var.open ? {WORLD} : {OFFICE}") + 'variable "open" {\n  default = true\n}\n', [2], id="switched-on-by-default"
    ),
    pytest.param(
        ingress("22", f"!var.open ? {WORLD} : {OFFICE}") + 'variable "open" {\n  default = true\n}\n', [], id="switched-off-by-default"
    ),
    pytest.param(loop("[443, 22]"), [8], id="dynamic-ports"),
    pytest.param(loop("toset([443, 8080])"), [], id="dynamic-other-ports"),
    pytest.param(loop("var.ports"), [], id="dynamic-unknown"),
    pytest.param(
        loop("local.rules", "ingress.value.port", "ingress.value.nets") + f"locals {{\n  rules = [{{ port = 22, nets = {WORLD} }}]\n}}\n",
        [8],
        id="dynamic-objects",
    ),
    pytest.param(loop("[22]", "each_port.value", more="    iterator = each_port\n"), [9], id="iterator"),
    pytest.param(
        'resource "aws_security_group_rule" "r" {\n  for_each = { ssh = 22, web = 443 }\n  type = "ingress"\n  protocol = "tcp"\n'
        '  from_port = each.value\n  to_port = each.value\n  cidr_blocks = ["0.0.0.0/0"]\n}\n',
        [7],
        id="for-each",
    ),
]


@pytest.mark.parametrize(("text", "expected"), SEEN)
def test_what_a_reference_stands_for(text: str, expected: list[int]) -> None:
    assert lines(text) == expected


USE = ingress("22", "var.from")


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        pytest.param({"variables.tf": f'variable "from" {{\n  default = {WORLD}\n}}\n'}, [2], id="default"),
        pytest.param({"variables.tf": 'variable "from" {}\n', "terraform.tfvars": f"from = {WORLD}\n"}, [2], id="assigned"),
        pytest.param(
            {"variables.tf": f'variable "from" {{\n  default = {WORLD}\n}}\n', "terraform.tfvars": f"from = {OFFICE}\n"},
            [],
            id="assigned-otherwise",
        ),
        pytest.param({"variables.tf": 'variable "from" {\n  default = null\n}\n'}, [], id="null"),
        pytest.param({"variables.tf": 'variable "from" { "'}, [], id="broken"),
    ],
)
def test_other_files_of_the_module_count(beside: dict[str, str], expected: list[int]) -> None:
    assert lines(USE, **beside) == expected


def test_one_of_two_bad_values_is_bad_whichever_it_is() -> None:
    text = 'resource "azurerm_storage_account" "a" {\n  min_tls_version = var.old ? "TLS1_0" : "%s"\n}\n'
    assert lines(text % "TLS1_1", "cloud-weak-tls") == [2]
    assert lines(text % "TLS1_2", "cloud-weak-tls") == []


def test_a_policy_in_a_local_is_reported_where_it_is_attached() -> None:
    text = (
        'locals {\n  p = <<EOF\n{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}\nEOF\n}\n'
        'resource "aws_iam_policy" "p" {\n  policy = local.p\n}\n'
    )
    assert lines(text, "cloud-admin-policy") == [7]


def test_what_a_reference_stands_for_is_not_mended_at_the_reference() -> None:
    tree = MemoryTree({"main.tf": 'resource "aws_db_instance" "d" {\n  publicly_accessible = local.p\n}\nlocals {\n  p = true\n}\n'})
    file = load(tree, "main.tf")
    assert file is not None
    assert [hit.mend for hit in violations(file, tree)["cloud-public-database"]] == [None]


IF = "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress:\n{}"
RULE = "{{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: {}}}"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            f"        Fn::If:\n          - C\n          - - {RULE.format('0.0.0.0/0')}\n          - !Ref AWS::NoValue\n", 1, id="list"
        ),
        pytest.param(f"        - {RULE.format('!If [C, 0.0.0.0/0, 0.0.0.0/0]')}\n", 1, id="both-branches"),
        pytest.param(f"        - {RULE.format('!If [C, 0.0.0.0/0, 10.0.0.0/8]')}\n", 0, id="one-branch"),
        pytest.param(f"        - {RULE.format('!If [C, 0.0.0.0/0, !Ref From]')}\n", 0, id="unknown-branch"),
    ],
)
def test_what_a_condition_of_cloudformation_chooses_between(rules: str, expected: int) -> None:
    text = IF.format(rules)
    file = load(MemoryTree({"net.yaml": text}), "net.yaml")
    assert file is not None
    assert len(violations(file).get(OPEN, [])) == expected


def test_conditions_within_conditions_end() -> None:
    arms = "true"
    for number in range(200):
        arms = f"(var.a{number} ? {arms} : {arms if number < 3 else 'false'})"
    assert lines(f'resource "aws_db_instance" "d" {{\n  publicly_accessible = {arms}\n}}\n', "cloud-public-database") == []


def test_a_condition_that_is_its_own_branch_ends() -> None:
    text = "Resources:\n  D:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      PubliclyAccessible:\n        Fn::If: &loop [C, {Fn::If: *loop}, true]\n"
    file = load(MemoryTree({"db.yaml": text}), "db.yaml")
    assert file is not None
    assert "cloud-public-database" not in violations(file)


def test_a_loop_over_much_is_not_unrolled() -> None:
    ports = ", ".join(str(port) for port in range(20, 2000))
    assert lines(loop(f"[{ports}]")) == []
