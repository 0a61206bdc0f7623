"""What uv compares beyond names and versions: sources, markers, extras and groups that are empty, settings of the workspace."""

from __future__ import annotations

import pytest

MANIFEST = """[project]
name = "app"
version = "1"
requires-python = ">=3.11"
dependencies = ["attrs>=22", "tool", "colorama>=0.4; sys_platform == 'win32'", "lib", "far @ https://files.example/far-1-py3-none-any.whl"]

[project.optional-dependencies]
empty = []

[dependency-groups]
dev = ["ruff>=0.5"]
none = []

[tool.uv]
constraint-dependencies = ["idna<4"]
override-dependencies = ["certifi>=2024"]
default-groups = ["dev"]
resolution = "lowest"
exclude-newer = "2026-01-01T00:00:00Z"
environments = ["sys_platform == 'linux'"]

[tool.uv.sources]
tool = { git = "https://git.example/tool", tag = "v1" }
lib = { path = "../lib", editable = true }
"""
LIBRARY = '[project]\nname = "lib"\nversion = "2"\ndependencies = ["six>=1"]\n'
LOCK = """version = 1
revision = 5
requires-python = ">=3.11"
supported-markers = [
    "sys_platform == 'linux'",
]

[options]
resolution-mode = "lowest"
exclude-newer = "2026-01-01T00:00:00Z"

[manifest]
constraints = [{ name = "idna", specifier = "<4" }]
overrides = [{ name = "certifi", specifier = ">=2024" }]

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
default-groups = ["dev"]

[package.metadata]
requires-dist = [
    { name = "attrs", specifier = ">=22" },
    { name = "colorama", marker = "sys_platform == 'win32'", specifier = ">=0.4" },
    { name = "far", url = "https://files.example/far-1-py3-none-any.whl" },
    { name = "lib", editable = "../lib" },
    { name = "tool", git = "https://git.example/tool?tag=v1" },
]
provides-extras = ["empty"]

[package.metadata.requires-dev]
dev = [{ name = "ruff", specifier = ">=0.5" }]
none = []

[[package]]
name = "lib"
version = "2"
source = { editable = "../lib" }

[package.metadata]
requires-dist = [{ name = "six", specifier = ">=1" }]
"""
FILES = {"app/pyproject.toml": MANIFEST, "app/uv.lock": LOCK, "lib/pyproject.toml": LIBRARY}


@pytest.mark.parametrize("path", FILES)
def test_a_fresh_lock(judge, path: str) -> None:
    assert judge(FILES, path) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "far-1-",
            "far-2-",
            "far from https://files.example/far-2-py3-none-any.whl is far from https://files.example/far-1-py3-none-any.whl",
        ),
        ('tag = "v1"', 'tag = "v2"', "tool from https://git.example/tool is tool from"),
        ("git.example/tool", "git.example/other", "tool from https://git.example/other is tool from https://git.example/tool"),
        (", editable = true", "", "lib from ../lib is lib from ../lib"),
        ("'win32'", "'darwin'", "colorama>=0.4; sys_platform == 'darwin' is colorama>=0.4; sys_platform == 'win32'"),
        ("empty = []", "empty = []\nother = []", "the extra other is not in"),
        ("none = []", "", "the group none is no longer in"),
        ("idna<4", "idna<3", "idna<3 in constraint-dependencies is not in"),
        ('["certifi>=2024"]', "[]", "certifi is no longer in override-dependencies"),
        ('default-groups = ["dev"]', "default-groups = []", "default-groups are [] here, but ['dev']"),
        ('resolution = "lowest"', "", "resolution is highest here, but lowest"),
        ('exclude-newer = "2026-01-01', 'exclude-newer = "2026-02-01', "exclude-newer is 2026-02-01T00:00:00Z here, but 2026-01-01"),
        ('exclude-newer = "2026-01-01T00:00:00Z"\n', "", "leaves out what is newer than 2026-01-01T00:00:00Z"),
        ("sys_platform == 'linux'", "sys_platform == 'darwin'", "environments was changed after"),
    ],
)
def test_drift_in_the_manifest(judge, old: str, new: str, told: str) -> None:
    assert old in MANIFEST
    found = judge({**FILES, "app/pyproject.toml": MANIFEST.replace(old, new)}, "app/uv.lock")
    assert len(found) == 1, found
    assert told in found[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tool = { git", "Tool = { git"),
        ("git.example/tool", "git.example/tool.git"),
        ("sys_platform == 'win32'", "'win32' == sys_platform"),
        ('exclude-newer = "2026-01-01T00:00:00Z"', 'exclude-newer = "2026-01-01T01:00:00+01:00"'),
        ("attrs>=22", "Attrs >= 22.0"),
        ("none = []", "None = []"),
    ],
)
def test_another_spelling_is_no_drift(judge, old: str, new: str) -> None:
    assert old in MANIFEST
    assert judge({**FILES, "app/pyproject.toml": MANIFEST.replace(old, new)}, "app/uv.lock") == []


@pytest.mark.parametrize("path", ["lib/pyproject.toml", "app/uv.lock"])
def test_a_path_dependency_beside_the_project(judge, path: str) -> None:
    (told,) = judge({**FILES, "lib/pyproject.toml": LIBRARY.replace("six>=1", "six>=2")}, path)
    assert told == "lib/pyproject.toml: «six>=2» six>=2 is six>=1 in app/uv.lock; run: uv lock"
