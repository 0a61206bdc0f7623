"""Entries of the settings that accept nothing any more: told where they stand, and only by a run that could have used them."""

from __future__ import annotations

import json

import pytest

POD = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: {}\n  containers: [{{name: a, image: 'a@sha256:{}'}}]\n"
BAD, GOOD = POD.format("true", "0" * 64), POD.format("false", "0" * 64)
SETTINGS = '[[ignore]]\nrule = "{}"\npath = "{}"\nreason = "why"\n'


@pytest.fixture
def pods(repo):
    repo.write("deploy/bad.yaml", BAD)
    repo.write("deploy/good.yaml", GOOD)
    repo.write("other.yaml", GOOD)
    return repo


def unused(repo, *args: str) -> list[str]:
    done = repo.secops(*args, "--format", "json")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return [f"{f['path']}:{f['line']}: {f['message']}" for f in json.loads(done.stdout)["findings"] if f["rule"] == "suppression-unused"]


ENTRIES = {
    "used": ("k8s-host-network", "deploy/**", ("all", "."), ""),
    "not needed": ("k8s-host-network", "other.yaml", ("all", "."), "k8s-host-network in other.yaml accepts nothing"),
    "not needed by the file that is looked at": ("k8s-host-p*", "deploy/good.yaml", ("config", "deploy/good.yaml"), "accepts nothing"),
    "not needed below the directory": ("k8s-host-pid", "deploy/**", ("config", "deploy"), "accepts nothing"),
    "for no file": ("k8s-host-network", "gone/**", ("all", "."), "k8s-host-network in gone/** matches no file"),
    "for no rule": ("k8s-hostnetwork", "**", ("all", "."), "names no rule that there is; did you mean k8s-host-network?"),
    "for what only the lowest tier shows": ("k8s-no-cpu-limit", "deploy/**", ("all", "."), ""),
    "for a path that this run does not look at": ("k8s-host-pid", "other.yaml", ("all", "deploy"), ""),
    "for paths of which this run looks at some": ("k8s-host-pid", "deploy/**", ("all", "deploy/good.yaml"), ""),
    "for names at any depth": ("k8s-host-pid", "good.yaml", ("all", "deploy"), ""),
    "for a family that this run leaves out": ("k8s-host-pid", "deploy/**", ("pins", "."), ""),
    "for any family": ("unanalysable", "deploy/**", ("config", "."), ""),
    "for secrets, which may be in the history": ("generic-*", "deploy/**", ("all", "."), ""),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_is(pods, name: str) -> None:
    rule, path, args, said = ENTRIES[name]
    pods.write(".secops.toml", SETTINGS.format(rule, path))
    found = unused(pods, *args)
    assert len(found) == bool(said), found
    assert all(each.startswith(".secops.toml:1: the [[ignore]] entry for ") and said in each for each in found), found


def test_the_place_is_that_of_the_entry_in_its_own_file(pods) -> None:
    pods.write("pyproject.toml", '[tool.secops-hooks]\ntier = "warn"\n')
    used, idle = (f'[[tool.secops-hooks.ignore]]\nrule = "{rule}"\n' for rule in ("k8s-host-network", "k8s-host-pid"))
    pods.write("deploy/pyproject.toml", "[tool.secops-hooks]\n" + used + idle)
    said = "deploy/pyproject.toml:4: the [[ignore]] entry for k8s-host-pid in deploy/** accepts nothing"
    assert unused(pods, "all", ".") == [said]
    pods.write("deploy/x.txt", "")
    done = json.loads(pods.secops("all", ".", "--format", "json", cwd="deploy").stdout)["findings"]
    assert [f["path"] for f in done if f["rule"] == "suppression-unused"] == ["pyproject.toml"]


def test_the_index_is_looked_at_too(pods) -> None:
    pods.write(".secops.toml", SETTINGS.format("k8s-host-network", "deploy/bad.yaml"))
    pods.git("add", "-A")
    assert unused(pods, "all", "--staged") == []
    pods.write("deploy/bad.yaml", GOOD)
    pods.git("add", "-A")
    assert len(unused(pods, "all", "--staged")) == 1


def test_settings_may_silence_it(pods) -> None:
    pods.write(".secops.toml", SETTINGS.format("k8s-host-pid", "deploy/**") + SETTINGS.format("suppression-unused", "**"))
    assert unused(pods, "all", ".") == []
    pods.write(".secops.toml", SETTINGS.format("k8s-host-pid", "deploy/**") + "[rules.suppression-unused]\nenabled = false\n")
    assert unused(pods, "all", ".") == []
