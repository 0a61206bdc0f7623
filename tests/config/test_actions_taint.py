"""Who decides what an expression says: contexts by class, and values followed through env, outputs, matrix and inputs."""

from __future__ import annotations

import textwrap

import pytest

from secops_hooks.config.actions.contexts import leaves, path_of
from secops_hooks.config.actions.expression import parse
from secops_hooks.config.actions.taint import Scope
from secops_hooks.config.actions.workflow import Model, model_of
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load


def model(text: str, path: str = ".github/workflows/a.yml") -> Model:
    file = load(MemoryTree({path: text}), path)
    assert file is not None
    found = model_of(file)
    assert found is not None
    return found


def trust(text: str, expression: str, job: int = 0, step: int = -1) -> str:
    made = model(textwrap.dedent(text))
    expr, error = parse(expression)
    assert error is None
    assert expr is not None
    flow = Scope(made, made.jobs[job], made.jobs[job].steps[step]).worst(expr)
    return flow.trust if flow is not None else "none"


def on(event: str) -> str:
    return f"on: {event}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: x\n"


@pytest.mark.parametrize(
    ("event", "expression", "expected"),
    [
        ("issues", "github.event.issue.title", "stranger"),
        ("issues", "GITHUB.EVENT.Issue['BODY']", "stranger"),
        ("issues", "github.event.issue.number", "safe"),
        ("issues", "github.event.issue.user.login", "safe"),
        ("issues", "github.event.issue.html_url", "safe"),
        ("issues", "toJSON(github.event.issue)", "stranger"),
        ("issues", "toJSON(github)", "stranger"),
        ("issues", "github.event.*.title", "stranger"),
        ("issue_comment", "github.event.comment.body", "stranger"),
        ("issue_comment", "github['event']['comment']['body'] || 'x'", "stranger"),
        ("pull_request", "github.head_ref", "stranger"),
        ("pull_request", "github.event.pull_request.head.sha", "safe"),
        ("pull_request", "github.event.pull_request.head.repo.default_branch", "stranger"),
        ("pull_request_target", "format('{0}!', github.event.pull_request.title)", "stranger"),
        ("push", "github.event.commits[0].message", "stranger"),
        ("push", "join(github.event.commits.*.author.name, ',')", "stranger"),
        ("push", "github.event.head_commit.id", "safe"),
        ("workflow_run", "github.event.workflow_run.head_branch", "stranger"),
        ("gollum", "github.event.pages[0].page_name", "stranger"),
        ("push", "github.event.issue.title", "unknown"),
        ("workflow_call", "github.event.issue.title", "stranger"),
        ("push", "github.ref_name", "caller"),
        ("push", "github.event.inputs.x", "caller"),
        ("repository_dispatch", "github.event.client_payload.x", "caller"),
        ("push", "github.repository", "platform"),
        ("push", "secrets.X", "platform"),
        ("push", "github.sha", "safe"),
        ("push", "runner.temp", "safe"),
        ("push", "vars.X", "unknown"),
        ("issues", "contains(github.event.issue.title, 'x')", "none"),
        ("issues", "github.event.issue.title == 'x'", "none"),
        ("issues", "!github.event.issue.title", "none"),
        ("issues", "github.event.issue.title == 'x' && 'a' || 'b'", "none"),
        ("issues", "true && github.event.issue.title", "stranger"),
        ("issues", "case(github.event.issue.title == 'x', 'a', 'b')", "none"),
        ("issues", "fromJSON(toJSON(github.event)).issue.title", "stranger"),
    ],
)
def test_contexts(event: str, expression: str, expected: str) -> None:
    assert trust(on(event), expression) == expected


def test_inner_env_wins_and_is_followed() -> None:
    text = """\
        on: issues
        env: {A: "${{ github.event.issue.title }}", B: fixed, C: "${{ github.event.issue.title }}"}
        jobs:
          a:
            runs-on: x
            env: {B: "${{ github.event.issue.body }}", D: "${{ env.A }}"}
            steps:
              - run: x
                env: {C: fixed}
        """
    assert [trust(text, f"env.{name}") for name in "ABCDE"] == ["stranger", "stranger", "safe", "stranger", "unknown"]


