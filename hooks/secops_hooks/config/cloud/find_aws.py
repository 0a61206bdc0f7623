"""What takes several settings of AWS resources together: open security groups, and policies that grant too much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

from ..match import Hit
from ..predicates import scalar_text, world_open_cidr
from . import policy
from .fact import Finder, at
from .ports import ALL, Interval, exposes, is_any_protocol, number
from .resource import first, is_dynamic, reach

if TYPE_CHECKING:
    from ...parse.node import Node
    from .fact import Table
    from .resource import Resource, View


class Names(NamedTuple):
    """What a language calls the parts of a security group's rule."""

    low: str
    high: str
    protocol: str
    sources: str
    ports: str = ""


TERRAFORM: Final = Names("from_port", "to_port", "{protocol,ip_protocol}", "{cidr_blocks,ipv6_cidr_blocks,cidr_ipv4,cidr_ipv6}[]")
CLOUDFORMATION: Final = Names("FromPort", "ToPort", "IpProtocol", "{CidrIp,CidrIpv6}")
ANSIBLE: Final = Names("from_port", "to_port", "proto", "{cidr_ip,cidr_ipv6}[]", "ports[]")


def open_sources(body: Node, names: Names) -> list[Node]:
    """The sources that are the whole internet."""
    return [node for node in reach(body, names.sources) if world_open_cidr(node) is True]


def opened(body: Node, names: Names) -> list[Interval]:
    """The ports that a rule lets in; none when they are not known."""
    if is_any_protocol(first(body, names.protocol)):
        return [ALL]
    if names.ports and (listed := reach(body, names.ports)):
        found = [_listed(node) for node in listed]
        return [each for each in found if each is not None]
    low_node, high_node = first(body, names.low), first(body, names.high)
    low, high = number(low_node), number(high_node)
    if low == -1 or high == -1:
        protocol = first(body, names.protocol)
        return [] if protocol is not None and (scalar_text(protocol) or "").lower() in ("icmp", "icmpv6", "58", "1") else [ALL]
    if low is None and high is None:
        return [ALL] if low_node is None and high_node is None and first(body, names.protocol) is not None and _tcp(body, names) else []
    low = high if low is None and low_node is None else low
    high = low if high is None and high_node is None else high
    return [(low, high)] if low is not None and high is not None else []


def _tcp(body: Node, names: Names) -> bool:
    protocol = first(body, names.protocol)
    return protocol is not None and (scalar_text(protocol) or "").lower() in ("tcp", "udp", "6", "17")


def _listed(node: Node) -> Interval | None:
    from .ports import interval

    text = scalar_text(node)
    return interval(text) if text is not None else None


def rule_of_group(body: Node, names: Names, block: Node | None) -> Iterator[tuple[str, Hit]]:
    """Violations of one rule. ``block``: the entry that is the rule; then it is reported from its key to the open source."""
    sources = open_sources(body, names)
    if not sources:
        return
    protocol = first(body, names.protocol)
    udp = protocol is not None and (scalar_text(protocol) or "").lower() in ("udp", "17")
    for rule in exposes(opened(body, names), udp):
        if block is not None and block.key is not None and block.start <= sources[0].start:
            yield rule, Hit(block.source.span(block.key_start, sources[0].end), within=sources[0])
        else:
            for source in sources:
                yield rule, at(source)


def group(block: str, names: Names) -> Finder:
    """A finder of open rules written as ``block`` entries of a security group."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for entry in reach(resource.body, block):
            if entry.resolved.kind == "sequence":
                for item in reach(entry, "[]"):
                    yield from rule_of_group(item, names, None)
            else:
                yield from rule_of_group(entry, names, entry if entry.key != "content" and names is TERRAFORM else None)

    return find


def flat(names: Names, direction: str = "") -> Finder:
    """A finder for resources that are one rule each; ``direction``: the setting that must read ``ingress``."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        way = first(resource.body, direction) if direction else None
        if direction and (way is None or (scalar_text(way) or "").lower() != "ingress"):
            return
        yield from rule_of_group(resource.body, names, None)

    return find


def egress(block: str, names: Names) -> Finder:
    """A finder of rules that let everything out to everywhere."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for entry in reach(resource.body, block + "[]") if block else (resource.body,):
            sources = open_sources(entry, names)
            if (sources and ALL in opened(entry, names)) or (sources and (0, 0) in opened(entry, names)):
                yield "cloud-open-egress", at(sources[0])

    return find


def all_ports_of_nacl(block: str) -> Finder:
    """A finder of network ACL entries that let in the whole internet; ``block`` empty: the resource is one entry."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for body in reach(resource.body, block + "[]") if block else (resource.body,):
            action = first(body, "{action,rule_action,RuleAction}")
            out = first(body, "{egress,Egress}")
            if action is None or (scalar_text(action) or "").lower() != "allow" or (out is not None and out.text.lower() != "false"):
                continue
            sources = [
                node for node in reach(body, "{cidr_block,ipv6_cidr_block,CidrBlock,Ipv6CidrBlock}") if world_open_cidr(node) is True
            ]
            protocol = first(body, "{protocol,Protocol}")
            low, high = number(first(body, "{from_port,PortRange}")), number(first(body, "to_port"))
            if sources and is_any_protocol(protocol):
                yield "cloud-open-network-acl", at(sources[0])
            elif sources and low is not None and high is not None:
                for rule in exposes([(low, high)]):
                    if rule in ("cloud-open-ssh", "cloud-open-rdp", "cloud-open-all-ports"):
                        yield "cloud-open-network-acl", at(sources[0])

    return find


