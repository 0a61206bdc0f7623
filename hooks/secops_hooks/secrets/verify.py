"""What a token says about itself without any network: its checksum, its decoded structure, whom it belongs to.

One named function a kind of check, one table that says which format has which. A function answers with a
:class:`Verdict`; it never raises and never returns a part of a secret.

How sure each algorithm is stands beside it. Samples in public corpora are mostly invented, so their checksums fail:
a failed checksum lowers confidence and tier (``check.py`` does that), it does not prove innocence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from .checksums.encoded import base32, base58, base64, json_object, readable


class Verdict(NamedTuple):
    """``valid``: the check holds, fails, or (``None``) says nothing. ``learned`` is what to tell people; ``public``: meant to be seen.

    ``expired``: it opens nothing any more; ``made``: anybody makes such a token, with a key of their own.
    """

    valid: bool | None = None
    learned: str = ""
    public: bool = False
    expired: bool = False
    made: bool = False


NOTHING: Final = Verdict()
Check = Callable[[str], Verdict]


def verify(slug: str, token: str) -> Verdict:
    """The verdict on ``token`` as a token of format ``slug``; :data:`NOTHING` where the format has no offline check."""
    check = CHECKS.get(slug)
    return check(token) if check else NOTHING


def _is(expected: str, found: str, learned: str = "") -> Verdict:
    return Verdict(True, learned) if expected == found else Verdict(False)


def _day(seconds: float) -> str:
    try:
        return time.strftime("%Y-%m-%d", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return ""


# -- CRC32 (GitHub's blog describes the first; the others were confirmed on samples)


def crc_base62_after_prefix(token: str) -> Verdict:
    """GitHub classic tokens, npm, Vercel: the last six characters over the body behind the first ``_``."""
    from .checksums.crc import base62

    body = token[token.index("_") + 1 :]
    return _is(base62(body[:-6]), body[-6:])


def crc_base62_after_last_underscore(token: str) -> Verdict:
    """SaladCloud: as GitHub, the prefix has several underscores."""
    from .checksums.crc import base62

    body = token[token.rindex("_") + 1 :]
    return _is(base62(body[:-6]), body[-6:]) if len(body) == 48 else NOTHING


def crc_base62_whole(token: str) -> Verdict:
    """Weights & Biases: over everything before, prefix included."""
    from .checksums.crc import base62

    return _is(base62(token[:-6]), token[-6:])


def crc_base62_apify(token: str) -> Verdict:
    """Apify: over everything before, digits with lower case first."""
    from .checksums.crc import BASE62_LOWER_FIRST, base62

    return _is(base62(token[:-6], BASE62_LOWER_FIRST), token[-6:])


def crc_hex_after_prefix(token: str) -> Verdict:
    """Cloudflare: eight hexadecimal digits over the forty characters behind the prefix."""
    from .checksums.crc import hex_big

    body = token[token.index("_") + 1 :]
    return _is(hex_big(body[:-8]), body[-8:])


def crc_hex_zuplo(token: str) -> Verdict:
    """Zuplo: eight hexadecimal digits over the body between the underscores."""
    from .checksums.crc import hex_big

    _, body, check = token.split("_")
    return _is(hex_big(body), check)


def crc_hex_upper_whole(token: str) -> Verdict:
    """Atlassian API tokens and Bitbucket access tokens: eight upper-case digits over everything before, ``=`` included."""
    from .checksums.crc import hex_big

    return _is(hex_big(token[:-8]).upper(), token[-8:])


def crc_grafana(token: str) -> Verdict:
    """Grafana service accounts: little-endian over prefix and secret (grafana, pkg/components/satokengen)."""
    from .checksums.crc import hex_little

    return _is(hex_little(token[:-9]), token[-8:])


def crc_confluent(token: str) -> Verdict:
    """Confluent Cloud secrets: base64 of the little-endian CRC over what lies between prefix and checksum."""
    from .checksums.crc import base64_little

    return _is(base64_little(token[4:-6]), token[-6:])


def gitlab_routable(token: str) -> Verdict:
    """GitLab routable tokens: ``payload.version``, length and CRC32 in base36 over everything before; the payload names its route."""
    from .checksums.crc import base36

    if token.count(".") < 2 or base36(token[:-7]) != token[-7:]:
        return Verdict(False)
    start = token.rindex("_") + 1 if token.startswith("glrt-t") else token.index("-") + 1
    routes = {b"c": "cell", b"g": "group", b"o": "organization", b"p": "project", b"u": "user"}
    told = []
    for line in base64(token[start : token.index(".", start)])[:200].split(b"\n"):
        name, _, value = line.partition(b":")
        if name in routes and value.isalnum() and value.isascii():
            told.append(f"{routes[name]} {int(value, 36)}")
    return Verdict(True, ", ".join(told))


def github_fine_grained(token: str) -> Verdict:
    """GitHub fine-grained tokens: eight base32 characters of SHA-256 behind the 43-character secret, over all before them."""
    from base64 import b32encode
    from hashlib import sha256

    at = token.rindex("_") + 1 + 43
    return _is(b32encode(sha256(token[:at].encode()).digest()).decode()[:8], token[at : at + 8])


# -- other checksums


def age(token: str) -> Verdict:
    """age secret keys: bech32 (C2SP age)."""
    from .checksums.bech32 import valid

    return Verdict(valid(token))


def nats_seed(token: str) -> Verdict:
    """NATS seeds: base32 of prefix, ed25519 seed and CRC16 (nats-io/nkeys)."""
    from .checksums.crc import crc16_xmodem

    data = base32(token)
    if len(data) != 36 or crc16_xmodem(data[:34]) != int.from_bytes(data[34:], "little"):
        return Verdict(False)
    roles = {"N": "server", "C": "cluster", "O": "operator", "A": "account", "U": "user", "X": "curve"}
    return Verdict(True, f"seed of a {roles.get(token[1], 'key')}")


def _azure(*seeds: str) -> Check:
    """Azure's identifiable keys: Marvin32 under the service's seed. Storage and Cosmos DB confirmed on samples, the others
    follow the published description without a genuine sample, so that their failure says nothing."""

    def check(token: str) -> Verdict:
        from .checksums.marvin import azure

        data = base64(token)
        if any(azure(data, seed) for seed in seeds):
            return Verdict(True)
        return Verdict(False if seeds[0] in ("Default0", "MastRW00") else None)

    return check


def azure_devops_legacy(token: str) -> Verdict:
    """Azure DevOps tokens of 52 base32 characters; the place of the CRC is published but was not confirmed on a genuine sample."""
    data = base32(token)
    if len(data) != 32:
        return NOTHING
    from binascii import crc32

    order = (22, 8, 7, 2)
    check = int.from_bytes(bytes(data[i] for i in order), "little")
    rest = crc32(bytes(b for i, b in enumerate(data) if i not in order))
    return Verdict(True if check in (rest ^ 0xE0B9692D, rest ^ 0x1019F92E) else None)


# -- AWS


def aws_account(token: str) -> Verdict:
    """AWS access key ids issued since 2019 hold the account id (hackingthe.cloud); older alphabets do not decode."""
    data = base32(token[4:])
    if len(data) < 6:
        return NOTHING
    return Verdict(None, f"of AWS account {(int.from_bytes(data[:6], 'big') & 0x7FFFFFFFFF80) >> 7:012d}")


def bedrock_long(token: str) -> Verdict:
    """Amazon Bedrock API keys: base64 of ``BedrockAPIKey-…-at-ACCOUNT:…``."""
    data = base64(token[4:])
    if not data.startswith(b"BedrockAPIKey-"):
        return Verdict(False)
    account = data.partition(b"-at-")[2][:12]
    return Verdict(True, f"of AWS account {account.decode()}" if account.isdigit() and len(account) == 12 else "")


def bedrock_short(token: str) -> Verdict:
    """Short-term Bedrock keys: base64 of a presigned request with date and lifetime."""
    data = base64(token[len("bedrock-api-key-") :])
    from re import search

    at = search(rb"X-Amz-Date=(\d{8})T\d{6}Z", data)
    return Verdict(True, f"made on {at[1].decode()}") if at else NOTHING


# -- tokens that are base64 of something readable


def jwt(token: str) -> Verdict:
    """JSON Web Tokens (RFC 7519): the header must be JSON; issuer, audience and expiry are read, the signature cannot be checked."""
    header, _, rest = token.partition(".")
    head = json_object(base64(header))
    if not head or not ({"alg", "enc", "typ", "kid"} & set(head)):
        return Verdict(False)
    body = json_object(base64(rest.partition(".")[0]))
    told = [f"issuer {issuer}"] if (issuer := readable(body.get("iss"))) else []
    role = readable(body.get("role"), 24)
    if role:
        told.append(f"role {role}")
    expiry = body.get("exp")
    expired = False
    if isinstance(expiry, int | float) and not isinstance(expiry, bool) and 0 < expiry < 1e11:
        expired = expiry < time.time() - _GRACE
        told.append(("expired " if expiry < time.time() else "expires ") + _day(expiry))
    elif body:
        told.append("without expiry")
    public = role == "anon" or body.get("iss") == "supabase-demo" or str(head.get("alg", "")).lower() == "none"
    known = bool(_CLAIMS & set(body))
    # numbers alone say neither who nor for what
    nameless = bool(body) and not known and all(isinstance(value, int | float) for value in body.values())
    return Verdict(
        True if known else None, ", ".join(told), public or nameless, expired, True
    )  # numbers alone say neither who nor for what


_GRACE: Final = 86_400  # seconds behind its expiry after which nobody takes a token any more, whatever the clocks
_CLAIMS: Final = frozenset(
    (
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp", "email", "role",
        "scope", "scp", "client_id", "tenant", "tid", "uid", "user", "user_id", "username", "id",
    )
)  # fmt: skip


def _json_after(skip: int, needed: tuple[str, ...], tell: Callable[[dict[str, Any]], str]) -> Check:
    """Base64 JSON behind ``skip`` characters, which must have the keys ``needed``."""

    def check(token: str) -> Verdict:
        found = json_object(base64(token[skip:]))
        return Verdict(True, tell(found)) if all(key in found for key in needed) else Verdict(False)

    return check


def sentry_org(token: str) -> Verdict:
    """Sentry organisation tokens (RFC 0091): JSON with ``org`` and ``url`` between prefix and secret."""
    found = json_object(base64(token[7 : token.rindex("_")]))
    if "url" not in found and "org" not in found:
        return Verdict(False)
    return Verdict(True, f"organisation {org}" if (org := readable(found.get("org"), 40)) else "")


def mapbox(token: str) -> Verdict:
    """Mapbox tokens: the middle is JSON with the user's name."""
    found = json_object(base64(token.split(".")[1]))
    return Verdict(True, f"of user {user}" if (user := readable(found.get("u"), 40)) else "") if "u" in found else Verdict(False)


