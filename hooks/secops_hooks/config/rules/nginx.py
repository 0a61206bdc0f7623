"""Rules for nginx: encryption, and the traps of its language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Custom, Hit, Keys, Replace
from ..nginx import DECODED, REQUESTED, Directive, arguments, around, captures_line_feeds, directives, inside, location, location_of
from ..predicates import equals, is_false, offers_old_tls, one_of, weak_ciphers, world_open_cidr

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

NGINX: Final = ("nginx",)
_GIXY: Final = "https://gixy.getpagespeed.com/"
_TLS: Final = "https://nginx.org/en/docs/http/ngx_http_ssl_module.html"
_SECURITY_HEADERS: Final = frozenset(
    {
        "strict-transport-security", "content-security-policy", "x-frame-options", "x-content-type-options", "referrer-policy", "permissions-policy",
        "cross-origin-opener-policy", "cross-origin-embedder-policy", "cross-origin-resource-policy", "x-xss-protection",
    }
)  # fmt: skip
_SPLITTABLE: Final = ("return", "rewrite", "add_header", "proxy_set_header", "proxy_pass", "proxy_method")
_IN_IF: Final = frozenset({"return", "rewrite", "set", "break", "@args", "rewrite_log", "uninitialized_variable_warn"})


def alias_traversal(file: File, tree: Tree) -> Iterator[Hit]:
    """A location without slash at the end whose alias has one: ``/i../x`` leaves the directory."""
    for alias in directives(file, "alias"):
        if alias.block.key != "location" or not alias.args or not alias.texts[0].endswith("/"):
            continue
        modifier, pattern = location(alias.block)
        if modifier in ("", "^~") and pattern and not pattern.endswith("/"):
            yield Hit(alias.args[0])


def _splits(directive: Directive) -> Iterator[Node]:
    """Arguments of ``directive`` in which a request can put line feeds."""
    place = location_of(directive.block)
    groups: set[str] = set()
    if place is not None:
        modifier, pattern = location(place)
        if modifier in ("~", "~*"):
            groups = captures_line_feeds(pattern)
    if directive.name == "rewrite" and directive.args:
        groups = captures_line_feeds(directive.texts[0])
    args = directive.args if directive.name.startswith("proxy_") and directive.name != "proxy_set_header" else directive.args[1:]
    for arg in args:
        if DECODED.search(arg.text) or any(re.search(rf"\$\{{?{re.escape(group)}\b", arg.text) for group in groups):
            yield arg


def _answers(directive: Directive) -> bool:
    """Whether what ``directive`` is given ends in a header or in the request line to a backend."""
    texts = directive.texts
    if directive.name == "return":
        return len(texts) > 1 and texts[0].startswith("30")
    if directive.name == "rewrite":
        return len(texts) > 1 and (texts[-1] in ("redirect", "permanent") or texts[1].startswith(("http", "$scheme")))
    return bool(texts)


def header_splitting(file: File, tree: Tree) -> Iterator[Hit]:
    """Decoded parts of the request in a header, a redirect or a request to a backend."""
    for directive in directives(file, *_SPLITTABLE):
        if _answers(directive):
            for arg in _splits(directive):
                yield Hit(arg)


def requested_backend(file: File, tree: Tree) -> Iterator[Hit]:
    """``proxy_pass`` to a host that the request names."""
    for directive in directives(file, "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"):
        if not directive.args or any(inside(block, "internal") for block in around(directive.block)):
            continue
        address = directive.texts[0]
        scheme, separator, rest = address.partition("://")
        host = re.split(r"[/?]", rest, maxsplit=1)[0] if separator else (address if address.startswith("$") else "")
        if REQUESTED.search(host) or (separator and REQUESTED.search(scheme)):
            if host.startswith(("$uri", "$request_uri", "$document_uri")) and not separator:
                continue
            if re.match(r"[\w.-]*\$\{?(request_uri|uri|document_uri)", host) and not host.startswith("$"):
                continue
            yield Hit(directive.args[0])


def dropped_headers(file: File, tree: Tree) -> Iterator[Hit]:
    """A block with ``add_header`` of its own, by which security headers of the blocks around it are lost."""
    seen: set[int] = set()
    for directive in directives(file, "add_header"):
        block = directive.block
        if id(block) in seen or block.key not in ("server", "location", "if", "limit_except"):
            continue
        seen.add(id(block))
        outer = next((each for each in around(block) if each is not block and inside(each, "add_header")), None)
        if outer is None:
            continue
        lost = (_headers(outer) & _SECURITY_HEADERS) - _headers(block)
        if lost:
            yield Hit(
                inside(block, "add_header")[0], f"this add_header drops those of the block around it: {', '.join(sorted(lost))}", key=True
            )


def _headers(block: Node) -> set[str]:
    return {arguments(each)[0].text.lower() for each in inside(block, "add_header") if arguments(each)}


def weak_origin(file: File, tree: Tree) -> Iterator[Hit]:
    """Patterns for Origin or Referer that other sites fit, too."""
    for directive in directives(file, "if"):
        texts = directive.texts
        if len(texts) < 3 or texts[0].lstrip("(") not in ("$http_origin", "$http_referer") or not texts[1].lstrip("!").startswith("~"):
            continue
        pattern = texts[2]
        spare = pattern.endswith(")") and pattern.count(")") > pattern.count("(")  # the parenthesis of the if itself
        if _fits_others(pattern.removesuffix(")") if spare else pattern, origin="origin" in texts[0]):
            node = directive.args[2]
            yield Hit(file.source.span(node.start, node.end - spare), within=node)


def weak_origin_map(file: File, tree: Tree) -> Iterator[Hit]:
    """The same in a ``map`` on Origin or Referer that gives the header back."""
    for directive in directives(file, "map"):
        if directive.texts[:1] not in (["$http_origin"], ["$http_referer"]):
            continue
        for entry in directive.node.children:
            pattern = entry.key or ""
            value = arguments(entry)
            if entry.key == "@args" or not pattern.lstrip("\"'").startswith("~") or not value or value[0].text in ("", "0"):
                continue
            bare = pattern.strip("\"'").lstrip("~*")
            if _fits_others(bare, origin="origin" in directive.texts[0]):
                yield Hit(entry, key=True)


def _fits_others(pattern: str, origin: bool) -> bool:
    if not pattern.startswith("^"):
        return True
    if re.search(r"(?<!\\)\.(?![*+?{])", re.sub(r"\[[^\]]*\]", "", pattern)):
        return True
    return origin and not pattern.endswith("$")


def missing_referer(file: File, tree: Tree) -> Iterator[Hit]:
    """``valid_referers none``: whoever leaves the header out passes."""
    for directive in directives(file, "valid_referers"):
        for arg in directive.args:
            if arg.text == "none":
                yield Hit(arg)


def spoofed_host(file: File, tree: Tree) -> Iterator[Hit]:
    """The client's Host header as it came, handed to the backend."""
    for directive in directives(file, "proxy_set_header", "fastcgi_param", "uwsgi_param", "grpc_set_header"):
        if (
            len(directive.args) > 1
            and directive.texts[0].lower() in ("host", "http_host", "server_name")
            and re.search(r"\$\{?(http_host|arg_\w+)\b", directive.texts[1])
        ):
            yield Hit(directive.args[1])