# -- policies

_ACCOUNT: Final = re.compile(r"\A(\d{12}|arn:aws[\w-]*:iam::\d{12}:root)\Z")
_ESCALATING: Final = frozenset(
    {
        "iam:passrole", "iam:createpolicyversion", "iam:setdefaultpolicyversion", "iam:attachuserpolicy", "iam:attachgrouppolicy", "iam:attachrolepolicy",
        "iam:putuserpolicy", "iam:putgrouppolicy", "iam:putrolepolicy", "iam:addusertogroup", "iam:updateassumerolepolicy", "iam:createaccesskey",
        "iam:createloginprofile", "iam:updateloginprofile", "iam:*",
    }
)  # fmt: skip


# what hands out credentials, and what gives data away, where it may be done to everything
_CREDENTIALS: Final = (
    "iam:createaccesskey", "iam:createloginprofile", "iam:createservicespecificcredential", "iam:resetservicespecificcredential", "iam:updateaccesskey",
    "sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:getfederationtoken", "rds-db:connect", "redshift:getclustercredentials",
    "cognito-identity:getcredentialsforidentity", "cognito-identity:getopenidtokenfordeveloperidentity", "lightsail:downloaddefaultkeypair", "sso:getrolecredentials",
)  # fmt: skip
_DATA: Final = (
    "s3:getobject", "ssm:getparameter", "ssm:getparameters", "ssm:getparametersbypath", "secretsmanager:getsecretvalue", "dynamodb:scan",
    "rds-data:executestatement", "athena:getqueryresults",
)  # fmt: skip


def _covers(action: Node, wanted: tuple[str, ...]) -> bool:
    """Whether ``action``, which may hold wildcards, is one of ``wanted``."""
    text = (scalar_text(action) or "").lower()
    return text in wanted or ("*" in text and len(text) < _LONGEST_ACTION and any(fnmatchcase(each, text) for each in wanted))


_LONGEST_ACTION: Final = 100
_NO_RESOURCES: Final = re.compile(
    r"(?i)\*|\w+:(describe|list|get(account|service|authorization|callers?|metric|log|trace|sampling|cost)|put(metric|trace|telemetry))"
)


def _could_name_resources(action: Node) -> bool:
    """Whether ``action`` is known and one that can be granted on some resources only; those that list, describe or trace cannot."""
    text = scalar_text(action)
    return text is not None and _NO_RESOURCES.match(text) is None


def _span(statement: policy.Statement, node: Node, holder: Node | None) -> Hit:
    """From the attribute that holds the document, if it is one, to the offending value."""
    source = (holder or node).source if statement.located is not None else node.source
    start, end = statement.offsets(node)
    if holder is not None and holder.key is not None and holder.source is source:
        return Hit(source.span(holder.key_start, end), within=holder)
    return Hit(source.span(start, end), within=holder) if statement.located is not None else at(node)


def identity(statement: policy.Statement, holder: Node | None) -> Iterator[tuple[str, Hit]]:
    """Violations of a statement that says what its bearer may do."""
    if not statement.allow:
        return
    action, resource = policy.star(statement.actions), policy.star(statement.resources)
    if action is not None:
        yield "cloud-admin-policy" if resource is not None else "cloud-policy-all-actions", _span(statement, action, holder)
        return
    service = policy.service_star(statement.actions)
    if service is not None:
        yield "cloud-policy-service-wildcard", _span(statement, service, holder)
    if resource is not None:
        for node in statement.actions:
            text = scalar_text(node)
            if text is not None and text.lower() in _ESCALATING:
                yield "cloud-privilege-escalation", _span(statement, node, holder)
                break
        if not statement.conditional:
            for rule, wanted in (("cloud-policy-credentials-of-all", _CREDENTIALS), ("cloud-policy-data-of-all", _DATA)):
                found = next((node for node in statement.actions if _covers(node, wanted)), None)
                if found is not None:
                    yield rule, _span(statement, found, holder)
        if service is None and not statement.conditional and any(_could_name_resources(node) for node in statement.actions):
            yield "cloud-policy-any-resource", _span(statement, resource, holder)
    if statement.not_actions and not statement.principals:
        yield "cloud-policy-not-action", _span(statement, statement.not_actions[0], holder)


