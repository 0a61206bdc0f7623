"""Stages of a Dockerfile and what its variables stand for."""

from __future__ import annotations

import pytest

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.dockerfile_stages import Stage, environment, expand, stages
from secops_hooks.parse.node import UNKNOWN, Document, Unknown


def read(text: str) -> tuple[Document, tuple[Stage, ...]]:
    document = parse(Source.from_text("Dockerfile", text), "dockerfile")
    return document, stages(document)


def test_stages() -> None:
    _, found = read(
        "ARG V=3 D R\n"
        "FROM --platform=linux/amd64 python:${V}-slim AS Base\nRUN a\nUSER b\n"
        "FROM ${R:-docker.io}/alpine:$D\n"
        "FROM base as last\nRUN c\n"
        "FROM x:$TARGETARCH\n"
        "FROM ${V:+node}:1\n"
    )
    assert [(s.number, s.name, s.base_text, s.parent) for s in found] == [
        (0, "base", "python:3-slim", None),
        (1, "", UNKNOWN, None),
        (2, "last", "base", 0),
        (3, "", UNKNOWN, None),
        (4, "", "node:1", None),
    ]
    assert [n.key for n in found[0].instructions] == ["RUN", "USER"]
    assert found[0].platform is not None
    assert found[0].platform.text == "linux/amd64"
    assert found[0].base is not None
    assert found[0].base.span == (2, 29, 2, 45)


def test_a_later_stage_is_no_parent() -> None:
    _, found = read("FROM b AS a\nFROM a AS b\n")
    assert [s.parent for s in found] == [None, 0]


def test_arg_inside_a_stage_is_not_seen_by_from() -> None:
    _, found = read("FROM a\nARG V=1\nFROM b:$V")
    assert found[1].base_text is UNKNOWN


def test_environment() -> None:
    document, found = read(
        "ARG G=global\nFROM a AS one\n"
        "ARG G\nARG A=arg B=b\nENV A=env C=$B-${G}\nARG A=late\nRUN x\nENV D=$NOT E=e\nFROM one\nARG F\nENV C=new\n"
    )
    run = document.select("RUN")[0]
    assert environment(document, found[0], run) == {"G": "global", "A": "env", "B": "b", "C": "b-global"}
    assert environment(document, found[0])["D"] is UNKNOWN
    assert environment(document, found[1]) == {"A": "env", "C": "new", "D": UNKNOWN, "E": "e", "F": UNKNOWN}


VALUES: dict[str, str | Unknown] = {"A": "a", "E": "", "U": UNKNOWN, "L": "lib"}
EXPANDED = [
    ("plain", "plain"),
    ("$A/${A}b", "a/ab"),
    ("\\$A", "$A"),
    ("$", "$"),
    ("$U", UNKNOWN),
    ("$N", UNKNOWN),
    ("${N:-d}", "d"),
    ("${N-d}", "d"),
    ("${E:-d}", "d"),
    ("${E-d}", ""),
    ("${A:-d}", "a"),
    ("${U:-d}", UNKNOWN),
    ("${A:+d}", "d"),
    ("${E:+d}", ""),
    ("${E+d}", "d"),
    ("${N:+d}", ""),
    ("${A:?no}", "a"),
    ("${N:?no}", UNKNOWN),
    ("${N:-${L}/$A}", "lib/a"),
    ("${N:-${M:-${A}}}", "a"),
    ("${A%x}", UNKNOWN),
    ("${A", UNKNOWN),
    ("${", "${"),
    ("$(cmd)", "$(cmd)"),
]


@pytest.mark.parametrize(("text", "expected"), EXPANDED, ids=[case[0] for case in EXPANDED])
def test_expand(text: str, expected: str | Unknown) -> None:
    assert expand(text, VALUES) == expected


def test_expansion_is_bounded() -> None:
    deep = "${N:-" * 50_000 + "x" + "}" * 50_000
    assert expand(deep, {}) is UNKNOWN
    assert expand("$A" * 50_000, {"A": "b" * 50_000}) is UNKNOWN
    text = "FROM a\nENV A=xxxxxxxxxx\n" + "".join("ENV A=$A$A$A$A\n" for _ in range(50))
    document, found = read(text)
    assert environment(document, found[0])["A"] is UNKNOWN
