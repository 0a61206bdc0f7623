"""Finds tokens of known formats in a text: pre-scan, candidates, boundaries, context, and which of two overlapping formats wins.

Pure text in, :class:`Match` out; knows nothing of files, tiers or verification. The cost on a text without credentials is
the pre-scan's alone: a format is loaded and its pattern compiled when one of its words was found with enough token
characters behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from ..prescan import Prescan
from .formats.words import WORDS

HEAD, INNER, NAME, GATE = range(4)  # as in formats.index, which is not loaded here
WINDOW: Final = 160  # how far behind a provider's name its credential may stand
SLACK: Final = 512
_RUN: Final = re.compile(r"[^\s\"'`<>(){}\[\],;|\\]*")
_LONG: Final = re.compile(r"[0-9A-Za-z_+/=.~%:!@#$&*-]{8,}")
_KEYWORD: Final = re.compile(
    r"(?i)api|key|token|secret|passw|pwd|auth|cred|bearer|private|access|(?<![a-z])pat(?![a-z])|(?<![a-z])pass(?![a-z])|licen[cs]e|login|signature|(?<![a-z])jwt(?![a-z])"
)
_PATH: Final = re.compile(r"[\w.\-\[\]\"'`/ \t$@*>\\{}?&=%+~]{0,64}\Z")
_SENTENCE: Final = re.compile(r"[.;!?]\s|[;{}]|\s(?:the|is|are|and|with|from|for)\s")
_KEY: Final = re.compile(r"([\w.\-]{2,60})[\"'`\])\s]{0,4}(?:=>|:=|=|:|,)\s?\Z")
_OTHER_KEY: Final = re.compile(
    r"(?i)public|cache|primary|foreign|partition|index|sort|[_-]id$|(?<=[a-z])Id$|_name$|Name$|_ur[il]$|hash|sha\d|md5|etag|digest|integrity|revision|commit|version|checksum"
)
_BLOB: Final = re.compile(r"[0-9A-Za-z+/]*")
_BLOB_END: Final = re.compile(r"[0-9A-Za-z+/]*\Z")
_PLAIN_WORDS: Final = ("secret", "key", "token", "pass", "access", "http", "private", "sandbox", "production", "stage")  # not a provider's
_OPENING: Final = re.compile(r"(?i)(?:[\s\"'`(\[{<\\@]|(?:bearer|basic|token|b)(?=[\s\"'`]))+\Z")


class Match(NamedTuple):
    """A token of format number ``number`` at ``text[start:end]``. ``near`` is the distance to its context, -1 without context."""

    start: int
    end: int
    number: int
    shape: int
    near: int
    keyed: bool


Codes: TypeAlias = tuple[tuple[int, int, int], ...]


@lru_cache(maxsize=1)
def _prescan() -> Prescan[Codes | str]:
    """One automaton for both halves of the family: words of formats (with codes) and words of generic secrets (as they are)."""
    from .generic import words

    entries: list[tuple[str, Codes | str]] = [*WORDS, *((word, word) for word in words())]
    return Prescan(entries)


def fold(text: str) -> str:
    """``text`` in lower case, of the same length (one letter, dotted capital I, would become two)."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace("\u0130", "I").lower()


class Scan(NamedTuple):
    """What one pass over a text gave.

    ``matches``: tokens in order, none overlapping another. ``misses``: what begins like a known token and is none (start, end,
    format's number). ``hints``: where words of generic secrets stand.
    """

    matches: list[Match]
    misses: list[tuple[int, int, int]]
    hints: list[tuple[int, int, str]]


