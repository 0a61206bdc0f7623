"""A hook repository made from the sources under test, and scratch repositories that use it through real runners."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def git(directory: Path, *args: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(["git", "-C", str(directory), *args], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def hook_repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose only commit holds this project as it lies on disk, tagged v0.0.1."""
    there = tmp_path_factory.mktemp("hook-repo")
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    for name in filter(None, listed.split("\0")):
        if name.startswith(("hooks/", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")) and (ROOT / name).is_file():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, there / name)
    git(there, "init", "-q", "-b", "main")
    git(there, "add", "-A")
    git(there, "-c", "user.name=T", "-c", "user.email=t@example.invalid", "commit", "-qm", "snapshot")
    git(there, "tag", "v0.0.1")
    return there


@pytest.fixture(scope="session")
def runner_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runners keep their environments: built once for the whole session, from an empty home."""
    return tmp_path_factory.mktemp("runner-home")


@pytest.fixture
def user(repo, runner_home: Path):
    """A repository of a developer who has the runners installed and nothing else."""
    repo.env.pop("PYTHONPATH")
    repo.env.update(UV_SYSTEM_CERTS="true", UV_NATIVE_TLS="true")  # prek installs with uv, which else trusts only its own list
    repo.env.update(PRE_COMMIT_HOME=str(runner_home / "pre-commit"), PREK_HOME=str(runner_home / "prek"))
    repo.env["PATH"] = str(Path(sys.executable).parent) + ":" + repo.env["PATH"] if sys.platform != "win32" else repo.env["PATH"]
    return repo
