"""Resources in every language, ports, policies in every form, and defaults of variables."""

from __future__ import annotations

import pytest

from secops_hooks.config import check as door
from secops_hooks.config.cloud.find import violations
from secops_hooks.config.cloud.ports import exposes, interval
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings

ARM = '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", '


def found(path: str, text: str) -> list[tuple[str, int]]:
    """(rule, line) of what is found above tier audit, sorted."""
    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    return sorted(
        (f.rule.id, f.span.line)
        for f in door.check(file, tree, Settings(tier="warn"))
        if f.tier != "audit" and f.rule.id.startswith("cloud-")
    )


SAME_FACT = [
    pytest.param("main.tf", 'resource "aws_db_instance" "d" {\n  publicly_accessible = true\n}\n', 2, id="terraform"),
    pytest.param("main.tf.json", '{"resource": {"aws_db_instance": {"d": {\n"publicly_accessible": true}}}}', 2, id="terraform-json"),
    pytest.param(
        "main.tf.json", '{"resource": [{"aws_db_instance": [{"d": [{\n"publicly_accessible": true}]}]}]}', 2, id="terraform-json-lists"
    ),
    pytest.param(
        "db.yaml",
        "Resources:\n  D:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      PubliclyAccessible: true\n",
        5,
        id="cloudformation-yaml",
    ),
    pytest.param(
        "db.json",
        '{"Resources": {"D": {"Type": "AWS::RDS::DBInstance", "Properties": {\n"PubliclyAccessible": "true"}}}}',
        2,
        id="cloudformation-json",
    ),
    pytest.param(
        "serverless.yml",
        "service: s\nresources:\n  Resources:\n    D:\n      Type: AWS::RDS::DBInstance\n      Properties:\n        PubliclyAccessible: true\n",
        7,
        id="serverless",
    ),
    pytest.param(
        "playbooks/db.yml", "- hosts: all\n  tasks:\n    - amazon.aws.rds_instance:\n        publicly_accessible: yes\n", 4, id="ansible"
    ),
    pytest.param(
        "playbooks/db.yml",
        "- hosts: all\n  tasks:\n    - block:\n        - rds_instance:\n            publicly_accessible: true\n",
        5,
        id="ansible-block",
    ),
    pytest.param(
        "main.tf", 'module "d" {\n  source = "terraform-aws-modules/rds/aws"\n  publicly_accessible = true\n}\n', 3, id="terraform-module"
    ),
]


@pytest.mark.parametrize(("path", "text", "line"), SAME_FACT)
def test_one_rule_for_every_language(path: str, text: str, line: int) -> None:
    assert ("cloud-public-database", line) in found(path, text)


def group(body: str) -> str:
    return f'resource "aws_security_group" "g" {{\n{body}\n}}\n'


OPEN = [
    pytest.param(
        group('  ingress = [{\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }]'),
        ["cloud-open-ssh"],
        id="list",
    ),
    pytest.param(
        group(
            '  dynamic "ingress" {\n    for_each = var.ports\n    content {\n      from_port = 22\n      to_port = 22\n      protocol = "tcp"\n      cidr_blocks = ["0.0.0.0/0"]\n    }\n  }'
        ),
        ["cloud-open-ssh"],
        id="dynamic",
    ),
    pytest.param(
        group('  ingress {\n    from_port = 20\n    to_port = 3400\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }'),
        ["cloud-open-rdp", "cloud-open-service-port", "cloud-open-ssh"],
        id="range",
    ),
    pytest.param(
        group('  ingress {\n    from_port = 0\n    to_port = 65535\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }'),
        ["cloud-open-all-ports"],
        id="all-ports-are-one-finding",
    ),
    pytest.param(
        group('  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "udp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }'), [], id="udp"
    ),
    pytest.param(
        group('  ingress {\n    from_port = -1\n    to_port = -1\n    protocol = "icmp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }'),
        [],
        id="ping",
    ),
    pytest.param(
        group('  ingress {\n    from_port = var.port\n    to_port = var.port\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }'),
        [],
        id="unknown-port",
    ),
    pytest.param(
        group('  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = var.cidrs\n  }'),
        [],
        id="unknown-source",
    ),
    pytest.param(
        group('  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    ipv6_cidr_blocks = ["0000:0000::/0"]\n  }'),
        ["cloud-open-ssh"],
        id="spelled-out",
    ),
    pytest.param(
        'variable "cidr" {\n  default = "0.0.0.0/0"\n}\n'
        + group('  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = [var.cidr]\n  }'),
        ["cloud-open-ssh"],
        id="default-of-a-variable",
    ),
]


