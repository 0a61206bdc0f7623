"""This commit against its parent: what changed in a way that honest changes do not.

A full version never gets a second commit, so a new commit under the old comment is a lie in one of them; a dependency that moves
from an index to a repository or URL, or a package that begins to run a script on installation, deserves a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from .reference import Mark, Reference

_LOOSE: Final = frozenset({"action", "hooks", "image", "pypi"})
_LOOSE_ROLES: Final = frozenset({"third-party", "first-party", "workflow", "rev", "from", "copy", "ci", "compose", "requirement"})
_INDEXES: Final = frozenset({"pypi", "npm", "cargo", "composer"})
_SOURCES: Final = frozenset({"git", "url"})
_INSTALL: Final = ("preinstall", "install", "postinstall")

if TYPE_CHECKING:
    from ..files.source import Source
    from ..files.tree import Tree
    from ..parse import File


def before(source: Source, tree: Tree) -> list[Reference] | None:
    """The references of the file as it is in the parent commit; ``None`` when there is no parent or no such file in it."""
    from .check import collected

    parent = tree.parent()
    file = _old(source.path, parent) if parent is not None else None
    if parent is None or file is None:
        return None
    return [found for found in collected(file, parent) if isinstance(found, Reference)]


def unchanged(source: Source, tree: Tree) -> bool:
    """Whether the parent commit has the very same file."""
    from ..files.tree import Unreadable

    parent = tree.parent()
    try:
        old = parent.find(source.path) if parent is not None else None
    except Unreadable:
        return False
    return old is not None and old.data == source.data


def _old(path: str, parent: Tree) -> File | None:
    """The file in the parent commit; a clone without that content has nothing to compare with."""
    from ..files.tree import Unreadable
    from ..parse import load

    try:
        return load(parent, path)
    except Unreadable:
        return None


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


def changes(references: Sequence[Reference], file: File, tree: Tree) -> Iterator[Mark]:
    """Pins that the commit loosens, dependencies that it takes from elsewhere, scripts that it makes run on installation."""
    loose = [
        each for each in references if each.ecosystem in _LOOSE and each.role in _LOOSE_ROLES and each.level in ("version", "floating")
    ]
    moved = [each for each in references if each.ecosystem in _SOURCES and each.role in ("dependency", "project", "requirement")]
    if (loose or moved) and not unchanged(file.source, tree):
        old = before(file.source, tree) or []
        pinned = {(each.ecosystem, each.name.lower()): each for each in old if each.level == "content"}
        indexed = {each.name.lower() for each in old if each.ecosystem in _INDEXES}
        still = {(each.ecosystem, each.name.lower(), each.requested) for each in old if each.level != "content"}
        for each in loose:
            was = pinned.get((each.ecosystem, each.name.lower()))
            if was is not None and (each.ecosystem, each.name.lower(), each.requested) not in still:
                message = f"{each.name} was pinned to {was.content_id[:19]}… and is now {each.requested or 'whatever is newest'}"
                yield Mark("pin-loosened", each.source, each.start, each.end, message, each.key_path, each.name)
        names = {each.name.lower() for each in old if each.ecosystem in _SOURCES}
        for each in moved:
            if each.name.lower() in indexed and each.name.lower() not in names:
                message = (
                    f"{each.name} came from the package index and now comes from a {'repository' if each.ecosystem == 'git' else 'URL'}"
                )
                yield Mark("dependency-source-changed", each.source, each.start, each.end, message, each.key_path, each.name)
    if "package-json" in file.type.kinds:
        yield from _scripts(file, tree)


def _scripts(file: File, tree: Tree) -> Iterator[Mark]:
    document = file.document
    found = [node for name in _INSTALL for node in (document.select(f"scripts.{name}") if document is not None else ()) if node.known]
    parent = tree.parent() if found else None
    if parent is None:
        return
    old = _old(file.path, parent)
    if old is None or old.document is None:
        return
    for node in found:
        was = old.document.select(f"scripts.{node.key}")
        if not was or was[-1].text != node.text:
            message = f"the {node.key} script {'changed' if was else 'is new'}: it runs on every machine that installs this package"
            yield Mark("new-install-script", node.source, node.start, node.end, message, node.path, node.key or "")