def jfrog_key(token: str) -> Verdict:
    """JFrog API keys: base58 of 54 bytes with a fixed beginning (confirmed on samples)."""
    data = base58(token)
    return Verdict(True) if len(data) == 54 and data.startswith(b"\x01\xfd\xe0") else Verdict(None)


def jfrog_reference(token: str) -> Verdict:
    """JFrog reference tokens: base64 of ``reftkn:NN:EXPIRY:…``."""
    fields = base64(token).split(b":")
    if len(fields) != 4 or fields[0] != b"reftkn" or not fields[2].isdigit():
        return Verdict(False)
    expiry = int(fields[2])
    return Verdict(True, f"expires {_day(expiry)}" if expiry else "without expiry")


def jira_data_center(token: str) -> Verdict:
    """Jira Data Center tokens: base64 of twelve digits, a colon and twenty random bytes."""
    data = base64(token)
    return Verdict(True) if len(data) == 33 and data[:12].isdigit() and data[12:13] == b":" else Verdict(False)


def discord_bot(token: str) -> Verdict:
    """Discord bots: the first segment is the bot's snowflake in base64."""
    number = base64(token.split(".")[0])
    if not (number.isdigit() and 16 <= len(number) <= 20):
        return Verdict(False)
    return Verdict(True, f"of bot {number.decode()}, made {_day((int(number) >> 22) / 1000 + 1420070400)}")


