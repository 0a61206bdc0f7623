"""What a rule asks of a value: named, three-valued questions.

A predicate is data (its name and arguments), so that rules from files can name it; the function behind it lives in
:data:`TESTS`. It answers true, false or ``UNKNOWN``; only true lets a rule fire.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..parse.node import UNKNOWN, Node, Unknown
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Final, TypeAlias

Truth: TypeAlias = bool | Unknown

_TRUE: Final = frozenset({"true", "yes", "on", "y", "1", "t", "enabled", "enable"})
_FALSE: Final = frozenset({"false", "no", "off", "n", "0", "f", "disabled", "disable"})
# a reference that only the run time resolves, also where a format has no syntax of its own for it
_REFERENCE: Final = r"\$\{|\$\(|\{\{|\{%|<%|%\{|\$[A-Za-z_]|%[A-Za-z_]\w*%|@[A-Za-z_.]+@|__[A-Z_]+__\Z"


class Predicate(NamedTuple):
    """The question ``name`` with ``args``. Call it with a node."""

    name: str
    args: tuple[object, ...] = ()

    def __call__(self, node: Node) -> Truth:
        return TESTS[self.name](node, *self.args)


# -- making predicates (what rule tables use)


def equals(value: str) -> Predicate:
    """The scalar reads exactly ``value``."""
    return Predicate("equals", (value,))


def one_of(*values: str) -> Predicate:
    """The scalar reads as one of ``values``, letter case apart."""
    return Predicate("one_of", values)


def matches(pattern: str) -> Predicate:
    """``pattern`` is found in the scalar (``re.search``; use ``(?i)`` and anchors as needed)."""
    return Predicate("matches", (pattern,))


def contains_any(*words: str) -> Predicate:
    """One of ``words`` occurs in the scalar, letter case apart."""
    return Predicate("contains_any", words)


def less_than(number: float) -> Predicate:
    """The scalar is a number below ``number``."""
    return Predicate("less_than", (number,))


def more_than(number: float) -> Predicate:
    """The scalar is a number above ``number``."""
    return Predicate("more_than", (number,))


def no(test: Predicate) -> Predicate:
    """``test`` is false; unknown stays unknown."""
    return Predicate("no", (test,))


def surely(test: Predicate) -> Predicate:
    """``test`` is true; unknown counts as false."""
    return Predicate("surely", (test,))


def all_of(*tests: Predicate) -> Predicate:
    """Every test is true."""
    return Predicate("all_of", tests)


def any_of(*tests: Predicate) -> Predicate:
    """Some test is true."""
    return Predicate("any_of", tests)


is_true: Final = Predicate("is_true")
is_false: Final = Predicate("is_false")
is_set: Final = Predicate("is_set")
is_empty: Final = Predicate("is_empty")
is_zero: Final = Predicate("is_zero")
is_mapping: Final = Predicate("is_mapping")
is_sequence: Final = Predicate("is_sequence")
is_root_user: Final = Predicate("is_root_user")
is_wildcard: Final = Predicate("is_wildcard")
is_plain_http: Final = Predicate("is_plain_http")
below_tls_12: Final = Predicate("below_tls_12")
offers_old_tls: Final = Predicate("offers_old_tls")
world_open_cidr: Final = Predicate("world_open_cidr")
world_writable_mode: Final = Predicate("world_writable_mode")
weak_hash: Final = Predicate("weak_hash")
weak_ciphers: Final = Predicate("weak_ciphers")
any_host: Final = Predicate("any_host")


# -- the questions


def scalar_text(node: Node) -> str | None:
    """The text of a known scalar, trimmed; ``None`` for blocks and for values only the run time knows."""
    node = node.resolved
    if node.kind != "scalar" or node.value is UNKNOWN:
        return None
    text = node.text.strip()
    if "$" in text or "{" in text or "%" in text or "@" in text or text.endswith("__"):
        return None if _compiled(_REFERENCE).search(text) else text
    return text


def truth(text: str) -> bool | None:
    """The boolean that ``text`` stands for in the spellings of YAML 1.1, INI, properties and shells, else ``None``."""
    low = text.strip("\"'").lower()
    return True if low in _TRUE else False if low in _FALSE else None


def _on_text(question: Callable[..., Truth]) -> Callable[..., Truth]:
    """A question about a scalar's text; unknown for unknown scalars, false for blocks."""

    def ask(node: Node, *args: object) -> Truth:
        if node.resolved.kind != "scalar":
            return False
        text = scalar_text(node)
        return UNKNOWN if text is None else question(text, *args)

    return ask


