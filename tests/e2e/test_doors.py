"""Commit messages and pushes under real runners."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("runners")  # they share one built environment

RUNNERS = ("pre_commit", "prek")


@pytest.fixture(params=RUNNERS)
def armed(user, hook_repo: Path, request):
    """A repository with a remote, whose messages and pushes are watched."""
    user.git("init", "-q", "--bare", "../remote.git")
    user.git("remote", "add", "origin", "../remote.git")
    hooks = "      - id: secops-commit-msg\n      - id: secops-push\n"
    user.write(".pre-commit-config.yaml", f"repos:\n  - repo: {hook_repo.as_posix()}\n    rev: v0.0.1\n    hooks:\n{hooks}")
    user.git("add", "-A")
    user.git("commit", "-qm", "hooks")
    done = user.run(sys.executable, "-m", request.param, "install", "-t", "commit-msg", "-t", "pre-push")
    assert done.returncode == 0, done.stdout + done.stderr
    return user


def change(repo, name: str, content: str, message: str = "change", *options: str):
    repo.write(name, content)
    repo.git("add", "-A")
    return repo.run("git", "commit", "-m", message, *options)


def test_a_secret_in_a_message_stops_the_commit(armed, aws_key) -> None:
    stopped = change(armed, "a.txt", "x\n", f"title\n\nwith {aws_key()}")
    said = stopped.stdout + stopped.stderr
    assert (stopped.returncode, ":3:6: high aws-access-key-id " in said) == (1, True), said
    assert aws_key() not in said
    passed = change(armed, "a.txt", "x\n", "title")
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_what_was_waved_through_stops_at_the_push(armed, aws_key) -> None:
    first = armed.run("git", "push", "origin", "main")
    assert first.returncode == 0, first.stdout + first.stderr
    assert change(armed, "b.txt", "x\n").returncode == 0
    assert armed.run("git", "push", "origin", "main").returncode == 0
    change(armed, "a.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n", "waved through", "--no-verify")
    change(armed, "a.env", "AWS_ACCESS_KEY_ID=\n", "and removed again")
    for branch in ("main", "HEAD:refs/heads/new"):
        stopped = armed.run("git", "push", "origin", branch)
        said = stopped.stdout + stopped.stderr
        assert (stopped.returncode, "a.env:1:19: high aws-access-key-id " in said) == (1, True), said
        assert aws_key() not in said


def test_the_first_push_is_looked_at_from_the_root_on(armed, aws_key) -> None:
    change(armed, "a.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n", "waved through", "--no-verify")
    change(armed, "a.env", "AWS_ACCESS_KEY_ID=\n", "and removed again")
    stopped = armed.run("git", "push", "origin", "main")
    assert (stopped.returncode, "a.env:1:19: " in stopped.stdout + stopped.stderr) == (1, True), stopped.stdout + stopped.stderr
