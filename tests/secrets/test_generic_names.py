"""The grammar of key names: which promise a secret, and which only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.secrets.generic.names import is_setter, kind_of, words

SECRETS = {
    "password": "password", "dbPassword": "password", "DB_PASSWORD": "password", "db.password": "password", "db-password": "password",
    "MYSQL_ROOT_PASSWORD": "password", "spring.datasource.password": "password", "ansible_become_pass": "password", "wgDBpassword": "password",
    "PGPASSWORD": "password", "dbpasswd": "password", "user_pwd": "password", "keyPassphrase": "password", "password2": "password",
    "password_hash": "password", "contraseña": "password", "пароль": "password",
    "secret": "secret", "client_secret": "secret", "clientSecret": "secret", "SECRET_KEY": "secret", "SECRET_KEY_BASE": "secret",
    "jwtSecret": "secret", "aws_secret_access_key": "secret", "secret_token": "secret",
    "token": "token", "accessToken": "token", "GITHUB_TOKEN": "token", "api_token": "token", "_authToken": "token", "refresh-token": "token",
    "bearer": "token", "azure_pat": "token",
    "api_key": "key", "apiKey": "key", "APIKEY": "key", "x-api-key": "key", "privateKey": "key", "encryption_key": "key", "signing_key": "key",
    "authKey": "key", "license_key": "key",
    "auth": "auth", "credentials": "auth", "basic_auth": "auth", "service.creds": "auth",
    "salt": "salt", "passwordSalt": "salt", "nonce": "salt",
    "key": "name", "widget_key": "name",
}  # fmt: skip
HARMLESS = (  # noqa: SIM905 - one word after the other reads better
    "public_key publicKey key_id keyId api_key_id access_key_id secret_name secretName secretKeyRef token_type tokenType token_url tokenUrl token_endpoint "
    "password_policy password_min_length passwordLength password_field password_file passwordFile PASSWORD_FILE password_path password_reset passwordResetUrl "
    "max_tokens maxTokens num_tokens tokens total_tokens tokenizer author authority authors keyword keywords keyboard foreign_key primaryKey partition_key "
    "sort_key cache_key csrf_token csrfmiddlewaretoken next_page_token pageToken pad_token eos_token mask_token cancellationToken credentialsId "
    "credential_id passenger compass bypass authenticated token_expiry secret_version secrets existingSecret imagePullSecret show_password forgotPassword "
    "invalid_password monkey hockey turkey tokenize user username login name url host salted_hash_algorithm"
).split()


@pytest.mark.parametrize("name", SECRETS)
def test_name_promises_its_kind(name: str) -> None:
    assert kind_of(name) == SECRETS[name]


@pytest.mark.parametrize("name", HARMLESS)
def test_name_promises_nothing(name: str) -> None:
    assert kind_of(name) is None


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("dbPassword2", ("db", "password", "2")), ("DB_PASSWORD_2", ("db", "password", "2")), ("db.password-2", ("db", "password", "2")),
        ("HTTPPasswordMgr", ("http", "password", "mgr")), ("", ()), ("___", ()),
    ],
)  # fmt: skip
def test_words(name: str, parts: tuple[str, ...]) -> None:
    assert words(name) == parts


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("setPassword", True),
        ("withApiToken", True),
        ("Password", True),
        ("splitpasswd", False),
        ("checkPassword", False),
        ("password_of", False),
    ],
)
def test_setters(name: str, takes: bool) -> None:
    assert is_setter(name) is takes


@given(st.text(max_size=80))
def test_any_name_is_judged(name: str) -> None:
    assert kind_of(name) in (None, "password", "secret", "token", "key", "auth", "salt", "name")