def of_resource(statement: policy.Statement, holder: Node | None) -> Iterator[tuple[str, Hit]]:
    """Violations of a statement that says who may do something with a resource."""
    if not statement.allow:
        return
    who = policy.star(statement.principals)
    if who is not None:
        hit = _span(statement, who, holder)
        yield "cloud-public-policy", hit._replace(tier="audit") if statement.conditional else hit
    action = policy.star(statement.actions)
    if action is not None:
        yield "cloud-policy-all-actions", _span(statement, action, holder)
    if statement.not_actions:
        yield "cloud-policy-not-action", _span(statement, statement.not_actions[0], holder)
    if statement.not_principals:
        yield "cloud-public-policy", _span(statement, statement.not_principals[0], holder)


GITHUB: Final = "token.actions.githubusercontent.com"
_ANY_REPOSITORY: Final = re.compile(r"(?:\*|repo:\*.*|repo:\*/.*)\Z")


def trust(statement: policy.Statement, holder: Node | None) -> Iterator[tuple[str, Hit]]:
    """Violations of a statement that says who may take on a role."""
    if not statement.allow:
        return
    who = policy.star(statement.principals) or policy.star(statement.federated) or policy.star(statement.services)
    if who is not None:
        hit = _span(statement, who, holder)
        yield "cloud-public-assume-role", hit._replace(tier="audit") if statement.conditional else hit
        return
    provider = next((node for node in statement.federated if GITHUB in node.text), None)
    subjects = [node for key, nodes in policy.conditions(statement) if key.lower().startswith(GITHUB) for node in nodes]
    if provider is not None or subjects:
        wide = next((node for node in subjects if _ANY_REPOSITORY.match(scalar_text(node) or "")), None)
        named = [
            node
            for key, nodes in policy.conditions(statement)
            if key.lower().startswith(GITHUB) and not key.lower().endswith(":aud")
            for node in nodes
        ]
        if wide is not None:
            yield "cloud-github-oidc-open", _span(statement, wide, holder)
        elif provider is not None and not named and not policy.unknown_conditions(statement):
            yield "cloud-github-oidc-open", _span(statement, provider, holder)
        return
    if statement.conditional:
        return
    for node in statement.principals:
        text = scalar_text(node)
        if text is not None and _ACCOUNT.match(text):
            yield "cloud-assume-role-whole-account", _span(statement, node, holder)
            return


def document(statement: policy.Statement, holder: Node | None) -> Iterator[tuple[str, Hit]]:
    """Violations of a statement of which only its contents tell what it is for."""
    actions = {scalar_text(node) for node in statement.actions}
    if statement.principals or statement.not_principals or statement.federated or statement.services:
        trusting = any(action is not None and action.lower().startswith("sts:assumerole") for action in actions)
        yield from (trust if trusting else of_resource)(statement, holder)
    else:
        yield from identity(statement, holder)


Judge = Callable[[policy.Statement, "Node | None"], Iterable[tuple[str, Hit]]]


def policies(path: str, judge: Judge, from_key: bool = False) -> Finder:
    """A finder that judges each statement of the policy documents at ``path``.

    ``from_key``: report from the attribute's key on, where a comment can stand (inside a document in a string none can).
    """

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for node in reach(resource.body, path):
            if node.resolved.kind == "mapping" and is_dynamic(node):
                continue
            for statement in policy.statements(node):
                yield from judge(statement, node if from_key or statement.located is not None else None)

    return find


def data_document(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Judges a data source ``aws_iam_policy_document``."""
    for statement in policy.of_blocks(resource.body):
        yield from document(statement, None)


def containers(path: str, from_key: bool = True) -> Finder:
    """A finder for container definitions of ECS, as a list or as JSON in a string: privileged ones."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for node in reach(resource.body, path):
            yield from _privileged(node, from_key)

    return find


def _privileged(node: Node, from_key: bool) -> Iterator[tuple[str, Hit]]:
    located = None
    holder = node
    if node.kind == "scalar":
        if node.text.lstrip()[:1] != "[":
            return
        parsed = policy.embedded(node)
        if parsed is None:
            return
        node, located = parsed
    for entry in reach(node, "{privileged,Privileged}"):
        if (scalar_text(entry) or "").lower() != "true":
            continue
        start, end = (entry.start, entry.end) if located is None else (located.offset(entry.start), located.end(entry.end))
        if located is not None or (from_key and holder.key is not None):
            yield "cloud-privileged-container", Hit(holder.source.span(holder.key_start if from_key else start, end), within=holder)
        else:
            yield "cloud-privileged-container", at(entry)


def add_policies(table: Table, rows: Iterable[tuple[str, str, Judge]], from_key: bool) -> None:
    """Puts (types, path, judge) rows into ``table``."""
    for types, path, judge in rows:
        table.find(types, policies(path, judge, from_key))
