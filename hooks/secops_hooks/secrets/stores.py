"""Files that are nothing but a store of credentials: password safes, key stores, browsers' key databases.

They are told by their first bytes, and where those say too little (SQLite, DER, Berkeley DB) by their name as well. What is in
them is encrypted under a password that a person chose, so that whoever has the file can guess at it offline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..finding import Finding, Rule, Span, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..files.source import Source

RULE: Final = Rule(
    id="credential-store",
    family="secrets",
    title="a store of passwords or private keys is committed",
    severity="high",
    tier="block",
    why=(
        "The file is protected by a password that a person chose; whoever can read the repository can guess at it offline, "
        "for as long as they like, and gets everything that was ever in this version of it."
    ),
    fix="Take it out of the history and change what it holds. Keep such files in a secret manager and fetch them at run time.",
    confidence="high",
    cwe=538,
)

# first bytes: what it is
_MAGIC: Final = {
    b"\x03\xd9\xa2\x9a": "KeePass database",
    b"PWS3": "Password Safe database",
    b"kych": "macOS keychain",
    b"Gnom": "GNOME keyring",
    b"\xfe\xed\xfe\xed": "Java key store",
    b"\xce\xce\xce\xce": "Java key store (JCEKS)",
}
_JAVA: Final = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
# first bytes, the names under which such a file holds keys, what it is
_NAMED: Final = (
    (b"\x00\x06\x15\x61", ("key3.db",), "Firefox key database"),
    (b"SQLite format 3\x00", ("key4.db", "login data", "signons.sqlite"), "browser's store of passwords"),
    (b"\x30\x82", (".p12", ".pfx"), "PKCS #12 key store"),
    (b"\x30\x80", (".p12", ".pfx"), "PKCS #12 key store"),
)
_PRIVATE: Final = 1  # the tag of a Java key store's entry that is a private key


def find(source: Source) -> Iterator[Finding]:
    """The finding of ``source`` when it is such a store; keys among tests and examples, made for the purpose, are ``warn``."""
    what = _what(source)
    if what:
        from hashlib import blake2b

        from ..files.filetype import path_traits

        made = not path_traits(source.path).isdisjoint({"test", "example", "vendored"}) or "debug" in source.path.lower()
        subject = f"{RULE.id}:{blake2b(source.data, digest_size=16).hexdigest()}"
        yield report(RULE, source.path, Span(1, 1, 1, 1), f"a {what} is committed", tier="warn" if made else "block", subject=subject)


def _what(source: Source) -> str:
    data = source.data
    what = _MAGIC.get(data[:4], "")
    if what and data.startswith(_JAVA):
        return what if _holds_private_key(data) else ""
    if data.startswith(b"Gnom"):
        return what if data.startswith(b"GnomeKeyring") else ""
    if what:
        return what
    name = source.path.rpartition("/")[2].lower()
    return next((kind for magic, names, kind in _NAMED if data.startswith(magic) and name.endswith(names)), "")


def _holds_private_key(data: bytes) -> bool:
    """Whether the first entry of a Java key store is a private key: trust stores hold certificates only.

    Format: magic, version, number of entries, then entries of a tag (four bytes), an alias and what it names.
    """
    return int.from_bytes(data[8:12]) > 0 and int.from_bytes(data[12:16]) == _PRIVATE


FIRST: Final = frozenset(magic[:2] for magic in (*_MAGIC, *(magic for magic, _, _ in _NAMED)))  # what ``check`` looks for
