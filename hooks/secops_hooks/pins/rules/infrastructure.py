"""Rules for Terraform modules and providers, Helm charts, Kustomize bases."""

from __future__ import annotations

from ...finding import Example, Rule

_COMMIT = "3f2c9a1b" * 5

RULES: tuple[Rule, ...] = (
    Rule(
        id="unpinned-module",
        family="pins",
        title="this module is whatever is newest",
        severity="medium",
        tier="warn",
        cwe=829,
        why="Modules are not in the lock file: every init fetches what the branch or the registry holds, and applies it with your cloud credentials.",
        fix='Registry: version = "1.2.3". Git: ?ref=<commit>, or at least a tag.',
        equivalents=("checkov:CKV_TF_1", "checkov:CKV_TF_2", "kics:3a81fc06"),
        references=("https://developer.hashicorp.com/terraform/language/modules/sources",),
        bad=(
            Example('module "vpc" {\n  source = "«git::https://git.example.com/vpc.git»"\n}\n', "main.tf"),
            Example(
                'module "vpc" {\n  source = "«git::https://git.example.com/vpc.git?ref=main»"\n}\nmodule "own" {\n  source = "«example/network/aws»"\n}\n',
                "main.tf",
            ),
        ),
        good=(
            Example(
                'module "vpc" {\n  source = "git::https://git.example.com/vpc.git?ref=v1.2.3"\n}\nmodule "here" {\n  source = "./modules/vpc"\n}\n',
                "main.tf",
            ),
            Example('module "own" {\n  source  = "example/network/aws"\n  version = "1.2.3"\n}\n', "main.tf"),
            Example('module "own" {\n  source  = "example/network/aws"\n  version = var.network_version\n}\n', "main.tf"),
        ),
    ),
    Rule(
        id="mutable-module-ref",
        family="pins",
        title="this module is pinned by a tag, not a commit",
        severity="low",
        tier="audit",
        cwe=829,
        why="A tag can be moved to other code, which the next init fetches and applies.",
        fix="Use the commit: ?ref=<40 digits>.",
        equivalents=("checkov:CKV_TF_1", "semgrep:module-source-not-pinned"),
        references=("https://developer.hashicorp.com/terraform/language/modules/sources#selecting-a-revision",),
        bad=(Example('module "vpc" {\n  source = "«git::https://git.example.com/vpc.git?ref=v1.2.3»"\n}\n', "main.tf"),),
        good=(
            Example(f'module "vpc" {{\n  source = "git::https://git.example.com/vpc.git?ref={_COMMIT}"\n}}\n', "main.tf"),
            Example('module "own" {\n  source  = "example/network/aws"\n  version = "1.2.3"\n}\n', "main.tf"),
        ),
    ),
    Rule(
        id="module-version-range",
        family="pins",
        title="this registry module has a range of versions",
        severity="low",
        tier="audit",
        cwe=1357,
        why="The lock file covers providers, not modules: each init may take another release within the range.",
        fix="Name one version.",
        references=("https://developer.hashicorp.com/terraform/language/modules/configuration#version",),
        bad=(Example('module "own" {\n  source  = "example/network/aws"\n  version = "«~> 1.2»"\n}\n', "main.tf"),),
        good=(Example('module "own" {\n  source  = "example/network/aws"\n  version = "= 1.2.3"\n}\n', "main.tf"),),
    ),
    Rule(
        id="unconstrained-provider",
        family="pins",
        title="this provider has no version constraint",
        severity="low",
        tier="audit",
        cwe=1357,
        why="An upgrade takes in a new major release, which may change or destroy resources.",
        fix='Add version = "~> 5.0" and commit .terraform.lock.hcl.',
        references=("https://developer.hashicorp.com/terraform/language/providers/requirements",),
        bad=(Example('terraform {\n  required_providers {\n    «aws» = { source = "hashicorp/aws" }\n  }\n}\n', "main.tf"),),
        good=(
            Example('terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "~> 5.0" }\n  }\n}\n', "main.tf"),
        ),
    ),
    Rule(
        id="unpinned-chart",
        family="pins",
        title="this chart has no version",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Each update deploys whatever the repository serves as newest, with the rights of whoever deploys.",
        fix="Name one version and commit Chart.lock.",
        references=("https://helm.sh/docs/topics/charts/#chart-dependencies",),
        bad=(
            Example(
                'apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n  - name: db\n    version: "«*»"\n    repository: https://charts.example.com\n',
                "Chart.yaml",
            ),
            Example("helmCharts:\n  - name: «db»\n    repo: https://charts.example.com\n", "kustomization.yaml"),
        ),
        good=(
            Example(
                "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n  - name: db\n    version: 12.1.0\n    repository: https://charts.example.com\n",
                "Chart.yaml",
            ),
            Example(
                'apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n  - name: db\n    version: "*"\n    repository: file://../db\n',
                "Chart.yaml",
            ),
            Example(
                'apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n  - name: db\n    version: "*"\n    repository: https://charts.example.com\n',
                "Chart.yaml",
                (("Chart.lock", "dependencies: []\n"),),
            ),
        ),
    ),
    Rule(
        id="unpinned-base",
        family="pins",
        title="this remote base is not pinned",
        severity="medium",
        tier="warn",
        cwe=829,
        why="Each build fetches what the branch holds and applies it to the cluster.",
        fix="Name the commit: ?ref=<40 digits>, or keep a copy in the repository.",
        references=("https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md",),
        bad=(
            Example(
                "resources:\n  - «https://github.com/example/base//deploy?ref=main»\n  - «github.com/example/other»\n", "kustomization.yaml"
            ),
        ),
        good=(
            Example(f"resources:\n  - https://github.com/example/base//deploy?ref={_COMMIT}\n  - ../base\n", "kustomization.yaml"),
            Example(f"resources:\n  - https://raw.githubusercontent.com/example/base/{_COMMIT}/deploy.yaml\n", "kustomization.yaml"),
        ),
    ),
)
