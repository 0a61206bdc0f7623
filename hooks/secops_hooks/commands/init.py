"""``secops-hooks init``: begin in a repository. Says what it finds and does; ``--dry-run`` only says it. Overwrites nothing.

The hook goes into ``.pre-commit-config.yaml`` (or into the file of lefthook or husky, where these are used), what other tools have
switched off becomes ``.secops.toml``, and what their baselines accept becomes ours.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from .. import __version__
from ..cli import UsageError
from ..files.filetype import by_path
from ..files.git import toplevel
from ..files.tree import Unreadable, WorkTree
from ..finding import FAMILIES
from ..policy.settings import FILE_NAME, SettingsError, find
from ..policy.settings import parse as parse_settings
from ..report.lines import printable
from ..run import CLEAN, rules_of
from ..setup.allowed import At, Left, allowed
from ..setup.arguments import baselines, of_bandit, skipped
from ..setup.hooks import PATH, block, has_hook, with_block
from ..setup.managers import COMMAND, HUSKY, LEFTHOOK, LINT_STAGED, has_command, lint_staged, with_job, with_line
from ..setup.others import HONOURED, disabled, ours
from ..setup.settings import counted, text_of
from . import baseline

_SHOWN: Final = 8  # kinds of files that are named


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")


def main(options: Namespace) -> int:
    """Set the repository up."""
    root = toplevel(os.getcwd())
    if root is None:
        raise UsageError("init works in a git repository; make one with: git init")
    tree = WorkTree(root)
    dry: bool = options.dry_run
    _look(tree)
    install = _hook(tree, dry)
    lines = _settings(tree, dry)
    _baselines(tree, lines, dry)
    print(f"secops: next: {install}; then «secops-hooks baseline» accepts what is there today, and new findings are stopped")
    return CLEAN


def _say(dry: bool, done: str, would: str) -> None:
    print(f"secops: {would if dry else done}")


def _look(tree: WorkTree) -> None:
    """Say what kinds of files there are, as far as their paths tell."""
    paths = tree.paths()
    kinds = Counter(kind for path in paths for kind in by_path(path).kinds)
    named = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN])
    print(f"secops: {len(paths)} files{'; among them ' + named if named else ''}")


def _hook(tree: WorkTree, dry: bool) -> str:
    """Put the hook where the hook manager of this repository looks for it; gives what is to be done next."""
    lefthook = next((name for name in LEFTHOOK if tree.exists(name)), None)
    if not os.path.lexists(os.path.join(tree.root, PATH)):
        if lefthook is not None:
            _manager(tree, lefthook, with_job, dry)
            return "lefthook install"
        if os.path.isdir(os.path.join(tree.root, ".husky")):
            _manager(tree, HUSKY, with_line, dry)
            return "npm install, which runs husky"
        staged = lint_staged(tree)
        if staged is not None and has_command(staged.text):
            print(f"secops: {staged.path} has the hook already")
            return "go on as before"
        if staged is not None:
            print(f"secops: lint-staged is set up in {staged.path}, which is left alone; add this to it:\n  {LINT_STAGED}")
            return "add that"
    _framework(tree, dry)
    return "pre-commit install"


def _manager(tree: WorkTree, path: str, edit: Callable[[str], str | None], dry: bool) -> None:
    """Put our command into the file of a hook manager at ``path``, or say what to put there."""
    full = os.path.join(tree.root, path)
    try:
        text = tree.read(path).decode("utf-8") if os.path.lexists(full) else None
    except (Unreadable, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    if text is not None and has_command(text):
        print(f"secops: {path} has the hook already")
        return
    new = None if os.path.islink(full) else edit(text or "")
    if new is None:
        print(f"secops: {path} is written in a way that is left alone; let it run «{COMMAND}» before a commit")
        return
    _say(dry, f"added «{COMMAND}» to {path}", f"would add «{COMMAND}» to {path}")
    if text is None:
        _create(full, new, dry)
        if not dry:
            os.chmod(full, 0o755)  # noqa: S103 - a hook is a program
    elif not dry:
        _replace(full, new)


def _framework(tree: WorkTree, dry: bool) -> None:
    """Put the hook into the configuration of pre-commit."""
    full = os.path.join(tree.root, PATH)
    if not os.path.lexists(full):
        _say(dry, f"created {PATH} with the hook", f"would create {PATH} with the hook")
        _create(full, with_block("", __version__) or "", dry)
        return
    try:
        text = tree.read(PATH).decode("utf-8")
    except (Unreadable, UnicodeDecodeError) as error:
        raise UsageError(f"{PATH}: {error}") from error
    if has_hook(text):
        print(f"secops: {PATH} has the hook already")
        return
    new = None if os.path.islink(full) else with_block(text, __version__)
    if new is None:
        print(f"secops: {PATH} is written in a way that is left alone; add this to its repos:\n{block(__version__, '  ')}", end="")
        return
    _say(dry, f"added the hook to {PATH}", f"would add to {PATH}:\n{block(__version__, '  ')}".rstrip("\n"))
    if not dry:
        _replace(full, new)


def _settings(tree: WorkTree, dry: bool) -> list[At]:
    """Write settings for what other tools accept; where settings are, say what is missing in them. Gives what a baseline has to say."""
    rules = rules_of(FAMILIES)
    off, unknown = ours((*disabled(tree), *skipped(tree)), rules)
    pieces = list(allowed(tree, rules))
    bandit = of_bandit(tree)
    for name in HONOURED:
        if tree.exists(name):
            print(f"secops: {name} is honoured as it is")
    for each in unknown:
        print(f"secops: {each.path}: no rule of ours is equal to {printable(each.tool)}'s {printable(each.id)}")
    for left in dict.fromkeys(each for each in pieces if isinstance(each, Left)):
        print(f"secops: {left.path}: not taken over: {printable(left.what)}")
    text = text_of(off, pieces, bandit)
    if find(tree.root, tree.root) is not None:
        if text:
            print(f"secops: there are settings, which are left alone; what other tools accept would be:\n{text}", end="")
    elif text:
        parse_settings(text.encode(), FILE_NAME)  # what cannot be read is not written
        count = f"{counted(off, pieces, bandit)}, as other tools have them"
        _say(dry, f"created {FILE_NAME}: {count}", f"would create {FILE_NAME}: {count}\n{text}".rstrip("\n"))
        _create(os.path.join(tree.root, FILE_NAME), text, dry)
    return [each for each in pieces if isinstance(each, At)]


def _baselines(tree: WorkTree, lines: Sequence[At], dry: bool) -> None:
    """Take over what the baselines of other tools, and their settings for single lines, accept."""
    for name in baselines(tree):
        if dry:
            print(f"secops: would accept what {printable(name)} accepts")
            continue
        try:
            baseline.main(Namespace(paths=[], prune=False, imported=os.path.join(tree.root, name), settings=None))
        except SettingsError as error:
            print(f"secops: {printable(name)} is not imported: {error}")
    for reason in dict.fromkeys(each.reason for each in lines):
        if dry:
            print(f"secops: would accept the lines that are in {printable(reason)}")
        else:
            baseline.add([each.entry for each in lines if each.reason == reason], reason, tree.root)


def _create(full: str, text: str, dry: bool) -> None:
    if dry:
        return
    try:
        with open(full, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{full}: {error.strerror}") from error


def _replace(full: str, text: str) -> None:
    """Replace the file whole or not at all, keeping its mode."""
    beside = f"{full}.{os.getpid()}.tmp"
    try:
        with open(beside, "x", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(beside, os.stat(full).st_mode & 0o777)
        os.replace(beside, full)
    except OSError as error:
        raise UsageError(f"{full}: {error.strerror}") from error
