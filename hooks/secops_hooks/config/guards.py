"""Settings that a template only brings in on a condition of their own: ``{{ if .Values.hostNetwork }} hostNetwork: true {{ end }}``.

Such a value is the user's choice at install time, not the template's: it is unknown here. A condition around a whole
container or resource is no such guard.
"""

from __future__ import annotations

import re

from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

    from ..files.source import Source

MAX_LINES: Final = 3
_TAG: Final = (
    r"\{\{-?\s*(?P<go>if|with|range|define|block|else|end)\b"
    r"|\{%[-+]?\s*(?P<jinja>if|for|macro|block|elif|else|endif|endfor|endmacro|endblock)\b"
)
_OPENS: Final = frozenset({"if", "with", "range", "define", "block", "for", "macro"})
_TURNS: Final = frozenset({"else", "elif"})
_GUARDS: Final = frozenset({"if", "with", "else", "elif"})


def guarded_lines(source: Source) -> frozenset[int]:
    """Numbers of the lines that stand alone, or with at most two others, in a branch of a condition; once a file."""
    kept = source.memo.get("guarded-lines")
    if not isinstance(kept, frozenset):
        kept = source.memo["guarded-lines"] = _guarded(source)
    return kept


def _guarded(source: Source) -> frozenset[int]:
    found: set[int] = set()
    stack: list[tuple[str, int]] = []
    for tag in re.finditer(_TAG, source.text):
        word = tag["go"] or tag["jinja"]
        line = source.position(tag.start())[0]
        if word in _OPENS:
            stack.append((word, line))
            continue
        if not stack:
            continue
        opened, first = stack.pop()
        inside = [number for number in range(first + 1, line) if source.line(number).strip()]
        if opened in _GUARDS and 0 < len(inside) <= MAX_LINES:
            found.update(inside)
        if word in _TURNS:
            stack.append(("else", line))
    return frozenset(found)
