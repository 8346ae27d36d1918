"""Ratio estimates: exact for the whole, honest about the rest."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.interval import Interval, expand

PARTS = st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1e6)), min_size=1, max_size=20)


def test_a_sample_of_half_doubles_what_it_saw() -> None:
    assert expand([(10.0, 4.0), (10.0, 4.0)], 40, within=True).value == 16.0


def test_parts_that_are_alike_leave_no_doubt() -> None:
    assert expand([(10.0, 4.0), (5.0, 2.0)], 60, within=True) == Interval(24.0, 24.0, 24.0)


def test_the_interval_of_two_unlike_parts_is_the_textbook_one() -> None:
    # residuals 1 and -1 about the ratio 1/2: variance of the sum 2 · 2 / 1; Student's t at 0.95 with 1 degree is 6.314
    found = expand([(10.0, 6.0), (10.0, 4.0)], 40, within=True)
    assert math.isclose(found.high - found.value, 6.313752 * 2 * 2 * math.sqrt(0.5), rel_tol=1e-6)


def test_one_part_says_nothing_of_the_spread() -> None:
    assert expand([(10.0, 4.0)], 1e9, within=False) == Interval(0.0, 4e8, 8e8)


def test_a_total_is_at_least_what_was_seen_of_it() -> None:
    assert expand([(10.0, 0.0), (10.0, 9.0)], 40, within=True).low == 9.0


def test_of_other_archives_nothing_was_seen() -> None:
    assert expand([(10.0, 0.0), (10.0, 9.0)], 10, within=False).low == 0.0


def test_no_bytes_hold_nothing() -> None:
    assert expand([], 100, within=True) == expand([(5.0, 3.0)], 0, within=True) == Interval(0.0, 0.0, 0.0)


@settings(deadline=None)
@given(PARTS)
def test_the_whole_as_a_sample_is_exact(parts: list[tuple[float, float]]) -> None:
    found = expand(parts, sum(size for size, _ in parts), within=True)
    assert math.isclose(found.value, sum(amount for _, amount in parts), rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(found.high, found.value, rel_tol=1e-6, abs_tol=1e-6)


@settings(deadline=None)
@given(PARTS, st.floats(1, 1e9), st.floats(0, 1e9), st.booleans())
def test_more_input_is_never_less(parts: list[tuple[float, float]], total: float, more: float, within: bool) -> None:
    small, large = expand(parts, total, within=within), expand(parts, total + more, within=within)
    assert large.value >= small.value
    assert large.high >= small.high


@settings(deadline=None)
@given(PARTS, st.floats(1, 1e9), st.booleans())
def test_the_interval_holds_the_estimate(parts: list[tuple[float, float]], total: float, within: bool) -> None:
    found = expand(parts, total, within=within)
    assert 0 <= found.low <= found.value <= found.high


def test_arithmetic_keeps_the_ends_in_order() -> None:
    sum_ = Interval(1.0, 2.0, 4.0) + Interval.exact(1.0)
    assert sum_ == Interval(2.0, 3.0, 5.0)
    assert sum_.times(2) == Interval(4.0, 6.0, 10.0)
    assert Interval(10.0, 20.0, 30.0).widened(0.1) == Interval(9.0, 20.0, 33.0)