def scan(text: str) -> Scan:
    """All tokens of known formats in ``text``, and the places that the search for generic secrets looks at."""
    low = fold(text)
    hints: list[tuple[int, int, str]] = []
    heads: set[tuple[int, int]] = set()
    begun: dict[int, tuple[int, int]] = {}
    inner: dict[int, list[int]] = {}
    names: dict[int, set[tuple[int, int]]] = {}
    gates: set[int] = set()
    for start, end, found in _prescan().hits(low):
        for codes in found:
            if isinstance(codes, str):
                hints.append((start, end, codes))
                continue
            for number, how, least in codes:
                if how == HEAD:
                    if start and (low[start - 1].isalnum() or (end - start <= 4 and low[start - 1] in "-._")) and not _escaped(text, start):
                        continue
                    stop = _run(text, start)
                    if end - start >= 5 and text[end - 1] in "_-." and stop - end >= 4 and not low.startswith(_PLAIN_WORDS, start):
                        begun[start] = (stop, number)
                    if least and stop - start < least:
                        continue
                    heads.add((number, start))
                elif how == INNER:
                    inner.setdefault(number, []).append(start)
                elif how == NAME:
                    if _names(text, low, start, end, least):
                        names.setdefault(number, set()).add((start, end))
                else:
                    gates.add(number)
    if not (heads or inner or names or gates or begun):
        return Scan([], [], hints)
    found_all: list[Match] = []
    found_all += _match_heads(text, heads)
    for number, starts in inner.items():
        found_all += _match_inner(text, number, starts)
    for number, places in names.items():
        for start, end in sorted(places):
            found_all += _match_near(text, number, start, end)
    for number in gates:
        found_all += [Match(s, e, number, shape, 0, False) for s, e, shape in _everywhere(text, number, 0, len(text))]
    binary = "\0" in text[:65536]
    chosen = [m for m in decide(found_all) if not (in_blob(text, m.start, m.end) or (binary and vague(m)))]
    misses = [(s, e, number) for s, (e, number) in sorted(begun.items()) if not any(m.start < e and s < m.end for m in chosen)]
    return Scan(chosen, misses, hints)


def in_blob(text: str, start: int, end: int) -> bool:
    """Whether a token is a stretch of something longer in base64, an image say."""
    return (text[start - 1 : start] in ("+", "/") and len(_BLOB_END.search(text, max(0, start - 80), start)[0]) >= 60) or (  # type: ignore[index]
        text[end : end + 1] in ("+", "/") and len(_BLOB.match(text, end, end + 80)[0]) >= 60  # type: ignore[index]
    )


def vague(m: Match) -> bool:
    """Whether chance alone makes such a token in a binary file now and then."""
    return m.near >= 0 or shaped(m.number).literal < 5


def _run(text: str, at: int) -> int:
    found = _RUN.match(text, at)
    return found.end() if found else at


def _escaped(text: str, at: int) -> bool:
    """Whether the character before ``at`` belongs to an escape such as ``\\n`` or ``%3D``."""
    return (at >= 2 and text[at - 2] == "\\" and text[at - 1] in "nrtbf") or (at >= 3 and text[at - 3] == "%")


def _names(text: str, low: str, start: int, end: int, least: int) -> bool:
    """Whether ``text[start:end]`` is a name by itself (or part of a joined one) with a long enough value behind it."""
    size = end - start
    if start and size < 7 and low[start - 1].isalpha() and low[start].isalpha() and not (text[start].isupper() and text[start - 1].islower()):
        return False
    following = low[end : end + 1]
    if following.isalpha() and size < 7 and not text[end].isupper() and not _KEYWORD.match(low, end):
        return False
    at = end
    stop = min(len(text), end + WINDOW)
    while True:
        run = _LONG.search(text, at, stop + least)
        if run is None or run.start() >= stop:
            return False
        if run.end() - run.start() >= least:
            return True
        at = run.end()


# -- formats, loaded and compiled when asked for


class Shaped(NamedTuple):
    """What matching needs of a format: a compiled pattern a shape, how far each reaches before and behind its literal."""

    patterns: tuple[re.Pattern[str], ...]
    reaches: tuple[int, ...]
    lengths: tuple[int, ...]
    loose: tuple[bool, ...]
    prefixes: tuple[int, ...]
    letters: tuple[bool, ...]
    literal: int


@lru_cache(maxsize=4096)
def shaped(number: int) -> Shaped:
    """The compiled shapes of format ``number``. A shape is loose when neither a literal nor its length says much."""
    from .formats import load
    from .formats.notation import alphabet_of, longest, pattern, reach, shortest, walk

    shapes = load(number).shapes
    return Shaped(
        tuple(re.compile(pattern(shape)) for shape in shapes),
        tuple(reach(shape) for shape in shapes),
        tuple(longest(shape) for shape in shapes),
        tuple(longest(shape) - shortest(shape) > 8 and not any(isinstance(part, str) for part in shape) for shape in shapes),
        tuple(len(shape[0]) if isinstance(shape[0], str) else 0 for shape in shapes),
        tuple(not any(c.isdigit() for part in walk(shape) if isinstance(part, tuple) for c in alphabet_of(part)) for shape in shapes),
        max(sum(len(part) for part in shape if isinstance(part, str)) for shape in shapes),
    )


