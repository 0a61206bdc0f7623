"""The common parser: every structured format becomes one tree of nodes with exact positions.

``parse`` never raises on any input; what could not be read stands in ``Document.problems``. The modules of the
formats are loaded when the first file of that format comes.
"""

from __future__ import annotations

from importlib import import_module

from ..finding import Problem
from ..records import TYPE_CHECKING
from .node import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from ..files.filetype import FileType
    from ..files.source import Source
    from ..files.tree import Tree

# format -> module; every module has parse(source: Source, template: str) -> Document
MODULES: Final = {
    "yaml": "yaml",
    "json": "json",
    "toml": "toml",
    "hcl": "hcl",
    "bicep": "bicep",
    "xml": "xml",
    "ini": "ini",
    "properties": "properties",
    "env": "env",
    "dockerfile": "dockerfile",
    "shell": "shell",
    "directives": "directives",
}
MAX_TEXT: Final = 32 * 1024 * 1024


def parse(source: Source, format: str, template: str = "") -> Document:
    """The document of ``source`` read as ``format`` (a key of :data:`MODULES`), once; later calls give the same one.

    ``template`` names the templating language whose tags are neutralised first (``go``, ``jinja``, ``erb``), if any.
    """
    key = ("document", format, template)
    found = source.memo.get(key)
    if not isinstance(found, Document):
        found = source.memo[key] = _parse(source, format, template)
    return found


def _parse(source: Source, format: str, template: str) -> Document:
    if source.problems:
        return Document(source, format, (), source.problems)
    if len(source.text) > MAX_TEXT:
        return Document(source, format, (), (Problem(f"more than {MAX_TEXT // (1024 * 1024)} MiB of {format}"),))
    if "\0" in source.text:
        at = source.text.index("\0")
        return Document(source, format, (), (Problem("a NUL character in a text format", source.span(at, at + 1)),))
    reader: Callable[[Source, str], Document] = import_module(f".{MODULES[format]}", __name__).parse
    return reader(source, template)


class File:
    """A file under check: its source, what kind it is, and (parsed when first asked for) its document."""

    __slots__ = ("source", "type")

    def __init__(self, source: Source, type: FileType) -> None:
        self.source = source
        self.type = type

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def document(self) -> Document | None:
        """The parsed tree; ``None`` for a file of no structured format."""
        if not self.type.format:
            return None
        return parse(self.source, self.type.format, self.type.template)


def load(tree: Tree, path: str) -> File | None:
    """The file at ``path`` of ``tree``, or ``None`` where there is none. Raises ``Unreadable``."""
    from ..files.filetype import detect

    source = tree.find(path)
    if source is None:
        return None
    kept = source.memo.get("file")
    if not isinstance(kept, File):
        kept = source.memo["file"] = File(source, detect(path, source.text))
    return kept
