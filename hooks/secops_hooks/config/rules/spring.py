"""Rules for Spring Boot, Quarkus and Micronaut settings, in YAML and properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ...files.filetype import path_traits
from ...finding import Example, Rule, Severity, Tier
from ..dotted import settings
from ..match import Custom, Flip, Hit, Mend, Replace
from ..predicates import any_of, is_false, is_true, is_wildcard, matches, offers_old_tls, one_of

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ..predicates import Predicate

SPRING: Final = ("spring",)
_PROPERTIES: Final = "https://docs.spring.io/spring-boot/appendix/application-properties/index.html"
_ACTUATOR: Final = "https://docs.spring.io/spring-boot/reference/actuator/endpoints.html"
_NOT_FOR_REAL: Final = frozenset({"test", "development", "example"})


def setting(
    names: tuple[str, ...], when: Predicate, mend: Mend | None = None, everywhere: bool = False
) -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for settings with one of the dotted ``names``; files for tests and development are left alone."""
    wanted = frozenset(name.lower().replace("-", "").replace("_", "") for name in names)

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        document = file.document
        if document is None or (not everywhere and path_traits(file.path) & _NOT_FOR_REAL):
            return
        for _, node in settings(document, wanted):
            if when(node) is True:
                yield Hit(node, mend=mend)

    return find


