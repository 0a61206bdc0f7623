"""Mends of workflow findings: exact edits after which the file still parses, the finding is gone and no other has come."""

from __future__ import annotations

import pytest

from secops_hooks.config import check as door
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings

PATH = ".github/workflows/a.yml"
HEAD = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"


def findings(text: str, path: str) -> list[Finding]:
    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    assert file.source.text == text
    return list(door.check(file, tree, Settings(tier="audit")))


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        pytest.param(
            "actions-persisted-credentials",
            f"on: push\npermissions: {{}}\n{HEAD}      - uses: actions/checkout@v4 # all\n      - run: make\n",
            f"on: push\npermissions: {{}}\n{HEAD}      - uses: actions/checkout@v4 # all\n        with:\n          persist-credentials: false\n      - run: make\n",
            id="checkout-without-with",
        ),
        pytest.param(
            "actions-persisted-credentials",
            f"on: push\npermissions: {{}}\n{HEAD}      - name: Get\n        uses: actions/checkout@v4\n        with:\n            fetch-depth: 0",
            f"on: push\npermissions: {{}}\n{HEAD}      - name: Get\n        uses: actions/checkout@v4\n        with:\n"
            "            persist-credentials: false\n            fetch-depth: 0",
            id="checkout-with-inputs",
        ),
        pytest.param(
            "actions-persisted-credentials",
            f"on: push\npermissions: {{}}\n{HEAD}      - uses: actions/checkout@v4",
            f"on: push\npermissions: {{}}\n{HEAD}      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n",
            id="checkout-at-the-end-of-the-file",
        ),
        pytest.param(
            "actions-write-all-permissions",
            f"on: push\npermissions: write-all\n{HEAD}      - run: make\n",
            f"on: push\npermissions: {{contents: read}}\n{HEAD}      - run: make\n",
            id="write-all",
        ),
        pytest.param(
            "actions-always-true-condition",
            f"on: push\npermissions: {{}}\n{HEAD}      - run: make\n        if: |\n          ${{{{ github.ref_protected }}}}\n",
            f"on: push\npermissions: {{}}\n{HEAD}      - run: make\n        if: |-\n          ${{{{ github.ref_protected }}}}\n",
            id="block-condition",
        ),
        pytest.param(
            "actions-spoofable-bot",
            f"on: pull_request_target\npermissions: {{}}\n{HEAD}      - run: make\n        if: github.actor == 'dependabot[bot]'\n",
            f"on: pull_request_target\npermissions: {{}}\n{HEAD}      - run: make\n        if: github.event.pull_request.user.login == 'dependabot[bot]'\n",
            id="bot",
        ),
        pytest.param(
            "actions-unsound-contains",
            f"on: push\npermissions: {{}}\n{HEAD}      - run: make\n        if: contains('main dev', github.ref_name)\n",
            f'on: push\npermissions: {{}}\n{HEAD}      - run: make\n        if: contains(fromJSON(\'["main", "dev"]\'), github.ref_name)\n',
            id="contains",
        ),
        pytest.param(
            "actions-obfuscated",
            f"on: push\npermissions: {{}}\n{HEAD}      - uses: acme//tools/x/../y@v1\n",
            f"on: push\npermissions: {{}}\n{HEAD}      - uses: acme/tools/y@v1\n",
            id="path",
        ),
        pytest.param(
            "actions-cache-poisoning",
            f"on: release\npermissions: {{}}\n{HEAD}      - uses: actions/setup-go@v5\n",
            f"on: release\npermissions: {{}}\n{HEAD}      - uses: actions/setup-go@v5\n        with:\n          cache: false\n",
            id="cache",
        ),
        pytest.param(
            "actions-script-injection",
            f"on: issues\npermissions: {{}}\n{HEAD}      - run: echo ${{{{ github.event.issue.title }}}} | tee log\n",
            f"on: issues\npermissions: {{}}\n{HEAD}      - env:\n          ISSUE_TITLE: ${{{{ github.event.issue.title }}}}\n"
            '        run: echo "${ISSUE_TITLE}" | tee log\n',
            id="injection",
        ),
        pytest.param(
            "actions-script-injection",
            f'on: issues\npermissions: {{}}\n{HEAD}      - env:\n          A: b\n        run: |\n          echo "a ${{{{ github.event.issue.title }}}}"\n',
            f"on: issues\npermissions: {{}}\n{HEAD}      - env:\n          ISSUE_TITLE: ${{{{ github.event.issue.title }}}}\n          A: b\n"
            '        run: |\n          echo "a ${ISSUE_TITLE}"\n',
            id="injection-in-double-quotes",
        ),
        pytest.param(
            "actions-script-injection",
            f"on: issues\npermissions: {{}}\n{HEAD}      - run: echo 'a ${{{{ github.event.issue.title }}}}'\n",
            f"on: issues\npermissions: {{}}\n{HEAD}      - env:\n          ISSUE_TITLE: ${{{{ github.event.issue.title }}}}\n"
            "        run: echo 'a '\"${ISSUE_TITLE}\"''\n",
            id="injection-in-single-quotes",
        ),
        pytest.param(
            "actions-script-injection",
            f"on: issues\npermissions: {{}}\n{HEAD}      - env:\n          Title: ${{{{ github.event.issue.title }}}}\n        run: echo ${{{{ env.title }}}}\n",
            f'on: issues\npermissions: {{}}\n{HEAD}      - env:\n          Title: ${{{{ github.event.issue.title }}}}\n        run: echo "${{Title}}"\n',
            id="injection-of-a-variable",
        ),
        pytest.param(
            "actions-input-injection",
            f"on: push\npermissions: {{}}\n{HEAD}      - run: REF_NAME=x make ${{{{ github.ref_name }}}}\n",
            f"on: push\npermissions: {{}}\n{HEAD}      - env:\n          REF_NAME_TEXT: ${{{{ github.ref_name }}}}\n"
            '        run: REF_NAME=x make "${REF_NAME_TEXT}"\n',
            id="injection-and-a-taken-name",
        ),
    ],
)
def test_mend(rule: str, before: str, after: str) -> None:
    found = findings(before, PATH)
    fixes = [finding.fix for finding in found if finding.rule.id == rule and finding.fix is not None]
    assert len(fixes) == 1
    mended = before
    for edit in sorted(fixes[0].edits, reverse=True):
        mended = mended[: edit.start] + edit.replacement + mended[edit.end :]
    assert mended == after
    left = {finding.rule.id for finding in findings(mended, PATH)}
    assert rule not in left
    assert left <= {finding.rule.id for finding in found}


