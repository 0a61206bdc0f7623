"""Locks of poetry, uv, npm and go: fresh pairs pass, each kind of drift is told at its place, workspaces are walked."""

from __future__ import annotations

import hashlib
import json

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.pins.locks import check
from secops_hooks.policy.settings import Settings


def drift(files: dict[str, str], path: str) -> list[str]:
    """``path:line:col message`` of every drift that checking ``path`` shows."""
    tree = MemoryTree(files)
    file = load(tree, path)
    assert file is not None
    found = [f for f in check(file, tree, Settings()) if f.rule.id == "lock-drift"]
    return [f"{f.path}:{f.span.line}:{f.span.col} {f.message}" for f in found]


# -- poetry

POETRY = '[tool.poetry]\nname = "a"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\nrequests = "^2.31"\n'
PROJECT = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["requests>=2.31"]\n'


def poetry_lock(content: object) -> str:
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f'[[package]]\nname = "requests"\nversion = "2.31.0"\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "{digest}"\n'


OLD_STYLE = {"dependencies": {"python": "^3.11", "requests": "^2.31"}, "source": None, "extras": None, "dev-dependencies": None}
NEW_STYLE = {"project": {"requires-python": ">=3.11", "dependencies": ["requests>=2.31"]}, "tool": {"poetry": {}}}


@pytest.mark.parametrize("path", ["pyproject.toml", "poetry.lock"])
@pytest.mark.parametrize(("manifest", "content"), [(POETRY, OLD_STYLE), (PROJECT, NEW_STYLE)], ids=["tool.poetry", "project"])
def test_poetry(manifest: str, content: object, path: str) -> None:
    lock = poetry_lock(content)
    assert drift({"pyproject.toml": manifest, "poetry.lock": lock}, path) == []
    assert drift({"pyproject.toml": manifest + "# a comment\n", "poetry.lock": lock}, path) == []
    (found,) = drift({"pyproject.toml": manifest.replace("2.31", "2.32"), "poetry.lock": lock}, path)
    assert found.startswith("poetry.lock:7:17 pyproject.toml was changed after the lock was made; run: poetry lock")
    (found,) = drift({"pyproject.toml": manifest.replace("requests", "httpx"), "poetry.lock": lock}, path)
    assert "httpx is asked for in pyproject.toml, but not in the lock" in found
    assert found.startswith("pyproject.toml:")


def test_a_poetry_lock_without_hash_cannot_be_judged() -> None:
    tree = MemoryTree({"pyproject.toml": POETRY, "poetry.lock": "[metadata]\n"})
    file = load(tree, "poetry.lock")
    assert file is not None
    assert [f.rule.id for f in check(file, tree, Settings())] == ["lock-unverifiable"]


# -- uv

UV = (
    '[project]\nname = "a"\nversion = "1.0.dev"\nrequires-python = ">=3.11"\ndependencies = ["Requests[socks]>=2.31,<3"]\n'
    '[project.optional-dependencies]\nall = ["a[web]", "rich"]\nweb = ["flask>=3.0"]\n'
    '[dependency-groups]\ntest = ["pytest"]\ndev = [{include-group = "test"}, "ruff>=0.5"]\n'
)
UV_LOCK = """version = 1
requires-python = ">=3.11"

[[package]]
name = "a"
version = "1.0.dev0"
source = { editable = "." }

[package.metadata]
requires-dist = [
    { name = "flask", marker = "extra == 'all'", specifier = ">=3.0" },
    { name = "flask", marker = "extra == 'web'", specifier = ">=3.0" },
    { name = "requests", extras = ["socks"], specifier = ">=2.31,<3" },
    { name = "rich", marker = "extra == 'all'" },
]
provides-extras = ["all", "web"]

[package.metadata.requires-dev]
dev = [
    { name = "pytest" },
    { name = "ruff", specifier = ">=0.5" },
]
test = [{ name = "pytest" }]
"""
UV_CHANGES = {
    "a range": ('"flask>=3.0"', '"flask>=3.1"', "pyproject.toml:8:9 flask>=3.1 in extra "),
    "an extra": ("[socks]", "", "pyproject.toml:5:18 requests<3,>=2.31 is requests[socks]<3,>=2.31 in uv.lock"),
    "a new one": ('["rich"', '["attrs", "rich"', ""),
    "a group": ('"ruff>=0.5"', '"ruff>=0.6"', "pyproject.toml:11:35 ruff>=0.6 in group dev is ruff>=0.5 in uv.lock"),
    "the version": ('"1.0.dev"', '"1.1"', "pyproject.toml:3:11 the version is 1.1 here, but 1.0.dev0 in uv.lock"),
    "the Python": ('">=3.11"', '">=3.12"', "pyproject.toml:4:19 requires-python is >=3.12 here, but >=3.11 in uv.lock"),
}


