"""When a record was fetched, in one form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

FIRST_YEAR = 1990  # the first web server ran at the end of 1990
LAST_YEAR = 2099  # not the clock of this machine: the same archive gives the same rows in any year

_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?\d{0,6}", re.ASCII)


def utc_seconds(date: str) -> str:
    """A WARC-Date (ISO 8601, WARC 1.1 allows any precision) or ARC date (14 digits) as `YYYY-MM-DDTHH:MM:SSZ`.

    "" if it is none or lies outside FIRST_YEAR to LAST_YEAR. A missing zone is UTC, as both standards demand; fractions
    of a second are dropped; a date without a day or hour is its first second.
    """
    match = _DIGITS.fullmatch(date.strip()) or _ISO.fullmatch(date.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second = (
        int(part or least) for part, least in zip(match.groups(), _FIRST, strict=False)
    )
    zone = match.group(7) if match.re is _ISO else None
    try:
        moment = datetime(
            year, month, day, hour, minute, 59 if second == 60 else second, tzinfo=_zone(zone)
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if FIRST_YEAR <= moment.year <= LAST_YEAR else ""


_FIRST = (0, 1, 1, 0, 0, 0)


def _zone(zone: str | None) -> timezone:
    if zone is None or zone in "Zz":
        return UTC
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-offset if zone[0] == "-" else offset)
