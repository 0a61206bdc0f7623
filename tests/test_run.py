"""The pipeline: order, overrides, suppression, exit codes; with families made for the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from secops_hooks import run as pipeline
from secops_hooks.files.tree import MemoryTree, Tree
from secops_hooks.finding import UNANALYSABLE, Finding, Rule, Span, report
from secops_hooks.parse import File
from secops_hooks.policy.settings import Ignore, Override, Settings

WORD = Rule(id="word", family="config", title="a bad word", severity="high", tier="block", why="w", fix="f", aliases=("old-word",))
SECRET = Rule(id="secret", family="secrets", title="a secret", severity="high", tier="block", why="w", fix="f")


def find_words(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    for rule, word in ((WORD, "BAD"), (SECRET, "hunter-password-2")):
        at = file.source.text.find(word)
        if at >= 0:
            yield report(rule, file.path, file.source.span(at, at + len(word)), key_path="a.b")


@pytest.fixture(autouse=True)
def families(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "check_function", lambda family: find_words)


def ids(files: dict[str, str | bytes], settings: Settings) -> list[str]:
    outcome = pipeline.run(MemoryTree(files), files, ("config",), settings, "2026-11-24")
    return [f"{item.finding.path}:{item.finding.rule.id}:{item.finding.tier}" for item in outcome.items]


def test_findings_are_sorted_and_each_is_told_once() -> None:
    outcome = pipeline.run(MemoryTree({"b": "BAD", "a": "BAD"}), ["b", "a", "b"], ("config", "pins"), Settings())
    assert [item.finding.path for item in outcome.items] == ["a", "b"]
    assert (outcome.files, outcome.size) == (2, 6)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), ["a:word:block"]),
        (Settings(rules={"word": Override(tier="audit")}), ["a:word:audit"]),
        (Settings(rules={"word": Override(enabled=False)}), []),
        (Settings(exclude=("a",)), []),
        (Settings(families=("pins",)), []),
        (Settings(ignore=(Ignore("word"),)), []),
        (Settings(ignore=(Ignore("old-word"),)), []),
        (Settings(ignore=(Ignore("config"),)), []),
        (Settings(ignore=(Ignore("word", path="b/**"),)), ["a:word:block"]),
        (Settings(ignore=(Ignore("word", key="a.*"),)), []),
        (Settings(ignore=(Ignore("word", key="c"),)), ["a:word:block"]),
        (Settings(ignore=(Ignore("word", until="2026-11-24"),)), []),
        (Settings(ignore=(Ignore("word", until="2026-11-23"),)), ["a:suppression-expired:warn", "a:word:block"]),
        (Settings(ignore=(Ignore("word"),), unsuppressible=("w*",)), ["a:word:block"]),
    ],
)
def test_settings_decide(settings: Settings, expected: list[str]) -> None:
    assert ids({"a": "BAD"}, settings) == expected


def test_lines_are_masked_and_fingerprints_do_not_move_with_them() -> None:
    first = pipeline.run(MemoryTree({"a": "x = hunter-password-2 BAD"}), ["a"], ("config",), Settings())
    second = pipeline.run(MemoryTree({"a": "\n\n  x = hunter-password-2 BAD"}), ["a"], ("config",), Settings())
    assert {item.line for item in first.items} == {"x = hunt************* BAD"}
    assert [item.fingerprint for item in first.items] == [item.fingerprint for item in second.items]


@pytest.mark.parametrize(
    ("tiers", "unanalysable", "fail_on", "code"),
    [
        ([], False, "block", 0),
        (["block"], False, "block", 1),
        (["warn"], False, "block", 0),
        (["warn"], False, "warn", 1),
        (["audit"], False, "warn", 0),
        ([], True, "block", 3),
        (["warn"], True, "block", 3),
        (["block"], True, "block", 1),
    ],
)
def test_exit_codes(tiers: list[str], unanalysable: bool, fail_on: str, code: int) -> None:
    place = Span(1, 1, 1, 1)
    findings = [report(WORD, "a", place, tier=tier) for tier in tiers]  # type: ignore[arg-type]
    findings += [report(UNANALYSABLE, "a", place)] if unanalysable else []
    outcome = pipeline.Outcome(tuple(pipeline.Item(f, "", "") for f in findings), (), 1, 1, 0.0)
    assert pipeline.exit_code(outcome, fail_on) == code  # type: ignore[arg-type]


def test_an_unused_marker_can_be_accepted_by_the_settings_too() -> None:
    text = "# secops" + ": ignore[config] why\nx\n"
    assert ids({"a": text}, Settings()) == ["a:suppression-unused:warn"]
    assert ids({"a": text}, Settings(ignore=(Ignore("suppression-unused"),))) == []


def find_rare(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """A check that leaves out what nobody would see."""
    yield from find_words(file, tree, settings) if settings.tier == "audit" else ()


def test_a_marker_for_what_this_run_does_not_show_is_not_called_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "check_function", lambda family: find_rare)
    assert ids({"a": "# secops" + ": ignore[config] why\nBAD\n"}, Settings()) == []
    assert ids({"a": "# secops" + ": ignore[config] why\nfine\n"}, Settings()) == ["a:suppression-unused:warn"]


def find_beside(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """A check that points into another file."""
    yield report(WORD, "b", Span(2, 1, 2, 4))


def test_a_finding_in_another_file_is_suppressed_there_and_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "check_function", lambda family: find_beside)
    mark = "# secops" + ": ignore[config] why\n"

    def found(a: str, b: str) -> list[str]:
        outcome = pipeline.run(MemoryTree({"a": a, "b": b}), ["a"], ("config",), Settings())
        return [item.finding.rule.id for item in outcome.items]

    assert found("x\nx\n", "x\nBAD\n") == ["word"]
    assert found(mark + "x\n", "x\nBAD\n") == ["suppression-unused", "word"]
    assert found("x\nx\n", mark + "BAD\n") == []
