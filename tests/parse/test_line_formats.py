"""What holds for every own reader on every input: it never raises, ends soon, and each span lies where it says."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import MAX_DEPTH, UNKNOWN, Document

SAMPLES = {
    "a.toml": (
        "toml",
        'title = "é"\n[a.b]\nc = [1, {d = 2}]\n[[p]]\nx.y = \'\'\'z\n\'\'\'\n"q r" = 1979-05-27T07:32:00Z\nm = """a\\\n   b"""\n[[p]]\nf = 1e3\n',
    ),
    "a.tf": (
        "hcl",
        'resource "x" "é" {\n  a = ["b", var.c, { d = 1 }]\n  h = <<-EOT\n    text ${v}\n  EOT\n  p = jsonencode({ V = "1" }) # c\n}\nb = -1\n',
    ),
    "a.cfg": ("ini", "k = v\n[sect é]\na: b\n  more\n\n  lines\n; c\nempty =\nbare\n"),
    ".gitconfig": ("ini", '[core] bare = true\n[remote "a\\"b"]\n\turl = "x" y # c\n\tl = a\\\n b\n[old.sub]\nk\n'),
    ".npmrc": ("ini", 'a=b ; c\nca[]="x"\nca[]=y\n//r/:_x=${Y}\n'),
    "postgresql.conf": ("ini", "a = 'it''s' # c\nport 5432\nb=off\n"),
    "x.service": ("ini", "[Service]\nA=b \\\n# c\n  d\nE=\n"),
    "inventory": ("ini", "[web]\nh1 a=b c='d e'\n[web:vars]\nx=y\n"),
    ".env": ("env", "export A='x $y' # c\nB=\"l1\nl2 ${V}\\n\"\nC=d # e\nF: g h\nI=`j`\nK\n"),
    "a.properties": ("properties", "a.b[0]=x\na.b[1].c : \\u00e9\\\n  y\n! c\nd\\ e f\n#---\na=2\n"),
    "a.xml": (
        "xml",
        '<?xml version="1.0"?>\n<!DOCTYPE a PUBLIC "x" "y">\n<a xmlns:p="q"><p:b p:c="é&amp;1">t<!-- c -->u</p:b><d/>x<e><![CDATA[<f>]]></e></a>\n',
    ),
    "nginx.conf": (
        "directives",
        'http { server { listen 80; location ~ \\.php$ { alias "/é x/"; set $a ${b}; }\n content_by_lua_block { x = "}" } } } # c\n',
    ),
    "Caddyfile": (
        "directives",
        "{\n  email a@b\n}\nexample.com {\n  respond <<X\n    é\n    X 200\n  tls {\n    protocols `tls1.2`\n  }\n}\n",
    ),
    "httpd.conf": ("directives", '<VirtualHost *:80>\n Listen \\\n  "80"\n <Directory /é>\n Options A B\n </Directory>\n</VirtualHost>\n'),
    "sshd_config": ("directives", 'Port=22\nCiphers a,b # c\nMatch User "é x"\n  X no\n'),
    "redis.conf": ("directives", 'requirepass "a#b"\nsave 1 2\nbind é\n'),
    "haproxy.cfg": ("directives", "global\n  log a b # c\nbackend é\n  server a b ssl\n"),
    "sudoers": ("directives", "Defaults:x !a,b\n%é ALL=(ALL) NOPASSWD: ALL\n@include y\nUser_Alias A = b, \\\n c\n"),
    "pg_hba.conf": ("directives", 'local all all trust\nhost a é 1.2.3.4 255.0.0.0 ldap k="v w"\n'),
    ".yarnrc": ("directives", 'registry "https://é"\n--x y\n'),
}
PATHS = pytest.mark.parametrize("path", SAMPLES)
COSTLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: str, text: str, template: str = "") -> Document:
    return parse(Source.from_text(path, text), SAMPLES[path][0], template)


def check(document: Document) -> None:
    """Every node lies inside the text and inside the block that holds it, keys stand where their spans say."""
    size = len(document.source.text)
    for root in document.roots:
        for node in root.walk():
            assert 0 <= node.start <= node.end <= size, node
            assert 0 <= node.key_start <= node.key_end <= size, node
            assert node.kind != "scalar" or not node.children
            assert isinstance(node.path, str)
            if node.parent is not None and node.parent is not root and node.parent.kind == "sequence":
                assert node.parent.start <= node.start, node
                assert node.end <= node.parent.end, node
    for problem in document.problems:
        assert problem.reason
        assert problem.span.line >= 1


@PATHS
def test_sample_has_no_problem(path: str) -> None:
    document = read(path, SAMPLES[path][1])
    assert document.problems == ()
    assert any("é" in (node.key or "") + node.text for root in document.roots for node in root.walk()) or "é" not in SAMPLES[path][1]
    check(document)


@PATHS
def test_line_ends_do_not_matter(path: str) -> None:
    def values(text: str) -> list[tuple[str, str]]:
        return [(node.path, node.text) for root in read(path, text).roots for node in root.walk() if node.kind == "scalar"]

    text = SAMPLES[path][1]
    windows = [(key, value.replace("\r\n", "\n")) for key, value in values(text.replace("\n", "\r\n"))]
    assert windows == values(text)


@PATHS
def test_truncated_at_every_character(path: str) -> None:
    text = SAMPLES[path][1]
    for end in range(len(text)):
        check(read(path, text[:end]))


@PATHS
def test_each_character_lost_or_broken(path: str) -> None:
    text = SAMPLES[path][1]
    for at in range(len(text)):
        check(read(path, text[:at] + text[at + 1 :]))
        for sign in "\"'[{}]\\\n<=\ud800":
            check(read(path, text[:at] + sign + text[at:]))


@PATHS
def test_random_bytes(path: str) -> None:
    chance = random.Random(path)
    for size in (1, 7, 100, 3000):
        for _ in range(8):
            source = Source(path, bytes(chance.randrange(1, 256) for _ in range(size)))
            check(parse(source, SAMPLES[path][0]))


@PATHS
@COSTLY
@given(data=st.data())
def test_any_text(path: str, data: st.DataObject) -> None:
    pieces = (
        SAMPLES[path][1].split(" ")
        + list("\"'[]{}()<>=:;#\\\n\t $\r&-,.")
        + ['"""', "'''", "<<E", "\\u", "${", "]]>", "<!--", "<!DOCTYPE a ["]
    )
    text = "".join(data.draw(st.lists(st.sampled_from(pieces) | st.text(max_size=3), max_size=30)))
    check(read(path, text.replace("\0", "")))


