"""The short way around argparse gives what argparse gives."""

from __future__ import annotations

import pytest

from secops_hooks.arguments import CHECKS, DEFAULTS, parse, parser


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("paths", [[], ["a"], ["a.py", "b c", "@d"]], ids=["none", "one", "several"])
def test_plain_words_are_parsed_as_argparse_would(name: str, paths: list[str]) -> None:
    assert vars(parse([name, *paths])) == vars(parser(name).parse_args([name, *paths]))


def test_anything_that_begins_like_an_option_goes_to_argparse() -> None:
    assert parse(["secrets", "a", "--tier", "audit"]).tier == "audit"
    with pytest.raises(SystemExit):
        parse(["secrets", "--no-such-option"])


def test_a_default_is_never_shared_between_runs() -> None:
    assert all(value is None or isinstance(value, (str, bool)) for value in DEFAULTS.values())
