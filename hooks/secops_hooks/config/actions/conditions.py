"""Conditions that do not mean what they seem to: spoofable actors, substring tests, texts that are always true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...finding import Edit, Fix
from ..match import Hit
from .contexts import Path, direct_trust, path_of
from .expression import Binary, Call, Expr, Literal, templates, walk
from .workflow import FORK_EVENTS, Model, Site, model_of, place, span_in

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...finding import Span
    from ...parse import File
    from ...parse.node import Node

# who caused the latest event, not who wrote the change: a bot's branch can be made to carry a stranger's commit
_ACTORS: Final[frozenset[Path]] = frozenset({
    ("github", "actor"),
    ("github", "triggering_actor"),
    ("github", "actor_id"),
    ("github", "event", "sender", "login"),
    ("github", "event", "sender", "id"),
    ("github", "event", "pull_request", "sender", "login"),
    ("github", "event", "pull_request", "sender", "id"),
})  # fmt: skip
_BOT_IDS: Final = frozenset({"49699333", "29139614", "41898282", "27856297", "39814207", "23141520", "80041489"})
_CHECKED_BY_PLATFORM: Final = ("runner", "matrix", "strategy", "job", "needs", "secrets", "vars")


def _conditions(model: Model) -> Iterator[Site]:
    for site in model.sites:
        if site.node.key == "if" and site.expr is not None:
            yield site


def _bots(file: File, wanted: bool) -> Iterator[Hit]:
    model = model_of(file)
    if model is None or model.action:
        return
    if wanted != bool(FORK_EVENTS & set(model.triggers)):
        return
    for site in _conditions(model):
        parts = list(walk(site.expr)) if site.expr is not None else []
        if any(_author_test(node) for node in parts) and not any(isinstance(node, Binary) and node.op == "||" for node in parts):
            continue
        for node in parts:
            actor = _bot_test(node)
            if actor:
                message = f"{actor} says who caused the last event, not who wrote the change; it can be spoofed"
                yield Hit(span_in(site, node.start, node.end), message, fix=_author_fix(site, node, model), within=site.node)


def _author_fix(site: Site, test: Expr, model: Model) -> Fix | None:
    """The test on who wrote the pull request instead of who caused the event, where the event is a pull request's."""
    if set(model.triggers) - {"pull_request_target", "pull_request"} or not isinstance(test, Binary):
        return None
    for side in (test.left, test.right):
        if path_of(side) == ("github", "actor"):
            where = place(site.node)
            return Fix((Edit(where.offset(side.start), where.end(side.end), "github.event.pull_request.user.login"),), safe=False)
    return None


def _author_test(node: Expr) -> bool:
    """Whether ``node`` asks who wrote the pull request, which nobody can spoof."""
    sides = (node.left, node.right) if isinstance(node, Binary) and node.op == "==" else ()
    return any((path_of(side) or ())[-3:] in (("pull_request", "user", "login"), ("pull_request", "user", "id")) for side in sides)


def _bot_test(node: Expr) -> str:
    """The context that ``node`` compares with a bot for equality, or empty."""
    if isinstance(node, Binary) and node.op == "==":
        pairs: tuple[tuple[Expr, Expr], ...] = ((node.left, node.right), (node.right, node.left))
    elif isinstance(node, Call) and node.name in ("contains", "startswith", "endswith") and len(node.args) == 2:
        pairs = ((node.args[0], node.args[1]),)
    else:
        return ""
    for subject, other in pairs:
        path = path_of(subject)
        if path in _ACTORS and path is not None and isinstance(other, Literal) and _is_bot(other.value):
            return ".".join(path)
    return ""


def _is_bot(value: object) -> bool:
    text = f"{value:.0f}" if isinstance(value, float) else str(value)
    return text.lower().endswith("[bot]") or text in _BOT_IDS


def spoofable_bot(file: File, tree: Tree) -> Iterator[Hit]:
    """A bot's name as the gate of a workflow that strangers can start with the repository's own token."""
    yield from _bots(file, wanted=True)


def actor_gate(file: File, tree: Tree) -> Iterator[Hit]:
    """The same where strangers get no token: a weak test all the same."""
    yield from _bots(file, wanted=False)


