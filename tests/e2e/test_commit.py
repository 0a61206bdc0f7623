"""Real commits under real runners: what is bad is stopped with its place, what is mended passes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("runners")  # they share one built environment

RUNNERS = ("pre_commit", "prek")
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx@sha256:{digest}\n      securityContext:\n        privileged: {privileged}\n        runAsUser: 1000\n"
WORKFLOW = "name: build\non: push\npermissions:\n  contents: read\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: someone/action@{ref}\n"
PYTHON = "import subprocess\n\n\ndef run(name: str) -> None:\n    {call}\n"
DIGEST = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
SHA = "8f4b7f84864484a7bf31766abe9204da3cbe65b3"


def bad_files(key: str) -> dict[str, str]:
    return {
        "deploy/app.env": f"REGION=eu-central-1\nAWS_ACCESS_KEY_ID={key}\n",
        "deploy/pod.yaml": POD.format(digest=DIGEST, privileged="true"),
        ".github/workflows/build.yml": WORKFLOW.format(ref="v1"),
        "tool.py": PYTHON.format(call='subprocess.run("ls " + name, shell=True)'),
    }


def mended_files() -> dict[str, str]:
    return {
        "deploy/app.env": "REGION=eu-central-1\nAWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID}\n",
        "deploy/pod.yaml": POD.format(digest=DIGEST, privileged="false"),
        ".github/workflows/build.yml": WORKFLOW.format(ref=f"{SHA} # v1.2.3"),
        "tool.py": PYTHON.format(call='subprocess.run(["ls", "--", name], check=True)'),
    }


PLACES = {
    "secrets": "deploy/app.env:2:19: ",
    "config": "deploy/pod.yaml:10:21: ",
    "pins": ".github/workflows/build.yml:9:15: ",
    "python": "tool.py:5:5: ",
}
HOOKS = {
    "secops-secrets": ("secrets",),
    "secops-config": ("config",),
    "secops-pins": ("pins",),
    "secops-python": ("python",),
    "secops": ("secrets", "config", "pins", "python"),
}


def install(user, runner: str, hook_repo: Path, *hooks: str) -> None:
    lines = "".join(f"      - id: {hook}\n" for hook in hooks)
    user.write(".pre-commit-config.yaml", f"repos:\n  - repo: {hook_repo.as_posix()}\n    rev: v0.0.1\n    hooks:\n{lines}")
    user.git("add", ".pre-commit-config.yaml")
    user.git("commit", "-qm", "hooks", "--no-verify")
    done = user.run(sys.executable, "-m", runner, "install")
    assert done.returncode == 0, done.stdout + done.stderr


def commit(user, files: dict[str, str]):
    for name, content in files.items():
        user.write(name, content)
    user.git("add", "-A")
    return user.run("git", "commit", "-m", "change")


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("runner", RUNNERS)
def test_a_bad_commit_is_stopped_and_the_mended_one_passes(user, hook_repo: Path, aws_key, runner: str, hook: str) -> None:
    install(user, runner, hook_repo, hook)
    key = aws_key()
    stopped = commit(user, bad_files(key))
    said = stopped.stdout + stopped.stderr
    assert stopped.returncode == 1, said
    for family, place in PLACES.items():
        assert (place in said) is (family in HOOKS[hook]), said
    assert key not in said
    assert user.git("log", "--oneline").count("\n") == 1
    passed = commit(user, mended_files())
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert user.git("log", "--oneline").count("\n") == 2


@pytest.mark.parametrize("runner", RUNNERS)
def test_all_files_and_ranges(user, hook_repo: Path, aws_key, runner: str) -> None:
    install(user, runner, hook_repo, "secops-secrets")
    before = user.git("rev-parse", "HEAD").strip()
    user.write("a.txt", "fine\n")
    user.write("b.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    user.git("add", "-A")
    user.git("commit", "-qm", "waved through", "--no-verify")
    whole = user.run(sys.executable, "-m", runner, "run", "--all-files")
    assert (whole.returncode, "b.env:1:19: " in whole.stdout) == (1, True), whole.stdout + whole.stderr
    span = user.run(sys.executable, "-m", runner, "run", "--from-ref", before, "--to-ref", "HEAD")
    assert (span.returncode, "b.env:1:19: " in span.stdout) == (1, True), span.stdout + span.stderr


@pytest.mark.parametrize("runner", RUNNERS)
def test_in_a_worktree(user, hook_repo: Path, aws_key, runner: str, tmp_path: Path) -> None:
    install(user, runner, hook_repo, "secops-secrets")
    user.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    user.path = tmp_path / "second"
    stopped = commit(user, {"x.env": f"AWS_ACCESS_KEY_ID={aws_key()}\n"})
    assert (stopped.returncode, "x.env:1:19: " in stopped.stdout + stopped.stderr) == (1, True), stopped.stdout + stopped.stderr


ODD_NAMES = ["with space.env", "ümläut-日本.env", "--help.env", "it's.env"] + (
    [] if sys.platform == "win32" else ["new\nline.env", 'quo"te.env', "bell\x07.env"]
)


@pytest.mark.parametrize("runner", RUNNERS)
def test_odd_file_names(user, hook_repo: Path, aws_key, runner: str) -> None:
    install(user, runner, hook_repo, "secops")
    stopped = commit(user, {name: f"AWS_ACCESS_KEY_ID={aws_key()}\n" for name in ODD_NAMES})
    said = stopped.stdout + stopped.stderr
    assert stopped.returncode == 1
    for name in ODD_NAMES:
        shown = name.replace("\n", "\\n").replace("\x07", "\\x07").removeprefix("./")
        assert f"{shown}:1:19: " in said, said
    assert "\x07" not in said


@pytest.mark.parametrize("hook", HOOKS)
def test_try_repo(user, hook_repo: Path, aws_key, hook: str) -> None:
    for name, content in bad_files(aws_key()).items():
        user.write(name, content)
    user.git("add", "-A")
    done = user.run(sys.executable, "-m", "pre_commit", "try-repo", str(hook_repo), hook, "--all-files")
    assert done.returncode == 1, done.stdout + done.stderr
    assert PLACES[HOOKS[hook][0]] in done.stdout


def test_code_of_the_scanned_repository_is_never_imported(user, hook_repo: Path) -> None:
    """A repository that brings its own yaml.py, re.py or sitecustomize.py runs none of it.

    Through prek, which is no Python program: pre-commit itself would import them.
    """
    install(user, "prek", hook_repo, "secops")
    trap = "import pathlib\npathlib.Path('trapped').touch()\n"
    names = ("yaml", "json", "re", "bandit", "secops_hooks", "sitecustomize", "usercustomize", "ahocorasick", "argparse", "typing")
    for name, content in {**{f"{name}.py": trap for name in names}, "a.yaml": "a: 1\n", "s.sh": "echo hi\n"}.items():
        user.write(name, content)
    user.git("add", "-A")
    done = user.run(str(Path(sys.executable).parent / "prek"), "run", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout
    assert not (user.path / "trapped").exists()


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_file_named_like_an_option_switches_nothing_off(user, hook_repo: Path, aws_key, runner: str) -> None:
    install(user, runner, hook_repo, "secops")
    stopped = commit(user, {"--exit-zero": "", "--tier=audit": "", "--output=x": "", "a.env": f"AWS_ACCESS_KEY_ID={aws_key()}\n"})
    assert (stopped.returncode, "a.env:1:19: " in stopped.stdout + stopped.stderr) == (1, True), stopped.stdout + stopped.stderr
