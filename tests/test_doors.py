"""The other doors: commit messages and pushes, as git and the runners open them."""

from __future__ import annotations

import re
import sys
from random import Random

import pytest

from secops_hooks.commands.commit_msg import message

ZERO = "0" * 40
SCISSORS = "# ------------------------ >8 ------------------------\n"

MARK = "secops" + ":"  # kept apart so that this file holds no marker of its own


@pytest.mark.parametrize(
    ("text", "comment", "keep", "expected"),
    [
        ("title\n\nbody\n", "#", False, "title\n\nbody\n"),
        ("title\n# help\nbody\n", "#", False, "title\n\nbody\n"),
        ("title\n# help\nbody\n", ";", False, "title\n# help\nbody\n"),
        ("title\n; help\nbody\n", ";", False, "title\n\nbody\n"),
        ("title\n//help\nbody\n", "//", False, "title\n\nbody\n"),
        ("title\n# help\nbody\n", "#", True, "title\n# help\nbody\n"),
        ("title\n# help\nbody\n", "", False, "title\n# help\nbody\n"),
        (f"title\n{SCISSORS}# Do not touch\ndiff --git a b\n+secret\n", "#", False, "title\n"),
        (f"title\n{SCISSORS.replace('#', ';')}diff\n", "", False, "title\n"),
        (f"title\n# help\n{SCISSORS}diff\n", "#", True, "title\n# help\n"),
        ("", "#", False, ""),
    ],
)
def test_what_becomes_the_message(text: str, comment: str, keep: bool, expected: str) -> None:
    assert message(text, comment, keep) == expected


@pytest.mark.parametrize(
    ("text", "settings", "code"),
    [
        ("fine\n", {}, 0),
        ("title\n\nuse {key} for it\n", {}, 1),
        ("title\n# use {key} for it\n", {}, 0),
        ("title\n# use {key} for it\n", {"core.commentChar": ";"}, 1),
        ("title\n; use {key} for it\n", {"core.commentChar": ";"}, 0),
        ("title\n# use {key} for it\n", {"core.commentChar": "auto"}, 1),
        ("title\n# use {key} for it\n", {"commit.cleanup": "whitespace"}, 1),
        (f"title\n{SCISSORS}+ use {{key}} for it\n", {"commit.cleanup": "scissors"}, 0),
        (f"title\n{SCISSORS}+ use {{key}} for it\n", {}, 0),
    ],
)
def test_commit_messages(repo, aws_key, text: str, settings: dict[str, str], code: int) -> None:
    for key, value in settings.items():
        repo.git("config", key, value)
    repo.write(".git/COMMIT_EDITMSG", text.replace("{key}", aws_key()))
    done = repo.secops("commit-msg", ".git/COMMIT_EDITMSG")
    assert done.returncode == code, done.stdout + done.stderr
    assert aws_key() not in done.stdout + done.stderr


def test_a_message_is_reported_with_its_place(repo, aws_key) -> None:
    repo.write(".git/COMMIT_EDITMSG", f"title\n# a comment\nuse {aws_key()}\n")
    assert repo.secops("commit-msg", ".git/COMMIT_EDITMSG").stdout.startswith(".git/COMMIT_EDITMSG:3:5: high aws-access-key-id ")


def test_comment_lines_stay_when_no_editor_was_opened(repo, aws_key) -> None:
    repo.write("message", f"title\n\n#{aws_key()}\n")
    repo.env["GIT_EDITOR"] = ":"
    assert repo.secops("commit-msg", "message").returncode == 1


def test_a_message_that_is_not_there_is_wrong_usage(repo) -> None:
    assert repo.secops("commit-msg", "nothing").returncode == 2


