"""Several processes give what one gives, in the same order."""

from __future__ import annotations

import json

import pytest

from secops_hooks import cli, spread

SHELL = "import subprocess\nsubprocess.run('ls ' + x, shell=True)\n"


@pytest.fixture
def many(repo, monkeypatch):
    """A repository with enough small files, and limits so low that they are spread."""
    for number in range(12):
        repo.write(f"src/m{number}.py", SHELL * (number + 1) + f"# {'x' * 50}\n")
    repo.write("src/broken.py", "def f(:\n")
    repo.write("src/kept.py", SHELL.replace("True)", "True)  # secops: ignore[bandit-B602] the argument is a constant"))
    repo.write("deploy.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n  containers: []\n")
    monkeypatch.chdir(repo.path)
    monkeypatch.setattr(cli, "_SPREAD", 2)
    monkeypatch.setattr(spread, "CHUNK", 300)
    return repo


def told(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, object]]:
    code = cli.main(["all", "--format", "json", "--tier", "audit", *options, "."])
    said = json.loads(capsys.readouterr().out)
    return code, {key: said[key] for key in ("findings", "suppressed")}


def test_several_processes_say_what_one_says(many, monkeypatch, capsys) -> None:
    alone = told(capsys)
    started: list[int] = []
    begin = spread.spread
    monkeypatch.setattr(spread, "spread", lambda job, paths, processes: started.append(processes) or begin(job, paths, processes))
    monkeypatch.setattr(spread, "LEAST", 1)
    monkeypatch.setattr(spread, "usable", lambda: 2)
    assert told(capsys) == alone
    assert (started, alone[0], len(alone[1]["findings"]) > 50, len(alone[1]["suppressed"])) == ([2], 1, True, 1)


def test_what_is_mended_is_looked_at_here(many, monkeypatch, capsys) -> None:
    """A mend needs the finding as its check made it."""
    monkeypatch.setattr(spread, "LEAST", 1)
    monkeypatch.setattr(spread, "spread", lambda *_: pytest.fail("other processes"))
    assert told(capsys, "--fix")[0] == 1


def test_settings_that_a_process_refuses_are_a_usage_error(many, monkeypatch, capsys) -> None:
    many.write("pyproject.toml", '[tool.bandit]\nskips = ["B602"]\ntests = ["B602"]\n')
    monkeypatch.setattr(spread, "LEAST", 1)
    monkeypatch.setattr(spread, "usable", lambda: 2)
    assert cli.main(["python", "."]) == 2
    assert "bandit's configuration" in capsys.readouterr().err
