"""The pages that the report lets one read: some rows of the corpus with their text, and what in it the detector saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from transforms.report.folder import Folder
from transforms.report.rows import Row, fetch_rows
from transforms.report.story import Highlight, PageLine, ReaderPage
from transforms.score.detector import Detector
from transforms.score.explain import explain

MOST_CHARACTERS = 6_000
"""Of the text of a page."""

_PHRASES = 12  # marked in a text, of each sign
_COLUMNS = ("text", "language", "detector_score", "date", "quality", "rules_failed", "rights", "duplicate_count")

Mark = Callable[[str, str], tuple[Highlight, ...]]
"""(text, language) → what to mark in the text, in order."""

Chosen = Sequence[tuple[str, PageLine]]
"""Why each page is shown, and the page."""


def marks_of(detector: Detector) -> Mark:
    """Marks on what speaks most for a machine, and for a human, by the model of this detector."""

    def mark(text: str, language: str) -> tuple[Highlight, ...]:
        found = explain(detector.model, text, language, _PHRASES)
        places = [place for phrase in (*found.for_machine, *found.for_human) for place in phrase.places]
        return tuple(Highlight(p.start, p.end, p.weight) for p in sorted(places, key=lambda place: place.start))

    return mark


def reader_pages(folder: Folder, paths: Sequence[str], chosen: Chosen, mark: Mark | None) -> tuple[ReaderPage, ...]:
    """These pages with their text, in order, each once and for the first reason.

    Only these corpus files are looked at. `mark`: None if nothing can be said of the scores, as when another detector
    gave them than the one at hand; a page without a score has no marks either way.
    """
    why = {line.id: (reason, line) for reason, line in reversed(chosen)}
    rows = fetch_rows(folder, paths, why, columns=_COLUMNS)
    order = dict.fromkeys(line.id for _, line in chosen)
    return tuple(_page(*why[page_id], rows[page_id], mark) for page_id in order if page_id in rows)


def _page(reason: str, line: PageLine, row: Row, mark: Mark | None) -> ReaderPage:
    text = str(row["text"])
    marks = () if mark is None or row["detector_score"] is None else mark(text, line.language)
    return ReaderPage(
        line=line,
        why_here=reason,
        date=str(row["date"]),
        quality=cast(float, row["quality"]),
        rules_failed=tuple(cast(list[str], row["rules_failed"])),
        rights=tuple(cast(list[str], row["rights"])),
        duplicate_count=cast(int, row["duplicate_count"]),
        text=text[:MOST_CHARACTERS],
        cut=len(text) > MOST_CHARACTERS,
        highlights=tuple(each for each in marks if each.end <= MOST_CHARACTERS),
    )
