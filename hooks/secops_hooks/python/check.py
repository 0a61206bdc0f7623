"""The python family's door: syntax first (a file that does not parse is reported), then bandit where it can find anything."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping

from ..files.filetype import path_traits
from ..files.source import Source
from ..files.tree import Tree
from ..finding import TIERS, UNANALYSABLE, Confidence, Finding, Rule, Severity, Span, Tier, report
from ..parse import File
from ..policy.settings import Settings
from ..policy.suppress import VOID
from ..records import TYPE_CHECKING
from .installed import is_plain
from .options import MEMO, Options, excluded, read

if TYPE_CHECKING:
    import ast
    from typing import Final

    from .banditry import Bandit, Verdict
    from .tests import Test
    from .walk import Issue

_ONLY_AST: Final = 0x400  # ast.PyCF_ONLY_AST, without importing ast
_LEVELS: Final[dict[str, Severity]] = {"HIGH": "high", "MEDIUM": "medium", "LOW": "low", "UNDEFINED": "info"}
_CONFIDENCES: Final[dict[str, Confidence]] = {"HIGH": "high", "MEDIUM": "medium", "LOW": "low", "UNDEFINED": "low"}


def rules() -> Mapping[str, Rule]:
    """All rules of the family by id."""
    from .tests import rules as table

    return table()


def check(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What is insecure in a Python file, by bandit."""
    if "python" not in file.type.kinds or file.path.endswith(".pyi"):  # a stub is never run
        return
    source = file.source
    syntax = parsed(source)
    if isinstance(syntax, Finding):
        yield syntax
        return
    options = _options(tree, settings)
    if excluded(options, source.path, tree.root):
        return
    name = f"{tree.root}/{source.path}" if tree.root else f"./{source.path}"
    chosen = _chosen(source, options, settings) if is_plain() else None
    if chosen is not None and not chosen:
        return

    def ask(nosec: bool) -> Verdict:
        bandit = _bandit(tree, options)
        return bandit.check_as_is(name, source.data, nosec) if chosen is None else bandit.check(name, source.data, syntax, chosen, nosec)

    verdict = ask(True)
    issues = verdict.issues
    if (
        b"nosec" in source.data
        and not options.ignore_nosec
        and (settings.require_reason or settings.unsuppressible or source.memo.get(VOID))
    ):
        from .nosec import Comments

        comments = Comments(source, settings)
        issues = tuple(each for each in ask(False).issues if each in issues or comments.stands(each, f"bandit-{each.test}"))
        yield from comments.without_reason()
    if verdict.failed:
        yield report(UNANALYSABLE, source.path, Span(1, 1, 1, 1), f"bandit could not check this file: {verdict.failed}")
    for issue in _new(issues, source.path, tree, options) if options.accepted else issues:
        yield finding(source, issue, settings)


def parsed(source: Source) -> ast.Module | Finding:
    """The syntax tree, or why this Python file does not parse; told by the compiler's front end, which runs nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree: ast.Module = compile(source.data, "<file>", "exec", _ONLY_AST, dont_inherit=True)  # type: ignore[assignment]
        except SyntaxError as error:
            line = max(1, error.lineno or 1)
            column = max(1, error.offset or 1)
            reason = f"does not parse with Python {sys.version_info[0]}.{sys.version_info[1]}: {error.msg}"
            return report(UNANALYSABLE, source.path, Span(line, column, line, column), f"this file {reason}")
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            reason = "holds NUL bytes" if b"\0" in source.data else f"is too much for the parser ({type(error).__name__})"
            return report(UNANALYSABLE, source.path, Span(1, 1, 1, 1), f"this file {reason}")
    return tree


def _options(tree: Tree, settings: Settings) -> Options:
    kept = tree.memo.get(MEMO)
    if not isinstance(kept, Options):
        kept = tree.memo[MEMO] = read(tree, settings)
    return kept


def _bandit(tree: Tree, options: Options) -> Bandit:
    from ..policy.settings import SettingsError
    from .banditry import Bandit, ConfigError

    kept = tree.memo.get("bandit")
    if not isinstance(kept, Bandit):
        try:
            kept = tree.memo["bandit"] = Bandit(options)
        except ConfigError as error:
            raise SettingsError(f"bandit's configuration {options.name}: {error}") from error
    return kept


def _new(issues: Iterable[Issue], path: str, tree: Tree, options: Options) -> Iterator[Issue]:
    """Those of ``issues`` that bandit's baseline does not know."""
    from ..policy.settings import SettingsError
    from .known import NoReport, identity, known

    accepted = tree.memo.get("bandit-baseline")
    if not isinstance(accepted, frozenset):
        try:
            accepted = tree.memo["bandit-baseline"] = known(options.accepted, tree.root)
        except NoReport as error:
            raise SettingsError(f"{options.baseline}: {error}") from error
    yield from (issue for issue in issues if identity(issue, path) not in accepted)


def _chosen(source: Source, options: Options, settings: Settings) -> set[str]:
    """The ids of bandit's tests that could fire and whose finding would be seen. With settings of their own, any could."""
    from .tests import TESTS

    if options.custom:
        return {test.id for test in TESTS}
    from .triggers import possible

    return possible(source.text, [test for test in TESTS if _visible(test, source, settings)])


def _visible(test: Test, source: Source, settings: Settings) -> bool:
    """Whether the gravest issue of ``test`` would be reported. Where rules are overridden or suppressions written, all are."""
    if settings.tier == "audit" or settings.rules or "secops:" in source.text:
        return True
    return TIERS.index(_lowered(test.tier, source.path, settings)) <= TIERS.index(settings.tier)


def _lowered(tier: Tier, path: str, settings: Settings) -> Tier:
    """One tier down in tests, or what settings say for tests."""
    if "test" not in path_traits(path):
        return tier
    chosen: Tier | None = settings.option("python", "tests", None)
    lower = chosen or TIERS[min(TIERS.index(tier) + 1, len(TIERS) - 1)]
    return max(tier, lower, key=TIERS.index)


def finding(source: Source, issue: Issue, settings: Settings) -> Finding:
    """bandit's ``issue`` as ours. bandit's own text is left out: it quotes passwords."""
    from .tests import UNKNOWN_ID

    table = rules()
    rule = table.get(f"bandit-{issue.test}", table[UNKNOWN_ID])
    severity, confidence = _LEVELS[issue.severity], _CONFIDENCES[issue.confidence]
    tier: Tier = rule.tier
    if severity == "low" or confidence == "low":
        tier = "audit"
    elif severity == "medium" and rule.severity == "high":
        tier = "warn"
    return report(
        rule,
        source.path,
        _span(source, issue),
        rule.title if rule.id != UNKNOWN_ID else f"{rule.title} ({issue.test})",
        severity=severity,
        confidence=confidence,
        tier=_lowered(max(tier, rule.tier, key=TIERS.index), source.path, settings),
    )


def _span(source: Source, issue: Issue) -> Span:
    column = _characters(source.line(issue.line), issue.column)
    end_text = source.line(issue.end_line)
    end = _characters(end_text, issue.end_column) if issue.end_column else len(end_text)
    if issue.end_line == issue.line and end <= column:
        end = len(end_text)
    return Span(issue.line, column + 1, issue.end_line, end + 1)


def _characters(line: str, size: int) -> int:
    """How many characters the first ``size`` UTF-8 bytes of ``line`` are."""
    return min(size, len(line)) if line.isascii() else len(line.encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore"))
