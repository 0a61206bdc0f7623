"""Rules for Kubernetes workloads: what a pod or container may do to its node. All kinds that hold a pod template, lists, init and ephemeral containers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..kube import CONTAINERS, command_line, containers, items, kind_of, text_of
from ..match import Custom, Hit, Keys, Missing, Remove, Replace, Where
from ..predicates import (
    all_of,
    any_of,
    equals,
    is_false,
    is_sequence,
    is_set,
    is_true,
    is_zero,
    less_than,
    matches,
    more_than,
    no,
    one_of,
    surely,
    truth,
)
from ..text import indent

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

K8S: Final = ("kubernetes",)
_AND_VALUES: Final = ("kubernetes", "helm-values")  # settings that charts pass through under the same names
_CONTEXTS: Final = "**.{securityContext,containerSecurityContext,podSecurityContext}"
_ANY: Final = "**.{containers,initContainers,ephemeralContainers}[*]"
_LASTING: Final = "**.{containers,initContainers}[*]"
_PSS: Final = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
_CONTEXT: Final = "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"


# -- examples


def pod(container: str = "", spec: str = "") -> str:
    """A pod manifest with further lines of its only container and of its specification."""
    return (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n"
        + indent(spec, "  ")
        + "  containers:\n    - name: web\n      image: registry.example.com/web:1.4.2\n"
        + indent(container, "      ")
    )


def _bad(container: str = "", spec: str = "") -> Example:
    return Example(pod(container, spec))


def _good(container: str = "", spec: str = "") -> Example:
    return Example(pod(container, spec))


def _chart(container: str = "", spec: str = "") -> Example:
    return Example(pod(container, spec), "charts/web/templates/pod.yaml")


# -- what no table row can say

_SOCKETS: Final = r"(^|/)(docker|containerd|crio|cri-o|podman|cri-dockerd|dockershim|buildkitd|frakti)\.sock/?\Z"
_SYSTEM: Final = r"\A/*(/(etc|proc|sys|root|boot|dev|usr|bin|sbin|lib|lib64|var|home|run|var/run|var/lib|var/lib/(kubelet|docker|containerd|etcd|rancher|rook)(/.*)?|etc/(kubernetes|ssh|shadow|passwd|sudoers|cron[^/]*)(/.*)?|root/.*|proc/.*|sys/.*))?/*\Z"
_BELOW_SYSTEM: Final = r"\A/(etc|proc|sys|root|boot|dev|usr|bin|sbin|lib|lib64|var|home|run|media|srv|cdrom|selinux|seLinux)/"
_ROOT_USER_KEYS: Final = ("runAsUser", "runAsNonRoot")


def _only_read(volume: Node) -> bool:
    """Whether every container that mounts the volume of this ``hostPath.path`` entry mounts it read-only."""
    source = volume.parent.parent if volume.parent is not None else None  # path -> hostPath -> item of volumes
    if source is None or source.parent is None or source.parent.parent is None:
        return False
    name, spec = text_of(source.get("name")), source.parent.parent
    mounts = [
        mount
        for group in CONTAINERS
        for container in items(spec.get(group))
        for mount in items(container.get("volumeMounts"))
        if text_of(mount.get("name")) == name
    ]
    return bool(mounts) and all(truth(text_of(mount.get("readOnly"))) is True for mount in mounts)


def _system_paths(file: File, read_only: bool) -> Iterator[Hit]:
    document = file.document
    wanted = matches(_SYSTEM)
    for path in document.select("**.hostPath.path") if document else ():
        if wanted(path) is True and _only_read(path) == read_only:
            yield Hit(path)


def writable_system_path(file: File, tree: Tree) -> Iterable[Hit]:
    """System directories of the node that some container can write."""
    return _system_paths(file, read_only=False)


def readable_system_path(file: File, tree: Tree) -> Iterable[Hit]:
    """System directories of the node that all containers mount read-only."""
    return _system_paths(file, read_only=True)


def root_user(file: File, tree: Tree) -> Iterator[Hit]:
    """``runAsUser: 0`` and ``runAsNonRoot: false`` where they take effect."""
    document = file.document
    if document is None:
        return
    seen: set[int] = set()
    for container, spec, _ in containers(document):
        own, of_pod = container.get("securityContext"), spec.get("securityContext")
        effective: dict[str, Node | None] = {
            key: (own.get(key) if own is not None else None) or (of_pod.get(key) if of_pod is not None else None) for key in _ROOT_USER_KEYS
        }
        user, non_root = effective["runAsUser"], effective["runAsNonRoot"]
        if user is not None and is_zero(user) is True and id(user) not in seen:
            seen.add(id(user))
            yield Hit(user)
        elif non_root is not None and user is None and is_false(non_root) is True and id(non_root) not in seen:
            seen.add(id(non_root))
            yield Hit(non_root)


def git_sync_arguments(file: File, tree: Tree) -> Iterator[Hit]:
    """git-sync told by its arguments or environment to run a program of somebody's choice, or what to clone."""
    document = file.document
    if document is None:
        return
    for container, _, _ in containers(document):
        image = container.get("image")
        if "git-sync" not in text_of(image):
            continue
        for word in command_line(container):
            name = word.text.lstrip("-").partition("=")[0]
            if word.text.startswith("-") and name in ("git", "git-config", "exechook-command", "sync-hook-command", "askpass-url"):
                yield Hit(word.item.source.span(word.start, word.end))
        for entry in items(container.get("env")):
            name_node = entry.get("name")
            if name_node is not None and text_of(name_node) in _GIT_SYNC_ENV:
                yield Hit(name_node)


_GIT_SYNC_ENV: Final = ("GITSYNC_GIT", "GIT_SYNC_GIT", "GITSYNC_GIT_CONFIG", "GITSYNC_EXECHOOK_COMMAND", "GIT_SYNC_HOOK_COMMAND")


def dashboard(file: File, tree: Tree) -> Iterator[Hit]:
    """Containers that run the Kubernetes dashboard, and pods labelled as it."""
    found = list(_images(file, ("kubernetes-dashboard", "kubernetesui/dashboard")))
    document = file.document
    if not found and document is not None and "kubernetes-dashboard" in document.source.text:
        for key in ("k8s-app", "app", "app.kubernetes.io/name"):
            labels = [label for label in document.index.get(key, ()) if label.parent is not None and label.parent.key == "labels"]
            found += [Hit(label) for label in labels if text_of(label) == "kubernetes-dashboard" and kind_of(label) in _POD_OWNERS]
    return iter(found)


def tiller(file: File, tree: Tree) -> Iterator[Hit]:
    """Containers that run Tiller, services that expose it, and what is labelled as it."""
    yield from _images(file, ("/tiller", "helm-tiller"))
    document = file.document
    if document is None or ("tiller" not in document.source.text and "helm" not in document.source.text):
        return
    for name in document.select("metadata.name"):
        if text_of(name) == "tiller-deploy" and kind_of(name) == "Service":
            yield Hit(name)
    for key, wanted in (("name", "tiller"), ("app", "helm")):  # as Helm 2 labels what it installs
        for label in document.index.get(key, ()):
            if label.parent is not None and label.parent.key == "labels" and text_of(label) == wanted:
                yield Hit(label, tier="audit" if key == "app" else None)