HOSTILE = {
    "brackets": "[" * 20_000,
    "assigned brackets": "a=" + "[" * 20_000,
    "assigned braces": "a = " + "{a=" * 10_000,
    "closed": "a = " + "[" * 20_000 + "]" * 20_000,
    "blocks": "a {\n" * 20_000,
    "closed blocks": "a {\n" * 10_000 + "}\n" * 10_000,
    "tags": "<a>" * 20_000,
    "closed tags": "<a>" * 10_000 + "</a>" * 10_000,
    "comments": "<a>" + "<!--" * 20_000,
    "subset comments": "<!DOCTYPE a [" + "<!--" * 20_000,
    "subset quotes": "<!DOCTYPE a [" + "<a '" * 20_000,
    "sections": "<A x>\n" * 10_000,
    "dots": "a" + ".a" * 20_000 + "=1",
    "dotted lines": "a.b.c=1\n" * 10_000,
    "dotted header": "[a" + ".a" * 20_000 + "]",
    "double quotes": 'a="\n' * 10_000,
    "three quotes": 'a="""\\\n' * 10_000,
    "escaped quotes": 'a="' + '\\"' * 20_000,
    "single quotes": "a='x\n" * 10_000 + "b='",
    "backslashes": "\\" * 40_000,
    "continued": "a \\\n" * 20_000,
    "blanks": "a" + " " * 40_000 + "\n",
    "blank lines": "[a]\nb=c\n" + "  \n" * 20_000,
    "lua": "a_by_lua_block {" + "--[[" * 10_000,
    "heredocs": "a <<X\n" * 4_000,
    "headers": "".join(f"[s{i}]\nk=v\n" for i in range(4_000)),
    "keys": "".join(f"k{i}.x = 1\n" for i in range(6_000)),
    "subsections": "".join(f'[a "s{i}"]\nk=v\n' for i in range(4_000)),
    "same": "[[a]]\nb = {c = 1}\n" * 4_000,
    "dollars": "a = " + "${" * 10_000,
    "spaces before comment": "A=x" + " " * 20_000 + "y",
    "one line": "a=" + "x" * 2_000_000,
}


DEEP = {"brackets": "a = " + "[" * 100_000, "blocks": "a {\n" * 100_000, "tags": "<a>" * 100_000}


@PATHS
@pytest.mark.parametrize(
    "text", [pytest.param(text, id=name) for name, text in (*HOSTILE.items(), *((f"deep {k}", v) for k, v in DEEP.items()))]
)
def test_hostile(path: str, text: str) -> None:
    started = time.process_time()
    document = read(path, text)
    assert time.process_time() - started < 3
    for root in document.roots:
        assert all(depth(node) <= 2 * MAX_DEPTH + 4 for node in list(root.walk())[::400])


def depth(node: object) -> int:
    steps = 0
    while node is not None:
        node, steps = getattr(node, "parent", None), steps + 1
    return steps


@pytest.mark.parametrize("path", ["a.toml", "a.cfg", ".env", "a.properties", "a.tf"])
def test_templates_are_unknown_and_keep_their_places(path: str) -> None:
    quote = '"' if path in ("a.toml", "a.tf") else ""
    text = f"a = {quote}x{{{{ y }}}}z{quote}\n{{% if b %}}\nc = {quote}plain{quote}\n{{% endif %}}\n"
    document = read(path, text, "jinja")
    assert document.problems == ()
    first, second = document.roots[0].children
    assert (first.value, second.value) == (UNKNOWN, "plain")
    assert first.raw.strip('"') == "x{{ y }}z"
    assert second.span.line == 3
