"""The branch that a change goes to, as CI services say it in the environment of a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BRANCHES: Final = (  # (service, what it calls the target branch of a pull request)
    ("GitHub Actions, Gitea, Forgejo", "GITHUB_BASE_REF"),
    ("GitLab CI", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
    ("Azure Pipelines", "SYSTEM_PULLREQUEST_TARGETBRANCH"),
    ("Bitbucket Pipelines", "BITBUCKET_PR_DESTINATION_BRANCH"),
    ("Jenkins", "CHANGE_TARGET"),
    ("Buildkite", "BUILDKITE_PULL_REQUEST_BASE_BRANCH"),
    ("Woodpecker", "CI_COMMIT_TARGET_BRANCH"),
    ("Cirrus CI", "CIRRUS_BASE_BRANCH"),
)
REMOTE: Final = "origin"


def base_of(env: Mapping[str, str]) -> str | None:
    """The target branch as a reference of a usual clone; ``None`` where the environment names none (CircleCI, or no pull request)."""
    for _, name in _BRANCHES:
        branch = env.get(name, "").removeprefix("refs/heads/")
        if branch:
            return f"{REMOTE}/{branch}"
    return None
