"""bandit in-process: the same findings as bandit itself, its own settings honoured, and never loaded in vain."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from bandit.core import extension_loader

from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding, Tier
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings
from secops_hooks.python.check import check, rules
from secops_hooks.python.tests import TESTS
from secops_hooks.python.triggers import possible

SHELL = "import subprocess\nsubprocess.run('ls ' + x, shell=True)\n"


def findings(files: dict[str, str], path: str = "a.py", tier: Tier = "audit", settings: Settings | None = None) -> list[Finding]:
    tree = MemoryTree(files)
    file = load(tree, path)
    assert file is not None
    return list(check(file, tree, settings or Settings(tier=tier)))


def ids(files: dict[str, str], path: str = "a.py", tier: Tier = "audit") -> list[str]:
    return [f.rule.id for f in findings(files, path, tier)]


def sample(count: int) -> list[Path]:
    """Files of the standard library and of installed packages, the same on every run; those with bandit's favourites first."""
    places = [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))]
    every = sorted(p for place in places for p in place.rglob("*.py") if p.stat().st_size < 40_000 and "lib2to3" not in p.parts)
    chosen = random.Random(7).sample(every, min(count, len(every)))
    return [p for p in chosen if "test" not in p.name or len(chosen) < 50]


def test_the_findings_are_bandits_own(tmp_path: Path) -> None:
    """Rule, line, severity and confidence agree on real files that nobody here wrote."""
    files = {}
    for number, path in enumerate(sample(400)):
        name = f"f{number:03}.py"
        (tmp_path / name).write_bytes(path.read_bytes())
        files[name] = path
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-r", ".", "-f", "json", "--exit-zero"], cwd=tmp_path, capture_output=True, text=True
    )
    theirs = {
        (
            r["filename"].removeprefix("./").removeprefix(".\\"),
            r["test_id"],
            r["line_number"],
            r["issue_severity"].lower(),
            r["issue_confidence"].lower(),
        )
        for r in json.loads(done.stdout)["results"]
    }
    from secops_hooks.files.tree import WorkTree

    tree = WorkTree(str(tmp_path))
    ours = set()
    for name in files:
        file = load(tree, name)
        assert file is not None
        ours |= {
            (name, f.rule.id.removeprefix("bandit-"), f.span.line, f.severity, f.confidence)
            for f in check(file, tree, Settings(tier="audit"))
            if f.rule.id.startswith("bandit-")
        }
    assert len(theirs) > 50
    assert ours == theirs


CORNERS = {
    "nosec for all": "import subprocess  # nosec\nsubprocess.run('ls ' + x, shell=True)  # nosec\n",
    "nosec for another test": "import subprocess\nsubprocess.run('ls ' + x, shell=True)  # nosec B605\n",
    "nosec on the last line of a call": "import subprocess\nsubprocess.run(\n    'ls ' + x,\n    shell=True,\n)  # nosec B602, B603\n",
    "nosec by a test's name": "import subprocess\nsubprocess.run(x, shell=True)  # nosec: subprocess_popen_with_shell_equals_true\n",
    "nosec beside another comment": "import os\nos.system(x)  # why # nosec\nos.popen(\n    x,  # nothing\n)  # nosec\n",
    "nosec on the line of a keyword": "import subprocess\nsubprocess.run(\n    x,\n    shell=True,  # nosec B602\n)\n",
    "aliases": "from subprocess import run as go, Popen\nimport os as o, pickle as p\ngo(x, shell=True)\nPopen('ls', shell=True)\no.system(x)\np.loads(y)\n",
    "imports by name": "import importlib\n__import__('pickle')\n__import__(x)\n__import__()\nimportlib.import_module('telnetlib')\n",
    "relative imports": "from . import pickle\nfrom .xml import sax\nfrom .. import subprocess as telnetlib\nfrom xml import sax\n",
    "passwords": "d = {'password': 'a', 'x': 'b'}\nd['token'] = 'c'\nif password == 'd': pass\ndef f(a, token='e', *, secret='g'): pass\nf(pwd='h')\n",
    "strings in places without a line": "f = [x for x in y if x == '/tmp/a']\ng = lambda a='/tmp/b': a\nwith open('/tmp/c') as h: pass\n",
    "strings over lines": "a = [\n  z for z in\n  ('/tmp/x',\n   '/tmp/y')  # nosec\n]\nb = '/tmp/q'\n",
    "docstrings": "'/tmp/a'\ndef f():\n    '/tmp/b'\n    return '/tmp/c'\n",
    "sql": "q = 'select * from a where b = %s' % c\nr = f'select * from {d}'\ncur.execute('select a from ' + b)\ns = 'insert into {}'.format(t)\n",
    "asynchronous": "async def f(password='a'):\n    assert x\n    try:\n        y()\n    except Exception:\n        pass\n",
    "loops": "for a in b:\n    try:\n        c()\n    except:\n        continue\n    try:\n        d()\n    except ValueError:\n        pass\n",
    "match": "match a:\n    case '/tmp/a':\n        eval(b)\n    case {'password': 'x'}:\n        exec(c)\n",
    "markup": "from django.utils.safestring import mark_safe\ndef f(x):\n    y = 'a'\n    y += x\n    mark_safe(y)\n    mark_safe('<b>')\n",
    "directions": "a = 1\n# \u202e hidden\n",
    "bytes": "p = b'/tmp/a'\nhost = b'0.0.0.0'\n",
    "hashes": "import hashlib\nhashlib.md5(x)\nhashlib.new('sha1')\nhashlib.md5(x, usedforsecurity=False)\n",
    "modes": "import os\nos.chmod('a', 0o777)\nos.chmod(\n    b, mode=0o766)\n",
}


