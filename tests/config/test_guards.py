"""What a template brings in on a condition of its own is unknown; what stands in a large conditional block is not."""

from __future__ import annotations

import pytest

from secops_hooks.config.check import check
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings

HEAD = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  template:\n    spec:\n"
GUARDED = (
    HEAD
    + "      {{- if .Values.hostNetwork }}\n      hostNetwork: true\n      {{- else }}\n      hostPID: true\n      {{- end }}\n      containers: []\n"
)
PLAIN = (
    HEAD
    + "      hostNetwork: true\n      {{- if .Values.dns }}\n      dnsPolicy: {{ .Values.dns }}\n      {{- end }}\n      containers: []\n"
)
WHOLE = "{{- if .Values.enabled }}\n" + HEAD + "      hostNetwork: true\n      containers: []\n{{- end }}\n"
JINJA = "apiVersion: v1\nkind: Pod\nspec:\n{% if host %}\n  hostNetwork: true\n{% endif %}\n  containers: []\n"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("charts/a/templates/ds.yaml", GUARDED, [], id="both branches"),
        pytest.param("charts/a/templates/ds.yaml", PLAIN, ["k8s-host-network"], id="beside a condition"),
        pytest.param("charts/a/templates/ds.yaml", WHOLE, ["k8s-host-network"], id="whole resource"),
        pytest.param("files/pod.yaml.j2", JINJA, [], id="jinja"),
    ],
)
def test_guarded_settings_are_unknown(path: str, text: str, expected: list[str]) -> None:
    file = load(tree := MemoryTree({path: text}), path)
    assert file is not None
    assert [f.rule.id for f in check(file, tree, Settings())] == expected
