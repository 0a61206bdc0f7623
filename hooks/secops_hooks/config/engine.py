"""Applies config rules to one document: from the document's keys to the rules that name them, then upwards to check the path.

Rules whose last key does not occur in a file cost nothing there: a file is compared with the *names* of all rules at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..files.filetype import path_traits
from ..finding import Finding, Rule, Span, report
from ..parse.node import UNKNOWN, Step, Unknown, compile_path
from ..records import TYPE_CHECKING
from .guards import guarded_lines
from .match import Arguments, Commands, Custom, Hit, Keys, Match, Missing, Variables, Where
from .mend import fix_of
from .plan import Plan, fold

if TYPE_CHECKING:
    from typing import Final

    from ..files.tree import Tree
    from ..parse import File
    from ..parse.node import Document, Node


def apply(made: Plan, file: File, document: Document, tree: Tree) -> Iterator[Finding]:
    """Findings of the planned rules in ``document``, in no particular order; each place of a rule once."""
    seen: set[tuple[str, Span]] = set()
    templated = bool(file.type.template)
    for finding in _all(made, file, document, tree):
        place = (finding.rule.id, finding.span)
        if templated and finding.span.line in guarded_lines(file.source):
            continue
        if place not in seen:
            seen.add(place)
            yield finding


def _all(made: Plan, file: File, document: Document, tree: Tree) -> Iterator[Finding]:
    linked = _has_aliases(document)
    done: set[int] = set()  # rules already run as a whole
    for key, nodes in document.index.items():
        for rule, path in made.exact.get(key, ()):
            yield from _run(rule, path, nodes, file, document, tree, linked, done)
        if made.folded:
            for rule, path in made.folded.get(fold(key), ()):
                yield from _run(rule, path, nodes, file, document, tree, linked, done)
    for rule in made.always:
        yield from _run(rule, "", (), file, document, tree, linked, done)
    if made.variables:
        yield from _variables(made, file, document)


def _variables(made: Plan, file: File, document: Document) -> Iterator[Finding]:
    from .environment import variables

    for name, node in variables(file, document, made.variables):
        for rule in made.variables[name]:
            match = rule.match
            if isinstance(match, Variables) and _path_fits(match, file.path) and match.when(node) is True:
                yield _found(rule, match, Hit(node, mend=match.mend), file)


def apply_text(rules: Iterable[Rule], file: File, tree: Tree) -> Iterator[Finding]:
    """Findings of custom rules, and of those for shell commands, in a file that has no tree."""
    text = file.source.text
    for rule in rules:
        match = rule.match
        if isinstance(match, Commands) and file.type.kinds.intersection(match.kinds):
            from .scripts import find

            for hit in find(match, file):
                yield _found(rule, match, hit, file)
        elif isinstance(match, Custom) and (not match.words or any(word in text for word in match.words)):
            for hit in match.find(file, tree):
                yield _found(rule, match, hit, file)


def _run(
    rule: Rule, path: str, nodes: Iterable[Node], file: File, document: Document, tree: Tree, linked: bool, done: set[int]
) -> Iterator[Finding]:
    match: Match = rule.match  # type: ignore[assignment]
    if isinstance(match, Custom | Arguments | Commands):
        if id(rule) not in done:
            done.add(id(rule))
            for hit in _hits(match, file, document, tree):
                yield _found(rule, match, hit, file)
        return
    if isinstance(match, Variables):
        return
    if (match.traits or match.not_traits) and not _path_fits(match, file.path):
        return
    if isinstance(match, Keys):
        if match.formats and document.format not in match.formats:
            return
        for node in _candidates(path, match.paths, nodes, document, linked, match.fold):
            if match.when(node) is True and all(holds(where, node, document) for where in match.where):
                yield _found(rule, match, Hit(node, key=match.at == "key", mend=match.mend), file)
        return
    if (file.type.template and "{{" in file.source.text) or "{%" in file.source.text:
        return
    for node in _candidates(path, match.parents, nodes, document, linked, False):
        if node.resolved.kind != "mapping" or _may_have(node, match):
            continue
        if all(holds(where, node, document, inside=True) for where in match.where):
            yield _found(rule, match, Hit(nearest(node, match.keys[0]), key=True), file)


def _hits(match: Custom | Arguments | Commands, file: File, document: Document, tree: Tree) -> Iterable[Hit]:
    """What a matcher finds that looks at the whole file by itself."""
    if isinstance(match, Custom):
        return match.find(file, tree)
    if isinstance(match, Arguments):
        from .kube import flags

        return flags(match, document)
    from .scripts import find

    return find(match, file)


def _path_fits(match: Keys | Missing | Variables, path: str) -> bool:
    traits = path_traits(path)
    return (not match.traits or bool(traits.intersection(match.traits))) and not traits.intersection(match.not_traits)


def _may_have(node: Node, match: Missing) -> bool:
    """Whether an entry that would do is there, or could be (an unknown value, a merge of something unknown)."""
    for key in match.keys:
        for found in node.select(key):
            if found.value is UNKNOWN and found.resolved.kind == "scalar":
                return True
            answer = match.when(found)
            if answer is True or isinstance(answer, Unknown):
                return True
    return False


def nearest(node: Node, path: str) -> Node:
    """The deepest entry that is there on the way from ``node`` to ``path``: where a missing value would be written."""
    for step in compile_path(path):
        entry = node.get(step.names[0]) if step.names else None
        if entry is None:
            break
        node = entry
    return node


def holds(where: Where, node: Node, document: Document, inside: bool = False) -> bool:
    """Whether the surroundings of ``node`` meet ``where`` (``inside``: paths start at the node itself)."""
    path = where.path
    base: Node | None = node if inside else node.parent
    while base is not None and base.kind == "sequence" and not inside and path[:1] not in "^$":
        base = base.parent
    if path.startswith("$."):
        path = path[2:]
        base = node
        while base.parent is not None:
            base = base.parent
    while path.startswith("^."):
        path = path[2:]
        base = base.parent if base is not None else None
    if base is None:
        return where.absent
    answers = [where.when(found) for found in base.select(path)]
    if where.absent:
        return not any(answer is True or isinstance(answer, Unknown) for answer in answers)
    return any(answer is True for answer in answers)


def _candidates(path: str, paths: tuple[str, ...], nodes: Iterable[Node], document: Document, linked: bool, folded: bool) -> Iterable[Node]:
    """Nodes at ``path``: checked upwards from ``nodes`` (the entries with its last key), or, where aliases make a node
    stand in several places, looked for downwards from the roots."""
    if not path:
        return [node for each in paths for node in document.select(each)]
    if linked and not folded:
        return document.select(path)
    steps = compile_path(path)
    last = len(steps)
    while steps[last - 1].kind == "item":
        last -= 1
    found = [node for node in nodes if fits(node, steps[:last], folded)]
    for step in steps[last:]:
        found = [
            item
            for node in found
            if node.resolved.kind == "sequence"
            for item in node.resolved.children
            if step.number is None or step.number == item.index
        ]
    return found


def fits(node: Node, steps: tuple[Step, ...], folded: bool = False) -> bool:
    """Whether the path from the root to ``node`` is one that ``steps`` describe; read upwards."""
    at: Node | None = node
    for number in range(len(steps) - 1, -1, -1):
        step = steps[number]
        if step.kind == "deep":
            if number == 0:
                return True
            rest = steps[:number]
            while at is not None and at.parent is not None:
                if fits(at, rest, folded):
                    return True
                at = at.parent
            return False
        if at is None or at.parent is None:
            return False
        if step.kind == "key":
            if at.key is None or (step.names and at.key not in step.names and not (folded and fold(at.key) in step.names)):
                return False
        elif at.key is not None or (step.number is not None and step.number != at.index):
            return False
        at = at.parent
    return at is not None and at.parent is None


def _has_aliases(document: Document) -> bool:
    """Whether some node of the document stands for another."""
    if document.format != "yaml" or "*" not in document.source.text or "&" not in document.source.text:
        return False
    return any(node.target is not None for root in document.roots for node in root.walk())


_SHOWN: Final = 60


def _found(rule: Rule, match: Match, hit: Hit, file: File) -> Finding:
    if isinstance(hit.at, Span):
        path, message = hit.within.path if hit.within is not None else "", hit.message or match.message
        subject = f"{path}={_text_at(file, hit.at)}"
        return report(rule, file.path, hit.at, message, key_path=path, subject=subject, fix=hit.fix, tier=hit.tier)
    node = hit.at
    shown = node
    if hit.key and node.key is None:
        shown = next((entry for entry in node.resolved.children if entry.key == "name"), None) or next(iter(node.children), node)
        span = shown.span if shown.key == "name" else shown.key_span
    else:
        span = node.key_span if hit.key else node.span
    message = hit.message or match.message
    if "{" in message:
        value = node.text if node.resolved.kind == "scalar" else ""
        for name, text in (("{key}", node.key or ""), ("{value}", value), ("{path}", node.path)):
            message = message.replace(name, text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
    path = node.path
    fix = hit.fix or (fix_of(hit.mend, node) if hit.mend else None)
    subject = f"{path}={node.text if node.kind == 'scalar' else ''}"
    return report(rule, file.path, span, message, key_path=path, subject=subject, fix=fix, tier=hit.tier)


def _text_at(file: File, span: Span) -> str:
    """What stands at ``span``."""
    starts = file.source.line_starts
    return file.source.text[starts[span.line - 1] + span.col - 1 : starts[span.end_line - 1] + span.end_col - 1]
