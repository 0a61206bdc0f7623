"""Generic secrets: values that are credentials because of the name or the place they are given to.

``find`` is the door. A pre-scan for ``WORDS`` decides which places of a text are looked at; ``assign`` takes name and
value apart, ``names`` knows what the name promises, ``value`` judges what is there, ``context`` and ``places`` know
what the file is. Formats with a shape of their own are elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ...records import TYPE_CHECKING
from . import names
from .context import context_of, is_password_file
from .gate import PLACES, gate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final

    from ...files.tree import Tree
    from ...finding import Finding, Rule
    from ...parse import File
    from ...policy.settings import Settings
    from ..decode import Layer

_ADDRESS: Final = "://"
_COPIED: Final = (
    ".env",
    ".npmrc",
    "id_",
    ".pypirc",
    ".netrc",
    ".git-credentials",
    ".pem",
    ".key",
    ".pfx",
    ".p12",
    ".dockercfg",
    ".aws/",
    ".docker/",
)


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """What the pre-scan looks for, in lower case: where none occurs, there is nothing for :func:`find`."""
    return tuple(dict.fromkeys((*names.WORDS, *PLACES, _ADDRESS)))


def hits_of(text: str) -> list[tuple[int, int, str]]:
    """Occurrences of :func:`words` in ``text``, in lower case."""
    from ..match import scan

    return scan(text).hints


def find(
    file: File,
    tree: Tree,
    settings: Settings | None,
    taken: Sequence[tuple[int, int]],
    hits: Sequence[tuple[int, int, str]] | None = None,
) -> Iterator[Finding]:
    """Findings in ``file`` that no format explains. ``taken``: spans already reported, in ascending order, never reported again.

    ``hits``: occurrences of :func:`words` in the lower-cased text as (start, end, word), where the caller has looked already.
    """
    text = file.source.text
    if hits is None:
        hits = hits_of(text)
    if not hits and not is_password_file(file.path) and not _copies(file):
        return
    context = context_of(file)
    passed = gate(text, hits, context.style, context.prose)
    if passed.names or passed.addresses or passed.places or is_password_file(file.path) or _copies(file):
        from .judge import look

        # where rules have tiers of their own or suppressions name them, every finding must be complete
        shown = "audit" if settings is None or settings.rules or "secops:" in text else settings.tier
        yield from look(file, context, passed, _Taken(taken), shown)


def find_in_layer(file: File, layer: Layer, taken: Sequence[tuple[int, int]], hits: Sequence[tuple[int, int, str]]) -> Iterator[Finding]:
    """Like :func:`find`, for text that was decoded out of ``file``. ``taken`` and the findings are at places of the file."""
    if not hits or (layer.encoding.endswith("escapes") and not _spelt_out(layer)):
        return  # quotes that are escaped are read where they stand
    context = context_of(file)._replace(style="text", prose=False)
    passed = gate(layer.text, hits, context.style)
    if passed.names or passed.addresses or passed.places:
        from .judge import look_in_layer

        yield from look_in_layer(file, layer, context, passed, _Taken(taken))


def _spelt_out(layer: Layer) -> bool:
    """Whether a layer of escapes has characters given by their number: nothing else hides names and values."""
    above = layer.parent.text if layer.parent else layer.source.text
    return any(above.count(sign, layer.start, layer.end) > 3 for sign in ("\\u", "\\x"))


def _copies(file: File) -> bool:
    """Whether this may be a Dockerfile that copies credentials; names of files are no words of the pre-scan."""
    return "dockerfile" in file.type.kinds and any(name in file.source.text for name in _COPIED)


def rules() -> Mapping[str, Rule]:
    """All rules by id."""
    from .ruleset import RULES

    return RULES


def __getattr__(name: str) -> Any:
    if name == "RULES":
        return rules()
    if name == "WORDS":
        return words()
    raise AttributeError(name)


class _Taken:
    """Spans that are spoken for, and whether another overlaps one of them."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def overlaps(self, start: int, end: int) -> bool:
        at = bisect_left(self._starts, end)
        return any(self._ends[i] > start for i in range(max(0, at - 8), at))

    def add(self, start: int, end: int) -> None:
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)
