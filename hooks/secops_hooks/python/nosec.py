"""Which of bandit's ``nosec`` comments count. bandit itself decides what a comment is about; here it is decided whether it may.

One does not where the settings make a rule unsuppressible, where they ask for a reason and it says none, and where the change under
check brought it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..files.source import Source
from ..finding import Finding, report
from ..policy.foreign import foreign_markers
from ..policy.glob import matches_word
from ..policy.settings import Settings
from ..policy.suppress import VOID, WITHOUT_REASON, Marker
from .walk import Issue


class Comments:
    """The ``nosec`` comments of a file."""

    def __init__(self, source: Source, settings: Settings) -> None:
        void = source.memo.get(VOID)
        self._void = void if isinstance(void, frozenset) else frozenset()
        self._settings = settings
        self._path = source.path
        self._all = [marker for marker in foreign_markers(source) if marker.tool == "bandit"]
        self._unreasoned: list[Marker] = []

    def stands(self, issue: Issue, rule: str) -> bool:
        """Whether ``issue`` of ``rule``, which a comment covers, is a finding nevertheless."""
        if any(matches_word(glob, rule) for glob in self._settings.unsuppressible):
            return True
        about = [marker for marker in self._all if issue.line <= marker.span.line <= issue.end_line] or self._all
        if any(marker.span not in self._void and (marker.reason or not self._settings.require_reason) for marker in about):
            return False
        self._unreasoned += [each for each in about if not each.reason and each.span not in self._void and each not in self._unreasoned]
        return True

    def without_reason(self) -> Iterator[Finding]:
        """A warning for each comment that accepted nothing because it says no reason."""
        if self._settings.require_reason:
            yield from (report(WITHOUT_REASON, self._path, each.span, subject=",".join(each.names)) for each in self._unreasoned)