def open_status(file: File, tree: Tree) -> Iterator[Hit]:
    """Status pages that everybody may see."""
    for directive in directives(file, "stub_status", "status", "vhost_traffic_status_display"):
        if not _guarded(directive.block):
            yield Hit(directive.node, key=True)


def _guarded(block: Node) -> bool:
    """Whether something in ``block`` or around it keeps strangers out."""
    names = ("deny", "auth_basic", "internal", "auth_request", "auth_jwt", "ssl_verify_client")
    return any(
        [text for text in (arg.text for arg in arguments(each)) if text != "off"] or name == "internal"
        for outer in around(block)
        for name in names
        for each in inside(outer, name)
    )


def allow_without_deny(file: File, tree: Tree) -> Iterator[Hit]:
    """``allow`` that allows nothing more than before, because nothing is denied."""
    seen: set[int] = set()
    for directive in directives(file, "allow"):
        if id(directive.block) in seen or directive.texts[:1] == ["all"]:
            continue
        seen.add(id(directive.block))
        if not any(inside(block, "deny") for block in around(directive.block)):
            yield Hit(directive.node, key=True)


def evil_if(file: File, tree: Tree) -> Iterator[Hit]:
    """``if`` in a location with directives that do not work there."""
    for directive in directives(file, "if"):
        if directive.block.key != "location":
            continue
        for child in directive.node.children:
            if child.key not in _IN_IF or (child.key == "rewrite" and arguments(child)[-1:] and arguments(child)[-1].text == "break"):
                yield Hit(child, key=True)
                break


