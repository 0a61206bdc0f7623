"""Shared by all tests: building blocks, and nothing that looks like a credential."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def clean_env(home: Path) -> dict[str, str]:
    """An environment with an empty home and none of the caller's git or Python settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON", "PRE_COMMIT", "PREK", "SECOPS"))}
    kept.update(
        HOME=str(home),
        USERPROFILE=str(home),
        XDG_CONFIG_HOME=str(home / ".config"),
        GIT_CONFIG_GLOBAL=str(home / ".gitconfig"),
        GIT_CONFIG_NOSYSTEM="1",
        PYTHONPATH=str(ROOT / "hooks"),
        NO_COLOR="1",
    )
    kept.pop("FORCE_COLOR", None)
    return kept


class Sandbox:
    """A directory in which commands run as they would for a user."""

    def __init__(self, path: Path, env: dict[str, str]) -> None:
        self.path = path
        self.env = env

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def run(self, *command: str, cwd: str = ".") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.path / cwd,
            env=self.env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=300,
        )

    def secops(self, *args: str, cwd: str = ".") -> subprocess.CompletedProcess[str]:
        """``secops-hooks ARGS`` from the sources under test."""
        return self.run(sys.executable, "-m", "secops_hooks", *args, cwd=cwd)

    def with_command(self) -> Sandbox:
        """Put ``secops-hooks`` from the sources under test on the path, as a POSIX shell finds it."""
        commands = self.path.parent / "bin"
        commands.mkdir()
        tool = commands / "secops-hooks"
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m secops_hooks "$@"\n')
        tool.chmod(0o755)
        self.env["PATH"] = f"{commands}:{self.env['PATH']}"
        return self

    def git(self, *args: str) -> str:
        done = self.run("git", *args)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, message: str, *options: str) -> str:
        """Commit everything there is; the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-qm", message, *options)
        return self.git("rev-parse", "HEAD").strip()

    def ci(self, *args: str, code: int | None = None) -> list[dict[str, Any]]:
        """The findings of ``secops-hooks ci --base main``."""
        done = self.secops("ci", "--base", "main", "--format", "json", *args)
        assert done.returncode in ((0, 1, 3) if code is None else (code,)), done.stdout + done.stderr
        findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return findings


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """An empty directory that is no repository."""
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    home.mkdir()
    return Sandbox(work, clean_env(home))


@pytest.fixture
def repo(sandbox: Sandbox) -> Sandbox:
    """An empty git repository."""
    sandbox.git("init", "-q", "-b", "main")
    sandbox.git("config", "user.name", "Tester")
    sandbox.git("config", "user.email", "tester@example.invalid")
    sandbox.git("config", "commit.gpgsign", "false")
    return sandbox


@pytest.fixture(scope="session")
def aws_key() -> Callable[[], str]:
    """An access key id of AWS's form, made when it is asked for."""
    return lambda: "AK" + "IA" + "QYLPMN5HHHFPZAM2"
