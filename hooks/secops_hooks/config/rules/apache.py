"""Apache httpd: encryption, what is delivered to whom, and proxies."""

from __future__ import annotations

from collections.abc import Iterator

from ...records import TYPE_CHECKING
from ..match import Hit, Replace, Where
from ..predicates import any_of, equals, is_true, matches, one_of, scalar_text, weak_ciphers
from ..shapes import custom_server_rule, server_rule

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...finding import Rule
    from ...parse import File
    from ...parse.node import Node

_MODULE: Final = "https://httpd.apache.org/docs/2.4/mod/"
_OLD: Final = ("sslv3", "tlsv1", "tlsv1.1")


def old_protocols_left(file: File, tree: Tree) -> Iterator[Hit]:
    """``SSLProtocol all -SSLv3``: what ``all`` brings and nothing takes out."""
    document = file.document
    for name in ("sslprotocol", "sslproxyprotocol"):
        for line in document.index.get(name, ()) if document is not None else ():
            words = line.children or [line]
            texts = [(scalar_text(word) or "").lower() for word in words]
            if not any(text in ("all", "+all") for text in texts) or "" in texts:
                continue
            left = [old for old in _OLD[1:] if f"-{old}" not in texts]
            if left:
                first = words[next(at for at, text in enumerate(texts) if text in ("all", "+all"))]
                yield Hit(first, f"all brings {' and '.join(left).upper().replace('TLSV', 'TLSv')}, which nothing here takes out")


def open_status(file: File, tree: Tree) -> Iterator[Hit]:
    """``server-status`` and ``server-info`` without a line that says who may see them."""
    document = file.document
    for node in document.index.get("sethandler", ()) if document is not None else ():
        if scalar_text(node) in ("server-status", "server-info") and node.parent is not None and _open(node.parent):
            yield Hit(node)


def _open(block: Node) -> bool:
    rules = [each for each in block.walk() if each.key in ("require", "deny", "allow", "authtype")]
    granted = any(" ".join(_texts(each)).lower() in ("all granted", "from all") for each in rules if each.key in ("require", "allow"))
    return granted or not rules


def _texts(node: Node) -> list[str]:
    return [scalar_text(word) or "" for word in (node.children or [node])]


def whole_disk(file: File, tree: Tree) -> Iterator[Hit]:
    """``<Directory />`` with ``Require all granted``."""
    document = file.document
    for block in document.index.get("directory", ()) if document is not None else ():
        place = block.get("@args")
        if place is None or [text.strip("\"'") for text in _texts(place)] != ["/"]:
            continue
        for rule in block.children:
            if (rule.key, " ".join(_texts(rule)).lower()) in (("require", "all granted"), ("allow", "from all")):
                yield Hit(rule.children[-1] if rule.children else rule)


def open_proxy(file: File, tree: Tree) -> Iterator[Hit]:
    """``ProxyRequests On`` without a ``<Proxy>`` section that says who may use it."""
    document = file.document
    for node in document.index.get("proxyrequests", ()) if document is not None else ():
        sections = document.index.get("proxy", ()) if document is not None else ()
        if is_true(node) is True and all(_open(section) for section in sections):
            yield Hit(node, mend=Replace("Off", safe=False))


def any_origin(file: File, tree: Tree) -> Iterator[Hit]:
    """``Access-Control-Allow-Origin "*"`` beside ``Access-Control-Allow-Credentials "true"``."""
    document = file.document
    headers = list(document.index.get("header", ())) if document is not None else []
    for node in headers:
        texts = [text.lower() for text in _texts(node)]
        if "access-control-allow-origin" in texts and texts[-1] == "*":
            beside = [[text.lower() for text in _texts(other)] for other in headers if other.parent is node.parent]
            if any("access-control-allow-credentials" in other and "true" in other for other in beside):
                yield Hit(node.children[-1])


