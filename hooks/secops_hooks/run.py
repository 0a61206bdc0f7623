"""The pipeline: files in, findings out. The order, the one error boundary and the exit code are decided here.

Knows the families by name only and loads one when it is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from .files.filetype import detect, path_traits
from .files.source import Source
from .files.tree import Tree, Unreadable
from .finding import FAMILIES, TIERS, UNANALYSABLE, Family, Finding, Rule, Span, Tier, report
from .parse import File
from .policy.glob import matches, matches_word
from .policy.settings import Settings, SettingsError
from .policy.suppress import RULES as SUPPRESSION_RULES
from .policy.suppress import Result, Suppressed, about_unused, apply
from .records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Final

CLEAN: Final = 0
FOUND: Final = 1
USAGE: Final = 2
NOT_ANALYSED: Final = 3

_CREDENTIALS: Final = (259, 321, 798)  # CWE of credentials in code: what such a finding covers is one
_HIDDEN: Final = "****"
_LEAST: Final = 6  # characters of a secret that messages are searched for

Check = Callable[[File, Tree, Settings], Iterable[Finding]]
Accepts = Callable[[Finding, str], bool]  # whether a finding with this content is in the baseline


class Item(NamedTuple):
    """A finding as reporters see it: with its source line (secrets masked) and a fingerprint that survives moved lines."""

    finding: Finding
    line: str
    fingerprint: str


class Outcome(NamedTuple):
    """What a run found. ``files`` and ``size`` (bytes) are what was really looked at; ``seconds`` is wall time."""

    items: tuple[Item, ...]
    suppressed: tuple[Suppressed, ...]
    files: int
    size: int
    seconds: float


class FileOutcome(NamedTuple):
    """What the check of one file found; ``size`` in bytes."""

    items: tuple[Item, ...]
    suppressed: tuple[Suppressed, ...]
    size: int


def check_function(family: Family) -> Check:
    """The family's check; its package is loaded with the first call."""
    check: Check = import_module(f".{family}.check", __package__).check
    return check


def rules_of(families: Iterable[Family]) -> dict[str, Rule]:
    """All rules of ``families`` and of the kernel by id. Loads every table, so it is for reports and explanations only."""
    from .enforce.rules import RULES as ENFORCEMENT_RULES

    rules = {rule.id: rule for rule in (UNANALYSABLE, *SUPPRESSION_RULES, *ENFORCEMENT_RULES)}
    for family in families:
        loaded: Mapping[str, Rule] = import_module(f".{family}.check", __package__).rules()
        rules.update(loaded)
    return rules


def run(
    tree: Tree,
    paths: Iterable[str],
    families: Sequence[Family],
    settings: Settings,
    today: str = "",
    accepts: Accepts | None = None,
    look: Callable[[str], FileOutcome] | None = None,
) -> Outcome:
    """Check the files at ``paths`` (of ``tree``) with ``families``. Never raises for what a file holds.

    ``accepts`` is asked for every finding that nothing else suppressed (a ``Baseline``'s, or one that takes notes). ``look``
    checks one file in another way than here and now (``spread``).
    """
    began = time.perf_counter()
    enabled = settings.all_families()
    checks = {family: check_function(family) for family in families if family in enabled}
    day = today or time.strftime("%Y-%m-%d")
    items: list[Item] = []
    suppressed: list[Suppressed] = []
    files = size = 0
    for path in _wanted(paths, settings):
        done = look(path) if look is not None else check_path(tree, path, checks, settings, day, accepts)
        items += done.items
        suppressed += done.suppressed
        size += done.size
        files += 1
    unique = sorted({_identity(item): item for item in items}.values(), key=lambda item: item.finding.sort_key)
    return Outcome(tuple(unique), tuple(suppressed), files, size, time.perf_counter() - began)


def _wanted(paths: Iterable[str], settings: Settings) -> Iterator[str]:
    seen = set()
    for path in paths:
        if path not in seen and not any(matches(glob, path) for glob in settings.at(path).exclude):
            seen.add(path)
            yield path


def _identity(item: Item) -> tuple[object, ...]:
    finding = item.finding
    return (finding.rule.id, finding.path, finding.span, finding.key_path, finding.message)


