"""What holds for one path: the nearest settings file, and entries for some paths."""

from __future__ import annotations

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import FAMILIES
from secops_hooks.policy.local import from_tree, settings_directories, with_nested
from secops_hooks.policy.settings import Settings, SettingsError, parse
from secops_hooks.run import run

POD = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n"


def found(files: dict[str, str], root: str = "", paths: list[str] | None = None) -> list[str]:
    tree = MemoryTree(files)
    checked = paths or [path for path in files if not path.endswith(".toml")]
    settings = with_nested(parse(root.encode(), ".secops.toml"), checked, from_tree(tree))
    return [f"{item.finding.path}:{item.finding.rule.id}:{item.finding.tier}" for item in run(tree, checked, FAMILIES, settings).items]


def test_the_nearest_file_holds_for_what_lies_below_it() -> None:
    files = {"p.yaml": POD, "a/p.yaml": POD, "a/b/p.yaml": POD, "c/p.yaml": POD}
    files |= {"a/.secops.toml": '[rules.k8s-host-network]\ntier = "warn"\n', "a/b/pyproject.toml": "[tool.secops-hooks]\nfamilies = []\n"}
    files["c/pyproject.toml"] = "[tool.black]\n"
    assert found(files, paths=["p.yaml", "a/p.yaml", "a/b/p.yaml", "c/p.yaml"]) == [
        "a/p.yaml:k8s-host-network:warn",
        "c/p.yaml:k8s-host-network:block",
        "p.yaml:k8s-host-network:block",
    ]


def test_entries_for_some_paths_change_only_those() -> None:
    root = """
[[override]]
paths = ["tests/", "*.sample.yaml"]
[override.rules.k8s-host-network]
enabled = false
[[override]]
paths = ["tests/strict/**"]
[override.rules.k8s-host-network]
tier = "warn"
[[override]]
paths = ["docs/"]
families = ["secrets"]
"""
    files = dict.fromkeys(("p.yaml", "tests/p.yaml", "tests/strict/p.yaml", "docs/p.yaml", "x/p.sample.yaml"), POD)
    assert found(files, root) == ["p.yaml:k8s-host-network:block", "tests/strict/p.yaml:k8s-host-network:warn"]


def test_a_directory_cannot_free_itself_from_what_the_run_holds_fast() -> None:
    files = {"a/p.yaml": POD, "a/x/p.yaml": POD, "a/.secops.toml": '[[ignore]]\nrule = "k8s-*"\nreason = "mine"\n'}
    assert found(files) == []
    assert found(files, 'unsuppressible = ["k8s-*"]\nexclude = ["a/x/"]') == ["a/p.yaml:k8s-host-network:block"]


def test_a_family_that_only_a_directory_wants_runs_there() -> None:
    files = {"p.yaml": POD, "a/p.yaml": POD, "a/.secops.toml": 'families = ["config"]\n'}
    assert found(files, 'families = ["secrets"]') == ["a/p.yaml:k8s-host-network:block"]


def test_a_mistake_in_a_file_further_down_names_it() -> None:
    tree = MemoryTree({"a/.secops.toml": "\nteir = 1\n"})
    with pytest.raises(SettingsError, match=r"^a/.secops.toml:2:1: unknown key teir; did you mean tier"):
        with_nested(Settings(), ["a/b/c.py"], from_tree(tree))


def test_directories_whose_settings_may_have_changed() -> None:
    assert settings_directories(["a/.secops.toml", "b/pyproject.toml", ".secops.toml", "c/x.toml"], "") == ["a", "b"]


def test_a_whole_repository_of_projects(repo) -> None:
    """Through the command line, from the root, as a hook runs."""
    repo.write("a/p.yaml", POD)
    repo.write("b/p.yaml", POD)
    repo.write("a/.secops.toml", 'exclude = ["p.yaml"]\n')
    done = repo.secops("all", "--format", "terse", "a/p.yaml", "b/p.yaml")
    assert done.stdout.startswith("b/p.yaml:4:16: high k8s-host-network")
    assert "secops: 1 file," in done.stdout


def test_a_pull_request_is_judged_by_the_nested_settings_of_its_base(repo) -> None:
    repo.write("a/.secops.toml", 'tier = "warn"\n')
    repo.write("b/x", "x\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "base")
    repo.git("checkout", "-qb", "change")
    repo.write("a/.secops.toml", '[[ignore]]\nrule = "k8s-host-network"\nreason = "let me"\n')
    repo.write("a/p.yaml", POD)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "change")
    done = repo.secops("ci", "--base", "main", "--format", "terse")
    assert done.returncode == 1
    assert "a/p.yaml:4:16: high k8s-host-network" in done.stdout
    assert "policy-loosened a new [[ignore]] entry accepts k8s-host-network" in done.stdout
