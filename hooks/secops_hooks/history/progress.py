"""A progress bar on a terminal; nothing anywhere else."""

from __future__ import annotations

import time
from typing import TextIO

from ..report.model import bytes_for_people

_WIDTH = 30
_EVERY = 0.1  # seconds between two drawings


class Progress:
    """How much of ``total`` objects is done. Draws on ``stream`` when that is a terminal."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream = stream
        self._shown = stream.isatty()
        self._total = max(1, total)
        self._began = self._last = time.monotonic()
        self._objects = self._size = 0

    def add(self, objects: int, size: int) -> None:
        """So many more objects, of so many bytes, are done."""
        self._objects += objects
        self._size += size
        now = time.monotonic()
        if self._shown and (now - self._last >= _EVERY or self._objects >= self._total):
            self._last = now
            self._stream.write("\r" + self.bar(now - self._began) + "\x1b[K")
            self._stream.flush()

    def bar(self, seconds: float) -> str:
        """``[#####-----]  50 %  10,000 of 20,000 objects, 1.2 MB, 40.1 MB/s``."""
        share = min(1.0, self._objects / self._total)
        filled = round(share * _WIDTH)
        speed = self._size / 1e6 / max(seconds, 1e-3)
        return (
            f"[{'#' * filled}{'-' * (_WIDTH - filled)}] {share:4.0%}  {self._objects:,} of {self._total:,} objects, "
            f"{bytes_for_people(self._size)}, {speed:.1f} MB/s"
        )

    def end(self) -> None:
        """Take the bar away."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
