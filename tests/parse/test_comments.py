from __future__ import annotations

import pytest

from secops_hooks.files.source import Source
from secops_hooks.parse import parse

CASES = [
    ("yaml", "# one\n#two\na: 1  # three\n", "a", ("one", "two", "three")),
    ("yaml", "x: 1\n\n# apart\n\na: 1\n", "a", ()),
    ("yaml", "a: b#c\n", "a", ()),
    ("yaml", "a: 'b # c'\n", "a", ()),
    ("yaml", "steps:\n  # why\n  - uses: x/y@0123 # v1.2.3\n", "steps[0].uses", ("why", "v1.2.3")),
    ("yaml", "a: # here\n  b: 1 # there\n", "a", ("here",)),
    ("yaml", "a: |  # here\n  # text\n  x\nb: 1\n", "a", ("here",)),
    ("yaml", "a: |\n  # text\nb: 1\n", "b", ("text",)),
    ("yaml", "a: &x 1 # here\n", "a", ("here",)),
    ("yaml", "a: [1, 2] # here\n", "a[1]", ("here",)),
    ("yaml", "a:\n  - 1 # one\n  - 2\n", "a[1]", ()),
    ("yaml", "{{/* note */}}\na: 1\n", "a", ("note",)),
    ("yaml", "a: 1 // no\n", "a", ()),
    ("json", '{\n  // above\n  "a": 1, // behind\n  "b": 2}', "a", ("above", "behind")),
    ("json", '{\n  /* over\n     lines */\n  "a": 1}', "a", ("over\n     lines",)),
    ("json", '{"a": "x // y"}', "a", ()),
    ("json", '{\n  # no\n  "a": 1}', "a", ()),
    ("toml", "# above\na = 1 # behind\n", "a", ("above", "behind")),
    ("properties", "! above\n# too\na=1 # value\n", "a", ("above", "too")),
    ("ini", "[s]\n; above\na = 1\n", "s.a", ("above",)),
]


@pytest.mark.parametrize(("format", "text", "path", "comments"), CASES)
def test_comments_of_an_entry(format: str, text: str, path: str, comments: tuple[str, ...]) -> None:
    document = parse(Source.from_text("a", text), format)
    [node] = document.select(path)
    assert node.comments == comments


def test_many_lines_above_are_bounded() -> None:
    document = parse(Source.from_text("a", "# x\n" * 10_000 + "a: 1\n"), "yaml")
    assert len(document.select("a")[0].comments) == 100
