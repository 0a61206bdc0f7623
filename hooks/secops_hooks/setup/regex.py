"""Other tools' regular expressions for paths, as globs of ours: only where a glob means the same. What is searched for anywhere in a
path becomes a glob with ``**`` at its ends."""

from __future__ import annotations

from typing import Final

_MOST: Final = 40  # globs that one expression may become
_LONGEST: Final = 400
_STARTS: Final = ("(?:^|/)", "(^|/)", "(?:.*/)?", "(.*/)?", "^(?:.*/)?", "^(.*/)?")
_ENDS: Final = ("(?:/.*)?$", "(/.*)?$", "(?:/|$)", "(/|$)")
_CLASSES: Final = {"[^/]*": ("*",), "[^/]+": ("?*",), ".*": ("**",), ".+": ("**",), "[^/]": ("?",)}
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/@ ,=:~%&!'\"#")
_ESCAPED: Final = frozenset(".-/_ @+$()[]{}^|#")


class _Unlike(Exception):
    """No glob means this."""


def globs_of(pattern: str) -> list[str]:
    """The globs that together match the paths in which ``pattern`` is found; none where globs cannot say it."""
    if len(pattern) > _LONGEST or pattern.count("(") > _MOST:
        return []
    try:
        before, body, after = _ends(pattern)
        found = list(dict.fromkeys(f"{before}{each}{after}" for each in _alternatives(body)))
    except _Unlike:
        return []
    if not all(map(_is_same, found)):
        return []
    return [_tidy(each) for each in found]


def _is_same(glob: str) -> bool:
    """Whether ``glob`` is no wider than what it came from: it names something, and a file (a glob holds for directories, too, and
    for what lies in them)."""
    last = glob.rpartition("/")[2]
    return bool(glob.strip("*?/")) and ("*" not in last or last.endswith("*") or "." in last)


def _ends(pattern: str) -> tuple[str, str, str]:
    """What stands before and behind as parts of a glob, and the expression between."""
    before, after = "**", "**"
    start = next((each for each in _STARTS if pattern.startswith(each)), "")
    if start:
        before, pattern = "**/", pattern[len(start) :]
    elif pattern.startswith("^"):
        before, pattern = "", pattern[1:].removeprefix("\\./").removeprefix("./")
    end = next((each for each in _ENDS if pattern.endswith(each)), "")
    if end:
        after, pattern = "/**" if "|" not in end else "", pattern[: -len(end)]
        if not after and not pattern:
            raise _Unlike
    elif pattern.endswith("$") and not pattern.endswith("\\$"):
        after, pattern = "", pattern[:-1]
    return before, pattern, after


def _alternatives(body: str) -> list[str]:
    """Every text that ``body`` stands for, as parts of globs."""
    branches = _split(body)
    if len(branches) > 1:
        return _bounded([each for branch in branches for each in _alternatives(branch)])
    found, at = [""], 0
    while at < len(body):
        choices, at = _piece(body, at)
        if body[at : at + 1] == "?":
            choices, at = [*choices, ""], at + 1
        elif body[at : at + 1] in ("*", "+", "{"):
            raise _Unlike
        found = _bounded([left + right for left in found for right in choices])
    return found


def _piece(body: str, at: int) -> tuple[list[str], int]:
    """What one atom of ``body`` at ``at`` can be, and where the next one begins."""
    for known, choices in _CLASSES.items():
        if body.startswith(known, at):
            return list(choices), at + len(known)
    char = body[at]
    if char == "\\":
        if body[at + 1 : at + 2] not in _ESCAPED:
            raise _Unlike
        return [body[at + 1]], at + 2
    if char == "(":
        end = _closing(body, at)
        inside = body[at + 1 : end].removeprefix("?:")
        if inside.startswith("?"):
            raise _Unlike
        return _alternatives(inside), end + 1
    if char == ".":
        return ["?"], at + 1
    if char not in _PLAIN:
        raise _Unlike
    return [char], at + 1


def _closing(body: str, at: int) -> int:
    depth = 0
    while at < len(body):
        if body[at] == "\\":
            at += 1
        elif body[at] == "[":
            raise _Unlike
        else:
            depth += {"(": 1, ")": -1}.get(body[at], 0)
            if depth == 0:
                return at
        at += 1
    raise _Unlike


def _split(body: str) -> list[str]:
    """``body`` at the bars that stand in no group."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(body):
        if body[at] == "\\":
            at += 1
        elif body[at] == "|" and depth == 0:
            parts.append(body[start:at])
            start = at + 1
        else:
            depth += {"(": 1, ")": -1}.get(body[at], 0)
        at += 1
    return [*parts, body[start:]]


def _bounded(found: list[str]) -> list[str]:
    if len(found) > _MOST:
        raise _Unlike
    return found


def _tidy(glob: str) -> str:
    while "***" in glob:
        glob = glob.replace("***", "**")
    glob = glob.replace("**/**/", "**/")
    if glob.startswith("**/") and glob.endswith("/**") and not set(glob[3:-3]) & set("*/"):
        return glob[3:-2]  # a directory at any depth
    if not glob.startswith("*") and "/" not in glob.rstrip("/").removesuffix("/**"):
        glob = "/" + glob  # at the root only
    if glob.startswith("**/") and "/" not in glob[3:].rstrip("/") and "*" not in glob[3:]:
        glob = glob[3:]  # a name at any depth
    return glob.removesuffix("**") if glob.endswith("/**") and "*" not in glob[:-3] else glob
