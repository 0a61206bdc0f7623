"""bandit's own configuration, profiles, baseline and nosec: what real bandit finds with its options, we find by ours."""

from __future__ import annotations

import json
import sys

import pytest

CODE = """\
import pickle
import subprocess
from Crypto.Cipher import DES
password = 'hunter' + '2'
token = 'letmein-please'
def f(x, tmp='/tmp/a', opt='/var/scratch/b'):
    assert x
    subprocess.run('ls ' + x, shell=True)  # nosec B602
    subprocess.run(x, shell=True)
    pickle.loads(x)  # nosec
    my_shell(x)
    try:
        eval(x)
    except Exception:
        pass
"""
OTHER = "import os\nos.system(y)\nos.chmod('a', 0o777)\n"
YAML = "hardcoded_tmp_directory:\n  tmp_dirs: [/var/scratch]\nshell_injection:\n  subprocess: [my_shell]\n  shell: []\n  no_shell: []\n"
PROFILES = """\
profiles:
  shells:
    include: [any_other_function_with_shell_equals_true, B602, subprocess_popen_with_shell_equals_true, B605]
  all-but:
    exclude: [B101, assert_used, hardcoded_password_string, B403]
  imports:
    include: [B001]
"""
LEGACY = """\
profiles:
  old:
    include: [blacklist_calls, blacklist_imports, exec_used]
blacklist_calls:
  bad_name_sets:
    - evil: {qualnames: [my_shell, os.chmod], message: "do not call {func}"}
blacklist_imports:
  bad_import_sets:
    - badlib: {imports: [pickle], level: LOW, message: "do not import {module}"}
"""
CASES = {
    # the files, bandit's options, our settings
    "nothing": ({}, [], ""),
    "INI skips and tests": (
        {".bandit": "[bandit]\nskips = B602,B101\ntests = B602,B605,B307\n".replace("skips = B602,", "skips = ")},
        [],
        "",
    ),
    "INI skips": ({".bandit": "[bandit]\nskips = B602,B403\n"}, [], ""),
    "INI exclude": ({".bandit": "[bandit]\nexclude = ./sub\n"}, [], ""),
    "INI profile": ({".bandit": "[bandit]\nconfigfile = conf.yaml\nprofile = shells\n", "conf.yaml": PROFILES}, [], ""),
    "INI ignore-nosec": ({".bandit": "[bandit]\nignore-nosec = true\n"}, [], ""),
    "INI configuration file": ({".bandit": "[bandit]\nconfigfile = conf.yaml\nskips = B101\n", "conf.yaml": YAML}, [], ""),
    "YAML tests": ({"bandit.yaml": "tests: [B602, B105, B403]\n"}, ["-c", "bandit.yaml"], ""),
    "YAML settings of tests": ({"bandit.yaml": YAML}, ["-c", "bandit.yaml"], ""),
    "YAML by another name": ({"conf/b.yml": YAML}, ["-c", "conf/b.yml"], 'bandit-config = "conf/b.yml"'),
    "YAML exclude": ({"bandit.yaml": "exclude_dirs: [sub]\n"}, ["-c", "bandit.yaml"], ""),
    "TOML": ({"pyproject.toml": '[tool.bandit]\nskips = ["B101"]\nexclude_dirs = ["sub"]\n'}, ["-c", "pyproject.toml"], ""),
    "TOML settings of tests": (
        {"pyproject.toml": '[tool.bandit.hardcoded_tmp_directory]\ntmp_dirs = ["/var/scratch"]\n'},
        ["-c", "pyproject.toml"],
        "",
    ),
    "a profile that includes": ({"bandit.yaml": PROFILES}, ["-c", "bandit.yaml", "-p", "shells"], 'bandit-profile = "shells"'),
    "a profile that excludes": ({"bandit.yaml": PROFILES}, ["-c", "bandit.yaml", "-p", "all-but"], 'bandit-profile = "all-but"'),
    "a profile of blacklists": ({"bandit.yaml": PROFILES}, ["-c", "bandit.yaml", "-p", "imports"], 'bandit-profile = "imports"'),
    "a profile in TOML": (
        {"pyproject.toml": '[tool.bandit.profiles.p]\ninclude = ["B307", "assert_used"]\n'},
        ["-c", "pyproject.toml", "-p", "p"],
        'bandit-profile = "p"',
    ),
    "a profile and skips": (
        {".bandit": "[bandit]\nconfigfile = conf.yaml\nprofile = shells\nskips = B404\n", "conf.yaml": PROFILES},
        [],
        "",
    ),
    "a profile of the old kind": ({"bandit.yaml": LEGACY}, ["-c", "bandit.yaml", "-p", "old"], 'bandit-profile = "old"'),
}


