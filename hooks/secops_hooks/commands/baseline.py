"""``secops-hooks baseline``: write down what is accepted from now on, in ``.secops-baseline`` at the root.

A file that cannot be analysed is never accepted here: nobody has seen what is in it. The others are written down all the
same, the file is named, and the command ends with 3, as a hook would; exempt it with an ``[[ignore]]`` entry and a reason.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..cli import UsageError, expand, settings_of, watched, with_nested_settings
from ..files.git import toplevel
from ..files.tree import Tree, WorkTree, commit_tree, root_of, to_tree_path
from ..finding import FAMILIES, TIERS, UNANALYSABLE, Family, Finding
from ..policy.baseline import ATTRIBUTE, FILE_NAME, Baseline, Contents, Entry, Tags, fingerprint, read, render, text_at
from ..policy.imports import Foreign, entries, stands_for
from ..policy.settings import Settings, find, load
from ..report.lines import printable
from ..report.model import plural
from ..report.names import without_secrets
from ..run import CLEAN, NOT_ANALYSED, Accepts, Outcome, run


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only these files and directories (default: all)")
    parser.add_argument("--prune", action="store_true", help="drop entries that no longer occur")
    parser.add_argument(
        "--import",
        dest="imported",
        metavar="FILE",
        help="accept what another tool's baseline accepts: .secrets.baseline, .gitleaksignore, .checkov.baseline, JSON reports of gitleaks "
        "and bandit",
    )
    parser.add_argument("--settings", metavar="FILE", help="read settings from FILE instead of the nearest .secops.toml or pyproject.toml")


class Notes:
    """Takes down every finding it is asked about; accepts none."""

    def __init__(self, tree: Tree, old: Contents, salt: str) -> None:
        self._known = Baseline(tree, old)
        self._salt = salt
        self._tags = Tags()
        self.used: set[str] = set()
        self.added: set[Entry] = set()
        self.secrets: set[Entry] = set()
        if old.entries:
            _ = self._known.contents

    def take(self, finding: Finding, content: str) -> bool:
        """Whether the finding is to be left out of the run's outcome: only what cannot be accepted stays in it."""
        if finding.rule is UNANALYSABLE or without_secrets(finding.path) != finding.path:
            return False  # a name that holds a secret is not written down
        known = self._known.entry_of(finding, content)
        if known is not None:
            self.used.add(known)
        else:
            tag = self._tags.of(self._salt, finding, content)
            print_of = fingerprint(self._salt, finding.rule.id, finding.path, finding.key_path, tag)
            entry = Entry(print_of, finding.rule.id, finding.path)
            self.added.add(entry)
            if finding.rule.family == "secrets":
                self.secrets.add(entry)
        return True


class Counted(NamedTuple):
    """What became of the file."""

    contents: Contents
    new: int
    stale: int
    dropped: int


def main(options: Namespace) -> int:
    """Write the baseline and say what changed."""
    cwd = os.getcwd()
    root = root_of(cwd)
    settings = settings_of(options, root, cwd)._replace(tier="warn")
    tree = WorkTree(root, settings.max_file_size)
    old = read(tree)
    if not old.salts:
        old = old._replace(salts=(os.urandom(16).hex(),))
    notes = Notes(tree, old, old.salts[0])
    if options.imported:
        return _import(_read(options.imported, root, cwd), options.imported, root, tree, settings, old, notes)
    paths = sorted({*expand(options.paths or [root], root, cwd)} - {FILE_NAME})
    if not options.settings:
        settings = with_nested_settings(settings, paths, root)
    outcome = run(tree, watched(paths), FAMILIES, settings, accepts=_limited(notes, settings))
    unseen = {item.finding.path for item in outcome.items if item.finding.rule is UNANALYSABLE}
    below = [to_tree_path(path, root, cwd) for path in options.paths]
    counted = _merged(old, notes, tree, set(paths), unseen, below, options.prune)
    _write(root, counted.contents)
    said = f"{plural(len(counted.contents.entries), 'finding')} accepted in {FILE_NAME}: {counted.new} new, {counted.dropped} dropped"
    if counted.stale:
        said += f"; {counted.stale} no longer occur (drop them with --prune)"
    print(f"secops: {said}; {plural(outcome.files, 'file')} looked at")
    new = len(notes.secrets - old.entries)
    if new:
        are = "is a secret" if new == 1 else "are secrets"
        print(f"secops: {new} of the new ones {are}, which this does not make safe; see them: secops-hooks secrets . --no-baseline")
    return _about_the_rest(outcome)


def _limited(notes: Notes, settings: Settings) -> Accepts:
    """``notes`` for findings that a run would show; the others need no entry."""
    limit = TIERS.index(settings.tier)
    return lambda finding, content: TIERS.index(finding.tier) <= limit and notes.take(finding, content)


