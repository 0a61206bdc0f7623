"""What takes several settings of Azure resources together: rules of network security groups, in Terraform and in ARM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..match import Hit
from ..predicates import scalar_text, world_open_cidr
from .fact import at
from .ports import exposes, interval
from .resource import first, reach

if TYPE_CHECKING:
    from ...parse.node import Node
    from .fact import Finder
    from .resource import Resource, View

_SOURCES = "{source_address_prefix,source_address_prefixes,sourceAddressPrefix,sourceAddressPrefixes}[]"
_PORTS = "{destination_port_range,destination_port_ranges,destinationPortRange,destinationPortRanges}[]"


def _says(body: Node, names: str, word: str) -> bool:
    node = first(body, names)
    return node is not None and (scalar_text(node) or "").lower() == word


def _everywhere(node: Node) -> bool:
    """Whether a source is the whole internet; Azure also takes a service tag, a bare ``0.0.0.0`` or no network at all (``/0``)."""
    text = scalar_text(node)
    return text is not None and (world_open_cidr(node) is True or text.strip() in ("0.0.0.0", "::") or text.endswith("/0"))  # noqa: S104


def rule_of_group(body: Node) -> Iterator[tuple[str, Hit]]:
    """Violations of one rule of a network security group, at its ports."""
    if not _says(body, "access", "allow") or not _says(body, "direction", "inbound"):
        return
    if not any(_everywhere(node) for node in reach(body, _SOURCES)):
        return
    if _says(body, "protocol", "icmp"):
        return
    udp = _says(body, "protocol", "udp")
    seen: set[str] = set()
    for node in reach(body, _PORTS):
        text = scalar_text(node)
        for part in (text or "").split(","):
            span = interval(part)
            for rule in exposes([span], udp) if span is not None else ():
                if rule not in seen:
                    seen.add(rule)
                    yield rule, at(node)


def rules(path: str) -> Finder:
    """A finder of open rules at ``path``; empty: the resource is one."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for body in reach(resource.body, path + "[]") if path else (resource.body,):
            yield from rule_of_group(body)

    return find


def database_firewall(path: str = "") -> Finder:
    """A finder of database firewall rules that admit every address, or every Azure customer, or thousands."""

    def find(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
        for body in reach(resource.body, path + "[]") if path else (resource.body,):
            start = first(body, "{start_ip_address,start_ip,startIpAddress,startIPAddress}")
            end = first(body, "{end_ip_address,end_ip,endIpAddress,endIPAddress}")
            low, high = (scalar_text(node) if node is not None else None for node in (start, end))
            if start is None or end is None or low is None or high is None:
                continue
            if low in ("0.0.0.0", "0.0.0.0/0"):  # noqa: S104
                yield "cloud-database-open-to-azure" if high == low else "cloud-open-database-firewall", at(start)
            elif _width(low, high) > 256:
                yield "cloud-wide-database-firewall", at(start)

    return find


def _width(low: str, high: str) -> int:
    """How many addresses there are from ``low`` to ``high``."""
    import ipaddress

    try:
        return int(ipaddress.IPv4Address(high)) - int(ipaddress.IPv4Address(low)) + 1
    except ValueError:
        return 0
