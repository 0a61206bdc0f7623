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

    found = {rule.id: rule for rule in (*RULES, MALFORMED)}
    found.update({fmt.slug: rule_of(fmt) for fmt in map(load, numbers())})
    return found
