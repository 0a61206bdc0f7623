"""What a reference alone does not show: releases known to be bad, names that imitate, comments that contradict the commit beside
them, and what changed against the parent commit.

Works on what the collectors found; ``policy.py`` judges levels, this module everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..records import TYPE_CHECKING
from .reference import Mark, Reference, is_commit, is_full_version, is_version

if TYPE_CHECKING:
    from typing import Final

    from ..files.source import Source
    from ..files.tree import Tree

_COMMENT: Final = re.compile(r"""['"]?[ \t]+#[ \t]*(?:(?:tag|pin|version|ratchet:[\w./-]+@|@)[ =:]*)?([vV]?\d[\w.+-]*)""")
_PINNED: Final = re.compile(
    r"""uses["']?\s*:\s*["']?([\w.-]+/[\w./-]+)@([0-9a-fA-F]{40})["']?[ \t]+#[ \t]*(?:(?:tag|pin|version)[ =:]*)?([vV]?\d[\w.+-]*)"""
)
_WORKFLOW: Final = re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml\Z|(?:^|/)action\.ya?ml\Z")
_DIRECT: Final = frozenset({"requirement", "project", "manifest", "build", "hook", "install", "mcp"})
_MAX_WORKFLOWS: Final = 500


def observe(references: Sequence[Reference], source: Source, tree: Tree) -> Iterator[Mark]:
    """Marks on the references of one file."""
    for reference in references:
        yield from _odd_name(reference)
        yield from _known(reference)
    actions = [reference for reference in references if reference.ecosystem == "action" and reference.content_id]
    commented = [(reference, version) for reference in actions if is_full_version(version := comment_version(reference))]
    if commented:
        yield from _conflicts(commented, tree)
    direct = [reference for reference in references if reference.ecosystem in ("pypi", "npm") and reference.role in _DIRECT]
    direct += [reference for reference in references if reference.ecosystem == "action"]
    imitations = [(reference, name) for reference in direct if (name := _imitated(reference))]
    if commented or imitations:
        from .tamper import before, moved_commits, unchanged

        if unchanged(source, tree):
            return
        old = before(source, tree)
        yield from moved_commits(commented, old)
        known = {(each.ecosystem, each.name) for each in old or ()}
        for reference, name in imitations:
            if (reference.ecosystem, reference.name) not in known:
                yield _mark(
                    "imitating-name",
                    reference,
                    f"{reference.name} is one slip away from {name}, which is far more popular; check that it is what is meant",
                )


def comment_version(reference: Reference) -> str:
    """The version that the comment behind a pinned reference gives; empty when there is none."""
    m = _COMMENT.match(reference.source.text, reference.end)
    return m[1] if m is not None else ""


def _mark(rule: str, reference: Reference, message: str) -> Mark:
    return Mark(
        rule, reference.source, reference.start, reference.end, message, reference.key_path, f"{reference.ecosystem}:{reference.name}"
    )


def _odd_name(reference: Reference) -> Iterator[Mark]:
    if not reference.name.isascii():
        from .names import odd_character

        what = odd_character(reference.name)
        yield _mark("confusable-name", reference, f"the name holds {what}, which makes it another than it looks like")


def _known(reference: Reference) -> Iterator[Mark]:
    if reference.ecosystem == "action":
        from .known import ARCHIVED, known_action

        version = (
            reference.requested if is_version(reference.requested) and not is_commit(reference.requested) else comment_version(reference)
        )
        known = known_action(reference, version)
        if known is not None:
            rule = "known-malicious-release" if known.kind == "malicious" else "known-vulnerable-action"
            yield _mark(rule, reference, f"{reference.name}@{reference.requested}: {known.what}")
        instead = ARCHIVED.get("/".join(reference.name.lower().split("/")[:2]))
        if instead is not None:
            yield _mark("archived-action", reference, f"{reference.name} is archived and gets no fixes; use {instead}")
    elif reference.ecosystem in ("pypi", "npm", "gem", "go"):
        from .known import known_package

        known = known_package(reference)
        if known is not None:
            yield _mark("known-malicious-release", reference, f"{reference.name} {reference.requested}: {known.what}".replace(" :", ":"))


def _imitated(reference: Reference) -> str:
    from .names import imitated

    if reference.ecosystem == "action":
        return imitated("actions", repository_of(reference.name))
    return imitated(reference.ecosystem, reference.name)


def _conflicts(commented: Sequence[tuple[Reference, str]], tree: Tree) -> Iterator[Mark]:
    """The same full version with two commits, or the same commit with two full versions, in this repository."""
    index = pinned_actions(tree)
    for reference, version in commented:
        repository = repository_of(reference.name)
        commits = index.get(("version", repository, version.lstrip("vV")), {})
        others = sorted(commit for commit in commits if commit != reference.requested.lower())
        if others:
            where = commits[others[0]]
            yield _mark(
                "action-comment-conflict",
                reference,
                f"{version} of {repository} is this commit here and {others[0][:12]}… in {where}: one of them is not {version}",
            )
            continue
        versions = index.get(("commit", repository, reference.requested.lower()), {})
        other = sorted(each for each in versions if each != version.lstrip("vV"))
        if other:
            yield _mark(
                "action-comment-conflict",
                reference,
                f"this commit of {repository} is called {version} here and {other[0]} in {versions[other[0]]}",
            )


def repository_of(name: str) -> str:
    return "/".join(name.lower().split("/")[:2])


def pinned_actions(tree: Tree) -> dict[tuple[str, str, str], dict[str, str]]:
    """What all workflows of the repository say: for each version its commits, for each commit its versions, with a place."""
    kept = tree.memo.get("pinned-actions")
    if isinstance(kept, dict):
        return kept
    index: dict[tuple[str, str, str], dict[str, str]] = {}
    paths = [path for path in sorted(tree.paths()) if _WORKFLOW.search(path)]
    for path in paths[:_MAX_WORKFLOWS]:
        source = tree.find(path)
        for m in _PINNED.finditer(source.text) if source is not None else ():
            repository, version, commit = repository_of(m[1]), m[3].lstrip("vV"), m[2].lower()
            index.setdefault(("tag", repository, m[3]), {}).setdefault(commit, path)
            if is_full_version(m[3]):
                index.setdefault(("version", repository, version), {}).setdefault(commit, path)
                index.setdefault(("commit", repository, commit), {}).setdefault(version, path)
    tree.memo["pinned-actions"] = index
    return index