@pytest.fixture
def python(sandbox):
    sandbox.git("init", "-q")
    sandbox.write("a.py", CODE)
    sandbox.write("sub/b.py", OTHER)
    return sandbox


def bandit(repo, *args: str) -> set[tuple[str, str, int, str, str]]:
    done = repo.run(sys.executable, "-m", "bandit", "-q", "-r", ".", "-f", "json", "--exit-zero", *args)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(done.stdout)["results"]
    keys = ("test_id", "line_number", "issue_severity", "issue_confidence")
    found = {(r["filename"].removeprefix("./"), *(str(r[key]).lower() for key in keys)) for r in rows}
    return {(path, test.replace("legacy", "other"), *rest) for path, test, *rest in found}  # all that has no id of its own


def ours(repo) -> set[tuple[str, str, int, str, str]]:
    done = repo.secops("python", ".", "--tier", "audit", "--format", "json", "--no-baseline")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = [f for f in json.loads(done.stdout)["findings"] if not f["rule"].startswith("suppression-")]
    return {
        (f["path"], f["rule"].removeprefix("bandit-").lower(), str(f["line"]), f["severity"].replace("info", "undefined"), f["confidence"])
        for f in found
    }


@pytest.mark.parametrize("name", CASES)
def test_the_findings_are_bandits_own(python, name: str) -> None:
    files, args, settings = CASES[name]
    for path, text in files.items():
        python.write(path, text)
    theirs = bandit(python, *args)
    assert theirs
    if settings:
        python.write(".secops.toml", f"[python]\n{settings}\n")
    assert ours(python) == theirs


CHANGES = {
    "nothing": {},
    "moved down": {"a.py": "\n\n# more\n" + CODE},
    "a new finding": {"a.py": CODE + "exec(q)\n"},
    "one more of a kind that is known": {"sub/b.py": OTHER + "os.system(z)\n"},
    "another password": {"a.py": CODE.replace("letmein-please", "letmein-again")},
    "another file with the same": {"c.py": OTHER},
    "a literal command": {"sub/b.py": OTHER.replace("os.system(y)", "os.system('ls')")},
}


@pytest.mark.parametrize("by", ["settings", "INI", "another directory"])
@pytest.mark.parametrize("name", CHANGES)
def test_the_baseline_accepts_what_bandits_does(python, name: str, by: str) -> None:
    python.run(sys.executable, "-m", "bandit", "-q", "-r", ".", "-f", "json", "--exit-zero", "-o", "known/report.json")
    (python.path / "known").mkdir(exist_ok=True)
    done = python.run(sys.executable, "-m", "bandit", "-q", "-r", ".", "-f", "json", "--exit-zero", "-o", "known/report.json")
    assert done.returncode == 0, done.stderr
    assert len(ours(python)) > 10
    for path, text in CHANGES[name].items():
        python.write(path, text)
    theirs = bandit(python, "-b", "known/report.json")
    if by == "INI":
        python.write(".bandit", "[bandit]\nbaseline = known/report.json\n")
    else:
        python.write(".secops.toml", '[python]\nbandit-baseline = "known/report.json"\n')
    if by == "another directory":
        text = (python.path / "known/report.json").read_text()
        python.write("known/report.json", text.replace('"filename": "./', f'"filename": "{python.path.as_posix()}/'))
    assert ours(python) == theirs
    assert bool(theirs) is (name not in ("nothing", "moved down", "one more of a kind that is known"))


