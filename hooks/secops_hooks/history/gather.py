"""Findings of many objects put together: one secret is told once, where it first came in, however many versions of a file hold it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..finding import Finding
from ..policy.suppress import Suppressed
from ..run import Item
from ..spread import rule_of
from .objects import MESSAGES, Object, Range
from .origin import Origin, author_dates, in_head, origins
from .scan import Done


class Sighting(NamedTuple):
    """One finding in one object."""

    object: Object
    item: Item


class Gathered(NamedTuple):
    """All of a scan: the sightings of each secret, what was accepted (each secret once), and what was looked at."""

    secrets: dict[tuple[str, str], list[Sighting]]
    suppressed: tuple[Suppressed, ...]
    objects: int
    size: int


def gather(scanned: Iterable[Done]) -> Gathered:
    """Sort what a scan gives by secret. A secret that the baseline accepts in one place is accepted in all of history."""
    secrets: dict[tuple[str, str], list[Sighting]] = {}
    suppressed: dict[tuple[str, str], Suppressed] = {}
    accepted: set[tuple[str, str]] = set()
    objects = size = 0
    for done in scanned:
        objects += done.objects
        size += done.size
        for found in done.found:
            for gone in found.suppressed:
                who = _identity(gone.finding, found.object)
                suppressed.setdefault(who, gone)
                if gone.by == "baseline":
                    accepted.add(who)
            for item in found.items:
                secrets.setdefault(_identity(item.finding, found.object), []).append(Sighting(found.object, item))
    return Gathered({who: seen for who, seen in secrets.items() if who not in accepted}, tuple(suppressed.values()), objects, size)


def _identity(finding: Finding, where: Object) -> tuple[str, str]:
    """What tells secrets apart: the rule and the hash that the check made of the value; without one, the place."""
    return (finding.rule.id, finding.subject or f"{where.id}:{finding.span.line}:{finding.span.col}")


def told(root: str, span: Range, gathered: Gathered, head: bool = True) -> tuple[Item, ...]:
    """One item a secret: at the place where it first came in, with the commit, the author's date and (``head``) whether it is there."""
    blobs = {seen.object.id for group in gathered.secrets.values() for seen in group if seen.object.kind == "blob"}
    messages = {seen.object.id for group in gathered.secrets.values() for seen in group if seen.object.kind == "commit"}
    came = origins(root, span, blobs)
    dates = author_dates(root, messages)
    held = in_head(root, blobs) if head else set()
    items = []
    for group in gathered.secrets.values():
        first = min(group, key=lambda seen: (came.get(seen.object.id, Origin()).rank, seen.object.path, seen.item.finding.span))
        there = any(seen.object.id in held for seen in group)
        origin = came.get(first.object.id, Origin())
        finding = first.item.finding
        if first.object.kind in MESSAGES:
            note = f" of {dates[first.object.id]}" if first.object.id in dates else ""
            said = f"in the message of {first.object.path}{note}"
            path = first.object.path
        else:
            said = f"in commit {origin.commit[:12]} of {origin.date}" if origin.commit else "in a blob that no commit brought"
            path = origin.path or first.object.path
            said += (", still in HEAD" if there else ", no longer in HEAD") if head else ""
        items.append(first.item._replace(finding=_said(finding, path, said)))
    return tuple(sorted(items, key=lambda item: item.finding.sort_key))


def _said(finding: Finding, path: str, said: str) -> Finding:
    return finding._replace(path=path, message=f"{finding.message}, {said}", rule=rule_of(finding))
