"""When pages were fetched, first seen and, as they claim, published."""

from __future__ import annotations

from transforms.probability import CHATBOT_EPOCH
from transforms.report.story import Dates
from transforms.report.tables import Tables

_BY_MONTH = r"""
    SELECT fetched, first_seen, published, count(*), grouping(fetched, first_seen, published) FROM (
        SELECT regexp_extract(date, '^\d{4}-(0[1-9]|1[0-2])') AS fetched,
               regexp_extract(first_seen, '^\d{4}-(0[1-9]|1[0-2])') AS first_seen,
               regexp_extract(published, '^\d{4}') AS published
        FROM corpus
    ) GROUP BY GROUPING SETS ((fetched), (first_seen), (published)) ORDER BY 1, 2, 3
"""
_BEFORE = "SELECT count(*) FROM corpus WHERE first_seen <> '' AND left(first_seen, 10) < ?"
_FETCHED, _FIRST_SEEN, _PUBLISHED = 0b011, 0b101, 0b110  # bits of the columns that a group leaves out


def read_dates(tables: Tables) -> Dates:
    """Pages by month of fetching and first sight, and by the year they claim."""
    counts: dict[int, list[tuple[str, int]]] = {_FETCHED: [], _FIRST_SEEN: [], _PUBLISHED: []}
    for *dates, pages, left_out in tables.rows(_BY_MONTH):
        counts[left_out].append((next(date for date in dates if date is not None), pages))
    ((before,),) = tables.rows(_BEFORE, [CHATBOT_EPOCH])
    return Dates(tuple(counts[_FETCHED]), tuple(counts[_FIRST_SEEN]), tuple(counts[_PUBLISHED]), before)