@pytest.mark.parametrize(
    ("files", "settings", "said"),
    [
        ({}, 'bandit-baseline = "gone.json"', "bandit's configuration names gone.json, which is not there"),
        ({"r.json": "{}"}, 'bandit-baseline = "r.json"', "r.json: this is no JSON report of bandit"),
        ({}, 'bandit-config = "gone.yaml"', "bandit's configuration names gone.yaml, which is not there"),
        ({"bandit.yaml": PROFILES}, 'bandit-profile = "shell"', "bandit's configuration bandit.yaml: there is no profile 'shell'"),
        ({"bandit.yaml": "- a\n"}, "", "bandit's configuration bandit.yaml: Error parsing file."),
        ({"pyproject.toml": "[tool.bandit]\nskips = 'a\n"}, "", "pyproject.toml: "),
        ({".bandit": "skips = B101\n"}, "", ".bandit: File contains no section headers."),
    ],
)
def test_a_configuration_that_cannot_be_used_is_a_usage_error(python, files: dict[str, str], settings: str, said: str) -> None:
    for path, text in files.items():
        python.write(path, text)
    python.write(".secops.toml", f"[python]\n{settings}\n")
    done = python.secops("python", ".")
    assert (done.returncode, said in done.stderr) == (2, True), done.stdout + done.stderr


def test_what_is_staged_holds_for_what_is_staged(python) -> None:
    python.write("bandit.yaml", "tests: [B605]\n")
    python.git("add", "-A")
    python.write("bandit.yaml", "tests: [B101]\n")
    done = python.secops("python", "--staged", "--tier", "audit", "--format", "json")
    assert {f["rule"] for f in json.loads(done.stdout)["findings"]} == {"bandit-B605"}


NOSEC = {
    "alone above": "import os\n# nosec\nos.system(x)\n",
    "alone above, with a name": "import os\n# nosec B605\nos.system(x)\n",
    "above a block": "import os\n# nosec\ndef f():\n    os.system(x)\n    eval(y)\n",
    "on the line of another": "import os\nos.system(x)  # nosec B307\n",
    "behind another comment": "import os\nos.system(x)  # noqa  # nosec\n",
    "within a call": "import os\nos.system(\n    # nosec\n    x\n)\n",
    "in a string": "import os\nos.system('# nosec' + x)\n",
    "of a password": "password = 'letmein-please'  # nosec B105\ntoken = 'letmein-please'  # nosec B106\n",
}


@pytest.mark.parametrize("name", NOSEC)
def test_nosec_accepts_what_it_does_for_bandit(python, name: str) -> None:
    python.write("a.py", NOSEC[name])
    assert ours(python) == bandit(python)


@pytest.mark.parametrize(
    ("settings", "comment", "found"),
    [
        ("", "nosec", []),
        ("require-reason = true", "nosec B605", ["bandit-B605", "suppression-without-reason"]),
        ("require-reason = true", "nosec B605 the word is ours", []),
        ('unsuppressible = ["bandit-*"]', "nosec B605 the word is ours", ["bandit-B605"]),
        ('unsuppressible = ["bandit-B602"]', "nosec B605", []),
    ],
)
def test_the_settings_decide_whether_nosec_counts(python, settings: str, comment: str, found: list[str]) -> None:
    python.write(".secops.toml", settings + "\n")
    python.write("c.py", f"import os\nos.system(\n    x,  # {comment}\n)\n")
    done = python.secops("python", "c.py", "--format", "json")
    assert [f["rule"] for f in json.loads(done.stdout)["findings"]] == found
