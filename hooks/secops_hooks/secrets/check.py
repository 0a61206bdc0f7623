"""The door of the secrets family: one file in, its findings out.

Order: known formats and private keys in the text and in every encoded layer of it, then generic values where no format
has spoken. A secret never leaves in clear: messages show four characters at most, subjects are hashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..finding import UNANALYSABLE, Finding, Rule, Span, report
from ..records import TYPE_CHECKING
from .decode import layers, members, unread
from .generic import find, find_in_layer
from .match import Scan, scan
from .spans import Spans

if TYPE_CHECKING:
    from typing import Final

    from ..files.source import Source
    from ..files.tree import Tree
    from ..finding import Confidence, Tier
    from ..parse import File
    from ..policy.settings import Settings
    from .candidates import Match
    from .decode import Layer
    from .formats.notation import Format


# how a store of credentials begins (``stores.py``)
_STORES: Final = frozenset((b"\x03\xd9", b"PW", b"ky", b"Gn", b"\xfe\xed", b"\xce\xce", b"\x00\x06", b"SQ", b"\x30\x82", b"\x30\x80"))
_ARCHIVES: Final = (b"\x1f\x8b", b"PK\x03\x04")


def rules() -> Mapping[str, Rule]:
    """All rules of the family by id."""
    from .generic import rules as generic_rules
    from .rules import all_rules

    return {**all_rules(), **generic_rules()}


def check(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """The credentials in ``file``."""
    source = file.source
    taken = Spans()
    scanned = scan(source.text)
    yield from _accepted(source, settings, _all(file, tree, settings, taken, scanned))
    if source.data[:2] in _STORES:
        from .stores import find as stores

        yield from stores(source)
    if source.data.startswith(_ARCHIVES) and settings.option("secrets", "archives", False):
        yield from _packed(file, tree, settings)


def _packed(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What stands in the members of a gzip or zip file, told at its beginning."""
    from ..files.filetype import detect
    from ..files.source import Source
    from ..parse import File

    read: dict[str, int] = {}
    for name, content in members(file.source.data):
        read[name] = len(content)
        member = Source(name or file.path, content)
        for found in check(File(member, detect(member.path, member.text)), tree, settings._replace(extra={})):
            where = f"{found.message}, in {name or 'the content'} of this archive, line {found.span.line}"
            yield found._replace(path=file.path, span=Span(1, 1, 1, 1), message=where, fix=None)
    left = unread(file.source.data, read)
    if not read:
        yield report(UNANALYSABLE, file.path, Span(1, 1, 1, 1), "this archive could not be unpacked")
    elif left:
        shown = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
        message = f"of this archive {shown} could not be looked at: encrypted, damaged or too large"
        yield report(UNANALYSABLE, file.path, Span(1, 1, 1, 1), message)


def _all(file: File, tree: Tree, settings: Settings, taken: Spans, scanned: Scan) -> Iterator[Finding]:
    source = file.source
    yield from _known(Place(source, source.text), scanned.matches, taken)
    yield from _hidden(file, taken)
    place = Place(source, source.text)
    other = []
    for start, end, number in scanned.misses:
        if not _is_broken(source.text[start:end], number):
            other.append((start, end, number))
        elif _settle(place, start, end, taken):
            yield _malformed(place, start, end, number)
    told = [] if source.binary else list(find(file, tree, settings, list(taken), scanned.hints))
    for finding in told:
        doubtful = finding.tier == "block" and any(_meet(finding.span, source.span(start, end)) for start, end, _ in other)
        yield finding._replace(tier="warn", confidence="low") if doubtful else finding
    for start, end, number in other:
        if not taken.overlaps(start, end) and not any(_meet(finding.span, source.span(start, end)) for finding in told):
            yield _malformed(place, start, end, number)


