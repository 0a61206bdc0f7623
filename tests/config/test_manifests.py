"""Manifests and values as texts in other files, and JSON patches: found, and reported where they stand."""

from __future__ import annotations

import pytest

from secops_hooks.config import check
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings


def found(path: str, text: str) -> list[tuple[str, int, int]]:
    """(rule, line, column) above tier audit."""
    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    return sorted((f.rule.id, f.span.line, f.span.col) for f in check.check(file, tree, Settings(tier="warn")) if f.tier != "audit")


POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostNetwork: true\n"


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line + "\n" for line in text.splitlines())


HELD = [
    pytest.param(
        "overlays/kustomization.yaml",
        "kind: Kustomization\npatches:\n  - patch: |-\n" + indented(POD, 6),
        [("k8s-host-network", 8, 22)],
        id="kustomize-patch",
    ),
    pytest.param(
        "overlays/kustomization.yaml",
        "kind: Kustomization\npatchesStrategicMerge:\n  - |-\n" + indented(POD, 4),
        [("k8s-host-network", 8, 20)],
        id="kustomize-strategic-merge",
    ),
    pytest.param(
        "overlays/kustomization.yaml",
        "kind: Kustomization\npatches:\n  - patch: |-\n      - op: add\n        path: /spec/template/spec/containers/0/securityContext/privileged\n        value: true\n",
        [("k8s-privileged-container", 6, 16)],
        id="kustomize-json-patch",
    ),
    pytest.param(
        "patches/host.yaml", "- op: replace\n  path: /spec/hostNetwork\n  value: true\n", [("k8s-host-network", 3, 10)], id="json-patch"
    ),
    pytest.param("patches/host.yaml", "- op: replace\n  path: /spec/hostNetwork\n  value: false\n", [], id="json-patch-good"),
    pytest.param("patches/host.yaml", "- op: remove\n  path: /spec/hostNetwork\n", [], id="json-patch-that-removes"),
    pytest.param(
        "cm.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  pod.yaml: |\n" + indented(POD, 4),
        [("k8s-host-network", 10, 20)],
        id="config-map",
    ),
    pytest.param(
        "cm.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  notes.txt: |\n    hostNetwork: true\n    is not a manifest\n",
        [],
        id="config-map-of-notes",
    ),
    pytest.param(
        "main.tf",
        f'resource "kubectl_manifest" "m" {{\n  yaml_body = <<YAML\n{POD}YAML\n}}\n',
        [("k8s-host-network", 7, 16)],
        id="terraform-heredoc",
    ),
    pytest.param(
        "main.tf",
        'resource "kubectl_manifest" "m" {\n  yaml_body = <<YAML\n' + POD.replace("true", "${var.host}") + "YAML\n}\n",
        [],
        id="terraform-heredoc-variable",
    ),
    pytest.param(
        "main.tf",
        'resource "helm_release" "m" {\n  values = [<<YAML\nsecurityContext:\n  privileged: true\nYAML\n  ]\n}\n',
        [("k8s-privileged-container", 4, 15)],
        id="helm-release",
    ),
    pytest.param(
        "app.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    helm:\n      values: |\n"
        "        securityContext:\n          privileged: true\n",
        [("k8s-privileged-container", 9, 23)],
        id="argo-values",
    ),
    pytest.param("overlays/kustomization.yaml", 'kind: Kustomization\npatches:\n  - patch: |-\n      a: "\n      b: [\n', [], id="broken"),
]


@pytest.mark.parametrize(("path", "text", "expected"), HELD)
def test_what_stands_in_texts(path: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(path, text) == expected
