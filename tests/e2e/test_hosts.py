"""Other hosts than pre-commit: the recipes of docs/hosts.md, as they are printed there, with the hosts themselves and real commits."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8")
FILES = {m[1]: m[2] for m in re.finditer(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)}
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostNetwork: {}\n"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the recipes are for a POSIX shell"),
    pytest.mark.xdist_group("hosts"),
]


@pytest.fixture(scope="session")
def node_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of lefthook's, husky's and lint-staged's commands, installed from the registry; skips where that cannot be."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not here")
    there = tmp_path_factory.mktemp("node")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "lefthook@2", "husky@9", "lint-staged@16"]
    done = subprocess.run(command, cwd=there, capture_output=True, text=True, timeout=240)
    if done.returncode:
        pytest.skip(f"npm cannot install the hosts here: {done.stderr.strip()[-200:]}")
    return there / "node_modules" / ".bin"


@pytest.fixture
def developer(repo):
    """A repository whose developer has secops-hooks on the path."""
    return repo.with_command()


def place(repo, *names: str) -> None:
    for name in names:
        repo.write(name, FILES[name]).chmod(0o755)


def stops_the_bad_and_lets_the_good_pass(repo) -> None:
    repo.write("pod.yaml", POD.format("true"))
    repo.git("add", "-A")
    stopped = repo.run("git", "commit", "-qm", "bad")
    assert stopped.returncode != 0
    assert "k8s-host-network" in stopped.stdout + stopped.stderr
    assert repo.run("git", "rev-parse", "--verify", "-q", "HEAD").returncode != 0
    repo.write("pod.yaml", POD.format("false"))
    repo.git("add", "-A")
    passed = repo.run("git", "commit", "-qm", "good")
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_plain_git(developer) -> None:
    place(developer, ".git/hooks/pre-commit")
    stops_the_bad_and_lets_the_good_pass(developer)


def test_plain_git_push(developer, aws_key) -> None:
    place(developer, ".git/hooks/pre-push")
    developer.git("init", "-q", "--bare", "../origin.git")
    developer.git("remote", "add", "origin", "../origin.git")
    developer.write("app.env", f"KEY={aws_key()}\n")
    developer.git("add", "-A")
    developer.git("commit", "-qm", "bad", "--no-verify")
    pushed = developer.run("git", "push", "-q", "origin", "main")
    assert pushed.returncode != 0
    assert "aws-access-key-id" in pushed.stdout + pushed.stderr
    assert aws_key() not in pushed.stdout + pushed.stderr


def test_lefthook(developer, node_tools: Path) -> None:
    developer.env["PATH"] = f"{node_tools}:{developer.env['PATH']}"
    place(developer, "lefthook.yml")
    installed = developer.run("lefthook", "install")
    assert installed.returncode == 0, installed.stderr
    stops_the_bad_and_lets_the_good_pass(developer)


def test_lefthook_message(developer, node_tools: Path, aws_key) -> None:
    developer.env["PATH"] = f"{node_tools}:{developer.env['PATH']}"
    place(developer, "lefthook.yml")
    assert developer.run("lefthook", "install").returncode == 0
    developer.git("add", "-A")
    stopped = developer.run("git", "commit", "-qm", f"with the key {aws_key()}")
    assert stopped.returncode != 0
    assert "aws-access-key-id" in stopped.stdout + stopped.stderr


def test_husky(developer, node_tools: Path) -> None:
    developer.env["PATH"] = f"{node_tools}:{developer.env['PATH']}"
    place(developer, ".husky/pre-commit", ".husky/commit-msg")
    assert developer.run("husky").returncode == 0
    stops_the_bad_and_lets_the_good_pass(developer)


def test_lint_staged(developer, node_tools: Path) -> None:
    developer.env["PATH"] = f"{node_tools}:{developer.env['PATH']}"
    place(developer, "package.json")
    developer.write(".git/hooks/pre-commit", "#!/bin/sh\nexec lint-staged --allow-empty\n").chmod(0o755)
    stops_the_bad_and_lets_the_good_pass(developer)
