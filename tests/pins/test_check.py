"""The door of pins: what concerns it, what settings change, and that no input makes it fail or slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secops_hooks.files.filetype import by_path
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import UNANALYSABLE, Finding
from secops_hooks.parse import load
from secops_hooks.pins import check as door
from secops_hooks.policy.settings import Settings

_EXAMPLES = sorted(
    {
        (example.path, example.text.replace("«", "").replace("»", ""))
        for rule in door.rules().values()
        for example in (*rule.bad, *rule.good)
    }
)


def findings(path: str, text: str, options: dict[str, object] | None = None) -> list[Finding]:
    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    return list(door.check(file, tree, Settings(tier="audit", extra={"pins": options or {}})))


def rules(path: str, text: str, options: dict[str, object] | None = None) -> list[tuple[str, str]]:
    return [(found.rule.id, found.tier) for found in findings(path, text, options)]


def test_a_file_that_pulls_nothing_in_concerns_nobody() -> None:
    assert findings("README.md", "pip install x\n") == []


def test_what_cannot_be_parsed_is_reported() -> None:
    assert UNANALYSABLE in [found.rule for found in findings("compose.yaml", "services:\n  a: [\n")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, [("unpinned-image", "audit")], id="by default"),
        pytest.param({"levels": {"image": "content"}}, [("unpinned-image", "warn")], id="asked for"),
        pytest.param({"levels": {"image": "version"}}, [], id="a version is enough"),
        pytest.param({"levels": {"image": "floating"}}, [], id="anything goes"),
        pytest.param({"trusted": ["registry.example.com/*"]}, [], id="a name that may float"),
        pytest.param({"trusted": ["other/*"]}, [("unpinned-image", "audit")], id="another name"),
    ],
)
def test_settings_decide_which_level_is_enough(options: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert rules("Dockerfile", "FROM registry.example.com/base:1.2\n", options) == expected


def test_a_level_that_no_rule_asks_for_by_itself() -> None:
    manifest = '{"dependencies": {"a": "^1.0.0"}}\n'
    assert ("unpinned-dependency", "warn") in rules("package.json", manifest, {"levels": {"npm": "version"}})
    assert "unpinned-dependency" not in [rule for rule, _ in rules("package.json", manifest)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    uses: slsa-framework/slsa-github-generator/.github/workflows/g.yml@v2.0.0\n",
            id="a generator that must be called by tag",
        ),
        pytest.param(
            "main.tf",
            'module "a" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.1.0"\n}\n',
            id="a registry module cannot carry a hash",
        ),
        pytest.param("Dockerfile", "FROM alpine:3\nRUN apt-get install -y a\n", id="distribution packages"),
        pytest.param(
            "pyproject.toml",
            '[build-system]\nrequires = ["x"]\n[project]\nname = "a"\nversion = "1"\ndependencies = ["b>=1", "c"]\n',
            id="a library's ranges",
        ),
        pytest.param(
            "package.json", '{"name": "a", "version": "1.0.0", "dependencies": {"b": "^1.0.0"}}\n', id="a published package's ranges"
        ),
        pytest.param("requirements.txt", "a @ git+https://h/o/r@0123456789abcdef0123456789abcdef01234567\n", id="a commit"),
        pytest.param(
            "package.json",
            '{"name": "a", "version": "1.0.0", "dependencies": {"b": "github:o/r#0123456789abcdef0123456789abcdef01234567"}}\n',
            id="a commit in npm's notation",
        ),
    ],
)
def test_wrong_demands_are_not_made(path: str, text: str) -> None:
    assert [found.message for found in findings(path, text) if found.tier != "audit"] == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(example=st.sampled_from(_EXAMPLES), cut=st.integers(0, 400), size=st.integers(0, 40), filler=st.text(max_size=6))
def test_broken_files_never_raise(example: tuple[str, str], cut: int, size: int, filler: str) -> None:
    path, text = example
    cut %= len(text) + 1
    findings(path, text[:cut] + filler + text[cut + size :])


@pytest.mark.parametrize("kind", sorted(door.COLLECTORS))
def test_every_kind_has_a_collector_that_loads(kind: str) -> None:
    from importlib import import_module

    for module in door.COLLECTORS[kind]:
        assert callable(import_module(f"secops_hooks.pins.collect.{module}").collect)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("requirements.txt", "a" * 200_000, id="one long line"),
        pytest.param("requirements.txt", "a>=1," * 40_000, id="many clauses"),
        pytest.param("requirements.txt", "a \\\n" * 50_000, id="one line of many"),
        pytest.param("requirements.txt", "-r requirements.txt\n" * 5_000, id="includes itself"),
        pytest.param("Gemfile", "gem 'a', " + "git: " * 40_000, id="a long Gemfile line"),
        pytest.param("Gemfile", ("gem 'a', " + "git: 'b', " * 45 + "\n") * 2_000, id="long Gemfile lines"),
        pytest.param("build.gradle", "'a:b:" + "1" * 100_000, id="a long Gradle line"),
        pytest.param("Jenkinsfile", "@Library(" * 20_000, id="open brackets"),
        pytest.param("setup.sh", "pip install " + "a " * 30_000, id="many words"),
        pytest.param("Dockerfile", "FROM a\n" + "RUN pip install a\n" * 3_000, id="many commands"),
        pytest.param("tool.py", "# /// script\n" + "#\n" * 50_000, id="an open script block"),
        pytest.param(
            "package.json", '{"dependencies": {' + ",".join(f'"example-{n}": "1.0.0"' for n in range(3_000)) + "}}", id="many dependencies"
        ),
    ],
)
def test_hostile_input_takes_bounded_time(path: str, text: str) -> None:
    began = time.process_time()
    findings(path, text)
    assert time.process_time() - began < 5


def test_kinds_are_those_of_the_file_types() -> None:
    assert by_path("requirements.txt").kinds & set(door.COLLECTORS)
    assert by_path("README.md").kinds & set(door.COLLECTORS) == frozenset()


def test_a_line_that_is_no_requirement_is_not_passed_over() -> None:
    found = findings("requirements.txt", "a==1.0\nb = 2\nc==3.0\n")
    assert [(each.span.line, each.span.col, each.span.end_col) for each in found if each.rule is UNANALYSABLE] == [(2, 1, 6)]


def test_prose_is_no_requirements_file() -> None:
    assert findings("requirements.txt", "What this needs:\n\n  a computer and a chair\n  some time\n") == []


def test_the_list_of_audit_rules_is_the_tables() -> None:
    from secops_hooks.pins.policy import AUDIT

    tables = {rule.id for rule in door.rules().values() if rule.tier == "audit"}
    assert tables - {"lock-unverifiable"} == AUDIT