def upgrade_smuggling(file: File, tree: Tree) -> Iterator[Hit]:
    """Any upgrade that a client asks for is passed to the backend, ``h2c`` among them."""
    for directive in directives(file, "proxy_set_header"):
        if [text.lower() for text in directive.texts[:2]] == ["upgrade", "$http_upgrade"]:
            connection = [arguments(each) for each in inside(directive.block, "proxy_set_header")]
            if any(
                len(args) > 1
                and args[0].text.lower() == "connection"
                and args[1].text.lower() in ("$http_connection", "$connection_upgrade")
                for args in connection
            ):
                yield Hit(directive.args[1])
            elif any([arg.text.lower() for arg in args[:2]] == ["connection", "upgrade"] for args in connection):
                yield Hit(directive.args[1], tier="audit")


_NAMED_HERE: Final = ("set", "map", "split_clients", "geo", "resolver_status")


def variable_backend(file: File, tree: Tree) -> Iterator[Hit]:
    """``proxy_pass`` to a host or scheme in a variable that this file does not set."""
    given = {name.lstrip("$") for each in directives(file, *_NAMED_HERE) for name in each.texts}
    for directive in directives(file, "proxy_pass", "grpc_pass"):
        scheme, separator, rest = directive.texts[0].partition("://") if directive.args else ("", "", "")
        host = re.split(r"[/?:]", rest, maxsplit=1)[0]
        names = re.findall(r"\$\{?(\w+)", host) + (re.findall(r"\$\{?(\w+)", scheme) if separator else [])
        if separator and names and not given.issuperset(names) and not REQUESTED.search(f"{scheme} {host}"):
            yield Hit(directive.args[0])


def requested_name(file: File, tree: Tree) -> Iterator[Hit]:
    """``$host`` and ``$http_host`` in redirects and in what backends are told."""
    for directive in directives(
        file, "return", "rewrite", "proxy_set_header", "proxy_pass", "proxy_redirect", "fastcgi_param", "add_header"
    ):
        for arg in directive.args:
            found = re.search(r"\$\{?(?:http_)?host\b", arg.text)
            if found and (directive.name != "return" or "://" in arg.text[: found.start()]):
                yield Hit(arg)


def open_cors(file: File, tree: Tree) -> Iterator[Hit]:
    """``Access-Control-Allow-Origin`` that is any origin, together with credentials."""
    for directive in directives(file, "add_header", "more_set_headers"):
        if [text.lower() for text in directive.texts[:1]] != ["access-control-allow-origin"] or len(directive.args) < 2:
            continue
        credentials = any(
            len(args) > 1 and args[0].text.lower() == "access-control-allow-credentials" and args[1].text.lower() == "true"
            for each in inside(directive.block, "add_header")
            for args in [arguments(each)]
        )
        if credentials and directive.texts[1] in ("*", "$http_origin", "${http_origin}"):
            yield Hit(directive.args[1])


def _in(server: str) -> Example:
    return Example(f"server {{\n  {server}\n}}\n")


