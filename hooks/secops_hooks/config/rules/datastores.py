"""Rules for databases, queues and search services that are started without login, wherever their environment is set."""

from __future__ import annotations

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Variables
from ..predicates import any_of, is_true, one_of
from ..text import indent

if TYPE_CHECKING:
    from typing import Final

_NOT_FOR_REAL: Final = ("test", "example", "docs", "development")


def web(lines: str) -> str:
    """A Compose file with one service and further lines of it."""
    return "services:\n  web:\n    image: registry.example.com/web:1.4.2\n" + indent(lines, "    ")


def _yes(lines: str) -> Example:
    return Example(web(lines), "compose.yaml")


RULES: tuple[Rule, ...] = (
    Rule(
        id="datastore-without-login",
        family="config",
        title="this data service lets everybody in without a password",
        severity="high",
        tier="block",
        cwe=1188,
        why="Whoever reaches the port, from another container or from the Internet, reads and writes everything.",
        fix="Take the setting out and give the service a password from a secret.",
        match=Variables(
            ("compose", "kubernetes"),
            (
                "POSTGRES_HOST_AUTH_METHOD",
                "MYSQL_ALLOW_EMPTY_PASSWORD",
                "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
                "MARIADB_ALLOW_EMPTY_PASSWORD",
                "ALLOW_EMPTY_PASSWORD",
                "DISABLE_SECURITY_PLUGIN",
                "plugins.security.disabled",
                "NEO4J_AUTH",
                "ALLOW_ANONYMOUS_LOGIN",
                "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED",
                "QUESTDB_PG_READONLY_USER_ENABLED",
            ),
            any_of(is_true, one_of("trust", "none")),
            not_traits=_NOT_FOR_REAL,
        ),
        references=("https://cwe.mitre.org/data/definitions/1188.html",),
        bad=(
            _yes("environment:\n  - POSTGRES_HOST_AUTH_METHOD=«trust»\n  - MYSQL_ALLOW_EMPTY_PASSWORD=«yes»\n"),
            _yes("environment:\n  NEO4J_AUTH: «none»\n"),
        ),
        good=(
            _yes("environment:\n  - POSTGRES_HOST_AUTH_METHOD=scram-sha-256\n"),
            _yes("environment:\n  MYSQL_ALLOW_EMPTY_PASSWORD: ${EMPTY}\n"),
            Example(web("environment:\n  POSTGRES_HOST_AUTH_METHOD: trust\n"), "tests/compose.yaml"),
        ),
    ),
    Rule(
        id="datastore-security-off",
        family="config",
        title="login and encryption of this search service are switched off",
        severity="high",
        tier="block",
        cwe=306,
        why="Whoever reaches the port reads, changes and deletes all indexes.",
        fix="Take the setting out; security is on by default since version 8.",
        match=Variables(
            ("compose", "kubernetes"),
            ("xpack.security.enabled", "XPACK_SECURITY_ENABLED", "ELASTICSEARCH_SECURITY_ENABLED"),
            one_of("false"),
            not_traits=_NOT_FOR_REAL,
        ),
        references=("https://www.elastic.co/docs/deploy-manage/security/self-setup",),
        bad=(_yes("environment:\n  - xpack.security.enabled=«false»\n"), _yes('environment:\n  xpack.security.enabled: «"false"»\n')),
        good=(_yes("environment:\n  - xpack.security.enabled=true\n"), _yes("environment:\n  - xpack.security.enabled=${SECURITY}\n")),
    ),
)
