"""Rules for what pipelines include: other projects' files, components, orbs, pipes, plugins, shared libraries."""

from __future__ import annotations

from ...finding import Example, Rule

_COMMIT = "3f2c9a1b" * 5

RULES: tuple[Rule, ...] = (
    Rule(
        id="unpinned-ci-include",
        family="pins",
        title="pipeline code comes from where it can change at any time",
        severity="high",
        tier="warn",
        cwe=829,
        why="Included pipeline code runs with the secrets of this pipeline; whoever can change it over there changes what runs here.",
        fix="Name the full commit (ref: <40 digits>, component@<40 digits>), or give a remote file's integrity: sha256-….",
        equivalents=("poutine:unpinnable_action",),
        references=("https://docs.gitlab.com/ci/yaml/#include", "https://learn.microsoft.com/azure/devops/pipelines/process/templates"),
        bad=(
            Example(
                "include:\n  - project: group/pipelines\n    ref: «main»\n    file: /build.yml\n  - remote: «https://ci.example.org/build.yml»\n",
                ".gitlab-ci.yml",
            ),
            Example(
                "include:\n  - project: «group/pipelines»\n    file: /build.yml\n  - component: «$CI_SERVER_FQDN/group/lint/check@~latest»\n",
                ".gitlab-ci.yml",
            ),
            Example(
                "resources:\n  repositories:\n    - repository: templates\n      type: git\n      name: group/templates\n      ref: «refs/heads/main»\n",
                "azure-pipelines.yml",
            ),
            Example("@Library('«shared@main»') _\npipeline { agent any }\n", "Jenkinsfile"),
            Example(
                "steps:\n  - command: make\n    plugins:\n      - «docker-compose#v5.0.0»:\n          run: app\n", ".buildkite/pipeline.yml"
            ),
        ),
        good=(
            Example(
                f"include:\n  - project: group/pipelines\n    ref: {_COMMIT}\n    file: /build.yml\n  - local: /ci/build.yml\n",
                ".gitlab-ci.yml",
            ),
            Example(
                "include:\n  - remote: https://ci.example.org/build.yml\n    integrity: sha256-L3/GAoKaw0Arw6hDCKeKQlV1QPEgHYxGBHsH4zG1IY8=\n  - component: $CI_SERVER_FQDN/group/lint/check@1.2.3\n",
                ".gitlab-ci.yml",
            ),
            Example("include:\n  - project: group/pipelines\n    ref: $PIPELINE_REF\n    file: /build.yml\n", ".gitlab-ci.yml"),
        ),
    ),
    Rule(
        id="unpinned-orb",
        family="pins",
        title="this orb or pipe has no full version",
        severity="high",
        tier="warn",
        cwe=829,
        why="volatile, development and partial versions are another program with every release, and run with the pipeline's secrets.",
        fix="Name a full version (name@1.2.3), which cannot be published again.",
        equivalents=("checkov:CKV_CIRCLECIPIPELINES_3", "checkov:CKV_CIRCLECIPIPELINES_4"),
        references=("https://circleci.com/docs/orbs/use/orb-intro/",),
        bad=(
            Example(
                "version: 2.1\norbs:\n  a: «example/deploy@volatile»\n  b: «example/test@dev:first»\n  c: «example/lint@1.2»\n",
                ".circleci/config.yml",
            ),
            Example(
                "pipelines:\n  default:\n    - step:\n        script:\n          - pipe: «example/deploy»\n", "bitbucket-pipelines.yml"
            ),
        ),
        good=(
            Example("version: 2.1\norbs:\n  a: example/deploy@1.2.3\n  b:\n    jobs: {}\n", ".circleci/config.yml"),
            Example("version: 2.1\norbs:\n  a: example/deploy@<< pipeline.parameters.version >>\n", ".circleci/config.yml"),
            Example(
                "pipelines:\n  default:\n    - step:\n        script:\n          - pipe: example/deploy:1.2.3\n", "bitbucket-pipelines.yml"
            ),
        ),
    ),
)
