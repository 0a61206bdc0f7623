"""Rules for Kubernetes RBAC: what roles allow, and to whom they are bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ...finding import Example, Rule, Tier
from ...records import TYPE_CHECKING
from ..kube import items, objects, text_of
from ..match import Custom, Hit, Keys
from ..predicates import one_of

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

K8S: Final = ("kubernetes",)
_GOOD_PRACTICE: Final = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"
_ROLES: Final = ("Role", "ClusterRole")
_ROLE_RESOURCES: Final = ("roles", "clusterroles", "rolebindings", "clusterrolebindings")
_BINDINGS: Final = ("RoleBinding", "ClusterRoleBinding")
_READ: Final = frozenset({"get", "list", "watch"})
_CHANGE: Final = frozenset({"create", "update", "patch"})


def _rules(file: File, *kinds: str) -> Iterator[tuple[Node, Node]]:
    """Role objects with each of their rules. Roles that aggregate others have none of their own."""
    document = file.document
    if document is None:
        return
    for role in objects(document, *(kinds or _ROLES)):
        for rule in items(role.get("rules")):
            if rule.resolved.kind == "mapping":
                yield role, rule


def _values(rule: Node, key: str) -> dict[str, Node]:
    entry = rule.get(key)
    if entry is not None and entry.resolved.kind == "scalar":
        return {text_of(entry).lower(): entry}
    return {text_of(item).lower(): item for item in items(entry)}


def _built_in(role: Node) -> bool:
    """Whether the role is one of the system's own, which the cluster itself needs."""
    return text_of(role.get("metadata", "name")).startswith("system:")


def _bootstrap(role: Node) -> bool:
    return text_of(role.get("metadata", "labels", "kubernetes.io/bootstrapping")) == "rbac-defaults"


# groups with which the whole cluster is had; all of another group, such as an operator's own, is much less
_CLUSTERS_OWN: Final = frozenset(
    {"*", "", "apps", "batch", "extensions"}
    | {f"{name}.k8s.io" for name in ("rbac.authorization", "admissionregistration", "certificates", "apiextensions", "apiregistration")}
)


def all_on_all(file: File, tree: Tree) -> Iterator[Hit]:
    """Every verb on every resource."""
    for _, rule in _rules(file):
        verbs, resources = _values(rule, "verbs"), _values(rule, "resources")
        if "*" in verbs and "*" in resources:
            groups = _values(rule, "apiGroups")
            tier: Tier | None = "warn" if groups and not groups.keys() & _CLUSTERS_OWN else None
            yield Hit(verbs["*"], tier=tier)
            yield Hit(resources["*"], tier=tier)


def some_wildcard(file: File, tree: Tree) -> Iterator[Hit]:
    """A wildcard in verbs or resources, the other one being limited."""
    for _, rule in _rules(file):
        verbs, resources = _values(rule, "verbs"), _values(rule, "resources")
        if "*" in verbs and not resources.keys() & {"*", "users", "groups", *_ROLE_RESOURCES}:
            yield Hit(verbs["*"])
        elif "*" in resources and "*" not in verbs:
            yield Hit(resources["*"])


def wildcard_groups(file: File, tree: Tree) -> Iterator[Hit]:
    """A wildcard in apiGroups or nonResourceURLs."""
    for _, rule in _rules(file):
        for key in ("apiGroups", "nonResourceURLs"):
            values = _values(rule, key)
            if "*" in values:
                yield Hit(values["*"])


def _verbs_on(verbs: Iterable[str], resources: Iterable[str]) -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for roles that allow one of ``verbs`` on one of ``resources``; reported at the verb, once a rule."""
    wanted, targets = frozenset(verbs), frozenset(resources)

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        for _, rule in _rules(file):
            allowed = _values(rule, "verbs")
            if not (wanted | {"*"}) & set(allowed):
                continue
            if rule.get("resourceNames") is not None and items(rule.get("resourceNames")):
                continue
            if targets & set(_values(rule, "resources")):
                yield Hit(next(node for verb, node in allowed.items() if verb in wanted or verb == "*"))

    return find


def privileged_verbs(names: Iterable[str], resources: Iterable[str], own: Iterable[str]) -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for verbs that raise the holder's own rights; reported at the verb. A wildcard counts on ``own`` resources."""
    wanted, targets = frozenset(names), frozenset(resources)

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        for role, rule in _rules(file):
            if _built_in(role) or _bootstrap(role) or items(rule.get("resourceNames")):
                continue
            held = set(_values(rule, "resources"))
            for verb, node in _values(rule, "verbs").items():
                if (verb in wanted and (targets & held or "*" in held)) or (verb == "*" and held & frozenset(own)):
                    yield Hit(node)

    return find


