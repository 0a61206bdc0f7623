"""Stores of credentials are told by their first bytes; what only begins like one is not."""

from __future__ import annotations

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets import check as door
from secops_hooks.secrets import stores

BODY = bytes(range(256)) * 2
KEY, CERTIFICATE = (b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1\0\0\0" + tag + b"\0\5mykey" + BODY for tag in (b"\1", b"\2"))
FIREFOX = b"SQLite format 3\0" + BODY


def found(path: str, data: bytes) -> list[tuple[str, str]]:
    source = Source(path, data)
    file = File(source, detect(path, source.text))
    return [(f.rule.id, f.tier) for f in door.check(file, MemoryTree({}), Settings())]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("safe.kdbx", b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5" + BODY),
        ("safe.kdb", b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5" + BODY),
        ("safe.psafe3", b"PWS3" + BODY),
        ("login.keychain", b"kych" + BODY),
        ("login.keyring", b"GnomeKeyring\n\r\0\n" + BODY),
        ("release.jks", KEY),
        (".mozilla/key3.db", b"\x00\x06\x15\x61\0\0\0\2" + BODY),
        (".mozilla/key4.db", FIREFOX),
        ("site.p12", b"\x30\x82\x09\x76\x02\x01\x03" + BODY),
    ],
)
def test_store_stops_the_commit(path: str, data: bytes) -> None:
    assert found(path, data) == [(stores.RULE.id, "block")]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("cacerts.jks", CERTIFICATE),
        ("app.db", FIREFOX),
        ("site.der", b"\x30\x82\x09\x76\x02\x01\x03" + BODY),
        ("note.txt", b"PWS is short for something\n"),
        ("a.txt", b"Gnomes are small\n"),
        ("empty.jks", KEY[:8] + bytes(4)),
    ],
)
def test_what_begins_alike_is_silent(path: str, data: bytes) -> None:
    assert found(path, data) == []


def test_store_among_tests_is_told_without_stopping() -> None:
    assert found("tests/data/site.jks", KEY) == [(stores.RULE.id, "warn")]


def test_the_door_knows_how_every_store_begins() -> None:
    assert door._STORES == stores.FIRST
