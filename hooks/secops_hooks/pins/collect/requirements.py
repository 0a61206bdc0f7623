"""Requirements and constraints files of pip: requirements, hashes, options, includes.

Format: https://pip.pypa.io/en/stable/reference/requirements-file-format/. A comment begins at a ``#`` at the start of a line or
behind a blank; a backslash at the end of a line continues it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ..mend import copy_hashes
from ..pep508 import parse_requirement
from ..reference import Collected, Level, Mark, Reference
from ..url import STRONG, is_url, locate, plain_http

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse import File

_COMMENT: Final = r"(^|\s+)#.*$"
_HASH: Final = r"--hash[=\s]\s*[\"']?([A-Za-z0-9]+):([0-9A-Fa-f]+)[\"']?"
_VARIABLE: Final = r"\$\{[A-Z0-9_]+\}|\$[A-Za-z_(]|\{\{|\{%|@[A-Z_]+@|<[A-Za-z_ -]+>|\{[a-z_.]+\}"
_MAX_INCLUDES: Final = 200


class Line(NamedTuple):
    """A logical line without its comment: its text, and where each piece of it stands."""

    text: str
    start: int
    offsets: tuple[tuple[int, int], ...]  # (index in text, offset in the file)

    def at(self, index: int) -> int:
        """The offset in the file of character ``index`` of the text."""
        offset = self.start
        for first, place in self.offsets:
            if first > index:
                break
            offset = place + index - first
        return offset


class Option(NamedTuple):
    """``name`` as its long form, its value, and where the value stands in the line (the option itself when it has none)."""

    name: str
    value: str
    start: int
    end: int


_LONG: Final = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "--pypi-url": "--index-url",
    "-f": "--find-links",
}


def lines(source: Source) -> Iterator[Line]:
    """The logical lines of ``source`` that hold anything."""
    comment = _pattern(_COMMENT)
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    size = 0
    text = source.text
    starts = source.line_starts
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(text)
        raw = text[start:end].rstrip("\r\n")
        commented = raw.lstrip().startswith("#")
        goes_on = raw.endswith("\\") and not commented
        if commented:
            raw = ""
        piece = raw.rstrip("\\") if goes_on else raw
        places.append((size, start))
        pieces.append(piece)
        size += len(piece)
        if goes_on:
            continue
        whole = comment.sub("", "".join(pieces)).rstrip()
        if whole.strip():
            yield Line(whole, places[0][1], tuple(places))
        pieces, places, size = [], [], 0
    whole = comment.sub("", "".join(pieces)).rstrip()
    if whole.strip():
        yield Line(whole, places[0][1], tuple(places))


@lru_cache(maxsize=16)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def options(line: Line) -> tuple[str, list[Option]]:
    """The requirement (if any) in front of a line's options, and the options."""
    text = line.text
    lead = len(text) - len(text.lstrip())
    body_end = len(text)
    found: list[Option] = []
    marks = list(_pattern(r"(?:^|(?<=\s))(--?[A-Za-z][\w-]*)(?:\s*=\s*|\s+|$)").finditer(text, lead))
    marks = [m for m in marks if m[1].startswith("--") or m[1] in _LONG or m.start() == lead]
    if marks:
        body_end = marks[0].start()
    for number, m in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        value = text[m.end() : stop].strip()
        start = m.end() + len(text[m.end() : stop]) - len(text[m.end() : stop].lstrip()) if value else m.start(1)
        end = start + len(value) if value else m.end(1)
        found.append(Option(_LONG.get(m[1], m[1]), value.strip("\"'"), start, end))
    return text[:body_end].rstrip(), found


def collect(file: File, tree: Tree) -> Collected:
    """The references of a requirements file, and of the files it includes that nothing but this include makes requirements."""
    seen: set[str] = set()
    hashed = _hash_mode(file.source, tree, seen)
    yield from _of_file(file.source, tree, hashed, {file.path})


