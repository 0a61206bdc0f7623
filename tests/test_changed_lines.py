"""``--changed-lines``: what a change brings, wherever it shows, and nothing that was there before."""

from __future__ import annotations

import json

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
