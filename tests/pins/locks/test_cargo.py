"""Cargo.lock: single packages, workspaces with inheritance, renamed, optional and platform-specific dependencies, git sources."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.pins.locks.cargo import fits
from secops_hooks.pins.locks.cargolock import packages_of

Judge = Callable[[Mapping[str, str], str], list[str]]
REGISTRY = "registry+https://index.example/crates"
MANIFEST = """[package]
name = "app"
version = "0.1.0"

[dependencies]
serde = { version = "1.0", features = ["derive"] }
rand7 = { package = "rand", version = "0.7" }
log.version = "0.4"

[target.'cfg(unix)'.dependencies]
libc = "0.2"

[dev-dependencies.tempfile]
version = ">=3, <4"
"""


def package(name: str, version: str, *needs: str, source: str = REGISTRY) -> str:
    origin = f'source = "{source}"\nchecksum = "{"0" * 64}"\n' if source else ""
    listed = "".join(f' "{each}",\n' for each in needs)
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\n{origin}' + (f"dependencies = [\n{listed}]\n" if needs else "") + "\n"


OTHERS = (
    package("libc", "0.2.150")
    + package("log", "0.4.20")
    + package("rand", "0.7.3")
    + package("rand", "0.8.5")
    + package("serde", "1.0.190")
    + package("tempfile", "3.8.1")
)
LOCK = "version = 3\n\n" + package("app", "0.1.0", "libc", "log", "rand 0.7.3", "serde", "tempfile", source="") + OTHERS


@pytest.mark.parametrize("path", ["Cargo.toml", "Cargo.lock"])
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ""),
        ('features = ["derive"]', "default-features = false", ""),
        ('version = "0.1.0"', 'version = "0.2.0"', 'Cargo.toml: «"0.2.0"» app is 0.2.0 here, but 0.1.0 in Cargo.lock'),
        ('"1.0"', '"2"', "Cargo.toml: «serde» serde is 2 here, but 1.0.190 in Cargo.lock; run: cargo update -p serde"),
        ('"0.7"', '"0.8"', "Cargo.toml: «rand7» rand is 0.8 here, but 0.7.3 in Cargo.lock"),
        ('">=3, <4"', '">=4"', "Cargo.toml: «tempfile» tempfile is >=4 here, but 3.8.1"),
        ("[dependencies]", '[dependencies]\nanyhow = "1"', "Cargo.toml: «anyhow» anyhow in dependencies is no dependency of app"),
        ('libc = "0.2"', "", 'Cargo.lock: «"libc"» libc is no longer a dependency of app in Cargo.toml'),
        ('name = "app"', 'name = "other"', 'Cargo.toml: «"other"» other is not in Cargo.lock'),
    ],
    ids=["fresh", "features", "own version", "range", "renamed", "two clauses", "added", "removed", "other name"],
)
def test_one_package(judge: Judge, old: str, new: str, told: str, path: str) -> None:
    found = judge({"Cargo.toml": MANIFEST.replace(old, new, 1), "Cargo.lock": LOCK}, path)
    assert found == [] if not told else found[0].startswith(told)


WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["crates/*", "tools"]\nexclude = ["crates/old"]\n[workspace.package]\nversion = "1.2.3"\n'
    '[workspace.dependencies]\nserde = "1.0"\none = { path = "crates/one" }\n',
    "crates/one/Cargo.toml": '[package]\nname = "one"\nversion.workspace = true\n[dependencies]\nserde = { workspace = true, optional = true }\n',
    "crates/old/Cargo.toml": '[package]\nname = "old"\nversion = "9.0.0"\n',
    "tools/Cargo.toml": '[package]\nname = "tools"\nversion = "0.1.0"\n[dependencies]\none.workspace = true\nlib = { path = "../lib" }\n',
    "lib/Cargo.toml": '[package]\nname = "lib"\nversion = "0.3.0"\n',
    "Cargo.lock": "version = 4\n\n"
    + package("lib", "0.3.0", source="")
    + package("one", "1.2.3", "serde", source="")
    + package("serde", "1.0.190")
    + package("tools", "0.1.0", "lib", "one", source=""),
}


def test_a_workspace(judge: Judge) -> None:
    for path in WORKSPACE:
        assert judge(WORKSPACE, path) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("Cargo.toml", '"1.0"', '"2.0"', "crates/one/Cargo.toml: «serde» serde is 2.0 here, but 1.0.190"),
        ("Cargo.toml", "1.2.3", "1.3.0", "crates/one/Cargo.toml: «"),
        ("crates/one/Cargo.toml", "[dependencies]", '[dependencies]\nlog = "0.4"', "crates/one/Cargo.toml: «log» log in dependencies"),
        ("lib/Cargo.toml", "0.3.0", "0.4.0", 'lib/Cargo.toml: «"0.4.0"» lib is 0.4.0 here, but 0.3.0'),
        (
            "tools/Cargo.toml",
            "one.workspace = true\n",
            "",
            'Cargo.lock: «"one"» one is no longer a dependency of tools in tools/Cargo.toml',
        ),
        ("Cargo.toml", ', "tools"', "", 'Cargo.lock: «"lib"» lib is no package of Cargo.toml any more'),
    ],
    ids=["shared range", "shared version", "added in a member", "behind a path", "removed in a member", "no member any more"],
)
def test_drift_in_a_workspace(judge: Judge, path: str, old: str, new: str, told: str) -> None:
    files = {**WORKSPACE, path: WORKSPACE[path].replace(old, new, 1)}
    assert any(each.startswith(told) for each in judge(files, "Cargo.lock"))
    if told.startswith(path):
        assert judge(files, path)[0].startswith(told)


def test_a_workspace_whose_members_are_elsewhere_cannot_be_judged(judge: Judge) -> None:
    files = {"Cargo.toml": WORKSPACE["Cargo.toml"], "Cargo.lock": WORKSPACE["Cargo.lock"]}
    (told,) = judge(files, "Cargo.lock")
    assert told.startswith("? Cargo.lock: «»")


@pytest.mark.parametrize(
    ("asked", "locked", "fresh"),
    [
        ('git = "https://git.example/o/x", tag = "v1"', "git+https://git.example/o/x?tag=v1#0123", True),
        ('git = "https://git.example/o/x.git", branch = "a/b"', "git+https://git.example/o/x.git?branch=a%2Fb#0123", True),
        ('git = "https://git.example/o/x"', "git+https://git.example/o/x#0123", True),
        ('git = "https://git.example/o/x", tag = "v2"', "git+https://git.example/o/x?tag=v1#0123", False),
        ('git = "https://git.example/evil/x"', "git+https://git.example/o/x#0123", False),
        ('git = "https://git.example/o/x"', REGISTRY, False),
    ],
)
def test_sources_in_git(judge: Judge, asked: str, locked: str, fresh: bool) -> None:
    manifest = f'[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\nx = {{ {asked} }}\n'
    lock = "version = 3\n\n" + package("app", "0.1.0", "x", source="") + package("x", "1.0.0", source=locked)
    assert (judge({"Cargo.toml": manifest, "Cargo.lock": lock}, "Cargo.toml") == []) is fresh


@pytest.mark.parametrize(
    ("requirement", "inside", "outside"),
    [
        ("1.2.3", ["1.2.3", "1.9.0"], ["1.2.2", "2.0.0"]),
        ("0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]),
        ("0.0.3", ["0.0.3"], ["0.0.4"]),
        ("^1", ["1.0.0", "1.99.0"], ["2.0.0", "0.9.0"]),
        ("0", ["0.0.1", "0.99.0"], ["1.0.0"]),
        ("~1.2", ["1.2.0", "1.2.9"], ["1.3.0"]),
        ("~1", ["1.9.0"], ["2.0.0"]),
        ("*", ["0.0.1", "9.0.0"], []),
        ("1.*", ["1.0.0", "1.9.9"], ["2.0.0"]),
        ("= 1.2.3", ["1.2.3"], ["1.2.4"]),
        ("=1.2", ["1.2.0", "1.2.7"], ["1.3.0"]),
        (">= 1.2, < 1.5", ["1.2.0", "1.4.9"], ["1.5.0", "1.1.9"]),
        (">1.2.3", ["1.2.4", "2.0.0"], ["1.2.3"]),
        ("1.0.0-alpha.1", ["1.0.0-alpha.1", "1.0.0-beta", "1.0.0"], ["1.0.0-alpha.0"]),
    ],
)
def test_requirements_of_cargo(requirement: str, inside: list[str], outside: list[str]) -> None:
    assert [fits(each, requirement) for each in inside] == [True] * len(inside)
    assert [fits(each, requirement) for each in outside] == [False] * len(outside)


numbers = st.integers(0, 30)


@given(numbers, numbers, numbers, numbers, numbers, numbers)
def test_the_caret_keeps_the_first_number_that_counts(a: int, b: int, c: int, x: int, y: int, z: int) -> None:
    """A second, plainer statement of Cargo's default requirement."""
    low, found = (a, b, c), (x, y, z)
    first = next((at for at, number in enumerate(low) if number), 2)
    assert fits(f"{x}.{y}.{z}", f"{a}.{b}.{c}") is (found >= low and found[: first + 1] == low[: first + 1])


