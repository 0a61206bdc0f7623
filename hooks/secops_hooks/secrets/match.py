"""The pre-scan of a text: where something begins that could be a known credential, and where generic secrets are hinted at.

This is the hot path: one pass of one automaton over the lower-cased text. What it lets through goes to ``candidates``,
which knows patterns; a text without credentials never loads that, nor the table.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..prescan import Words
from ..records import TYPE_CHECKING, NamedTuple
from .formats.words import CODES, LEADING, WORDS

if TYPE_CHECKING:
    from typing import Final

    from .candidates import Match

HEAD, INNER, NAME, GATE, BARE = range(5)  # as in formats.index, which is not loaded here
_RUN: Final = re.compile(r"[^\s\x00-\x20\"'`<>(){}\[\],;|\\]{0,1200}")
_BREAKS: Final = " \t\n\r\"'`<>(){}[],;|\\"
_PLAIN_WORDS: Final = ("secret", "key", "token", "pass", "access", "http", "private", "sandbox", "production", "stage")  # no provider's

# The automaton looks for each character of a text among the first letters of its words, one by one, and most characters of most
# files are blanks: words that mean nothing, but come first, make it a quarter faster.
_FILLERS: Final = (" \0", "\n\0")


class Scan(NamedTuple):
    """What one pass over a text gave.

    ``matches``: tokens in order, none overlapping another. ``misses``: what begins like a known token and is none (start, end,
    format's number). ``hints``: where words of generic secrets stand.
    """

    matches: list[Match]
    misses: list[tuple[int, int, int]]
    hints: list[tuple[int, int, str]]


class Spots:
    """Where to look closer, by format number: at token starts, around inner literals, behind names, in the whole text.

    ``called``: names that nobody has looked behind yet, as (format, start, end, least length, whether ``BARE``).
    """

    __slots__ = ("begun", "called", "gates", "heads", "inner", "names")

    def __init__(self) -> None:
        self.heads: set[tuple[int, int]] = set()
        self.begun: dict[int, tuple[int, int]] = {}
        self.inner: dict[int, list[int]] = {}
        self.called: list[tuple[int, int, int, int, bool]] = []
        self.names: dict[int, set[tuple[int, int]]] = {}
        self.gates: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self.heads or self.inner or self.names or self.gates or self.begun)


class Vocabulary(NamedTuple):
    """One automaton for both halves of the family; the codes of formats' words; those that begin tokens; words of generic secrets."""

    words: Words
    codes: dict[str, str]
    leading: frozenset[str]
    generic: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Everything the pre-scan looks for."""
    from .generic import words

    names = WORDS.split("\n")[:-1]
    generic = frozenset(words())
    codes = dict(zip(names, CODES.split("\n"), strict=False))
    return Vocabulary(Words([*_FILLERS, *names, *generic]), codes, frozenset(names[:LEADING]) - generic, generic)


@lru_cache(maxsize=4096)
def _codes(line: str) -> tuple[tuple[int, int, int], ...]:
    codes = []
    for code in line.split(" "):
        number, how, least = code.split(".")
        codes.append((int(number), int(how), int(least)))
    return tuple(codes)


def fold(text: str) -> str:
    """``text`` in lower case, of the same length (one letter, dotted capital I, would become two)."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace("\u0130", "I").lower()


def scan(text: str) -> Scan:
    """All tokens of known formats in ``text``, and the places that the search for generic secrets looks at."""
    low = fold(text)
    words, codes, leading, generic = vocabulary()
    hints: list[tuple[int, int, str]] = []
    spots = Spots()
    for start, end in words.hits(low):
        word = low[start:end]
        if word in leading and start and low[start - 1].isalnum() and not _escaped(text, start):
            continue
        if word in generic:
            hints.append((start, end, word))
        line = codes.get(word)
        if line is not None:
            _note(spots, text, low, start, end, line)
    if spots.called:
        _weigh_names(spots, text, low)
    if not spots:
        return Scan([], [], hints)
    from .candidates import settle
    from .spans import Spans

    chosen = settle(text, spots)
    taken = Spans()
    for m in chosen:
        taken.add(m.start, m.end)
    misses = [(s, e, number) for s, (e, number) in sorted(spots.begun.items()) if taken.add(s, e)]
    return Scan(chosen, misses, hints)


def _note(spots: Spots, text: str, low: str, start: int, end: int, line: str) -> None:
    """Note in ``spots`` what the word ``low[start:end]`` means, unless a glance at its surroundings rules it out."""
    for number, how, least in _codes(line):
        if how == HEAD:
            if start and (low[start - 1].isalnum() or (end - start <= 4 and low[start - 1] in "-._")) and not _escaped(text, start):
                continue
            telling = end - start >= 4 and text[end - 1] in "_-."
            if not telling and " " in text[start : start + least]:
                continue
            stop = _run(text, start)
            if telling and stop - end >= 4 and not low.startswith(_PLAIN_WORDS, start):
                spots.begun[start] = (stop, number)
            if not least or stop - start >= least:
                spots.heads.add((number, start))
        elif how == INNER:
            if least and _run(text, start) - _run_start(text, start) < least:
                continue
            spots.inner.setdefault(number, []).append(start)
        elif how in (NAME, BARE):
            spots.called.append((number, start, end, least, how == BARE))
        else:
            spots.gates.add(number)


def _weigh_names(spots: Spots, text: str, low: str) -> None:
    """Of the names that were called, keep those behind which a credential may stand."""
    from .tie import line_before, stands_alone, worth_a_look

    for number, start, end, least, bare in spots.called:
        if stands_alone(text, low, start, end) and (worth_a_look(text, end, least, bare) or line_before(text, start, least) >= 0):
            spots.names.setdefault(number, set()).add((start, end))


def _run(text: str, at: int) -> int:
    found = _RUN.match(text, at)
    return found.end() if found else at


def _run_start(text: str, at: int) -> int:
    """Where the run of token characters that holds ``at`` begins; not further back than any token is long."""
    low = max(0, at - 1200)
    return low + max((text.rfind(c, low, at) - low for c in _BREAKS), default=-1) + 1


def _escaped(text: str, at: int) -> bool:
    """Whether the character before ``at`` belongs to an escape such as ``\\n``, ``%3D`` or a terminal's colour."""
    last = text[at - 1]
    if last == "m" and "\x1b[" in text[max(0, at - 8) : at]:
        return True
    return (at >= 2 and text[at - 2] == "\\" and last in "nrtbf") or (at >= 3 and text[at - 3] == "%")
