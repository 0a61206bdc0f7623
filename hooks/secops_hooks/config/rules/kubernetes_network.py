"""Rules for how Kubernetes workloads are reached: ingresses, services, network policies, and clients that skip verification."""

from __future__ import annotations

from collections.abc import Iterator

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..kube import items, objects, text_of
from ..match import Custom, Hit, Keys, Replace, Where
from ..predicates import all_of, contains_any, equals, is_false, is_set, is_true, no, one_of

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File

K8S: Final = ("kubernetes",)
_SNIPPET_KEYS: Final = (
    "server-snippet", "configuration-snippet", "auth-snippet", "stream-snippet", "modsecurity-snippet", "http-snippet", "main-snippet", "location-snippet",
)  # fmt: skip
_SNIPPET_PATHS: Final = (
    *tuple(f'**.annotations."{prefix}.ingress.kubernetes.io/{key}"' for prefix in ("nginx",) for key in _SNIPPET_KEYS),
    '**.annotations."nginx.org/server-snippets"',
    '**.annotations."nginx.org/location-snippets"',
)
_RUNS_CODE: Final = ("lua_", "_by_lua", "load_module", "serviceaccount", "kubernetes.io", "perl_")
_SNIPPET_DOC: Final = "https://github.com/kubernetes/ingress-nginx/issues/7837"
_INTERNAL: Final = frozenset(
    {
        "networking.gke.io/load-balancer-type",
        "cloud.google.com/load-balancer-type",
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        "service.beta.kubernetes.io/aws-load-balancer-scheme",
        "service.beta.kubernetes.io/azure-load-balancer-internal",
        "service.beta.kubernetes.io/openstack-internal-load-balancer",
        "service.beta.kubernetes.io/cce-load-balancer-internal-vpc",
        "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type",
        "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid",
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
        "service.beta.kubernetes.io/oci-load-balancer-internal",
    }
)


def external_balancer(file: File, tree: Tree) -> Iterator[Hit]:
    """Services of type LoadBalancer that nothing keeps inside the private network."""
    document = file.document
    for service in objects(document, "Service") if document else ():
        kind = service.get("spec", "type")
        if kind is None or text_of(kind) != "LoadBalancer":
            continue
        spec = service.get("spec")
        if spec is not None and (items(spec.get("loadBalancerSourceRanges")) or spec.get("loadBalancerClass") is not None):
            continue
        annotations = service.get("metadata", "annotations")
        marked = {
            entry.key
            for entry in (annotations.entries() if annotations is not None else ())
            if entry.key in _INTERNAL and text_of(entry).lower() not in ("false", "", "internet-facing", "external", "public")
        }
        if not marked:
            yield Hit(kind)


def open_policy(file: File, tree: Tree) -> Iterator[Hit]:
    """Network policies that let everybody in: a rule without peers, an empty peer, or the whole Internet."""
    document = file.document
    for policy in objects(document, "NetworkPolicy") if document else ():
        spec = policy.get("spec")
        if spec is None or (file.type.template and "{{" in file.source.text):
            continue
        for rule in items(spec.get("ingress")):
            peers = rule.get("from")
            if rule.resolved.kind == "mapping" and not rule.resolved.children:
                yield Hit(rule)
            elif peers is not None and peers.resolved.kind == "sequence" and not peers.resolved.children:
                yield Hit(peers, key=True)
            for peer in items(peers):
                cidr = peer.get("ipBlock", "cidr")
                if cidr is not None and text_of(cidr) in ("0.0.0.0/0", "::/0") and not items(peer.get("ipBlock", "except")):
                    yield Hit(cidr)


def open_egress(file: File, tree: Tree) -> Iterator[Hit]:
    """Network policies whose egress is open to the whole Internet."""
    document = file.document
    for policy in objects(document, "NetworkPolicy") if document else ():
        for rule in items(policy.get("spec", "egress")):
            for peer in items(rule.get("to")):
                cidr = peer.get("ipBlock", "cidr")
                if cidr is not None and text_of(cidr) in ("0.0.0.0/0", "::/0") and not items(peer.get("ipBlock", "except")):
                    yield Hit(cidr)


def ingress_without_tls(file: File, tree: Tree) -> Iterator[Hit]:
    """Ingresses with hosts and no TLS at all."""
    document = file.document
    for ingress in objects(document, "Ingress") if document else ():
        spec = ingress.get("spec")
        if spec is None or spec.get("tls") is not None or (file.type.template and "{{" in file.source.text):
            continue
        annotations = ingress.get("metadata", "annotations")
        names = [entry.key or "" for entry in annotations.entries()] if annotations is not None else []
        if any(
            "certificate" in name or "ssl-cert" in name or "cert-manager" in name or "listen-ports" in name or "pre-shared-cert" in name
            for name in names
        ):
            continue
        yield Hit(spec, key=True)


