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
    left = findings(mended, PATH)
    assert {finding.rule.id for finding in left} == {finding.rule.id for finding in found} - {rule}


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
