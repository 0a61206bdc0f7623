"""How rules about cloud resources are written down: the parts that all of them share, and short forms of examples."""

from __future__ import annotations

from typing import Final

from ...finding import Example, Rule, Severity, Tier
from .find import concept

_DOCS: Final = {
    "aws": "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html",
    "azure": "https://learn.microsoft.com/security/benchmark/azure/overview",
    "google": "https://cloud.google.com/security/best-practices",
    "terraform": "https://developer.hashicorp.com/terraform/language",
    "github": "https://docs.github.com/code-security",
}


def has(type_: str, body: str, name: str = "this") -> str:
    """A Terraform resource with ``body``."""
    lines = "".join(f"  {line}\n" for line in body.strip("\n").split("\n"))
    return f'resource "{type_}" "{name}" {{\n{lines}}}\n'


def lacks(type_: str, body: str) -> str:
    """A Terraform resource reported at its name, because something is missing in ``body``."""
    return has(type_, body).replace('"this"', '«"this"»', 1)


def equivalents(ids: str) -> tuple[str, ...]:
    """``CKV_AWS_20 AWS-0092 38c5ee0d`` as ``tool:id``."""
    found = []
    for word in ids.split():
        if ":" in word:
            found.append(word)
        elif word.startswith("CKV"):
            found.append(f"checkov:{word}")
        else:
            found.append(f"trivy:{word}" if word[3:4] == "-" else f"kics:{word}")
    return tuple(found)


def rule(
    id: str,
    title: str,
    severity: Severity,
    tier: Tier,
    cwe: int,
    why: str,
    fix: str,
    ids: str,
    bad: tuple[str | Example, ...],
    good: tuple[str | Example, ...],
    docs: str = "aws",
    references: tuple[str, ...] = (),
    vary: bool = True,
) -> Rule:
    """A rule about a concept. Examples are Terraform unless they say otherwise; the first bad one with a variable is added
    to the good ones (``vary``: unless the setting is wrong whatever its value)."""
    varied = (Example(_varied(bad[0])),) if vary and isinstance(bad[0], str) and "= «" in bad[0] else ()
    return Rule(
        id=id,
        family="config",
        title=title,
        severity=severity,
        tier=tier,
        cwe=cwe,
        why=why,
        fix=fix,
        match=concept(id),
        equivalents=equivalents(ids),
        references=references or (_DOCS[docs],),
        bad=tuple(each if isinstance(each, Example) else Example(each, "main.tf") for each in bad),
        good=tuple(each if isinstance(each, Example) else Example(each, "main.tf") for each in good)
        + tuple(each._replace(path="main.tf") for each in varied),
    )


def _varied(text: str) -> str:
    """The text with variables in place of what it marks."""
    pieces = text.split("«")
    return pieces[0] + "".join("var.setting" + piece.partition("»")[2] for piece in pieces[1:])


def stack(type_: str, properties: str, path: str = "stack.yaml") -> Example:
    """A CloudFormation template in YAML with one resource."""
    lines = "".join(f"      {line}\n" for line in properties.strip("\n").split("\n"))
    return Example(f"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  This:\n    Type: {type_}\n    Properties:\n{lines}", path)


def template(type_: str, properties: str) -> Example:
    """An ARM template with one resource; ``properties`` is JSON without its braces."""
    text = (
        '{\n  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",\n  "contentVersion": "1.0.0.0",\n'
        f'  "resources": [\n    {{\n      "type": "{type_}",\n      "apiVersion": "2023-01-01",\n      "name": "this",\n      "properties": {{{properties}}}\n    }}\n  ]\n}}\n'
    )
    return Example(text, "azuredeploy.json")


def bicep(type_: str, properties: str) -> Example:
    """A Bicep file with one resource."""
    lines = "".join(f"    {line}\n" for line in properties.strip("\n").split("\n"))
    return Example(f"resource this '{type_}@2023-01-01' = {{\n  name: 'this'\n  properties: {{\n{lines}  }}\n}}\n", "main.bicep")


def task(module: str, arguments: str) -> Example:
    """An Ansible playbook with one task."""
    lines = "".join(f"        {line}\n" for line in arguments.strip("\n").split("\n"))
    return Example(f"- hosts: all\n  tasks:\n    - name: do it\n      {module}:\n{lines}", "playbooks/site.yml")


def bare(type_: str, properties: str) -> Example:
    """A CloudFormation template reported at its resource's name, because something is missing there."""
    made = stack(type_, properties)
    return made._replace(text=made.text.replace("This", "«This»", 1))
