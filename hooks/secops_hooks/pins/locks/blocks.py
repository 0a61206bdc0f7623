"""The part of YAML that package managers write into their locks: nested block mappings, lists of scalars, one entry a line.

Ten times faster than a YAML parser on a lock of several megabytes; anything else (flow mappings, block scalars) stays text.
"""

from __future__ import annotations

import re
from typing import Any, Final

_LINE: Final = re.compile(
    r"""( *)(?:- (?P<item>.*)|(?:\? )?(?P<key>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'|[^\s#'"\-][^#\n]*?|-[^\s][^#\n]*?)"""
    r"""(?::(?: +(?P<value>\S.*))?)?)"""
)
_VALUE: Final = r"""(?:'(?:[^'\n]|'')*+'|"(?:[^"\\\n]|\\.)*+"|[{\[][^\n]*[}\]]|[^\s'"{\[#&*!|>%@`<][^\n]*+)"""
_KEY: Final = r"""(?:'(?:[^'\n]|'')*+'|"(?:[^"\\\n]|\\.)*+"|[\w./@(+~-][^\n:'"]*+(?::[^\n\s:][^\n:'"]*+)*+)"""
_MACHINE: Final = re.compile(rf"(?:(?: *+(?:- {_VALUE}|{_KEY}:(?: {_VALUE},?)?|[{{}}])|---|)\n)*+")
MAX_DEPTH: Final = 40


def read(text: str) -> dict[str, Any]:
    """The nested mapping that ``text`` holds; values are strings, mappings or lists of strings. Lines that mean nothing are left out."""
    root: dict[str, Any] = {}
    stack: list[tuple[int, dict[str, Any]]] = [(-1, root)]
    last: tuple[dict[str, Any], str] | None = None
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare[0] == "#" or bare == "---":
            continue
        if bare == ":" and last is not None:
            continue  # the colon of a key too long for one line; what follows is indented like any block
        m = _LINE.fullmatch(line.rstrip())
        if m is None:
            continue
        if m["item"] is not None:
            if last is not None:
                held = last[0].get(last[1])
                items: list[str] = held if isinstance(held, list) else []
                items.append(scalar(m["item"].strip()))
                last[0][last[1]] = items
            continue
        indent = len(m[1])
        while stack[-1][0] >= indent:
            stack.pop()
        if len(stack) > MAX_DEPTH:
            continue
        parent = stack[-1][1]
        key = scalar(m["key"])
        if m["value"] is not None:
            parent[key] = scalar(m["value"])
            last = None
        else:
            child: dict[str, Any] = {}
            parent[key] = child
            stack.append((indent, child))
            last = (parent, key)
    return root


def is_written_by_machine(text: str) -> bool:
    """Whether every line is one that package managers write: a key, an entry or an item with a plain, quoted or flow value."""
    return _MACHINE.fullmatch(text) is not None


def scalar(text: str) -> str:
    """A scalar without its quotes."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text
