"""A view of Compose files for rules: services, their mounts and published ports in both notations.

Knows the format, not what is bad. The notations: the Compose specification, ``volumes`` and ``ports``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..parse.node import UNKNOWN
from .kube import items

if TYPE_CHECKING:
    from ..parse import File
    from ..parse.node import Node

_WINDOWS: Final = re.compile(r"\A[A-Za-z]:[\\/]")
_PORT: Final = re.compile(r"\A(?:(?P<host>\[[^\]]*\]|[^:\[\]]*):)??(?:(?P<published>\d+(?:-\d+)?)?:)?(?P<target>\d+(?:-\d+)?)(?:/\w+)?\Z")


class Mount(NamedTuple):
    """A bind mount: the path on the host, whether it is read-only, and the node to point at."""

    source: str
    read_only: bool
    node: Node


class Port(NamedTuple):
    """A published port: address on the host (empty: all), ports on the host (empty: chosen at start) and in the container."""

    address: str
    published: range
    target: range
    node: Node


def services(file: File) -> Iterator[Node]:
    """The services of a Compose file."""
    document = file.document
    seen: set[int] = set()
    for group in document.select("services") if document is not None else ():
        if group.resolved.kind == "mapping":
            for service in group.entries():
                if service.resolved.kind == "mapping" and id(service.resolved) not in seen:
                    seen.add(id(service.resolved))
                    yield service


def binds(service: Node) -> Iterator[Mount]:
    """The bind mounts of a service; named volumes are left out."""
    volumes = service.get("volumes")
    for item in items(volumes):
        node = item.resolved
        if node.kind == "mapping":
            source, kind = node.get("source") or node.get("src"), node.get("type")
            if source is not None and source.known and (kind is None or kind.text == "bind"):
                only = node.get("read_only") or node.get("readonly")
                yield Mount(source.text.strip(), only is not None and only.text.lower() == "true", source)
            continue
        text = node.text.strip()
        if node.kind != "scalar" or text.startswith("$") or not _is_path(text):
            continue
        drive = text[:2] if _WINDOWS.match(text) else ""
        source_text, _, rest = text[len(drive) :].partition(":")
        modes = rest.rpartition(":")[2].split(",")
        if "$" not in source_text and "{" not in source_text:
            yield Mount(drive + source_text, "ro" in modes, item)


def mounts(file: File) -> Iterator[Mount]:
    """The bind mounts of all services, and those that named volumes are (``driver_opts`` of the local driver)."""
    for service in services(file):
        yield from binds(service)
    for group in file.document.select("volumes") if file.document is not None else ():
        for volume in group.entries() if group.resolved.kind == "mapping" else ():
            device, options = volume.get("driver_opts", "device"), volume.get("driver_opts", "o")
            if device is not None and device.known and options is not None and "bind" in options.text.split(","):
                yield Mount(device.text.strip(), "ro" in options.text.split(","), device)


def _is_path(text: str) -> bool:
    return text.startswith(("/", ".", "~", "\\")) or _WINDOWS.match(text) is not None


def ports(service: Node) -> Iterator[Port]:
    """The published ports of a service whose numbers are known."""
    given = service.get("ports")
    for item in items(given):
        node = item.resolved
        if node.kind == "mapping":
            target, published, address = node.get("target"), node.get("published"), node.get("host_ip")
            if target is not None and target.known:
                found = published.text if published is not None and published.known else ""
                yield Port(address.text if address is not None else "", _range(found), _range(target.text), target)
            continue
        if node.kind != "scalar" or node.value is UNKNOWN:
            continue
        match = _PORT.match(node.text.strip())
        if match:
            yield Port((match["host"] or "").strip("[]"), _range(match["published"] or ""), _range(match["target"]), item)


def _range(text: str) -> range:
    first, _, last = text.strip().partition("-")
    if not first.isdigit() or (last and not last.isdigit()):
        return range(0)
    return range(int(first), int(last or first) + 1)
