"""``secops-hooks ci``: a change is judged by the policy of the branch that it goes to, and what it does to that policy is named."""

from __future__ import annotations

import json
import shutil

import pytest

POD = "apiVersion: v1\nkind: Pod\nspec:\n"
BAD = POD + "  hostNetwork: true\n"
HOOKS = (
    "repos:\n"
    "  - repo: https://github.com/secops-hooks/secops-hooks\n"
    "    rev: v1.2.0\n"
    "    hooks:\n"
    "      - id: secops\n"
    "      - id: secops-push\n"
)
SETTINGS = 'exclude = ["vendor/**"]\nunsuppressible = ["aws-*"]\nfail-on = "warn"\n'
CI = "jobs:\n  check:\n    steps:\n      - run: secops-hooks ci --base origin/main\n"


@pytest.fixture
def branch(repo):
    """A repository with a policy on ``main`` and an empty branch ``change``."""
    repo.write(".pre-commit-config.yaml", HOOKS)
    repo.write(".secops.toml", SETTINGS)
    repo.write(".github/workflows/check.yml", CI)
    repo.write("old.yaml", BAD)
    repo.write("good.yaml", POD + "  hostNetwork: false\n")
    repo.write("accepted.yaml", POD + "  hostPID: true  # secops: ignore[k8s-host-pid] a node agent\n")
    repo.commit("begin")
    repo.git("checkout", "-qb", "change")
    return repo


def loosened(found: list[dict]) -> list[str]:
    return [f"{f['path']}:{f['line']}: {f['message']}" for f in found if f["rule"] == "policy-loosened"]


def blocking(found: list[dict]) -> set[str]:
    return {f["rule"] for f in found if f["tier"] == "block"}


def test_a_harmless_change_passes_and_old_findings_elsewhere_are_not_its_business(branch) -> None:
    branch.write("notes.txt", "nothing\n")
    branch.commit("notes")
    assert branch.ci(code=0) == []


def test_an_old_suppression_still_counts_in_a_changed_file(branch) -> None:
    branch.write("accepted.yaml", "# moved down\n" + (branch.path / "accepted.yaml").read_text())
    branch.commit("comment")
    assert "k8s-host-pid" not in blocking(branch.ci())
    assert loosened(branch.ci()) == []


