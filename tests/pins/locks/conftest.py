"""What every test of a lock asks: which verdicts does checking one file of a tree give?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.pins.locks import check
from secops_hooks.policy.settings import Settings

Judge: TypeAlias = Callable[[Mapping[str, str], str], list[str]]


@pytest.fixture
def judge() -> Judge:
    """``path: «reported text» message`` of each verdict that checking ``path`` gives; one that cannot be decided begins with ``?``."""

    def run(files: Mapping[str, str], path: str) -> list[str]:
        tree = MemoryTree(files)
        file = load(tree, path)
        assert file is not None
        told = []
        for found in (each for each in check(file, tree, Settings()) if each.rule.id in ("lock-drift", "lock-unverifiable")):
            line = files[found.path].splitlines()[found.span.line - 1] if files[found.path] else ""
            end = found.span.end_col - 1 if found.span.end_line == found.span.line else len(line)
            mark = "" if found.rule.id == "lock-drift" else "? "
            told.append(f"{mark}{found.path}: «{line[found.span.col - 1 : end]}» {found.message}")
        return told

    return run
