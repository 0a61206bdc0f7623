"""The judgement of values: what a machine made, what people choose, and by which name everything else is turned down."""

from __future__ import annotations

import base64
import random as randomness
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.secrets.generic.model import wordiness
from secops_hooks.secrets.generic.value import NONE, PLAUSIBLE, STRONG, WEAK, judge, random


def made(alphabet: str, size: int, seed: int) -> str:
    return "".join(randomness.Random(seed).choices(alphabet, k=size))


MACHINE = {
    "hex 32": made("0123456789abcdef", 32, 1), "hex 64": made("0123456789ABCDEF", 64, 2), "letters and digits": made(string.ascii_letters + string.digits, 24, 3),
    "base64": base64.b64encode(bytes(randomness.Random(4).choices(range(256), k=30))).decode(), "lower and digits": made(string.ascii_lowercase + string.digits, 32, 5),
    "url-safe": made(string.ascii_letters + string.digits + "-_", 40, 6), "letters only": made(string.ascii_letters, 32, 7),
}  # fmt: skip


@pytest.mark.parametrize("name", MACHINE)
@pytest.mark.parametrize("kind", ["token", "key", "secret", "auth", "password"])
def test_what_a_machine_made_is_strong(name: str, kind: str) -> None:
    assert judge(MACHINE[name], kind, quoted=True).strength == STRONG  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", ["hunt" + "er2x", "Blau" + "wal77", "P@ss" + "w0rd-9", "S0mm" + "er!2024", "abuser" + "123456", "open" + "$esame1"]
)
def test_what_people_choose_is_plausible(value: str) -> None:
    assert judge(value, "password", quoted=True).strength >= PLAUSIBLE
    assert judge(value, "token", quoted=True).strength <= PLAUSIBLE


@pytest.mark.parametrize("value", ["postgres", "password123", "letmein", "goodspec", "whalehello", "1234567"])
def test_weak_passwords_are_weak(value: str) -> None:
    assert judge(value, "password", quoted=True).strength == WEAK


REJECTED = {
    "${DB_PASSWORD}": "reference", "$DB_PASSWORD": "reference", "{{ password }}": "reference", "<password>": "reference", "%(password)s": "reference",
    "%DB_PASSWORD%": "reference", "vault:secret/data/app": "reference", "ENC[AES256_GCM,data:abc]": "reference", "arn:aws:secretsmanager:eu:1:secret:x": "reference",
    "{cipher}a1b2c3": "reference", "op://vault/item/password": "reference", "process.env.PASSWORD": "reference", "__PASSWORD__": "reference",
    "prefix-${NAME}-x1": "templated", "user {name} 1": "templated", "a#{b}c1": "templated",
    "true": "keyword", "None": "keyword", "string": "keyword",
    "change-me-now": "placeholder", "changeme": "placeholder", "your-password-here": "placeholder", "YOUR_API_KEY": "placeholder", "xxxxxxxxxxxx": "placeholder",
    "********": "no-letters-or-digits", "ab****yz12": "placeholder", "insert_token_here": "placeholder", "my-secret-token": "placeholder", "example_123": "placeholder",
    "zzzzzzzzzzzzzz1": "repeated-characters", "abc1abc1abc1abc1": "repeated-characters",
    "https://a.internal/token": "url", "sha256-9f86d0818": "digest", "me@mail.internal.org": "email", "application/json": "mime-type", "2024-01-31": "date",
    "1.2.3": "version", "ssh-rsa AAAAB3Nza": "public-key", "[a-z]+\\d+": "regular-expression",
    "Enter your password": "prose", "Password: ": "placeholder", "": "empty-or-short", "  ": "empty-or-short",
}  # fmt: skip


@pytest.mark.parametrize("value", REJECTED)
def test_everything_else_is_rejected_by_name(value: str) -> None:
    verdict = judge(value, "password", quoted=True)
    assert verdict.strength <= WEAK
    assert verdict.reason == REJECTED[value] or (
        verdict.strength == NONE and REJECTED[value] in ("placeholder", "prose", "reference", "templated")
    ), verdict


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("/etc/ssl/private/server.key", "file-path"), ("getTokenFromRequest", "identifier"), ("auth.token.label", "identifier"), ("cdefghijklmnopqr", "sequence"),
        ("1234567890123456", "number"), ("some text with blanks", "placeholder"), (base64.b64encode(b"just a plain sentence here").decode(), "encoded-text"),
    ],
)  # fmt: skip
def test_tokens_that_are_none(value: str, reason: str) -> None:
    assert judge(value, "token", quoted=True) == (NONE, reason)


@pytest.mark.parametrize("value", ["request.headers['x']", "get_token()", "a => b", "config.password", "new Foo"])
def test_code_without_quotes_is_no_literal(value: str) -> None:
    assert judge(value, "password", quoted=False).strength == NONE


@given(st.text(max_size=300), st.sampled_from(["password", "secret", "token", "key", "auth", "salt", "name"]), st.booleans())
def test_any_value_is_judged_and_every_rejection_has_a_name(value: str, kind: str, quoted: bool) -> None:
    verdict = judge(value, kind, quoted=quoted)  # type: ignore[arg-type]
    assert verdict.strength in (NONE, WEAK, PLAUSIBLE, STRONG)
    assert verdict.reason or verdict.strength >= PLAUSIBLE


@pytest.mark.parametrize("alphabet", [string.ascii_letters + string.digits, string.ascii_lowercase + string.digits, "0123456789abcdef"])
@pytest.mark.parametrize("size", [20, 32, 40])
def test_model_tells_noise_from_words(alphabet: str, size: int) -> None:
    samples = [made(alphabet, size, seed) for seed in range(300)]
    assert sum(random(sample) for sample in samples) >= 294
    names = [
        "getUserNameFromRequest",
        "content_type_header",
        "MAX_CONNECTION_RETRIES",
        "application-settings",
        "TemplateEngineFactory",
        "keyboardShortcuts",
    ]
    assert [name for name in names if random(name) or wordiness(name) < 0.5] == []
