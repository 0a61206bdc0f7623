"""What is wrong inside a lock, format by format: the exact place, near misses, hostile text in bounded time."""

from __future__ import annotations

import json
import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.pins.check import check
from secops_hooks.pins.locks.integrity import issues
from secops_hooks.pins.locks.tomllock import is_written_by_machine, pieces
from secops_hooks.policy.settings import Settings

COMMIT = "0123456789abcdef" * 2 + "01234567"
PNPM = "lockfileVersion: '9.0'\n\npackages:\n\n  {key}:\n    resolution: {{{body}}}\n"
YARN = '# yarn lockfile v1\n\n\na@^1.0.0:\n  version "1.0.0"\n  resolved "{url}"\n{more}'


def found(kind: str, text: str, *hosts: str) -> list[tuple[str, str]]:
    """(rule, reported text) of each issue."""
    return [(each.rule, text[each.start : each.end]) for each in issues(kind, Source.from_text("lock", text), frozenset(hosts))]


def npm(**entries: dict[str, object]) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": {f"node_modules/{name}": entry for name, entry in entries.items()}}, indent=1)


GOOD_NPM = {"version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "integrity": "sha512-aaaa"}


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({}, []),
        ({"integrity": ""}, ["lock-missing-integrity"]),
        ({"integrity": "", "inBundle": True}, []),
        ({"integrity": "sha1-aaaa"}, ["lock-weak-integrity"]),
        ({"integrity": "sha1-aaaa sha512-bbbb"}, []),
        ({"resolved": "http://registry.npmjs.org/a/-/a-1.0.0.tgz"}, ["lock-plain-http"]),
        ({"resolved": "https://registry.npmjs.org/b/-/b-1.0.0.tgz"}, ["lock-name-mismatch"]),
        ({"resolved": "https://registry.npmjs.org/b/-/b-1.0.0.tgz", "name": "b"}, []),
        ({"resolved": f"git+ssh://git@github.com/a/a.git#{COMMIT}", "integrity": ""}, ["lock-git-dependency"]),
        ({"resolved": "git+ssh://git@github.com/a/a.git#main", "integrity": ""}, ["lock-invalid-commit", "lock-git-dependency"]),
        ({"resolved": "packages/a", "link": True, "integrity": ""}, []),
    ],
)
def test_npm(change: dict[str, object], rules: list[str]) -> None:
    assert [rule for rule, _ in found("npm-lock", npm(a={**GOOD_NPM, **change}))] == rules


def test_aliases_of_version_1() -> None:
    entry = {"version": "npm:b@1.0.0", "resolved": "https://registry.npmjs.org/b/-/b-1.0.0.tgz", "integrity": "sha512-aaaa"}
    assert found("npm-lock", json.dumps({"lockfileVersion": 1, "dependencies": {"a": entry}})) == []
    entry["version"] = "1.0.0"
    assert [rule for rule, _ in found("npm-lock", json.dumps({"dependencies": {"a": entry}}))] == ["lock-name-mismatch"]


def test_a_host_that_serves_a_few_packages_only() -> None:
    many = {f"p{n}": {**GOOD_NPM, "resolved": f"https://registry.npmjs.org/p{n}/-/p{n}-1.0.0.tgz"} for n in range(9)}
    odd = npm(**many, a={**GOOD_NPM, "resolved": "https://cdn.example.net/a.tgz"})
    assert found("npm-lock", odd) == [("lock-foreign-host", '"node_modules/a"')]
    assert found("npm-lock", odd, "cdn.example.net") == []
    own = {
        name: {**entry, "resolved": str(entry["resolved"]).replace("registry.npmjs.org", "npm.example.com")} for name, entry in many.items()
    }
    assert found("npm-lock", npm(**own)) == []


@pytest.mark.parametrize(
    ("key", "body", "expected"),
    [
        ("a@1.0.0", "integrity: sha512-aaaa", []),
        ("a@1.0.0", "tarball: https://x.example/a.tgz", [("lock-missing-integrity", "a@1.0.0")]),
        ("a@1.0.0", f"commit: {COMMIT}, repo: https://x.example/a.git, type: git", [("lock-git-dependency", ...), ("lock-shape-mismatch", "a@1.0.0")]),
        ("a@https://x.example/a", "commit: --upload-pack=x, repo: https://x.example/a.git, type: git", [("lock-invalid-commit", "--upload-pack=x"), ("lock-git-dependency", ...)]),
        ("'@s/a@1.0.0'", "integrity: sha1-aaaa", [("lock-weak-integrity", "'@s/a@1.0.0'")]),
    ],
)  # fmt: skip
def test_pnpm(key: str, body: str, expected: list[tuple[str, object]]) -> None:
    told = found("pnpm-lock", PNPM.format(key=key, body=body))
    assert [rule for rule, _ in told] == [rule for rule, _ in expected]
    assert all(want is ... or text == want for (_, text), (_, want) in zip(told, expected, strict=True))