def check_path(
    tree: Tree, path: str, checks: Mapping[Family, Check], settings: Settings, day: str, accepts: Accepts | None = None
) -> FileOutcome:
    """Check one file. ``day`` is today's ISO date."""
    settings = settings.at(path)
    if any(family not in settings.families for family in checks):
        checks = {family: check for family, check in checks.items() if family in settings.families}
    try:
        source = tree.source(path)
    except Unreadable as reason:
        finding = report(UNANALYSABLE, path, Span(1, 1, 1, 1), f"this file could not be read: {reason}", tier=settings.unanalysable)
        gone = accepted(finding, settings, day)
        return FileOutcome(() if gone else (Item(finding, "", ""),), (gone,) if gone else (), 0)
    raw = list(_findings(source, tree, checks, settings))
    found = [finding for finding in (overridden(each, settings) for each in raw) if finding is not None]
    kept, suppressed = _sort_out(source, tree, found, checks, settings, day)
    items: tuple[Item, ...] = ()
    secret = _secret_spans(source, tree, raw, checks, settings) if kept or suppressed else []
    if kept:
        if accepts is not None:
            kept, known = _split(tree, source, kept, secret, settings, accepts)
            suppressed += known
        items = tuple(_items(tree, source, kept, secret))
    if items or suppressed:
        texts = _texts(source, secret)
        items = tuple(item._replace(finding=_without_secrets(item.finding, texts)) for item in items)
        suppressed = [each._replace(finding=_without_secrets(each.finding, texts)) for each in suppressed]
    tree.forget(path)
    return FileOutcome(items, tuple(suppressed), len(source.data))


def _secret_spans(source: Source, tree: Tree, raw: Sequence[Finding], checks: Mapping[Family, Check], settings: Settings) -> list[Span]:
    """Where the secrets of a file stand, also when only other families were asked for: no line is shown with a secret in it."""
    others = () if "secrets" in checks else _findings(source, tree, {"secrets": check_function("secrets")}, settings)
    return [finding.span for finding in (*raw, *others) if finding.path == source.path and _covers_secret(finding)]


def _texts(source: Source, secret: Sequence[Span]) -> list[str]:
    """The secrets themselves, long ones first; not those that are so short that they are ordinary words."""
    from .policy.baseline import text_at

    return sorted({text for span in secret if len(text := text_at(source, span)) >= _LEAST}, key=len, reverse=True)


def _covers_secret(finding: Finding) -> bool:
    return finding.rule.family == "secrets" or finding.rule.cwe in _CREDENTIALS


def _without_secrets(finding: Finding, texts: Sequence[str]) -> Finding:
    """``finding`` with none of ``texts`` in what it says: a check may quote a URL without knowing that it holds a password."""
    if not any(each in finding.message or each in finding.key_path for each in texts):
        return finding
    message, key_path = finding.message, finding.key_path
    for each in texts:
        message, key_path = message.replace(each, _HIDDEN), key_path.replace(each, _HIDDEN)
    return finding._replace(message=message, key_path=key_path)


def _split(
    tree: Tree, source: Source, kept: Sequence[Finding], secret: Sequence[Span], settings: Settings, accepts: Accepts
) -> tuple[list[Finding], list[Suppressed]]:
    """Findings that the baseline does not know, and those that it does."""
    from .policy.baseline import content_of

    new, known = [], []
    for finding in kept:
        at = _source_of(tree, source, finding)
        fixed = any(matches_word(glob, finding.rule.id) for glob in settings.unsuppressible)
        if not fixed and accepts(finding, content_of(finding, at, secret if at is source else ())):
            known.append(Suppressed(finding, "accepted before", "baseline"))
        else:
            new.append(finding)
    return new, known


def _findings(source: Source, tree: Tree, checks: Mapping[Family, Check], settings: Settings) -> Iterator[Finding]:
    """What every family says of one file. The error boundary of the whole program: a check that fails has not checked."""
    file = source.memo.get("file")
    if not isinstance(file, File):
        file = source.memo["file"] = File(source, detect(source.path, source.text))
    for problem in source.problems:
        yield report(UNANALYSABLE, source.path, problem.span, f"this file could not be decoded: {problem.reason}")
    for family, check in checks.items():
        try:
            yield from check(file, tree, settings)
        except SettingsError:
            raise
        except Unreadable as error:
            yield report(UNANALYSABLE, source.path, Span(1, 1, 1, 1), f"{family}: a file it depends on could not be read: {error}")
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the file is reported as unchecked and the others go on
            where = _where(error)
            yield report(UNANALYSABLE, source.path, Span(1, 1, 1, 1), f"the {family} check failed on this file ({where}); please report it")