@pytest.mark.parametrize("name", CORNERS)
def test_the_walk_is_bandits_own(name: str) -> None:
    """Whatever the tests see and whatever ``nosec`` covers is as in bandit's own walk, to the column."""
    from secops_hooks.python.banditry import Bandit

    data, bandit = CORNERS[name].encode(), Bandit()
    everything = [test.id for test in TESTS]
    ours, theirs = bandit.check("./a.py", data, ast.parse(data), everything), bandit.check_as_is("./a.py", data)
    assert ours == theirs
    chosen = possible(CORNERS[name], TESTS)
    assert bandit.check("./a.py", data, ast.parse(data), chosen) == theirs


def test_a_crash_of_a_test_is_told_and_the_others_go_on() -> None:
    from secops_hooks.python.banditry import Bandit

    data = b"import importlib\nimportlib.import_module()\nassert x\n"  # bandit looks for an argument that is not there
    verdict = Bandit().check("./a.py", data, ast.parse(data), [test.id for test in TESTS])
    assert ("crashed" in verdict.failed, [issue.test for issue in verdict.issues]) == (True, ["B101"])


def test_every_test_of_bandit_is_in_the_table() -> None:
    loaded = set(extension_loader.MANAGER.plugins_by_id) | set(extension_loader.MANAGER.blacklist_by_id)
    assert {test.id for test in TESTS} == loaded


def test_the_words_are_sound_for_every_blacklisted_name() -> None:
    """Whatever bandit blacklists passes the look at words when it is written out."""
    for kind, entries in extension_loader.MANAGER.blacklist.items():
        for entry in entries:
            tests = [test for test in TESTS if test.id == entry["id"]]
            for name in entry["qualnames"]:
                text = f"import {name}\n" if kind.startswith("Import") else f"{name}()\n"
                assert possible(text, tests), (entry["id"], name)


HIDDEN = {
    "an identifier in other letters": "import ｓubprocess\nｓubprocess.run(x, ｓhell=True)\n",
    "a string with escapes": 'HOST = "0.0\\x2e0.0"\n',
    "a string in pieces": 'HOST = "0.0." "0.0"\n',
    "a string in pieces over lines": 'HOST = (\n    "0.0."  # why\n    "0.0"\n)\n',
    "a string with a continued line": 'HOST = "0.0.\\\n0.0"\n',
    "an octal escape": 'HOST = "0.0.\\060.0"\n',
    "a named escape": 'HOST = "0.0\\N{FULL STOP}0.0"\n',
}


@pytest.mark.parametrize("name", HIDDEN)
def test_no_spelling_hides_a_word(name: str) -> None:
    found = ids({"a.py": HIDDEN[name]})
    assert {"bandit-B602", "bandit-B104"} & set(found), found


@pytest.mark.parametrize(
    ("path", "tier"),
    [("a.py", "block"), ("tests/test_a.py", "warn")],
)
def test_findings_in_tests_weigh_less(path: str, tier: str) -> None:
    (finding,) = [f for f in findings({path: SHELL}, path) if f.rule.id == "bandit-B602"]
    assert finding.tier == tier


def test_asserts_are_audit() -> None:
    (finding,) = findings({"a.py": "assert x\n"})
    assert (finding.rule.id, finding.tier) == ("bandit-B101", "audit")
    assert ids({"a.py": "assert x\n"}, tier="warn") == []


CONFIGS = {
    "pyproject.toml": '[tool.bandit]\nskips = ["B602"]\n',
    ".bandit": "[bandit]\nskips = B602\n",
    "bandit.yaml": "skips: [B602]\n",
    "pyproject.toml exclude": '[tool.bandit]\nexclude_dirs = ["./a.py"]\n',
    ".bandit exclude": "[bandit]\nexclude = a.py\n",
}


@pytest.mark.parametrize("name", CONFIGS)
def test_the_users_own_settings_are_honoured(name: str, sandbox) -> None:
    from secops_hooks.files.tree import WorkTree

    sandbox.write("a.py", SHELL)
    sandbox.write(name.split()[0], CONFIGS[name])
    tree = WorkTree(str(sandbox.path))
    file = load(tree, "a.py")
    assert file is not None
    assert "bandit-B602" not in [f.rule.id for f in check(file, tree, Settings(tier="audit"))]


def test_a_configuration_that_bandit_refuses_is_a_usage_error(repo) -> None:
    repo.write("a.py", SHELL)
    repo.write("pyproject.toml", '[tool.bandit]\nskips = ["B602"]\ntests = ["B602"]\n')
    done = repo.secops("python", "a.py")
    assert (done.returncode, "bandit's configuration" in done.stderr) == (2, True)


def test_nosec_is_bandits_own() -> None:
    assert ids({"a.py": SHELL.replace("True)", "True)  # nosec B602")}) == ["bandit-B404"]


def test_positions_count_characters_not_bytes() -> None:
    (finding,) = [
        f for f in findings({"a.py": "import subprocess\né = '日本'; subprocess.run(x, shell=True)\n"}) if f.rule.id == "bandit-B602"
    ]
    assert (finding.span.line, finding.span.col) == (2, 11)


def test_a_password_is_never_quoted() -> None:
    text = "password = 'correct-horse-battery'\n"
    (finding,) = findings({"a.py": text})
    assert finding.rule.id == "bandit-B105"
    assert "correct" not in finding.message


def test_stubs_are_not_run_and_not_checked() -> None:
    assert ids({"a.pyi": "import subprocess\n"}, "a.pyi") == []


def test_every_rule_is_complete() -> None:
    assert all(rule.why and rule.fix and rule.title and rule.family == "python" for rule in rules().values())
