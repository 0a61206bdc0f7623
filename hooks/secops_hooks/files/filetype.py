"""What kind of file this is: from its path first, then from a cheap look at its content. A file can be of several kinds.

Kinds name the tool that reads the file (``kubernetes``, ``github-workflow``, ``npmrc``); the format says which parser
reads it. Nothing is parsed here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_HEAD: Final = 65536  # how far into a file the look at its content reaches


class FileType(NamedTuple):
    """``format``: a key of ``parse.MODULES`` or empty. ``template``: ``go``, ``jinja``, ``erb`` or empty."""

    format: str = ""
    kinds: frozenset[str] = frozenset()
    template: str = ""


class _Name(NamedTuple):
    """Files whose path matches ``pattern`` (searched in the lower-cased path with a leading ``/``)."""

    pattern: str
    format: str
    kinds: tuple[str, ...]


# First match decides the format; kinds of all matches add up.
_NAMES: Final = (
    # containers
    _Name(r"/([^/]*[.-])?(dockerfile|containerfile)([.-][^/]*)?$|\.(dockerfile|containerfile)$", "dockerfile", ("dockerfile",)),
    _Name(r"/([^/]*[.-])?(docker-)?compose([.-][^/]*)?\.ya?ml$|/compose/[^/]*\.ya?ml$", "yaml", ("compose",)),
    _Name(r"/\.?devcontainer(/[^/]*)*/?devcontainer\.json$|/\.devcontainer\.json$", "json", ("devcontainer",)),
    _Name(r"/devcontainer-lock\.json$", "json", ("lock", "devcontainer-lock")),
    # continuous integration
    _Name(r"/\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml$", "yaml", ("github-workflow", "ci")),
    _Name(r"/action\.ya?ml$", "yaml", ("github-action", "ci")),
    _Name(r"/\.github/dependabot\.ya?ml$", "yaml", ("dependabot",)),
    _Name(r"/(\.github/)?renovate\.json5?$|/\.renovaterc(\.json)?$", "json", ("renovate",)),
    _Name(r"/[^/]*\.?gitlab-ci[^/]*\.ya?ml$|/\.gitlab/ci/.*\.ya?ml$", "yaml", ("gitlab-ci", "ci")),
    _Name(r"/\.circleci/.*\.ya?ml$", "yaml", ("circleci", "ci")),
    _Name(r"/\.?azure-pipelines?[^/]*\.ya?ml$|/\.azure-pipelines/.*\.ya?ml$|/\.?azure/pipelines/.*\.ya?ml$", "yaml", ("azure-pipelines", "ci")),
    _Name(r"/bitbucket-pipelines\.ya?ml$", "yaml", ("bitbucket-pipelines", "ci")),
    _Name(r"/\.drone\.ya?ml$", "yaml", ("drone", "ci")),
    _Name(r"/\.woodpecker(/.*)?\.ya?ml$", "yaml", ("woodpecker", "ci")),
    _Name(r"/\.travis\.ya?ml$", "yaml", ("travis", "ci")),
    _Name(r"/\.buildkite/.*\.ya?ml$", "yaml", ("buildkite", "ci")),
    _Name(r"/cloudbuild[^/]*\.ya?ml$", "yaml", ("cloudbuild", "ci")),
    _Name(r"/appveyor\.ya?ml$", "yaml", ("appveyor", "ci")),
    _Name(r"/buildspec[^/]*\.ya?ml$", "yaml", ("codebuild", "ci")),
    _Name(r"/([^/]*\.)?jenkinsfile([.-][^/]*)?$", "", ("jenkinsfile", "ci")),
    _Name(r"/\.pre-commit-config\.ya?ml$", "yaml", ("pre-commit-config",)),
    _Name(r"/\.pre-commit-hooks\.ya?ml$", "yaml", ("pre-commit-hooks",)),
    # cluster and cloud
    _Name(r"/chart\.ya?ml$", "yaml", ("helm-chart",)),
    _Name(r"/requirements\.ya?ml$", "yaml", ("helm-requirements", "ansible-galaxy")),
    _Name(r"/chart\.lock$|/requirements\.lock$", "yaml", ("lock", "helm-lock")),
    _Name(r"/(values|values[.-][^/]*|[^/]*[.-]values)\.ya?ml$", "yaml", ("helm-values",)),
    _Name(r"/kustomization\.ya?ml$", "yaml", ("kustomize",)),
    _Name(r"/skaffold[^/]*\.ya?ml$", "yaml", ("skaffold",)),
    _Name(r"/\.?kube/config$|/kubeconfig[^/]*$|\.kubeconfig$", "yaml", ("kubeconfig",)),
    _Name(r"\.(tf|tofu)$", "hcl", ("terraform",)),
    _Name(r"\.(tf|tofu)\.json$", "json", ("terraform",)),
    _Name(r"\.tfvars$", "hcl", ("terraform", "tfvars")),
    _Name(r"\.tfvars\.json$", "json", ("terraform", "tfvars")),
    _Name(r"\.tfstate(\.backup)?$", "json", ("tfstate",)),
    _Name(r"/\.terraform\.lock\.hcl$", "hcl", ("lock", "terraform-lock")),
    _Name(r"/terragrunt\.hcl$", "hcl", ("terragrunt", "terraform")),
    _Name(r"\.pkr\.hcl$", "hcl", ("packer",)),
    _Name(r"\.nomad(\.hcl)?$", "hcl", ("nomad",)),
    _Name(r"/serverless\.ya?ml$", "yaml", ("serverless",)),
    _Name(r"/(template|sam)\.ya?ml$", "yaml", ()),
    _Name(r"/ansible\.cfg$", "ini", ("ansible-cfg",)),
    _Name(r"/(playbooks?|roles|tasks|handlers|group_vars|host_vars|inventor(y|ies))/.*\.ya?ml$|/(site|playbook[^/]*)\.ya?ml$", "yaml", ("ansible",)),
    _Name(r"/(hosts|inventory)(\.ini)?$", "ini", ("ansible-inventory",)),
    _Name(r"/galaxy\.ya?ml$", "yaml", ("ansible-galaxy",)),
    # servers
    _Name(r"/nginx(/.*)?\.conf$|\.nginx(\.conf)?$|/nginx\.conf[^/]*$|/(sites-(available|enabled)|conf\.d)/[^/]+$", "directives", ("nginx",)),
    _Name(r"/(httpd|apache2?)[^/]*\.conf$|/(apache2?|httpd)/.*\.conf$|/\.htaccess$", "directives", ("apache",)),
    _Name(r"/sshd_config([./][^/]*)?$|/sshd_config\.d/[^/]+$", "directives", ("sshd",)),
    _Name(r"/ssh_config([./][^/]*)?$|/\.?ssh/config$|/ssh_config\.d/[^/]+$", "directives", ("ssh-client",)),
    _Name(r"/sudoers([./][^/]*)?$|/sudoers\.d/[^/]+$", "directives", ("sudoers",)),
    _Name(r"/redis[^/]*\.conf$|/sentinel\.conf$", "directives", ("redis",)),
    _Name(r"/haproxy[^/]*\.(cfg|conf)$", "directives", ("haproxy",)),
    _Name(r"/caddyfile[^/]*$|\.caddyfile$", "directives", ("caddyfile",)),
    _Name(r"/pg_hba[^/]*\.conf$", "directives", ("pg-hba",)),
    _Name(r"/postgresql[^/]*\.conf$", "ini", ("postgresql",)),
    _Name(r"/mongod?[^/]*\.(conf|ya?ml)$", "yaml", ("mongodb",)),
    _Name(r"/elasticsearch\.ya?ml$", "yaml", ("elasticsearch",)),
    _Name(r"/(my|mysqld?|mariadb)\.(cnf|ini)$|/\.my\.cnf$|/mysql/.*\.cnf$", "ini", ("mysql",)),
    _Name(r"/traefik[^/]*\.ya?ml$", "yaml", ("traefik",)),
    _Name(r"/traefik[^/]*\.toml$", "toml", ("traefik",)),
    _Name(r"/php[^/]*\.ini$|/php/[^/]*\.ini$", "ini", ("php-ini",)),
    # frameworks
    _Name(r"/(application|bootstrap)([-_][^/]*)?\.ya?ml$", "yaml", ("spring",)),
    _Name(r"/(application|bootstrap)([-_][^/]*)?\.properties$", "properties", ("spring",)),
    _Name(r"/micronaut[^/]*\.ya?ml$", "yaml", ("spring",)),
    _Name(r"/settings[^/]*\.py$|/settings/.*\.py$", "", ("django-settings", "python")),
    _Name(r"/config/(environments/.*|application|initializers/.*)\.rb$", "", ("rails-config",)),
    _Name(r"/config/(database|secrets|credentials|cable|storage)\.ya?ml$", "yaml", ("rails-yaml",)),
    _Name(r"/(web|app)(\.[^/]*)?\.config$", "xml", ("dotnet-config",)),
    _Name(r"/appsettings[^/]*\.json$", "json", ("dotnet-appsettings",)),
    _Name(r"/androidmanifest\.xml$", "xml", ("android-manifest",)),
    _Name(r"/network_?security_?config[^/]*\.xml$", "xml", ("android-network",)),
    _Name(r"/tomcat-users\.xml$", "xml", ("tomcat-users",)),
    _Name(r"/log4j2?[^/]*\.xml$", "xml", ("log4j",)),
    # package managers
    _Name(r"/package\.json$", "json", ("package-json",)),
    _Name(r"/(package-lock|npm-shrinkwrap)\.json$", "json", ("lock", "npm-lock")),
    _Name(r"/yarn\.lock$", "", ("lock", "yarn-lock")),
    _Name(r"/pnpm-lock\.ya?ml$", "yaml", ("lock", "pnpm-lock")),
    _Name(r"/pnpm-workspace\.ya?ml$", "yaml", ("pnpm-workspace",)),
    _Name(r"/bun\.lock$", "json", ("lock", "bun-lock")),
    _Name(r"/bun\.lockb$", "", ("lock", "bun-lockb")),
    _Name(r"/bunfig\.toml$", "toml", ("bunfig",)),
    _Name(r"/\.?npmrc$", "ini", ("npmrc",)),
    _Name(r"/\.yarnrc$", "directives", ("yarnrc",)),
    _Name(r"/\.yarnrc\.ya?ml$", "yaml", ("yarnrc-yml",)),
    _Name(r"/([^/]*requirements[^/]*|constraints[^/]*)\.(txt|in|pip)$|/requirements/[^/]*\.(txt|in|pip)$", "", ("requirements",)),
    _Name(r"/pyproject\.toml$", "toml", ("pyproject",)),
    _Name(r"/setup\.cfg$", "ini", ("setup-cfg",)),
    _Name(r"/setup\.py$", "", ("setup-py", "python")),
    _Name(r"/pipfile$", "toml", ("pipfile",)),
    _Name(r"/pipfile\.lock$", "json", ("lock", "pipenv-lock")),
    _Name(r"/poetry\.lock$", "toml", ("lock", "poetry-lock")),
    _Name(r"/pdm\.lock$", "toml", ("lock", "pdm-lock")),
    _Name(r"/uv\.lock$", "toml", ("lock", "uv-lock")),
    _Name(r"/uv\.toml$", "toml", ("uv-toml",)),
    _Name(r"/poetry\.toml$|/pypoetry/config\.toml$", "toml", ("poetry-toml",)),
    _Name(r"/\.?pdm\.toml$", "toml", ("pdm-toml",)),
    _Name(r"/pylock(\.[^/]*)?\.toml$", "toml", ("lock", "pylock")),
    _Name(r"/pip\.(conf|ini)$", "ini", ("pip-conf",)),
    _Name(r"/\.pypirc$", "ini", ("pypirc",)),
    _Name(r"/environment[^/]*\.ya?ml$|/conda[^/]*\.ya?ml$", "yaml", ("conda-env",)),
    _Name(r"/conda-lock\.ya?ml$", "yaml", ("lock", "conda-lock")),
    _Name(r"/cargo\.toml$", "toml", ("cargo-toml",)),
    _Name(r"/cargo\.lock$", "toml", ("lock", "cargo-lock")),
    _Name(r"/\.?cargo/config(\.toml)?$", "toml", ("cargo-config",)),
    _Name(r"/\.?cargo/credentials(\.toml)?$", "toml", ("cargo-credentials",)),
    _Name(r"/go\.mod$", "", ("go-mod",)),
    _Name(r"/go\.sum$", "", ("lock", "go-sum")),
    _Name(r"/go\.work$", "", ("go-work",)),
    _Name(r"/gemfile$|/gems\.rb$", "", ("gemfile",)),
    _Name(r"/gemfile\.lock$|/gems\.locked$", "", ("lock", "gemfile-lock")),
    _Name(r"/\.?bundle/config$", "yaml", ("bundle-config",)),
    _Name(r"/composer\.json$", "json", ("composer-json",)),
    _Name(r"/composer\.lock$", "json", ("lock", "composer-lock")),
    _Name(r"/packages\.lock\.json$", "json", ("lock", "nuget-lock")),
    _Name(r"/packages\.config$", "xml", ("nuget-packages",)),
    _Name(r"/nuget\.config$", "xml", ("nuget-config",)),
    _Name(r"\.(cs|fs|vb)proj$|/directory\.(packages|build)\.props$", "xml", ("dotnet-project",)),
    _Name(r"/pom\.xml$", "xml", ("maven-pom",)),
    _Name(r"/\.?m2/settings\.xml$|/settings\.xml$", "xml", ("maven-settings",)),
    _Name(r"/maven-wrapper\.properties$", "properties", ("maven-wrapper",)),
    _Name(r"/gradle-wrapper\.properties$", "properties", ("gradle-wrapper",)),
    _Name(r"\.gradle(\.kts)?$", "", ("gradle",)),
    _Name(r"/gradle\.properties$", "properties", ("gradle-properties",)),
    _Name(r"/libs\.versions\.toml$", "toml", ("gradle-catalog",)),
    _Name(r"/verification-metadata\.xml$", "xml", ("gradle-verification",)),
    _Name(r"/package\.resolved$", "json", ("lock", "swift-lock")),
    _Name(r"/package\.swift$", "", ("swift-package",)),
    _Name(r"/podfile$", "", ("podfile",)),
    _Name(r"/podfile\.lock$", "yaml", ("lock", "podfile-lock")),
    _Name(r"/pubspec\.ya?ml$", "yaml", ("pubspec",)),
    _Name(r"/pubspec\.lock$", "yaml", ("lock", "pubspec-lock")),
    _Name(r"/mix\.exs$", "", ("mix",)),
    _Name(r"/mix\.lock$", "", ("lock", "mix-lock")),
    _Name(r"/flake\.lock$", "json", ("lock", "flake-lock")),
    _Name(r"\.nix$", "", ("nix",)),
    _Name(r"/\.?mise[^/]*\.toml$", "toml", ("mise",)),
    _Name(r"/mise\.lock$", "toml", ("lock", "mise-lock")),
    _Name(r"/\.tool-versions$", "", ("tool-versions",)),
    _Name(r"/aqua\.ya?ml$", "yaml", ("aqua",)),
    # developer tools
    _Name(r"/\.gitmodules$", "ini", ("gitmodules",)),
    _Name(r"/\.?gitconfig$|/\.git/config$|/git/config$", "ini", ("gitconfig",)),
    _Name(r"/\.?mcp\.json$|/mcp[^/]*\.json$|/claude_desktop_config\.json$|/\.cursor/.*\.json$|/\.vscode/mcp\.json$", "json", ("mcp",)),
    _Name(r"/\.claude/settings[^/]*\.json$|/\.gemini/settings\.json$|/\.vscode/settings\.json$", "json", ("agent-settings",)),
    _Name(r"/\.codex/config\.toml$", "toml", ("agent-settings",)),
    _Name(r"/\.?curlrc$", "", ("curlrc",)),
    _Name(r"/\.?wgetrc$", "ini", ("wgetrc",)),
    # by extension: the format at least
    _Name(r"/\.env([.-][^/]*)?$|[^/]\.env$|/env\.[^/]+\.(local|prod[^/]*|dev[^/]*)$|/\.envrc$", "env", ("dotenv",)),
    _Name(r"\.ya?ml([.-](dist|sample|example|tpl|tmpl|j2|jinja2?|erb|gotmpl|template))?$", "yaml", ()),
    _Name(r"\.(json|jsonc|json5|webmanifest|code-workspace|ipynb|arm|avsc|geojson)([.-](dist|sample|example))?$", "json", ()),
    _Name(r"\.toml([.-](dist|sample|example|j2|tpl))?$", "toml", ()),
    _Name(r"\.hcl$", "hcl", ()),
    _Name(r"\.properties([.-](dist|sample|example|j2))?$", "properties", ("java-properties",)),
    _Name(r"\.(ini|cfg|cnf|inf|editorconfig)([.-](dist|sample|example|j2|in))?$|\.(service|socket|timer|mount|desktop)$", "ini", ()),
    _Name(r"\.(xml|config|csproj|props|targets|plist|xsd|xsl|wsdl|resx|iml|jelly)([.-](dist|sample|example|j2))?$", "xml", ()),
    _Name(r"\.(sh|bash|zsh|ksh|bats|ebuild|envrc)$|/\.(bashrc|bash_profile|profile|zshrc|zprofile|bash_aliases)$", "shell", ("shell",)),
    _Name(r"\.pyw?$|\.pyi$", "", ("python",)),
    _Name(r"\.ipynb$", "json", ("notebook",)),
)
_TEMPLATES: Final = (
    (re.compile(r"\.(j2|jinja2?)$|/templates/.*\.ya?ml\.j2$"), "jinja"),
    (re.compile(r"\.erb$"), "erb"),
    (re.compile(r"\.(gotmpl|tmpl|tpl)$"), "go"),
)
_INNER: Final = re.compile(r"\.(j2|jinja2?|erb|gotmpl|tmpl|tpl|template|in)$")


class _Look(NamedTuple):
    """A kind told by content: every one of ``words`` occurs, and ``pattern`` matches."""

    formats: tuple[str, ...]
    words: tuple[str, ...]
    pattern: str
    kinds: tuple[str, ...]


_LOOKS: Final = (
    _Look(("yaml", "json"), ("apiVersion", "kind"), r"""(?m)^[ \t"'{-]*apiVersion["']?\s*:""", ("kubernetes",)),
    _Look(("yaml",), ("apiVersion", "clusters", "users"), r"(?m)^kind:\s*Config\b", ("kubeconfig",)),
    _Look(("yaml",), ("services", "image"), r"(?m)^services:\s*(#.*)?$(?=[\s\S]*^\s+(image|build):)", ("compose",)),
    _Look(("yaml",), ("services", "build"), r"(?m)^services:\s*(#.*)?$(?=[\s\S]*^\s+build:)", ("compose",)),
    _Look(("yaml",), ("jobs", "runs-on"), r"""(?m)^["']?(on|"on")["']?\s*:""", ("github-workflow", "ci")),
    _Look(("yaml",), ("runs", "using"), r"(?m)^runs:\s*$", ("github-action", "ci")),
    _Look(("yaml", "json"), ("AWSTemplateFormatVersion",), "", ("cloudformation",)),
    _Look(("yaml", "json"), ("Resources", "AWS::"), r"""["']?Resources["']?\s*:""", ("cloudformation",)),
    _Look(("yaml",), ("Transform", "AWS::Serverless"), "", ("sam",)),
    _Look(("yaml",), ("hosts",), r"(?m)^\s*-\s+(name:.*\n\s+)?hosts\s*:", ("ansible",)),
    _Look(("yaml",), ("name:",), r"(?m)^\s*-\s+name:.*\n(\s+[\w.]+:.*\n)*?\s+(ansible\.builtin\.|community\.|amazon\.aws\.|azure\.|google\.cloud\.)[\w.]+:", ("ansible",)),
    _Look(("json",), ("deploymentTemplate.json",), "", ("arm",)),
    _Look(("json",), ("mcpServers",), "", ("mcp",)),
    _Look(("yaml",), ("swagger",), r"(?m)^swagger:", ("openapi",)),
    _Look(("yaml",), ("openapi",), r"(?m)^openapi:", ("openapi",)),
)
_SHEBANG: Final = re.compile(r"#!\s*(?:/usr)?(?:/local)?/bin/(?:env\s+(?:-S\s+)?)?(\w+)")
_SHELLS: Final = frozenset({"sh", "bash", "zsh", "ksh", "dash", "ash"})
_CLOUDS_OWN_KINDS: Final = frozenset({"kustomize", "helm-chart", "skaffold", "helm-values"})


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[re.Pattern[str], _Name], ...]:
    return tuple((re.compile(name.pattern), name) for name in _NAMES)


