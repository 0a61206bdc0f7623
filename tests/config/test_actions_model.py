"""Workflows written in every way there is, and files that are no workflows at all."""

from __future__ import annotations

import random

import pytest

from secops_hooks.config import check as door
from secops_hooks.config.actions.publish import publishes
from secops_hooks.config.actions.workflow import Model, model_of, uses_of
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import load
from secops_hooks.parse.locate import Located
from secops_hooks.parse.shell import parse_script, unwrap
from secops_hooks.policy.settings import Settings

PATH = ".github/workflows/a.yml"


def findings(text: str, path: str = PATH) -> list[Finding]:
    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    return list(door.check(file, tree, Settings(tier="audit")))


def model(text: str) -> Model:
    file = load(MemoryTree({PATH: text}), PATH)
    assert file is not None
    found = model_of(file)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("on", "names"),
    [
        ("push", {"push"}),
        ("[push, Pull_Request]", {"push", "pull_request"}),
        ("{push: {branches: [main]}, issues: }", {"push", "issues"}),
        ("", set()),
    ],
)
@pytest.mark.parametrize("key", ["on", '"on"', "'on'"])
def test_triggers(key: str, on: str, names: set[str]) -> None:
    assert set(model(f"{key}: {on}\njobs: {{}}\n").triggers) == names


@pytest.mark.parametrize(
    ("text", "name", "ref", "repository"),
    [
        ("Actions/Checkout@v4", "actions/checkout", "v4", "actions/checkout"),
        ("a/b/c/d@main", "a/b/c/d", "main", "a/b"),
        ("./local/x", "./local/x", "", "./local"),
        ("docker://alpine:3", "docker://alpine:3", "", "docker:/"),
    ],
)
def test_uses(text: str, name: str, ref: str, repository: str) -> None:
    step = model(f"on: push\njobs: {{a: {{steps: [{{uses: '{text}'}}]}}}}\n").jobs[0].steps[0]
    uses = uses_of(step.parts["uses"])
    assert uses is not None
    assert (uses.name, uses.ref, uses.repository) == (name, ref, repository)


def test_anchors_and_merges_are_followed() -> None:
    text = """\
on: issues
x-step: &step
  run: echo ${{ github.event.issue.title }}
jobs:
  a: &a
    runs-on: ubuntu-latest
    steps: [*step]
  b:
    <<: *a
    name: b
"""
    hits = [finding for finding in findings(text) if finding.rule.id == "actions-script-injection"]
    assert [(hit.span.line, hit.span.col) for hit in hits] == [(3, 13)]


def test_span_hits_know_their_key_path() -> None:
    (hit,) = [
        f
        for f in findings("on: issues\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n")
        if f.rule.id == "actions-script-injection"
    ]
    assert hit.key_path == "jobs.a.steps[0].run"


@pytest.mark.parametrize(
    "text",
    [
        "jobs: 3\n",
        "on: push\njobs: [a, b]\n",
        "on: 5\njobs: {a: 3, b: [x], c: {steps: 4}, d: {steps: [1, [2], {run: [x]}, {uses: {}}]}}\n",
        "on: push\njobs: {a: {steps: &s [*s], runs-on: *s, strategy: {matrix: &m {a: *m, include: [*m]}}}}\n",
        "runs: x\n",
        "runs: {using: composite, steps: {a: b}}\n",
        "on: push\njobs:\n  a:\n    permissions: [x]\n    secrets: {a: [b]}\n    env: [1]\n    if: [a]\n    steps:\n      - with: 3\n        uses: actions/checkout@v4\n",
        "on: push\njobs: {a: {steps: [{run: 'echo ${{'}, {run: '${{ }}'}, {if: '${{ a', run: x}]}}\n",
        "",
        "\ufeffon: push\r\njobs:\r\n  a:\r\n    steps:\r\n      - run: echo ${{ github.ref_name }}\r\n",
    ],
)
@pytest.mark.parametrize(
    "path", [PATH, "action.yml", ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml", ".github/dependabot.yml", "Jenkinsfile"]
)
def test_odd_files_do_no_harm(text: str, path: str) -> None:
    findings(text, path)


def test_alias_bomb_costs_nothing() -> None:
    lines = ["on: issues", "x0: &x0 [a, b]", *(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 8)}]" for i in range(1, 30))]
    lines.append("jobs: {a: {strategy: {matrix: {v: *x29, include: *x29}}, needs: *x29, steps: [{run: 'echo ${{ matrix.v }}'}]}}")
    assert findings("\n".join(lines))


WORKFLOW = """\
on: [issues, pull_request_target]
env: {A: "${{ github.event.issue.title }}"}
jobs:
  a:
    runs-on: [self-hosted]
    strategy: {matrix: {os: [x], include: [{os: y, z: 1}]}}
    outputs: {o: "${{ steps.s.outputs.o }}"}
    steps:
      - uses: actions/checkout@v4
        with: {ref: "${{ github.head_ref }}"}
      - id: s
        if: contains('a b', github.ref)
        run: |
          echo "o=${{ env.A }}" >> "$GITHUB_OUTPUT"
          curl -s https://a.example | sh
          echo "P=$A" >> $GITHUB_ENV
      - uses: actions/github-script@v7
        with:
          script: return ${{ toJSON(secrets) }} + '${{ matrix.os }}'
"""


