"""The manifest: valid, the same hooks as the README and the command line, and no file lost to a file filter."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from identify import identify

from secops_hooks.arguments import CHECKS, COMMANDS
from secops_hooks.files.filetype import _NAMES, _alternatives, by_path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
FILE_HOOKS = {"secops": "all", "secops-secrets": "secrets", "secops-config": "config", "secops-pins": "pins", "secops-python": "python"}


def chosen(hook: str, path: str, tags: set[str] | None = None) -> bool:
    """Whether pre-commit would give ``path`` to ``hook``, by its file filter and identify's tags."""
    entry = MANIFEST[hook]
    tags = {"file", "non-executable", "text", *identify.tags_from_filename(path)} if tags is None else tags
    return bool(re.search(entry.get("files", ""), path)) and set(entry.get("types", ["file"])) <= tags


def test_pre_commit_accepts_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], capture_output=True
    )
    assert done.returncode == 0, done.stdout


def test_prek_accepts_it() -> None:
    done = subprocess.run([sys.executable, "-m", "prek", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("hook", FILE_HOOKS)
def test_each_file_hook_is_declared_safely(hook: str) -> None:
    entry = MANIFEST[hook]
    assert entry["entry"] == f"python -Im secops_hooks {FILE_HOOKS[hook]}"
    assert FILE_HOOKS[hook] in CHECKS
    assert entry["language"] == "python"
    assert entry["require_serial"] is True
    assert entry.get("pass_filenames", True) is True, "a hook without file names sees nothing of --all-files"
    assert "exclude" not in entry, "a user's exclude would replace it"
    assert "args" not in entry, "a user's args would replace them"
    assert entry["stages"] == ["pre-commit", "pre-merge-commit", "pre-push", "manual"]
    assert entry["minimum_pre_commit_version"] == "3.2.0"
    assert entry["description"]


@pytest.mark.parametrize(
    ("hook", "command", "stage", "names"),
    [("secops-commit-msg", "commit-msg", "commit-msg", True), ("secops-push", "push", "pre-push", False)],
)
def test_each_other_door_is_declared_safely(hook: str, command: str, stage: str, names: bool) -> None:
    entry = MANIFEST[hook]
    assert entry["entry"] == f"python -Im secops_hooks {command}"
    assert command in COMMANDS
    assert entry["language"] == "python"
    assert entry["stages"] == [stage]
    assert entry.get("pass_filenames", True) is names
    assert entry.get("always_run", False) is not names, "a push must be looked at whatever files it touches"
    assert not {"args", "exclude", "files", "types"} & set(entry)
    assert entry["minimum_pre_commit_version"] == "3.2.0"


SECRETS_TOO = ("id_rsa", "notes", "a/b.bin", "image.png", "UPPER.TXT", "sp ace.env", "x.pem", "Makefile", ".npmrc")


@pytest.mark.parametrize("path", SECRETS_TOO)
@pytest.mark.parametrize("hook", ["secops", "secops-secrets"])
def test_secrets_sees_every_file(hook: str, path: str) -> None:
    assert chosen(hook, path, {"file", "binary"})


CONFIG = {
    "k8s/deploy.yaml": True,
    "Dockerfile": True,
    "build/Dockerfile.prod": True,
    "api.dockerfile": True,
    "Containerfile": True,
    "docker-compose.yml": True,
    ".github/workflows/ci.yml": True,
    "main.tf": True,
    "prod.tfvars": True,
    "nginx.conf": True,
    "etc/nginx/sites-enabled/default": True,
    "etc/ssh/sshd_config": True,
    "etc/sudoers.d/deploy": True,
    ".env": True,
    ".env.production": True,
    "src/main/resources/application.properties": True,
    "app/settings.py": True,
    "app/settings/production.py": True,
    "web.config": True,
    ".npmrc": True,
    "Pipfile": True,
    "deploy.sh": True,
    "nginx.conf.j2": True,
    "Jenkinsfile": True,
    "app/models.py": True,
    "README.md": False,
    "main.go": False,
    "image.png": False,
    "src/app.ts": True,
}


@pytest.mark.parametrize("path", CONFIG)
def test_config_sees_what_can_hold_settings(path: str) -> None:
    assert chosen("secops-config", path) is CONFIG[path]


PINS = {
    "requirements.txt": True,
    "requirements/dev.in": True,
    "constraints.txt": True,
    "pyproject.toml": True,
    "poetry.lock": True,
    "uv.lock": True,
    "Pipfile": True,
    "Pipfile.lock": True,
    "package.json": True,
    "package-lock.json": True,
    "yarn.lock": True,
    "pnpm-lock.yaml": True,
    "bun.lockb": True,
    "go.mod": True,
    "go.sum": True,
    "Cargo.lock": True,
    "Gemfile": True,
    "composer.json": True,
    "Dockerfile": True,
    ".pre-commit-config.yaml": True,
    ".gitmodules": True,
    "main.tf": True,
    "App.csproj": True,
    "tool.py": True,
    "install.sh": True,
    "README.md": False,
    "main.go": False,
    "photo.jpg": False,
    "notes.txt": False,
}


@pytest.mark.parametrize("path", PINS)
def test_pins_sees_manifests_only(path: str) -> None:
    assert chosen("secops-pins", path) is PINS[path]


def test_python_is_by_identify() -> None:
    assert chosen("secops-python", "a.py")
    assert chosen("secops-python", "tool", {"file", "text", "executable", "python", "python3"})
    assert not chosen("secops-python", "a.txt")


def _samples() -> dict[str, frozenset[str]]:
    """A path for every glob of the file kinds' table, and its kinds."""
    paths = [each.replace("**", "x/y").replace("*", "x") for name in _NAMES for glob in name.globs.split() for each in _alternatives(glob)]
    return {path: by_path(path).kinds for path in paths}


def test_no_kind_of_file_is_lost_to_the_config_filter() -> None:
    pins_only = {
        "gradle",
        "swift-package",
        "podfile",
        "mix",
        "nix",
        "requirements",
        "tool-versions",
        "lock",
        "setup-py",
        "go-mod",
        "go-work",
        "gemfile",
    }
    lost = [path for path, kinds in _samples().items() if kinds - {"ci"} and not kinds & pins_only and not chosen("secops-config", path)]
    assert lost == []


def test_no_manifest_or_lock_is_lost_to_the_pins_filter() -> None:
    ours = {
        "lock",
        "requirements",
        "pyproject",
        "package-json",
        "go-mod",
        "gemfile",
        "gradle",
        "dockerfile",
        "compose",
        "ci",
        "terraform",
        "helm-chart",
    }
    assert [path for path, kinds in _samples().items() if kinds & ours and "tfvars" not in kinds and not chosen("secops-pins", path)] == []


def test_the_readme_lists_the_same_hooks() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(secops[a-z-]*)` \|", readme, re.MULTILINE)
    assert listed == list(MANIFEST)
