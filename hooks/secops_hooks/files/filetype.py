"""What kind of file this is: from its path first, then from a cheap look at its content. A file can be of several kinds.

Kinds name the tool that reads the file (``kubernetes``, ``github-workflow``, ``npmrc``); the format says which parser
reads it. Nothing is parsed here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..lazy import Lazy
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Final

_HEAD: Final = 65536  # how far into a file the look at its content reaches


class FileType(NamedTuple):
    """``format``: a key of ``parse.MODULES`` or empty. ``template``: ``go``, ``jinja``, ``erb`` or empty."""

    format: str = ""
    kinds: frozenset[str] = frozenset()
    template: str = ""


class _Name(NamedTuple):
    """Files whose path ends in one of ``globs`` (separated by blanks, lower case).

    ``*`` stands for anything but a slash, ``**`` for anything, ``{a,b}`` for either. A glob is matched against as many
    trailing parts of the path as it has.
    """

    globs: str
    format: str
    kinds: tuple[str, ...] = ()


# First match decides the format; kinds of all matches add up.
_NAMES: Final = (
    # containers
    _Name(
        "{dockerfile,containerfile} {dockerfile,containerfile}{.,-}* *{.,-,_}{dockerfile,containerfile} *{.,-,_}dockerfile.*",
        "dockerfile",
        ("dockerfile",),
    ),
    _Name("{,docker-,*.,*-}compose{,.*,-*}.{yml,yaml} compose/*.{yml,yaml}", "yaml", ("compose",)),
    _Name("{devcontainer,.devcontainer}.json .devcontainer/**/devcontainer.json", "json", ("devcontainer",)),
    _Name("{,.}devcontainer-lock.json", "json", ("lock", "devcontainer-lock")),
    # continuous integration
    _Name(".{github,gitea,forgejo}/workflows/*.{yml,yaml}", "yaml", ("github-workflow", "ci")),
    _Name("action.{yml,yaml}", "yaml", ("github-action", "ci")),
    _Name(".github/dependabot.{yml,yaml}", "yaml", ("dependabot",)),
    _Name("renovate.{json,json5} .renovaterc .renovaterc.json", "json", ("renovate",)),
    _Name("{,*}gitlab-ci{,*}.{yml,yaml} .gitlab/ci/**.{yml,yaml}", "yaml", ("gitlab-ci", "ci")),
    _Name(".circleci/**.{yml,yaml}", "yaml", ("circleci", "ci")),
    _Name(
        "{,.}azure-pipeline*.{yml,yaml} .azure-pipelines/**.{yml,yaml} {,.}azure/pipelines/**.{yml,yaml}", "yaml", ("azure-pipelines", "ci")
    ),
    _Name("bitbucket-pipelines.{yml,yaml}", "yaml", ("bitbucket-pipelines", "ci")),
    _Name(".drone.{yml,yaml}", "yaml", ("drone", "ci")),
    _Name(".woodpecker.{yml,yaml} .woodpecker/**.{yml,yaml}", "yaml", ("woodpecker", "ci")),
    _Name(".travis.{yml,yaml}", "yaml", ("travis", "ci")),
    _Name(".buildkite/**.{yml,yaml}", "yaml", ("buildkite", "ci")),
    _Name("cloudbuild*.{yml,yaml}", "yaml", ("cloudbuild", "ci")),
    _Name("{,.}appveyor.{yml,yaml}", "yaml", ("appveyor", "ci")),
    _Name("buildspec*.{yml,yaml}", "yaml", ("codebuild", "ci")),
    _Name("jenkinsfile jenkinsfile.* jenkinsfile-* *.jenkinsfile", "", ("jenkinsfile", "ci")),
    _Name(".pre-commit-config.{yml,yaml}", "yaml", ("pre-commit-config",)),
    _Name(".pre-commit-hooks.{yml,yaml}", "yaml", ("pre-commit-hooks",)),
    # cluster and cloud
    _Name("chart.{yml,yaml}", "yaml", ("helm-chart",)),
    _Name("requirements.{yml,yaml}", "yaml", ("helm-requirements", "ansible-galaxy")),
    _Name("{chart,requirements}.lock", "yaml", ("lock", "helm-lock")),
    _Name("values.{yml,yaml} values{.,-}*.{yml,yaml} *{.,-}values.{yml,yaml}", "yaml", ("helm-values",)),
    _Name("kustomization.{yml,yaml} kustomization", "yaml", ("kustomize",)),
    _Name("skaffold*.{yml,yaml}", "yaml", ("skaffold",)),
    _Name(".kube/config kube/config kubeconfig kubeconfig-* kubeconfig.{yaml,yml,conf,json} *.kubeconfig", "yaml", ("kubeconfig",)),
    _Name("*.{tf,tofu}", "hcl", ("terraform",)),
    _Name("*.{tf,tofu}.json", "json", ("terraform",)),
    _Name("*.tfvars", "hcl", ("terraform", "tfvars")),
    _Name("*.tfvars.json", "json", ("terraform", "tfvars")),
    _Name("*.tfstate *.tfstate.backup", "json", ("tfstate",)),
    _Name(".terraform.lock.hcl", "hcl", ("lock", "terraform-lock")),
    _Name("terragrunt.hcl", "hcl", ("terragrunt", "terraform")),
    _Name("*.bicep", "bicep", ("arm",)),
    _Name("*.pkr.hcl", "hcl", ("packer",)),
    _Name("*.nomad *.nomad.hcl", "hcl", ("nomad",)),
    _Name("serverless.{yml,yaml}", "yaml", ("serverless",)),
    _Name("ansible.cfg", "ini", ("ansible-cfg",)),
    _Name(
        "{playbook,playbooks,roles,tasks,handlers,group_vars,host_vars,inventory,inventories}/**.{yml,yaml} {site,playbook*}.{yml,yaml}",
        "yaml",
        ("ansible",),
    ),
    _Name("{hosts,inventory} {hosts,inventory}.ini", "ini", ("ansible-inventory",)),
    _Name("galaxy.{yml,yaml}", "yaml", ("ansible-galaxy",)),
    # servers
    _Name("nginx*.conf* nginx/**.conf *.nginx *.nginx.conf nginx/{sites-available,sites-enabled}/*", "directives", ("nginx",)),
    _Name("{httpd,apache,apache2}*.conf {httpd,apache,apache2}/**.conf .htaccess", "directives", ("apache",)),
    _Name("{,*}sshd_config{,.*} sshd_config.d/*.conf", "directives", ("sshd",)),
    _Name("{,*}ssh_config{,.*} {,.}ssh/config ssh_config.d/*.conf", "directives", ("ssh-client",)),
    _Name("sudoers{,.*} sudoers.d/*", "directives", ("sudoers",)),
    _Name("redis*.conf sentinel.conf", "directives", ("redis",)),
    _Name("haproxy*.{cfg,conf}", "directives", ("haproxy",)),
    _Name("caddyfile{,.*} *.caddyfile", "directives", ("caddyfile",)),
    _Name("pg_hba*.conf{,.*}", "directives", ("pg-hba",)),
    _Name("postgresql*.conf{,.*}", "ini", ("postgresql",)),
    _Name("{mongo,mongod,mongodb}*.{conf,yml,yaml}", "yaml", ("mongodb",)),
    _Name("elasticsearch.{yml,yaml}", "yaml", ("elasticsearch",)),
    _Name("{,.}{my,mysql,mysqld,mariadb}.{cnf,ini} mysql/**.cnf", "ini", ("mysql",)),
    _Name("traefik*.{yml,yaml}", "yaml", ("traefik",)),
    _Name("traefik*.toml", "toml", ("traefik",)),
    _Name("php*.ini php/**.ini", "ini", ("php-ini",)),
    # frameworks
    _Name("{application,bootstrap}{,-*,_*}.{yml,yaml} micronaut*.{yml,yaml}", "yaml", ("spring",)),
    _Name("{application,bootstrap}{,-*,_*}.properties", "properties", ("spring",)),
    _Name("settings*.py *_settings.py settings/**.py", "", ("django-settings", "python")),
    _Name("config/environments/*.rb config/application.rb config/initializers/*.rb", "", ("rails-config",)),
    _Name("config/{database,secrets,credentials,cable,storage}.{yml,yaml}", "yaml", ("rails-yaml",)),
    _Name("config/{app,session,cors,auth,sanctum,debugbar}.php", "", ("laravel-config",)),
    _Name("{web,app}{,.*}.config", "xml", ("dotnet-config",)),
    _Name("appsettings*.json", "json", ("dotnet-appsettings",)),
    _Name("androidmanifest.xml", "xml", ("android-manifest",)),
    _Name("network{,_}security{,_}config*.xml", "xml", ("android-network",)),
    _Name("tomcat-users.xml", "xml", ("tomcat-users",)),
    _Name("log4j*.xml", "xml", ("log4j",)),
    _Name("log4j2*.yml log4j2*.yaml", "yaml", ("log4j",)),
    # package managers
    _Name("package.json", "json", ("package-json",)),
    _Name("package-lock.json npm-shrinkwrap.json", "json", ("lock", "npm-lock")),
    _Name("yarn.lock", "", ("lock", "yarn-lock")),
    _Name("pnpm-lock.{yml,yaml}", "yaml", ("lock", "pnpm-lock")),
    _Name("pnpm-workspace.{yml,yaml}", "yaml", ("pnpm-workspace",)),
    _Name("bun.lock", "json", ("lock", "bun-lock")),
    _Name("bun.lockb", "", ("lock", "bun-lockb")),
    _Name("bunfig.toml", "toml", ("bunfig",)),
    _Name("{,.}npmrc", "ini", ("npmrc",)),
    _Name(".yarnrc", "directives", ("yarnrc",)),
    _Name(".yarnrc.{yml,yaml}", "yaml", ("yarnrc-yml",)),
    _Name("*requirements*.{txt,in,pip} constraints*.{txt,in,pip} requirements/**.{txt,in,pip}", "", ("requirements",)),
    _Name("pyproject.toml", "toml", ("pyproject",)),
    _Name("setup.cfg", "ini", ("setup-cfg",)),
    _Name("setup.py", "", ("setup-py", "python")),
    _Name("pipfile", "toml", ("pipfile",)),
    _Name("pipfile.lock", "json", ("lock", "pipenv-lock")),
    _Name("poetry.lock", "toml", ("lock", "poetry-lock")),
    _Name("pdm.lock", "toml", ("lock", "pdm-lock")),
    _Name("uv.lock", "toml", ("lock", "uv-lock")),
    _Name("uv.toml", "toml", ("uv-toml",)),
    _Name("poetry.toml pypoetry/config.toml", "toml", ("poetry-toml",)),
    _Name("{,.}pdm.toml", "toml", ("pdm-toml",)),
    _Name("pylock.toml pylock.*.toml", "toml", ("lock", "pylock")),
    _Name("pip.{conf,ini}", "ini", ("pip-conf",)),
    _Name(".pypirc", "ini", ("pypirc",)),
    _Name("environment*.{yml,yaml} conda*.{yml,yaml}", "yaml", ("conda-env",)),
    _Name("conda-lock.{yml,yaml}", "yaml", ("lock", "conda-lock")),
    _Name("cargo.toml", "toml", ("cargo-toml",)),
    _Name("cargo.lock", "toml", ("lock", "cargo-lock")),
    _Name("{,.}cargo/config {,.}cargo/config.toml", "toml", ("cargo-config",)),
    _Name("{,.}cargo/credentials {,.}cargo/credentials.toml", "toml", ("cargo-credentials",)),
    _Name("go.mod", "", ("go-mod",)),
    _Name("go.sum", "", ("lock", "go-sum")),
    _Name("go.work", "", ("go-work",)),
    _Name("gemfile gems.rb", "", ("gemfile",)),
    _Name("gemfile.lock gems.locked", "", ("lock", "gemfile-lock")),
    _Name("{,.}bundle/config", "yaml", ("bundle-config",)),
    _Name("composer.json", "json", ("composer-json",)),
    _Name("composer.lock", "json", ("lock", "composer-lock")),
    _Name("packages.lock.json", "json", ("lock", "nuget-lock")),
    _Name("packages.config", "xml", ("nuget-packages",)),
    _Name("nuget.config", "xml", ("nuget-config",)),
    _Name("*.{csproj,fsproj,vbproj} directory.{packages,build}.props", "xml", ("dotnet-project",)),
    _Name("pom.xml", "xml", ("maven-pom",)),
    _Name("settings.xml", "xml", ("maven-settings",)),
    _Name("maven-wrapper.properties", "properties", ("maven-wrapper",)),
    _Name("gradle-wrapper.properties", "properties", ("gradle-wrapper",)),
    _Name("*.gradle *.gradle.kts", "", ("gradle",)),
    _Name("gradle.properties", "properties", ("gradle-properties",)),
    _Name("libs.versions.toml", "toml", ("gradle-catalog",)),
    _Name("verification-metadata.xml", "xml", ("gradle-verification",)),
    _Name("package.resolved", "json", ("lock", "swift-lock")),
    _Name("package.swift", "", ("swift-package",)),
    _Name("podfile", "", ("podfile",)),
    _Name("podfile.lock", "yaml", ("lock", "podfile-lock")),
    _Name("pubspec.{yml,yaml}", "yaml", ("pubspec",)),
    _Name("pubspec.lock", "yaml", ("lock", "pubspec-lock")),
    _Name("mix.exs", "", ("mix",)),
    _Name("mix.lock", "", ("lock", "mix-lock")),
    _Name("flake.lock", "json", ("lock", "flake-lock")),
    _Name("*.nix", "", ("nix",)),
    _Name("{,.}mise.toml {,.}mise.*.toml {,.}mise/config.toml", "toml", ("mise",)),
    _Name("mise.lock", "toml", ("lock", "mise-lock")),
    _Name(".tool-versions", "", ("tool-versions",)),
    _Name("aqua.{yml,yaml}", "yaml", ("aqua",)),
    # developer tools
    _Name(".gitmodules", "ini", ("gitmodules",)),
    _Name("{,.}gitconfig {,.}git/config", "ini", ("gitconfig",)),
    _Name("{,.}mcp.json mcp*.json *mcp_{settings,config}.json claude_desktop_config.json .cursor/**.json", "json", ("mcp",)),
    _Name(
        ".{claude,gemini,qwen,vscode,cursor,zed,crush,amazonq,kiro,opencode}/{settings,config,cli,permissions,hooks}*.json"
        " .{amazonq,kiro}/{cli-agents,agents}/*.json {,.}{opencode,crush}.{json,jsonc} hooks/hooks.json",
        "json",
        ("agent-settings",),
    ),
    _Name("*.code-workspace", "json", ("agent-settings", "mcp")),
    _Name(".vscode/tasks.json", "json", ("vscode-tasks",)),
    _Name(".codex/config.toml", "toml", ("agent-settings", "mcp")),
    _Name(".aider.conf.{yml,yaml}", "yaml", ("agent-settings",)),
    _Name(".continue/**.{yml,yaml}", "yaml", ("agent-settings", "mcp")),
    _Name("{,.}curlrc {,_}curlrc", "", ("curlrc",)),
    _Name("{,.}wgetrc", "ini", ("wgetrc",)),
    # by extension: the format at least
    _Name(".env .env{.,-}* *.env env.*.local .envrc", "env", ("dotenv",)),
    _Name("*.{yml,yaml}", "yaml"),
    _Name("*.{json,jsonc,json5,webmanifest,code-workspace,arm,avsc,geojson}", "json"),
    _Name("*.ipynb", "json", ("notebook",)),
    _Name("*.toml", "toml"),
    _Name("*.hcl", "hcl"),
    _Name("*.properties", "properties", ("java-properties",)),
    _Name("*.{ini,cfg,cnf,inf,service,socket,timer,mount,desktop} .editorconfig", "ini"),
    _Name("*.{xml,config,props,targets,plist,xsd,xsl,wsdl,resx,iml,jelly}", "xml"),
    _Name("*.{sh,bash,zsh,ksh,bats,ebuild} .{bashrc,bash_profile,profile,zshrc,zprofile,bash_aliases}", "shell", ("shell",)),
    _Name("*.{py,pyw,pyi}", "", ("python",)),
    _Name("*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}", "", ("javascript",)),
    _Name("*.rb", "", ("ruby",)),
)
_TEMPLATES: Final = {".j2": "jinja", ".jinja": "jinja", ".jinja2": "jinja", ".erb": "erb", ".gotmpl": "go", ".tmpl": "go", ".tpl": "go"}
_WRAPPERS: Final = (*_TEMPLATES, ".template", ".in", ".dist", ".sample", ".example")  # what may follow a file's real name


class _Look(NamedTuple):
    """A kind told by content: every one of ``words`` occurs, and ``pattern`` matches."""

    formats: tuple[str, ...]
    words: tuple[str, ...]
    pattern: str
    kinds: tuple[str, ...]


_LOOKS: Final = (
    _Look(("yaml", "json"), ("apiVersion", "kind"), r"""(?m)^[ \t"'{-]*apiVersion["']?\s*:""", ("kubernetes",)),
    _Look(("yaml",), ("apiVersion", "clusters", "users"), r"(?m)^kind:\s*Config\b", ("kubeconfig",)),
    _Look(
        ("yaml", "json"),
        ("op", "path", "/spec"),
        r"""(?m)^[ \t{[-]*["']?op["']?\s*:\s*["']?(?:add|replace|test|remove)\b""",
        ("json-patch",),
    ),
    _Look(("yaml",), ("services", "image"), r"(?m)^services:\s*(#.*)?$(?=[\s\S]*^\s+(image|build):)", ("compose",)),
    _Look(("yaml",), ("services", "build"), r"(?m)^services:\s*(#.*)?$(?=[\s\S]*^\s+build:)", ("compose",)),
    _Look(("yaml",), ("jobs", "runs-on"), r"""(?m)^["']?(on|"on")["']?\s*:""", ("github-workflow", "ci")),
    _Look(("yaml",), ("runs", "using"), r"(?m)^runs:\s*$", ("github-action", "ci")),
    _Look(("yaml", "json"), ("AWSTemplateFormatVersion",), "", ("cloudformation",)),
    _Look(("yaml", "json"), ("Resources", "AWS::"), r"""["']?Resources["']?\s*:""", ("cloudformation",)),
    _Look(("json",), ('"Statement"', '"Effect"'), r"\A\s*\{\s*\"(?:Version|Id|Statement)\"\s*:", ("aws-policy",)),
    _Look(("yaml",), ("Transform", "AWS::Serverless"), "", ("sam",)),
    _Look(("yaml",), ("hosts",), r"(?m)^\s*-\s+(name:.*\n\s+)?hosts\s*:", ("ansible",)),
    _Look(
        ("yaml",),
        ("name:",),
        r"(?m)^\s*-\s+name:.*\n(\s+[\w.]+:.*\n)*?\s+(ansible\.builtin\.|community\.|amazon\.aws\.|azure\.|google\.cloud\.)[\w.]+:",
        ("ansible",),
    ),
    _Look(("json",), ("deploymentTemplate.json",), "", ("arm",)),
    _Look(("toml",), ("[[runners]]", "executor"), "", ("gitlab-runner",)),
    _Look(
        ("yaml",),
        ("jenkins:",),
        r"(?m)^jenkins:\s*(#.*)?$(?=[\s\S]{0,4000}^[ ]+(securityRealm|authorizationStrategy|numExecutors|systemMessage|clouds|nodes):)",
        ("jenkins-casc",),
    ),
    _Look(("json",), ("mcpServers",), "", ("mcp",)),
    _Look(("yaml",), ("management:", "endpoints:", "exposure"), r"(?m)^management:\s*$", ("spring",)),
    _Look(("properties",), ("management.endpoint",), r"(?m)^management\.endpoint", ("spring",)),
    _Look(
        ("properties",), ("spring.",), r"(?m)^spring\.(?:datasource|security|jpa|application|h2|devtools|servlet|profiles)\b", ("spring",)
    ),
    _Look(("properties",), ("quarkus.",), r"(?m)^(?:%\w+\.)?quarkus\.", ("spring",)),
    _Look(("yaml",), ("swagger",), r"(?m)^swagger:", ("openapi",)),
    _Look(("yaml",), ("openapi",), r"(?m)^openapi:", ("openapi",)),
)
# directories of web servers in which only the content tells whose a file is
_SITES: Final = ("/sites-available/", "/sites-enabled/", "/conf.d/", "/conf-available/", "/conf-enabled/")
_APACHE: Final = Lazy(r"(?m)^[ \t]*(?:</?(?:VirtualHost|Directory|IfModule|Location|Files|IfDefine|Proxy)\b|Listen[ \t]+\S+[ \t]*$)")
_NGINX: Final = Lazy(
    r"(?m)^[ \t]*(?:(?:server|http|events|stream|upstream[ \t]+\S+|location[ \t]+[^\n{]+|(?:map|geo)[ \t]+[^\n{]+)[ \t]*\n?[ \t]*\{"
    r"|(?:include|proxy_\w+|ssl_\w+|add_header|gzip\w*|log_format|client_\w+|server_\w+|limit_\w+|fastcgi_\w+|access_log|types_hash_max_size)"
    r"[ \t][^\n]*;[ \t]*(?:#.*)?$)"
)
_SHEBANG: Final = Lazy(r"#!\s*(?:/usr)?(?:/local)?/bin/(?:env\s+(?:-S\s+)?)?(\w+)")
_DOCKERFILE_NAME: Final = Lazy(r"(?i)(?:dockerfile|containerfile)\Z")
_INSTRUCTION: Final = Lazy(r"(?m)^[ \t]*(?:(?:[Ff][Rr][Oo][Mm]|ARG|RUN|COPY|ADD|ENV|CMD|ENTRYPOINT|USER|WORKDIR|LABEL|EXPOSE)[ \t]+\S)")
_NO_DOCKERFILE: Final = (
    ".md",
    ".rst",
    ".adoc",
    ".dockerignore",
    ".html",
    ".lock",
    ".yaml",
    ".yml",
    ".json",
    ".toml",
    ".py",
    ".pyi",
    ".pyc",
    ".go",
    ".js",
    ".mjs",
    ".ts",
    ".tsx",
    ".rs",
    ".java",
    ".kt",
    ".rb",
    ".php",
    ".c",
    ".h",
    ".cpp",
    ".cs",
    ".swift",
    ".scala",
    ".lua",
    ".pl",
    ".ps1",
    ".vim",
    ".el",
    ".svg",
    ".png",
)
_SHELLS: Final = frozenset({"sh", "bash", "zsh", "ksh", "dash", "ash"})
_CLOUDS_OWN_KINDS: Final = frozenset({"kustomize", "helm-chart", "skaffold", "helm-values"})


