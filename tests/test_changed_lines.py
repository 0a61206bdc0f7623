"""``--changed-lines``: what a change brings, wherever it shows, and nothing that was there before."""

from __future__ import annotations

import json
import random

import pytest

HOST = "  hostNetwork: true\n"
POD = "apiVersion: v1\nkind: Pod\nspec:\n"


def rules(repo, *args: str) -> list[str]:
    done = repo.secops("config", "--changed-lines", "--format", "json", *args)
    assert done.returncode in (0, 1), done.stderr
    return [f"{f['path']}:{f['line']}:{f['rule']}" for f in json.loads(done.stdout)["findings"]]


@pytest.fixture
def old(repo):
    """A repository whose only commit holds an old finding."""
    repo.write("pod.yaml", POD + HOST)
    repo.write("Dockerfile", "FROM scratch\nUSER root\nUSER app\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "old")
    return repo


def test_old_findings_on_untouched_lines_are_not_shown(old) -> None:
    old.write("pod.yaml", "# a new comment\n" + POD + HOST + "  restartPolicy: Never\n")
    old.git("add", "-A")
    assert rules(old, "--staged") == []


def test_new_findings_are_shown(old) -> None:
    old.write("pod.yaml", POD + HOST + "  hostPID: true\n")
    old.git("add", "-A")
    assert rules(old, "--staged") == ["pod.yaml:5:k8s-host-pid"]


def test_an_old_finding_on_a_touched_line_is_shown(old) -> None:
    old.write("pod.yaml", POD + HOST.replace("true", "true  # really"))
    old.git("add", "-A")
    assert rules(old, "--staged") == ["pod.yaml:4:k8s-host-network"]


def test_what_the_change_caused_elsewhere_is_shown(old) -> None:
    old.write("Dockerfile", "FROM scratch\nUSER root\n")
    old.git("add", "-A")
    (found,) = rules(old, "--staged")
    assert found.startswith("Dockerfile:2:")


def test_a_new_file_is_new_altogether(old) -> None:
    old.write("other.yaml", POD + HOST)
    old.git("add", "-A")
    assert rules(old, "--staged") == ["other.yaml:4:k8s-host-network"]


def test_a_renamed_file_brings_nothing_of_old(old) -> None:
    old.git("mv", "pod.yaml", "moved.yaml")
    assert rules(old, "--staged") == []


def test_a_second_one_of_the_same_kind_is_new(old) -> None:
    old.write("pod.yaml", POD + HOST + "---\n" + POD + HOST)
    old.git("add", "-A")
    assert rules(old, "--staged") == ["pod.yaml:9:k8s-host-network"]


def test_a_range_and_the_work_tree(old) -> None:
    old.write("pod.yaml", POD + HOST + "  hostPID: true\n")
    assert rules(old, "pod.yaml") == ["pod.yaml:5:k8s-host-pid"]
    old.git("commit", "-qam", "two")
    assert rules(old, "--range", "HEAD~1..HEAD") == ["pod.yaml:5:k8s-host-pid"]
    assert rules(old, "--since", "HEAD~1") == ["pod.yaml:5:k8s-host-pid"]
    assert rules(old, "pod.yaml") == []


def test_a_changed_mode_brings_nothing(old) -> None:
    old.git("update-index", "--chmod=+x", "pod.yaml")
    assert rules(old, "--staged") == []


def test_before_the_first_commit_everything_is_new(repo) -> None:
    repo.write("pod.yaml", POD + HOST)
    repo.git("add", "-A")
    assert rules(repo, "--staged") == ["pod.yaml:4:k8s-host-network"]


def test_a_copied_file_is_new_altogether(old) -> None:
    """Git has no copies, only files that are alike: what a copy brings stands in a file that was not there."""
    old.write("copy.yaml", POD + HOST)
    old.write("pod.yaml", POD + HOST + "# touched, so that git may take the other for a copy\n")
    old.git("add", "-A")
    assert rules(old, "--staged") == ["copy.yaml:4:k8s-host-network"]


def test_a_merge_brings_what_the_other_branch_brings(old) -> None:
    old.git("checkout", "-qb", "side")
    old.write("side.yaml", POD + HOST)
    old.git("add", "-A")
    old.git("commit", "-qm", "side")
    old.git("checkout", "-q", "main")
    old.write("pod.yaml", "# moved by a line\n" + POD + HOST)
    old.git("commit", "-qam", "main")
    old.git("merge", "-q", "--no-ff", "--no-commit", "side")
    assert rules(old, "--staged") == ["side.yaml:4:k8s-host-network"]
    old.git("commit", "-qm", "merge")
    assert rules(old, "--range", "HEAD^1..HEAD") == ["side.yaml:4:k8s-host-network"]
    assert rules(old, "--range", "HEAD^2..HEAD") == []


def test_a_resolution_that_brings_something_itself_is_shown(old) -> None:
    for name, line in (("side", "  restartPolicy: Never\n"), ("main", "  restartPolicy: Always\n")):
        old.git("checkout", "-qB", name, old.git("rev-list", "--max-parents=0", "HEAD").strip())
        old.write("pod.yaml", POD + HOST + line)
        old.git("commit", "-qam", name)
    assert old.run("git", "merge", "-q", "side").returncode != 0
    old.write("pod.yaml", POD + HOST + "  hostPID: true\n")
    old.git("add", "-A")
    assert rules(old, "--staged") == ["pod.yaml:5:k8s-host-pid"]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        pytest.param(POD + HOST, POD.replace("\n", "\r\n") + HOST.replace("\n", "\r\n"), ["pod.yaml:4:k8s-host-network"], id="to CRLF"),
        pytest.param(POD + HOST, POD + HOST.rstrip("\n"), ["pod.yaml:4:k8s-host-network"], id="last line end taken away"),
        pytest.param((POD + HOST).rstrip("\n"), POD + HOST + "# end\n", ["pod.yaml:4:k8s-host-network"], id="last line end added"),
        pytest.param("\ufeff" + POD + HOST, POD + HOST, [], id="byte order mark"),
    ],
)
def test_line_ends(old, before: str, after: str, shown: list[str]) -> None:
    old.git("config", "core.autocrlf", "false")
    old.write("pod.yaml", before.encode())
    old.git("commit", "-qam", "before", "--allow-empty")
    old.write("pod.yaml", after.encode())
    old.git("add", "-A")
    assert rules(old, "--staged") == shown


