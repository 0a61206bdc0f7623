"""Disjoint spans against the plain definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.secrets.spans import Spans

spans = st.tuples(st.integers(0, 40), st.integers(1, 10)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(spans, max_size=25))
def test_add_refuses_exactly_what_overlaps(given_spans: list[tuple[int, int]]) -> None:
    kept: list[tuple[int, int]] = []
    taken = Spans()
    for start, end in given_spans:
        clash = any(start < e and s < end for s, e in kept)
        assert taken.overlaps(start, end) is clash
        assert taken.add(start, end) is not clash
        if not clash:
            kept.append((start, end))
    assert list(taken) == sorted(kept)
