"""What ``secops-hooks`` can be told: its commands, their options, and the words of a command line as options."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from . import __version__
from .finding import FAMILIES, TIERS, Family
from .records import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, HelpFormatter, Namespace
    from types import ModuleType
    from typing import Any, Final
else:
    from types import SimpleNamespace as Namespace

_FORMATS: Final = "text terse json sarif gitlab gitlab-sast gitlab-secrets junit github markdown html"
FORMATS: Final = tuple(_FORMATS.split())  # report/ has a module for each
DESCRIPTION: Final = "Checks what is about to be committed: secrets, insecure configuration, unpinned dependencies, insecure Python."
CHECKS: Final[dict[str, tuple[str, tuple[Family, ...]]]] = {
    "secrets": ("credentials in any file", ("secrets",)),
    "config": ("insecure settings in configuration files", ("config",)),
    "pins": ("dependencies that are not pinned, lock files that drifted", ("pins",)),
    "python": ("insecure Python code, by bandit", ("python",)),
    "all": ("all of these, in one pass", FAMILIES),
}
COMMANDS: Final = {
    "init": "begin in this repository: the hook, the settings, what other tools accept",
    "ci": "a pull request, checked by the policy of the branch that it goes to",
    "baseline": "accept the findings that are there now",
    "commit-msg": "secrets in a commit message",
    "push": "secrets in everything that is about to be pushed",
    "history": "secrets in everything that was ever committed",
    "explain": "what a rule is about, with examples",
    "rules": "list the rules",
    "suppressions": "the ledger of what is accepted: where, why, by whom, until when",
    "settings": "the settings that hold here, and where each comes from",
    "schema": "the JSON schemas of settings and reports, and the problem matcher",
}

# what the options of a check are when none is given
DEFAULTS: Final[dict[str, Any]] = {
    "format": "text",
    "output": None,
    "report": None,
    "tier": None,
    "fail_on": None,
    "exit_zero": False,
    "settings": None,
    "no_baseline": False,
    "no_color": False,
    "staged": False,
    "stdin_filename": None,
    "since": None,
    "range": None,
    "explain_rejections": False,
    "fix": False,
    "unsafe_fixes": False,
    "changed_lines": False,
}


def parse(words: Sequence[str]) -> Namespace:
    """The options that ``words`` (without the program's name) stand for. Ends the program where they make no sense.

    A check and paths, as hook runners say it, need no argparse: it costs as much as looking at ten files.
    """
    if words and words[0] in CHECKS and not any(word.startswith("-") for word in words):
        return Namespace(command=words[0], paths=list(words[1:]), **DEFAULTS)
    return parser(words[0] if words else "").parse_args(words)


def parser(command: str = "") -> ArgumentParser:
    """The argument parser; only the options of ``command`` are filled in when it is a known one (start-up time)."""
    from argparse import ArgumentParser

    common: dict[str, Any] = {"allow_abbrev": False, "formatter_class": _formatter}
    top = ArgumentParser(prog="secops-hooks", description=DESCRIPTION, **common)
    top.add_argument("--version", action="version", version=f"secops-hooks {__version__}")
    # prog is said, because working it out makes argparse import shutil
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", prog="secops-hooks")
    for name, (meaning, _) in CHECKS.items():
        if command in (name, "") or command not in (*CHECKS, *COMMANDS):
            _add_check_options(commands.add_parser(name, help=meaning, description=f"Look for {meaning}.", **common), name)
    for name, meaning in COMMANDS.items():
        if command in (name, "") or command not in (*CHECKS, *COMMANDS):
            sub = commands.add_parser(name, help=meaning, description=f"{meaning[0].upper()}{meaning[1:]}.", **common)
            command_module(name).add_options(sub)
    return top


def command_module(name: str) -> ModuleType:
    """The module of a command: ``add_options(parser)`` and ``main(options)``."""
    return import_module(f".commands.{name.replace('-', '_')}", __package__)


def _formatter(prog: str) -> HelpFormatter:
    """argparse's own, told the width; asked for it, argparse imports shutil and two compression libraries."""
    from argparse import HelpFormatter

    from .report.terminal import columns

    return HelpFormatter(prog, width=columns() - 2)


def _add_check_options(sub: ArgumentParser, name: str) -> None:
    add = sub.add_argument
    add("paths", nargs="*", metavar="PATH", help="files; directories are walked, honouring .gitignore")
    add_report_options(sub)
    add("--staged", action="store_true", help="read the index instead of the work tree; without PATH: what is staged")
    add("--stdin-filename", metavar="PATH", help="check standard input as if it were the file PATH; for editors")
    add("--since", metavar="REV", help="what changed since REV")
    add("--range", metavar="A..B", help="what changed from A to B, as it is in B")
    if name in ("secrets", "all"):
        add("--explain-rejections", action="store_true", help="also say which candidates were not reported, and why")
    else:
        sub.set_defaults(explain_rejections=False)
    add("--fix", action="store_true", help="mend what can be mended without changing behaviour, in place")
    add("--unsafe-fixes", action="store_true", help="with --fix: also what can change behaviour")
    add("--changed-lines", action="store_true", help="only what the change brings: its lines, and findings elsewhere that it caused")


def add_report_options(sub: ArgumentParser) -> None:
    """The options that every command with a report has."""
    from argparse import SUPPRESS

    add = sub.add_argument
    add("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    add("--output", metavar="FILE", help="write the report to FILE instead of standard output")
    add("--report", metavar="FORMAT=FILE", action="append", help="write this report, too; may be given several times")
    add("--tier", choices=TIERS, help="report this tier and those above it (default: warn)")
    add("--fail-on", choices=TIERS[:2], help="the lowest tier that fails (default: block)")
    add("--exit-zero", action="store_true", help="end with 0 whatever was found")
    add("--settings", metavar="FILE", help="read settings from FILE instead of the nearest .secops.toml or pyproject.toml")
    add("--no-baseline", action="store_true", help="report accepted findings, too")
    add("--no-color", action="store_true", help=SUPPRESS)
