"""Settings: found where they should be, refused with words that help."""

from __future__ import annotations

import os

import pytest

from secops_hooks.policy.glob import matches
from secops_hooks.policy.schema import SCHEMA
from secops_hooks.policy.settings import Ignore, Override, Settings, SettingsError, find, load, parse

GOOD = b"""
families = ["secrets", "pins"]
tier = "audit"
fail-on = "warn"
unanalysable = "warn"
exclude = ["vendor/"]
max-file-size = 1000
unsuppressible = ["github-*"]

[rules.k8s-host-network]
tier = "warn"

[rules.bandit-B602]
enabled = false

[[ignore]]
rule = "generic-password"
path = "legacy/**"
reason = "retired in May"
until = 2027-03-31

[python]
tests = "audit"
"""


def test_everything_is_read() -> None:
    settings = parse(GOOD, ".secops.toml")
    assert settings == Settings(
        families=("secrets", "pins"),
        tier="audit",
        fail_on="warn",
        unanalysable="warn",
        exclude=("vendor/",),
        max_file_size=1000,
        unsuppressible=("github-*",),
        rules={"k8s-host-network": Override(tier="warn"), "bandit-B602": Override(enabled=False)},
        ignore=(Ignore("generic-password", "legacy/**", "", "retired in May", "2027-03-31", ".secops.toml"),),
        extra={"python": {"tests": "audit"}},
        origin=".secops.toml",
    )
    assert settings.option("python", "tests", "warn") == "audit"
    assert settings.option("pins", "hosts", ()) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fail_on = 'warn'", "unknown key fail_on; did you mean fail-on?"),
        ("zzz = 1", "unknown key zzz; valid: "),
        ("tier = 'blok'", "tier: 'blok' is none of block, warn, audit; did you mean block?"),
        ("fail-on = 'audit'", "fail-on: 'audit' is none of block, warn"),
        ("exclude = 'x'", "exclude must be a list of strings"),
        ("max-file-size = true", "max-file-size must be a whole number"),
        ("families = ['secret']", "did you mean secrets?"),
        ("[rules]\na = 1", "rules.a must be a table"),
        ('[rules."k8s-*"]\nenabled = false', ".secops.toml:1:8: 'k8s-*' is a glob: [rules] takes ids; several rules are accepted by"),
        ("[secrets]\nallow = ['a', '(b']", ".secops.toml:2:15: secrets.allow: '(b' is no regular expression: missing )"),
        ("[rules.a]\nteir = 'warn'", "unknown key rules.teir; did you mean tier?"),
        ("[[ignore]]\npath = 'x'", "needs rule"),
        ("[[ignore]]\nrule = 'x'\nuntil = 'soon'", "ignore.until must be a date"),
        ("[python]\ntest = 'warn'", "unknown key python.test; did you mean tests?"),
        ("a = ", ".secops.toml:1:5: not valid TOML"),
        ("tier = 'warn'\nfail_on = 'warn'", ".secops.toml:2:1: unknown key fail_on"),
        ("families = [\n  'secrets',\n  'pin',\n]", ".secops.toml:3:3: families: 'pin' is none of"),
        ("[python]\n\ntests = 'no'", ".secops.toml:3:1: python.tests: 'no' is none of"),
        ("[[ignore]]\nrule = 'a'\n[[ignore]]\nrule = 'b'\nunitl = 2027-01-01", ".secops.toml:5:1: unknown key ignore.unitl"),
        ("[[override]]\nfamilies = ['pins']", "needs paths"),
        ("[pins.levels]\nnpm = 'contnet'", ".secops.toml:2:1: pins.levels.npm: 'contnet' is none of content, version, floating"),
        ("[[override]]\npaths = ['a']\n[override.rules.x]\nteir = 'warn'", ".secops.toml:4:1: unknown key rules.teir; did you mean tier?"),
        ("require-reason = true\n[[ignore]]\nrule = 'x'", ".secops.toml:2:1: this [[ignore]] entry needs reason"),
    ],
)
def test_mistakes_are_refused_and_named(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text.encode(), ".secops.toml")
    assert says in str(caught.value)


def test_pyproject_holds_them_in_its_own_table(tmp_path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "x"\n[tool.secops-hooks]\ntier = "block"\n')
    assert load(str(path)).tier == "block"


def test_the_nearest_file_wins_and_the_search_ends_at_the_root(tmp_path) -> None:
    root, inner = tmp_path / "root", tmp_path / "root" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / ".secops.toml").write_text("")
    assert find(str(root), str(inner)) is None
    (root / ".secops.toml").write_text("")
    assert find(str(root), str(inner)) == os.path.join(str(root), ".secops.toml")
    (root / "a" / "pyproject.toml").write_text("[tool.black]\n")
    assert find(str(root), str(inner)) == os.path.join(str(root), ".secops.toml")
    (root / "a" / "pyproject.toml").write_text("[tool.secops-hooks]\n")
    assert find(str(root), str(inner)) == os.path.join(str(root), "a", "pyproject.toml")


def test_every_key_says_what_it_is() -> None:
    assert all(key.meaning and key.type for keys in SCHEMA.values() for key in keys.values())


def test_a_project_file_of_another_shape_is_no_crash() -> None:
    assert parse(b"tool = 3", "pyproject.toml") == Settings(origin="pyproject.toml")
    with pytest.raises(SettingsError, match=r"pyproject.toml:2:1: \[tool.secops-hooks\] must be a table"):
        parse(b"[tool]\nsecops-hooks = 3", "pyproject.toml")


def test_globs_are_relative_to_the_directory_of_their_file() -> None:
    settings = parse(b'exclude = ["vendor/gen", "*.lock", "/top/"]\n[[ignore]]\nrule = "r"\npath = "a/b"\n', "x/.secops.toml", "x")
    assert settings.exclude == ("x/vendor/gen", "x/**/*.lock", "x/top/")
    assert settings.ignore[0].path == "x/a/b"
    for path, expected in (("x/vendor/gen/f", True), ("vendor/gen/f", False), ("x/y/z.lock", True), ("z.lock", False)):
        assert any(matches(glob, path) for glob in settings.exclude) is expected, path
