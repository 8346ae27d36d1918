"""The story of an output written by hand, every figure of which is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from transforms.errors import InputError
from transforms.report.figures import DISTRIBUTIONS, read_story
from transforms.report.folder import Folder
from transforms.report.glimpse import all_rows, glimpse_of
from transforms.report.story import EarlyCheck, Funnel, LanguageFigures, PageLine, Rejected, Run, Scope, Share, Story

MakeOutput = Callable[..., Path]
Row = dict[str, Any]

ROWS = [
    {
        "id": "a1",
        "url": "http://me@A.example:8080/1?q=http://c.example/",
        "title": "One",
        "date": "2024-05-01T00:00:00Z",
        "first_seen": "2022-11-29T23:59:59Z",
        "published": "2021-01-01",
        "language": "en",
        "token_count": 100,
        "detector_score": -1.5,
        "human_probability": 0.75,
        "human_weight": 1.5,
        "duplicate_count": 3,
        "component_id": "0f",
        "evidence": [
            {"kind": "declared", "detail": "header", "log_ratio": 6.9},
            {"kind": "declared", "detail": "meta", "log_ratio": 6.9},
            {"kind": "residue", "detail": "oaicite", "log_ratio": 4.6},
        ],
        "rights": ["noai", "noai", "tdm-reservation"],
    },
    {
        "id": "a2",
        "url": "https://a.example",
        "date": "2024-04-30",
        "language": "en",
        "token_count": 100,
        "abstain_reason": "short",
        "human_weight": 0.5,
        "duplicate_count": 1,
        "component_id": "a2",
        "rules_failed": ["gopher_words"],
    },
    {
        "id": "a3",
        "url": "no url",
        "language": "de",
        "token_count": 50,
        "detector_score": 2.0,
        "human_probability": 0.25,
        "human_weight": 1.0,
        "duplicate_count": 1,
        "component_id": "a3",
    },
]
REJECTED = [
    {
        "reason": "duplicate_near",
        "record_type": "response",
        "target_uri": "http://z/",
        "detail": "keeper=a1 component=0f",
    },
    {
        "reason": "duplicate_exact",
        "record_type": "response",
        "target_uri": "http://b/",
        "detail": "keeper=a1 component=0f",
    },
    {"reason": "http_status", "record_type": "response", "detail": "404 component=0f"},
    {"reason": "http_status", "record_type": "response", "detail": "404"},
    {"reason": "revisit", "record_type": "revisit"},
]
COUNTS = {
    "records": 18,
    "responses": 7,
    "rows": 3,
    "rejections": {"duplicate_near": 1, "duplicate_exact": 1, "http_status": 2},
    "not_responses": {"revisit": 1},
    "passed": {"warcinfo": 1, "request": 9},
}


def cell(**values: object) -> Row:
    prior = {"prior_human": 0.6, "low": 0.5, "high": 0.9, "borrowed_from": ""}
    return {
        "language": "en",
        "length": "<128",
        "pages": 2,
        "tokens": 200,
        "abstained_pages": 1,
        "abstained_tokens": 100,
        "mean_probability": 0.75,
        "weighted_probability": 0.75,
        "weight_sum": 200.0,
        "effective_share": 0.8,
        "prior": prior,
    } | values


CELLS = [
    cell(),
    cell(
        language="de",
        pages=1,
        tokens=50,
        abstained_pages=0,
        abstained_tokens=0,
        mean_probability=0.25,
        weighted_probability=0.25,
        weight_sum=50.0,
        effective_share=1.0,
        prior={"prior_human": 0.3, "low": 0.2, "high": 0.6, "borrowed_from": "all"},
    ),
]


@pytest.fixture
def story(make_output: MakeOutput) -> Story:
    return read(make_output([ROWS[:2], ROWS[2:]], REJECTED, COUNTS, CELLS))


def read(output: Path, most_rows: int | None = None) -> Story:
    folder = Folder(str(output))
    return read_story(folder, glimpse=glimpse_of(folder, most_rows) if most_rows is not None else None)


def test_the_funnel_is_that_of_the_manifest_in_the_order_of_the_stages(story: Story) -> None:
    assert story.funnel == Funnel(
        records=18,
        passed=(("request", 9), ("warcinfo", 1)),
        responses=7,
        rejected=(
            Rejected("read", "http_status", 2, responses=True),
            Rejected("read", "revisit", 1, responses=False),
            Rejected("dedup", "duplicate_exact", 1, responses=True),
            Rejected("dedup", "duplicate_near", 1, responses=True),
        ),
        rows=3,
        tokens=250,
    )


def test_languages_are_the_sums_of_their_cells(story: Story) -> None:
    english = LanguageFigures("en", 2, 200, 1, 0.75, 1.0, 0.8, Share(0.4, 0.1, 0.5), 0.25, 0.25)
    german = LanguageFigures("de", 1, 50, 0, 0.25, 1.0, 1.0, Share(0.7, 0.4, 0.8), 0.75, 0.75)
    assert story.languages == (english, german)


def test_the_total_weighs_the_shares_of_cells_by_the_tokens_that_were_judged(story: Story) -> None:
    assert story.total.synthetic == Share(0.5, 0.2, 0.6)  # (100 · 0.4 + 50 · 0.7) / 150, and so the ends
    assert story.total.synthetic_unweighted == pytest.approx((100 * 0.25 + 50 * 0.75) / 150, abs=1e-6)
    assert story.total.effective_share == pytest.approx(250**2 / (200 / 0.8 + 50) / 250, abs=1e-6)
    assert (story.total.language, story.total.pages, story.total.abstained) == ("all", 3, 1)
    assert story.total.mean_probability == pytest.approx((100 * 0.75 + 50 * 0.25) / 150, abs=1e-6)


def test_the_check_on_pages_from_before_chatbots_is_told_as_a_synthetic_share(make_output: MakeOutput) -> None:
    prior = {"prior_human": 0.98, "low": 0.9, "high": 1.0, "pages": 7, "borrowed_from": ""}
    assert read(make_output([[]], cells=[], early={"en": {}, "all": prior})).early == EarlyCheck(
        7, Share(0.02, 0.0, 0.1)
    )


@pytest.mark.parametrize("early", [{}, {"en": {}}, {"all": {"pages": 7}}, {"all": None}])
def test_without_such_pages_there_is_no_check(make_output: MakeOutput, early: dict[str, object]) -> None:
    assert read(make_output([[]], cells=[], early=early)).early is None


def test_what_pages_show_is_counted_once_a_page(story: Story) -> None:
    assert story.evidence == (("declared", 1), ("residue", 1))
    assert story.rights == (("noai", 1), ("tdm-reservation", 1))
    assert story.rules == (("gopher_words", 1),)
    assert story.abstentions == (("short", 1),)


def test_the_probability_of_a_host_is_the_mean_over_its_tokens_as_that_of_a_language(make_output: MakeOutput) -> None:
    rows = [
        {"id": "a", "url": "http://a.example/1", "language": "en", "token_count": 300, "human_probability": 0.5},
        {"id": "b", "url": "http://a.example/2", "language": "en", "token_count": 100, "human_probability": 0.25},
        {"id": "c", "url": "http://a.example/3", "language": "en", "token_count": 900},
        {"id": "d", "url": "http://b.example/", "language": "de", "token_count": 0, "human_probability": 0.25},
    ]
    story = read(make_output([rows]))
    assert [(h.host, h.mean_probability) for h in story.top_hosts] == [("a.example", 0.4375), ("b.example", None)]
    assert [(e.language, e.mean_probability) for e in story.languages] == [("en", 0.4375), ("de", None)]
    assert (story.total.mean_probability, story.total.synthetic_unweighted) == (0.4375, 0.5625)


def test_a_prior_that_was_set_is_told_as_such_and_no_share_is_estimated(make_output: MakeOutput) -> None:
    fixed = {"prior_human": 0.5, "low": 0.5, "high": 0.5, "borrowed_from": "fixed"}
    story = read(make_output([ROWS], REJECTED, COUNTS, [cell | {"prior": fixed} for cell in CELLS]))
    assert (story.prior_set, story.total.synthetic) == (0.5, None)
    assert [entry.synthetic for entry in story.languages] == [None, None]
    assert story.total.synthetic_unweighted == pytest.approx((100 * 0.25 + 50 * 0.75) / 150, abs=1e-6)


def test_without_cells_a_part_of_the_rows_knows_the_tokens_of_that_part_only(make_output: MakeOutput) -> None:
    shards = [[row | {"id": f"{n}{row['id']}"} for row in ROWS] for n in range(12)]
    counts = COUNTS | {"rows": 36}
    output = make_output(shards, counts=counts)
    without, complete = read(output, most_rows=2), read(output)
    assert (without.sampled, complete.sampled) == (True, False)
    assert without.funnel.tokens < complete.funnel.tokens == 12 * 250


def test_hosts_are_named_without_case_user_and_port(story: Story) -> None:
    assert story.hosts == 2
    told = [(h.host, h.pages, h.tokens, h.mean_probability, h.mean_weight) for h in story.top_hosts]
    assert told == [("a.example", 2, 200, 0.75, 1.0), ("", 1, 50, 0.25, 1.0)]


def test_a_component_has_the_page_that_was_kept_and_those_it_stands_for(story: Story) -> None:
    (component,) = story.duplicates.largest
    assert (story.duplicates.components, story.duplicates.merged) == (1, 2)
    assert (component.component_id, component.kept.id, component.pages) == ("0f", "a1", 3)
    assert component.others == (("http://b/", "duplicate_exact"), ("http://z/", "duplicate_near"))


def test_dates_go_by_month_and_claims_by_year(story: Story) -> None:
    assert story.dates.fetched == (("", 1), ("2024-04", 1), ("2024-05", 1))
    assert story.dates.first_seen == (("", 2), ("2022-11", 1))
    assert story.dates.published == (("", 2), ("2021", 1))
    assert story.dates.before_chatbots == 1


def test_pages_on_which_the_detector_is_silent_stand_at_neither_end(story: Story) -> None:
    assert [page.id for page in story.most_human] == ["a1", "a3"]
    assert [page.id for page in story.most_machine] == ["a3", "a1"]
    signs = (("declared", "header"), ("declared", "meta"), ("residue", "oaicite"))
    url = "http://me@A.example:8080/1?q=http://c.example/"
    assert story.most_human[0] == PageLine("a1", url, "One", "en", 100, 0.75, 1.5, -1.5, signs)


def test_a_sound_output_is_finished_whole_and_without_discrepancies(story: Story) -> None:
    assert story.discrepancies == ()
    assert story.finished
    assert story.scope == Scope(3, 3)
    assert not story.scope.partial


def test_where_files_manifest_and_cells_disagree_is_told(make_output: MakeOutput) -> None:
    output = make_output([ROWS[:2]], REJECTED[1:], COUNTS, [CELLS[0], CELLS[1] | {"pages": 2}])
    assert read(output).discrepancies == (
        "the manifest counts 3 rows, cells.json 4",
        "the manifest counts 3 rows, the files hold 2",
        "the manifest counts 1 responses rejected as duplicate_near, the files hold 0",
        "cells.json counts 2 pages, 50 tokens, 0 abstained of 'de', the files hold 0 pages, 0 tokens, 0 abstained",
    )


def test_counts_of_a_manifest_that_do_not_add_up_are_told(make_output: MakeOutput) -> None:
    output = make_output([ROWS], REJECTED, COUNTS | {"responses": 8})
    assert read(output).discrepancies == ("8 responses are not 3 rows and 4 rejections",)


def test_an_output_without_cells_is_told_from_its_rows(make_output: MakeOutput) -> None:
    story = read(make_output([ROWS], REJECTED, COUNTS))
    english, german = story.languages
    assert english == LanguageFigures("en", 2, 200, 1, 0.75, 1.0, 0.8, None, 0.25, 0.25)
    assert (german.language, german.synthetic, german.effective_share) == ("de", None, 1.0)
    assert story.cells == ()
    assert story.discrepancies == ()
    assert story.funnel.tokens == 250


def test_an_empty_corpus_has_a_story(make_output: MakeOutput) -> None:
    story = read(make_output([[]], cells=[]))
    assert story.total == LanguageFigures("all", 0, 0, 0, None, None, None, None, None, None)
    assert (story.languages, story.hosts, story.top_hosts, story.most_human, story.evidence) == ((), 0, (), (), ())
    assert (story.duplicates.components, story.duplicates.merged, story.duplicates.largest) == (0, 0, ())
    assert [d.pages for d in story.distributions] == [()] * len(DISTRIBUTIONS)
    assert story.discrepancies == ()


def test_an_output_without_any_folder_is_an_empty_corpus(make_output: MakeOutput) -> None:
    assert read(make_output()).total.pages == 0


def test_a_corpus_of_abstentions_has_no_shares(make_output: MakeOutput) -> None:
    silent = cell(pages=1, tokens=100, abstained_tokens=100, weight_sum=100.0, mean_probability=None)
    output = make_output([ROWS[1:2]], (), {"records": 1, "responses": 1, "rows": 1}, [silent])
    story = read(output)
    assert (story.total.synthetic, story.total.synthetic_weighted, story.total.mean_probability) == (None, None, None)
    assert story.total.abstained == 1
    assert story.most_human == story.most_machine == ()
    assert story.discrepancies == ()


def test_what_made_the_output_is_told_as_far_as_the_manifest_says(make_output: MakeOutput) -> None:
    output = make_output(
        elapsed=61,
        model={"id": "linear-1", "languages": 3},
        calibration="c0",
        config_digest="d1",
        versions={"firsthand": "0.1.0", "python": "3.11"},
        cpu_s={"score": 0.5, "read": 2, "odd": "x"},
        inputs=[{"file_path": "/a", "size": 2_000_000}, {"file_path": "/b", "size": 500_000}],
    )
    cpu = (("read", 2.0), ("score", 0.5))
    assert read(output).run == Run(2, 2_500_000, 61.0, cpu, "d1", "linear-1", "c0", "0.1.0")


def test_a_bounded_look_says_how_much_it_saw_and_keeps_the_exact_counts(make_output: MakeOutput) -> None:
    output = make_output([ROWS[:2], ROWS[2:]], REJECTED, COUNTS, CELLS)
    whole, part = read(output), read(output, 1)
    assert part.scope.partial
    assert part.scope.rows == 3
    assert part.scope.read in (1, 2)
    assert part == read(output, 1)  # the same rows each time
    assert (part.funnel, part.cells, part.discrepancies) == (whole.funnel, whole.cells, ())
    assert [(e.language, e.tokens, e.synthetic) for e in part.languages] == [
        (e.language, e.tokens, e.synthetic) for e in whole.languages
    ]
    assert read(output, 3) == whole


def test_rows_that_were_read_already_have_the_figures_of_their_files(make_output: MakeOutput) -> None:
    output = make_output([ROWS[:2], ROWS[2:]], REJECTED, COUNTS, CELLS)
    folder = Folder(str(output))
    assert read_story(folder, rows=all_rows(folder)) == read(output)
    fewer = read_story(folder, rows=all_rows(folder).slice(1))
    assert fewer.discrepancies
    assert not read(output).discrepancies


def test_an_output_is_read_wherever_functions_reach_it(make_output: MakeOutput) -> None:
    output = make_output([ROWS[:2], ROWS[2:]], REJECTED, COUNTS, CELLS)
    files = {f"store://x/{path.relative_to(output)}": path.read_bytes() for path in output.rglob("*") if path.is_file()}

    def list_files(folder: str, pattern: str) -> list[str]:
        return sorted(path for path in files if fnmatchcase(path, f"{folder}/{pattern}"))

    def open_file(path: str) -> BytesIO:
        if path not in files:
            raise FileNotFoundError(path)
        return BytesIO(files[path])

    there, here = Folder("store://x", list_files, open_file), read(output)
    assert replace(read_story(there), output=here.output) == here
    assert read_story(there, glimpse=glimpse_of(there, 1)).scope.partial
    del files["store://x/cells.json"]
    assert read_story(there).cells == ()


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\x00"])
def test_cells_that_are_no_json_are_an_error(make_output: MakeOutput, text: str) -> None:
    output = make_output([ROWS])
    (output / "cells.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"cells\.json: cannot be read as JSON"):
        read(output)


@pytest.mark.parametrize("text", ["[]", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"prior": [], "tokens": "x"}]}'])
def test_cells_of_another_shape_are_no_crash(make_output: MakeOutput, text: str) -> None:
    output = make_output([[]])
    (output / "cells.json").write_text(text, encoding="utf-8")
    assert read(output).total.tokens == 0


def test_a_corpus_file_that_is_no_parquet_is_an_error(make_output: MakeOutput) -> None:
    output = make_output([ROWS])
    (output / "corpus" / "part-00001.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(InputError, match=r"a file in it cannot be read"):
        read(output)


def test_files_still_being_written_are_left_out(make_output: MakeOutput) -> None:
    output = make_output([ROWS])
    (output / "corpus" / ".part-00001.parquet").write_bytes(b"half")
    assert read(output).scope.read == 3


def test_the_text_is_not_needed(make_output: MakeOutput) -> None:
    output = make_output([ROWS])
    path = output / "corpus" / "part-00000.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["text"]), path)
    assert read(output).scope.read == 3
