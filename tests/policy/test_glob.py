"""Globs for paths and for rule ids."""

from __future__ import annotations

import pytest

from secops_hooks.policy.glob import matches, matches_word


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.py", "a/b.py", True),
        ("*.py", "a/b.pyc", False),
        ("vendor/", "vendor/a/b.c", True),
        ("vendor/", "x/vendor/a", True),
        ("vendor", "vendored/a", False),
        ("a/*.py", "a/b.py", True),
        ("a/*.py", "a/c/b.py", False),
        ("a/**/b.py", "a/b.py", True),
        ("a/**/b.py", "a/c/d/b.py", True),
        ("**", "anything/at/all", True),
        ("legacy/**", "legacy/x", True),
        ("legacy/**", "not-legacy/x", False),
        ("a?c", "abc", True),
        ("a.c", "abc", False),
    ],
)
def test_paths(glob: str, path: str, expected: bool) -> None:
    assert matches(glob, path) is expected


@pytest.mark.parametrize(
    ("glob", "word", "expected"),
    [
        ("github-*", "github-pat", True),
        ("github-pat", "github-pat-2", False),
        ("spec.*", "spec.a[0].b", True),
        ("*", "x", True),
        ("a.b", "axb", False),
    ],
)
def test_words(glob: str, word: str, expected: bool) -> None:
    assert matches_word(glob, word) is expected
