"""History: each blob once, who brought what, what is still there, interrupted and gone on, and clones of every kind."""

from __future__ import annotations

import io
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from random import Random

import pytest

from secops_hooks.history.index import Index, state_of
from secops_hooks.history.objects import Object
from secops_hooks.history.progress import Progress
from secops_hooks.history.scan import BATCH_OBJECTS, batches
from secops_hooks.policy.settings import Settings

PASSWORD = "zq" + "".join(Random(11).choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=24))
WHEN = "2024-05-06T07:08:09+02:00"


def commit(repo, files: dict[str, str | None], message: str = "change") -> str:
    for name, content in files.items():
        if content is None:
            (repo.path / name).unlink()
        else:
            repo.write(name, content)
    repo.git("add", "-A")
    repo.git("commit", "-qm", message, "--date", WHEN, "--allow-empty")
    return repo.git("rev-parse", "HEAD").strip()


def findings(repo, *args: str, cwd: str = ".") -> list[dict[str, object]]:
    done = repo.secops("history", "--format", "json", *args, cwd=cwd)
    assert done.returncode in (0, 1, 3), done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return json.loads(done.stdout)["findings"]


def test_who_brought_it_when_where_and_whether_it_is_still_there(repo, aws_key) -> None:
    first = commit(repo, {"old.env": f"REGION=x\nAWS_ACCESS_KEY_ID={aws_key()}\n"})
    second = commit(repo, {"deep/app.env": f"DB_PASSWORD={PASSWORD}\n"})
    commit(repo, {"old.env": None, "deep/app.env": f"# more\nDB_PASSWORD={PASSWORD}\n"})
    commit(repo, {"deep/app.env": f"# more\n# and more\nDB_PASSWORD={PASSWORD}\n"})
    done = repo.secops("history")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert re.match(rf"deep/app\.env:1:13: \w+ [a-z-]+ .*, in commit {second[:12]} of {re.escape(WHEN)}, still in HEAD$", lines[0])
    assert re.match(rf"old\.env:2:19: high aws-access-key-id .*, in commit {first[:12]} of {re.escape(WHEN)}, no longer in HEAD$", lines[1])
    assert lines[2] == "", "each secret is told once"


def test_the_same_blob_is_looked_at_once(repo) -> None:
    commit(repo, {"a.txt": "same\n", "b.txt": "same\n", "c/d.txt": "same\n"})
    commit(repo, {"a.txt": "other\n"})
    commit(repo, {"a.txt": "same\n"})
    assert "secops: 5 files, " in repo.secops("history").stdout, "two blobs and three messages"


def test_range_and_all(repo, aws_key) -> None:
    base = commit(repo, {"a.env": f"AWS_ACCESS_KEY_ID={aws_key()}\n"})
    commit(repo, {"b.env": f"DB_PASSWORD={PASSWORD}\n"})
    assert {f["path"] for f in findings(repo, "--range", f"{base}..HEAD")} == {"b.env"}
    repo.git("checkout", "-qb", "side", base)
    repo.git("branch", "-qD", "main", "-f")
    assert {f["path"] for f in findings(repo)} == {"a.env"}
    repo.git("tag", "kept", "HEAD@{1}")
    assert {f["path"] for f in findings(repo, "--all")} == {"a.env", "b.env"}


def test_stashes_and_messages(repo, aws_key) -> None:
    commit(repo, {"a.txt": "x\n"}, f"title\n\nthe key is {aws_key()}")
    repo.write("a.txt", f"DB_PASSWORD={PASSWORD}\n")
    repo.git("stash", "-q")
    assert [str(f["path"]).split()[0] for f in findings(repo, "--all")] == ["a.txt", "commit"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--range", "nosuch..HEAD"), "names nothing in this repository"),
        (("--range", "HEAD"), "--range takes A..B"),
        (("--range", "--output=x"), "expected one argument"),
    ],
)
def test_wrong_usage(repo, args: tuple[str, ...], says: str) -> None:
    commit(repo, {"a": "x"})
    done = repo.secops("history", *args)
    assert (done.returncode, says in done.stderr) == (2, True)


