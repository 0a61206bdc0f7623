"""The report for people: the same line a finding everywhere, and on a terminal the source with a mark under the exact span."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from secops_hooks.finding import Rule, Span, report
from secops_hooks.report import markdown, terse, text
from secops_hooks.report.excerpt import excerpt
from secops_hooks.report.model import Report
from secops_hooks.report.progress import bar, line
from secops_hooks.report.terminal import columns_of, wants_links
from secops_hooks.run import Item

RULE = Rule(
    id="a-rule",
    family="config",
    title="a title",
    severity="high",
    tier="block",
    why="because " * 30,
    fix="do",
    references=("https://example.org/a",),
)


def made(source: str, span: Span, path: str = "dir/a.yaml", **terminal: object) -> Report:
    item = Item(report(RULE, path, span, "what is wrong"), source, "f")
    return Report((item,), (), 1, 10, 0.1, ("config",), "warn", "block", 1, {}, 0.0, **terminal)  # type: ignore[arg-type]


def lines(report: Report) -> list[str]:
    return "".join(text.write(report)).splitlines()


CONTRACT = "dir/a.yaml:3:5: high a-rule what is wrong"


def test_a_finding_has_one_line_in_the_form_that_others_read() -> None:
    plain = lines(made("a: BAD", Span(3, 5, 3, 8)))
    assert plain[:3] == [CONTRACT, "", "a-rule: a title"]
    assert plain[-1] == "secops: 1 file, 10 B, 1 finding (1 block), 0 suppressed, 0.10 s"


def test_on_a_terminal_the_line_is_the_same_and_its_source_follows() -> None:
    rich = lines(made("a:  BAD # x", Span(3, 5, 3, 8), rich=True))
    at = rich.index(CONTRACT)
    assert rich[0].startswith("── dir/a.yaml ───")
    assert rich[at + 1] == "     3 │ a:  BAD # x"
    assert rich[at + 2] == "       │     ^^^"


def test_terse_is_lines_and_summary() -> None:
    assert "".join(terse.write(made("a", Span(3, 5, 3, 8)))).splitlines() == [
        CONTRACT,
        "secops: 1 file, 10 B, 1 finding (1 block), 0 suppressed, 0.10 s",
    ]


SOURCES = {
    "plain": ("key: value", Span(1, 6, 1, 11), "value"),
    "indented, whose indent is left out": ("        key: value", Span(1, 14, 1, 19), "value"),
    "tab": ("\tif\tx", Span(1, 5, 1, 6), "x"),
    "wide characters before": ("漢字: 値 x", Span(1, 7, 1, 8), "x"),
    "wide characters inside": ("k: 漢字 # ok", Span(1, 4, 1, 6), "漢字"),
    "combining characters before": ("e\u0301e\u0301: x", Span(1, 7, 1, 8), "x"),
    "control characters before": ("\x1b[31m: x", Span(1, 8, 1, 9), "x"),
    "far to the right": ("a" * 5000 + " BAD " + "b" * 5000, Span(1, 5002, 1, 5005), "BAD"),
    "a span as long as the world": ("k: " + "x" * 20000, Span(1, 4, 1, 20004), "x" * 8),
    "no width at all": ("key:", Span(1, 5, 1, 5), ""),
    "over several lines": ("run: |", Span(1, 6, 4, 2), "|"),
    "behind the end": ("abc", Span(1, 50, 1, 60), ""),
}


@pytest.mark.parametrize("width", [30, 60, 160])
@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_mark_stands_under_the_span_and_nothing_is_wider_than_the_terminal(name: str, width: int, encoding: str) -> None:
    source, span, marked = SOURCES[name]
    part = excerpt(source, span, width, encoding)
    shown = part.before + part.inside + part.after
    assert columns_of(shown) <= width
    assert part.indent == columns_of(part.before)
    assert part.length >= 1
    assert "\x1b" not in shown
    shown.encode(encoding)
    if encoding == "utf-8":
        assert part.inside.startswith(marked)
        assert part.length == max(
            1, columns_of(part.inside.removesuffix("…") if len(part.inside) < span.end_col - span.col else part.inside)
        )


def test_every_line_fits_a_narrow_terminal_that_knows_only_ascii() -> None:
    said = lines(made("k: " + "漢" * 200, Span(3, 4, 3, 9), rich=True, width=60, encoding="ascii"))
    assert all(len(each) <= 60 for each in said if each != said[-1])
    assert all(each.isascii() for each in said)


def test_colour_and_links_are_only_added() -> None:
    report = made("a:  BAD", Span(3, 5, 3, 8), path="dir/a b.yaml", rich=True, color=True, base="/home/ü")
    shown = "".join(text.write(report))
    assert "\x1b]8;;file:///home/%C3%BC/dir/a%20b.yaml\x1b\\dir/a b.yaml:3:5:\x1b]8;;\x1b\\" in shown
    assert "\x1b]8;;https://example.org/a\x1b\\a-rule\x1b]8;;\x1b\\" in shown
    bare = re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[\d;]*m", "", shown)
    assert bare == "".join(text.write(report._replace(color=False, base="")))


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"FORCE_HYPERLINK": "0", "TERM_PROGRAM": "vscode"}, False),
        ({}, False),
    ],
)
def test_links_are_written_where_asked_for(env: dict[str, str], expected: bool) -> None:
    assert wants_links(True, env) is expected


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"VTE_VERSION": "7600"}, True),
        ({"VTE_VERSION": "4900"}, False),
        ({"VTE_VERSION": "7600", "TERM": "tmux-256color"}, False),
        ({"TERM_PROGRAM": "vscode", "CI": "true"}, False),
        ({"TERM": "xterm-256color"}, False),
    ],
)
def test_links_are_written_where_the_terminal_takes_them(env: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert wants_links(True, env) is expected
    assert wants_links(False, env) is False


def test_markdown_escapes_what_files_say() -> None:
    hostile = made("x", Span(1, 1, 1, 2), path="a|b`<img src=x>`[c](https://evil.example)@team.yaml")
    said = "".join(markdown.write(hostile))
    assert "<img" not in said
    assert "](http" not in said
    assert "@team" not in said
    row = next(each for each in said.splitlines() if "a-rule</code> |" in each or "a&#45;rule</code> |" in each)
    assert row.count(" | ") == 3
    assert "<details>" in said


def test_markdown_says_how_it_ended_and_is_bounded() -> None:
    one = made("x", Span(1, 1, 1, 2))
    assert "".join(markdown.write(one)).startswith("### secops-hooks: failed\n")
    many = "".join(markdown.write(one._replace(items=one.items * 20_000)))
    assert "19500 more are in the full report." in many
    assert len(many) < 1 << 20


def test_progress_is_one_line_within_the_terminal() -> None:
    assert line(50, 100, 10.0, 60) == "#" * 16 + "." * 16 + " 50 of 100 files, 10 s left"
    assert len(line(1, 1_000_000, 3.0, 30)) < 30
    assert "0 of 5 files" in line(0, 5, 2.0, 60)


def test_progress_waits_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(bar(["a", "b"], 60)) == ["a", "b"]
    assert capsys.readouterr().err == ""
    clock = iter(range(0, 100, 2))
    monkeypatch.setattr("secops_hooks.report.progress.time.monotonic", lambda: float(next(clock)))
    assert list(bar(["a", "b"], 60)) == ["a", "b"]
    said = capsys.readouterr().err
    assert "1 of 2 files" in said
    assert said.endswith("\r\x1b[K")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals")
def test_a_terminal_shows_sources_and_no_secret(sandbox, aws_key) -> None:
    """Through a real pseudo terminal: two secrets on one line, and neither in clear."""
    password = "hun" + "ter2Zx9!kq"
    sandbox.write("a.env", f"KEY={aws_key()} DB=postgres://u:{password}@db.prod.internal/x\n")
    shown = on_a_terminal(sandbox, "all", "a.env")
    assert "^" * 20 in shown
    assert "KEY=AKIA****" in shown
    assert aws_key() not in shown
    assert password not in shown
    assert "\x1b[" not in shown  # NO_COLOR


def on_a_terminal(sandbox, *args: str) -> str:
    import pty

    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the child is another program
        os.chdir(sandbox.path)
        os.execve(sys.executable, [sys.executable, "-m", "secops_hooks", *args], {**sandbox.env, "TERM": "xterm"})
    said = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the end of a pseudo terminal
            break
        if not chunk:
            break
        said += chunk
    os.close(terminal)
    os.waitpid(pid, 0)
    return said.decode()


def test_several_reports_of_one_run(sandbox: object) -> None:
    write, run = sandbox.write, sandbox.secops  # type: ignore[attr-defined]
    write("p.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n")
    done = run("all", "p.yaml", "--format", "terse", "--report", "sarif=out.sarif", "--report", "html=out.html")
    assert done.stdout.startswith("p.yaml:4:16: high k8s-host-network")
    assert '"2.1.0"' in (Path(sandbox.path) / "out.sarif").read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert "<!doctype html>" in (Path(sandbox.path) / "out.html").read_text(encoding="utf-8")  # type: ignore[attr-defined]


@pytest.mark.parametrize("word", ["sarif", "saarif=x", "sarif="])
def test_a_report_without_place_or_of_no_format_is_refused(sandbox, word: str) -> None:
    sandbox.write("a.txt", "x\n")
    done = sandbox.secops("all", "a.txt", "--report", word)
    assert done.returncode == 2
    assert "write FORMAT=FILE" in done.stderr


def test_an_editor_sends_what_is_not_saved(repo) -> None:
    repo.write("p.yaml", "apiVersion: v1\nkind: Pod\n")
    text_now = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n"
    import json
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "secops_hooks", "all", "--format", "json", "--stdin-filename", "p.yaml"],
        cwd=repo.path,
        env=repo.env,
        input=text_now.encode(),
        capture_output=True,
    )
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["rule"], found["path"], found["line"], found["column"]) == ("k8s-host-network", "p.yaml", 4, 16)


@pytest.mark.parametrize("more", [["a.txt"], ["--staged"], ["--fix"], ["--changed-lines"]])
def test_standard_input_is_all_there_is(sandbox, more: list[str]) -> None:
    sandbox.write("a.txt", "x\n")
    assert sandbox.secops("all", "--stdin-filename", "x.py", *more).returncode == 2


@pytest.mark.parametrize(("own", "behind", "expected"), [(120, 80, 120), (0, 72, 72), (0, 0, 100), (500, 80, 160), (10, 80, 40)])
def test_a_terminal_that_says_no_size_has_one_behind_it(own: int, behind: int, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from secops_hooks.report import terminal

    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
    monkeypatch.setattr(terminal.os, "get_terminal_size", lambda fd: os.terminal_size((own if fd == 1 else behind, 24)))
    monkeypatch.setattr(terminal.os, "open", lambda *_: 99)
    monkeypatch.setattr(terminal.os, "close", lambda _: None)
    assert terminal.columns() == expected
