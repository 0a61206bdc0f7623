"""``secops-hooks init``: what it writes, that it keeps what is there, and that a dry run writes nothing."""

from __future__ import annotations

import json
import os
import tomllib
from datetime import date
from hashlib import sha1

import pytest

from secops_hooks import __version__
from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.setup.hooks import has_hook, with_block

OTHERS = """\
# our hooks
repos:
  - repo: https://github.com/psf/black   # formatter
    rev: 24.1.0
    hooks:
      - id: black
        args: [--fast]  # quick

# the end
"""
SHAPES = {
    "indented": OTHERS,
    "not indented": "repos:\n- repo: local\n  hooks:\n  - id: x\n    entry: 'true'\n",
    "no line end": "repos:\n- repo: local\n  hooks:\n  - id: x",
    "Windows": "repos:\r\n  - repo: local\r\n    hooks:\r\n      - id: x\r\n",
    "followed by other keys": "repos:\n  - repo: local\n    hooks: [{id: x}]\n# about CI\nci:\n  autofix_prs: false\n",
    "an empty list last": "repos:\n  - repo: local\n    hooks: []\n",
    "a flow list over lines last": "repos:\n  - repo: local\n    hooks: [\n      {id: x},\n    ]\n\nexclude: c\n",
    "a block scalar last": "repos:\n  - repo: local\n    hooks:\n      - id: x\n        files: |\n          (?x)a|\n          b\n\nexclude: c\n",
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_block_is_added_and_every_line_stays(name: str) -> None:
    text = SHAPES[name]
    new = with_block(text, "1.2.3")
    assert new is not None
    lines, start = (
        new.splitlines(),
        [line.strip() for line in new.splitlines()].index("- repo: https://github.com/secops-hooks/secops-hooks"),
    )
    assert [line.strip() for line in lines[start + 1 : start + 4]] == ["rev: v1.2.3", "hooks:", "- id: secops"]
    assert lines[:start] + lines[start + 4 :] == text.splitlines()
    assert ("\r\n" in text) == ("\r\n" in new)
    document = parse(Source.from_text("c.yaml", new), "yaml")
    assert not document.problems
    assert [node.text for node in document.select("repos[*].hooks[*].id")][-1] == "secops"
    before = parse(Source.from_text("c.yaml", text), "yaml").select("repos[*].**")
    assert [(node.path, node.text) for node in document.select("repos[*].**")][: len(before)] == [(node.path, node.text) for node in before]
    assert has_hook(new)


@pytest.mark.parametrize("text", ["repos: []\n", "repos: [{repo: local, hooks: []}]\n", "- a\n", "repos:\n  - {\n", "exclude: x\n"])
def test_what_cannot_be_added_to_is_left_alone(text: str) -> None:
    assert with_block(text, "1.2.3") is None


def init(repo, *args: str) -> str:
    done = repo.secops("init", *args)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(repo) -> dict[str, bytes]:
    return {
        os.path.join(at, name): (repo.path / at / name).read_bytes()
        for at, below, names in os.walk(repo.path)
        for name in names
        if ".git" not in at.split(os.sep) and below is not None
    }


def test_an_empty_repository_gets_the_hook(repo) -> None:
    said = init(repo)
    assert "created .pre-commit-config.yaml" in said
    text = (repo.path / ".pre-commit-config.yaml").read_text()
    assert has_hook(text)
    assert f"rev: v{__version__}" in text
    assert not (repo.path / ".secops.toml").exists()


def test_twice_is_once(repo) -> None:
    repo.write(".pre-commit-config.yaml", OTHERS)
    init(repo)
    before = files(repo)
    assert "has the hook already" in init(repo)
    assert files(repo) == before


@pytest.fixture
def settled(repo):
    """A repository with other tools' settings."""
    repo.write(".pre-commit-config.yaml", OTHERS)
    repo.write(".hadolint.yaml", "ignored:\n  - DL3002  # root is needed\n  - DL9999\n")
    repo.write(".checkov.yaml", "skip-check: [CKV_K8S_16]\n")
    repo.write(".gitleaks.toml", '[extend]\ndisabledRules = ["adafruit-api-key"]\n')
    repo.write(".trivyignore", "# none of it\nCVE-2024-1\nAVD-AWS-0001\n")
    repo.write(".github/zizmor.yml", "rules:\n  anonymous-definition:\n    disable: true\n  adhoc-packages:\n    disable: false\n")
    repo.write(".tfsec/config.yml", "exclude:\n  - AVD-AWS-0003\n")
    repo.write(".bandit", "[bandit]\nskips: B101\n")
    return repo


def test_a_dry_run_says_everything_and_writes_nothing(settled) -> None:
    settled.write(".secrets.baseline", "{}")
    before = files(settled)
    said = init(settled, "--dry-run")
    assert files(settled) == before
    for each in ("would add to .pre-commit-config.yaml", "would create .secops.toml", "would accept what .secrets.baseline", "DL3002"):
        assert each in said


def test_what_others_have_switched_off_is_off(settled) -> None:
    said = init(settled)
    text = (settled.path / ".secops.toml").read_text()
    rules = tomllib.loads(text)["rules"]
    expected = {"docker-root-user", "k8s-privileged-container", "adafruit-io-api-key", "cloud-logging-disabled", "actions-anonymous"}
    assert expected | {"cloud-tracing-off"} <= set(rules)
    assert "unhashed-install" not in rules
    assert all(rule == {"enabled": False} for rule in rules.values())
    assert "# hadolint's DL3002 is off in .hadolint.yaml\n[rules.docker-root-user]" in text
    assert "no rule of ours is equal to hadolint's DL9999" in said
    assert "CVE-" not in said
    assert ".bandit is honoured" in said
    settled.write("Dockerfile", "FROM scratch\nUSER root\n")
    found = json.loads(settled.secops("config", "--format", "json", "Dockerfile").stdout)["findings"]
    assert "docker-root-user" not in {f["rule"] for f in found}


def test_settings_that_are_there_are_left_alone(settled) -> None:
    settled.write(".secops.toml", 'tier = "block"\n')
    said = init(settled)
    assert (settled.path / ".secops.toml").read_text() == 'tier = "block"\n'
    assert "[rules.docker-root-user]" in said


def test_a_baseline_of_another_tool_is_taken_over(repo, aws_key) -> None:
    repo.write("app.env", f"KEY={aws_key()}\n")
    known = {
        "hashed_secret": sha1(aws_key().encode(), usedforsecurity=False).hexdigest(),
        "line_number": 1,
        "type": "AWS Access Key",
        "filename": "app.env",
    }
    repo.write(".secrets.baseline", json.dumps({"version": "1.5.0", "results": {"app.env": [known]}}))
    init(repo)
    assert repo.secops("secrets", "app.env").returncode == 0
    assert aws_key() not in (repo.path / ".secops-baseline").read_text()


def test_a_broken_baseline_stops_nothing(repo) -> None:
    repo.write(".secrets.baseline", "{")
    assert ".secrets.baseline is not imported" in init(repo)
    assert (repo.path / ".pre-commit-config.yaml").exists()


JOB = "    - name: secops\n      run: secops-hooks all --staged\n"
LEFTHOOK = {
    "an empty file": ("", "pre-commit:\n  jobs:\n" + JOB),
    "other hooks": ("pre-push:\n  jobs:\n    - run: make\n", "pre-push:\n  jobs:\n    - run: make\npre-commit:\n  jobs:\n" + JOB),
    "jobs": (
        "pre-commit:\n  jobs:\n    - name: lint  # first\n      run: ruff check\n\n# the end\n",
        "pre-commit:\n  jobs:\n    - name: lint  # first\n      run: ruff check\n" + JOB + "\n# the end\n",
    ),
    "commands": (
        "pre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: ruff check\npre-push: {}\n",
        "pre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: ruff check\n    secops:\n      run: secops-hooks all --staged\npre-push: {}\n",
    ),
}


@pytest.mark.parametrize("name", LEFTHOOK)
def test_lefthook_gets_a_job_and_every_line_stays(repo, name: str) -> None:
    before, after = LEFTHOOK[name]
    repo.write("lefthook.yml", before)
    assert "next: lefthook install" in init(repo)
    assert (repo.path / "lefthook.yml").read_text() == after
    assert not (repo.path / ".pre-commit-config.yaml").exists()
    assert "lefthook.yml has the hook already" in init(repo)


@pytest.mark.parametrize("text", ["pre-commit: {jobs: [{run: make}]}\n", "pre-commit: &a\n  jobs: *b\n", "a: [\n", "- a\n"])
def test_lefthook_written_otherwise_is_left_alone(repo, text: str) -> None:
    repo.write("lefthook.yml", text)
    assert "is left alone; let it run" in init(repo)
    assert (repo.path / "lefthook.yml").read_text() == text


@pytest.mark.parametrize("before", ["", "npx lint-staged", "npx lint-staged\n"])
def test_husky_gets_a_line(repo, before: str) -> None:
    repo.write(".husky/pre-commit", before)
    said = init(repo)
    assert "npm install, which runs husky" in said
    assert "pre-commit install" not in said
    assert (repo.path / ".husky/pre-commit").read_text() == (before.rstrip() + "\n" if before else "") + "secops-hooks all --staged\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"lint-staged": {"*.js": "eslint"}}'),
        (".lintstagedrc.json", '{"*.js": "eslint"}'),
        ("lint-staged.config.mjs", "export default {}"),
    ],
)
def test_lint_staged_is_noticed_and_left_alone(repo, name: str, text: str) -> None:
    repo.write(name, text)
    said = init(repo)
    assert f'lint-staged is set up in {name}, which is left alone; add this to it:\n  "*": "secops-hooks all"' in said
    assert (repo.path / name).read_text() == text
    assert not (repo.path / ".pre-commit-config.yaml").exists()


