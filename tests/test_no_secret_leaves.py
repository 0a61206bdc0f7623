"""Marked secrets are planted everywhere; then everything that was written is searched for them."""

from __future__ import annotations

import base64
import json
import string
import sys
from pathlib import Path
from random import Random

import pytest

from secops_hooks.arguments import FORMATS

ALPHABET = string.ascii_letters + string.digits


def marked(n: int, length: int = 30, alphabet: str = ALPHABET) -> str:
    """A random value, the same in every run, that occurs nowhere else."""
    return "".join(Random(1000 + n).choices(alphabet, k=length))


def private_key(n: int) -> str:
    body = marked(n, 64 * 12, ALPHABET + "+/")
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return "-----BEGIN " + f"RSA PRIVATE KEY-----\n{lines}\n-----END RSA " + "PRIVATE KEY-----\n"


AWS = "AK" + "IA" + marked(1, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
GITHUB = "gh" + "p_" + marked(2, 36)
NAMES = "gl" + "pat-" + marked(3, 20)
PASSWORDS = [marked(10 + n, 24) for n in range(12)]
KEY = private_key(5)
PLANTED = [AWS, GITHUB, NAMES, *PASSWORDS, KEY.splitlines()[1], KEY.splitlines()[5], marked(40, 40), "Sommer-Tag-" + marked(41, 5)]
HIDDEN = base64.b64encode(f"password={PASSWORDS[11]} and more words".encode()).decode()

FILES = {
    "app.env": f"AWS_ACCESS_KEY_ID={AWS}\nAWS_SECRET_ACCESS_KEY={marked(40, 40)}\nDB_PASSWORD={PASSWORDS[0]}\n",
    "compose.yml": f"services:\n  web:\n    image: web\n    privileged: true # {GITHUB}\n    environment:\n      API_TOKEN: {PASSWORDS[1]}\n",
    "pod.yaml": f"apiVersion: v1\nkind: Pod\nspec: {{hostNetwork: true, containers: [{{name: a, image: b, env: [{{name: DB_PASSWORD, value: {PASSWORDS[2]}}}]}}]}}\n",
    "settings.py": f'DEBUG = True\nSECRET_KEY = "{PASSWORDS[3]}"\nDATABASE = "postgres://admin:{PASSWORDS[4]}@db.internal/app"\nPASSWORD = "Sommer-Tag-{marked(41, 5)}"\n',
    "run.py": f'import subprocess\nsubprocess.run("curl -u admin:{PASSWORDS[5]} " + x, shell=True)\n',
    "Dockerfile": f"FROM ubuntu:latest\nENV API_KEY={PASSWORDS[6]}\nRUN curl http://user:{PASSWORDS[7]}@host.internal/x | sh\n",
    "requirements.txt": f"--extra-index-url https://user:{PASSWORDS[8]}@pypi.internal/simple\nflask\n",
    "id_rsa": KEY,
    "data.json": json.dumps({"a": {"password": PASSWORDS[9], "token": GITHUB}}),
    "notes.txt": f"echo {HIDDEN} | base64 -d\n",
    "broken.yaml": f"password: {PASSWORDS[10]}\n  a: [1,\nb: }}\n",
    f"name-{NAMES}.env": f"AWS_ACCESS_KEY_ID={AWS}\n",
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory):
    from tests.conftest import Sandbox, clean_env

    top = tmp_path_factory.mktemp("planted")
    (top / "home").mkdir()
    (top / "work").mkdir()
    repo = Sandbox(top / "work", clean_env(top / "home"))
    repo.git("init", "-q", "-b", "main")
    repo.git("config", "user.name", "T")
    repo.git("config", "user.email", "t@example.invalid")
    for name, content in FILES.items():
        repo.write(name, content)
    repo.git("add", "-A")
    repo.git("commit", "-qm", f"with {GITHUB}\n\nand DB_PASSWORD={PASSWORDS[0]}")
    return repo


def held(text: str) -> list[str]:
    """What of the planted is in ``text``, by its beginning."""
    return [each[:6] for each in PLANTED if each in text]


COMMANDS = [
    *(("all", "--tier", "audit", "--format", name, ".") for name in FORMATS),
    *((family, "--tier", "audit", "--format", "json", ".") for family in ("secrets", "config", "pins", "python")),
    ("all", "--explain-rejections", "."),
    ("all", "--staged", "--format", "json"),
    *(("history", "--tier", "audit", "--format", name) for name in ("text", "json", "sarif")),
    ("history", "--all", "--jobs", "2", "--fresh"),
    ("commit-msg", "--tier", "audit", "notes.txt"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_that_is_said_holds_a_secret(planted, command: tuple[str, ...]) -> None:
    done = planted.secops(*command)
    assert done.returncode in (0, 1, 3), done.stderr
    assert done.stdout
    assert held(done.stdout + done.stderr) == []


def test_the_planted_are_found_at_all(planted) -> None:
    """Silence would prove nothing."""
    found = json.loads(planted.secops("all", "--format", "json", ".").stdout)["findings"]
    assert len({finding["path"] for finding in found}) >= 10
    assert len(found) >= 20


def test_nothing_that_is_written_holds_a_secret(planted) -> None:
    own = {*FILES, ".git"}
    for name in FORMATS:
        planted.secops("all", "--format", name, "--output", f"report.{name}", ".")
    planted.secops("history")
    said = planted.secops("baseline")
    assert held(said.stdout + said.stderr) == []
    planted.secops("baseline", "--prune")
    written = [path for path in planted.path.iterdir() if path.name not in own] + list((planted.path / ".git/secops").iterdir())
    assert {".secops-baseline", "history.sqlite", "report.sarif"} <= {path.name for path in written}
    for path in written:
        assert held(path.read_bytes().decode("latin-1")) == [], path.name


@pytest.mark.parametrize(
    "settings",
    [
        f'tier = "{AWS}"',
        f'families = ["{GITHUB}"]',
        f'tier = "{PASSWORDS[0]}',
        f'max-file-size = "{PASSWORDS[0]}"',
        f'[rules.x]\ntier = "{AWS}"',
    ],
    ids=["choice", "list", "broken TOML", "type", "nested"],
)
def test_wrong_settings_are_named_without_what_is_in_them(repo, settings: str) -> None:
    repo.write(".secops.toml", settings + "\n")
    done = repo.secops("all", ".")
    assert (done.returncode, held(done.stdout + done.stderr)) == (2, [])


def test_a_push_says_nothing_either(planted) -> None:
    head = planted.git("rev-parse", "HEAD").strip()
    planted.env["PRE_COMMIT_LOCAL_BRANCH"] = "refs/heads/main"
    try:
        done = planted.secops("push", "--tier", "audit")
    finally:
        del planted.env["PRE_COMMIT_LOCAL_BRANCH"]
    assert (done.returncode, held(done.stdout + done.stderr)) == (1, [])
    assert head[:12] in done.stdout


@pytest.mark.parametrize("where", ["secrets", "config", "pins", "python"])
def test_a_check_that_breaks_says_nothing(tmp_path: Path, where: str) -> None:
    """An error whose text quotes the file is reported by type and place only."""
    import subprocess

    (tmp_path / "a.py").write_text(f'TOKEN = "{GITHUB}"\n')
    code = (
        f"import sys, secops_hooks.run as r; own = r.check_function\n"
        f"def broken(file, tree, settings): raise ValueError(file.source.text)\n"
        f"r.check_function = lambda family: broken if family == {where!r} else own(family)\n"
        f"from secops_hooks.cli import main; sys.exit(main(['all', 'a.py']))"
    )
    hooks = Path(__file__).resolve().parent.parent / "hooks"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(hooks), "PATH": ""}, capture_output=True, text=True
    )
    assert "unanalysable" in done.stdout
    assert held(done.stdout + done.stderr) == []