def _match_heads(text: str, heads: Iterable[tuple[int, int]]) -> list[Match]:
    found = []
    for number, start in heads:
        for shape, compiled in enumerate(shaped(number).patterns):
            m = compiled.match(text, start)
            if m:
                found.append(Match(m.start(), m.end(), number, shape, -1, False))
    return found


def _match_inner(text: str, number: int, starts: list[int]) -> list[Match]:
    facts = shaped(number)
    found = []
    done = 0
    for start in starts:
        low = max(done, start - max(facts.reaches) - 4)
        high = start + max(facts.lengths) + SLACK
        if start < done:
            continue
        for s, e, shape in _everywhere(text, number, low, high):
            found.append(Match(s, e, number, shape, -1, False))
            done = max(done, e)
    return found


def _everywhere(text: str, number: int, low: int, high: int) -> list[tuple[int, int, int]]:
    return [
        (m.start(), m.end(), shape) for shape, compiled in enumerate(shaped(number).patterns) for m in compiled.finditer(text, low, high)
    ]


def _match_near(text: str, number: int, start: int, end: int) -> list[Match]:
    """The first token behind the name ``text[start:end]`` that is tied to it."""
    facts = shaped(number)
    found = []
    stop = min(len(text), end + WINDOW)
    for shape, compiled in enumerate(facts.patterns):
        at = end
        for _ in range(4):
            m = compiled.search(text, at, min(len(text), stop + facts.lengths[shape] + SLACK))
            if m is None or m.start() >= stop:
                break
            tie = tied(text[start : m.start()], end - start) if (facts.letters[shape] or _coded(m.group())) and text[m.start() - 1] not in "@/#" else 0
            if tie == 2 or (tie and not facts.loose[shape] and not facts.letters[shape]):
                found.append(Match(m.start(), m.end(), number, shape, m.start() - end, tie == 2))
                break
            at = m.start() + 1
    return found


def _coded(value: str) -> bool:
    """Whether a value could have been drawn at random: words joined or in camel case have neither digits nor restless case."""
    if len(value) > 40 or any(c.isdigit() for c in value):
        return True
    changes = sum(a.isupper() != b.isupper() for a, b in pairwise(value))
    return changes * 20 > len(value) * 7


def tied(gap: str, size: int) -> int:
    """How a value belongs to the name that begins ``gap`` (``size`` characters of it are the name, the value follows).

    2: the value stands under a credential's name (``acme_api_key = "``, or ``acme`` and on one of the next lines
    ``api_key: ``); 1: the name itself is assigned (``acme: "``); 0: it does not belong.
    """
    rest = gap[size:]
    lines = rest.count("\n")
    if lines > 3 or len(rest) > WINDOW:
        return 0
    core = _OPENING.sub("", rest)
    assigns = core[-1:] in ("=", ":", ",", ">", "|") and core != ""
    if assigns and not lines:
        named = core.rstrip("=:,>|+? \t\"'`])")
        if _PATH.match(named):
            return 2 if _KEYWORD.search(gap[: size + len(core)]) else 1
    if lines == 1 and core[-1:] == ">" and _PATH.match(core.rstrip("> \t")) and _KEYWORD.search(gap):
        return 2
    if assigns:
        key = _KEY.search(core)
        if key and _KEYWORD.search(key[1]) and not _OTHER_KEY.search(key[1]):
            return 2
    if not lines:
        if len(rest) <= 48 and _KEYWORD.search(gap) and not _SENTENCE.search(rest):
            return 2
        if not rest.strip(" \t\"'`-_"):
            return 1
    return 0


def decide(matches: list[Match]) -> list[Match]:
    """One format for each stretch of text.

    A shape that stands alone wins over one that needs context unless that one spells out a literal of its own and covers
    as much; then the longer token, the more literal shape, the nearer context; last the table's order.
    """

    def rank(m: Match) -> tuple[int, int, int, int, int]:
        literal = shaped(m.number).literal
        alone = m.near < 0 or literal >= 3
        return (0 if alone else 1, -(m.end - m.start), 0 if m.near >= 0 and literal >= 3 else 1, m.near if m.near >= 0 else -literal, m.number)

    chosen: list[Match] = []
    for m in sorted(set(matches), key=rank):
        if not any(m.start < other.end and other.start < m.end for other in chosen):
            chosen.append(m)
    return sorted(chosen)
