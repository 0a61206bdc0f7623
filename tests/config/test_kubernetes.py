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


KUBEADM = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n"
FLAGS = [
    pytest.param(
        KUBEADM + 'apiServer:\n  extraArgs:\n    anonymous-auth: "true"\n', [("k8s-apiserver-anonymous-auth", 5)], id="kubeadm-mapping"
    ),
    pytest.param(
        KUBEADM + "etcd:\n  local:\n    extraArgs:\n      - name: client-cert-auth\n        value: 'false'\n",
        [("k8s-etcd-client-auth", 7)],
        id="kubeadm-list",
    ),
    pytest.param(
        "apiVersion: kubeadm.k8s.io/v1beta3\nkind: JoinConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n    read-only-port: '10255'\n",
        [("k8s-kubelet-read-only-port", 5)],
        id="kubeadm-kubelet",
    ),
    pytest.param(KUBEADM + 'apiServer:\n  extraArgs:\n    anonymous-auth: "${ANON}"\n', [], id="kubeadm-variable"),
    pytest.param(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: m}\nspec:\n  containers:\n    - name: m\n      image: registry.k8s.io/metrics-server/metrics-server:v0.8.0\n"
        "      args: [--secure-port=4443, --kubelet-insecure-tls]\n",
        [("k8s-metrics-server-unverified-kubelets", 8)],
        id="program-of-the-image",
    ),
    pytest.param(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: m}\nspec:\n  containers:\n    - name: m\n      image: etcd:1\n      command: [sh]\n      args: [--auto-tls]\n",
        [],
        id="another-command-in-the-image",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FLAGS)
def test_flags_of_programs_wherever_they_are_given(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(f.rule.id, f.span.line) for f in findings(text) if f.tier == "warn"] == expected
