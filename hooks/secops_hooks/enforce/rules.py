"""The rules about a change to the policy itself. Where they are found stands beside, in ``loosened`` and ``evasion``."""

from __future__ import annotations

from typing import Final

from ..finding import Rule

LOOSENED: Final = Rule(
    id="policy-loosened",
    family="kernel",
    title="this change loosens the policy that it is checked by",
    severity="high",
    tier="block",
    why="Whoever adds a finding must not wave it through as well: the policy of the base branch decides until somebody else agrees.",
    fix="Take it out of this change; or let an owner of the policy agree, and run the check with --accept-policy-change.",
    cwe=693,
)
EVADED: Final = Rule(
    id="hook-evaded",
    family="kernel",
    title="this commit was made without the hooks",
    severity="high",
    tier="block",
    why="The commit holds what the hooks stop, so they were skipped or not installed; what it brought stays in the history.",
    fix="Install the hooks. If a credential was committed, revoke it; then rewrite the branch without that commit, or squash it.",
    cwe=693,
)
RULES: Final = (LOOSENED, EVADED)
