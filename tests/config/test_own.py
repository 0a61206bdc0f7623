"""A team's own rules: read with clear errors, proved by their examples, run with the built-in ones."""

from __future__ import annotations

import pytest

from secops_hooks.config.check import check
from secops_hooks.config.own import failures, own_rules, read_rules
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings, SettingsError

RULE = """\
rules:
  - id: acme-no-latest-api
    title: the beta API is not used here
    why: It changes without notice.
    fix: Use v1.
    severity: high
    tier: block
    cwe: 1104
    kinds: [kubernetes]
    match:
      keys: ["apiVersion"]
      when: {all: [is_set, {matches: 'beta\\d*$'}, {not: {one_of: [x/v1beta9]}}]}
      where:
        - path: metadata.labels.legacy
          when: is_true
          absent: true
      message: "{value} is not used here"
      mend: {replace: v1}
    bad:
      - text: |
          apiVersion: «apps/v1beta1»
          kind: Deployment
    good:
      - text: |
          apiVersion: apps/v1
          kind: Deployment
      - text: |
          apiVersion: apps/v1beta1
          kind: Deployment
          metadata: {labels: {legacy: "true"}}
        path: deploy/old.yaml
"""
TOML = """\
[[rules]]
id = "acme-no-telnet"
title = "telnet is not used"
why = "It is not encrypted."
fix = "Use ssh."
kinds = ["dockerfile"]
match = { command = ["telnet"] }
bad = ["FROM a\\nRUN «telnet a»\\n"]
good = ["FROM a\\nRUN echo telnet\\n"]
"""


def settings(*paths: str) -> Settings:
    return Settings(extra={"config": {"rule-files": list(paths)}})


def test_rules_are_read_proved_and_run() -> None:
    manifest = "apiVersion: batch/v1beta1\nkind: CronJob\n"
    tree = MemoryTree(
        {"rules.yaml": RULE, "more.toml": TOML, "a.yaml": manifest, "Dockerfile": "FROM a:1@sha256:b\nUSER a\nRUN telnet b 23\n"}
    )
    rules = own_rules(tree, settings("rules.yaml", "more.toml"))
    assert [(r.id, r.tier, r.severity, r.cwe) for r in rules] == [
        ("acme-no-latest-api", "block", "high", 1104),
        ("acme-no-telnet", "warn", "medium", 0),
    ]
    assert failures(rules) == []
    found = []
    for path in ("a.yaml", "Dockerfile"):
        file = load(tree, path)
        assert file is not None
        found += [(f.rule.id, f.span.line, f.span.col, f.message) for f in check(file, tree, settings("rules.yaml", "more.toml"))]
    assert found == [("acme-no-latest-api", 1, 13, "batch/v1beta1 is not used here"), ("acme-no-telnet", 3, 5, "telnet is not used")]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        pytest.param("severity: high", "severty: high", "rules.yaml:6:5: unknown key 'severty'; did you mean severity?", id="unknown key"),
        pytest.param(
            "severity: high", "severity: hihg", "rules.yaml:6:15: unknown severity 'hihg'; did you mean high?", id="unknown choice"
        ),
        pytest.param(
            "[kubernetes]", "[kubernets]", "rules.yaml:9:13: unknown kind of file 'kubernets'; did you mean kubernetes?", id="unknown kind"
        ),
        pytest.param(
            "is_set,",
            "is_sett,",
            "rules.yaml:12:20: unknown question without arguments 'is_sett'; did you mean is_set?",
            id="unknown question",
        ),
        pytest.param(
            "{matches:",
            "{match:",
            "rules.yaml:12:29: unknown question 'match'; did you mean matches?",
            id="unknown question with arguments",
        ),
        pytest.param("'beta\\d*$'", "'beta('", "rules.yaml:12:38: no regular expression:", id="not a pattern"),
        pytest.param("'beta\\d*$'", "'(b+)+$'", "rules.yaml:12:38: this regular expression repeats what is repeated", id="a slow pattern"),
        pytest.param('["apiVersion"]', '["a..[b"]', "rules.yaml:11:14: path pattern", id="not a path"),
        pytest.param("acme-no-latest-api", "Acme", "rules.yaml:2:9: 'Acme' is no rule id", id="not an id"),
        pytest.param(
            "acme-no-latest-api", "k8s-host-pid", "rules.yaml:2:9: k8s-host-pid is a rule of secops-hooks", id="an id that is taken"
        ),
        pytest.param("    fix: Use v1.\n", "", "fix is missing", id="missing key"),
        pytest.param("cwe: 1104", "cwe: many", "rules.yaml:8:10: cwe is a whole number", id="not a number"),
        pytest.param("keys: [", "missing: [x]\n      keys: [", "a match has exactly one of", id="two matchers"),
        pytest.param("rules:", "rule:", "a list called rules is missing", id="no rules"),
        pytest.param("kinds: [kubernetes]", "kinds: [kubernetes", "rules.yaml:", id="broken file"),
    ],
)
def test_mistakes_have_line_and_column(old: str, new: str, mistake: str) -> None:
    assert old in RULE
    tree = MemoryTree({"rules.yaml": RULE.replace(old, new, 1)})
    with pytest.raises(SettingsError) as raised:
        own_rules(tree, settings("rules.yaml"))
    assert mistake in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "failure"),
    [
        pytest.param(
            "«apps/v1beta1»",
            "apps/«v1beta1»",
            "rule acme-no-latest-api, bad example 1: expected 1:18-1:25, found 1:13-1:25",
            id="another span",
        ),
        pytest.param("«apps/v1beta1»", "apps/v1beta1", "rule acme-no-latest-api, bad example 1: marks nothing with «…»", id="no mark"),
        pytest.param(
            'legacy: "true"',
            'legacy: "false"',
            "rule acme-no-latest-api, good example 2: expected nothing, found 1:13-1:25",
            id="good one found",
        ),
    ],
)
def test_examples_that_fail_are_told(old: str, new: str, failure: str) -> None:
    read = read_rules(MemoryTree({"rules.yaml": RULE.replace(old, new, 1)}), "rules.yaml")
    assert read.mistakes == ()
    assert failures(read.rules) == [failure]


def test_a_missing_file_and_a_double_id_are_mistakes() -> None:
    tree = MemoryTree({"a.yaml": RULE, "b.yaml": RULE})
    with pytest.raises(SettingsError, match="defined more than once"):
        own_rules(tree, settings("a.yaml", "b.yaml"))
    with pytest.raises(SettingsError, match="no such file"):
        own_rules(tree, settings("c.yaml"))
