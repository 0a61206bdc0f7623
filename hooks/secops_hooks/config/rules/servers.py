"""Rules for data services and web servers other than nginx: who may connect, with which login, over which encryption."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ...finding import Example, Rule, Severity, Tier
from ..match import Custom, Flip, Hit, Keys, Mend, Replace, Where
from ..predicates import any_of, is_empty, is_false, is_set, is_true, matches, offers_old_tls, one_of, scalar_text

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ..predicates import Predicate

_REDIS: Final = "https://redis.io/docs/latest/operate/oss_and_stack/management/security/"
_MONGO: Final = "https://www.mongodb.com/docs/manual/reference/configuration-options/"
_ELASTIC: Final = "https://www.elastic.co/docs/deploy-manage/security"
_POSTGRES: Final = "https://www.postgresql.org/docs/current/"
_MYSQL: Final = "https://dev.mysql.com/doc/refman/en/server-options.html"
_HAPROXY: Final = "https://docs.haproxy.org/3.2/configuration.html"
_APACHE: Final = "https://httpd.apache.org/docs/2.4/mod/"
_CADDY: Final = "https://caddyserver.com/docs/"
_TRAEFIK: Final = "https://doc.traefik.io/traefik/reference/install-configuration/api-dashboard/"
_THERE: Final = any_of(is_set, is_empty)
_REACHED: Final = "Whoever reaches the port reads, changes and deletes everything."


def unverified_backend(file: File, tree: Tree) -> Iterator[Hit]:
    """HAProxy's ``verify none`` on a server that is talked to over TLS."""
    document = file.document
    for name in ("server", "default-server", "server-template"):
        for line in document.index.get(name, ()) if document is not None else ():
            words = line.children
            for before, word in pairwise(words):
                if scalar_text(before) == "verify" and scalar_text(word) == "none":
                    yield Hit(word)


def old_bind_options(file: File, tree: Tree) -> Iterator[Hit]:
    """HAProxy options that let old versions of TLS in."""
    document = file.document
    for name in ("bind", "server", "default-server", "ssl-default-bind-options", "ssl-default-server-options"):
        for line in document.index.get(name, ()) if document is not None else ():
            words = line.children or [line]
            for before, word in zip([None, *words], words, strict=False):
                text = scalar_text(word) or ""
                if text in ("force-sslv3", "force-tlsv10", "force-tlsv11") or (
                    before is not None and scalar_text(before) == "ssl-min-ver" and text in ("SSLv3", "TLSv1.0", "TLSv1.1")
                ):
                    yield Hit(word)


