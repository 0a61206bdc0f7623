"""Dependabot's own settings."""

from __future__ import annotations

from ...finding import Example, Rule
from ..match import Keys, Missing, Replace
from ..predicates import less_than, one_of

_KIND = ("dependabot",)
_DOCS = "https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference"
_HEAD = "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n    schedule:\n      interval: weekly\n"

RULES: tuple[Rule, ...] = (
    Rule(
        id="dependabot-external-code",
        family="config",
        title="updates run code of the packages they look at",
        severity="high",
        tier="block",
        cwe=829,
        why="Manifests such as setup.py or a Gemfile are programs; with this setting every new version of a dependency runs in Dependabot, with the credentials of your registries in reach.",
        fix="Take insecure-external-code-execution out, or set it to deny.",
        match=Keys(_KIND, ("updates[*].insecure-external-code-execution",), one_of("allow"), mend=Replace("deny", safe=False)),
        equivalents=("zizmor:dependabot-execution",),
        references=(_DOCS,),
        bad=(Example(_HEAD + "    insecure-external-code-execution: «allow»\n"),),
        good=(
            Example(_HEAD + "    insecure-external-code-execution: deny\n"),
            Example(_HEAD + "    insecure-external-code-execution: ${EXTERNAL}\n"),
        ),
    ),
    Rule(
        id="dependabot-no-cooldown",
        family="config",
        title="updates are proposed the minute they are published",
        severity="low",
        tier="audit",
        cwe=1357,
        why="Most malicious releases are found and taken down within days; an update that waits does not bring them in.",
        fix="Add cooldown: {default-days: 7} to the entry; security updates are not delayed by it.",
        match=Missing(_KIND, ("updates[*]",), ("cooldown",)),
        equivalents=("zizmor:dependabot-cooldown",),
        references=(_DOCS,),
        bad=(Example(_HEAD.replace("package-ecosystem", "«package-ecosystem»")),),
        good=(Example(_HEAD + "    cooldown:\n      default-days: 7\n"), Example(_HEAD + "    cooldown: ${COOLDOWN}\n")),
    ),
    Rule(
        id="dependabot-short-cooldown",
        family="config",
        title="the cooldown is shorter than the time in which bad releases are found",
        severity="low",
        tier="audit",
        cwe=1357,
        why="Most malicious releases are taken down within a week; a cooldown of a day or two lets half of them in.",
        fix="Set default-days to 7 or more.",
        match=Keys(_KIND, ("updates[*].cooldown.default-days",), less_than(7), mend=Replace("7")),
        equivalents=("zizmor:dependabot-cooldown",),
        references=(_DOCS,),
        bad=(Example(_HEAD + "    cooldown:\n      default-days: «2»\n"),),
        good=(Example(_HEAD + "    cooldown:\n      default-days: 7\n"), Example(_HEAD + "    cooldown:\n      default-days: ${DAYS}\n")),
    ),
    Rule(
        id="dependabot-cooldown-without-default",
        family="config",
        title="the cooldown does not say how long all other updates wait",
        severity="low",
        tier="audit",
        cwe=1357,
        why="Without default-days only the kinds of updates that are named wait; the others are proposed the minute they are published.",
        fix="Add default-days: 7.",
        match=Missing(_KIND, ("updates[*].cooldown",), ("default-days",)),
        equivalents=("zizmor:dependabot-cooldown",),
        references=(_DOCS,),
        bad=(Example(_HEAD + "    «cooldown»:\n      semver-major-days: 30\n"),),
        good=(
            Example(_HEAD + "    cooldown:\n      default-days: 7\n      semver-major-days: 30\n"),
            Example(_HEAD + "    cooldown:\n      default-days: ${DAYS}\n"),
        ),
    ),
)
