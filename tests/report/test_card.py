"""The card of a corpus."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.outputs import corpus
from transforms.report.card import card
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.params import PublishParams
from transforms.report.publication import Publication, read_publication
from transforms.report.sources import Sources, sources_of
from transforms.report.story import Scope, Story

MakeOutput = Callable[..., Path]

ROWS = [
    {"id": "a", "url": "http://a.example/", "language": "en", "token_count": 9, "human_weight": 1.0} | human
    for human in ({"human_probability": 0.5}, {"human_probability": None})
]


def parts(output: Path, params: PublishParams | None = None) -> tuple[Story, Publication, Sources]:
    folder = Folder(str(output))
    return (
        read_story(folder),
        read_publication(json.loads((output / "manifest.json").read_bytes()), params),
        sources_of(folder),
    )


def text(output: Path, params: PublishParams | None = None) -> str:
    return card(*parts(output, params)).decode()


def front(page: str) -> dict[str, object]:
    """The front matter; each of its values is JSON."""
    lines = page.split("---\n")[1].splitlines()
    return {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in lines}


def test_the_front_matter_selects_the_corpus(reference: Path) -> None:
    assert front(text(reference))["configs"] == [
        {"config_name": "default", "default": True, "data_files": [{"split": "train", "path": "corpus/*.parquet"}]}
    ]


def test_the_figures_are_those_of_the_rows(reference: Path) -> None:
    rows, page = corpus(reference), text(reference)
    counts = json.loads((reference / "manifest.json").read_text())["counts"]
    assert f"| **rows** | **{len(rows):,}** |" in page
    assert f"| responses | {counts['responses']:,} | 100.0 % |" in page
    for reason, number in counts["rejections"].items():
        assert f"`{reason}` | −{number:,} |" in page
    for language in {str(row["language"]) for row in rows}:
        of_it = [row for row in rows if row["language"] == language]
        tokens = sum(int(str(row["token_count"])) for row in of_it)
        assert f"| {language} | {len(of_it):,} | {tokens:,} |" in page
    judged = sum(row["human_probability"] is not None for row in rows)
    assert f"The detector judged {judged:,} of {len(rows):,} pages" in page
    chain = json.loads((reference / "manifest.json").read_text())["chain"]["head"]
    assert f"firsthand verify . --head {chain}" in page


def test_the_same_output_has_the_same_card_wherever_it_lies(reference: Path) -> None:
    page = text(reference)
    assert page == text(reference)
    assert str(reference) not in page


def test_nothing_that_a_page_says_is_markup(make_output: MakeOutput) -> None:
    hostile = "<img src=x onerror=alert(1)>|`](javascript:x)"
    rows = [
        {
            "id": "a",
            "url": f"https://{hostile.replace('/', '')}.example/",
            "title": hostile,
            "language": "x|<b>",
            "token_count": 5,
            "human_weight": 1.0,
            "abstain_reason": f"{hostile}\n# x",
            "rights": [hostile],
            "evidence": [{"kind": hostile, "detail": hostile, "log_ratio": 1.0}],
        }
    ]
    page = text(make_output([rows], counts={"records": 1, "responses": 1, "rows": 1}))
    body = page.split("---\n", 2)[2]
    outside = re.sub(r"`[^`\n]*`", "", body)  # in code it is text
    assert not re.search(r"(?<!\\)<|(?<!\\)\]\(", re.sub(r"^> ", "", outside, flags=re.M))
    for line in body.splitlines():
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            assert cells in (2, 3, 6, 8), line
    assert front(page)["language"] == []


@pytest.mark.parametrize(
    ("license_name", "expected"),
    [
        ("", {}),
        ("ODC-By-1.0", {"license": "odc-by"}),
        ("CC-BY-4.0", {"license": "cc-by-4.0"}),
        (
            "EUPL-1.2",
            {
                "license": "other",
                "license_name": "EUPL-1.2",
                "license_link": "https://spdx.org/licenses/EUPL-1.2.html",
            },
        ),
    ],
)
def test_a_licence_is_named_as_the_hub_names_it(
    make_output: MakeOutput, license_name: str, expected: dict[str, str]
) -> None:
    page = text(make_output(), PublishParams(license=license_name))
    assert {key: value for key, value in front(page).items() if key.startswith("license")} == expected
    assert ("No licence was stated" in page) == (not expected)


def test_what_is_configured_is_said(make_output: MakeOutput) -> None:
    params = PublishParams(name="Ferry *times*", description="All about ferries.", creator="Harbour Office")
    page = text(make_output(), params)
    assert "# Ferry \\*times\\*\n\nAll about ferries.\n" in page
    assert "Published by Harbour Office." in page
    assert front(page)["pretty_name"] == "Ferry *times*"
    assert "author = {{Harbour Office}}" in page


def test_a_corpus_without_rows_has_a_card(make_output: MakeOutput) -> None:
    page = text(make_output())
    assert "The corpus has no rows." in page
    assert "There was no page to judge." in page
    assert "The others" not in page
    assert "No opt-out from mining or training was seen" in page
    assert front(page)["size_categories"] == ["n<1K"]


@pytest.mark.parametrize(
    ("rows", "size"),
    [(999, "n<1K"), (1000, "1K<n<10K"), (2_500_000_000, "1B<n<10B"), (10**12, "n>1T")],
)
def test_the_size_is_a_category_of_the_hub(make_output: MakeOutput, rows: int, size: str) -> None:
    story, publication, sources = parts(make_output())
    story = replace(story, funnel=replace(story.funnel, rows=rows))
    assert front(card(story, publication, sources).decode())["size_categories"] == [size]


def test_what_was_counted_on_some_rows_only_is_said(make_output: MakeOutput) -> None:
    story, publication, sources = parts(make_output())
    page = card(replace(story, scope=Scope(rows=9000, read=50)), publication, sources).decode()
    assert "cover all 9,000 rows" in page
    assert "rests on 50 of them" in page


def test_the_card_without_cells_says_that_tokens_are_of_the_rows_read(make_output: MakeOutput) -> None:
    story, publication, sources = parts(make_output([ROWS], counts={"records": 2, "responses": 2, "rows": 2}))
    page = card(replace(story, scope=Scope(rows=9000, read=2)), publication, sources).decode()
    assert "2 web pages in at least 1 language" in page
    assert "Counts of records and rows cover all 9,000 rows." in page
    assert "The rest (tokens, languages, weights, hosts" in page
    assert "cells.json" not in page


def test_nothing_is_said_of_weights_that_are_all_one(make_output: MakeOutput) -> None:
    page = text(make_output([ROWS], counts={"records": 2, "responses": 2, "rows": 2}))
    assert "machines wrote 50.0 % of the judged tokens. All weights are 1." in page
    assert "attention" not in page


def test_a_setting_is_a_number_or_is_left_out(make_output: MakeOutput) -> None:
    story, publication, sources = parts(make_output([ROWS], counts={"records": 2, "responses": 2, "rows": 2}))
    for rho, told in ((0.1, True), ("<b>0.1</b>", False), (["[x](javascript:x)"], False)):
        config = {"weigh": {"rho": rho, "cap": 4.0, "repeats": 3.0}, "dedup": {"method": "near", "threshold": rho}}
        page = card(story, replace(publication, config=config), sources).decode()
        assert ("No weight is below 0.1 or above 4." in page) == told
        assert "`expected_repeats` is 3 times the weight" in page
        assert "javascript" not in page.split("## Provenance")[0]


def test_urls_without_a_host_are_not_the_largest_host(make_output: MakeOutput) -> None:
    rows = [ROWS[0] | {"id": str(n), "url": "none"} for n in range(3)]
    page = text(make_output([[*rows, ROWS[0]]], counts={"records": 4, "responses": 4, "rows": 4}))
    assert "25.0 % of the pages are of one host" in page


def test_a_corpus_curated_with_a_set_prior_has_no_estimate(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    options = ["--workers", "1", "--set", "weigh.prior=0.5"]
    assert main(["curate", str(reference), "--output", str(output), *options]) == 0
    page = (output / "README.md").read_text()
    assert "was set to 0.5 by weigh.prior, not estimated" in page
    assert "95 % interval" not in page
    url = next(str(row["url"]) for row in corpus(output) if row["human_probability"] is not None)
    capsys.readouterr()
    assert main(["inspect", str(output), "--why", url]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "0.500000 prior: share of human pages in the cell (set by weigh.prior)" in shown


def test_a_crawl_of_common_crawl_names_its_crawler(make_output: MakeOutput) -> None:
    story, publication, sources = parts(make_output())
    page = card(story, publication, replace(sources, dumps=(("CC-MAIN-2024-18", 5),))).decode()
    assert "Crawled by Common Crawl (CCBot): `CC-MAIN-2024-18`." in page
    mixed = card(story, publication, replace(sources, dumps=(("", 1), ("CC-MAIN-2024-18", 5)))).decode()
    assert "do not say which crawler" in mixed