class _Glob(NamedTuple):
    pattern: str
    name: _Name
    rank: int
    word: str  # what a path must hold at any rate


def _alternatives(glob: str) -> list[str]:
    """``a{b,c}`` as ``ab`` and ``ac``."""
    opening = glob.find("{")
    if opening < 0:
        return [glob]
    closing = glob.index("}", opening)
    return [
        each for choice in glob[opening + 1 : closing].split(",") for each in _alternatives(glob[:opening] + choice + glob[closing + 1 :])
    ]


@lru_cache(maxsize=1)
def _globs() -> tuple[dict[str, list[_Glob]], dict[str, list[_Glob]], list[_Glob]]:
    """The globs by the last part they ask for: an exact name, an extension, or anything."""
    exact: dict[str, list[_Glob]] = {}
    by_extension: dict[str, list[_Glob]] = {}
    rest: list[_Glob] = []
    for rank, name in enumerate(_NAMES):
        for glob in name.globs.split():
            for each in _alternatives(glob):
                glob_ = _Glob(each, name, rank, max(each.split("*"), key=len))
                last = each.rpartition("/")[2]
                extension = last.rpartition(".")[2]
                if "*" not in last:
                    exact.setdefault(last, []).append(glob_)
                elif "." in last and "*" not in extension:
                    by_extension.setdefault(extension, []).append(glob_)
                else:
                    rest.append(glob_)
    return exact, by_extension, rest


