"""Rules for container images, wherever they are named."""

from __future__ import annotations

from ...finding import Example, Rule

_DIGEST = "sha256:" + "7b1e0c6d" * 8


def _pod(image: str) -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n    - name: web\n      image: {image}\n"


RULES: tuple[Rule, ...] = (
    Rule(
        id="image-latest",
        family="pins",
        title="this image is taken at tag latest",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="latest is another image after every release: builds differ from day to day, a roll-back brings nothing back, and a bad release arrives unasked.",
        fix="Name a version and, better, its digest: image:1.2.3@sha256:….",
        equivalents=(
            "kics:f45ea400",
            "kics:583053b7",
            "kics:7c81d34c",
            "hadolint:DL3007",
            "checkov:CKV_DOCKER_7",
            "checkov:CKV_K8S_14",
            "checkov:CKV_K8S_43",
            "checkov:CKV_CIRCLECIPIPELINES_1",
            "checkov:CKV_CIRCLECIPIPELINES_2",
            "checkov:CKV_AZUREPIPELINES_1",
            "checkov:CKV_AZUREPIPELINES_2",
            "checkov:CKV_BITBUCKETPIPELINES_1",
            "checkov:CKV_GITLABCI_3",
            "trivy:DS-0001",
            "trivy:KSV-0013",
            "kube-linter:latest-tag",
            "sonar:S6596",
            "zizmor:unpinned-images",
            "scorecard:pinned-dependencies",
            "semgrep:dockerfile-source-not-pinned",
        ),
        references=("https://kubernetes.io/docs/concepts/containers/images/#image-names",),
        bad=(
            Example("FROM «alpine:latest»\n", "Dockerfile"),
            Example("ARG VERSION=latest\nFROM «alpine:${VERSION}»\n", "Dockerfile"),
            Example(_pod("«registry.example.com:5000/team/web:latest»"), "deploy/pod.yaml"),
            Example("image:\n  repository: team/web\n  tag: «latest»\n", "charts/web/values.yaml"),
            Example(
                'resource "kubernetes_pod" "web" {\n  spec {\n    container {\n      image = "«web:latest»"\n    }\n  }\n}\n', "main.tf"
            ),
            Example(
                'resource "aws_ecs_task_definition" "web" {\n  container_definitions = jsonencode([{ name = "web", image = "«web:latest»" }])\n}\n',
                "main.tf",
            ),
        ),
        good=(
            Example("FROM alpine:3.22\n", "Dockerfile"),
            Example(f"FROM alpine:latest@{_DIGEST}\n", "Dockerfile"),
            Example("services:\n  web:\n    image: web:latest\n    build: .\n  job:\n    image: web:latest\n", "compose.yaml"),
            Example("services:\n  web:\n    image: web:${TAG:-latest}\n", "compose.yaml"),
        ),
    ),
    Rule(
        id="image-untagged",
        family="pins",
        title="this image has neither tag nor digest",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Without a tag the image is the one called latest, which changes with every release.",
        fix="Name a version and, better, its digest: image:1.2.3@sha256:….",
        equivalents=(
            "kics:9efb0b2d",
            "kics:583053b7",
            "kics:7c81d34c",
            "hadolint:DL3006",
            "checkov:CKV_DOCKER_7",
            "checkov:CKV_K8S_14",
            "checkov:CKV_K8S_43",
            "checkov:CKV_CIRCLECIPIPELINES_1",
            "checkov:CKV_CIRCLECIPIPELINES_2",
            "checkov:CKV_AZUREPIPELINES_1",
            "checkov:CKV_AZUREPIPELINES_2",
            "checkov:CKV_BITBUCKETPIPELINES_1",
            "checkov:CKV_GITLABCI_3",
            "trivy:DS-0001",
            "trivy:KSV-0013",
            "kube-linter:latest-tag",
            "zizmor:unpinned-images",
            "scorecard:pinned-dependencies",
            "semgrep:dockerfile-source-not-pinned",
        ),
        references=("https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",),
        bad=(
            Example("FROM «alpine»\n", "Dockerfile"),
            Example(_pod("'«registry.example.com:5000/team/web»'"), "deploy/pod.yaml"),
            Example("services:\n  web:\n    image: «nginx»\n", "compose.yaml"),
        ),
        good=(
            Example("FROM alpine:3.22 AS base\nFROM base\nFROM scratch\n", "Dockerfile"),
            Example("ARG BASE\nFROM ${BASE}\n", "Dockerfile"),
            Example(_pod("{{ .Values.image }}"), "charts/web/templates/pod.yaml"),
        ),
    ),
    Rule(
        id="unpinned-image",
        family="pins",
        title="this image is pinned by a tag, not a digest",
        severity="low",
        tier="audit",
        cwe=1357,
        why="A tag can be pushed again with other content; only a digest names the image that was reviewed.",
        fix="Add the digest behind the tag: image:1.2.3@sha256:… (docker buildx imagetools inspect image:1.2.3 prints it).",
        equivalents=(
            "kics:7c81d34c",
            "checkov:CKV_K8S_43",
            "checkov:CKV_CIRCLECIPIPELINES_2",
            "checkov:CKV_AZUREPIPELINES_2",
            "zizmor:unpinned-images",
            "zizmor:unpinned-uses",
            "checkov:CKV_GITLABCI_3",
            "scorecard:pinned-dependencies",
            "semgrep:dockerfile-source-not-pinned",
            "sonar:S7023",
        ),
        references=("https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",),
        bad=(
            Example(
                "# syntax=«docker/dockerfile:1»\nFROM «alpine:3.22» AS base\nCOPY --from=«example/tools:2» /bin/tool /bin/\n", "Dockerfile"
            ),
            Example(f"FROM alpine@{_DIGEST}\nRUN --mount=type=bind,from=«example/tools:2»,target=/t cp /t/x /bin/\n", "Dockerfile"),
            Example(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container: «node:22»\n    services:\n      db:\n        image: «postgres:17»\n    steps:\n      - uses: «docker://alpine:3.22»\n",
                ".github/workflows/ci.yml",
            ),
            Example(_pod("«nginx:1.29»"), "deploy/pod.yaml"),
            Example(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    strategy:\n      matrix:\n        image: [«node:20», '«node:22»']\n    container: ${{ matrix.image }}\n    steps: []\n",
                ".github/workflows/ci.yml",
            ),
        ),
        good=(
            Example(f"FROM alpine:3.22@{_DIGEST} AS base\nCOPY --from=base /bin/tool /bin/\nCOPY --from=0 /a /b\n", "Dockerfile"),
            Example(_pod(f"nginx:1.29@{_DIGEST}"), "deploy/pod.yaml"),
            Example(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container: node:${{ matrix.node }}\n    steps: []\n",
                ".github/workflows/ci.yml",
            ),
        ),
    ),
)
