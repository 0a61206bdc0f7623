"""Private keys: every armour and every way to write one down; encrypted ones told apart; headers without a key."""

from __future__ import annotations

from base64 import b64encode
from random import Random
from textwrap import wrap

import pytest

from secops_hooks.secrets.private_keys import ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY, SERVICE_ACCOUNT, find

DASHES = "-" * 5


def body(size: int = 600, start: bytes = b"\x30\x82\x02\x5c") -> str:
    return b64encode(start + Random(7).randbytes(size)).decode()


def armour(label: str, text: str, head: str = "", width: int = 64) -> str:
    lines = "\n".join(wrap(text, width))
    return f"{DASHES}BEGIN {label}{DASHES}\n{head}{lines}\n{DASHES}END {label}{DASHES}"


def openssh(cipher: bytes) -> str:
    def field(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    return b64encode(b"openssh-key-v1\0" + field(cipher) + field(b"none") + field(b"") + Random(7).randbytes(200)).decode()


def pgp(usage: int) -> str:
    number = b"\x00\x40" + Random(1).randbytes(8)
    packet = b"\x04" + bytes(4) + b"\x01" + number + number + bytes((usage,)) + Random(7).randbytes(120)
    return b64encode(bytes((0x94, len(packet))) + packet).decode()


PEM = "PRIVATE KEY"
CASES = {
    "pkcs8": (armour(PEM, body()), ""),
    "rsa": (armour("RSA " + PEM, body()), ""),
    "ec": (armour("EC " + PEM, body(100)), ""),
    "dsa": (armour("DSA " + PEM, body()), ""),
    "ed25519": (armour(PEM, body(44)), ""),
    "encrypted pkcs8": (armour("ENCRYPTED " + PEM, body()), "PKCS#8"),
    "legacy cipher": (armour("RSA " + PEM, body(), "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n"), "AES-128-CBC"),
    "openssh": (armour("OPENSSH " + PEM, openssh(b"none"), width=70), ""),
    "openssh encrypted": (armour("OPENSSH " + PEM, openssh(b"aes256-ctr"), width=70), "aes256-ctr"),
    "pgp": (armour(f"PGP {PEM} BLOCK", pgp(0), "Version: x\n\n"), ""),
    "pgp encrypted": (armour(f"PGP {PEM} BLOCK", pgp(254), "Version: x\n\n"), "passphrase"),
    "putty": (f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPrivate-Lines: 1\n{body(36)}\nPrivate-MAC: 0", ""),
    "putty encrypted": (f"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\nPrivate-Lines: 1\n{body(36)}\n", "aes256-cbc"),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_kinds(name: str) -> None:
    text, cipher = CASES[name]
    (key,) = find(f"before\n{text}\nafter\n")
    assert cipher in key.cipher
    assert bool(key.cipher) == bool(cipher)
    assert key.rule is (ENCRYPTED_PRIVATE_KEY if cipher else PRIVATE_KEY)
    assert key.start == len("before\n")


WRITTEN = {
    "one line in JSON": lambda t: '{"key": "' + t.replace("\n", "\\n") + '"}',
    "twice escaped": lambda t: '{"a": "{\\"key\\": \\"' + t.replace("\n", "\\\\n") + '\\"}"}',
    "indented in YAML": lambda t: "key: |\n" + "".join(f"    {line}\n" for line in t.splitlines()),
    "env with escapes": lambda t: 'KEY="' + t.replace("\n", "\\n") + '"',
    "concatenated strings": lambda t: "key = (\n" + "".join(f'    "{line}\\n"\n' for line in t.splitlines()) + ")",
    "carriage returns": lambda t: t.replace("\n", "\r\n"),
    "array of lines": lambda t: "[" + ", ".join(f"'{line}'" for line in t.splitlines()) + "]",
    "one line with blanks": lambda t: t.replace("\n", " "),
}


@pytest.mark.parametrize("how", sorted(WRITTEN))
def test_ways_to_write_one_down(how: str) -> None:
    text = WRITTEN[how](armour("RSA " + PEM, body()))
    (key,) = find(text)
    assert key.rule is PRIVATE_KEY
    assert text[key.start : key.end].startswith(DASHES + "BEGIN")
    assert text[key.start : key.end].endswith("KEY" + DASHES)


QUIET = {
    "header only": f"if line == '{DASHES}BEGIN RSA {PEM}{DASHES}':\n    pass\n",
    "both marks, nothing between": f"{DASHES}BEGIN {PEM}{DASHES}\n...\n{DASHES}END {PEM}{DASHES}\n",
    "filler": armour(PEM, "A" * 400),
    "certificate": armour("CERTIFICATE", body()),
    "public key": armour("PUBLIC KEY", body()),
    "list of magic words": f"{DASHES}BEGIN PGP {PEM} BLOCK{DASHES}\n" + "\n".join(f"application/type{i} match=value{i}" for i in range(60)),
    "prose": f"A file that begins with {DASHES}BEGIN {PEM}{DASHES} is a key, so keep it out of the repository.",
}


@pytest.mark.parametrize("name", sorted(QUIET))
def test_no_key(name: str) -> None:
    assert list(find(QUIET[name])) == []


def test_a_cut_off_key_is_a_key() -> None:
    text = armour(PEM, body()).rpartition("\n")[0]
    (key,) = find(text + "\n\nand prose that follows it\n")
    assert key.end <= len(text)


def test_service_account_names_its_owner() -> None:
    escaped = armour(PEM, body()).replace("\n", "\\n")
    text = '{"type": "service_account", "project_id": "acme-prod", "private_key": "' + escaped + '", "client_email": "ci@acme-prod.iam"}'
    (key,) = find(text)
    assert key.rule is SERVICE_ACCOUNT
    assert "account ci@acme-prod.iam" in key.message
    assert "project acme-prod" in key.message


def test_many_headers_cost_little() -> None:
    assert list(find(f"{DASHES}BEGIN {PEM}{DASHES}\n" * 5000)) == []


def test_a_key_that_was_cut_short_is_told_and_warns() -> None:
    """DER says how long it is; a key abridged for a manual opens nothing."""
    import base64

    head = bytes([0x30, 0x82, 0x04, 0xA3]) + bytes(range(7, 250)) * 2
    begin, end = "-----BEGIN " + "RSA PRIVATE KEY-----", "-----END " + "RSA PRIVATE KEY-----"
    from secops_hooks.secrets.private_keys import find

    body = base64.encodebytes(head).decode()
    (key,) = find(f"{begin}\n{body}{end}\n")
    assert key.cut
    assert key.message.endswith(", cut short")
    whole = bytes([0x30, 0x82, len(head) - 4 >> 8, len(head) - 4 & 255]) + head[4:]
    (key,) = find(f"{begin}\n{base64.encodebytes(whole).decode()}{end}\n")
    assert not key.cut