@pytest.mark.parametrize("seed", range(60))
def test_broken_workflows_never_raise(seed: int) -> None:
    chance = random.Random(seed)
    text = WORKFLOW
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(text))
        piece = chance.choice(["{}", "[]", "- ", "${{", "}}", "*a", "&a ", "|", "'", '"', "\n", ": ", "\t", "~", "<<: *a", "12", "é𝄞"])
        text = text[:at] + piece + text[at + chance.choice([0, 0, 1, 8]) :]
    for finding in findings(text):
        assert finding.span.line <= finding.span.end_line


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ("npm publish", "npm"),
        ("pnpm publish --access public", "npm"),
        ("yarn npm publish", "npm"),
        ("npx pnpm publish", "npm"),
        ("cargo +nightly publish", "crates.io"),
        ("python3.12 -m twine upload dist/*", "PyPI"),
        ("pipx run twine==6.1.0 upload dist/*", "PyPI"),
        ("uvx twine upload dist/*", "PyPI"),
        ("uv publish", "PyPI"),
        ("bundle exec gem push a.gem", "RubyGems"),
        ("dotnet nuget push a.nupkg", "NuGet"),
        ("npm install", ""),
        ("npm run publish", ""),
        ("docker push a", ""),
        ("gem push --host https://rubygems.pkg.github.com/a a.gem", ""),
        ("twine upload --repository-url https://pypi.acme.example/ dist/*", ""),
        ("npm publish --registry https://registry.npmjs.org", "npm"),
    ],
)
def test_publishing_commands(command: str, where: str) -> None:
    (parsed,) = parse_script(Located(Source.from_text("a", command), command, ((0, 0),))).commands
    assert publishes(unwrap(parsed)) == where


CHECKOUT = (
    "    steps:\n      - uses: actions/checkout@v4\n        with: {ref: '${{ github.event.pull_request.head.sha }}'}\n      - run: make\n"
)


@pytest.mark.parametrize(
    ("on", "gate", "tier"),
    [
        ("pull_request_target", "", "block"),
        ("pull_request_target", "    environment: review\n", "warn"),
        ("pull_request_target", "    if: contains(github.event.pull_request.labels.*.name, 'safe')\n", "warn"),
        ("pull_request_target", "    if: github.event.comment.author_association == 'MEMBER'\n", "warn"),
        ("{pull_request_target: {types: [labeled]}}", "", "warn"),
        ("pull_request_target", "    if: github.repository == 'a/b'\n", "block"),
    ],
)
def test_foreign_code_that_somebody_lets_run_is_a_warning(on: str, gate: str, tier: str) -> None:
    found = findings(f"on: {on}\npermissions: {{}}\njobs:\n  a:\n    runs-on: x\n{gate}{CHECKOUT}")
    tiers = {f.rule.id: f.tier for f in found if f.rule.id in ("actions-untrusted-checkout", "actions-foreign-code-run")}
    assert tiers == {"actions-untrusted-checkout": tier, "actions-foreign-code-run": tier}


@pytest.mark.parametrize(
    ("before", "script", "tier"),
    [
        ("", 'echo "V=$(cat version)" >> $GITHUB_ENV', "warn"),
        ("      - uses: actions/download-artifact@v4\n", 'echo "V=$(cat version)" >> $GITHUB_ENV', "block"),
        ("", 'echo "V=$TITLE" >> $GITHUB_ENV', "block"),
        ("", 'echo "V=$(date)" >> $GITHUB_ENV', ""),
        ("", "{ echo 'A<<E'; echo \"$TITLE\"; echo E; } >> $GITHUB_ENV", "block"),
        ("", 'V="$TITLE"; printf "V=%s" "$V" | tee -a "$GITHUB_ENV"', "block"),
    ],
)
def test_writes_to_the_environment_file(before: str, script: str, tier: str) -> None:
    text = f"on: pull_request_target\npermissions: {{}}\njobs:\n  a:\n    env: {{TITLE: '${{{{ github.event.pull_request.title }}}}'}}\n    runs-on: x\n    steps:\n{before}"
    text += f"      - run: |\n          {script}\n"
    assert "".join(f.tier for f in findings(text) if f.rule.id == "actions-github-env-write") == tier


@pytest.mark.parametrize(
    ("needle", "tier"),
    [
        ("github.ref_name", "block"),
        ("github.actor", "block"),
        ("inputs.x", "block"),
        ("github.event.action", "warn"),
        ("github.event_name", "warn"),
        ("runner.os", ""),
    ],
)
def test_substring_of_a_list_weighs_by_who_chooses(needle: str, tier: str) -> None:
    text = (
        f"on: [push, workflow_call]\npermissions: {{}}\njobs:\n  a:\n    if: contains('abc,def', {needle})\n    runs-on: x\n    steps: []\n"
    )
    assert "".join(f.tier for f in findings(text) if f.rule.id == "actions-unsound-contains") == tier


PUSH = "on: push\npermissions: {contents: write}\n"
CREDENTIALS = {
    "may write": (PUSH, "- run: make", "warn"),
    "may only read": ("on: push\npermissions: {contents: read}\n", "- run: make", "audit"),
    "may only report alerts": ("on: push\npermissions: {contents: read, security-events: write}\n", "- run: make", "audit"),
    "is not said": ("on: push\n", "- run: make", "audit"),
    "is not said, and strangers start it": ("on: pull_request_target\n", "- run: make", "warn"),
    "is used to push": (PUSH, "- run: git push origin HEAD", "audit"),
    "is used by an action that pushes": (PUSH, "- uses: peter-evans/create-pull-request@v7", "audit"),
    "is the job's by name": (
        "on: push\npermissions: {}\n",
        "- {uses: actions/checkout@v4, with: {token: '${{ github.token }}'}}",
        "audit",
    ),
}


@pytest.mark.parametrize("case", CREDENTIALS)
def test_a_token_left_behind_weighs_what_it_may_do(case: str) -> None:
    head, last, tier = CREDENTIALS[case]
    text = f"{head}jobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      {last}\n"
    found = [finding.tier for finding in findings(text) if finding.rule.id == "actions-persisted-credentials"]
    assert set(found) == {tier}