def _is_true(text: str) -> Truth:
    return truth(text) is True


def _is_false(text: str) -> Truth:
    return truth(text) is False


def _one_of(text: str, *values: str) -> Truth:
    low = text.lower()
    return any(low == value.lower() for value in values)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _contains_any(text: str, *words: str) -> Truth:
    low = text.lower()
    return any(word.lower() in low for word in words)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _less_than(text: str, bound: float) -> Truth:
    number = _number(text)
    return number is not None and number < bound


def _more_than(text: str, bound: float) -> Truth:
    number = _number(text)
    return number is not None and number > bound


def _is_set(node: Node) -> Truth:
    node = node.resolved
    if node.value is UNKNOWN:
        return UNKNOWN
    return bool(node.children) if node.kind != "scalar" else node.text.strip() not in ("", "null", "~")


def _is_empty(node: Node) -> Truth:
    answer = _is_set(node)
    return answer if isinstance(answer, Unknown) else not answer


def is_root(text: str) -> bool:
    """Whether ``text`` (``user`` or ``user:group``, by name or number) is root."""
    user = text.strip("\"'").split(":", 1)[0].strip().lower()
    return user == "root" or (user.isdigit() and int(user) == 0)


def _is_root_user(text: str) -> Truth:
    return is_root(text)


_OLD_TLS: Final = (
    r"(?i)\A\W*(ssl[\W_]*v?(2|3)?([._]0)?|(any|all|min(imum)?|version)?[\W_]*tls[\W_]*(v|ver|version)?[\W_]*(1|10|11|1[._][01])"
    r"|1[._][01]|76[89]|0x030[0-2])\W*\Z"
)


def _below_tls_12(text: str) -> Truth:
    return _compiled(_OLD_TLS).match(text) is not None


def _offers_old_tls(text: str) -> Truth:
    tokens = [token for token in re.split(r"[\s,;:|]+", text.strip("\"'[]")) if token]
    return any(token[0] not in "-!" and _compiled(_OLD_TLS).match(token.strip("\"'+")) for token in tokens)


def _world_open_cidr(text: str) -> Truth:
    low = text.strip("\"'").lower()
    return low in _WORLD or _ALL_ADDRESSES.match(low) is not None


_ALL_ADDRESSES: Final = re.compile(r"[0-9a-f.:]{2,45}/0{1,3}\Z")  # a network of no fixed bits, however its address is written
_WORLD: Final = frozenset({"0.0.0.0/0", "::/0", "0/0", "*", "internet", "any", "0:0:0:0:0:0:0:0/0"})
_ANY_HOST: Final = frozenset({"0.0.0.0", "::", "[::]", "*", "0", "0:0:0:0:0:0:0:0", "any", "all", "_site_,_local_"})  # noqa: S104


def _any_host(text: str) -> Truth:
    host = text.strip("\"'").lower()
    return host in _ANY_HOST or re.fullmatch(r"(?:0\.0\.0\.0|\[::\]|\*)?:\d{1,5}", host) is not None


def _is_wildcard(text: str) -> Truth:
    return text.strip("\"' ") in ("*", ".*", "^.*$", "*.*", "*://*", "http://*", "https://*", "*://*/*")


def _is_plain_http(text: str) -> Truth:
    if not text.lower().startswith("http://"):
        return False
    host = re.split(r"[/:?#]", text[7:].rsplit("@", 1)[-1], maxsplit=1)[0].lower()
    return not is_local_host(host)


_LOCAL_DOMAINS: Final = (
    ".local", ".localhost", ".internal", ".svc", ".test", ".example", ".example.com", ".example.org", ".invalid", ".lan",
)  # fmt: skip


def is_local_host(host: str) -> bool:
    """Whether ``host`` names this machine, a private network's address or a name only resolved inside a cluster."""
    if not host or host.startswith("[") or host in ("localhost", "host.docker.internal", "example.com", "example.org"):
        return True
    if "." not in host:
        return True
    if re.fullmatch(r"(127|10)(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|169\.254(\.\d+){2}|0\.0\.0\.0", host):
        return True
    return host.endswith(_LOCAL_DOMAINS)


