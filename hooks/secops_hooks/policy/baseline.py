"""The baseline: findings that were accepted when a team began, in ``.secops-baseline`` at the root of the repository.

One line an entry, ``FINGERPRINT RULE PATH``, sorted by fingerprint; no line numbers, no time, no version, so that it changes
only when what is accepted changes. Hooks read it; only ``secops-hooks baseline`` writes it.

An entry accepts the findings of its rule in its file that have the same key path and the same content, wherever in the file they
stand. Content is the secret itself, or what the check calls the subject, or the line without white space and without secrets.
When the file of an entry is gone, the same *secret* is accepted under another name (a renamed file); anything else that moved is
a new finding, because an entry of a file that is gone must not be a pass for whatever looks alike.

**Merging.** Fingerprints look random, so that entries of two branches rarely meet; where they do, the ``merge=union`` attribute
keeps both. Any order, repeated lines and several salts (both branches began a baseline) are read as they are.

**What the file gives away.** Whoever has the file but not the secret (it was purged from history, say) can try guesses. A long random
value cannot be guessed, and 32 bits of its hash do no harm. A password can, and no hash changes that: whatever recognises it
also confirms a guess. So of a value that a person may have thought up only :data:`WEAK_BITS` bits are kept: of a list of a million
passwords a thousand fit, and one other password in 1,024 would pass for the accepted one. The hash is salted (no tables) and slow
(scrypt, 4 MiB, some 15 ms a guess). It depends neither on rule nor path, so that a password that stands in a hundred places still
gives away the same ten bits and no more. The price is paid only for findings whose rule and file the baseline mentions, once a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ..files.source import Source
from ..files.tree import Tree, Unreadable
from ..finding import UNANALYSABLE, Finding, Span
from ..records import TYPE_CHECKING, NamedTuple
from .settings import SettingsError

if TYPE_CHECKING:
    from typing import Final

FILE_NAME: Final = ".secops-baseline"
ATTRIBUTE: Final = f"{FILE_NAME} merge=union"
WEAK_BITS: Final = 10
STRONG_BITS: Final = 32
OTHER_BITS: Final = 16  # of content that is no secret as far as we know: rule, file and key path narrow it already
_COST: Final = 1 << 12  # scrypt's N; with r = 8 this takes 4 MiB
_HEADER: Final = (
    "# Findings that were accepted. Written by `secops-hooks baseline`, read by the hooks; see `secops-hooks baseline --help`.\n"
)
_SALT: Final = re.compile(r"# salt ([0-9a-f]{32})\Z")
_ENTRY: Final = re.compile(r"([0-9a-f]{16}) (\S+) (\S+)\Z")


class BaselineError(SettingsError):
    """A baseline that cannot be read. The text names the line."""


class Entry(NamedTuple):
    """One accepted finding. ``path`` is as the tree spells it."""

    fingerprint: str
    rule: str
    path: str


class Contents(NamedTuple):
    """What a baseline file holds."""

    salts: tuple[str, ...] = ()
    entries: frozenset[Entry] = frozenset()


def parse(text: str) -> Contents:
    """The contents of a baseline file, in whatever order. Raises :class:`BaselineError`."""
    salts, entries = set(), set()
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        salt, entry = _SALT.match(bare), _ENTRY.match(bare)
        if salt:
            salts.add(salt[1])
        elif entry:
            entries.add(Entry(entry[1], entry[2], _unescaped(entry[3])))
        elif bare and not bare.startswith("#"):
            raise BaselineError(
                f"{FILE_NAME}:{number}: neither an entry nor a comment; if a merge left it so, keep the entries of both sides"
            )
    if entries and not salts:
        raise BaselineError(f"{FILE_NAME}: the «# salt» line is missing; write the file anew with: secops-hooks baseline")
    return Contents(tuple(sorted(salts)), frozenset(entries))


def render(contents: Contents) -> str:
    """The text of a baseline file."""
    salts = "".join(f"# salt {salt}\n" for salt in contents.salts)
    return _HEADER + salts + "".join(f"{e.fingerprint} {e.rule} {_escaped(e.path)}\n" for e in sorted(contents.entries))


def read(tree: Tree) -> Contents:
    """The baseline of ``tree``; empty when there is none. Raises :class:`BaselineError`."""
    if not tree.exists(FILE_NAME):
        return Contents()
    try:
        return parse(tree.read(FILE_NAME).decode("utf-8", "replace"))
    except Unreadable as error:
        raise BaselineError(f"{FILE_NAME}: {error}") from error


class Baseline:
    """The accepted findings of one tree. The file is read with the first question, so that a clean run does not pay for it."""

    __slots__ = ("_contents", "_fingerprints", "_places", "_tags", "_tree")

    def __init__(self, tree: Tree, contents: Contents | None = None) -> None:
        self._tree = tree
        self._contents = contents
        self._places: dict[str, set[str]] = {}
        self._fingerprints: frozenset[str] = frozenset()
        self._tags = Tags()

    @property
    def contents(self) -> Contents:
        """What the file holds. Raises :class:`BaselineError`."""
        if self._contents is None:
            self._contents = read(self._tree)
        if not self._places and self._contents.entries:
            self._fingerprints = frozenset(entry.fingerprint for entry in self._contents.entries)
            for entry in self._contents.entries:
                self._places.setdefault(entry.rule, set()).add(entry.path)
        return self._contents

    def accepts(self, finding: Finding, content: str) -> bool:
        """Whether ``finding``, whose content is ``content`` (see :func:`content_of`), was accepted."""
        if finding.rule is UNANALYSABLE or not self.contents.entries:
            return False
        return self.entry_of(finding, content) is not None or self._moved(finding, content)

    def entry_of(self, finding: Finding, content: str, path: str = "") -> str | None:
        """The fingerprint of the entry that accepts ``finding`` as one of the file at ``path`` (default: its own)."""
        where = path or finding.path
        for rule in (finding.rule.id, *finding.rule.aliases):
            if where in self._places.get(rule, ()):
                for salt in self.contents.salts:
                    known = fingerprint(salt, rule, where, finding.key_path, self._tags.of(salt, finding, content))
                    if known in self._fingerprints:
                        return known
        return None

    def _moved(self, finding: Finding, content: str) -> bool:
        """Whether a secret was accepted in a file that is no longer there."""
        if finding.rule.family != "secrets":
            return False
        mentioned = self._places.get(finding.rule.id, ())
        return any(self.entry_of(finding, content, path) for path in mentioned if not self._tree.exists(path))


class Tags:
    """Hashes of contents, kept while a run lasts: the slow ones are computed once a value."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def of(self, salt: str, finding: Finding, content: str) -> int:
        """The few bits of ``content`` that an entry keeps."""
        data = content.encode("utf-8", "surrogatepass")
        if finding.rule.family != "secrets":
            from hashlib import blake2b

            return int.from_bytes(blake2b(data, key=bytes.fromhex(salt), digest_size=8).digest()) >> (64 - OTHER_BITS)
        if (salt, content) not in self._known:
            from hashlib import scrypt

            digest = scrypt(data, salt=bytes.fromhex(salt), n=_COST, r=8, p=1, dklen=8)
            self._known[salt, content] = int.from_bytes(digest) >> (64 - (WEAK_BITS if guessable(content) else STRONG_BITS))
        return self._known[salt, content]


