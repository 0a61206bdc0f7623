"""Rules for what workflows and hooks run: actions, reusable workflows, repositories of pre-commit hooks."""

from __future__ import annotations

from ...finding import Example, Rule

_WORKFLOW = ".github/workflows/ci.yml"
_HOOKS = ".pre-commit-config.yaml"
_COMMIT = "3f2c9a1b" * 5


def _steps(uses: str) -> str:
    return f"on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: {uses}\n"


def _call(uses: str) -> str:
    return f"on: push\njobs:\n  release:\n    uses: {uses}\n"


def _hook(rev: str) -> str:
    return f"repos:\n  - repo: https://github.com/example/checks\n    rev: {rev}\n    hooks:\n      - id: tidy\n"


def _dependency(text: str) -> str:
    return _hook(_COMMIT) + f"        additional_dependencies: [{text}]\n"


RULES: tuple[Rule, ...] = (
    Rule(
        id="unpinned-action",
        family="pins",
        title="this action is not pinned to a commit",
        severity="high",
        tier="block",
        cwe=829,
        why=(
            "Tags and branches can be moved. When the tags of tj-actions/changed-files and trivy-action were, every workflow "
            "that named them ran the attacker's code with its secrets."
        ),
        fix="Name the full commit and keep the version as a comment: owner/action@<40 digits> # v1.2.3.",
        equivalents=(
            "zizmor:unpinned-uses",
            "zizmor:ref-confusion",
            "kics:555ab8f9",
            "semgrep:third-party-action-not-pinned-to-commit-sha",
            "scorecard:pinned-dependencies",
            "sonar:S7637",
        ),
        references=("https://docs.github.com/en/actions/reference/security/secure-use",),
        bad=(
            Example(_steps("«example/deploy@v3»"), _WORKFLOW),
            Example(_steps("'«example/deploy/sub/dir@main»'"), _WORKFLOW),
            Example("runs:\n  using: composite\n  steps:\n    - uses: «example/setup@v1.2.3»\n", "action.yml"),
        ),
        good=(
            Example(_steps(f"example/deploy@{_COMMIT} # v3.1.0"), _WORKFLOW),
            Example(_steps("./.github/actions/deploy"), _WORKFLOW),
            Example(_steps("example/deploy@${{ inputs.ref }}"), _WORKFLOW),
            Example(_steps(f"example/deploy@{_COMMIT}\n        with:\n          uses: example/other@v1"), _WORKFLOW),
        ),
    ),
    Rule(
        id="unpinned-first-party-action",
        family="pins",
        title="this action of GitHub's own is not pinned to a commit",
        severity="low",
        tier="warn",
        cwe=829,
        why="GitHub guards its own actions well, but their tags can be moved too, and a new release changes every workflow at once.",
        fix="Name the full commit and keep the version as a comment: actions/checkout@<40 digits> # v5.0.0.",
        equivalents=("zizmor:unpinned-uses", "zizmor:ref-confusion", "scorecard:pinned-dependencies"),
        references=("https://docs.github.com/en/actions/reference/security/secure-use",),
        bad=(Example(_steps("«actions/checkout@v5»"), _WORKFLOW), Example(_steps("«github/codeql-action/init@main»"), _WORKFLOW)),
        good=(
            Example(_steps(f"actions/checkout@{_COMMIT} # v5.0.0"), _WORKFLOW),
            Example(_steps("example/deploy@${{ inputs.ref }}"), _WORKFLOW),
        ),
    ),
    Rule(
        id="unpinned-reusable-workflow",
        family="pins",
        title="this reusable workflow is not pinned to a commit",
        severity="high",
        tier="warn",
        cwe=829,
        why="Whoever can push to that branch or move that tag decides what runs here, with the secrets passed on to it.",
        fix="Name the full commit: owner/repository/.github/workflows/file.yml@<40 digits> # v1.2.3.",
        equivalents=(
            "zizmor:unpinned-uses",
            "zizmor:ref-confusion",
            "scorecard:pinned-dependencies",
            "semgrep:third-party-action-not-pinned-to-commit-sha",
        ),
        references=("https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows",),
        bad=(Example(_call("«example/pipelines/.github/workflows/release.yml@main»"), _WORKFLOW),),
        good=(
            Example(_call(f"example/pipelines/.github/workflows/release.yml@{_COMMIT}"), _WORKFLOW),
            Example(_call("./.github/workflows/release.yml"), _WORKFLOW),
        ),
    ),
    Rule(
        id="short-sha",
        family="pins",
        title="an abbreviated commit pins nothing",
        severity="high",
        tier="block",
        cwe=829,
        why="Git looks up tags and branches first: whoever owns the repository can make a branch with that very name, and short prefixes collide.",
        fix="Write all 40 digits of the commit.",
        equivalents=("zizmor:unpinned-uses", "scorecard:pinned-dependencies", "kics:555ab8f9"),
        references=("https://git-scm.com/docs/gitrevisions",),
        bad=(Example(_steps("«example/deploy@3f2c9a1»"), _WORKFLOW),),
        good=(Example(_steps(f"example/deploy@{_COMMIT}"), _WORKFLOW),),
    ),
    Rule(
        id="unpinned-tool",
        family="pins",
        title="this action installs whatever version of its tool is newest",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Pinning the action does not pin what it downloads: a bad release of the tool runs in the next job, with its secrets.",
        fix="Name the tool's version in the step's inputs.",
        equivalents=("zizmor:unpinned-tools",),
        references=("https://docs.github.com/en/actions/reference/security/secure-use",),
        bad=(
            Example(_steps(f"example/setup-tool@{_COMMIT}\n        with:\n          version: «latest»"), _WORKFLOW),
            Example(_steps(f"«aquasecurity/setup-trivy@{_COMMIT}»"), _WORKFLOW),
        ),
        good=(
            Example(_steps(f"example/setup-tool@{_COMMIT}\n        with:\n          version: 1.2.3"), _WORKFLOW),
            Example(_steps(f"aquasecurity/setup-trivy@{_COMMIT}\n        if: false\n        with:\n          version: latest"), _WORKFLOW),
            Example(_steps(f"example/setup-tool@{_COMMIT}\n        with:\n          version: ${{{{ inputs.version }}}}"), _WORKFLOW),
        ),
    ),
    Rule(
        id="mutable-pre-commit-rev",
        family="pins",
        title="this hook repository is taken from a branch",
        severity="high",
        tier="warn",
        cwe=829,
        why="Hooks run on every developer's machine. A branch gives each clone whatever it holds that day, and pre-commit never updates it again.",
        fix="Pin a commit with: pre-commit autoupdate --freeze.",
        equivalents=("zizmor:impostor-commit",),
        references=("https://pre-commit.com/#using-the-latest-version-for-a-repository",),
        bad=(Example(_hook("«main»"), _HOOKS), Example(_hook('"«HEAD»"'), _HOOKS)),
        good=(Example(_hook(f"{_COMMIT}  # frozen: v1.4.0"), _HOOKS), Example(_hook("v1.4.0"), _HOOKS)),
    ),
    Rule(
        id="unpinned-pre-commit-hook",
        family="pins",
        title="this hook repository is pinned by a tag, not a commit",
        severity="low",
        tier="audit",
        cwe=829,
        why="A tag can be moved to other code; hooks run it on every developer's machine and in CI.",
        fix="Pin the commit and keep the tag as a comment: pre-commit autoupdate --freeze.",
        references=("https://pre-commit.com/#pre-commit-autoupdate",),
        bad=(Example(_hook("«v1.4.0»"), _HOOKS),),
        good=(
            Example(_hook(f"{_COMMIT}  # frozen: v1.4.0"), _HOOKS),
            Example("repos:\n  - repo: local\n    hooks:\n      - id: tidy\n", _HOOKS),
        ),
    ),
    Rule(
        id="unpinned-hook-dependency",
        family="pins",
        title="a hook's additional dependency has no version",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="No lock file covers additional_dependencies: each machine installs what is newest on the day it makes the hook's environment.",
        fix="Give an exact version: name==1.2.3 (Python), name@1.2.3 (node), module@v1.2.3 (Go).",
        references=("https://pre-commit.com/#config-additional_dependencies",),
        bad=(Example(_dependency("«example-stubs»"), _HOOKS), Example(_dependency('"«example-plugin>=2»", other-plugin==1.0'), _HOOKS)),
        good=(
            Example(_dependency("example-stubs==2.31.0.6"), _HOOKS),
            Example(_dependency("'@example/plugin@1.2.3'"), _HOOKS),
            Example(_dependency("."), _HOOKS),
        ),
    ),
)
