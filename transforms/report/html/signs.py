"""Signs beside the score: evidence, rights, abstentions, rules of quality."""

from __future__ import annotations

from transforms.report.html.element import Html, element
from transforms.report.html.numbers import count, part, percent
from transforms.report.html.section import Section, bar, prose
from transforms.report.html.source import name
from transforms.report.html.table import Cell, Head, Table
from transforms.report.story import Story

_NONE = "none"


def signs(story: Story) -> Section:
    """Four small tables."""
    explained = prose(
        "What pages carry beside their text. Evidence moves the probability, within bounds; rights and broken rules "
        "are only recorded and never weigh; an abstention is a reason, never a guess."
    )
    tables = (
        _table(
            "evidence", "Evidence of a machine", "kind of evidence, column evidence", story.evidence, story.scope.read
        ),
        _table("rights", "Rights signals", "signal, column rights", story.rights, story.scope.read),
        _table("abstentions", "No opinion, because", "column abstain_reason", story.abstentions, story.scope.read),
        _table("rules", "Quality rules broken", "column rules_failed", story.rules, story.scope.read),
    )
    return Section("signs", "Evidence, rights, abstentions, rules", (explained, element("div", *tables, class_="pair")))


def _table(key: str, caption: str, meaning: str, found: tuple[tuple[str, int], ...], read: int) -> Html:
    heads = (
        Head("Sign", meaning, False),
        Head("Pages", "rows that show it; a row may show several"),
        Head("Share", "of the rows looked at"),
        Head("Bar", "the same share", False, ornament=True),
    )
    rows = tuple(_row(sign, pages, part(pages, read)) for sign, pages in found) or (_row(_NONE, 0, None),)
    return Table(key, caption, heads, rows).html()


def _row(sign: str, pages: int, share: float | None) -> tuple[Cell, ...]:
    return (
        Cell(element("code", name(sign))),
        Cell(count(pages), pages),
        Cell(percent(share), share),
        Cell(bar(share)),
    )
