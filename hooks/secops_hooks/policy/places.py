"""Where in a settings file something stands: the line and column of a key, an item or a value."""

from __future__ import annotations

from collections.abc import Sequence


def place_of(data: bytes, name: str, keys: Sequence[str | int]) -> tuple[int, int]:
    """Line and column of what ``keys`` (names, and numbers in lists) lead to in the TOML ``data``, or of the last that is there."""
    from ..files.source import Source
    from ..parse import parse

    roots = parse(Source(name, data), "toml").roots
    node, place = roots[0] if roots else None, (1, 1)
    for number, key in enumerate(keys):
        if node is None:
            break
        found = node.get(key) if isinstance(key, str) else next((each for each in node.children if each.index == key), None)
        if found is None:
            break
        named = found.key is not None and not (number == len(keys) - 1 and isinstance(key, int))
        span = found.key_span if named else found.span
        node, place = found, (span.line, span.col)
    return place
