"""Suppressions: which lines a comment holds for, in any comment syntax, and what the comments themselves deserve."""

from __future__ import annotations

import pytest

from secops_hooks.files.source import Source
from secops_hooks.finding import FAMILIES, Finding, Rule, Span, report
from secops_hooks.policy.suppress import RULES, about_unused, apply

TODAY = "2026-11-24"
MARK = "secops" + ":"  # kept apart so that this file holds no marker of its own


def rule(id: str = "some-rule", family: str = "config", equivalents: tuple[str, ...] = ()) -> Rule:
    return Rule(id=id, family=family, title="t", severity="high", tier="block", why="w", fix="f", equivalents=equivalents)  # type: ignore[arg-type]


def at(source: Source, word: str, of: Rule | None = None) -> Finding:
    start = source.text.index(word)
    return report(of or rule(), source.path, source.span(start, start + len(word)))


def is_suppressed(text: str, of: Rule | None = None, path: str = "a.yaml", word: str = "BAD") -> bool:
    source = Source.from_text(path, text)
    result = apply(source, [at(source, word, of)], TODAY)
    return bool(result.suppressed)


OWN = {
    "on the line": (f"key: BAD  # {MARK} ignore[some-rule] because\n", True),
    "on the line above": (f"# {MARK} ignore[some-rule] because\nkey: BAD\n", True),
    "above, with a blank line between": (f"# {MARK} ignore[some-rule] because\n\nkey: BAD\n", True),
    "above, with another comment between": (f"# {MARK} ignore[some-rule] because\n# and more\nkey: BAD\n", True),
    "two lines above": (f"# {MARK} ignore[some-rule] because\nother: 1\nkey: BAD\n", False),
    "behind another line": (f"other: 1  # {MARK} ignore[some-rule] because\nkey: BAD\n", False),
    "above the enclosing block": (f"# {MARK} ignore[some-rule] because\nblock:\n  a: 1\n  key: BAD\n", True),
    "above a list at the key's own indent": (f"# {MARK} ignore[some-rule] because\nblock:\n- a: 1\n- key: BAD\n", True),
    "above a block that has ended": (f"# {MARK} ignore[some-rule] because\nblock:\n  a: 1\nkey: BAD\n", False),
    "above a block in braces": (f'// {MARK} ignore[some-rule] because\nresource "a" {{\n  key = BAD\n}}\n', True),
    "above a section": (f"; {MARK} ignore[some-rule] because\n[section]\na = 1\nkey = BAD\n", True),
    "above a section, in the next one": (f"; {MARK} ignore[some-rule] because\n[section]\na = 1\n[other]\nkey = BAD\n", False),
    "above a continued line": (f"# {MARK} ignore[some-rule] because\nRUN a && \\\n    b\\\n BAD\n", True),
    "another rule": (f"key: BAD  # {MARK} ignore[other-rule] because\n", False),
    "several rules": (f"key: BAD  # {MARK} ignore[other-rule, some-rule] because\n", True),
    "a glob": (f"key: BAD  # {MARK} ignore[some-*] because\n", True),
    "a family": (f"key: BAD  # {MARK} ignore[config] because\n", True),
    "no rule at all": (f"key: BAD  # {MARK} ignore because\n", True),
    "not yet expired": (f"key: BAD  # {MARK} ignore[some-rule until=2026-11-24] because\n", True),
    "expired": (f"key: BAD  # {MARK} ignore[some-rule until=2026-11-23] because\n", False),
    "expired, told behind the bracket": (f"key: BAD  # {MARK} ignore[some-rule] until=2026-11-23 because\n", False),
    "not yet expired, told behind the bracket": (f"key: BAD  # {MARK} ignore[some-rule] until=2026-11-24 because\n", True),
    "until no date": (f"key: BAD  # {MARK} ignore[some-rule until=soon] because\n", False),
    "until a date in another order": (f"key: BAD  # {MARK} ignore[some-rule until=31.12.2099] because\n", False),
    "the file": (f"# {MARK} ignore-file[some-rule] because\n" + "a: 1\n" * 50 + "key: BAD\n", True),
    "the file, too far down": ("a: 1\n" * 40 + f"# {MARK} ignore-file[some-rule] because\nkey: BAD\n", False),
    "an XML comment": (f"<!-- {MARK} ignore[some-rule] because -->\n<key>BAD</key>\n", True),
    "a C comment": (f"/* {MARK} ignore[some-rule] because */\nkey = BAD\n", True),
    "a template comment": (f"{{{{- /* {MARK} ignore[some-rule] because */ -}}}}\nkey: BAD\n", True),
}


