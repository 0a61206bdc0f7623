"""Objects in, findings out: in this process for a few, in several for many. Processes are spawned, so nothing relies on fork.

Each worker reads its objects through a ``git cat-file`` of its own and gives back only what it found, without secrets.
At most a few batches are under way at a time, so that memory does not depend on how large a repository is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..files.git import Blobs
from ..files.tree import MemoryTree, WorkTree
from ..finding import TIERS, UNANALYSABLE, Finding, Span, report
from ..policy.baseline import Baseline, Contents
from ..policy.glob import matches
from ..policy.settings import Settings
from ..policy.suppress import Suppressed
from ..run import Item, check_function, check_path
from ..spread import plain, usable
from .objects import Object, contents

if TYPE_CHECKING:
    from concurrent.futures import Future

BATCH_BYTES: Final = 2_000_000
BATCH_OBJECTS: Final = 400
SERIAL: Final = 4 * BATCH_BYTES  # less than this is done before the first worker has started


class Job(NamedTuple):
    """What every worker needs to know."""

    root: str
    settings: Settings
    baseline: Contents
    day: str


class Found(NamedTuple):
    """What was found in one object: findings that stand, and those that do not."""

    object: Object
    items: tuple[Item, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()


class Done(NamedTuple):
    """A batch that was looked at: what is in it, and which of its objects hold nothing at all."""

    found: tuple[Found, ...]
    clean: tuple[str, ...]
    objects: int
    size: int


def batches(listed: Iterable[Object], settings: Settings = Settings()) -> Iterator[list[Object]]:  # noqa: B008 - it does not change
    """``listed`` without what ``settings`` exclude, in lists that are worth a trip to a worker."""
    batch: list[Object] = []
    size = 0
    for each in listed:
        if each.kind == "blob" and any(matches(glob, each.path) for glob in settings.at(each.path).exclude):
            continue
        batch.append(each)
        size += each.size
        if size >= BATCH_BYTES or len(batch) >= BATCH_OBJECTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def scan(work: Iterable[list[Object]], job: Job, workers: int) -> Iterator[Done]:
    """What is in the batches of ``work``, in any order. One worker means: in this process."""
    if workers <= 1:
        with Blobs(job.root) as blobs:
            for batch in work:
                yield scan_batch(batch, job, blobs)
        return
    from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (job,)) as pool:
        running: set[Future[Done]] = set()
        try:
            for batch in work:
                running.add(pool.submit(_scan_here, batch))
                if len(running) > 2 * workers:
                    ended, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (each.result() for each in ended)
            for each in running:
                yield each.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """What a worker process keeps between batches."""

    job: Job
    blobs: Blobs


def _begin(job: Job) -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends us in good order
    gc.set_threshold(100_000)
    _Worker.job, _Worker.blobs = job, Blobs(job.root)


def _scan_here(batch: list[Object]) -> Done:
    return scan_batch(batch, _Worker.job, _Worker.blobs)


def scan_batch(batch: list[Object], job: Job, blobs: Blobs) -> Done:
    """Look at each object of ``batch``."""
    accepts = Baseline(WorkTree(job.root), job.baseline).accepts if job.baseline.entries else None
    checks = {"secrets": check_function("secrets")}
    limit = job.settings.max_file_size
    clean: list[str] = []
    found = [_unseen(each, f"larger than the limit of {limit // (1024 * 1024)} MiB", job.settings) for each in batch if each.size > limit]
    readable = [each for each in batch if each.size <= limit]
    for each, data in contents(blobs, readable):
        if data is None:
            found.append(_unseen(each, "its content is not in this clone", job.settings))
            continue
        result = check_path(MemoryTree({each.path: data}), each.path, checks, job.settings, job.day, accepts)  # type: ignore[arg-type]
        if result.suppressed or any(_counts(item.finding, job.settings) for item in result.items):
            items = tuple(item._replace(finding=plain(item.finding)) for item in result.items if _counts(item.finding, job.settings))
            found.append(Found(each, items, tuple(gone._replace(finding=plain(gone.finding)) for gone in result.suppressed)))
        else:
            clean.append(each.id)
    return Done(tuple(found), tuple(clean), len(batch), sum(each.size for each in batch))


def _counts(finding: Finding, settings: Settings) -> bool:
    """Whether ``finding`` will be shown, or decides how the run ends."""
    return TIERS.index(finding.tier) <= TIERS.index(settings.tier)


def _unseen(each: Object, reason: str, settings: Settings) -> Found:
    finding = report(UNANALYSABLE, each.path, Span(1, 1, 1, 1), f"this object could not be read: {reason}", tier=settings.unanalysable)
    return Found(each, (Item(finding, "", ""),))


def workers_for(size: int) -> int:
    """How many processes to use for ``size`` bytes."""
    return 1 if size < SERIAL else usable()


def today() -> str:
    """The day by which suppressions expire (ISO)."""
    return time.strftime("%Y-%m-%d")
