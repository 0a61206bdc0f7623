"""Filler, placeholders and documented values against what could be real."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.secrets.documented import digest, is_documented
from secops_hooks.secrets.judge import grade, period, sequential

FAKE = {
    "one letter": "x" * 40,
    "masked": "*" * 20,
    "example in it": "AKIAIOSFODNN7" + "EXAMPLE",
    "your": "your_api_key_of_32_characters_00",
    "insert": "insert-token-here-3948",
    "redacted": "REDACTED" * 4,
    "placeholder": "my-placeholder-value-1",
    "few letters": "abababcacacbababab",
    "three letters again and again": "123123123123123123123",
    "zeros": "00000000-0000-0000-0000-000000000000",
    "alphabet": "abcdefghijklmnopqrstuvwxyz",
}
WEAK = {
    "counted": "abcdef1234567890abcdef1234567890",
    "repeated": "q8Zt7Wp3q8Zt7Wp3q8Zt7Wp3",
    "snake case": "some_function_name_that_is_long",
}


@pytest.mark.parametrize("name", sorted(FAKE))
def test_fake(name: str) -> None:
    assert grade(FAKE[name]) == "fake"


@pytest.mark.parametrize("name", sorted(WEAK))
def test_weak(name: str) -> None:
    assert grade(WEAK[name]) == "weak"


@pytest.mark.parametrize(
    "alphabet", ["0123456789abcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]
)
def test_random_values_are_good(alphabet: str) -> None:
    random = Random(11)
    grades = [grade("".join(random.choice(alphabet) for _ in range(32))) for _ in range(500)]
    assert grades.count("good") >= 498


@given(st.text(alphabet="abcX19", min_size=1, max_size=60))
def test_period_is_the_shortest_repetition(text: str) -> None:
    size = period(text)
    assert text == (text[:size] * len(text))[: len(text)]
    assert all(text != (text[:n] * len(text))[: len(text)] for n in range(1, size))


@given(st.text(max_size=200))
def test_grade_never_fails(text: str) -> None:
    assert grade(text) in ("fake", "weak", "good")
    assert 0 <= sequential(text.lower()) <= max(len(text), len(text.lower()))


def test_documented_values() -> None:
    assert is_documented("AK" + "IA" + "IOSFODNN7EXAMPLE")
    assert is_documented("sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    assert not is_documented("sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dd")
    assert len(digest("x")) == 16
