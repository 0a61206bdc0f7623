"""Programs and actions that run code or configuration of the directory they are started in. Tables only."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILDERS: Final = _words(
    """
    act ansible-playbook ant bazel bazelisk black buck2 buildah bun bundle bunx cabal cargo cdk checkov cmake composer cypress
    dart deno detekt docker docker-compose dotnet earthly eslint fastlane flutter gem go golangci-lint goreleaser gradle gradlew
    hatch helm hugo jekyll jest just ktlint kustomize lerna lhci lighthouse mage make meson mix mkdocs mocha msbuild mvn mvnw mypy
    netlify ninja nix nix-build nox npm npx nx pdm phpstan phpunit pip pip3 pipenv playwright pnpm pnpx pod podman poetry
    pre-commit prek prettier pulumi py.test pylint pytest rails rake rebar3 rubocop ruff rush sam sbt semgrep serverless sls snyk
    sonar-scanner sphinx-build stack stylelint swift swiftlint task terraform terragrunt tflint tofu tox tsc turbo uv uvx vale
    vercel vite vitest webpack wrangler xcodebuild yarn
    """
)
"""Build tools, package managers, test runners, linters and deployment tools that read their orders from the tree."""

LANGUAGES: Final = _words(
    """
    Rscript julia lua node perl php python python2 python3 ruby ts-node tsx
    """
)
"""Interpreters that are given a file of the tree."""

HARMLESS: Final[dict[str, tuple[str, ...]]] = {
    "go": ("version", "env"),
    "docker": ("login", "pull", "push", "ps", "version", "info", "logout"),
    "pip": ("--version",),
    "npm": ("--version", "view", "config"),
    "helm": ("repo", "version"),
    "uv": ("--version",),
}
"""First words with which a builder runs nothing of the tree."""

BUILDING_ACTIONS: Final = _words(
    """
    actions-rs/cargo amannn/action-semantic-pull-request-local amondnet/vercel-action andresz1/size-limit-action
    azure/static-web-apps-deploy bahmutov/npm-install borales/actions-yarn bridgecrewio/checkov-action changesets/action
    chromaui/action cloudflare/wrangler-action cypress-io/github-action devcontainers/ci docker/bake-action
    docker/build-push-action errata-ai/vale-action firebaseextended/action-hosting-deploy github/super-linter
    golangci/golangci-lint-action goreleaser/goreleaser-action gradle/gradle-build-action hashicorp/terraform-github-actions
    jamesives/github-pages-deploy-action nwtgck/actions-netlify oxsecurity/megalinter php-actions/composer pre-commit/action
    preactjs/compressed-size-action pyo3/maturin-action pypa/cibuildwheel ramsey/composer-install reviewdog/action-eslint
    reviewdog/action-golangci-lint ruby/setup-ruby snyk/actions sonarsource/sonarcloud-github-action
    sonarsource/sonarqube-scan-action super-linter/super-linter tj-actions/eslint-changed-files treosh/lighthouse-ci-action
    vale-cli/vale-action wagoid/commitlint-github-action
    """
)
"""Actions that run code or configuration of the checked-out tree."""