@pytest.mark.parametrize("path", ["pyproject.toml", "uv.lock"])
def test_a_fresh_uv_lock(path: str) -> None:
    assert drift({"pyproject.toml": UV, "uv.lock": UV_LOCK}, path) == []
    assert (
        drift({"pyproject.toml": UV.replace("Requests[socks]>=2.31,<3", "requests [socks] < 3, >= 2.31"), "uv.lock": UV_LOCK}, path) == []
    )


@pytest.mark.parametrize("name", [name for name, change in UV_CHANGES.items() if change[2]])
def test_a_drifted_uv_lock(name: str) -> None:
    old, new, says = UV_CHANGES[name]
    found = drift({"pyproject.toml": UV.replace(old, new), "uv.lock": UV_LOCK}, "pyproject.toml")
    assert any(each.startswith(says) for each in found), found


def test_what_left_the_manifest_is_told_in_the_uv_lock() -> None:
    (found,) = drift({"pyproject.toml": UV.replace(', "rich"', ""), "uv.lock": UV_LOCK}, "uv.lock")
    assert found.startswith("uv.lock:14:15 rich of extra all is no longer in pyproject.toml")


def test_members_of_a_uv_workspace() -> None:
    files = {
        "pyproject.toml": '[project]\nname = "root"\nversion = "1"\ndependencies = []\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
        "packages/b/pyproject.toml": '[project]\nname = "b"\nversion = "1"\ndependencies = ["attrs>=23"]\n',
        "uv.lock": 'version = 1\n\n[[package]]\nname = "root"\nversion = "1"\nsource = { virtual = "." }\n\n[[package]]\nname = "b"\nversion = "1"\n'
        'source = { editable = "packages/b" }\n\n[package.metadata]\nrequires-dist = [{ name = "attrs", specifier = ">=22" }]\n',
    }
    for path in files:
        if path != "uv.lock":
            continue
        (found,) = drift(files, path)
        assert found.startswith("packages/b/pyproject.toml:4:18 attrs>=23 is attrs>=22 in uv.lock")
    assert drift(files, "packages/b/pyproject.toml") == drift(files, "uv.lock")


# -- npm

PACKAGE = {"name": "a", "dependencies": {"left-pad": "^1.0.0"}, "devDependencies": {"jest": "29.x"}}


def npm(manifest: dict[str, object], root: dict[str, object] | None = None, version: int = 3, **more: str) -> dict[str, str]:
    lock = {"name": "a", "lockfileVersion": version, "packages": {"": PACKAGE if root is None else root}}
    return {"package.json": json.dumps(manifest, indent=2), "package-lock.json": json.dumps(lock, indent=2), **more}


NPM_CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "another range": (
        {**PACKAGE, "dependencies": {"left-pad": "^2.0.0"}},
        "package.json:4:5 left-pad is ^2.0.0 here, but ^1.0.0 in package-lock.json",
    ),
    "a new one": (
        {**PACKAGE, "peerDependencies": {"react": "*"}},
        "package.json:10:5 react * in peerDependencies is not in package-lock.json",
    ),
    "one that left": ({**PACKAGE, "devDependencies": {}}, "package-lock.json:11:9 jest in devDependencies is no longer in package.json"),
    "one that moved": (
        {"name": "a", "dependencies": {"left-pad": "^1.0.0", "jest": "29.x"}},
        "package.json:5:5 jest 29.x in dependencies is in devDependencies in package-lock.json",
    ),
}


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("name", NPM_CHANGES)
def test_a_drifted_npm_lock(name: str, version: int) -> None:
    manifest, says = NPM_CHANGES[name]
    found = drift(npm(manifest, version=version), "package.json")
    assert any(each.startswith(says) for each in found), found
    assert found == drift(npm(manifest, version=version), "package-lock.json")


