"""tree-sitter and its grammars: the only place that imports them, and byte offsets to code points.

Knows no format: what the syntax nodes of a grammar mean stands in the module of that format.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from types import ModuleType

    from tree_sitter import Node as SyntaxNode
    from tree_sitter import Parser, Tree

Grammar: TypeAlias = Literal["hcl"]
_CHUNK_BITS: Final = 8
_CONTINUATION: Final = bytes(range(0x80, 0xC0))


class Offsets:
    """Byte offsets of UTF-8 ``data`` as code point offsets: ``offsets(byte)``. Costs nothing for ASCII text.

    For other text one count is kept for every 256 bytes, so that memory stays small and each answer counts at most that many.
    """

    __slots__ = ("_before", "data")

    def __init__(self, text: str, data: bytes) -> None:
        self.data = data
        self._before: list[int] = []
        if not text.isascii():
            total, size = 0, 1 << _CHUNK_BITS
            for at in range(0, len(data) + 1, size):
                self._before.append(total)
                total += len(data[at : at + size].translate(None, _CONTINUATION))

    def __call__(self, byte: int) -> int:
        if not self._before:
            return byte
        chunk = byte >> _CHUNK_BITS
        return self._before[chunk] + len(self.data[chunk << _CHUNK_BITS : byte].translate(None, _CONTINUATION))


class Syntax(NamedTuple):
    """A parsed text: its syntax tree (offsets in bytes of ``data``) and the way to code point offsets."""

    tree: Tree
    data: bytes
    offsets: Offsets

    @property
    def root(self) -> SyntaxNode:
        return self.tree.root_node

    def start(self, node: SyntaxNode) -> int:
        """Code point offset of the first character of ``node``."""
        return self.offsets(node.start_byte)

    def end(self, node: SyntaxNode) -> int:
        """Code point offset behind the last character of ``node``."""
        return self.offsets(node.end_byte)

    def text(self, node: SyntaxNode) -> str:
        """``node`` as written."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")


@lru_cache(maxsize=8)
def parser(grammar: Grammar) -> Parser:
    """The parser of ``grammar``; its library is loaded at the first call."""
    binding = _binding("tree_sitter")
    language = binding.Language(_binding(f"tree_sitter_{grammar}").language())
    made: Parser = binding.Parser(language)
    return made


def parse(grammar: Grammar, text: str) -> Syntax:
    """The syntax tree of ``text``. Never fails: where the text breaks the grammar, the tree holds error nodes."""
    data = text.encode("utf-8", "surrogatepass")
    return Syntax(parser(grammar).parse(data), data, Offsets(text, data))


def _binding(package: str) -> Any:
    """The compiled part of ``package`` without the package's own ``__init__``, which loads much that is not needed here.

    (The grammars' imports ``importlib.resources``, tree-sitter's imports ``typing``: several milliseconds each.)
    """
    name = f"{package}._binding"
    loaded = sys.modules.get(name)
    if loaded is not None:
        return loaded
    home = PathFinder.find_spec(package)
    spec = PathFinder.find_spec(name, home.submodule_search_locations) if home is not None else None
    if spec is None or spec.loader is None:
        return import_module(name)
    module: ModuleType = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
