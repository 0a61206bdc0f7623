"""What the own readers share: scalars whose references are unknown, texts with template tags made harmless, and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..finding import Problem
from .node import UNKNOWN, Document, Node
from .reference import has_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..files.source import Source
    from .template import Neutral

_MAX_PROBLEMS: Final = 20


class Template:
    """The text of a source as its reader sees it: template tags, if it has any, replaced by characters that mean nothing."""

    __slots__ = ("neutral", "source", "text")

    def __init__(self, source: Source, neutral: Neutral | None = None) -> None:
        self.source = source
        self.neutral = neutral
        self.text = source.text if neutral is None else neutral.text

    @classmethod
    def of(cls, source: Source, language: str) -> Template:
        """``source`` read as a template of ``language`` (``go``, ``jinja``, ``erb``; empty: as it stands)."""
        if not language:
            return cls(source)
        from .template import neutralise

        return cls(source, neutralise(source.text, language))

    def scalar(self, start: int, end: int, text: str, format: str, style: str = "") -> Node:
        """The scalar written at ``start``–``end`` that decodes to ``text``; ``UNKNOWN`` when it holds a reference or an expression."""
        if self.neutral is not None and self.neutral.touches(start, end):
            text = self.neutral.restore(text, start, end)
            return Node("scalar", self.source, start, end, value=UNKNOWN, text=text, style=style)
        known = UNKNOWN if has_reference(text, format) else text
        return Node("scalar", self.source, start, end, value=known, text=text, style=style)

    def run(self, at: int) -> int:
        """Where the expression that stands at ``at`` ends; ``at`` when there is none."""
        if self.neutral is not None:
            while self.text.startswith(self.neutral.mark, at):
                at += 1
        return at


class Reading:
    """One reading of one source: its text, the nodes it makes and the problems it meets (not more than a few are kept)."""

    def __init__(self, source: Source, format: str, template: str = "") -> None:
        self.source = source
        self.format = format
        self.template = Template.of(source, template)
        self.text = self.template.text
        self.root = Node("mapping", source, 0, len(self.text))
        self.problems: list[Problem] = []

    def scalar(self, start: int, end: int, text: str, style: str = "") -> Node:
        """See :meth:`Template.scalar`."""
        return self.template.scalar(start, end, text, self.format, style)

    def literal(self, start: int, end: int, text: str, style: str = "") -> Node:
        """A scalar in which ``$`` means itself, as in a shell's single quotes; template tags still count."""
        node = self.template.scalar(start, end, text.replace("$", " "), self.format, style)
        if node.value is not UNKNOWN:
            node.value = text
        if self.template.neutral is None:
            node.text = text
        return node

    def mapping(self, start: int, end: int) -> Node:
        return Node("mapping", self.source, start, end)

    def problem(self, reason: str, start: int, end: int) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(reason, self.source.span(start, end)))

    def lines(self) -> Iterator[tuple[int, int]]:
        """Where each line begins and ends, without its line end."""
        starts = self.source.line_starts
        text = self.text
        for at, start in enumerate(starts):
            end = starts[at + 1] if at + 1 < len(starts) else len(text)
            while end > start and text[end - 1] in "\r\n":
                end -= 1
            yield start, end

    def document(self) -> Document:
        return Document(self.source, self.format, (self.root,), self.problems)


def grow(node: Node, stop: Node) -> None:
    """Every mapping from ``node``'s parent up to below ``stop`` reaches at least to the end of ``node``."""
    above = node.parent
    while above is not None and above is not stop:
        if above.end < node.end:
            above.end = node.end
        above = above.parent
