"""Rules for settings that mean the same under any tool: verification, TLS versions, debug modes, CORS, cookies, algorithms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ...files.filetype import path_traits
from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..dotted import for_development
from ..match import Custom, Flip, Hit, Keys, Replace, Rewrite
from ..plan import fold
from ..predicates import any_host, below_tls_12, is_false, is_true, is_wildcard, offers_old_tls, one_of, weak_hash

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File

ANY: Final = ("*",)
_NOT_FOR_REAL: Final = ("test", "docs")
_NOT_PRODUCTION: Final = ("test", "docs", "development", "example")
_CWE: Final = "https://cwe.mitre.org/data/definitions/{}.html"

_OBJECT: Final = r"(ssl|tls|https|cert|certs|certificate|certificates|peer|sslpeer|sslhost|servercert|servercertificate|x509|ssltls|tlscert|sslcert|tlscertificate|sslcertificate|tlshostname|sslhostname)"
_DENIED: Final = (
    r"(?<!no)(?<!not)(?<!skip)(?<!skips)(?<!disable)(?<!disabled)(?<!insecure)(?<!without)(?<!ignore)(?<!bypass)(?<!dont)(?<!never)"
)
# keys that must not be false, and keys that must not be true, folded
_MUST_BE_ON: Final = (
    rf"(?:{_DENIED}(?:verify{_OBJECT}|{_OBJECT}(?:verify|verification|verificationenabled|verifyenabled|validation|verified)|validate{_OBJECT}|check{_OBJECT}|(?:ssl|tls|https)?hostnameverif(?:ication|ier)(?:enabled)?|(?:verify|check)hostnames?|curlopt_?sslverify(?:peer|host)|sslverifypeer|sslverifyhost|verifypeer)"
    r"|rejectunauthorized|strictssl|enablestrictssl|sslstrict|strictsslenabled|validatecerts|validateserver(?:cert(?:ificate)?)?)\Z"
)
_MUST_BE_OFF: Final = (
    rf"(?:(?:insecure|danger(?:ous(?:ly)?)?)?(?:skip|disable|ignore|bypass|no)(?:{_OBJECT})?(?:{_OBJECT})?(?:verify|verification|validation|check|checks|errors|hostnameverification|hostnamevalidation|certificatecheck|certverify)"
    rf"|(?:skip|no|disable)verify{_OBJECT}|{_OBJECT}(?:skip|no)verify|(?:tls|ssl)insecure(?:skipverify)?|insecure(?:tls|ssl|skipverify|https)|allowinsecure(?:ssl|tls|https|connections?|certs?|certificates?)"
    r"|trustall(?:certs?|certificates?|hosts?)?|(?:danger)?acceptinvalid(?:certs?|certificates?|hostnames?)|accept(?:any|all)cert(?:ificate)?s?|allowinvalidcert(?:ificate)?s?|allowinvalidhostnames?|tlsallowinvalidcertificates|tlsallowinvalidhostnames"
    r"|sslallowinvalid(?:certificates|hostnames)|ignore(?:ssl|tls|https|certificate|cert)errors|sslverifynone)\Z"
)
_NOT_TLS: Final = r"(?:noverify|nocheck|nochecks|noerrors|nosslcheck|skipcheck|skipchecks|skipvalidation|ignoreerrors|disablecheck|disablechecks|disablevalidation|novalidation|disableverification|skipverification|disableverify|ignorecheck|ignorechecks|disableerrors|skiperrors|noverification|bypass\w*|ignorevalidation|ignoreverification|ignoreverify)\Z"


# how such a key can end: most keys are dismissed by this, before any pattern is compiled
_LAST_WORDS: Final = (
    "ssl", "tls", "https", "cert", "certs", "certificate", "certificates", "peer", "host", "hosts", "x509", "hostname", "hostnames", "verify",
    "verification", "enabled", "validation", "verified", "unauthorized", "strict", "errors", "check", "checks", "insecure", "all", "none",
    "connection", "connections",
)  # fmt: skip


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return re.compile(_MUST_BE_ON), re.compile(_MUST_BE_OFF), re.compile(_NOT_TLS)


@lru_cache(maxsize=8192)
def verification(key: str) -> str:
    """``on``: a key that must not be false; ``off``: one that must not be true; empty: neither."""
    folded = fold(key.rpartition(".")[2] if key.count(".") > 1 else key)
    if len(folded) < 8 or len(folded) > 60 or not folded.endswith(_LAST_WORDS):
        return ""
    on, off, other = _patterns()
    if on.search(folded):
        return "on"
    found = off.search(folded)
    return "off" if found and not other.match(found.group()) else ""


_PARENT_VERIFY: Final = ("**.{tls,ssl,https,certificate}.{verify,verification}", "**.{tls,ssl}.{verify_peer,verifyPeer}")
_PARENT_INSECURE: Final = ("**.{tls,ssl,https,tlsConfig,tls_config}.{insecure,insecure_skip_verify,skip_verify,skipVerify}",)


def unverified(file: File, tree: Tree) -> Iterator[Hit]:
    """Settings by which a client stops verifying its server's certificate."""
    document = file.document
    if document is None or path_traits(file.path) & {"test", "docs"}:
        return
    for key, nodes in document.index.items():
        meaning = verification(key)
        if meaning:
            wanted = is_false if meaning == "on" else is_true
            for node in nodes:
                if wanted(node) is True and not for_development(node):
                    yield Hit(node, mend=Flip())
    for paths, wanted in ((_PARENT_VERIFY, is_false), (_PARENT_INSECURE, is_true)):
        for path in paths:
            for node in document.select(path):
                if wanted(node) is True and node.parent is not None and not verification(node.key or ""):
                    yield Hit(node, mend=Flip())


