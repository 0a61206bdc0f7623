"""Expressions written into scripts: template injection, told apart by who can write what they insert."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..match import Hit
from .contexts import Trust
from .indirect import fixes
from .sinks import OPEN_INPUTS, code_of, prompts_of
from .taint import Flow, Scope
from .workflow import Job, Model, Site, Step, fields, model_of, scalar, span_in, span_of, text_of

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...finding import Fix
    from ...parse import File


class Injection(NamedTuple):
    """An expression in code, and the least trusted of what it inserts."""

    site: Site
    flow: Flow


_MAX_CALLS: Final = 3
_WHO: Final[dict[Trust, str]] = {
    "stranger": "which anyone can write",
    "caller": "which whoever starts the run, calls this or names a branch can write",
    "unknown": "whose content this file does not decide",
    "platform": "",
    "safe": "",
}


def injections(model: Model) -> tuple[Injection, ...]:
    """All expressions that are pasted into code in ``model``, with what they bring in."""
    kept = model.file.source.memo.get("injections")
    if kept is None:
        kept = model.file.source.memo["injections"] = tuple(_injections(model))
    return kept  # type: ignore[return-value]


def _injections(model: Model) -> Iterator[Injection]:
    for step in model.steps():
        scope: Scope | None = None
        for code in code_of(step):
            if "${{" not in code.text:
                continue
            for site in model.sites_in(code):
                if site.expr is None:
                    continue
                scope = scope or Scope(model, step.job, step)
                flow = scope.worst(site.expr)
                if flow is not None:
                    yield Injection(site, flow)


def _hits(file: File, *trusts: Trust) -> Iterator[Hit]:
    model = model_of(file)
    for found in injections(model) if model is not None else ():
        if found.flow.trust in trusts:
            yield _hit(found, _fixes(model).get((id(found.site.node), found.site.template.start)) if model is not None else None)


def _fixes(model: Model) -> dict[tuple[int, int], Fix]:
    """The mends of all injections by somebody else's text, by scalar and place; made once a file."""
    known = model.file.source.memo.get("injection-fixes")
    kept: dict[tuple[int, int], Fix] = known if isinstance(known, dict) else {}
    if not isinstance(known, dict):
        by_step: dict[int, list[Site]] = {}
        for found in injections(model):
            if found.flow.trust in ("stranger", "caller") and found.site.step is not None and found.site.node.key == "run":
                by_step.setdefault(id(found.site.step), []).append(found.site)
        for sites in by_step.values():
            step = sites[0].step
            for start, fix in (fixes(step, tuple(sites)) if step is not None else {}).items():
                kept[id(sites[0].node), start] = fix
        model.file.source.memo["injection-fixes"] = kept
    return kept


def _hit(found: Injection, fix: Fix | None) -> Hit:
    site, flow = found
    template = site.template
    span = span_of(site)
    if "\n" in site.node.text[template.start : template.end] and flow.expr.end > flow.expr.start:
        span = span_in(site, flow.expr.start, flow.expr.end)
    who = _WHO[flow.trust]
    what = flow.shown if flow.source == flow.path else f"{flow.shown} carries {flow.origin}"
    tail = f" ({what}, {who})" if who else f" ({what})"
    return Hit(span, f"an expression becomes part of this script before it runs{tail}", within=site.node, fix=fix)


def by_strangers(file: File, tree: Tree) -> Iterator[Hit]:
    """Text that anyone on the internet can write, pasted into code."""
    yield from _hits(file, "stranger")


def by_callers(file: File, tree: Tree) -> Iterator[Hit]:
    """Free text of whoever dispatches, calls or names a branch, pasted into code."""
    yield from _hits(file, "caller")


def by_others(file: File, tree: Tree) -> Iterator[Hit]:
    """Any other expansion in code whose value is not a number, a digest or written in the file itself."""
    yield from _hits(file, "unknown", "platform")


