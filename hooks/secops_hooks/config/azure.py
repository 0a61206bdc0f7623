"""Azure Pipelines: text of strangers and parameters pasted into scripts, pools and foreign code of pull requests.

Template expressions (``${{ … }}``) share their grammar with GitHub's, so its parser reads them; functions differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..parse.locate import located
from ..parse.shell import unwrap
from ..parse.shell_ast import SHELLS
from .actions.contexts import Path, path_of
from .actions.expression import Call, Expr, parts, templates
from .actions.programs import BUILDERS
from .match import Hit
from .scripts import scripts

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..parse import File
    from ..parse.node import Document, Node

_SCRIPTS: Final = ("script", "bash", "pwsh", "powershell", "inlineScript", "arguments")
# predefined variables that hold text somebody outside may write, in lower case
_TEXT: Final = frozenset({
    "build.sourcebranchname", "build.sourcebranch", "build.sourceversionmessage", "build.sourceversionauthor",
    "system.pullrequest.sourcebranch", "system.pullrequest.sourcerepositoryuri",
})  # fmt: skip
_MACRO: Final = re.compile(r"\$\(\s*([A-Za-z_][\w.]*)\s*\)")
_RUNTIME: Final = re.compile(r"\$\[\s*variables(?:\['([\w.]+)'\]|\.(\w+))\s*\]")
# functions that give a boolean or a number, never the text they were given
_PREDICATES: Final = frozenset({
    "and", "or", "not", "xor", "eq", "ne", "gt", "ge", "lt", "le", "in", "notin", "contains", "containsvalue", "startswith", "endswith",
    "length", "counter", "always", "failed", "succeeded",
})  # fmt: skip
_SECRET_VARIABLE: Final = re.compile(r"##vso\[task\.setvariable\b[^\]\n]{0,200}\bissecret=true\b[^\]\n]{0,100}\]", re.IGNORECASE)
_HOSTED_POOLS: Final = ("azure pipelines", "hosted", "server", "managed devops pool")
_MAX_HOPS: Final = 4


def _script_nodes(document: Document | None) -> Iterator[Node]:
    for key in _SCRIPTS:
        for node in document.index.get(key, ()) if document is not None else ():
            if node.resolved.kind == "scalar":
                yield node


def _expanded(text: str) -> Iterator[tuple[int, int, list[Path]]]:
    """What is filled into ``text`` before a shell reads it: each place, and the variables and parameters whose text comes in."""
    for found in _MACRO.finditer(text):
        yield found.start(), found.end(), [("variables", found[1].lower())]
    for template in templates(text) if "${{" in text else ():
        if template.expr is not None:
            yield template.start, template.end, list(_carried(template.expr))


def _carried(expr: Expr) -> Iterator[Path]:
    path = path_of(expr)
    if path is not None:
        yield path
    elif not (isinstance(expr, Call) and expr.name in _PREDICATES):
        for part in parts(expr):
            yield from _carried(part)


def _tainted(document: Document) -> frozenset[str]:
    """The variables, in lower case, that hold text of strangers: predefined ones, and those of the file made from them."""
    made: dict[str, str] = {}
    for group in document.index.get("variables", ()):
        for entry in group.entries() if group.resolved.kind == "mapping" else group.resolved.children:
            name = entry.key if group.resolved.kind == "mapping" else _text(entry.get("name"))
            value = entry if group.resolved.kind == "mapping" else entry.get("value")
            if name and _text(value):
                made[name.lower()] = _text(value)
    known = set(_TEXT)
    for _ in range(_MAX_HOPS):
        more = {name for name, value in made.items() if name not in known and _brings(value, known)}
        if not more:
            break
        known |= more
    return frozenset(known)


def _brings(value: str, known: set[str]) -> bool:
    named = {(found[1] or found[2]).lower() for found in _RUNTIME.finditer(value)}
    named |= {path[1] for _, _, paths in _expanded(value) for path in paths if path[0] == "variables" and len(path) > 1}
    return bool(named & known)


def strangers_text(file: File, tree: Tree) -> Iterator[Hit]:
    """``$(Build.SourceBranchName)`` and the like inside of a script: filled in before the shell reads it."""
    document = file.document
    if document is None or not any(word in file.source.text.lower() for word in ("build.source", "system.pullrequest.source")):
        return
    tainted = _tainted(document)
    for node in _script_nodes(document):
        where = located(node)
        for start, end, paths in _expanded(where.text):
            names = [path[1] for path in paths if path[0] == "variables" and len(path) > 1 and path[1] in tainted]
            if names:
                yield Hit(where.span(start, end), f"{where.text[start:end]} is pasted into the script as code", within=node)


def free_parameters(file: File, tree: Tree) -> Iterator[Hit]:
    """``${{ parameters.x }}`` of free text inside of a script."""
    document = file.document
    if document is None or "parameters" not in file.source.text:
        return
    limited: set[str] = set()
    for item in document.select("parameters[*]"):
        if item.get("values") is not None or _text(item.get("type")).lower() in ("boolean", "number"):
            limited.add(_text(item.get("name")).lower())
    for node in _script_nodes(document):
        where = located(node)
        for start, end, paths in _expanded(where.text):
            if any(path[0] == "parameters" and len(path) > 1 and path[1] not in limited for path in paths):
                yield Hit(where.span(start, end), f"{where.text[start:end]} is pasted into the script as code", within=node)


def secret_variable(file: File, tree: Tree) -> Iterator[Hit]:
    """``##vso[task.setvariable …;issecret=true]`` with the secret written out by the script."""
    for node in _script_nodes(file.document):
        if "##vso" in node.text:
            where = located(node)
            for found in _SECRET_VARIABLE.finditer(where.text):
                yield Hit(where.span(*found.span()), f"{found[0]} is pasted into the script as code", within=node)


def own_pool(file: File, tree: Tree) -> Iterator[Hit]:
    """A pool of one's own in a pipeline for pull requests."""
    document = file.document
    if document is None or not document.roots:
        return
    trigger = document.roots[0].get("pr")
    if trigger is None or _text(trigger).lower() == "none":
        return
    for pool in document.index.get("pool", ()):
        name = pool if pool.resolved.kind == "scalar" else pool.get("name")
        text = _text(name)
        own = bool(text) and "$" not in text and not text.lower().startswith(_HOSTED_POOLS)
        if name is not None and own and pool.get("vmImage") is None:
            yield Hit(name)


def foreign_code(file: File, tree: Tree) -> Iterator[Hit]:
    """Scripts that build the checkout of what may be a stranger's pull request."""
    document = file.document
    if document is None or not document.roots:
        return
    root = document.roots[0]
    trigger = root.get("pr")
    if trigger is not None and _text(trigger).lower() == "none":
        return
    if root.get("resources") is not None and trigger is None:
        return
    for embedded in scripts(file):
        for command in embedded.script.walk_commands():
            inner = unwrap(command)
            if inner.program in BUILDERS or (inner.program in SHELLS and inner.args and not inner.args[0].pattern.startswith(("-", "/"))):
                yield Hit(
                    embedded.node, f"{inner.program} runs code or configuration of the checkout, which may be a stranger's pull request"
                )
                break


def _text(node: Node | None) -> str:
    return node.text.strip() if node is not None and node.resolved.kind == "scalar" else ""