def test_a_fresh_npm_lock() -> None:
    assert drift(npm(PACKAGE), "package.json") == []
    assert drift(npm({**PACKAGE, "scripts": {"test": "jest"}, "version": "2.0.0"}), "package.json") == []


def test_workspaces_of_npm() -> None:
    root = {"name": "a", "workspaces": ["packages/*", "!packages/old"]}
    lock = {
        "lockfileVersion": 3,
        "packages": {"": root, "packages/b": {"name": "b", "dependencies": {"left-pad": "1"}}, "packages/gone/x": {"name": "g"}},
    }
    files = {
        "package.json": json.dumps(root),
        "package-lock.json": json.dumps(lock, indent=1),
        "packages/b/package.json": '{"name": "b", "dependencies": {"left-pad": "2"}}',
        "packages/c/package.json": '{"name": "c"}',
        "packages/old/package.json": '{"name": "old", "dependencies": {"x": "1"}}',
    }
    found = drift(files, "package-lock.json")
    assert [each.split(" ", 1)[0].rsplit(":", 2)[0] for each in found] == [
        "packages/b/package.json",
        "packages/c/package.json",
        "package-lock.json",
    ]
    assert drift(files, "packages/b/package.json") == found[:1]


def test_version_1_holds_ranges_against_what_was_chosen() -> None:
    def files(spec: str) -> dict[str, str]:
        chosen = {"left-pad": {"version": "1.3.0", "requires": {"x": "^1"}}, "x": {"version": "1.0.0"}}
        lock = {"lockfileVersion": 1, "dependencies": chosen}
        return {"package.json": json.dumps({"dependencies": {"left-pad": spec}}), "package-lock.json": json.dumps(lock)}

    assert drift(files("^1.2.0"), "package.json") == []
    (found,) = drift(files("^2.0.0"), "package.json")
    assert "left-pad is ^2.0.0 here, but 1.3.0 in package-lock.json" in found


# -- go

GO_MOD = "module a\n\ngo 1.22\n\nrequire (\n\tgolang.org/x/text v0.14.0\n\tgolang.org/x/sys v0.1.0 // indirect\n)\n\nreplace example.org/b => ../b\n"
GO_SUM = "golang.org/x/text v0.14.0 h1:aa=\ngolang.org/x/text v0.14.0/go.mod h1:bb=\ngolang.org/x/sys v0.1.0/go.mod h1:cc=\n"


def test_go() -> None:
    assert drift({"go.mod": GO_MOD, "go.sum": GO_SUM}, "go.mod") == []
    (found,) = drift({"go.mod": GO_MOD.replace("v0.14.0", "v0.15.0"), "go.sum": GO_SUM}, "go.sum")
    assert found == "go.mod:6:2 golang.org/x/text v0.15.0 is required, but go.sum has no hash of it; run: go mod tidy"
    local = GO_MOD + "\nrequire example.org/b v1.0.0\n"
    assert drift({"go.mod": local, "go.sum": GO_SUM}, "go.mod") == []
    replaced = GO_MOD + "\nreplace golang.org/x/text v0.14.0 => golang.org/x/text v0.13.0\n"
    (found,) = drift({"go.mod": replaced, "go.sum": GO_SUM}, "go.mod")
    assert "golang.org/x/text v0.13.0 is required" in found


def test_a_manifest_or_a_lock_alone_is_nothing_to_compare() -> None:
    assert drift({"go.mod": GO_MOD}, "go.mod") == []
    assert drift({"uv.lock": UV_LOCK}, "uv.lock") == []
    assert drift(dict(list(npm(PACKAGE).items())[:1]), "package.json") == []
