"""Many files over several processes, for checks that take long: what each file gives is the same, and told in the same order.

Processes are spawned, so nothing relies on fork. Each reads its files itself and gives back findings without what only their
family understands. A run of few files never loads this.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from .files.tree import WorkTree
from .finding import UNANALYSABLE, Family, Finding, Rule
from .policy.settings import Settings
from .records import TYPE_CHECKING, NamedTuple
from .run import Accepts, Check, FileOutcome, check_function, check_path

if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import Final

LEAST: Final = 1_500_000  # bytes of Python; less than this is done before the processes have started
CHUNK: Final = 150_000  # bytes; small enough that no process ends long after the others


class Job(NamedTuple):
    """What every process needs to know."""

    root: str
    families: tuple[Family, ...]
    settings: Settings
    day: str
    baseline: bool


def usable() -> int:
    """How many processes are worth starting on this machine."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 8)


def processes_for(root: str, paths: Sequence[str]) -> int:
    """How many processes to use for the Python files at ``paths``: of any family, only bandit takes long."""
    return usable() if sum(size_of(root, path) for path in paths) >= LEAST else 1


@contextmanager
def spread(job: Job, paths: Sequence[str], processes: int) -> Iterator[Callable[[str], FileOutcome]]:
    """What looks at one of ``paths``, each in any order once, while others are looked at ahead of it."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (job,)) as pool:
        running: dict[str, Future[dict[str, FileOutcome]]] = {}
        for chunk in _chunks(job.root, paths):
            future = pool.submit(_look, chunk)
            running.update(dict.fromkeys(chunk, future))

        def look(path: str) -> FileOutcome:
            return _whole(running.pop(path).result().pop(path))

        try:
            yield look
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _chunks(root: str, paths: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for path in dict.fromkeys(paths):
        chunk.append(path)
        size += size_of(root, path)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def size_of(root: str, path: str) -> int:
    """Bytes of a file; 0 where there is none, which its check will say."""
    try:
        return os.stat(os.path.join(root, path)).st_size
    except (OSError, ValueError):
        return 0


class _Process:
    """What a process keeps between chunks."""

    job: Job
    tree: WorkTree
    checks: Mapping[Family, Check]
    accepts: Accepts | None


def _begin(job: Job) -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends us in good order
    gc.set_threshold(100_000)
    _Process.job = job
    _Process.tree = WorkTree(job.root, job.settings.max_file_size)
    enabled = job.settings.all_families()
    _Process.checks = {family: check_function(family) for family in job.families if family in enabled}
    _Process.accepts = None
    if job.baseline:
        from .policy.baseline import Baseline

        _Process.accepts = Baseline(_Process.tree).accepts


def _look(chunk: list[str]) -> dict[str, FileOutcome]:
    own = _Process
    done = {path: check_path(own.tree, path, own.checks, own.job.settings, own.job.day, own.accepts) for path in chunk}
    return {path: _light(outcome) for path, outcome in done.items()}


def _light(outcome: FileOutcome) -> FileOutcome:
    return outcome._replace(
        items=tuple(item._replace(finding=plain(item.finding)) for item in outcome.items),
        suppressed=tuple(gone._replace(finding=plain(gone.finding)) for gone in outcome.suppressed),
    )


def _whole(outcome: FileOutcome) -> FileOutcome:
    return outcome._replace(
        items=tuple(item._replace(finding=item.finding._replace(rule=rule_of(item.finding))) for item in outcome.items),
        suppressed=tuple(gone._replace(finding=gone.finding._replace(rule=rule_of(gone.finding))) for gone in outcome.suppressed),
    )


def plain(finding: Finding) -> Finding:
    """``finding`` as it can travel between processes: its rule without what only its family understands."""
    return finding._replace(rule=finding.rule._replace(match=None, bad=(), good=()), fix=None)


def rule_of(finding: Finding) -> Rule:
    """The rule of a finding that came from another process; the one that is told apart by identity is itself again."""
    return UNANALYSABLE if finding.rule.id == UNANALYSABLE.id else finding.rule
