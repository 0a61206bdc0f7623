"""Templates (Go as in Helm, Jinja, ERB) neutralised in place, so that what stands around them can be parsed.

Lines and columns stay. A tag inside a value becomes placeholder characters, and the value is ``UNKNOWN`` to every check,
its text the original; so does an expression used as a key. Branches of a condition are all kept: a duplicate key is no
error here. For YAML, lines that hold nothing but tags become empty; where only blanks separate tokens they become blank.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

_OPENERS: Final = {"go": r"\{\{", "jinja": r"\{[{%#]", "erb": r"<%(?!%)"}
_CLOSERS: Final = {"{%": "%}", "{#": "#}", "<%": "%>"}
_GO_COMMENT: Final = r"\{\{-?\s*+/\*"
_BODY: Final = {
    "go": r'\{\{(?:"(?:[^"\\\r\n]|\\.)*+"|`[^`]*+`|[^"`{}]|\{(?!\{)|\}(?!\}))*+\}\}|\{\{[^{}]*+\}\}',
    "jinja": r"\{\{(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|[^\"'{}]|\{(?!\{)|\}(?!\}))*+\}\}|\{\{[^{}]*+\}\}",
}
_CONTROL: Final = (
    r"\{[%#]|\{\{-?\s*(?:/\*|(?:if|else|end|range|with|define|block|break|continue)\b|\$\w*(?:\s*,\s*\$\w+)?\s*:?=)|<%(?![=]|-\s*=)"
)
_ELSE: Final = r"(?:\{\{-?\s*|\{%[-+]?\s*|<%-?\s*)else\b"
_EMPTY_BRANCH: Final = r"[ \t]*\r?\n[ \t]*(\{[ ]*\}|\[[ ]*\])[ \t]*(?=\r?\n)"
_MARKS: Final = ("\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005")


class Tag(NamedTuple):
    """One template tag. ``output``: it puts out text, not only controls; ``marked``: placeholders stand for it in the text."""

    start: int
    end: int
    output: bool
    marked: bool


class Neutral:
    """Neutralised ``text``, and the tags that stood in the ``original``. Offsets are into the original unless said otherwise."""

    __slots__ = ("_cuts", "_starts", "mark", "original", "tags", "text")

    def __init__(self, original: str, text: str, mark: str, tags: tuple[Tag, ...], cuts: tuple[tuple[int, int], ...] = ()) -> None:
        self.original = original
        self.text = text
        self.mark = mark
        self.tags = tags
        self._starts = [tag.start for tag in tags]
        self._cuts = ((-1, 0), *cuts)  # (offset in text, characters left out up to there)

    def offset(self, at: int) -> int:
        """The offset in the original of offset ``at`` in ``text``."""
        return at + self._cuts[bisect_left(self._cuts, (at, 0)) - 1][1]

    def touches(self, start: int, end: int) -> bool:
        """Whether a tag begins between ``start`` and ``end``."""
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._starts[at] < end

    def supplies(self, at: int) -> bool:
        """Whether a tag that puts out text comes next, with nothing but blanks and other tags between."""
        for number in range(bisect_left(self._starts, at), len(self.tags)):
            tag = self.tags[number]
            if tag.output or self.original[at : tag.start].strip():
                return tag.output and not self.original[at : tag.start].strip()
            at = tag.end
        return False

    def restore(self, decoded: str, start: int, end: int) -> str:
        """``decoded``, the value that stands at ``start`` to ``end``, with the tags inside its lines as they were written."""
        if self.mark not in decoded:
            return decoded
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        tags = iter([tag for tag in self.tags[first:last] if tag.marked])
        parts: list[str] = []
        done = 0
        for run in re.finditer(f"{self.mark}+", decoded):
            parts.append(decoded[done : run.start()])
            done, left = run.end(), run.end() - run.start()
            while left > 0 and (tag := next(tags, None)) is not None:  # tags that touch share a run
                written = self.original[tag.start : tag.end]
                parts.append(written)
                left -= len(re.split(r"[\r\n]", written, maxsplit=1)[0])
        return "".join(parts) + decoded[done:]


def languages(text: str) -> tuple[str, ...]:
    """The templating languages whose tags ``text`` may hold, the likeliest first."""
    found = (("{%", "jinja"), ("{#", "jinja"), ("<%", "erb"), ("{{", "go"))
    return tuple(dict.fromkeys(language for sign, language in found if sign in text))


def neutralise(text: str, language: str, *, blank_controls: bool = False, cut_lines: bool = False) -> Neutral:
    """``text`` with the tags of ``language`` (``go``, ``jinja``, ``erb``) made harmless.

    A line of nothing but tags becomes blank, or with ``cut_lines`` empty (YAML counts the blanks of an empty line);
    ``blank_controls``: control tags inside a line become blanks too (for formats in which blanks mean nothing).
    """
    mark, fill = [*(m for m in _MARKS if m not in text), *_MARKS][:2]
    pieces: list[str] = []
    tags: list[Tag] = []
    empty: list[tuple[int, int]] = []  # the empty other branch of a condition
    done = 0
    for start, end in _tags(text, language):
        tag = text[start:end]
        control = _pattern(_CONTROL).match(tag) is not None
        first = _pattern(r"[^\r\n]*+").match(tag)
        width = first.end() if first else 0
        pieces += (text[done:start], (" " if control and blank_controls else mark) * width, _pattern(r"[^\r\n]").sub(fill, tag[width:]))
        tags.append(Tag(start, end, not control, not (control and blank_controls)))
        if cut_lines and _pattern(_ELSE).match(tag) and (branch := _pattern(_EMPTY_BRANCH).match(text, end)):
            empty.append(branch.span(1))
        done = end
    marked = "".join((*pieces, text[done:]))
    ranges = sorted([*_tag_lines(marked, mark, fill), *(_inline_keys(marked, mark) if cut_lines else ()), *empty])
    return _without(text, marked.replace(fill, " "), mark, tags, ranges, cut_lines)


def _tags(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where the tags of ``language`` begin and end. Linear in the length of ``text``: no closing sign is looked for twice in vain."""
    opener = _pattern(_OPENERS.get(language, _OPENERS["go"]))
    absent: set[str] = set()
    at = 0
    while (found := opener.search(text, at)) is not None:
        start = found.start()
        closer = _CLOSERS.get(found[0], "")
        comment = _pattern(_GO_COMMENT).match(text, start) if language == "go" else None
        if comment:
            closer = "*/"
        end = -1
        if not closer:
            body = _pattern(_BODY.get(language, _BODY["go"])).match(text, start)
            end = body.end() if body else -1
        elif closer not in absent:
            end = text.find(closer, comment.end() if comment else found.end())
            if end < 0:
                absent.add(closer)
            else:
                end += 2
                if comment:
                    rest = _pattern(r"\s*+-?\}\}").match(text, end)
                    end = rest.end() if rest else end
        if end > 0:
            yield start, end
        at = end if end > 0 else found.end()