@pytest.mark.parametrize("name", OWN)
def test_own_marker(name: str) -> None:
    text, expected = OWN[name]
    assert is_suppressed(text) is expected


SECRET = rule("github-pat", "secrets", ("gitleaks:github-pat",))
DOCKER = rule("dockerfile-root-user", "config", ("hadolint:DL3002", "checkov:CKV_DOCKER_8"))
SHELL = rule("bandit-B602", "python", ("bandit:B602",))
ACTION = rule("template-injection", "config", ("zizmor:template-injection",))
BUCKET = rule("public-bucket", "config", ("checkov:CKV_AWS_20", "trivy:AVD-AWS-0092"))
KICS = rule("public-acl", "config", ("kics:dd29336b", "tfsec:aws-s3-no-public-access"))
RUFF = rule("bandit-B602", "python", ("bandit:B602", "ruff:S602"))
KUBE = rule("k8s-host-network", "config", ("kube-linter:host-network", "checkov:CKV_K8S_19"))
FOREIGN = {
    "detect-secrets": ("key: BAD  # pragma: allowlist secret\n", SECRET, True),
    "detect-secrets, next line": ("# pragma: allowlist nextline secret\nkey: BAD\n", SECRET, True),
    "detect-secrets is only about secrets": ("key: BAD  # pragma: allowlist secret\n", DOCKER, False),
    "gitleaks": ("key: BAD  # gitleaks:allow\n", SECRET, True),
    "gitleaks, another line": ("# gitleaks:allow\nother: 1\nkey: BAD\n", SECRET, False),
    "betterleaks": ("key: BAD  # betterleaks:allow\n", SECRET, True),
    "trufflehog": ("key: BAD  # trufflehog:ignore\n", SECRET, True),
    "nosec": ("key = BAD  # nosec\n", SECRET, True),
    "nosec is bandit's own matter": ("run(BAD)  # nosec B602\n", SHELL, False),
    "nosec is not about configuration": ("key: BAD  # nosec\n", DOCKER, False),
    "zizmor": ("run: BAD # zizmor: ignore[template-injection] because\n", ACTION, True),
    "zizmor, another audit": ("run: BAD # zizmor: ignore[artipacked]\n", ACTION, False),
    "hadolint": ("# hadolint ignore=DL3002\nUSER BAD\n", DOCKER, True),
    "hadolint, several": ("# hadolint ignore=DL3006,DL3002\nUSER BAD\n", DOCKER, True),
    "hadolint, not the next line": ("# hadolint ignore=DL3002\nUSER x\nUSER BAD\n", DOCKER, False),
    "hadolint for the file": ("# hadolint global ignore=DL3002\nFROM x\nUSER BAD\n", DOCKER, True),
    "checkov in the block": ('resource "a" "b" {\n  # checkov:skip=CKV_AWS_20:public on purpose\n  acl = "BAD"\n}\n', BUCKET, True),
    "checkov in another block": (
        'resource "a" "b" {\n  # checkov:skip=CKV_AWS_20:x\n}\nresource "c" "d" {\n  acl = "BAD"\n}\n',
        BUCKET,
        False,
    ),
    "checkov, another check": ('resource "a" "b" {\n  # checkov:skip=CKV_AWS_21:x\n  acl = "BAD"\n}\n', BUCKET, False),
    "trivy": ('# trivy:ignore:AVD-AWS-0092\nacl = "BAD"\n', BUCKET, True),
    "nosemgrep": ("key: BAD  # nosemgrep\n", BUCKET, True),
}