def _hash_mode(source: Source, tree: Tree, seen: set[str]) -> bool:
    """Whether pip would demand hashes: one requirement here or in an included file has one, or the option says so."""
    if source.path in seen or len(seen) > _MAX_INCLUDES:
        return False
    seen.add(source.path)
    if "--hash" in source.text and _pattern(_HASH).search(source.text):
        return True
    for line in lines(source):
        for option in options(line)[1]:
            if option.name == "--require-hashes":
                return True
            if option.name == "--requirement" and not is_url(option.value):
                other = tree.find(beside(source.path, option.value))
                if other is not None and _hash_mode(other, tree, seen):
                    return True
    return False


def beside(path: str, name: str) -> str:
    """The tree path of ``name`` as seen from the file at ``path``."""
    parts = path.split("/")[:-1]
    for part in name.replace("\\", "/").split("/"):
        if part == "..":
            if parts and parts[-1] != "..":
                parts.pop()
            else:
                parts.append("..")
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _of_file(source: Source, tree: Tree, hashed: bool, visited: set[str]) -> Collected:
    constraint = "constraint" in source.path.rpartition("/")[2].lower()
    locked = _compiled(source, tree)
    found: list[Reference | Mark] = []
    requirements = odd = 0
    for line in lines(source):
        body, opts = options(line)
        if body.strip() and not _looks_like_requirement(body):
            odd += 1
            found.append(_unread(source, line, body))
        elif body.strip():
            requirements += 1
            found += _requirement(source, tree, line, body, hashed and not constraint, constraint, locked)
        for option in opts:
            found += _option(source, tree, line, option, hashed, visited)
    if requirements >= odd:  # else this is prose or another tool's list, which pip could not install either
        yield from found


def _unread(source: Source, line: Line, body: str) -> Mark:
    """A line that is no requirement: pip fails on it, and nothing it was meant to say has been checked."""
    lead = len(body) - len(body.lstrip())
    start, end = line.at(lead), line.at(len(body.rstrip()) - 1) + 1
    if not body.isascii():
        from ..names import odd_character

        return Mark(
            "confusable-name",
            source,
            start,
            end,
            f"the name holds {odd_character(body.strip())}, which makes it another than it looks like",
        )
    return Mark("unanalysable", source, start, end, "this file could not be analysed: this line is no requirement")


def _compiled(source: Source, tree: Tree) -> bool:
    """Whether this is the input of a compiled file that lies beside it (``requirements.in`` and ``requirements.txt``)."""
    return source.path.endswith(".in") and tree.exists(source.path[:-3] + ".txt")


def _looks_like_requirement(body: str) -> bool:
    text = body.strip()
    return (
        is_url(text)
        or "/" in text
        or "\\" in text
        or text.startswith((".", "~"))
        or _is_dynamic(text)
        or text.endswith((".whl", ".zip", ".tar.gz"))
        or parse_requirement(body) is not None
    )


def _is_dynamic(text: str) -> bool:
    return _pattern(_VARIABLE).search(text) is not None


def _requirement(source: Source, tree: Tree, line: Line, body: str, hashed: bool, constraint: bool, locked: bool) -> Collected:
    hashes = _pattern(_HASH).findall(line.text)
    strong = next((f"{name}:{digest}" for name, digest in hashes if len(digest) == STRONG.get(name.lower(), -1)), "")
    text = body.strip()
    lead = len(body) - len(body.lstrip())
    role = "constraint" if constraint else "requirement"
    for name, digest in hashes:
        if len(digest) != STRONG.get(name.lower(), -1):
            at = line.text.index(f"{name}:{digest}")
            start = line.at(at)
            yield Mark(
                "weak-hash",
                source,
                start,
                start + len(name) + len(digest) + 1,
                f"{name} does not pin {text.split()[0]}: pip takes sha256, sha384 and sha512",
                subject=text,
            )
    requirement = parse_requirement(body)
    if requirement is None or _is_dynamic(text) or (text.endswith((".whl", ".zip", ".tar.gz")) and not requirement.url):
        yield from url_reference(source, text, line.at(lead), line.at(lead + len(text) - 1) + 1, role, strong)
        return
    start, end = line.at(requirement.start), line.at(requirement.end - 1) + 1
    if requirement.url:
        yield from url_reference(
            source, requirement.url, line.at(requirement.end - len(requirement.url)), end, role, strong, requirement.name
        )
        return
    level: Level = "floating"
    if requirement.exact:
        level = "content" if strong else "version"
    if hashed and not strong and not hashes:
        message = f"{requirement.name} has no hash while others here have: pip refuses the whole file"
        behind = line.at(len(body.rstrip()) - 1) + 1
        fix = copy_hashes(source, behind, requirement.name, requirement.versions.strip("= "), tree) if level == "version" else None
        yield Mark("missing-hash", source, start, end, message, subject=requirement.name, fix=fix)
        if level == "version":
            return
    if requirement.versions and level == "floating":
        start, end = line.at(requirement.versions_start), line.at(requirement.versions_end - 1) + 1
    yield Reference("pypi", requirement.name, requirement.versions, strong, level, source, start, end, role, locked=locked)


