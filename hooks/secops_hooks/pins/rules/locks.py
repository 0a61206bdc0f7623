"""The rules about locks that no longer fit, with their proof."""

from __future__ import annotations

from typing import Final

from ...finding import Example, Rule

LOCK_DRIFT: Final = Rule(
    id="lock-drift",
    family="pins",
    title="the lock file no longer says what its manifest says",
    severity="medium",
    tier="block",
    cwe=1357,
    why=(
        "Whoever installs from this lock gets something else than the manifest asks for, and the next tool that notices resolves anew, "
        "without review."
    ),
    fix="Make the lock anew with the tool that wrote it, and commit both files together; the message names the command.",
    references=("https://slsa.dev/spec/v1.0/threats",),
    bad=(
        Example(
            '{"name": "a", "dependencies": {«"left-pad": "^2.0.0"»}}\n',
            "package.json",
            (
                (
                    "package-lock.json",
                    '{"name": "a", "lockfileVersion": 3, "packages": {"": {"name": "a", "dependencies": {"left-pad": "^1.0.0"}}}}\n',
                ),
            ),
        ),
    ),
    good=(
        Example(
            '{"name": "a", "dependencies": {"left-pad": "^1.0.0"}}\n',
            "package.json",
            (
                (
                    "package-lock.json",
                    '{"name": "a", "lockfileVersion": 3, "packages": {"": {"name": "a", "dependencies": {"left-pad": "^1.0.0"}}}}\n',
                ),
            ),
        ),
    ),
)
LOCK_UNVERIFIABLE: Final = Rule(
    id="lock-unverifiable",
    family="pins",
    title="whether this lock is fresh cannot be told offline",
    severity="info",
    tier="audit",
    why="The lock records nothing that could be compared with its manifest, or the manifest computes what it asks for.",
    fix="Let CI install with the frozen option of your package manager, which fails when the lock does not fit.",
    bad=(Example('«»{"lockfileVersion": 3}\n', "package-lock.json", (("package.json", '{"dependencies": {"left-pad": "1"}}\n'),)),),
    good=(
        Example(
            '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"left-pad": "1"}}}}\n',
            "package-lock.json",
            (("package.json", '{"dependencies": {"left-pad": "1"}}\n'),),
        ),
    ),
)
RULES: Final = (LOCK_DRIFT, LOCK_UNVERIFIABLE)