@lru_cache(maxsize=512)
def _regex(glob: str) -> re.Pattern[str]:
    return re.compile("(?:.*/)?" + re.escape(glob).replace(r"\*\*", ".*").replace(r"\*", "[^/]*") + r"\Z", re.DOTALL)


def _fits(glob: str, low: str) -> bool:
    """Whether ``low`` ends in ``glob``. Plain ``*.ext`` and ``name*`` need no regular expression."""
    if "/" not in glob and glob.count("*") == 1:
        head, _, tail = glob.partition("*")
        base = low.rpartition("/")[2]
        return len(base) >= len(head) + len(tail) and base.startswith(head) and base.endswith(tail)
    if "*" not in glob:
        return low == glob or low.endswith("/" + glob)
    return all(part in low for part in glob.split("*")) and _regex(glob).match(low) is not None


def _match(low: str) -> tuple[str, frozenset[str]]:
    exact, by_extension, rest = _globs()
    base = low.rpartition("/")[2]
    candidates = (*exact.get(base, ()), *by_extension.get(base.rpartition(".")[2], ()), *rest)
    hits = sorted({glob.rank: glob.name for glob in candidates if glob.word in low and _fits(glob.pattern, low)}.items())
    return next((name.format for _, name in hits if name.format), ""), frozenset(kind for _, name in hits for kind in name.kinds)