def _rule(
    id: str, title: str, kind: str, paths: tuple[str, ...], when: Predicate, bad: str, good: tuple[str, ...], why: str, fix: str, cwe: int, reference: str,
    tier: Tier = "block", severity: Severity = "high", where: tuple[Where, ...] = (), mend: Mend | None = None, key: bool = False, equivalents: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """A rule about a directive of a server: all of these have the same shape. In tests and examples servers may be open."""
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix,
        match=Keys((kind,), paths, when, where, "key" if key else "value", "", mend, not_traits=("test", "example", "docs")),
        equivalents=equivalents, references=(reference,), bad=(Example(bad),), good=tuple(Example(text) for text in good),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _rule(
        "redis-protected-mode",
        "Redis answers strangers without a password",
        "redis",
        ("protected-mode",),
        is_false,
        "protected-mode «no»\n",
        ("protected-mode yes\n", "protected-mode ${MODE}\n"),
        _REACHED,
        "Take the line out, set a password or access rules, and bind to an internal address.",
        306,
        _REDIS,
        where=(Where("{requirepass,aclfile,user}", is_set, absent=True),),
        mend=Replace("yes", safe=False),
    ),
    _rule(
        "redis-every-address",
        "Redis listens on every address without a password",
        "redis",
        ("bind", "bind[*]"),
        matches(r"\A-?(0\.0\.0\.0|\*|::|::\*)\Z"),
        "bind «0.0.0.0»\n",
        ("bind 127.0.0.1 -::1\n", "bind 0.0.0.0\nrequirepass ${PASSWORD}\n", "bind ${ADDRESS}\n"),
        _REACHED,
        "Bind to 127.0.0.1 or an internal address, and set requirepass or access rules.",
        306,
        _REDIS,
        "warn",
        where=(Where("{requirepass,aclfile,user,masterauth}", is_set, absent=True),),
    ),
    _rule(
        "redis-dangerous-configuration",
        "Redis lets clients load programs or change protected settings",
        "redis",
        ("enable-protected-configs", "enable-module-command", "enable-debug-command"),
        one_of("yes"),
        "enable-module-command «yes»\n",
        ("enable-module-command no\n", "enable-module-command local\n", "enable-module-command ${MODULES}\n"),
        "A client, or a page that reaches the port, runs programs on the server.",
        "Use no.",
        94,
        _REDIS,
        "warn",
        mend=Replace("no", safe=False),
    ),
    _rule(
        "mongodb-no-authorization",
        "MongoDB needs no login",
        "mongodb",
        ("security.authorization",),
        one_of("disabled"),
        "security:\n  authorization: «disabled»\n",
        ("security:\n  authorization: enabled\n", "security:\n  authorization: ${AUTH}\n"),
        _REACHED,
        "Use authorization: enabled.",
        306,
        _MONGO + "#security-options",
        mend=Replace("enabled", safe=False),
    ),
    _rule(
        "mongodb-every-address",
        "MongoDB listens on every address",
        "mongodb",
        ("net.bindIp", "net.bindIpAll"),
        any_of(matches(r"(\A|[,\s])(0\.0\.0\.0|::|\*)([,\s]|\Z)"), is_true),
        "net:\n  bindIp: «0.0.0.0»\n",
        ("net:\n  bindIp: 127.0.0.1\n", "net:\n  bindIp: ${ADDRESS}\n"),
        "Databases found that way are emptied within hours.",
        "Bind to 127.0.0.1 or an internal address.",
        668,
        _MONGO + "#net-options",
        "warn",
        "medium",
    ),
    _rule(
        "mongodb-weak-tls",
        "MongoDB accepts certificates that are invalid, or no encryption",
        "mongodb",
        ("net.{tls,ssl}.mode", "net.{tls,ssl}.{allowInvalidCertificates,allowInvalidHostnames,allowConnectionsWithoutCertificates}"),
        any_of(one_of("allowTLS", "allowSSL", "disabled"), is_true),
        "net:\n  tls:\n    mode: «allowTLS»\n",
        ("net:\n  tls:\n    mode: requireTLS\n", "net:\n  tls:\n    mode: ${MODE}\n"),
        "What clients send, passwords among it, can be read or changed on the way.",
        "Use requireTLS and valid certificates.",
        319,
        _MONGO + "#net.tls-options",
        "warn",
    ),
    _rule(
        "elasticsearch-no-security",
        "Elasticsearch needs no login",
        "elasticsearch",
        ('"xpack.security.enabled"', "xpack.security.enabled", '"plugins.security.disabled"'),
        is_false,
        "xpack.security.enabled: «false»\n",
        ("xpack.security.enabled: true\n", "xpack.security.enabled: ${SECURITY}\n"),
        _REACHED,
        "Take the line out; security is on by default since version 8.",
        306,
        _ELASTIC,
        mend=Flip(),
    ),
    _rule(
        "elasticsearch-plain-transport",
        "Elasticsearch talks without encryption",
        "elasticsearch",
        (
            '"xpack.security.http.ssl.enabled"',
            '"xpack.security.transport.ssl.enabled"',
            "xpack.security.{http,transport}.ssl.enabled",
            '"plugins.security.ssl.http.enabled"',
        ),
        is_false,
        "xpack.security.http.ssl.enabled: «false»\n",
        ("xpack.security.http.ssl.enabled: true\n", "xpack.security.http.ssl.enabled: ${SSL}\n"),
        "Passwords and documents can be read on the way.",
        "Set it to true.",
        319,
        _ELASTIC,
        "warn",
        "medium",
        mend=Flip(),
    ),
    _rule(
        "elasticsearch-anonymous",
        "strangers have rights in Elasticsearch",
        "elasticsearch",
        ('"xpack.security.authc.anonymous.roles"', '"xpack.security.authc.anonymous.roles"[*]', "xpack.security.authc.anonymous.roles"),
        matches(r"superuser|admin|all"),
        "xpack.security.authc.anonymous.roles: «superuser»\n",
        ("xpack.security.authc.anonymous.roles: monitoring\n", "xpack.security.authc.anonymous.roles: ${ROLES}\n"),
        _REACHED,
        "Take the line out.",
        306,
        _ELASTIC,
    ),
    _rule(
        "postgresql-trust",
        "PostgreSQL lets everybody in without a password",
        "pg-hba",
        ("{host,hostssl,hostnossl,hostgssenc,hostnogssenc}.method",),
        one_of("trust"),
        "host all all 0.0.0.0/0 «trust»\n",
        ("host all all 10.0.0.0/8 scram-sha-256\n", "local all all trust\n", "host all all ${NET} ${METHOD}\n"),
        _REACHED,
        "Use scram-sha-256.",
        306,
        _POSTGRES + "auth-pg-hba-conf.html",
        where=(Where("address", matches(r"\A(127\.0\.0\.1(/32)?|::1(/128)?|localhost|samehost)\Z"), absent=True),),
        mend=Replace("scram-sha-256", safe=False),
    ),
    _rule(
        "postgresql-weak-login",
        "passwords for PostgreSQL can be read on the way or guessed from what is stored",
        "pg-hba",
        ("{host,hostssl,hostnossl}.method",),
        one_of("password", "md5", "ident", "crypt"),
        "host all all 10.0.0.0/8 «md5»\n",
        ("host all all 10.0.0.0/8 scram-sha-256\n", "host all all 10.0.0.0/8 ${METHOD}\n"),
        "password sends it in clear, md5 is broken, ident believes the client.",
        "Use scram-sha-256.",
        522,
        _POSTGRES + "auth-password.html",
        "warn",
        "medium",
        mend=Replace("scram-sha-256", safe=False),
    ),
    _rule(
        "postgresql-no-tls",
        "PostgreSQL talks without encryption",
        "postgresql",
        ("ssl",),
        is_false,
        "ssl = «off»\n",
        ("ssl = on\n", "ssl = ${SSL}\n"),
        "Passwords and data can be read on the way.",
        "Use ssl = on.",
        319,
        _POSTGRES + "ssl-tcp.html",
        "warn",
        "medium",
        mend=Flip(),
    ),
    _rule(
        "postgresql-weak-passwords",
        "PostgreSQL stores passwords as MD5",
        "postgresql",
        ("password_encryption",),
        matches(r"(?i)\A'?(md5|on|off)'?\Z"),
        "password_encryption = «md5»\n",
        ("password_encryption = scram-sha-256\n", "password_encryption = ${HASH}\n"),
        "Who gets the list logs in with it, and finds the passwords quickly.",
        "Use scram-sha-256.",
        916,
        _POSTGRES + "runtime-config-connection.html",
        "warn",
        mend=Replace("scram-sha-256", safe=False),
    ),
    _rule(
        "postgresql-every-address",
        "PostgreSQL listens on every address",
        "postgresql",
        ("listen_addresses",),
        matches(r"\A'?(\*|0\.0\.0\.0|::)'?\Z"),
        "listen_addresses = «'*'»\n",
        ("listen_addresses = 'localhost'\n", "listen_addresses = '${ADDRESS}'\n"),
        "Databases that the Internet can reach are attacked within hours.",
        "Name the internal address.",
        668,
        _POSTGRES + "runtime-config-connection.html",
        "audit",
        "low",
    ),
    _rule(
        "mysql-skip-grants",
        "MySQL lets everybody in with all rights",
        "mysql",
        ("**.{skip-grant-tables,skip_grant_tables}",),
        any_of(is_empty, is_true),
        "[mysqld]\n«skip-grant-tables»\n",
        ("[mysqld]\nskip-grant-tables = 0\n", "[mysqld]\nskip-grant-tables = ${SKIP}\n"),
        _REACHED,
        "Take the line out.",
        306,
        _MYSQL,
        key=True,
    ),
    _rule(
        "mysql-local-files",
        "clients of MySQL can be made to send files",
        "mysql",
        ("**.{local-infile,local_infile}",),
        is_true,
        "[mysqld]\nlocal_infile = «1»\n",
        ("[mysqld]\nlocal_infile = 0\n", "[mysqld]\nlocal_infile = ${INFILE}\n"),
        "An injected statement, or a hostile server, reads files.",
        "Use local_infile = 0.",
        73,
        "https://dev.mysql.com/doc/refman/en/load-data-local-security.html",
        "warn",
        "medium",
        mend=Flip(),
    ),
    _rule(
        "mysql-old-tls",
        "MySQL offers an outdated version of TLS",
        "mysql",
        ("**.{tls-version,tls_version}",),
        offers_old_tls,
        "[mysqld]\ntls_version = «TLSv1,TLSv1.2»\n",
        ("[mysqld]\ntls_version = TLSv1.2,TLSv1.3\n", "[mysqld]\ntls_version = ${TLS}\n"),
        "TLS 1.0 and 1.1 are withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        "Offer TLSv1.2 and TLSv1.3 only.",
        326,
        "https://dev.mysql.com/doc/refman/en/encrypted-connection-protocols-ciphers.html",
    ),
    Rule(
        id="haproxy-unverified-backend",
        family="config",
        title="the certificate of the backend is not verified",
        severity="high",
        tier="block",
        cwe=295,
        why="Anybody on the way to the backend can pose as it.",
        fix="Use verify required with ca-file.",
        match=Custom(("haproxy",), unverified_backend, ("server", "default-server", "server-template")),
        references=(_HAPROXY + "#5.2-verify",),
        bad=(Example("backend b\n  server s 10.0.0.1:443 ssl verify «none»\n"),),
        good=(
            Example("backend b\n  server s 10.0.0.1:443 ssl verify required ca-file /ca.pem\n"),
            Example("backend b\n  server s ${HOST}:443 ssl verify ${VERIFY}\n"),
        ),
    ),
    Rule(
        id="haproxy-old-tls",
        family="config",
        title="an outdated version of TLS or SSL is offered",
        severity="high",
        tier="block",
        cwe=326,
        why="SSL 3, TLS 1.0 and 1.1 are withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        fix="Use ssl-min-ver TLSv1.2.",
        match=Custom(
            ("haproxy",), old_bind_options, ("bind", "server", "default-server", "ssl-default-bind-options", "ssl-default-server-options")
        ),
        references=(_HAPROXY + "#5.1-ssl-min-ver",),
        bad=(Example("global\n  ssl-default-bind-options ssl-min-ver «TLSv1.0» no-tls-tickets\n"),),
        good=(
            Example("global\n  ssl-default-bind-options ssl-min-ver TLSv1.2\n"),
            Example("frontend f\n  bind *:443 ssl crt /c ssl-min-ver ${MIN}\n"),
        ),
    ),
    _rule(
        "apache-old-tls",
        "an outdated version of TLS or SSL is offered",
        "apache",
        ("**.{sslprotocol,sslproxyprotocol}", "**.{sslprotocol,sslproxyprotocol}[*]"),
        matches(r"(?i)\A\+?(SSLv2|SSLv3|TLSv1|TLSv1\.1)\Z"),
        "SSLProtocol «TLSv1» TLSv1.2\n",
        ("SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1\n", "SSLProtocol ${PROTOCOLS}\n"),
        "SSL 3, TLS 1.0 and 1.1 are withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        "Use SSLProtocol -all +TLSv1.2 +TLSv1.3.",
        326,
        _APACHE + "mod_ssl.html#sslprotocol",
    ),
    _rule(
        "apache-backend-unverified",
        "the certificate of the backend is not verified",
        "apache",
        ("**.{sslproxyverify,sslproxycheckpeercn,sslproxycheckpeername,sslproxycheckpeerexpire}",),
        one_of("none", "off"),
        "SSLProxyVerify «none»\n",
        ("SSLProxyVerify require\n", "SSLProxyVerify ${VERIFY}\n"),
        "Anybody on the way to the backend can pose as it.",
        "Use SSLProxyVerify require with SSLProxyCACertificateFile.",
        295,
        _APACHE + "mod_ssl.html#sslproxyverify",
        "warn",
    ),
    _rule(
        "apache-directory-listing",
        "the files of directories are listed",
        "apache",
        ("**.options", "**.options[*]"),
        matches(r"(?i)\A\+?(Indexes|All)\Z"),
        "<Directory /srv>\n  Options «Indexes» FollowSymLinks\n</Directory>\n",
        ("<Directory /srv>\n  Options -Indexes\n</Directory>\n", "<Directory /srv>\n  Options ${OPTIONS}\n</Directory>\n"),
        "Forgotten backups and keys are found that way.",
        "Use Options -Indexes.",
        548,
        _APACHE + "core.html#options",
        "warn",
        "low",
    ),
    _rule(
        "apache-trace",
        "the method TRACE is answered",
        "apache",
        ("**.traceenable",),
        one_of("on", "extended"),
        "TraceEnable «on»\n",
        ("TraceEnable off\n", "TraceEnable ${TRACE}\n"),
        "It sends headers back, cookies that scripts must not see among them.",
        "Use TraceEnable off.",
        489,
        _APACHE + "core.html#traceenable",
        "warn",
        "low",
        mend=Replace("off"),
    ),
    _rule(
        "apache-version-shown",
        "the version of the server is shown",
        "apache",
        ("**.{servertokens,serversignature}",),
        one_of("full", "os", "minor", "minimal", "on", "email"),
        "ServerTokens «Full»\n",
        ("ServerTokens Prod\n", "ServerTokens ${TOKENS}\n"),
        "It tells which holes are open.",
        "Use ServerTokens Prod and ServerSignature Off.",
        200,
        _APACHE + "core.html#servertokens",
        "warn",
        "low",
    ),
    _rule(
        "caddy-backend-unverified",
        "the certificate of the backend is not verified",
        "caddyfile",
        ("**.{tls_insecure_skip_verify,insecure_skip_verify}",),
        _THERE,
        "a.example.com {\n  reverse_proxy https://b {\n    transport http {\n      «tls_insecure_skip_verify»\n    }\n  }\n}\n",
        (
            "a.example.com {\n  reverse_proxy https://b {\n    transport http {\n      tls_trust_pool file /ca.pem # not tls_insecure_skip_verify\n    }\n  }\n}\n",
            "{$HOST} {\n  respond tls_insecure_skip_verify\n}\n",
        ),
        "Anybody on the way to the backend can pose as it.",
        "Take it out; give the authority with tls_trust_pool.",
        295,
        _CADDY + "caddyfile/directives/reverse_proxy#transports",
        key=True,
    ),
    _rule(
        "caddy-old-tls",
        "an outdated version of TLS is offered",
        "caddyfile",
        ("**.protocols[*]", "**.protocols"),
        one_of("tls1.0", "tls1.1"),
        "a.example.com {\n  tls {\n    protocols «tls1.0» tls1.2\n  }\n}\n",
        (
            "a.example.com {\n  tls {\n    protocols tls1.2 tls1.3\n  }\n}\n",
            "a.example.com {\n  tls {\n    protocols {$MIN} tls1.3\n  }\n}\n# ${MIN}\n",
        ),
        "TLS 1.0 and 1.1 are withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        "Take protocols out.",
        326,
        _CADDY + "caddyfile/directives/tls#protocols",
    ),
    _rule(
        "caddy-open-admin",
        "everybody may reconfigure this server",
        "caddyfile",
        ("**.admin", "**.admin[*]"),
        matches(r"\A(0\.0\.0\.0|\[?::\]?|\*)?:\d+\Z"),
        "{\n  admin «0.0.0.0:2019»\n}\n",
        ("{\n  admin localhost:2019\n}\n", "{\n  admin ${ADMIN}\n}\n"),
        "The administration interface has no login.",
        "Use localhost:2019 or off.",
        306,
        _CADDY + "caddyfile/options#admin",
    ),
    _rule(
        "traefik-open-api",
        "the interface and dashboard of Traefik need no login",
        "traefik",
        ("api.insecure",),
        is_true,
        "api:\n  insecure: «true»\n",
        ("api:\n  insecure: false\n", "api:\n  insecure: ${INSECURE}\n"),
        "They show routes, middlewares and, with debug, more; on port 8080 of every address.",
        "Take it out and publish the dashboard behind a login.",
        306,
        _TRAEFIK,
        mend=Flip(),
    ),
)