def _merged(old: Contents, notes: Notes, tree: Tree, looked: set[str], unseen: set[str], below: Sequence[str], prune: bool) -> Counted:
    """The old entries and the new ones; without those that were looked for in vain when ``prune``."""

    def asked_for(path: str) -> bool:
        return not below or any(top == "." or path == top or path.startswith(top + "/") for top in below)

    stale = {
        e
        for e in old.entries
        if e.fingerprint not in notes.used and asked_for(e.path) and e.path not in unseen and (e.path in looked or not tree.exists(e.path))
    }
    kept = old.entries - stale if prune else old.entries
    added = notes.added - kept
    contents = Contents(old.salts, kept | added)
    return Counted(contents, len(added), 0 if prune else len(stale), len(old.entries) - len(kept))


def _write(root: str, contents: Contents) -> None:
    """Write the file, and see to it that git merges it by keeping both sides."""
    _write_text(os.path.join(root, FILE_NAME), render(contents))
    if toplevel(root) is None:
        return
    attributes = os.path.join(root, ".gitattributes")
    try:
        with open(attributes, encoding="utf-8", errors="surrogateescape", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        text = ""
    if not any(line.split()[:1] == [FILE_NAME] and "merge=union" in line for line in text.splitlines()):
        _write_text(attributes, text + ("\n" if text and not text.endswith("\n") else "") + ATTRIBUTE + "\n")


def _write_text(path: str, text: str) -> None:
    """Replace the file at ``path`` whole or not at all. Raises :class:`UsageError`."""
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


def _about_the_rest(outcome: Outcome) -> int:
    """Name what cannot be accepted."""
    code = CLEAN
    for item in outcome.items:
        finding = item.finding
        if finding.rule is UNANALYSABLE or without_secrets(finding.path) != finding.path:
            code = NOT_ANALYSED
            place = f"{printable(without_secrets(finding.path))}:{finding.span.line}"
            print(f"secops: not accepted: {place}: {printable(finding.message)}", file=sys.stderr)
    return code


def _read(name: str, root: str, cwd: str) -> list[Foreign]:
    """The entries of another tool's baseline, their paths below ``root``."""
    try:
        with open(os.path.join(cwd, name), "rb") as file:
            foreign = entries(file.read(), printable(name))
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error
    below = root.replace(os.sep, "/").rstrip("/") + "/"
    return [each._replace(path=each.path.removeprefix(below)) for each in foreign]


def add(foreign: Sequence[Foreign], name: str, root: str) -> None:
    """Add an entry for each of our findings that one of ``foreign`` stands for, and say so. ``name`` is where these are from."""
    settings = Settings()
    path = find(root, root)
    if path is not None:
        settings = load(path, root)
    tree = WorkTree(root, settings.max_file_size)
    old = read(tree)
    if not old.salts:
        old = old._replace(salts=(os.urandom(16).hex(),))
    _import(foreign, name, root, tree, settings, old, Notes(tree, old, old.salts[0]))


def _import(foreign: Sequence[Foreign], name: str, root: str, tree: Tree, settings: Settings, old: Contents, notes: Notes) -> int:
    """Add an entry for each of our findings that an entry of another tool's baseline stands for."""
    matched: set[Foreign] = set()
    for commit, group in _by_commit(foreign):
        at = commit_tree(root, commit) if commit else tree
        if at is None:
            print(f"secops: commit {printable(commit)[:12]} is not in this clone; its entries are left out", file=sys.stderr)
            continue
        matched |= _matched(at, group, settings, notes)
        if commit:
            at.close()
    added = notes.added - old.entries
    _write(root, Contents(old.salts, old.entries | added))
    print(
        f"secops: {plural(len(foreign), 'entry').replace('entrys', 'entries')} of {printable(name)}: {len(matched)} stand for findings "
        f"({len(added)} new in {FILE_NAME}), {len(foreign) - len(matched)} for nothing that is found here"
    )
    return CLEAN


def _by_commit(foreign: Iterable[Foreign]) -> Iterator[tuple[str, list[Foreign]]]:
    groups: dict[str, list[Foreign]] = {}
    for entry in foreign:
        groups.setdefault(entry.commit, []).append(entry)
    yield from groups.items()


def _matched(tree: Tree, group: Sequence[Foreign], settings: Settings, notes: Notes) -> set[Foreign]:
    """The entries of ``group`` that stand for a secret which we find in ``tree``; ``notes`` takes these down."""
    by_path: dict[str, list[Foreign]] = {}
    for entry in group:
        by_path.setdefault(entry.path, []).append(entry)
    matched: set[Foreign] = set()

    def note(finding: Finding, content: str) -> bool:
        source = tree.source(finding.path)
        value = text_at(source, finding.span) or content
        equal = {each.lower() for each in finding.rule.equivalents}
        hits = [
            each
            for each in by_path.get(finding.path, ())
            if (each.check.lower() in equal if each.check else finding.rule.family == "secrets")
            and stands_for(each, finding.span.line, finding.span.end_line, value, source.line(finding.span.line))
        ]
        matched.update(hits)
        return bool(hits) and notes.take(finding, content)

    families: tuple[Family, ...] = FAMILIES if any(each.check for each in group) else ("secrets",)
    run(tree, [path for path in by_path if tree.exists(path)], families, settings._replace(tier="audit", ignore=()), accepts=note)
    return matched