@lru_cache(maxsize=4096)
def by_path(path: str) -> FileType:
    """What the path alone says (case does not count)."""
    low = path.lower()
    format, kinds = _match(low)
    ending = next((each for each in _WRAPPERS if low.endswith(each)), "")
    template = _TEMPLATES.get(ending, "")
    if not format and not kinds and ending:
        format, kinds = _match(low.removesuffix(ending))
    if format == "yaml" and not template and "templates" in low.split("/")[:-1] and not kinds & {"ci", "ansible"}:
        template = "go"
        kinds |= {"helm-template"}
    return FileType(format, kinds, template)


def kinds() -> frozenset[str]:
    """Every kind of file that is told apart."""
    return frozenset(kind for row in (*_NAMES, *_LOOKS) for kind in row.kinds)


def detect(path: str, text: str) -> FileType:
    """Format, kinds and templating language of the file at ``path`` that begins with ``text``."""
    named = by_path(path)
    format, kinds, template = named
    head = text[:_HEAD]
    if not kinds and _in_sites(f"/{path.lower()}"):
        server = "nginx" if _NGINX.search(head) else "apache" if _APACHE.search(head) else ""
        format, kinds = ("directives", frozenset({server})) if server else (format, kinds)
    if not format and not kinds:
        format, kinds = _by_first_line(path, head)
    if format == "dockerfile" and not _DOCKERFILE_NAME.search(path):
        if not _is_dockerfile(path, head):
            format, kinds = _match("x." + path.lower().rpartition(".")[2])
        elif not template and "{{" in head and path.endswith(".template"):
            template = "go"  # as in the sources of the official images
    if template == "go" and "helm-template" in kinds and "{{" not in head:
        template = ""
    looked = {
        kind
        for look in _looks(format)
        if all(word in head for word in look.words) and (not look.pattern or re.search(look.pattern, head))
        for kind in look.kinds
    }
    if "kubernetes" in looked and kinds & _CLOUDS_OWN_KINDS:
        looked.discard("kubernetes")
    if looked - kinds:
        kinds |= looked
    return named if kinds == named.kinds and format == named.format and template == named.template else FileType(format, kinds, template)


