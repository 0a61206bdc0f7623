"""Examples of rules: small files whose «…» mark exactly what must be reported. Reads the marks and runs a rule on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..files.source import Source
from ..files.tree import MemoryTree
from ..parse import load
from .rules import EXAMPLE_PATHS

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..finding import Example, Finding, Rule, Span
    from ..parse import File

_OPEN, _CLOSE = "«", "»"


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without marks, and the offsets in it between each pair of them."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    at = start = 0
    for char in text:
        if char == _OPEN:
            start = at
        elif char == _CLOSE:
            marks.append((start, at))
        else:
            pieces.append(char)
            at += 1
    return "".join(pieces), marks


def place(rule: Rule, example: Example) -> str:
    """Where the example lies: where it says, or where files of the rule's kind usually do."""
    kinds: Iterable[str] = getattr(rule.match, "kinds", ())
    return example.path or next((EXAMPLE_PATHS[kind] for kind in kinds if kind in EXAMPLE_PATHS), EXAMPLE_PATHS["*"])


def failures(rule: Rule, check: Callable[[File, Tree], Iterable[Finding]]) -> list[str]:
    """What is wrong with the rule, by its own examples: one line each; none when it is proved."""
    wrong = []
    for name, examples in (("bad", rule.bad), ("good", rule.good)):
        for number, example in enumerate(examples, start=1):
            text, marks = unmark(example.text)
            path = place(rule, example)
            source = Source.from_text(path, text)
            expected = sorted(source.span(*mark) for mark in marks)
            where = f"rule {rule.id}, {name} example {number}"
            if bool(expected) != (name == "bad"):
                wrong.append(f"{where}: " + ("marks nothing with «…»" if name == "bad" else "marks something with «…»"))
                continue
            tree = MemoryTree({path: text, **dict(example.beside)})
            file = load(tree, path)
            found = list(check(file, tree)) if file is not None else []
            spans = sorted(finding.span for finding in found if finding.rule.id == rule.id)
            if spans != expected:
                wrong.append(f"{where}: expected {_places(expected)}, found {_places(spans)}")
    return wrong


def _places(spans: list[Span]) -> str:
    return ", ".join(f"{span.line}:{span.col}-{span.end_line}:{span.end_col}" for span in spans) or "nothing"
