"""Rules of the formats: one function turns a row of the table into the rule that people read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ..finding import Rule
from .formats.notation import Format

if TYPE_CHECKING:
    from ..finding import Severity, Tier

MALFORMED: Final = Rule(
    id="credential-malformed",
    family="secrets",
    title="begins like a known credential, but is none",
    severity="info",
    tier="audit",
    why=(
        "The provider's tokens have another length or other characters, so this one opens nothing: it was cut, mistyped or invented. "
        "It is listed because formats change and a part of a token can be guessed to the end."
    ),
    fix="If it is what remains of a real credential, revoke that one; if it is a placeholder, write one that cannot be mistaken.",
    confidence="low",
    cwe=798,
)


_HISTORY: Final = "What was once pushed stays in the history, in forks and in backups."
# slug: title, why, fix; where the common wording would say too little
_OWN: Final[Mapping[str, tuple[str, str, str]]] = {
    "json-web-token": (
        "JSON Web Token",
        f"Whoever holds the token is its subject until it expires, at every service that trusts its issuer. {_HISTORY}",
        "Take it out. If it has not expired, end the session it belongs to or have the issuer revoke it; in "
        "tests, make tokens at run time with a key of the test.",
    ),
    "aws-access-key-id": (
        "AWS access key id",
        f"The id names the account and the user, and with its secret, which is rarely far, it opens all that this user may do. {_HISTORY}",
        "Deactivate the key in IAM (users, security credentials), look at its last use, make a new one if a role "
        "cannot do the work, and read it from the environment.",
    ),
    "aws-secret-access-key": (
        "AWS secret access key",
        "With the key id beside it this opens everything the user may do in the account, and bots find such keys "
        f"within minutes of a push. {_HISTORY}",
        "Deactivate the key in IAM at once, read CloudTrail for its use, then delete it. Prefer roles and "
        "short-lived credentials (OIDC in CI) to keys in files.",
    ),
    "github-pat": (
        "GitHub personal access token (classic)",
        f"It can do all that its scopes allow in every repository its owner reaches. {_HISTORY}",
        "Delete it at GitHub (settings, developer settings, personal access tokens). In workflows use the job's "
        "own token or a GitHub App; elsewhere a fine-grained token with an expiry.",
    ),
    "npm-access-token": (
        "npm access token",
        f"Whoever has it publishes packages in its owner's name, to everybody who installs them. {_HISTORY}",
        "Revoke it (npm token revoke) and publish through trusted publishing, or read the token from the "
        "environment: //host/:_authToken=${NPM_TOKEN} in .npmrc.",
    ),
    "pypi-upload-token": (
        "PyPI upload token",
        f"Whoever has it uploads releases that everybody who upgrades will run. {_HISTORY}",
        "Remove it at PyPI (account settings, API tokens) and publish through trusted publishing, which needs no token.",
    ),
    "sk-api-key": (
        "API key of the form sk-…, as OpenAI and compatible services give out",
        f"Whoever has it spends its owner's money. {_HISTORY}",
        "Revoke it at the service that issued it and read the new one from the environment or a secret store.",
    ),
    "slack-webhook-url": (
        "Slack incoming webhook",
        f"Whoever has the address writes into the channel as a trusted app, links included. {_HISTORY}",
        "Regenerate the webhook in the app's settings at Slack and read the address from the environment.",
    ),
}


_SPELT: Final = {"api": "API", "id": "ID", "oauth": "OAuth", "oauth2": "OAuth2", "url": "URL", "jwt": "JWT", "pat": "PAT"}


def describe(fmt: Format) -> str:
    """Provider and kind in running text, without saying the provider twice."""
    kind = " ".join(_SPELT.get(word.lower(), word if word[1:] != word[1:].lower() else word.lower()) for word in fmt.kind.split())
    first = fmt.provider.split()[0].lower()
    if kind.lower().startswith(fmt.provider.lower()) or kind.lower().split()[0] == first:
        return fmt.provider + kind[len(fmt.provider) :] if kind.lower().startswith(fmt.provider.lower()) else kind[0].upper() + kind[1:]
    return f"{fmt.provider} {kind}"


@lru_cache(maxsize=4096)
def rule_of(fmt: Format) -> Rule:
    """The rule of one format. Fixed wording for all: what differs is who gave the credential out and where to revoke it."""
    what = describe(fmt)
    severity: Severity = fmt.severity  # type: ignore[assignment]
    tier: Tier = fmt.tier  # type: ignore[assignment]
    if tier == "audit":
        why = f"By itself this opens nothing at {fmt.provider}, but it names the account, and its secret is often not far."
        fix = "Nothing, unless the key gives more than its public use needs."
    else:
        why = (
            f"Whoever reads the repository, a fork, a clone or a backup of it can use this at {fmt.provider} as its owner can; "
            "what was once pushed stays in the history."
        )
        fix = (
            f"Revoke it at {fmt.provider} and make a new one; deleting the line is not enough once it was pushed. "
            f"Read the new one at run time from the environment or a secret store{_example_name(fmt)}."
        )
    what, why, fix = _OWN.get(fmt.slug, (what, why, fix))
    return Rule(
        id=fmt.slug,
        family="secrets",
        title=what,
        severity=severity,
        tier=tier,
        why=why,
        fix=fix,
        confidence="medium" if fmt.context else "high",
        cwe=798,
        equivalents=fmt.equivalents,
    )


def _example_name(fmt: Format) -> str:
    return f", for example as {fmt.key_names[0]}" if fmt.key_names else ""


def all_rules() -> Mapping[str, Rule]:
    """Every rule of the formats and of private keys by id; loads the whole table."""
    from .formats.catalogue import load, numbers
    from .private_keys import RULES
    from .stores import RULE as STORE

    found = {rule.id: rule for rule in (*RULES, STORE, MALFORMED)}
    found.update({fmt.slug: rule_of(fmt) for fmt in map(load, numbers())})
    return found