def _where(error: BaseException) -> str:
    """Type and place of an error, without its text, which may quote the file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace is not None else ""
    return type(error).__name__ + place


def overridden(finding: Finding, settings: Settings) -> Finding | None:
    """``finding`` with the tier and severity that settings give its rule; ``None`` when they switch the rule off."""
    if finding.rule is UNANALYSABLE:
        finding = finding._replace(tier=settings.unanalysable)
    override = settings.rules.get(finding.rule.id) if settings.rules else None
    if override is None:
        return finding
    if not override.enabled:
        return None
    return finding._replace(tier=override.tier or finding.tier, severity=override.severity or finding.severity)


def _sort_out(
    source: Source, tree: Tree, found: Sequence[Finding], checks: Mapping[Family, Check], settings: Settings, day: str
) -> tuple[list[Finding], list[Suppressed]]:
    """Findings that stand and findings that were accepted, by comments first, then by the entries of the settings."""
    here = [finding for finding in found if finding.path == source.path]
    result = apply(source, here, day, settings.unsuppressible, settings.require_reason)
    beside = _beside(source, tree, [finding for finding in found if finding.path != source.path], settings, day)
    kept, suppressed = [], [*result.suppressed, *beside.suppressed]
    unused: Iterable[Finding] = ()
    if result.unused and "docs" not in path_traits(source.path):  # a text about suppressions shows some
        unseen = _findings(source, tree, checks, settings._replace(tier="audit"))  # it may be for what is not shown
        rules = rules_of(tuple(checks)).values()
        ran = [rule for rule in rules if rule.family != "kernel" or len(checks) == len(FAMILIES)]  # any family may find those
        unused = about_unused(source, result.unused, ran, [each for each in unseen if each.path == source.path])
    for finding in (*result.findings, *beside.findings, *unused):
        gone = accepted(finding, settings, day)
        if gone is None:
            kept.append(finding)
        else:
            suppressed.append(gone)
    if settings.ignore:
        from .policy.entries import expired

        kept += expired(tuple(kept), settings, day)
    return kept, suppressed


def _beside(source: Source, tree: Tree, found: Sequence[Finding], settings: Settings, day: str) -> Result:
    """What the suppressions of other files make of findings that point into these."""
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for path in dict.fromkeys(finding.path for finding in found):
        there = [finding for finding in found if finding.path == path]
        result = apply(_source_of(tree, source, there[0]), there, day, settings.unsuppressible, settings.require_reason)
        kept += [finding for finding in result.findings if finding in there]
        suppressed += result.suppressed
    return Result(tuple(kept), tuple(suppressed), ())


def accepted(finding: Finding, settings: Settings, day: str) -> Suppressed | None:
    """``finding`` as an entry of the settings accepts it."""
    if not settings.ignore:
        return None
    from .policy import entries

    return entries.accepted(finding, settings, day)


def _items(tree: Tree, source: Source, kept: Sequence[Finding], secret: Sequence[Span]) -> Iterator[Item]:
    """Findings with their lines, in which everything that any secrets finding covers (``secret``) is masked."""
    from .report.lines import fingerprint, masked

    shown = {finding.span.line for finding in kept}
    hidden: dict[int, list[Span]] = {}  # by line: a hostile file has as many secrets as lines
    for span in secret:
        for number in shown.intersection(range(span.line, span.end_line + 1)):
            hidden.setdefault(number, []).append(span)
    for finding in kept:
        at = _source_of(tree, source, finding)
        line = masked(at.line(finding.span.line), finding.span.line, hidden.get(finding.span.line, ())) if at.path == finding.path else ""
        yield Item(finding, line, fingerprint(finding, line))


def _source_of(tree: Tree, source: Source, finding: Finding) -> Source:
    """The file that ``finding`` points into: a check may point into one beside the one that it was given."""
    if finding.path == source.path:
        return source
    other = tree.find(finding.path)
    return other if other is not None else source


def exit_code(outcome: Outcome, fail_on: Tier) -> int:
    """0 clean, 1 a finding at or above ``fail_on``, 3 something could not be analysed and nothing worse."""
    limit = TIERS.index(fail_on)
    failing = {item.finding.rule is UNANALYSABLE for item in outcome.items if TIERS.index(item.finding.tier) <= limit}
    if False in failing:
        return FOUND
    return NOT_ANALYSED if True in failing else CLEAN