def scripts_by_template(file: File, tree: Tree) -> Iterator[Hit]:
    """Block scripts into which expressions are written: the script as a whole, at its key."""
    model = model_of(file)
    seen: set[int] = set()
    for found in injections(model) if model is not None else ():
        node = found.site.node
        if found.flow.trust != "safe" and node.style in ("|", ">") and id(node) not in seen:
            seen.add(id(node))
            yield Hit(node, key=True)


def into_local_code(file: File, tree: Tree) -> Iterator[Hit]:
    """Text of strangers handed to an action or workflow of this repository that pastes it into a script."""
    model = model_of(file)
    for handed in _handed_on(model, tree, _MAX_CALLS) if model is not None else ():
        if handed.flow.trust == "stranger":
            message = f"{handed.callee} pastes its input {handed.name} into a script, and {handed.flow.shown} is text that anyone can write"
            yield Hit(span_of(handed.site), message, within=handed.site.node)


class Handed(NamedTuple):
    """An expression in an input that the called code of this repository pastes into a script, and what it brings in."""

    callee: str
    name: str
    site: Site
    flow: Flow


def _handed_on(model: Model, tree: Tree, calls: int) -> Iterator[Handed]:
    for job in model.jobs:
        holders: tuple[Job | Step, ...] = (job, *job.steps)
        for holder in holders:
            if holder.uses is None or not holder.uses.local:
                continue
            pasted = _code_inputs(holder.uses.path, tree, calls)
            scope = Scope(model, job, holder if isinstance(holder, Step) else None)
            for name, node in fields(holder.parts.get("with")).items():
                value = scalar(node)
                for site in model.sites_in(value) if name.lower() in pasted and value is not None else ():
                    flow = scope.worst(site.expr) if site.expr is not None else None
                    if flow is not None:
                        yield Handed(holder.uses.name, name, site, flow)


def _code_inputs(path: str, tree: Tree, calls: int) -> frozenset[str]:
    """The inputs that the action or workflow of this repository at ``path`` pastes into a script, or hands on (over at most
    ``calls`` calls) to one that does; found out once."""
    key = ("code inputs", path, calls)
    known = tree.memo.get(key)
    if not isinstance(known, frozenset):
        known = tree.memo[key] = _pasted_inputs(path, tree, calls)
    return known


def _pasted_inputs(path: str, tree: Tree, calls: int) -> frozenset[str]:
    from ...files.tree import Unreadable
    from ...parse import load

    candidates = [path] if path.endswith((".yml", ".yaml")) else [f"{path}/action.yml".lstrip("/"), f"{path}/action.yaml".lstrip("/")]
    for candidate in candidates:
        try:
            file = load(tree, candidate)
        except Unreadable:
            continue  # that file is reported as unreadable when it is its turn
        called = model_of(file) if file is not None else None
        if called is not None:
            flows = [found.flow for found in injections(called)]
            flows += [handed.flow for handed in _handed_on(called, tree, calls - 1)] if calls else []
            return frozenset(flow.source[1] for flow in flows if flow.source[0] == "inputs" and len(flow.source) > 1)
    return frozenset()


def prompts_by_strangers(file: File, tree: Tree) -> Iterator[Hit]:
    """Text that anyone can write, pasted into the orders of an agent."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        for prompt in prompts_of(step):
            scope = Scope(model, step.job, step) if model is not None else None
            for site in model.sites_in(prompt) if model is not None else ():
                flow = scope.worst(site.expr) if scope is not None and site.expr is not None else None
                if flow is not None and flow.trust == "stranger":
                    yield Hit(
                        span_of(site),
                        f"{flow.shown} is text that anyone can write, and here an agent takes it as its orders",
                        within=prompt,
                    )


def agents_for_everybody(file: File, tree: Tree) -> Iterator[Hit]:
    """Agents that take orders from everybody."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        wanted = OPEN_INPUTS.get(step.uses.repository, ()) if step.uses is not None else ()
        for name, node in step.inputs().items() if wanted else ():
            if name in wanted and text_of(node) == "*":
                yield Hit(node)