def telegram_bot(token: str) -> Verdict:
    return Verdict(None, f"of bot {token.partition(':')[0]}")


def slack(token: str) -> Verdict:
    """Slack tokens carry the numbers of workspace and bot or user in clear."""
    number = token.split("-")[1]
    return Verdict(None, f"of workspace {number}" if number.isdigit() else "")


def slack_webhook(token: str) -> Verdict:
    team = [part for part in token.split("/") if part.startswith("T") and 8 <= len(part) <= 13]
    return Verdict(None, f"of workspace {team[0]}" if team else "")


def sendgrid(token: str) -> Verdict:
    """SendGrid: 16 and 32 bytes in base64."""
    _, first, second = token.split(".")
    return Verdict((len(base64(first)) == 16 and len(base64(second)) == 32) or None)


def postman(token: str) -> Verdict:
    """Postman keys begin with a MongoDB ObjectId, whose first four bytes are a time."""
    seconds = int(token[5:13], 16)
    return Verdict(True, f"made {_day(seconds)}") if 1_400_000_000 < seconds < time.time() + 86400 else NOTHING


def swarm(token: str) -> Verdict:
    """Docker swarm: base36 of a SHA-256 and of sixteen bytes, so both are bounded (swarmkit)."""
    digest, secret = token.split("-")[2:4]
    return Verdict(int(digest, 36) < 1 << 256 and int(secret, 36) < 1 << 128)


