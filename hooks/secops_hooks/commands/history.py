"""``secops-hooks history``: secrets in everything that was ever committed, each once, with the commit that brought it."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Final

from ..arguments import add_report_options
from ..cli import UsageError, levels, settings_of, tell
from ..files.git import GitError
from ..files.tree import Tree, WorkTree, commit_tree, root_of
from ..finding import UNANALYSABLE, Span, report
from ..history.gather import gather, told
from ..history.index import Index, state_of
from ..history.listing import Listing
from ..history.objects import Object, Range, common_directory, is_bare, is_shallow, resolved
from ..history.progress import Progress
from ..history.scan import Done, Job, batches, scan, today, workers_for
from ..policy.baseline import Contents, read
from ..policy.local import with_all_nested
from ..policy.settings import Settings
from ..run import Item, Outcome

INTERRUPTED: Final = 130  # what shells give for an interrupt


def add_options(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--range", metavar="A..B", help="only what came after A, up to B")
    which.add_argument("--all", action="store_true", help="every branch, tag, stash and other reference (default: what HEAD reaches)")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (default: as many as there are processors)")
    parser.add_argument("--fresh", action="store_true", help="look at everything again, also at what an earlier run found clean")
    add_report_options(parser)


def main(options: Namespace) -> int:
    """Look at all of history and report it."""
    cwd = os.getcwd()
    root = root_of(cwd)
    started, began = time.time(), time.perf_counter()
    settings, tier, fail_on = levels(options, settings_of(options, root, cwd))
    try:
        if not options.settings:
            settings = with_all_nested(settings, _tree(root))
        outcome = _look(options, root, settings)
    except GitError as error:
        raise UsageError(str(error)) from error
    except KeyboardInterrupt:
        print("secops: interrupted; run the same command again to go on where this one stopped", file=sys.stderr)
        return INTERRUPTED
    outcome = outcome._replace(seconds=time.perf_counter() - began)
    return tell(options, outcome, ("secrets",), tier, fail_on, started, cwd, cwd)


def _look(options: Namespace, root: str, settings: Settings) -> Outcome:
    directory = os.path.join(common_directory(root), "secops")
    span = _span(options, root)
    baseline = Contents() if options.no_baseline else read(_tree(root))
    job = Job(root, settings, baseline, today())
    index = Index(directory, state_of(settings), options.fresh)
    if not index.lasting:
        print(f"secops: {directory} cannot be written; an interrupted run begins again", file=sys.stderr)
    try:
        with Listing(root, span) as listing:
            progress = Progress(sys.stderr, listing.count)
            try:
                work = _not_known(listing, settings, index, progress)
                done = _watched(scan(work, job, options.jobs or workers_for(listing.size)), index, progress)
                gathered = gather(done)
            finally:
                progress.end()
            items = (*told(root, span, gathered), *_gaps(root, listing.missing, settings))
            return Outcome(items, gathered.suppressed, listing.count, listing.size, 0.0)
    finally:
        index.close()


def _span(options: Namespace, root: str) -> Range:
    """The objects that were asked for. Raises :class:`GitError`."""
    if options.all:
        return Range((), ("--all", "HEAD") if _has_head(root) else ("--all",))
    if not options.range:
        return Range((resolved(root, "HEAD"),)) if _has_head(root) else Range((), ("--all",))
    before, dots, after = options.range.partition("..")
    if not dots or after.startswith("."):
        raise UsageError(f"--range takes A..B, not {options.range!r}")
    return Range((resolved(root, after or "HEAD"), f"^{resolved(root, before or 'HEAD')}"))


def _has_head(root: str) -> bool:
    try:
        resolved(root, "HEAD^{commit}")
    except GitError:
        return False
    return True


def _tree(root: str) -> Tree:
    """Where the baseline is read: the work tree; of a bare repository, what HEAD names."""
    head = commit_tree(root, "HEAD") if is_bare(root) else None
    return head if head is not None else WorkTree(root)


def _not_known(listing: Listing, settings: Settings, index: Index, progress: Progress) -> Iterator[list[Object]]:
    """What an earlier run has not found clean, in batches."""
    for batch in batches(listing, settings):
        new = index.new(batch)
        progress.add(len(batch) - len(new), 0)
        if new:
            yield new


def _watched(scanned: Iterator[Done], index: Index, progress: Progress) -> Iterator[Done]:
    for done in scanned:
        index.add(done.clean)
        progress.add(done.objects, done.size)
        yield done


def _gaps(root: str, missing: int, settings: Settings) -> Iterator[Item]:
    """What is not in this clone was not looked at; that is said, and fails like any file that cannot be read."""

    def gap(said: str) -> Item:
        return Item(report(UNANALYSABLE, ".git", Span(1, 1, 1, 1), said, tier=settings.unanalysable), "", "")

    if is_shallow(root):
        yield gap("this clone is shallow, so older history could not be looked at; get it with: git fetch --unshallow")
    if missing:
        yield gap(
            f"{missing} objects are not in this partial clone and could not be looked at; get them with: git fetch --refetch --no-filter"
        )