@lru_cache(maxsize=32)
def _looks(format: str) -> tuple[_Look, ...]:
    return tuple(look for look in _LOOKS if format in look.formats)


def _in_sites(low: str) -> bool:
    return any(part in low for part in _SITES)


def _is_dockerfile(path: str, head: str) -> bool:
    """Whether a file whose name only contains the word (``Dockerfile.dev``, ``Dockerfile.md``) is one."""
    return not path.lower().endswith(_NO_DOCKERFILE) and _INSTRUCTION.search(head) is not None


def _by_first_line(path: str, head: str) -> tuple[str, frozenset[str]]:
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
    if start.startswith("apiVersion:") or (start.startswith("---\n") and "." not in path.rpartition("/")[2].lstrip(".")):
        return "yaml", frozenset()  # behind an extension --- begins the front matter of a text
    return "", frozenset()


# trait, words one of which every match holds (a regular expression is compiled only where one occurs), pattern
_TRAITS: Final = (
    ("test", ("test", "spec", "fixture", "mock", "e2e", "/t/"), r"/(tests?|t|testing|testdata|test[-_]data|spec|specs|__tests__|fixtures?|mocks?|e2e|integration[-_]tests?)/|/(test_[^/]*|[^/]*_tests?|conftest)\.\w+$|\.(test|spec|mock)\.\w+$"),
    ("example", ("example", "sample", "demo", "doc", "tutorial", "template", "default", "dist", "tmpl", "tpl"), r"/(examples?|samples?|demos?|docs?|docs?[-_]src|documentation|tutorials?|templates?/example)/|[.-](example|sample|dist|template|tmpl|tpl|default)s?(\.\w+)?$|/(example|sample)[^/]*$"),
    ("docs", (".md", ".rst", ".adoc", ".txt", ".htm", "/readme", "/changelog", "/contributing", "/license", "-info/", "/pkg-info"), r"\.(md|rst|adoc|txt|html?)$|/(readme|changelog|contributing|license)[^/]*$|-info/metadata$|/pkg-info$"),
    ("production", ("prod", "live", "release"), r"(^|[/._-])(prod|production|live|release)([/._-]|$)"),
    ("development", ("dev", "local", "debug", "staging", "sandbox", "vagrant"), r"(^|[/._-])(dev|develop|development|local|debug|staging|sandbox|vagrant)([/._-]|$)"),
    ("vendored", ("node_modules", "vendor", "third", "packages", "bower_components", ".venv"), r"/(node_modules|vendor|third[-_]party|site-packages|bower_components|\.venv|dist-packages)/"),
    ("generated", (".min.", ".map", ".svg", ".js", ".pb.go", ".lock", "/dist/", "/build/", "/out/", "cov", "lock.", "/go.sum", "npm-shrinkwrap", ".dist-info/"), r"\.min\.(js|css)$|\.(map|svg|bundle\.js|chunk\.js|pb\.go|lock)$|/(dist|build|out|coverage|htmlcov)/|[-.]lock\.(json|ya?ml)$|/(go\.sum|package-lock\.json|npm-shrinkwrap\.json)$|\.dist-info/record$"),
)  # fmt: skip


@lru_cache(maxsize=len(_TRAITS))
def _trait_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=4096)
def path_traits(path: str) -> frozenset[str]:
    """What a path says about a file's role: ``test``, ``example``, ``docs``, ``production``, ``development``, ``vendored``, ``generated``."""
    low = "/" + path.lower()
    found = []
    for trait, words, pattern in _TRAITS:
        for word in words:
            if word in low:
                if _trait_pattern(pattern).search(low):
                    found.append(trait)
                break
    return frozenset(found)
