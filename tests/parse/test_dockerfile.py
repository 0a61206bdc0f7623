"""Dockerfiles: instructions, words and heredocs at their exact places; what the builder would refuse is a problem."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.dockerfile import INSTRUCTIONS, command
from secops_hooks.parse.node import UNKNOWN, Document, Node


def read(text: str, path: str = "Dockerfile", template: str = "") -> Document:
    return parse(Source.from_text(path, text), "dockerfile", template)


def plain(node: Node) -> object:
    """A node as plain values: mappings as lists of pairs, UNKNOWN as ``?`` and its text."""
    if node.kind == "mapping":
        return [(child.key, plain(child)) for child in node.children]
    if node.kind == "sequence":
        return [plain(child) for child in node.children]
    return f"?{node.text}" if node.value is UNKNOWN else node.value


FROM = "FROM a\n"
INSTRUCTION = [
    ("words", "EXPOSE 80 443/tcp", [("args", ["80", "443/tcp"])]),
    ("case and blanks", "  expose\t80  ", [("args", ["80"])]),
    ("from", "FROM --platform=$BUILDPLATFORM a:1 AS b", [("flags", [("platform", "?$BUILDPLATFORM")]), ("args", ["a:1", "AS", "b"])]),
    ("one word with blanks", "WORKDIR /a b", [("args", ["/a b"])]),
    ("quoted word", "USER 'a'\"b\"", [("args", ["ab"])]),
    ("variable in single quotes", "USER '$a'", [("args", ["$a"])]),
    ("escaped variable", "USER \\$a", [("args", ["$a"])]),
    ("shell form", "CMD a 'b' | c", [("command", "a 'b' | c")]),
    ("exec form", 'CMD [ "a" , "b\\"\\u0063\\n" ]', [("args", ["a", 'b"c\n'])]),
    ("empty exec form", "ENTRYPOINT []", [("args", [])]),
    ("exec form that is none", "CMD ['a', 'b']", [("command", "['a', 'b']")]),
    ("exec form with more behind", 'RUN ["a"] && b', [("command", '["a"] && b')]),
    ("flags", "COPY --from=b --chown=c:d --link e f", [("flags", [("from", "b"), ("chown", "c:d"), ("link", True)]), ("args", ["e", "f"])]),
    (
        "mounts",
        'RUN --mount=type=cache,target=/a --mount=type=secret,id="b",required c',
        [
            ("flags", [("mount", [("type", "cache"), ("target", "/a")]), ("mount", [("type", "secret"), ("id", "b"), ("required", True)])]),
            ("command", "c"),
        ],
    ),
    ("no flags behind a word", "RUN a --b=c", [("command", "a --b=c")]),
    ("env", "ENV a=b c='d e' f=\"g $h\" i=j\\ k", [("pairs", [("a", "b"), ("c", "d e"), ("f", "?g $h"), ("i", "j k")])]),
    ("env, old form", "ENV a b 'c'  d", [("pairs", [("a", "b c  d")])]),
    ("env, empty", 'ENV a= b=""', [("pairs", [("a", ""), ("b", "")])]),
    ("arg", "ARG a b=c d=$b", [("pairs", [("a", None), ("b", "c"), ("d", "?$b")])]),
    ("label", 'LABEL "a b"="c" d.e=f', [("pairs", [("a b", "c"), ("d.e", "f")])]),
    ("healthcheck", "HEALTHCHECK --interval=5s CMD a || b", [("flags", [("interval", "5s")]), ("command", "a || b")]),
    ("healthcheck, exec form", 'HEALTHCHECK CMD ["a"]', [("args", ["a"])]),
    ("healthcheck, none", "HEALTHCHECK NONE", [("args", ["NONE"])]),
    ("onbuild", "ONBUILD RUN --network=none a", [("RUN", [("flags", [("network", "none")]), ("command", "a")])]),
    ("continued", "RUN a \\\n  # comment\n\n  b \\  \n c", [("command", "a   b  c")]),
    ("continued word", "USER a\\\nb", [("args", ["ab"])]),
    ("continued at the end", "RUN a \\", [("command", "a")]),
    ("escaped escape", "RUN a \\\\\nUSER b", [("command", "a \\\\")]),
    ("heredoc", "RUN <<E\na\nb\nE", [("command", "a\nb\n"), ("heredocs", ["a\nb\n"])]),
    ("heredoc of a program", "RUN python <<E\na\nE", [("command", "python <<E\na\nE"), ("heredocs", ["a\n"])]),
    ("heredoc with tabs", "RUN <<-E\n\ta\n\tE", [("command", "a\n"), ("heredocs", ["a\n"])]),
    (
        "heredocs to files",
        "COPY <<A <<-'B' /c\n$a\nA\n\t$b\n\tB",
        [("args", ["/c"]), ("heredocs", ["?$a\n", "$b\n"])],
    ),
    ("onbuild heredoc", "ONBUILD COPY <<E /a\nb\nE", [("COPY", [("args", ["/a"]), ("heredocs", ["b\n"])])]),
    ("no heredoc", "RUN a <<<b c<<d", [("command", "a <<<b c<<d")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in INSTRUCTION], ids=[case[0] for case in INSTRUCTION])
def test_instruction(text: str, expected: object) -> None:
    document = read(FROM + text)
    assert plain(document.roots[0].children[1]) == expected
    assert document.problems == ()


def test_instructions_in_order() -> None:
    document = read("# comment\nARG V=1\nfrom a\nRUN b\n\n# other\nRUN c")
    assert [n.key for n in document.roots[0].children] == ["ARG", "FROM", "RUN", "RUN"]
    assert [n.text for n in document.select("RUN.command")] == ["b", "c"]
    assert document.select("FROM")[0].key_span == (3, 1, 3, 5)
    assert document.select("FROM.args[0]")[0].span == (3, 6, 3, 7)


def test_directives() -> None:
    document = read("# syntax = docker/dockerfile:1\n# escape=`\n# check=skip=all\n# syntax=no\nFROM a\nRUN b `\n  c\\\nUSER d\\e")
    assert plain(document.roots[0])[:3] == [("syntax", "docker/dockerfile:1"), ("escape", "`"), ("check", "skip=all")]  # type: ignore[index]
    assert document.select("syntax")[0].span == (1, 12, 1, 31)
    assert document.select("RUN.command")[0].text == "b   c\\"
    assert document.select("USER.args[0]")[0].text == "d\\e"


def test_directives_end_at_the_first_other_line() -> None:
    assert read("# comment\n# escape=`\nFROM a\nRUN b \\\n c").select("RUN.command")[0].text == "b  c"


SPANS = [
    ("word", "USER «root»", "USER.args[0]"),
    ("quoted", "USER «'root'»", "USER.args[0]"),
    ("flag", "COPY --from=«a:1» b c", "COPY.flags.from"),
    ("mount option", "RUN --mount=type=bind,from=«a:1»,target=/b c", "RUN.flags.mount.from"),
    ("pair", 'ENV a=b \\\n  # c\n  d=«"e f"»', "ENV.pairs.d"),
    ("old pair", "ENV a «b c»", "ENV.pairs.a"),
    ("exec form", 'CMD ["a", «"b"»]', "CMD.args[1]"),
    ("continued", "CMD a \\\n  «b»", ""),
    ("heredoc", "RUN <<E\na; «b»\nE", ""),
    ("heredoc with tabs", "RUN <<-E\n\ta\n\t«b»\n\tE", ""),
    ("behind a heredoc's line", "RUN cat <<E | sh\n«b»\nE", ""),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "path"), [case[1:] for case in SPANS], ids=[case[0] for case in SPANS])
def test_spans(marked: str, path: str) -> None:
    marked = FROM + marked
    start, end = marked.index("«"), marked.index("»") - 1
    document = read(marked.replace("«", "").replace("»", ""))
    if path:
        (node,) = document.select(path)
        assert (node.start, node.end) == (start, end)
    else:
        shell = command(document.select("**.command")[0])
        at = shell.text.rindex("b")
        assert (shell.offset(at), shell.end(at + 1)) == (start, end)


ONBUILD = "ONBUILD needs an instruction other than ONBUILD, FROM and MAINTAINER"
PROBLEMS = [
    ("unknown instruction", "FROM a\nRUNN b\nUSER c", "unknown instruction 'RUNN'", (2, 1, 2, 5)),
    ("heredoc without end", "FROM a\nRUN <<E\nb", "the heredoc <<E is not ended", (2, 5, 2, 8)),
    ("no FROM", "RUN a", "no FROM instruction", (1, 1, 1, 4)),
    ("FROM alone", "FROM", "FROM without an image", (1, 1, 1, 5)),
    ("env without value", "FROM a\nENV a=b c", "ENV needs NAME=value, not 'c'", (2, 9, 2, 10)),
    ("nested onbuild", "FROM a\nONBUILD ONBUILD RUN b", ONBUILD, (2, 1, 2, 8)),
    ("strange escape", "# escape=x\nFROM a", "the escape directive must be \\ or `, not 'x'", (1, 10, 1, 11)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason", "span"), [case[1:] for case in PROBLEMS], ids=[case[0] for case in PROBLEMS])
def test_problems(text: str, reason: str, span: tuple[int, int, int, int]) -> None:
    (problem,) = read(text).problems
    assert (problem.reason, problem.span) == (reason, span)


@pytest.mark.parametrize("text", ["", "\n# only a comment\n", "\ufeffFROM a\r\nRUN b \\\r\n  c\r\nUSER d\r\n", "FROM scratch"])
def test_no_problems(text: str) -> None:
    assert read(text).problems == ()


def test_fragment_needs_no_from() -> None:
    assert read("RUN a", "common/Dockerfile.in").problems == ()
    assert read("RUN a", "data/Dockerfile.install_app").problems == ()


def test_template() -> None:
    document = read("FROM a:{{ .version }}\n{{ if b -}}\nRUN c {{ d }} e\n{{ end -}}\nENV f={{ g }} h=i\n", "Dockerfile.template", "go")
    assert document.problems == ()
    assert plain(document.roots[0]) == [
        ("FROM", [("args", ["?a:{{ .version }}"])]),
        ("RUN", [("command", "c {{ d }} e")]),
        ("ENV", [("pairs", [("f", "?{{ g }}"), ("h", "i")])]),
    ]


def test_template_with_branches_inside_an_instruction() -> None:
    text = "FROM {{ if a then ( -}}\nalpine\n{{ ) else ( -}}\ndebian:{{ b }}\n{{ ) end -}}\nUSER c\n"
    document = read(text, "Dockerfile.template", "go")
    assert document.problems == ()
    assert document.select("USER.args[0]")[0].text == "c"


def test_a_template_without_instructions_is_a_problem() -> None:
    assert [p.reason for p in read("hello {{ a }}\n", "Dockerfile.j2", "jinja").problems] == ["no instruction in this template"]


def test_template_that_nobody_announced() -> None:
    assert read("{% if a %}\nFROM b\n{% else %}\nFROM c\n{% endif %}\n").problems == ()


def test_tags_inside_an_instruction_hide_nothing() -> None:
    document = read("FROM a\nRUN b \\\n{{ c\nUSER root\nRUN <<E\n{{ }}\nE\n")
    assert [n.text for n in document.select("USER.args[0]")] == ["root"]
    assert document.problems == ()


SCRAPS = [
    *(f"{name} " for name in sorted(INSTRUCTIONS)),
    *("\n", "\\\n", "\\", " ", "a", "=", "--a=b ", "--mount=a=b,c ", "<<E ", "<<-'E' ", "\nE\n", '"', "'", "[", "]", ",", '"a"', "$x"),
    *("${", "#", "`\n", "é", "# escape=`\n", "{{", "}}", "\t", "\r\n"),
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=40).map("".join), st.sampled_from(["", "go", "jinja", "erb"]))
def test_never_fails(text: str, template: str) -> None:
    document = read(text, template=template)
    for node in document.roots[0].walk():
        assert 0 <= node.start <= node.end <= len(text)
        assert 0 <= node.key_start <= node.key_end <= len(text)
    for node in document.select("**.command"):
        assert command(node).text == node.text


NAME = st.from_regex(r"[A-Z][A-Z_0-9]{0,8}", fullmatch=True)
VALUE = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f", exclude_categories=("C", "Z")), max_size=12)


def _quoted(value: str) -> str:
    for char in '\\"$':
        value = value.replace(char, "\\" + char)
    return f'"{value}"'


@settings(deadline=None)
@given(st.lists(st.tuples(NAME, VALUE), min_size=1, max_size=5))
def test_quoted_values_come_back(pairs: list[tuple[str, str]]) -> None:
    text = FROM + "ENV " + " \\\n  ".join(f"{name}={_quoted(value)}" for name, value in pairs)
    document = read(text)
    found = document.select("ENV.pairs")[0].children
    assert [(n.key, n.value) for n in found] == pairs
    assert [text[n.start : n.end] for n in found] == [_quoted(value) for _, value in pairs]


@pytest.mark.parametrize(
    "text", ["RUN a\n", "RUN <<E\n", "ONBUILD ", "RUN \\\n", "# a\n", "COPY <<A ", "ENV a=b ", "RUN --mount=a,", '["', "[", "\\", "X\n"]
)
def test_hostile_length_is_bounded(text: str) -> None:
    begun = time.process_time()
    read(FROM + "RUN " + text * 50_000)
    read(text * 50_000)
    assert time.process_time() - begun < 20
