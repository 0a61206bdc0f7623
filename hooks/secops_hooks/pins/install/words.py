"""What the managers' notations share: the words of a command line, its operands and options, and what an installation is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ..reference import Level

Words: TypeAlias = Sequence[str | None]


class Install(NamedTuple):
    """One thing that a command installs. ``word`` is the index of the word that names it (0: the program).

    ``kind``: ``package``, ``locked`` (what a lock file lists, without holding to it), ``requirements`` (a file), ``local`` (the
    project in a directory, with whatever dependencies are newest), ``git``, ``url``, ``plain`` (an index or URL without TLS),
    ``extra-index``.
    """

    ecosystem: str
    name: str
    requested: str
    level: Level
    word: int
    kind: str = "package"
    advice: str = ""


class Args(NamedTuple):
    """The operands of a command line and its options with their values, each with the index of its word."""

    operands: tuple[tuple[int, str | None], ...]
    options: Mapping[str, tuple[int, str | None]]

    def has(self, *names: str) -> bool:
        return any(name in self.options for name in names)


Handler: TypeAlias = Callable[[Words], Iterator[Install]]


def parse(words: Words, start: int, valued: frozenset[str] = frozenset()) -> Args:
    """Split ``words[start:]``; options of ``valued`` take the next word unless they hold a ``=``."""
    operands: list[tuple[int, str | None]] = []
    options: dict[str, tuple[int, str | None]] = {}
    at = start
    while at < len(words):
        word = words[at]
        if word == "--":
            operands += [(i, words[i]) for i in range(at + 1, len(words))]
            break
        if word is not None and word.startswith("-") and len(word) > 1:
            name, equals, value = word.partition("=")
            if equals:
                options.setdefault(name, (at, value))
            elif name in valued and at + 1 < len(words):
                options.setdefault(name, (at + 1, words[at + 1]))
                at += 1
            else:
                options.setdefault(name, (at, None))
        else:
            operands.append((at, word))
        at += 1
    return Args(tuple(operands), options)


def subcommand(words: Words, names: frozenset[str], valued: frozenset[str] = frozenset()) -> int:
    """The index behind the subcommand (one of ``names``) if that is the first word that is no option, else 0."""
    at = 1
    while at < len(words):
        word = words[at]
        if word is None:
            return 0
        if not word.startswith("-"):
            return at + 1 if word in names else 0
        at += 2 if word in valued else 1
    return 0


def frozen(program: str, subcommands: str, flags: str, advice: str, ecosystem: str) -> Handler:
    """A command that installs what a lock lists, but only with one of ``flags`` refuses a lock that is out of date."""

    def handler(words: Words) -> Iterator[Install]:
        at = subcommand(words, frozenset(subcommands.split()))
        if at and not any(word in flags.split() for word in words) and not parse(words, at).operands:
            yield Install(ecosystem, f"{program} {words[at - 1]}", "", "floating", at - 1, "locked", advice)

    return handler
