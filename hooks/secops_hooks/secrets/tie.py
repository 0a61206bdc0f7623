"""How a value hangs together with a provider's name near it: assignment, key names, distance.

Most formats are nothing but so many characters of an alphabet; they are credentials only where the context says so.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from ..lazy import Lazy

WINDOW: Final = 160  # how far behind a provider's name its credential may stand
_LONG: Final = Lazy(r"[0-9A-Za-z_+/=.~%:!@#$&*-]{8,}")
_BARE: Final = Lazy(r"[0-9A-Za-z_-]{8,}")  # where the least length is no shorter
_KEYWORD: Final = Lazy(
    r"(?i)api|key|token|secret|passw|pwd|auth|cred|bearer|private|access|(?<![a-z])pat(?![a-z])|(?<![a-z])pass(?![a-z])"
    r"|licen[cs]e|login|signature|(?<![a-z])jwt(?![a-z])"
)
_JOINED: Final = ("api", "key", "token", "secret", "passw", "pwd", "auth", "cred", "bearer", "private", "access", "login", "license")
_PATH: Final = Lazy(r"[\w.\-\[\]\"'`/ \t$@*>\\{}?&=%+~]{0,64}\Z")
_SENTENCE: Final = Lazy(r"[.;!?]\s|[;{}]|\s(?:the|is|are|and|with|from|for)\s")
_KEY: Final = Lazy(r"([\w.\-]{2,60})[\"'`\])\s]{0,4}(?:=>|:=|=|:|,)\s?\Z")
_OTHER_KEY: Final = Lazy(
    r"(?i)public|cache|primary|foreign|partition|index|sort|[_-]id$|(?<=[a-z])Id$|_name$|Name$|_ur[il]$"
    r"|hash|sha\d|md5|etag|digest|integrity|revision|commit|version|checksum"
)
_OPENING: Final = Lazy(r"(?i)(?:[\s\"'`(\[{<\\@]|(?:bearer|basic|token|b)(?=[\s\"'`]))+\Z")
_WORD: Final = Lazy(r"[A-Z]?[a-z]{3,}")
_HASH: Final = Lazy(r"(?i)(?:sha-?\d{1,3}|md5|blake\w{1,4}|digest|integrity|etag|checksum|revision|commit)[\"']?\s?[=:\-/]\s?[\"']?\Z")
_ID: Final = Lazy(r"(?:[_\-. ](?:id|ID|Id)s?|(?<=[a-z])I[dD]s?)[\"'\])]?\s?(?:=>|:=|=|:|,)\s{0,4}[\"'`]?\Z")
_CALL: Final = Lazy(r"\w{0,32}(?:\.\w{1,32}){0,2}\(\s{0,4}[\"'`]\Z")
_KEY_WORDS: Final = r"(?:api|app|access|auth|client|id|key|private|secret|token|jwt|pat)"
_JOINED_KEY: Final = Lazy(rf"(?i)(?:[ _.\-]?{_KEY_WORDS})*[ _.]?[-_]")
_BARE_KEY: Final = Lazy(rf"(?i)(?:[\s:;=,.|_\-]{{1,4}}{_KEY_WORDS}s?(?![a-z])){{1,4}}[\s:;=,|_\-]{{1,4}}\Z")
_REMARK: Final = Lazy(r"[\"'`]?[\s;,)\]}]{0,8}(?:#|//|/\*|<!--|--)[^\n]{0,32}\Z")
_ADDRESS: Final = Lazy(r"[\"'`][^\n]{0,60}https?://[\w.\-]{0,40}\Z")
_HOST: Final = Lazy(r"[\w.\-]{0,60}(?::\d{1,5})?/(?:[^\s\"'`<>?#/]{1,40}/){0,3}\Z")
_ROUTE: Final = Lazy(r"(?i)/(?:v\d{1,2}|keys?|tokens?|(?:web)?hooks?|secrets?|rpc|auth)/\Z")
_OWN_WORD: Final = 7  # names of so many letters mean the provider also inside a longer word


def stands_alone(text: str, low: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is a name by itself or a part of a joined one (``acmeKey``, ``ACME_KEY``)."""
    if end - start >= _OWN_WORD:
        return True
    if start and low[start - 1].isalpha() and low[start].isalpha() and not (text[start].isupper() and text[start - 1].islower()):
        return False
    following = low[end : end + 1]
    joined = text[end : end + 1].isupper() and not text[end - 1].isupper()
    return not following.isalpha() or joined or low.startswith(_JOINED, end)


