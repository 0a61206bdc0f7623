"""Other tools' baselines: read, and turned into entries of ours."""

from __future__ import annotations

import hashlib
import json
from random import Random

import pytest

from secops_hooks.policy.imports import Foreign, ImportFailed, entries

TOKEN = "zq" + "".join(Random(3).choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=30))
SHA1 = hashlib.sha1(TOKEN.encode(), usedforsecurity=False).hexdigest()
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            json.dumps({"version": "1.5.0", "results": {"a\\b.py": [{"type": "Secret Keyword", "hashed_secret": SHA1, "line_number": 4}]}}),
            Foreign("a/b.py", 4, sha1=SHA1),
        ),
        (json.dumps({"results": {"a": [{"hashed_secret": SHA1.upper()}]}}), Foreign("a", sha1=SHA1)),
        (json.dumps([{"File": "a", "StartLine": 3, "Secret": TOKEN, "Commit": ""}]), Foreign("a", 3, secret=TOKEN)),
        (json.dumps([{"File": "a", "StartLine": 3, "Secret": "REDACTED", "Commit": COMMIT}]), Foreign("a", 3, commit=COMMIT)),
        ("# old\n\n./a/b:c.py:generic-api-key:12\n", Foreign("a/b:c.py", 12)),
        (f"{COMMIT}:a:b.py:generic-api-key:12", Foreign("a:b.py", 12, commit=COMMIT)),
    ],
    ids=["detect-secrets", "slim", "gitleaks report", "redacted report", "ignore file", "ignore file with commit"],
)
def test_formats(text: str, expected: Foreign) -> None:
    assert entries(text.encode(), "x") == [expected]


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "what is this", "a:b:c"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ImportFailed):
        entries(text.encode(), "x")


def baseline_of(repo, content: str) -> str:
    repo.write("theirs", content)
    done = repo.secops("baseline", "--import", "theirs")
    assert done.returncode == 0, done.stderr
    return done.stdout


def prepare(repo) -> None:
    repo.write("conf/app.env", f"REGION=x\nDB_PASSWORD={TOKEN}\n")
    repo.write("conf/other.env", f"DB_PASSWORD={TOKEN[::-1]}\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "one")


@pytest.mark.parametrize(
    "theirs",
    [
        json.dumps({"results": {"conf/app.env": [{"type": "x", "hashed_secret": SHA1}]}}),
        json.dumps([{"File": "conf/app.env", "StartLine": 2, "Secret": TOKEN, "Commit": ""}]),
        json.dumps([{"File": "conf/app.env", "StartLine": 2, "Secret": "REDACTED", "Commit": ""}]),
        "conf/app.env:generic-api-key:2\n",
    ],
    ids=["slim", "report", "redacted", "ignore"],
)
def test_exactly_what_was_accepted_there_is_accepted_here(repo, theirs: str) -> None:
    prepare(repo)
    assert ": 1 stand for findings" in baseline_of(repo, theirs)
    assert repo.secops("secrets", "conf/app.env").returncode == 0
    assert repo.secops("secrets", "conf/other.env").returncode == 1
    assert TOKEN not in (repo.path / ".secops-baseline").read_text(encoding="utf-8")


def test_an_entry_with_a_commit_is_looked_up_in_that_commit(repo) -> None:
    prepare(repo)
    commit = repo.git("rev-parse", "HEAD").strip()
    repo.write("conf/app.env", f"# three\n# more\n# lines\nREGION=x\nDB_PASSWORD={TOKEN}\n")
    baseline_of(repo, f"{commit}:conf/app.env:generic-api-key:2\n")
    assert repo.secops("secrets", "conf/app.env").returncode == 0


def test_what_stands_for_nothing_is_said(repo) -> None:
    prepare(repo)
    said = baseline_of(repo, json.dumps({"results": {"conf/app.env": [{"hashed_secret": "0" * 40}], "gone": [{"hashed_secret": SHA1}]}}))
    assert "2 entries of theirs: 0 stand for findings (0 new in .secops-baseline), 2 for nothing that is found here" in said


def test_a_private_key_of_detect_secrets(repo) -> None:
    body = "".join(Random(9).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=64 * 12))
    key = (
        "-----BEGIN "
        + "RSA PRIVATE KEY-----\n"
        + "\n".join(body[i : i + 64] for i in range(0, len(body), 64))
        + "\n-----END RSA PRIVATE KEY-----\n"
    )
    repo.write("id", key)
    hashed = hashlib.sha1(b"BEGIN RSA PRIVATE KEY", usedforsecurity=False).hexdigest()
    assert repo.secops("secrets", "id").returncode == 1
    baseline_of(repo, json.dumps({"results": {"id": [{"hashed_secret": hashed}]}}))
    assert repo.secops("secrets", "id").returncode == 0
