"""What concerns a workspace as a whole: who belongs to it, the Python that all members take, and drift seen from a member alone."""

from __future__ import annotations

import json

import pytest

UV = {
    "pyproject.toml": '[project]\nname = "root"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = []\n'
    '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
    "packages/b/pyproject.toml": '[project]\nname = "b"\nversion = "1"\nrequires-python = ">=3.10,<4"\ndependencies = []\n',
    "uv.lock": 'version = 1\nrequires-python = ">=3.11, <4"\n\n[manifest]\nmembers = [\n    "b",\n    "root",\n]\n\n[[package]]\nname = "b"\n'
    'version = "1"\nsource = { editable = "packages/b" }\n\n[[package]]\nname = "root"\nversion = "1"\nsource = { virtual = "." }\n',
}
PNPM = {
    "package.json": json.dumps({"name": "a", "dependencies": {"ms": "^2.1.3"}, "devDependencies": {"ini": "^4.0.0"}}, indent=2),
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      ms:\n        specifier: ^2.1.3\n        version: 2.1.3\n"
    "    devDependencies:\n      ini:\n        specifier: ^4.0.0\n        version: 4.1.3\n\npackages: {}\n",
}
YARN = {
    "package.json": json.dumps({"name": "a", "private": True, "workspaces": ["packages/*"], "dependencies": {"ms": "^2.1.3"}}),
    "packages/b/package.json": json.dumps({"name": "b", "version": "1.0.0", "dependencies": {}}),
    "yarn.lock": '# yarn lockfile v1\n\n\nleft-pad@^1.3.0:\n  version "1.3.0"\n\nms@^2.1.3:\n  version "2.1.3"\n',
}


@pytest.mark.parametrize("files", [UV, PNPM], ids=["uv", "pnpm"])
def test_a_fresh_lock(judge, files: dict[str, str]) -> None:
    assert [told for path in files for told in judge(files, path)] == []


def test_the_python_of_a_uv_workspace_is_what_all_members_take(judge) -> None:
    changed = {**UV, "packages/b/pyproject.toml": UV["packages/b/pyproject.toml"].replace(">=3.10", ">=3.12")}
    (told,) = judge(changed, "uv.lock")
    assert told.startswith('pyproject.toml: «">=3.11"» requires-python is >=3.12,<4 here, but >=3.11, <4 in uv.lock')


@pytest.mark.parametrize("clause", ["~=3.11", ">=3.11,!=3.12.1", ">=3.11rc1"])
def test_other_clauses_than_bounds_are_not_judged(judge, clause: str) -> None:
    changed = {**UV, "packages/b/pyproject.toml": UV["packages/b/pyproject.toml"].replace(">=3.10,<4", clause)}
    assert judge(changed, "uv.lock") == []


@pytest.mark.parametrize("path", ["uv.lock", "pyproject.toml"])
def test_a_member_that_left_a_uv_workspace(judge, path: str) -> None:
    changed = {**UV, "pyproject.toml": UV["pyproject.toml"].replace("packages/*", "apps/*")}
    assert any(each.startswith('uv.lock: «"b"» b is no member of the workspace') for each in judge(changed, path))


def test_pnpm_keeps_the_sections_apart(judge) -> None:
    moved = {**PNPM, "package.json": json.dumps({"name": "a", "dependencies": {"ms": "^2.1.3", "ini": "^4.0.0"}}, indent=2)}
    (told,) = judge(moved, "package.json")
    assert told.startswith(
        'package.json: «"ini": "^4.0.0"» ini is one of the dependencies here, but of the devDependencies in pnpm-lock.yaml'
    )


def test_pnpm_counts_what_is_listed_twice_once(judge) -> None:
    twice = {"name": "a", "dependencies": {"ms": "^2.1.3"}, "devDependencies": {"ini": "^4.0.0", "ms": "^2.1.3"}}
    assert judge({**PNPM, "package.json": json.dumps(twice)}, "package.json") == []


@pytest.mark.parametrize("path", ["packages/b/package.json", "package.json", "yarn.lock"])
def test_what_nothing_asks_for_is_told_from_every_side(judge, path: str) -> None:
    """A dependency that a member dropped stays in yarn's lock; the commit may hold the member's manifest alone."""
    (told,) = judge(YARN, path)
    assert told.startswith("yarn.lock: «left-pad@^1.3.0» ")
