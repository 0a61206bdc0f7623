"""Locks that keep a hash of their manifest: pdm, pipenv, pylock, composer, helm. The hashed texts are written out here by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping

import pytest

from secops_hooks.pins.locks.composer import content_hash
from secops_hooks.pins.locks.pdm import hashes

Judge = Callable[[Mapping[str, str], str], list[str]]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


# -- pdm

PDM = (
    '[project]\nname = "a"\nrequires-python = ">=3.11"\ndependencies = ["requests>=2.31"]\n'
    '[project.optional-dependencies]\nweb = ["flask"]\n[dependency-groups]\nDev_Tools = ["ruff"]\n[tool.pdm]\ndistribution = true\n'
)
PDM_HASHED = {
    "with groups": '{"dependencies": ["requests>=2.31"], "dev-dependencies": {"dev-tools": ["ruff"]}, "optional-dependencies": {"web": ["flask"]}, '
    '"requires-python": ">=3.11", "resolution": {}, "sources": []}',
    "names as written": '{"dependencies": ["requests>=2.31"], "dev-dependencies": {"Dev_Tools": ["ruff"]}, "optional-dependencies": '
    '{"web": ["flask"]}, "requires-python": ">=3.11", "resolution": {}, "sources": []}',
    "overrides": '{"dependencies": ["requests>=2.31"], "dev-dependencies": {}, "optional-dependencies": {"web": ["flask"]}, "overrides": {}, '
    '"requires-python": ">=3.11", "sources": []}',
    "the oldest": '{"dependencies": ["requests>=2.31"], "dev-dependencies": {}, "optional-dependencies": {"web": ["flask"]}, '
    '"requires-python": ">=3.11", "sources": []}',
}


def pdm_lock(text: str, key: str = "content_hash", method: str = "sha256:", version: str = "4.5.0") -> str:
    packages = "".join(f'\n[[package]]\nname = "{name}"\nversion = "1"\n' for name in ("requests", "flask", "ruff"))
    return f'[metadata]\nlock_version = "{version}"\n{key} = "{method}{sha256(text)}"\n{packages}'


@pytest.mark.parametrize("form", PDM_HASHED.values(), ids=PDM_HASHED)
@pytest.mark.parametrize("path", ["pyproject.toml", "pdm.lock"])
def test_pdm(judge: Judge, form: str, path: str) -> None:
    lock = pdm_lock(form, version="4.5.0" if '"resolution"' in form else "4.4.1")
    assert judge({"pyproject.toml": PDM + "# a comment\n", "pdm.lock": lock}, path) == []
    (told,) = judge({"pyproject.toml": PDM.replace("2.31", "2.32"), "pdm.lock": lock}, path)
    assert told == f"pdm.lock: «{sha256(form)}» pyproject.toml was changed after the lock was made; run: pdm lock"
    (told,) = judge({"pyproject.toml": PDM.replace('"flask"', '"flask", "httpx>=0.27"'), "pdm.lock": lock}, path)
    assert told == "pyproject.toml: «httpx» httpx is asked for in pyproject.toml, but not in the lock; run: pdm lock"


def test_a_lock_of_a_pdm_that_knows_groups_was_made_with_them(judge: Judge) -> None:
    lock = pdm_lock(PDM_HASHED["overrides"], version="4.5.0")
    assert judge({"pyproject.toml": PDM, "pdm.lock": lock}, "pdm.lock")


def test_a_hash_that_pdm_itself_wrote() -> None:
    """Made by PDM 2.26 for a manifest with these contents."""
    data = {
        "project": {"dependencies": ["anthropic>=0.84.0", "pyyaml>=6.0", "python-dotenv>=1.2.2"], "requires-python": "==3.14.*"},
        "dependency-groups": {"test": ["pytest>=9.0"]},
    }
    assert "6ff910ddf72fd68584430da81ac0782ccab468502b708ee636b7e64ff66a4edf" in hashes(data)


@pytest.mark.parametrize(
    "lock", [pdm_lock("", method="md5:"), pdm_lock("", key="other"), "[metadata]\n"], ids=["another method", "no hash", "nothing"]
)
def test_a_pdm_lock_without_sha256_cannot_be_judged(judge: Judge, lock: str) -> None:
    told = judge({"pyproject.toml": PDM, "pdm.lock": lock}, "pdm.lock")
    assert len(told) == 1
    assert told[0].startswith("? pdm.lock: «»")


def test_pdm_says_nothing_of_a_project_that_is_none(judge: Judge) -> None:
    assert judge({"pyproject.toml": "[tool.ruff]\n", "pdm.lock": pdm_lock("x")}, "pdm.lock") == []
    assert judge({"pyproject.toml": "[project\n", "pdm.lock": pdm_lock("x")}, "pdm.lock") == []


# -- pylock.toml

PYLOCK = 'lock-version = "1.0"\ncreated-by = "x"\n\n[[packages]]\nname = "requests"\nversion = "2.31"\n'


def test_pylock_with_the_hash_of_pdm(judge: Judge) -> None:
    lock = f'{PYLOCK}\n[tool.pdm.hashes]\nsha256 = "{sha256(PDM_HASHED["with groups"])}"\n'
    assert judge({"pyproject.toml": PDM, "pylock.toml": lock}, "pyproject.toml") == []
    (told,) = judge({"pyproject.toml": PDM.replace("ruff", "mypy"), "pylock.toml": lock}, "pyproject.toml")
    assert told.startswith("pylock.toml: «" + sha256(PDM_HASHED["with groups"]) + "»")


@pytest.mark.parametrize(
    ("dependency", "reported"),
    [
        ("requests>=2", ""),
        ("Requests==2.31.0", ""),
        ("httpx; python_version < '3.8'", ""),
        ("requests==2.32", "requests"),
        ("httpx", "httpx"),
    ],
)
def test_pylock_of_other_tools(judge: Judge, dependency: str, reported: str) -> None:
    manifest = f'[project]\nname = "a"\ndependencies = ["{dependency}"]\n'
    told = judge({"pyproject.toml": manifest, "pylock.toml": PYLOCK}, "pylock.toml")
    assert len(told) == 1
    assert told[0].startswith(f"pyproject.toml: «{reported}»" if reported else "? pylock.toml: «»")


# -- pipenv

PIPFILE = (
    '[[source]]\nname = "pypi"\nurl = "https://index.example/simple"\nverify_ssl = true\n\n'
    '[packages]\nDjango_Rest = "*"\nflask = "==3.0.0"\n\n[dev-packages]\npytest = {version = "*", extras = ["x"]}\n\n'
    '[requires]\npython_version = "3.12"\n\n[scripts]\nrun = "x"\n'
)
_META = (
    '{"_meta":{"requires":{"python_version":"3.12"},"sources":[{"name":"pypi","url":"https://index.example/simple","verify_ssl":true}]},'
    '"default":{%s},"develop":{"pytest":{"extras":["x"],"version":"*"}}}'
)
PIPENV_HASHED = {
    "names as written": _META % '"Django_Rest":"*","flask":"==3.0.0"',
    "names normalised": _META % '"django-rest":"*","flask":"==3.0.0"',
}


def pipfile_lock(text: str, flask: str = "3.0.0") -> str:
    locked = {
        "_meta": {"hash": {"sha256": sha256(text)}, "pipfile-spec": 6},
        "default": {"django-rest": {"version": "==1"}, "flask": {"version": f"=={flask}"}},
        "develop": {"pytest": {"version": "==8"}},
    }
    return json.dumps(locked, indent=4)


@pytest.mark.parametrize("form", PIPENV_HASHED.values(), ids=PIPENV_HASHED)
@pytest.mark.parametrize("path", ["Pipfile", "Pipfile.lock"])
def test_pipenv(judge: Judge, form: str, path: str) -> None:
    lock = pipfile_lock(form)
    assert judge({"Pipfile": PIPFILE.replace('run = "x"', 'run = "y"'), "Pipfile.lock": lock}, path) == []
    (told,) = judge({"Pipfile": PIPFILE.replace('"3.12"', '"3.13"'), "Pipfile.lock": lock}, path)
    assert told == f"Pipfile.lock: «{sha256(form)}» Pipfile was changed after the lock was made; run: pipenv lock"
    (told,) = judge({"Pipfile": PIPFILE.replace("[dev-packages]", '[dev-packages]\nruff = "*"'), "Pipfile.lock": lock}, path)
    assert told == "Pipfile: «ruff» ruff in dev-packages is not in the lock; run: pipenv lock"
    (told,) = judge({"Pipfile": PIPFILE.replace("3.0.0", "3.1.0"), "Pipfile.lock": lock}, path)
    assert told.startswith("Pipfile: «flask» flask in packages is ==3.1.0 here, but ==3.0.0 in the lock")


def test_pipenv_with_categories_of_ones_own_and_without_a_source(judge: Judge) -> None:
    manifest = '[packages]\nflask = "*"\n[docs]\nsphinx = "*"\n'
    sources = '[{"name":"pypi","url":"https://pypi.org/simple","verify_ssl":true}]'
    form = f'{{"_meta":{{"requires":{{}},"sources":{sources}}},"default":{{"flask":"*"}},"develop":{{}},"docs":{{"sphinx":"*"}}}}'
    assert judge({"Pipfile": manifest, "Pipfile.lock": pipfile_lock(form)}, "Pipfile") == []
    assert judge({"Pipfile": manifest.replace("sphinx", "mkdocs"), "Pipfile.lock": pipfile_lock(form)}, "Pipfile")


def test_a_pipfile_lock_without_hash_cannot_be_judged(judge: Judge) -> None:
    (told,) = judge({"Pipfile": PIPFILE, "Pipfile.lock": '{"_meta": {}}'}, "Pipfile.lock")
    assert told.startswith("? Pipfile.lock: «»")


# -- composer

COMPOSER = (
    '{"require": {"php": ">=8.1", "vendor/pkg": "^1.0"}, "name": "a/b", "description": "not hashed", "extra": {"ü": {}, "list": [1.0, true, null]},\n'
    ' "config": {"platform": {"php": "8.1.0"}, "sort-packages": true}, "minimum-stability": "stable"}\n'
)
COMPOSER_HASHED = (
    '{"config":{"platform":{"php":"8.1.0"}},"extra":{"\\u00fc":[],"list":[1,true,null]},"minimum-stability":"stable","name":"a\\/b",'
    '"require":{"php":">=8.1","vendor\\/pkg":"^1.0"}}'
)


def composer_lock(digest: str, key: str = "content-hash", php: str = ">=8.1") -> str:
    locked = {key: digest, "packages": [{"name": "vendor/pkg", "version": "1.0.3"}], "packages-dev": [], "platform": {"php": php}}
    return json.dumps(locked, indent=4)


@pytest.mark.parametrize("path", ["composer.json", "composer.lock"])
def test_composer(judge: Judge, path: str) -> None:
    lock = composer_lock(md5(COMPOSER_HASHED))
    assert judge({"composer.json": COMPOSER, "composer.lock": lock}, path) == []
    assert judge({"composer.json": COMPOSER.replace("not hashed", "still not"), "composer.lock": lock}, path) == []
    (told,) = judge({"composer.json": COMPOSER.replace("stable", "dev"), "composer.lock": lock}, path)
    assert told.startswith(f"composer.lock: «{md5(COMPOSER_HASHED)}» composer.json was changed after the lock was made")
    (told,) = judge({"composer.json": COMPOSER.replace("vendor/pkg", "other/pkg"), "composer.lock": lock}, path)
    assert told == 'composer.json: «"other/pkg": "^1.0"» other/pkg ^1.0 is not in composer.lock; run: composer update other/pkg'
    (told,) = judge({"composer.json": COMPOSER.replace(">=8.1", ">=8.3"), "composer.lock": lock}, path)
    assert told.startswith('composer.json: «"php": ">=8.3"» php is >=8.3 here, but >=8.1 in composer.lock')


def test_composer_hashes_the_whole_file_in_old_locks(judge: Judge) -> None:
    lock = composer_lock(md5(COMPOSER), key="hash")
    assert judge({"composer.json": COMPOSER, "composer.lock": lock}, "composer.lock") == []
    assert judge({"composer.json": COMPOSER + "\n", "composer.lock": lock}, "composer.lock")


@pytest.mark.parametrize("packages", ["1.5", "{}", "null", "[1]"])
def test_a_composer_lock_with_anything_for_packages(judge: Judge, packages: str) -> None:
    lock = f'{{"content-hash": "{"0" * 32}", "packages": {packages}, "packages-dev": {packages}}}'
    (told,) = judge({"composer.json": COMPOSER, "composer.lock": lock}, "composer.lock")
    assert "vendor/pkg ^1.0 is not in composer.lock" in told or "php" in told


@pytest.mark.parametrize(
    ("extra", "text"),
    [
        ({"0": "a", "1": "b"}, '["a","b"]'),
        ({"1": "a"}, '{"1":"a"}'),
        ({"z": 1, "a": 2}, '{"z":1,"a":2}'),
        ([], "[]"),
        ("<&>'\u2028/", '"<&>\'\\u2028\\/"'),
    ],
    ids=["keys that count", "keys that do not", "order kept", "empty", "characters"],
)
def test_json_as_php_writes_it(extra: object, text: str) -> None:
    assert content_hash({"extra": extra}) == md5(f'{{"extra":{text}}}')


# -- helm

CHART = (
    "apiVersion: v2\nname: a\nversion: 0.1.0\ndependencies:\n  - name: redis\n    version: ^17.0.0\n    repository: https://charts.example/a?x&y\n"
    "    condition: redis.enabled\n    tags: [cache]\n    import-values: [{parent: p, child: c}]\n    alias: r\n"
)
HELM_ASKED = (
    '{"name":"redis","version":"^17.0.0","repository":"https://charts.example/a?x\\u0026y","condition":"redis.enabled","tags":["cache"],'
    '"import-values":[{"child":"c","parent":"p"}],"alias":"r"}'
)
HELM_LOCKED = '{"name":"redis","version":"17.1.2","repository":"https://charts.example/a?x\\u0026y"}'
HELM_FORMS = {"Helm 3": f"[[{HELM_ASKED}],[{HELM_LOCKED}]]", "Helm 2": f'{{"dependencies":[{HELM_ASKED}]}}'}


def chart_lock(form: str) -> str:
    entry = "- name: redis\n  repository: https://charts.example/a?x&y\n  version: 17.1.2\n"
    return f'dependencies:\n{entry}digest: sha256:{sha256(form)}\ngenerated: "2026-01-01T00:00:00Z"\n'


@pytest.mark.parametrize("form", HELM_FORMS.values(), ids=HELM_FORMS)
@pytest.mark.parametrize("path", ["c/Chart.yaml", "c/Chart.lock"])
def test_helm(judge: Judge, form: str, path: str) -> None:
    lock = chart_lock(form)
    assert judge({"c/Chart.yaml": CHART.replace("0.1.0", "0.2.0"), "c/Chart.lock": lock}, path) == []
    (told,) = judge({"c/Chart.yaml": CHART.replace("17.0.0", "18.0.0"), "c/Chart.lock": lock}, path)
    assert told.startswith(f"c/Chart.lock: «sha256:{sha256(form)}» the dependencies of c/Chart.yaml were changed")
    (told,) = judge({"c/Chart.yaml": CHART + "  - {name: mysql, version: 1.0.0}\n", "c/Chart.lock": lock}, path)
    assert told.startswith("c/Chart.yaml: «{name: mysql, version: 1.0.0}» mysql is not in c/Chart.lock")
    assert judge({"c/Chart.yaml": CHART.replace("charts.example", "other.example"), "c/Chart.lock": lock}, path)
    (told,) = judge({"c/Chart.yaml": CHART.replace("redis", "valkey"), "c/Chart.lock": lock}, path)
    assert "valkey is not in" in told


def test_helm_digest_of_no_dependencies_and_of_a_version_without_quotes(judge: Judge) -> None:
    chart = "apiVersion: v2\nname: a\nversion: 0.1.0\ndependencies: []\n"
    known = "643d5437104296e21d906ecb15b2c96ad278f20cfc4af53b12bb6069bd853726"
    assert judge({"Chart.yaml": chart, "Chart.lock": f"dependencies: []\ndigest: sha256:{known}\n"}, "Chart.lock") == []
    chart = "dependencies:\n- {name: b, version: 1.10, repository: ''}\n"
    lock = "dependencies:\n- {name: b, version: 1.1.4, repository: ''}\n"
    digest = sha256('[[{"name":"b","version":"1.1","repository":""}],[{"name":"b","version":"1.1.4","repository":""}]]')
    assert judge({"requirements.yaml": chart, "requirements.lock": f"{lock}digest: sha256:{digest}\n"}, "requirements.lock") == []


def test_a_chart_lock_without_digest_cannot_be_judged(judge: Judge) -> None:
    (told,) = judge({"Chart.yaml": CHART, "Chart.lock": "dependencies: []\n"}, "Chart.lock")
    assert told.startswith("? Chart.lock: «»")