def worth_a_look(text: str, end: int, least: int, bare: bool = False) -> bool:
    """Whether a run of at least ``least`` token characters (``bare``: those of names) begins within the window behind ``end``."""
    runs = _BARE if bare else _LONG
    at = end
    stop = min(len(text), end + WINDOW)
    while True:
        run = runs.search(text, at, stop + least)
        if run is None or run.start() >= stop:
            return False
        if run.end() - run.start() >= least:
            return True
        at = run.end()


def could_be_drawn(value: str) -> bool:
    """Whether a value could have been drawn at random: words joined or in camel case have neither digits nor restless case."""
    if any(c.isdigit() for c in value):
        return True
    if wordy(value):
        return False
    if len(value) > 40:
        return True
    changes = sum(a.isupper() != b.isupper() for a, b in pairwise(value))
    return changes * 20 > len(value) * 7


def wordy(value: str) -> bool:
    """Whether most of a value is words: runs of three lower-case letters or more, the first a capital or not."""
    return sum(m.end() - m.start() for m in _WORD.finditer(value)) * 5 > len(value) * 3


def is_reference(text: str, at: int) -> bool:
    """Whether the value that begins at ``at`` points to something: behind ``@``, ``/`` or ``#``, or given as a hash."""
    return text[at - 1 : at] in ("@", "/", "#") or _HASH.search(text, max(0, at - 24), at) is not None


def names_an_id(text: str, start: int, at: int) -> bool:
    """Whether the key under which the value at ``at`` stands, looked for from ``start`` on, is that of an identifier."""
    return _ID.search(text, max(start, at - 48), at) is not None


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
    if lines and _BARE_KEY.match(rest):
        return 2
    if assigns:
        key = _KEY.search(core)
        if key and _KEYWORD.search(key[1]) and not _OTHER_KEY.search(key[1]):
            return 2
    if not lines:
        if len(rest) <= 48 and _KEYWORD.search(gap) and not _SENTENCE.search(rest):
            return 2
        if not rest.strip(" \t\"'`-_") or _CALL.match(rest):
            return 1
    return 0


def joined_key(text: str, end: int) -> int:
    """Where the value begins that is joined to a name and words of keys by a dash (``acme-key-…``); 0 without such words."""
    found = _JOINED_KEY.match(text, end)
    return found.end() if found and found.end() - end > 1 else 0


def routed(text: str, name: int, end: int, at: int) -> bool:
    """Whether the value at ``at`` is the secret in the path of an address at the host that ``text[name:end]`` names."""
    return (
        text[at - 1 : at] == "/"
        and _HOST.match(text[end:at]) is not None
        and _ROUTE.search(text, max(end, at - 16), at) is not None
        and "://" in text[max(0, name - 64) : name]
    )


def line_before(text: str, start: int, least: int) -> int:
    """Where to begin to look for a credential before the name at ``start``, on its line; -1 where none can be.

    Only a remark behind the value and the address to which a header goes name the owner of what stands before them.
    """
    low = max(0, start - WINDOW)
    low = max(low, text.rfind("\n", low, start) + 1)
    before = text[low:start]
    if not ("://" in before or "#" in before or "//" in before or "/*" in before or "--" in before):
        return -1
    run = _LONG.search(before)
    while run is not None:
        if run.end() - run.start() >= least:
            return low
        run = _LONG.search(before, run.end())
    return -1


def named_behind(text: str, low: int, begin: int, end: int, name: int) -> bool:
    """Whether the value ``text[begin:end]``, given to a credential's name, is told by the name at ``name`` whose it is."""
    gap = text[end:name]
    if not (_REMARK.match(gap) or _ADDRESS.match(gap)):
        return False
    before = text[low:begin]
    key = _KEY.search(_OPENING.sub("", before)) or _KEY.search(before)
    return key is not None and _KEYWORD.search(key[1]) is not None and not _OTHER_KEY.search(key[1])
