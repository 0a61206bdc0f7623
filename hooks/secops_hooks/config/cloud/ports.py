"""What a firewall rule that lets in the whole internet exposes: from its ports to the rules that speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from ...parse.node import UNKNOWN, Node
from ..predicates import scalar_text

Interval: TypeAlias = tuple[int, int]
ALL: Final[Interval] = (0, 65535)
_SSH: Final = 22
_RDP: Final = 3389
_HTTP: Final = 80
# data stores, caches, remote administration and cluster control: what never belongs on the internet
_SENSITIVE: Final = frozenset(
    {
        20, 21, 23, 110, 111, 135, 137, 138, 139, 161, 389, 445, 636, 873, 1433, 1434, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 2382, 2383, 2483,
        2484, 3020, 3306, 4333, 4505, 4506, 4730, 5432, 5500, 5601, 5672, 5800, 5900, 5984, 5985, 5986, 6379, 6443, 7000, 7001, 7199, 8020, 8140,
        9042, 9090, 9092, 9160, 9200, 9300, 10250, 10255, 11211, 11214, 11215, 15672, 26257, 27017, 27018, 27019, 50070, 61620, 61621,
    }
)  # fmt: skip
_RANGE: Final = re.compile(r"\s*(\d{1,5})\s*(?:[-:]\s*(\d{1,5}))?\s*\Z")
_WEB: Final = frozenset({443, 8443})
_EVERYTHING: Final = frozenset({"-1", "all", "*", "any"})


def number(node: Node | None) -> int | None:
    """A port, or ``None`` when there is none or it is unknown."""
    text = scalar_text(node) if node is not None else None
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,5}", text) else None


def interval(text: str) -> Interval | None:
    """The ports that ``22``, ``20-25`` or ``*`` stand for."""
    if text.strip() in ("*", "any", "Any", "ANY"):
        return ALL
    found = _RANGE.match(text)
    if found is None:
        return None
    low = int(found[1])
    return low, int(found[2]) if found[2] else low


def is_any_protocol(node: Node | None) -> bool:
    """Whether every protocol is meant."""
    text = scalar_text(node) if node is not None else None
    return text is not None and text.lower() in _EVERYTHING


def exposes(intervals: Iterable[Interval], udp: bool = False) -> list[str]:
    """The rules that are violated when ``intervals`` are open to the internet; all ports are one violation, not many.

    ``udp``: open for UDP only, over which nobody logs in.
    """
    found: dict[str, None] = {}
    for low, high in intervals:
        if (low == 0 and high in (0, 65535)) or high - low >= 65000:
            return ["cloud-open-all-ports"]
        special = False
        for port, rule in ((_SSH, "cloud-open-ssh"), (_RDP, "cloud-open-rdp"), (_HTTP, "cloud-open-http-port")):
            if low <= port <= high:
                special = True
                if not udp:
                    found[rule] = None
        if any(low <= port <= high for port in _SENSITIVE):
            found["cloud-open-service-port"] = None
            special = True
        if not special:
            found["cloud-open-web-port" if low == high and low in _WEB else "cloud-open-port"] = None
    return list(found)


def known(node: Node | None) -> bool:
    """Whether the setting is absent or its value is known."""
    return node is None or (node.resolved.value is not UNKNOWN and scalar_text(node) is not None)
