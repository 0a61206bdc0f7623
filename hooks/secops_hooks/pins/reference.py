"""The one model of everything a build pulls in from elsewhere, and the marks that collectors put beside it.

Plain values. Which level is enough is decided in ``policy.py``; how a file is read, in ``collect/``.
"""

from __future__ import annotations

from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal, TypeAlias

    from ..files.source import Source
    from ..finding import Fix, Severity, Span, Tier

    Level: TypeAlias = Literal["content", "version", "floating", "unverifiable"]
else:
    Level = str


class Reference(NamedTuple):
    """One thing that a build, a cluster or a developer's tool fetches.

    ``ecosystem`` says who resolves the name (``action``, ``image``, ``pypi``, ``npm``, ``git``, ``url`` …), ``role`` what it is
    for (``step``, ``build``, ``install``, ``mcp`` …). ``requested`` is the version, tag, branch or range as written, ``content_id``
    the hash, digest or full commit. ``start``/``end`` are offsets into ``source.text`` of the very reference.
    ``locked``: a lock file beside or above the manifest fixes what ``requested`` leaves open.
    """

    ecosystem: str
    name: str
    requested: str
    content_id: str
    level: Level
    source: Source
    start: int
    end: int
    role: str = ""
    key_path: str = ""
    locked: bool = False

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)


class Mark(NamedTuple):
    """Something else about a file that a rule names: an index without TLS, a weak hash, a lock that is not there.

    ``message`` replaces the rule's title; ``tier`` and ``severity`` override the rule's own.
    """

    rule: str
    source: Source
    start: int
    end: int
    message: str = ""
    key_path: str = ""
    subject: str = ""
    tier: Tier | None = None
    severity: Severity | None = None
    fix: Fix | None = None


Collected: TypeAlias = "Iterator[Reference | Mark]"


def is_hex(text: str) -> bool:
    return bool(text) and all(char in "0123456789abcdefABCDEF" for char in text)


def is_commit(text: str) -> bool:
    """Whether ``text`` is a full object id of git: 40 hexadecimal digits (SHA-1) or 64 (SHA-256)."""
    return len(text) in (40, 64) and is_hex(text)


def is_short_commit(text: str) -> bool:
    """Whether ``text`` looks like an abbreviated commit: 7 to 39 hexadecimal digits, not a number or a date alone."""
    return 7 <= len(text) < 40 and is_hex(text) and not text.isdigit() and any(char.isdigit() for char in text)


def is_version(text: str) -> bool:
    """Whether ``text`` names one release, such as ``v1.2.3`` or ``2024-01``, rather than a branch or a channel."""
    low = text.lower()
    bare = low[1:] if low[:1] in "vr" else low
    return bare[:1].isdigit()


def is_full_version(text: str) -> bool:
    """Whether ``text`` names a release with at least three numbers (``v1.2.3``), which projects do not move by habit."""
    bare = text[1:] if text[:1] in ("v", "V") else text
    core = bare.split("-")[0].split("+")[0]
    return core.count(".") >= 2 and core.replace(".", "").isdigit()
