"""What an output was curated against is told wherever its duplicates are, also if nothing was dropped for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.report.card import card
from transforms.report.croissant import croissant_json
from transforms.report.duplicates import read_duplicates
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.page import report_html
from transforms.report.publication import read_publication
from transforms.report.render import render
from transforms.report.sources import sources_of
from transforms.report.story import EarlierCorpus, Story
from transforms.report.tables import open_tables

AUGUST, SEPTEMBER = "a1" * 32, "b2" * 32
MakeOutput = Callable[..., Path]


def dropped(head: str) -> dict[str, object]:
    """The rejection of a page for one of an earlier corpus."""
    detail = f"earlier={head[:16]} keeper={'1' * 32} component={'2' * 32}"
    return {"stage": "dedup", "reason": "duplicate_exact", "record_type": "response", "detail": detail}


@pytest.fixture
def output(make_output: MakeOutput) -> Path:
    """Two pages were dropped for August, none for September; one for a corpus that the manifest does not name."""
    return make_output(
        rejections=[dropped(AUGUST), dropped(AUGUST), dropped("c3" * 32)],
        counts={"records": 3, "responses": 3, "rows": 0, "rejections": {"duplicate_exact": 3}},
        against=[{"output": "/out/august", "head": AUGUST, "rows": 9}, {"head": SEPTEMBER}, {"head": "<b>"}, 7],
    )


@pytest.fixture
def story(output: Path) -> Story:
    return read_story(Folder(str(output)))


def test_pages_are_counted_by_the_corpus_that_they_were_dropped_for(story: Story) -> None:
    assert story.duplicates.earlier == (EarlierCorpus(AUGUST, 2), EarlierCorpus(SEPTEMBER, 0))


def test_without_earlier_corpora_nothing_is_told(output: Path) -> None:
    with open_tables(Folder(str(output))) as tables:
        assert read_duplicates(tables, components=1, others=1).earlier == ()


def test_inspect_names_them_at_its_head_and_among_the_duplicates(story: Story) -> None:
    lines = render(story).splitlines()
    assert "curated against a1a1a1a1a1a1a1a1…, b2b2b2b2b2b2b2b2…" in lines[:3]
    assert "Repeated from the earlier corpus a1a1a1a1a1a1a1a1…, and dropped: 2 pages" in lines
    assert "Repeated from the earlier corpus b2b2b2b2b2b2b2b2…, and dropped: 0 pages" in lines


def test_card_report_and_metadata_name_them(output: Path, story: Story) -> None:
    manifest = (output / "manifest.json").read_bytes()
    publication, sources = read_publication(json.loads(manifest)), sources_of(Folder(str(output)))
    said = "; the head of that corpus: "
    for content in (
        card(story, publication, sources),
        croissant_json(story, publication, sources, manifest=manifest),
        report_html(story, ()),
    ):
        text = content.decode()
        assert [text.count(f"{said}{head}.") for head in (AUGUST, SEPTEMBER)] == [1, 1]
        assert "2 pages were dropped for a row of an earlier corpus with the same text" in text
