"""The rules of generic secrets: found by the name a value is given or by the place it stands in, not by its format."""

from __future__ import annotations

from typing import Final

from ...finding import Example, Rule

_ROTATE: Final = (
    "Take the value out of the file: read it from the environment or a secret manager, or mount it at run time. "
    "If it was ever pushed, revoke it and issue a new one."
)
_WHY: Final = "Whoever can read the repository, now or in any later clone, holds this credential; history keeps it after the line is gone."
_SAMPLE: Final = "q7Rx" + "2mZk9" + "Tw4Lp"


def _rule(id: str, title: str, severity: str, tier: str, *, why: str = _WHY, fix: str = _ROTATE, confidence: str = "medium", cwe: int = 798,
          equivalents: tuple[str, ...] = (), bad: tuple[Example, ...] = (), good: tuple[Example, ...] = ()) -> Rule:  # fmt: skip
    return Rule(id, "secrets", title, severity, tier, why, fix, confidence, cwe, None, equivalents, (), bad, good)  # type: ignore[arg-type]


def _x(text: str, path: str) -> Example:
    return Example(text.replace("SAMPLE", _SAMPLE), path)


_LIST: Final = (
    _rule(
        "generic-password", "a password is written into the file", "high", "block",
        equivalents=("detect-secrets:KeywordDetector", "checkov:CKV_SECRET_6", "gitleaks:generic-api-key", "kics:passwords_and_secrets", "credsweeper:Password"),
        bad=(_x('db_password = "«SAMPLE»"\n', "app/settings.ini"), _x('conn = open(host, password="«SAMPLE»")\n', "app/db.py")),
        good=(_x('db_password = os.environ["DB_PASSWORD"]\n', "app/db.py"), _x("db_password: ${DB_PASSWORD}\n", "app.yml"), _x('password_policy = "SAMPLE"\n', "app/db.py")),
    ),
    _rule(
        "generic-secret", "a secret is written into the file", "high", "block",
        equivalents=("detect-secrets:KeywordDetector", "gitleaks:generic-api-key", "credsweeper:Secret"),
        bad=(_x('client_secret = "«SAMPLE»"\n', "app/oauth.py"),),
        good=(_x('client_secret = load("oauth/SAMPLE")\n', "app/oauth.py"), _x('secret_name = "SAMPLE"\n', "app/oauth.py")),
    ),
    _rule(
        "generic-token", "a token is written into the file", "high", "block",
        equivalents=("gitleaks:generic-api-key", "credsweeper:Token"),
        bad=(_x('access_token = "«SAMPLE»h6Q1"\n', "app/api.py"),),
        good=(_x('token_type = "SAMPLEh6Q1"\n', "app/api.py"), _x("max_tokens = 4096\n", "app/api.py")),
    ),
    _rule(
        "generic-api-key", "an API key is written into the file", "high", "block",
        equivalents=("gitleaks:generic-api-key", "credsweeper:API", "detect-secrets:KeywordDetector"),
        bad=(_x('api_key = "«SAMPLE»h6Q1"\n', "app/api.py"),),
        good=(_x('public_key = "SAMPLEh6Q1"\n', "app/api.py"), _x('api_key_id = "SAMPLEh6Q1"\n', "app/api.py")),
    ),
    _rule(
        "generic-credential", "a credential is written into the file", "high", "block",
        equivalents=("gitleaks:generic-api-key", "credsweeper:Auth", "credsweeper:Credential"),
        bad=(_x('service_credentials = "«SAMPLE»h6Q1"\n', "app/api.py"),),
        good=(_x('credentialsId = "SAMPLEh6Q1"\n', "app/api.py"), _x('author = "SAMPLEh6Q1"\n', "app/api.py")),
    ),
    _rule(
        "generic-key", "a value that looks like a key is written into the file", "medium", "warn", confidence="low",
        bad=(_x('widget_key = "«SAMPLE»h6Q1v8Nd"\n', "app/api.py"),),
        good=(_x('primary_key = "SAMPLEh6Q1v8Nd"\n', "app/api.py"),),
    ),
    _rule(
        "generic-salt", "a salt or seed is written into the file", "medium", "warn", confidence="low", cwe=760,
        why="A salt or seed that is the same everywhere and known to all no longer protects what was derived from it.",
        fix="Draw a fresh random salt for each value, and keep seeds of generators with the other secrets.",
        equivalents=("credsweeper:Salt", "credsweeper:Nonce", "credsweeper:Seed"),
        bad=(_x('PASSWORD_SALT = "«SAMPLE»h6Q1"\n', "app/hash.py"),),
        good=(_x("seed = 42\n", "app/hash.py"),),
    ),
    _rule(
        "uri-credentials", "an address holds a user's password", "critical", "block",
        fix="Take user and password out of the address; put the whole address into the environment or a secret manager. Revoke what was pushed.",
        equivalents=("detect-secrets:BasicAuth", "credsweeper:URL Credentials", "kingfisher:kingfisher.uri.1"),
        bad=(_x("DATABASE_URL=postgres://app:«SAMPLE»@db.internal/app\n", "deploy/app.env"),),
        good=(_x("DATABASE_URL=postgres://app:${DB_PASSWORD}@db.internal/app\n", "deploy/app.env"), _x("see https://user:password@example.com/\n", "README.md")),
    ),
    _rule(
        "authorization-header", "an Authorization header holds a credential", "high", "block",
        equivalents=("gitleaks:curl-auth-header",),
        bad=(_x('curl -H "Authorization: Bearer «SAMPLE»h6Q1" https://api.internal/\n', "deploy/ping.sh"),),
        good=(_x('curl -H "Authorization: Bearer $TOKEN" https://api.internal/\n', "deploy/ping.sh"),),
    ),
    _rule(
        "command-line-credentials", "a command line holds a password", "high", "block",
        fix="Let the tool read the password from standard input, a protected file or the environment. Revoke what was pushed.",
        equivalents=("gitleaks:curl-auth-user", "kingfisher:kingfisher.psexec.1"),
        bad=(_x("curl -u deploy:«SAMPLE» https://api.internal/\n", "deploy/ping.sh"),),
        good=(_x('curl -u "$USER:$PASSWORD" https://api.internal/\n', "deploy/ping.sh"),),
    ),
    _rule(
        "password-file", "a password file is committed", "critical", "block", cwe=538,
        bad=(_x("db.internal:5432:app:deploy:«SAMPLE»\n", ".pgpass"),),
        good=(_x("# host:port:database:user:password\n", ".pgpass"),),
    ),
    _rule(
        "password-hash", "a user's password hash is committed", "high", "block", cwe=522,
        why="A hash can be attacked offline, at billions of guesses a second for the older schemes, by whoever can read the repository.",
        fix="Create the file on the server or from a secret manager, and change the passwords whose hashes were pushed.",
        equivalents=("kingfisher:kingfisher.pwhash.1",),
        bad=(Example("deploy:«$apr1$" + "x7Qp2mZk$" + "Tw4Lpq9RbVn3cXs8dFg6h/»\n", ".htpasswd"),),
        good=(Example("deploy:x:0:\n", "etc/passwd"),),
    ),
    _rule(
        "rails-master-key", "a Rails master key is committed", "critical", "block", cwe=321,
        why="It decrypts config/credentials.yml.enc, and with it every secret of the application.",
        fix="Add the key file to .gitignore, hand it out through a secret manager, and rotate the key and everything it protected.",
        bad=(Example("«" + "5f3a9c1e7b2d4860" + "a9c3e5f7b1d20846" + "»\n", "config/master.key"),),
        good=(Example("-----BEGIN CERTIFICATE-----\n", "config/master.key"),),
    ),
)

RULES: Final = {rule.id: rule for rule in _LIST}
KIND_RULES: Final = {
    "password": "generic-password", "secret": "generic-secret", "token": "generic-token", "key": "generic-api-key",
    "auth": "generic-credential", "name": "generic-key", "salt": "generic-salt",
}  # fmt: skip
