"""Taking an entry out of a file: its comma or its line goes with it, and nothing else changes."""

from __future__ import annotations

import pytest

from secops_hooks.config.match import Remove
from secops_hooks.config.mend import fix_of
from secops_hooks.files.source import Source
from secops_hooks.fix import edited
from secops_hooks.parse import parse

LINES = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n'
REMOVALS = {
    "first of a JSON object": ("x.json", LINES, "a", '{\n  "b": 2,\n  "c": 3\n}\n'),
    "last of a JSON object": ("x.json", LINES, "c", '{\n  "a": 1,\n  "b": 2\n}\n'),
    "in one line": ("x.json", '{"a": 1, "b": [1, 2]}\n', "a", '{"b": [1, 2]}\n'),
    "last in one line": ("x.json", '{"a": 1, "b": [1, 2]}\n', "b", '{"a": 1}\n'),
    "alone": ("x.json", '{"a": true}\n', "a", "{}\n"),
    "item of a list": ("x.json", '["a", "b"]\n', "[0]", '["b"]\n'),
    "item with a line of its own": ("x.json", '[\n  "a",\n  "b"\n]\n', "[1]", '[\n  "a"\n]\n'),
    "comment above stays": ("x.json", '{\n  // why\n  "a": 1,\n  "b": 2 // too\n}\n', "a", '{\n  // why\n  "b": 2 // too\n}\n'),
    "CRLF": ("x.json", '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n', "a", '{\r\n  "b": 2\r\n}\r\n'),
    "YAML flow": ("x.yaml", 'x: {a: 1, "b": 2} # c\n', "x.a", 'x: {"b": 2} # c\n'),
    "YAML block": ("x.yaml", "x:\n  a: 1 # one\n  b: 2 # two\n", "x.a", "x:\n  b: 2 # two\n"),
    "TOML inline": ("x.toml", "x = {a = 1, b = 2}\n", "x.b", "x = {a = 1}\n"),
    "nginx": ("nginx.conf", "server {\n  listen 80;\n  autoindex on; # c\n}\n", "server.listen", "server {\n  autoindex on; # c\n}\n"),
}


@pytest.mark.parametrize("case", REMOVALS)
def test_removal(case: str) -> None:
    path, text, where, expected = REMOVALS[case]
    source = Source.from_text(path, text)
    document = parse(source, {"conf": "directives"}.get(path.rpartition(".")[2], path.rpartition(".")[2]))
    (node,) = document.select(where)
    fix = fix_of(Remove(), node)
    assert fix is not None
    assert edited(text, fix.edits) == expected