@lru_cache(maxsize=4096)
def by_path(path: str) -> FileType:
    """What the path alone says (case does not count)."""
    low = "/" + path.lower()
    template = next((name for pattern, name in _TEMPLATES if pattern.search(low)), "")
    format, kinds = _match(low)
    if not format and template:
        format, kinds = _match(_INNER.sub("", low))
    if "/templates/" in low and format == "yaml" and not template and not kinds & {"ci", "ansible"}:
        template = "go"
        kinds |= {"helm-template"}
    return FileType(format, kinds, template)


def _match(low: str) -> tuple[str, frozenset[str]]:
    format, kinds = "", set()
    for pattern, name in _names():
        if pattern.search(low):
            format = format or name.format
            kinds.update(name.kinds)
    return format, frozenset(kinds)


def detect(path: str, text: str) -> FileType:
    """Format, kinds and templating language of the file at ``path`` that begins with ``text``."""
    named = by_path(path)
    format, kinds, template = named
    head = text[:_HEAD]
    if not format and not kinds:
        format, kinds = _by_first_line(head)
    if template == "go" and "helm-template" in kinds and "{{" not in head:
        template = ""
    looked = {
        kind
        for look in _LOOKS
        if format in look.formats and all(word in head for word in look.words) and (not look.pattern or re.search(look.pattern, head))
        for kind in look.kinds
    }
    if "kubernetes" in looked and kinds & _CLOUDS_OWN_KINDS:
        looked.discard("kubernetes")
    if looked - kinds:
        kinds |= looked
    return named if kinds == named.kinds and format == named.format and template == named.template else FileType(format, kinds, template)


