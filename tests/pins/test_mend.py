"""Mends: exact edits, only where the answer is in the repository."""

from __future__ import annotations

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.pins.check import check
from secops_hooks.policy.settings import Settings

_COMMIT = "0123456789abcdef0123456789abcdef01234567"
_OTHER = "fedcba9876543210fedcba9876543210fedcba98"
_HEAD = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
_A, _B = ".github/workflows/a.yml", ".github/workflows/b.yml"


def mended(path: str, files: dict[str, str]) -> str:
    tree = MemoryTree(files)
    file = load(tree, path)
    assert file is not None
    text = files[path]
    fixes = [found.fix for found in check(file, tree, Settings(tier="audit")) if found.fix is not None]
    for edit in sorted((edit for fix in fixes for edit in fix.edits), reverse=True):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("uses", "known", "expected"),
    [
        pytest.param("o/r@v1", f"o/r@{_COMMIT} # v1", f"o/r@{_COMMIT} # v1", id="commit and comment"),
        pytest.param("'o/r/sub@v1'", f"o/r@{_COMMIT} # v1", f"'o/r/sub@{_COMMIT}' # v1", id="quoted, in a directory"),
        pytest.param("o/r@v1 # keep", f"o/r@{_COMMIT} # v1", f"o/r@{_COMMIT} # keep", id="a comment stays"),
        pytest.param("o/r@v2", f"o/r@{_COMMIT} # v1", "o/r@v2", id="another tag"),
        pytest.param("o/r@v1", f"o/r@{_COMMIT} # v1\n      - uses: o/r@{_OTHER} # v1", "o/r@v1", id="two commits"),
    ],
)
def test_an_action_is_pinned_to_the_commit_used_elsewhere(uses: str, known: str, expected: str) -> None:
    files = {_A: f"{_HEAD}      - uses: {uses}\n", _B: f"{_HEAD}      - uses: {known}\n"}
    assert mended(_A, files) == f"{_HEAD}      - uses: {expected}\n"


@pytest.mark.parametrize(
    ("line", "lock", "expected"),
    [
        pytest.param("npm install", "package-lock.json", "npm ci", id="npm"),
        pytest.param("npm install", "", "npm install", id="npm without a lock"),
        pytest.param("npm i --omit=dev", "package-lock.json", "npm ci --omit=dev", id="npm i"),
        pytest.param("uv sync --no-dev", "uv.lock", "uv sync --locked --no-dev", id="uv"),
        pytest.param("cargo install tool@1.2.3", "", "cargo install --locked tool@1.2.3", id="cargo"),
    ],
)
def test_installs_hold_to_the_lock(line: str, lock: str, expected: str) -> None:
    files = {"build.sh": f"#!/bin/sh\n{line}\n"} | ({lock: ""} if lock else {})
    assert mended("build.sh", files) == f"#!/bin/sh\n{expected}\n"


def test_hashes_are_copied_from_the_projects_lock() -> None:
    one, two = "0a" * 32, "0b" * 32
    lock = f'[[package]]\nname = "Example_Lib"\nversion = "1.4.2"\nwheels = [{{ url = "https://x/a.whl", hash = "sha256:{one}" }}]\n'
    files = {
        "requirements.txt": f"other==1.0 --hash=sha256:{two}\nexample-lib==1.4.2 ; os_name == 'nt'  # why\nunlocked==3.0\n",
        "uv.lock": lock,
    }
    assert mended("requirements.txt", files) == (
        f"other==1.0 --hash=sha256:{two}\nexample-lib==1.4.2 ; os_name == 'nt' \\\n    --hash=sha256:{one}  # why\nunlocked==3.0\n"
    )
