"""What the scripts of steps give out under a name."""

from __future__ import annotations

import pytest

from secops_hooks.config.actions.outputs import payload_fields, variables, written


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param('echo "t=$V" >> "$GITHUB_OUTPUT"', {"V"}, id="line"),
        pytest.param('echo "::set-output name=t::$V"', {"V"}, id="old-command"),
        pytest.param('{\n  echo "t<<END"\n  cat "$F"\n  echo END\n} >> "$GITHUB_OUTPUT"\necho "$OTHER"', {"F"}, id="block"),
        pytest.param('A=$B\nexport V="$A"\necho "t=$V" >> "$GITHUB_OUTPUT"', {"V", "A", "B"}, id="assigned"),
        pytest.param('V=$V-x\necho "t=$V" >> "$GITHUB_OUTPUT"', {"V"}, id="assigned-from-itself"),
        pytest.param('V=$(wc -c <<< "$B" | tr -cd 0-9)\necho "t=$V" >> "$GITHUB_OUTPUT"', {"V"}, id="cleaned"),
        pytest.param('echo "t=${V//[^a-z]/}" >> "$GITHUB_OUTPUT"', set(), id="cleaned-in-place"),
        pytest.param('echo "start=$V" >> "$GITHUB_OUTPUT"', set(), id="another-name"),
    ],
)
def test_variables_of_an_output(script: str, expected: set[str]) -> None:
    assert set(variables(script, written(script, "t"))) - {"GITHUB_OUTPUT"} == expected


@pytest.mark.parametrize(
    ("script", "name", "expected"),
    [
        pytest.param("core.setOutput('t', context.payload.issue.title)", "t", [("issue", "title")], id="direct"),
        pytest.param("const x = context.payload.issue\ncore.setOutput('t', x.title)", "t", [("issue", "title")], id="through-a-constant"),
        pytest.param("const {title} = context.payload.issue\ncore.setOutput('t', title)", "t", [("issue", "title")], id="taken-apart"),
        pytest.param("return context.payload?.comment?.body", "result", [("comment", "body")], id="returned"),
        pytest.param("core.setOutput('other', context.payload.issue.title)", "t", [], id="another-name"),
        pytest.param("// context.payload.issue.title\ncore.setOutput('t', 1)", "t", [], id="elsewhere"),
    ],
)
def test_payload_of_an_output(script: str, name: str, expected: list[tuple[str, ...]]) -> None:
    assert list(payload_fields(script, name)) == expected