def _by_first_line(head: str) -> tuple[str, frozenset[str]]:
    shebang = _SHEBANG.match(head)
    if shebang:
        program = shebang[1]
        if program in _SHELLS:
            return "shell", frozenset({"shell"})
        if program.startswith("python") or program == "uv":
            return "", frozenset({"python"})
    start = head.lstrip("\ufeff \t\r\n")[:64]
    if start.startswith("<?xml"):
        return "xml", frozenset()
    if start.startswith("---\n") or start.startswith("apiVersion:"):
        return "yaml", frozenset()
    return "", frozenset()


_TRAITS: Final = (
    ("test", r"/(tests?|testing|testdata|test[-_]data|spec|specs|__tests__|fixtures?|mocks?|e2e|integration[-_]tests?)/|/(test_[^/]*|[^/]*_tests?|conftest)\.\w+$|\.(test|spec|mock)\.\w+$"),
    ("example", r"/(examples?|samples?|demos?|docs?|documentation|tutorials?|templates?/example)/|[.-](example|sample|dist|template|tmpl|tpl|default)s?(\.\w+)?$|/(example|sample)[^/]*$"),
    ("docs", r"\.(md|rst|adoc|txt|html?)$|/(readme|changelog|contributing|license)[^/]*$"),
    ("production", r"(^|[/._-])(prod|production|live|release)([/._-]|$)"),
    ("development", r"(^|[/._-])(dev|develop|development|local|debug|staging|sandbox|vagrant)([/._-]|$)"),
    ("vendored", r"/(node_modules|vendor|third[-_]party|site-packages|bower_components|\.venv|dist-packages)/"),
    ("generated", r"\.min\.(js|css)$|\.(map|svg|bundle\.js|chunk\.js|pb\.go|lock)$|/(dist|build|out|coverage|htmlcov)/|[-.]lock\.(json|ya?ml)$|/(go\.sum|package-lock\.json|npm-shrinkwrap\.json)$"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _traits() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((trait, re.compile(pattern)) for trait, pattern in _TRAITS)


@lru_cache(maxsize=4096)
def path_traits(path: str) -> frozenset[str]:
    """What a path says about a file's role: ``test``, ``example``, ``docs``, ``production``, ``development``, ``vendored``, ``generated``."""
    low = "/" + path.lower()
    return frozenset(trait for trait, pattern in _traits() if pattern.search(low))
