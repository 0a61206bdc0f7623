"""Templates (Go as in Helm, Jinja, ERB) neutralised in place, so that what stands around them can be parsed.

The text keeps its length and its lines. A line that only controls (``{{- if … }}``, ``{% for … %}``) becomes blank;
an expression inside a value becomes placeholder characters, and the value around it is ``UNKNOWN`` to every check.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final, NamedTuple

_PATTERNS: Final = {
    "go": r"\{\{-?[ \t\r\n]*/\*.*?\*/[ \t\r\n]*-?\}\}|\{\{(?:\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|[^\"`}]|\}(?!\}))*\}\}",
    "jinja": r"\{#.*?#\}|\{%(?:[^%]|%(?!\}))*%\}|\{\{(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[^\"'}]|\}(?!\}))*\}\}",
    "erb": r"<%(?:[^%]|%(?!>))*%>",
}
_MARKS: Final = "\ue000\ue001\ue002\ue003"


class Neutral(NamedTuple):
    """Neutralised ``text`` and where the ``expressions`` (start, end; ascending) stood in ``original``; ``mark`` fills them."""

    text: str
    original: str
    expressions: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]
    mark: str

    def touches(self, start: int, end: int) -> bool:
        """Whether an expression stands in ``text[start:end]``."""
        at = bisect_left(self.starts, start)
        return at < len(self.starts) and self.starts[at] < end

    def restore(self, decoded: str, start: int, end: int) -> str:
        """``decoded``, the value of ``text[start:end]``, with its expressions as they were written."""
        at = bisect_left(self.starts, start)
        parts: list[str] = []
        done = 0
        for run in re.finditer(f"{self.mark}+", decoded):
            parts.append(decoded[done : run.start()])
            if at < len(self.starts) and self.starts[at] < end:
                first, last = self.expressions[at]
                parts.append(self.original[first:last])
            at, done = at + 1, run.end()
        return "".join(parts) + decoded[done:]


def guess(text: str) -> str:
    """The templating language whose tags ``text`` holds."""
    if "{%" in text or "{#" in text:
        return "jinja"
    return "go" if "{{" in text else "erb"


def neutralise(text: str, language: str, *, blank_controls: bool = False) -> Neutral:
    """``text`` with the tags of ``language`` (``go``, ``jinja``, ``erb``) made harmless.

    ``blank_controls``: also control tags inside a line become blanks (for formats in which blanks mean nothing).
    """
    mark = next((m for m in _MARKS if m not in text), _MARKS[0])
    pieces: list[str] = []
    expressions: list[tuple[int, int]] = []
    done = 0
    for tag in re.compile(_PATTERNS.get(language, _PATTERNS["go"]), re.DOTALL).finditer(text):
        start, end = tag.span()
        pieces.append(text[done:start])
        if _alone(text, start, end) or (blank_controls and _controls(tag[0])):
            pieces.append(re.sub(r"[^\r\n]", " ", tag[0]))
        else:
            first, *rest = re.split(r"(?=[\r\n])", tag[0], maxsplit=1)
            pieces.append(mark * len(first) + "".join(re.sub(r"[^\r\n]", " ", part) for part in rest))
            expressions.append((start, end))
        done = end
    pieces.append(text[done:])
    return Neutral("".join(pieces), text, tuple(expressions), tuple(start for start, _ in expressions), mark)


def _controls(tag: str) -> bool:
    """Whether ``tag`` puts out nothing itself: a comment, a condition, a loop, an assignment."""
    return re.match(r"\{[%#]|\{\{-?\s*(?:/\*|(?:if|else|end|range|with|define|block)\b|\$\w*\s*:?=)|<%[^=]", tag) is not None


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands on the lines of ``text[start:end]``."""
    before = text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start]
    after = re.compile(r"[^\r\n]*").match(text, end)
    return not before.strip() and not (after and after[0].strip())
