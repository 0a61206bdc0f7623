"""README.md and the pages made with it: its commands, its output, its tables and its help are those of the code."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def generator():
    spec = importlib.util.spec_from_file_location("readme", ROOT / "docs" / "readme.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_stopped_commit_is_what_the_hook_says() -> None:
    shown = re.search(r"\$ git commit --message first\n(.*?)\n```", README, re.DOTALL)
    assert shown
    assert shown[1] == generator().stopped_commit()


def test_the_settings_table_is_the_schema() -> None:
    assert generator().settings_table() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_option_is_in_the_help_text() -> None:
    """To the letter on the Python that wrote it; others lay help out differently."""
    text = generator().help_text()
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    if sys.version_info[:2] <= (3, 12):
        assert text in page
    for option in re.findall(r"--[a-z][a-z-]+", text):
        assert option in page


def test_every_command_is_in_its_table() -> None:
    assert generator().command_table() in (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_exit_codes_are_those_of_the_code() -> None:
    from secops_hooks.run import CLEAN, FOUND, NOT_ANALYSED, USAGE

    listed = re.findall(r"^\| (\d) \| (\w+)", README, re.MULTILINE)
    assert listed == [(str(CLEAN), "clean"), (str(FOUND), "a"), (str(USAGE), "wrong"), (str(NOT_ANALYSED), "something")]


@pytest.mark.parametrize("start", ["python3 -m venv .venv && .venv/bin/python -m pip install"])
def test_two_commands_do_the_set_up(start: str) -> None:
    assert len(re.findall(rf"^{re.escape(start)}[^\n]*$", README, re.MULTILINE)) == 2


def test_the_first_screen_has_what_one_copies() -> None:
    first = README[:900]
    assert "- id: secops" in first
    assert "rev: v" in first