@pytest.mark.parametrize(
    ("url", "more", "rules"),
    [
        (f"https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#{COMMIT}", "  integrity sha512-aaaa\n", []),
        (f"https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#{COMMIT}", "", ["lock-weak-integrity"]),
        ("https://registry.yarnpkg.com/a/-/a-1.0.0.tgz", "", ["lock-missing-integrity"]),
        ("https://registry.yarnpkg.com/b/-/b-1.0.0.tgz", "  integrity sha512-aaaa\n", ["lock-name-mismatch"]),
    ],
)
def test_yarn(url: str, more: str, rules: list[str]) -> None:
    assert [rule for rule, _ in found("yarn-lock", YARN.format(url=url, more=more))] == rules


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ('sdist = { url = "https://x/a-1.tar.gz", hashes = { sha256 = "00" } }', []),
        ('[[packages.wheels]]\nurl = "https://x/a-1.whl"\n[packages.wheels.hashes]\nsha256 = "00"', []),
        ('[[packages.wheels]]\nurl = "https://x/a-1.whl"\nhashes = {}', ["lock-missing-integrity"]),
        ('sdist = { url = "https://x/a-1.tar.gz", hashes = { md5 = "00" } }', ["lock-weak-integrity"]),
        (f'vcs = {{ type = "git", url = "https://x/a", commit-id = "{COMMIT}" }}', []),
        ('directory = { path = "." }', []),
    ],
)
def test_pylock(files: str, rules: list[str]) -> None:
    text = f'lock-version = "1.0"\ncreated-by = "x"\n\n[[packages]]\nname = "a"\nversion = "1"\n{files}\n'
    assert [rule for rule, _ in found("pylock", text)] == rules


@pytest.mark.parametrize(
    ("entry", "rules"),
    [
        ('["a@1.0.0", "", {}, "sha512-aaaa"],', []),
        ('["a@1.0.0", "", { "bin": { "a": "a.js" } }, "sha1-aaaa"],', ["lock-weak-integrity"]),
        ('["a@1.0.0", "", { "dependencies": { "b": "1" } }, ""],', ["lock-missing-integrity"]),
        ('["a@1.0.0", ""],', ["lock-missing-integrity"]),
        ('["a@https://registry.npmjs.org/b/-/b-1.0.0.tgz", {}],', []),
        ('["a@1.0.0", "https://registry.npmjs.org/b/-/b-1.0.0.tgz", {}, "sha512-aaaa"],', ["lock-name-mismatch"]),
        ('["a@workspace:packages/a"],', []),
        ('["a@github:o/a#0123456", {}, "o-a-0123456", "sha512-aaaa"],', []),
        ('["other@1.0.0", "", {}, "sha512-aaaa"],', []),
    ],
)
def test_bun(entry: str, rules: list[str]) -> None:
    text = f'{{\n  "lockfileVersion": 1,\n  "packages": {{\n    "a": {entry}\n  }}\n}}\n'
    assert [rule for rule, _ in found("bun-lock", text)] == rules