def _bindings(file: File) -> Iterator[tuple[Node, Node, str]]:
    """Binding objects with their role reference and its name."""
    document = file.document
    if document is None:
        return
    for binding in objects(document, *_BINDINGS):
        name = binding.get("roleRef", "name")
        if name is not None:
            yield binding, name, text_of(name)


def bound_to_cluster_admin(file: File, tree: Tree) -> Iterator[Hit]:
    """A binding to cluster-admin, unless it is the cluster's own to its administrators' group."""
    for binding, name, role in _bindings(file):
        if role == "cluster-admin" and not (text_of(binding.get("metadata", "name")) == "cluster-admin" and _bootstrap(binding)):
            yield Hit(name)


_EVERYBODY: Final = frozenset({"system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"})
_PUBLIC_ROLES: Final = frozenset(
    {"system:discovery", "system:basic-user", "system:public-info-viewer", "system:service-account-issuer-discovery"}
)


def bound_to_everybody(file: File, tree: Tree) -> Iterator[Hit]:
    """Subjects that are everybody, or the group that no rule limits."""
    for binding, _, role in _bindings(file):
        if role in _PUBLIC_ROLES:
            continue
        for subject in items(binding.get("subjects")):
            name = subject.get("name")
            if name is not None and (text_of(name) in _EVERYBODY or (text_of(name) == "system:masters" and not _bootstrap(binding))):
                yield Hit(name)


def bound_to_default_account(file: File, tree: Tree) -> Iterator[Hit]:
    """Rights given to a namespace's default service account, which every pod gets unasked."""
    for binding, _, _ in _bindings(file):
        for subject in items(binding.get("subjects")):
            name = subject.get("name")
            if name is not None and text_of(subject.get("kind")) == "ServiceAccount" and text_of(name) == "default":
                yield Hit(name)


def default_account_with_token(file: File, tree: Tree) -> Iterator[Hit]:
    """A default service account whose token every pod of the namespace mounts."""
    document = file.document
    for account in objects(document, "ServiceAccount") if document else ():
        setting = account.get("automountServiceAccountToken")
        name = account.get("metadata", "name")
        if name is not None and text_of(name) == "default":
            if setting is None:
                yield Hit(name)
            elif text_of(setting).lower() == "true":
                yield Hit(setting)


def _role(rule: str, kind: str = "ClusterRole") -> str:
    return f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: app\nrules:\n  - {rule}\n"


def _binding(role: str, subject: str, kind: str = "ClusterRoleBinding") -> str:
    return (
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: app\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n"
        f"  kind: ClusterRole\n  name: {role}\nsubjects:\n  - {subject}\n"
    )


