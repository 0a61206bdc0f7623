"""Small helpers on text, for building the examples of rules without the imports that textwrap brings."""

from __future__ import annotations


def indent(text: str, prefix: str) -> str:
    """``text`` with ``prefix`` before each line that is not empty."""
    return "".join(prefix + line if line.strip() else line for line in text.splitlines(keepends=True))
