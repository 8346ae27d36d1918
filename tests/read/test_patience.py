"""How often a server is asked again, and after how long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.patience import (
    MAX_BACKOFF,
    MAX_RETRY_AFTER,
    Clock,
    Fault,
    Patience,
    WebError,
    retry_after_seconds,
)


def patience(attempts: int, waits: list[float], draw: float = 0.5) -> Patience:
    """A patience that notes its waits."""
    return Patience(attempts, 0.5, Clock(sleep=waits.append, draw=lambda: draw))


def failing(times: int, **settings: float) -> Callable[[], int]:
    """Fails so often, then gives how often it was called."""
    calls = 0

    def attempt() -> int:
        nonlocal calls
        calls += 1
        if calls <= times:
            raise Fault("busy", **settings)  # type: ignore[arg-type]
        return calls

    return attempt


def test_waits_double_up_to_a_bound_with_full_jitter() -> None:
    waits: list[float] = []
    assert patience(12, waits).persist(failing(11), address="http://h/x") == 12
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0]
    assert patience(9, []).wait(1000, None) == MAX_BACKOFF / 2
    assert [patience(9, [], draw).wait(3, None) for draw in (0.0, 0.999)] == [0.0, 1.998]


def test_the_last_failure_is_told_with_the_address_and_a_cure() -> None:
    waits: list[float] = []
    with pytest.raises(WebError) as caught:
        patience(3, waits).persist(failing(3), address="http://h/x")
    assert str(caught.value) == (
        "cannot read 'http://h/x': busy, after 3 attempts; check the address, or give the same command again later"
    )
    assert len(waits) == 2


def test_a_failure_that_is_worth_fewer_attempts_gets_fewer() -> None:
    with pytest.raises(WebError, match="after 3 attempts"):
        patience(10, []).persist(failing(9, at_most=3), address="http://h/x")
    with pytest.raises(WebError, match="after 1 attempt;"):
        patience(1, []).persist(failing(9, at_most=3), address="http://h/x")


def test_what_is_no_fault_is_not_tried_again() -> None:
    def attempt() -> None:
        raise WebError("gone")

    waits: list[float] = []
    with pytest.raises(WebError, match=r"^gone$"):
        patience(10, waits).persist(attempt, address="http://h/x")
    assert waits == []


@pytest.mark.parametrize(("asked", "waited"), [(7.0, 7.25), (0.0, 0.25), (-5.0, 0.25), (9e9, MAX_RETRY_AFTER + 0.25)])
def test_what_a_server_asks_for_comes_on_top_within_a_bound(asked: float, waited: float) -> None:
    waits: list[float] = []
    patience(2, waits).persist(failing(1, retry_after=asked), address="http://h/x")
    assert waits == [waited]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 5000, 999_999_999.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 7.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 7.0),
        ("Sun Nov  6 08:49:37 1994", 7.0),
        ("Sun, 06 Nov 1994 08:49:37 -0000", 7.0),
        ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),
        (None, None),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("Sun, 99 Nov 99999 08:49:37 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_in_any_of_its_three_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, now=784111770.0) == seconds  # 1994-11-06T08:49:30Z


@given(st.text())
def test_no_retry_after_raises(value: str) -> None:
    assert (retry_after_seconds(value, now=0.0) or 0.0) >= 0.0
