"""Rules for what runtimes are told at their start: options of the JVM, log4j's lookups, Go's verification of modules."""

from __future__ import annotations

from ...finding import Example, Rule, Tier
from ...records import TYPE_CHECKING
from .. import java
from ..match import Commands, Custom, Flip, Variables
from ..predicates import is_false, matches

if TYPE_CHECKING:
    from typing import Final

ANYWHERE: Final = ("*", "dockerfile", "shell")
SHELL: Final = ("dockerfile", "ci", "shell", "ansible", "devcontainer")
_NOT_PRODUCTION: Final = ("test", "docs", "development", "example")
_JVM: Final = (
    "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTIONS", "JAVA_ARGS", "JAVA_OPTS_APPEND", "JVM_OPTS",
    "JVM_ARGS", "CATALINA_OPTS", "MAVEN_OPTS", "MAVEN_CLI_OPTS", "MAVEN_ARGS", "GRADLE_OPTS", "SBT_OPTS", "JENKINS_JAVA_OPTS",
    "JENKINS_JAVA_OPTIONS", "JENKINS_OPTS", "ES_JAVA_OPTS", "LS_JAVA_OPTS", "KAFKA_OPTS", "KAFKA_JMX_OPTS", "ZK_SERVER_HEAP",
    "SPRING_BOOT_JAVA_OPTS", "EXTRA_JAVA_OPTS", "HADOOP_OPTS", "SOLR_OPTS", "ACTIVEMQ_OPTS", "JBOSS_JAVA_OPTS", "CASSANDRA_JVM_OPTS",
)  # fmt: skip
_LOOKUPS: Final = (
    r"(?i)-Dlog4j2?\.formatMsgNoLookups=false\b|-Dlog4j2\.enableJndi\w*=true\b|-Dcom\.sun\.jndi\.\w+\.object\.trustURLCodebase=true\b"
)
_UNVERIFIED: Final = (
    r"(?i)-Dmaven\.wagon\.http\.ssl\.(?:insecure|allowall)=true\b|-D(?:maven\.resolver|aether)\.[\w.]{0,40}https\.securityMode=insecure\b"
    r"|-Dcom\.sun\.jndi\.ldap\.object\.disableEndpointIdentification=true\b|-Djdk\.internal\.httpclient\.disableHostnameVerification\b(?!=false)"
    r"|-Djavax\.net\.ssl\.trustAll=true\b|-Dtrust_all_cert=true\b"
)
_OPEN_JMX: Final = r"(?s)\A(?=.*-Dcom\.sun\.management\.jmxremote\.port=)(?!.*-Djava\.rmi\.server\.hostname=(?:localhost|127\.)).*-Dcom\.sun\.management\.jmxremote\.authenticate=false\b"
_OPEN_DEBUGGER: Final = r"-(?:agentlib:jdwp=|Xrunjdwp:)\S{0,200}\baddress=(?:\*|0\.0\.0\.0|\[?::\]?):?"
_CRUMBS_OFF: Final = r"-Dhudson\.security\.csrf\.GlobalCrumbIssuerConfiguration\.DISABLE_CSRF_PROTECTION=true\b"
_LOG4J: Final = "https://logging.apache.org/security.html#CVE-2021-44228"
_JMX: Final = "https://docs.oracle.com/en/java/javase/21/management/monitoring-and-management-using-jmx-technology.html"


