"""Credentials inside addresses: ``scheme://user:password@host`` in any file."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ...lazy import Lazy

_SCHEME: Final = Lazy(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}\Z")
_USERINFO: Final = Lazy(
    r"""(?P<user>[^\s:/?#\[\]@"'`<>\\|]{0,128}(?:@[\w.-]+\.\w+)?):(?P<password>[^\s"'`<>\\|]{1,256}?)@(?P<host>(?:\[[0-9a-fA-F:]+\]|[\w.{}$%-]+))(?=[:/?#\s"'`<>),;\]\\|*]|\.?$|&)""",
    re.MULTILINE,
)
_MORE: Final = Lazy(r"""[^\s"'`<>\\|/?#@]*@(?=[\w.\[-]+(?:[:/?#\s"'`]|$))""")
_HOST: Final = Lazy(r"[\w.\[\]-]+")
LOCAL: Final = Lazy(
    r"^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|example|host|hostname|myhost|server|domain|.*\.(?:example|test|invalid|localhost)|(?:.*\.)?example\.(?:com|org|net|edu))$",
    re.IGNORECASE,
)
NAMES: Final = frozenset("user username usr name login account me admin foo u x someuser myuser bob alice client id userid".split())


class Userinfo(NamedTuple):
    """User, password (``text[start:end]``) and host of an address whose scheme stands at ``scheme_start``."""

    scheme_start: int
    scheme: str
    user: str
    start: int
    end: int
    password: str
    host: str


def userinfo(text: str, colon: int) -> Userinfo | None:
    """The credentials of the address whose ``://`` stands at ``colon``, if it holds any."""
    limit = min(len(text), colon + 480)
    at = text.find("@", colon + 3, limit)
    if at < 0:
        return None
    found = _USERINFO.match(text, colon + 3, limit)
    if found is None:
        return None
    scheme = _SCHEME.search(text, max(0, colon - 31), colon)
    if scheme is None:
        return None
    password = found["password"]
    start, end = found.span("password")
    # a further @ before the path belongs to what is secret
    rest = _MORE.match(text, found.start("host"), limit)
    host = found["host"]
    if rest:
        end = rest.end() - 1
        password = text[start:end]
        following = _HOST.match(text, rest.end(), limit)
        host = following[0] if following else host
    if "/" in password and re.match(r"^\d{1,5}/", password):
        return None  # host:port/path@something
    return Userinfo(scheme.start(), scheme[0], found["user"], start, end, password, host)


def weak(credentials: Userinfo) -> bool:
    """Whether user and password are those of documentation: ``user:password``, ``postgres:postgres``, ``foo:bar``."""
    user, password = credentials.user.lower(), credentials.password.lower()
    return (user in NAMES and (password in _COMMON or password == user)) or password in _COMMON


_COMMON: Final = frozenset(
    "password pass passwd pwd secret pw passw0rd word p x xxx token key foo bar test mypassword yourpassword hunter2x apikey auth credentials pass123 password123 user username".split()
)
