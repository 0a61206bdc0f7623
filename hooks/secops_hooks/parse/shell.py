"""Shell code wherever it stands: script files, ``RUN`` of a Dockerfile, ``run:`` of a workflow.

``parse_script(located(node))`` gives the :class:`~.shell_ast.Script` of a scalar; every command, word and pipeline in it knows
its place in the file. ``unwrap`` sees through ``sudo``, ``env`` and the like. What the values are stands in ``shell_ast.py``.

A check asks, for example: is there a ``pipeline`` of ``script.pipelines()`` with ``curl`` among ``pipeline.stages[0]`` and a shell as
``unwrap(pipeline.stages[-1][-1]).program``; or which ``script.walk_commands()`` are, unwrapped, ``npm`` with ``install`` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .node import Document, Node
from .shell_ast import Script
from .shell_wrappers import unwrap

if TYPE_CHECKING:
    from ..files.source import Source
    from .locate import Located

__all__ = ["parse", "parse_script", "unwrap"]


def parse_script(where: Located) -> Script:
    """The script of ``where``. Never fails; ``problems`` of the script says what was stepped over. Parsed once a place."""
    from .shell_parser import Parser

    key = ("script", where.offset(0), where.text)
    kept = where.source.memo.get(key)
    if not isinstance(kept, Script):
        kept = where.source.memo[key] = Parser(where, 0).all()
    return kept


def parse(source: Source, template: str = "") -> Document:
    """A script file: one scalar of style ``shell`` that holds the whole text."""
    text = source.text
    root = Node("scalar", source, 0, len(text), value=text, text=text, style="shell")
    return Document(source, "shell", (root,))
