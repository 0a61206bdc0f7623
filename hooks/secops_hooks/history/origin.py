"""Where things came from: the first commit that brought a blob, its date, and what ``HEAD`` still holds."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from typing import NamedTuple

from ..files.git import GitError, Output, git
from .objects import Range

ORDER = ("--topo-order", "--reverse")


class Origin(NamedTuple):
    """The commit that brought something (empty: none did, as for a tagged blob), how early it is, its author date, the path there."""

    commit: str = ""
    rank: int = 1 << 60
    date: str = ""
    path: str = ""


def origins(root: str, span: Range, wanted: Collection[str]) -> dict[str, Origin]:
    """Blob id to its :class:`Origin` within ``span``, parents before children. What a merge itself wrote counts as the merge's."""
    left, found = set(wanted), dict[str, Origin]()
    if not left:
        return found
    with (
        Output(root, "rev-list", *ORDER, "--stdin", *span.options, stdin=span.stdin) as commits,
        Output(root, "diff-tree", "--stdin", "-r", "-c", "-z", "--root", "--no-renames", "--no-abbrev", "--raw", source=commits) as raw,
    ):
        commit, rank, blob = "", 0, ""
        for field in raw.lines(b"\0"):
            if blob and commit:
                if blob in left:
                    left.discard(blob)
                    found[blob] = Origin(commit, rank, "", os.fsdecode(field))
                    if not left:
                        break
                blob = ""
            elif field.startswith(b":"):
                blob = _new_blob(field)
            elif len(field) in (40, 64):
                commit, rank = field.decode(), rank + 1
    return _dated(root, found)


def _new_blob(field: bytes) -> str:
    """The resulting blob of a raw record ``:modes… ids… status``, a colon for each parent."""
    parents = len(field) - len(field.lstrip(b":"))
    return field.split(b" ")[2 * parents + 1].decode()


def _dated(root: str, found: dict[str, Origin]) -> dict[str, Origin]:
    dates = author_dates(root, {each.commit for each in found.values()})
    return {blob: each._replace(date=dates.get(each.commit, "")) for blob, each in found.items()}


def author_dates(root: str, commits: Iterable[str]) -> dict[str, str]:
    """Commit id to its author date (ISO 8601)."""
    given = "".join(f"{each}\n" for each in sorted(set(commits)))
    if not given:
        return {}
    listing = git(root, "log", "--no-walk=unsorted", "--stdin", "--format=%H %aI", stdin=given.encode()).decode()
    return dict(line.split(" ", 1) for line in listing.splitlines())


def in_head(root: str, blobs: Collection[str]) -> set[str]:
    """Those of ``blobs`` that the tree of ``HEAD`` holds; none where there is no ``HEAD``."""
    try:
        head = git(root, "rev-parse", "--verify", "--quiet", "HEAD^{tree}").decode().strip()
    except GitError:
        return set()
    held = set()
    with Output(root, "ls-tree", "-r", "-z", "--full-tree", head) as listing:
        for row in listing.lines(b"\0"):
            name = row.partition(b"\t")[0].split(b" ")[2].decode()
            if name in blobs:
                held.add(name)
    return held
