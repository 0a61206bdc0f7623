"""``secops-hooks ci --base REF``: a pull request, checked by the policy of the branch that it goes to.

The files that the change touches are checked as they are in ``HEAD``, with the settings and the baseline of ``REF`` and only those
suppressions that were there before. What the change loosens, and commits that the hooks would have stopped, are reported apart.
With ``--accept-policy-change``, or where an owner has signed what loosens it, the policy of ``HEAD`` holds and what it loosens
is listed as a warning.
"""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ..arguments import add_report_options
from ..cli import UsageError, levels, tell, watched
from ..enforce.around import in_attributes, in_owners, in_submodules
from ..enforce.evasion import in_hooks, in_names, in_runners, is_hosted
from ..enforce.loosened import TOP, Held, held, in_bandit, in_baseline, in_comments, in_settings
from ..enforce.owners import agree
from ..enforce.rules import EVADED, LOOSENED
from ..enforce.runs import in_runs
from ..enforce.services import base_of
from ..enforce.trees import JudgedTree, before
from ..files.changes import Change, between, renames
from ..files.git import GitError, git, names
from ..files.tree import GitTree, Tree, commit_tree, root_of, to_tree_path
from ..finding import FAMILIES, Finding, report
from ..history.objects import is_shallow
from ..policy.baseline import Baseline, Contents, read
from ..policy.local import from_tree, settings_directories, with_nested
from ..policy.settings import Settings
from ..policy.settings import parse as parse_settings
from ..python.options import MEMO
from ..python.options import read as read_bandit
from ..report.lines import fingerprint, printable
from ..report.names import without_secrets
from ..run import Item, Outcome, rules_of, run

_HISTORY: Final = "the history that it needs: git fetch --unshallow (GitHub Actions: fetch-depth: 0; GitLab: GIT_DEPTH: 0)"
_NAMED: Final = 3  # findings of a commit that its message names


class Ends(NamedTuple):
    """The commits that matter: the tip of the base branch, where the two parted, ``HEAD``, and those of the change, oldest first."""

    tip: str
    fork: str
    head: str
    commits: tuple[str, ...]


def add_options(parser: ArgumentParser) -> None:
    said = "the branch that the change goes to, such as origin/main (default: as the CI service says)"
    parser.add_argument("--base", metavar="REF", help=said)
    parser.add_argument("--accept-policy-change", action="store_true", help="an owner agrees: the policy of HEAD holds")
    add_report_options(parser)


class Judge(NamedTuple):
    """By what the commits of a change are judged. ``base`` is the tree whose suppressions count; without one, each commit's own do."""

    root: str
    settings: Settings
    baseline: Contents
    base: Tree | None
    old: dict[str, str]

    def tree(self, commit: str) -> GitTree:
        """The tree of ``commit`` as this judge sees it."""
        if self.base is None:
            return GitTree(self.root, commit, self.settings.max_file_size)
        tree = JudgedTree(self.root, commit, self.settings.max_file_size, self.base, self.old, _policy_files(self.settings))
        tree.memo[MEMO] = read_bandit(self.base, self.settings)
        return tree

    def check(self, commit: str, parent: str, paths: Sequence[str]) -> Outcome:
        """What is found in the files at ``paths`` of ``commit``, a change of ``parent``."""
        tree = self.tree(commit)
        try:
            tree.compare_with(commit_tree(self.root, parent))
            return run(tree, watched(paths), FAMILIES, self.settings, accepts=Baseline(tree, self.baseline).accepts)
        finally:
            tree.close()


def main(options: Namespace) -> int:
    """Check, report, and say how it ended."""
    cwd = os.getcwd()
    root = root_of(cwd)
    started, began = time.time(), time.perf_counter()
    try:
        ends = ends_of(root, _base(options.base, os.environ))
        change = between(root, f"{ends.fork}..{ends.head}")
        old = renames(root, change)
        tip, fork, head = (GitTree(root, commit) for commit in (ends.tip, ends.fork, ends.head))
        before_change = _settings(fork, options.settings, root, cwd)
        known = read(fork)
        known = known._replace(entries=known.entries | read(tip).entries)
        loosened = list(_loosened(before_change, known, (fork, head), change, old, _start(root, cwd)))
        owners = _settings(tip, options.settings, root, cwd).settings.owners
        agreed = options.accept_policy_change or agree(root, ends.commits, (each.path for each in loosened), owners)
        policy = _settings(head if agreed else tip, options.settings, root, cwd)
        settings, tier, fail_on = levels(options, policy.settings)
        if not options.settings:
            settings = with_nested(settings, change.paths, from_tree(head if agreed else tip))
        baseline = Contents() if options.no_baseline else read(head if agreed else tip)
        judge = Judge(root, settings, baseline, None if agreed else fork, old)
        outcome = judge.check(ends.head, ends.fork, change.paths)
        told = [_item(each._replace(tier="warn") if agreed else each) for each in loosened]
        told += map(_item, in_submodules(fork, head))
        told += _evaded(judge, ends, outcome)
        for tree in (tip, fork, head):
            tree.close()
    except GitError as error:
        raise UsageError(str(error)) from error
    items = sorted((*outcome.items, *told), key=lambda item: item.finding.sort_key)
    outcome = outcome._replace(items=tuple(items), seconds=time.perf_counter() - began)
    return tell(options, outcome, FAMILIES, tier, fail_on, started, root, cwd)


def _base(given: str | None, env: Mapping[str, str]) -> str:
    base = given or base_of(env)
    if base is None:
        raise UsageError("no CI service says here which branch the change goes to: give --base REF, such as --base origin/main")
    return base


