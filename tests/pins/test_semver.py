"""npm's ranges, held to tables made from the semver documentation, and to what must hold for all versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.pins.semver import parse, satisfies

RANGES = {
    "^1.2.3": (["1.2.3", "1.9.0"], ["1.2.2", "2.0.0", "2.0.0-beta.1"]),
    "^0.2.3": (["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]),
    "^0.0.3": (["0.0.3"], ["0.0.4", "0.0.2"]),
    "^1.x": (["1.0.0", "1.9.9"], ["2.0.0", "0.9.9"]),
    "^0": (["0.0.0", "0.9.9"], ["1.0.0"]),
    "~1.2.3": (["1.2.3", "1.2.9"], ["1.3.0", "1.2.2"]),
    "~1.2": (["1.2.0", "1.2.9"], ["1.3.0"]),
    "~1": (["1.0.0", "1.9.9"], ["2.0.0"]),
    "1.2.3": (["1.2.3"], ["1.2.4"]),
    "=1.2.3": (["1.2.3", "v1.2.3"], ["1.2.4"]),
    "1.2.x": (["1.2.0", "1.2.9"], ["1.3.0"]),
    "1": (["1.0.0", "1.9.9"], ["2.0.0"]),
    "*": (["0.0.1", "9.9.9"], []),
    "": (["0.0.1", "9.9.9"], []),
    ">=1.2.3 <2": (["1.2.3", "1.9.9"], ["1.2.2", "2.0.0"]),
    ">1.2": (["1.3.0"], ["1.2.9"]),
    ">1.2.3": (["1.2.4"], ["1.2.3"]),
    "<=1.2": (["1.2.9"], ["1.3.0"]),
    "<1.2": (["1.1.9"], ["1.2.0"]),
    "1.2.3 - 2.3.4": (["1.2.3", "2.3.4"], ["1.2.2", "2.3.5"]),
    "1.2 - 2": (["1.2.0", "2.9.9"], ["1.1.9", "3.0.0"]),
    "1.x || >=2.5.0 || 5.0.0 - 7.2.3": (["1.2.3", "2.5.0", "9.0.0"], ["2.4.9"]),
    ">= 1.0.0": (["1.0.0"], ["0.9.9"]),
    "1.0.0-rc.1": (["1.0.0-rc.1"], ["1.0.0", "1.0.0-rc.2"]),
}


@pytest.mark.parametrize("wanted", RANGES)
def test_ranges(wanted: str) -> None:
    inside, outside = RANGES[wanted]
    assert [satisfies(version, wanted) for version in inside] == [True] * len(inside)
    assert [satisfies(version, wanted) for version in outside] == [False] * len(outside)


@pytest.mark.parametrize(
    "wanted",
    ["latest", "next", "git+https://example.org/a.git", "file:../a", "workspace:*", "npm:a@1", "http://example.org/a.tgz", "user/repo"],
)
def test_what_is_no_range_is_unknown(wanted: str) -> None:
    assert satisfies("1.0.0", wanted) is None


def test_order_of_pre_releases() -> None:
    texts = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"]
    versions = [parse(text) for text in texts]
    assert None not in versions
    assert sorted(versions, key=lambda v: v or ()) == versions


numbers = st.integers(0, 30)
triples = st.tuples(numbers, numbers, numbers)


@given(triples, triples)
def test_caret_and_tilde_agree_with_their_definition(a: tuple[int, int, int], b: tuple[int, int, int]) -> None:
    base, other = ".".join(map(str, a)), ".".join(map(str, b))
    first = next((i for i, n in enumerate(a) if n), 2)
    assert satisfies(other, f"^{base}") is (b >= a and b[: first + 1] == a[: first + 1])
    assert satisfies(other, f"~{base}") is (b >= a and b[:2] == a[:2])
    assert satisfies(other, f">={base}") is (b >= a)
    assert satisfies(other, f"<{base} || >{base}") is (b != a)


@given(st.text(alphabet="^~<>=|.-x*01 a", max_size=30))
def test_any_text_is_answered(text: str) -> None:
    assert satisfies("1.0.0", text) in (True, False, None)
