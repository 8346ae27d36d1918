"""Dates: when texts were fetched, first seen and published; chatbots came on 2022-11-30."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from transforms.report.html.element import Html, element, join
from transforms.report.html.figure import Value, figure
from transforms.report.html.numbers import count, part, percent, several
from transforms.report.html.section import Section, bar, prose
from transforms.report.html.table import Cell, Head, Table
from transforms.report.story import Story

CHATBOTS = "2022-11-30"
"""The day ChatGPT was released: a text seen before is of a time without chatbots."""

_WHEN = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?")  # the web is of these centuries: others are not drawn
_MOST_MONTHS = 72  # beyond six years a column a year is clearer

_HEADS = (
    Head("When", "month or year; what cannot be dated comes first", False),
    Head("Pages", "rows"),
    Head("Share", "of the rows looked at"),
    Head("Bar", "pages, against the most", False, ornament=True),
)

Dated = Sequence[tuple[str, int]]


def dates(story: Story) -> Section:
    """Three histograms over time, and their numbers."""
    found, older, read = story.dates, story.dates.before_chatbots, story.scope.read
    explained = prose(
        f"The text of {several(older, 'page')} ({percent(part(older, read))}) was seen before {CHATBOTS}, the day "
        "ChatGPT was released. Being older than chatbots is evidence that no detector can match. What a page claims as "
        "its date of publication is shown, too, but never believed."
    )
    shown = (
        ("first_seen", "First seen: earliest fetch of exactly this text", found.first_seen),
        ("fetched", "Fetched: the date in the archive", found.fetched),
        ("published", "Published: what pages claim", found.published),
    )
    plots = element("div", *(_plot(*entry) for entry in shown), class_="plots first")
    tables = element(
        "details",
        element("summary", "The numbers of these plots"),
        join(_table(name, caption, dated) for name, caption, dated in shown),
        class_="more",
    )
    return Section("dates", "Dates", (explained, plots, tables))


def _plot(name: str, caption: str, dated: Dated) -> Html:
    told = f"{caption}, pages over time; the line is {CHATBOTS}. The same numbers stand in a table below."
    return figure("dates", f"{name}-plot", caption, told, _columns(dated), line=CHATBOTS)


def _columns(dated: Dated) -> list[Value]:
    """Pages by month, or by year if the time is long or only years are known: first day, first day after, pages."""
    matched = [(found, pages) for when, pages in dated if (found := _WHEN.fullmatch(when))]
    months = {int(m[1]) * 12 + int(m[2]) for m, _ in matched if m[2]}
    by_month = len(months) > 0 and max(months) - min(months) <= _MOST_MONTHS and all(m[2] for m, _ in matched)
    sums: Counter[int] = Counter()
    for found, pages in matched:
        sums[int(found[1]) * 12 + (int(found[2]) - 1 if by_month and found[2] else 0)] += pages
    step = 1 if by_month else 12
    return [{"from": _day(m), "to": _day(m + step), "pages": pages} for m, pages in sorted(sums.items())]


def _day(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}-01"


def _table(name: str, caption: str, dated: Dated) -> Html:
    rows = sum(pages for _, pages in dated)
    most = max((pages for _, pages in dated), default=0)
    return Table(f"{name}-table", caption, _HEADS, tuple(_row(when, n, rows, most) for when, n in dated)).html()


def _row(when: str, pages: int, rows: int, most: int) -> tuple[Cell, ...]:
    share = part(pages, rows)
    drawn = bar(part(pages, most))
    return Cell(when or "undated"), Cell(count(pages), pages), Cell(percent(share), share), Cell(drawn)
