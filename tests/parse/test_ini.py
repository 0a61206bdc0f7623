"""INI and its dialects: values as configparser reads them, and as git, npm, PostgreSQL and systemd do."""

from __future__ import annotations

import configparser
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import UNKNOWN, Document


def read(path: str, text: str) -> Document:
    return parse(Source.from_text(path, text), "ini")


def flat(path: str, text: str) -> dict[str, object]:
    document = read(path, text)
    assert document.problems == ()
    return {node.path: node.value for node in document.roots[0].walk() if node.kind == "scalar"}


def expected(text: str) -> dict[str, dict[str, str | None]]:
    reference = configparser.RawConfigParser(strict=False, allow_no_value=True, default_section="\0")
    reference.optionxform = str  # type: ignore[assignment,method-assign]
    reference.read_string(text)
    return {name: dict(reference.items(name)) for name in reference.sections()}


def ours(text: str) -> dict[str, dict[str, object]]:
    return {
        str(section.key): {str(entry.key): entry.value for entry in section.children} for section in read("a.cfg", text).roots[0].children
    }


GENERIC = {
    "both signs": "[a]\nb = c\nd: e = f\n",
    "continued": "[a]\nb =\n  c\n  d\n\n  e\nf = g\n   h\n",
    "comments inside": "[a]\nb = c\n# x\n  ; y\n  d\n",
    "no inline comments": "[a]\nb = c ; d # e\n",
    "bare": "[a]\nb\nc = d\n",
    "twice": "[a]\nb = 1\nb = 2\n[c]\n[a]\nd = 3\n",
    "indented": "  [a]\n  b = 1\n  c = 2\n",
    "brackets": "[a]b]\nc = [d]\n",
    "empty": "[a]\nb =\nc =   \n",
}


@pytest.mark.parametrize("text", GENERIC.values(), ids=GENERIC)
def test_generic_values_are_those_of_configparser(text: str) -> None:
    assert ours(text) == expected(text)


LINES = ["[a]", "[b]", "k = v", "l: w", "  more", "", "# c", "  ; c", "bare", "m =", "\tx = y", "n=1=2"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=10))
def test_generic_agrees_with_configparser(lines: list[str]) -> None:
    text = "\n".join(["[s]", *lines])
    try:
        wanted = expected(text)
    except (configparser.Error, AttributeError):  # it fails on a continued key without value
        return
    assert ours(text) == wanted


@pytest.mark.parametrize(
    ("path", "text", "values"),
    [
        pytest.param(".npmrc", 'strict-ssl=false ; c\n//r/:_x=${T}\nca[]="a"\nca[]=b\nbare\n', {"strict-ssl": "false", "//r/:_x": UNKNOWN, "ca[0]": "a", "ca[1]": "b", "bare": True}, id="npmrc"),
        pytest.param("postgresql.conf", "Listen = '*' # c\nport 5432\nx = 'it''s'\nssl=off#c\n", {"listen": "*", "port": "5432", "x": "it's", "ssl": "off"}, id="postgresql"),
        pytest.param("php.ini", '[PHP]\ndisplay_errors = On ; c\nx = "a;b"\n', {"PHP.display_errors": "On", "PHP.x": "a;b"}, id="php"),
        pytest.param("my.cnf", "[mysqld]\nskip-name\nbind = 0.0.0.0 # c\n!includedir /etc/x\n", {"mysqld.skip-name": None, "mysqld.bind": "0.0.0.0", "mysqld.!includedir": "/etc/x"}, id="mysql"),  # noqa: S104
        pytest.param("a.service", "[Service]\nExecStart=/a \\\n# c\n  b\nX=\nX=1\n", {"Service.ExecStart": "/a b", "Service.X": "1"}, id="systemd"),
        pytest.param("pip.conf", "[global]\ntrusted-host =\n  a\n  b\n", {"global.trusted-host": "\na\nb"}, id="pip"),
        pytest.param(".editorconfig", "root = true\n[*.{js,py}]\nIndent_Style = tab\n", {"root": "true", '"*.{js,py}".indent_style': "tab"}, id="editorconfig"),
        pytest.param("inventory", "[web]\nh1 ansible_host=1.2.3.4 p='x y' # c\n[web:vars]\na=b\n", {"web.h1.ansible_host": "1.2.3.4", "web.h1.p": "x y", "web.vars.a": "b"}, id="inventory"),
    ],
)  # fmt: skip
def test_dialects(path: str, text: str, values: dict[str, object]) -> None:
    assert flat(path, text) == values


GIT = {
    "subsection": '[remote "origin"]\n\turl = https://a/b\n',
    "on one line": "[core] bare = false\n",
    "true": "[a]\nb\n",
    "comments": '[a] # c\nb = c ; d\ne = "f;g" # h\n',
    "quotes": '[a]\nb = x" y "z\nc = "\\"\\\\\\n\\t"\n',
    "continued": "[a]\nb = c \\\n  d\n",
    "case": "[HTTP]\nSslVerify = false\n",
    "old": "[http.Example]\nx = 1\n",
    "escaped": '[a "b\\"c\\\\d"]\ne = 1\n',
    "blanks": "[a]\nb = c  d   \n",
}


@pytest.mark.parametrize("text", GIT.values(), ids=GIT)
def test_git_reads_the_same(text: str, tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(text)
    listed = subprocess.run(["git", "config", "--file", str(file), "--list", "-z"], capture_output=True, text=True, check=True).stdout
    wanted = {}
    for entry in filter(None, listed.split("\0")):
        name, newline, value = entry.partition("\n")
        wanted[name] = value if newline else "true"
    document = read(".gitconfig", text)
    assert document.problems == ()
    found = {}
    for node in document.roots[0].walk():
        if node.kind == "scalar":
            keys, above = [], node
            while above is not None and above.parent is not None:
                keys.insert(0, str(above.key))
                above = above.parent  # type: ignore[assignment]
            found[".".join(keys)] = node.text
    assert found == wanted


def test_positions() -> None:
    document = read("a.cfg", "[sect]\nkéy = välue\n")
    (entry,) = document.select("sect.kéy")
    assert (entry.span, entry.key_span) == ((2, 7, 2, 12), (2, 1, 2, 4))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.cfg", "[a\nb=c\n"),
        ("a.cfg", "[a]\n= b\n"),
        (".gitconfig", "a = b\n"),
        (".gitconfig", '[a]\nb = "c\n'),
        (".gitconfig", "[a]\nb = \\q\n"),
    ],
)
def test_problems(path: str, text: str) -> None:
    assert read(path, text).problems
