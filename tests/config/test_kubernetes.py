"""What examples of rules about Kubernetes cannot say: tiers, and shapes of objects."""

from __future__ import annotations

import pytest

from secops_hooks.config import check
from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings


def findings(text: str) -> list[Finding]:
    source = Source("app.yaml", text.encode())
    return list(check.check(File(source, detect("app.yaml", text)), MemoryTree({}), Settings(tier="audit")))


@pytest.mark.parametrize(
    ("group", "tier"), [("*", "block"), ("", "block"), ("rbac.authorization.k8s.io", "block"), ("custom.metrics.k8s.io", "warn")]
)
def test_everything_in_one_operators_group_is_not_everything(group: str, tier: str) -> None:
    found = findings(
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a}}\nrules:\n  - {{apiGroups: ['{group}'], resources: ['*'], verbs: ['*']}}\n"
    )
    assert {f.tier for f in found if f.rule.id == "k8s-rbac-all-on-all"} == {tier}
