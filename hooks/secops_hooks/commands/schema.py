"""``secops-hooks schema NAME``: the JSON schemas of what goes in and out, and the problem matcher for CI logs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..report.schema import NAMES, printed
from ..run import CLEAN


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("name", choices=NAMES, metavar="NAME", help=", ".join(NAMES))


def main(options: Namespace) -> int:
    """Print one of them."""
    print(printed(options.name), end="")
    return CLEAN
