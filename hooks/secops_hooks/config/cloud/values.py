"""What stands behind a reference: defaults of variables and parameters, locals, arms of a conditional, items of a loop.

Only what a literal in the same file, or in the same Terraform module, says counts. A value is then seen as a *stand-in*:
a copy of the literal that stands where it is used, so that what is found in it is reported in the resource.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ...parse.hcl import CHOICES
from ...parse.node import UNKNOWN, Node

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Document

Values = dict[str, Node]
VALUES: Final = "cloud-values"  # of a source's memo: what ``var.x``, ``local.x`` and names of parameters stand for
STAND_IN: Final = "=>"  # style of what stands for a reference
EITHER: Final = "?:"  # tag of a value that is one of its children, nobody knows which
_MOST: Final = 100  # items of a literal that is followed wherever it is used
_COPIED: Final = 1000  # nodes of a literal
_HOPS: Final = 4
_NESTED: Final = 4  # conditionals in the arms of others
_LOOPED: Final = 24  # items that a loop is followed through
_SIBLINGS: Final = (
    "variables.tf", "vars.tf", "variable.tf", "inputs.tf", "locals.tf", "main.tf", "variables.tofu", "locals.tofu",
)  # fmt: skip
_ASSIGNED: Final = "terraform.tfvars"

_REFERENCE: Final = re.compile(
    r"\A(?:(?:jsonencode\(|toset\(|\$\{)?((?:var|local|each)\.[\w-]+)((?:\.[\w-]+|\[\"[\w./ -]+\"\]|\[\d+\]){0,4})[})]?"
    r"|\[(?:parameters|variables)\('([^']+)'\)\])\Z"
)
_STEP: Final = re.compile(r"\.([\w-]+)|\[\"([^\"]+)\"\]|\[(\d+)\]")
_CONDITION: Final = re.compile(r"\A\(?\s*(!?)\s*((?:var|local)\.[\w-]+)\s*(?:==\s*(true|false)\s*)?\)?\Z")


def collected(document: Document) -> Values:
    """What the variables (Terraform) and parameters (CloudFormation, ARM) of ``document`` stand for when nobody overrides them."""
    found: Values = {}
    for root in document.roots:
        for section, key, prefix in (("variable", "default", "var."), ("Parameters", "Default", ""), ("parameters", "defaultValue", "")):
            for held in _all(root, section):
                for entry in held.entries() if held.resolved.kind == "mapping" else ():
                    value = entry.get(key) if entry.resolved.kind == "mapping" else None
                    if value is not None:
                        _keep(found, prefix + (entry.key or ""), value)
        for section, prefix in (("locals", "local."), ("variables", "")):
            for held in _all(root, section):
                for entry in held.entries() if held.resolved.kind == "mapping" else ():
                    _keep(found, prefix + (entry.key or ""), entry)
    return found


def _all(root: Node, section: str) -> list[Node]:
    return [held for held in root.entries() if held.key == section] if root.resolved.kind == "mapping" else []


def _keep(into: Values, name: str, value: Node) -> None:
    reference = value.value is UNKNOWN and (_REFERENCE.match(value.text) or (value.start, value.end) in _choices(value))
    if (value.value is not UNKNOWN or reference) and len(value.children) <= _MOST:
        into[name] = value


def of_file(file: File, tree: Tree | None) -> Values:
    """What the references of ``file`` stand for: by its own word, by the other files of its Terraform module, by terraform.tfvars."""
    document = file.document
    if document is None:
        return {}
    own = collected(document)
    if tree is None or "terraform" not in file.type.kinds or not ("var." in file.source.text or "local." in file.source.text):
        return own
    shared, assigned = _module(file.path.rpartition("/")[0], tree)
    return {**shared, **own, **{name: value for name, value in assigned.items() if name in own or name in shared}}


def _module(directory: str, tree: Tree) -> tuple[Values, Values]:
    """(what the well-known files of the module in ``directory`` say, what its terraform.tfvars assigns); kept for the last module."""
    kept = tree.memo.get(VALUES)
    if isinstance(kept, tuple) and kept[0] == directory:
        return kept[1], kept[2]
    shared: Values = {}
    for name in _SIBLINGS:
        document = _document(tree, directory, name)
        if document is not None:
            shared.update(collected(document))
    assigned: Values = {}
    document = _document(tree, directory, _ASSIGNED)
    for root in document.roots if document is not None else ():
        for entry in root.entries():
            _keep(assigned, f"var.{entry.key}", entry)
            if entry.value is not UNKNOWN:
                shared.setdefault(f"var.{entry.key}", entry)
    tree.memo[VALUES] = (directory, shared, assigned)
    return shared, assigned


def _document(tree: Tree, directory: str, name: str) -> Document | None:
    from ...files.tree import Unreadable
    from ...parse import parse

    try:
        source = tree.find(f"{directory}/{name}" if directory else name)
    except Unreadable:
        return None
    return parse(source, "hcl") if source is not None else None


def stands_for(node: Node, values: Mapping[str, Node], depth: int = 0) -> Node:
    """The literal behind ``node``, if it is a reference or a conditional whose literal is known; else ``node`` itself."""
    if depth > _NESTED:
        return node
    branches = chosen_between(node)
    if branches:
        return _agreed(node, *(stands_for(branch, values, depth + 1) for branch in branches)) if len(branches) == _ARMS else node
    name, steps = _name(node)
    if not name:
        return _chosen(node, values, depth) if (node.start, node.end) in _choices(node) else node
    held = _inside(values.get(name), steps)
    for _ in range(_HOPS):
        if held is None or held.value is not UNKNOWN:
            break
        if (held.start, held.end) in _choices(held):
            held = _chosen(held, values, depth)
            break
        name, steps = _name(held)
        held = _inside(values.get(name), steps)
    return node if held is None or (held.value is UNKNOWN and held.tag != EITHER) else stand_in(held, node)


def _name(node: Node) -> tuple[str, str]:
    if node.kind == "scalar":
        if node.tag == "!Ref":
            return node.text, ""
        found = _REFERENCE.match(node.text) if node.value is UNKNOWN or node.text[:1] == "[" else None
        return (found[1] or found[3], found[2] or "") if found else ("", "")
    if node.kind == "mapping" and len(node.children) == 1 and node.children[0].key == "Ref":
        return node.children[0].text, ""
    return "", ""


def _inside(held: Node | None, steps: str) -> Node | None:
    for step in _STEP.finditer(steps):
        if held is None:
            return None
        if step[3]:
            items = held.resolved.children if held.resolved.kind == "sequence" else []
            held = items[int(step[3])] if int(step[3]) < len(items) else None
        else:
            held = held.get(step[1] or step[2])
    return held


def stand_in(literal: Node, use: Node) -> Node:
    """A copy of ``literal`` that stands where ``use`` does."""
    kept = use.source.memo.get((VALUES, id(use)))
    if isinstance(kept, tuple) and kept[0] is literal and kept[1] is use:
        found: Node = kept[2]
        return found
    made = _copy(literal.resolved, use, [_COPIED])
    made.key, made.key_start, made.key_end, made.index, made.parent = use.key, use.key_start, use.key_end, use.index, use.parent
    use.source.memo[(VALUES, id(use))] = (literal, use, made)
    return made


def _copy(literal: Node, use: Node, left: list[int]) -> Node:
    left[0] -= 1
    made = Node(literal.kind, use.source, use.start, use.end, value=literal.value, text=literal.text, style=STAND_IN, tag=literal.tag)
    for child in literal.children if left[0] > 0 else ():
        made.add(_copy(child.resolved, use, left), child.key, use.start, use.end)
    return made


# -- conditionals


def _choices(node: Node) -> Mapping[tuple[int, int], Node]:
    found = node.source.memo.get(CHOICES)
    return found if isinstance(found, dict) and node.kind == "scalar" and node.value is UNKNOWN and node.style != STAND_IN else {}


_ARMS: Final = 2


def chosen_between(node: Node) -> list[Node]:
    """What ``Fn::If`` of CloudFormation chooses between; nothing for any other node."""
    if node.tag == "!If":
        return node.children[1:]
    if node.kind == "mapping" and len(node.children) == 1 and node.children[0].key == "Fn::If":
        return node.children[0].resolved.children[1:]
    return []


def _chosen(node: Node, values: Mapping[str, Node], depth: int) -> Node:
    """The arm that a condition about a known switch picks; else what both arms agree on; else one of :data:`EITHER`."""
    condition, *arms = _choices(node)[node.start, node.end].children
    picked = _holds(condition, values)
    first, second = (stands_for(arm, values, depth + 1) for arm in arms)
    if picked is not None:
        arm = first if picked else second
        return stand_in(arm, node) if arm.value is not UNKNOWN else node
    return _agreed(node, first, second)


def _agreed(node: Node, first: Node, second: Node) -> Node:
    """What two values of which one will stand at ``node`` have in common; else one of :data:`EITHER`; else ``node`` itself."""
    if first.value is UNKNOWN or second.value is UNKNOWN or first.kind != second.kind or first.kind == "mapping":
        return node
    if first.kind == "sequence":
        both = {item.text for item in second.children if item.kind == "scalar" and item.value is not UNKNOWN}
        common = Node("sequence", node.source, first.start, first.end)
        common.children = [item for item in first.children if item.kind == "scalar" and item.text in both]
        return stand_in(common, node) if common.children else node
    if first.text == second.text:
        return stand_in(first, node)
    either = Node("scalar", node.source, node.start, node.end, value=UNKNOWN, tag=EITHER)
    either.children = [first, second]
    return stand_in(either, node)


def _holds(condition: Node, values: Mapping[str, Node]) -> bool | None:
    if isinstance(condition.value, bool):
        return condition.value
    found = _CONDITION.match(condition.text)
    switch = values.get(found[2]) if found else None
    if found is None or switch is None or not isinstance(switch.value, bool):
        return None
    return (switch.value == (found[3] != "false")) != bool(found[1])


# -- loops


def looped(body: Node, name: str, over: Node, values: Mapping[str, Node]) -> list[Node]:
    """``body`` once for each item of the literal ``over``, with ``name.value`` and ``name.key`` filled in; else ``[body]``."""
    if f"{name}." not in body.raw:
        return [body]
    items = stands_for(over, values)
    children = items.children if items.kind != "scalar" else []
    if not 0 < len(children) <= _LOOPED:
        return [body]
    kept = body.source.memo.get((VALUES, "loop", id(body)))
    if isinstance(kept, tuple) and kept[0] is body:
        return list(kept[1])
    made = [_bound(body, name, item, [_COPIED]) for item in children]
    body.source.memo[(VALUES, "loop", id(body))] = (body, made)
    return made


def _bound(node: Node, name: str, item: Node, left: list[int]) -> Node:
    """A copy of ``node`` in its place, with the references to the loop's ``item`` filled in."""
    left[0] -= 1
    if node.kind == "scalar" and node.value is UNKNOWN:
        value = _of_item(node, name, item)
        if value is not None:
            return stand_in_anew(value, node)
    made = Node(node.kind, node.source, node.start, node.end, value=node.value, text=node.text, style=node.style, tag=node.tag)
    made.key, made.key_start, made.key_end, made.index, made.parent = node.key, node.key_start, node.key_end, node.index, node.parent
    for child in node.children if left[0] > 0 else ():
        made.add(_bound(child, name, item, left), child.key, child.key_start, child.key_end)
    return made


def stand_in_anew(literal: Node, use: Node) -> Node:
    """A stand-in that is not kept: ``use`` has another one in each round of a loop."""
    made = _copy(literal.resolved, use, [_COPIED])
    made.key, made.key_start, made.key_end, made.index, made.parent = use.key, use.key_start, use.key_end, use.index, use.parent
    return made


def _of_item(node: Node, name: str, item: Node) -> Node | None:
    text = node.text.removeprefix("${").removesuffix("}") if node.text.startswith("${") else node.text
    if not text.startswith(f"{name}."):
        return None
    rest = text[len(name) + 1 :]
    if rest == "key":
        return Node("scalar", node.source, node.start, node.end, value=item.key, text=item.key) if item.key is not None else item
    if not rest.startswith("value"):
        return None
    steps = rest.removeprefix("value")
    if re.fullmatch(rf"(?:{_STEP.pattern}){{0,4}}", steps) is None:
        return None
    found = _inside(item, steps)
    return found if found is not None and found.resolved.value is not UNKNOWN else None
