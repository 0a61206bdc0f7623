"""Rules for Kubernetes workloads."""

from __future__ import annotations

from ...finding import Example, Rule
from ..match import Keys, Replace
from ..predicates import is_true

K8S = ("kubernetes", "helm-template")

RULES: tuple[Rule, ...] = (
    Rule(
        id="k8s-privileged-container",
        family="config",
        title="this container runs privileged",
        severity="high",
        tier="block",
        cwe=250,
        why="A privileged container has all capabilities and every device of its node: who breaks into it owns the node.",
        fix="Take privileged out, or set it to false and add only the capabilities that are needed.",
        match=Keys(
            K8S,
            ("**.{containers,initContainers,ephemeralContainers}[*].securityContext.privileged",),
            is_true,
            mend=Replace("false", safe=False),
        ),
        equivalents=("checkov:CKV_K8S_16", "trivy:KSV-0017", "kics:dd29336b"),
        references=("https://kubernetes.io/docs/concepts/security/pod-security-standards/",),
        bad=(Example("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: web\n      securityContext:\n        privileged: «true»\n"),),
        good=(Example("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: web\n      securityContext:\n        privileged: false\n"), Example("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      securityContext:\n        privileged: {{ .Values.privileged }}\n", "chart/templates/pod.yaml")),
    ),
)
