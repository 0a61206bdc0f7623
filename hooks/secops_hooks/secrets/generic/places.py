"""Secrets that only their place gives away: command lines, headers, password files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from ...lazy import Lazy
from .context import is_password_file
from .judge import Credential, Rejected
from .value import NONE, PLAUSIBLE, STRONG, judge, placeholder, reference, repeated

if TYPE_CHECKING:
    from ...finding import Tier
    from ...parse import File
    from .context import Context


def special(file: File, context: Context, places: Iterable[tuple[int, int, str]]) -> Iterator[Credential | Rejected]:
    """What stands in places of its own in ``file``."""
    text = file.source.text
    done = 0
    for start, end, word in places:
        if word == "curl " and start < done:
            continue  # inside a command that was read already
        if word in POSITIONS:
            yield from _positional(text, end, POSITIONS[word], context)
        elif word in HASHES:
            yield from _hash(text, start, "block" if is_password_file(file.path) else "warn", context)
        elif word == "curl ":
            command = _COMMAND.match(text, end)
            if command:
                done = command.end()
                yield from _curl(text, end, done, context)
        elif word == "user_data":
            yield from _user_data(text, end)
        elif word == "insert into":
            yield from _inserted(text, end, context)
        elif word in _BEFORE:
            yield from _before(text, start, context, *_BEFORE[word])
        elif word == "chpasswd":
            yield from _chpasswd(text, start, context)
        elif word in ("bearer", "auth"):
            yield from _header(text, start, context)
        else:
            yield from _flag(text, end, context, _FLAGS[word])
    if is_password_file(file.path):
        yield from _password_file(file, context)


# -- command lines

_COMMAND: Final = Lazy(r"(?:[^\r\n\\]|\\.|\\\r?\n){1,2000}")
_USER: Final = Lazy(
    r"""(?:^|\s)(?:-u|--user|-U|--proxy-user)[ \t=]*(?:"(?P<a>[^":\r\n]*):(?P<x>[^"\r\n]*)"|'(?P<b>[^':\r\n]*):(?P<y>[^'\r\n]*)'"""
    r"""|(?P<c>"[^":\r\n]*"|'[^':\r\n]*'|[^\s:"']*):(?P<z>"[^"\r\n]*"|'[^'\r\n]*'|[^\s"'\\]*))"""
)
_BIND: Final = Lazy(r"""\s[^\r\n|;&]{0,300}?(?<=\s)-w\s*(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)""")
_MONGO: Final = Lazy(r"""\s[^\r\n|;&]{0,200}?(?<=\s)-p\s*(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)""")
_CRYPTO: Final = Lazy(r"""[\w.(]{0,60}\(?b?(?P<value>"[^"\r\n]{8,}"|'[^'\r\n]{8,}')""")
_FLAGS: Final = {
    "psexec": Lazy(r"""[^\r\n]{0,200}?\s-p\s+(?P<value>"[^"]+"|\S+)"""),
    "sshpass": Lazy(r"""\s+-p\s*(?P<value>'[^']+'|"[^"]+"|\S+)"""),
    "mysql": Lazy(r"""(?:dump|admin|import)?(?:\.exe)?\s(?:[^\r\n|;&]*?\s)?-p(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]{4,})"""),
    "docker login": Lazy(r"""[^\r\n|;&]*?\s-p[ =](?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)"""),
    "securestring": Lazy(
        r"""[^\r\n|]{0,60}?\s(?:-String\s+)?(?P<value>\\?"[^"\r\n]+"|'[^'\r\n]+'|(?<=-String )[^\s-]\S+|(?<=-Force )[^\s-]\S+)"""
    ),
    "identified by": Lazy(r"""\s+(?:password\s+)?(?P<value>'[^'\r\n]+'|"[^"\r\n]+")"""),
    "requirepass": Lazy(r"""[ \t=]+(?P<value>"[^"\r\n]+"|[^\s"]+)"""),
    "masterauth": Lazy(r"""[ \t=]+(?P<value>"[^"\r\n]+"|[^\s"]+)"""),
    "htpasswd ": Lazy(
        r"""[^\r\n|;&]{0,120}?-[a-zA-Z]*b[a-zA-Z]*\s+(?:\S+\s+){1,2}(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)[ \t]*(?:$|[\r\n|;&>)])"""
    ),
    "ldapsearch": _BIND,
    "ldapadd": _BIND,
    "ldapmodify": _BIND,
    "redis-cli": Lazy(r"""\s[^\r\n|;&]{0,200}?(?<=\s)-a\s*(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)"""),
    "rabbitmqctl": Lazy(r"""\s[^\r\n|;&]{0,80}?(?:add_user|change_password)\s+\S+\s+(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)"""),
    "net user": Lazy(r"""\s+\S+\s+(?P<value>"[^"\r\n]+"|[^\s"'/|;&)]+)\s+[^\r\n]{0,40}/add"""),
    "net use ": Lazy(r"""[^\r\n|]{0,120}?/user:[^\s"',]+\s+(?P<value>"[^"\r\n]+"|[^\s"'/|;&)]+)"""),
    "useradd": Lazy(r"""\s[^\r\n|;&]{0,120}?(?<=\s)-p\s+(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)"""),
    "mongodump": _MONGO,
    "mongorestore": _MONGO,
    "mongosh": _MONGO,
    "nickserv": Lazy(r"""\s+identify\s+(?:[\w-]+\s+(?=[^\s;"']+[\s;"']))?(?P<value>[^\s;"']{4,})"""),
    "openssl enc": Lazy(r"""\s[^\r\n|;&]{0,200}?(?<=\s)-k\s+(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)"""),
    "az login": Lazy(r"""[^\r\n|;&]*?\s-p[ =](?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)"""),
    "sqlcmd": Lazy(r"""(?:\.exe)?\s(?:[^\r\n|;&]*?\s)?-P[ \t]*(?P<value>'[^'\r\n]+'|"[^"\r\n]+"|[^\s"'|;&)]+)"""),
    "curlopt_userpwd": Lazy(r"""["']?\s*(?:,|=>)\s*["'][^"':\r\n]{1,80}:(?P<value>[^"'\r\n]+)["']"""),
    "ftp_login(": Lazy(r"""[^,()\r\n]{1,60},\s*(?:"[^"\r\n]*"|'[^'\r\n]*'|\$\w+)\s*,\s*(?P<value>"[^"\r\n]+"|'[^'\r\n]+')\s*\)"""),
    "basic_auth ": Lazy(r"""\s*(?:"[^"\r\n]*"|'[^'\r\n]*')\s*,\s*(?P<value>"[^"\r\n]+"|'[^'\r\n]+')"""),
    "signwith(": Lazy(r"""(?:[\w.]{1,60}\s*,\s*)?(?P<value>"[^"\r\n]+")"""),
    "aes.new(": _CRYPTO,
    "secretkeyspec(": _CRYPTO,
    "symmetricsecuritykey(": _CRYPTO,
    "password 51": Lazy(r""":b:(?P<value>[0-9A-Fa-f]{32,})"""),
}


def _curl(text: str, at: int, end_of_command: int, context: Context) -> Iterator[Credential | Rejected]:
    for found in _USER.finditer(text, at - 1, end_of_command):
        form = next(each for each in "abc" if found[each] is not None)
        user = found[form].strip("\"'")
        start, end = _bare(text, *found.span({"a": "x", "b": "y", "c": "z"}[form]))
        if end <= start:  # some services take a token as the user and no password
            start, end = _bare(text, *found.span(form))
            user = ""
        elif (
            text[start] in "{<["
            and text[end - 1] in "}>]"
            and any(c.isdigit() for c in text[start:end])
            and "$" not in text[start:end]
            and "{{" not in text[start:end]
        ):
            start, end = start + 1, end - 1
        if user[:1] == "<" or (reference(user) and not any(c.isdigit() for c in user)):
            yield Rejected(start, end, "--user", "reference")
            continue
        yield _credential(
            text, start, end, context, "command-line-credentials", f"curl is given a password of {end - start} characters", user
        )


# A call whose arguments stand in a known order: which of them is the password.
POSITIONS: Final = {
    "login(": 2, "basicauth(": 2, "auth=(": 2, "passwordcredentials(": 2, "passwordcredential(": 2, "networkcredential(": 2, "awscredentials(": 2, "passwordauthentication(": 2,
    "jwt.sign(": 2, "jwt.verify(": 2, "jwt.encode(": 2, "jwt.decode(": 2, "createhmac(": 2, "authenticationtoken(": 2, "create_user(": 3, "create_superuser(": 3,
    "connect(": 3, "getconnection(": 3, "mysqli(": 3, "pdo(": 3,
}  # fmt: skip
_ARGUMENT: Final = Lazy(
    r"""\s*(?:(?P<q>["'])(?P<value>(?:(?!(?P=q))[^\\\r\n]|\\.)*)(?P=q)|(?P<bare>[\w.$>:\[\]()-]{1,80}?))\s*(?P<sign>[,)])"""
)


def _positional(text: str, at: int, number: int, context: Context) -> Iterator[Credential | Rejected]:
    user = ""
    for count in range(1, number + 1):
        found = _ARGUMENT.match(text, at, at + 400)
        if found is None:
            return
        if count == number and found["q"]:
            start, end = found.span("value")
            yield _credential(
                text, start, end, context, "positional-credentials", f"a call is given a password of {end - start} characters", user
            )
        if found["sign"] == ")":
            return
        user = found["value"] or ""
        at = found.end()


HASHES: Final = frozenset(
    {"$1$", "$5$", "$6$", "$8$", "$9$", "$y$", "$p$", "$h$", "$apr1$", "$2a$", "$2b$", "$2y$", "pbkdf2_sha", "$argon2", "{ssha"}
)
_HASH: Final = Lazy(
    r"""(?x)
    \$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53} | \$(?:1|apr1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22} | \$5\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}
    | \$6\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86} | \$[PH]\$[./0-9A-Za-z]{31} | \$[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}
    | \$y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43} | pbkdf2_sha(?:1|256|512)\$\d+\$[\w./+-]{1,64}\$[\w+/]{27,90}={0,2}
    | \$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{8,}\$[\w+/]{20,} | \{SSHA(?:256|512)?\}[\w+/]{24,}={0,2}"""
)


def _hash(text: str, at: int, tier: Tier, context: Context) -> Iterator[Credential | Rejected]:
    """A password's hash in the form of crypt(3), Django, PHP or LDAP."""
    found = _HASH.match(text, at)
    if found is None:
        return
    if repeated(found[0][-20:]):
        yield Rejected(*found.span(), "hash", "repeated-characters")
        return
    yield Credential("password-hash", *found.span(), "audit" if context.quiet or context.prose else tier, "the hash of a password", "hash")


def _flag(text: str, at: int, context: Context, pattern: Lazy) -> Iterator[Credential | Rejected]:
    found = pattern.match(text, at, at + 1000)
    if found:
        start, end = _bare(text, *found.span("value"))
        yield _credential(
            text, start, end, context, "command-line-credentials", f"a command or setting is given a password of {end - start} characters"
        )


_USER_DATA: Final = Lazy(r"""\w*["']?\s*[=:]\s*["']?(?P<value>LS0tLS1CRUdJTi[A-Za-z0-9+/]+={0,2})""")


def _user_data(text: str, at: int) -> Iterator[Credential | Rejected]:
    """What a machine gets at its first start: everybody who may describe the machine reads it."""
    import binascii

    found = _USER_DATA.match(text, at, at + 16384)
    if found is None:
        return
    body = found["value"].rstrip("=")
    body = body[: len(body) - (len(body) % 4 == 1)]
    if b"PRIVATE KEY" in binascii.a2b_base64(body + "=" * (-len(body) % 4)):
        yield Credential(
            "user-data-private-key", *found.span("value"), "block", "user data holds a private key, encoded as base64", "user_data"
        )


# What stands in front of its sign: Java's way to hand over a password, and the address of a database in Go.
_BEFORE: Final = {
    ".tochararray(": (Lazy(r"""[(,=]\s*"(?P<value>[^"\\\r\n]{4,64})"\Z"""), "a call is given a password of {} characters"),
    "sudo -s": (
        Lazy(r"""(?:echo|printf)\s+(?:-\w+\s+)?["']?(?P<value>[^\s"'|$]{4,64})["']?\s*\|\s*\Z"""),
        "a command is given a password of {} characters",
    ),
    "@tcp(": (
        Lazy(r"""["'`\s=]\w[\w.-]{0,40}:(?P<value>[^\s"'`:@]{3,64})\Z"""),
        "the address of a database holds a password of {} characters",
    ),
}


def _before(text: str, at: int, context: Context, pattern: Lazy, message: str) -> Iterator[Credential | Rejected]:
    found = pattern.search(text, max(0, at - 120), at)
    if found:
        start, end = found.span("value")
        yield _credential(text, start, end, context, "positional-credentials", message.format(end - start))


_CHPASSWD: Final = Lazy(
    r"""(?:echo|printf)\s+(?:-\w+\s+)*["']?[\w.$-]+:(?P<value>[^"'|\r\n]+?)["']?\s*(?:\\\r?\n\s*)?\|\s*(?:sudo\s+)?(?:/\w+)*/?\Z"""
)


_PLAIN_HASH: Final = Lazy(r"\*?(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})\Z")


def _inserted(text: str, at: int, context: Context) -> Iterator[Credential | Rejected]:
    """Passwords of users, or their unsalted hashes, in a dump or a seed of a database."""
    from .inserts import cells

    for start, end, column in cells(text, at):
        if _PLAIN_HASH.match(text, start, end) and not repeated(text[start:end]):
            tier: Tier = "audit" if context.quiet or context.prose else "warn"
            yield Credential("password-hash", start, end, tier, "the hash of a password", column)
        elif text[start] not in "$*{":  # salted hashes are found by their form
            yield _credential(text, start, end, context, "generic-password", f"a row holds a password of {end - start} characters", "@")


def _chpasswd(text: str, at: int, context: Context) -> Iterator[Credential | Rejected]:
    found = _CHPASSWD.search(text, max(0, at - 300), at)
    if found is None:
        return
    start, end = found.span("value")
    why = reference(found["value"])
    if why or found["value"][:1] in "$%":
        yield Rejected(start, end, "chpasswd", why or "reference")
        return
    yield Credential(
        "chpasswd-literal",
        start,
        end,
        "warn" if context.quiet else "block",
        f"chpasswd is given a password of {end - start} characters",
        "chpasswd",
    )


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    if end - start >= 2 and text[start] in "\"'" and text[end - 1] == text[start]:
        return start + 1, end - 1
    while end > start and text[end - 1] in "\"'),;":
        end -= 1
    return start, end


def _credential(text: str, start: int, end: int, context: Context, rule: str, message: str, user: str = "") -> Credential | Rejected:
    value = text[start:end]
    verdict = judge(value, "password", quoted=True)
    if verdict.strength == NONE:
        return Rejected(start, end, rule, verdict.reason)
    if value.lower() == user.lower() or value.lower() in _COMMON:
        return Rejected(start, end, rule, "placeholder")
    weak: Tier = "audit" if rule == "positional-credentials" and "@" not in user else "warn"
    tier: Tier = "block" if verdict.strength >= PLAUSIBLE else weak
    if context.quiet:
        tier = "warn" if verdict.strength >= PLAUSIBLE else "audit"
    return Credential(rule, start, end, tier, message, user)


_COMMON: Final = frozenset("pass password passwd secret token test user username pw pwd yyy bar".split())

# -- headers

_AUTHORIZATION: Final = Lazy(
    r"""(?i)(?:authorization|x-auth-token|x-api-key|auth)(?:\\?["'])?\]?\s*(?:[:=,]|=>)\s*(?:\\?["'`])?(?:[urbf](?=["']))?(?P<scheme>basic|bearer|token|api-?token|api-?key|apikey|digest|splunk|bot|key|sso-key|ghost|genie ?key|oauth)?(?(scheme)[ \t=]+["']?|)(?P<value>[A-Za-z0-9._~+/=@:!$%^&*-]{6,})"""
)
_BEARER: Final = Lazy(r"""(?i)bearer[ \t]+(?P<value>[A-Za-z0-9._~+/=-]{12,})""")


def _header(text: str, at: int, context: Context) -> Iterator[Credential | Rejected]:
    found = _AUTHORIZATION.match(text, at, at + 2000) or _BEARER.match(text, at, at + 2000)
    if found is None:
        return
    start, end = found.span("value")
    value = found["value"]
    scheme = (found.groupdict().get("scheme") or "").lower()
    if not scheme and "scheme" in found.re.groupindex and "authorization" not in found[0].lower()[:13]:
        return
    message = f"an Authorization header holds a credential of {len(value)} characters"
    if scheme == "basic":
        yield _basic(text, start, end, context, message)
        return
    verdict = judge(value, "token", quoted=True)
    if verdict.strength < PLAUSIBLE:
        yield Rejected(start, end, "authorization", verdict.reason)
        return
    tier: Tier = "block" if verdict.strength == STRONG and not context.quiet else "warn"
    yield Credential("authorization-header", start, end, tier, message, "authorization")


def _basic(text: str, start: int, end: int, context: Context, message: str) -> Credential | Rejected:
    """Basic credentials are ``user:password`` in base64 (RFC 7617)."""
    import binascii

    value = text[start:end].rstrip("=")
    try:
        decoded = binascii.a2b_base64(value + "=" * (-len(value) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return Rejected(start, end, "authorization", "not-base64")
    if ":" not in decoded or not decoded.isprintable():
        return Rejected(start, end, "authorization", "not-user-and-password")
    user, _, password = decoded.partition(":")
    secret = password or user
    if reference(secret) or placeholder(secret) or repeated(secret) or secret.lower() in _COMMON:
        return Rejected(start, end, "authorization", "placeholder")
    strength = judge(secret, "password", quoted=True).strength
    tier: Tier = (
        "block" if strength >= PLAUSIBLE and not context.quiet else "warn" if not context.quiet or strength >= PLAUSIBLE else "audit"
    )
    return Credential("authorization-header", start, end, tier, message, "authorization")


# -- files of passwords

_PGPASS: Final = Lazy(r"(?m)^(?!#)(?:[^:\r\n\\]|\\.)+:(?:\d+|\*):(?:[^:\r\n\\]|\\.)*:(?:[^:\r\n\\]|\\.)*:(?P<value>[^\r\n]+)$")
_CVSPASS: Final = Lazy(r"(?m)^(?:/1 )?:pserver:\S+ (?P<value>A[^\r\n]+)$")
_HASHED: Final = Lazy(
    r"(?m)^[\w.@ -]+:(?P<value>\$(?:apr1|1|2[abxy]?|5|6|7|y|gy|argon2\w*)\$[^:\s]{8,}|\{SHA\}[\w+/=]{20,}|[./0-9A-Za-z]{13})(?=:|\s|$)"
)
_HEX_KEY: Final = Lazy(r"\A\s*(?P<value>[0-9a-f]{32,64})\s*\Z")


def _password_file(file: File, context: Context) -> Iterator[Credential | Rejected]:
    text, path = file.source.text, file.path
    if path.endswith(".cvspass"):
        for found in _CVSPASS.finditer(text):
            yield Credential(
                "password-file", *found.span("value"), "block", "a line of a password file holds a password, merely scrambled", ""
            )
    elif "pgpass" in path:
        for found in _PGPASS.finditer(text):
            yield _credential(text, *found.span("value"), context, "password-file", "a line of a password file holds a password in clear")
    elif path.endswith(".key"):
        key = _HEX_KEY.match(text)
        if key:
            yield Credential(
                "rails-master-key",
                *key.span("value"),
                "block",
                "the key that decrypts this application's credentials is committed",
                "master.key",
            )
    else:
        tier: Tier = "warn" if context.quiet else "block"
        for found in _HASHED.finditer(text):
            yield Credential("password-hash", *found.span("value"), tier, "a line of a password file holds a user's password hash", "")
