"""Inputs of actions that are run as code: where an expression is a template injection although it is no ``run:``.

Facts from the actions' own manuals. Names are lower case; a subpath counts as its repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .workflow import scalar

if TYPE_CHECKING:
    from ...parse.node import Node
    from .workflow import Step

CODE_INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "actions/github-script": ("script",),
    "8398a7/action-slack": ("custom_payload",),
    "addnab/docker-run-action": ("run", "options"),
    "amadevus/pwsh-script": ("script",),
    "appleboy/ssh-action": ("script",),
    "appleboy/ssh-remote-action": ("script",),
    "fifsky/ssh-action": ("command",),
    "garygrossgarten/github-action-ssh": ("command",),
    "d3rhase/ssh-command-action": ("command",),
    "azure/cli": ("inlinescript",),
    "azure/powershell": ("inlinescript",),
    "cardinalby/js-eval-action": ("expression",),
    "coactions/setup-xvfb": ("run",),
    "gabrielbb/xvfb-action": ("run",),
    "cypress-io/github-action": ("build", "start", "command", "install-command", "command-prefix", "wait-on"),
    "dawidd6/action-ansible-playbook": ("options",),
    "devcontainers/ci": ("runcmd",),
    "jannekem/run-python-script-action": ("script",),
    "matlab-actions/run-command": ("command",),
    "mikefarah/yq": ("cmd",),
    "nick-fields/retry": ("command", "on_retry_command", "new_command_on_retry"),
    "nick-invision/retry": ("command", "on_retry_command", "new_command_on_retry"),
    "wandalen/wretry.action": ("command",),
    "reactivecircus/android-emulator-runner": ("script", "pre-emulator-launch-script"),
    "satackey/action-js-inline": ("script",),
    "sergeysova/jq-action": ("cmd",),
    "sonarsource/sonarcloud-github-action": ("args",),
    "sonarsource/sonarqube-scan-action": ("args",),
    "stackhawk/hawkscan-action": ("args",),
    "tibdex/backport": ("body_template", "head_template", "title_template"),
    "uraimo/run-on-arch-action": ("run", "install", "setup"),
    "vmactions/freebsd-vm": ("run", "prepare"),
    "vmactions/openbsd-vm": ("run", "prepare"),
    "vmactions/netbsd-vm": ("run", "prepare"),
    "vmactions/solaris-vm": ("run", "prepare"),
    "vmactions/dragonflybsd-vm": ("run", "prepare"),
    "vmactions/omnios-vm": ("run", "prepare"),
    "cross-platform-actions/action": ("run",),
    "gr2m/create-or-update-pull-request-action": ("commit-message", "title"),
    "workflow/nix-shell-action": ("script",),
    "wei/curl": ("args",),
}

# agents: inputs that are read as orders
PROMPT_INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "anthropics/claude-code-action": ("prompt", "direct_prompt", "override_prompt", "custom_instructions"),
    "anthropics/claude-code-base-action": ("prompt", "system_prompt", "append_system_prompt"),
    "google-github-actions/run-gemini-cli": ("prompt",),
    "google-gemini/gemini-cli-action": ("prompt",),
    "openai/codex-action": ("prompt",),
    "actions/ai-inference": ("prompt", "system-prompt"),
    "warpdotdev/warp-agent-action": ("prompt",),
    "sst/opencode/github": ("prompt",),
}
# agents: inputs that let anybody give orders when they hold «*»
OPEN_INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "anthropics/claude-code-action": ("allowed_non_write_users", "allowed_bots"),
    "openai/codex-action": ("allow-users", "allow-bot-users"),
}


def code_of(step: Step) -> Iterator[Node]:
    """The scalars of ``step`` that a shell or an interpreter runs."""
    if step.run is not None:
        yield step.run
    uses = step.uses
    if uses is None:
        return
    wanted = CODE_INPUTS.get(uses.repository)
    if wanted:
        for name, node in step.inputs().items():
            found = scalar(node)
            if name in wanted and found is not None:
                yield found
    if uses.docker:
        inputs = step.inputs()
        for name in ("args", "entrypoint"):
            found = scalar(inputs.get(name))
            if found is not None and ("sh" in found.text.split()[:1] or "-c" in found.text.split()[:2]):
                yield found


def prompts_of(step: Step) -> Iterator[Node]:
    """The scalars of ``step`` that an agent takes as its orders."""
    wanted = PROMPT_INPUTS.get(step.uses.name) or PROMPT_INPUTS.get(step.uses.repository) if step.uses is not None else None
    for name, node in step.inputs().items() if wanted else ():
        found = scalar(node)
        if wanted and name in wanted and found is not None:
            yield found
