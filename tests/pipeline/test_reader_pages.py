"""Pages for reading: the rows asked for, their text bounded, marked where the detector saw something."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.reader_pages import marks_of, reader_pages
from transforms.report.folder import Folder
from transforms.report.pages import LINE, MOST_CHARACTERS, page_line
from transforms.report.story import Highlight, PageLine
from transforms.score.detector import Detector


@pytest.fixture(scope="module")
def lines(reference: Path) -> list[PageLine]:
    """Every row of the reference."""
    table = pq.read_table(reference / "corpus", columns=LINE.split(", "))
    return [page_line(list(row.values())) for row in table.to_pylist()]


def test_a_page_stands_there_once_for_the_first_reason(reference: Path, lines: list[PageLine]) -> None:
    folder = Folder(str(reference))
    chosen = [("first", lines[3]), ("first", lines[1]), ("second", lines[3]), ("second", lines[0])]
    pages = reader_pages(folder, folder.parquet("corpus"), chosen, None)
    assert [(page.why_here, page.line) for page in pages] == [
        ("first", lines[3]),
        ("first", lines[1]),
        ("second", lines[0]),
    ]


def test_texts_are_those_of_the_corpus_and_cut_where_they_are_long(reference: Path, lines: list[PageLine]) -> None:
    folder = Folder(str(reference))
    texts = dict(zip(*pq.read_table(reference / "corpus", columns=["id", "text"]).to_pydict().values(), strict=True))
    pages = reader_pages(folder, folder.parquet("corpus"), [("all", line) for line in lines], None)
    assert {page.line.id: page.text for page in pages} == {key: text[:MOST_CHARACTERS] for key, text in texts.items()}
    assert {page.cut for page in pages} == {True, False}
    assert all(page.cut == (len(texts[page.line.id]) > MOST_CHARACTERS) for page in pages)


def test_marks_lie_in_the_text_in_order_and_only_where_there_is_a_score(reference: Path, lines: list[PageLine]) -> None:
    folder = Folder(str(reference))
    chosen = [("all", line) for line in lines]
    pages = reader_pages(folder, folder.parquet("corpus"), chosen, marks_of(Detector.load()))
    for page in pages:
        assert bool(page.highlights) == (page.line.detector_score is not None)
        assert all(0 <= mark.start < mark.end <= len(page.text) for mark in page.highlights)
        assert all(before.end <= after.start for before, after in pairwise(page.highlights))


def test_a_mark_that_reaches_beyond_the_cut_is_left_out(reference: Path, lines: list[PageLine]) -> None:
    folder = Folder(str(reference))
    long = max(lines, key=lambda line: line.tokens)
    inside, beyond = Highlight(0, MOST_CHARACTERS, 1.0), Highlight(MOST_CHARACTERS - 1, MOST_CHARACTERS + 1, -1.0)
    [page] = reader_pages(folder, folder.parquet("corpus"), [("", long)], lambda text, language: (inside, beyond))
    assert page.highlights == (inside,)