def world_writable(mode: str) -> bool:
    """Whether a file mode, octal (``0777``) or symbolic (``a+w``, ``o=rwx``, ``ugo+rw``), lets everybody write."""
    octal = re.fullmatch(r"(?:0o?|\\0)?([0-7]{1,4})", mode)
    if octal:
        return int(octal[1], 8) & 0o002 != 0
    for part in mode.split(","):
        found = re.fullmatch(r"([ugoa]*)([+=])([rwxXst]*)", part)
        if found and "w" in found[3] and (set(found[1]) & {"o", "a"}):
            return True
    return False


def _world_writable_mode(text: str) -> Truth:
    return world_writable(text.strip("\"'"))


_WEAK_HASH: Final = (
    r"(?i)(hmac[-_]?|with[-_]?)?(md[245]|sha[-_]?1|crc32|ripemd(128)?|des|3des|rc4|rot13|plain(text)?|noop)"
    r"(with(rsa|ecdsa|dsa)(encryption)?)?\Z"
)


def _weak_hash(text: str) -> Truth:
    return _compiled(_WEAK_HASH).match(text) is not None


_WEAK_CIPHER: Final = (
    r"(?i)e?NULL|aNULL|EXP(?:ORT)?\d*|LOW|RC[24]|3?DES|DES-CBC3-SHA|MD5|ADH|AECDH|SSLv2|IDEA|SEED|COMPLEMENTOFALL"
    r"|(?:[A-Z0-9]+-)+(?:RC4|DES|3DES|NULL|MD5)(?:-[A-Z0-9-]+)?|(?:EXP|ADH|AECDH|NULL|DES)-[A-Z0-9-]+"
    r"|(?:TLS|SSL)_(?:[A-Z0-9]+_)*?(?:WITH_)?(?:RC4|3DES|DES|NULL|RC2|anon|EXPORT)(?:_[A-Z0-9_]+)?"
)


def _weak_ciphers(text: str) -> Truth:
    """Whether a list of ciphers, in OpenSSL's language (openssl-ciphers(1)) or by IANA's names, offers a broken one.

    ``!x`` and ``-x`` take out, ``+x`` only moves what is in already.
    """
    tokens = [token for token in re.split(r"[:,;\s]+", text.strip("\"'[] ")) if token]
    offered = [part for token in tokens if token[0] not in "!-+@" for part in token.strip("\"'").split("+")]
    if any(_compiled(_WEAK_CIPHER).fullmatch(each) for each in offered):
        return True
    return "ALL" in offered and not {"!aNULL", "!ADH", "!NULL"} & set(tokens)


def _no(node: Node, test: Predicate) -> Truth:
    answer = test(node)
    return answer if isinstance(answer, Unknown) else not answer


def _surely(node: Node, test: Predicate) -> Truth:
    return test(node) is True


def _all_of(node: Node, *tests: Predicate) -> Truth:
    answers = [test(node) for test in tests]
    if any(answer is False for answer in answers):
        return False
    return UNKNOWN if any(answer is UNKNOWN for answer in answers) else True


def _any_of(node: Node, *tests: Predicate) -> Truth:
    unknown = False
    for test in tests:
        answer = test(node)
        if answer is True:
            return True
        unknown = unknown or answer is UNKNOWN
    return UNKNOWN if unknown else False


TESTS: Final[dict[str, Callable[..., Truth]]] = {
    "equals": _on_text(lambda text, value: text == value),
    "one_of": _on_text(_one_of),
    "matches": _on_text(lambda text, pattern: _compiled(pattern).search(text) is not None),
    "contains_any": _on_text(_contains_any),
    "less_than": _on_text(_less_than),
    "more_than": _on_text(_more_than),
    "is_true": _on_text(_is_true),
    "is_false": _on_text(_is_false),
    "is_zero": _on_text(lambda text: _number(text) == 0),
    "is_root_user": _on_text(_is_root_user),
    "is_wildcard": _on_text(_is_wildcard),
    "is_plain_http": _on_text(_is_plain_http),
    "below_tls_12": _on_text(_below_tls_12),
    "offers_old_tls": _on_text(_offers_old_tls),
    "world_open_cidr": _on_text(_world_open_cidr),
    "world_writable_mode": _on_text(_world_writable_mode),
    "weak_hash": _on_text(_weak_hash),
    "weak_ciphers": _on_text(_weak_ciphers),
    "any_host": _on_text(_any_host),
    "is_set": _is_set,
    "is_empty": _is_empty,
    "is_mapping": lambda node: node.resolved.kind == "mapping",
    "is_sequence": lambda node: node.resolved.kind == "sequence",
    "no": _no,
    "surely": _surely,
    "all_of": _all_of,
    "any_of": _any_of,
}
