"""Rules for settings that mean the same under any tool: verification, TLS versions, debug, CORS, cookies, algorithms."""

from __future__ import annotations

from ...finding import Example, Rule
from ..match import Keys
from ..predicates import is_false

RULES: tuple[Rule, ...] = (
    Rule(
        id="tls-verification-disabled",
        family="config",
        title="TLS certificate verification is switched off",
        severity="high",
        tier="block",
        cwe=295,
        why="Without verification anybody on the path can present a certificate of their own, read the traffic and change it.",
        fix="Take the setting out or switch verification on; trust a private authority by naming its CA file instead.",
        match=Keys(
            ("*",),
            ("**.{verifyssl,sslverify,verifytls,tlsverify,verifycertificate,verifycertificates,rejectunauthorized,strictssl}",),
            is_false,
            fold=True,
        ),
        references=("https://cwe.mitre.org/data/definitions/295.html",),
        bad=(Example("client:\n  verify_ssl: «false»\n"), Example("SSL_VERIFY=«0»\n", ".env")),
        good=(Example("client:\n  verify_ssl: true\n"), Example("client:\n  verify_ssl: ${VERIFY}\n"), Example("client:\n  verify_ssl: /etc/ssl/ca.pem\n")),
    ),
)
