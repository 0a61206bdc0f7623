"""Lookups of log4j in its settings: what makes a logged text name code that is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..parse.locate import located
from .match import Hit
from .predicates import is_false, is_true

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..parse import File

_NO_LOOKUPS: Final = "**.{log4j,log4j2}.formatMsgNoLookups"
_JNDI: Final = "**.log4j2.{enableJndi,enableJndiLookup,enableJndiJms,enableJndiContextSelector,enableJndiJdbc}"
_PATTERN: Final = re.compile(
    r"%(?:m|msg|message)\{(?:[^}\n]{0,60}[,{])?\s*lookups\b[^}\n]{0,60}\}|\$\{jndi:(?:ldaps?|rmi|dns|iiop|corba|nis|https?)://[^}\s]{0,200}\}?"
)


def lookups(file: File, tree: Tree) -> Iterator[Hit]:
    """Switches that bring lookups back, patterns that ask for them, and lookups that load from the network."""
    document = file.document
    text = file.source.text
    if document is None or not any(word in text for word in ("ookups", "nableJndi", "${jndi:")):
        return
    for path, wanted in ((_NO_LOOKUPS, is_false), (_JNDI, is_true)):
        for node in document.select(path):
            if wanted(node) is True:
                yield Hit(node)
    for root in document.roots:
        for node in root.walk():
            if node.kind == "scalar" and node.target is None and ("lookups" in node.text or "${jndi:" in node.text):
                where = located(node)
                for found in _PATTERN.finditer(where.text):
                    yield Hit(where.span(*found.span()), f"{found[0]} makes log4j resolve what stands in a text", within=node)
