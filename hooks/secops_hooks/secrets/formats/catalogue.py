"""Loads formats from the table, one module of it at a time, by number."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from .notation import Format
from .table import MODULES

PER_MODULE: Final = 1000  # a format's number is its module's place times this, plus its row


@cache
def rows(module: int) -> tuple[tuple[object, ...], ...]:
    """The rows of one module of the table, by the module's place in ``MODULES``."""
    found: tuple[tuple[object, ...], ...] = import_module(f".table.{MODULES[module]}", __package__).ROWS
    return found


@lru_cache(maxsize=4096)
def load(number: int) -> Format:
    """The format with this number; only its module is loaded."""
    return Format(*rows(number // PER_MODULE)[number % PER_MODULE])  # type: ignore[arg-type]


def numbers() -> list[int]:
    """The numbers of all formats, in table order."""
    return [m * PER_MODULE + r for m in range(len(MODULES)) for r in range(len(rows(m)))]


def of_module(number: int) -> range:
    """The numbers of the formats that stand in the same module of the table as ``number``."""
    first = number // PER_MODULE * PER_MODULE
    return range(first, first + len(rows(number // PER_MODULE)))
