"""Names of files as reports may show them: a secret in a name is masked like one in a line."""

from __future__ import annotations

from functools import lru_cache

from .lines import masked


@lru_cache(maxsize=4096)
def without_secrets(path: str) -> str:
    """``path`` with everything masked that would be reported as a secret if it stood in a text."""
    from ..files.filetype import FileType
    from ..files.source import Source
    from ..files.tree import MemoryTree
    from ..parse import File
    from ..policy.settings import Settings
    from ..secrets.check import check

    source = Source.from_text("name", path.replace("\n", " ").replace("\r", " "))
    found = check(File(source, FileType()), MemoryTree({}), Settings())
    return masked(path, 1, [finding.span for finding in found if finding.tier != "audit"])
