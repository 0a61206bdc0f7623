"""Chart.lock against Chart.yaml, and Helm 2's requirements.lock against requirements.yaml: the digest that Helm writes.

SHA-256 of Go's JSON of both dependency lists (``HashReq`` in helm's ``internal/resolver``); Helm 2 hashed the requests alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from .model import Verdict, drifted, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse.node import Node

_DIGEST: Final = re.compile(r"^digest:\s*[\"']?((?:sha256:)?[0-9a-f]{64})", re.MULTILINE)
_FIELDS: Final = ("name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias")
_ALWAYS: Final = ("name", "repository")  # the others are left out when empty
_RUN: Final = "run: helm dependency update"
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift when Helm would write another digest."""
    wanted, kept = _dependencies(manifest), _dependencies(lock)
    if wanted is None or kept is None:
        return
    m = _DIGEST.search(lock.text)
    if m is None:
        yield unverifiable(lock, f"this lock records no digest; {_RUN}")
        return
    asked, locked = [_plain(each) for each in wanted], [_plain(each) for each in kept]
    if m[1].removeprefix("sha256:") in _digests(asked, locked):
        return
    for at, each in enumerate(asked):
        other = next((k for k in locked if k.get("name") == each.get("name")), None)
        name, span = each.get("name", ""), (wanted[at].start, wanted[at].end)
        if other is None:
            yield drifted(manifest, span, f"{name} is not in {lock.path}; {_RUN}", name)
            return
        if str(other.get("repository", "")).rstrip("/") != str(each.get("repository", "")).rstrip("/"):
            yield drifted(manifest, span, f"{name} comes from another repository in {lock.path}; {_RUN}", name)
            return
    for at, each in enumerate(locked):
        name = each.get("name", "")
        if all(name != other.get("name") for other in asked):
            yield drifted(lock, (kept[at].start, kept[at].end), f"{name} is no longer in {manifest.path}; {_RUN}", name)
            return
    yield drifted(lock, m.span(1), f"the dependencies of {manifest.path} were changed after the lock was made; {_RUN}")


def _dependencies(source: Source) -> list[Node] | None:
    """The nodes of the dependency list; empty without one, ``None`` when the file cannot be read."""
    from ...parse import parse

    document = parse(source, "yaml")
    if document.problems:
        return None
    found = document.roots[0].get("dependencies") if document.roots else None
    return [each.resolved for each in found.resolved.children] if found is not None else []


def _plain(node: Node) -> dict[str, Any]:
    return {key: value for key, value in _value(node).items() if key in _FIELDS} if node.kind == "mapping" else {}


def _value(node: Node) -> Any:
    node = node.resolved
    if node.kind == "mapping":
        return {entry.key or "": _value(entry) for entry in node.entries()}
    if node.kind == "sequence":
        return [_value(each) for each in node.children]
    if isinstance(node.value, float) and node.value.is_integer() and abs(node.value) < 1e15:
        return str(int(node.value))  # a version without quotes was a number before it became a string
    if isinstance(node.value, float):
        return repr(node.value)
    return node.value if isinstance(node.value, bool) or node.value is None else node.text


def _digests(asked: list[dict[str, Any]], locked: list[dict[str, Any]]) -> set[str]:
    from hashlib import sha256

    forms: list[str] = []
    for wanted in _lists(asked):
        for kept in _lists(locked):
            forms += [f"[{wanted},{kept}]", f'[{{"dependencies":{wanted}}},{{"dependencies":{kept}}}]']
        forms.append(f'{{"dependencies":{wanted}}}')
    return {sha256(form.encode()).hexdigest() for form in forms}


def _lists(entries: list[dict[str, Any]]) -> tuple[str, ...]:
    """The list as Go writes it; an empty one may be none at all."""
    return ("[" + ",".join(_entry(each) for each in entries) + "]",) if entries else ("[]", "null")


def _entry(entry: dict[str, Any]) -> str:
    fields = [(key, entry.get(key) or "") for key in _FIELDS if entry.get(key) or key in _ALWAYS]
    return "{" + ",".join(f'"{key}":{_json(value)}' for key, value in fields) + "}"


def _json(value: Any) -> str:
    """``value`` as Go writes it: no blanks, keys sorted, ``<``, ``>`` and ``&`` escaped."""
    from json import dumps

    text = dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return re.sub("[<>&\u2028\u2029]", lambda m: _ESCAPES[m[0]], text)