@pytest.mark.parametrize(("text", "rules"), OPEN)
def test_open_ports(text: str, rules: list[str]) -> None:
    assert sorted({rule for rule, _ in found("main.tf", text)}) == rules


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("22", (22, 22)),
        (" 20-25 ", (20, 25)),
        ("8000:8080", (8000, 8080)),
        ("*", (0, 65535)),
        ("", None),
        ("ssh", None),
        ("1-2-3", None),
        ("9" * 50, None),
    ],
)
def test_interval(text: str, span: tuple[int, int] | None) -> None:
    assert interval(text) == span


def test_only_web_ports_are_nothing() -> None:
    assert exposes([(443, 443)]) == ["cloud-open-web-port"]
    assert exposes([(80, 80)]) == ["cloud-open-http-port"]
    assert exposes([(444, 444)]) == ["cloud-open-port"]


STATEMENT = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
POLICIES = [
    pytest.param("main.tf", f'resource "aws_iam_policy" "p" {{\n  policy = <<EOF\n{STATEMENT}\nEOF\n}}\n', 2, id="heredoc"),
    pytest.param(
        "main.tf", f'resource "aws_iam_policy" "p" {{\n  policy = <<-EOF\n    {STATEMENT}\n    EOF\n}}\n', 2, id="indented-heredoc"
    ),
    pytest.param("main.tf", 'resource "aws_iam_policy" "p" {\n  policy = "' + STATEMENT.replace('"', '\\"') + '"\n}\n', 2, id="string"),
    pytest.param(
        "main.tf",
        'resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = { Effect = "Allow", Action = ["*"], Resource = ["*"] } })\n}\n',
        2,
        id="jsonencode",
    ),
    pytest.param(
        "main.tf",
        'data "aws_iam_policy_document" "p" {\n  statement {\n    actions = ["*"]\n    resources = ["*"]\n  }\n}\n',
        3,
        id="document",
    ),
    pytest.param(
        "main.tf",
        'resource "aws_iam_role" "p" {\n  inline_policy {\n    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })\n  }\n}\n',
        3,
        id="inline",
    ),
    pytest.param(
        "p.json",
        '{"Resources": {"P": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument":\n' + STATEMENT + "}]}}}}",
        2,
        id="cloudformation",
    ),
    pytest.param(
        "serverless.yml",
        "service: s\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: '*'\n          Resource: '*'\n",
        8,
        id="serverless",
    ),
]


@pytest.mark.parametrize(("path", "text", "line"), POLICIES)
def test_policies_in_every_form(path: str, text: str, line: int) -> None:
    assert ("cloud-admin-policy", line) in found(path, text)


QUIET = [
    pytest.param("main.tf", 'resource "aws_iam_policy" "p" {\n  policy = "not json *"\n}\n', id="no-document"),
    pytest.param("main.tf", 'resource "aws_iam_policy" "p" {\n  policy = "{broken"\n}\n', id="broken-document"),
    pytest.param("main.tf", 'resource "aws_db_instance" "d" {\n  publicly_accessible = local.public\n}\n', id="local"),
    pytest.param(
        "db.yaml",
        "Resources:\n  D:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      PubliclyAccessible: !If [Test, true, false]\n",
        id="if",
    ),
    pytest.param(
        "db.json",
        '{"Resources": {"D": {"Type": "AWS::RDS::DBInstance", "Properties": {"PubliclyAccessible": {"Fn::If": ["T", true, false]}}}}}',
        id="fn-if",
    ),
    pytest.param(
        "a.json",
        ARM
        + '"resources": [{"type": "Microsoft.DBforPostgreSQL/servers", "name": "p", "properties": {"sslEnforcement": "[parameters(\'ssl\')]"}}]}',
        id="arm-expression",
    ),
    pytest.param(
        "main.tf", 'resource "aws_iam_role" {\n}\nresource {\n}\nresource "aws_s3_bucket" "b" {\n  acl = null\n}\n', id="odd-blocks"
    ),
]


@pytest.mark.parametrize(("path", "text"), QUIET)
def test_what_is_unknown_is_silent(path: str, text: str) -> None:
    assert found(path, text) == []