RULES: tuple[Rule, ...] = (
    custom_server_rule(
        "apache-old-tls-left",
        "outdated versions of TLS are left in",
        "apache",
        old_protocols_left,
        ("sslprotocol", "sslproxyprotocol"),
        "SSLProtocol «all» -SSLv3\n",
        ("SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1\n", "SSLProtocol all ${PROTOCOLS}\n"),
        "TLS 1.0 and 1.1 are withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        "Use SSLProtocol -all +TLSv1.2 +TLSv1.3.",
        326,
        f"{_MODULE}mod_ssl.html#sslprotocol",
        "warn",
        "medium",
    ),
    server_rule(
        "apache-weak-ciphers",
        "broken ciphers are offered",
        "apache",
        ("**.{sslciphersuite,sslproxyciphersuite}", "**.{sslciphersuite,sslproxyciphersuite}[*]"),
        weak_ciphers,
        "SSLCipherSuite «HIGH:RC4:!aNULL»\n",
        ("SSLCipherSuite HIGH:!aNULL:!MD5:!3DES\n", "SSLCipherSuite ${CIPHERS}\n"),
        "Connections with these ciphers can be read or changed.",
        "Take the ciphers out, or exclude them with !.",
        327,
        f"{_MODULE}mod_ssl.html#sslciphersuite",
    ),
    server_rule(
        "apache-broken-tls-options",
        "a broken feature of TLS is switched on",
        "apache",
        ("**.{sslcompression,sslinsecurerenegotiation}",),
        is_true,
        "SSLCompression «on»\n",
        ("SSLCompression off\n", "SSLCompression ${COMPRESSION}\n"),
        "Compression gives away cookies (CRIME); insecure renegotiation lets an attacker begin a victim's request (CVE-2009-3555).",
        "Take it out; off is the default.",
        327,
        f"{_MODULE}mod_ssl.html#sslcompression",
        "block",
        "medium",
        mend=Replace("off"),
    ),
    custom_server_rule(
        "apache-open-proxy",
        "everybody may use this server as a proxy",
        "apache",
        open_proxy,
        ("proxyrequests",),
        "ProxyRequests «On»\n",
        (
            "ProxyRequests Off\n",
            'ProxyRequests On\n<Proxy "*">\n  Require ip 10.0.0.0/8\n</Proxy>\n',
            "ProxyRequests ${FORWARD}\n",
        ),
        "Strangers attack others, and the machines inside, in its name.",
        "Use ProxyRequests Off; ProxyPass does not need it.",
        441,
        f"{_MODULE}mod_proxy.html#proxyrequests",
    ),
    custom_server_rule(
        "apache-open-status",
        "everybody may see the status of the server",
        "apache",
        open_status,
        ("sethandler",),
        "<Location /server-status>\n  SetHandler «server-status»\n</Location>\n",
        (
            "<Location /server-status>\n  SetHandler server-status\n  Require local\n</Location>\n",
            "<Location /s>\n  SetHandler server-status\n  Require ip ${OPS}\n</Location>\n",
        ),
        "It shows the addresses of clients and the URLs that they ask for, tokens in them included.",
        "Add Require local, or the addresses of your monitoring.",
        200,
        f"{_MODULE}mod_status.html",
        "warn",
        "medium",
    ),
    custom_server_rule(
        "apache-whole-disk",
        "the whole file system may be delivered",
        "apache",
        whole_disk,
        ("directory",),
        "<Directory />\n  Require all «granted»\n</Directory>\n",
        ("<Directory />\n  Require all denied\n</Directory>\n", "<Directory /srv/${SITE}>\n  Require all granted\n</Directory>\n"),
        "An alias or a link, set by mistake, delivers any file that the server can read.",
        "Use Require all denied there, and grant the directories of sites.",
        552,
        f"{_MODULE}mod_authz_core.html#require",
        "warn",
        "high",
    ),
    server_rule(
        "apache-as-root",
        "requests are worked on by root",
        "apache",
        ("{user,group}",),
        one_of("root", "#0"),
        "User «root»\n",
        ("User www-data\n", "User ${APACHE_RUN_USER}\n"),
        "A hole in a module or script is then the whole machine.",
        "Use an account of its own.",
        250,
        f"{_MODULE}mod_unixd.html#user",
        mend=Replace("www-data", safe=False),
    ),
    server_rule(
        "apache-overridden-by-files",
        "files in the web directory may change any setting",
        "apache",
        ("**.allowoverride",),
        one_of("all"),
        "<Directory /srv>\n  AllowOverride «All»\n</Directory>\n",
        ("<Directory /srv>\n  AllowOverride None\n</Directory>\n", "<Directory /srv>\n  AllowOverride ${OVERRIDE}\n</Directory>\n"),
        "An upload called .htaccess makes the server run what it should deliver.",
        "Use AllowOverride None, or name the groups that are needed.",
        732,
        f"{_MODULE}core.html#allowoverride",
        "audit",
        "low",
        mend=Replace("None", safe=False),
    ),
    server_rule(
        "apache-runs-files",
        "files in this directory are run",
        "apache",
        ("**.options", "**.options[*]"),
        matches(r"(?i)\A\+?(ExecCGI|Includes)\Z"),
        "<Directory /srv>\n  Options «+ExecCGI»\n</Directory>\n",
        ("<Directory /srv>\n  Options -ExecCGI +IncludesNOEXEC\n</Directory>\n", "<Directory /srv>\n  Options ${OPTIONS}\n</Directory>\n"),
        "Where uploads land in the same directory they are run, too.",
        "Use it only for directories of programs, and IncludesNOEXEC.",
        434,
        f"{_MODULE}core.html#options",
        "audit",
        "low",
    ),
    server_rule(
        "apache-login-or-address",
        "an address is enough, or a login is",
        "apache",
        ("**.satisfy",),
        one_of("any"),
        "<Location /admin>\n  Satisfy «Any»\n</Location>\n",
        ("<Location /admin>\n  Satisfy All\n</Location>\n", "<Location /admin>\n  Satisfy ${WHO}\n</Location>\n"),
        "Whoever sits in the right network needs no password.",
        "Use Satisfy All, or RequireAll.",
        287,
        f"{_MODULE}mod_access_compat.html#satisfy",
        "warn",
        "medium",
        mend=Replace("All", safe=False),
    ),
    custom_server_rule(
        "apache-cors-with-credentials",
        "any site may send requests in the user's name",
        "apache",
        any_origin,
        ("header",),
        'Header set Access-Control-Allow-Origin «"*"»\nHeader set Access-Control-Allow-Credentials "true"\n',
        (
            'Header set Access-Control-Allow-Origin "*"\n',
            'Header set Access-Control-Allow-Origin "${ORIGIN}"\nHeader set Access-Control-Allow-Credentials "true"\n',
        ),
        "Every page that a user visits can read and change what is his here.",
        "Name the origins that are yours.",
        942,
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS",
        "warn",
        "medium",
    ),
    server_rule(
        "apache-php-errors-shown",
        "errors of PHP are shown to users",
        "apache",
        ("**.{php_flag,php_admin_flag}[1]",),
        is_true,
        "php_flag display_errors «on»\n",
        ("php_flag display_errors off\n", "php_flag display_errors ${ERRORS}\n"),
        "They tell paths, queries and values.",
        "Use off, and log_errors.",
        209,
        "https://www.php.net/manual/en/errorfunc.configuration.php",
        "warn",
        "medium",
        where=(Where("^.{php_flag,php_admin_flag}[0]", any_of(equals("display_errors"), equals("expose_php"))),),
        mend=Replace("off", safe=False),
    ),
)
