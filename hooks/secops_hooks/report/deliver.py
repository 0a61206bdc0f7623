"""From a finished run to written reports: cut to the tiers asked for, names as people write them, each format to its place."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from ..files.tree import shown
from ..finding import TIERS, Family, Tier
from ..records import TYPE_CHECKING, NamedTuple
from ..run import Outcome, rules_of
from .model import Report
from .names import without_secrets
from .terminal import encoding_of, wants_links

if TYPE_CHECKING:
    from typing import Final

_ALL_RULES: Final = ("sarif",)  # formats that list the rules that did not fire, too


class Request(NamedTuple):
    """One report to write: its format, and the file it goes to (empty: standard output)."""

    format: str
    file: str = ""


def deliver(
    wanted: Sequence[Request],
    outcome: Outcome,
    families: tuple[Family, ...],
    tier: Tier,
    fail_on: Tier,
    code: int,
    started: float,
    root: str,
    cwd: str,
    color: bool,
    width: int,
) -> None:
    """Write each report that is ``wanted``. Raises :class:`OSError` for a file that cannot be written."""

    def place(path: str) -> str:
        return without_secrets(shown(path, root, cwd))

    limit = TIERS.index(tier)
    report = Report(
        items=tuple(
            item._replace(finding=item.finding._replace(path=place(item.finding.path)))
            for item in outcome.items
            if TIERS.index(item.finding.tier) <= limit
        ),
        suppressed=tuple(each._replace(finding=each.finding._replace(path=place(each.finding.path))) for each in outcome.suppressed),
        files=outcome.files,
        size=outcome.size,
        seconds=outcome.seconds,
        families=families,
        tier=tier,
        fail_on=fail_on,
        exit_code=code,
        rules=rules_of(families) if any(each.format in _ALL_RULES for each in wanted) else {},
        started=started,
        width=width,
    )
    for each in wanted:
        write: Callable[[Report], Iterator[str]] = import_module(f".{each.format.replace('-', '_')}", __package__).write
        if each.file:
            with open(each.file, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.writelines(write(report))
            continue
        base = cwd if wants_links(color) else ""
        here = report._replace(
            color=color, rich=sys.stdout.isatty() and os.environ.get("TERM") != "dumb", base=base, encoding=encoding_of()
        )
        sys.stdout.writelines(write(here))
        sys.stdout.flush()