@pytest.mark.parametrize(
    "text",
    [
        f"on: push\npermissions: {{}}\n{HEAD}      - {{uses: actions/checkout@v4}}\n",
        f"on: push\npermissions: {{}}\n{HEAD}      - uses: actions/checkout@v4\n        with: {{fetch-depth: 0}}\n",
    ],
    ids=["flow-step", "flow-with"],
)
def test_no_mend_where_a_line_cannot_be_inserted(text: str) -> None:
    found = [finding for finding in findings(text, PATH) if finding.rule.id == "actions-persisted-credentials"]
    assert len(found) == 1
    assert found[0].fix is None


@pytest.mark.parametrize(
    "run",
    [
        "run: ${{ github.event.issue.title }}",
        "run: |\n          cat <<EOF\n          ${{ github.event.issue.title }}\n          EOF",
        "run: for i in ${{ github.event.issue.title }}; do echo; done",
        "shell: pwsh\n        run: echo ${{ github.event.issue.title }}",
        "shell: python\n        run: print('${{ github.event.issue.title }}')",
    ],
    ids=["command", "document", "loop", "powershell", "python"],
)
def test_no_mend_where_the_quotes_are_not_known(run: str) -> None:
    found = findings(f"on: issues\npermissions: {{}}\n{HEAD}      - {run}\n", PATH)
    assert [finding.fix for finding in found if finding.rule.id == "actions-script-injection"] == [None]


def test_injections_of_one_step_share_the_variables() -> None:
    text = (
        f"on: issues\npermissions: {{}}\n{HEAD}      - run: |\n"
        "          echo ${{ github.event.issue.title }}\n          echo ${{ github.event.issue.body }} ${{ github.event.issue.title }}\n"
    )
    fixes = [finding.fix for finding in findings(text, PATH) if finding.rule.id == "actions-script-injection"]
    edits = sorted({edit for fix in fixes if fix is not None for edit in fix.edits}, reverse=True)
    for edit in edits:
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    assert text.count("env:\n") == 1
    assert 'echo "${ISSUE_BODY}" "${ISSUE_TITLE}"' in text
    assert "actions-script-injection" not in {finding.rule.id for finding in findings(text, PATH)}
