"""What a shell script consists of: words, commands, pipelines, lists; and ways to walk them.

Values only: how text becomes them is in ``shell_parser.py``. Positions are indexes into the script's own text;
``start``, ``end`` and ``span`` are the places in the file, also for a script that stands inside a string of another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from .locate import Located
from .node import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Problem, Span

PartKind: TypeAlias = Literal["literal", "variable", "command", "process", "arithmetic", "template"]
CompoundKind: TypeAlias = Literal["if", "while", "until", "for", "select", "case", "subshell", "group", "function", "arithmetic"]

MARK: Final = "\ue000"
SHELLS: Final = frozenset(("sh", "bash", "zsh", "dash", "ksh", "ash", "mksh", "rbash", "fish"))
_OPTION_LETTERS: Final = {"e": "errexit", "u": "nounset", "x": "xtrace", "f": "noglob", "n": "noexec", "v": "verbose", "C": "noclobber"}
_SHORT = re.compile(r"[-+][A-Za-z]+\Z")


class Part(NamedTuple):
    """A piece of a word. ``text`` is decoded (of a literal) or as written; ``quote`` is ``'``, ``"`` or empty.

    A ``command`` or ``process`` substitution has its ``script``; a ``variable`` has its ``name`` and what nests in it.
    """

    kind: PartKind
    text: str
    at: int
    to: int
    quote: str = ""
    script: Script | None = None
    name: str = ""
    nested: tuple[Part, ...] = ()


class Word(NamedTuple):
    """A word: ``text`` decoded, or UNKNOWN when something in it is only known at run time. ``parts`` is empty for a plain word."""

    text: str | Unknown
    raw: str
    at: int
    to: int
    where: Located
    parts: tuple[Part, ...] = ()

    @property
    def start(self) -> int:
        return self.where.offset(self.at)

    @property
    def end(self) -> int:
        return self.where.end(self.to) if self.to > self.at else self.start

    @property
    def span(self) -> Span:
        return self.where.source.span(self.start, self.end)

    @property
    def known(self) -> bool:
        return not isinstance(self.text, Unknown)

    @property
    def quoted(self) -> bool:
        """Whether any piece of it stands in quotes."""
        return any(part.quote for part in self.parts)

    @property
    def prefix(self) -> str:
        """What is known of it from its beginning: all of it, or up to the first piece that is not."""
        if not self.parts:
            return self.raw
        known: list[str] = []
        for part in self.parts:
            if part.kind != "literal":
                break
            known.append(part.text)
        return "".join(known)

    @property
    def pattern(self) -> str:
        """``text`` with every unknown piece as private-use characters, so that known pieces can be matched around it."""
        if not self.parts:
            return self.raw
        return "".join(part.text if part.kind == "literal" else MARK * max(1, part.to - part.at) for part in self.parts)

    def code(self) -> Located:
        """:attr:`pattern` with its places, to be read as a script of its own."""
        if not self.parts:
            return self.where.slice(self.at, self.to)
        segments: list[tuple[int, int]] = []
        size = 0
        for part in self.parts:
            length = len(part.text) if part.kind == "literal" else max(1, part.to - part.at)
            if length == part.to - part.at:
                segments += [(size + index, offset) for index, offset in self.where.slice(part.at, part.to).segments[:-1]]
            elif length:
                segments.append((size, self.where.offset(part.at)))
            size += length
        segments.append((size, self.where.end(self.parts[-1].to)))
        return Located(self.where.source, self.pattern, segments)

    def scripts(self) -> Iterator[Script]:
        """The scripts of its command and process substitutions."""
        stack = list(reversed(self.parts))
        while stack:
            part = stack.pop()
            if part.script is not None:
                yield part.script
            stack.extend(reversed(part.nested))


class Assignment(NamedTuple):
    """``name=value``, ``name+=value`` or ``name=(items)`` before a command or alone."""

    name: str
    value: Word | None
    items: tuple[Word, ...]
    at: int
    to: int
    where: Located

    @property
    def span(self) -> Span:
        return self.where.span(self.at, self.to)


class Redirect:
    """``fd op target``; of a heredoc also its ``body``, which the parser adds once it has met it, and the script that it is
    (``run``) when a shell reads it (``code``)."""

    __slots__ = ("at", "body", "code", "fd", "op", "run", "target", "to", "where")

    def __init__(self, op: str, fd: str, target: Word | None, at: int, to: int, where: Located) -> None:
        self.op = op
        self.fd = fd
        self.target = target
        self.at = at
        self.to = to
        self.where = where
        self.body: Word | None = None
        self.code = False
        self.run: Script | None = None

    @property
    def span(self) -> Span:
        return self.where.span(self.at, self.to)

    def scripts(self) -> Iterator[Script]:
        for word in (self.target, self.body):
            if word is not None:
                yield from word.scripts()
        if self.run is not None:
            yield self.run


class Command(NamedTuple):
    """A simple command. ``name`` is ``None`` for assignments or redirects alone; ``runs`` are scripts it is given to run
    (``bash -c``, ``eval``, a heredoc into a shell)."""

    name: Word | None
    args: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    redirects: tuple[Redirect, ...]
    at: int
    to: int
    where: Located
    runs: tuple[Script, ...] = ()

    @property
    def start(self) -> int:
        return self.where.offset(self.at)

    @property
    def end(self) -> int:
        return self.where.end(self.to)

    @property
    def span(self) -> Span:
        return self.where.span(self.at, self.to)

    @property
    def program(self) -> str:
        """The name without its directory; empty when there is none or it is unknown."""
        text = self.name.text if self.name is not None else ""
        return text[text.rfind("/") + 1 :] if isinstance(text, str) else ""

    @property
    def words(self) -> tuple[Word, ...]:
        return self.args if self.name is None else (self.name, *self.args)

    def scripts(self) -> Iterator[Script]:
        """Every script inside: substitutions in file order, then what the command runs."""
        for assignment in self.assignments:
            for word in (assignment.value, *assignment.items):
                if word is not None:
                    yield from word.scripts()
        for word in self.words:
            yield from word.scripts()
        for redirect in self.redirects:
            yield from redirect.scripts()
        yield from self.runs


class Compound(NamedTuple):
    """``if``, loops, ``case``, ``( … )``, ``{ … }`` and functions: the ``bodies`` in order, and ``words`` of its head (items of a
    ``for``, the subject and patterns of a ``case``, a function's name)."""

    kind: CompoundKind
    bodies: tuple[Script, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    at: int
    to: int
    where: Located

    @property
    def span(self) -> Span:
        return self.where.span(self.at, self.to)

    def scripts(self) -> Iterator[Script]:
        for word in self.words:
            yield from word.scripts()
        yield from self.bodies
        for redirect in self.redirects:
            yield from redirect.scripts()


class Pipeline(NamedTuple):
    """Commands joined by ``ops`` (``|`` or ``|&``); one command alone is a pipeline too."""

    commands: tuple[Command | Compound, ...]
    ops: tuple[str, ...]
    negated: bool
    at: int
    to: int
    where: Located

    @property
    def span(self) -> Span:
        return self.where.span(self.at, self.to)

    @property
    def stages(self) -> tuple[tuple[Command, ...], ...]:
        """The simple commands of each member, those inside of subshells, groups and loops included."""
        return tuple((each,) if isinstance(each, Command) else tuple(_simple(each)) for each in self.commands)


class AndOr(NamedTuple):
    """Pipelines joined by ``ops`` (``&&`` or ``||``); ``end`` is what ends the list: ``;``, ``&``, a line feed or nothing."""

    pipelines: tuple[Pipeline, ...]
    ops: tuple[str, ...]
    end: str


class Script:
    """A script or a part of one: its ``lists`` in order. ``problems`` says where it could not be understood (it goes on behind)."""

    __slots__ = ("lists", "problems", "where")

    def __init__(self, where: Located, lists: tuple[AndOr, ...], problems: tuple[Problem, ...] = ()) -> None:
        self.where = where
        self.lists = lists
        self.problems = problems

    @property
    def commands(self) -> tuple[Command, ...]:
        """The simple commands of this level in order (those in compounds and substitutions are left to :meth:`walk_commands`)."""
        return tuple(c for each in self._members() for c in each.commands if isinstance(c, Command))

    def _members(self) -> Iterator[Pipeline]:
        for each in self.lists:
            yield from each.pipelines

    def scripts(self) -> Iterator[Script]:
        """This script and all inside: bodies, substitutions, ``bash -c`` and the like; outer ones first."""
        stack = [self]
        while stack:
            script = stack.pop()
            yield script
            inner = [s for pipeline in script._members() for c in pipeline.commands for s in c.scripts()]
            stack.extend(reversed(inner))

    def walk_commands(self) -> Iterator[Command]:
        """Every simple command at any depth, once."""
        for script in self.scripts():
            yield from script.commands

    def pipelines(self) -> Iterator[Pipeline]:
        """Every pipeline of two commands or more, at any depth."""
        for script in self.scripts():
            for pipeline in script._members():
                if len(pipeline.commands) > 1:
                    yield pipeline

    def options(self, before: int | None = None) -> frozenset[str]:
        """Shell options that ``set`` has switched on at this level (before index ``before``): ``errexit``, ``pipefail``, …"""
        on: set[str] = set()
        for command in self.commands:
            if before is not None and command.at >= before:
                break
            if command.program == "set":
                _apply_set(command, on)
        return frozenset(on)


def _apply_set(command: Command, on: set[str]) -> None:
    """What ``set -eo pipefail`` and ``set +e`` do to the options that are ``on``."""
    args = iter(command.args)
    for word in args:
        text = word.text
        if not isinstance(text, str) or not _SHORT.match(text):
            return
        change = on.add if text[0] == "-" else on.discard
        for letter in text[1:]:
            if letter == "o":
                name = next(args, None)
                if name is not None and isinstance(name.text, str):
                    change(name.text)
            elif letter in _OPTION_LETTERS:
                change(_OPTION_LETTERS[letter])


def _simple(compound: Compound) -> Iterator[Command]:
    """Simple commands of a compound whose output is the compound's own."""
    if compound.kind == "function":
        return
    for body in compound.bodies:
        for pipeline in body._members():
            for each in pipeline.commands:
                if isinstance(each, Command):
                    yield each
                else:
                    yield from _simple(each)
