"""The ledger of suppressions, and the settings that explain themselves."""

from __future__ import annotations

import json

import jsonschema

MARK = "secops" + ":"


def test_the_ledger_names_reason_author_and_expiry(repo) -> None:
    repo.write("a.yaml", f"x: 1  # {MARK} ignore[k8s-host-network until=2030-01-01] the node's own network\n")
    repo.write("b.yaml", f"# {MARK} ignore[*]\ny: 1\n")
    repo.write(".secops.toml", '[[ignore]]\nrule = "uri-credentials"\npath = "legacy/**"\nreason = "retired | soon"\n')
    repo.git("add", "-A")
    repo.git("commit", "-qm", "one")
    text = repo.secops("suppressions").stdout
    assert "a.yaml:1: k8s-host-network: the node's own network; until 2030-01-01; Tester, 0 days" in text
    assert "b.yaml:1: *: NO REASON; Tester, 0 days" in text
    assert ".secops.toml:1 (legacy/**): uri-credentials: retired | soon; Tester, 0 days" in text
    assert "3 accepted, 1 without reason, 0 expired" in text
    entries = json.loads(repo.secops("suppressions", "--format", "json").stdout)
    assert [(e["rules"], e["line"]) for e in entries] == [("uri-credentials", 1), ("k8s-host-network", 1), ("*", 1)]
    table = repo.secops("suppressions", "--format", "markdown", "a.yaml").stdout
    assert "| k8s-host-network | a.yaml:1 | the node's own network | 2030-01-01 | Tester |" in table
    assert "| \\* | b.yaml:1 | **none** |" not in table  # only a.yaml was asked for
    assert "retired \\| soon" in table


def test_an_uncommitted_line_has_no_author(repo) -> None:
    repo.write("a.yaml", f"x: 1  # {MARK} ignore[k8s-host-network] why\n")
    assert "a.yaml:1: k8s-host-network: why\n" in repo.secops("suppressions").stdout


def test_settings_say_where_they_come_from(repo) -> None:
    repo.write("sub/.secops.toml", 'tier = "audit"\n')
    said = repo.secops("settings", cwd="sub").stdout
    assert 'tier = "audit"  # .secops.toml:1' in said
    assert 'fail-on = "block"  # default' in said


def test_the_schema_accepts_what_we_accept(repo) -> None:
    schema = json.loads(repo.secops("settings", "--schema").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    good = {
        "tier": "warn",
        "exclude": ["a/"],
        "ignore": [{"rule": "x", "reason": "y"}],
        "rules": {"a": {"tier": "audit"}},
        "python": {"tests": "warn"},
    }
    assert list(validator.iter_errors(good)) == []
    for bad in ({"tiers": "warn"}, {"tier": "blok"}, {"exclude": "a"}, {"rules": {"a": {"teir": "warn"}}}, {"ignore": [{"path": "x"}]}):
        assert list(validator.iter_errors(bad)), bad


def test_the_ledger_knows_marks_of_other_tools_and_what_is_over(repo) -> None:
    repo.write("a.tf", 'resource "a" "b" {\n  # checkov:skip=CKV_AWS_20:a public site\n}\n')
    repo.write("b.py", f"x = 1  # nosec\ny = '# {MARK} ignore in a string'\n# {MARK} ignore[a until=2020-01-01] over\n")
    entries = json.loads(repo.secops("suppressions", "--format", "json").stdout)
    assert [(e["by"], e["rules"], e["line"], e["reason"], e["expired"]) for e in entries] == [
        ("checkov", "CKV_AWS_20", 2, "a public site", False),
        ("bandit", "everything", 1, "", False),
        ("secops", "a", 3, "over", True),
    ]
    schema = json.loads(repo.secops("schema", "suppressions").stdout)
    jsonschema.Draft202012Validator(schema).validate(entries)
    assert "EXPIRED on 2020-01-01" in repo.secops("suppressions").stdout


def test_settings_of_one_file(repo) -> None:
    repo.write(".secops.toml", 'tier = "audit"\n[[override]]\npaths = ["tests/"]\nfamilies = ["secrets"]\n')
    repo.write("sub/.secops.toml", 'unanalysable = "warn"\n')
    here = repo.secops("settings", "tests/x.yaml").stdout
    assert 'families = ["secrets"]  # .secops.toml:2' in here
    below = repo.secops("settings", "sub/x.yaml").stdout
    assert 'unanalysable = "warn"  # sub/.secops.toml:1' in below
    assert 'tier = "audit"' in below


def test_a_rule_that_nobody_has_is_told(repo) -> None:
    repo.write(".secops.toml", '[rules.k8s-host-netwrk]\ntier = "warn"\n')
    assert "there is no rule 'k8s-host-netwrk'; did you mean k8s-host-network?" in repo.secops("settings").stderr
