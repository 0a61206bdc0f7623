"""Gemfile.lock against Gemfile: the DEPENDENCIES section lists every gem that the Gemfile asks for, with its requirements.

A Gemfile is a program; only calls with literal arguments are read, and one that computes gems cannot be judged wholly
(``Bundler::Definition#ensure_equivalent_gemfile_and_lockfile``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from .model import Verdict, drifted, unverifiable

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: bundle lock"
_CALL: Final = re.compile(
    r"""^[ \t]*gem[ \t(]+(['"])([A-Za-z0-9._-]+)\1[ \t]*(,[^\n]*(?:,[ \t]*(?:#[^\n]*)?\n[^\n]*){0,20})?""", re.MULTILINE
)
_VERSION: Final = re.compile(r"""[,\[]\s*(['"])\s*((?:[<>=~!]{0,2}\s*)\d[\w.\-]*)\s*\1(?=\s*(?:[,\])]|\Z|#|if\b|unless\b))""")
_DYNAMIC: Final = re.compile(r"^(?:[ \t]*+(?:gemspec|eval_gemfile|instance_eval)|[^\n]*\bgem[ \t(]++(?!['\"])\S|[^\n]*#\{)", re.MULTILINE)
_CONDITION: Final = re.compile(r"^[ \t]*(?:if|unless|case|else|elsif|when)\b|\bENV\b|\b(?:each|map)\b.*\b(?:do|\{)", re.MULTILINE)
_SECTION: Final = re.compile(r"^DEPENDENCIES\r?\n((?:  [^\n]*\n?)*)", re.MULTILINE)
_LOCKED: Final = re.compile(r"^  ([^\s!(]+)(?: \(([^)]*)\))?(!)?[ \t]*\r?$", re.MULTILINE)


class Gem(NamedTuple):
    """A gem with its requirements (``None``: not known) and where it stands."""

    name: str
    versions: frozenset[str] | None
    start: int
    end: int


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each gem on which the two disagree."""
    section = _SECTION.search(lock.text)
    if section is None:
        yield unverifiable(lock, f"this lock has no DEPENDENCIES; {_RUN}")
        return
    wanted = {each.name: each for each in _gems(manifest.text)}
    kept = {each.name: each for each in _dependencies(lock.text, section)}
    for name, gem in wanted.items():
        old = kept.get(name)
        if old is None:
            if not _CONDITION.search(manifest.text):
                yield drifted(manifest, (gem.start, gem.end), f"{name} is not in {lock.path}; {_RUN}", name)
        elif gem.versions is not None and old.versions is not None and gem.versions != old.versions:
            shown, then = ", ".join(sorted(gem.versions)) or "any version", ", ".join(sorted(old.versions)) or "any version"
            yield drifted(manifest, (gem.start, gem.end), f"{name} is {shown} here, but {then} in {lock.path}; {_RUN}", name)
    if _DYNAMIC.search(_bare(manifest.text)):
        yield unverifiable(lock, f"{manifest.path} computes some of its gems")
        return
    for name, gem in kept.items():
        if name not in wanted:
            message = f"{name} is no longer in {manifest.path}; {_RUN}"
            yield drifted(lock, (gem.start, gem.end), message, name, about=manifest.path)


def _bare(text: str) -> str:
    return re.sub(r"(?m)^[ \t]*#.*$", "", text)


def _gems(text: str) -> Iterator[Gem]:
    seen: set[str] = set()
    for m in _CALL.finditer(text):
        rest = re.sub(r"[ \t]#[^\n'\"]*$", "", m[3] or "", flags=re.MULTILINE)
        options = re.search(r"\b\w+:\s|=>", rest)
        head = rest[: options.start()] if options else rest
        versions = frozenset(_normal(v[2]) for v in _VERSION.finditer(head))
        literal = not re.sub(r"""['"][^'"]*['"]|[\s,\[\])]|\b(?:if|unless)\b.*|:\w*\Z""", "", head)
        again = m[2] in seen
        seen.add(m[2])
        yield Gem(m[2], versions if literal and not again else None, m.start(2), m.end(2))


def _dependencies(text: str, section: re.Match[str]) -> Iterator[Gem]:
    for m in _LOCKED.finditer(text, section.start(1), section.end(1)):
        versions = frozenset(_normal(each) for each in (m[2] or "").split(",") if each.strip())
        yield Gem(m[1], versions - {">= 0"}, m.start(1), m.end(1))


def _normal(requirement: str) -> str:
    m = re.fullmatch(r"\s*([<>=~!]{1,2})?\s*(\S+)\s*", requirement)
    return f"{m[1] or '='} {m[2]}" if m else requirement.strip()