def fingerprint(salt: str, rule: str, path: str, key_path: str, tag: int) -> str:
    """The fingerprint of an entry: 16 hexadecimal digits that say no more of the content than ``tag``."""
    from hashlib import blake2b

    identity = "\0".join((rule, path, key_path, str(tag)))
    return blake2b(identity.encode("utf-8", "surrogatepass"), key=bytes.fromhex(salt), digest_size=8).hexdigest()


def guessable(value: str) -> bool:
    """Whether a person may have thought ``value`` up: it is short, or it does not hop between lower case, upper case, digits
    and signs as random characters do (in random hexadecimal digits every second neighbour is of another kind)."""
    kinds = ["l" if c.islower() else "u" if c.isupper() else "d" if c.isdigit() else "s" for c in value]
    hops = sum(a != b for a, b in pairwise(kinds))
    return len(value) < 20 or len(set(value)) < 10 or hops * 3 < len(value)


def content_of(finding: Finding, source: Source, secret: Sequence[Span]) -> str:
    """What identifies ``finding`` (of ``source``) beside rule, path and key path. ``secret`` are the spans of all secrets of the file."""
    if finding.rule.family == "secrets":
        return text_at(source, finding.span)
    return finding.subject or "".join(_without(source.line(finding.span.line), finding.span.line, secret).split())


def text_at(source: Source, span: Span) -> str:
    """The text that ``span`` covers."""
    starts = source.line_starts
    if not 1 <= span.line <= span.end_line <= len(starts):
        return ""
    return source.text[starts[span.line - 1] + span.col - 1 : starts[span.end_line - 1] + span.end_col - 1]


def _without(line: str, number: int, secret: Iterable[Span]) -> str:
    """``line`` with each secret replaced by one star, whatever its length."""
    for span in sorted(secret, reverse=True):
        if span.line <= number <= span.end_line:
            start = span.col - 1 if span.line == number else 0
            end = span.end_col - 1 if span.end_line == number else len(line)
            line = f"{line[:start]}*{line[end:]}"
    return line


def _escaped(path: str) -> str:
    """``path`` as one word: white space, control characters, ``%`` and bytes that are no UTF-8 as ``%XX``."""
    return "".join(c if c.isprintable() and c not in " %" else _percent(c) for c in path)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))


def _unescaped(word: str) -> str:
    data = re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), word.encode("utf-8"))
    return data.decode("utf-8", "surrogateescape")