FOREIGN |= {
    "kics, the next line": ("# kics-scan ignore-line\nkey: BAD\n", BUCKET, True),
    "kics, not further": ("# kics-scan ignore-line\nother: 1\nkey: BAD\n", BUCKET, False),
    "kics, one line and not its block": ("# kics-scan ignore-line\na:\n  key: BAD\n", BUCKET, False),
    "zizmor, elsewhere in the step": ("steps:\n  - uses: BAD\n    with: # zizmor: ignore[template-injection]\n      a: b\n", ACTION, True),
    "zizmor, another step": ("steps:\n  - uses: a\n    with: {} # zizmor: ignore[template-injection]\n  - uses: BAD\n", ACTION, False),
    "zizmor, what the line opens": ("on: # zizmor: ignore[template-injection]\n  BAD:\njobs:\n  a: b\n", ACTION, True),
    "zizmor, not what follows": ("on: # zizmor: ignore[template-injection]\n  push:\njobs:\n  a: BAD\n", ACTION, False),
    "zizmor, the job": ("jobs:\n  a: # zizmor: ignore[template-injection]\n    env: BAD\n  b: x\n", ACTION, True),
    "zizmor, another job": ("jobs:\n  a: # zizmor: ignore[template-injection]\n    env: x\n  b: BAD\n", ACTION, False),
    "checkov, a resource of a stack": (
        "Resources:\n  A:\n    # checkov:skip=CKV_AWS_20:x\n    Type: T\n    Properties:\n      Acl: BAD\n",
        BUCKET,
        True,
    ),
    "checkov, another resource of the stack": (
        "Resources:\n  A:\n    # checkov:skip=CKV_AWS_20:x\n    Type: T\n  B:\n    Acl: BAD\n",
        BUCKET,
        False,
    ),
    "checkov, metadata of a resource": (
        "Resources:\n  A:\n    Metadata:\n      checkov:\n        skip:\n          - id: CKV_AWS_20\n            comment: site\n    Acl: BAD\n",
        BUCKET,
        True,
    ),
    "checkov, metadata of a resource in JSON": (
        '{\n  "Resources": {\n    "A": {\n      "Metadata": {"checkov": {"skip": [{"id": "CKV_AWS_20", "comment": "site"}]}},\n      "Acl": "BAD"\n    }\n  }\n}\n',
        BUCKET,
        True,
    ),
    "checkov, metadata of another resource in JSON": (
        '{\n  "Resources": {\n    "A": {\n      "Metadata": {"checkov": {"skip": [{"id": "CKV_AWS_20"}]}}\n    },\n    "B": {\n      "Acl": "BAD"\n    }\n  }\n}\n',
        BUCKET,
        False,
    ),
    "checkov, above a resource of a stack": (
        "Resources:\n  # checkov:skip=CKV_AWS_20:x\n  A:\n    Acl: BAD\n  B:\n    Acl: c\n",
        BUCKET,
        True,
    ),
    "checkov, above another block": ('# checkov:skip=CKV_AWS_20:x\na "b" {\n}\nc "d" {\n  acl = "BAD"\n}\n', BUCKET, False),
    "checkov, deep in a job": ("build:\n  script:\n    - a # checkov:skip=CKV_AWS_20:x\n  image: BAD\n", BUCKET, True),
    "kics, the next block": ('# kics-scan ignore-block\nresource "a" "b" {\n  acl = "BAD"\n}\n', BUCKET, True),
    "kics, the file": ("# kics-scan ignore\n\na: 1\nkey: BAD\n", BUCKET, True),
    "kics, one query": ("# kics-scan disable=dd29336b-fe57-445b-a26e-e6aa867ae609\na: 1\nkey: BAD\n", KICS, True),
    "kics, another query": ("# kics-scan disable=00000000-fe57-445b-a26e-e6aa867ae609\nkey: BAD\n", KICS, False),
    "kics is not about Python": ("# kics-scan ignore-line\nrun(BAD)\n", SHELL, False),
    "tfsec": ("key = BAD # tfsec:ignore:aws-s3-no-public-access\n", KICS, True),
    "tfsec, everything": ("# tfsec:ignore:*\nkey = BAD\n", KICS, True),
    "tfsec, not yet over": ("key = BAD # tfsec:ignore:aws-s3-no-public-access:exp:2026-11-24\n", KICS, True),
    "tfsec, over": ("key = BAD # tfsec:ignore:aws-s3-no-public-access:exp:2026-11-23\n", KICS, False),
    "ruff": ("run(BAD)  # noqa: E501, S602\n", RUFF, True),
    "ruff, another rule": ("run(BAD)  # noqa: S101\n", RUFF, False),
    "ruff, nothing about security": ("run(BAD)  # noqa: E501\n", RUFF, False),
    "ggshield": ("key: BAD  # ggignore\n", SECRET, True),
    "kingfisher": ("key: BAD  # kingfisher:ignore\n", SECRET, True),
    "secretlint": ("// secretlint-disable-next-line\nkey = BAD\n", SECRET, True),
    "kube-linter": ("metadata:\n  annotations:\n    ignore-check.kube-linter.io/host-network: because\nspec: BAD\n", KUBE, True),
    "kube-linter, another document": (
        "metadata:\n  annotations:\n    ignore-check.kube-linter.io/host-network: x\n---\nspec: BAD\n",
        KUBE,
        False,
    ),
    "checkov's annotation": ("metadata:\n  annotations:\n    checkov.io/skip1: CKV_K8S_19=on purpose\nspec: BAD\n", KUBE, True),
    "nosem": ("key: BAD  # nosem\n", BUCKET, True),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_marker(name: str) -> None:
    text, of, expected = FOREIGN[name]
    assert is_suppressed(text, of) is expected


def test_a_marker_without_reason_is_told() -> None:
    source = Source.from_text("a", f"key: BAD  # {MARK} ignore[some-rule]\n")
    result = apply(source, [at(source, "BAD")], TODAY)
    assert [f.rule.id for f in result.findings] == ["suppression-without-reason"]
    assert result.findings[0].span.line == 1


def test_an_expired_marker_lets_the_finding_return_and_is_told() -> None:
    source = Source.from_text("a", f"key: BAD  # {MARK} ignore[some-rule until=2020-01-01] x\n")
    result = apply(source, [at(source, "BAD")], TODAY)
    assert sorted(f.rule.id for f in result.findings) == ["some-rule", "suppression-expired"]


def test_an_unused_marker_is_told_only_when_its_rule_ran() -> None:
    source = Source.from_text("a", f"key: fine  # {MARK} ignore[some-rule] x\n")
    result = apply(source, [], TODAY)
    assert [f.rule.id for f in about_unused(source, result.unused, [rule("some-rule")], ())] == ["suppression-unused"]
    assert list(about_unused(source, result.unused, [rule("other-rule")], ())) == []


def test_a_marker_for_a_finding_that_is_not_shown_is_not_called_unused() -> None:
    source = Source.from_text("a", f"key: BAD  # {MARK} ignore[some-rule] x\n")
    assert list(about_unused(source, apply(source, [], TODAY).unused, [rule()], [at(source, "BAD")])) == []


def test_a_marker_that_names_nothing_is_called_unused_only_when_everything_ran() -> None:
    source = Source.from_text("a", f"key: fine  # {MARK} ignore x\n")
    unused = apply(source, [], TODAY).unused
    every = [rule(family, family) for family in FAMILIES]
    assert len(list(about_unused(source, unused, every, ()))) == 1
    assert list(about_unused(source, unused, every[1:], ())) == []


def test_an_unsuppressible_rule_stays() -> None:
    source = Source.from_text("a", f"key: BAD  # {MARK} ignore[some-rule] x\n")
    result = apply(source, [at(source, "BAD")], TODAY, unsuppressible=("some-*",))
    assert [f.rule.id for f in result.findings] == ["some-rule"]


def test_the_reason_is_kept_without_the_end_of_the_comment() -> None:
    source = Source.from_text("a", f"<!-- {MARK} ignore[some-rule] not reachable from outside -->\n<a>BAD</a>\n")
    assert apply(source, [at(source, "BAD")], TODAY).suppressed[0].reason == "not reachable from outside"


def test_a_finding_of_several_lines_is_covered_by_a_marker_on_any_of_them() -> None:
    source = Source.from_text("a", f"RUN a\\\n b # {MARK} ignore[some-rule] x\\\n c\n")
    finding = report(rule(), "a", Span(1, 1, 3, 3))
    assert len(apply(source, [finding], TODAY).suppressed) == 1


def test_kernel_rules_have_what_a_report_needs() -> None:
    assert all(r.why and r.fix and r.family == "kernel" for r in RULES)


IN_STRINGS = {
    "YAML, double quotes": ("a.yaml", f'key: "BAD # {MARK} ignore[some-rule] x"\n', False),
    "YAML, single quotes": ("a.yaml", f"key: 'BAD # {MARK} ignore[some-rule] x'\n", False),
    "YAML, an apostrophe is no quote": ("a.yaml", f"key: don't BAD  # {MARK} ignore[some-rule] x\n", True),
    "YAML, a comment behind a string": ("a.yaml", f'key: "BAD"  # {MARK} ignore[some-rule] don\'t\n', True),
    "YAML, a quote within the comment": ("a.yaml", f'key: BAD  # "so" {MARK} ignore[some-rule] "x"\n', True),
    "YAML, a script's comment": ("a.yaml", f"run: |\n  # {MARK} ignore[some-rule] x\n  BAD\n", True),
    "JSON": ("a.json", f'{{"key": "BAD", "c": "{MARK} ignore[some-rule] x"}}\n', False),
    "JSON with comments": ("a.jsonc", f'{{"key": "BAD"}} // {MARK} ignore[some-rule] x\n', True),
    "a notebook's code": ("a.ipynb", f'   "key = BAD  # {MARK} ignore[some-rule] x\\n",\n', True),
    "HCL": ("a.tf", f'key = "BAD" # {MARK} ignore[some-rule] x\n', True),
    "HCL, in the string": ("a.tf", f'key = "BAD # {MARK} ignore[some-rule] x"\n', False),
    "HCL, an escaped quote": ("a.tf", f'key = "a\\" BAD # {MARK} ignore[some-rule] x"\n', False),
    "Dockerfile, between continued lines": ("Dockerfile", f"# {MARK} ignore[some-rule] x\nRUN a \\\n  # said\n  BAD\n", True),
    "Dockerfile, in a string": ("Dockerfile", f'RUN echo "# {MARK} ignore[some-rule]" BAD\n', False),
    "Python": ("a.py", f"BAD  # {MARK} ignore[some-rule] x\n", True),
    "Python, in a string": ("a.py", f"BAD = '# {MARK} ignore[some-rule] x'\n", False),
    "Python, in a long string": ("a.py", f'x = """\n# {MARK} ignore[some-rule] x\nBAD\n"""\n', False),
    "Python, above a long string": ("a.py", f'# {MARK} ignore[some-rule] x\nx = """\nBAD\n"""\n', True),
    "Python, behind a long string": ("a.py", f'x = """\nBAD\n"""  # {MARK} ignore[some-rule] x\n', True),
    "Python, behind another long string": ("a.py", f'y = """\nBAD\n"""\nx = """\n\n"""  # {MARK} ignore[some-rule] x\n', False),
    "Python that is none": ("a.py", f"def (: BAD  # {MARK} ignore[some-rule] x\n", True),
    "XML": ("a.xml", f"<!-- {MARK} ignore[some-rule] x -->\n<a>BAD</a>\n", True),
    "XML, over lines": ("a.xml", f"<!--\n {MARK} ignore[some-rule] x\n-->\n<a>BAD</a>\n", True),
    "XML, in text": ("a.xml", f"<a>BAD # {MARK} ignore[some-rule] x</a>\n", False),
    "XML, in an attribute": ("a.xml", f'<a b="{MARK} ignore[some-rule] x">BAD</a>\n', False),
    "a template literal": ("a.js", f"x = `BAD // {MARK} ignore[some-rule] x`\n", False),
    "another tool's mark": ("a.yaml", 'key: "BAD" # checkov:skip=CKV_X_1\n', True),
    "another tool's mark in a string": ("a.yaml", 'key: "BAD # checkov:skip=CKV_X_1"\n', False),
}


@pytest.mark.parametrize("name", IN_STRINGS)
def test_what_stands_in_a_string_is_no_suppression(name: str) -> None:
    path, text, expected = IN_STRINGS[name]
    of = rule(equivalents=("checkov:CKV_X_1",))
    assert is_suppressed(text, of, path) is expected


@pytest.mark.parametrize(
    ("mark", "stays"),
    [
        (f"{MARK} ignore[some-rule]", True),
        (f"{MARK} ignore[some-rule] said why", False),
        ("checkov:skip=CKV_X_1", True),
        ("checkov:skip=CKV_X_1:said why", False),
        ("nosemgrep", True),
        ("nosemgrep: some.rule -- said why", True),
    ],
)
def test_a_reason_can_be_required(mark: str, stays: bool) -> None:
    source = Source.from_text("a.yaml", f"key: BAD  # {mark}\n")
    result = apply(source, [at(source, "BAD", rule(equivalents=("checkov:CKV_X_1",)))], TODAY, require_reason=True)
    assert ("some-rule" in [f.rule.id for f in result.findings]) is stays


def test_a_mark_without_the_required_reason_is_told() -> None:
    source = Source.from_text("a.yaml", "key: BAD  # nosemgrep\n")
    result = apply(source, [at(source, "BAD")], TODAY, require_reason=True)
    assert [f.rule.id for f in result.findings] == ["some-rule", "suppression-without-reason"]


HOSTILE = {
    "codes without end": ("a.py", "x = 1  # noqa: " + "A1  " * 20_000 + "\n"),
    "marks without end on a line": ("a.yaml", "BAD: '" + "# nosem " * 20_000 + "'\n"),
    "quotes without end": ("a.yaml", "BAD: " + "' \" " * 20_000 + "# nosem\n"),
    "comments without end": ("a.xml", "<!-- nosem -->" * 5_000 + "<a>BAD</a>\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_marks_are_read_in_bounded_time(name: str) -> None:
    """It would not end within the life of the test otherwise."""
    path, text = HOSTILE[name]
    source = Source.from_text(path, text)
    assert apply(source, [report(rule(), path, source.span(0, 3))], TODAY)