def test_env_that_reads_itself_ends() -> None:
    assert trust("on: push\nenv: {A: '${{ env.B }}', B: '${{ env.A }}'}\njobs: {a: {steps: [{run: x}]}}\n", "env.A") == "unknown"


def test_outputs_of_steps_and_jobs() -> None:
    text = """\
        on: issues
        jobs:
          first:
            outputs: {bad: "${{ steps.t.outputs.title }}", good: "${{ steps.t.outputs.n }}", odd: "${{ steps.u.outputs.x }}"}
            steps:
              - id: t
                env: {TITLE: "${{ github.event.issue.title }}"}
                run: |
                  echo "title=$TITLE" >> $GITHUB_OUTPUT
                  echo "n=1" >> $GITHUB_OUTPUT
              - id: u
                uses: acme/thing@v1
              - run: x
          second:
            needs: first
            steps: [{run: x}]
        """
    assert trust(text, "steps.t.outputs.title") == "stranger"
    assert trust(text, "steps.t.outputs.n") == "unknown"
    assert trust(text, "steps.t.outcome") == "safe"
    assert trust(text, "needs.first.outputs.bad", job=1) == "stranger"
    assert trust(text, "needs.first.outputs.odd", job=1) == "unknown"
    assert trust(text, "needs.first.result", job=1) == "safe"


def test_variables_that_a_step_writes() -> None:
    text = """\
        on: issues
        jobs:
          a:
            steps:
              - run: |
                  echo "TITLE=${{ github.event.issue.title }}" >> $GITHUB_ENV
                  echo "VERSION=$(cat version)" >> $GITHUB_ENV
              - run: x
        """
    assert [trust(text, f"env.{name}") for name in ("TITLE", "VERSION", "OTHER")] == ["stranger", "safe", "unknown"]


def test_output_of_an_action_that_repeats_strangers() -> None:
    text = "on: pull_request\njobs:\n  a:\n    steps:\n      - {id: f, uses: tj-actions/changed-files@v1}\n      - run: x\n"
    assert trust(text, "steps.f.outputs.all_changed_files") == "stranger"
    assert trust(text, "steps.f.outputs.any_changed") == "unknown"


def test_matrix() -> None:
    text = """\
        on: issues
        jobs:
          a:
            strategy:
              matrix:
                os: [x, y]
                node: [20, 22.x, true]
                bad: ["${{ github.event.issue.title }}"]
                include: [{os: z, more: "${{ github.event.issue.body }}"}]
            steps: [{run: x}]
          b:
            strategy: {matrix: "${{ fromJSON(needs.x.outputs.m) }}"}
            steps: [{run: x}]
        """
    assert [trust(text, f"matrix.{name}") for name in ("os", "node", "bad", "more")] == [
        "platform",
        "safe",
        "stranger",
        "stranger",
    ]
    assert trust(text, "matrix.os", job=1) == "unknown"


@pytest.mark.parametrize(
    ("kind", "expected"), [("string", "caller"), ("boolean", "safe"), ("number", "safe"), ("choice", "safe"), ("environment", "safe")]
)
def test_inputs_by_type(kind: str, expected: str) -> None:
    text = f"on:\n  workflow_dispatch:\n    inputs:\n      Name: {{type: {kind}}}\njobs: {{a: {{steps: [{{run: x}}]}}}}\n"
    assert trust(text, "inputs.name") == expected
    assert trust(text, "github.event.inputs.name") == expected


def test_inputs_of_an_action_are_the_callers() -> None:
    made = model("inputs: {name: {default: x}}\nruns: {using: composite, steps: [{run: x, shell: bash}]}\n", "action.yml")
    expr, _ = parse("inputs.name")
    assert expr is not None
    flow = Scope(made, made.jobs[0], made.jobs[0].steps[0]).worst(expr)
    assert flow is not None
    assert flow.trust == "caller"


def test_paths_and_leaves() -> None:
    expr, _ = parse("github.event['issue'].labels[0].name || format('{0}', a.b) && c")
    assert expr is not None
    assert [path_of(leaf) for leaf, _ in leaves(expr)] == [("github", "event", "issue", "labels", "*", "name"), ("c",)]
