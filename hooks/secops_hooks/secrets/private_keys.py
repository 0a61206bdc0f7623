"""Private keys in the formats that carry their own name: PEM, OpenSSH, PGP and PuTTY, in one piece or escaped in a string.

An encrypted key is told apart by what its format says about itself, not by a guess. A header with no key behind it
(a constant in a parser, a sentence about keys) is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final, NamedTuple

from ..finding import Example, Rule

_BEGIN: Final = re.compile(r"-{3,5} ?BEGIN ((?:[A-Z0-9]{2,9}[ _]){0,3})PRIVATE[ _]KEY( BLOCK)?-{3,5}")
_END: Final = re.compile(r"-{3,5} ?END [A-Z0-9 _]{0,40}PRIVATE[ _]KEY(?: BLOCK)?-{3,5}")
_BASE64: Final = re.compile(r"[0-9A-Za-z+/]{16,}={0,2}|(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{1,15}={1,2}")
_HEADER: Final = re.compile(r"(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Key-[A-Za-z]+)\s?: ?[^\n\\]{0,200}")
_PUTTY: Final = re.compile(r"PuTTY-User-Key-File-([23]): ?(\S{3,40})\s")
_PUTTY_CIPHER: Final = re.compile(r"Encryption: ?([0-9a-z-]{1,40})")
_PUTTY_BODY: Final = re.compile(r"Private-Lines: ?\d+\s{1,4}[0-9A-Za-z+/=]{16,}")
_LIMIT: Final = 40_000  # characters; a 16,384-bit RSA key has 13,000
_LINE: Final = re.compile(r"[0-9A-Za-z+/]{30}")
_FIRST: Final = 400  # characters behind the header within which the first line of a key begins
_LEAST: Final = 40  # base64 characters of the smallest key worth the name (Ed25519 seed)

_EQUIVALENTS: Final = (
    "kingfisher:kingfisher.pem.1", "kingfisher:kingfisher.pem.2", "kingfisher:kingfisher.privkey.1", "kingfisher:kingfisher.privkey.2",
    "betterleaks:private-key", "gitleaks:private-key", "noseyparker:np.pem.1", "noseyparker:np.pem.2", "titus:kingfisher.privkey.1",
    "titus:np.pem.1", "titus:np.pem.2", "trufflehog:privatekey", "trufflehog:githubapp", "trufflehog:coinbase",
    "credsweeper:PEM Private Key", "credsweeper:BASE64 Private Key", "credsweeper:BASE64 encoded PEM Private Key",
    "detect-secrets:PrivateKeyDetector", "secretlint:privatekey", "ripsecrets:PrivateKey",
)  # fmt: skip
_WHY: Final = (
    "Whoever can read the repository, a fork, a clone or a backup of it can act as the owner of this key, "
    "and a key that was once pushed stays in the history."
)
_FIX: Final = (
    "Take the key out of the file and keep it in a secret store or outside of the repository. If it was ever pushed, "
    "replace it everywhere the public half is trusted (certificate, authorized_keys, deploy keys) and revoke the old one."
)
PRIVATE_KEY: Final = Rule(
    id="private-key",
    family="secrets",
    title="a private key",
    severity="critical",
    tier="block",
    why=_WHY,
    fix=_FIX,
    cwe=321,
    equivalents=_EQUIVALENTS,
    references=("https://www.rfc-editor.org/rfc/rfc7468", "https://www.rfc-editor.org/rfc/rfc5958"),
    good=(Example("BEGIN = '-----BEGIN ' + 'PRIVATE KEY-----'\n", "pem.py"),),
)
ENCRYPTED_PRIVATE_KEY: Final = Rule(
    id="private-key-encrypted",
    family="secrets",
    title="a private key, encrypted with a passphrase",
    severity="medium",
    tier="warn",
    why="The key is as safe as its passphrase: whoever has the file can try passphrases for ever, without anybody noticing.",
    fix=_FIX,
    cwe=522,
    equivalents=_EQUIVALENTS,
    references=("https://www.rfc-editor.org/rfc/rfc1421", "https://www.rfc-editor.org/rfc/rfc5958"),
    good=(Example("cipher = 'Proc-Type: 4,ENCRYPTED'\n", "pem.py"),),
)
SERVICE_ACCOUNT: Final = Rule(
    id="gcp-service-account-key",
    family="secrets",
    title="the key of a Google Cloud service account",
    severity="critical",
    tier="block",
    why="The file is all that is needed to act as the service account, from anywhere, until somebody deletes the key.",
    fix=(
        "Delete the key in Google Cloud (IAM, service accounts, keys) and take the file out of the repository. "
        "Prefer workload identity federation, which needs no key file at all."
    ),
    cwe=798,
    equivalents=(
        "kingfisher:kingfisher.gcp.1", "betterleaks:gcp-service-account", "titus:kingfisher.gcp.1", "trufflehog:gcp", "secretlint:gcp",
    ),
    references=("https://cloud.google.com/iam/docs/keys-create-delete",),
    good=(Example('{"type": "service_account", "client_email": "ci@example.iam.gserviceaccount.com"}\n', "account.json"),),
)  # fmt: skip
RULES: Final = (PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY, SERVICE_ACCOUNT)
_ACCOUNT: Final = re.compile(r'\\?"type\\?"\s{0,4}:\s{0,4}\\?"service_account\\?"')
_FIELD: Final = re.compile(r'\\?"(client_email|project_id)\\?"\s{0,4}:\s{0,4}\\?"([0-9A-Za-z@._:-]{3,120})\\?"')
_NEAR: Final = 3000  # characters around a key in which the rest of a service account's file stands


class Key(NamedTuple):
    """A private key at ``text[start:end]``: what it is, the cipher that protects it (empty: nothing does), and its owner."""

    start: int
    end: int
    kind: str
    cipher: str
    owner: str = ""
    account: bool = False
    cut: bool = False

    @property
    def rule(self) -> Rule:
        if self.cipher:
            return ENCRYPTED_PRIVATE_KEY
        return SERVICE_ACCOUNT if self.account else PRIVATE_KEY

    @property
    def message(self) -> str:
        """What to say of it."""
        if self.cipher:
            return f"{self.kind}, encrypted ({self.cipher})"
        return f"{self.kind} in clear{self.owner}{', cut short' if self.cut else ''}"


def find(text: str) -> Iterator[Key]:
    """Every private key in ``text``."""
    done = 0
    for m, limit in _headers(_BEGIN, text):
        if m.start() < done:
            continue
        key = _pem(text, m, limit)
        if key is not None:
            done = key.end
            yield _owned(text, key)
    for m, limit in _headers(_PUTTY, text):
        part = text[m.start() : limit]
        body = _PUTTY_BODY.search(part)
        if body:
            cipher = _PUTTY_CIPHER.search(part)
            name = cipher[1] if cipher else "none"
            yield Key(m.start(), m.start() + body.end(), f"PuTTY {m[2]} private key", "" if name == "none" else name)


def _headers(header: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Every header with the place up to which its key may reach: the next header, so that no text is looked through twice."""
    found = list(header.finditer(text))
    for m, following in zip_longest(found, found[1:]):
        yield m, min(m.end() + _LIMIT, following.start() if following else len(text))


