"""What takes several settings of Google Cloud resources together: firewalls, grants to everybody, basic roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..match import Hit
from ..predicates import scalar_text, world_open_cidr
from .fact import at
from .ports import ALL, exposes, interval
from .resource import first, reach

if TYPE_CHECKING:
    from ...parse.node import Node
    from .fact import Finder
    from .resource import Resource, View


def firewall(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Ports that a firewall opens to the internet, each at the port; where all are open, at the protocol."""
    body = resource.body
    direction = first(body, "direction")
    if direction is not None and (scalar_text(direction) or "").upper() != "INGRESS":
        return
    sources = [node for node in reach(body, "source_ranges[]") if world_open_cidr(node) is True]
    disabled = first(body, "disabled")
    if not sources or (disabled is not None and scalar_text(disabled) == "true"):
        return
    for allow in reach(body, "allow[]"):
        yield from _opened(allow, "protocol")


def _opened(allow: Node, path: str) -> Iterator[tuple[str, Hit]]:
    """What an entry that allows a protocol (at ``path``) and perhaps ports lets in."""
    protocol = first(allow, path)
    name = (scalar_text(protocol) or "").lower() if protocol is not None else ""
    ports = reach(allow, "ports[]")
    every = name == "all" or (not ports and name in ("tcp", "udp") and first(allow, "ports") is None)
    if every and protocol is not None:
        yield from ((rule, at(protocol)) for rule in exposes([ALL]))
    for node in ports:
        text = scalar_text(node)
        span = interval(text) if text is not None else None
        for rule in exposes([span], name in ("udp", "17")) if span is not None else ():
            yield rule, at(node)


def policy_rule(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Ports that a rule of a firewall policy opens to the internet, each at the port; where all are open, at the protocol."""
    body = resource.body
    direction, action = first(body, "direction"), first(body, "action")
    if (direction is not None and (scalar_text(direction) or "").upper() != "INGRESS") or action is None or scalar_text(action) != "allow":
        return
    for match in reach(body, "match[]"):
        if any(world_open_cidr(node) is True for node in reach(match, "src_ip_ranges[]")):
            for config in reach(match, "layer4_configs[]"):
                yield from _opened(config, "ip_protocol")


_EVERYBODY: Final = ("allUsers", "allAuthenticatedUsers")
_BASIC: Final = ("roles/owner", "roles/editor")
_IMPERSONATING: Final = frozenset(
    f"roles/{name}"
    for name in (
        "iam.serviceAccountUser", "iam.serviceAccountTokenCreator", "iam.serviceAccountAdmin", "iam.serviceAccountKeyAdmin", "iam.workloadIdentityUser",
        "iam.securityAdmin", "resourcemanager.folderAdmin", "resourcemanager.folderIamAdmin", "resourcemanager.projectIamAdmin",
        "resourcemanager.organizationAdmin", "dataproc.admin", "dataproc.editor", "dataproc.serviceAgent", "dataflow.admin", "dataflow.developer",
        "composer.admin", "cloudfunctions.admin", "cloudfunctions.developer", "cloudbuild.builds.editor", "deploymentmanager.editor", "run.admin",
        "serverless.serviceAgent",
    )
)  # fmt: skip
_ADMIN: Final = re.compile(r"(?i)\Aroles/(\w+\.)?\w*admin\Z")


def members(rule: str) -> Finder:
    """A finder of grants to everybody."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for node in reach(resource.body, "{member,members}[]"):
            if scalar_text(node) in _EVERYBODY:
                yield rule, at(node)

    return find


def roles(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Basic roles, roles that let their bearer act as service accounts, and administrators' roles of service accounts."""
    role = first(resource.body, "role")
    text = scalar_text(role) if role is not None else None
    if role is None or text is None:
        return
    level = next((word for word in ("folder", "organization") if word in resource.type), "project")
    basic = "cloud-basic-role" if level == "project" else "cloud-basic-role-above-projects"
    if text in _BASIC:
        yield basic, at(role)
    elif text == "roles/viewer":
        yield basic, at(role, tier="audit")
    elif text in _IMPERSONATING:
        yield "cloud-impersonation-role", at(role)
    elif _ADMIN.match(text) and any(
        (scalar_text(node) or "").startswith("serviceAccount:") for node in reach(resource.body, "{member,members}[]")
    ):
        yield "cloud-admin-service-account", at(role)
    for node in reach(resource.body, "{member,members}[]"):
        if (scalar_text(node) or "").endswith("@gmail.com"):
            yield "cloud-personal-account", at(node)


def default_service_account(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """Machines that run as the project's default service account, told to or by default."""
    blocks = reach(resource.body, "service_account") + reach(resource.body, "node_config.service_account")
    for block in blocks:
        node: Node | None = first(block, "email") if block.resolved.kind == "mapping" else block
        if node is None and block.resolved.kind == "mapping":
            yield "cloud-default-service-account", at(block, "email is not set here, so that the default service account is used", key=True)
        elif node is not None and re.search(r"\A(default|)\Z|-compute@developer\.gserviceaccount\.com\Z", scalar_text(node) or "x"):
            yield "cloud-default-service-account", at(node)
    if not blocks and not resource.explicit:
        yield (
            "cloud-default-service-account",
            at(resource.at, "no service_account is set here, so that the default one is used", key=True, tier="audit"),
        )
