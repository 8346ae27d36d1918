"""Pages that attack whoever looks at them: every look at an output of such rows is harmless."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.report.columns import read_column
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.jsontext import to_json
from transforms.report.queries import ask
from transforms.report.render import render
from transforms.report.samples import read_sample
from transforms.report.tables import open_tables
from transforms.report.text.answers import aligned, json_lines, tab_separated
from transforms.report.text.columns import column
from transforms.report.text.samples import sample
from transforms.terminal import columns

EVIL = "\x1b]0;owned\x07\x9b2J\u202eevil\u2066\u200b\r\n\t\u2028'; DROP VIEW corpus; --\"\\\U000e0041"
HUGE = "http://a.example/" + "x" * 2_000_000
ROW = {
    "id": f"1{EVIL}",
    "url": f"http://{EVIL}/",
    "title": EVIL,
    "text": f"{EVIL}\n" * 3,
    "date": EVIL,
    "first_seen": EVIL,
    "published": EVIL,
    "language": EVIL,
    "token_count": 3,
    "human_probability": 0.5,
    "detector_score": 0.0,
    "human_weight": 1.0,
    "duplicate_count": 3,
    "component_id": f"0f' OR true --{EVIL}",
    "evidence": [{"kind": EVIL, "detail": EVIL, "log_ratio": 1.0}],
    "rights": [EVIL],
    "rules_failed": [EVIL],
    "abstain_reason": EVIL,
}
ROWS = [ROW, ROW | {"id": "2", "url": HUGE, "title": HUGE, "text": HUGE}]
REJECTED = [{"reason": "duplicate_near", "target_uri": EVIL, "detail": f"keeper=1 component={EVIL}"}]


@pytest.fixture
def folder(make_output: Callable[..., Path]) -> Folder:
    counts = {"records": 2, "responses": 2, "rows": 2, "rejections": {EVIL: 1}, "passed": {EVIL: 1}}
    return Folder(str(make_output([ROWS], REJECTED, counts, model=EVIL, versions={"firsthand": EVIL})))


def is_harmless(text: str) -> bool:
    return not {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")} - {"\n"}


def test_the_story_holds_what_pages_say_and_shows_it_harmless(folder: Folder) -> None:
    story = read_story(folder)
    assert story.most_human[0].title == EVIL
    shown = render(story, 80)
    assert is_harmless(shown)
    assert max(map(columns, shown.splitlines()[:-1])) <= 80
    written = to_json(story)
    assert is_harmless(written)
    assert json.loads(written)["evidence"] == [[EVIL, 2]]


def test_a_component_of_a_hostile_name_takes_no_other_pages(folder: Folder) -> None:
    assert [component.others for component in read_story(folder).duplicates.largest] == [(), ()]


@pytest.mark.parametrize("name", ["url", "title", "language", "rights", "evidence", "date", "abstain_reason"])
def test_a_column_is_harmless(folder: Folder, name: str) -> None:
    with open_tables(folder) as tables:
        found = read_column(tables, name)
    assert is_harmless(column(found, 80))
    assert is_harmless(to_json(found))


def test_a_sample_is_harmless_and_short(folder: Folder) -> None:
    pages = read_sample(folder, 2)
    assert {page.line.id for page in pages} == {"2", f"1{EVIL}"}
    for page in pages:
        shown = sample(page, 80)
        assert is_harmless(shown)
        assert max(map(columns, shown.splitlines())) <= 80
    assert is_harmless(to_json(pages))


def test_an_answer_is_harmless_in_every_form(folder: Folder) -> None:
    query = "SELECT id, url, title, evidence, rights FROM corpus ORDER BY id"
    with open_tables(folder) as tables:
        table, tabs, objects = (
            list(show(ask(tables, query))) for show in (lambda found: aligned(found, 80), tab_separated, json_lines)
        )
    assert all(map(is_harmless, (*(line.replace("\t", "") for line in tabs), *table, *objects)))
    assert [line.count("\t") for line in tabs] == [4, 4, 4]
    assert [json.loads(line)["title"] for line in objects] == [EVIL, HUGE]