def test_lint_staged_that_runs_us_needs_nothing(repo) -> None:
    repo.write("package.json", '{"lint-staged": {"*": "secops-hooks all"}}')
    assert "package.json has the hook already" in init(repo)
    assert not (repo.path / ".pre-commit-config.yaml").exists()


def test_lint_staged_elsewhere_in_a_package_is_none(repo) -> None:
    repo.write("package.json", '{"devDependencies": {"lint-staged": "16.0.0"}}')
    init(repo)
    assert (repo.path / ".pre-commit-config.yaml").exists()


def test_husky_without_a_script_gets_one_that_runs(repo) -> None:
    repo.write(".husky/_/h", "")
    init(repo)
    made = repo.path / ".husky/pre-commit"
    assert made.read_text() == "secops-hooks all --staged\n"
    assert made.stat().st_mode & 0o111


def test_what_is_there_is_told_by_kind(repo) -> None:
    repo.write("Dockerfile", "FROM scratch\n")
    repo.write("a/Dockerfile", "FROM scratch\n")
    repo.write("x.tf", "")
    assert "secops: 3 files; among them dockerfile (2), terraform (1)" in init(repo, "--dry-run")


def test_outside_of_a_repository(sandbox) -> None:
    assert sandbox.secops("init").returncode == 2


