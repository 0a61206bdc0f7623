"""Rules for the settings of package managers: where packages come from, and whether that is verified. Versions and hashes belong to family pins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...finding import Example, Rule
from ..match import Custom, Flip, Hit, Keys, Rewrite
from ..predicates import any_of, is_false, is_local_host, is_plain_http, is_true, is_wildcard, is_zero, matches, one_of

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File

_CWE: Final = "https://cwe.mitre.org/data/definitions/{}.html"
_HTTPS: Final = Rewrite(r"http://", "https://")
_UNVERIFIED: Final = "Anybody on the way can present a certificate of their own and decide what is installed."
_READABLE: Final = "Anybody on the way can change what is installed, and reads the credentials that are sent along."


def _host(address: str) -> str:
    return re.split(r"[/:?#]", address.partition("://")[2].rpartition("@")[2], maxsplit=1)[0]


_COMMENT: Final = re.compile(r"(?m)(?<![:\"'])//[^\n]*|/\*[\s\S]*?\*/")
_GRADLE_INSECURE: Final = re.compile(r"\b(?:is|set)?[aA]llowInsecureProtocol\s*(?:=\s*|\(\s*)?(true)\b")
_GRADLE_URL: Final = re.compile(r"\b(?:url|setUrl|uri|artifactPattern|ivyPattern)\s*[=(]?\s*(?:uri\s*\(\s*)?[\"'](http://[^\"'\s$]+)[\"']")


def _gradle(file: File, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Where group 1 of ``pattern`` stands in a build script, outside of comments."""
    text = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), file.source.text)
    for found in pattern.finditer(text):
        yield found.start(1), found.end(1), found[1]


def gradle_insecure_protocol(file: File, tree: Tree) -> Iterator[Hit]:
    """Repositories that may be asked without encryption."""
    for start, end, _ in _gradle(file, _GRADLE_INSECURE):
        yield Hit(file.source.span(start, end))


def gradle_plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Repositories that are asked without encryption."""
    for start, end, address in _gradle(file, _GRADLE_URL):
        if not is_local_host(_host(address)):
            yield Hit(file.source.span(start, end))


def gemfile_plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Sources of gems that are asked without encryption."""
    for found in re.finditer(r"(?m)^[ \t]*(?:source|git_source|remote)\b[ (:]*[\"'](http://[^\"'\s#]+)[\"']", file.source.text):
        if not is_local_host(_host(found[1])):
            yield Hit(file.source.span(found.start(1), found.end(1)))