def url_reference(
    source: Source, url: str, start: int, end: int, role: str, content: str = "", name: str = "", key_path: str = "", locked: bool = False
) -> Collected:
    """The reference of a requirement that is a URL or a path; nothing for a local one."""
    place = locate(url)
    shown = name or place.name or url
    if place.kind in ("local", "unknown"):
        return
    if place.plain:
        yield Mark("plain-http-source", source, start, end, f"{shown} is fetched without TLS", key_path, shown)
    if place.weak and not content:
        yield Mark("weak-hash", source, start, end, f"{place.weak} does not pin {shown}: use #sha256=…", key_path, shown)
        return
    pinned = content or place.content_id
    level: Level = "content" if pinned else "floating" if place.kind == "git" else "unverifiable"
    yield Reference("git" if place.kind == "git" else "url", shown, place.ref, pinned, level, source, start, end, role, key_path, locked)


def _option(source: Source, tree: Tree, line: Line, option: Option, hashed: bool, visited: set[str]) -> Collected:
    start, end = line.at(option.start), line.at(option.end - 1) + 1
    value = option.value
    if option.name in ("--index-url", "--extra-index-url", "--find-links") and plain_http(value):
        yield Mark("plain-http-source", source, start, end, f"{option.name} fetches packages without TLS", subject=value)
    if option.name == "--extra-index-url" and value:
        yield Mark("extra-index-url", source, start, end, subject=_host(value))
    elif option.name == "--trusted-host" and value:
        yield Mark("trusted-host", source, start, end, subject=value)
    elif option.name == "--editable":
        text = value
        requirement = parse_requirement(value)
        if requirement is not None and requirement.url:
            text = requirement.url
            start = end - len(text)
        if is_url(text):
            yield from url_reference(source, text, start, end, "requirement")
    elif option.name in ("--requirement", "--constraint") and value and not _is_dynamic(value):
        yield from _include(source, tree, value, start, end, hashed, visited)


def _include(source: Source, tree: Tree, value: str, start: int, end: int, hashed: bool, visited: set[str]) -> Collected:
    if is_url(value):
        if plain_http(value):
            yield Mark("plain-http-source", source, start, end, "requirements are included over a connection without TLS", subject=value)
        elif not value.startswith("file:"):
            yield Reference("url", value, "", "", "unverifiable", source, start, end, "include")
        return
    path = beside(source.path, value)
    if path.startswith("..") or value.startswith("/") or path in visited or len(visited) > _MAX_INCLUDES:
        return
    visited.add(path)
    other = tree.find(path)
    if other is None:
        yield Mark(
            "missing-include", source, start, end, f"{value} is not in the repository, so its requirements cannot be checked", subject=value
        )
        return
    from ...files.filetype import by_path

    if "requirements" not in by_path(path).kinds:
        yield from _of_file(other, tree, hashed, visited)


def _host(url: str) -> str:
    return url.partition("://")[2].split("/")[0].rpartition("@")[2]
