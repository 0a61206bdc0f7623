"""The gate before all judgement: of the pre-scan's words, those that can lead anywhere. No pattern of any size is compiled.

Ordinary files are full of such words: ``password`` in prose, ``token = get_token()``, ``author``. Here they end, at well
under a microsecond each, so that a clean commit never loads what judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...records import TYPE_CHECKING, NamedTuple
from .names import kind_of

if TYPE_CHECKING:
    from typing import Final

    from .assign import Style
    from .names import Kind

_RIGHT: Final = re.compile(r"[\w.$-]*")
_BACK: Final = 60
_NAME: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$-"
_CALLS: Final = frozenset(
    {
        "login(",
        "basicauth(",
        "auth=(",
        "passwordcredentials(",
        "passwordcredential(",
        "networkcredential(",
        "awscredentials(",
        "passwordauthentication(",
        "connect(",
        "getconnection(",
        "mysqli(",
        "pdo(",
        "create_user(",
        "create_superuser(",
        "jwt.sign(",
        "jwt.verify(",
        "jwt.encode(",
        "jwt.decode(",
        "createhmac(",
        "authenticationtoken(",
    }
)
_HASHES: Final = frozenset(
    {"$1$", "$5$", "$6$", "$8$", "$9$", "$y$", "$p$", "$h$", "$apr1$", "$2a$", "$2b$", "$2y$", "pbkdf2_sha", "$argon2", "{ssha"}
)
_COMMANDS: Final = frozenset(
    {
        "curl ",
        "psexec",
        "sshpass",
        "chpasswd",
        "mysql",
        "docker login",
        "securestring",
        "identified by",
        "requirepass",
        "masterauth",
        "password 51",
        "user_data",
        "insert into",
        "@tcp(",
        ".tochararray(",
        "htpasswd ",
        "ldapsearch",
        "ldapadd",
        "ldapmodify",
        "redis-cli",
        "rabbitmqctl",
        "net user",
        "net use ",
        "useradd",
        "mongodump",
        "mongorestore",
        "mongosh",
        "nickserv",
        "openssl enc",
        "az login",
        "sqlcmd",
        "sudo -s",
        "curlopt_userpwd",
        "ftp_login(",
        "basic_auth ",
        "signwith(",
        "aes.new(",
        "secretkeyspec(",
        "symmetricsecuritykey(",
    }
)
PLACES: Final = (*sorted(_CALLS), *sorted(_HASHES), *sorted(_COMMANDS))
_LEADING: Final = frozenset({"requirepass", "masterauth"})  # directives: the first word of their line
_COMMAND_SIGNS: Final = {
    "user_data": "LS0tLS1CRUdJTi",
    "mysql": " -p",
    "docker login": " -p",
    "psexec": " -p",
    "sshpass": " -p",
    "htpasswd ": "b",
    "ldapsearch": " -w",
    "ldapadd": " -w",
    "ldapmodify": " -w",
    "redis-cli": " -a",
    "rabbitmqctl": "_",
    "net user": " /add",
    "net use ": "/user:",
    "useradd": " -p",
    "mongodump": " -p",
    "mongorestore": " -p",
    "mongosh": " -p",
    "nickserv": " identify",
    "openssl enc": " -k",
    "az login": " -p",
    "sqlcmd": " -P",
    "curlopt_userpwd": ":",
    "ftp_login(": ",",
    "basic_auth ": ",",
    "signwith(": '"',
    "secretkeyspec(": '"',
    "symmetricsecuritykey(": '"',
}
_QUOTES: Final = "\"'`"


_METHODS: Final = frozenset(
    "equals equalsIgnoreCase assign set setValue fill sendKeys send_keys type val compareTo eq is isEqualTo".split()
)


class Name(NamedTuple):
    """A name that promises a secret, at ``text[start:end]``."""

    start: int
    end: int
    name: str
    kind: Kind


class Passed(NamedTuple):
    """What is worth a closer look: names, ``://`` with an ``@`` behind it, commands and headers. ``turned``: names that are not."""

    names: list[Name]
    addresses: list[int]
    places: list[tuple[int, int, str]]
    turned: list[Name]


def gate(text: str, hits: Iterable[tuple[int, int, str]], style: Style, prose: bool = False) -> Passed:
    """The ``hits`` of the pre-scan that pass."""
    passed = Passed([], [], [], [])
    done = -1
    for start, end, word in hits:
        if word == "://":
            if _has_userinfo(text, end):
                passed.addresses.append(start)
            continue
        if word in _COMMANDS:
            if word in _LEADING and (style == "code" or text[max(text.rfind("\n", 0, start) + 1, start - 20) : start].strip(" \t")):
                continue
            if _COMMAND_SIGNS.get(word, "") in text[end : end + 300].partition("\n")[0]:
                passed.places.append((start, end, word))
            continue
        if word in _CALLS:
            if text[end : end + 1] in ("'", '"') or word.startswith("jwt."):  # of a token's call the first argument is what it says
                passed.places.append((start, end, word))
            continue
        if word in _HASHES:
            if (start == 0 or not text[start - 1].isalnum()) and not text[end : end + 8].startswith((" ", "\n", "'", '"')):
                passed.places.append((start, end, word))
            continue
        if word == "bearer" or (word == "auth" and text[start : start + 13].lower() in ("authorization", "authorizatio")):
            passed.places.append((start, end, word))
        if end <= done:
            continue
        name = _name(text, start, end)
        if name is None or name.start < done:
            continue
        done = name.end
        if _promising(text, name, style, prose):
            passed.names.append(name)
        else:
            passed.turned.append(name)
    return passed


