"""The pages that the report lets one read: some rows of the corpus with their text, and what in it the detector saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from transforms.report.folder import Folder
from transforms.report.pages import READER, reader_page
from transforms.report.rows import Row, fetch_rows
from transforms.report.story import Highlight, PageLine, ReaderPage
from transforms.score.detector import Detector
from transforms.score.explain import explain

_PHRASES = 12  # marked in a text, of each sign

Mark = Callable[[str, str], tuple[Highlight, ...]]
"""(text, language) → what to mark in the text, in order."""


def marks_of(detector: Detector) -> Mark:
    """Marks on what speaks most for a machine, and for a human, by the model of this detector."""

    def mark(text: str, language: str) -> tuple[Highlight, ...]:
        found = explain(detector.model, text, language, _PHRASES)
        places = [place for phrase in (*found.for_machine, *found.for_human) for place in phrase.places]
        return tuple(Highlight(p.start, p.end, p.weight) for p in sorted(places, key=lambda place: place.start))

    return mark


def reader_pages(
    folder: Folder, paths: Sequence[str], chosen: Sequence[tuple[str, PageLine]], mark: Mark | None
) -> tuple[ReaderPage, ...]:
    """The pages `chosen`, why and which, with their text: in order, each once and for the first reason.

    Only these corpus files are looked at. `mark`: None if nothing can be said of the scores, as when another detector
    gave them than the one at hand; a page without a score has no marks either way.
    """
    why = {line.id: reason for reason, line in reversed(chosen)}
    rows = fetch_rows(folder, paths, why, columns=READER)
    order = dict.fromkeys(line.id for _, line in chosen)
    return tuple(_page(rows[page_id], why[page_id], mark) for page_id in order if page_id in rows)


def _page(row: Row, why: str, mark: Mark | None) -> ReaderPage:
    page = reader_page(row, why)
    if mark is None or page.line.detector_score is None:
        return page
    marks = mark(str(row["text"]), page.line.language)  # of the whole text, as the detector saw it
    return replace(page, highlights=tuple(each for each in marks if each.end <= len(page.text)))
