from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.parse.reference import has_reference, references

HOLDS = [
    ("yaml", "${VAR}"),
    ("yaml", "a ${VAR:-${OTHER}} b"),
    ("yaml", "$VAR"),
    ("yaml", "tag:$TAG"),
    ("yaml", "$(VAR)"),
    ("yaml", "${{ secrets.TOKEN }}"),
    ("yaml", "{{ .Values.x }}"),
    ("yaml", "{% if a %}"),
    ("yaml", "<%= x %>"),
    ("yaml", "%HOME%"),
    ("yaml", "%env(APP_SECRET)%"),
    ("yaml", "#{Password}"),
    ("json", "${VAR}"),
    ("json", "{{ x }}"),
    ("toml", "${VAR}"),
    ("hcl", "a${var.b}c"),
    ("hcl", "%{ if a }"),
    ("hcl-expression", "var.password"),
    ("hcl-expression", "data.aws_x.y"),
    ("xml", "$(Configuration)"),
    ("xml", "@project.version@"),
    ("ini", "%(home)s"),
    ("properties", "${db.password}"),
    ("properties", "@db.password@"),
    ("env", "a$HOME"),
    ("env", "`date`"),
    ("dockerfile", "foo$TAG"),
    ("shell", "$1"),
    ("make", "$(X)"),
    ("make", "$@"),
    ("directives", "$host"),
]
HOLDS_NOT = [
    ("yaml", "plain"),
    ("yaml", ""),
    ("yaml", "pa$word"),
    ("yaml", "$argon2id$v=19$m=65536"),
    ("yaml", "$2b$12$abcdefghijklmnopqrstuv"),
    ("yaml", "100%"),
    ("yaml", "%AB%CD"),
    ("yaml", "%H%M%S"),
    ("yaml", "<PLACEHOLDER>"),
    ("yaml", "cost: $5"),
    ("yaml", "{a: b}"),
    ("json", "$VAR"),
    ("json", "$(x)"),
    ("json", "^a$"),
    ("json", "$schema"),
    ("toml", "$(x)"),
    ("hcl", "$${literal}"),
    ("hcl", "%%{literal}"),
    ("hcl", "$VAR"),
    ("hcl-expression", '"literal"'),
    ("properties", "$plain"),
    ("properties", "user@example.com"),
    ("env", "5$"),
    ("dockerfile", "\\$HOME"),
]


@pytest.mark.parametrize(("format", "text"), HOLDS)
def test_holds_a_reference(format: str, text: str) -> None:
    assert has_reference(text, format)
    assert all(text[start:end] for start, end in references(text, format))


@pytest.mark.parametrize(("format", "text"), HOLDS_NOT)
def test_holds_no_reference(format: str, text: str) -> None:
    assert not has_reference(text, format)
    assert list(references(text, format)) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a ${X} b $Y", ["${X}", "$Y"]),
        ("${A:-${B}}c", ["${A:-${B}}"]),
        ("x {{ y }} ${{ z }}", ["{{ y }}", "${{ z }}"]),
        ("postgres://u:${PW}@h", ["${PW}"]),
    ],
)
def test_which_parts(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in references(text, "yaml")] == parts


@given(st.text(alphabet="ab1 ${}()%#@`<>\\\\._{\n", max_size=30), st.sampled_from(sorted({format for format, _ in HOLDS})))
def test_the_answer_agrees_with_the_parts(text: str, format: str) -> None:
    assert has_reference(text, format) == any(True for _ in references(text, format))


@pytest.mark.parametrize("piece", ["${", "{{", "$(", "<%", "{%", "#{", "%(", "@a", "`", "%aaa", "${a{b}", "${{a}"])
def test_hostile_text_takes_bounded_time(piece: str) -> None:
    from time import process_time

    before = process_time()
    for format in ("yaml", "env", "xml", "ini", "hcl"):
        sum(1 for _ in references(piece * 20_000, format))
    assert process_time() - before < 5
