"""Changes against the parent commit, in a real repository: work tree, index and range see the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

_ONE, _TWO = "3f2c9a1b" * 5, "9d4e7b2a" * 5
_PATH = ".github/workflows/ci.yml"


def workflow(commit: str, version: str) -> str:
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: example/deploy@{commit} # {version}\n"


def rules(done: Any) -> set[str]:
    assert "Traceback" not in done.stderr
    return {found["rule"] for found in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize("how", [(_PATH,), ("--staged",), ("--range", "HEAD~1..HEAD")], ids=["work tree", "index", "range"])
@pytest.mark.parametrize(
    ("version", "expected"), [("v1.2.3", {"action-commit-moved"}), ("v1.2.4", set())], ids=["same version", "next version"]
)
def test_a_commit_moved_under_its_version(repo: Any, how: tuple[str, ...], version: str, expected: set[str]) -> None:
    repo.write(_PATH, workflow(_ONE, "v1.2.3"))
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "one")
    repo.write(_PATH, workflow(_TWO, version))
    repo.git("add", "-A")
    if how[0] == "--range":
        repo.git("commit", "-q", "-m", "two")
    assert rules(repo.secops("pins", "--format", "json", *how)) == expected


def test_the_first_commit_has_no_parent(repo: Any) -> None:
    repo.write(_PATH, workflow(_ONE, "v1.2.3"))
    repo.git("add", "-A")
    assert rules(repo.secops("pins", "--format", "json", "--staged")) == set()


def test_a_lock_that_git_ignores_is_no_lock(repo: Any) -> None:
    repo.write("package.json", '{"private": true, "dependencies": {"a": "^1.0.0"}}\n')
    repo.write("package-lock.json", '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "^1.0.0"}}}}\n')
    assert rules(repo.secops("pins", "--format", "json", "package.json")) == set()
    repo.write(".gitignore", "package-lock.json\n")
    assert rules(repo.secops("pins", "--format", "json", "package.json")) == {"lock-ignored"}


def test_only_new_names_are_taken_for_imitations(repo: Any) -> None:
    repo.write("requirements.txt", "reqeusts==1.0\n")
    assert rules(repo.secops("pins", "--format", "json", "requirements.txt")) == {"imitating-name"}
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "one")
    assert rules(repo.secops("pins", "--format", "json", "requirements.txt")) == set()
    repo.write("requirements.txt", "reqeusts==1.0\nother==2.0\n")
    assert rules(repo.secops("pins", "--format", "json", "requirements.txt")) == set()