def _owned(text: str, key: Key) -> Key:
    """``key`` with its owner when it stands in a service account's JSON."""
    low = max(0, key.start - _NEAR)
    if "service_account" not in text[low : key.end + _NEAR] or not _ACCOUNT.search(text, low, key.end + _NEAR):
        return key
    fields = {m[1]: m[2] for m in _FIELD.finditer(text, low, key.end + _NEAR)}
    told = [f"{what} {fields[name]}" for name, what in (("client_email", "account"), ("project_id", "project")) if name in fields]
    return key._replace(account=True, kind="private key of a Google Cloud service account", owner="".join(f", {part}" for part in told))


def _pem(text: str, begin: re.Match[str], limit: int) -> Key | None:
    end = _END.search(text, begin.end(), limit)
    stop = end.start() if end else min(limit, begin.end() + 4000)
    inside = text[begin.end() : stop]
    cipher = _legacy_cipher(inside)
    body = _body(_HEADER.sub(" ", inside))
    if len(body) < _LEAST or len(set(body)) < 12 or not _LINE.search(inside, 0, _FIRST):
        return None
    label = begin[1].replace("_", " ").strip()
    if label == "ENCRYPTED" and not cipher:
        cipher = "PKCS#8 password-based encryption"
    kind = "private key"
    if label.startswith("PGP") or begin[2]:
        kind = "PGP private key"
        cipher = _pgp_cipher(body)
    elif label == "OPENSSH" or body.startswith("b3BlbnNzaC1rZXktdjE"):
        kind = "OpenSSH private key"
        cipher = _openssh_cipher(body)
    elif label and label != "ENCRYPTED":
        kind = f"{label} private key"
    last = end.end() if end else begin.end() + _extent(inside)
    return Key(begin.start(), last, kind, cipher, cut=_is_cut(body))


