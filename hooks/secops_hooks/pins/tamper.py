"""This commit against its parent: what changed in a way that honest changes do not.

A full version never gets a second commit, so a new commit under the old comment is a lie in one of them; a dependency that moves
from an index to a repository or URL, or a package that begins to run a script on installation, deserves a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .reference import Mark, Reference

if TYPE_CHECKING:
    from ..files.source import Source
    from ..files.tree import Tree


def before(source: Source, tree: Tree) -> list[Reference] | None:
    """The references of the file as it is in the parent commit; ``None`` when there is no parent or no such file in it."""
    parent = tree.parent()
    old = parent.find(source.path) if parent is not None else None
    if parent is None or old is None:
        return None
    from ..files.filetype import detect
    from ..parse import File
    from .check import collected

    file = File(old, detect(old.path, old.text))
    return [found for found in collected(file, parent) if isinstance(found, Reference)]


def moved_commits(commented: Sequence[tuple[Reference, str]], old: Sequence[Reference] | None) -> Iterator[Mark]:
    """Actions whose commit changed while the full version in the comment stayed."""
    from .beside import comment_version

    was: dict[tuple[str, str], set[str]] = {}
    for each in old or ():
        if each.ecosystem == "action" and each.content_id:
            was.setdefault((each.name.lower(), comment_version(each).lstrip("vV")), set()).add(each.requested.lower())
    for reference, version in commented:
        commits = was.get((reference.name.lower(), version.lstrip("vV")))
        if commits and reference.requested.lower() not in commits:
            message = f"the commit of {reference.name} changed, but the comment still says {version}, which was {min(commits)[:12]}… before"
            yield Mark("action-commit-moved", reference.source, reference.start, reference.end, message, reference.key_path, reference.name)
