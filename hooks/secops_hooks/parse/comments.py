"""Comments that belong to an entry of a parsed file, in the comment syntax of its format.

Reads lines around a node only; suppressions, which may stand anywhere, are no matter of this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..files.source import Source
    from .node import Node

# what opens a comment and what closes it (empty: the end of the line)
_HASH: Final = ("#", "")
_SEMICOLON: Final = (";", "")
_SLASHES: Final = ("//", "")
_BLOCK: Final = ("/*", "*/")
_XML: Final = ("<!--", "-->")
_TEMPLATES: Final = (("{{-/*", "*/"), ("{{- /*", "*/"), ("{{/*", "*/"), ("{#", "#}"), ("<%#", "%>"))
SYNTAX: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "yaml": (*_TEMPLATES, _HASH),
    "json": (*_TEMPLATES, _SLASHES, _BLOCK),
    "toml": (*_TEMPLATES, _HASH),
    "bicep": (_SLASHES, _BLOCK),
    "hcl": (*_TEMPLATES, _HASH, _SLASHES, _BLOCK),
    "xml": (*_TEMPLATES, _XML),
    "ini": (*_TEMPLATES, _HASH, _SEMICOLON),
    "properties": (*_TEMPLATES, _HASH, ("!", "")),
    "env": (*_TEMPLATES, _HASH),
    "dockerfile": (*_TEMPLATES, _HASH),
    "shell": (*_TEMPLATES, _HASH),
    "directives": (*_TEMPLATES, _HASH),
}
_ANY: Final = (*_TEMPLATES, _HASH, _SLASHES, _BLOCK, _XML, _SEMICOLON)
_MAX_LINES: Final = 100
_BETWEEN: Final = " \t,;]})"  # what may stand between a value and the comment on its line


def comments_of(node: Node) -> tuple[str, ...]:
    """The text of the comments that belong to ``node``: those on the lines directly above its key (or value), then the one at
    the end of the line on which its value ends (a collection, a block: on which it begins). Without comment signs and blanks.
    """
    source = node.source
    syntax = _syntax(source)
    keyed = node.key is not None
    line, _ = source.position(node.key_start if keyed else node.start)
    found = _above(source, line, syntax)
    if node.kind == "scalar" and node.style not in ("|", ">", "<<"):
        behind = node.end
    else:
        behind = node.key_end if keyed and node.kind != "scalar" else node.start
    number, column = source.position(behind)
    rest = source.line(number)[column - 1 :].lstrip(_BETWEEN if node.kind == "scalar" else _BETWEEN + ":={[-")
    tail = _comment(rest.lstrip("|>+-0123456789 \t") if node.style in ("|", ">") else rest, syntax)
    return (*found, tail) if tail else found


def _syntax(source: Source) -> tuple[tuple[str, str], ...]:
    """The comment syntax of the format as which ``source`` was parsed."""
    for key in source.memo:
        if isinstance(key, tuple) and key[:1] == ("document",):
            return SYNTAX.get(str(key[1]), _ANY)
    return _ANY


def _above(source: Source, line: int, syntax: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The comments on the lines directly above ``line``, from top to bottom; a comment of several lines is one."""
    found: list[str] = []
    number = line - 1
    while number >= max(1, line - _MAX_LINES):
        text = source.line(number).strip()
        comment = _comment(text, syntax)
        if comment is None:
            opened = _opened(source, number, syntax)
            if not opened:
                break
            comment = _comment("\n".join(source.line(n) for n in range(opened, number + 1)).strip(), syntax)
            number = opened
        if comment:
            found.append(comment)
        number -= 1
    return tuple(reversed(found))


def _opened(source: Source, number: int, syntax: tuple[tuple[str, str], ...]) -> int:
    """The line on which the comment begins that closes at the end of line ``number``; 0 when none does."""
    text = source.line(number).strip()
    closers = tuple(closer for _, closer in syntax if closer)
    if not text.rstrip("-}").endswith(closers) and not text.endswith(closers):
        return 0
    openers = tuple(opener for opener, closer in syntax if closer)
    for above in range(number - 1, max(0, number - _MAX_LINES), -1):
        if source.line(above).strip().startswith(openers):
            return above
    return 0


def _comment(text: str, syntax: tuple[tuple[str, str], ...]) -> str | None:
    """The text of the comment with which ``text`` begins; ``None`` when it begins with something else."""
    for opener, closer in syntax:
        if text.startswith(opener):
            if not closer:
                return text[len(opener) :].lstrip(opener[0]).strip()
            end = text.find(closer, len(opener))
            return text[len(opener) : end].strip() if end >= 0 else None
    return None
