from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.parse.treesitter import Offsets, parse


@given(st.text(min_size=0, max_size=700))
def test_byte_offsets_become_code_points(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    offsets = Offsets(text, data)
    byte = 0
    for at, char in enumerate(text):
        assert offsets(byte) == at
        byte += len(char.encode("utf-8", "surrogatepass"))
    assert offsets(len(data)) == len(text)


@pytest.mark.parametrize(
    ("grammar", "text", "root"),
    [
        ("hcl", 'a = "𝄞"\n', "config_file"),
        ("hcl", "a = 1\n", "config_file"),
    ],
)
def test_every_grammar_loads(grammar: str, text: str, root: str) -> None:
    syntax = parse(grammar, text)  # type: ignore[arg-type]
    assert syntax.root.type == root
    assert syntax.text(syntax.root).strip() == text.strip()
    assert syntax.end(syntax.root) == len(text)
