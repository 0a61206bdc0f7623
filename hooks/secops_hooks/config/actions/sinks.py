"""Inputs of actions that are run as code: where an expression is a template injection although it is no ``run:``.

Facts from the actions' own manuals. Names are lower case (``*`` is any beginning); a subpath counts as its repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .contexts import like
from .workflow import scalar

if TYPE_CHECKING:
    from ...parse.node import Node
    from .workflow import Step

CODE_INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "8398a7/action-slack": ("custom_payload",),
    "actions-hub/kubectl": ("args",),
    "actions-rs/cargo": ("args",),
    "actions/github-script": ("script",),
    "addnab/docker-run-action": ("run", "options"),
    "amadevus/pwsh-script": ("script",),
    "andresz1/size-limit-action": ("build_script", "clean_script"),
    "appleboy/ssh-action": ("script",),
    "appleboy/ssh-remote-action": ("script",),
    "asdf-vm/actions": ("before_install",),
    "axel-op/googlejavaformat-action": ("args", "commit-message"),
    "azure/cli": ("inlinescript",),
    "azure/powershell": ("inlinescript",),
    "bahmutov/npm-install": ("install-command",),
    "borales/actions-yarn": ("cmd",),
    "burrunan/gradle-cache-action": ("arguments",),
    "cachix/cachix-action": ("installcommand",),
    "cardinalby/js-eval-action": ("expression",),
    "changesets/action": ("publish", "version"),
    "cloudflare/wrangler-action": ("command", "precommands", "postcommands"),
    "coactions/setup-xvfb": ("run",),
    "crazy-max/ghaction-chocolatey": ("args",),
    "cross-platform-actions/action": ("run",),
    "cross-the-world/ssh-pipeline": ("script",),
    "cross-the-world/ssh-scp-ssh-pipelines": ("first_ssh", "last_ssh"),
    "cypress-io/github-action": ("build", "start", "command", "install-command", "command-prefix", "wait-on"),
    "d3rhase/ssh-command-action": ("command",),
    "dawidd6/action-ansible-playbook": ("options",),
    "devcontainers/ci": ("runcmd",),
    "devorbitus/yq-action-output": ("cmd",),
    "easingthemes/ssh-deploy": ("script_before", "script_after", "args"),
    "fifsky/ssh-action": ("command",),
    "gabrielbb/xvfb-action": ("run",),
    "garygrossgarten/github-action-ssh": ("command",),
    "gautamkrishnar/blog-post-workflow": ("item_exec",),
    "google-github-actions/ssh-compute": ("command",),
    "gr2m/create-or-update-pull-request-action": ("commit-message", "title"),
    "jannekem/run-python-script-action": ("script",),
    "johnnymorganz/stylua-action": ("args",),
    "jwalton/gh-docker-logs": ("dest",),
    "leafo/gh-actions-lua": ("luacompileflags",),
    "lycheeverse/lychee-action": ("args",),
    "magefile/mage-action": ("args",),
    "maierj/fastlane-action": ("lane", "options"),
    "manusa/actions-setup-minikube": ("start args",),
    "matlab-actions/run-command": ("command",),
    "mikefarah/yq": ("cmd",),
    "msys2/setup-msys2": ("install",),
    "nick-fields/retry": ("command", "on_retry_command", "new_command_on_retry"),
    "nick-invision/retry": ("command", "on_retry_command", "new_command_on_retry"),
    "paambaati/codeclimate-action": ("coveragecommand",),
    "preactjs/compressed-size-action": ("build-script", "install-script", "clean-script"),
    "pyo3/maturin-action": ("before-script-linux",),
    "reactivecircus/android-emulator-runner": ("script", "pre-emulator-launch-script"),
    "ros-tooling/action-ros-ci": ("extra-cmake-args",),
    "salsify/action-detect-and-tag-new-version": ("version-command", "tag-template"),
    "satackey/action-js-inline": ("script",),
    "sergeysova/jq-action": ("cmd",),
    "skitionek/notify-microsoft-teams": ("overwrite",),
    "snow-actions/eclint": ("args",),
    "sonarsource/sonarcloud-github-action": ("args",),
    "sonarsource/sonarqube-scan-action": ("args",),
    "stackhawk/hawkscan-action": ("args",),
    "superfly/flyctl-actions": ("args",),
    "tibdex/backport": ("body_template", "head_template", "title_template"),
    "timheuer/base64-to-file": ("filename",),
    "uraimo/run-on-arch-action": ("run", "install", "setup"),
    "vmactions/dragonflybsd-vm": ("run", "prepare"),
    "vmactions/freebsd-vm": ("run", "prepare"),
    "vmactions/netbsd-vm": ("run", "prepare"),
    "vmactions/omnios-vm": ("run", "prepare"),
    "vmactions/openbsd-vm": ("run", "prepare"),
    "vmactions/solaris-vm": ("run", "prepare"),
    "wandalen/wretry.action": ("command",),
    "wearerequired/lint-action": ("*_args", "*_command_prefix"),
    "wei/curl": ("args",),
    "workflow/nix-shell-action": ("script",),
    "zaproxy/action-api-scan": ("cmd_options",),
    "zaproxy/action-baseline": ("cmd_options",),
    "zaproxy/action-full-scan": ("cmd_options",),
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
            if found is not None and any(like(name, each) for each in wanted):
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
