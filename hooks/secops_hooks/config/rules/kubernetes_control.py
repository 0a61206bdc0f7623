"""Rules for a cluster's own programs: API server, kubelet, etcd, by their flags in manifests and by their configuration files."""

from __future__ import annotations

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Arguments, Keys, Replace, Where
from ..predicates import contains_any, equals, is_false, is_set, is_true, is_zero, matches, no

if TYPE_CHECKING:
    from typing import Final

K8S: Final = ("kubernetes",)
_API: Final = ("kube-apiserver", "apiserver", "hyperkube")
_KUBELET: Final = ("kubelet", "hyperkube")
_ETCD: Final = ("etcd",)
_API_DOC: Final = "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/"
_KUBELET_DOC: Final = "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"
_ETCD_DOC: Final = "https://etcd.io/docs/v3.6/op-guide/security/"


def program(name: str, flag: str) -> str:
    """A static pod that starts ``name`` with one flag among others."""
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  containers:\n    - name: {name}\n      image: registry.k8s.io/{name}:v1.34.1\n"
        f"      command:\n        - {name}\n        - --v=2\n        - {flag}\n"
    )


def _pair(name: str, bad: str, good: str) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    variable = bad.strip("«»").partition("=")[0] + "=$(SETTING)"
    return (Example(program(name, bad)),), (Example(program(name, good)), Example(program(name, variable)))


def _kubelet(line: str) -> str:
    return f"apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{line}"


_KUBELET_ONLY: Final = (Where("$.kind", equals("KubeletConfiguration")),)


def flag_rule(
    id: str, title: str, programs: tuple[str, ...], flag: str, when: object, bad: str, good: str, why: str, fix: str, doc: str,
    equivalents: tuple[str, ...], cwe: int = 285, tier: str = "warn",
) -> Rule:  # fmt: skip
    """A rule about one flag of a program: all of these have the same shape."""
    bads, goods = _pair(programs[0], bad, good)
    return Rule(
        id=id, family="config", title=title, severity="low" if tier == "audit" else "high", tier=tier, cwe=cwe, why=why, fix=fix,  # type: ignore[arg-type]
        match=Arguments(K8S, programs, flag, when),  # type: ignore[arg-type]
        equivalents=equivalents, references=(doc,), bad=bads, good=goods,
    )  # fmt: skip


