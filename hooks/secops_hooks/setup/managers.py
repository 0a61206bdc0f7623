"""Our command in the files of other hook managers: lefthook's YAML and husky's scripts. What is there stays, byte by byte."""

from __future__ import annotations

import re
from typing import Final

from ..files.source import Source
from ..files.tree import Tree, Unreadable
from ..parse import parse
from ..parse.node import Document, Node
from .hooks import end_of

COMMAND: Final = "secops-hooks all --staged"
LEFTHOOK: Final = ("lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml")
HUSKY: Final = ".husky/pre-commit"
LINT_STAGED: Final = '"*": "secops-hooks all"'
_LINT_STAGED_FILES: Final = (".lintstagedrc", *(f".lintstagedrc.{end}" for end in ("json", "yaml", "yml", "js", "cjs", "mjs", "ts")))
_LINT_STAGED_CODE: Final = tuple(f"lint-staged.config.{end}" for end in ("js", "cjs", "mjs", "ts"))
_ENTRY: Final = re.compile(r"([ \t]*)(?:-[ \t]|[^\s#{\[-])")  # of a block: it begins its line


def with_line(script: str) -> str:
    """husky's ``script`` with our command as its last line."""
    newline = "\r\n" if "\r\n" in script else "\n"
    return script + ("" if not script or script.endswith("\n") else newline) + COMMAND + newline


def with_job(text: str) -> str | None:
    """lefthook's configuration with our job among those of ``pre-commit``; ``None`` where that is not plainly possible."""
    document = _document(text)
    root = document.roots[0] if len(document.roots) == 1 else None
    if document.problems or document.source.text != text or (root is not None and root.kind != "mapping") or len(document.roots) > 1:
        return None
    hook = root.get("pre-commit") if root is not None else None
    if hook is None:
        new = text + ("" if not text or text.endswith("\n") else "\n") + f"pre-commit:\n  jobs:\n    - name: secops\n      run: {COMMAND}\n"
    else:
        new = _beside(text, document.source, hook) or ""
    after = _document(new)
    kept = len(_runs(after)) == len(_runs(document)) + 1 and not after.problems
    return new if kept and COMMAND in _runs(after) else None


def lint_staged(tree: Tree) -> Source | None:
    """The file in which lint-staged is told what to run, if it is used."""
    try:
        for name in (*_LINT_STAGED_FILES, *_LINT_STAGED_CODE):
            if (source := tree.find(name)) is not None:
                return source
        package = tree.find("package.json")
    except Unreadable:
        return None
    roots = parse(package, "json").roots if package is not None else ()
    return package if roots and roots[0].get("lint-staged") is not None else None


def has_command(text: str) -> bool:
    """Whether the hook is there already, however it is called."""
    return "secops-hooks" in text


def _beside(text: str, source: Source, hook: Node) -> str | None:
    """Behind the last job or command that ``hook`` has."""
    for key in ("jobs", "commands"):
        node = hook.get(key)
        if node is None or not node.children:
            continue
        last = node.children[-1]
        entry = _ENTRY.match(source.line((last.span if key == "jobs" else last.key_span).line))
        if entry is None:
            return None
        indent = entry[1]
        name = "- name: secops\n" if key == "jobs" else "secops:\n"
        at = end_of(text, last)
        start = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
        return f"{start}{indent}{name}{indent}  run: {COMMAND}\n{text[at:]}"
    return None


def _runs(document: Document) -> list[str]:
    found = (*document.select("pre-commit.jobs[*].run"), *document.select("pre-commit.commands.*.run"))
    return [node.text for node in found]


def _document(text: str) -> Document:
    return parse(Source.from_text(LEFTHOOK[0], text), "yaml")