def test_arm_children_and_linked_deployments() -> None:
    child = '{"type": "blobServices/containers", "name": "c", "properties": {\n"publicAccess": "Blob"}}'
    text = (
        ARM + '"resources": [{"type": "Microsoft.Storage/storageAccounts", "name": "s", "properties": {}, "resources": [' + child + "]}]}"
    )
    assert ("cloud-public-container", 2) in found("a.json", text)
    nested = (
        ARM
        + '"resources": [{"type": "Microsoft.Resources/deployments", "name": "d", "properties": {"template": {"resources": [{"type": "Microsoft.Storage/storageAccounts", "name": "s", "properties": {\n"allowBlobPublicAccess": true}}]}}}]}'
    )
    assert ("cloud-public-storage-account", 2) in found("a.json", nested)


def test_arm_default_of_a_parameter() -> None:
    text = (
        ARM
        + '"parameters": {"p": {"type": "bool",\n"defaultValue": true}}, "resources": [{"type": "Microsoft.Storage/storageAccounts", "name": "s", "properties": {"allowBlobPublicAccess": "[parameters(\'p\')]"}}]}'
    )
    assert ("cloud-public-storage-account", 2) in found("a.json", text)


def test_default_of_a_cloudformation_parameter_is_reported_where_it_is_used() -> None:
    text = "Parameters:\n  From:\n    Type: String\n    Default: 0.0.0.0/0\nResources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress:\n        - IpProtocol: tcp\n          FromPort: 22\n          ToPort: 22\n          CidrIp: !Ref From\n"
    assert found("g.yaml", text) == [("cloud-open-ssh", 13)]


def test_conditions_make_a_public_policy_quieter() -> None:
    open_ = 'resource "aws_s3_bucket_policy" "p" {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "x" }] })\n}\n'
    limited = open_.replace('Resource = "x"', 'Resource = "x", Condition = { IpAddress = {} }')
    assert found("main.tf", open_) == [("cloud-public-policy", 2)]
    assert found("main.tf", limited) == []


def _hostile() -> list[object]:
    levels = "\n".join(
        f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10) if n else '{CidrIp: 0.0.0.0/0, IpProtocol: tcp, FromPort: 22, ToPort: 22}'}]"
        for n in range(30)
    )
    bomb = levels + "\nResources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress: *x29\n"
    wide = "y: &y {Ebs: {Encrypted: false}}\nl: &l [" + "*y, " * 3000 + "]\nResources:\n"
    wide += "".join(f"  I{n}:\n    Type: AWS::EC2::Instance\n    Properties:\n      BlockDeviceMappings: *l\n" for n in range(10))
    buckets = "".join(
        f'resource "aws_s3_bucket" "b{n}" {{\n}}\nresource "aws_s3_bucket_logging" "l{n}" {{\n  bucket = "x{n}"\n}}\n' for n in range(1500)
    )
    return [
        pytest.param("a.yaml", bomb, id="alias-bomb"),
        pytest.param("a.yaml", wide, id="wide-aliases"),
        pytest.param("main.tf", buckets, id="many-buckets"),
    ]


@pytest.mark.parametrize(("path", "text"), _hostile())
def test_hostile_templates_cost_little(path: str, text: str) -> None:
    from time import process_time

    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    assert file.document is not None
    start = process_time()
    violations(file)
    assert process_time() - start < 2


def test_references_do_not_run_in_circles() -> None:
    tree = MemoryTree(
        {"main.tf": 'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_db_instance" "d" {\n  publicly_accessible = local.a\n}\n'}
    )
    file = load(tree, "main.tf")
    assert file is not None
    assert "cloud-public-database" not in violations(file)


SAM = (
    "Transform: AWS::Serverless-2016-10-31\n{}Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n"
)


def rules_of(text: str) -> set[str]:
    file = load(MemoryTree({"template.yaml": text}), "template.yaml")
    assert file is not None
    return set(violations(file))


def test_what_all_functions_share_counts_for_each() -> None:
    assert "cloud-tracing-off" in rules_of(SAM.format("Globals:\n  Function:\n    MemorySize: 128\n")) ^ rules_of(SAM.format(""))
    assert "cloud-tracing-off" not in rules_of(SAM.format("Globals:\n  Function:\n    Tracing: Active\n"))


def test_what_all_functions_share_can_be_wrong() -> None:
    text = SAM.format("Globals:\n  Function:\n    FunctionUrlConfig:\n      AuthType: NONE\n")
    assert found("template.yaml", text) == [("cloud-public-function", 5)]