def _is_broken(text: str, number: int) -> bool:
    """Whether what begins like a token of format ``number`` opens nothing: a part of one, one in other letters, or one in a longer word.

    Other lengths and other characters may be those of a newer variant; what their names say of them counts.
    """
    from re import match

    from .formats.catalogue import load
    from .formats.notation import longest, pattern, shortest, starts

    shapes = load(number).shapes
    if len(text) < min(map(shortest, shapes)):
        return True
    folded = [each for shape in shapes for each in starts(shape) if text.lower().startswith(each.lower())]
    if folded and not any(text.startswith(each) for each in folded):
        return True
    return any(text[end : end + 1] == "_" and match(pattern(shape), text[:end]) for shape in shapes if (end := longest(shape)) < len(text))


def _meet(one: Span, other: Span) -> bool:
    """Whether two spans have a character in common."""
    return (one.line, one.col) < (other.end_line, other.end_col) and (other.line, other.col) < (one.end_line, one.end_col)


def _accepted(source: Source, settings: Settings, findings: Iterator[Finding]) -> Iterator[Finding]:
    """``findings`` without those whose value an ``allow`` pattern of the settings matches wholly."""
    patterns = settings.option("secrets", "allow", ())
    if not patterns:
        return findings
    import re

    allowed = [re.compile(pattern) for pattern in patterns]

    def value(finding: Finding) -> str:
        span, starts = finding.span, source.line_starts
        return source.text[starts[span.line - 1] + span.col - 1 : starts[span.end_line - 1] + span.end_col - 1]

    return (finding for finding in findings if not any(pattern.fullmatch(value(finding)) for pattern in allowed))


