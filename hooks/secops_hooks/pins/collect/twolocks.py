"""Lock files of two package managers side by side. Asks only which files are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..reference import Collected, Mark

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File

_MANAGERS: Final = (
    {
        "package-lock.json": "npm",
        "npm-shrinkwrap.json": "npm",
        "yarn.lock": "yarn",
        "pnpm-lock.yaml": "pnpm",
        "bun.lock": "bun",
        "bun.lockb": "bun",
    },
    {"uv.lock": "uv", "poetry.lock": "poetry", "pdm.lock": "pdm", "Pipfile.lock": "pipenv"},
)


def collect(file: File, tree: Tree) -> Collected:
    """A mark when another manager's lock lies beside this one and package.json does not name this one's manager."""
    base, _, name = file.path.rpartition("/")
    base += "/" if base else ""
    for managers in _MANAGERS:
        own = managers.get(name)
        if own is None:
            continue
        other = next((each for each, manager in managers.items() if manager != own and tree.exists(base + each)), None)
        if other is not None and _declared(base, tree) != own:
            message = (
                f"{other} ({managers[other]}) lies beside {name} ({own}): each installs other versions, and only one is kept up to date"
            )
            yield Mark("two-locks", file.source, 0, 0, message, subject=name)


def _declared(base: str, tree: Tree) -> str:
    """The package manager that package.json declares."""
    source = tree.find(base + "package.json")
    m = re.search(r'"packageManager"\s*:\s*"(\w+)@', source.text) if source is not None else None
    return m[1] if m is not None else ""