_COOKIE_OFF: Final = (
    "**.{sessioncookiesecure,csrfcookiesecure,cookiesecure,securecookie,securecookies,sessioncookiehttponly,csrfcookiehttponly,cookiehttponly,cookiesecureflag,sessionsecure,languagecookiesecure,sessionsecurecookie,remembercookiesecure,remembercookiehttponly,usesecurecookies}",
    "**.{cookie,cookies,sessioncookie}.{secure,httponly}",
    "**.session.cookie.{secure,httponly}",
)


_URL_WITHOUT_TLS: Final = (
    r"(?i)\A(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|sqlserver|mongodb(?:\+srv)?|rediss?|amqp|tds)(?:\+\w+)?://(?:[^@/]*@)?"
    r"(?!localhost|127\.|\[::1\])[\w-]+\.[\w.-]+[^?;]*[?;](?:[^#]*[&;])?"
    r"(?:sslmode=(?:disable|allow|prefer)|ssl-?mode=disabled|useSSL=false|ssl=false|tls=false|encrypt=(?:false|no|optional)"
    r"|trustServerCertificate=true|tlsAllowInvalidCertificates=true|tlsAllowInvalidHostnames=true|tlsInsecure=true|verifyServerCertificate=false"
    r"|ssl_cert_reqs=none)(?:[&;]|\Z)"
)


_WITHOUT_TLS_WORDS: Final = (
    "sslmode=",
    "ssl-mode=",
    "sslMode=",
    "useSSL=",
    "ssl=",
    "tls=",
    "encrypt=",
    "ertificate",
    "ostnames=",
    "tlsInsecure",
    "ssl_cert_reqs",
)


def database_urls(file: File, tree: Tree) -> Iterator[Hit]:
    """Addresses of databases that ask for no encryption or no verification; user and password may be references, the host not."""
    text = file.source.text
    document = file.document
    if "://" not in text or document is None or not any(word in text for word in _WITHOUT_TLS_WORDS):
        return
    if path_traits(file.path).intersection(_NOT_PRODUCTION):
        return
    pattern = re.compile(_URL_WITHOUT_TLS)
    for nodes in document.index.values():
        for node in nodes:
            if node.kind == "scalar" and node.target is None and "://" in node.text and pattern.match(node.text.strip()):
                yield Hit(node)