def substring_of_literal(file: File, tree: Tree) -> Iterator[Hit]:
    """``contains('main develop', github.ref_name)``: true for every substring of the list."""
    model = model_of(file)
    for site in model.sites if model is not None else ():
        for node in walk(site.expr) if site.expr is not None else ():
            if not (isinstance(node, Call) and node.name == "contains" and len(node.args) == 2):
                continue
            haystack, needle = node.args
            path = path_of(needle)
            if (
                isinstance(haystack, Literal)
                and isinstance(haystack.value, str)
                and path is not None
                and path[0] not in _CHECKED_BY_PLATFORM
            ):
                yield Hit(
                    span_in(site, node.start, node.end),
                    f"contains() on a string is true for every part of it: {'.'.join(path)} may be a fragment such as a single letter",
                    fix=_list_fix(site, haystack),
                    tier=None if _chosen_by_somebody(path) else "warn",
                    within=site.node,
                )


def _chosen_by_somebody(path: Path) -> bool:
    """Whether somebody outside may choose the value, down to a single letter."""
    return path[0] != "github" or path in _ACTORS or direct_trust(path, False, frozenset()) not in ("safe", "platform")


def _list_fix(site: Site, haystack: Literal) -> Fix | None:
    """The string of names as a list: ``fromJSON('["main", "develop"]')``."""
    where = place(site.node)
    start, end = where.offset(haystack.start), where.end(haystack.end)
    names = re.split(r"[\s,;|]+", str(haystack.value).strip())
    plain = site.node.style != '"' and site.node.source.text[start:end] == f"'{haystack.value}'"
    if not plain or not all(re.fullmatch(r"[\w./-]+", name) for name in names):
        return None
    listed = ", ".join(f'"{name}"' for name in names)
    return Fix((Edit(start, end, f"fromJSON('[{listed}]')"),), safe=False)


def always_true(file: File, tree: Tree) -> Iterator[Hit]:
    """``if:`` with text around ``${{ … }}``: a string that is never empty, so the condition always holds."""
    model = model_of(file)
    if model is None:
        return
    done: set[int] = set()
    for site in model.sites:
        if site.node.key == "if" and not site.bare and (site.step is not None or site.job is not None) and id(site.node) not in done:
            done.add(id(site.node))
            yield from _text_around(site.node)


def _text_around(node: Node) -> Iterator[Hit]:
    text = node.text
    found = list(templates(text))
    if any(each.error is not None for each in found):
        return
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(text):
        return
    fix = None
    if len(found) == 1 and text[: found[0].start] == "" and text[found[0].end :].strip() == "":
        message = "the line break behind }} makes this condition a string, and a string that is not empty is true"
        if node.style in ("|", ">") and node.raw[:1] == node.style and node.raw[1:2] in ("\n", "\r", " ", "#"):
            fix = Fix((Edit(node.start, node.start + 1, node.style + "-"),), safe=False)
    else:
        message = "text outside of ${{ }} makes this condition a string, and a string that is not empty is true"
    yield Hit(node.source.span(node.start, node.start + 1) if fix else _visible(node), message, fix=fix, within=node)


def _visible(node: Node) -> Span:
    text = node.text
    end = place(node).end(max(1, len(text.rstrip())))
    return node.source.span(node.start if node.style in ("|", ">") else place(node).offset(len(text) - len(text.lstrip())), end)


def falsy_ternary(file: File, tree: Tree) -> Iterator[Hit]:
    """``cond && '' || x``: gives ``x`` whatever ``cond`` says, because the middle is falsy."""
    model = model_of(file)
    for site in model.sites if model is not None else ():
        for node in walk(site.expr) if site.expr is not None else ():
            if (
                isinstance(node, Binary)
                and node.op == "||"
                and isinstance(node.left, Binary)
                and node.left.op == "&&"
                and _falsy(node.left.right)
                and not _falsy(node.right)
            ):
                message = "the value behind && is falsy, so the one behind || is taken whatever the condition says"
                yield Hit(span_in(site, node.start, node.end), message, within=site.node)


def _falsy(node: Expr) -> bool:
    return isinstance(node, Literal) and (node.value is None or node.value is False or node.value == "" or node.value == 0)
