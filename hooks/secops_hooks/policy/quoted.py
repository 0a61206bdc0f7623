"""Whether a suppression is a comment at all: what stands inside a string of the file is data, not a decision.

Told from the text: a quoted string on the line, by its quotes; in Python, where strings run over lines, by Python's own tokens; in XML,
where a number sign means nothing, by its comments. Scripts inside YAML blocks and here documents are code whose comments count, and so are
the lines of a notebook.
"""

from __future__ import annotations

from bisect import bisect_right

from ..files.source import Source
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Final

_CODE_IN_STRINGS: Final = (".ipynb",)
_XML: Final = (".xml", ".config", ".csproj", ".vbproj", ".props", ".targets", ".plist", ".svg", ".xsd", ".wsdl")
_PYTHON: Final = (".py", ".pyi", ".pyw")
_BACKTICKS: Final = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".go")
_FAR: Final = 1 << 16  # characters that are looked back for the beginning of a comment
_LINES: Final = "quoted strings by line"
_KEY: Final = "python strings and comments"


class Tokens(NamedTuple):
    """Of a Python file: where comments begin, by line (columns from 0), and first and last lines of strings that run over several."""

    comments: dict[int, int]
    strings: tuple[tuple[int, int], ...]


def in_string(source: Source, line: int, offset: int) -> bool:
    """Whether what stands at ``offset`` of the text, on ``line``, lies inside a string."""
    path = source.path.lower()
    if path.endswith(_CODE_IN_STRINGS):
        return False
    column = offset - source.line_starts[line - 1]
    if path.endswith(_PYTHON) and (tokens := python_tokens(source)) is not None:
        return tokens.comments.get(line, column + 1) > column
    if path.endswith(_XML):
        opened = source.text.rfind("<!--", max(0, offset - _FAR), offset)
        return opened < 0 or source.text.find("-->", opened, offset) >= 0
    quotes = "\"'`" if path.endswith(_BACKTICKS) else "\"'"
    known = source.memo.setdefault(_LINES, {})
    if not isinstance(known, dict):
        return False
    strings = known.get(line)
    if strings is None:
        strings = known[line] = _strings(source.line(line), quotes)
    at = bisect_right(strings, (column, len(source.text))) - 1
    return at >= 0 and column < strings[at][1]


def _strings(line: str, quotes: str) -> list[tuple[int, int]]:
    """Beginnings and ends of the quoted strings of ``line`` that stand before its comment. A quote opens at the beginning of a word;
    one that is never closed is an apostrophe."""
    found = []
    at = 0
    unclosed = ""
    while at < len(line):
        char = line[at]
        if char in quotes and char not in unclosed and (at == 0 or not line[at - 1].isalnum()):
            end = at + 1
            while end < len(line) and line[end] != char:
                end += 2 if line[end] == "\\" else 1
            if end < len(line):
                found.append((at, end))
                at = end
            else:
                unclosed += char  # no other of its kind can be closed either
        elif line.startswith(("#", "//", "<!--", "/*"), at) and (at == 0 or line[at - 1] in " \t({[,;"):
            break
        at += 1
    return found


def python_tokens(source: Source) -> Tokens | None:
    """Comments and long strings of a Python file; ``None`` where Python cannot read it."""
    found = source.memo.get(_KEY, ())
    if found == ():
        found = source.memo[_KEY] = _tokens(source.text)
    return found if isinstance(found, Tokens) else None


def _tokens(text: str) -> Tokens | None:
    import io
    import tokenize

    comments: dict[int, int] = {}
    strings = []
    opened = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            name = tokenize.tok_name[token.type]
            if name == "COMMENT":
                comments[token.start[0]] = token.start[1]
            elif name == "STRING" and token.end[0] > token.start[0]:
                strings.append((token.start[0], token.end[0]))
            elif name == "FSTRING_START":
                opened.append(token.start[0])
            elif name == "FSTRING_END" and opened:
                first = opened.pop()
                if token.end[0] > first:
                    strings.append((first, token.end[0]))
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        return None
    return Tokens(comments, tuple(strings))


def string_around(source: Source, line: int, *, ends: bool) -> int:
    """The first line of the Python string that ends on ``line`` (``ends``), or the last of one that begins there; else ``line``."""
    if not source.path.lower().endswith(_PYTHON):
        return line
    tokens = python_tokens(source)
    for first, last in tokens.strings if tokens is not None else ():
        if line == (last if ends else first):
            return first if ends else last
    return line
