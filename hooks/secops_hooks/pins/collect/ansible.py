"""Ansible tasks: package modules told to upgrade to the latest version, and what shell tasks install."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..reference import Collected, Reference
from .commands import of_node
from .place import scalar_place

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File

_MODULES: Final = frozenset(
    "apt apk bower bundler cpanm dnf dnf5 gem homebrew homebrew_cask macports npm opkg package pacman pip pipx pkgng portage "
    "snap swupd win_chocolatey yarn yum zypper".split()
)
_SHELLS: Final = ("shell", "command", "raw", "ansible.builtin.shell", "ansible.builtin.command", "ansible.builtin.raw")


def collect(file: File, tree: Tree) -> Collected:
    """The references of a playbook, a role or a task file."""
    document = file.document
    if document is None:
        return
    for node in document.index.get("state", ()):
        holder = node.parent
        module = (holder.key or "").rpartition(".")[2] if holder is not None else ""
        if node.text == "latest" and holder is not None and module in _MODULES:
            name = holder.get("name") or holder.get("pkg") or holder.get("package")
            shown = name.text if name is not None and name.resolved.kind == "scalar" else "the packages"
            yield Reference("ansible", shown, "latest", "", "floating", node.source, *scalar_place(node), "task", node.path)
    for key in _SHELLS:
        for node in document.index.get(key, ()):
            yield from of_node(node, "workflow", tree)
