"""Values of a manifest that somebody else may have written."""

from __future__ import annotations

import pytest

from transforms.report.loose import real, whole


@pytest.mark.parametrize("value", [0, 7, 2**63 - 1])
def test_counts_are_whole_numbers(value: int) -> None:
    assert whole(value) == value
    assert real(value) == float(value)


@pytest.mark.parametrize("value", [True, "7", None, -1, 2**63, 10**400, 7.0])
def test_what_is_no_count_is_zero(value: object) -> None:
    assert whole(value) == 0


@pytest.mark.parametrize("value", [-1.5, 0.0, 1e18])
def test_finite_numbers_are_numbers(value: float) -> None:
    assert real(value) == value


@pytest.mark.parametrize("value", [True, "1.5", None, 10**400, 1e300, float("inf"), float("-inf"), float("nan")])
def test_what_no_measure_can_be_is_none(value: object) -> None:
    assert real(value) is None
