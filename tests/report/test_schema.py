"""The published shapes: what is written is what is published, and each is held to by real output."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from secops_hooks.report.schema import NAMES, printed, problem_matcher

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "schema"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_published_is_what_is_printed(name: str) -> None:
    assert (PUBLISHED / f"{name}.json").read_text(encoding="utf-8") == printed(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "problem-matcher"])
def test_each_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(printed(name)))


def test_the_json_report_is_of_its_shape(sandbox, aws_key) -> None:
    sandbox.write(
        "p.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n  hostPID: true # secops" + ": ignore[k8s-host-pid] why\n"
    )
    sandbox.write("a.env", f"KEY={aws_key()}\n")
    sandbox.write("broken.yaml", "a: [1\n")
    report = json.loads(sandbox.secops("all", "--format", "json", ".").stdout)
    assert len(report["findings"]) >= 3
    assert report["suppressed"]
    validator = jsonschema.Draft202012Validator(json.loads(printed("report")))
    validator.validate(report)
    report["findings"][0]["severity"] = "dreadful"
    assert not validator.is_valid(report)


LINES = {
    "a/b.yaml:3:5: high some-rule what: is wrong": ("block", "a/b.yaml", "3", "5", "some-rule", "what: is wrong"),
    "a b.py:10:1: low bandit-B101 said [warn]": ("warn", "a b.py", "10", "1", "bandit-B101", "said"),
    "C:/x.yaml:1:2: info r said [audit]": ("audit", "C:/x.yaml", "1", "2", "r", "said"),
}


@pytest.mark.parametrize("text", LINES)
def test_the_problem_matcher_reads_the_text_report(text: str) -> None:
    found = []
    for matcher in problem_matcher()["problemMatcher"]:
        (pattern,) = matcher["pattern"]
        if m := re.search(pattern["regexp"], text):
            found.append(
                (matcher["owner"].rpartition("-")[2], *(m[pattern[part]] for part in ("file", "line", "column", "code", "message")))
            )
    assert found == [LINES[text]]


def test_the_problem_matcher_reads_nothing_else(sandbox) -> None:
    sandbox.write("p.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n")
    said = sandbox.secops("all", "p.yaml").stdout.splitlines()
    patterns = [matcher["pattern"][0]["regexp"] for matcher in problem_matcher()["problemMatcher"]]
    assert [any(re.search(each, line) for each in patterns) for line in said] == [True] + [False] * (len(said) - 1)