def _rule(
    id: str, title: str, names: tuple[str, ...], when: Predicate, bad: str, good: str, why: str, fix: str, cwe: int,
    tier: Tier = "warn", severity: Severity = "medium", equivalents: tuple[str, ...] = (), reference: str = _PROPERTIES, mend: Mend | None = None,
    everywhere: bool = False,
) -> Rule:  # fmt: skip
    """A rule about settings with a dotted name: all of these have the same shape."""
    name = names[0]
    nested = "".join(
        "  " * depth + part + (":\n" if depth < name.count(".") else f": «{bad}»\n") for depth, part in enumerate(name.split("."))
    )
    plain = bad.strip("\"'")
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix,
        match=Custom(SPRING, setting(names, when, mend, everywhere)),
        equivalents=equivalents, references=(reference,),
        bad=(Example(nested), Example(f"{name}=«{plain}»\n", "src/main/resources/application.properties")),
        good=(
            Example(nested.replace(f"«{bad}»", good)),
            Example(f"{name}=${{SETTING}}\n", "src/main/resources/application.properties"),
            Example(f"x.{name}={plain}\n", "src/main/resources/application.properties"),
        ),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _rule(
        "spring-all-endpoints",
        "all management endpoints are published",
        ("management.endpoints.web.exposure.include", "management.endpoints.jmx.exposure.include"),
        is_wildcard,
        '"*"',
        "health,info",
        "heapdump, env and loggers give secrets away and change the program; who reaches the port may use them.",
        "List the endpoints that are needed, such as health,info.",
        200,
        "block",
        "high",
        ("semgrep:spring-actuator-fully-enabled", "semgrep:spring-actuator-fully-enabled-yaml"),
        _ACTUATOR,
        Replace("health,info", safe=False),
    ),
    _rule(
        "spring-dangerous-endpoints",
        "a management endpoint that gives secrets away is published",
        ("management.endpoints.web.exposure.include",),
        matches(
            r"(?i)(?:\A|[,\s])(env|heapdump|threaddump|shutdown|loggers|mappings|configprops|beans|logfile|httptrace|httpexchanges|jolokia|sessions|trace|dump|auditevents|startup|caches|scheduledtasks|quartz|flyway|liquibase)(?:[,\s]|\Z)"
        ),
        "health,heapdump",
        "health,info",
        "heapdump, env and configprops hold passwords, loggers and shutdown change the program; who reaches the port may use them.",
        "List only harmless endpoints such as health and info.",
        200,
        "block",
        "high",
        ("semgrep:spring-actuator-dangerous-endpoints-enabled", "semgrep:spring-actuator-dangerous-endpoints-enabled-yaml"),
        _ACTUATOR,
    ),
    _rule(
        "spring-shutdown-endpoint",
        "requests may stop the program",
        ("management.endpoint.shutdown.enabled", "management.endpoint.shutdown.access", "endpoints.shutdown.enabled"),
        any_of(is_true, one_of("unrestricted")),
        "true",
        "false",
        "Who reaches the management port can stop the service.",
        "Take it out.",
        284,
        "warn",
        "high",
        ("semgrep:spring-actuator-dangerous-endpoints-enabled",),
        _ACTUATOR,
        Flip(),
    ),
    _rule(
        "spring-shown-values",
        "the values of settings are shown",
        ("management.endpoint.env.show-values", "management.endpoint.configprops.show-values", "management.endpoint.quartz.show-values"),
        one_of("always"),
        "always",
        "when-authorized",
        "Passwords are among them.",
        "Use when-authorized, or take it out.",
        200,
        reference=_ACTUATOR,
        mend=Replace("when-authorized", safe=False),
    ),
    _rule(
        "spring-health-details",
        "details of the service's health are shown to everybody",
        ("management.endpoint.health.show-details", "management.endpoint.health.show-components"),
        one_of("always"),
        "always",
        "when-authorized",
        "They name databases, paths and versions.",
        "Use when-authorized.",
        200,
        severity="low",
        reference=_ACTUATOR,
        mend=Replace("when-authorized", safe=False),
    ),
    _rule(
        "spring-actuator-unsecured",
        "management endpoints need no login",
        ("management.security.enabled", "endpoints.sensitive"),
        is_false,
        "false",
        "true",
        "Who reaches the port reads settings and changes the program.",
        "Take it out and secure the endpoints.",
        306,
        "block",
        "high",
        reference=_ACTUATOR,
        mend=Flip(),
    ),
    _rule(
        "spring-debug",
        "debug output is on",
        (
            "debug",
            "trace",
            "spring.mvc.log-request-details",
            "spring.http.log-request-details",
            "spring.codec.log-request-details",
            "server.tomcat.accesslog.debug",
        ),
        is_true,
        "true",
        "false",
        "The log then holds requests with their cookies and bodies.",
        "Take it out; switch it on by hand when you need it.",
        489,
        equivalents=("sonar:S4507",),
        mend=Flip(),
    ),
    _rule(
        "spring-stack-traces",
        "stack traces are sent to clients",
        (
            "server.error.include-stacktrace",
            "server.error.include-exception",
            "server.error.include-message",
            "server.error.include-binding-errors",
        ),
        any_of(one_of("always", "on_trace_param", "on-trace-param", "on_param"), is_true),
        "always",
        "never",
        "They show versions, paths and code to whoever causes an error.",
        "Use never.",
        209,
        equivalents=("sonar:S4507",),
        mend=Replace("never", safe=False),
    ),
    _rule(
        "spring-h2-console",
        "the database console is reachable",
        ("spring.h2.console.enabled", "spring.h2.console.settings.web-allow-others"),
        is_true,
        "true",
        "false",
        "The console runs any SQL, and through it programs, for whoever reaches it.",
        "Take it out of what runs in production.",
        489,
        severity="high",
        equivalents=("sonar:S4507",),
        mend=Flip(),
    ),
    _rule(
        "spring-devtools-remote",
        "development tools answer from the network",
        ("spring.devtools.remote.secret", "spring.devtools.restart.enabled", "spring.devtools.remote.debug.enabled"),
        any_of(is_true, matches(r"\A(?!false|no|off)\S+\Z")),
        "true",
        "false",
        "Whoever knows the secret uploads code.",
        "Take devtools out of what runs in production.",
        489,
        severity="high",
        equivalents=("sonar:S4507",),
    ),
    _rule(
        "spring-cookie-insecure",
        "the session cookie is sent without encryption, too",
        (
            "server.servlet.session.cookie.secure",
            "server.session.cookie.secure",
            "server.reactive.session.cookie.secure",
            "quarkus.http.auth.form.cookie-secure",
            "micronaut.session.http.cookie-secure",
        ),
        is_false,
        "false",
        "true",
        "Anybody on the way takes over the session.",
        "Set it to true.",
        614,
        equivalents=("sonar:S2092",),
        mend=Flip(),
    ),
    _rule(
        "spring-cookie-readable",
        "scripts can read the session cookie",
        (
            "server.servlet.session.cookie.http-only",
            "server.session.cookie.http-only",
            "server.reactive.session.cookie.http-only",
            "quarkus.http.auth.form.http-only-cookie",
        ),
        is_false,
        "false",
        "true",
        "Any script in the page takes over the session.",
        "Set it to true.",
        1004,
        equivalents=("sonar:S3330",),
        mend=Flip(),
    ),
    _rule(
        "spring-old-tls",
        "an outdated version of TLS is offered",
        (
            "server.ssl.enabled-protocols",
            "server.ssl.protocol",
            "quarkus.http.ssl.protocols",
            "micronaut.server.ssl.protocols",
            "micronaut.server.ssl.protocol",
            "management.server.ssl.enabled-protocols",
        ),
        offers_old_tls,
        "TLSv1,TLSv1.2",
        "TLSv1.2,TLSv1.3",
        "TLS 1.0 and 1.1 are withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        "Offer TLSv1.2 and TLSv1.3 only.",
        326,
        "block",
        "high",
        ("sonar:S4423",),
        everywhere=True,
    ),
    _rule(
        "spring-trust-all",
        "certificates are not verified",
        (
            "quarkus.tls.trust-all",
            "quarkus.rest-client.trust-all",
            "micronaut.http.client.ssl.insecure-trust-all-certificates",
            "micronaut.ssl.insecure-trust-all-certificates",
            "spring.cloud.gateway.httpclient.ssl.use-insecure-trust-manager",
            "spring.cloud.gateway.server.webflux.httpclient.ssl.use-insecure-trust-manager",
            "spring.cloud.config.server.git.skip-ssl-validation",
            "eureka.client.tls.trust-all",
            "spring.cloud.kubernetes.client.trust-certs",
        ),
        is_true,
        "true",
        "false",
        "Anybody on the way can present a certificate of their own, read the traffic and change it.",
        "Take it out; give a private authority's certificate in a trust store.",
        295,
        "block",
        "high",
        ("sonar:S4830",),
        mend=Flip(),
    ),
    _rule(
        "spring-upload-size",
        "uploads of any size are accepted",
        ("spring.servlet.multipart.max-file-size", "spring.servlet.multipart.max-request-size", "spring.http.multipart.max-file-size"),
        matches(r"(?i)\A(-1|(9|[1-9]\d+)\s*MB|[1-9]\d*\s*[GT]B|\d{8,})\Z"),
        "100MB",
        "8MB",
        "A few requests fill memory or disk.",
        "Limit it to what is needed, 8 MB at most.",
        770,
        "audit",
        "low",
        ("sonar:S5693",),
    ),
    _rule(
        "spring-schema-changes",
        "the program changes its database's schema by itself",
        ("spring.jpa.hibernate.ddl-auto", "spring.jpa.properties.hibernate.hbm2ddl.auto", "quarkus.hibernate-orm.database.generation"),
        one_of("create", "create-drop", "update", "drop-and-create"),
        "create-drop",
        "validate",
        "Data is lost with a start, or changed without review.",
        "Use validate, and migrations.",
        489,
        "audit",
        "low",
    ),
    _rule(
        "spring-shown-sql",
        "SQL statements are logged",
        ("spring.jpa.show-sql", "spring.jpa.properties.hibernate.show_sql", "quarkus.hibernate-orm.log.sql"),
        is_true,
        "true",
        "false",
        "Statements hold personal data.",
        "Take it out.",
        532,
        "audit",
        "low",
        mend=Flip(),
    ),
)
