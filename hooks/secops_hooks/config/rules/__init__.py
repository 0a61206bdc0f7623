"""The rules of family config: one module a platform, each with ``RULES``; loaded when a file of that kind comes.

``"*"`` stands for every structured file.
"""

from __future__ import annotations

from importlib import import_module

from ...records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

    from ...finding import Rule

_CLOUD: Final = ("cloud", "cloud_data", "cloud_access", "cloud_hardening")
# kind of file -> modules of this package with rules for it
MODULES: Final[dict[str, tuple[str, ...]]] = {
    "*": ("generic", "variables"),
    "dockerfile": ("dockerfile", "commands", "variables"),
    "compose": ("compose", "datastores"),
    "ci": ("commands",),
    "shell": ("commands", "variables"),
    "ansible": ("ansible", "commands", *_CLOUD),
    "terraform": (*_CLOUD, "terraform"),
    "cloudformation": _CLOUD,
    "sam": _CLOUD,
    "serverless": _CLOUD,
    "arm": _CLOUD,
    "ansible-cfg": ("ansible",),
    "ansible-inventory": ("ansible",),
    "devcontainer": ("commands",),
    "kubernetes": ("kubernetes", "kubernetes_rbac", "kubernetes_network", "kubernetes_control", "datastores", "argo_tekton"),
    "kubeconfig": ("kubernetes_network",),
    "helm-values": ("kubernetes", "kubernetes_network", "helm"),
    "github-workflow": ("actions", "actions_steps"),
    "github-action": ("actions", "actions_steps"),
    "dependabot": ("dependabot",),
    "gitlab-ci": ("ci", "gitlab"),
    "circleci": ("ci", "circleci"),
    "azure-pipelines": ("ci", "azure_pipelines"),
    "bitbucket-pipelines": ("ci",),
    "travis": ("ci",),
    "drone": ("ci",),
    "woodpecker": ("ci",),
    "codebuild": ("ci",),
    "jenkinsfile": ("jenkins",),
    "npmrc": ("packages",),
    "yarnrc": ("packages",),
    "yarnrc-yml": ("packages",),
    "pip-conf": ("packages",),
    "uv-toml": ("packages",),
    "pyproject": ("packages",),
    "pipfile": ("packages",),
    "poetry-toml": ("packages",),
    "pdm-toml": ("packages",),
    "cargo-config": ("packages",),
    "composer-json": ("packages",),
    "maven-pom": ("packages",),
    "maven-settings": ("packages",),
    "gradle": ("packages",),
    "bundle-config": ("packages",),
    "gemfile": ("packages",),
    "nuget-config": ("packages",),
    "gitconfig": ("packages",),
    "gitmodules": ("packages",),
    "wgetrc": ("packages",),
    "sshd": ("ssh",),
    "ssh-client": ("ssh",),
    "sudoers": ("ssh",),
    "nginx": ("nginx",),
    "spring": ("spring",),
    "django-settings": ("pyframeworks",),
    "python": ("pyframeworks",),
    "php-ini": ("frameworks",),
    "dotnet-config": ("frameworks",),
    "dotnet-appsettings": ("frameworks",),
    "android-manifest": ("frameworks",),
    "android-network": ("frameworks",),
    "rails-config": ("frameworks",),
    "package-json": ("frameworks",),
    "redis": ("servers",),
    "mongodb": ("servers",),
    "elasticsearch": ("servers",),
    "pg-hba": ("servers",),
    "postgresql": ("servers",),
    "mysql": ("servers",),
    "haproxy": ("servers",),
    "apache": ("servers",),
    "caddyfile": ("servers",),
    "traefik": ("servers",),
}