def ends_of(root: str, ref: str) -> Ends:
    """The commits that ``--base REF`` means. Raises :class:`UsageError`, which says what history is missing."""
    shallow = is_shallow(root)
    try:
        tip, head = (
            git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{each}^{{commit}}").decode().strip()
            for each in (ref, "HEAD")
        )
    except GitError as error:
        raise UsageError(f"{printable(ref)} or HEAD is no commit of this clone; fetch the base branch and {_HISTORY}") from error
    try:
        fork = git(root, "merge-base", tip, head).decode().strip()
    except GitError as error:
        why = "this clone is shallow and does not reach" if shallow else "there is no"
        raise UsageError(f"{why} the commit where HEAD and {printable(ref)} parted; get {_HISTORY}") from error
    commits = git(root, "rev-list", "--reverse", "--topo-order", f"{fork}..{head}").decode().split()
    if shallow:
        with open(os.path.join(root, os.fsdecode(git(root, "rev-parse", "--git-path", "shallow").strip())), encoding="ascii") as file:
            cut = set(file.read().split())
        if cut & set(commits):
            raise UsageError(f"this clone is shallow: some commits of the change are not in it; get {_HISTORY}")
    return Ends(tip, fork, head, tuple(commits))


def _commit(root: str, rev: str) -> str:
    return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}").decode().strip()


def _start(root: str, cwd: str) -> str:
    """The directory whose settings hold, as a tree path."""
    start = to_tree_path(cwd, root, root)
    return "" if start == "." else start


def _settings(tree: Tree, named: str | None, root: str, cwd: str) -> Held:
    """The settings of ``tree``; of ``--settings``, the file of that name in it."""
    if not named:
        return held(tree, _start(root, cwd))
    source = before(tree, to_tree_path(named, root, cwd))
    if source is None:
        raise UsageError(f"{printable(named)} is not in the base branch, whose settings hold here")
    return Held(parse_settings(source.data, source.path), source)


def _policy_files(settings: Settings) -> tuple[str, ...]:
    """Files beside our settings that decide what is found."""
    return tuple(settings.option("config", "rule-files", ()))


def _loosened(
    old: Held, known: Contents, ends: tuple[Tree, Tree], change: Change, renamed: dict[str, str], start: str
) -> Iterator[Finding]:
    """Everything that the change does to the policy by which it is checked."""
    fork, head = ends
    yield from in_settings(old, head, start, rules_of(FAMILIES))
    for directory in settings_directories((*change.paths, *sorted(fork.paths() - head.paths())), start):
        yield from in_settings(held(fork, directory), head, directory, rules_of(FAMILIES))
    yield from in_baseline(known, head)
    yield from in_hooks(fork, head)
    yield from in_names(old.settings, renamed)
    yield from in_owners(fork, head)
    yield from in_attributes(fork, head, change.paths)
    yield from in_bandit(fork, head, old.settings)
    for path in _policy_files(old.settings):
        was, now = before(fork, path), before(head, path)
        if (was.data if was else None) != (now.data if now else None):
            yield report(LOOSENED, path, TOP, "settings by which files are checked are changed", subject=path)
    for path in change.paths:
        yield from in_comments(fork, head, path, renamed.get(path, path))
        yield from in_runners(fork, head, path, renamed.get(path, path))
    moved = {was: now for now, was in renamed.items()}
    hosted = is_hosted(fork)
    for path in sorted({*change.paths} - renamed.keys() | fork.paths() - head.paths()):
        yield from in_runs(fork, head, path, moved.get(path, path), hosted)


def _item(finding: Finding) -> Item:
    """Without its line: what is accepted there may be a secret."""
    said = without_secrets(finding.message)
    return Item(finding._replace(message=said), "", fingerprint(finding, ""))


def _evaded(judge: Judge, ends: Ends, outcome: Outcome) -> Iterator[Item]:
    """One item for each earlier commit of the change that the hooks would have stopped."""
    seen: set[tuple[str, str]] = set()
    standing = {_who(item) for item in outcome.items}
    for commit in ends.commits:
        if commit == ends.head:
            continue
        paths = _brought(judge.root, commit, seen)
        if not paths:
            continue
        found = judge.check(commit, f"{commit}^", paths)
        stopped = [item for item in found.items if item.finding.tier == "block"]
        gone = [item for item in stopped if _who(item) not in standing]
        if stopped:
            yield _about_commit(commit, stopped, any(each.finding.rule.family == "secrets" for each in gone))


def _who(item: Item) -> tuple[str, str, str]:
    return (item.finding.rule.id, item.finding.path, item.finding.subject or item.fingerprint)


def _brought(root: str, commit: str, seen: set[tuple[str, str]]) -> list[str]:
    """Paths of the files that ``commit`` wrote itself (of a merge: those unlike all parents), each version of a file once."""
    written = names(git(root, "diff-tree", "-r", "-c", "--root", "--no-commit-id", "--no-renames", "--name-only", "-z", commit))
    tree = GitTree(root, commit)
    fresh = []
    for path in written:
        mode, blob = tree.entries.get(path, ("", ""))
        if blob and mode != "160000" and (path, blob) not in seen:
            seen.add((path, blob))
            fresh.append(path)
    return fresh


def _about_commit(commit: str, stopped: Sequence[Item], lasting: bool) -> Item:
    """``lasting``: a credential stays in the history though the change ends without it."""
    named = [f"{item.finding.rule.id} at {without_secrets(item.finding.path)}:{item.finding.span.line}" for item in stopped[:_NAMED]]
    more = f" and {len(stopped) - _NAMED} more" if len(stopped) > _NAMED else ""
    message = f"commit {commit[:12]} was made without the hooks, which stop {', '.join(named)}{more}"
    first = stopped[0]
    finding = report(EVADED, first.finding.path, first.finding.span, message, subject=commit, tier="block" if lasting else "warn")
    return Item(finding, first.line, fingerprint(finding, first.line))
