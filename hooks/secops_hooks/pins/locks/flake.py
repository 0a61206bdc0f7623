"""flake.lock against flake.nix: every input that the flake names is an input of the root node, with the same origin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from .model import Verdict, drifted, json_of, table

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: nix flake lock"
_STRING: Final = r'"([^"\\$]*)"'
_DOTTED: Final = re.compile(rf'^[ \t]*inputs\.("?)([\w-]+)\1\.(?:url[ \t]*=[ \t]*{_STRING}|\w)', re.MULTILINE)
_BLOCK: Final = re.compile(r"^[ \t]*inputs[ \t]*=[ \t]*\{", re.MULTILINE)
_INNER: Final = re.compile(rf'("?)([\w-]+)\1(?:\.url[ \t]*=[ \t]*{_STRING}|\.[\w.-]+[ \t]*=|[ \t]*=[ \t]*\{{)')
_SHORT: Final = re.compile(r"(github|gitlab|sourcehut):([^/?]+)/([^/?]+)(?:/([^?]+))?(?:\?.*)?\Z")


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each input on which the two disagree."""
    locked = json_of(lock)
    if locked is None:
        return
    nodes = table(locked, "nodes")
    root = table(nodes, str(locked.get("root", "root")), "inputs")
    wanted, whole = _inputs(manifest.text)
    for name, (url, start, end) in wanted.items():
        if name not in root:
            yield drifted(manifest, (start, end), f"the input {name} is not in {lock.path}; {_RUN}", name)
            continue
        node = root[name]
        original = table(nodes, node, "original") if isinstance(node, str) else {}
        if url and original and _differs(url, original):
            message = f"the input {name} is {url} here, but {_shown(original)} in {lock.path}; {_RUN}"
            yield drifted(manifest, (start, end), message, name)
    if whole:
        for name in root:
            if name not in wanted and not re.search(rf"\boutputs\b[^:]*\b{re.escape(name)}\b[^:]*:", manifest.text):
                m = re.search(rf'^ +("{re.escape(name)}")\s*:', lock.text, re.MULTILINE)
                message = f"the input {name} is no longer in {manifest.path}; {_RUN}"
                yield drifted(lock, m.span(1) if m else (0, 0), message, name, about=manifest.path)


def _inputs(text: str) -> tuple[dict[str, tuple[str, int, int]], bool]:
    """Name to URL (empty if not literal) and position of every input; and whether all inputs are written out literally."""
    text = re.sub(r"/\*[\s\S]*?\*/|(?<![:\w])#[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    found: dict[str, tuple[str, int, int]] = {}

    def add(name: str, url: str | None, start: int, end: int) -> None:
        if name not in found or (url and not found[name][0]):
            found[name] = (url or "", start, end)

    block = _BLOCK.search(text)
    inside = range(block.end(), _closing(text, block.end())) if block is not None else range(0)
    for m in _DOTTED.finditer(text):
        if m.start() not in inside:
            add(m[2], m[3], m.start(2), m.end(2))
    if block is not None:
        at = block.end()
        while at < len(text):
            at += len(text[at:]) - len(text[at:].lstrip())
            entry = _INNER.match(text, at)
            if entry is None:
                return found, text[at : at + 1] == "}"
            url, at = entry[3], entry.end()
            if entry[0].endswith("{"):
                close = _closing(text, at)
                inner = re.search(rf"\burl[ \t]*=[ \t]*{_STRING}", text[at:close])
                url, at = inner[1] if inner else None, close
            add(entry[2], url, entry.start(2), entry.end(2))
            end = text.find(";", at)
            if end < 0:
                return found, False
            at = end + 1
    return found, bool(found)


def _closing(text: str, at: int) -> int:
    """Behind the brace that closes what is open at ``at``."""
    depth = 1
    for m in re.compile(r'"(?:[^"\\]|\\.)*+"|[{}]').finditer(text, at):
        depth += {"{": 1, "}": -1}.get(m[0], 0)
        if depth == 0:
            return m.end()
    return len(text)


def _differs(url: str, original: dict[str, Any]) -> bool:
    """Whether a URL of a known short form surely names something else than ``original``."""
    m = _SHORT.match(url)
    if m is None:
        return False
    if original.get("type") != m[1]:
        return original.get("type") in ("github", "gitlab", "sourcehut")
    reference = original.get("ref") or original.get("rev")
    names = (str(original.get("owner", "")).lower(), str(original.get("repo", "")).lower())
    return names != (m[2].lower(), m[3].lower()) or ((m[4] or None) != reference and "ref=" not in url and "rev=" not in url)


def _shown(original: dict[str, Any]) -> str:
    parts = [str(original.get(key)) for key in ("owner", "repo", "ref", "rev") if original.get(key)]
    return f"{original.get('type')}:{'/'.join(parts)}"