# modules that are of use only where one of these words occurs: then they need not be loaded for other files
_CLOUDS: Final = (
    "aws",
    "AWS::",
    "azurerm_",
    "google_",
    "icrosoft.",
    "azure_rm_",
    "gcp_",
    "ec2",
    "rds",
    "s3",
    "redshift",
    "elb",
    "cloudtrail",
    "cloudfront",
    "ecs_",
    "kms",
    "iam",
    "digitalocean_",
    "openstack_",
)
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "cloud": _CLOUDS,
    "cloud_data": _CLOUDS,
    "cloud_access": _CLOUDS,
    "cloud_hardening": _CLOUDS,
    "terraform": ("provider", "backend", "sensitive", "source", "github_"),
    "argo_tekton": ("argoproj.io", "tekton.dev"),
    "kubernetes_rbac": ("Role", "ServiceAccount"),
    "kubernetes_network": ("Ingress", "Service", "NetworkPolicy", "nippet", "nsecure", "Webhook", "redirect"),
    "kubernetes_control": ("kube-", "apiserver", "hyperkube", "kubelet", "Kubelet", "etcd"),
    "datastores": ("AUTH", "ALLOW_", "ALLOW_EMPTY", "xpack", "SECURITY", "security.disabled", "QUESTDB"),
    "pyframeworks": (
        "DEBUG", "csrf_exempt", "ALLOWED_HOSTS", "COOKIE_", "SECURE_", "CORS", "cross_origin", "MIDDLEWARE", "PASSWORD_HASHERS", "SESSION_SERIALIZER", "WTF_CSRF", "FLASK_ENV",
    ),
    "variables": (
        "NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY", "STRICT_SSL", "strict_ssl", "GIT_SSL_NO_VERIFY", "PIP_TRUSTED_HOST", "UV_INSECURE_HOST",
        "GONOSUMCHECK", "ANSIBLE_HOST_KEY_CHECKING",
    ),
}  # fmt: skip

# kind of file -> where an example of a rule lies when it does not say
EXAMPLE_PATHS: Final[dict[str, str]] = {
    "*": "config/service.yaml",
    "kubernetes": "deploy/manifest.yaml",
    "compose": "compose.yaml",
    "dockerfile": "Dockerfile",
    "ci": ".gitlab-ci.yml",
    "shell": "run.sh",
    "helm-values": "charts/app/values.yaml",
    "helm-template": "charts/app/templates/deployment.yaml",
    "kubeconfig": "kubeconfig.yaml",
    "kustomize": "kustomization.yaml",
    "github-workflow": ".github/workflows/ci.yml",
    "github-action": "action.yml",
    "dependabot": ".github/dependabot.yml",
    "gitlab-ci": ".gitlab-ci.yml",
    "circleci": ".circleci/config.yml",
    "azure-pipelines": "azure-pipelines.yml",
    "bitbucket-pipelines": "bitbucket-pipelines.yml",
    "jenkinsfile": "Jenkinsfile",
    "terraform": "main.tf",
    "cloudformation": "stack.yaml",
    "serverless": "serverless.yml",
    "ansible": "playbooks/site.yml",
    "ansible-cfg": "ansible.cfg",
    "arm": "azuredeploy.json",
    "nginx": "nginx.conf",
    "apache": "httpd.conf",
    "sshd": "sshd_config",
    "ssh-client": "ssh_config",
    "sudoers": "sudoers",
    "redis": "redis.conf",
    "haproxy": "haproxy.cfg",
    "caddyfile": "Caddyfile",
    "pg-hba": "pg_hba.conf",
    "postgresql": "postgresql.conf",
    "mongodb": "mongod.conf",
    "elasticsearch": "elasticsearch.yml",
    "mysql": "my.cnf",
    "traefik": "traefik.yml",
    "php-ini": "php.ini",
    "spring": "src/main/resources/application.yml",
    "django-settings": "app/settings.py",
    "rails-config": "config/environments/production.rb",
    "dotnet-config": "web.config",
    "dotnet-appsettings": "appsettings.json",
    "android-manifest": "AndroidManifest.xml",
    "android-network": "res/xml/network_security_config.xml",
    "npmrc": ".npmrc",
    "yarnrc-yml": ".yarnrc.yml",
    "pnpm-workspace": "pnpm-workspace.yaml",
    "pip-conf": "pip.conf",
    "uv-toml": "uv.toml",
    "gitconfig": ".gitconfig",
    "mcp": ".mcp.json",
    "agent-settings": ".claude/settings.json",
    "curlrc": ".curlrc",
    "dotenv": ".env",
    "cargo-config": ".cargo/config.toml",
    "composer-json": "composer.json",
    "maven-pom": "pom.xml",
    "maven-settings": "settings.xml",
    "gradle": "build.gradle",
    "bundle-config": ".bundle/config",
    "gemfile": "Gemfile",
    "nuget-config": "nuget.config",
    "gitmodules": ".gitmodules",
    "pipfile": "Pipfile",
    "pyproject": "pyproject.toml",
    "wgetrc": ".wgetrc",
    "yarnrc": ".yarnrc",
}


def of(module: str) -> tuple[Rule, ...]:
    """The rules of one module."""
    found: tuple[Rule, ...] = import_module(f".{module}", __name__).RULES
    return found


def modules() -> tuple[str, ...]:
    """Every module with rules, each once, in the table's order."""
    return tuple(dict.fromkeys(module for row in MODULES.values() for module in row))
