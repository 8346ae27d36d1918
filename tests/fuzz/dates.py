"""Dates of records, of pages and of HTTP: a day of the calendar or none."""

from __future__ import annotations

from datetime import date, datetime

from transforms.extract.dates import parse_date
from transforms.read.dates import FIRST_YEAR, LAST_YEAR, utc_seconds
from transforms.read.patience import retry_after_seconds


def check(data: bytes) -> None:
    """Read the input as each of them."""
    text = data.decode("utf-8", "replace")
    moment = utc_seconds(text)
    if moment:
        assert FIRST_YEAR <= datetime.fromisoformat(moment).year <= LAST_YEAR
        assert utc_seconds(moment) == moment
    day = parse_date(text)
    assert day is None or type(day) is date
    wait = retry_after_seconds(text, 1.7e9)
    assert wait is None or wait >= 0
