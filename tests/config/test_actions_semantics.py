"""What an expression may read where it stands, and what its parts are."""

from __future__ import annotations

import textwrap

import pytest

from secops_hooks.config import check as door
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings

PATH = ".github/workflows/a.yml"


def wrong(text: str, **beside: str) -> list[str]:
    """The parts of ``text`` that are reported as expressions that cannot mean what was intended."""
    text = textwrap.dedent(text)
    tree = MemoryTree({PATH: text, **{name.replace("__", "/") + ".yml": content for name, content in beside.items()}})
    file = load(tree, PATH)
    assert file is not None
    starts = file.source.line_starts
    found = [f.span for f in door.check(file, tree, Settings()) if f.rule.id == "actions-invalid-expression"]
    return [text[starts[s.line - 1] + s.col - 1 : starts[s.end_line - 1] + s.end_col - 1] for s in sorted(found)]


def step(expression: str, on: str = "push", more: str = "") -> str:
    return (
        f"on: {on}\njobs:\n  a:\n    runs-on: x\n{more}    steps:\n      - run: echo\n        env:\n          A: ${{{{ {expression} }}}}\n"
    )


@pytest.mark.parametrize(
    "expression",
    [
        "github.sha", "github.event.what.ever[0].x", "env.X", "vars.X", "secrets.X", "runner.os", "strategy.job-index", "job.status", "job.services.db.ports['5432']",
        "hashFiles('a', 'b')", "contains(github.event.issue.labels.*.name, 'x')", "join(github.event.*.x, ',')", "format('{0} {1}', 1, github.sha)",
        "fromJSON('{\"a\": [1]}').a[0]", "matrix.x || 'y'", "github.ref == 'a' && 'b' || 'c'", "toJSON(github)", "github['sha']", "case(true, 'a', 'b')",
        "format('{{0}} {0}', 1)", "startsWith(github.ref, 1)", "github.event.a > 3", "github.retention_days > 1",
    ],
)  # fmt: skip
def test_right(expression: str) -> None:
    assert wrong(step(expression)) == []


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("github.shaa", "github.shaa"),
        ("gihtub.sha", "gihtub"),
        ("github.sha.x", "github.sha.x"),
        ("runner.so", "runner.so"),
        ("inputs.x", "inputs.x"),
        ("needs.b.outputs.x", "needs.b"),
        ("steps.b.outputs.x", "steps.b"),
        ("matrix.x", "matrix.x"),
        ("jobs.a.result", "jobs"),
        ("success()", "success()"),
        ("hashFile('a')", "hashFile('a')"),
        ("contains('a')", "contains('a')"),
        ("startsWith(github.event, 'a') && startsWith(github, 'a')", "github"),
        ("format('{0} {1}', 1)", "format('{0} {1}', 1)"),
        ("fromJSON('[1')", "'[1'"),
        ("fromJSON('{\"a\": 1}').b", "fromJSON('{\"a\": 1}').b"),
        ("env[0]", "0"),
        ("github", "github"),
        ("null", "null"),
        ("github.event.*", "github.event.*"),
        ("github == 'x'", "github == 'x'"),
        ("1 < null", "null"),
        ("a b", "b"),
    ],
)
def test_wrong_at_its_place(expression: str, part: str) -> None:
    found = wrong(step(expression))
    assert found[-1:] == [part]


@pytest.mark.parametrize(
    ("key", "context", "allowed"),
    [
        ("if", "env.X", False), ("if", "vars.X", True), ("if", "secrets.X", False), ("name", "runner.os", False), ("name", "github.sha", True),
        ("runs-on", "env.X", False), ("timeout-minutes", "matrix.x || 5", True), ("timeout-minutes", "env.X", False),
    ],
)  # fmt: skip
def test_places_of_a_job(key: str, context: str, allowed: bool) -> None:
    text = f"on: push\njobs:\n  a:\n    {key}: ${{{{ {context} }}}}\n    steps:\n      - run: echo\n"
    assert (wrong(text) == []) is allowed


def test_secrets_in_the_condition_of_a_step() -> None:
    assert wrong("on: push\njobs:\n  a:\n    steps:\n      - if: secrets.X != ''\n        run: echo\n") == ["secrets"]


def test_steps_needs_and_matrix_are_known() -> None:
    text = """\
        on: push
        jobs:
          a:
            outputs: {x: "${{ steps.s.outputs.x }}"}
            strategy: {matrix: {os: [l, w], node: [{v: 1}], include: [{os: l, more: 1}]}}
            steps:
              - id: s
                run: echo ${{ matrix.os }} ${{ matrix.node.v }} ${{ matrix.more }} ${{ matrix.node.w }}
              - run: echo ${{ steps.s.outputs.any }} ${{ steps.s.outcome }} ${{ steps.s.output }}
          b:
            needs: a
            steps:
              - run: echo ${{ needs.a.outputs.x }} ${{ needs.a.result }} ${{ needs.a.outputs.y }}
        """
    assert wrong(text) == ["matrix.node.w", "steps.s.output", "needs.a.outputs.y"]


def test_unknown_matrix_is_left_alone() -> None:
    text = """\
        on: push
        jobs:
          a:
            strategy: {matrix: "${{ fromJSON(vars.M) }}"}
            steps: [{run: "${{ matrix.any.thing }}"}]
          b:
            strategy: {matrix: {os: [l], include: "${{ fromJSON(vars.M) }}"}}
            steps: [{run: "${{ matrix.any }}"}]
        """
    assert wrong(text) == []


def test_inputs_and_secrets_of_a_called_workflow() -> None:
    text = """\
        on:
          workflow_call:
            inputs: {a: {type: string}, b: {type: boolean}}
            secrets: {k: {}}
        jobs:
          a:
            steps:
              - run: echo ${{ inputs.A }} ${{ inputs.c }} ${{ secrets.k }} ${{ secrets.l }} ${{ secrets.GITHUB_TOKEN }}
        """
    assert wrong(text) == ["inputs.c", "secrets.l"]


def test_outputs_of_a_local_action() -> None:
    action = "outputs: {good: {value: x}}\nruns: {using: composite, steps: []}\n"
    text = "on: push\njobs:\n  a:\n    steps:\n      - {id: s, uses: ./act}\n      - run: ${{ steps.s.outputs.good }} ${{ steps.s.outputs.bad }}\n"
    assert wrong(text, act__action=action) == ["steps.s.outputs.bad"]
    assert wrong(text) == []
