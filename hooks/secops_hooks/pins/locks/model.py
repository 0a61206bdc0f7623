"""What a comparison of manifest and lock says, and the small things that every ecosystem needs for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree


ANY = "*"  # as ``about``: every manifest of the workspace


class Verdict(NamedTuple):
    """One disagreement (``drift``) or one thing that cannot be decided offline, at ``source.text[start:end]``.

    ``name`` is the dependency it is about, empty for the whole pair; ``about`` the manifest that is concerned, empty for the
    file it is reported in.
    """

    drift: bool
    source: Source
    start: int
    end: int
    message: str
    name: str = ""
    about: str = ""


def drifted(source: Source, place: tuple[int, int], message: str, name: str = "", about: str = "") -> Verdict:
    """A disagreement."""
    return Verdict(True, source, *place, message, name, about)


def unverifiable(source: Source, message: str) -> Verdict:
    """Something that cannot be decided, said at the beginning of the file."""
    return Verdict(False, source, 0, 0, message)


def table(data: Any, *keys: str) -> dict[str, Any]:
    """The table that lies under ``keys``, one step each; empty when there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def strings(value: Any) -> list[str]:
    """The strings of a list; empty when it is none."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def place_of(source: Source, pattern: str, *names: str) -> tuple[int, int]:
    """Where ``pattern`` (its first group, if any) first matches in ``source``; ``{}`` in it stands for each of ``names`` in turn.

    The beginning of the file when it does not occur.
    """
    m = re.search(pattern.format(*map(re.escape, names)), source.text, re.MULTILINE)
    return (0, 0) if m is None else m.span(1) if m.re.groups else m.span()


def parsed_json(source: Source) -> Any:
    """What a JSON file holds, parsed once; ``None`` when it is broken (or holds nothing but ``null``)."""
    if "json" not in source.memo:
        from json import loads

        try:
            source.memo["json"] = loads(source.text)
        except (ValueError, RecursionError):
            source.memo["json"] = None
    return source.memo["json"]


def json_of(source: Source) -> dict[str, Any] | None:
    """The object that a JSON file holds; ``None`` when it holds none (the file's own check reports broken JSON)."""
    data = parsed_json(source)
    return data if isinstance(data, dict) else None


def toml_of(source: Source) -> dict[str, Any] | None:
    """The table that a TOML file holds; ``None`` when it is broken (the file's own check reports that)."""
    from tomllib import TOMLDecodeError, loads

    try:
        return loads(source.text)
    except (TOMLDecodeError, RecursionError):
        return None


def below(path: str, name: str) -> str:
    """``name`` in the directory of the file at ``path``, ``.`` and ``..`` resolved."""
    parts: list[str] = path.split("/")[:-1]
    for part in name.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts)


def members(path: str, patterns: list[str], name: str, tree: Tree) -> Iterator[str]:
    """Paths of the files called ``name`` in the directories that the globs of the workspace at ``path`` choose."""
    prefix = path.rpartition("/")[0]
    skip = len(prefix) + 1 if prefix else 0
    for each in sorted(tree.paths()):
        inside = each.endswith("/" + name) and (not prefix or each.startswith(prefix + "/"))
        if inside and chosen_by(patterns, each[skip:].rpartition("/")[0]):
            yield each


def chosen_by(patterns: list[str], directory: str) -> bool:
    """Whether the globs of a workspace choose ``directory``; ``!glob`` takes out again."""
    chosen = any(_covers(p, directory) for p in patterns if not p.startswith("!"))
    return chosen and not any(_covers(p[1:], directory) for p in patterns if p.startswith("!"))


def _covers(pattern: str, directory: str) -> bool:
    """Whether ``pattern`` names exactly ``directory``, not what lies below it."""
    from ...policy.glob import matches

    pattern = pattern.removeprefix("./").rstrip("/")
    if pattern == directory:
        return True
    return matches(f"/{pattern}", directory) and ("**" in pattern or pattern.count("/") == directory.count("/"))


def entry_in(source: Source, section: str, name: str) -> tuple[int, int]:
    """Where the entry of ``name`` in ``section`` of a JSON file stands, key to value; the file's beginning without one."""
    opening = re.search(rf'"{re.escape(section)}"\s*:\s*\{{', source.text)
    entry = re.compile(rf'"{re.escape(name)}"\s*:\s*"(?:[^"\\]|\\.)*"')
    m = entry.search(source.text, opening.end()) if opening else None
    m = m or entry.search(source.text)
    return (0, 1) if m is None else m.span()