def _images(file: File, words: tuple[str, ...]) -> Iterator[Hit]:
    document = file.document
    for container, _, _ in containers(document) if document else ():
        image = container.get("image")
        if image is not None and any(word in "/" + text_of(image) for word in words):
            yield Hit(image)


def apparmor_unconfined(file: File, tree: Tree) -> Iterator[Hit]:
    """AppArmor switched off by field or by annotation."""
    document = file.document
    if document is None:
        return
    unconfined = one_of("unconfined")
    for node in (*document.select("**.appArmorProfile.type"), *document.select("**.annotations.*")):
        if (node.key == "type" or (node.key or "").startswith("container.apparmor.security.beta.kubernetes.io/")) and unconfined(
            node
        ) is True:
            yield Hit(node)


_APPARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"


def no_apparmor(file: File, tree: Tree) -> Iterator[Hit]:
    """Containers without an AppArmor profile of their own; reported at the annotation, the annotations, or the metadata."""
    document = file.document
    if document is None or (file.type.template and "{{" in file.source.text):
        return
    for container, spec, _ in containers(document):
        if container.get("securityContext", "appArmorProfile") is not None or spec.get("securityContext", "appArmorProfile") is not None:
            continue
        metadata = spec.parent.get("metadata") if spec.parent is not None else None
        annotations = metadata.get("annotations") if metadata is not None else None
        profile = annotations.get(_APPARMOR + text_of(container.get("name"))) if annotations is not None else None
        if profile is None:
            yield Hit(annotations or metadata or container, key=True)
        elif not text_of(profile).startswith(("runtime/default", "localhost/", "unconfined")) and profile.known:
            yield Hit(profile)


_POD_OWNERS: Final = (
    "Pod",
    "Deployment",
    "DaemonSet",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "DeploymentConfig",
    "PodTemplate",
)


def _is_template(spec: Node) -> bool:
    """Whether a pod specification stands in a template, as in every controller, those of custom resources among them."""
    return spec.key == "spec" and spec.parent is not None and spec.parent.key == "template"


def token_mounted(file: File, tree: Tree) -> Iterator[Hit]:
    """Pod specifications that mount the service account's token, told to or by default."""
    document = file.document
    if document is None:
        return
    templated = bool(file.type.template) and "{{" in file.source.text
    seen: set[int] = set()
    for _, spec, _ in containers(document):
        if id(spec) in seen:
            continue
        seen.add(id(spec))
        setting = spec.get("automountServiceAccountToken")
        if setting is None:
            if not templated and spec.key is not None and (kind_of(spec) in _POD_OWNERS or _is_template(spec)):
                yield Hit(spec, key=True)
        elif is_true(setting) is True:
            yield Hit(setting)


_DANGEROUS_CAPABILITY: Final = r"(?i)\A(CAP_)?(ALL|NET_ADMIN|NET_RAW|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|SYS_BOOT|BPF|PERFMON|DAC_READ_SEARCH|DAC_OVERRIDE|MAC_ADMIN|MAC_OVERRIDE|CHECKPOINT_RESTORE)\Z"
_SYS_ADMIN: Final = r"(?i)\A(CAP_)?SYS_ADMIN\Z"
_HARMLESS_CAPABILITY: Final = r"(?i)\A(CAP_)?NET_BIND_SERVICE\Z"
_SAFE_SYSCTL: Final = (
    r"\A(kernel\.shm_rmid_forced|net\.ipv4\.(ip_local_port_range|ip_local_reserved_ports|ip_unprivileged_port_start|tcp_syncookies|ping_group_range"
    r"|tcp_keepalive_(time|intvl|probes)|tcp_fin_timeout|tcp_rmem|tcp_wmem))\Z"
)
_ADDED: Final = ("trivy:KSV-0022", "checkov:CKV_K8S_25", "kics:19ebaa28")
_HOST_PATH: Final = ("trivy:KSV-0023", "kubescape:C-0048")
_ELSEWHERE: Final = Where("$.metadata.namespace", surely(equals("kube-system")), absent=True)