def test_submodules_and_binary_files_are_no_trouble(old) -> None:
    old.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    old.write("blob.bin", bytes(range(256)) * 8)
    old.write("new.yaml", POD + HOST)
    old.git("add", "blob.bin", "new.yaml")
    assert rules(old, "--staged") == ["new.yaml:4:k8s-host-network"]


def block(number: int, bad: bool) -> str:
    return f"service{number}:\n  verify_ssl: {'false' if bad else 'true'}\n"


@pytest.mark.parametrize("seed", range(4))
def test_any_edit_shows_the_findings_of_the_new_text_without_those_that_stayed(repo, seed: int) -> None:
    """Blocks are taken out, put in, moved and turned; what is shown stands in a block that the old text had not."""
    rng = random.Random(seed)
    old = [(number, rng.random() < 0.5) for number in range(30)]
    repo.write("config.yaml", "".join(block(*each) for each in old))
    repo.git("add", "-A")
    repo.git("commit", "-qm", "old")
    new = [(number, bad != (rng.random() < 0.2)) for number, bad in old if rng.random() < 0.8]
    for number in range(100, 110):
        new.insert(rng.randrange(len(new) + 1), (number, rng.random() < 0.5))
    repo.write("config.yaml", "".join(block(*each) for each in new))
    repo.git("add", "-A")
    known = set(old)
    expected = {f"config.yaml:{2 * at + 2}:tls-verification-disabled" for at, each in enumerate(new) if each[1] and each not in known}
    assert set(rules(repo, "--staged")) == expected
