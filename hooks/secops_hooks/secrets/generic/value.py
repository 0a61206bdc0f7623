"""The judgement of a value: is this text a credential, and how sure can one be from the text alone?

``judge`` gives a strength and, for everything it turns down, the reason by name, so that ``--explain-rejections`` can
say why. What the key is called is decided in ``names.py``, what the place means in ``places.py``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING, Final, NamedTuple

from ...lazy import Lazy

if TYPE_CHECKING:
    from .names import Kind

NONE, WEAK, PLAUSIBLE, STRONG = 0, 1, 2, 3


class Verdict(NamedTuple):
    """``strength`` 0 (no secret) to 3 (made by a machine), and the reason of a rejection or of a weak strength."""

    strength: int
    reason: str


# -- what a value refers to, when it is no literal at all

_REFERENCE: Final = Lazy(
    r"""(?xi)
    ^(?:\$(?:\{.*\}|\(.*\)|[A-Z_][A-Z0-9_]*|[a-z_][a-z0-9_]*(?:->|\[|\.|$))   # ${x} $(x) $VAR $obj->x
      | \$env: | %[A-Z_][A-Z0-9_]*% | %\(\w+\)[sd] | %\{.*\}
      | <[^<>]*>$ | \[[^\[\]]*\]$ | \{[^{}]*\}$ | \{\{.*\}\} | <%.*%> | \#\{.*\} | @[\w.]+@$ | @@?[A-Z_]+$ | __[A-Z0-9_]+__$ | ~[\w.]+~$
      | ENC[\[(] | \{cipher\} | \{vault | vault: | secrets?:// | secret:/ | op:// | ssm: | sm:// | kms: | aws-sm: | gcp-sm: | keyring: | env: | file: | ref\+ | pass:\$
      | arn:aws | projects/[^/]+/secrets/ | @Microsoft\.KeyVault | !\w | \$ANSIBLE_VAULT | \$\{\{ | resolve: | \{\{resolve:
      | (?:process\.env|import\.meta\.env|os\.environ|os\.getenv|System\.getenv|ENV\[|getenv|env\.|env\(|config\.|config\(|settings\.|self\.|this\.|var\.|local\.|data\.|module\.|params?\.|secrets\.|request\.|args\.|options?\.|opts\.|values\.|credentials\(|context\.|event\.)
    )"""
)
_TEMPLATED: Final = Lazy(
    r"\$\{|\{\{|\#\{|\$\(|%\(\w+\)s|<%=|\{%|%[sdv](?![\w%])|\{[a-zA-Z_][\w.]*[}(]|\{\d\}|<[a-zA-Z][\w -]*>|\[\[|@[A-Z_]{3,}@|\\\("
)
_CALL: Final = Lazy(
    r"^[\w.$:>&*-]*[\w$]\(|^[\w.$]+\[[^\]]+\]|\(\)$|=>|->|::|&&|\|\||[!=]==?[^=]|^new\s|^function\b|^lambda\b|^async\b|^await\b|^return\b|^typeof\b"
)
_MEMBER: Final = Lazy(r"^[a-z_$][\w$]*(?:\??\.[a-zA-Z_$][\w$]*)+$")
_KEYWORDS: Final = frozenset(
    "true false null none nil undefined nan yes no on off string str text int integer number float double bool boolean bytes byte char object any array list "
    "map dict date datetime uuid json var let const def func function self this void unknown empty blank optional required default auto inherit private "
    "public basic digest plain bearer token password passwd secret key hidden raw ask prompt ignore disabled enabled always never username user name email "
    "login value input output n/a na tbd todo md5 sha1 sha256 sha512 bcrypt rsa hmac aes oauth oauth2 ldap kerberos ntlm saml jwt apikey".split()
)

# -- placeholders

_PLACEHOLDER: Final = Lazy(
    r"""(?xi)
    change[\W_]*(?:me|this|it) | replace[\W_]*(?:me|this|with) | (?:insert|enter|put|add|set|type|use|paste|provide|supply|specify)[\W_]*(?:your|the|a|an|here|in)\b
    | (?:insert|enter|put|paste|fill)[\W_]*\w+[\W_]*here | (?:\b|_)your?[\W_]*(?:own|api|pass|pw|token|secret|key|user|client|account|access|app|db|strong|super|real|actual|very|new|project|github|aws|org|domain|company|name|auth|bot|private|personal|smtp|email|mail|secure|jwt|random|long|server|host|login|credential|value|id|stripe|openai)
    | ^your[\W_]? | ^my[\W_]?(?:secret|password|pass|token|key|api|passwd|pwd|access|auth|super|strong|db|database|client)[\W_a-z]*$ | here$ | (?:^|[\W_])goes?[\W_]here
    | x{5,} | \*{3,} | \.{3,} | ^[\W_]*(?:\#+|_+|-+|\?+|x+|•+|●+)[\W_]*$ | •{2,} | ●{2,} | …
    | (?:^|[\W_])(?:example|sample|dummy|placeholder|redacted|masked|removed|hidden|omitted|todo|fixme|tbd|notset|not[\W_]?set|not[\W_]?used|unused|unset|n/a|lorem|ipsum|foobar|foo|bar|baz|qux|fake|mock|stub|invalid|nonexist\w*|bogus|notreal|not[\W_]real|notasecret|not[\W_]?a[\W_]?(?:secret|password|token|key|real)|some|abcdef\w*|secret[\W_]?value|token[\W_]?value|key[\W_]?value)(?:$|[\W_\d])
    | example | placeholder | ^-?anonymous | ^(?:some|any|this|the|an?)[\W_]?(?:secret|password|token|key|api|pass|random|value|long|string|is)
    """
)
# made of the words for secrets, users and tests alone: "my-secret-token", "admin_password", "test123"
_SELF: Final = Lazy(
    r"(?i)^(?=[\W\d]*[a-z])(?:secret|password|token|key|api|pass|passwd|pwd|access|auth|client|private|public|db|user|username|admin|root|my|new|old|current|test|testing|confirm|bad|good|wrong|right|correct|incorrect|valid|random|strong|weak|super|hashed|encrypted|plain|login|account|bearer|app|application|service|server|session|refresh|id|the|a|default|s3|aws|gh|github|value|string|str|text|data|field|name|data|base64|jwt|oauth|or|and|of|for|in|is|to|demo|not|used|[_.:/ \d-])+$"
)
_TRIVIAL: Final = frozenset(
    "password passwd pass pwd secret token test testing tests admin root user guest default changeit demo qwerty letmein welcome postgres mysql mongo redis rabbitmq minio docker example abc abcd abcde abcdef asdf asdfgh foo bar baz foobar hello world hello123 test123 test1234 testtest password1 password123 admin123 pass123 passw0rd p@ssw0rd secret123 s3cr3t string null none toor".split()
)

# -- shapes of things that are no secrets

UUID: Final = Lazy(r"^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$")
_HEX: Final = Lazy(r"^(?:0x)?[0-9a-fA-F]+$")
_DIGEST: Final = Lazy(r"^(?:sha(?:1|224|256|384|512)|md5|blake2b?|blake3)[-:=$]", re.IGNORECASE)
_URL: Final = Lazy(r"^(?:(?:[a-zA-Z][\w+.-]*:)?//[\w.-]+(?:[/:]|$)|[a-zA-Z][\w+.-]*://|www\.|//[\w-]+\.|mailto:|data:|urn:|tel:)")
_PATH: Final = Lazy(
    r"^(?:~|\.{1,2}|[A-Za-z]:)?[/\\][\w.@~+ -]+(?:[/\\][\w.@~+ -]*)*$|^[\w.@-]+(?:[/\\][\w.@-]+){2,}$|^[\w./\\@-]+\.(?:pem|key|crt|cer|json|ya?ml|txt|xml|ini|py|js|ts|go|rb|php|java|sh|conf|cfg|html?|css|png|jpe?g|svg|gif|md|env|p12|pfx|jks|keystore|log|csv|sql|db|so|dll|exe|zip|gz|tar|toml|properties|pub|asc|gpg)$"
)
_EMAIL: Final = Lazy(
    r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|de|edu|gov|co|dev|fr|uk|ru|cn|jp|info|local|test|example|invalid|me|eu|us)$"
)
_HOST: Final = Lazy(
    r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|io|de|edu|gov|co|dev|local|internal|svc|test|example|cloud|app|ai)(?::\d+)?(?:/\S*)?$",
    re.IGNORECASE,
)
_VERSION: Final = Lazy(r"^[\^~<>=v]{0,3}\d+(?:\.\d+){1,4}(?:[-+.][\w.]+)?$")
_DATE: Final = Lazy(r"^\d{4}[-/.]\d\d?[-/.]\d\d?(?:[T ][\d:.]+.*)?$")
_NUMBER: Final = Lazy(r"^[-+]?(?:\d[\d_,]*\.?\d*(?:e[-+]?\d+)?|0x[0-9a-f]{1,16})[a-z%]{0,2}$", re.IGNORECASE)
_IDENTIFIER: Final = Lazy(r"^[A-Za-z_$][\w$]*$")
_DOTTED: Final = Lazy(r"^[A-Za-z_][\w-]*(?:[./:][A-Za-z_][\w-]*)+$")
_KEBAB: Final = Lazy(r"^[a-z][a-z]*(?:[-_ ][a-z]{1,}\d{0,2})+$", re.IGNORECASE)
_SLUG: Final = Lazy(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$")
_CONSTANT: Final = Lazy(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
_PUBLIC_KEY: Final = Lazy(
    r"^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-|-----BEGIN (?:PUBLIC|CERT|RSA PUBLIC|X509)|AAAA[BC]3Nza|MII[BCDEFGHIJ])"
)
_CHARSET: Final = Lazy(r"abcdefgh|ABCDEFGH|01234567|12345678|87654321|zyxwvu|qwertyui", re.IGNORECASE)
_SEQUENCES: Final = Lazy(
    "|".join(
        f"{a}[{run}]*"
        for run, a in (
            ("a-z", "(?:abcdef|ghijkl|mnopqr|stuvwx|zyxwvu|qwerty)"),
            ("A-Z", "(?:ABCDEF|GHIJKL|MNOPQR|STUVWX|ZYXWVU|QWERTY)"),
            ("0-9", "(?:01234|12345|56789|98765|54321)"),
        )
    )
)
_REGEX: Final = Lazy(r"\\[dwsbWDS]|\[\^|\(\?[:=!P<]|\]\{\d|\[[a-zA-Z0]-[zZ9]|\.\*|\.\+|\|\^|\)\$$|^\^")
_MARKUP: Final = Lazy(r"^</?\w+[^>]*>|^[.#][\w-]+(?:[ .#>:][\w-]+)*$|^&\w+;$|^\w+\[\w+=")
_MIME: Final = Lazy(r"^(?:application|text|image|audio|video|multipart)/[\w.+-]+$")
_TOKENISH: Final = Lazy(r"^[A-Za-z0-9+/=_.~!@#$%^&*:|,-]+$")
_BASE64: Final = Lazy(r"^[A-Za-z0-9+/]+={0,2}$")
_UNICODE_PROSE: Final = Lazy(r"[^\x00-\x7f]{2,}")
_WORDLIKE_LIMIT: Final = 0.55


@lru_cache(maxsize=4096)
def entropy(text: str) -> float:
    """Shannon entropy of the characters of ``text``, in bits a character."""
    size = len(text)
    return -sum(n / size * log2(n / size) for n in (text.count(c) for c in set(text))) if size else 0.0


def classes(text: str) -> int:
    """How many of lower case, upper case, digits and other characters occur."""
    return (
        any(c.islower() for c in text)
        + any(c.isupper() for c in text)
        + any(c.isdigit() for c in text)
        + any(not c.isalnum() for c in text)
    )


def repeated(text: str) -> bool:
    """One character most of the time, or one short piece again and again."""
    size, most = len(text), max(text.count(c) for c in set(text))
    if len(set(text)) <= max(2, min(8, size // 8)) or (most * 2 > size >= 12 or most * 3 > size * 2 > 10):
        return True
    return any(len(text) >= 3 * size and text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, 11))


def sequential(text: str) -> bool:
    """Mostly steps of one up or down in the alphabet, as in ``abcdef123456``."""
    low = text.lower()
    steps = sum(abs(ord(b) - ord(a)) == 1 for a, b in pairwise(low))
    return len(text) > 4 and (steps * 10 > 6 * (len(text) - 1) or _interleaved(low))


_STRETCH: Final = 16


def counted(value: str) -> bool:
    """Whether so many characters of ``value`` that it must be invented count up in letters and digits by turns: ``3P4r5S6t7U8v9W0x``."""
    low = value.lower()
    return any(
        low[at].isdigit() != low[at + 1].isdigit() and _interleaved(low[at : at + _STRETCH]) for at in range(len(low) - _STRETCH + 1)
    )


def _interleaved(low: str) -> bool:
    """The alphabet and the digits, each in order and one among the other: ``a1b2c3d4e5f6``."""
    for run in ([c for c in low if c.isalpha()], [c for c in low if c.isdigit()]):
        if len(run) < 6 or sum(ord(b) - ord(a) in (0, 1, -5, -9, -25) for a, b in pairwise(run)) * 10 < 9 * (len(run) - 1):
            return False
    return True


def reference(value: str) -> str:
    """Why ``value`` is no literal: a variable, a template, a vault's reference, encrypted. Empty for a literal."""
    if _REFERENCE.match(value):
        return "reference"
    if _TEMPLATED.search(value, 0, 256):
        return "templated"
    return ""


def placeholder(value: str) -> bool:
    """Whether ``value`` is what documentation writes where a secret belongs."""
    return _PLACEHOLDER.search(value, 0, 256) is not None or _SELF.match(value, 0, 256) is not None


def shape(value: str) -> str:
    """The name of what ``value`` plainly is when it is something else than a secret; empty otherwise."""
    for name, pattern in _SHAPES:
        if pattern.search(value):
            return name
    return ""


_SHAPES: Final = (
    ("url", _URL), ("digest", _DIGEST), ("mime-type", _MIME), ("email", _EMAIL), ("host", _HOST), ("version", _VERSION), ("date", _DATE),
    ("public-key", _PUBLIC_KEY), ("regular-expression", _REGEX), ("markup", _MARKUP),
    ("file-path", Lazy(r"\*\*|/\*\.|^\*\.")),
)  # fmt: skip


def random(value: str) -> bool:
    """Whether ``value`` looks made by a machine: hexadecimal, base64 or mixed characters that no words explain."""
    size = len(value)
    if size < 8:
        return False
    if _HEX.match(value):
        digits = value.removeprefix("0x")
        return size >= 16 and len(set(value.lower())) >= 7 and any(c.isdigit() for c in value) and digits.islower() != digits.isupper()
    from .model import wordiness

    distinct = entropy(value)
    if distinct < min(3.0, log2(size) * 0.78):
        return False
    wordy = wordiness(value)
    mixed = any(c.isdigit() for c in value) + any(c.islower() for c in value) + any(c.isupper() for c in value)
    if mixed >= 2:
        if size < 20 and not any(c.isdigit() for c in value) and sum(a.isupper() != b.isupper() for a, b in pairwise(value)) * 3 < size:
            return False  # a name in capitals or camel case that no dictionary knows
        return wordy < (0.30 if size < 20 else 0.40)
    return size >= 20 and mixed == 1 and wordy < 0.15 and not value.isdigit()


@lru_cache(maxsize=256)
def judge(value: str, kind: Kind, *, quoted: bool, key: str = "") -> Verdict:
    """How likely ``value`` is the credential that a key of ``kind`` promises. ``quoted``: it was written as a string."""
    why = _no_literal(value, quoted=quoted)
    if why:
        return Verdict(NONE, why)
    low = value.lower()
    if kind == "password" and (low in _TRIVIAL or (_SELF.match(value) and any(c.isdigit() for c in value))):
        return Verdict(WEAK, "trivial-password")
    why = _something_else(value, kind)
    if why:
        return Verdict(NONE, why)
    if key and _bare_name(value) == _bare_name(key):
        return Verdict(NONE, "same-as-key")
    return _password(value) if kind == "password" else _machine(value, kind, quoted=quoted)


def _no_literal(value: str, *, quoted: bool) -> str:
    """Why there is no literal to judge: nothing, too much, a reference, a word of the language, an expression."""
    size = len(value)
    if size < 3 or not value.strip():
        return "empty-or-short"
    if size > 8192 or (size > 256 and not _TOKENISH.match(value)):
        return "too-long"
    why = reference(value)
    if why:
        return why
    if value.lower() in _KEYWORDS:
        return "keyword"
    if not any(c.isalnum() for c in value):
        return "no-letters-or-digits"
    if not quoted and _CALL.search(value):
        return "code"
    return "member-access" if not quoted and _MEMBER.match(value) else ""


def _something_else(value: str, kind: Kind) -> str:
    """What a literal plainly is when it is no secret."""
    if placeholder(value):
        return "placeholder"
    if repeated(value):
        return "repeated-characters"
    if (value[-1] in ":?" and " " in value) or value.endswith(": "):
        return "prompt"
    if kind != "password" and _encodes_words(value):
        return "encoded-text"
    return shape(value)


def _bare_name(text: str) -> str:
    return text.lower().replace("_", "").replace("-", "")


def _encodes_words(value: str) -> bool:
    """Whether ``value`` is base64 of prose, of JSON or of a placeholder: what it hides is read where it is decoded."""
    if len(value) < 16 or len(value) % 4 or not _BASE64.match(value):
        return False
    import binascii

    from .model import wordiness

    try:
        decoded = binascii.a2b_base64(value).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return False
    if not decoded.isprintable():
        return False
    if decoded.startswith('{"') and decoded.endswith("}"):
        return True
    _, colon, password = decoded.partition(":")
    return wordiness(decoded) > 0.6 and (" " in decoded or not colon or placeholder(password))


def _password(value: str) -> Verdict:
    low = value.lower()
    if low in _TRIVIAL:
        return Verdict(WEAK, "trivial-password")
    if _NUMBER.match(value):
        return Verdict(WEAK if value.isdigit() and 4 <= len(value) <= 16 and "." not in value else NONE, "number")
    if _PATH.match(value) and not random(value.replace("/", "")):
        return Verdict(NONE, "file-path")
    if _UNICODE_PROSE.search(value):
        return Verdict(NONE, "prose")
    if " " in value:
        return _phrase(value)
    if len(value) < 4:
        return Verdict(NONE, "empty-or-short")
    from .model import wordiness

    kinds = classes(value)
    wordy = wordiness(value)
    if random(value) and not sequential(value):
        return Verdict(STRONG, "") if len(value) >= 10 else Verdict(PLAUSIBLE, "")
    if _CONSTANT.match(value) and wordy > 0.5:
        return Verdict(NONE, "constant-name")
    if any(c.isdigit() for c in value) and kinds >= 2:
        return Verdict(PLAUSIBLE, "") if len(value) >= 6 else Verdict(WEAK, "short-password")
    if any(not c.isalnum() and c not in "_-.:/" for c in value) and kinds >= 2:
        return Verdict(PLAUSIBLE, "no-digits") if (len(value) >= 6 and wordy < 0.95) or kinds >= 3 else Verdict(WEAK, "words")
    if _DOTTED.match(value) or (_KEBAB.match(value) and not value.isalpha()):
        return Verdict(WEAK if value.count("_") + value.count("-") == 1 and "." not in value else NONE, "identifier")
    if re.match(r"^[a-z]+(?:[A-Z][a-z]+)+$", value) and wordy > 0.6:
        return Verdict(WEAK, "camel-case")
    if wordy > _WORDLIKE_LIMIT:
        return Verdict(WEAK, "words")
    return (
        Verdict(WEAK, "words")
        if value.isalpha() and len(value) < 12
        else Verdict(PLAUSIBLE, "")
        if len(value) >= 6
        else Verdict(WEAK, "short-password")
    )


# What sentences about passwords are made of, and passphrases hardly ever.
_INTERFACE: Final = frozenset(
    "password passwords passphrase passcode secret token key keys code login user users username account please enter type confirm repeat forgot forgotten reset "
    "change your you my is are was be been must should can cannot could may not no none invalid wrong incorrect required missing empty "
    "match matches does do a an this that for of to with from by in on at or and if used using value field string characters too short long weak "
    "strong current new old show hide hashed encrypted default example here set get only".split()
)


def _phrase(value: str) -> Verdict:
    """Text with blanks: a sentence of an interface far more often than a passphrase."""
    parts = value.split()
    if len(parts) <= 6 and all(random(part) for part in parts):
        return Verdict(PLAUSIBLE, "")
    plain = all(part.isascii() and part.isalpha() and part.islower() for part in parts)
    if plain and len(parts) <= 5 and len(value) >= 8 and _INTERFACE.isdisjoint(parts):
        return Verdict(WEAK, "words")
    return Verdict(NONE, "prose")


def _mnemonic(value: str) -> bool:
    """Twelve to twenty-four short words in lower case, as BIP 39 writes the seed of a wallet."""
    parts = value.split(" ")
    return len(parts) in (12, 15, 18, 21, 24) and all(
        3 <= len(part) <= 8 and part.isascii() and part.isalpha() and part.islower() for part in parts
    )


def _spaced(value: str, kind: Kind) -> Verdict:
    """Text with blanks where a machine's value is expected: a mnemonic, or printable characters drawn at random, as WordPress does."""
    if kind in ("secret", "salt") and _mnemonic(value):
        return Verdict(STRONG, "")
    drawn = kind in ("secret", "key", "salt") and len(value) >= 24 and classes(value) == 4 and random(value)
    if drawn and not any(len(word) > 4 and word.isalpha() for word in value.split()):
        return Verdict(PLAUSIBLE, "")
    return Verdict(NONE, "prose")


def _thought_up(value: str, kind: Kind) -> bool:
    """Whether a quoted value is what people write for a secret: hexadecimal digits too few to be told from words, letters and digits."""
    if not value.isalnum() or classes(value) < 2 or not any(c.isdigit() for c in value):
        return False
    if kind in ("secret", "token") and _HEX.match(value):
        return 12 <= len(value) < 16 and len(set(value.lower())) >= 7
    return kind == "secret" and not _CONSTANT.match(value)


def _named(value: str) -> bool:
    """Whether ``value`` is a name as people give to things: words in lower case with dashes, a number among them at most."""
    from .model import wordiness

    return _SLUG.match(value) is not None and wordiness(value) > 0.6


_MINIMUM: Final = {"secret": 8, "token": 8, "key": 10, "auth": 10, "salt": 8, "name": 16}


def _machine(value: str, kind: Kind, *, quoted: bool) -> Verdict:
    size = len(value)
    if size < _MINIMUM[kind]:
        return Verdict(NONE, "empty-or-short")
    if _NUMBER.match(value) or value.isdigit():
        return Verdict(NONE, "number")
    if " " in value or "\t" in value:
        return _spaced(value, kind)
    if kind == "auth" and ":" in value.strip(":"):
        return _password(value.partition(":")[2])
    if UUID.match(value) and not sequential(value):
        return Verdict(PLAUSIBLE if kind in ("secret", "token", "key", "auth") else NONE, "uuid")
    if _PATH.match(value) and not (size >= 24 and random(value.replace("/", "")) and value.count("/") <= size // 10):
        return Verdict(NONE, "file-path")
    if sequential(value) or counted(value):
        return Verdict(NONE, "sequence")
    if _CHARSET.search(value):
        rest = _SEQUENCES.sub("", value)
        return Verdict(PLAUSIBLE, "") if len(rest) >= 16 and random(rest) else Verdict(NONE, "sequence")
    if not _TOKENISH.match(value):
        return Verdict(PLAUSIBLE, "") if kind in ("secret", "key", "salt") and random(value) else Verdict(NONE, "characters")
    if random(value):
        if kind == "name":
            return (
                Verdict(PLAUSIBLE, "")
                if size >= 20 and classes(value) >= 2 and any(c.isdigit() for c in value)
                else Verdict(NONE, "unclear-key")
            )
        return Verdict(STRONG if size >= 16 or (size >= 12 and classes(value) >= 3) else PLAUSIBLE, "")
    if quoted and _thought_up(value, kind):
        return Verdict(PLAUSIBLE, "")
    named = _CONSTANT.match(value) or _named(value)
    if kind == "secret" and any(c.isdigit() for c in value) and classes(value) >= 3 and not named:
        return Verdict(PLAUSIBLE, "")
    if _IDENTIFIER.match(value) or _DOTTED.match(value) or _KEBAB.match(value):
        return Verdict(NONE, "identifier")
    return Verdict(WEAK if kind in ("secret", "token", "key") and any(c.isdigit() for c in value) else NONE, "words")
