"""Rules for Helm values that no Kubernetes rule has under the same name."""

from __future__ import annotations

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Keys, Replace
from ..predicates import is_false, is_true

if TYPE_CHECKING:
    from typing import Final

VALUES: Final = ("helm-values",)

RULES: tuple[Rule, ...] = (
    Rule(
        id="helm-auth-disabled",
        family="config",
        title="login is switched off",
        severity="high",
        tier="warn",
        cwe=306,
        why="Whoever reaches the service, every pod of the cluster for a start, may use it.",
        fix="Set auth.enabled: true and give the password in a secret.",
        match=Keys(
            VALUES, ("**.auth.enabled", "**.authentication.enabled"), is_false, mend=Replace("true", safe=False), not_traits=("test",)
        ),
        references=("https://cwe.mitre.org/data/definitions/306.html",),
        bad=(Example("redis:\n  auth:\n    enabled: «false»\n"),),
        good=(
            Example("redis:\n  auth:\n    enabled: true\n"),
            Example("redis:\n  auth:\n    enabled: ${AUTH}\n"),
            Example("oauth:\n  enabled: false\n# auth\n"),
        ),
    ),
    Rule(
        id="helm-tls-disabled",
        family="config",
        title="TLS is switched off",
        severity="medium",
        tier="audit",
        cwe=319,
        why="What the service and its clients send each other can be read and changed inside the cluster.",
        fix="Set tls.enabled: true.",
        match=Keys(VALUES, ("**.{tls,ssl,https}.enabled",), is_false, not_traits=("test",)),
        references=("https://cwe.mitre.org/data/definitions/319.html",),
        bad=(Example("redis:\n  tls:\n    enabled: «false»\n"),),
        good=(Example("redis:\n  tls:\n    enabled: true\n"), Example("redis:\n  tls:\n    enabled: ${TLS}\n")),
    ),
    Rule(
        id="helm-cluster-admin",
        family="config",
        title="these values give the chart's service account all rights in the cluster",
        severity="high",
        tier="block",
        cwe=269,
        why="cluster-admin may do everything everywhere; one leaked token of such an account is the end of the cluster.",
        fix="Set it to false and list the rights that are needed.",
        match=Keys(
            VALUES,
            ("**.{clusterAdmin,clusterAdminAccess,clusterAdminRole,clusterAdminEnabled}",),
            is_true,
            mend=Replace("false", safe=False),
        ),
        equivalents=("kics:249328b8", "trivy:KSV-0111"),
        references=("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
        bad=(Example("rbac:\n  clusterAdminRole: «true»\n"),),
        good=(Example("rbac:\n  clusterAdminRole: false\n"), Example("rbac:\n  clusterAdminRole: ${ADMIN}\n")),
    ),
)
