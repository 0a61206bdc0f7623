"""``secops-hooks push``: secrets in anything that is about to be pushed, also what was added and removed again, and in messages."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace

from ..arguments import add_report_options
from ..cli import UsageError, levels, settings_of, tell
from ..files.git import GitError
from ..files.tree import WorkTree, root_of
from ..finding import UNANALYSABLE, Span, report
from ..history.gather import gather, told
from ..history.objects import Missing, Object, objects
from ..history.push import BadInput, from_environment, from_lines, remote_of, to_scan
from ..history.scan import Job, batches, scan, today, workers_for
from ..policy.baseline import Contents, read
from ..policy.local import with_all_nested
from ..run import Item, Outcome


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("remote", nargs="?", default="", metavar="REMOTE", help="the remote's name (git gives it to its hook)")
    parser.add_argument("url", nargs="?", default="", metavar="URL", help="the remote's URL (git gives it to its hook; not used)")
    add_report_options(parser)


def main(options: Namespace) -> int:
    """Look at what is new and report it."""
    cwd = os.getcwd()
    root = root_of(cwd)
    started, began = time.time(), time.perf_counter()
    settings, tier, fail_on = levels(options, settings_of(options, root, cwd))
    try:
        refs = from_environment(root, os.environ)
        if refs is None:
            if sys.stdin is None or sys.stdin.isatty():
                raise UsageError("nothing to check: this runs as git's pre-push hook, which names what is pushed on standard input")
            refs = from_lines(root, sys.stdin)
        if not refs:
            return tell(options, Outcome((), (), 0, 0, time.perf_counter() - began), ("secrets",), tier, fail_on, started, cwd, cwd)
        span = to_scan(root, refs, remote_of(root, os.environ, options.remote))
        extra: list[Item] = []
        listed: list[Object] = []
        try:
            listed.extend(objects(root, span))
        except Missing as error:
            said = f"{error} objects that are to be pushed are not in this partial clone"
            extra.append(Item(report(UNANALYSABLE, ".git", Span(1, 1, 1, 1), said, tier=settings.unanalysable), "", ""))
        if not options.settings:
            settings = with_all_nested(settings, WorkTree(root))
        baseline = Contents() if options.no_baseline else read(WorkTree(root))
        job = Job(root, settings, baseline, today())
        work = batches(listed, settings)
        gathered = gather(scan(work, job, workers_for(sum(each.size for each in listed))))
        items = (*told(root, span, gathered, head=False), *extra)
    except (GitError, BadInput) as error:
        raise UsageError(str(error)) from error
    outcome = Outcome(items, gathered.suppressed, gathered.objects, gathered.size, time.perf_counter() - began)
    return tell(options, outcome, ("secrets",), tier, fail_on, started, cwd, cwd)
