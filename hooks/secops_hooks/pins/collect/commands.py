"""Commands that install or download, wherever shell code stands: ``RUN``, ``run:``, ``script:``, script files.

Which words install what is in ``install.py``; this module knows shell scripts and where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..install import WORDS, Install, installs
from ..manifest import NODE_LOCKS, PYTHON_LOCKS, nearest
from ..mend import lock_install
from ..reference import Collected, Mark, Reference

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.locate import Located
    from ...parse.node import Node
    from ...parse.shell_ast import Command, Script

_SYSTEM: Final = frozenset({"apt", "apk", "rpm", "zypper", "brew", "choco", "winget"})
_MAX_SCRIPT: Final = 512 * 1024


def collect(file: File, tree: Tree) -> Collected:
    """What a script file installs."""
    document = file.document
    if document is None or not document.roots or len(file.source.text) > _MAX_SCRIPT:
        return
    from ...parse.locate import Located

    yield from of_script(Located(file.source, file.source.text, ((0, 0),)), "script", "", tree)


def of_node(node: Node, where: str, tree: Tree) -> Collected:
    """What the script in a scalar installs."""
    if node.resolved.kind == "scalar" and node.target is None and WORDS.search(node.text):
        from ...parse.locate import located

        yield from of_script(located(node), where, node.path, tree)


def of_script(script: Located, where: str, key_path: str, tree: Tree) -> Collected:
    """What ``script`` installs; ``where`` is what kind of place it stands in (``image``, ``ci``, ``script``)."""
    if not WORDS.search(script.text):
        return
    from ...parse.shell import parse_script
    from .downloads import downloads

    parsed = parse_script(script)
    yield from installed(parsed, where, key_path, tree)
    yield from downloads((parsed,), where, key_path)


def installed(script: Script, where: str, key_path: str, tree: Tree) -> Collected:
    """What the commands of a parsed script install."""
    from ...parse.shell import unwrap

    for command in script.walk_commands():
        yield from _of_command(unwrap(command), where, key_path, tree)


def of_words(words: Sequence[tuple[str, int, int]], source: Source, where: str, key_path: str, tree: Tree) -> Collected:
    """What a command given as a list of words installs (exec form, ``command`` and ``args`` of a configuration)."""
    if (
        len(words) > 2
        and words[0][0].rpartition("/")[2] in ("sh", "bash", "ash", "dash")
        and words[1][0].startswith("-")
        and words[1][0].endswith("c")
    ):
        from ...parse.locate import Located

        text, start, end = words[2]
        if source.text[start + 1 : end - 1] == text:
            yield from of_script(Located(source, text, ((0, start + 1),)), where, key_path, tree)
        return
    for found in installs([text for text, _, _ in words]):
        _, start, end = words[found.word]
        yield from _of_install(found, source, start, end, where, key_path, tree)


def _of_command(command: Command, where: str, key_path: str, tree: Tree) -> Collected:
    words = command.words
    texts = [word.text if isinstance(word.text, str) else None for word in words]
    if not texts or texts[0] is None:
        return
    source = command.where.source
    system: Install | None = None
    others: list[str] = []
    for found in installs(texts):
        word = words[found.word]
        if found.ecosystem in _SYSTEM:
            if found.level == "floating":
                system = system or found
                others.append(found.name)
            continue
        yield from _of_install(found, source, word.start, word.end, where, key_path, tree)
    if system is not None:
        word = words[system.word]
        shown = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        yield Reference(system.ecosystem, shown, "", "", "floating", source, word.start, word.end, "install", key_path)


def _of_install(found: Install, source: Source, start: int, end: int, where: str, key_path: str, tree: Tree) -> Collected:
    if found.kind == "plain":
        if where != "image":  # in a Dockerfile this is a matter of family config
            yield Mark("plain-http-source", source, start, end, f"{found.name} is fetched without TLS", key_path, found.name)
    elif found.kind == "extra-index":
        yield Mark("extra-index-url", source, start, end, "", key_path, found.name)
    elif found.kind == "locked":
        message = f"{found.name} may install other versions than the lock file has; use {found.advice}"
        fix = lock_install(source, start, end, found.name) if _has_lock(source.path, found.ecosystem, tree) else None
        yield Mark("unlocked-install", source, start, end, message, key_path, found.name, fix=fix)
    elif found.kind == "requirements":
        if not _hashed(found.name, tree):
            yield Mark(
                "unhashed-install",
                source,
                start,
                end,
                f"{found.name} is installed without hashes; add them and --require-hashes",
                key_path,
                found.name,
            )
    elif found.kind == "local":
        yield Mark(
            "unpinned-install",
            source,
            start,
            end,
            f"the dependencies of {found.name} come as whatever is newest; install them from a lock, then this with --no-deps",
            key_path,
            found.name,
        )
    elif found.ecosystem != "go" or found.requested or not tree.exists("go.mod"):  # without a version, go.mod says which
        yield Reference(found.ecosystem, found.name, found.requested, "", found.level, source, start, end, "install", key_path)


def _has_lock(path: str, ecosystem: str, tree: Tree) -> bool:
    """Whether the repository has a lock of that ecosystem where the script's directory or one above is."""
    locks = NODE_LOCKS if ecosystem == "npm" else PYTHON_LOCKS
    return ecosystem == "cargo" or nearest(path, locks, tree) is not None


def _hashed(name: str, tree: Tree) -> bool:
    """Whether the requirements file is there and has hashes (pip then asks for them without being told)."""
    path = name.lstrip("./")
    source = tree.find(path) if path and ".." not in path and not path.startswith("/") else None
    return source is not None and "--hash=" in source.text