@given(st.text(max_size=40), st.text(alphabet="0123456789.^~<>=*xX, -+a", max_size=40))
def test_any_text_is_judged_or_not_understood(version: str, requirement: str) -> None:
    assert fits(version, requirement) in (True, False, None)


@pytest.mark.parametrize(
    "text",
    [
        LOCK,
        LOCK.replace("\n", "\r\n"),
        LOCK.rstrip(),
        "# by hand\n" + LOCK,
        '[root]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n "log 0.4.20 (registry+x)",\n]\n\n[[package]]\nname = "log"\nversion = "0.4.20"\n\n'
        '[metadata]\n"checksum log 0.4.20 (registry+x)" = "0"\n',
        '[[package]]\nname = "a"\n\n[[patch.unused]]\nname = "b"\n',
        "package = [{ name = 'a', version = '1' }]\n",
        '[[package]]\nname = "a" # note\nversion = "\\u0031"\ndependencies = ["b", "c"]\n',
        '[[package]]\nname = "a"\ndependencies = [\n "b",\n name = "x"\n]\n',
        '[[package]]\nname = "a"\nname = "b"\n',
        '[[package]]\nname = "a"\ndependencies = [\n "b",\n',
        ' "b",\n]\n',
        "",
    ],
)
def test_a_lock_is_read_as_toml_whether_cargo_wrote_it_or_not(text: str) -> None:
    source = Source.from_text("Cargo.lock", text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert packages_of(source) is None
        return
    told = packages_of(source)
    assert told is not None
    expected = data.get("package", []) + ([data["root"]] if "root" in data else [])
    assert sorted(told, key=str) == sorted(expected, key=str)
