"""HAProxy, Caddy and Traefik: statistics and control for strangers, weak encryption, headers that are believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ...records import TYPE_CHECKING
from ..match import Flip, Hit, Replace
from ..predicates import any_of, is_false, is_true, is_wildcard, matches, one_of, scalar_text, weak_ciphers, world_writable
from ..shapes import custom_server_rule, server_rule

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...finding import Rule
    from ...parse import File
    from ...parse.node import Node

_HAPROXY: Final = "https://docs.haproxy.org/3.2/configuration.html"
_CADDY: Final = "https://caddyserver.com/docs/"
_TRAEFIK: Final = "https://doc.traefik.io/traefik/reference/"
_CIPHERS: Final = "Connections with these ciphers can be read or changed."
_CORS: Final = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS"


def _lines(file: File, *names: str) -> Iterator[tuple[Node, list[Node], list[str]]]:
    """The directives called ``names``: each with its words and their texts (empty for what is not known)."""
    document = file.document
    for name in names:
        for line in document.index.get(name, ()) if document is not None else ():
            words = line.children or [line]
            yield line, words, [scalar_text(word) or "" for word in words]


def open_statistics(file: File, tree: Tree) -> Iterator[Hit]:
    """``stats enable`` or ``stats uri`` in a section without ``stats auth``, and without a condition that keeps others out."""
    seen: set[int] = set()
    for line, words, texts in _lines(file, "stats"):
        section = line.parent
        if section is None or section.key not in ("frontend", "backend", "listen", "defaults") or id(section) in seen:
            continue
        if texts[:1] not in (["enable"], ["uri"]):
            continue
        seen.add(id(section))
        guards = [arguments for child in section.children for arguments in [_texts(child)] if child.key in ("stats", "http-request", "acl")]
        local = all(text.startswith(("127.", "localhost:", "[::1]", "/", "unix@")) for text in _binds(section)) and _binds(section)
        if local or any(texts[:1] == ["auth"] or texts[:1] == ["http-request"] or texts[:1] in (["deny"], ["auth"]) for texts in guards):
            continue
        yield Hit(words[0])


def _texts(node: Node) -> list[str]:
    return [scalar_text(word) or "" for word in (node.children or [node])]


def _binds(section: Node) -> list[str]:
    return [_texts(child)[0] for child in section.children if child.key == "bind"]


def statistics_that_control(file: File, tree: Tree) -> Iterator[Hit]:
    """``stats admin if TRUE``: whoever sees the page switches servers off."""
    for _, words, texts in _lines(file, "stats"):
        if texts[:2] == ["admin", "if"] and texts[2:3] in (["TRUE"], ["ALWAYS_TRUE"], ["true"]):
            yield Hit(words[2])


def open_control_socket(file: File, tree: Tree) -> Iterator[Hit]:
    """``stats socket`` on the network, or writable for everybody."""
    for _, words, texts in _lines(file, "stats"):
        if texts[:1] != ["socket"] or len(texts) < 2:
            continue
        if re.match(r"(?:ipv[46]@)?(?:\*|0\.0\.0\.0|\[?::\]?)?:\d+\Z", texts[1]) and "user" not in texts[2:3]:
            yield Hit(words[1], "everybody who reaches this port controls HAProxy")
        for (before, _), (text, word) in pairwise(zip(texts, words, strict=True)):
            if before == "mode" and world_writable(text):
                yield Hit(word, "every program of this machine may control HAProxy")


def weak_bind_ciphers(file: File, tree: Tree) -> Iterator[Hit]:
    """Broken ciphers in HAProxy's lists."""
    for _, words, _ in _lines(file, "ssl-default-bind-ciphers", "ssl-default-server-ciphers", "ssl-default-bind-ciphersuites"):
        for word in words:
            if weak_ciphers(word) is True:
                yield Hit(word)
    for _, words, texts in _lines(file, "bind", "server", "default-server"):
        for before, word in zip(texts, words[1:], strict=False):
            if before in ("ciphers", "ciphersuites") and weak_ciphers(word) is True:
                yield Hit(word)


def any_origin(file: File, tree: Tree) -> Iterator[Hit]:
    """``Access-Control-Allow-Origin: *`` beside ``Access-Control-Allow-Credentials: true``, in HAProxy and Caddy."""
    for name in ("http-response", "header"):
        lines = list(_lines(file, name))
        for line, words, texts in lines:
            named = [text.lower().lstrip("+>") for text in texts]
            if "access-control-allow-origin" in named and texts[-1] == "*":
                beside = [[text.lower().lstrip("+>") for text in other] for each, _, other in lines if each.parent is line.parent]
                if any("access-control-allow-credentials" in other and other[-1:] == ["true"] for other in beside):
                    yield Hit(words[-1])