class Place:
    """A text and where it stands in the file: the file's own, or a layer that was decoded out of it."""

    __slots__ = ("layer", "source", "text")

    def __init__(self, source: Source, text: str, layer: Layer | None = None) -> None:
        self.source = source
        self.text = text
        self.layer = layer

    def offsets(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the file."""
        if self.layer is None:
            return start, end
        first = self.layer.offset(start)
        return first, max(first, self.layer.stop(end))

    def at(self, start: int) -> int | None:
        """``start`` where this is the file's own text."""
        return start if self.layer is None else None

    @property
    def how(self) -> str:
        """What to say of the encoding."""
        return f", encoded as {self.layer.encoding}" if self.layer else ""


def _hidden(file: File, taken: Spans) -> Iterator[Finding]:
    """What stands in decoded layers, where nothing was found in the open."""
    source = file.source
    for layer in layers(source):
        scanned = scan(layer.text)
        yield from _known(Place(source, layer.text, layer), scanned.matches, taken)
        yield from find_in_layer(file, layer, list(taken), scanned.hints)


def _known(place: Place, matches: Sequence[Match], taken: Spans) -> Iterator[Finding]:
    """Private keys and tokens of known formats. ``taken`` gets every span that is settled, also those that are no finding."""
    text = place.text
    if "PRIVATE" in text or "PuTTY-User-Key-File-" in text:
        from .private_keys import find as private_keys
        from .surroundings import is_fixture, is_shown

        for key in private_keys(text):
            if _settle(place, key.start, key.end, taken):
                made = key.cut or is_fixture(place.source.path) or is_shown(place.source, place.at(key.start))
                tier: Tier | None = "warn" if key.rule.tier == "block" and made else None
                yield _finding(place, key.rule, key.start, key.end, key.message, tier)
    if not matches:
        return
    from .formats.catalogue import load
    from .surroundings import is_generated

    if place.layer is None and any(m.near >= 0 for m in matches) and is_generated(place.source.path):
        matches = [m for m in matches if m.near < 0]  # lock files are full of names and hashes

    for m in matches:
        if taken.overlaps(*place.offsets(m.start, m.end)):
            continue
        finding = _judged(place, m, load(m.number))
        if finding is not None or m.near < 0:
            _settle(place, m.start, m.end, taken)
        if finding is not None:
            yield finding


def _malformed(place: Place, start: int, end: int, number: int) -> Finding:
    """A value that begins like a token of format ``number`` but has not its length or characters: no provider takes it."""
    from .formats.catalogue import load
    from .rules import MALFORMED, describe

    return _finding(place, MALFORMED, start, end, f"begins like a {describe(load(number))}, but is none: length or characters differ")


def _settle(place: Place, start: int, end: int, taken: Spans) -> bool:
    """Note that a span is spoken for; false when it was already."""
    return taken.add(*place.offsets(start, end))


def _judged(place: Place, m: Match, fmt: Format) -> Finding | None:
    """The finding that a match is, with tier and confidence by what its body and its checksum say; ``None`` for filler.

    A checksum that fails, or a JWT whose header is no JSON, is for an audit: no service takes it. It is never dropped, because
    algorithms are known from few samples, and a token that was cut or mistyped still gives its owner away.
    """
    from .candidates import shaped
    from .documented import is_documented
    from .judge import grade, placeholder
    from .rules import rule_of
    from .surroundings import called_secret, is_fixture, is_shown, is_web_key, signs
    from .tie import wordy
    from .verify import CHECKSUMS, verify

    text = place.text
    token = text[m.start : m.end]
    facts = shaped(m.number)
    body = token[facts.prefixes[m.shape] :]
    seen = grade(body)
    if m.near < 0 and facts.literal <= 4 and not body.isalnum() and wordy(body):
        return None  # re_compile_all_the_words, KEYWORDS_of_a_grammar
    if seen == "fake" and m.near >= 0 and m.keyed and not facts.loose[m.shape] and not placeholder(body):
        seen = "weak"  # counted up and down, but of the very length, under the very name
    if seen == "fake" or (seen == "weak" and m.near >= 0 and not m.keyed) or is_documented(token):
        return None
    if seen == "weak" and fmt.slug == "aws-temporary-access-key-id":
        return None  # ASIA and sixteen more capitals are words
    verdict = verify(fmt.slug, token)
    rule = rule_of(fmt)
    tier: Tier = rule.tier
    confidence: Confidence = rule.confidence
    if verdict.valid:
        confidence = "high"
    elif verdict.valid is False and fmt.slug in (*CHECKSUMS, "json-web-token"):
        confidence, tier = "low", "audit"
    elif verdict.valid is False or seen == "weak" or (fmt.slug == "json-web-token" and not verdict.valid):
        confidence = "low"
        tier = "warn" if tier == "block" else tier
    path, fixture = place.source.path, is_fixture(place.source.path)
    published = (fmt.slug == "google-api-key" and is_web_key(path, text, m.start)) or (
        fmt.slug == "aws-access-key-id" and signs(text, m.start)
    )
    if verdict.public or published:
        tier = "audit"
    elif tier == "audit" and verdict.valid is not False and m.keyed and called_secret(text[max(0, m.start - m.near - 24) : m.start]):
        tier = "warn"
    proven = verdict.valid is True and fmt.slug in CHECKSUMS
    contextual = m.near >= 0
    read = tier != "audit" and is_shown(place.source, place.at(m.start), doubtful=contextual)
    if tier == "block" and not proven and (read or (fixture and (contextual or verdict.made))):
        tier = "warn"
    if verdict.expired and tier != "audit":
        tier = "audit" if fixture or read else "warn"
    proof = "" if verdict.valid is None or fmt.slug not in CHECKSUMS else f"checksum {'valid' if verdict.valid else 'wrong'}"
    learned = "".join(f", {part}" for part in (verdict.learned, proof) if part)
    return _finding(place, rule, m.start, m.end, f"{rule.title} ({redact(token)}{learned})", tier, confidence)


def _finding(
    place: Place, rule: Rule, start: int, end: int, message: str, tier: Tier | None = None, confidence: Confidence | None = None
) -> Finding:
    token = place.text[start:end]
    span = place.source.span(*place.offsets(start, end))
    return report(rule, place.source.path, span, message + place.how, subject=subject(rule.id, token), tier=tier, confidence=confidence)


def redact(token: str) -> str:
    """What may be shown of a secret: at most its first four characters, of a short one nothing; and its length."""
    shown = token[:4] + "…, " if len(token) >= 16 else ""
    return f"{shown}{len(token)} characters"


def subject(rule: str, token: str) -> str:
    """What identifies a secret without giving it away: a keyed hash."""
    from hashlib import blake2b

    return blake2b(token.encode("utf-8", "surrogatepass"), key=rule.encode()[:64], digest_size=16).hexdigest()