def test_outside_of_a_repository(sandbox) -> None:
    done = sandbox.secops("history")
    assert (done.returncode, "not a git repository" in done.stderr) == (2, True)


def test_an_empty_repository_has_no_history(repo) -> None:
    assert repo.secops("history").stdout.startswith("secops: 0 files, ")


# --- clones -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def origin(repo, aws_key):
    commit(repo, {"a.env": f"AWS_ACCESS_KEY_ID={aws_key()}\n"})
    commit(repo, {"a.env": "AWS_ACCESS_KEY_ID=\n"})
    repo.git("config", "uploadpack.allowFilter", "true")
    return repo


def test_a_shallow_clone_says_so_and_fails(origin) -> None:
    origin.git("clone", "-q", "--depth", "1", f"file://{origin.path}", "../shallow")
    done = origin.secops("history", cwd="../shallow")
    assert (done.returncode, "git fetch --unshallow" in done.stdout) == (3, True)


def test_a_partial_clone_says_what_is_missing_and_fetches_nothing(origin) -> None:
    origin.git("clone", "-q", "--filter=blob:none", f"file://{origin.path}", "../partial")
    before = origin.git("-C", "../partial", "count-objects", "-v")
    done = origin.secops("history", cwd="../partial")
    assert done.returncode == 3
    assert "1 objects are not in this partial clone" in done.stdout
    assert origin.git("-C", "../partial", "count-objects", "-v") == before


def test_a_bare_clone_and_a_worktree(origin) -> None:
    origin.git("clone", "-q", "--bare", str(origin.path), "../bare.git")
    assert "a.env:1:19" in origin.secops("history", cwd="../bare.git").stdout
    origin.git("worktree", "add", "-q", "../second", "-b", "second")
    assert "a.env:1:19" in origin.secops("history", cwd="../second").stdout
    assert (origin.path / ".git/secops/history.sqlite").exists(), "one index for all work trees"
    origin.write("sub/x", "")
    assert "\na.env:1:19" in "\n" + origin.secops("history", cwd="sub").stdout


def test_what_is_accepted_stays_accepted_under_every_former_name(repo) -> None:
    commit(repo, {"first.env": f"DB_PASSWORD={PASSWORD}\n"})
    commit(repo, {"first.env": None, "then.env": f"DB_PASSWORD={PASSWORD}\nMORE=1\n"})
    assert repo.secops("history").returncode == 1
    assert repo.secops("baseline").returncode == 0
    done = repo.secops("history")
    assert (done.returncode, "0 findings" in done.stdout) == (0, True)
    assert repo.secops("history", "--no-baseline").returncode == 1


# --- the index and the bar ----------------------------------------------------------------------------------------------


def test_the_index_holds_ids_and_nothing_else(repo, aws_key) -> None:
    commit(repo, {"a.env": f"AWS_ACCESS_KEY_ID={aws_key()}\n", "b.txt": "fine\n"})
    repo.secops("history")
    db = sqlite3.connect(repo.path / ".git/secops/history.sqlite")
    ids = {row[0].hex() for row in db.execute("SELECT id FROM clean")}
    db.close()
    assert ids == {repo.git("rev-parse", name).strip() for name in ("HEAD", "HEAD:b.txt")}


def test_a_second_run_finds_the_same(repo, aws_key) -> None:
    commit(repo, {"a.env": f"AWS_ACCESS_KEY_ID={aws_key()}\n", "b.txt": "fine\n"})
    first, second = (findings(repo) for _ in range(2))
    assert first == second
    assert findings(repo, "--fresh") == first