def _tag_lines(marked: str, mark: str, fill: str) -> Iterator[tuple[int, int]]:
    """The lines that hold nothing but tags."""
    lines = _pattern(rf"^[ \t]*+[{mark}{fill}][{mark}{fill} \t]*+(?=[\r\n]|\Z)", re.MULTILINE)
    return (line.span() for line in lines.finditer(marked))


def _inline_keys(marked: str, mark: str) -> Iterator[tuple[int, int]]:
    """What follows the first key on a line such as ``{{ if … }} stringData: {{ else }} data: {{ end }}``."""
    lines = _pattern(rf"^[ \t]*+{mark}++[ \t]*+[\w.-]++:([ \t]*+{mark}++[ \t]*+[\w.-]++:[^\r\n]*+)", re.MULTILINE)
    return (line.span(1) for line in lines.finditer(marked))


def _without(original: str, marked: str, mark: str, tags: list[Tag], ranges: list[tuple[int, int]], cut: bool) -> Neutral:
    """The result: ``ranges`` of ``marked`` cut out, or else blanked."""
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = []
    done = left_out = 0
    for start, end in ranges:
        if start < done:
            continue
        pieces.append(marked[done:start])
        if cut:
            left_out += end - start
            cuts.append((end - left_out, left_out))
        else:
            pieces.append(" " * (end - start))
        done = end
    pieces.append(marked[done:])
    starts = [start for start, _ in ranges]

    def inside(tag: Tag) -> bool:
        at = bisect_right(starts, tag.start) - 1
        return at >= 0 and tag.start < ranges[at][1]

    kept = tuple(tag._replace(marked=False) if inside(tag) else tag for tag in tags)
    return Neutral(original, "".join(pieces), mark, kept, tuple(cuts))


@lru_cache(maxsize=32)
def _pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(text, flags | re.DOTALL)
