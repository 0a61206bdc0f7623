"""Locks of yarn (classic and berry), pnpm (5 to 11) and bun: each kind of drift at its place, workspaces walked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from secops_hooks.pins.locks.blocks import read as read_blocks
from secops_hooks.pins.locks.bun import read as read_bun

Judge = Callable[[Mapping[str, str], str], list[str]]
PACKAGE = '{"name": "a", "dependencies": {"left-pad": "^1.3.0", "@s/pkg": "~2.0.0"}, "devDependencies": {"jest": "29"}}\n'
MEMBER = '{"name": "@w/b", "version": "1.0.0", "dependencies": {"chalk": "^5.0.0"}}\n'


def workspace(manifest: str) -> str:
    return manifest.replace('"name": "a"', '"name": "a", "private": true, "workspaces": ["packages/*"]')


CLASSIC = """# yarn lockfile v1


"@s/pkg@~2.0.0":
  version "2.0.1"
  resolved "https://registry.example/@s/pkg/-/pkg-2.0.1.tgz#abc"
  dependencies:
    ansi "^1.0.0"

ansi@^1.0.0, ansi@^1.1.0:
  version "1.2.0"

jest@29:
  version "29.7.0"
  dependencies:
    ansi "^1.1.0"

left-pad@^1.3.0:
  version "1.3.0"
"""
CLASSIC_MEMBER = '\nchalk@^5.0.0:\n  version "5.3.0"\n'
BERRY = """__metadata:
  version: 8
  cacheKey: 10c0

"@s/pkg@npm:~2.0.0":
  version: 2.0.1
  resolution: "@s/pkg@npm:2.0.1"
  languageName: node
  linkType: hard

"a@workspace:.":
  version: 0.0.0-use.local
  resolution: "a@workspace:."
  dependencies:
    "@s/pkg": "npm:~2.0.0"
    jest: "npm:29"
    left-pad: "npm:^1.3.0"
  languageName: unknown
  linkType: soft
"""
BERRY_MEMBER = """
"@w/b@workspace:packages/b":
  version: 0.0.0-use.local
  resolution: "@w/b@workspace:packages/b"
  dependencies:
    chalk: "npm:^5.0.0"
  languageName: unknown
  linkType: soft
"""
PNPM_5 = """lockfileVersion: 5.4

specifiers:
  '@s/pkg': ~2.0.0
  jest: '29'
  left-pad: ^1.3.0

dependencies:
  '@s/pkg': 2.0.1
  left-pad: 1.3.0

devDependencies:
  jest: 29.7.0

packages:

  /left-pad/1.3.0:
    resolution: {integrity: sha512-x}
"""
PNPM_6 = """lockfileVersion: '6.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

dependencies:
  '@s/pkg':
    specifier: ~2.0.0
    version: 2.0.1
  left-pad:
    specifier: ^1.3.0
    version: 1.3.0

devDependencies:
  jest:
    specifier: '29'
    version: 29.7.0

packages:

  /left-pad@1.3.0:
    resolution: {integrity: sha512-x}
"""
_IMPORTER = """
  .:
    dependencies:
      '@s/pkg':
        specifier: ~2.0.0
        version: 2.0.1
      left-pad:
        specifier: ^1.3.0
        version: 1.3.0
    devDependencies:
      jest:
        specifier: '29'
        version: 29.7.0
