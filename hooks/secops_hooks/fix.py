"""Mending files in place: only edits that are proven on a copy first.

A file's fixes are applied to its text in memory, the result is checked again, and it is written only when the findings are
gone, none was born, and nothing that could be read before cannot be read now.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from .files.source import Source
from .files.tree import OverlayTree, Tree
from .finding import UNANALYSABLE, Edit, Family, Finding
from .policy.settings import Settings
from .run import Outcome, run


class Mended(NamedTuple):
    """What became of a run's fixes: paths that were written, and findings whose fix did not hold."""

    paths: tuple[str, ...]
    fixed: tuple[Finding, ...]
    refused: tuple[Finding, ...]


def mend(tree: Tree, outcome: Outcome, families: Sequence[Family], settings: Settings, unsafe: bool = False) -> Mended:
    """Apply the safe fixes (with ``unsafe`` all) of ``outcome``'s findings to the files of the work tree ``tree``."""
    by_path: dict[str, list[Finding]] = {}
    for item in outcome.items:
        finding = item.finding
        if finding.fix is not None and (finding.fix.safe or unsafe):
            by_path.setdefault(finding.path, []).append(finding)
    paths: list[str] = []
    fixed: list[Finding] = []
    refused: list[Finding] = []
    for path, findings in by_path.items():
        before = Counter(item.finding.rule.id for item in outcome.items if item.finding.path == path)
        source = tree.source(path)
        done = _largest(tree, source, findings, before, families, settings)
        if done:
            write(tree, source, edited(source.text, _edits(done)))
            tree.forget(path)
            paths.append(path)
        fixed += done
        refused += [finding for finding in findings if finding not in done]
    return Mended(tuple(paths), tuple(fixed), tuple(refused))


def _largest(
    tree: Tree, source: Source, findings: list[Finding], before: Counter[str], families: Sequence[Family], settings: Settings
) -> list[Finding]:
    """All of ``findings`` if their fixes hold together, else those that hold one by one."""
    if _holds(tree, source, findings, before, families, settings):
        return findings
    done: list[Finding] = []
    for finding in findings:
        if len(findings) > 1 and _holds(tree, source, [*done, finding], before, families, settings):
            done.append(finding)
    return done


def _holds(
    tree: Tree, source: Source, findings: list[Finding], before: Counter[str], families: Sequence[Family], settings: Settings
) -> bool:
    """Whether the fixes of ``findings`` together leave exactly the other findings of the file."""
    edits = _edits(findings)
    if any(one.end > two.start for one, two in itertools.pairwise(edits)):
        return False
    text = edited(source.text, edits)
    after = run(OverlayTree(tree, {source.path: encoded(source, text)}), [source.path], families, settings)
    left = Counter(item.finding.rule.id for item in after.items if item.finding.path == source.path)
    expected = before - Counter(finding.rule.id for finding in findings)
    return left <= expected and left[UNANALYSABLE.id] <= before[UNANALYSABLE.id]


def _edits(findings: Sequence[Finding]) -> list[Edit]:
    """All edits of ``findings`` in order; one that two findings share counts once."""
    return sorted({edit for finding in findings if finding.fix is not None for edit in finding.fix.edits})


def edited(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with ``edits`` (sorted, not overlapping) applied."""
    out, at = [], 0
    for edit in edits:
        out += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*out, text[at:]])


def encoded(source: Source, text: str) -> bytes:
    """``text`` in the encoding of ``source``, with the same byte order mark."""
    plain = source.text.encode(source.encoding, "surrogatepass" if source.encoding != "latin-1" else "strict")
    mark = source.data[: len(source.data) - len(plain)]
    return mark + text.encode(source.encoding)


def write(tree: Tree, source: Source, text: str) -> None:
    """Replace the file on disk at once, keeping its mode; a reader sees the old or the new, never half."""
    full = os.path.join(tree.root, source.path)
    if os.path.islink(full):
        full = os.path.realpath(full)
    beside = f"{full}.secops-{os.getpid()}"
    try:
        with open(beside, "xb") as file:
            file.write(encoded(source, text))
        os.chmod(beside, os.stat(full).st_mode & 0o7777)
        os.replace(beside, full)
    finally:
        if os.path.exists(beside):
            os.unlink(beside)