def _jvm(id: str, title: str, tier: Tier, cwe: int, why: str, fix: str, when: str, bad: str, good: str, reference: str) -> Rule:
    """A rule about an option in the variables from which JVMs are started."""
    return Rule(
        id=id, family="config", title=title, severity="high", tier=tier, cwe=cwe, why=why, fix=fix,
        match=Variables(ANYWHERE, _JVM, matches(when), not_traits=() if tier == "block" else _NOT_PRODUCTION),
        references=(reference,),
        bad=(
            Example(f'FROM eclipse-temurin:21\nENV JAVA_OPTS=«"-Xmx1g {bad}"»\n', "Dockerfile"),
            Example(f"services:\n  web:\n    image: a\n    environment:\n      JAVA_TOOL_OPTIONS: «{bad} -Xmx1g»\n", "compose.yaml"),
        ),
        good=(
            Example(f'FROM eclipse-temurin:21\nENV JAVA_OPTS="-Xmx1g {good}"\n', "Dockerfile"),
            Example(f"services:\n  web:\n    image: a\n    environment:\n      JAVA_TOOL_OPTIONS: $OPTIONS\n      NOTE: {bad}\n", "compose.yaml"),
        ),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _jvm(
        "java-lookups-on",
        "Java loads code that a log line or a directory names",
        "block",
        917,
        "With lookups on, a text that is only logged (${jndi:ldap://…}) makes the server load and run a class of whoever wrote it.",
        "Take the option out and use log4j 2.17.1 or later.",
        _LOOKUPS,
        "-Dlog4j2.formatMsgNoLookups=false",
        "-Dlog4j2.formatMsgNoLookups=true",
        _LOG4J,
    ),
    _jvm(
        "java-verification-off",
        "Java does not verify certificates",
        "block",
        295,
        "Anybody on the way can present a certificate of their own, read the traffic and change what is built or fetched.",
        "Take the option out; put a private authority into a trust store (-Djavax.net.ssl.trustStore).",
        _UNVERIFIED,
        "-Dmaven.wagon.http.ssl.insecure=true",
        "-Dmaven.wagon.http.ssl.insecure=false",
        "https://maven.apache.org/wagon/wagon-providers/wagon-http/",
    ),
    _jvm(
        "java-jmx-open",
        "whoever reaches this port manages the JVM",
        "warn",
        306,
        "Through JMX without a login anybody on the network loads beans, which are code, into the process.",
        "Ask for a login and TLS, or listen on 127.0.0.1 only.",
        _OPEN_JMX,
        "-Dcom.sun.management.jmxremote.port=9010 -Dcom.sun.management.jmxremote.authenticate=false",
        "-Dcom.sun.management.jmxremote.port=9010 -Dcom.sun.management.jmxremote.authenticate=true",
        _JMX,
    ),
    _jvm(
        "java-debugger-open",
        "the debugger of this JVM listens on every address",
        "warn",
        489,
        "The debugger runs any code for whoever connects; it knows no login.",
        "Take it out, or listen on 127.0.0.1 and forward the port when it is needed.",
        _OPEN_DEBUGGER,
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005",
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:5005",
        "https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html",
    ),
    _jvm(
        "jenkins-crumbs-off",
        "Jenkins answers forged requests",
        "warn",
        352,
        "Any page that an administrator visits can then start builds and change settings in his name.",
        "Take the option out; give scripts an API token, which needs no crumb.",
        _CRUMBS_OFF,
        "-Dhudson.security.csrf.GlobalCrumbIssuerConfiguration.DISABLE_CSRF_PROTECTION=true",
        "-Dhudson.security.csrf.GlobalCrumbIssuerConfiguration.DISABLE_CSRF_PROTECTION=false",
        "https://www.jenkins.io/doc/book/security/csrf-protection/",
    ),
    Rule(
        id="log4j-lookups-variable",
        family="config",
        title="log4j resolves what stands in a log line",
        severity="high",
        tier="block",
        cwe=917,
        why="A text that is only logged (${jndi:ldap://…}) makes the server load and run a class of whoever wrote it.",
        fix="Take the variable out and use log4j 2.17.1 or later.",
        match=Variables(ANYWHERE, ("LOG4J_FORMAT_MSG_NO_LOOKUPS",), is_false, mend=Flip()),
        references=(_LOG4J,),
        bad=(Example("FROM eclipse-temurin:21\nENV LOG4J_FORMAT_MSG_NO_LOOKUPS=«false»\n", "Dockerfile"),),
        good=(
            Example("FROM eclipse-temurin:21\nENV LOG4J_FORMAT_MSG_NO_LOOKUPS=true\n", "Dockerfile"),
            Example("FROM eclipse-temurin:21\nENV LOG4J_FORMAT_MSG_NO_LOOKUPS=$LOOKUPS\n", "Dockerfile"),
        ),
    ),
    Rule(
        id="java-unverified-option",
        family="config",
        title="this command starts Java without verification",
        severity="high",
        tier="block",
        cwe=295,
        why="Anybody on the way can present a certificate of their own, read the traffic and change what is built or fetched.",
        fix="Take the option out; put a private authority into a trust store (-Djavax.net.ssl.trustStore).",
        match=Commands(
            SHELL,
            ("mvn", "mvnw", "mvnd", "java", "gradle", "gradlew", "sbt"),
            options=(
                "-Dmaven.wagon.http.ssl.insecure",
                "-Dmaven.wagon.http.ssl.allowall",
                "-Dmaven.resolver.transport.https.securityMode",
                "-Daether.connector.https.securityMode",
            ),
            value=r"\A(?:true|insecure)\Z",
        ),
        references=("https://maven.apache.org/wagon/wagon-providers/wagon-http/",),
        bad=(
            Example("FROM maven:3\nRUN mvn -B «-Dmaven.wagon.http.ssl.insecure=true» package\n", "Dockerfile"),
            Example("build:\n  script:\n    - ./mvnw «-Daether.connector.https.securityMode=insecure» verify\n", ".gitlab-ci.yml"),
        ),
        good=(
            Example("FROM maven:3\nRUN mvn -B -Dmaven.wagon.http.ssl.insecure=false package\n", "Dockerfile"),
            Example("FROM maven:3\nRUN mvn -B -Dmaven.wagon.http.ssl.insecure=$INSECURE package\n", "Dockerfile"),
        ),
    ),
    Rule(
        id="log4j-lookups",
        family="config",
        title="log4j resolves what stands in a log line",
        severity="high",
        tier="block",
        cwe=917,
        why="A text that is only logged (${jndi:ldap://…}) makes the server load and run a class of whoever wrote it.",
        fix="Take lookups out of the pattern and the settings, and use log4j 2.17.1 or later.",
        match=Custom(("java-properties", "spring", "log4j"), java.lookups),
        references=(_LOG4J,),
        bad=(
            Example("log4j2.formatMsgNoLookups=«false»\n", "log4j2.component.properties"),
            Example(
                '<Configuration><Appenders><Console name="a"><PatternLayout pattern="%d «%m{lookups}»%n"/></Console></Appenders></Configuration>\n',
                "log4j2.xml",
            ),
            Example("appender.a.layout.pattern=%d «%msg{lookups}»%n\n", "src/main/resources/log4j2.properties"),
        ),
        good=(
            Example("log4j2.formatMsgNoLookups=true\n", "log4j2.component.properties"),
            Example("log4j2.formatMsgNoLookups=${LOOKUPS}\n", "log4j2.component.properties"),
            Example(
                '<Configuration><Appenders><Console name="${env:NAME}"><PatternLayout pattern="%d %m{nolookups}%n"/></Console></Appenders></Configuration>\n',
                "log4j2.xml",
            ),
        ),
    ),
    Rule(
        id="go-modules-unverified",
        family="config",
        title="Go fetches modules without encryption or verification",
        severity="high",
        tier="block",
        cwe=295,
        why="Anybody on the way can decide what is built.",
        fix="Take it out; name modules of your own in GOPRIVATE and serve them over https.",
        match=Variables(ANYWHERE, ("GOINSECURE", "GOFLAGS"), matches(r"\A(?!-)[^\s$]*\*|(?:\A|\s)--?insecure\b(?!=false)")),
        references=("https://go.dev/ref/mod#environment-variables",),
        bad=(
            Example("FROM golang:1.25\nENV GOINSECURE=«*»\n", "Dockerfile"),
            Example("build:\n  variables:\n    GOFLAGS: «-mod=mod -insecure»\n  script: [make]\n", ".gitlab-ci.yml"),
            Example("export GOINSECURE=«*.acme.io»\ngo build\n", "build.sh"),
        ),
        good=(
            Example("FROM golang:1.25\nENV GOFLAGS=-mod=vendor GOPRIVATE=*.acme.io\n", "Dockerfile"),
            Example("build:\n  variables:\n    GOINSECURE: $HOSTS\n  script: [make]\n", ".gitlab-ci.yml"),
        ),
    ),
    Rule(
        id="go-checksum-database-off",
        family="config",
        title="Go does not ask anybody else whether a module was changed",
        severity="medium",
        tier="warn",
        cwe=347,
        why="Without the checksum database a version that is published anew with other content is taken for the old one wherever go.sum does not know it.",
        fix="Take it out; name modules of your own in GOPRIVATE, so that all others stay verified.",
        match=Variables(ANYWHERE, ("GOSUMDB", "GONOSUMDB"), matches(r"\A(?:off|\*)\Z")),
        references=("https://go.dev/ref/mod#checksum-database",),
        bad=(
            Example("FROM golang:1.25\nENV GOSUMDB=«off»\n", "Dockerfile"),
            Example("build:\n  variables:\n    GONOSUMDB: «'*'»\n  script: [make]\n", ".gitlab-ci.yml"),
        ),
        good=(
            Example("FROM golang:1.25\nENV GOSUMDB=sum.golang.org GONOSUMDB=git.acme.io/*\n", "Dockerfile"),
            Example("build:\n  variables:\n    GOSUMDB: $SUMDB\n  script: [make]\n", ".gitlab-ci.yml"),
        ),
    ),
)