# --- push ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pushed(repo):
    """A repository with a remote that has its first commit, and our hook as git's own pre-push hook."""
    repo.git("init", "-q", "--bare", "../remote.git")
    repo.git("remote", "add", "origin", "../remote.git")
    repo.write("readme", "one\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "first")
    repo.git("push", "-q", "origin", "main")
    hook = repo.write(".git/hooks/pre-push", f'#!/bin/sh\nexec "{sys.executable}" -m secops_hooks push "$@"\n')
    hook.chmod(0o755)
    return repo


def commit(repo, name: str, content: str, message: str = "change") -> str:
    repo.write(name, content)
    repo.git("add", "-A")
    repo.git("commit", "-qm", message)
    return repo.git("rev-parse", "HEAD").strip()


def push(repo, *what: str):
    return repo.run("git", "push", "origin", *(what or ("main",)))


def test_what_was_added_and_removed_again_is_seen(pushed, aws_key) -> None:
    bad = commit(pushed, "a.env", f"REGION=x\nAWS_ACCESS_KEY_ID={aws_key()}\n")
    commit(pushed, "a.env", "REGION=x\n")
    done = push(pushed)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "a.env:2:19: high aws-access-key-id " in said
    assert f"in commit {bad[:12]} of 20" in said
    assert aws_key() not in said


@pytest.mark.parametrize("branch", ["main", "HEAD:refs/heads/other"], ids=["known branch", "new branch"])
def test_clean_pushes_pass_and_bad_ones_do_not(pushed, aws_key, branch: str) -> None:
    commit(pushed, "a.txt", "fine\n")
    assert push(pushed, branch).returncode == 0
    commit(pushed, "b.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    assert push(pushed, branch).returncode == 1


def test_messages_are_seen(pushed, aws_key) -> None:
    bad = commit(pushed, "a.txt", "fine\n", f"title\n\nthe key is {aws_key()}")
    said = push(pushed).stdout
    assert f"commit {bad[:12]}:3:12: high aws-access-key-id " in said
    pushed.git("reset", "-q", "--hard", "HEAD~1")
    pushed.git("tag", "-a", "v1", "-m", f"the key is {aws_key()}")
    tagged = push(pushed, "v1")
    assert (tagged.returncode, bool(re.search(r"tag [0-9a-f]{12}:1:12: high aws-access-key-id ", tagged.stdout))) == (1, True)


def test_what_the_remote_has_already_is_not_told_again(pushed, aws_key) -> None:
    commit(pushed, "a.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    pushed.git("push", "-q", "--no-verify", "origin", "main")
    commit(pushed, "b.txt", "fine\n")
    assert push(pushed).returncode == 0
    assert push(pushed, "HEAD:refs/heads/second").returncode == 0


def test_deleting_a_branch_brings_nothing(pushed) -> None:
    assert push(pushed, "HEAD:refs/heads/gone").returncode == 0
    done = push(pushed, "--delete", "gone")
    assert (done.returncode, "secops: 0 files" in done.stdout) == (0, True)


def test_a_secret_that_a_merge_itself_brings(pushed, aws_key) -> None:
    pushed.git("checkout", "-qb", "side")
    commit(pushed, "a.txt", "side\n")
    pushed.git("checkout", "-q", "main")
    commit(pushed, "b.txt", "main\n")
    pushed.git("merge", "-q", "--no-commit", "side")
    bad = commit(pushed, "merged.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    assert "merged.env:1:19: high aws-access-key-id " in push(pushed).stdout
    assert f"in commit {bad[:12]}" in push(pushed).stdout


def test_accepted_and_suppressed_secrets_pass(pushed, aws_key) -> None:
    commit(pushed, "a.env", f"AWS_ACCESS_KEY_ID={aws_key()} # {MARK} ignore[aws-access-key-id] retired\n")
    assert push(pushed).returncode == 0
    commit(pushed, "b.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    assert pushed.secops("baseline").returncode == 0
    commit(pushed, "b.env", f"MORE=1\nAWS_ACCESS_KEY_ID={aws_key()}\n")
    done = push(pushed)
    assert done.returncode == 0, done.stdout


def test_replaced_objects_hide_nothing(pushed, aws_key) -> None:
    commit(pushed, "a.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    bad = pushed.git("rev-parse", "HEAD:a.env").strip()
    good = pushed.git("hash-object", "-w", "readme").strip()
    pushed.git("replace", bad, good)
    assert push(pushed).returncode == 1


def test_the_environment_of_the_runners_is_understood(pushed, aws_key) -> None:
    before = pushed.git("rev-parse", "HEAD").strip()
    after = commit(pushed, "a.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    pushed.env.update(PRE_COMMIT_FROM_REF=before, PRE_COMMIT_TO_REF=after, PRE_COMMIT_REMOTE_NAME="origin")
    assert pushed.secops("push").returncode == 1
    del pushed.env["PRE_COMMIT_FROM_REF"], pushed.env["PRE_COMMIT_TO_REF"]
    pushed.env.update(PRE_COMMIT_LOCAL_BRANCH="refs/heads/main")
    assert pushed.secops("push").returncode == 1
    del pushed.env["PRE_COMMIT_LOCAL_BRANCH"]
    pushed.env.update(PRE_COMMIT="1")
    assert pushed.secops("push").returncode == 1, "run by hand"
    pushed.env.update(PRE_COMMIT_FROM_REF=after, PRE_COMMIT_TO_REF=after)
    assert pushed.secops("push").returncode == 0


def test_anything_else_on_standard_input_is_wrong_usage(repo) -> None:
    import subprocess

    for given in ("what is this\n", f"refs/heads/main {'z' * 40} refs/heads/main {ZERO}\n"):
        done = subprocess.run(
            [sys.executable, "-m", "secops_hooks", "push"], cwd=repo.path, env=repo.env, input=given, capture_output=True, text=True
        )
        assert (done.returncode, "standard input holds no" in done.stderr) == (2, True)


def test_many_blobs_are_shared_among_processes(pushed, aws_key) -> None:
    rng = Random(1)
    for n in range(40):
        pushed.write(f"data/{n}.txt", "".join(f"{rng.getrandbits(60)} word\n" for _ in range(12_000)))
    pushed.write("data/z.env", f"AWS_ACCESS_KEY_ID={aws_key()}\n")
    pushed.git("add", "-A")
    pushed.git("commit", "-qm", "much")
    done = push(pushed)
    assert done.returncode == 1
    assert "data/z.env:1:19: high aws-access-key-id " in done.stdout
    assert "secops: 42 files, " in done.stdout
