"""One Python requirement: name, extras, version specifier or URL, marker (PEP 508, PEP 440), with the offsets of its parts.

Knows nothing about files; ``collect/requirements.py`` and the manifests' collectors do.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_NAME: Final = r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?P<extras>\[[^\]]{0,400}\])?\s*"
_CLAUSE: Final = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()#'\"]+"
_VERSIONS: Final = rf"(?P<versions>\(\s*{_CLAUSE}(?:\s*,\s*{_CLAUSE})*\s*,?\s*\)|{_CLAUSE}(?:\s*,\s*{_CLAUSE})*\s*,?)"
_REQUIREMENT: Final = rf"{_NAME}(?:@\s*(?P<url>[^\s;]\S*)|{_VERSIONS})?\s*(?:;(?P<marker>.*))?\Z"
_EXACT: Final = r"\(?\s*(?:==\s*[^*\s,()]+|===\s*[^\s,()]+)\s*\)?\Z"


class Requirement(NamedTuple):
    """A requirement with offsets into the text it was parsed from. ``versions`` and ``url`` are empty where none is given."""

    name: str
    extras: str
    versions: str
    url: str
    marker: str
    start: int
    end: int
    versions_start: int
    versions_end: int

    @property
    def exact(self) -> bool:
        """Whether one version and no other fits."""
        return is_exact(self.versions)


@lru_cache(maxsize=8)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)


def parse_requirement(text: str) -> Requirement | None:
    """The requirement in ``text``, or ``None`` when it is none."""
    m = _pattern(_REQUIREMENT).match(text)
    if m is None:
        return None
    versions = (m["versions"] or "").rstrip().rstrip(",")
    start = m.start("name")
    at = m.start("versions") if versions else m.end("extras" if m["extras"] else "name")
    end = at + len(versions)
    stop = m.end("url") if m["url"] else max(end, m.end("extras") if m["extras"] else m.end("name"))
    return Requirement(m["name"], m["extras"] or "", versions, m["url"] or "", (m["marker"] or "").strip(), start, stop, at, end)


def is_exact(versions: str) -> bool:
    """Whether a specifier set admits exactly one version: some clause is ``==X`` without a wildcard, or ``===X``."""
    return any(_pattern(_EXACT).match(clause.strip()) is not None for clause in versions.strip("() ").split(",")) and bool(versions)


def normal_name(name: str) -> str:
    """``name`` as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
