"""Our block in ``.pre-commit-config.yaml``: appended to what is there, every byte of which stays."""

from __future__ import annotations

import re
from typing import Final

from ..files.source import Source
from ..parse import parse
from ..parse.node import Document, Node

PATH: Final = ".pre-commit-config.yaml"
REPOSITORY: Final = "https://github.com/secops-hooks/secops-hooks"


def block(version: str, indent: str) -> str:
    """The entry of ``repos`` that installs the hook."""
    lines = (f"- repo: {REPOSITORY}", f"  rev: v{version}", "  hooks:", "    - id: secops")
    return "".join(f"{indent}{line}\n" for line in lines)


def has_hook(text: str) -> bool:
    """Whether a configuration has a hook of ours."""
    return any(node.text.startswith("secops") for node in _document(text).select("repos[*].hooks[*].id"))


def with_block(text: str, version: str) -> str | None:
    """``text`` with our block behind the last entry of ``repos``; ``None`` where that cannot be done without changing what is there."""
    if not text.strip():
        return f"repos:\n{block(version, '  ')}"
    document = _document(text)
    source = document.source
    repos = document.roots[0].get("repos") if len(document.roots) == 1 and not document.problems else None
    if repos is None or repos.kind != "sequence" or not repos.children or source.text != text:
        return None
    last = repos.children[-1]
    opening = source.line(last.span.line)
    dash = re.match(r"([ \t]*)-(?=[ \t]|\r?$)", opening)
    if dash is None:
        return None
    at = end_of(text, last)
    newline = "\r\n" if "\r\n" in text else "\n"
    added = block(version, dash[1]).replace("\n", newline)
    new = text[:at] + ("" if text[:at].endswith("\n") else newline) + added + text[at:]
    return new if _is_grown(new, repos) else None


def end_of(text: str, last: Node) -> int:
    """Behind the line on which the last text, or the last bracket, of ``last`` ends. A block's own end may lie below it."""
    ends = (node.end for node in last.walk() if node.kind == "scalar" or text[node.start : node.start + 1] in ("[", "{"))
    end = max(ends, default=last.end)
    while end > 0 and text[end - 1] in "\r\n":
        end -= 1
    stop = text.find("\n", end)
    return len(text) if stop < 0 else stop + 1


def _is_grown(text: str, repos: Node) -> bool:
    """Whether ``text`` reads as the entries of ``repos``, none of them changed, and ours."""
    document = _document(text)
    now = document.roots[0].get("repos") if len(document.roots) == 1 and not document.problems else None
    return now is not None and _shape(now)[:-1] == _shape(repos) and has_hook(text)


def _shape(repos: Node) -> list[list[tuple[str, str]]]:
    """Path and text of everything in each entry."""
    return [[(node.path, node.text) for node in entry.walk()] for entry in repos.children]


def _document(text: str) -> Document:
    return parse(Source.from_text(PATH, text), "yaml")
