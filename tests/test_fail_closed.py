"""What cannot be analysed is reported, in bounded time and memory, and the other files are still checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

resource = pytest.importorskip("resource", reason="POSIX files and limits")

SECONDS, MIB = 60, 1500  # generous: a loaded machine must not fail what is merely slow
DEEP = 100_000
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))


def _key() -> str:
    return "AK" + "IA" + "QYLPMN5HHHFPZAM2"


def _long_line(path: str) -> None:
    with open(path, "wb") as file:
        file.writelines(b"x" * 1_048_576 for _ in range(200))


def _unreadable(path: str) -> None:
    open(path, "w").close()
    os.chmod(path, 0)


Maker = Callable[[str], None]


def _file(content: str | bytes) -> Maker:
    def make(path: str) -> None:
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)

    return make


# name: (command, file, how it is made, what must be said of it, exit code)
CASES: dict[str, tuple[str, str, Maker | None, str, int]] = {
    "missing file": ("all", "missing.env", None, "unanalysable", 3),
    "unreadable file": ("all", "closed.env", _unreadable, "unanalysable", 3),
    "broken link": ("all", "link.env", lambda path: os.symlink("nowhere", path), "unanalysable", 3),
    "link out of the tree": ("all", "link.env", lambda path: os.symlink("/etc/hostname", path), "unanalysable", 3),
    "named pipe": ("all", "pipe.env", os.mkfifo, "unanalysable", 3),
    "invalid UTF-8 beside a key": (
        "secrets",
        "a.txt",
        _file(b"\xfd\xfe\xfd name\xe9 = " + _key().encode() + b" \x80\n"),
        "aws-access-key",
        1,
    ),
    "a mark that lies beside a key": ("secrets", "a.txt", _file(b"\xff\xfe name = " + _key().encode() + b"\n"), "aws-access-key", 1),
    "broken UTF-16 beside a key": (
        "secrets",
        "a.txt",
        _file(b"\xff\xfe\x00\xd8 \x00\x00\xd8 " + _key().encode() + b"\n"),
        "aws-access-key",
        1,
    ),
    "UTF-16 with a key": ("secrets", "a.txt", _file(f"key = {_key()}\n".encode("utf-16")), "aws-access-key", 1),
    "UTF-16 without mark": ("secrets", "a.txt", _file(f"key = {_key()}\n".encode("utf-16-le")), "aws-access-key", 1),
    "NUL bytes beside a key": ("secrets", "a.txt", _file(b"\0\0 " + _key().encode() + b" \0\n"), "aws-access-key", 1),
    "NUL bytes in YAML": ("config", "a.yaml", _file("a: 1\0\n"), "unanalysable", 3),
    "a line of 200 MB": ("all", "long.json", _long_line, "unanalysable", 3),
    "alias bomb": ("config", "a.yaml", _file(BOMB + "spec: {hostNetwork: true}\n"), "", 0),
    "deep YAML": ("config", "a.yaml", _file("[" * DEEP), "unanalysable", 3),
    "deep YAML blocks": ("config", "a.yaml", _file("".join(" " * n + "a:\n" for n in range(2000))), "unanalysable", 3),
    "deep JSON": ("config", "a.json", _file("[" * DEEP + "]" * DEEP), "unanalysable", 3),
    "deep TOML": ("config", "a.toml", _file("a = " + "[" * DEEP + "]" * DEEP), "unanalysable", 3),
    "deep HCL": ("config", "a.tf", _file("a = " + "[" * DEEP + "]" * DEEP), "unanalysable", 3),
    "deep XML": ("config", "a.xml", _file("<a>" * DEEP + "</a>" * DEEP), "unanalysable", 3),
    "deep Python": ("python", "a.py", _file("x = " + "(" * DEEP + ")" * DEEP), "unanalysable", 3),
    "deep Python operators": ("python", "a.py", _file("x = " + "-" * DEEP + "1"), "unanalysable", 3),
    "syntax error in Python": ("python", "a.py", _file("def f(:\n"), "unanalysable", 3),
    "NUL in Python": ("python", "a.py", _file(b"x = 1\0\n"), "unanalysable", 3),
    "syntax error in YAML": ("config", "a.yaml", _file("a: [1, 2\nb: }\n"), "unanalysable", 3),
    "syntax error in JSON": ("config", "a.json", _file('{"a": 1,, }'), "unanalysable", 3),
    "syntax error in TOML": ("config", "a.toml", _file("a = \n"), "unanalysable", 3),
    "syntax error in HCL": ("config", "a.tf", _file('resource "a" {{{\n'), "unanalysable", 3),
    "syntax error in a Dockerfile": ("config", "Dockerfile", _file("FROM scratch\nTHIS is none\n"), "unanalysable", 3),
    "syntax error in a workflow": ("config", ".github/workflows/a.yml", _file("on: push\njobs: [\n"), "unanalysable", 3),
    "syntax error in a lock": ("pins", "poetry.lock", _file("[[package]\n"), "unanalysable", 3),
    "syntax error in package.json": ("pins", "package.json", _file('{"dependencies": {'), "unanalysable", 3),
    "entities in XML": ("config", "a.xml", _file('<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'), "unanalysable", 3),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_passes_in_silence(name: str, repo) -> None:
    command, path, make, says, code = CASES[name]
    if name == "unreadable file" and os.geteuid() == 0:
        pytest.skip("root reads everything")
    (repo.path / path).parent.mkdir(parents=True, exist_ok=True)
    if make is not None:
        make(str(repo.path / path))
    other = {"python": ("other.py", "import subprocess\nsubprocess.run('a ' + b, shell=True)\n", "bandit-B602")}.get(
        command, ("other.env", f"k={_key()}\n", "aws-access-key")
    )
    repo.write(other[0], other[1])
    began = time.monotonic()
    alone = _run(repo, command, path)
    spent = time.monotonic() - began
    rules = {f["rule"] for f in json.loads(alone.stdout)["findings"] if f["path"] == path}
    assert "Traceback" not in alone.stderr, alone.stderr
    assert any(says in rule for rule in rules) if says else not rules, rules
    assert alone.returncode == code, alone.stdout
    assert spent < SECONDS
    assert _key() not in alone.stdout + alone.stderr
    if command in ("python", "secrets", "all"):
        both = _run(repo, command, path, other[0])
        assert {f["rule"] for f in json.loads(both.stdout)["findings"] if f["path"] == other[0]}, "the other file was not checked"


def _run(repo, command: str, *paths: str) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MIB * 1_048_576, MIB * 1_048_576))

    return subprocess.run(
        [sys.executable, "-m", "secops_hooks", command, "--format", "json", "--tier", "block", "--", *paths],
        cwd=repo.path,
        env=repo.env,
        capture_output=True,
        text=True,
        timeout=SECONDS * 3,
        preexec_fn=limit,
    )


def test_a_crash_of_a_check_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    from secops_hooks import run as pipeline
    from secops_hooks.files.tree import MemoryTree
    from secops_hooks.policy.settings import Settings

    def crash(*_: object) -> list[object]:
        raise ValueError("the text of an error may quote a secret")

    monkeypatch.setattr(pipeline, "check_function", lambda family: crash)
    outcome = pipeline.run(MemoryTree({"a": "x"}), ["a"], ("config",), Settings())
    (item,) = outcome.items
    assert item.finding.rule.id == "unanalysable"
    assert "quote" not in item.finding.message
    assert "ValueError" in item.finding.message
    assert pipeline.exit_code(outcome, "block") == 3


def test_unanalysable_can_be_a_warning_or_exempted_with_a_reason(repo) -> None:
    repo.write("a.yaml", "a: [1\n")
    assert repo.secops("config", "a.yaml").returncode == 3
    repo.write(".secops.toml", 'unanalysable = "warn"\n')
    warned = repo.secops("config", "a.yaml")
    assert (warned.returncode, "unanalysable" in warned.stdout) == (0, True)
    repo.write(".secops.toml", '[[ignore]]\nrule = "unanalysable"\npath = "a.yaml"\nreason = "a fixture"\n')
    exempted = repo.secops("config", "a.yaml")
    assert (exempted.returncode, "1 suppressed" in exempted.stdout) == (0, True)