RULES: tuple[Rule, ...] = (
    Rule(
        id="k8s-privileged-container",
        family="config",
        title="this container runs privileged",
        severity="high",
        tier="block",
        cwe=250,
        why="A privileged container has every capability and every device of its node; whoever breaks into it owns the node.",
        fix="Take privileged out, or set it to false and add only the capabilities the program needs.",
        match=Keys(_AND_VALUES, (f"{_CONTEXTS}.privileged", "spec.privileged"), is_true, mend=Replace("false", safe=False)),
        equivalents=(
            "kics:c48e57d3",
            "kics:dd29336b",
            "checkov:CKV_K8S_16",
            "checkov:CKV_K8S_2",
            "trivy:KSV-0017",
            "kube-linter:privileged-container",
            "kubescape:C-0057",
            "semgrep:privileged-container",
            "polaris:runAsPrivileged",
        ),
        references=(_PSS,),
        bad=(
            _bad("securityContext:\n  privileged: «true»\n"),
            Example(
                "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: DaemonSet\n  spec:\n    template:\n      spec:\n        initContainers:\n        - name: prepare\n          securityContext: {privileged: «yes»}\n"
            ),
        ),
        good=(_good("securityContext:\n  privileged: false\n"), _chart("securityContext:\n  privileged: {{ .Values.privileged }}\n")),
    ),
    Rule(
        id="k8s-host-pid",
        family="config",
        title="this pod shares the process table of its node",
        severity="high",
        tier="block",
        cwe=200,
        why="With the node's process table a container sees the arguments and environment of every process there, and can signal or trace them.",
        fix="Take hostPID out, or set it to false.",
        match=Keys(_AND_VALUES, ("**.hostPID",), is_true, mend=Replace("false", safe=False)),
        equivalents=(
            "kics:91dacd0e",
            "kics:302736f4",
            "checkov:CKV_K8S_17",
            "checkov:CKV_K8S_1",
            "trivy:KSV-0010",
            "kube-linter:host-pid",
            "kubescape:C-0038",
            "polaris:hostPIDSet",
        ),
        references=(_PSS,),
        bad=(_bad(spec="hostPID: «true»\n"),),
        good=(_good(spec="hostPID: false\n"), _chart(spec="hostPID: {{ .Values.hostPID }}\n")),
    ),
    Rule(
        id="k8s-host-ipc",
        family="config",
        title="this pod shares the IPC namespace of its node",
        severity="high",
        tier="block",
        cwe=200,
        why="Shared memory and semaphores of every other program on the node become readable and writable from the container.",
        fix="Take hostIPC out, or set it to false.",
        match=Keys(_AND_VALUES, ("**.hostIPC",), is_true, mend=Replace("false", safe=False)),
        equivalents=(
            "kics:80f93444",
            "kics:cd290efd",
            "checkov:CKV_K8S_18",
            "checkov:CKV_K8S_3",
            "trivy:KSV-0008",
            "kube-linter:host-ipc",
            "kubescape:C-0038",
            "polaris:hostIPCSet",
        ),
        references=(_PSS,),
        bad=(_bad(spec="hostIPC: «true»\n"),),
        good=(_good(spec="hostIPC: false\n"), _chart(spec="hostIPC: {{ .Values.hostIPC }}\n")),
    ),
    Rule(
        id="k8s-host-network",
        family="config",
        title="this pod uses the network of its node",
        severity="high",
        tier="block",
        cwe=200,
        why="On the node's network a container reaches services bound to localhost, can listen to traffic of other pods, and escapes network policies.",
        fix="Take hostNetwork out and publish the port with a Service.",
        match=Keys(_AND_VALUES, ("**.hostNetwork",), is_true, mend=Replace("false", safe=False)),
        equivalents=(
            "kics:a33e9173",
            "kics:6b6bdfb3",
            "checkov:CKV_K8S_19",
            "checkov:CKV_K8S_4",
            "trivy:KSV-0009",
            "kube-linter:host-network",
            "kubescape:C-0041",
            "polaris:hostNetworkSet",
        ),
        references=(_PSS,),
        bad=(_bad(spec="hostNetwork: «true»\n"),),
        good=(_good(spec="hostNetwork: false\n"), _chart(spec="hostNetwork: {{ .Values.hostNetwork }}\n")),
    ),
    Rule(
        id="k8s-privilege-escalation",
        family="config",
        title="processes in this container may gain more privileges than they started with",
        severity="high",
        tier="block",
        cwe=269,
        why="setuid programs and file capabilities let a process that was started harmlessly become root.",
        fix="Set allowPrivilegeEscalation to false.",
        match=Keys(
            _AND_VALUES,
            (f"{_CONTEXTS}.allowPrivilegeEscalation", "spec.allowPrivilegeEscalation"),
            is_true,
            mend=Replace("false", safe=False),
        ),
        equivalents=(
            "kics:87554eef",
            "kics:5572cc5e",
            "checkov:CKV_K8S_20",
            "checkov:CKV_K8S_5",
            "trivy:KSV-0001",
            "kube-linter:privilege-escalation-container",
            "kubescape:C-0016",
            "semgrep:allow-privilege-escalation-true",
            "polaris:privilegeEscalationAllowed",
        ),
        references=(_CONTEXT,),
        bad=(_bad("securityContext:\n  allowPrivilegeEscalation: «true»\n"),),
        good=(
            _good("securityContext:\n  allowPrivilegeEscalation: false\n"),
            _chart("securityContext:\n  allowPrivilegeEscalation: {{ .Values.escalate }}\n"),
        ),
    ),
    Rule(
        id="k8s-privilege-escalation-not-denied",
        family="config",
        title="allowPrivilegeEscalation is not set to false",
        severity="low",
        tier="audit",
        cwe=269,
        why="Unless it is denied, setuid programs in the image can raise the privileges of the container's processes.",
        fix="Add securityContext.allowPrivilegeEscalation: false to the container.",
        match=Missing(K8S, (_LASTING,), ("securityContext.allowPrivilegeEscalation",)),
        equivalents=(
            "checkov:CKV_K8S_20",
            "trivy:KSV-0001",
            "semgrep:allow-privilege-escalation",
            "kics:5572cc5e",
            "kubescape:C-0016",
            "kube-linter:privilege-escalation-container",
        ),
        references=(_CONTEXT,),
        bad=(
            Example("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: «web»\n      image: a.example.com/web:1\n"),
            _bad("«securityContext»:\n  runAsNonRoot: true\n"),
        ),
        good=(
            _good("securityContext:\n  allowPrivilegeEscalation: false\n"),
            _chart("securityContext: {{ toYaml .Values.context | nindent 8 }}\n"),
        ),
    ),
    Rule(
        id="k8s-capability-sys-admin",
        family="config",
        title="this container gets CAP_SYS_ADMIN, which is nearly root on the node",
        severity="high",
        tier="block",
        cwe=250,
        why="SYS_ADMIN covers mounting, namespaces and much more; it is enough to break out of a container.",
        fix="Take SYS_ADMIN out of capabilities.add.",
        match=Keys(_AND_VALUES, ("**.capabilities.add[*]",), matches(_SYS_ADMIN), mend=Remove(safe=False)),
        equivalents=("kics:235236ee", "checkov:CKV_K8S_39", "trivy:KSV-0005", "kubescape:C-0046", "polaris:dangerousCapabilities", *_ADDED),
        references=("https://man7.org/linux/man-pages/man7/capabilities.7.html", _PSS),
        bad=(
            _bad("securityContext:\n  capabilities:\n    add: [NET_BIND_SERVICE, «SYS_ADMIN»]\n"),
            _bad('securityContext:\n  capabilities:\n    add:\n      - «"CAP_SYS_ADMIN"»\n'),
        ),
        good=(
            _good("securityContext:\n  capabilities:\n    drop: [SYS_ADMIN]\n    add: [NET_BIND_SERVICE]\n"),
            _chart("securityContext:\n  capabilities:\n    add: [{{ .Values.capability }}]\n"),
        ),
    ),
    Rule(
        id="k8s-dangerous-capability",
        family="config",
        title="this container gets a capability that reaches beyond it",
        severity="high",
        tier="block",
        cwe=250,
        why="With these capabilities a process can load kernel modules, trace others, forge packets, or read any file of the node.",
        fix="Drop ALL capabilities and add only harmless ones such as NET_BIND_SERVICE.",
        match=Keys(
            _AND_VALUES,
            ("**.capabilities.add[*]",),
            matches(_DANGEROUS_CAPABILITY),
            mend=Remove(safe=False),
            message="this container gets the capability {value}, which reaches beyond it",
        ),
        equivalents=(
            "kics:19ebaa28",
            "checkov:CKV_K8S_25",
            "trivy:KSV-0119",
            "trivy:KSV-0120",
            "trivy:KSV-0022",
            "kubescape:C-0046",
            "polaris:dangerousCapabilities",
        ),
        references=("https://man7.org/linux/man-pages/man7/capabilities.7.html", _PSS),
        bad=(
            _bad("securityContext:\n  capabilities:\n    add: [«NET_ADMIN», «SYS_PTRACE»]\n"),
            _bad("securityContext:\n  capabilities:\n    add:\n    - «ALL»\n"),
        ),
        good=(
            _good("securityContext:\n  capabilities:\n    drop: [ALL]\n    add: [NET_BIND_SERVICE]\n"),
            _chart("securityContext:\n  capabilities:\n    add: [{{ .Values.capability }}]\n"),
        ),
    ),
    Rule(
        id="k8s-added-capability",
        family="config",
        title="this container gets an additional capability",
        severity="low",
        tier="audit",
        cwe=250,
        why="Each added capability is a privilege that an intruder in the container has, too.",
        fix="Add only NET_BIND_SERVICE, and that only where a port below 1024 is needed.",
        match=Keys(
            K8S, ("**.capabilities.add[*]",), no(any_of(matches(_DANGEROUS_CAPABILITY), matches(_SYS_ADMIN), matches(_HARMLESS_CAPABILITY)))
        ),
        equivalents=(*_ADDED, "polaris:insecureCapabilities"),
        references=(_PSS,),
        bad=(_bad("securityContext:\n  capabilities:\n    add: [«IPC_LOCK»]\n"),),
        good=(
            _good("securityContext:\n  capabilities:\n    add: [NET_BIND_SERVICE]\n"),
            _chart("securityContext:\n  capabilities:\n    add: [{{ .Values.capability }}]\n"),
        ),
    ),
    Rule(
        id="k8s-added-low-port-capability",
        family="config",
        title="this container gets the capability to open ports below 1024",
        severity="info",
        tier="audit",
        cwe=250,
        why="A program that listens above 1023 behind a Service needs no capability at all.",
        fix="Let the program listen on a high port and map it in the Service.",
        match=Keys(K8S, ("**.capabilities.add[*]",), matches(_HARMLESS_CAPABILITY)),
        equivalents=("checkov:CKV_K8S_25", "trivy:KSV-0022"),
        references=(_PSS,),
        bad=(_bad("securityContext:\n  capabilities:\n    add: [«NET_BIND_SERVICE»]\n"),),
        good=(
            _good("securityContext:\n  capabilities:\n    drop: [NET_BIND_SERVICE]\n    add: []\n"),
            _chart("securityContext:\n  capabilities:\n    add: [{{ .Values.capability }}]\n"),
        ),
    ),
    Rule(
        id="k8s-no-capabilities-dropped",
        family="config",
        title="this container keeps the runtime's default capabilities",
        severity="low",
        tier="audit",
        cwe=250,
        why="The default set includes raw sockets, changing file owners and other privileges that few programs need.",
        fix="Add securityContext.capabilities.drop: [ALL] to the container.",
        match=Missing(K8S, (_LASTING,), ("securityContext.capabilities.drop",)),
        equivalents=(
            "kics:268ca686",
            "checkov:CKV_K8S_37",
            "checkov:CKV_K8S_28",
            "trivy:KSV-0003",
            "trivy:KSV-0004",
            "trivy:KSV-0106",
            "kube-linter:drop-net-raw-capability",
        ),
        references=(_PSS,),
        bad=(
            _bad("securityContext:\n  «capabilities»:\n    add: [NET_BIND_SERVICE]\n"),
            Example("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: «web»\n    image: web:1\n"),
        ),
        good=(_good("securityContext:\n  capabilities:\n    drop: [ALL]\n"), _chart("securityContext: {{ .Values.context }}\n")),
    ),
    Rule(
        id="k8s-net-raw-not-dropped",
        family="config",
        title="this container drops capabilities but keeps NET_RAW",
        severity="low",
        tier="audit",
        cwe=250,
        why="Raw sockets let a container forge packets and impersonate other pods on its network.",
        fix="Drop ALL capabilities.",
        match=Keys(
            K8S,
            (f"{_LASTING}.securityContext.capabilities.drop",),
            is_sequence,
            where=(Where("drop[*]", matches(r"(?i)\A(CAP_)?(ALL|NET_RAW)\Z"), absent=True),),
            at="key",
        ),
        equivalents=("checkov:CKV_K8S_37", "checkov:CKV_K8S_28", "trivy:KSV-0003", "trivy:KSV-0106", "kube-linter:drop-net-raw-capability"),
        references=(_PSS,),
        bad=(_bad("securityContext:\n  capabilities:\n    «drop»: [MKNOD, CHOWN]\n"),),
        good=(
            _good("securityContext:\n  capabilities:\n    drop: [NET_RAW]\n"),
            _good("securityContext:\n  capabilities:\n    drop:\n    - all\n"),
            _chart("securityContext:\n  capabilities:\n    drop: [{{ .Values.capability }}]\n"),
        ),
    ),
    Rule(
        id="k8s-not-all-capabilities-dropped",
        family="config",
        title="this container drops some capabilities, but not all",
        severity="low",
        tier="audit",
        cwe=250,
        why="A list of single capabilities keeps the others of the runtime's default set.",
        fix="Drop ALL and add back what is needed.",
        match=Keys(
            K8S,
            (f"{_LASTING}.securityContext.capabilities.drop",),
            is_sequence,
            where=(Where("drop[*]", matches(r"(?i)\A(CAP_)?ALL\Z"), absent=True), Where("drop[*]", matches(r"(?i)\A(CAP_)?NET_RAW\Z"))),
            at="key",
        ),
        equivalents=("checkov:CKV_K8S_37", "trivy:KSV-0003", "trivy:KSV-0106"),
        references=(_PSS,),
        bad=(_bad("securityContext:\n  capabilities:\n    «drop»: [NET_RAW]\n"),),
        good=(
            _good("securityContext:\n  capabilities:\n    drop: [ALL, NET_RAW]\n"),
            _chart("securityContext:\n  capabilities:\n    drop: [{{ .Values.capability }}]\n"),
        ),
    ),
    Rule(
        id="k8s-container-runtime-socket",
        family="config",
        title="this pod mounts the socket of the container runtime",
        severity="high",
        tier="block",
        cwe=668,
        why="Whoever can talk to the runtime's socket can start a privileged container and own the node.",
        fix="Take the hostPath volume out; build images with a rootless builder, read container data from the API.",
        match=Keys(_AND_VALUES, ("**.hostPath.path", "**.{extraVolumes,volumes}[*].hostPath.path"), matches(_SOCKETS)),
        equivalents=(
            "kics:a6f34658",
            "checkov:CKV_K8S_27",
            "trivy:KSV-0006",
            "kube-linter:docker-sock",
            "kubescape:C-0074",
            "semgrep:exposing-docker-socket-hostpath",
            *_HOST_PATH,
        ),
        references=("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
        bad=(_bad(spec="volumes:\n  - name: docker\n    hostPath:\n      path: «/var/run/docker.sock»\n"),),
        good=(
            _good(spec="volumes:\n  - name: docker\n    hostPath:\n      path: /var/run/docker.sock.d\n"),
            _chart(spec="volumes:\n  - name: run\n    hostPath:\n      path: {{ .Values.socket }}\n"),
        ),
    ),
    Rule(
        id="k8s-sensitive-host-path",
        family="config",
        title="this pod can write a system directory of its node",
        severity="high",
        tier="block",
        cwe=668,
        why="From a writable system directory of the node a container takes over the node: cron jobs, kubelet credentials, static pods, devices.",
        fix="Take the hostPath volume out, or mount only the one harmless directory that is needed, read-only.",
        match=Custom(K8S, writable_system_path, ("hostPath",)),
        equivalents=("kics:5308a7a8", "trivy:KSV-0121", "kube-linter:sensitive-host-mounts", "kubescape:C-0045", *_HOST_PATH),
        references=("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
        bad=(
            _bad(spec="volumes:\n  - name: root\n    hostPath:\n      path: «/»\n"),
            _bad(spec='volumes:\n  - name: kubelet\n    hostPath: {path: «"/var/lib/kubelet/pods"», type: Directory}\n'),
        ),
        good=(
            _good(spec="volumes:\n  - name: data\n    hostPath:\n      path: /mnt/data\n"),
            _chart(spec="volumes:\n  - name: data\n    hostPath:\n      path: {{ .Values.path }}\n"),
        ),
    ),
    Rule(
        id="k8s-sensitive-host-path-read-only",
        family="config",
        title="this pod can read a system directory of its node",
        severity="medium",
        tier="warn",
        cwe=668,
        why="System directories hold keys, tokens and the state of other workloads; reading them is often enough.",
        fix="Mount only the one file or directory that is needed.",
        match=Custom(K8S, readable_system_path, ("hostPath",)),
        equivalents=("kics:5308a7a8", "trivy:KSV-0121", "kube-linter:sensitive-host-mounts", *_HOST_PATH),
        references=("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
        bad=(
            _bad(
                "volumeMounts:\n  - {name: proc, mountPath: /host/proc, readOnly: true}\n",
                "volumes:\n  - name: proc\n    hostPath:\n      path: «/proc»\n",
            ),
        ),
        good=(
            _good(
                "volumeMounts:\n  - {name: data, mountPath: /data, readOnly: true}\n",
                "volumes:\n  - name: data\n    hostPath:\n      path: /mnt/data\n",
            ),
            _chart(
                "volumeMounts:\n  - {name: data, mountPath: /data, readOnly: true}\n",
                "volumes:\n  - name: data\n    hostPath:\n      path: {{ .Values.path }}\n",
            ),
        ),
    ),
    Rule(
        id="k8s-host-path-system",
        family="config",
        title="this pod mounts a path below a system directory of its node",
        severity="medium",
        tier="warn",
        cwe=668,
        why="What lies there belongs to the node or to other workloads, and survives the pod.",
        fix="Use an emptyDir, a ConfigMap, or a persistent volume claim.",
        match=Keys(
            K8S,
            ("**.hostPath.path",),
            any_of(matches(_BELOW_SYSTEM)),
            where=(Where("path", no(any_of(matches(_SYSTEM), matches(_SOCKETS)))), _ELSEWHERE),
        ),
        equivalents=("kics:5308a7a8", "kics:aa8f7a35", *_HOST_PATH),
        references=("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
        bad=(_bad(spec="volumes:\n  - name: log\n    hostPath:\n      path: «/var/log/app»\n"),),
        good=(
            _good(spec="volumes:\n  - name: data\n    hostPath:\n      path: /variable/data\n"),
            _chart(spec="volumes:\n  - name: data\n    hostPath:\n      path: {{ .Values.path }}\n"),
        ),
    ),
    Rule(
        id="k8s-host-path",
        family="config",
        title="this pod mounts a directory of its node",
        severity="medium",
        tier="warn",
        cwe=668,
        why="A directory of the node is shared with every pod scheduled there, escapes quotas and outlives the pod.",
        fix="Use an emptyDir, a ConfigMap, or a persistent volume claim.",
        match=Keys(
            K8S, ("**.hostPath.path",), no(any_of(matches(_BELOW_SYSTEM), matches(_SYSTEM), matches(_SOCKETS))), where=(_ELSEWHERE,)
        ),
        equivalents=("kics:aa8f7a35", *_HOST_PATH),
        references=("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
        bad=(_bad(spec="volumes:\n  - name: data\n    hostPath:\n      path: «/mnt/data»\n"),),
        good=(
            _good(spec="volumes:\n  - name: hostPath\n    emptyDir: {}\n"),
            _chart(spec="volumes:\n  - name: data\n    hostPath:\n      path: {{ .Values.path }}\n"),
            Example(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: agent, namespace: kube-system}\nspec:\n  volumes:\n  - hostPath: {path: /mnt/log}\n"
            ),
        ),
    ),
    Rule(
        id="k8s-host-path-in-kube-system",
        family="config",
        title="this system pod mounts a directory of its node",
        severity="low",
        tier="audit",
        cwe=668,
        why="Programs that run the cluster often need such a mount; each is still a way from the pod to the node.",
        fix="Mount only the one directory that is needed, read-only.",
        match=Keys(
            K8S,
            ("**.hostPath.path",),
            no(any_of(matches(_SYSTEM), matches(_SOCKETS))),
            where=(Where("$.metadata.namespace", equals("kube-system")),),
        ),
        equivalents=("kics:5308a7a8", *_HOST_PATH),
        references=("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
        bad=(
            Example(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: agent, namespace: kube-system}\nspec:\n  volumes:\n  - hostPath: {path: «/var/log»}\n".replace(
                    "/var/log", "/var/log/pods"
                )
            ),
        ),
        good=(
            _good(spec="volumes:\n  - name: hostPath\n    emptyDir: {}\n"),
            _chart(spec="volumes:\n  - name: data\n    hostPath:\n      path: {{ .Values.path }}\n"),
        ),
    ),
    Rule(
        id="k8s-runs-as-root",
        family="config",
        title="this container runs as root",
        severity="high",
        tier="block",
        cwe=250,
        why="Root in the container is root in the kernel's eyes: with any further mistake it is root on the node.",
        fix="Set runAsNonRoot: true and a runAsUser above 0.",
        match=Custom(K8S, root_user, _ROOT_USER_KEYS),
        equivalents=(
            "kics:cf34805e",
            "checkov:CKV_K8S_23",
            "trivy:KSV-0105",
            "trivy:KSV-0012",
            "kube-linter:run-as-non-root",
            "kubescape:C-0013",
            "polaris:runAsRootAllowed",
        ),
        references=(_CONTEXT,),
        bad=(
            _bad("securityContext:\n  runAsUser: «0»\n"),
            _bad(spec="securityContext:\n  runAsNonRoot: «false»\n"),
            _bad("securityContext:\n  runAsNonRoot: false\n  runAsUser: «0»\n", "securityContext:\n  runAsUser: 1000\n"),
        ),
        good=(
            _good("securityContext:\n  runAsUser: 1000\n", "securityContext:\n  runAsUser: 0\n"),
            _good("securityContext:\n  runAsNonRoot: false\n  runAsUser: 10001\n"),
            _chart("securityContext:\n  runAsUser: {{ .Values.user }}\n"),
        ),
    ),
    Rule(
        id="helm-runs-as-root",
        family="config",
        title="these values make containers run as root",
        severity="high",
        tier="block",
        cwe=250,
        why="Root in the container is root in the kernel's eyes: with any further mistake it is root on the node.",
        fix="Set runAsNonRoot: true and a runAsUser above 0.",
        match=Keys(("helm-values",), (f"{_CONTEXTS}.runAsUser",), is_zero),
        equivalents=("kics:cf34805e", "checkov:CKV_K8S_23", "trivy:KSV-0105", "sonar:k8s-helm"),
        references=(_CONTEXT,),
        bad=(Example("web:\n  podSecurityContext:\n    runAsUser: «0»\n"),),
        good=(
            Example("web:\n  podSecurityContext:\n    runAsUser: 1001\n"),
            Example("web:\n  podSecurityContext:\n    runAsUser: ${UID}\n"),
        ),
    ),
    Rule(
        id="helm-root-allowed",
        family="config",
        title="these values let containers run as root",
        severity="high",
        tier="block",
        cwe=250,
        why="Root in the container is root in the kernel's eyes: with any further mistake it is root on the node.",
        fix="Set runAsNonRoot: true.",
        match=Keys(
            ("helm-values",),
            (f"{_CONTEXTS}.runAsNonRoot",),
            is_false,
            where=(Where("runAsUser", is_set, absent=True),),
            mend=Replace("true", safe=False),
        ),
        equivalents=("kics:cf34805e", "checkov:CKV_K8S_23", "trivy:KSV-0012"),
        references=(_CONTEXT,),
        bad=(Example("web:\n  securityContext:\n    runAsNonRoot: «false»\n"),),
        good=(
            Example("web:\n  securityContext:\n    runAsNonRoot: false\n    runAsUser: 1001\n"),
            Example("web:\n  securityContext:\n    runAsNonRoot: ${NON_ROOT}\n"),
        ),
    ),
    Rule(
        id="k8s-root-not-denied",
        family="config",
        title="nothing keeps this container from running as root",
        severity="low",
        tier="audit",
        cwe=250,
        why="Without runAsNonRoot the image decides, and most images run as root.",
        fix="Add securityContext.runAsNonRoot: true to the container or the pod.",
        match=Missing(
            K8S,
            (_LASTING,),
            ("securityContext.runAsNonRoot", "securityContext.runAsUser"),
            where=(Where("^.^.securityContext.{runAsNonRoot,runAsUser}", is_set, absent=True),),
        ),
        equivalents=(
            "trivy:KSV-0012",
            "semgrep:run-as-non-root",
            "kics:cf34805e",
            "checkov:CKV_K8S_23",
            "kube-linter:run-as-non-root",
            "kubescape:C-0013",
        ),
        references=(_CONTEXT,),
        bad=(_bad("«securityContext»:\n  allowPrivilegeEscalation: false\n"),),
        good=(
            _good("securityContext: {}\n", "securityContext:\n  runAsNonRoot: true\n"),
            _chart("securityContext: {{ .Values.context }}\n"),
        ),
    ),
    Rule(
        id="k8s-seccomp-unconfined",
        family="config",
        title="system call filtering is switched off",
        severity="high",
        tier="block",
        cwe=693,
        why="Without a seccomp profile every system call of the kernel is open to the container, also those that exploits need.",
        fix="Use type RuntimeDefault.",
        match=Keys(
            _AND_VALUES,
            ("**.seccompProfile.type", '**.annotations."seccomp.security.alpha.kubernetes.io/pod"'),
            one_of("Unconfined"),
            mend=Replace("RuntimeDefault", safe=False),
        ),
        equivalents=("trivy:KSV-0104", "trivy:KSV-0030", "semgrep:seccomp-confinement-disabled", "checkov:CKV_K8S_31", "kubescape:C-0210"),
        references=("https://kubernetes.io/docs/tutorials/security/seccomp/",),
        bad=(_bad("securityContext:\n  seccompProfile:\n    type: «Unconfined»\n"),),
        good=(
            _good("securityContext:\n  seccompProfile:\n    type: RuntimeDefault\n"),
            _chart("securityContext:\n  seccompProfile:\n    type: {{ .Values.seccomp }}\n"),
        ),
    ),
    Rule(
        id="k8s-apparmor-unconfined",
        family="config",
        title="AppArmor confinement is switched off",
        severity="high",
        tier="block",
        cwe=693,
        why="Unconfined, the container loses the runtime's protection of /proc, /sys and mounts.",
        fix="Use type RuntimeDefault (annotation: runtime/default).",
        match=Custom(K8S, apparmor_unconfined, ("appArmorProfile", "annotations")),
        equivalents=("kics:8b36775e", "trivy:KSV-0002", "kubescape:C-0055", "polaris:linuxHardening"),
        references=("https://kubernetes.io/docs/tutorials/security/apparmor/",),
        bad=(
            _bad("securityContext:\n  appArmorProfile:\n    type: «Unconfined»\n"),
            Example(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/web: «unconfined»\nspec:\n  containers: []\n"
            ),
        ),
        good=(
            _good("securityContext:\n  appArmorProfile:\n    type: RuntimeDefault\n"),
            Example(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/web: {{ .Values.apparmor }}\n",
                "charts/web/templates/pod.yaml",
            ),
        ),
    ),
    Rule(
        id="k8s-no-apparmor-profile",
        family="config",
        title="no AppArmor profile is asked for",
        severity="low",
        tier="audit",
        cwe=693,
        why="The container runs with whatever the node's default is.",
        fix="Add securityContext.appArmorProfile.type: RuntimeDefault to the pod.",
        match=Custom(K8S, no_apparmor, ("containers",)),
        equivalents=("kics:8b36775e", "trivy:KSV-0002", "kubescape:C-0055", "polaris:linuxHardening"),
        references=("https://kubernetes.io/docs/tutorials/security/apparmor/",),
        bad=(
            Example("apiVersion: v1\nkind: Pod\n«metadata»:\n  name: web\nspec:\n  containers:\n    - name: web\n"),
            Example(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/web: «none»\nspec:\n  containers:\n    - name: web\n"
            ),
        ),
        good=(
            _good(spec="securityContext:\n  appArmorProfile:\n    type: RuntimeDefault\n"),
            Example(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/web: {{ .Values.a }}\nspec:\n  containers:\n    - name: web\n",
                "charts/web/templates/pod.yaml",
            ),
        ),
    ),
    Rule(
        id="k8s-no-security-context",
        family="config",
        title="nothing limits what this container may do",
        severity="low",
        tier="audit",
        cwe=250,
        why="Without a security context a container runs as its image says, with everything that is allowed by default.",
        fix="Add a securityContext with runAsNonRoot, allowPrivilegeEscalation: false, capabilities.drop: [ALL] and a seccompProfile.",
        match=Missing(K8S, (_LASTING,), ("securityContext",), where=(Where("^.^.securityContext", is_set, absent=True),)),
        equivalents=("checkov:CKV_K8S_29", "checkov:CKV_K8S_30", "trivy:KSV-0118", "kubescape:C-0211"),
        references=(_CONTEXT,),
        bad=(Example(pod().replace("name: web\n      image", "name: «web»\n      image")),),
        good=(
            _good("securityContext:\n  runAsNonRoot: true\n"),
            _good("", "securityContext:\n  runAsNonRoot: true\n"),
            _chart("{{ .Values.context }}\n"),
        ),
    ),
    Rule(
        id="k8s-low-user-id",
        family="config",
        title="this container's user may be one of the host's",
        severity="low",
        tier="audit",
        cwe=250,
        why="A program that breaks out has the rights of the host's user with the same number; low numbers belong to the system's own.",
        fix="Use a number of 10000 or more.",
        match=Keys(K8S, ("**.securityContext.runAsUser",), all_of(less_than(10000), more_than(0)), mend=Replace("10001", safe=False)),
        equivalents=("checkov:CKV_K8S_40", "kics:02323c00", "trivy:KSV-0020"),
        references=(_CONTEXT,),
        bad=(_bad("securityContext:\n  runAsUser: «1000»\n"),),
        good=(_good("securityContext:\n  runAsUser: 10001\n"), _chart("securityContext:\n  runAsUser: {{ .Values.user }}\n")),
    ),
    Rule(
        id="k8s-no-seccomp-profile",
        family="config",
        title="no seccomp profile is asked for",
        severity="low",
        tier="audit",
        cwe=693,
        why="Unless the cluster sets a default, containers run without system call filtering.",
        fix="Add securityContext.seccompProfile.type: RuntimeDefault to the pod.",
        match=Missing(
            K8S,
            (_LASTING,),
            ("securityContext.seccompProfile",),
            where=(
                Where("^.^.securityContext.seccompProfile", is_set, absent=True),
                Where('^.^.^.metadata.annotations."seccomp.security.alpha.kubernetes.io/pod"', is_set, absent=True),
            ),
        ),
        equivalents=("kics:f377b83e", "checkov:CKV_K8S_31", "trivy:KSV-0030", "trivy:KSV-0104", "kubescape:C-0210"),
        references=("https://kubernetes.io/docs/tutorials/security/seccomp/",),
        bad=(_bad("«securityContext»:\n  runAsUser: 5000\n"),),
        good=(
            _good("securityContext: {}\n", "securityContext:\n  seccompProfile:\n    type: RuntimeDefault\n"),
            _good("securityContext: {}\n", "securityContext:\n  seccompProfile: ${PROFILE}\n"),
        ),
    ),
    Rule(
        id="k8s-writable-root-filesystem",
        family="config",
        title="this container can write its root filesystem",
        severity="low",
        tier="audit",
        cwe=668,
        why="An intruder can change programs and leave tools behind.",
        fix="Set readOnlyRootFilesystem: true and mount an emptyDir where the program writes.",
        match=Missing(K8S, (_ANY,), ("securityContext.readOnlyRootFilesystem",), when=is_true),
        equivalents=(
            "kics:a9c2f49d",
            "checkov:CKV_K8S_22",
            "trivy:KSV-0014",
            "kube-linter:no-read-only-root-fs",
            "kubescape:C-0017",
            "semgrep:writable-filesystem-container",
            "polaris:notReadOnlyRootFilesystem",
        ),
        references=(_CONTEXT,),
        bad=(_bad("securityContext:\n  «readOnlyRootFilesystem»: false\n"), _bad("«securityContext»: {}\n")),
        good=(
            _good("securityContext:\n  readOnlyRootFilesystem: true\n"),
            _chart("securityContext:\n  readOnlyRootFilesystem: {{ .Values.readOnly }}\n"),
        ),
    ),
    Rule(
        id="k8s-proc-mount-unmasked",
        family="config",
        title="the protections of /proc are taken off",
        severity="high",
        tier="block",
        cwe=1188,
        why="An unmasked /proc shows and lets change settings of the kernel that the runtime hides.",
        fix="Take procMount out, or set it to Default.",
        match=Keys(K8S, ("**.procMount", "**.allowedProcMountTypes[*]"), one_of("Unmasked"), mend=Replace("Default", safe=False)),
        equivalents=("kics:f922827f", "trivy:KSV-0027", "kube-linter:unsafe-proc-mount", "polaris:procMount"),
        references=(_PSS,),
        bad=(_bad("securityContext:\n  procMount: «Unmasked»\n"),),
        good=(_good("securityContext:\n  procMount: Default\n"), _chart("securityContext:\n  procMount: {{ .Values.procMount }}\n")),
    ),
    Rule(
        id="k8s-unsafe-sysctl",
        family="config",
        title="this pod sets a kernel parameter that is not safe between pods",
        severity="high",
        tier="block",
        cwe=732,
        why="Kernel parameters outside the safe set act on the whole node or weaken its separation.",
        fix="Take the parameter out, or set it on a node of its own.",
        match=Keys(
            K8S,
            ("**.securityContext.sysctls[*].name", "**.allowedUnsafeSysctls[*]"),
            no(matches(_SAFE_SYSCTL)),
            message="this pod sets the kernel parameter {value}, which is not safe between pods",
        ),
        equivalents=("kics:9127f0d9", "trivy:KSV-0026", "kube-linter:unsafe-sysctls"),
        references=("https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",),
        bad=(_bad(spec='securityContext:\n  sysctls:\n    - name: «kernel.msgmax»\n      value: "65536"\n'),),
        good=(
            _good(spec='securityContext:\n  sysctls:\n    - name: net.ipv4.tcp_syncookies\n      value: "1"\n'),
            _chart(spec='securityContext:\n  sysctls:\n    - name: {{ .Values.sysctl }}\n      value: "1"\n'),
        ),
    ),
    Rule(
        id="k8s-windows-host-process",
        family="config",
        title="this Windows container runs as a process of its node",
        severity="high",
        tier="block",
        cwe=250,
        why="A HostProcess container has the node's users, files and network.",
        fix="Take windowsOptions.hostProcess out.",
        match=Keys(K8S, ("**.windowsOptions.hostProcess",), is_true, mend=Replace("false", safe=False)),
        equivalents=("trivy:KSV-0103",),
        references=("https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/",),
        bad=(_bad(spec="securityContext:\n  windowsOptions:\n    hostProcess: «true»\n"),),
        good=(
            _good(spec="securityContext:\n  windowsOptions:\n    hostProcess: false\n"),
            _chart(spec="securityContext:\n  windowsOptions:\n    hostProcess: {{ .Values.hostProcess }}\n"),
        ),
    ),
    Rule(
        id="k8s-host-port",
        family="config",
        title="this container opens a port on its node",
        severity="medium",
        tier="warn",
        cwe=668,
        why="A port of the node is reachable past Services and network policies, and only one pod a node can have it.",
        fix="Take hostPort out and publish the port with a Service.",
        match=Keys(K8S, (f"{_ANY}.ports[*].hostPort",), more_than(0)),
        equivalents=("kics:2b1836f1", "checkov:CKV_K8S_26", "trivy:KSV-0024", "kubescape:C-0044", "polaris:hostPortSet"),
        references=("https://kubernetes.io/docs/concepts/configuration/overview/",),
        bad=(_bad("ports:\n  - containerPort: 8080\n    hostPort: «8080»\n"),),
        good=(
            _good("ports:\n  - containerPort: 8080\n    hostPort: 0\n"),
            _chart("ports:\n  - containerPort: 80\n    hostPort: {{ .Values.port }}\n"),
        ),
    ),
    Rule(
        id="k8s-secret-in-environment",
        family="config",
        title="a secret is handed over in an environment variable",
        severity="info",
        tier="audit",
        cwe=526,
        why="Environment variables end in crash reports, child processes and debug pages; files do not.",
        fix="Mount the secret as a volume.",
        match=Keys(K8S, ("**.env[*].valueFrom.secretKeyRef", "**.envFrom[*].secretRef"), is_set, at="key"),
        equivalents=("kics:3d658f8b", "checkov:CKV_K8S_35", "kube-linter:read-secret-from-env-var", "kubescape:C-0207"),
        references=("https://kubernetes.io/docs/concepts/security/secrets-good-practices/",),
        bad=(_bad("env:\n  - name: TOKEN\n    valueFrom:\n      «secretKeyRef»: {name: api, key: token}\n"),),
        good=(
            _good("env:\n  - name: LEVEL\n    valueFrom:\n      configMapKeyRef: {name: secretKeyRef, key: level}\n"),
            _chart("env:\n  - name: LEVEL\n    value: {{ .Values.secretRef }}\n"),
        ),
    ),
    Rule(
        id="k8s-service-account-token-mounted",
        family="config",
        title="the token of the service account is mounted into this pod",
        severity="low",
        tier="audit",
        cwe=732,
        why="Every program in the pod can use the token against the cluster's API.",
        fix="Set automountServiceAccountToken: false unless the program talks to the API.",
        match=Custom(K8S, token_mounted, ("containers",)),
        equivalents=("kics:48471392", "checkov:CKV_K8S_38", "trivy:KSV-0036", "kubescape:C-0034", "polaris:automountServiceAccountToken"),
        references=("https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",),
        bad=(
            Example("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n«spec»:\n  containers:\n    - name: web\n"),
            _bad(spec="automountServiceAccountToken: «true»\n"),
            Example(
                "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: web\nspec:\n  template:\n    «spec»:\n      containers:\n        - name: web\n"
            ),
        ),
        good=(_good(spec="automountServiceAccountToken: false\n"), _chart(spec="automountServiceAccountToken: {{ .Values.automount }}\n")),
    ),
    Rule(
        id="k8s-no-memory-limit",
        family="config",
        title="this container has no memory limit",
        severity="info",
        tier="audit",
        cwe=770,
        why="A program without limit can starve every other one on its node.",
        fix="Set resources.limits.memory.",
        match=Missing(K8S, (_LASTING,), ("resources.limits.memory",)),
        equivalents=(
            "kics:b14d1bc4",
            "checkov:CKV_K8S_13",
            "trivy:KSV-0018",
            "kube-linter:unset-memory-requirements",
            "kubescape:C-0271",
            "kubescape:C-0009",
            "polaris:memoryLimitsMissing",
        ),
        references=("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",),
        bad=(_bad("resources:\n  «limits»:\n    cpu: 500m\n"),),
        good=(_good("resources:\n  limits:\n    memory: 64Mi\n"), _chart("resources: {{ toYaml .Values.resources }}\n")),
    ),
    Rule(
        id="k8s-no-cpu-limit",
        family="config",
        title="this container has no CPU limit",
        severity="info",
        tier="audit",
        cwe=770,
        why="A program without limit can slow down every other one on its node.",
        fix="Set resources.limits.cpu, or leave it out knowingly and set requests.",
        match=Missing(K8S, (_LASTING,), ("resources.limits.cpu",)),
        equivalents=(
            "kics:4ac0e2b7",
            "checkov:CKV_K8S_11",
            "trivy:KSV-0011",
            "kube-linter:unset-cpu-requirements",
            "kubescape:C-0270",
            "polaris:cpuLimitsMissing",
        ),
        references=("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",),
        bad=(_bad("resources:\n  «limits»:\n    memory: 64Mi\n"),),
        good=(_good("resources:\n  limits:\n    cpu: 500m\n"), _chart("resources: {{ toYaml .Values.resources }}\n")),
    ),
    Rule(
        id="k8s-git-sync-command",
        family="config",
        title="git-sync is given a command or repository program to run",
        severity="medium",
        tier="warn",
        cwe=94,
        why="Whoever can change these values runs programs of their choice with the pod's identity.",
        fix="Take the option out, or pin git-sync and its configuration in the image.",
        match=Custom(K8S, git_sync_arguments, ("image",)),
        equivalents=("checkov:CKV_K8S_159",),
        references=("https://github.com/kubernetes/git-sync",),
        bad=(Example(pod("args: [--repo=https://git.example.com/a.git, «--git=/bin/evil»]\n").replace("web:1.4.2", "git-sync:v4")),),
        good=(
            Example(pod("args: [--repo=https://git.example.com/a.git, --depth=1]\n").replace("web:1.4.2", "git-sync:v4")),
            Example(pod('args: ["--repo=$(REPO)"]\n').replace("web:1.4.2", "git-sync:v4")),
        ),
    ),
    Rule(
        id="k8s-debug-environment",
        family="config",
        title="this container runs in a framework's debug mode",
        severity="medium",
        tier="warn",
        cwe=489,
        why="Debug modes show source, settings and often a console to whoever causes an error.",
        fix="Use production, or take the variable out.",
        match=Keys(
            K8S,
            (f"{_ANY}.env[*].value",),
            any_of(one_of("development", "dev", "debug"), is_true),
            where=(Where("name", one_of("FLASK_ENV", "FLASK_DEBUG", "DJANGO_DEBUG", "APP_DEBUG", "WERKZEUG_DEBUG_PIN_OFF")),),
        ),
        equivalents=("semgrep:flask-debugging-enabled",),
        references=("https://flask.palletsprojects.com/en/stable/debugging/",),
        bad=(_bad("env:\n  - name: FLASK_ENV\n    value: «development»\n"), _bad('env:\n  - name: APP_DEBUG\n    value: «"true"»\n')),
        good=(
            _good("env:\n  - name: FLASK_ENV\n    value: production\n"),
            _good("env:\n  - name: STAGE\n    value: development\n"),
            _chart("env:\n  - name: FLASK_ENV\n    value: {{ .Values.env }}\n"),
        ),
    ),
    Rule(
        id="k8s-dashboard",
        family="config",
        title="the Kubernetes dashboard is deployed",
        severity="high",
        tier="warn",
        cwe=284,
        why="The dashboard has been the way into many clusters: it acts with its own rights for whoever reaches it.",
        fix="Take it out; use kubectl or a client that acts with each user's own rights.",
        match=Custom(K8S, dashboard, ("image", "k8s-app", "app")),
        equivalents=("kics:d2ad057f", "checkov:CKV_K8S_33", "kubescape:C-0047"),
        references=("https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/",),
        bad=(Example(pod().replace("registry.example.com/web:1.4.2", "«kubernetesui/dashboard:v2.7.0»")),),
        good=(
            Example(pod().replace("web:1.4.2", "sales-dashboard:1.0")),
            _chart("env:\n  - name: D\n    value: {{ .Values.kubernetesui }}\n"),
        ),
    ),
    Rule(
        id="k8s-tiller",
        family="config",
        title="Tiller, the server part of Helm 2, is deployed",
        severity="high",
        tier="warn",
        cwe=284,
        why="Tiller installs anything with its own, usually unlimited rights, for anybody who can reach it; it is no longer maintained.",
        fix="Move to Helm 3, which has no server part.",
        match=Custom(K8S, tiller, ("image", "name")),
        equivalents=(
            "kics:6d173be7",
            "kics:8b862ca9",
            "kics:e17fa86a",
            "checkov:CKV_K8S_34",
            "checkov:CKV_K8S_44",
            "checkov:CKV_K8S_45",
            "trivy:KSV-0102",
        ),
        references=("https://helm.sh/docs/faq/changes_since_helm2/",),
        bad=(
            Example(pod().replace("registry.example.com/web:1.4.2", "«gcr.io/kubernetes-helm/tiller:v2.16.1»")),
            Example("apiVersion: v1\nkind: Service\nmetadata:\n  name: rpc\n  labels:\n    name: «tiller»\n"),
        ),
        good=(
            Example("apiVersion: v1\nkind: Service\nmetadata:\n  name: rpc\n  labels:\n    app: helm-exporter\n"),
            Example(pod().replace("web:1.4.2", "distiller:1.0")),
            _chart("env:\n  - name: D\n    value: {{ .Values.tiller }}\n"),
        ),
    ),
)