def npm_plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Registries, also those of a scope, that are asked without encryption. Proxies are asked in clear by nature."""
    document = file.document
    for key, nodes in document.index.items() if document is not None else ():
        if key in ("registry", "disturl", "replace-registry-host") or key.endswith(":registry"):
            for node in nodes:
                if is_plain_http(node) is True:
                    yield Hit(node, mend=_HTTPS)


def index_beside_private(file: File, tree: Tree) -> Iterator[Hit]:
    """``extra-index-url`` beside another index: whoever publishes a private name with a higher version wins."""
    document = file.document
    for node in document.index.get("extra-index-url", ()) if document is not None else ():
        if node.known and node.text.strip() and "$" not in node.text:
            yield Hit(node)


RULES: tuple[Rule, ...] = (
    Rule(
        id="npmrc-strict-ssl",
        family="config",
        title="npm does not verify certificates",
        severity="high",
        tier="block",
        cwe=295,
        why=_UNVERIFIED,
        fix="Take strict-ssl out; give a private authority's certificate with cafile.",
        match=Keys(("npmrc", "yarnrc"), ("strict-ssl",), is_false, mend=Flip()),
        equivalents=("checkov:CKV2_DOCKER_13",),
        references=("https://docs.npmjs.com/cli/v11/using-npm/config#strict-ssl",),
        bad=(Example("strict-ssl=«false»\n"),),
        good=(Example("strict-ssl=true\n"), Example("strict-ssl=${STRICT_SSL}\n")),
    ),
    Rule(
        id="npmrc-plain-http",
        family="config",
        title="npm packages are fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Custom(("npmrc", "yarnrc"), npm_plain_http),
        references=("https://docs.npmjs.com/cli/v11/using-npm/config#registry",),
        bad=(Example("registry=«http://npm.acme.io/»\n"), Example("@acme:registry=«http://npm.acme.io/»\n")),
        good=(
            Example("registry=https://npm.acme.io/\nproxy=http://proxy.acme.io:8080\n"),
            Example("registry=http://localhost:4873/\n"),
            Example("registry=${NPM_REGISTRY}\n"),
        ),
    ),
    Rule(
        id="npmrc-unsafe-perm",
        family="config",
        title="scripts of packages run as root",
        severity="medium",
        tier="warn",
        cwe=250,
        why="With unsafe-perm npm does not give up root before it runs what packages bring along.",
        fix="Take unsafe-perm out and install as an ordinary user.",
        match=Keys(("npmrc",), ("unsafe-perm",), is_true, mend=Flip()),
        references=("https://docs.npmjs.com/cli/v6/using-npm/config#unsafe-perm",),
        bad=(Example("unsafe-perm=«true»\n"),),
        good=(Example("unsafe-perm=false\n"), Example("unsafe-perm=${UNSAFE}\n")),
    ),
    Rule(
        id="npmrc-audit-off",
        family="config",
        title="npm does not report known vulnerabilities",
        severity="low",
        tier="audit",
        cwe=1104,
        why="A package with a known hole is then installed without a word.",
        fix="Take audit=false out.",
        match=Keys(("npmrc",), ("audit",), is_false, mend=Flip()),
        references=("https://docs.npmjs.com/cli/v11/using-npm/config#audit",),
        bad=(Example("audit=«false»\n"),),
        good=(Example("audit=true\n"), Example("audit=${AUDIT}\n")),
    ),
    Rule(
        id="yarnrc-strict-ssl",
        family="config",
        title="Yarn does not verify certificates",
        severity="high",
        tier="block",
        cwe=295,
        why=_UNVERIFIED,
        fix="Take enableStrictSsl out; give a private authority's certificate with httpsCaFilePath.",
        match=Keys(("yarnrc-yml",), ("enableStrictSsl", "networkSettings.*.enableStrictSsl"), is_false, mend=Flip()),
        references=("https://yarnpkg.com/configuration/yarnrc#enableStrictSsl",),
        bad=(Example("enableStrictSsl: «false»\n"),),
        good=(Example("enableStrictSsl: true\n"), Example("enableStrictSsl: ${STRICT}\n")),
    ),
    Rule(
        id="yarnrc-plain-http",
        family="config",
        title="Yarn may fetch packages without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https registries and take unsafeHttpWhitelist out.",
        match=Keys(
            ("yarnrc-yml",),
            ("unsafeHttpWhitelist[*]", "npmRegistryServer", "npmScopes.*.npmRegistryServer"),
            any_of(is_wildcard, is_plain_http, matches(r"\A(?!localhost|127\.)[\w*-]+(\.[\w*-]+)+\Z")),
        ),
        references=("https://yarnpkg.com/configuration/yarnrc#unsafeHttpWhitelist",),
        bad=(Example('unsafeHttpWhitelist:\n  - «"*"»\n'), Example("npmRegistryServer: «http://npm.acme.io»\n")),
        good=(
            Example("unsafeHttpWhitelist:\n  - localhost\n"),
            Example("npmRegistryServer: https://npm.acme.io\n"),
            Example("npmRegistryServer: ${REGISTRY}\n"),
        ),
    ),
    Rule(
        id="yarnrc-mutable-installs",
        family="config",
        title="Yarn may change the lock file while it installs",
        severity="medium",
        tier="warn",
        cwe=1104,
        why="In CI something else than what was reviewed is then installed without a word.",
        fix="Take enableImmutableInstalls: false out.",
        match=Keys(("yarnrc-yml",), ("enableImmutableInstalls",), is_false, mend=Flip()),
        references=("https://yarnpkg.com/configuration/yarnrc#enableImmutableInstalls",),
        bad=(Example("enableImmutableInstalls: «false»\n"),),
        good=(Example("enableImmutableInstalls: true\n"), Example("enableImmutableInstalls: ${IMMUTABLE}\n")),
    ),
    Rule(
        id="yarnrc-checksums-off",
        family="config",
        title="Yarn does not verify what it has in its cache",
        severity="high",
        tier="block",
        cwe=354,
        why="A package that was tampered with in the cache or on the registry is installed as if nothing were.",
        fix="Use checksumBehavior: throw.",
        match=Keys(("yarnrc-yml",), ("checksumBehavior",), one_of("ignore", "update", "reset")),
        references=("https://yarnpkg.com/configuration/yarnrc#checksumBehavior",),
        bad=(Example("checksumBehavior: «ignore»\n"),),
        good=(Example("checksumBehavior: throw\n"), Example("checksumBehavior: ${CHECKSUMS}\n")),
    ),
    Rule(
        id="pip-conf-trusted-host",
        family="config",
        title="pip does not verify the certificate of this host",
        severity="high",
        tier="block",
        cwe=295,
        why=_UNVERIFIED,
        fix="Take trusted-host out; give a private authority's certificate with cert.",
        match=Keys(("pip-conf",), ("**.{trusted-host,trusted_host}",), matches(r"\A(?!(localhost|127\.0\.0\.1)(:\d+)?\Z).")),
        equivalents=("checkov:CKV2_DOCKER_4",),
        references=("https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host",),
        bad=(Example("[global]\ntrusted-host = «pypi.acme.io»\n"),),
        good=(Example("[global]\ntrusted-host = localhost\ncert = /etc/ssl/acme.pem\n"), Example("[global]\ntrusted-host = ${HOST}\n")),
    ),
    Rule(
        id="pip-conf-plain-http",
        family="config",
        title="Python packages are fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Keys(
            ("pip-conf",),
            ("**.{index-url,index_url,extra-index-url,extra_index_url,find-links,index}",),
            matches(r"(?m)(^|\s)http://(?!localhost|127\.|\[::1\])"),
            mend=_HTTPS,
        ),
        references=("https://pip.pypa.io/en/stable/topics/configuration/",),
        bad=(Example("[global]\nindex-url = «http://pypi.acme.io/simple»\n"),),
        good=(
            Example("[global]\nindex-url = https://pypi.acme.io/simple\n"),
            Example("[global]\nindex-url = http://localhost:3141/\n"),
            Example("[global]\nindex-url = ${INDEX}\n"),
        ),
    ),
    Rule(
        id="pip-conf-extra-index",
        family="config",
        title="packages may come from either of several indexes",
        severity="medium",
        tier="warn",
        cwe=427,
        why="pip takes the highest version from all indexes: whoever publishes a private name publicly is installed (dependency confusion).",
        fix="Use one index that mirrors the public one, or a tool that binds names to indexes (uv, poetry).",
        match=Custom(("pip-conf",), index_beside_private, ("extra-index-url",)),
        references=("https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url",),
        bad=(Example("[global]\nextra-index-url = «https://pypi.acme.io/simple»\n"),),
        good=(
            Example("[global]\nindex-url = https://pypi.acme.io/simple\n# extra-index-url\n"),
            Example("[global]\nextra-index-url = ${INDEX}\n"),
        ),
    ),
    Rule(
        id="uv-insecure-host",
        family="config",
        title="uv does not verify the certificate of this host",
        severity="high",
        tier="block",
        cwe=295,
        why=_UNVERIFIED,
        fix="Take allow-insecure-host out; use the system's certificates with native-tls.",
        match=Keys(
            ("uv-toml", "pyproject"),
            ("allow-insecure-host[*]", "tool.uv.allow-insecure-host[*]", "pip.allow-insecure-host[*]", "trusted-host[*]"),
            matches(r"\A(?!(localhost|127\.0\.0\.1)(:\d+)?\Z)."),
        ),
        references=("https://docs.astral.sh/uv/reference/settings/#allow-insecure-host",),
        bad=(
            Example('allow-insecure-host = [«"pypi.acme.io"»]\n'),
            Example('[tool.uv]\nallow-insecure-host = [«"pypi.acme.io"»]\n', "pyproject.toml"),
        ),
        good=(Example('allow-insecure-host = ["localhost:8080"]\n'), Example('allow-insecure-host = ["${HOST}"]\n')),
    ),
    Rule(
        id="python-index-strategy",
        family="config",
        title="the best version from any index wins",
        severity="medium",
        tier="warn",
        cwe=427,
        why="Whoever publishes a private name on a public index with a higher version is installed (dependency confusion).",
        fix="Use the default first-index, and bind private names to their index.",
        match=Keys(
            ("uv-toml", "pyproject"),
            ("index-strategy", "tool.uv.index-strategy", "pip.index-strategy", "tool.uv.pip.index-strategy"),
            one_of("unsafe-best-match", "unsafe-first-match"),
        ),
        references=("https://docs.astral.sh/uv/reference/settings/#index-strategy",),
        bad=(Example('index-strategy = «"unsafe-best-match"»\n'),),
        good=(Example('index-strategy = "first-index"\n'), Example('index-strategy = "${STRATEGY}"\n')),
    ),
    Rule(
        id="python-index-plain-http",
        family="config",
        title="Python packages are fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Keys(
            ("uv-toml", "pyproject", "pipfile", "poetry-toml", "pdm-toml"),
            (
                "index[*].url",
                "tool.uv.index[*].url",
                "index-url",
                "tool.uv.index-url",
                "extra-index-url[*]",
                "tool.uv.extra-index-url[*]",
                "find-links[*]",
                "pip.index-url",
                "tool.uv.pip.index-url",
                "tool.poetry.source[*].url",
                "tool.pdm.source[*].url",
                "source[*].url",
                "repositories.*.url",
            ),
            is_plain_http,
            mend=_HTTPS,
        ),
        references=("https://docs.astral.sh/uv/concepts/indexes/", "https://python-poetry.org/docs/repositories/"),
        bad=(
            Example('[[index]]\nname = "acme"\nurl = «"http://pypi.acme.io/simple"»\n'),
            Example('[[tool.poetry.source]]\nname = "acme"\nurl = «"http://pypi.acme.io/simple"»\n', "pyproject.toml"),
            Example('[[source]]\nurl = «"http://pypi.acme.io/simple"»\nverify_ssl = true\n', "Pipfile"),
        ),
        good=(
            Example('[[index]]\nurl = "https://pypi.acme.io/simple"\n'),
            Example('[[index]]\nurl = "http://localhost:3141/"\n'),
            Example('[[index]]\nurl = "${INDEX}"\n'),
        ),
    ),
    Rule(
        id="python-index-unverified",
        family="config",
        title="the certificate of this package index is not verified",
        severity="high",
        tier="block",
        cwe=295,
        why=_UNVERIFIED,
        fix="Take the setting out; give a private authority's certificate in the tool's settings.",
        match=Keys(
            ("pipfile", "pyproject", "poetry-toml", "pdm-toml"),
            ("source[*].verify_ssl", "tool.pdm.source[*].verify_ssl", "certificates.*.cert", "pypi.verify_ssl", "repository.*.verify_ssl"),
            is_false,
        ),
        references=("https://pipenv.pypa.io/en/latest/indexes.html",),
        bad=(
            Example('[[source]]\nurl = "https://pypi.acme.io/simple"\nverify_ssl = «false»\n', "Pipfile"),
            Example("[certificates.acme]\ncert = «false»\n", "poetry.toml"),
        ),
        good=(
            Example('[[source]]\nurl = "https://pypi.acme.io/simple"\nverify_ssl = true\n', "Pipfile"),
            Example('[certificates.acme]\ncert = "${CERT}"\n', "poetry.toml"),
        ),
    ),
    Rule(
        id="poetry-supplemental-source",
        family="config",
        title="packages may come from either of several indexes",
        severity="low",
        tier="audit",
        cwe=427,
        why="A supplemental source is asked for any name that the first one does not have, private names among them.",
        fix='Use priority = "explicit" and name the packages that come from this source.',
        match=Keys(("pyproject",), ("tool.poetry.source[*].priority",), one_of("supplemental", "secondary")),
        references=("https://python-poetry.org/docs/repositories/#supplemental-package-sources",),
        bad=(Example('[[tool.poetry.source]]\nname = "acme"\npriority = «"supplemental"»\n', "pyproject.toml"),),
        good=(
            Example('[[tool.poetry.source]]\nname = "acme"\npriority = "explicit"\n', "pyproject.toml"),
            Example('[[tool.poetry.source]]\nname = "acme"\npriority = "${PRIORITY}"\n', "pyproject.toml"),
        ),
    ),
    Rule(
        id="cargo-revocation-off",
        family="config",
        title="Cargo does not ask whether a certificate was revoked",
        severity="medium",
        tier="warn",
        cwe=299,
        why="A stolen certificate stays good after its owner has revoked it.",
        fix="Take check-revoke = false out.",
        match=Keys(("cargo-config",), ("http.check-revoke",), is_false, mend=Flip()),
        references=("https://doc.rust-lang.org/cargo/reference/config.html#httpcheck-revoke",),
        bad=(Example("[http]\ncheck-revoke = «false»\n"),),
        good=(Example("[http]\ncheck-revoke = true\n"), Example('[http]\ncheck-revoke = "${CHECK}"\n')),
    ),
    Rule(
        id="cargo-plain-http",
        family="config",
        title="crates are fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Keys(
            ("cargo-config",),
            ("source.*.{registry,git}", "registries.*.index"),
            matches(r"\A(sparse\+|registry\+)?http://(?!localhost|127\.)"),
            mend=_HTTPS,
        ),
        references=("https://doc.rust-lang.org/cargo/reference/source-replacement.html",),
        bad=(
            Example('[source.acme]\nregistry = «"http://crates.acme.io/index"»\n'),
            Example('[registries.acme]\nindex = «"sparse+http://crates.acme.io/"»\n'),
        ),
        good=(Example('[source.acme]\nregistry = "https://crates.acme.io/index"\n'), Example('[source.acme]\nregistry = "${INDEX}"\n')),
    ),
    Rule(
        id="composer-insecure-transport",
        family="config",
        title="Composer may fetch packages without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Take the setting out.",
        match=Keys(("composer-json",), ("config.secure-http",), is_false, mend=Flip()),
        references=("https://getcomposer.org/doc/06-config.md#secure-http",),
        bad=(Example('{"config": {"secure-http": «false»}}\n'),),
        good=(Example('{"config": {"secure-http": true}}\n'), Example('{"config": {"secure-http": "${SECURE}"}}\n')),
    ),
    Rule(
        id="composer-tls-off",
        family="config",
        title="Composer fetches packages without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Take disable-tls out.",
        match=Keys(("composer-json",), ("config.disable-tls",), is_true, mend=Flip()),
        references=("https://getcomposer.org/doc/06-config.md#disable-tls",),
        bad=(Example('{"config": {"disable-tls": «true»}}\n'),),
        good=(Example('{"config": {"disable-tls": false}}\n'), Example('{"config": {"disable-tls": "${OFF}"}}\n')),
    ),
    Rule(
        id="composer-all-plugins",
        family="config",
        title="every package may run code as a plugin of Composer",
        severity="high",
        tier="block",
        cwe=829,
        why="A plugin runs with the rights of whoever installs, before anybody has read it.",
        fix="List the plugins that may run.",
        match=Keys(("composer-json",), ("config.allow-plugins",), is_true),
        references=("https://getcomposer.org/doc/06-config.md#allow-plugins",),
        bad=(Example('{"config": {"allow-plugins": «true»}}\n'),),
        good=(
            Example('{"config": {"allow-plugins": {"acme/installer": true}}}\n'),
            Example('{"config": {"allow-plugins": "${PLUGINS}"}}\n'),
        ),
    ),
    Rule(
        id="composer-plain-http",
        family="config",
        title="PHP packages are fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Keys(("composer-json",), ("repositories[*].url", "repositories.*.url"), is_plain_http, mend=_HTTPS),
        references=("https://getcomposer.org/doc/05-repositories.md",),
        bad=(Example('{"repositories": [{"type": "composer", "url": «"http://packages.acme.io"»}]}\n'),),
        good=(
            Example('{"repositories": [{"type": "composer", "url": "https://packages.acme.io"}]}\n'),
            Example('{"repositories": [{"url": "http://localhost/"}, {"url": "${URL}"}]}\n'),
        ),
    ),
    Rule(
        id="maven-plain-http",
        family="config",
        title="Maven fetches artefacts without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Keys(
            ("maven-pom", "maven-settings"),
            ("**.{repository,pluginRepository,snapshotRepository,mirror}.url",),
            is_plain_http,
            mend=_HTTPS,
        ),
        references=("https://maven.apache.org/docs/3.8.1/release-notes.html#cve-2021-26291",),
        bad=(
            Example(
                "<project><repositories><repository><id>a</id><url>«http://maven.acme.io/»</url></repository></repositories></project>\n",
                "pom.xml",
            ),
        ),
        good=(
            Example(
                "<project><repositories><repository><url>https://maven.acme.io/</url></repository></repositories></project>\n", "pom.xml"
            ),
            Example(
                "<project><url>http://acme.io</url><repositories><repository><url>${repo.url}</url></repository></repositories></project>\n",
                "pom.xml",
            ),
        ),
    ),
    Rule(
        id="maven-checksums-off",
        family="config",
        title="Maven takes artefacts whose checksum is wrong",
        severity="high",
        tier="block",
        cwe=354,
        why="What was changed on the way or on the server is built in as if nothing were.",
        fix="Use <checksumPolicy>fail</checksumPolicy>.",
        match=Keys(("maven-pom", "maven-settings"), ("**.checksumPolicy",), one_of("ignore")),
        references=("https://maven.apache.org/ref/current/maven-settings/settings.html",),
        bad=(
            Example(
                "<project><repositories><repository><releases><checksumPolicy>«ignore»</checksumPolicy></releases></repository></repositories></project>\n",
                "pom.xml",
            ),
        ),
        good=(
            Example(
                "<project><repositories><repository><releases><checksumPolicy>fail</checksumPolicy></releases></repository></repositories></project>\n",
                "pom.xml",
            ),
            Example(
                "<project><repositories><repository><releases><checksumPolicy>${p}</checksumPolicy></releases></repository></repositories></project>\n",
                "pom.xml",
            ),
        ),
    ),
    Rule(
        id="gradle-insecure-protocol",
        family="config",
        title="Gradle may fetch artefacts without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Take allowInsecureProtocol out and use https.",
        match=Custom(("gradle",), gradle_insecure_protocol, ("nsecureProtocol",)),
        references=("https://docs.gradle.org/current/dsl/org.gradle.api.artifacts.repositories.UrlArtifactRepository.html",),
        bad=(Example("repositories { maven { allowInsecureProtocol = «true»\n url 'https://a.io' } }\n", "build.gradle"),),
        good=(
            Example("repositories { maven { allowInsecureProtocol = false } }\n// allowInsecureProtocol = true\n", "build.gradle"),
            Example("maven { isAllowInsecureProtocol = $flag }\n", "build.gradle.kts"),
        ),
    ),
    Rule(
        id="gradle-plain-http",
        family="config",
        title="Gradle fetches artefacts without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Custom(("gradle",), gradle_plain_http, ("http://",)),
        references=("https://docs.gradle.org/current/userguide/declaring_repositories.html",),
        bad=(
            Example('repositories { maven { url "«http://maven.acme.io/repo»" } }\n', "build.gradle"),
            Example('maven { url = uri("«http://maven.acme.io»") }\n', "build.gradle.kts"),
        ),
        good=(
            Example("repositories { maven { url 'https://maven.acme.io' } } // url 'http://x.io'\n", "build.gradle"),
            Example("maven { url \"http://${host}/\" }\nmaven { url 'http://localhost/' }\n", "build.gradle"),
        ),
    ),
    Rule(
        id="bundler-ssl-verify",
        family="config",
        title="Bundler does not verify certificates",
        severity="high",
        tier="block",
        cwe=295,
        why=_UNVERIFIED,
        fix="Take the setting out; give a private authority's certificate with BUNDLE_SSL_CA_CERT.",
        match=Keys(("bundle-config",), ("BUNDLE_SSL_VERIFY_MODE", "BUNDLE_SSL_VERIFY_MODE_"), is_zero),
        references=("https://bundler.io/man/bundle-config.1.html",),
        bad=(Example('---\nBUNDLE_SSL_VERIFY_MODE: «"0"»\n', ".bundle/config"),),
        good=(
            Example('---\nBUNDLE_SSL_VERIFY_MODE: "1"\n', ".bundle/config"),
            Example("---\nBUNDLE_SSL_VERIFY_MODE: ${MODE}\n", ".bundle/config"),
        ),
    ),
    Rule(
        id="gemfile-plain-http",
        family="config",
        title="gems are fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Custom(("gemfile",), gemfile_plain_http, ("http://",)),
        references=("https://bundler.io/guides/gemfile.html",),
        bad=(Example("source '«http://rubygems.org»'\ngem 'rails'\n", "Gemfile"),),
        good=(
            Example("source 'https://rubygems.org'\n# source 'http://rubygems.org'\n", "Gemfile"),
            Example("source ENV['GEMS']\nsource 'http://localhost:9292'\n", "Gemfile"),
        ),
    ),
    Rule(
        id="nuget-plain-http",
        family="config",
        title="NuGet packages are fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Use https.",
        match=Keys(
            ("nuget-config",),
            ("configuration.packageSources.add.@value", "configuration.fallbackPackageFolders.add.@value"),
            is_plain_http,
            mend=_HTTPS,
        ),
        references=("https://learn.microsoft.com/en-us/nuget/reference/nuget-config-file#packagesources",),
        bad=(
            Example(
                '<configuration><packageSources><add key="a" value=«"http://nuget.acme.io/v3"» /></packageSources></configuration>\n',
                "nuget.config",
            ),
        ),
        good=(
            Example(
                '<configuration><packageSources><add key="a" value="https://nuget.acme.io/v3" /></packageSources></configuration>\n',
                "nuget.config",
            ),
            Example(
                '<configuration><packageSources><add key="a" value="%FEED%" /></packageSources></configuration>\n<!-- ${FEED} -->\n',
                "nuget.config",
            ),
        ),
    ),
    Rule(
        id="nuget-insecure-connections",
        family="config",
        title="NuGet is allowed to fetch without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why=_READABLE,
        fix="Take allowInsecureConnections out and use https.",
        match=Keys(("nuget-config",), ("**.@allowInsecureConnections", "**.@disableTLSCertificateValidation"), is_true, mend=Flip()),
        references=("https://learn.microsoft.com/en-us/nuget/reference/nuget-config-file#packagesources",),
        bad=(
            Example(
                '<configuration><packageSources><add key="a" value="https://a.io" allowInsecureConnections=«"true"» /></packageSources></configuration>\n',
                "nuget.config",
            ),
        ),
        good=(
            Example(
                '<configuration><packageSources><add key="a" value="https://a.io" allowInsecureConnections="false" /></packageSources></configuration>\n',
                "nuget.config",
            ),
            Example(
                '<configuration><packageSources><add key="a" value="https://a.io" allowInsecureConnections="${X}" /></packageSources></configuration>\n',
                "nuget.config",
            ),
        ),
    ),
    Rule(
        id="git-ssl-verify",
        family="config",
        title="git does not verify certificates",
        severity="high",
        tier="block",
        cwe=295,
        why="Anybody on the way can present a certificate of their own and change what is fetched.",
        fix="Take sslVerify out; give a private authority's certificate with sslCAInfo.",
        match=Keys(("gitconfig",), ("http.sslverify", "http.*.sslverify"), is_false, mend=Flip()),
        equivalents=("checkov:CKV2_DOCKER_14",),
        references=("https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslVerify",),
        bad=(Example("[http]\n\tsslVerify = «false»\n"),),
        good=(Example("[http]\n\tsslVerify = true\n"), Example("[http]\n\tsslVerify = ${VERIFY}\n")),
    ),
    Rule(
        id="git-plain-http",
        family="config",
        title="this repository is fetched without encryption",
        severity="high",
        tier="block",
        cwe=319,
        why="Anybody on the way can change what is fetched.",
        fix="Use https or ssh.",
        match=Keys(
            ("gitmodules", "gitconfig"),
            ("submodule.*.url", "remote.*.url"),
            any_of(is_plain_http, matches(r"\Agit://(?!localhost)")),
            mend=Rewrite(r"\A(http|git)://", "https://"),
        ),
        equivalents=("zizmor:insecure-url-scheme",),
        references=("https://git-scm.com/docs/gitmodules",),
        bad=(Example('[submodule "lib"]\n\tpath = lib\n\turl = «http://git.acme.io/lib.git»\n', ".gitmodules"),),
        good=(
            Example('[submodule "lib"]\n\turl = https://git.acme.io/lib.git\n', ".gitmodules"),
            Example('[submodule "lib"]\n\turl = ../lib.git\n', ".gitmodules"),
            Example('[submodule "lib"]\n\turl = ${BASE}/lib.git\n', ".gitmodules"),
        ),
    ),
    Rule(
        id="git-runs-programs",
        family="config",
        title="this git setting runs a program",
        severity="high",
        tier="block",
        cwe=94,
        why="Whoever clones with this setting runs a program of the repository's choice.",
        fix="Take it out of what is committed; programs are set up by each user.",
        match=Keys(
            ("gitconfig", "gitmodules"),
            (
                "core.{fsmonitor,hookspath,sshcommand,pager,editor,gitproxy,askpass}",
                "submodule.*.{url,update}",
                "diff.external",
                "remote.*.{url,uploadpack,receivepack}",
            ),
            any_of(matches(r"\Aext::|\A!"), matches(r"\A(?:\./|sh |bash |/tmp/|python)")),
        ),
        references=("https://git-scm.com/docs/git-remote-ext",),
        bad=(Example('[submodule "lib"]\n\turl = «ext::sh -c id»\n', ".gitmodules"), Example("[core]\n\tfsmonitor = «./run.sh»\n")),
        good=(Example("[core]\n\tfsmonitor = true\n\tpager = less\n"), Example('[submodule "lib"]\n\turl = ${URL}\n', ".gitmodules")),
    ),
    Rule(
        id="curl-settings-insecure",
        family="config",
        title="wget does not verify certificates",
        severity="high",
        tier="block",
        cwe=295,
        why=_UNVERIFIED,
        fix="Take it out; give a private authority's certificate with ca_certificate.",
        match=Keys(("wgetrc",), ("check_certificate", "check-certificate", "checkcertificate"), any_of(is_false, one_of("quiet"))),
        references=("https://www.gnu.org/software/wget/manual/html_node/Wgetrc-Commands.html",),
        bad=(Example("check_certificate = «off»\n", ".wgetrc"),),
        good=(Example("check_certificate = on\n", ".wgetrc"), Example("check_certificate = ${CHECK}\n", ".wgetrc")),
    ),
)