RULES: tuple[Rule, ...] = (
    Rule(
        id="nginx-old-tls",
        family="config",
        title="an outdated version of TLS or SSL is offered",
        severity="high",
        tier="block",
        cwe=326,
        why="SSL 2 and 3, TLS 1.0 and 1.1 are broken or withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        fix="Use ssl_protocols TLSv1.2 TLSv1.3.",
        match=Keys(
            NGINX,
            (
                "**.{ssl_protocols,proxy_ssl_protocols,grpc_ssl_protocols,uwsgi_ssl_protocols}[*]",
                "**.{ssl_protocols,proxy_ssl_protocols,grpc_ssl_protocols}",
            ),
            offers_old_tls,
        ),
        equivalents=("semgrep:insecure-ssl-version", "gixy:weak_ssl_tls"),
        references=(_TLS + "#ssl_protocols",),
        bad=(_in("ssl_protocols «TLSv1» «TLSv1.1» TLSv1.2;"), _in("ssl_protocols «SSLv3»;")),
        good=(_in("ssl_protocols TLSv1.2 TLSv1.3;"), _in("ssl_protocols ${PROTOCOLS};")),
    ),
    Rule(
        id="nginx-weak-ciphers",
        family="config",
        title="broken ciphers are offered",
        severity="high",
        tier="block",
        cwe=327,
        why="Connections with these ciphers can be read or changed.",
        fix="Take the ciphers out, or exclude them with !.",
        match=Keys(NGINX, ("**.{ssl_ciphers,proxy_ssl_ciphers,grpc_ssl_ciphers}",), weak_ciphers),
        references=(_TLS + "#ssl_ciphers",),
        bad=(_in("ssl_ciphers «HIGH:RC4:!aNULL»;"), _in('ssl_ciphers «"ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA"»;')),
        good=(_in("ssl_ciphers HIGH:!aNULL:!MD5:!RC4;"), _in("ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;"), _in("ssl_ciphers ${CIPHERS};")),
    ),
    Rule(
        id="nginx-alias-traversal",
        family="config",
        title="this alias lets requests leave its directory",
        severity="high",
        tier="block",
        cwe=22,
        why="The location lacks a slash at its end: a request for /name../ reads the directory above the alias.",
        fix="End the location with a slash, too.",
        match=Custom(NGINX, alias_traversal, ("alias",)),
        equivalents=("gixy:alias_traversal", "semgrep:alias-path-traversal"),
        references=(_GIXY + "en/plugins/aliastraversal/",),
        bad=(_in("location /files { alias «/data/files/»; }"),),
        good=(
            _in("location /files/ { alias $data/files/; }"),
            _in("location /a.png { alias /data/a.png; }"),
            _in("location ~ ^/x/(.*)$ { alias /data/$1; }"),
        ),
    ),
    Rule(
        id="nginx-header-splitting",
        family="config",
        title="a request can add headers here",
        severity="high",
        tier="block",
        cwe=113,
        why="This value holds the decoded path of the request: %0d%0a in it begins a new header line.",
        fix="Use $request_uri, which stays encoded, or exclude line feeds in the pattern ([^/\\s]).",
        match=Custom(NGINX, header_splitting, _SPLITTABLE),
        equivalents=("gixy:http_splitting", "semgrep:header-injection"),
        references=(_GIXY + "en/plugins/httpsplitting/",),
        bad=(_in("return 301 «https://$host$uri»;"), _in("location ~ ^/v1/([^/]*)/$ { add_header X-Name «$1»; }")),
        good=(
            _in("return 301 https://$host$request_uri;"),
            _in("location ~ ^/v1/([^/\\s]*)/$ { add_header X-Name $1; }"),
            _in("try_files $uri $uri/ /index.html; # return"),
        ),
    ),
    Rule(
        id="nginx-requested-backend",
        family="config",
        title="the request decides to which host it is passed",
        severity="high",
        tier="warn",
        cwe=918,
        why="A client can reach services inside the network through this server (SSRF).",
        fix="Name the backends, or choose one with a map of known names.",
        match=Custom(NGINX, requested_backend, ("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass")),
        equivalents=("gixy:ssrf", "semgrep:dynamic-proxy-host", "semgrep:dynamic-proxy-scheme"),
        references=(_GIXY + "en/plugins/ssrf/",),
        bad=(_in("location /p { proxy_pass «http://$arg_host/»; }"), _in("location ~ ^/to/([^/]+)/(.*) { proxy_pass «https://$1/$2»; }")),
        good=(
            _in("location /p { proxy_pass http://backend$request_uri; }"),
            _in("location /p { internal; proxy_pass http://$arg_host/; }"),
            _in("location /p { proxy_pass http://$upstream; }"),
        ),
    ),
    Rule(
        id="nginx-dropped-headers",
        family="config",
        title="this add_header drops security headers of the block around it",
        severity="medium",
        tier="warn",
        cwe=693,
        why="A block that has add_header of its own inherits none from outside.",
        fix="Repeat the headers here, put them into an included file, or use add_header_inherit merge.",
        match=Custom(NGINX, dropped_headers, ("add_header",)),
        equivalents=("gixy:add_header_redefinition", "semgrep:header-redefinition"),
        references=(_GIXY + "en/plugins/addheaderredefinition/",),
        bad=(_in("add_header X-Frame-Options DENY;\n  location / { «add_header» X-Cache hit; }"),),
        good=(
            _in("add_header X-Frame-Options DENY;\n  location / { add_header X-Frame-Options DENY; add_header X-A $b; }"),
            _in("add_header X-A b;\n  location / { add_header X-B c; }"),
        ),
    ),
    Rule(
        id="nginx-weak-origin",
        family="config",
        title="this pattern accepts other sites, too",
        severity="medium",
        tier="warn",
        cwe=346,
        why="An unanchored pattern or an unescaped dot is met by names an attacker can register.",
        fix="Anchor the pattern with ^ and $ and escape each dot.",
        match=Custom(NGINX, weak_origin, ("if",)),
        equivalents=("gixy:origins",),
        references=(_GIXY + "en/plugins/origins/",),
        bad=(_in("if ($http_origin ~ «https?://shop.example.com») { return 204; }"),),
        good=(_in("if ($http_origin ~ ^https://shop\\.example\\.com$) { return 204; }"), _in("if ($http_cookie ~ a.b) { return 204; }")),
    ),
    Rule(
        id="nginx-missing-referer",
        family="config",
        title="requests without Referer are taken for valid",
        severity="medium",
        tier="warn",
        cwe=346,
        why="Any page can leave the header out.",
        fix="Take none out of valid_referers.",
        match=Custom(NGINX, missing_referer, ("valid_referers",)),
        equivalents=("gixy:valid_referers",),
        references=(_GIXY + "en/plugins/validreferers/",),
        bad=(_in("valid_referers «none» blocked example.com;"),),
        good=(_in("valid_referers server_names example.com;"), _in("valid_referers $names;")),
    ),
    Rule(
        id="nginx-spoofed-host",
        family="config",
        title="the backend gets the Host header as the client sent it",
        severity="medium",
        tier="warn",
        cwe=644,
        why="Backends that build links or choose tenants by it can be misled, password reset mails among them.",
        fix="Use $host.",
        match=Custom(NGINX, spoofed_host, ("proxy_set_header", "fastcgi_param", "uwsgi_param", "grpc_set_header")),
        equivalents=("gixy:host_spoofing", "semgrep:request-host-used"),
        references=(_GIXY + "en/plugins/hostspoofing/",),
        bad=(_in("proxy_set_header Host «$http_host»;"),),
        good=(_in("proxy_set_header Host $host;"), _in("proxy_set_header X-Host $http_host;")),
    ),
    Rule(
        id="nginx-version-shown",
        family="config",
        title="the version of nginx is shown",
        severity="low",
        tier="warn",
        cwe=200,
        why="It tells which holes are open.",
        fix="Use server_tokens off.",
        match=Keys(NGINX, ("**.server_tokens",), one_of("on", "build"), mend=Replace("off")),
        equivalents=("gixy:version_disclosure",),
        references=("https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens",),
        bad=(_in("server_tokens «on»;"),),
        good=(_in("server_tokens off;"), _in("server_tokens ${TOKENS};")),
    ),
    Rule(
        id="nginx-directory-listing",
        family="config",
        title="the files of directories are listed",
        severity="low",
        tier="warn",
        cwe=548,
        why="Forgotten backups and keys are found that way.",
        fix="Use autoindex off.",
        match=Keys(NGINX, ("**.autoindex",), one_of("on"), mend=Replace("off", safe=False)),
        references=("https://nginx.org/en/docs/http/ngx_http_autoindex_module.html",),
        bad=(_in("autoindex «on»;"),),
        good=(_in("autoindex off;"), _in("autoindex ${LIST};")),
    ),
    Rule(
        id="nginx-open-status",
        family="config",
        title="everybody may see the status page",
        severity="low",
        tier="warn",
        cwe=200,
        why="It shows load and, with some modules, the names of backends.",
        fix="Add allow for your monitoring and deny all.",
        match=Custom(NGINX, open_status, ("stub_status", "status", "vhost_traffic_status_display")),
        equivalents=("gixy:status_page_exposed",),
        references=("https://nginx.org/en/docs/http/ngx_http_stub_status_module.html",),
        bad=(_in("location /s { «stub_status» on; }"),),
        good=(_in("location /s { stub_status on; allow 127.0.0.1; deny all; }"), _in("location /s { stub_status; deny $all; }")),
    ),
    Rule(
        id="nginx-backend-unverified",
        family="config",
        title="the certificate of the backend is not verified",
        severity="high",
        tier="warn",
        cwe=295,
        why="Anybody on the way to the backend can pose as it.",
        fix="Use proxy_ssl_verify on; with proxy_ssl_trusted_certificate.",
        match=Keys(NGINX, ("**.{proxy_ssl_verify,grpc_ssl_verify,uwsgi_ssl_verify}",), is_false, mend=Replace("on", safe=False)),
        references=("https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_verify",),
        bad=(_in("proxy_ssl_verify «off»;"),),
        good=(_in("proxy_ssl_verify on;"), _in("proxy_ssl_verify ${VERIFY};")),
    ),
    Rule(
        id="nginx-upgrade-smuggling",
        family="config",
        title="any upgrade that a client asks for is passed to the backend",
        severity="medium",
        tier="warn",
        cwe=444,
        why="A client can ask for h2c and then talk to the backend past the rules of this server.",
        fix="Pass only Upgrade websocket, and only where it is needed.",
        match=Custom(NGINX, upgrade_smuggling, ("proxy_set_header",)),
        equivalents=("semgrep:possible-nginx-h2c-smuggling",),
        references=("https://bishopfox.com/blog/h2c-smuggling-request",),
        bad=(_in("location / { proxy_set_header Upgrade «$http_upgrade»; proxy_set_header Connection $connection_upgrade; }"),),
        good=(
            _in("location /ws { proxy_set_header Upgrade websocket; proxy_set_header Connection upgrade; }"),
            _in("location / { proxy_set_header Upgrade $upgrade; }"),
        ),
    ),
    Rule(
        id="nginx-allow-without-deny",
        family="config",
        title="allow without deny restricts nothing",
        severity="medium",
        tier="warn",
        cwe=284,
        why="Without deny everybody else is allowed, too.",
        fix="Add deny all; behind the allow lines.",
        match=Custom(NGINX, allow_without_deny, ("allow",)),
        equivalents=("gixy:allow_without_deny",),
        references=(_GIXY + "en/plugins/allowwithoutdeny/",),
        bad=(_in("location /admin { «allow» 10.0.0.0/8; }"),),
        good=(_in("location /admin { allow 10.0.0.0/8; deny all; }"), _in("location /admin { allow $net; deny all; }")),
    ),
    Rule(
        id="nginx-evil-if",
        family="config",
        title="this directive does not work reliably in an if",
        severity="low",
        tier="warn",
        cwe=284,
        why="In a location, if replaces the whole configuration of the request: other directives, access rules among them, may be skipped.",
        fix="Use map, try_files or a location of its own; in if only return and rewrite … last.",
        match=Custom(NGINX, evil_if, ("if",)),
        equivalents=("gixy:if_is_evil",),
        references=("https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if",),
        bad=(_in("location / { if ($arg_a) { «proxy_pass» http://a; } }"),),
        good=(
            _in("location / { if ($arg_a) { return 403; } }"),
            _in("if ($scheme = http) { rewrite ^ https://$host$request_uri permanent; }"),
        ),
    ),
    Rule(
        id="nginx-weak-origin-map",
        family="config",
        title="this pattern for origins fits those of others",
        severity="medium",
        tier="warn",
        cwe=346,
        why="An unescaped dot or a missing anchor lets evil-example.com or example.com.evil.org pass as example.com.",
        fix="Anchor the pattern on both sides and escape its dots: ~^https://([a-z0-9-]+\\.)?example\\.com$.",
        match=Custom(NGINX, weak_origin_map, ("map",)),
        equivalents=("gixy:origins",),
        references=("https://gixy.getpagespeed.com/",),
        bad=(Example('map $http_origin $cors {\n  default "";\n  «"~^https://.*.acme.io"» $http_origin;\n}\n'),),
        good=(
            Example('map $http_origin $cors {\n  default "";\n  "~^https://[a-z]+\\.acme\\.io$" $http_origin;\n}\n'),
            Example('map $http_origin $cors {\n  default "";\n  "${ORIGIN}" $http_origin;\n}\n'),
        ),
    ),
    Rule(
        id="nginx-variable-backend",
        family="config",
        title="the request decides, in some measure, where it is proxied to",
        severity="medium",
        tier="audit",
        cwe=918,
        confidence="low",
        why="A host or scheme from a variable such as $host or $scheme follows what the client sends; it can reach servers that were not meant.",
        fix="Name the backend, or map what is asked for to a list of backends.",
        match=Custom(NGINX, variable_backend, ("proxy_pass", "grpc_pass")),
        equivalents=("semgrep:dynamic-proxy-host", "semgrep:dynamic-proxy-scheme"),
        references=("https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass",),
        bad=(_in("location / { proxy_pass «$scheme://$host:8080»; }"),),
        good=(
            _in("location / { proxy_pass http://app:8080; }"),
            _in("set $backend app.internal;\n  location / { proxy_pass http://$backend; }"),
        ),
    ),
    Rule(
        id="nginx-requested-name",
        family="config",
        title="the name that the client sent is passed on as if it were this server's",
        severity="low",
        tier="audit",
        cwe=644,
        confidence="low",
        why="A server that answers for any name hands what the client wrote into Host to redirects, links and caches.",
        fix="Use $server_name, and a default server that refuses names that are not yours.",
        match=Custom(
            NGINX, requested_name, ("return", "rewrite", "proxy_set_header", "proxy_pass", "proxy_redirect", "fastcgi_param", "add_header")
        ),
        equivalents=("semgrep:request-host-used",),
        references=("https://nginx.org/en/docs/http/ngx_http_core_module.html#var_host",),
        bad=(_in("location / { return 301 «https://$host$request_uri»; }"), _in("proxy_set_header Host «$host»;")),
        good=(_in("location / { return 301 https://$server_name$request_uri; }"), _in("location / { return 200 $host; }")),
    ),
    Rule(
        id="nginx-cors-with-credentials",
        family="config",
        title="any site may send requests in the user's name",
        severity="high",
        tier="block",
        cwe=942,
        why="With credentials and the origin of whoever asks, every page that a user visits can read and change what is his here.",
        fix="Map the origins that are yours and send an empty header to all others.",
        match=Custom(NGINX, open_cors, ("add_header",)),
        references=("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS",),
        bad=(_in("add_header Access-Control-Allow-Origin «$http_origin»;\n  add_header Access-Control-Allow-Credentials true;"),),
        good=(
            _in("add_header Access-Control-Allow-Origin $cors;\n  add_header Access-Control-Allow-Credentials true;"),
            _in("add_header Access-Control-Allow-Origin *;"),
        ),
    ),
    Rule(
        id="nginx-workers-as-root",
        family="config",
        title="requests are worked on by root",
        severity="high",
        tier="block",
        cwe=250,
        why="A hole in a module, or a path that leaves its directory, then reaches every file of the machine.",
        fix="Use user nginx, or the account of your distribution.",
        match=Keys(NGINX, ("user", "user[0]"), equals("root"), mend=Replace("nginx", safe=False)),
        references=("https://nginx.org/en/docs/ngx_core_module.html#user",),
        bad=(Example("user «root»;\nevents {}\n"),),
        good=(Example("user nginx;\nevents {}\n"), Example("user ${NGINX_USER};\nevents {}\n")),
    ),
    Rule(
        id="nginx-address-from-anybody",
        family="config",
        title="every client may say what address it has",
        severity="high",
        tier="warn",
        cwe=290,
        why="With 0.0.0.0/0 as trusted proxies a header decides the client's address: allow and deny, rate limits and logs believe it.",
        fix="Name the addresses of your proxies.",
        match=Keys(NGINX, ("**.set_real_ip_from",), world_open_cidr),
        references=("https://nginx.org/en/docs/http/ngx_http_realip_module.html#set_real_ip_from",),
        bad=(_in("set_real_ip_from «0.0.0.0/0»;\n  real_ip_header X-Forwarded-For;"),),
        good=(_in("set_real_ip_from 10.0.0.0/8;"), _in("set_real_ip_from ${PROXIES};")),
    ),
    Rule(
        id="nginx-files-written",
        family="config",
        title="files can be written and deleted over HTTP",
        severity="high",
        tier="warn",
        cwe=650,
        confidence="medium",
        why="PUT and DELETE change what this server delivers to everybody.",
        fix="Use dav_methods off, or let only users that have logged in get there (limit_except, auth_request).",
        match=Keys(NGINX, ("**.dav_methods", "**.dav_methods[*]"), one_of("PUT", "DELETE", "MOVE", "COPY")),
        references=("https://nginx.org/en/docs/http/ngx_http_dav_module.html",),
        bad=(_in("location /up { dav_methods «PUT» «DELETE»; }"),),
        good=(_in("location /up { dav_methods off; }"), _in("location /up { dav_methods $methods; }")),
    ),
)
