"""Directive files: each tool's words, blocks and comments."""

from __future__ import annotations

import pytest

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.directives import dialect
from secops_hooks.parse.node import UNKNOWN, Document


def read(path: str, text: str) -> Document:
    return parse(Source.from_text(path, text), "directives")


def values(path: str, text: str) -> list[tuple[str, object]]:
    document = read(path, text)
    assert document.problems == ()
    return [(node.path, node.value) for node in document.roots[0].walk() if node.kind == "scalar"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("nginx.conf", "nginx"), ("etc/nginx/sites-enabled/default", "nginx"), ("deploy/nginx/app.conf.j2", "nginx"), ("Caddyfile", "caddyfile"),
        ("apache2/apache2.conf", "apache"), (".htaccess", "apache"), ("etc/ssh/sshd_config", "sshd"), ("sshd_config.d/10.conf", "sshd"),
        (".ssh/config", "ssh-client"), ("redis.conf", "redis"), ("haproxy.cfg", "haproxy"), ("etc/sudoers.d/dev", "sudoers"), ("pg_hba.conf", "pg-hba"),
        (".yarnrc", "plain"),
    ],
)  # fmt: skip
def test_dialects(path: str, name: str) -> None:
    assert dialect(path) == name


CASES = [
    ("nginx.conf", "a 1;b{c 2 3;}", [("a", "1"), ("b.c[0]", "2"), ("b.c[1]", "3")]),
    ("nginx.conf", "server { location ~ \\.php$ { alias '/x y/'; } }", [("server.location.@args[0]", "~"), ("server.location.@args[1]", "\\.php$"), ("server.location.alias", "/x y/")]),
    ("nginx.conf", "set $a ${b}c;\nreturn 301 x;# c", [("set[0]", UNKNOWN), ("set[1]", UNKNOWN), ("return[0]", "301"), ("return[1]", "x")]),
    ("nginx.conf", 'x_by_lua_block { a = "}" -- }\n b = [[ } ]] }\nc d;', [("x_by_lua_block", '{ a = "}" -- }\n b = [[ } ]] }'), ("c", "d")]),
    ("nginx.conf", 'if ($x ~* "a{3}") { deny all; }', [("if.@args[0]", UNKNOWN), ("if.@args[1]", "~*"), ("if.@args[2]", "a{3}"), ("if.@args[3]", ")"), ("if.deny", "all")]),
    ("Caddyfile", "a.b {\n  tls {\n    protocols tls1.0 # c\n  }\n  root `x y`\n}\n", [('"a.b".tls.protocols', "tls1.0"), ('"a.b".root', "x y")]),
    ("Caddyfile", "{\n\tadmin off\n}\nx {\n\trespond {$V} {http.y} \\\n\t 200\n}", [('"".admin', "off"), ("x.respond[0]", UNKNOWN), ("x.respond[1]", "{http.y}"), ("x.respond[2]", "200")]),
    ("httpd.conf", '<VirtualHost *:80>\n SSLProtocol all \\\n  -SSLv3\n <Directory "/a b">\n  Options x\n </Directory>\n</VirtualHost>\n', [("virtualhost.@args[0]", "*:80"), ("virtualhost.sslprotocol[0]", "all"), ("virtualhost.sslprotocol[1]", "-SSLv3"), ("virtualhost.directory.@args[0]", "/a b"), ("virtualhost.directory.options", "x")]),
    ("sshd_config", 'PermitRootLogin yes # c\nport=22\nMatch User x\n  X11Forwarding "no"\n', [("permitrootlogin", "yes"), ("port", "22"), ("match.@args[0]", "User"), ("match.@args[1]", "x"), ("match.x11forwarding", "no")]),
    (".ssh/config", "Host *\n StrictHostKeyChecking no\nHost b\n Port 1\n", [("host.@args[0]", "*"), ("host.stricthostkeychecking", "no"), ("host.@args[0]", "b"), ("host.port", "1")]),
    ("redis.conf", 'bind 0.0.0.0\nREQUIREPASS "a#b c"\nsave ""\n', [("bind", "0.0.0.0"), ("requirepass", "a#b c"), ("save", "")]),  # noqa: S104
    ("haproxy.cfg", "global\n  log a b # c\nbackend x\n  server a b:1 ssl verify none\n", [("global.log[0]", "a"), ("global.log[1]", "b"), ("backend.@args[0]", "x"), ("backend.server[0]", "a"), ("backend.server[1]", "b:1"), ("backend.server[2]", "ssl"), ("backend.server[3]", "verify"), ("backend.server[4]", "none")]),
    ("sudoers", "Defaults:bob !authenticate\n%a ALL=(ALL) NOPASSWD: ALL # c\n#includedir /x\n# c\n", [("Defaults[0]", ":bob"), ("Defaults[1]", "!authenticate"), ("%a[0]", "ALL=(ALL)"), ("%a[1]", "NOPASSWD:"), ("%a[2]", "ALL"), ("#includedir", "/x")]),
    ("pg_hba.conf", 'local all all trust\nhost a b 1.2.3.4 255.0.0.0 ldap k="v w" # c\n', [("local.database", "all"), ("local.user", "all"), ("local.method", "trust"), ("host.database", "a"), ("host.user", "b"), ("host.address", "1.2.3.4"), ("host.mask", "255.0.0.0"), ("host.method", "ldap"), ("host.k", "v w")]),
    (".yarnrc", 'registry "http://x"\n--install.y true\n', [("registry", "http://x"), ('"--install.y"', "true")]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), CASES, ids=[f"{case[0]}-{at}" for at, case in enumerate(CASES)])
def test_values(path: str, text: str, expected: list[tuple[str, object]]) -> None:
    assert values(path, text) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "a b"), ("nginx.conf", "a { b c }"), ("nginx.conf", "a {"), ("nginx.conf", "}"), ("nginx.conf", 'a "b;'), ("nginx.conf", "x_by_lua_block { {"),
        ("Caddyfile", "a {\n"), ("httpd.conf", "<A x>\n"), ("httpd.conf", "</A>\n"), ("httpd.conf", "<A x\n"), ("pg_hba.conf", "host all all trust\n"),
    ],
)  # fmt: skip
def test_problems(path: str, text: str) -> None:
    assert read(path, text).problems


def test_positions() -> None:
    document = read("nginx.conf", "http {\n  server { # é\n    autoindex  on;\n  }\n}\n")
    (node,) = document.select("**.server.autoindex")
    assert (node.span, node.key_span) == ((3, 16, 3, 18), (3, 5, 3, 14))
    assert document.select("http.server")[0].span == (2, 10, 4, 4)


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{at}" for at, case in enumerate(CASES)])
def test_spans_hold_the_value(case: tuple[str, str, object]) -> None:
    for node in read(case[0], case[1]).roots[0].walk():
        if node.kind == "scalar" and "\\" not in node.raw and node.value is not None:
            assert node.raw in (node.text, node.style + node.text + node.style, node.text.strip())
