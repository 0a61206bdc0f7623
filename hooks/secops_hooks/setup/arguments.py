"""What other hooks are given in ``.pre-commit-config.yaml`` and decides what they accept: bandit's options, a baseline by another name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..files.source import Source
from ..files.tree import Tree, Unreadable
from ..parse import parse
from ..policy.settings import Settings, SettingsError
from ..python.options import read
from .hooks import PATH
from .others import BASELINES, Disabled

_BANDIT: Final = {"-c": "bandit-config", "--configfile": "bandit-config", "-b": "bandit-baseline", "--baseline": "bandit-baseline"} | {
    "-p": "bandit-profile",
    "--profile": "bandit-profile",
}


def options_of(tree: Tree, hook: str) -> list[tuple[str, str]]:
    """Option and value of each argument that the hook with the id ``hook`` is given (``""``: none)."""
    try:
        source = tree.find(PATH)
    except Unreadable:
        return []
    return list(_pairs(_words(source, hook))) if source is not None else []


def _words(source: Source, hook: str) -> list[str]:
    hooks = parse(source, "yaml").select("repos[*].hooks[*]")
    named = [(node.get("id"), node.get("args")) for node in hooks]
    return [each.text for name, args in named if name and name.text == hook and args for each in args.resolved.children]


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    for number, word in enumerate(words):
        if not word.startswith("-"):
            continue
        option, equals, value = word.partition("=")
        follows = words[number + 1] if number + 1 < len(words) and not words[number + 1].startswith("-") else ""
        yield option, value if equals else follows


def of_bandit(tree: Tree) -> dict[str, str]:
    """Options of ``[python]`` for what bandit is given; not for what is found without them."""
    given = {_BANDIT[option]: value for option, value in options_of(tree, "bandit") if option in _BANDIT and value and tree.exists(value)}
    given |= {_BANDIT[option]: value for option, value in options_of(tree, "bandit") if _BANDIT.get(option) == "bandit-profile" and value}
    try:
        found = read(tree, Settings())
    except SettingsError:
        return given
    if given.get("bandit-config") == found.name:
        del given["bandit-config"]
    return given


def skipped(tree: Tree) -> Iterator[Disabled]:
    """Tests that bandit is told to skip."""
    for option, value in options_of(tree, "bandit"):
        if option in ("-s", "--skip"):
            yield from (Disabled("bandit", each.strip(), PATH) for each in value.split(",") if each.strip())


def baselines(tree: Tree) -> list[str]:
    """Files that hold what other tools accept, those that they find by themselves first."""
    named = [value for option, value in options_of(tree, "detect-secrets") if option == "--baseline"]
    return [path for path in dict.fromkeys((*BASELINES, *named)) if path and tree.exists(path)]