def test_python_locks() -> None:
    digest = "0a" * 32
    good = f'[[package]]\nname = "a-b"\nversion = "1"\nfiles = [\n    {{file = "a_b-1-py3-none-any.whl", hash = "sha256:{digest}"}},\n]\n'
    assert found("poetry-lock", good) == []
    assert found("poetry-lock", good.replace("a_b-1", "evil-1")) == [("lock-name-mismatch", '"a-b"')]
    assert found("poetry-lock", good.replace("sha256", "md5")) == [("lock-weak-integrity", '"a-b"')]
    assert found("poetry-lock", '[[package]]\nname = "a"\nversion = "1"\nfiles = []\n') == [("lock-missing-integrity", '"a"')]
    own = '[[package]]\nname = "a"\nversion = "1"\nsource = { editable = "." }\ndependencies = [\n    { name = "b", source = { registry = "x" } },\n]\n'
    assert found("uv-lock", own) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("npm-lock", '{"packages": ' + '{"a":' * 40000),
        ("yarn-lock", "a@1:\n" + "  " * 200000),
        ("yarn-lock", '"' * 100000),
        ("pnpm-lock", "  a@1.0.0" * 40000),
        ("pnpm-lock", "  a@1.0.0:\n    resolution: {" + "commit: " * 50000),
        ("cargo-lock", '[[package]]\nname = "' * 20000),
        ("bun-lock", '    "a": ["a@1' * 20000),
        ("bun-lock", '    "a": ["a@1", "", {' + '"sha1-' * 50000),
        ("gemfile-lock", "    a" * 40000),
        ("poetry-lock", '[[package]]\nname = "a"\n' * 20000),
        ("uv-lock", 'url = "' * 50000),
    ],
)
def test_hostile_text_takes_bounded_time(kind: str, text: str) -> None:
    before = time.process_time()
    found(kind, text)
    assert time.process_time() - before < 2


@pytest.mark.parametrize("path", ["yarn.lock", "Chart.lock", "packages.lock.json", ".terraform.lock.hcl"])
def test_a_lock_that_cannot_be_read_is_told(path: str) -> None:
    broken = {
        "yarn.lock": "<<<<<<< ours\na@1:\n",
        "Chart.lock": "a: [\n",
        "packages.lock.json": "{",
        ".terraform.lock.hcl": 'provider "a" {\n',
    }
    tree = MemoryTree({path: broken[path]})
    file = load(tree, path)
    assert file is not None
    assert [each.rule.id for each in check(file, tree, Settings())] == ["unanalysable"]


MACHINE = {
    "uv": 'version = 1\nresolution-markers = [\n    "python_version < \'3.12\'",\n]\n\n[[package]]\nname = "a"\n'
    'source = { registry = "https://pypi.org/simple" }\ndependencies = [\n    { name = "b", source = { virtual = "b" }, extra = ["x", "y"] },\n]\n\n'
    '[package.metadata.requires-dev]\ndev = [{ name = "c", marker = "os_name == \\"nt\\"" }]\nnone = []\n',
    "poetry": '# generated\n\n[[package]]\nname = "a"\noptional = false\nfiles = [\n    {file = "a.whl", hash = "sha256:00"},\n]\n\n'
    '[package.dependencies]\n"b.c" = {version = ">=1", markers = "os_name == \'nt\'"}\n\n[extras]\nall = ["a (>=1)", "b"]\n',
    "cargo": 'version = 4\n\n[[package]]\nname = "a"\nversion = "1.0.0"\ndependencies = [\n "b 1.0.0",\n]\n',
}


@pytest.mark.parametrize("text", MACHINE.values(), ids=MACHINE)
def test_the_toml_of_package_managers_is_known_by_its_lines(text: str) -> None:
    tomllib.loads(text)
    assert is_written_by_machine(text)
    assert "".join(pieces(text)) == text


@pytest.mark.parametrize(
    "line",
    [
        'a = "open',
        "a = [",
        "a = [1,, 2]",
        'a = { b = "c"',
        "a b = 1",
        "[[package]",
        '"a = 1',
        "<<<<<<< HEAD",
        'a = "b" c',
        "a = nonsense\n[",
        "= 1",
    ],
)
def test_broken_toml_is_not_taken_for_a_machine_s(line: str) -> None:
    for text in (f"{line}\n", f"{MACHINE['uv']}{line}\n", f"{line}\n{MACHINE['poetry']}"):
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads(text)
        assert not is_written_by_machine(text)


@given(st.sampled_from(sorted(MACHINE)), st.data())
def test_what_is_taken_for_a_machine_s_is_toml(name: str, data: st.DataObject) -> None:
    text = MACHINE[name]
    at = data.draw(st.integers(0, len(text)))
    changed = (
        text[:at] + data.draw(st.sampled_from(['"', "[", "]", "{", "}", ",", "=", "\n", "#", ".", "\\", "x", "\0", ""])) + text[at + 1 :]
    )
    assert not is_written_by_machine(changed) or _what_toml_says(changed) in ("", "a key stands twice")


def _what_toml_says(text: str) -> str:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        twice = any(word in str(error) for word in ("overwrite", "twice", "Duplicate", "mutate"))
        return "a key stands twice" if twice else str(error)
    return ""
