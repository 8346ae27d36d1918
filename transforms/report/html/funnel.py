"""From records to rows: nothing vanishes."""

from __future__ import annotations

from itertools import accumulate

from transforms.rejection import MEANING
from transforms.report.html.element import element
from transforms.report.html.figure import Value, figure
from transforms.report.html.numbers import count, part, percent, several
from transforms.report.html.section import Section, bar, prose
from transforms.report.html.source import name
from transforms.report.html.table import Cell, Head, Table
from transforms.report.html.visible import cut
from transforms.report.story import Funnel, Rejected, Story

_HEADS = (
    Head(
        "Stage and reason",
        "the stage that refused the record and its reason, as in the column reason of rejections/",
        False,
    ),
    Head("What it means", "why such records are no rows", False),
    Head("Records", "number of records"),
    Head("Of responses", "share of all response records; they are what a corpus is made of"),
    Head("Bar", "the same share", False, ornament=True),
)


_MEANING = {reason.value: meaning for reason, (_, meaning) in MEANING.items()}


def funnel(story: Story) -> Section:
    """What happened to every record."""
    found = story.funnel
    lost = sum(entry.records for entry in found.rejected if entry.responses)
    told = (
        f"Of {several(found.records, 'record')} {count(found.responses)} are responses; "
        f"{count(lost)} were refused, each with a reason in rejections/, and {count(found.rows)} are rows."
    )
    plot = figure("waterfall", "funnel-plot", "Responses, and what each reason took", told, _steps(found))
    return Section("funnel", "From records to rows", (prose(told), plot, _table(found).html()))


def _steps(found: Funnel) -> list[Value]:
    """The bars of the plot: all responses, then what each reason took from what was left, then the rows."""
    lost = [entry for entry in found.rejected if entry.responses]
    left = list(accumulate((-entry.records for entry in lost), initial=found.responses))
    first: Value = {"label": "responses", "low": 0, "high": found.responses, "kind": "all"}
    last: Value = {"label": "rows", "low": 0, "high": found.rows, "kind": "kept"}
    steps: list[Value] = [
        {"label": cut(f"{e.stage}: {e.reason}", 40), "low": low, "high": high, "kind": "lost"}
        for e, high, low in zip(lost, left, left[1:], strict=False)
    ]
    return [first, *steps, last]


def _table(found: Funnel) -> Table:
    passed = tuple(_row(kind, "only counted: not a response", number, None) for kind, number in found.passed)
    refused = tuple(_refused(entry, found.responses) for entry in found.rejected)
    foot = _row("rows", "in the corpus", found.rows, part(found.rows, found.responses))
    return Table("funnel-table", "Records by what became of them", _HEADS, (*passed, *refused), foot)


def _refused(entry: Rejected, responses: int) -> tuple[Cell, ...]:
    meaning = _MEANING.get(entry.reason, "")
    share = part(entry.records, responses) if entry.responses else None
    return _row(f"{entry.stage}: {entry.reason}", meaning, entry.records, share, lost=True)


def _row(label: str, meaning: str, records: int, share: float | None, *, lost: bool = False) -> tuple[Cell, ...]:
    return (
        Cell(element("code", name(label))),
        Cell(meaning),
        Cell(count(records), records),
        Cell(percent(share), share),
        Cell(bar(share, "lost" if lost else "")),
    )