RULES: tuple[Rule, ...] = (
    Rule(
        id="tls-verification-disabled",
        family="config",
        title="TLS certificate verification is switched off",
        severity="high",
        tier="block",
        cwe=295,
        why="Without verification anybody on the way can present a certificate of their own, read the traffic and change it.",
        fix="Take the setting out or switch verification on; trust a private authority by naming its certificate file instead.",
        match=Custom(ANY, unverified),
        references=(_CWE.format(295),),
        bad=(
            Example("client:\n  verify_ssl: «false»\n  tls:\n    insecureSkipVerify: «true»\n"),
            Example("API_SSL_VERIFY=«0»\nVAULT_SKIP_VERIFY=«true»\n", ".env"),
            Example('{"agent": {"rejectUnauthorized": «false»}}\n', "config/agent.json"),
            Example("[server]\nssl_verify = «no»\n", "app.ini"),
            Example("[http]\nverify-ssl = «false»\n", "settings.toml"),
        ),
        good=(
            Example("client:\n  verify_ssl: true\n  skip_tls_verify: false\n  no_verify_ssl: false\n"),
            Example("client:\n  verify_ssl: ${VERIFY}\n"),
            Example("client:\n  verify_ssl: /etc/ssl/ca.pem\n  verify_email: false\n  no_check: true\n"),
            Example("client:\n  verify_ssl: false\n", "tests/config.yaml"),
        ),
    ),
    Rule(
        id="tls-verification-none",
        family="config",
        title="the verification mode for certificates is none",
        severity="high",
        tier="block",
        cwe=295,
        why="Without verification anybody on the way can present a certificate of their own, read the traffic and change it.",
        fix="Use full verification (peer), with the certificate file of your authority if it is private.",
        match=Keys(
            ANY,
            (
                "**.{verificationmode,sslverificationmode,tlsverificationmode,sslverifymode,tlsverifymode,verifymode,sslclientverificationmode,certificateverificationmode,elasticsearchsslverificationmode,opensslverifymode,smtpopensslverifymode,sslendpointverification}",
            ),
            one_of(
                "none", "verify_none", "VERIFY_NONE", "0", "off", "disabled", "OpenSSL::SSL::VERIFY_NONE", "SSL_VERIFY_NONE", "CERT_NONE"
            ),
            fold=True,
            not_traits=_NOT_FOR_REAL,
        ),
        references=(_CWE.format(295),),
        bad=(Example("elasticsearch:\n  ssl:\n    verification_mode: «none»\n"),),
        good=(
            Example("elasticsearch:\n  ssl:\n    verification_mode: certificate\n"),
            Example("elasticsearch:\n  ssl:\n    verification_mode: ${MODE}\n"),
        ),
    ),
    Rule(
        id="database-tls-disabled",
        family="config",
        title="this database connection is not encrypted",
        severity="medium",
        tier="warn",
        cwe=319,
        why="Passwords and data of the connection can be read and changed on the way.",
        fix="Use sslmode verify-full (or the driver's equal).",
        match=Keys(
            ANY,
            ("**.{sslmode,pgsslmode,dbsslmode,databasesslmode,postgressslmode,mysqlsslmode}",),
            one_of("disable", "disabled", "none", "allow"),
            fold=True,
            not_traits=_NOT_PRODUCTION,
            mend=Replace("verify-full", safe=False),
        ),
        references=("https://www.postgresql.org/docs/current/libpq-ssl.html",),
        bad=(Example("database:\n  host: db.example.com\n  sslmode: «disable»\n"),),
        good=(
            Example("database:\n  sslmode: verify-full\n"),
            Example("database:\n  sslmode: ${SSLMODE}\n"),
            Example("database:\n  sslmode: disable\n", "deploy/dev/app.yaml"),
        ),
    ),
    Rule(
        id="weak-tls-version",
        family="config",
        title="TLS below version 1.2 is accepted",
        severity="high",
        tier="block",
        cwe=326,
        why="SSL 2 and 3, TLS 1.0 and 1.1 are broken or withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        fix="Make TLSv1.2 the minimum, better TLSv1.3.",
        match=Keys(
            ANY,
            (
                "**.{mintls,mintlsversion,tlsminversion,minimumtlsversion,tlsminimumversion,sslminversion,sslminimumversion,minsslversion,minprotocolversion,minimumprotocolversion,sslminprotocol,tlsminprotocol,minimumtls,tlsminprotocolversion,sslversionmin,mintlsprotocol,ssltlsversion,tlsversionmin,minhttpstlsversion,sslminimumprotocol,tlsminimumprotocol}",
                "**.{tls,ssl,https,tlsoptions,tlsconfig,sslconfig,http2}.{minversion,minimumversion,minprotocol}",
                "**.tls.options.*.minversion",
                "**.tlsoptions.*.minversion",
            ),
            below_tls_12,
            fold=True,
            not_traits=_NOT_FOR_REAL,
            mend=Rewrite(r"(1[._]?)[01](?=\W*\Z)", r"\g<1>2"),
        ),
        references=("https://www.rfc-editor.org/rfc/rfc8996",),
        bad=(
            Example("server:\n  tls:\n    minVersion: «TLSv1.1»\n"),
            Example("MIN_TLS_VERSION=«1.0»\n", ".env"),
            Example("tls:\n  options:\n    default:\n      minVersion: «VersionTLS10»\n", "traefik/dynamic.yml"),
        ),
        good=(
            Example("server:\n  tls:\n    minVersion: TLSv1.2\n"),
            Example("server:\n  minVersion: 1.0\n"),
            Example("server:\n  tls:\n    minVersion: ${TLS_MIN}\n"),
        ),
    ),
    Rule(
        id="weak-tls-protocols",
        family="config",
        title="an outdated version of TLS or SSL is among those offered",
        severity="high",
        tier="block",
        cwe=326,
        why="SSL 2 and 3, TLS 1.0 and 1.1 are broken or withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        fix="Offer TLSv1.2 and TLSv1.3 only.",
        match=Keys(
            ANY,
            (
                "**.{sslprotocols,tlsprotocols,enabledprotocols,sslenabledprotocols,tlsenabledprotocols,supportedprotocols,allowedtlsversions,tlsversions,serversslenabledprotocols,originsslprotocols,tlscipherprotocols}",
                "**.{sslprotocols,tlsprotocols,enabledprotocols,sslenabledprotocols,tlsenabledprotocols,supportedprotocols,allowedtlsversions,tlsversions,originsslprotocols}[*]",
                "**.{sslprotocol,tlsversion,sslversion,tlsprotocol}",
                "**.{ssl,tls}.{protocol,protocols}",
                "**.{ssl,tls}.enabled.protocols",
            ),
            offers_old_tls,
            fold=True,
            not_traits=_NOT_FOR_REAL,
        ),
        references=("https://www.rfc-editor.org/rfc/rfc8996",),
        bad=(
            Example("ssl_protocols: «TLSv1 TLSv1.2»\n"),
            Example("tls:\n  enabled_protocols:\n    - «TLSv1.1»\n    - TLSv1.2\n"),
            Example("ssl.enabled.protocols=«TLSv1.1,TLSv1.2»\n", "config/server.properties"),
        ),
        good=(
            Example("ssl_protocols: TLSv1.2 TLSv1.3\n"),
            Example("ssl_protocols: ALL -SSLv3 -TLSv1 -TLSv1.1\n"),
            Example("ssl_protocols: ${PROTOCOLS}\n"),
        ),
    ),
    Rule(
        id="debug-in-production",
        family="config",
        title="debug mode is on in a file for production",
        severity="medium",
        tier="warn",
        cwe=489,
        why="Debug modes show source, settings and often a console to whoever causes an error.",
        fix="Switch it off in production.",
        match=Keys(
            ANY,
            ("**.{debug,appdebug,flaskdebug,djangodebug,debugmode,wpdebug,debugtoolbar,debugenabled,enabledebug}",),
            is_true,
            fold=True,
            traits=("production",),
            not_traits=_NOT_PRODUCTION,
            mend=Flip(),
        ),
        references=(_CWE.format(489),),
        bad=(Example("APP_DEBUG=«true»\n", ".env.production"), Example("app:\n  debug: «true»\n", "config/prod/app.yaml")),
        good=(
            Example("APP_DEBUG=false\n", ".env.production"),
            Example("APP_DEBUG=true\n", ".env.local"),
            Example("app:\n  debug: ${DEBUG}\n", "config/prod/app.yaml"),
        ),
    ),
    Rule(
        id="development-in-production",
        family="config",
        title="a development environment is set in a file for production",
        severity="medium",
        tier="warn",
        cwe=489,
        why="Frameworks then show errors with their source and switch protections off.",
        fix="Set production.",
        match=Keys(
            ANY,
            ("**.{nodeenv,railsenv,rackenv,flaskenv,appenv,aspnetcoreenvironment,dotnetenvironment,symfonyenv,djangoenv,goenv,mixenv}",),
            one_of("development", "dev", "local", "debug"),
            fold=True,
            traits=("production",),
            not_traits=_NOT_PRODUCTION,
            mend=Replace("production", safe=False),
        ),
        references=(_CWE.format(489),),
        bad=(Example("NODE_ENV=«development»\n", "deploy/production.env"),),
        good=(
            Example("NODE_ENV=production\n", "deploy/production.env"),
            Example("NODE_ENV=development\n", ".env.local"),
            Example("NODE_ENV=${STAGE}\n", "deploy/production.env"),
        ),
    ),
    Rule(
        id="admin-on-all-addresses",
        family="config",
        title="an administration or debug interface listens on every address",
        severity="high",
        tier="warn",
        cwe=668,
        why="Such interfaces are seldom protected by a login; on every address the network can reach them.",
        fix="Listen on 127.0.0.1 or on an internal address.",
        match=Keys(
            ANY,
            (
                "**.{admin,management,adminapi,adminserver,debug,pprof,debugserver,jmx,profiler}.{host,address,bind,bindaddress,listen,listenaddress,bindhost}",
                "**.{admin,management}.server.{host,address,bindaddress}",
                "**.{adminhost,adminbind,adminaddress,adminlisten,debughost,jmxhost,pprofaddress,managementserveraddress,admininterface}",
            ),
            any_host,
            fold=True,
            not_traits=_NOT_PRODUCTION,
        ),
        references=(_CWE.format(668),),
        bad=(
            Example("admin:\n  host: «0.0.0.0»\n  port: 9901\n"),
            Example('ADMIN_BIND=«"::"»\n', ".env"),
            Example("pprof:\n  listen: «':6060'»\n"),
        ),
        good=(Example("admin:\n  host: 127.0.0.1\n"), Example("server:\n  host: 0.0.0.0\n# admin\n"), Example("admin:\n  host: ${HOST}\n")),
    ),
    Rule(
        id="search-service-without-login",
        family="config",
        title="login and encryption of this search service are switched off",
        severity="high",
        tier="warn",
        cwe=306,
        why="Whoever reaches the port reads, changes and deletes all indexes.",
        fix="Take the setting out; security is on by default since version 8.",
        match=Keys(
            ANY,
            ("**.{xpacksecurityenabled,xpacksecurityhttpsslenabled}", "**.xpack.security.enabled"),
            is_false,
            fold=True,
            not_traits=_NOT_PRODUCTION,
            mend=Flip(),
            formats=("yaml", "json", "toml", "ini", "properties"),
        ),
        references=("https://www.elastic.co/docs/deploy-manage/security/self-setup",),
        bad=(
            Example("xpack.security.enabled: «false»\n", "conf/search.yml"),
            Example("xpack:\n  security:\n    enabled: «false»\n", "conf/search.yml"),
        ),
        good=(
            Example("xpack.security.enabled: true\n", "conf/search.yml"),
            Example("xpack.security.enabled: ${SECURITY}\n", "conf/search.yml"),
        ),
    ),
    Rule(
        id="cors-any-origin",
        family="config",
        title="every website may call this service from its visitors' browsers",
        severity="medium",
        tier="warn",
        cwe=942,
        why="With any origin allowed, a page of anybody reads what the service shows to the visitor's network or session.",
        fix="List the origins that may call.",
        match=Keys(
            ANY,
            (
                "**.{accesscontrolalloworigin,corsalloworigin,corsalloworigins,corsallowedorigin,corsallowedorigins,corsorigin,corsorigins,corsoriginwhitelist,corsalloworiginregex,corsallowedoriginpatterns,httpcorsalloworigin}",
                "**.{accesscontrolalloworigin,corsalloworigins,corsallowedorigins,corsorigins,corsoriginwhitelist,corsallowedoriginpatterns}[*]",
                "**.{cors,corsconfig,corsconfiguration,corspolicy,corsrules,corsoptions,corsrule}.{origin,origins,alloworigin,alloworigins,allowedorigin,allowedorigins,alloworiginlist,allowedoriginpatterns}",
                "**.{cors,corsconfig,corsconfiguration,corspolicy,corsoptions,corsrule}.{origin,origins,alloworigin,alloworigins,allowedorigin,allowedorigins,alloworiginlist,allowedoriginpatterns}[*]",
                "**.{cors,globalcors}.**.{allowedorigins,allowedoriginpatterns}",
                "**.{cors,globalcors}.**.{allowedorigins,allowedoriginpatterns}[*]",
            ),
            is_wildcard,
            fold=True,
            not_traits=_NOT_PRODUCTION,
        ),
        equivalents=("semgrep:all-origins-allowed",),
        references=("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS", _CWE.format(942)),
        bad=(
            Example('cors:\n  allowed_origins: «"*"»\n'),
            Example("CORS_ORIGIN=«*»\n", ".env"),
            Example('{"cors": {"origins": [«"*"»]}}\n', "config/api.json"),
        ),
        good=(
            Example("cors:\n  allowed_origins: https://shop.example.com\n"),
            Example("cors:\n  allowed_origins: ${ORIGINS}\n"),
            Example("cors:\n  allowed_headers: '*'\n"),
        ),
    ),
    Rule(
        id="cors-any-origin-switch",
        family="config",
        title="every website may call this service from its visitors' browsers",
        severity="medium",
        tier="warn",
        cwe=942,
        why="With any origin allowed, a page of anybody reads what the service shows to the visitor's network or session.",
        fix="Switch it off and list the origins that may call.",
        match=Keys(
            ANY,
            ("**.{corsallowallorigins,corsoriginallowall,corsallowall,allowallorigins,corsallowany,corsallowanyorigin}",),
            is_true,
            fold=True,
            not_traits=_NOT_PRODUCTION,
            mend=Flip(),
        ),
        equivalents=("semgrep:all-origins-allowed",),
        references=("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS", _CWE.format(942)),
        bad=(Example("CORS_ALLOW_ALL_ORIGINS=«True»\n", ".env"),),
        good=(Example("CORS_ALLOW_ALL_ORIGINS=False\n", ".env"), Example("CORS_ALLOW_ALL_ORIGINS=${ALL}\n", ".env")),
    ),
    Rule(
        id="insecure-cookie",
        family="config",
        title="this cookie is sent without encryption or can be read by scripts",
        severity="medium",
        tier="warn",
        cwe=614,
        why="Without secure the session travels over plain http, too; without httpOnly any script in the page can take it.",
        fix="Set it to true.",
        match=Keys(ANY, _COOKIE_OFF, is_false, fold=True, not_traits=_NOT_PRODUCTION, mend=Flip()),
        references=(_CWE.format(614), _CWE.format(1004)),
        bad=(Example("SESSION_COOKIE_SECURE=«false»\n", ".env"), Example("session:\n  cookie:\n    httpOnly: «false»\n")),
        good=(
            Example("SESSION_COOKIE_SECURE=true\n", ".env"),
            Example("SESSION_COOKIE_SECURE=false\n", ".env.local"),
            Example("session:\n  cookie:\n    secure: ${SECURE}\n"),
        ),
    ),
    Rule(
        id="frames-from-anywhere",
        family="config",
        title="every website may show this one in a frame",
        severity="medium",
        tier="warn",
        cwe=1021,
        why="In a frame of somebody else's page, visitors can be led to click on what they do not see.",
        fix="Use DENY or SAMEORIGIN, or frame-ancestors in the content security policy.",
        match=Keys(
            ANY,
            ("**.{xframeoptions,frameoptions,xframeoption}",),
            one_of("ALLOWALL", "ALLOW-ALL", "ALLOW-FROM *", "ALLOW", "disable", "disabled"),
            fold=True,
            not_traits=_NOT_FOR_REAL,
            mend=Replace("DENY", safe=False),
        ),
        references=("https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Frame-Options",),
        bad=(Example("headers:\n  X-Frame-Options: «ALLOWALL»\n"),),
        good=(Example("headers:\n  X-Frame-Options: DENY\n"), Example("headers:\n  X-Frame-Options: ${FRAMES}\n")),
    ),
    Rule(
        id="token-algorithm-none",
        family="config",
        title="tokens without signature are accepted",
        severity="high",
        tier="block",
        cwe=347,
        why="With the algorithm none anybody writes himself a token with any name and any rights.",
        fix="Name the algorithm that signs your tokens, such as RS256, ES256 or EdDSA.",
        match=Keys(
            ANY,
            (
                "**.{jwtalg,jwtalgorithm,jwtalgorithms,tokenalgorithm,jwtsigningalgorithm,signingalgorithm,idtokensignedresponsealg,requestobjectsigningalg}",
                "**.{jwt,jws,jwtauth,token,oidc}.{alg,algorithm,algorithms,signingalgorithm}",
                "**.{jwt,jws,jwtauth,token,oidc}.{alg,algorithms}[*]",
                "**.jwtalgorithms[*]",
            ),
            one_of("none"),
            fold=True,
            not_traits=_NOT_FOR_REAL,
        ),
        references=("https://www.rfc-editor.org/rfc/rfc8725#section-3.1",),
        bad=(Example("jwt:\n  algorithm: «none»\n"), Example("auth:\n  jwt_algorithms:\n    - «none»\n    - RS256\n")),
        good=(
            Example("jwt:\n  algorithm: RS256\n"),
            Example("compression:\n  algorithm: none\n# jwt\n"),
            Example("jwt:\n  algorithm: ${ALG}\n"),
        ),
    ),
    Rule(
        id="token-unverified",
        family="config",
        title="tokens are accepted unverified",
        severity="high",
        tier="warn",
        cwe=347,
        why="Whoever sends a token is believed what it says.",
        fix="Switch verification on.",
        match=Keys(
            ANY,
            (
                "**.{jwtverify,verifyjwt,jwtverifysignature,verifytokensignature,jwtvalidate,validatejwt,jwtverification,jwtvalidationenabled,verifyidtoken,requiresignedtokens,validateissuersigningkey}",
                "**.{jwt,jwtauth,jws}.{verify,verifysignature,validate,validation,verifyexp,verifyexpiration}",
                "**.{jwtverifyexpiration,jwtverifyexp}",
            ),
            is_false,
            fold=True,
            not_traits=_NOT_FOR_REAL,
            mend=Flip(),
        ),
        references=(_CWE.format(347),),
        bad=(Example("jwt:\n  verify_signature: «false»\n"), Example("JWT_VERIFY=«false»\n", ".env")),
        good=(Example("jwt:\n  verify_signature: true\n"), Example("jwt:\n  verify_signature: ${VERIFY}\n")),
    ),
    Rule(
        id="weak-password-hash",
        family="config",
        title="passwords are stored with a hash that is broken in seconds",
        severity="high",
        tier="warn",
        cwe=916,
        why="MD5, SHA-1 and the like are made to be fast: a stolen list is turned back into passwords at billions of guesses a second.",
        fix="Use argon2id, scrypt or bcrypt.",
        match=Keys(
            ANY,
            (
                "**.{passwordhash,passwordhashalgorithm,passwordhashing,passwordhashingalgorithm,passwordalgorithm,passwordencoder,passwordhasher,passwordencryption,passwordhashtype,userpasswordhash,hashpasswordalgorithm,passwordscheme,passwordhashalgo}",
                "**.{password,passwords}.{hash,hashalgorithm,algorithm,encoder,hasher,hashing}",
            ),
            weak_hash,
            fold=True,
            not_traits=_NOT_FOR_REAL,
        ),
        references=("https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",),
        bad=(Example("security:\n  password_hash_algorithm: «md5»\n"), Example("password:\n  encoder: «SHA-1»\n")),
        good=(
            Example("security:\n  password_hash_algorithm: argon2id\n"),
            Example("cache:\n  hash: md5\n# password_hash\n"),
            Example("security:\n  password_hash_algorithm: ${HASH}\n"),
        ),
    ),
    Rule(
        id="database-url-without-tls",
        family="config",
        title="this database connection is not encrypted, or not verified",
        severity="medium",
        tier="warn",
        cwe=319,
        why="The password and all data can be read and changed on the way.",
        fix="Take the parameter out, or use the driver's verifying mode (sslmode=verify-full, encrypt=true, tls=true).",
        match=Custom(ANY, database_urls),
        references=("https://www.postgresql.org/docs/current/libpq-ssl.html", _CWE.format(319)),
        bad=(
            Example("database:\n  url: «postgresql://db.acme.io:5432/shop?sslmode=disable»\n"),
            Example("DATABASE_URL=«mysql://db.acme.io/shop?useSSL=false»\n", ".env"),
            Example("cache: «rediss://:${CACHE_PASSWORD}@cache.acme.io:6379/0?ssl_cert_reqs=none»\n"),
        ),
        good=(
            Example("database:\n  url: postgresql://db.acme.io:5432/shop?sslmode=verify-full\n"),
            Example("database:\n  url: postgresql://localhost/shop?sslmode=disable\n"),
            Example("database:\n  url: postgresql://${DB_HOST}/shop?sslmode=disable\n"),
        ),
    ),
)
