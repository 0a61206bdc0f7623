"""From places in a text to tokens: patterns, boundaries, context, and which of two overlapping formats wins.

A format is loaded and its pattern compiled when the pre-scan found a place for it. Every pattern is bounded and applied
to a window, so the cost is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from ..files.source import looks_binary
from .formats.catalogue import load
from .formats.notation import alphabet_of, longest, pattern, reach, shortest, walk
from .judge import counted
from .match import Spots
from .spans import Spans
from .tie import WINDOW, could_be_drawn, is_reference, joined_key, line_before, named_behind, names_an_id, routed, tied, wordy

_SLACK: Final = 512
_SPOKEN: Final = 80
_RUN: Final = re.compile(r"(?<![\w+/=\-])[0-9A-Za-z_-]{16,}(?![+/=])")
_BLOB: Final = re.compile(r"[0-9A-Za-z+/]*")
_BLOB_END: Final = re.compile(r"[0-9A-Za-z+/]*\Z")
_BLOB_LEAST: Final = 60
_WRAPPED: Final = 128


class Match(NamedTuple):
    """A token of format number ``number`` at ``text[start:end]``.

    ``near`` is the distance to its context, -1 without context; ``keyed``: it stands under a credential's name.
    """

    start: int
    end: int
    number: int
    shape: int
    near: int
    keyed: bool


class Shaped(NamedTuple):
    """What matching needs of a format, a value a shape.

    The compiled pattern; how far it reaches before its literal; its longest length; whether neither a literal nor its length
    says much; the length of the literal it begins with; whether it is all letters. ``literal``: literal characters at best.
    """

    patterns: tuple[re.Pattern[str], ...]
    reaches: tuple[int, ...]
    lengths: tuple[int, ...]
    loose: tuple[bool, ...]
    prefixes: tuple[int, ...]
    letters: tuple[bool, ...]
    literal: int


@lru_cache(maxsize=4096)
def shaped(number: int) -> Shaped:
    """Format ``number``, ready to match."""
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


def settle(text: str, spots: Spots) -> list[Match]:
    """The tokens at ``spots``, in order, none overlapping another."""
    found = _at_heads(text, spots.heads)
    for number, starts in spots.inner.items():
        found += _around(text, number, starts)
    for number, places in spots.names.items():
        for start, end in sorted(places):
            found += (
                _behind(text, number, start, end)
                or _joined(text, number, start, end)
                or _before(text, number, start, end)
                or _about(text, number, start, end)
            )
    for number in spots.gates:
        found += [Match(s, e, number, shape, 0, False) for s, e, shape in _everywhere(text, number, 0, len(text))]
    binary = looks_binary(text)
    chosen = [m for m in decide(found, text) if not (in_blob(text, m.start, m.end) or (binary and vague(m)))]
    if not binary and chosen:
        from .pairs import partners

        taken = Spans()
        for m in chosen:
            taken.add(m.start, m.end)
        chosen = sorted(chosen + partners(text, chosen, taken))
    return chosen


def _at_heads(text: str, heads: Iterable[tuple[int, int]]) -> list[Match]:
    found = []
    for number, start in heads:
        for shape, compiled in enumerate(shaped(number).patterns):
            m = compiled.match(text, start)
            if m:
                found.append(Match(m.start(), m.end(), number, shape, -1, False))
    return found


def _around(text: str, number: int, starts: list[int]) -> list[Match]:
    facts = shaped(number)
    found = []
    done = 0
    for start in starts:
        if start < done:
            continue
        low = max(done, start - max(facts.reaches) - 4)
        for s, e, shape in _everywhere(text, number, low, start + max(facts.lengths) + _SLACK):
            found.append(Match(s, e, number, shape, -1, False))
            done = max(done, e)
    return found


def _everywhere(text: str, number: int, low: int, high: int) -> list[tuple[int, int, int]]:
    return [
        (m.start(), m.end(), shape) for shape, compiled in enumerate(shaped(number).patterns) for m in compiled.finditer(text, low, high)
    ]


def _behind(text: str, number: int, start: int, end: int) -> list[Match]:
    """For each shape, the first token behind the name ``text[start:end]`` that is tied to it."""
    facts = shaped(number)
    found = []
    stop = min(len(text), end + WINDOW)
    name = text[start:end].lower().strip("_-. ")
    secret = load(number).tier != "audit"
    for shape, compiled in enumerate(facts.patterns):
        weak = facts.loose[shape] or facts.letters[shape]
        at = end
        last = min(len(text), stop + facts.lengths[shape])  # of a token that begins before ``stop``; what follows it matters as well
        for _ in range(4):
            m = compiled.search(text, at, last) and compiled.search(text, at, min(len(text), last + _SLACK))
            if m is None or m.start() >= stop:
                break
            tie = 0
            value = m.group()
            drawn = facts.letters[shape] or (could_be_drawn(value) and not (facts.loose[shape] and wordy(value)))
            made_up = not drawn and not facts.loose[shape] and counted(value)
            if secret and not facts.literal and names_an_id(text, start, m.start()):
                drawn = made_up = False
            if drawn and not weak and "-" not in value and routed(text, start, end, m.start()):
                found.append(Match(m.start(), m.end(), number, shape, m.start() - end, False))
                break
            if (drawn or made_up) and not is_reference(text, m.start()) and (len(name) < 5 or name not in value.lower()):
                tie = tied(text[start : m.start()], end - start)
            if tie == 2 or (tie and drawn and not weak):
                found.append(Match(m.start(), m.end(), number, shape, m.start() - end, tie == 2))
                break
            at = m.start() + 1
    return found


def _joined(text: str, number: int, start: int, end: int) -> list[Match]:
    """The token that a dash joins to the name ``text[start:end]`` and to words of keys, as in ``acme-key-…``."""
    at = joined_key(text, end)
    if not at:
        return []
    facts = shaped(number)
    found = []
    for shape, compiled in enumerate(facts.patterns):
        if facts.loose[shape]:
            continue
        m = compiled.match(text[at : at + facts.lengths[shape] + _SLACK])
        if m and (facts.letters[shape] or could_be_drawn(m.group()) or counted(m.group())):
            found.append(Match(at, at + m.end(), number, shape, at - end, True))
    return found


def _before(text: str, number: int, start: int, end: int) -> list[Match]:
    """For each shape, the last token before the name ``text[start:end]`` that a remark or an address behind it gives to it."""
    facts = shaped(number)
    low = line_before(text, start, 8)
    if low < 0:
        return []
    found = []
    for shape, compiled in enumerate(facts.patterns):
        if facts.loose[shape]:
            continue
        for m in compiled.finditer(text, low, start):
            if could_be_drawn(m.group()) and not is_reference(text, m.start()) and named_behind(text, low, m.start(), m.end(), start):
                found.append(Match(m.start(), m.end(), number, shape, start - m.end(), True))
                break
    return found


def _about(text: str, number: int, start: int, end: int) -> list[Match]:
    """A value under the name ``text[start:end]`` that counts up, nearly as long as a token: an invented one, or one that was mistyped."""
    facts = shaped(number)
    if facts.literal or all(facts.loose):
        return []
    m = _RUN.search(text, end, min(len(text), end + WINDOW + _SLACK))
    while m is not None and m.start() < end + WINDOW:
        value = m.group()
        for shape, (size, loose) in enumerate(zip(facts.lengths, facts.loose, strict=True)):
            if not loose and size * 3 <= len(value) * 4 <= size * 6 and counted(value):
                return (
                    [Match(m.start(), m.end(), number, shape, m.start() - end, True)]
                    if tied(text[start : m.start()], end - start) == 2
                    else []
                )
        m = _RUN.search(text, m.end(), min(len(text), end + WINDOW + _SLACK))
    return []


def in_blob(text: str, start: int, end: int) -> bool:
    """Whether a token is a stretch of something longer in base64, an image say."""
    if text[start - 1 : start] in ("+", "/"):
        before = _BLOB_END.search(text, max(0, start - 80), start)
        if before and before.end() - before.start() >= _BLOB_LEAST:
            return True
    if text[end : end + 1] in ("+", "/"):
        after = _BLOB.match(text, end, end + 80)
        if after is not None and after.end() - after.start() >= _BLOB_LEAST:
            return True
    return _in_wrapped(text, start, end)


def _in_wrapped(text: str, start: int, end: int) -> bool:
    """Whether a token is a piece of one of several lines of base64 of one length, as MIME wraps it (RFC 2045)."""
    first = text.rfind("\n", max(0, start - _WRAPPED), start) + 1
    last = text.find("\n", end, end + _WRAPPED)
    if (not first and start > _WRAPPED) or last < 0:
        return False
    line = text[first:last].rstrip("\r")
    size = len(line)
    if not _BLOB_LEAST <= size <= _WRAPPED or _BLOB.fullmatch(line) is None:
        return False
    before = text[max(0, first - _WRAPPED - 2) : max(0, first - 1)].rpartition("\n")[2].rstrip("\r")
    after = text[last + 1 : last + 2 + _WRAPPED].partition("\n")[0].rstrip("\r")
    whole = line if start == first and end >= last - 1 else ""  # a list of tokens has lines of one length as well
    return any(len(each) == size and each[:4] != whole[:4] and _BLOB.fullmatch(each) is not None for each in (before, after))


def vague(m: Match) -> bool:
    """Whether chance alone makes such a token in a binary file now and then."""
    return m.near >= 0 or shaped(m.number).literal < 4


def decide(matches: list[Match], text: str) -> list[Match]:
    """One format for each stretch of text.

    A shape that stands alone wins over one that needs context unless that one spells out a literal of its own and covers
    as much; then the longer token, the more literal shape, a secret before an identifier, the provider that is spoken of,
    the nearer context; last the table's order and the order of its shapes.
    """

    def rank(m: Match) -> tuple[bool, int, bool, bool, bool, int, int, int]:
        literal = shaped(m.number).literal
        alone = m.near < 0 or literal >= 3
        both = m.near >= 0 and literal >= 3
        fmt = load(m.number)
        spoken_of = fmt.provider.lower() in text[max(0, m.start - _SPOKEN) : m.start].lower()
        distance = m.near if m.near >= 0 else -literal
        return (not alone, m.start - m.end, not both, fmt.tier == "audit", not spoken_of, distance, m.number, m.shape)

    taken = Spans()
    return sorted(m for m in sorted(set(matches), key=rank) if taken.add(m.start, m.end))
