"""AWS policy documents: as mappings, as JSON in a string, and as ``aws_iam_policy_document``; one list of statements for all.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ...parse.node import UNKNOWN, Node
from .resource import is_dynamic, reach

if TYPE_CHECKING:
    from ...parse.locate import Located

_MOST: Final = 1_000_000  # characters of a document in a string


class Statement(NamedTuple):
    """One statement. ``located``: for a document in a string, where its text stands (nodes are of that text, not of the file)."""

    allow: bool
    actions: tuple[Node, ...]
    not_actions: tuple[Node, ...]
    resources: tuple[Node, ...]
    not_resources: tuple[Node, ...]
    principals: tuple[Node, ...]
    not_principals: tuple[Node, ...]
    federated: tuple[Node, ...]
    services: tuple[Node, ...]
    conditional: bool
    node: Node
    located: Located | None

    def offsets(self, node: Node) -> tuple[int, int]:
        """Where ``node`` of this statement stands in the file."""
        if self.located is None:
            return node.start, node.end
        return self.located.offset(node.start), self.located.end(node.end)


def statements(node: Node) -> Iterator[Statement]:
    """The statements of the policy document that ``node`` holds: a mapping, or a string of JSON."""
    node = node.resolved
    if node.kind == "mapping":
        yield from _of_document(node, None)
    elif node.kind == "scalar" and node.text.lstrip()[:1] == "{" and len(node.text) <= _MOST:
        parsed = embedded(node)
        if parsed is not None:
            yield from _of_document(parsed[0], parsed[1])


def embedded(node: Node) -> tuple[Node, Located] | None:
    """The tree of the JSON that a string holds, and where its text stands; ``None`` when it is no JSON."""
    from ...files.source import Source
    from ...parse import parse
    from ...parse.locate import located

    kept = node.source.memo.get(("embedded", node.start))
    if isinstance(kept, tuple):
        return kept or None
    place = located(node)
    document = parse(Source(node.source.path, place.text.encode("utf-8", "replace")), "json")
    found = (document.roots[0], place) if document.roots and not document.problems else ()
    node.source.memo["embedded", node.start] = found
    return found or None


def _of_document(document: Node, located: Located | None) -> Iterator[Statement]:
    for node in reach(document, "{Statement,statement}[]"):
        if node.resolved.kind == "mapping" and not is_dynamic(node):
            yield statement(node.resolved, located)


def statement(node: Node, located: Located | None = None) -> Statement:
    """The statement that a mapping is."""
    principal = node.get("Principal")
    everyone = [principal] if principal is not None and principal.resolved.kind == "scalar" else reach(node, "Principal.AWS[]")
    return Statement(
        allow=node.get("Effect") is None or _text(node.get("Effect")).lower() == "allow",
        actions=tuple(reach(node, "Action[]")),
        not_actions=tuple(reach(node, "NotAction[]")),
        resources=tuple(reach(node, "Resource[]")),
        not_resources=tuple(reach(node, "NotResource[]")),
        principals=tuple(everyone),
        not_principals=tuple(reach(node, "NotPrincipal")),
        federated=tuple(reach(node, "Principal.Federated[]")),
        services=tuple(reach(node, "Principal.Service[]")),
        conditional=node.get("Condition") is not None,
        node=node,
        located=located,
    )


def of_blocks(body: Node) -> Iterator[Statement]:
    """The statements of a Terraform data source ``aws_iam_policy_document``."""
    for node in reach(body, "statement[]"):
        node = node.resolved
        if node.kind != "mapping":
            continue
        effect = node.get("effect")
        yield Statement(
            allow=effect is None or _text(effect).lower() == "allow",
            actions=tuple(reach(node, "actions[]")),
            not_actions=tuple(reach(node, "not_actions[]")),
            resources=tuple(reach(node, "resources[]")),
            not_resources=tuple(reach(node, "not_resources[]")),
            principals=tuple(_identifiers(node, "AWS", "*")),
            not_principals=tuple(reach(node, "not_principals")),
            federated=tuple(_identifiers(node, "Federated")),
            services=tuple(_identifiers(node, "Service")),
            conditional=bool(reach(node, "condition")),
            node=node,
            located=None,
        )


def conditions(statement: Statement) -> Iterator[tuple[str, list[Node]]]:
    """The keys that the conditions of ``statement`` ask for, each with the values it may have."""
    for operators in reach(statement.node, "Condition"):
        for operator in operators.entries() if operators.resolved.kind == "mapping" else ():
            for entry in operator.entries() if operator.resolved.kind == "mapping" else ():
                yield entry.key or "", _values(entry)
    for block in reach(statement.node, "condition[]"):
        variable = block.get("variable") if block.resolved.kind == "mapping" else None
        if variable is not None:
            yield _text(variable), reach(block, "values[]")


def _values(entry: Node) -> list[Node]:
    return list(entry.resolved.children) if entry.resolved.kind == "sequence" else [entry]


def unknown_conditions(statement: Statement) -> bool:
    """Whether there may be conditions that cannot be read."""
    held = reach(statement.node, "{Condition,condition}")
    return any(is_dynamic(node) for node in held) or any(key == "" or "${" in key for key, _ in conditions(statement))


def _identifiers(statement: Node, *types: str) -> Iterator[Node]:
    for block in reach(statement, "principals[]"):
        if block.resolved.kind == "mapping" and _text(block.get("type")) in types:
            yield from reach(block, "identifiers[]")


def _text(node: Node | None) -> str:
    if node is None or node.resolved.kind != "scalar" or node.resolved.value is UNKNOWN:
        return ""
    return node.resolved.text


def is_star(node: Node) -> bool:
    """Whether this is the wildcard that stands for everything."""
    return _text(node) in ("*", "*:*")


def star(nodes: tuple[Node, ...]) -> Node | None:
    """The wildcard among ``nodes``."""
    return next((node for node in nodes if is_star(node)), None)


def service_star(nodes: tuple[Node, ...]) -> Node | None:
    """An action that is all of one service (``s3:*``) among ``nodes``."""
    return next((node for node in nodes if _text(node).endswith(":*") and _text(node) != "*:*"), None)
