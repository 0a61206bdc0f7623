"""Regular expressions for paths as globs: the same paths, or no glob at all."""

from __future__ import annotations

import re
from random import Random

import pytest

from secops_hooks.policy.glob import matches
from secops_hooks.setup.regex import globs_of

KNOWN = {
    r"(^|/)vendor/": ["vendor/"],
    r"(?:^|/)testdata(?:/|$)": ["testdata"],
    r"^tests/": ["/tests/"],
    r"^docs?/": ["/docs/", "/doc/"],
    r"^a/b\.py$": ["a/b.py"],
    r"^a/b/": ["a/b/"],
    r".*\.lock$": ["**.lock"],
    r"(^|/)(package-lock|yarn)\.(json|lock)$": ["package-lock.json", "package-lock.lock", "yarn.json", "yarn.lock"],
    r"src/[^/]+/fixtures/": ["**src/?*/fixtures/**"],
    r"^fixtures(/.*)?$": ["/fixtures/"],
    r"secrets/(?:dev|test)/.*\.ya?ml$": [f"**secrets/{where}/**.{end}" for where in ("dev", "test") for end in ("yaml", "yml")],
}
OTHERS = [r"(?i)foo", r"x+", r"a{2}", r"[ab]/c", r".*", "", "^$", "^", "$", r"\d+/x", r"(a", r"a)", r"(?!a)b", r"(.*?)(jpg|doc)$", r"a\\b"]
DIRECTORIES = ["a", "b", "docs", "doc", "src", "q", "fixtures", "vendor", "xvendor", "tests", "testdata", "dev", "secrets"]
FILES = ["b.py", "yarn.lock", "package-lock.json", "x.yml", "y.yaml", "README"]


@pytest.mark.parametrize("pattern", KNOWN)
def test_a_glob_means_the_same_paths(pattern: str) -> None:
    globs = globs_of(pattern)
    assert globs == KNOWN[pattern]
    random = Random(pattern)
    for _ in range(3000):
        path = "/".join([*random.choices(DIRECTORIES, k=random.randint(0, 3)), random.choice(FILES)])
        assert any(matches(glob, path) for glob in globs) is (re.search(pattern, path) is not None), path


@pytest.mark.parametrize("pattern", OTHERS)
def test_what_no_glob_means_is_none(pattern: str) -> None:
    assert globs_of(pattern) == []


def test_many_alternatives_have_an_end() -> None:
    assert globs_of("(a|b)" * 30) == []
    assert globs_of("(" * 150 + "a" + ")" * 150) == []
