"""JavaScript and TypeScript as far as settings in it go: code without comments, and where a match is code, not text.

No parser: a scanner that knows comments, strings and templates. What is minified, generated or brought along is not looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ..files.filetype import path_traits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..parse import File

_SKIPPED: Final = frozenset({"generated", "vendored", "test", "docs", "example"})
_MAX_LINE: Final = 5000  # longer lines are those of minified files
_TOKEN: Final = re.compile(r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|'(?:[^'\\\n]|\\[\s\S])*'?|\"(?:[^\"\\\n]|\\[\s\S])*\"?|`(?:[^`\\]|\\[\s\S])*`?")


class Code(NamedTuple):
    """``text`` has blanks for comments; ``bare`` also for what stands in strings. Both are as long as the file."""

    text: str
    bare: str


def code_of(file: File) -> Code | None:
    """The code of ``file``; ``None`` for files that nobody here wrote. Read once a file."""
    memo = file.source.memo
    if "javascript" not in memo:
        text = file.source.text
        skipped = path_traits(file.path) & _SKIPPED or any(len(line) > _MAX_LINE for line in text.split("\n", 50)[:50])
        memo["javascript"] = None if skipped else Code(_TOKEN.sub(_without_comment, text), _TOKEN.sub(_without_text, text))
    kept = memo["javascript"]
    return kept if isinstance(kept, Code) else None


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_comment(found: re.Match[str]) -> str:
    return _blank(found[0]) if found[0].startswith(("//", "/*")) else found[0]


def _without_text(found: re.Match[str]) -> str:
    return _blank(found[0]) if found[0].startswith(("//", "/*")) else found[0][0] + _blank(found[0][1:-1]) + found[0][-1:]


def matches(file: File, pattern: str) -> Iterator[re.Match[str]]:
    """Where ``pattern`` matches in the code of ``file``, beginning outside of strings."""
    code = code_of(file)
    for found in re.finditer(pattern, code.text) if code is not None else ():
        if code is not None and code.bare[found.start() : found.start() + 1] == code.text[found.start() : found.start() + 1]:
            yield found


def call_around(file: File, at: int, limit: int = 4000) -> str:
    """The name of the innermost call around offset ``at`` (``app.use(cors({`` gives ``cors``); empty outside of calls."""
    code = code_of(file)
    if code is None:
        return ""
    depth = 0
    for place in range(at - 1, max(-1, at - limit), -1):
        char = code.bare[place]
        if char in ")]}":
            depth += 1
        elif char in "([{":
            if depth:
                depth -= 1
            elif char == "(":
                found = re.search(r"([\w$.]+)\s*\Z", code.bare[max(0, place - 80) : place])
                return found[1] if found else ""
    return ""
