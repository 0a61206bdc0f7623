"""No document, however oddly shaped, makes a check fail: keys of all rules in places where they do not belong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.config.check import check, rules
from secops_hooks.config.match import Custom, Keys, Missing
from secops_hooks.config.plan import last_names
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings


def words() -> list[str]:
    found = {
        "apiVersion",
        "kind",
        "metadata",
        "name",
        "namespace",
        "spec",
        "template",
        "labels",
        "annotations",
        "services",
        "env",
        "value",
        "<<",
    }
    for rule in rules().values():
        match = rule.match
        if isinstance(match, Keys | Missing):
            for path in match.paths if isinstance(match, Keys) else match.parents:
                found |= set(last_names(path))
        elif isinstance(match, Custom):
            found |= set(match.words)
    return sorted(found)


KEYS = st.sampled_from(words())
KINDS = st.sampled_from(
    ["Pod", "Deployment", "ClusterRole", "RoleBinding", "Service", "Ingress", "NetworkPolicy", "ServiceAccount", "KubeletConfiguration"]
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 70000), st.text(max_size=6), KINDS,
    st.sampled_from(["*", "0", "root", "cluster-admin", "/var/run/docker.sock", "Unconfined", "kubelet", "--anonymous-auth", "a:b:c", "::", "0.0.0.0:1:2", "NAME=1", "${A}", "{{ a }}"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)), max_leaves=30
)
PATHS = st.sampled_from(
    [
        "deploy.yaml",
        "compose.yaml",
        "charts/a/values.yaml",
        "charts/a/templates/x.yaml",
        ".github/workflows/a.yml",
        ".gitlab-ci.yml",
        "deploy.json",
    ]
)


def found(path: str, text: str) -> list[Finding]:
    file = load(tree := MemoryTree({path: text}), path)
    assert file is not None
    return list(check(file, tree, Settings(tier="audit")))


@settings(max_examples=150, deadline=None)
@given(path=PATHS, body=st.dictionaries(KEYS, VALUES, max_size=6), kind=KINDS)
def test_odd_trees(path: str, body: dict[str, Any], kind: str) -> None:
    source = json.dumps({"apiVersion": "v1", "kind": kind, **body}, indent=1)
    lines = source.count("\n") + 1
    for finding in found(path, source):
        assert 1 <= finding.span.line <= finding.span.end_line <= lines
        assert finding.message


INSTRUCTIONS = st.sampled_from(
    ["FROM", "RUN", "COPY", "ADD", "USER", "EXPOSE", "ENV", "ARG", "VOLUME", "SHELL", "ONBUILD", "HEALTHCHECK", "CMD", "LABEL"]
)
PIECES = st.sampled_from(
    ["a", "--chmod=777", "--mount=type=secret,mode=0777", "curl -k", "| sh", "$(", "`", "'", '"', "\\\n", "<<EOF", "EOF\n", '["sh", "-c", "curl -k x"]', "22/tcp",
     "root", "sudo", "chmod 777", "A=b", "$A", "&&", "http://x.io/a", "as b", "--", "[", "#", "\t", "–", "*"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(INSTRUCTIONS, st.lists(PIECES, max_size=6)), max_size=8))
def test_odd_dockerfiles(rows: list[tuple[str, list[str]]]) -> None:
    text = "".join(f"{name} {' '.join(pieces)}\n" for name, pieces in rows)
    for finding in found("Dockerfile", text):
        assert finding.span.line >= 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("services:\n  - a\n  - {privileged: true}\n", id="services as a list"),
        pytest.param("services: privileged\n", id="services as text"),
        pytest.param("services:\n  a:\n  b: 1\n  c: {volumes: {a: b}, ports: 80, cap_add: ALL, security_opt: x}\n", id="wrong types"),
        pytest.param("services: &s\n  a: *s\n", id="an alias to itself"),
    ],
)
def test_odd_compose(text: str) -> None:
    assert isinstance(found("compose.yaml", text), list)


def test_aliases_do_not_multiply() -> None:
    from time import process_time

    many = ", ".join(["*e"] * 3000)
    text = (
        f"apiVersion: v1\nkind: Pod\ne: &e {{name: FLASK_ENV, value: development, valueFrom: {{secretKeyRef: {{}}}}}}\nl: &l [{many}]\n"
        f"c: &c {{env: *l, ports: *l, volumeMounts: *l, securityContext: {{capabilities: {{add: *l}}}}}}\nspec:\n  containers: [{', '.join(['*c'] * 3000)}]\n"
    )
    began = process_time()
    assert isinstance(found("pod.yaml", text), list)
    services = f"a: &a {{image: a, volumes: &v [{', '.join(['*x'] * 2000)}], ports: *v, cap_add: *v}}\nx: &x /etc:/etc\nservices:\n"
    services += "".join(f"  s{i}: *a\n" for i in range(2000))
    assert isinstance(found("compose.yaml", services), list)
    assert process_time() - began < 10


def test_many_containers_take_linear_time() -> None:
    from time import process_time

    def cost(number: int) -> float:
        body = "".join(f"  - name: c{i}\n    command: [kubelet, --x=1]\n    securityContext: {{privileged: true}}\n" for i in range(number))
        text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n" + body
        began = process_time()
        assert len([f for f in found("pod.yaml", text) if f.rule.id == "k8s-privileged-container"]) == number
        return process_time() - began

    cost(10)
    small, large = cost(300), cost(3000)
    assert large < 30 * max(small, 0.05)
