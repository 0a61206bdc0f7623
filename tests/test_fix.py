"""``--fix``: values mended at their exact place, everything else untouched, and never a change that does not hold."""

from __future__ import annotations

import codecs

import pytest

from secops_hooks import run as pipeline
from secops_hooks.files.tree import WorkTree
from secops_hooks.finding import Edit, Finding, Fix, Rule, report
from secops_hooks.fix import edited, mend
from secops_hooks.policy.settings import Settings

RULE = Rule(id="bad", family="config", title="t", severity="high", tier="block", why="w", fix="f")
WORSE = RULE._replace(id="worse")


def check_with(replacement: str, safe: bool = True):
    def check(file, tree, settings) -> list[Finding]:
        text = file.source.text
        found = []
        at = text.find("BAD")
        while at >= 0:
            found.append(report(RULE, file.path, file.source.span(at, at + 3), fix=Fix((Edit(at, at + 3, replacement),), safe)))
            at = text.find("BAD", at + 1)
        if "WORSE" in text:
            found.append(report(WORSE, file.path, file.source.span(0, 1)))
        return found

    return check


def mend_all(
    repo, monkeypatch: pytest.MonkeyPatch, data: bytes, replacement: str, safe: bool = True, unsafe: bool = False
) -> tuple[int, int, bytes]:
    monkeypatch.setattr(pipeline, "check_function", lambda family: check_with(replacement, safe))
    repo.write("a.txt", data)
    tree = WorkTree(str(repo.path))
    outcome = pipeline.run(tree, ["a.txt"], ("config",), Settings())
    mended = mend(tree, outcome, ("config",), Settings(), unsafe)
    return len(mended.fixed), len(mended.refused), (repo.path / "a.txt").read_bytes()


@pytest.mark.parametrize(
    ("data", "after"),
    [
        (b"x = BAD  # why\n", b"x = good  # why\n"),
        (b"a BAD\r\nb BAD\r\n", b"a good\r\nb good\r\n"),
        (codecs.BOM_UTF8 + "ü BAD".encode(), codecs.BOM_UTF8 + "ü good".encode()),
        (codecs.BOM_UTF16_LE + "ü BAD".encode("utf-16-le"), codecs.BOM_UTF16_LE + "ü good".encode("utf-16-le")),
        (b"\xe9 BAD", b"\xe9 good"),
    ],
    ids=["comment stays", "line ends stay", "mark stays", "utf-16 stays", "latin-1 stays"],
)
def test_nothing_but_the_value_changes(repo, monkeypatch: pytest.MonkeyPatch, data: bytes, after: bytes) -> None:
    fixed, refused, now = mend_all(repo, monkeypatch, data, "good")
    assert (fixed > 0, refused, now) == (True, 0, after)


def test_a_fix_that_does_not_mend_is_not_made(repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mend_all(repo, monkeypatch, b"BAD", "BAD?") == (0, 1, b"BAD")


def test_a_fix_that_brings_another_finding_is_not_made(repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mend_all(repo, monkeypatch, b"BAD", "WORSE") == (0, 1, b"BAD")


def test_unsafe_fixes_are_made_only_when_asked_for(repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mend_all(repo, monkeypatch, b"BAD", "good", safe=False) == (0, 0, b"BAD")
    assert mend_all(repo, monkeypatch, b"BAD", "good", safe=False, unsafe=True) == (1, 0, b"good")


def test_the_mode_of_the_file_stays(repo, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repo.write("a.txt", b"BAD")
    path.chmod(0o750)
    before = path.stat().st_mode
    mend_all(repo, monkeypatch, b"BAD", "good")
    assert path.stat().st_mode == before
    assert [p.name for p in repo.path.iterdir() if p.is_file()] == ["a.txt"]


def test_edits_apply_in_order() -> None:
    assert edited("abcdef", [Edit(0, 1, "X"), Edit(2, 2, "-"), Edit(5, 6, "")]) == "Xb-cde"


def test_from_the_command_line(repo) -> None:
    repo.write("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true # kept\n")
    done = repo.secops("config", "--fix", "--unsafe-fixes", "pod.yaml")
    assert (repo.path / "pod.yaml").read_text() == "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: false # kept\n"
    assert (done.returncode, "pod.yaml:4:16: fixed k8s-host-network" in done.stderr) == (0, True)
    assert repo.secops("config", "--fix", "--staged").returncode == 2