_TEMPLATED: Final = Example(
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: app\nrules:\n  - apiGroups: ['']\n    resources: [{{ .Values.resource }}]\n    verbs: [{{ .Values.verb }}]\n",
    "charts/app/templates/role.yaml",
)
_TEMPLATED_BINDING: Final = Example(
    _binding("{{ .Values.role }}", "{kind: ServiceAccount, name: '{{ .Values.account }}', namespace: a}"),
    "charts/app/templates/binding.yaml",
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="k8s-rbac-all-on-all",
        family="config",
        title="this role allows every verb on every resource",
        severity="critical",
        tier="block",
        cwe=732,
        why="Whoever gets hold of an account with this role owns the cluster, or all of the namespace.",
        fix="List the verbs and resources that are needed.",
        match=Custom(K8S, all_on_all, ("rules",)),
        equivalents=(
            "kics:6b896afb",
            "checkov:CKV_K8S_49",
            "trivy:KSV-0044",
            "trivy:KSV-0045",
            "trivy:KSV-0046",
            "kube-linter:wildcard-in-rules",
            "kubescape:C-0187",
        ),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: ['*'], resources: [«'*'»], verbs: [«'*'»]}")),),
        good=(Example(_role("{apiGroups: ['*'], resources: ['*'], verbs: [get]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-wildcard",
        family="config",
        title="this role has a wildcard where it could list what it needs",
        severity="medium",
        tier="warn",
        cwe=732,
        why="A wildcard also covers what is added to the cluster later, such as secrets of a new operator.",
        fix="List the verbs and resources that are needed.",
        match=Custom(K8S, some_wildcard, ("rules",)),
        equivalents=(
            "kics:6b896afb",
            "checkov:CKV_K8S_49",
            "trivy:KSV-0045",
            "trivy:KSV-0046",
            "kube-linter:wildcard-in-rules",
            "kubescape:C-0187",
        ),
        references=(_GOOD_PRACTICE,),
        bad=(
            Example(_role("{apiGroups: [''], resources: [configmaps], verbs: [«'*'»]}")),
            Example(_role("{apiGroups: [''], resources: [«\"*\"»], verbs: [get, list]}")),
        ),
        good=(Example(_role("{apiGroups: [''], resources: [configmaps], verbs: [get, list, create]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-wildcard-group",
        family="config",
        title="this role reaches into every API group or URL",
        severity="low",
        tier="audit",
        cwe=732,
        why="Resources of the same name in other groups, also later ones, are covered too.",
        fix="Name the API groups.",
        match=Custom(K8S, wildcard_groups, ("apiGroups", "nonResourceURLs")),
        equivalents=("kics:6b896afb", "checkov:CKV_K8S_49", "kube-linter:wildcard-in-rules"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [«'*'»], resources: [configmaps], verbs: [get]}")),),
        good=(
            Example(_role("{apiGroups: [apps], resources: [deployments], verbs: [get]}")),
            _TEMPLATED.__class__(_TEMPLATED.text.replace("['']", "[{{ .Values.group }}]"), _TEMPLATED.path),
        ),
    ),
    Rule(
        id="k8s-rbac-escalate",
        family="config",
        title="this role lets its holder write rights into roles that he does not have himself",
        severity="high",
        tier="block",
        cwe=269,
        why="The verb escalate on roles lifts the check that nobody grants what he does not have.",
        fix="Take the verb out; let an administrator grant rights.",
        match=Custom(K8S, privileged_verbs(("escalate",), _ROLE_RESOURCES, ("roles", "clusterroles")), ("verbs",)),
        equivalents=("kics:8320826e", "checkov:CKV_K8S_158", "trivy:KSV-0050", "kubescape:C-0191"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get, «escalate»]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [pods], verbs: [escalate]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-bind",
        family="config",
        title="this role lets its holder hand out roles that he does not have himself",
        severity="high",
        tier="block",
        cwe=269,
        why="The verb bind lifts the check that nobody grants what he does not have: its holder can bind himself to cluster-admin.",
        fix="Take the verb out, or name the roles that may be bound in resourceNames.",
        match=Custom(K8S, privileged_verbs(("bind",), _ROLE_RESOURCES, ("rolebindings", "clusterrolebindings")), ("verbs",)),
        equivalents=("kics:8320826e", "checkov:CKV_K8S_157", "trivy:KSV-0050", "kubescape:C-0191"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [get, «bind»]}")),),
        good=(
            Example(_role("{apiGroups: [''], resources: [pods], verbs: [bind]}")),
            Example(_role("{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [view], verbs: [bind]}")),
            _TEMPLATED,
        ),
    ),
    Rule(
        id="k8s-rbac-impersonate",
        family="config",
        title="this role lets its holder act as somebody else",
        severity="high",
        tier="block",
        cwe=269,
        why="Whoever may impersonate users or groups has all their rights, those of administrators among them.",
        fix="Take the verb out, or limit it with resourceNames to the accounts that are meant.",
        match=Custom(
            K8S,
            privileged_verbs(
                ("impersonate",), ("users", "groups", "serviceaccounts", "userextras", "uids", "userextras/scopes"), ("users", "groups")
            ),
            ("verbs",),
        ),
        equivalents=("kics:9f85c3f6", "trivy:KSV-0043", "kubescape:C-0065"),
        references=("https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation",),
        bad=(Example(_role("{apiGroups: [''], resources: [users, groups], verbs: [«impersonate»]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [users], resourceNames: [jane], verbs: [impersonate]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-manage-roles",
        family="config",
        title="this role can create or change role bindings",
        severity="high",
        tier="warn",
        cwe=269,
        why="Bindings decide who may do what; together with the verb bind this is administration of the cluster.",
        fix="Leave bindings to administrators or to the one controller that needs them.",
        match=Custom(K8S, _verbs_on(_CHANGE, _ROLE_RESOURCES), ("rules",)),
        equivalents=("trivy:KSV-0050", "trivy:KSV-0051", "trivy:KSV-0052", "kubescape:C-0188"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [«create», patch]}")),),
        good=(Example(_role("{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [get, list]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-read-secrets",
        family="config",
        title="this role can read secrets",
        severity="medium",
        tier="warn",
        cwe=522,
        why="Reading secrets gives every credential of the namespace, tokens of other service accounts among them; list and watch show contents, too.",
        fix="Name the secrets in resourceNames and allow only get, or mount the secret where it is needed.",
        match=Custom(K8S, _verbs_on(_READ, ("secrets",)), ("rules",)),
        equivalents=(
            "kics:b7bca5c4",
            "checkov:CKV2_K8S_5",
            "trivy:KSV-0041",
            "trivy:KSV-0113",
            "kube-linter:access-to-secrets",
            "kubescape:C-0015",
            "kubescape:C-0186",
        ),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [pods, secrets], verbs: [«get», watch]}", "Role")),),
        good=(
            Example(_role("{apiGroups: [''], resources: [secrets], resourceNames: [app-tls], verbs: [get]}")),
            Example(_role("{apiGroups: [''], resources: [secrets], verbs: [create]}")),
            _TEMPLATED,
        ),
    ),
    Rule(
        id="k8s-rbac-manage-secrets",
        family="config",
        title="this role can write or delete secrets",
        severity="medium",
        tier="audit",
        cwe=732,
        why="Whoever writes secrets can plant credentials, also ones that bring tokens of other accounts.",
        fix="Name the secrets in resourceNames.",
        match=Custom(K8S, _verbs_on((*_CHANGE, "delete", "deletecollection"), ("secrets",)), ("rules",)),
        equivalents=("trivy:KSV-0041", "trivy:KSV-0113", "kubescape:C-0186"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [secrets], verbs: [«create», delete]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [secrets], resourceNames: [app-tls], verbs: [update]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-exec",
        family="config",
        title="this role can run programs in pods",
        severity="high",
        tier="warn",
        cwe=732,
        why="A shell in a pod gives its secrets, its service account's token and its network.",
        fix="Leave pods/exec to break-glass roles.",
        match=Custom(K8S, _verbs_on(("create", "get", "update", "patch"), ("pods/exec", "pods/*")), ("rules",)),
        equivalents=("kics:c589f42c", "checkov:CKV2_K8S_2", "trivy:KSV-0053", "kubescape:C-0002"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [pods, pods/exec], verbs: [«get», create]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [pods, pods/log], verbs: [get, create]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-attach",
        family="config",
        title="this role can attach to programs in pods",
        severity="high",
        tier="warn",
        cwe=732,
        why="Attaching reads what a program prints and writes to its input, a shell's for example.",
        fix="Leave pods/attach to break-glass roles.",
        match=Custom(K8S, _verbs_on(("create", "get", "update", "patch"), ("pods/attach",)), ("rules",)),
        equivalents=("kics:d45330fd", "trivy:KSV-0054"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [pods/attach], verbs: [«create»]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [pods/attach], verbs: [delete]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-port-forward",
        family="config",
        title="this role can forward ports of pods",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Port forwarding reaches services that listen only inside the pod, past network policies.",
        fix="Leave pods/portforward to break-glass roles.",
        match=Custom(K8S, _verbs_on(("create", "get"), ("pods/portforward",)), ("rules",)),
        equivalents=("kics:38fa11ef", "kubescape:C-0063"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [pods/portforward], verbs: [«create»]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [pods/portforward], verbs: [delete]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-node-proxy",
        family="config",
        title="this role can talk to the kubelet through the API server",
        severity="high",
        tier="warn",
        cwe=732,
        why="Through nodes/proxy the kubelet runs commands in every pod of the node, past audit and admission.",
        fix="Use nodes/metrics, nodes/stats or nodes/log instead.",
        match=Custom(K8S, _verbs_on(("create", "get", "update", "patch"), ("nodes/proxy", "nodes/*")), ("rules",)),
        equivalents=("checkov:CKV2_K8S_2", "trivy:KSV-0047", "kubescape:C-0192"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [nodes, nodes/proxy], verbs: [«get», create]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [nodes, nodes/metrics], verbs: [get]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-create-pods",
        family="config",
        title="this role can create pods",
        severity="medium",
        tier="audit",
        cwe=732,
        why="Whoever creates pods can mount any secret and use any service account of the namespace.",
        fix="Allow it only to controllers and deployers, and hold pods to an admission policy.",
        match=Custom(
            K8S,
            _verbs_on(
                ("create",),
                ("pods", "deployments", "daemonsets", "statefulsets", "replicasets", "replicationcontrollers", "jobs", "cronjobs"),
            ),
            ("rules",),
        ),
        equivalents=("kics:592ad21d", "trivy:KSV-0048", "kube-linter:access-to-create-pods", "kubescape:C-0045", "kubescape:C-0188"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [pods], verbs: [«create», get]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [pods], verbs: [get, list]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-delete-logs",
        family="config",
        title="this role may remove logs of pods",
        severity="low",
        tier="audit",
        cwe=778,
        why="Whoever breaks in removes first what shows it.",
        fix="Take delete and deletecollection on pods/log out.",
        match=Custom(K8S, _verbs_on(("delete", "deletecollection"), ("pods/log", "events")), ("rules",)),
        equivalents=("trivy:KSV-0042", "kubescape:C-0031"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [pods/log], verbs: [get, «delete»]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [pods/log], verbs: [get]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-manage-networking",
        family="config",
        title="this role may change how traffic reaches workloads",
        severity="low",
        tier="audit",
        cwe=284,
        why="A changed service, route or policy sends the traffic of others to the attacker.",
        fix="Grant it to the controllers that need it.",
        match=Custom(K8S, _verbs_on(_CHANGE, ("services", "endpoints", "endpointslices", "networkpolicies", "ingresses")), ("rules",)),
        equivalents=("trivy:KSV-0056",),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [networkpolicies], verbs: [get, «update»]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [networkpolicies], verbs: [get, list]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-manage-configmaps",
        family="config",
        title="this role may change configuration of workloads",
        severity="low",
        tier="audit",
        cwe=732,
        why="Many programs do what a ConfigMap says, at once.",
        fix="Name the ConfigMaps in resourceNames.",
        match=Custom(K8S, _verbs_on(_CHANGE, ("configmaps",)), ("rules",)),
        equivalents=("trivy:KSV-0049",),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [''], resources: [configmaps], verbs: [get, «patch»]}")),),
        good=(Example(_role("{apiGroups: [''], resources: [configmaps], verbs: [get, list]}")), _TEMPLATED),
    ),
    Rule(
        id="k8s-rbac-webhooks",
        family="config",
        title="this role can change admission webhooks",
        severity="high",
        tier="warn",
        cwe=269,
        why="A webhook sees every object that is created, secrets among them, and can change it.",
        fix="Name the one configuration in resourceNames, or leave it to administrators.",
        match=Custom(
            K8S, _verbs_on((*_CHANGE, "delete"), ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")), ("rules",)
        ),
        equivalents=("checkov:CKV_K8S_155", "trivy:KSV-0114", "kubescape:C-0194"),
        references=(_GOOD_PRACTICE,),
        bad=(
            Example(
                _role("{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [get, «patch»]}")
            ),
        ),
        good=(
            Example(_role("{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [get, watch]}")),
            Example(
                _role(
                    "{apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], resourceNames: [app], verbs: [patch]}"
                )
            ),
            _TEMPLATED,
        ),
    ),
    Rule(
        id="k8s-rbac-approve-certificates",
        family="config",
        title="this role can approve certificate requests",
        severity="high",
        tier="warn",
        cwe=269,
        why="Whoever approves and signs requests can make client certificates for any user of the cluster.",
        fix="Leave approval to the cluster's own controllers and administrators.",
        match=Custom(K8S, _verbs_on(("update", "patch", "approve"), ("certificatesigningrequests/approval",)), ("rules",)),
        equivalents=("checkov:CKV_K8S_156", "kubescape:C-0193"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_role("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [«update»]}")),),
        good=(
            Example(_role("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [get]}")),
            _TEMPLATED,
        ),
    ),
    Rule(
        id="k8s-cluster-admin-binding",
        family="config",
        title="this binding makes somebody administrator of the whole cluster",
        severity="high",
        tier="block",
        cwe=269,
        why="cluster-admin may do everything everywhere; one leaked token of such an account is the end of the cluster.",
        fix="Bind a role with just the rights that are needed.",
        match=Custom(K8S, bound_to_cluster_admin, ("roleRef",)),
        equivalents=("kics:249328b8", "trivy:KSV-0111", "kube-linter:cluster-admin-role-binding", "kubescape:C-0035", "kubescape:C-0185"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_binding("«cluster-admin»", "{kind: ServiceAccount, name: deployer, namespace: ci}")),),
        good=(Example(_binding("cluster-admin-viewer", "{kind: ServiceAccount, name: deployer, namespace: ci}")), _TEMPLATED_BINDING),
    ),
    Rule(
        id="k8s-admin-binding",
        family="config",
        title="this binding makes somebody administrator or editor of a namespace",
        severity="low",
        tier="audit",
        cwe=269,
        why="Both roles read every secret of the namespace and run pods under any of its service accounts.",
        fix="Bind a role with just the rights that are needed.",
        match=Keys(K8S, ("**.roleRef.name",), one_of("admin", "edit")),
        equivalents=("trivy:KSV-0111",),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_binding("«edit»", "{kind: ServiceAccount, name: deployer, namespace: ci}", "RoleBinding")),),
        good=(Example(_binding("view", "{kind: ServiceAccount, name: deployer, namespace: ci}", "RoleBinding")), _TEMPLATED_BINDING),
    ),
    Rule(
        id="k8s-binding-to-everybody",
        family="config",
        title="this binding gives rights to everybody",
        severity="critical",
        tier="block",
        cwe=732,
        why="These groups hold every caller, every logged-in user or every service account; system:masters passes all checks.",
        fix="Bind the role to the users, groups or service accounts that need it.",
        match=Custom(K8S, bound_to_everybody, ("subjects",)),
        equivalents=("trivy:KSV-0122", "trivy:KSV-0123", "trivy:KSV-01011", "kubescape:C-0262"),
        references=(_GOOD_PRACTICE,),
        bad=(
            Example(_binding("view", "{kind: Group, name: «system:anonymous», apiGroup: rbac.authorization.k8s.io}")),
            Example(_binding("edit", "{kind: Group, name: «'system:authenticated'»}", "RoleBinding")),
        ),
        good=(
            Example(_binding("system:public-info-viewer", "{kind: Group, name: system:unauthenticated}")),
            Example(_binding("view", "{kind: Group, name: team-a}")),
            Example(_TEMPLATED_BINDING.text.replace("kind: ServiceAccount", "kind: Group"), _TEMPLATED_BINDING.path),
        ),
    ),
    Rule(
        id="k8s-binding-to-default-account",
        family="config",
        title="this binding gives rights to the default service account",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Every pod of the namespace that names no other account has these rights.",
        fix="Create a service account for the program and bind the role to that.",
        match=Custom(K8S, bound_to_default_account, ("subjects",)),
        equivalents=("kics:1e749bc9", "checkov:CKV_K8S_42", "kubescape:C-0189"),
        references=(_GOOD_PRACTICE,),
        bad=(Example(_binding("view", "{kind: ServiceAccount, name: «default», namespace: shop}")),),
        good=(Example(_binding("view", "{kind: ServiceAccount, name: defaults, namespace: default}")), _TEMPLATED_BINDING),
    ),
    Rule(
        id="k8s-default-account-token",
        family="config",
        title="the default service account mounts its token into every pod",
        severity="medium",
        tier="audit",
        cwe=732,
        why="Every pod of the namespace gets a credential for the cluster's API, needed or not.",
        fix="Set automountServiceAccountToken: false on the default service account.",
        match=Custom(K8S, default_account_with_token, ("kind",)),
        equivalents=("checkov:CKV_K8S_41", "kics:b93e973e", "kubescape:C-0189"),
        references=(_GOOD_PRACTICE,),
        bad=(
            Example("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: «default»\n"),
            Example("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\nautomountServiceAccountToken: «true»\n"),
        ),
        good=(
            Example("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\nautomountServiceAccountToken: false\n"),
            Example("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ .Values.name }}\n", "charts/app/templates/sa.yaml"),
        ),
    ),
)