def unset_rule(
    id: str,
    title: str,
    programs: tuple[str, ...],
    flag: str,
    value: str,
    why: str,
    fix: str,
    doc: str,
    equivalents: tuple[str, ...],
    cwe: int = 285,
    tier: str = "audit",
) -> Rule:
    """A rule about a flag that must be given."""
    name = programs[0]
    return Rule(
        id=id, family="config", title=title, severity="low" if tier == "audit" else "high", tier=tier, cwe=cwe, why=why, fix=fix,  # type: ignore[arg-type]
        match=Arguments(K8S, programs, flag, absent=True),
        equivalents=equivalents, references=(doc,),
        bad=(Example(program(name, "--x=1").replace(f"- {name}\n        - --v", f"- «{name}»\n        - --v")),),
        good=(Example(program(name, f"--{flag}={value}")), Example(program(name, "--config=$(FILE)"))),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    flag_rule(
        "k8s-apiserver-anonymous-auth",
        "the API server answers requests without credentials",
        _API,
        "anonymous-auth",
        is_true,
        "«--anonymous-auth=true»",
        "--anonymous-auth=false",
        "Anonymous requests reach everything that is granted to system:unauthenticated.",
        "Set --anonymous-auth=false.",
        _API_DOC,
        ("kics:1de5cc51", "checkov:CKV_K8S_68", "trivy:KCV-0001", "kubescape:C-0113"),
        306,
    ),
    unset_rule(
        "k8s-apiserver-anonymous-auth-default",
        "the API server is not told to refuse anonymous requests",
        _API,
        "anonymous-auth",
        "false",
        "Anonymous requests are accepted by default.",
        "Add --anonymous-auth=false.",
        _API_DOC,
        ("kics:1de5cc51", "checkov:CKV_K8S_68", "trivy:KCV-0001", "kubescape:C-0113"),
        306,
    ),
    flag_rule(
        "k8s-apiserver-insecure-port",
        "the API server listens without encryption and login",
        _API,
        "insecure-port",
        no(is_zero),
        "«--insecure-port=8080»",
        "--insecure-port=0",
        "Requests to this port are neither encrypted nor checked.",
        "Take the flag out; since 1.24 it does not exist any more.",
        _API_DOC,
        ("kics:fa4def8c", "checkov:CKV_K8S_88"),
        319,
    ),
    unset_rule(
        "k8s-apiserver-insecure-port-default",
        "the insecure port of the API server is not closed explicitly",
        _API,
        "insecure-port",
        "0",
        "Before Kubernetes 1.20 the port is open by default.",
        "Add --insecure-port=0 on old clusters.",
        _API_DOC,
        ("kics:fa4def8c", "checkov:CKV_K8S_88"),
        319,
    ),
    flag_rule(
        "k8s-apiserver-insecure-bind-address",
        "the API server listens without encryption on an address",
        _API,
        "insecure-bind-address",
        is_set,
        "«--insecure-bind-address=127.0.0.1»",
        "--bind-address=127.0.0.1",
        "Requests to this address are neither encrypted nor checked.",
        "Take the flag out.",
        _API_DOC,
        ("kics:b9380fd3", "checkov:CKV_K8S_86"),
        319,
    ),
    flag_rule(
        "k8s-apiserver-token-auth-file",
        "the API server accepts tokens from a file",
        _API,
        "token-auth-file",
        is_set,
        "«--token-auth-file=/etc/kubernetes/tokens.csv»",
        "--oidc-issuer-url=https://login.example.com",
        "These tokens stand in clear on disk, never expire, and change only with a restart.",
        "Take the flag out; use OIDC or client certificates.",
        _API_DOC,
        ("kics:32ecd76e", "checkov:CKV_K8S_70", "trivy:KCV-0002", "kubescape:C-0114"),
        798,
    ),
    flag_rule(
        "k8s-apiserver-basic-auth-file",
        "the API server accepts passwords from a file",
        _API,
        "basic-auth-file",
        is_set,
        "«--basic-auth-file=/etc/kubernetes/users.csv»",
        "--oidc-issuer-url=https://login.example.com",
        "These passwords stand in clear on disk and never expire.",
        "Take the flag out; use OIDC or client certificates.",
        _API_DOC,
        ("kics:5da47109", "checkov:CKV_K8S_69"),
        798,
    ),
    flag_rule(
        "k8s-apiserver-always-allow",
        "the API server allows every request",
        _API,
        "authorization-mode",
        contains_any("AlwaysAllow"),
        "«--authorization-mode=AlwaysAllow»",
        "--authorization-mode=Node,RBAC",
        "Whoever has any credential, or none, may do everything.",
        "Use --authorization-mode=Node,RBAC.",
        _API_DOC,
        ("kics:f1f4d8da", "checkov:CKV_K8S_74", "trivy:KCV-0007", "kubescape:C-0118"),
    ),
    flag_rule(
        "k8s-apiserver-always-admit",
        "the API server admits every object unchecked",
        _API,
        "enable-admission-plugins",
        contains_any("AlwaysAdmit"),
        "«--enable-admission-plugins=AlwaysAdmit»",
        "--enable-admission-plugins=NodeRestriction",
        "With AlwaysAdmit no admission plugin protects the cluster.",
        "Take AlwaysAdmit out of the list.",
        _API_DOC,
        ("kics:ce30e584", "checkov:CKV_K8S_79", "trivy:KCV-0011", "kubescape:C-0122"),
    ),
    flag_rule(
        "k8s-apiserver-no-service-account-lookup",
        "the API server accepts tokens of deleted service accounts",
        _API,
        "service-account-lookup",
        is_false,
        "«--service-account-lookup=false»",
        "--service-account-lookup=true",
        "A token then stays good after its account is gone.",
        "Take the flag out.",
        _API_DOC,
        ("kics:a5530bd7", "checkov:CKV_K8S_96", "trivy:KCV-0023"),
        613,
    ),
    flag_rule(
        "k8s-profiling-enabled",
        "profiling is switched on in a control plane program",
        ("kube-apiserver", "kube-controller-manager", "kube-scheduler"),
        "profiling",
        is_true,
        "«--profiling=true»",
        "--profiling=false",
        "Profiles show internals of the program and cost resources.",
        "Set --profiling=false.",
        _API_DOC,
        ("kics:2f491173", "checkov:CKV_K8S_90", "checkov:CKV_K8S_107", "checkov:CKV_K8S_114"),
        489,
    ),
    flag_rule(
        "k8s-kubelet-anonymous-auth",
        "the kubelet answers requests without credentials",
        _KUBELET,
        "anonymous-auth",
        is_true,
        "«--anonymous-auth=true»",
        "--anonymous-auth=false",
        "Anybody who reaches the node can run commands in its pods.",
        "Set --anonymous-auth=false.",
        _KUBELET_DOC,
        ("checkov:CKV_K8S_138", "kics:1de5cc51", "kubescape:C-0172", "kubescape:C-0069"),
        306,
    ),
    unset_rule(
        "k8s-kubelet-anonymous-auth-default",
        "the kubelet is not told to refuse anonymous requests",
        _KUBELET,
        "anonymous-auth",
        "false",
        "As a flag the default is to accept them.",
        "Add --anonymous-auth=false.",
        _KUBELET_DOC,
        ("checkov:CKV_K8S_138", "kics:1de5cc51"),
        306,
    ),
    flag_rule(
        "k8s-kubelet-always-allow",
        "the kubelet allows every request",
        _KUBELET,
        "authorization-mode",
        contains_any("AlwaysAllow"),
        "«--authorization-mode=AlwaysAllow»",
        "--authorization-mode=Webhook",
        "Any caller can run commands in the node's pods.",
        "Use --authorization-mode=Webhook.",
        _KUBELET_DOC,
        ("checkov:CKV_K8S_139", "kics:f1f4d8da", "kubescape:C-0173"),
    ),
    flag_rule(
        "k8s-kubelet-read-only-port",
        "the kubelet shows its pods to everybody on the network",
        _KUBELET,
        "read-only-port",
        no(is_zero),
        "«--read-only-port=10255»",
        "--read-only-port=0",
        "The read-only port answers without login.",
        "Set --read-only-port=0.",
        _KUBELET_DOC,
        ("kics:2940d48a", "checkov:CKV_K8S_141", "kubescape:C-0175"),
        306,
    ),
    unset_rule(
        "k8s-kubelet-read-only-port-default",
        "the kubelet's read-only port is not closed",
        _KUBELET,
        "read-only-port",
        "0",
        "As a flag the default is port 10255, which answers without login.",
        "Add --read-only-port=0.",
        _KUBELET_DOC,
        ("kics:2940d48a", "checkov:CKV_K8S_141", "kubescape:C-0175"),
        306,
    ),
    flag_rule(
        "k8s-kubelet-kernel-defaults",
        "the kubelet changes kernel parameters of its node",
        _KUBELET,
        "protect-kernel-defaults",
        is_false,
        "«--protect-kernel-defaults=false»",
        "--protect-kernel-defaults=true",
        "Differences from hardened settings are then overwritten silently.",
        "Set --protect-kernel-defaults=true.",
        _KUBELET_DOC,
        ("kics:6cf42c97", "checkov:CKV_K8S_144", "kubescape:C-0177"),
        732,
    ),
    unset_rule(
        "k8s-kubelet-kernel-defaults-default",
        "the kubelet is not told to keep the kernel's parameters",
        _KUBELET,
        "protect-kernel-defaults",
        "true",
        "Differences from hardened settings are overwritten silently.",
        "Add --protect-kernel-defaults=true.",
        _KUBELET_DOC,
        ("kics:6cf42c97", "checkov:CKV_K8S_144"),
        732,
    ),
    flag_rule(
        "k8s-etcd-client-auth",
        "etcd serves clients without a certificate",
        _ETCD,
        "client-cert-auth",
        is_false,
        "«--client-cert-auth=false»",
        "--client-cert-auth=true",
        "etcd holds every object of the cluster, secrets among them; without client certificates whoever reaches it can read and write all.",
        "Set --client-cert-auth=true.",
        _ETCD_DOC,
        ("kics:9391103a", "checkov:CKV_K8S_117", "trivy:KCV-0043", "kubescape:C-0154"),
        287,
    ),
    unset_rule(
        "k8s-etcd-client-auth-default",
        "etcd is not told to ask clients for a certificate",
        _ETCD,
        "client-cert-auth",
        "true",
        "By default etcd serves everybody who reaches it; it holds every object of the cluster, secrets among them.",
        "Add --client-cert-auth=true.",
        _ETCD_DOC,
        ("kics:9391103a", "checkov:CKV_K8S_117", "trivy:KCV-0043", "kubescape:C-0154"),
        287,
        "warn",
    ),
    flag_rule(
        "k8s-etcd-auto-tls",
        "etcd uses self-signed certificates",
        _ETCD,
        "auto-tls",
        is_true,
        "«--auto-tls=true»",
        "--auto-tls=false",
        "Clients cannot verify a certificate that signed itself.",
        "Give etcd certificates of your authority and take --auto-tls out.",
        _ETCD_DOC,
        ("kics:98ce8b81", "checkov:CKV_K8S_118", "trivy:KCV-0044", "kubescape:C-0155"),
        295,
    ),
    flag_rule(
        "k8s-etcd-peer-client-auth",
        "etcd accepts peers without a certificate",
        _ETCD,
        "peer-client-cert-auth",
        is_false,
        "«--peer-client-cert-auth=false»",
        "--peer-client-cert-auth=true",
        "Anybody who reaches the peer port can join the cluster and read all.",
        "Set --peer-client-cert-auth=true.",
        _ETCD_DOC,
        ("kics:df76eeb2", "checkov:CKV_K8S_121", "trivy:KCV-0046", "kubescape:C-0157"),
        287,
    ),
    flag_rule(
        "k8s-etcd-peer-auto-tls",
        "etcd's peers use self-signed certificates",
        _ETCD,
        "peer-auto-tls",
        is_true,
        "«--peer-auto-tls=true»",
        "--peer-auto-tls=false",
        "Peers cannot verify a certificate that signed itself.",
        "Give etcd certificates of your authority and take --peer-auto-tls out.",
        _ETCD_DOC,
        ("kics:ae8827e2", "trivy:KCV-0047", "kubescape:C-0158"),
        295,
    ),
    Rule(
        id="k8s-kubelet-config-anonymous",
        family="config",
        title="the kubelet answers requests without credentials",
        severity="high",
        tier="warn",
        cwe=306,
        why="Anybody who reaches the node can run commands in its pods.",
        fix="Set authentication.anonymous.enabled: false.",
        match=Keys(K8S, ("authentication.anonymous.enabled",), is_true, where=_KUBELET_ONLY, mend=Replace("false", safe=False)),
        equivalents=("kics:1de5cc51", "checkov:CKV_K8S_138", "kubescape:C-0172", "kubescape:C-0069"),
        references=(_KUBELET_DOC,),
        bad=(Example(_kubelet("authentication:\n  anonymous:\n    enabled: «true»\n")),),
        good=(
            Example(_kubelet("authentication:\n  anonymous:\n    enabled: false\n")),
            Example(_kubelet("authentication:\n  anonymous:\n    enabled: ${ANONYMOUS}\n")),
        ),
    ),
    Rule(
        id="k8s-kubelet-config-always-allow",
        family="config",
        title="the kubelet allows every request",
        severity="high",
        tier="warn",
        cwe=285,
        why="Any caller can run commands in the node's pods.",
        fix="Set authorization.mode: Webhook.",
        match=Keys(K8S, ("authorization.mode",), equals("AlwaysAllow"), where=_KUBELET_ONLY, mend=Replace("Webhook", safe=False)),
        equivalents=("kics:f1f4d8da", "checkov:CKV_K8S_139", "kubescape:C-0173"),
        references=(_KUBELET_DOC,),
        bad=(Example(_kubelet("authorization:\n  mode: «AlwaysAllow»\n")),),
        good=(Example(_kubelet("authorization:\n  mode: Webhook\n")), Example(_kubelet("authorization:\n  mode: ${MODE}\n"))),
    ),
    Rule(
        id="k8s-kubelet-config-read-only-port",
        family="config",
        title="the kubelet shows its pods to everybody on the network",
        severity="high",
        tier="warn",
        cwe=306,
        why="The read-only port answers without login.",
        fix="Set readOnlyPort: 0 or take it out.",
        match=Keys(K8S, ("readOnlyPort",), matches(r"\A[1-9]\d*\Z"), where=_KUBELET_ONLY, mend=Replace("0", safe=False)),
        equivalents=("kics:2940d48a", "checkov:CKV_K8S_141", "kubescape:C-0175"),
        references=(_KUBELET_DOC,),
        bad=(Example(_kubelet("readOnlyPort: «10255»\n")),),
        good=(Example(_kubelet("readOnlyPort: 0\n")), Example(_kubelet("readOnlyPort: ${PORT}\n"))),
    ),
    Rule(
        id="k8s-kubelet-config-kernel-defaults",
        family="config",
        title="the kubelet changes kernel parameters of its node",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Differences from hardened settings are then overwritten silently.",
        fix="Set protectKernelDefaults: true.",
        match=Keys(K8S, ("protectKernelDefaults",), is_false, where=_KUBELET_ONLY, mend=Replace("true", safe=False)),
        equivalents=("kics:6cf42c97", "kubescape:C-0177"),
        references=(_KUBELET_DOC,),
        bad=(Example(_kubelet("protectKernelDefaults: «false»\n")),),
        good=(Example(_kubelet("protectKernelDefaults: true\n")), Example(_kubelet("protectKernelDefaults: ${PROTECT}\n"))),
    ),
)