def _has_userinfo(text: str, at: int) -> bool:
    """Whether an ``@`` stands behind a colon before the address ends."""
    sign = text.find("@", at, at + 400)
    if sign < 0:
        return False
    colon = text.find(":", at, sign)
    if colon < 0:
        return False
    inside = text[at:sign]
    return not any(char in inside for char in " \t\r\n\"'<>")


def _name(text: str, hit: int, hit_end: int) -> Name | None:
    """The whole name around a word, with its kind; ``None`` when it promises nothing."""
    while hit < hit_end and not text[hit].isalnum():  # words of the pre-scan come with a neighbour where they are short
        hit += 1
    floor = max(0, hit - _BACK)
    start = floor + len(text[floor:hit].rstrip(_NAME))
    while start > floor and (text[start - 1].isalnum() or text[start - 1] in "_.$-"):
        start -= 1
    right = _RIGHT.match(text, hit, hit + 120)
    end = right.end() if right else hit_end
    if end - start > 100 or (text[start:end] == "PASS" and text[end : end + 1] == ":"):
        return None  # what a run of tests says of one that passed
    if start and text[start - 1] == "\\" and text[start] in "nrtbf" and start < hit:
        start += 1  # the letter is an escape's: "\\npassword"
    while start < end and text[start] in ".-$":
        start += 1
    while end > start and text[end - 1] in ".-$":
        end -= 1
    if text[end : end + 1] == ")" and text[max(0, start - 2) : start] == "$(":
        return None  # make's way to write a variable
    name = text[start:end]
    if text[end : end + 1] == "(" and "." in name and name.rpartition(".")[2] in _METHODS:
        name = name.rpartition(".")[0]
        end = start + len(name)
    kind = kind_of(name)
    return None if kind is None else Name(start, end, name, kind)


def _promising(text: str, name: Name, style: Style, prose: bool) -> bool:
    """Whether a literal can follow at all: an operator or a quote near by, and no reference right behind it."""
    rest = text[name.end : name.end + 160]
    at, size = 0, len(rest)
    while at < size and rest[at] in "\"'`)]\\ \t":
        at += 1
    if at < size and rest[at] in "=:":
        return _assigned(text, name, rest[at:].lstrip("=:> \t!+?."), style, prose)
    if style == "code":
        return at < size and _named_in_code(text, name, rest, at)
    if at and at < size and rest[at] not in "\r\n,<>(=" and text[name.start - 1 : name.start] not in ("-", "<"):  # running text
        return (
            any(char.isdigit() for char in rest[:48])
            or (rest[at - 1] in _QUOTES and not rest[at].isalnum())
            or (style == "directives" and not prose)
        )
    return at < size


def _named_in_code(text: str, name: Name, rest: str, at: int) -> bool:
    """Whether a name in code that no operator follows may still be given a literal: a call, a pair, an attribute, a flag."""
    char = rest[at]
    if char in "\r\n":
        return ">" in rest[:at] or (">" in text[name.start - 1 : name.start] and "<value" in rest)
    if char in "(.,":
        return any(quote in rest[at : at + 40] for quote in _QUOTES) or "&quot;" in rest
    line = rest.partition("\n")[0]
    return any(quote in line[at:] for quote in _QUOTES) or "&quot;" in line or ">" in line[at:] or text[name.start - 1 : name.start] == "-"


def _assigned(text: str, name: Name, behind: str, style: Style, prose: bool) -> bool:
    """Whether what stands ``behind`` an operator may be a literal."""
    head = behind[:3]
    if any(quote in head for quote in _QUOTES) or head[:1] in ("\\", "(", "&"):
        return True
    line = behind.partition("\n")[0]
    if style == "code":
        if not line.strip():
            return any(quote in behind[:80] for quote in _QUOTES)
        word = line.strip()
        if len(word) >= 10 and any(char.isdigit() for char in word) and not any(char in " ()[]{};,." for char in word):
            return True  # a line of settings inside a longer string
        return _inside(text, name.start) or (any(quote in line for quote in _QUOTES) and any(sign in line for sign in _MAYBE))
    if not line.strip():
        low = behind.lower()
        return "value" in low or "default" in low or any(quote in behind[:80] for quote in _QUOTES)
    if head[0] in "$%" or head[:2] in ("{{", "<%"):
        return ":" in line or (head[1:2].isalnum() and not line[1:].replace("_", "").strip().isalnum())
    if prose:
        return any(char.isdigit() for char in line.split(None, 1)[0]) or any(quote in line for quote in _QUOTES)
    return True


_MAYBE: Final = (", ", ",'", ',"', "||", "??", " or ", "?:", "=", "(", "else ")


def _inside(text: str, at: int) -> bool:
    """Whether ``at`` stands inside a string or a comment of its line; a quote right before a name is the name's own."""
    at -= text[at - 1 : at] in ('"', "'", "`")
    line = text[max(text.rfind("\n", max(0, at - 300), at) + 1, at - 300, 0) : at]
    return (
        any((line.count(quote) - line.count("\\" + quote)) % 2 for quote in _QUOTES)
        or line.lstrip()[:2] in ("//", "/*", "* ", "--")
        or "#" in line
        or "//" in line
    )
