"""When the pages were fetched and first seen, as bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from transforms.probability import CHATBOT_EPOCH
from transforms.report.story import Story
from transforms.report.text.numerals import bar, compact, counted
from transforms.terminal import clean

_LINES = 12  # of bars: more months than that are shown as years
_BAR = 40  # columns


def dates(story: Story, width: int) -> Iterator[str]:
    """A bar a month, or a year where there are many months; and how many texts predate chatbots."""
    if not story.dates.fetched:
        return
    yield "Fetched"
    yield from bars(_by_year(story.dates.fetched), width)
    before = counted(story.dates.before_chatbots, "page")
    yield f"  first seen before chatbots ({CHATBOT_EPOCH}): {before}"
    years = [(year, pages) for year, pages in story.dates.published if year]
    if years:
        commonest = sorted(sorted(years, reverse=True), key=lambda entry: -entry[1])[:4]
        told = ", ".join(f"{clean(year, 4)} ({pages:,})" for year, pages in commonest)
        yield f"  published, as {counted(sum(pages for _, pages in years), 'page')} say: {told}"


def _by_year(months: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """The months; or, where there are too many, years, the first of them together."""
    if len(months) <= _LINES:
        return months
    years: Counter[str] = Counter()
    for month, pages in months:
        years[month[:4]] += pages
    dated = sorted((year, pages) for year, pages in years.items() if year)
    early, late = dated[: 1 - _LINES], dated[1 - _LINES :]
    if len(early) > 1:
        early = [(f"to {early[-1][0]}", sum(pages for _, pages in early))]
    return [*((year, pages) for year, pages in years.items() if not year), *early, *late]


def bars(counts: Sequence[tuple[str, int]], width: int) -> Iterator[str]:
    """A line each: name, number, bar."""
    names = [clean(name, 40) or "(none)" for name, _ in counts]
    numbers = [compact(number) for _, number in counts]
    left, right = max(map(len, names)), max(map(len, numbers))
    most = max(number for _, number in counts)
    for name, told, (_, number) in zip(names, numbers, counts, strict=True):
        yield f"  {name:<{left}}  {told:>{right}}  {bar(number, most, min(_BAR, width - left - right - 6))}".rstrip()
