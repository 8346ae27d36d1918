"""Dates of records in one form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.dates import utc_seconds


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
        ("2024-01-01T00:00:00.123456789Z", "2024-01-01T00:00:00Z"),
        ("2024-01-01T01:00:00+02:00", "2023-12-31T23:00:00Z"),
        ("2024-01-01T01:00:00-0230", "2024-01-01T03:30:00Z"),
        ("2024-01-01 01:00:00", "2024-01-01T01:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2024-05", "2024-05-01T00:00:00Z"),
        ("2024", "2024-01-01T00:00:00Z"),
        ("20040405060708", "2004-04-05T06:07:08Z"),
        ("200404050607", "2004-04-05T06:07:00Z"),
        ("20040405060708123", "2004-04-05T06:07:08Z"),
        (" 2024-01-01T00:00:00Z\t", "2024-01-01T00:00:00Z"),
    ],
)
def test_a_date_becomes_utc_seconds(date: str, expected: str) -> None:
    assert utc_seconds(date) == expected


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01T25:00:00Z",
        "2024-01-01T00:00:61Z",
        "2009-04-119T12:48:17-0400",
        "1970-01-01T00:00:00Z",
        "26050908173821",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-12:00",
        "2024-01-01T00:00:00+99:99",
        "２０２４-01-01T00:00:00Z",
    ],
)
def test_what_is_no_date_or_absurd_is_empty(date: str) -> None:
    assert utc_seconds(date) == ""


@given(
    moment=st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)),
    minutes=st.integers(-23 * 60, 23 * 60),
)
def test_any_zone_names_the_same_moment(moment: datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert utc_seconds(local.isoformat()) == moment.strftime("%Y-%m-%dT%H:%M:%SZ")