RULES: tuple[Rule, ...] = (
    custom_server_rule(
        "haproxy-open-statistics",
        "everybody may see the statistics of HAProxy",
        "haproxy",
        open_statistics,
        ("stats",),
        "listen stats\n  bind *:8404\n  stats «enable»\n  stats uri /\n",
        (
            "listen stats\n  bind *:8404\n  stats enable\n  stats auth ops:${STATS_PASSWORD}\n",
            "listen stats\n  bind 127.0.0.1:8404\n  stats enable\n",
            "listen stats\n  bind *:8404\n  stats enable\n  http-request deny unless { src 10.0.0.0/8 }\n",
        ),
        "They name every server, its address and its state.",
        "Bind it to an internal address, or use stats auth with a password from the environment.",
        306,
        f"{_HAPROXY}#4-stats%20enable",
        "warn",
        "medium",
    ),
    custom_server_rule(
        "haproxy-statistics-control",
        "everybody who sees the statistics may switch servers off",
        "haproxy",
        statistics_that_control,
        ("stats",),
        "listen stats\n  bind :8404\n  stats auth ops:${PASSWORD}\n  stats admin if «TRUE»\n",
        ("listen stats\n  stats admin if LOCALHOST\n", "listen stats\n  stats admin if ${WHO}\n"),
        "One click takes a server out, one request forged from another page does, too.",
        "Use a condition such as if LOCALHOST, or take it out.",
        306,
        f"{_HAPROXY}#4-stats%20admin",
        "warn",
    ),
    custom_server_rule(
        "haproxy-open-control",
        "strangers may control HAProxy",
        "haproxy",
        open_control_socket,
        ("stats",),
        "global\n  stats socket «ipv4@*:9999» level admin\n",
        ("global\n  stats socket /run/haproxy/admin.sock mode 660 level admin\n", "global\n  stats socket ${SOCKET} level admin\n"),
        "The control socket knows no login: it changes servers, maps and certificates.",
        "Use a socket file with mode 660.",
        306,
        "https://docs.haproxy.org/3.2/management.html#9.3",
    ),
    server_rule(
        "haproxy-verification-off",
        "no certificate of a backend is verified",
        "haproxy",
        ("global.ssl-server-verify",),
        one_of("none"),
        "global\n  ssl-server-verify «none»\n",
        ("global\n  ssl-server-verify required\n", "global\n  ssl-server-verify ${VERIFY}\n"),
        "Anybody on the way to a backend can pose as it.",
        "Take it out, and give the authority with ca-file.",
        295,
        f"{_HAPROXY}#3.1-ssl-server-verify",
        mend=Replace("required", safe=False),
    ),
    custom_server_rule(
        "haproxy-weak-ciphers",
        "broken ciphers are offered",
        "haproxy",
        weak_bind_ciphers,
        ("ssl-default-bind-ciphers", "ssl-default-server-ciphers", "ssl-default-bind-ciphersuites", "bind", "server", "default-server"),
        "global\n  ssl-default-bind-ciphers «ECDHE-RSA-AES128-GCM-SHA256:RC4»\n",
        (
            "global\n  ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256:!RC4\n",
            "global\n  ssl-default-bind-ciphers ${CIPHERS}\n",
        ),
        _CIPHERS,
        "Take them out of the list.",
        327,
        f"{_HAPROXY}#5.1-ciphers",
    ),
    server_rule(
        "haproxy-invalid-requests",
        "requests that are no HTTP are passed on",
        "haproxy",
        ("{defaults,frontend,backend,listen}.option",),
        one_of("accept-invalid-http-request", "accept-unsafe-violations-in-http-request", "accept-invalid-http-response"),
        "defaults\n  option «accept-invalid-http-request»\n",
        ("defaults\n  option httplog\n", "defaults\n  option ${OPTION}\n"),
        "Proxy and backend then read one request differently: requests are smuggled past what the proxy checks.",
        "Take it out.",
        444,
        f"{_HAPROXY}#4-option%20accept-invalid-http-request",
        "warn",
        "medium",
    ),
    server_rule(
        "haproxy-as-root",
        "HAProxy works as root",
        "haproxy",
        ("global.{user,uid}",),
        any_of(one_of("root"), one_of("0")),
        "global\n  user «root»\n",
        ("global\n  user haproxy\n", "global\n  user ${HAPROXY_USER}\n"),
        "A hole in what reads the requests of strangers is then the whole machine.",
        "Use an account of its own, with chroot.",
        250,
        f"{_HAPROXY}#3.1-user",
        mend=Replace("haproxy", safe=False),
    ),
    custom_server_rule(
        "haproxy-cors-with-credentials",
        "any site may send requests in the user's name",
        "haproxy",
        any_origin,
        ("http-response",),
        "frontend f\n  http-response set-header Access-Control-Allow-Origin «*»\n"
        "  http-response set-header Access-Control-Allow-Credentials true\n",
        (
            "frontend f\n  http-response set-header Access-Control-Allow-Origin *\n",
            "frontend f\n  http-response set-header Access-Control-Allow-Origin ${ORIGIN}\n"
            "  http-response set-header Access-Control-Allow-Credentials true\n",
        ),
        "Every page that a user visits can read and change what is his here.",
        "Name the origins that are yours.",
        942,
        _CORS,
        "warn",
        "medium",
    ),
    # -- Caddy
    server_rule(
        "caddy-weak-ciphers",
        "broken ciphers are offered",
        "caddyfile",
        ("**.ciphers", "**.ciphers[*]"),
        weak_ciphers,
        "a.example.com {\n  tls {\n    ciphers «TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA»\n  }\n}\n",
        (
            "a.example.com {\n  tls {\n    ciphers TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n  }\n}\n",
            "a.example.com {\n  tls {\n    ciphers ${CIPHERS}\n  }\n}\n",
        ),
        _CIPHERS,
        "Take ciphers out: the defaults are right.",
        327,
        f"{_CADDY}caddyfile/directives/tls#ciphers",
    ),
    server_rule(
        "caddy-https-off",
        "Caddy's automatic HTTPS is switched off",
        "caddyfile",
        ("**.auto_https",),
        one_of("off"),
        "{\n  auto_https «off»\n}\n",
        ("{\n  auto_https disable_redirects\n}\n", "{\n  auto_https ${HTTPS}\n}\n"),
        "Sites without a certificate of their own are then delivered in clear.",
        "Take it out, or give each site its certificate with tls.",
        319,
        f"{_CADDY}caddyfile/options#auto-https",
        "warn",
        "medium",
    ),
    server_rule(
        "caddy-directory-listing",
        "the files of directories are listed",
        "caddyfile",
        ("**.file_server", "**.file_server[*]"),
        one_of("browse"),
        "a.example.com {\n  file_server «browse»\n}\n",
        ("a.example.com {\n  file_server\n}\n", "a.example.com {\n  file_server ${MODE}\n}\n"),
        "Forgotten backups and keys are found that way.",
        "Take browse out.",
        548,
        f"{_CADDY}caddyfile/directives/file_server",
        "warn",
        "low",
    ),
    custom_server_rule(
        "caddy-cors-with-credentials",
        "any site may send requests in the user's name",
        "caddyfile",
        any_origin,
        ("header",),
        "a.example.com {\n  header Access-Control-Allow-Origin «*»\n  header Access-Control-Allow-Credentials true\n}\n",
        (
            "a.example.com {\n  header Access-Control-Allow-Origin *\n}\n",
            "a.example.com {\n  header Access-Control-Allow-Origin ${ORIGIN}\n  header Access-Control-Allow-Credentials true\n}\n",
        ),
        "Every page that a user visits can read and change what is his here.",
        "Name the origins that are yours.",
        942,
        _CORS,
        "warn",
        "medium",
    ),
    # -- Traefik
    server_rule(
        "traefik-headers-from-anybody",
        "every client may say what address it has",
        "traefik",
        ("entryPoints.*.{forwardedHeaders,proxyProtocol}.insecure",),
        is_true,
        "entryPoints:\n  web:\n    address: ':80'\n    forwardedHeaders:\n      insecure: «true»\n",
        (
            "entryPoints:\n  web:\n    forwardedHeaders:\n      trustedIPs: [10.0.0.0/8]\n      insecure: false\n",
            "entryPoints:\n  web:\n    forwardedHeaders:\n      insecure: ${TRUST}\n",
        ),
        "Lists of allowed addresses, rate limits and logs believe the header.",
        "Name your proxies with trustedIPs.",
        290,
        f"{_TRAEFIK}install-configuration/entrypoints/",
        "warn",
        mend=Flip(),
    ),
    server_rule(
        "traefik-docker-over-tcp",
        "Traefik talks to Docker without encryption",
        "traefik",
        ("providers.{docker,swarm}.endpoint",),
        matches(r"(?i)\A(tcp|http)://(?!127\.|localhost|\[::1\])"),
        "providers:\n  docker:\n    endpoint: «tcp://10.0.0.5:2375»\n",
        ("providers:\n  docker:\n    endpoint: tcp://127.0.0.1:2375\n", "providers:\n  docker:\n    endpoint: ${DOCKER}\n"),
        "Whoever reaches that port is root on the machine; it knows no login.",
        "Use https with certificates, ssh, or a proxy of the socket that only reads.",
        306,
        f"{_TRAEFIK}install-configuration/providers/docker/",
        "warn",
    ),
    server_rule(
        "traefik-weak-ciphers",
        "broken ciphers are offered",
        "traefik",
        ("**.cipherSuites[*]",),
        weak_ciphers,
        "tls:\n  options:\n    default:\n      cipherSuites:\n        - «TLS_RSA_WITH_RC4_128_SHA»\n",
        (
            "tls:\n  options:\n    default:\n      cipherSuites:\n        - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n",
            "tls:\n  options:\n    default:\n      cipherSuites: ['${SUITE}']\n",
        ),
        _CIPHERS,
        "Take cipherSuites out: the defaults are right.",
        327,
        f"{_TRAEFIK}routing-configuration/http/tls/tls-options/",
    ),
    server_rule(
        "traefik-debug-api",
        "the debug interface of Traefik is open",
        "traefik",
        ("api.debug",),
        is_true,
        "api:\n  debug: «true»\n",
        ("api:\n  debug: false\n", "api:\n  debug: ${DEBUG}\n"),
        "It gives out memory and command line of the process.",
        "Take it out.",
        489,
        f"{_TRAEFIK}install-configuration/api-dashboard/",
        "warn",
        "medium",
        mend=Flip(),
    ),
    server_rule(
        "traefik-publishes-everything",
        "every container is published unless it says no",
        "traefik",
        ("providers.{docker,swarm,consulCatalog,ecs,nomad}.exposedByDefault",),
        is_true,
        "providers:\n  docker:\n    exposedByDefault: «true»\n",
        ("providers:\n  docker:\n    exposedByDefault: false\n", "providers:\n  docker:\n    exposedByDefault: ${EXPOSED}\n"),
        "A database that somebody starts beside it gets a public name.",
        "Use exposedByDefault: false and traefik.enable=true where it is meant.",
        668,
        f"{_TRAEFIK}install-configuration/providers/docker/",
        "audit",
        "low",
        mend=Flip(),
    ),
    server_rule(
        "traefik-any-origin",
        "any site may use this through the browsers of its users",
        "traefik",
        ("**.headers.{accessControlAllowOriginList,accessControlAllowOriginListRegex}[*]",),
        any_of(is_wildcard, matches(r"\A\^?\.\*\$?\Z")),
        "http:\n  middlewares:\n    cors:\n      headers:\n        accessControlAllowOriginList: [«'*'»]\n",
        (
            "http:\n  middlewares:\n    cors:\n      headers:\n        accessControlAllowOriginList: [https://acme.io]\n",
            "http:\n  middlewares:\n    cors:\n      headers:\n        accessControlAllowOriginList: ['${ORIGIN}']\n",
        ),
        "What needs no login, or only an address inside, is open to every page.",
        "Name the origins that are yours.",
        942,
        _CORS,
        "warn",
        "medium",
    ),
    server_rule(
        "traefik-any-name",
        "a certificate is given out for names that are not served",
        "traefik",
        ("tls.options.*.sniStrict",),
        is_false,
        "tls:\n  options:\n    default:\n      sniStrict: «false»\n",
        ("tls:\n  options:\n    default:\n      sniStrict: true\n", "tls:\n  options:\n    default:\n      sniStrict: ${STRICT}\n"),
        "Requests with a foreign or no name are answered.",
        "Use sniStrict: true.",
        297,
        f"{_TRAEFIK}routing-configuration/http/tls/tls-options/",
        "audit",
        "low",
        mend=Flip(),
    ),
)