"""
PNPM_9 = f"lockfileVersion: '9.0'\n\nimporters:\n{_IMPORTER}\npackages:\n\n  left-pad@1.3.0:\n    resolution: {{integrity: sha512-x}}\n"
PNPM_11 = f"---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies: {{}}\n\npackages: {{}}\n---\n{PNPM_9}"
PNPM_MEMBER = PNPM_9.replace(
    "\npackages:", "\n  packages/b:\n    dependencies:\n      chalk:\n        specifier: ^5.0.0\n        version: 5.3.0\n\npackages:"
)
BUN = """{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "a",
      "dependencies": {
        "@s/pkg": "~2.0.0",
        "left-pad": "^1.3.0", // https://example.com
      },
      "devDependencies": {
        "jest": "29",
      },
    },
  },
  "packages": {
    "left-pad": ["left-pad@1.3.0", "", {}, "sha512-x"],
  },
}
"""
BUN_MEMBER = BUN.replace(
    '    },\n  },\n  "packages"',
    '    },\n    "packages/b": {\n      "name": "@w/b",\n      "version": "1.0.0",\n      "dependencies": {\n        "chalk": "^5.0.0",\n      },\n'
    '    },\n  },\n  "packages"',
)
LOCKS = {
    "yarn classic": ("yarn.lock", CLASSIC),
    "yarn berry": ("yarn.lock", BERRY),
    "pnpm 5": ("pnpm-lock.yaml", PNPM_5),
    "pnpm 6": ("pnpm-lock.yaml", PNPM_6),
    "pnpm 9": ("pnpm-lock.yaml", PNPM_9),
    "pnpm 11": ("pnpm-lock.yaml", PNPM_11),
    "bun": ("bun.lock", BUN),
}
WORKSPACES = {
    "yarn classic": ("yarn.lock", CLASSIC + CLASSIC_MEMBER),
    "yarn berry": ("yarn.lock", BERRY + BERRY_MEMBER),
    "pnpm": ("pnpm-lock.yaml", PNPM_MEMBER),
    "bun": ("bun.lock", BUN_MEMBER),
}
COMMANDS = {"yarn.lock": "run: yarn install", "pnpm-lock.yaml": "run: pnpm install --lockfile-only", "bun.lock": "run: bun install"}
in_every_lock = pytest.mark.parametrize(("name", "lock"), LOCKS.values(), ids=LOCKS)
in_every_workspace = pytest.mark.parametrize(("name", "lock"), WORKSPACES.values(), ids=WORKSPACES)


@in_every_lock
def test_fresh(judge: Judge, name: str, lock: str) -> None:
    for path in ("package.json", name):
        assert judge({"package.json": PACKAGE, name: lock}, path) == []
        assert judge({"package.json": PACKAGE.replace("{", '{"scripts": {"x": "y"}, ', 1), name: lock}, path) == []
        windows = {"package.json": PACKAGE, name: lock.replace("\n", "\r\n")}
        assert judge(windows, path) == []


@in_every_lock
@pytest.mark.parametrize("path", ["package.json", "lock"])
def test_a_changed_range(judge: Judge, name: str, lock: str, path: str) -> None:
    files = {"package.json": PACKAGE.replace("^1.3.0", "^2.0.0"), name: lock}
    told = judge(files, name if path == "lock" else path)
    assert told[0].startswith('package.json: «"left-pad": "^2.0.0"» left-pad is ^2.0.0 ')
    assert told[0].endswith(COMMANDS[name])


@in_every_lock
def test_an_added_dependency(judge: Judge, name: str, lock: str) -> None:
    files = {"package.json": PACKAGE.replace('{"jest"', '{"vitest": "1", "jest"'), name: lock}
    (told,) = judge(files, "package.json")
    assert told.startswith('package.json: «"vitest": "1"» vitest ')
    assert told.endswith(COMMANDS[name])


@in_every_lock
def test_a_removed_dependency(judge: Judge, name: str, lock: str) -> None:
    (told,) = judge({"package.json": PACKAGE.replace('"left-pad": "^1.3.0", ', ""), name: lock}, name)
    assert told.startswith(f"{name}: «")
    assert "left-pad" in told.partition("»")[0]


@in_every_workspace
def test_a_workspace(judge: Judge, name: str, lock: str) -> None:
    files = {"package.json": workspace(PACKAGE), "packages/b/package.json": MEMBER, name: lock}
    if name == "pnpm-lock.yaml":
        files["pnpm-workspace.yaml"] = "packages:\n  - 'packages/*'\n"
    for path in ("package.json", "packages/b/package.json", name):
        assert judge(files, path) == []
    changed = {**files, "packages/b/package.json": MEMBER.replace("^5", "^4")}
    for path in ("packages/b/package.json", name):
        told = judge(changed, path)
        assert told[0].startswith('packages/b/package.json: «"chalk": "^4.0.0"» chalk is ^4.0.0 ')
    added = {**files, "packages/c/package.json": MEMBER.replace("@w/b", "@w/c").replace("chalk", "kleur")}
    assert "packages/c/package.json: «" in judge(added, "packages/c/package.json")[0]
    other = {**files, "examples/c/package.json": MEMBER.replace("@w/b", "@w/c").replace("chalk", "kleur")}
    assert judge(other, "examples/c/package.json") == []
    gone = {path: text for path, text in {**files, "packages/d/package.json": '{"name": "d"}'}.items() if path != "packages/b/package.json"}
    assert any("packages/b" in each or "chalk" in each for each in judge(gone, name))


@pytest.mark.parametrize("spec", ["*", "1.0.0", "link:../c", "file:../c", "../c"])
def test_what_comes_from_the_workspace_itself_is_no_key_of_a_classic_lock(judge: Judge, spec: str) -> None:
    member = MEMBER.replace('"chalk"', f'"@w/c": "{spec}", "chalk"')
    files = {"package.json": workspace(PACKAGE), "packages/b/package.json": member, "packages/c/package.json": '{"name": "@w/c"}'}
    assert judge({**files, "yarn.lock": CLASSIC + CLASSIC_MEMBER}, "yarn.lock") == []


def test_a_path_is_a_key_of_a_classic_lock_that_a_manifest_asks_for(judge: Judge) -> None:
    manifest = PACKAGE.replace('"left-pad"', '"near": "file:../near", "left-pad"')
    lock = CLASSIC + '\n"near@file:../near":\n  version "1.0.0"\n  dependencies:\n    kleur "^4.0.0"\n\nkleur@^4.0.0:\n  version "4.1.5"\n'
    assert judge({"package.json": manifest, "yarn.lock": lock}, "yarn.lock") == []
    (told,) = judge({"package.json": PACKAGE, "yarn.lock": lock}, "yarn.lock")
    assert "nothing in package.json asks for near@file:../near any more" in told


def test_a_workspace_may_be_a_key_with_its_path(judge: Judge) -> None:
    lock = CLASSIC + CLASSIC_MEMBER + '\n"@w/b@file:/home/x/packages/b":\n  version "1.0.0"\n  dependencies:\n    chalk "^5.0.0"\n'
    files = {"package.json": workspace(PACKAGE), "packages/b/package.json": MEMBER, "yarn.lock": lock}
    assert judge(files, "yarn.lock") == []


@pytest.mark.parametrize(
    ("spec", "kept", "same"),
    [
        ("npm:^1.0.0", "npm:^1.0.0", True),
        ("^1.0.0", "npm:^1.0.0", True),
        ("", "npm:*", True),
        ("latest", "npm:latest", True),
        ("catalog:", "npm:^1.0.0", True),
        ("workspace:*", "workspace:*", True),
        ("^1.0.0", "npm:^1.1.0", False),
        ("npm:other@1", "npm:^1", False),
    ],
)
def test_ranges_as_berry_keeps_them(judge: Judge, spec: str, kept: str, same: bool) -> None:
    manifest = json.dumps({"name": "a", "dependencies": {"x": spec}})
    lock = f'__metadata:\n  version: 8\n\n"a@workspace:.":\n  resolution: "a@workspace:."\n  dependencies:\n    x: "{kept}"\n'
    assert (judge({"package.json": manifest, "yarn.lock": lock}, "yarn.lock") == []) is same


def test_packages_that_need_each_other_are_told_once_nobody_asks(judge: Judge) -> None:
    ring = '\nring@^1.0.0:\n  version "1.0.0"\n  dependencies:\n    gnir "^1.0.0"\n\ngnir@^1.0.0:\n  version "1.0.0"\n  dependencies:\n    ring "^1.0.0"\n'
    assert judge({"package.json": PACKAGE, "yarn.lock": CLASSIC + ring}, "yarn.lock")


@pytest.mark.parametrize("pattern", ["left-pad", "**/left-pad", "a/left-pad", "left-pad@^1.3.0", "a/**/left-pad@npm:^1"])
def test_resolutions_decide_over_ranges(judge: Judge, pattern: str) -> None:
    manifest = PACKAGE.replace('"name": "a"', f'"name": "a", "resolutions": {{"{pattern}": "1.1.0"}}')
    lock = CLASSIC.replace('left-pad@^1.3.0:\n  version "1.3.0"', 'left-pad@1.1.0, left-pad@^1.2.0:\n  version "1.1.0"')
    assert judge({"package.json": manifest, "yarn.lock": lock}, "yarn.lock") == []
    assert judge({"package.json": manifest.replace("@s/pkg", "@s/left-pad"), "yarn.lock": lock}, "yarn.lock")


@pytest.mark.parametrize(("spec", "fresh"), [("~2.0.0", True), ("npm:~2.0.0", True), ("2.0.3", False), ("patch:@s/pkg@npm%3A2#p", True)])
def test_a_resolution_in_a_berry_lock(judge: Judge, spec: str, fresh: bool) -> None:
    manifest = PACKAGE.replace('"name": "a"', f'"name": "a", "resolutions": {{"@s/pkg": "{spec}"}}')
    told = judge({"package.json": manifest, "yarn.lock": BERRY}, "package.json")
    assert [each for each in told if "@s/pkg is held to" in each] == ([] if fresh else told)
    assert bool(told) is not fresh


def test_a_new_member_that_needs_nothing_is_not_missed_by_pnpm(judge: Judge) -> None:
    files = {"package.json": PACKAGE, "pnpm-lock.yaml": PNPM_9, "pnpm-workspace.yaml": "packages:\n  - packages/*\n"}
    assert judge({**files, "packages/c/package.json": '{"name": "c"}'}, "package.json") == []
    assert judge({**files, "packages/c/package.json": MEMBER}, "package.json")


@pytest.mark.parametrize("pattern", ["left-pad", "**/left-pad"])
def test_a_resolution_that_the_lock_does_not_follow(judge: Judge, pattern: str) -> None:
    manifest = PACKAGE.replace('"name": "a"', f'"name": "a", "resolutions": {{"{pattern}": "1.1.0"}}')
    (told,) = judge({"package.json": manifest, "yarn.lock": CLASSIC}, "package.json")
    assert "left-pad is held to 1.1.0 by resolutions, but 1.3.0 in yarn.lock" in told


@pytest.mark.parametrize(
    ("manifest", "lock", "fresh"),
    [
        (PACKAGE.replace("}}", '}, "peerDependencies": {"react": "18"}}'), PNPM_6, False),
        (PACKAGE.replace("}}", '}, "peerDependencies": {"react": "18"}}'), PNPM_9, True),
        (PACKAGE.replace("}}", '}, "pnpm": {"overrides": {"left-pad": "1.0.0"}}}'), PNPM_9, False),
        (
            PACKAGE.replace("}}", '}, "pnpm": {"overrides": {"left-pad": "1.0.0"}}}'),
            PNPM_9.replace("importers:", "overrides:\n  left-pad: 1.0.0\n\nimporters:").replace("specifier: ^1.3.0", "specifier: 1.0.0"),
            True,
        ),
        (
            PACKAGE.replace('"29"', '"29", "near": "link:../near"'),
            PNPM_9.replace("\nimporters:", "\nsettings:\n  excludeLinksFromLockfile: true\n\nimporters:"),
            True,
        ),
        (
            PACKAGE.replace('"29"', '"29", "opt": "1"'),
            PNPM_9.replace("\nimporters:", "\nignoredOptionalDependencies:\n  - opt\n\nimporters:"),
            True,
        ),
        (PACKAGE.replace('"29"', '"29", "opt": "1"'), PNPM_9, False),
    ],
    ids=["peers installed", "peers not installed", "new override", "known override", "links left out", "ignored optional", "added"],
)
def test_settings_of_pnpm(judge: Judge, manifest: str, lock: str, fresh: bool) -> None:
    assert (judge({"package.json": manifest, "pnpm-lock.yaml": lock}, "package.json") == []) is fresh


def test_catalogs_of_pnpm(judge: Judge) -> None:
    lock = PNPM_9.replace("importers:", "catalogs:\n  default:\n    left-pad:\n      specifier: ^1.3.0\n      version: 1.3.0\n\nimporters:")
    lock = lock.replace("        specifier: ^1.3.0", "        specifier: 'catalog:'")
    manifest = PACKAGE.replace("^1.3.0", "catalog:")
    files = {"package.json": manifest, "pnpm-lock.yaml": lock, "pnpm-workspace.yaml": "packages: ['p/*']\ncatalog:\n  left-pad: ^1.3.0\n"}
    assert judge(files, "pnpm-lock.yaml") == []
    files["pnpm-workspace.yaml"] = "catalog:\n  left-pad: ^2.0.0\n"
    (told,) = judge(files, "pnpm-lock.yaml")
    assert "left-pad in catalog default is ^2.0.0 in pnpm-workspace.yaml, but ^1.3.0 here" in told


@pytest.mark.parametrize(
    ("name", "lock"),
    [("yarn.lock", "__metadata:\n  version: 8\n"), ("pnpm-lock.yaml", "packages: {}\n"), ("bun.lock", '{"workspaces": {}}')],
    ids=["yarn berry", "pnpm", "bun"],
)
def test_a_lock_without_the_project_cannot_be_judged(judge: Judge, name: str, lock: str) -> None:
    told = judge({"package.json": PACKAGE, name: lock}, name)
    assert len(told) == 1
    assert told[0].startswith(f"? {name}: «»")


@pytest.mark.parametrize("name", ["yarn.lock", "pnpm-lock.yaml", "bun.lock"])
@pytest.mark.parametrize("manifest", ["{", "[]", '"x"', '{"dependencies": []}', '{"workspaces": {"packages": 1}}'])
def test_broken_manifests_are_left_to_their_own_check(judge: Judge, name: str, manifest: str) -> None:
    told = judge({"package.json": manifest, name: dict(LOCKS.values())[name]}, name)
    assert all(each.startswith(f"{name}: «") for each in told)


def test_bun_is_json_with_comments_and_commas_outside_of_strings() -> None:
    assert read_bun('{"a": "x // y,}", // z\n "b": [1,\n],}') == {"a": "x // y,}", "b": [1]}
    assert read_bun("[]") is None
    assert read_bun('{"a": ') is None


def test_the_part_of_yaml_that_locks_use() -> None:
    text = 'a:\n  \'b c\':\n    - x\n    - \'y\'\n  "d\\"e": "f: g"\n  ? long\n  :\n    h: 1\ni: j # k\n'
    found = read_blocks(text)
    assert found["a"]["b c"] == ["x", "y"]
    assert found["a"]['d"e'] == "f: g"
    assert found["a"]["long"] == {"h": "1"}


def berry(more: str = "", entries: str = "") -> str:
    own = '"a@workspace:."\n'.rstrip() + f':\n  version: 0.0.0-use.local\n  resolution: "a@workspace:."\n{more}  languageName: unknown\n'
    return f"__metadata:\n  version: 8\n\n{entries}{own}"


@pytest.mark.parametrize(
    ("manifest", "lock", "told"),
    [
        ('{"name": "a", "bin": "./x.js"}', berry("  bin:\n    a: x.js\n"), ""),
        ('{"name": "a", "bin": {"b": "y.js"}}', berry("  bin:\n    b: ./x.js\n"), "bin of b"),
        ('{"name": "a"}', berry("  bin:\n    a: x.js\n"), "bin of a"),
        ('{"name": "b"}', berry(), "b is a in yarn.lock"),
        ("{}", berry(), ""),
        (
            '{"name": "a", "peerDependenciesMeta": {"p": {"optional": true}}}',
            berry("  peerDependenciesMeta:\n    p:\n      optional: true\n"),
            "",
        ),
        ('{"name": "a", "peerDependenciesMeta": {"p": {"optional": true}}}', berry(), "peerDependenciesMeta of p"),
        ('{"name": "a", "dependenciesMeta": {"p": {"built": false}}}', berry(), "dependenciesMeta of p"),
        (
            '{"name": "a", "optionalDependencies": {"p": "1"}}',
            berry('  dependencies:\n    p: "npm:1"\n  dependenciesMeta:\n    p:\n      optional: true\n'),
            "",
        ),
        ('{"name": "a", "optionalDependencies": {"p": "1"}}', berry('  dependencies:\n    p: "npm:1"\n'), "dependenciesMeta of p"),
    ],
)
def test_what_berry_keeps_of_a_workspace(judge: Judge, manifest: str, lock: str, told: str) -> None:
    found = judge({"package.json": manifest, "yarn.lock": lock}, "yarn.lock")
    assert [told in each for each in found] == ([True] if told else [])


@pytest.mark.parametrize(("catalog", "fresh"), [("^1.0.0", True), ("npm:^1.0.0", True), ("^2.0.0", False), ("patch:x@npm%3A1#p", True)])
def test_catalogs_of_berry(judge: Judge, catalog: str, fresh: bool) -> None:
    files = {
        "package.json": '{"name": "a", "dependencies": {"x": "catalog:"}}',
        ".yarnrc.yml": f"nodeLinker: pnp\ncatalog:\n  x: {catalog}  # why\n",
        "yarn.lock": berry('  dependencies:\n    x: "catalog:"\n', '"x@npm:^1.0.0, x@npm:^1.1.0":\n  version: 1.2.0\n\n'),
    }
    assert (judge(files, "package.json") == []) is fresh


def test_an_empty_lock_fixes_nothing(judge: Judge) -> None:
    (told,) = judge({"package.json": PACKAGE, "yarn.lock": ""}, "package.json")
    assert "this lock is empty" in told
    assert judge({"package.json": '{"name": "a"}', "yarn.lock": "\n"}, "yarn.lock") == []
