"""``secops-hooks commit-msg FILE``: secrets in a commit message, as git will store it."""

from __future__ import annotations

import os
import re
import time
from argparse import ArgumentParser, Namespace
from typing import Final

from ..arguments import add_report_options
from ..cli import UsageError, levels, settings_of, tell
from ..files.git import GitError, git
from ..files.tree import MemoryTree, Unreadable, WorkTree, root_of, to_tree_path
from ..policy.baseline import Baseline
from ..run import run

_SCISSORS: Final = re.compile(r"^\S+ -{24} >8 -{24}\r?$", re.MULTILINE)
_KEPT: Final = ("verbatim", "whitespace", "scissors")  # values of commit.cleanup under which comment lines stay in the message


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file with the message (git gives it to its hook)")
    add_report_options(parser)


def main(options: Namespace) -> int:
    """Look at the message and report what is in it."""
    cwd = os.getcwd()
    root = root_of(cwd)
    started = time.time()
    settings, tier, fail_on = levels(options, settings_of(options, root, cwd))
    path = to_tree_path(options.file, root, cwd)
    disk = WorkTree(root, settings.max_file_size)
    try:
        data = disk.read(path)
    except Unreadable as error:
        raise UsageError(f"{options.file}: {error}") from error
    text = message(data.decode("utf-8", "surrogateescape"), _comment_sign(root), _keeps_comments(root))
    tree = MemoryTree({path: text.encode("utf-8", "surrogateescape")})
    accepts = None if options.no_baseline else Baseline(disk).accepts
    outcome = run(tree, [path], ("secrets",), settings._replace(exclude=()), accepts=accepts)
    return tell(options, outcome, ("secrets",), tier, fail_on, started, root, cwd)


def message(text: str, comment: str, keep: bool = False) -> str:
    """What of ``text`` becomes the message: nothing below the scissors line, and no comment lines unless ``keep``.

    Lines stay where they are, so that positions are those of the file. ``comment`` is what begins a comment line; empty when git chose
    it by itself, which it does so that it begins no line of the message: then all lines are looked at.
    """
    cut = _SCISSORS.search(text)
    if cut:
        text = text[: cut.start()]
    if keep or not comment:
        return text
    return "".join("\n" if line.startswith(comment) else line for line in text.splitlines(keepends=True))


def _config(root: str, key: str) -> str:
    try:
        return git(root, "config", "--get", key).decode("utf-8", "replace").rstrip("\n")
    except GitError:
        return ""


def _comment_sign(root: str) -> str:
    sign = _config(root, "core.commentString") or _config(root, "core.commentChar") or "#"
    return "" if sign == "auto" else sign


def _keeps_comments(root: str) -> bool:
    """Whether comment lines stay: settings may say so, and git strips none from a message that no editor was opened for
    (then it sets GIT_EDITOR to ``:`` for its hooks)."""
    cleanup = _config(root, "commit.cleanup") or "default"
    return cleanup in _KEPT or (cleanup == "default" and os.environ.get("GIT_EDITOR") == ":")