@pytest.mark.parametrize("command", ["history", "push"])
def test_settings_of_directories_hold_below_them(repo, aws_key, command: str) -> None:
    keys = [aws_key()[:-1] + letter for letter in "ABCD"]
    files = {f"{where}/app.env": f"KEY={key}\n" for where, key in zip(("a", "b", "b/gen", "c"), keys, strict=True)}
    files["b/.secops.toml"] = 'exclude = ["gen/"]\n[rules.aws-access-key-id]\ntier = "warn"\n'
    files["c/pyproject.toml"] = '[[tool.secops-hooks.ignore]]\nrule = "aws-*"\nreason = "a sample"\n'
    head = commit(repo, files)
    git_says = f"refs/heads/main {head} refs/heads/main {'0' * 40}\n"
    args = (sys.executable, "-m", "secops_hooks", command, "--format", "json")
    done = subprocess.run(args, cwd=repo.path, env=repo.env, input=git_says, capture_output=True, text=True)
    found = {(f["path"], f["tier"]) for f in json.loads(done.stdout)["findings"]}
    assert found == {("a/app.env", "block"), ("b/app.env", "warn")}, done.stderr


def index_of(tmp_path, state: str = "s", fresh: bool = False) -> Index:
    return Index(str(tmp_path / "secops"), state, fresh)


ONE = [Object("ab" * 20, "blob", 1, "p")]


def test_an_index_goes_with_rules_and_settings(tmp_path) -> None:
    index = index_of(tmp_path)
    index.add(["ab" * 20])
    assert index.new(ONE) == []
    index.close()
    assert index_of(tmp_path).new(ONE) == []
    assert index_of(tmp_path, fresh=True).new(ONE) == ONE
    index_of(tmp_path).add(["ab" * 20])
    assert index_of(tmp_path, "other").new(ONE) == ONE
    assert state_of(Settings()) == state_of(Settings())
    assert state_of(Settings()) != state_of(Settings(tier="audit"))


def test_a_broken_index_is_made_anew(tmp_path) -> None:
    index_of(tmp_path).close()
    (tmp_path / "secops/history.sqlite").write_bytes(b"no database" * 1000)
    index = index_of(tmp_path)
    assert (index.lasting, index.new(ONE)) == (True, ONE)


def test_without_a_place_to_write_it_goes_on_in_memory(tmp_path) -> None:
    (tmp_path / "secops").write_text("a file")
    index = index_of(tmp_path)
    assert (index.lasting, index.new(ONE)) == (False, ONE)


def test_batches_are_bounded() -> None:
    many = [Object(f"{n:040x}", "blob", 5, f"d{n % 2}/f") for n in range(1000)]
    lists = list(batches(many))
    assert [each for batch in lists for each in batch] == many
    assert max(map(len, lists)) == BATCH_OBJECTS
    assert sum(map(len, batches(many, Settings(exclude=("d1/",))))) == 500
    assert [len(b) for b in batches([Object("0", "blob", 10**9, "p")] * 3)] == [1, 1, 1]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_for_terminals_only() -> None:
    plain, terminal = io.StringIO(), Terminal()
    for stream in (plain, terminal):
        progress = Progress(stream, 10)
        progress.add(10, 2_000_000)
        progress.end()
    assert plain.getvalue() == ""
    assert "100%  10 of 10 objects, 2.0 MB, " in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts are sent in another way there")
def test_an_interrupted_run_goes_on_where_it_stopped(repo, aws_key) -> None:
    rng = Random(2)
    files = {f"d/{n}.txt": "".join(f"{rng.getrandbits(64)} some words here\n" for _ in range(4000)) for n in range(120)}
    commit(repo, {**files, "z.env": f"AWS_ACCESS_KEY_ID={aws_key()}\n"})
    process = subprocess.Popen(
        [sys.executable, "-m", "secops_hooks", "history", "--jobs", "2"],
        cwd=repo.path,
        env=repo.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    index = repo.path / ".git/secops/history.sqlite"
    for _ in range(600):
        time.sleep(0.02)
        if process.poll() is not None or (index.exists() and _rows(index)):
            break
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)
    done = _rows(index)
    assert done > 0
    if process.returncode == 130:
        assert "interrupted; run the same command again" in said[1]
    else:
        assert process.returncode == 1, said
    assert [f["path"] for f in findings(repo)] == ["z.env"]
    assert _rows(index) == 121


def _rows(index) -> int:
    db = sqlite3.connect(index)
    try:
        return int(db.execute("SELECT count(*) FROM clean").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        db.close()