def _ingress(annotations: str = "", spec: str = "rules: []") -> str:
    return f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotations:\n    a: b\n{annotations}spec:\n  tls: [{{hosts: [shop.example.com], secretName: shop}}]\n  {spec}\n"


def _service(spec: str, annotations: str = "") -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n{annotations}spec:\n  {spec}\n  ports: [{{port: 443}}]\n"


def _policy(spec: str) -> str:
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: shop\nspec:\n  podSelector: {{}}\n  {spec}\n"


_TEMPLATED_SNIPPET: Final = Example(
    _ingress("    nginx.ingress.kubernetes.io/server-snippet: {{ .Values.snippet }}\n"), "charts/shop/templates/ingress.yaml"
)
_OTHER_ANNOTATION: Final = Example(_ingress("    nginx.ingress.kubernetes.io/proxy-body-size: 8m # no server-snippet\n"))

RULES: tuple[Rule, ...] = (
    Rule(
        id="k8s-ingress-snippet-code",
        family="config",
        title="this ingress annotation runs code in the ingress controller",
        severity="high",
        tier="block",
        cwe=94,
        why="Lua and module directives in a snippet run with the controller's rights: it can read every secret of the cluster (CVE-2021-25742).",
        fix="Take the annotation out and switch allow-snippet-annotations off in the controller.",
        match=Keys(K8S, _SNIPPET_PATHS, contains_any(*_RUNS_CODE), at="key"),
        equivalents=("checkov:CKV_K8S_152", "checkov:CKV_K8S_153"),
        references=(_SNIPPET_DOC,),
        bad=(
            Example(
                _ingress("    «nginx.ingress.kubernetes.io/configuration-snippet»: |\n      content_by_lua_block { os.execute('id') }\n")
            ),
        ),
        good=(_OTHER_ANNOTATION, Example(_ingress("    example.com/server-snippet: lua_code_cache off\n")), _TEMPLATED_SNIPPET),
    ),
    Rule(
        id="k8s-ingress-snippet-alias",
        family="config",
        title="this ingress annotation serves files of the ingress controller",
        severity="high",
        tier="block",
        cwe=94,
        why="An alias in a snippet publishes the controller's own files, its service account token among them (CVE-2021-25742).",
        fix="Take the annotation out and switch allow-snippet-annotations off in the controller.",
        match=Keys(K8S, _SNIPPET_PATHS, all_of(contains_any("alias "), no(contains_any(*_RUNS_CODE))), at="key"),
        equivalents=("checkov:CKV_K8S_154", "checkov:CKV_K8S_153"),
        references=(_SNIPPET_DOC,),
        bad=(Example(_ingress("    «nginx.ingress.kubernetes.io/server-snippet»: |\n      location /f { alias /etc/; }\n")),),
        good=(_OTHER_ANNOTATION, Example(_ingress("    example.com/server-snippet: 'alias /etc/;'\n")), _TEMPLATED_SNIPPET),
    ),
    Rule(
        id="k8s-ingress-snippet",
        family="config",
        title="this ingress writes directives into the configuration of the ingress controller",
        severity="high",
        tier="block",
        cwe=94,
        why="Whoever may create an ingress can run code in the controller through a snippet and read every secret of the cluster (CVE-2021-25742).",
        fix="Use a dedicated annotation for the setting, and switch allow-snippet-annotations off in the controller.",
        match=Keys(K8S, _SNIPPET_PATHS, all_of(is_set, no(contains_any("alias ", *_RUNS_CODE))), at="key"),
        equivalents=("checkov:CKV_K8S_153",),
        references=(_SNIPPET_DOC,),
        bad=(Example(_ingress('    «nginx.ingress.kubernetes.io/configuration-snippet»: |\n      more_set_headers "X-A: b";\n')),),
        good=(_OTHER_ANNOTATION, Example(_ingress("    example.com/server-snippet: 'return 403;'\n")), _TEMPLATED_SNIPPET),
    ),
    Rule(
        id="k8s-snippets-allowed",
        family="config",
        title="the ingress controller accepts snippet annotations",
        severity="high",
        tier="warn",
        cwe=94,
        why="Whoever may create an ingress can then run code in the controller and read every secret of the cluster.",
        fix="Set allow-snippet-annotations to false.",
        match=Keys(
            ("kubernetes", "helm-values"),
            ("**.allow-snippet-annotations", "**.allowSnippetAnnotations"),
            is_true,
            mend=Replace("false", safe=False),
        ),
        references=("https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations",),
        bad=(
            Example(
                'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ingress-nginx-controller\ndata:\n  allow-snippet-annotations: «"true"»\n'
            ),
        ),
        good=(
            Example('apiVersion: v1\nkind: ConfigMap\ndata:\n  allow-snippet-annotations: "false"\n'),
            Example(
                "apiVersion: v1\nkind: ConfigMap\ndata:\n  allow-snippet-annotations: {{ .Values.snippets }}\n",
                "charts/a/templates/cm.yaml",
            ),
        ),
    ),
    Rule(
        id="k8s-ingress-no-tls-redirect",
        family="config",
        title="this ingress answers plain http instead of redirecting it",
        severity="medium",
        tier="warn",
        cwe=319,
        why="Without the redirect cookies and forms travel readable.",
        fix='Take the annotation out or set it to "true".',
        match=Keys(
            K8S,
            (
                '**.annotations."nginx.ingress.kubernetes.io/ssl-redirect"',
                '**.annotations."nginx.ingress.kubernetes.io/force-ssl-redirect"',
                '**.annotations."ingress.kubernetes.io/ssl-redirect"',
                '**.annotations."haproxy.org/ssl-redirect"',
            ),
            is_false,
            mend=Replace("true", safe=False),
        ),
        references=("https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/",),
        bad=(Example(_ingress('    nginx.ingress.kubernetes.io/ssl-redirect: «"false"»\n')),),
        good=(
            Example(_ingress('    nginx.ingress.kubernetes.io/ssl-redirect: "true"\n')),
            Example(
                _ingress("    nginx.ingress.kubernetes.io/ssl-redirect: {{ .Values.redirect | quote }}\n"), "charts/a/templates/i.yaml"
            ),
        ),
    ),
    Rule(
        id="k8s-ingress-without-tls",
        family="config",
        title="this ingress has no TLS",
        severity="medium",
        tier="warn",
        cwe=319,
        why="What goes through it, passwords and session cookies among it, can be read and changed on the way.",
        fix="Add spec.tls with the hosts and a secret that holds the certificate.",
        match=Custom(K8S, ingress_without_tls, ("kind",)),
        equivalents=("kics:69bbc5e3", "kubescape:C-0263", "polaris:tlsSettingsMissing"),
        references=("https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",),
        bad=(
            Example(
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n«spec»:\n  rules:\n    - host: shop.example.com\n"
            ),
        ),
        good=(
            Example(_ingress()),
            Example(
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\nspec:\n  {{- if .Values.tls }}\n  tls: []\n  {{- end }}\n  rules: []\n",
                "charts/a/templates/i.yaml",
            ),
        ),
    ),
    Rule(
        id="k8s-external-load-balancer",
        family="config",
        title="this service is published to the Internet by a load balancer",
        severity="medium",
        tier="warn",
        cwe=668,
        why="A load balancer without restriction gets a public address; whatever listens behind it is reachable by everybody.",
        fix="Mark it internal with the provider's annotation, or set loadBalancerSourceRanges.",
        match=Custom(K8S, external_balancer, ("type",)),
        equivalents=("kics:26763a1c", "kube-linter:exposed-services", "kubescape:C-0256"),
        references=("https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer",),
        bad=(Example(_service("type: «LoadBalancer»")),),
        good=(
            Example(_service("type: LoadBalancer", "  annotations:\n    networking.gke.io/load-balancer-type: Internal\n")),
            Example(_service("type: LoadBalancer\n  loadBalancerSourceRanges: [10.0.0.0/8]")),
            Example(_service("type: {{ .Values.type }}"), "charts/a/templates/s.yaml"),
        ),
    ),
    Rule(
        id="k8s-node-port",
        family="config",
        title="this service opens a port on every node",
        severity="low",
        tier="audit",
        cwe=668,
        why="A node port answers on all addresses of all nodes, the public ones among them.",
        fix="Use ClusterIP behind an ingress or gateway.",
        match=Keys(K8S, ("spec.type", "items[*].spec.type"), equals("NodePort"), where=(Where("^.kind", equals("Service")),)),
        equivalents=("kube-linter:exposed-services", "kics:845acfbe"),
        references=("https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",),
        bad=(Example(_service("type: «NodePort»")),),
        good=(Example(_service("type: ClusterIP")), Example(_service("type: {{ .Values.type }}"), "charts/a/templates/s.yaml")),
    ),
    Rule(
        id="k8s-external-ips",
        family="config",
        title="this service takes over external addresses",
        severity="medium",
        tier="warn",
        cwe=668,
        why="With externalIPs a service can intercept traffic meant for other hosts (CVE-2020-8554).",
        fix="Take externalIPs out and use a load balancer or ingress.",
        match=Keys(K8S, ("spec.externalIPs", "items[*].spec.externalIPs"), is_set, at="key", where=(Where("^.kind", equals("Service")),)),
        equivalents=("trivy:KSV-0108",),
        references=("https://github.com/kubernetes/kubernetes/issues/97076",),
        bad=(Example(_service("«externalIPs»: [203.0.113.7]")),),
        good=(Example(_service("externalIPs: []")), Example(_service("externalIPs: {{ .Values.ips }}"), "charts/a/templates/s.yaml")),
    ),
    Rule(
        id="k8s-open-network-policy",
        family="config",
        title="this network policy lets everybody in",
        severity="medium",
        tier="warn",
        cwe=668,
        why="A rule without peers, or with the whole Internet as peer, allows what the policy seems to forbid.",
        fix="Name the pods, namespaces or addresses that may connect.",
        match=Custom(K8S, open_policy, ("ingress",)),
        equivalents=("trivy:KSV-0038", "kics:0401f71b"),
        references=("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
        bad=(
            Example(_policy("ingress:\n    - from:\n        - ipBlock:\n            cidr: «0.0.0.0/0»")),
            Example(_policy("ingress:\n    - «{}»")),
        ),
        good=(
            Example(_policy("ingress:\n    - from:\n        - ipBlock:\n            cidr: 10.0.0.0/8")),
            Example(_policy("ingress: []")),
            Example(
                _policy("ingress:\n    - from:\n        - ipBlock:\n            cidr: {{ .Values.cidr }}"), "charts/a/templates/p.yaml"
            ),
        ),
    ),
    Rule(
        id="k8s-open-egress-policy",
        family="config",
        title="this network policy lets pods reach the whole Internet",
        severity="low",
        tier="audit",
        cwe=668,
        why="Open egress is how stolen data and commands leave and enter.",
        fix="Name the addresses or namespaces that are needed.",
        match=Custom(K8S, open_egress, ("egress",)),
        equivalents=("trivy:KSV-0038",),
        references=("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
        bad=(Example(_policy("egress:\n    - to:\n        - ipBlock:\n            cidr: «0.0.0.0/0»")),),
        good=(
            Example(_policy("egress:\n    - to:\n        - ipBlock:\n            cidr: 10.0.0.0/8")),
            Example(_policy("egress:\n    - to:\n        - ipBlock:\n            cidr: {{ .Values.cidr }}"), "charts/a/templates/p.yaml"),
        ),
    ),
    Rule(
        id="k8s-skip-tls-verify",
        family="config",
        title="the certificate of this API server or service is not verified",
        severity="high",
        tier="block",
        cwe=295,
        why="Anybody on the path can pose as the server and take the credentials that are sent to it.",
        fix="Take the setting out and give the authority's certificate (certificate-authority-data, caBundle).",
        match=Keys(("kubernetes", "kubeconfig"), ("**.insecure-skip-tls-verify", "**.insecureSkipTLSVerify"), is_true),
        equivalents=("semgrep:skip-tls-verify-cluster", "semgrep:skip-tls-verify-service"),
        references=("https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/",),
        bad=(
            Example(
                "apiVersion: v1\nkind: Config\nclusters:\n  - name: prod\n    cluster:\n      server: https://k8s.example.com\n      insecure-skip-tls-verify: «true»\nusers: []\n"
            ),
            Example(
                "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: v1beta1.metrics.k8s.io\nspec:\n  insecureSkipTLSVerify: «true»\n"
            ),
        ),
        good=(
            Example(
                "apiVersion: v1\nkind: Config\nclusters:\n  - name: prod\n    cluster:\n      insecure-skip-tls-verify: false\nusers: []\n"
            ),
            Example(
                "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nspec:\n  insecureSkipTLSVerify: {{ .Values.insecure }}\n",
                "charts/a/templates/api.yaml",
            ),
        ),
    ),
    Rule(
        id="k8s-webhook-fails-open",
        family="config",
        title="this admission webhook is skipped when it does not answer",
        severity="low",
        tier="audit",
        cwe=636,
        why="A policy that is skipped on failure is no policy for whoever can make it fail.",
        fix="Set failurePolicy: Fail.",
        match=Keys(
            K8S,
            ("webhooks[*].failurePolicy",),
            one_of("Ignore"),
            where=(Where("^.^.kind", equals("ValidatingWebhookConfiguration")),),
            mend=Replace("Fail", safe=False),
        ),
        references=("https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy",),
        bad=(
            Example(
                "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: p}\nwebhooks:\n  - name: a.example.com\n    failurePolicy: «Ignore»\n"
            ),
        ),
        good=(
            Example(
                "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: p}\nwebhooks:\n  - name: a.example.com\n    failurePolicy: Fail\n"
            ),
            Example(
                "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n  - failurePolicy: {{ .Values.policy }}\n",
                "charts/a/templates/w.yaml",
            ),
        ),
    ),
)