ACCEPTED = {
    "gitleaks, paths": (
        {".gitleaks.toml": "[allowlist]\ndescription = 'samples'\npaths = ['''(^|/)samples/''', '''^keys\\.env$''']\n"},
        [
            ("ignore", {"rule": "secrets", "path": "samples/", "reason": "samples (.gitleaks.toml)"}),
            ("ignore", {"rule": "secrets", "path": "/keys.env", "reason": "samples (.gitleaks.toml)"}),
        ],
    ),
    "gitleaks, values": (
        {".gitleaks.toml": "[[allowlists]]\nregexes = ['''219-09-9999''', '''(?i)fake''', '''\\pL+''']\nstopwords = ['example']\n"},
        [
            ("secrets", "allow", "(?s:.*)(?:219-09-9999)(?s:.*)"),
            ("secrets", "allow", "(?s:.*)(?i:fake)(?s:.*)"),
            ("secrets", "allow", "(?is).*example.*"),
            "not taken over: the expression \\pL+",
        ],
    ),
    "gitleaks, of a rule": (
        {".gitleaks.toml": "[[rules]]\nid = 'github-pat'\n[[rules.allowlists]]\npaths = ['^a/']\nregexes = ['x']\n"},
        [("ignore", {"rule": "github-pat", "path": "/a/"}), "not taken over: the expression x"],
    ),
    "gitleaks, what must hold together": (
        {".gitleaks.toml": "[[allowlists]]\ncondition = 'AND'\npaths = ['^a/']\nregexes = ['x']\n"},
        ["not taken over: an allowlist whose paths, regexes hold together"],
    ),
    "gitleaks, of a line": (
        {".gitleaks.toml": "[allowlist]\nregexTarget = 'line'\nregexes = ['x']\ncommits = ['abc']\n"},
        ["not taken over: the expression x", "not taken over: commits"],
    ),
    "checkov": (
        {".checkov.yaml": "skip-path:\n  - ^legacy/\n  - '[ab]'\n"},
        [("ignore", {"rule": "config", "path": "/legacy/"}), "the path [ab]"],
    ),
    "hadolint": (
        {".hadolint.yaml": "trustedRegistries:\n  - registry.example.com\n  - '*.example.org'\n"},
        [("config", "registries", "registry.example.com"), "the registry *.example.org"],
    ),
    "zizmor": (
        {
            ".github/zizmor.yml": "rules:\n  excessive-permissions:\n    ignore:\n      - ci.yml\n",
            ".github/workflows/ci.yml": "on: push\n",
        },
        [("ignore", {"path": ".github/workflows/ci.yml"})],
    ),
    "trivy": (
        {
            ".trivyignore.yaml": "misconfigurations:\n  - id: AVD-AWS-0001\n    paths: ['a/**']\n    statement: ours\n"
            "    expired_at: 2099-01-01\n"
        },
        [("ignore", {"path": "a/**", "reason": "ours (.trivyignore.yaml)", "until": date(2099, 1, 1)})],
    ),
    "detect-secrets": (
        {
            ".secrets.baseline": json.dumps(
                {
                    "results": {},
                    "filters_used": [
                        {"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^samples/"]},
                        {"path": "detect_secrets.filters.regex.should_exclude_secret", "pattern": ["fake"]},
                        {"path": "detect_secrets.filters.regex.should_exclude_line", "pattern": ["y"]},
                        {"path": "detect_secrets.filters.heuristic.is_sequential_string"},
                    ],
                }
            )
        },
        [
            ("ignore", {"rule": "secrets", "path": "/samples/"}),
            ("secrets", "allow", "(?s:.*)(?:fake)(?s:.*)"),
            "the expression y for a line",
        ],
    ),
    "bandit in the hooks": (
        {
            ".pre-commit-config.yaml": "repos:\n- repo: x\n  rev: v1\n  hooks:\n  - id: bandit\n"
            "    args: [-c, ci/b.yaml, --skip=B101, -p, mine]\n",
            "ci/b.yaml": "profiles:\n  mine: {include: [B602]}\n",
        },
        [("python", "bandit-config", "ci/b.yaml"), ("python", "bandit-profile", "mine"), ("rules", "bandit-B101", {"enabled": False})],
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_others_accept_is_accepted(repo, name: str) -> None:
    files, expected = ACCEPTED[name]
    for path, text in files.items():
        repo.write(path, text)
    said = init(repo)
    path = repo.path / ".secops.toml"
    table = tomllib.loads(path.read_text()) if path.exists() else {}
    for each in expected:
        if isinstance(each, str):
            assert each in said
        elif each[0] == "ignore":
            assert any(each[1].items() <= entry.items() for entry in table["ignore"]), table
        else:
            value = table[each[0]][each[1]]
            assert each[2] == value or each[2] in value
    assert len(table) <= len(expected)
    assert all(entry["reason"] for entry in table.get("ignore", ()))
    assert repo.secops("settings").returncode == 0


def test_lines_of_zizmor_and_baselines_of_bandit_and_checkov_become_ours(repo) -> None:
    workflow = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
    command = "      - run: echo ${{ github.event.head_commit.message }}"
    repo.write(".github/workflows/ci.yml", f"{workflow}{command}\n{command} b\n")
    repo.write(".github/zizmor.yml", "rules:\n  template-injection:\n    ignore:\n      - ci.yml:7\n      - gone.yml:3\n")
    repo.write("a.py", "import subprocess\nsubprocess.run(x, shell=True)\n")
    known = {"filename": "./a.py", "line_number": 2, "test_id": "B602"}
    repo.write("ci/bandit.json", json.dumps({"results": [known], "errors": []}))
    repo.write("p.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n  hostPID: true\n")
    failed = {"file": "/p.yaml", "findings": [{"resource": "Pod.default", "check_ids": ["CKV_K8S_19"]}]}
    repo.write(".checkov.baseline", json.dumps({"failed_checks": [failed]}))

    def stopped() -> set[tuple[str, int]]:
        found = json.loads(repo.secops("all", ".", "--format", "json").stdout)["findings"]
        return {(f["path"], f["line"]) for f in found if f["tier"] == "block"}

    assert stopped() == {(".github/workflows/ci.yml", 7), (".github/workflows/ci.yml", 8), ("a.py", 2), ("p.yaml", 4), ("p.yaml", 5)}
    said = init(repo)
    assert "1 entry of ignore of .github/zizmor.yml" in said
    assert "template-injection in gone.yml:3" in said
    assert repo.secops("baseline", "--import", "ci/bandit.json").returncode == 0
    assert stopped() == {(".github/workflows/ci.yml", 8), ("p.yaml", 5)}
