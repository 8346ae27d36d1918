"""Tables: complete and readable as they are; the page's script adds sorting, filtering and folding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from transforms.report.html.element import Content, Html, element, join


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, and what its values mean: unit, range, direction."""

    name: str
    meaning: str
    number: bool = True  # set to the right, sorted as numbers, the largest first
    ornament: bool = False  # shows what another column says: its name is for screen readers only, and it does not sort


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown, and what it is sorted by where that is a number."""

    shown: Content
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first cell of a row is its heading; `foot` are sums that stay where they are."""

    name: str  # of its element, unique in the page
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] = ()
    filtered_by: str = ""  # the label of a field that filters the rows by their heading; none if empty

    def html(self) -> Html:
        """The table in a box of its own that scrolls, and what its columns mean."""
        caption = element("caption", self.caption, id=f"{self.name}-caption")
        head = element("thead", element("tr", *(_head(head) for head in self.heads)))
        body = element("tbody", *(self._row(row) for row in self.rows))
        foot = element("tfoot", self._row(self.foot)) if self.foot else None
        box = element(
            "div",
            element("table", caption, head, body, foot),
            class_="scroll",
            tabindex=0,
            role="region",
            aria_labelledby=f"{self.name}-caption",
        )
        attributes = {"data-filter": self.filtered_by or None}
        return element("div", box, _meanings(self.heads), class_="table", id=self.name, **attributes)

    def _row(self, cells: Sequence[Cell]) -> Html:
        return element(
            "tr", *(_cell(cell, head, i) for i, (cell, head) in enumerate(zip(cells, self.heads, strict=True)))
        )


def _head(head: Head) -> Html:
    if head.ornament:
        return element("th", element("span", head.name, class_="spoken"), scope="col", title=head.meaning)
    return element("th", head.name, scope="col", class_="number" if head.number else None, title=head.meaning)


def _cell(cell: Cell, head: Head, place: int) -> Html:
    value = f"{cell.value:.6g}" if cell.value is not None and isfinite(cell.value) else None
    if place == 0:
        return element("th", cell.shown, scope="row", data_value=value)
    return element("td", cell.shown, class_="number" if head.number else None, data_value=value)


def _meanings(heads: Sequence[Head]) -> Html:
    terms = join(join((element("dt", head.name), element("dd", head.meaning))) for head in heads)
    return element("details", element("summary", "What the columns mean"), element("dl", terms), class_="meanings")
