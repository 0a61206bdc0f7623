"""The guides in docs: every command in them runs and ends as the page says, every setting in them is one, every link leads somewhere.

A page tells a story, so its ``sh`` blocks run in order, in one scratch repository a page. A comment before a block says how it
ends (``<!-- ends with 1 -->``), that it is a file (``<!-- file: .husky/pre-commit -->``, see e2e/test_hosts.py), or why it is not
run here (``<!-- not run: needs a server -->``).
"""

from __future__ import annotations

import re
import shutil
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^(?:<!-- (?P<note>[^\n]*?) -->\n)?```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
HOST_NETWORK = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: agent\nspec:\n  hostNetwork: true\n"


class Block(NamedTuple):
    """A fenced block of a page: its language, its text, the line it begins at, and the note in the comment before it."""

    language: str
    body: str
    line: int
    note: str


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(m["language"], m["body"], text.count("\n", 0, m.start()) + 1, m["note"] or "") for m in BLOCK.finditer(text)]


def command_pages() -> list[Path]:
    return [page for page in PAGES if any(block.language == "sh" for block in blocks(page))]


@pytest.fixture
def team(repo):
    """A repository with an old finding on ``main`` (also at its remote), on a branch ``change`` that brings a harmless file."""
    repo.with_command()
    repo.write("README.md", "# The team's repository\n")
    repo.write("deploy/agent.yaml", HOST_NETWORK)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "what is there")
    repo.git("init", "-q", "--bare", str(repo.path.parent / "origin.git"))
    repo.git("remote", "add", "origin", str(repo.path.parent / "origin.git"))
    repo.git("push", "-q", "origin", "main")
    repo.git("checkout", "-qb", "change")
    repo.write("notes.txt", "nothing\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "notes")
    return repo


@pytest.mark.skipif(shutil.which("sh") is None, reason="the blocks are for a POSIX shell")
@pytest.mark.parametrize("page", command_pages(), ids=lambda page: page.stem)
def test_every_command_runs_and_ends_as_the_page_says(team, page: Path) -> None:
    for block in blocks(page):
        if block.language != "sh" or block.note.startswith(("not run: ", "file: ")):
            continue
        expected = int(block.note.removeprefix("ends with ")) if block.note else 0
        done = team.run("sh", "-ec", block.body)
        assert done.returncode == expected, f"{page.name}:{block.line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_notes_say_what_they_mean(page: Path) -> None:
    for block in blocks(page):
        if block.language == "sh" and block.note:
            assert re.fullmatch(r"ends with [0-3]|not run: .{10,}|file: \S+", block.note), f"{page.name}:{block.line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_in_a_page_are_settings(page: Path, tmp_path: Path) -> None:
    from secops_hooks.finding import FAMILIES
    from secops_hooks.policy.settings import load
    from secops_hooks.run import rules_of

    for block in blocks(page):
        if block.language == "toml":
            table = tomllib.loads(block.body)
            name = "pyproject.toml" if "tool" in table else ".secops.toml"
            file = tmp_path / name
            file.write_text(block.body, encoding="utf-8")
            settings = load(str(file))
            for named in (*settings.unsuppressible, *settings.rules, *(entry.rule for entry in settings.ignore)):
                assert any(fnmatchcase(rule, named) for rule in rules_of(FAMILIES)), named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_hooks_in_a_page_are_in_the_manifest(page: Path) -> None:
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    for block in blocks(page):
        if block.language == "yaml":
            document = yaml.safe_load(block.body)
            for entry in document.get("repos", ()) if isinstance(document, dict) else ():
                if "secops-hooks" in entry["repo"]:
                    assert {hook["id"] for hook in entry["hooks"]} <= known, f"{page.name}:{block.line}"


def pipelines() -> list[tuple[str, str]]:
    """Every CI configuration in a page, and the name under which its service reads it."""
    found = []
    for page in PAGES:
        for block in blocks(page):
            document = yaml.safe_load(block.body) if block.language == "yaml" else None
            if isinstance(document, dict) and "repos" not in document and not block.note:
                found.append((".github/workflows/a.yml" if "jobs" in document else ".gitlab-ci.yml", block.body))
    return found


@pytest.mark.parametrize(("name", "text"), pipelines(), ids=lambda value: value if value.startswith(".") else "")
def test_our_own_checks_have_nothing_against_the_pipelines_that_we_recommend(repo, name: str, text: str) -> None:
    repo.write(name, text)
    done = repo.secops("all", name)
    assert "0 findings" in done.stdout, done.stdout


SERVICE = {"BASE": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_COMMIT_SHA": "0" * 40}
TOOLS = {"pip": "exit 0", "pipx": 'while [ "$1" != secops-hooks ]; do shift; done\nexec "$@"'}  # they would ask a registry


def scripts(text: str) -> list[str]:
    """What the jobs of a pipeline run, a script a job."""
    document = yaml.safe_load(text)
    jobs = [job for job in document.get("jobs", document).values() if isinstance(job, dict)]
    found = [
        ["\n".join(job["script"])] if "script" in job else [step["run"] for step in job.get("steps", ()) if "run" in step] for job in jobs
    ]
    return ["\n".join(each) for each in found if "secops-hooks" in "\n".join(each)]


@pytest.mark.skipif(shutil.which("sh") is None, reason="the jobs are for a POSIX shell")
@pytest.mark.parametrize(("name", "text"), [each for each in pipelines() if scripts(each[1])], ids=lambda value: value[:9])
def test_the_pipelines_that_we_recommend_stop_the_bad_and_let_the_good_pass(team, name: str, text: str) -> None:
    team.env.update(SERVICE, GITHUB_STEP_SUMMARY=str(team.path.parent / "summary.md"))
    for tool, body in TOOLS.items():
        file = team.path.parent / "bin" / tool
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)
    team.git("rm", "-q", "deploy/agent.yaml")  # what some of them look at is everything
    team.git("commit", "-qm", "mend")
    (script,) = scripts(text)
    good = team.run("sh", "-ec", script)
    assert good.returncode == 0, good.stdout + good.stderr
    team.write("deploy/new.yaml", HOST_NETWORK)
    team.git("add", "-A")
    team.git("commit", "-qm", "bad")
    bad = team.run("sh", "-ec", script)
    report = team.path / "gl-secops.json"
    said = bad.stdout + (report.read_text(encoding="utf-8") if report.exists() else "")
    assert (bad.returncode, "deploy/new.yaml" in said) == (1, True), bad.stdout + bad.stderr


@pytest.mark.parametrize("page", [*PAGES, *sorted(ROOT.glob("*.md"))], ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(((?!https?:|#)[^)\s#]+)", text):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in PAGES:
        assert page.name == "README.md" or f"({page.name})" in index, page.name
