"""Offline verification: valid tokens are known as such, one changed character is noticed, and what is learned is told."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from random import Random

import pytest

from secops_hooks.secrets.checksums import bech32, crc
from secops_hooks.secrets.checksums.marvin import marvin32
from secops_hooks.secrets.formats.catalogue import load, numbers
from secops_hooks.secrets.formats.samples import MAKERS, token
from secops_hooks.secrets.verify import CHECKS, verify

FORMATS = {load(number).slug: load(number) for number in numbers()}
UNSIGNED = {"json-web-token", "sentry-org-auth-token"}  # a changed letter is another valid token


@pytest.mark.parametrize("slug", sorted(MAKERS))
def test_made_tokens_are_valid(slug: str) -> None:
    for seed in range(3):
        assert verify(slug, token(FORMATS[slug], seed)).valid is True


@pytest.mark.parametrize("slug", sorted(set(MAKERS) - UNSIGNED))
def test_one_changed_character_fails(slug: str) -> None:
    made = token(FORMATS[slug], 5)
    at = made.index("_", 6) + 12 if slug in ("saladcloud-api-key", "github-fine-grained-pat") else len(made) // 2
    other = next(c for c in "Q7aZ3d" if c.lower() != made[at].lower() and (made[at].isdigit() == c.isdigit() or made[at].isalpha()))
    changed = made[:at] + (other if made[at].isupper() or slug != "age-secret-key" else other.upper()) + made[at + 1 :]
    assert verify(slug, changed).valid is not True


def test_every_check_belongs_to_a_format() -> None:
    assert set(CHECKS) <= set(FORMATS)
    assert len(CHECKS) >= 40


@pytest.mark.parametrize("slug", sorted(CHECKS))
def test_checks_never_raise_on_any_token_of_their_shape(slug: str) -> None:
    fmt = FORMATS[slug]
    for shape in range(len(fmt.shapes)):
        for seed in range(4):
            value = token(fmt, seed, shape)
            verdict = verify(slug, value)
            assert value not in verdict.learned


def test_marvin32_vectors() -> None:
    seed = 0x004FB61A001BDBCC  # published vectors, their 64 bits folded
    assert marvin32(b"", seed) == 0x30ED35C1 ^ 0x00CD3C7D
    assert marvin32(b"\xaf", seed) == 0x48E73FC7 ^ 0x7D75DDC1


def test_bech32_vectors() -> None:
    assert bech32.valid("A12UEL5L")  # BIP 173
    assert not bech32.valid("A12UEL5M")
    assert not bech32.valid("no digit one")


def test_crc_digits() -> None:
    assert crc.digits(0, crc.BASE62, 6) == "000000"
    assert crc.digits(61, crc.BASE62, 2) == "0z"
    assert crc.crc16_xmodem(b"123456789") == 0x31C3


def url64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def jwt(payload: dict[str, object], header: dict[str, object] | None = None) -> str:
    parts = [json.dumps(header or {"alg": "HS256"}), json.dumps(payload)]
    return ".".join([*(url64(part.encode()) for part in parts), url64(Random(3).randbytes(32))])


LEARNED: dict[str, tuple[str, Callable[[], str], str]] = {
    "aws account": ("aws-access-key-id", lambda: "AK" + "IA" + "Y34FZKBOKMUTVV7A", "609629065308"),
    "jwt issuer": (
        "json-web-token",
        lambda: jwt({"iss": "https://idp.invalid", "exp": 4102444800}),
        "issuer https://idp.invalid, expires 2100-01-01",
    ),
    "jwt expired": ("json-web-token", lambda: jwt({"sub": "x", "exp": 1500000000}), "expired 2017-07-14"),
    "grafana name": ("grafana-api-key", lambda: b64encode(b'{"k":"' + b"a1B2" * 8 + b'","n":"ci","id":1}').decode(), "named ci"),
    "telegram bot": ("telegram-bot-token", lambda: "987654321:" + "AA" + "x" * 33, "bot 987654321"),
    "pypi": ("pypi-upload-token", lambda: "pypi-" + url64(b"\x02\x01\x08pypi.org" + Random(2).randbytes(70)), "for pypi.org"),
    "jfrog expiry": ("jfrog-reference-token", lambda: b64encode(b"reftkn:01:1900000000:" + b"a" * 28).decode(), "expires 2030-03-17"),
    "slack workspace": ("slack-bot-token", lambda: "xo" + "xb-1234567890-1234567890-" + "a" * 24, "workspace 1234567890"),
}


@pytest.mark.parametrize("name", sorted(LEARNED))
def test_what_is_learned(name: str) -> None:
    slug, make, told = LEARNED[name]
    assert told in verify(slug, make()).learned


@pytest.mark.parametrize("payload", [{"role": "anon", "iss": "supabase"}, {"iss": "supabase-demo"}], ids=["anon", "demo"])
def test_public_tokens(payload: dict[str, object]) -> None:
    assert verify("json-web-token", jwt(payload)).public


def test_three_words_of_base64_are_no_jwt() -> None:
    assert verify("json-web-token", f"eyJ{'a' * 20}.eyJ{'b' * 20}.{'c' * 20}").valid is False