def _is_cut(body: str) -> bool:
    """Whether DER (ITU-T X.690) in base64 says that it is longer than it is: the key was abridged and opens nothing."""
    from base64 import b64decode

    if not body.startswith("MII"):
        return False
    try:
        head = b64decode(body[:8])
    except ValueError:
        return False
    return 4 + int.from_bytes(head[2:4], "big") > len(body.rstrip("=")) * 3 // 4 + 3


def _body(inside: str) -> str:
    """The base64 characters of an armoured body, whatever separates its lines (line ends, escapes, quotes and commas)."""
    plain = re.sub(r"\\+[nrt]", " ", inside)
    return "".join(_BASE64.findall(plain))


def _extent(inside: str) -> int:
    """Where the last base64 line of a body without an end marker ends."""
    last = 0
    for m in _BASE64.finditer(inside):
        if m.start() - last > 40:
            break
        last = m.end()
    return last


def _legacy_cipher(inside: str) -> str:
    """The cipher that an RFC 1421 header names."""
    if "ENCRYPTED" not in inside[:400]:
        return ""
    info = re.search(r"DEK-Info: ?([0-9A-Z-]{3,30})", inside[:600])
    return info[1] if info else "a legacy PEM cipher"


def decode(body: str) -> bytes:
    """Base64 without regard to padding or a cut-off tail; empty when it is none."""
    from binascii import Error, a2b_base64

    clean = body.rstrip("=")
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    try:
        return a2b_base64(clean + "=" * (-len(clean) % 4))
    except Error:
        return b""


def _openssh_cipher(body: str) -> str:
    """The cipher name of an ``openssh-key-v1`` blob (OpenSSH's PROTOCOL.key): magic, then a length-prefixed name."""
    data = decode(body[:200])
    magic = b"openssh-key-v1\0"
    if not data.startswith(magic):
        return ""
    at = len(magic)
    size = int.from_bytes(data[at : at + 4], "big")
    name = data[at + 4 : at + 4 + size] if size < 64 else b""
    return "" if name == b"none" else name.decode("ascii", "replace")


def _pgp_cipher(body: str) -> str:
    """How a PGP secret key packet is protected (RFC 4880 section 5.5.3): the octet behind the public part; 0 is in clear."""
    data = decode(body)
    found = _packet(data)
    if found is None:
        return ""
    tag, at = found
    if tag not in (5, 7) or data[at : at + 1] != b"\x04":
        return ""
    algorithm = data[at + 5] if len(data) > at + 5 else 0
    at += 6
    if algorithm in (18, 19, 22):  # ECDH, ECDSA, EdDSA: a curve's OID first
        at += 1 + data[at] if at < len(data) else 1
    for _ in range({1: 2, 2: 2, 3: 2, 16: 3, 17: 4}.get(algorithm, 1)):
        at += 2 + (int.from_bytes(data[at : at + 2], "big") + 7) // 8
    if algorithm == 18 and at < len(data):  # key derivation parameters
        at += 1 + data[at]
    return "a PGP passphrase" if at < len(data) and data[at] in (254, 255) else ""


def _packet(data: bytes) -> tuple[int, int] | None:
    """Tag and body offset of the first packet (RFC 4880 section 4.2)."""
    if len(data) < 8 or not data[0] & 0x80:
        return None
    if data[0] & 0x40:
        first = data[1]
        return data[0] & 0x3F, 2 if first < 192 else 3 if first < 224 else 6
    return (data[0] >> 2) & 0xF, 1 + {0: 1, 1: 2, 2: 4, 3: 0}[data[0] & 3]
