"""The rules for manifests apply to the same objects written in Terraform, at the exact place there."""

from __future__ import annotations

import pytest

from secops_hooks.config.check import check
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings

POD = """\
resource "kubernetes_pod_v1" "web" {
  metadata { name = "web" }
  spec {
    host_pid = true
    container {
      name  = "web"
      image = var.image
      security_context {
        privileged = var.privileged
        capabilities { add = ["NET_BIND_SERVICE", "SYS_ADMIN"] }
      }
    }
    dynamic "volume" {
      for_each = var.volumes
      content {
        name = "d"
        host_path { path = "/var/run/docker.sock" }
      }
    }
  }
}
"""
ROLE = """\
resource "kubernetes_cluster_role" "all" {
  metadata { name = "all" }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get"]
  }
}
"""
MANIFEST = """\
resource "kubernetes_manifest" "pod" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    spec       = { hostNetwork = true, containers = [] }
  }
}
"""
OTHER = 'resource "aws_instance" "kubernetes_node" {\n  host_pid = true\n}\n'


def found(text: str) -> list[Finding]:
    file = load(tree := MemoryTree({"main.tf": text}), "main.tf")
    assert file is not None
    return sorted((f for f in check(file, tree, Settings()) if f.rule.id.startswith("k8s-")), key=lambda f: f.sort_key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            POD,
            [
                ("k8s-host-pid", 4, 16, "resource.kubernetes_pod_v1.web.spec.host_pid"),
                ("k8s-capability-sys-admin", 10, 51, "resource.kubernetes_pod_v1.web.spec.container.security_context.capabilities.add[1]"),
                ("k8s-container-runtime-socket", 17, 28, "resource.kubernetes_pod_v1.web.spec.dynamic.volume.content.host_path.path"),
            ],
            id="pod",
        ),
        pytest.param(ROLE, [("k8s-rbac-read-secrets", 6, 19, "resource.kubernetes_cluster_role.all.rule.verbs[0]")], id="role"),
        pytest.param(MANIFEST, [("k8s-host-network", 5, 34, "resource.kubernetes_manifest.pod.manifest.spec.hostNetwork")], id="manifest"),
        pytest.param(OTHER, [], id="not Kubernetes"),
    ],
)
def test_kubernetes_rules_apply(text: str, expected: list[tuple[str, int, int, str]]) -> None:
    assert [(f.rule.id, f.span.line, f.span.col, f.key_path) for f in found(text)] == expected