NEW = "  hostPID: true  # secops: ignore[k8s-host-pid]{}\n"
TABLE = {
    "an added suppression without reason": ({"p.yaml": POD + NEW.format("")}, "p.yaml:4: a new suppression accepts k8s-host-pid, without"),
    "an added suppression with a reason": ({"p.yaml": POD + NEW.format(" my way")}, "p.yaml:4: a new suppression accepts k8s-host-pid"),
    "another tool's suppression": ({"a.py": "x = 1  # nosec\n"}, "a.py:1: a new suppression accepts everything"),
    "a suppression for other code": (
        {"accepted.yaml": POD + "  hostNetwork: true\n  hostIPC: true  # secops: ignore[k8s-host-pid] a node agent\n"},
        "accepted.yaml:5: a new suppression accepts k8s-host-pid",
    ),
    "a widened exclude": ({".secops.toml": SETTINGS.replace('"vendor/**"', '"vendor/**", "src/**"')}, ".secops.toml:1: 'src/**' is excl"),
    "a lowered fail-on": ({".secops.toml": SETTINGS.replace('"warn"', '"block"')}, ".secops.toml:3: fail-on is lowered from warn to bl"),
    "a lowered tier": ({".secops.toml": SETTINGS + 'tier = "block"\n'}, ".secops.toml:4: tier is lowered"),
    "files that need not be analysable": (
        {".secops.toml": SETTINGS + 'unanalysable = "audit"\n'},
        ".secops.toml:4: unanalysable is lowered from block",
    ),
    "a family switched off": ({".secops.toml": SETTINGS + 'families = ["secrets"]\n'}, ".secops.toml:4: the family config is switched off"),
    "a rule switched off": (
        {".secops.toml": SETTINGS + "[rules.k8s-host-network]\nenabled = false\n"},
        ".secops.toml:5: the rule k8s-host-network is switched off",
    ),
    "a rule lowered": (
        {".secops.toml": SETTINGS + '[rules.k8s-host-network]\ntier = "audit"\n'},
        ".secops.toml:5: the rule k8s-host-network is lowered from block to audit",
    ),
    "a new entry": (
        {".secops.toml": SETTINGS + '[[ignore]]\nrule = "*"\n'},
        ".secops.toml:4: a new [[ignore]] entry accepts * in **, with",
    ),
    "suppressible again": ({".secops.toml": SETTINGS.replace('"aws-*"', "")}, ".secops.toml:2: 'aws-*' can be suppressed again"),
    "secrets allowed": ({".secops.toml": SETTINGS + '[secrets]\nallow = [".*"]\n'}, ".secops.toml:5: secrets.allow accepts more"),
    "settings that are no settings": ({".secops.toml": "exclude = 1\n"}, ".secops.toml:1: with these settings nothing would be checked"),
    "settings removed": ({".secops.toml": None}, ".secops.toml:1: fail-on is lowered from warn to block"),
    "bandit's settings": ({".bandit": "[bandit]\nskips: B602\n"}, ".bandit:1: settings by which files are checked are changed"),
    "bandit's settings in the project file": (
        {"pyproject.toml": '[tool.bandit]\nskips = ["B602"]\n'},
        "pyproject.toml:1: settings by which files are checked are changed",
    ),
    "bandit's configuration elsewhere": (
        {".bandit": "[bandit]\nconfigfile = b.yaml\n", "b.yaml": "skips: [B602]\n"},
        ".bandit:1: settings",
    ),
    "bandit's settings that are none": ({".bandit": "skips\n"}, ".bandit:1: with these settings of bandit no Python file would be"),
    "bandit's baseline": (
        {".bandit": "[bandit]\nbaseline = r.json\n", "r.json": '{"results": []}'},
        "r.json:1: bandit's baseline is changed",
    ),
    "bandit's profile": ({".secops.toml": SETTINGS + '[python]\nbandit-profile = "x"\n'}, ".secops.toml:5: another profile of bandit is"),
    "a baseline entry by hand": (
        {".secops-baseline": f"# salt {'0' * 32}\n0123456789abcdef k8s-host-network old.yaml\n"},
        ".secops-baseline:2: a new entry accepts k8s-host-network in old.yaml",
    ),
    "a removed hook": (
        {".pre-commit-config.yaml": HOOKS.replace("      - id: secops-push\n", "")},
        ".pre-commit-config.yaml:1: the hook se",
    ),
    "a removed configuration": ({".pre-commit-config.yaml": None}, ".pre-commit-config.yaml:1: the hook secops is removed"),
    "an unpinned rev": (
        {".pre-commit-config.yaml": HOOKS.replace("v1.2.0", "main")},
        ".pre-commit-config.yaml:3: the revision of secops is",
    ),
    "an earlier rev": (
        {".pre-commit-config.yaml": HOOKS.replace("1.2.0", "1.1.9")},
        ".pre-commit-config.yaml:3: the revision of secops is an",
    ),
    "another repository": ({".pre-commit-config.yaml": HOOKS.replace("com/secops-hooks", "com/me")}, ".pre-commit-config.yaml:2: the hook"),
    "a hook's exclude": (
        {".pre-commit-config.yaml": HOOKS.replace("id: secops\n", "id: secops\n        exclude: .*\n")},
        ".pre-commit-config.yaml:6: exclude of the hook secops is changed",
    ),
    "every hook's exclude": (
        {".pre-commit-config.yaml": "exclude: .*\n" + HOOKS},
        ".pre-commit-config.yaml:1: exclude, which holds for all",
    ),
    "SKIP in CI": (
        {".github/workflows/check.yml": CI + "    env:\n      SKIP: ruff,secops\n"},
        ".github/workflows/check.yml:6: the hooks are skipped: SKIP: ruff,secops",
    ),
    "SKIP in a script": ({"build.sh": "SKIP=secops git commit -m x\n"}, "build.sh:1: the hooks are skipped"),
    "--no-verify": ({"Makefile": "all:\n\tgit commit --no-verify -m x\n"}, "Makefile:2: git is told to run no hooks"),
    "core.hooksPath": ({"setup.sh": "git config core.hooksPath /dev/null\n"}, "setup.sh:1: git is pointed at other hooks"),
    "nearer settings": (
        {"sub/.secops.toml": 'exclude = ["**"]\n', "sub/p.yaml": POD},
        "sub/.secops.toml:1: 'sub/**' is excluded from all checks",
    ),
    "a stage that never comes": (
        {".pre-commit-config.yaml": HOOKS.replace("id: secops\n", "id: secops\n        stages: [manual]\n", 1)},
        ".pre-commit-config.yaml:6: stages of the hook secops is changed",
    ),
    "a hook of that name that does nothing": (
        {
            ".pre-commit-config.yaml": HOOKS
            + "  - repo: local\n    hooks:\n      - {id: secops, name: x, entry: 'true', language: system}\n"
        },
        ".pre-commit-config.yaml:7: the hook secops comes from another place",
    ),
    "CI that agrees to everything": (
        {"ci.sh": "secops-hooks ci --base main --accept-policy-change\n"},
        "ci.sh:1: the check is told to let pass",
    ),
    "CI that ignores us": ({"ci.sh": "secops-hooks ci --base main || true\n"}, "ci.sh:1: a failure of the check is ignored"),
    "CI that goes on": (
        {".github/workflows/x.yml": "jobs:\n  a:\n    steps:\n      - run: pre-commit run\n        continue-on-error: true\n"},
        ".github/workflows/x.yml:5: a step may fail beside the check",
    ),
    "a job that may fail": (
        {".gitlab-ci.yml": "secops:\n  allow_failure: true\n  script: [pre-commit run]\n"},
        ".gitlab-ci.yml:2: a job may fail beside the check",
    ),
    "CI without us": ({".github/workflows/check.yml": "jobs: {}\n"}, ".github/workflows/check.yml:1: this is run no more: secops-hooks ci"),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_loosens_the_policy_is_named(branch, name: str) -> None:
    files, message = TABLE[name]
    for path, content in files.items():
        if content is None:
            branch.git("rm", "-q", path)
        else:
            branch.write(path, content)
    branch.commit("loosen")
    said = loosened(branch.ci(code=1))
    assert any(each.startswith(message) for each in said), said


def test_what_may_fail_where_we_do_not_run_loosens_nothing(branch) -> None:
    step = "jobs:\n  a:\n    steps:\n      - run: {}\n        continue-on-error: {}\n"
    branch.write(".github/workflows/a.yml", step.format("pre-commit run", "false"))
    branch.write(".github/workflows/b.yml", step.format("make", "true"))
    branch.commit("steps")
    assert loosened(branch.ci()) == []


def test_no_change_waves_its_own_finding_through(branch) -> None:
    """Settings, suppression and exclude of the change do not count for what the change brings."""
    branch.write("src/p.yaml", POD + NEW.format(" trust me"))
    branch.write(".secops.toml", 'exclude = ["**"]\nfamilies = []\n')
    branch.commit("all at once")
    assert blocking(branch.ci(code=1)) >= {"k8s-host-pid", "policy-loosened"}


BANDIT = {
    "nosec": {"a.py": "import subprocess\nsubprocess.run(x, shell=True)  # nosec B602\n"},
    "the project file": {"pyproject.toml": '[tool.bandit]\nskips = ["B602"]\n'},
    "a YAML file": {"bandit.yaml": "skips: [B602]\n"},
    "an INI file": {".bandit": "[bandit]\nskips = B602\n"},
    "a changed file": {"conf/bandit.yml": "skips: [B602]\n"},
}


@pytest.mark.parametrize("name", BANDIT)
def test_bandits_settings_and_marks_of_the_change_do_not_count(branch, name: str) -> None:
    if name == "a changed file":
        branch.git("checkout", "-q", "main")
        branch.write(".secops.toml", SETTINGS + '[python]\nbandit-config = "conf/bandit.yml"\n')
        branch.write("conf/bandit.yml", "skips: [B101]\n")
        branch.commit("bandit")
        branch.git("checkout", "-qB", "change")
    for path, text in {"a.py": "import subprocess\nsubprocess.run(x, shell=True)\n", **BANDIT[name]}.items():
        branch.write(path, text)
    branch.commit("all at once")
    assert blocking(branch.ci(code=1)) >= {"bandit-B602", "policy-loosened"}


def test_another_change_of_the_project_file_is_none_of_the_policy(branch) -> None:
    branch.git("checkout", "-q", "main")
    branch.write("pyproject.toml", '[project]\nname = "a"\n[tool.bandit]\nskips = ["B602"]\n')
    branch.commit("project")
    branch.git("checkout", "-qB", "change")
    branch.write("pyproject.toml", '[project]\nname = "b"\n[tool.bandit]\nskips = ["B602"]\n')
    branch.write("a.py", "import subprocess\nsubprocess.run(x, shell=True)\n")
    branch.commit("rename")
    assert branch.ci(code=0) == []


def test_a_finding_accepted_in_the_changes_own_baseline_is_a_finding(branch) -> None:
    branch.write("p.yaml", BAD)
    assert branch.secops("baseline").returncode == 0
    branch.commit("accept mine")
    found = branch.ci(code=1)
    assert "k8s-host-network" in blocking(found)
    assert any("a new entry accepts k8s-host-network in p.yaml" in each for each in loosened(found))


def test_the_baseline_of_the_base_counts(branch) -> None:
    branch.git("checkout", "-q", "main")
    assert branch.secops("baseline").returncode == 0
    branch.commit("accept")
    branch.git("checkout", "-qb", "later")
    branch.write("old.yaml", "# touched\n" + BAD)
    branch.commit("touch")
    assert branch.ci(code=0) == []


def test_an_owner_may_accept_the_change_of_policy(branch) -> None:
    branch.write("p.yaml", POD + NEW.format(" a node agent, too"))
    branch.commit("with a reason")
    branch.ci(code=1)
    found = branch.ci("--accept-policy-change", "--fail-on", "block", code=0)
    assert [f["tier"] for f in found if f["rule"] == "policy-loosened"] == ["warn"]
    assert "k8s-host-pid" not in {f["rule"] for f in found}


@pytest.fixture
def owned(branch):
    """The repository of ``branch``, whose policy names an owner; and the keys of that owner and of somebody else."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not here")
    branch.git("checkout", "-q", "main")
    branch.write(".secops.toml", 'owners = ["boss@example.invalid"]\n' + SETTINGS)
    branch.commit("an owner")
    branch.git("checkout", "-qB", "change")
    signers = branch.path.parent / "signers"
    for who in ("boss", "other"):
        key = branch.path.parent / who
        assert branch.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)).returncode == 0
        with signers.open("a") as file:
            file.write(f"{who}@example.invalid {key.with_suffix('.pub').read_text()}")
    branch.git("config", "gpg.format", "ssh")
    branch.git("config", "gpg.ssh.allowedSignersFile", str(signers))
    return branch


def widened(repo, message: str, *options: str) -> None:
    repo.write(".secops.toml", 'owners = ["boss@example.invalid"]\n' + SETTINGS.replace("vendor/**", "**"))
    repo.git("add", "-A")
    repo.git(*options, "commit", "-qm", message, *(["-S"] if options else []))


def signed_by(repo, who: str) -> tuple[str, ...]:
    return ("-c", f"user.signingkey={repo.path.parent / who}", "-c", "user.email=boss@example.invalid")


def test_an_owner_agrees_by_signing_the_commit(owned) -> None:
    widened(owned, "wider", *signed_by(owned, "boss"))
    found = owned.ci("--fail-on", "block", code=0)
    assert [f["tier"] for f in found if f["rule"] == "policy-loosened"] == ["warn"]


def test_an_address_alone_is_no_agreement(owned) -> None:
    owned.git("config", "user.email", "boss@example.invalid")
    widened(owned, "wider")
    assert "policy-loosened" in blocking(owned.ci(code=1))


def test_somebody_elses_signature_is_none(owned) -> None:
    widened(owned, "wider", *signed_by(owned, "other"))
    assert "policy-loosened" in blocking(owned.ci(code=1))


def test_an_owner_does_not_agree_to_what_another_commit_loosens(owned) -> None:
    widened(owned, "wider", *signed_by(owned, "boss"))
    owned.write("p.yaml", POD + NEW.format(" trust me"))
    owned.commit("on the back of it")
    assert "policy-loosened" in blocking(owned.ci(code=1))


def test_a_new_owner_is_a_change_of_the_policy(owned) -> None:
    owned.write(".secops.toml", 'owners = ["boss@example.invalid", "me@example.invalid"]\n' + SETTINGS)
    owned.commit("me, too")
    assert ".secops.toml:1: 'me@example.invalid' may change the policy, too" in loosened(owned.ci(code=1))


def test_a_file_renamed_to_an_excluded_path(branch) -> None:
    (branch.path / "vendor").mkdir()
    branch.git("mv", "old.yaml", "vendor/old.yaml")
    branch.commit("hide")
    said = loosened(branch.ci(code=1))
    assert said == ["vendor/old.yaml:1: old.yaml was renamed to a path that is excluded from all checks (vendor/**)"]


def test_a_secret_in_two_halves_is_found_whole(branch, aws_key) -> None:
    key = aws_key()
    branch.write("app.env", f"KEY={key[:10]}\n")
    branch.commit("one")
    branch.write("app.env", f"KEY={key}\n")
    branch.commit("two", "--no-verify")
    done = branch.secops("ci", "--base", "main")
    assert done.returncode == 1
    assert "app.env" in done.stdout
    assert key not in done.stdout + done.stderr


def test_a_commit_that_evaded_the_hook_is_named_though_it_was_mended(branch, aws_key) -> None:
    branch.write("app.env", f"KEY={aws_key()}\n")
    bad = branch.commit("sneak", "--no-verify")
    branch.write("app.env", "KEY=\n")
    branch.commit("nothing to see")
    (found,) = branch.ci(code=1)
    assert (found["rule"], found["tier"]) == ("hook-evaded", "block")
    assert bad[:12] in found["message"]
    assert aws_key() not in json.dumps(found)


def test_a_mended_misconfiguration_is_only_mentioned(branch) -> None:
    branch.write("p.yaml", BAD)
    bad = branch.commit("oops", "--no-verify")
    branch.write("p.yaml", POD + "  hostNetwork: false\n")
    branch.commit("mend")
    found = [f for f in branch.ci("--fail-on", "block", code=0) if f["rule"] == "hook-evaded"]
    assert [f["tier"] for f in found] == ["warn"]
    assert bad[:12] in found[0]["message"]


def test_bytes_that_break_the_decoder_do_not_pass(branch) -> None:
    branch.write("p.yaml", b"\xff\xfe" + BAD.encode("utf-16-le") + b"\xd8")
    branch.commit("odd")
    assert "unanalysable" in blocking(branch.ci())


def test_no_report_shows_a_secret_that_a_marker_accepts(branch, aws_key) -> None:
    branch.write("app.env", f"KEY={aws_key()}  # secops: ignore[*] test\n")
    branch.commit("accept")
    for format in ("text", "json", "sarif", "html", "github", "junit", "gitlab"):
        done = branch.secops("ci", "--base", "main", "--format", format)
        assert done.returncode == 1, format
        assert aws_key() not in done.stdout + done.stderr, format


def test_a_shallow_clone_says_what_it_needs(branch) -> None:
    branch.write("notes.txt", "1\n")
    branch.commit("one")
    url = branch.path.as_uri()
    for name, options in (("one", ("--depth", "1", "--branch", "change")), ("two", ("--depth", "1", "--no-single-branch"))):
        branch.git("clone", "-q", *options, url, f"../{name}")
        done = branch.run(branch_python(), "-m", "secops_hooks", "ci", "--base", "origin/main", cwd=f"../{name}")
        assert done.returncode == 2
        assert "git fetch --unshallow" in done.stderr


def branch_python() -> str:
    import sys

    return sys.executable


def test_a_base_that_is_nothing(branch) -> None:
    done = branch.secops("ci", "--base", "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr


SERVICES = {
    "GitHub": {"GITHUB_BASE_REF": "main"},
    "GitHub, no pull request first": {"GITHUB_BASE_REF": "", "CHANGE_TARGET": "main"},
    "GitLab": {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"},
    "Azure": {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
    "Bitbucket": {"BITBUCKET_PR_DESTINATION_BRANCH": "main"},
    "Jenkins": {"CHANGE_TARGET": "main"},
    "Buildkite": {"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"},
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_ci_service_says_what_the_base_is(branch, name: str) -> None:
    branch.git("clone", "-q", "--branch", "change", ".", "../job")
    branch.env.update(SERVICES[name])
    branch.path = branch.path.parent / "job"
    branch.git("checkout", "-q", "--detach")
    branch.write("p.yaml", BAD)
    branch.git("add", "-A")
    branch.git("-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-qm", "bad")
    done = branch.secops("ci", "--format", "terse")
    assert (done.returncode, "p.yaml:4:" in done.stdout) == (1, True), done.stderr


def test_without_a_service_the_base_must_be_said(branch) -> None:
    for name in {each for every in SERVICES.values() for each in every}:
        branch.env.pop(name, None)
    done = branch.secops("ci")
    assert (done.returncode, "give --base REF" in done.stderr) == (2, True)