def macaroon_fly(token: str) -> Verdict:
    """Fly.io: a MessagePack macaroon, an array first."""
    first = token.split(",")[0]
    data = base64(first[first.index("_") + 1 :][: (len(first) - first.index("_") - 1) // 4 * 4])
    return Verdict(True if data[:1] in (b"\x94", b"\x93", b"\x92") else None)


def macaroon_pypi(token: str) -> Verdict:
    """PyPI: a libmacaroons v2 packet whose location names the index."""
    body = token.partition("-")[2]
    data = base64(body[: len(body) // 4 * 4])
    place = data[3 : 3 + data[2]] if len(data) > 3 and data[:2] == b"\x02\x01" else b""
    return Verdict(True, f"for {place.decode()}") if place in (b"pypi.org", b"test.pypi.org") else NOTHING


def openai(token: str) -> Verdict:
    """OpenAI: the marker ``T3BlbkFJ`` (base64 of OpenAI) stands in the middle of the random part."""
    before, _, after = token.partition("T3BlbkFJ")
    body = before.rpartition("-")[2] if before.startswith(("sk-proj", "sk-svc", "sk-adm")) else before[3:]
    return Verdict(True if len(after) in (20, 58, 74) and len(body) <= len(after) + 8 else None)


def huggingface(token: str) -> Verdict:
    """Hugging Face: 34 letters, no digit (23 of 25 samples)."""
    return Verdict(token[token.rindex("_") + 1 :].isalpha() or None)


def one_password(token: str) -> Verdict:
    found = json_object(base64(token[4:]))
    return Verdict(True, f"for {place}" if (place := readable(found.get("signInAddress"), 60)) else "") if found else Verdict(False)


def facebook_app(token: str) -> Verdict:
    return Verdict(None, f"of app {token.split('|')[0].split('%')[0]}")


def mailchimp(token: str) -> Verdict:
    return Verdict(None, f"data centre {token.rpartition('-')[2]}")


def coinbase(token: str) -> Verdict:
    return Verdict(None, f"organisation {token.split('/')[1]}")


CHECKS: Final[Mapping[str, Check]] = {
    "github-pat": crc_base62_after_prefix,
    "github-oauth-token": crc_base62_after_prefix,
    "github-user-to-server-token": crc_base62_after_prefix,
    "github-installation-token": lambda token: jwt(token.split("_", 2)[2]) if "." in token else crc_base62_after_prefix(token),
    "github-refresh-token": crc_base62_after_prefix,
    "github-fine-grained-pat": github_fine_grained,
    "npm-access-token": crc_base62_after_prefix,
    "vercel-app-access-token": crc_base62_after_prefix,
    "vercel-vci-token": crc_base62_after_prefix,
    "vercel-vck-token": crc_base62_after_prefix,
    "vercel-vcp-token": crc_base62_after_prefix,
    "vercel-vcr-token": crc_base62_after_prefix,
    "saladcloud-api-key": crc_base62_after_last_underscore,
    "wandb-api-key-v1": crc_base62_whole,
    "apify-api-token": crc_base62_apify,
    "cloudflare-account-token": crc_hex_after_prefix,
    "cloudflare-user-token": crc_hex_after_prefix,
    "cloudflare-global-key-v2": crc_hex_after_prefix,
    "zuplo-consumer-api-key": crc_hex_zuplo,
    "atlassian-api-token": crc_hex_upper_whole,
    "bitbucket-access-token": crc_hex_upper_whole,
    "bitbucket-app-password": crc_hex_upper_whole,
    "grafana-service-account-token": crc_grafana,
    "confluent-cloud-api-secret": crc_confluent,
    "gitlab-routable-pat": gitlab_routable,
    "gitlab-routable-runner-token": gitlab_routable,
    "age-secret-key": age,
    "nats-nkey-seed": nats_seed,
    "azure-storage-account-key": _azure("Default0"),
    "azure-cosmosdb-key": _azure("MastRW00", "MastRO00"),
    "azure-servicebus-key": _azure("Send0000", "Manage00", "Listen00", "Unknown0"),
    "azure-eventhub-key": _azure("Send0000", "Manage00", "Listen00", "Unknown0"),
    "azure-relay-key": _azure("Send0000", "Manage00", "Listen00", "Unknown0"),
    "azure-batch-key": _azure("AbAAct00"),
    "azure-functions-key": _azure("Master00", "System00", "Functi00"),
    "azure-redis-key": _azure("Access00"),
    "azure-search-key": _azure("Query000", "PAdmin00"),
    "azure-ml-classic-key": _azure("Classic0"),
    "azure-container-registry-key": _azure("ACRDflt0"),
    "azure-iot-key": _azure("IoTHub00", "DpsKey00", "Device00"),
    "azure-apim-key": _azure("Tenant00", "IoTHub00", "Gateway0", "GitKey00"),
    "azure-devops-legacy-pat": azure_devops_legacy,
    "aws-access-key-id": aws_account,
    "aws-temporary-access-key-id": aws_account,
    "aws-bearer-key-id": aws_account,
    "aws-bedrock-long-term-key": bedrock_long,
    "aws-bedrock-short-term-key": bedrock_short,
    "json-web-token": jwt,
    "livestorm-api-key": jwt,
    "scalr-api-access-token": jwt,
    "pinata-jwt": jwt,
    "grafana-api-key": _json_after(0, ("k", "n", "id"), lambda o: f"named {name}" if (name := readable(o.get("n"), 40)) else ""),
    "grafana-cloud-access-policy-token": _json_after(4, ("o", "n", "k"), lambda o: f"organisation {readable(str(o.get('o')), 20)}"),
    "sentry-org-auth-token": sentry_org,
    "mapbox-public-token": mapbox,
    "mapbox-secret-token": mapbox,
    "jfrog-api-key": jfrog_key,
    "jfrog-reference-token": jfrog_reference,
    "atlassian-datacenter-pat": jira_data_center,
    "discord-bot-token": discord_bot,
    "telegram-bot-token": telegram_bot,
    "slack-bot-token": slack,
    "slack-user-token": slack,
    "slack-webhook-url": slack_webhook,
    "sendgrid-api-key": sendgrid,
    "postman-api-key": postman,
    "docker-swarm-join-token": swarm,
    "flyio-access-token": macaroon_fly,
    "pypi-upload-token": macaroon_pypi,
    "pypi-test-upload-token": macaroon_pypi,
    "openai-legacy-key": openai,
    "openai-proj-key": openai,
    "openai-svcacct-key": openai,
    "openai-admin-key": openai,
    "huggingface-user-access-token": huggingface,
    "huggingface-organization-api-token": huggingface,
    "1password-service-account-token": one_password,
    "facebook-app-access-token": facebook_app,
    "mailchimp-api-key": mailchimp,
    "coinbase-cdp-api-key-ecdsa": coinbase,
}

_INTEGRITY: Final = (
    crc_base62_after_prefix, crc_base62_after_last_underscore, crc_base62_whole, crc_base62_apify, crc_hex_after_prefix, crc_hex_zuplo,
    crc_hex_upper_whole, crc_grafana, crc_confluent, gitlab_routable, github_fine_grained, age, nats_seed, azure_devops_legacy,
)  # fmt: skip
# formats with a true checksum; of the others, «valid» means that what they carry could be read
CHECKSUMS: Final = frozenset(
    slug
    for slug, check in CHECKS.items()
    if check in _INTEGRITY or check.__qualname__.startswith("_azure.") or slug == "github-installation-token"
)
