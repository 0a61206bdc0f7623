"""A progress bar on standard error, for whoever waits at a terminal longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final

from .terminal import can_show

_PATIENCE: Final = 1.0  # seconds before the bar appears
_BETWEEN: Final = 0.1  # seconds from one drawing to the next
_CLEAR: Final = "\r\x1b[K"


def bar(paths: Sequence[str], width: int) -> Iterator[str]:
    """``paths`` one by one, with a bar that says how many are done; it is gone when they are."""
    started = time.monotonic()
    drawn = 0.0
    err = sys.stderr
    full, empty = ("█", "░") if can_show("█░", getattr(err, "encoding", None) or "ascii") else ("#", ".")
    try:
        for done, path in enumerate(paths):
            now = time.monotonic()
            if now - started > _PATIENCE and now - drawn > _BETWEEN:
                drawn = now
                err.write(_CLEAR + line(done, len(paths), now - started, width, full, empty))
                err.flush()
            yield path
    finally:
        if drawn:
            err.write(_CLEAR)
            err.flush()


def line(done: int, total: int, seconds: float, width: int, full: str = "#", empty: str = ".") -> str:
    """``###....... 1234 of 5900 files, 12 s left``, in fewer than ``width`` columns."""
    left = f", {seconds / done * (total - done):.0f} s left" if done else ""
    said = f" {done} of {total} files{left}"
    room = max(4, min(40, width - len(said) - 1))
    share = room * done // max(1, total)
    return (full * share + empty * (room - share) + said)[: max(1, width - 1)]
