"""The story of a page: found by every kind of key, told to its end, and its arithmetic ends at the stored weight."""

from __future__ import annotations

import dataclasses
import json
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.why.answer import answer, show_command, tell
from pipeline.why.find import find_captures
from pipeline.why.run import read_run
from pipeline.why.story import Answer, Capture
from pipeline.why.view import to_text
from pipeline.why.weight import find_cell, weigh_row
from tests.outputs import Row, corpus
from transforms.errors import InputError, UsageError
from transforms.original import Original
from transforms.rejection import MEANING, Reason
from transforms.report.folder import Folder
from transforms.score.detector import Detector
from transforms.terminal import columns

DETECTOR = Detector.load()
HOSTILE = "\x1b]0;owned\x07\x1b[31m\u202e\r\nred\u2028\x9b2J"


@pytest.fixture(scope="module")
def rejected(reference: Path) -> list[Row]:
    """All rejections of the reference."""
    paths = sorted((reference / "rejections").glob("*.parquet"))
    return [dict(row) for path in paths for row in pq.read_table(path).to_pylist()]


@pytest.mark.parametrize("name", ["reference", "recurated"])
def test_the_arithmetic_gives_the_stored_weight_of_every_row(name: str, request: pytest.FixtureRequest) -> None:
    output: Path = request.getfixturevalue(name)
    run, rows = read_run(Folder(str(output))), corpus(output)
    for row in rows:
        cell = find_cell(run.cells, row, run.config.weigh)
        assert cell is not None
        told = weigh_row(row, cell, run.config.weigh, DETECTOR.calibration)
        assert told.agrees
        assert np.float32(told.weight) == np.float32(row["human_weight"])  # type: ignore[arg-type]
        if not told.abstained:
            assert told.ratio is not None
            assert told.log_odds == pytest.approx(told.prior_log_odds - told.ratio.counted - told.evidence)
            ratio = min(told.ratio_to_mean or 0, told.ceiling)
            assert told.rho + (1 - told.rho) * ratio == pytest.approx(told.weight, rel=1e-6)
    assert any(row["human_probability"] is None for row in rows)


def test_a_weight_at_the_cap_is_told_as_cut(recurated: Path) -> None:
    row = max(corpus(recurated), key=lambda row: float(row["human_weight"]))  # type: ignore[arg-type]
    assert row["human_weight"] == pytest.approx(1.3)
    told = answer(Folder(str(recurated)), str(row["id"]))
    assert told.story.weighing is not None
    assert (told.story.weighing.ratio_to_mean or 0) > told.story.weighing.ceiling == pytest.approx((1.3 - 0.2) / 0.8)
    assert "1.375000  cut at (cap 1.3 − rho) / (1 − rho)" in to_text(told, 80)


def test_without_the_calibration_of_the_run_the_arithmetic_begins_at_the_stored_probability(reference: Path) -> None:
    run = read_run(Folder(str(reference)))
    for row in corpus(reference):
        cell = find_cell(run.cells, row, run.config.weigh)
        assert cell is not None
        told = weigh_row(row, cell, run.config.weigh, None)
        assert told.agrees
        assert told.log_odds is None


def test_a_changed_weight_is_noticed(reference: Path) -> None:
    run, row = read_run(Folder(str(reference))), corpus(reference)[0]
    cell = find_cell(run.cells, row, run.config.weigh)
    assert cell is not None
    changed = row | {"human_weight": float(np.nextafter(np.float32(row["human_weight"]), np.float32(9)))}  # type: ignore[arg-type]
    assert not weigh_row(changed, cell, run.config.weigh, DETECTOR.calibration).agrees


def test_every_row_has_a_story_of_eighty_columns(reference: Path) -> None:
    run, folder = read_run(Folder(str(reference))), Folder(str(reference))
    for row in corpus(reference)[::6]:
        [page] = find_captures(folder, str(row["id"]))
        lines = to_text(Answer("", (page,), 0, tell(run, page, DETECTOR)), 80).splitlines()
        shown = lines.index(next(line for line in lines if "to see it" in line))
        assert all(columns(line) <= 80 for line in lines[: shown + 1])
        assert all(columns(line) <= 80 for line in lines[shown + 2 :])  # between: an archive with a long name
        assert {"Where it was", "What was extracted", "How it was scored", "How the score became a weight"} <= set(
            lines
        )
        assert "  the row holds the same numbers" in lines


def test_the_parts_of_a_score_add_up_to_the_log_ratio_that_counts(reference: Path) -> None:
    row = next(row for row in corpus(reference) if row["human_probability"] is not None)
    story = answer(Folder(str(reference)), str(row["id"])).story
    assert story.opinion is not None
    parts = story.opinion.explained
    assert parts is not None
    assert story.weighing is not None
    assert story.weighing.ratio is not None
    assert parts.total == pytest.approx(story.weighing.ratio.line, abs=1e-5)
    of_parts = sum(each.weight for each in (*parts.phrases, *parts.style))
    assert of_parts + parts.other_words + parts.other_style + parts.constant == pytest.approx(parts.total)


def test_every_rejected_record_of_a_run_has_a_story(reference: Path, rejected: list[Row]) -> None:
    run = read_run(Folder(str(reference)))
    for row in rejected:
        found = find_captures(Folder(str(reference)), str(row["record_id"]))
        [page] = [each for each in found if each.reason == row["reason"]]
        story = tell(run, page, DETECTOR)
        assert story.outcome.meaning == MEANING[Reason(str(row["reason"]))][1]
        assert (story.weighing, story.extracted is None) == (None, row["stage"] != "dedup")
        assert story.place.archive.endswith(str(row["warc_file"]))


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_of_rejection_has_a_story(reason: Reason, reference: Path) -> None:
    stage = MEANING[reason][0]
    page = Capture("0" * 32, "http://a.example/", "a.warc.gz", 7, "<urn:x>", "", stage, reason.value, "the detail")
    text = to_text(Answer("", (page,), 0, tell(read_run(Folder(str(reference))), page, DETECTOR)), 80)
    assert f"rejected by {stage}: {reason.value}" in text
    assert " ".join(MEANING[reason][1].split()) in " ".join(text.split())
    assert "the detail" in text


def test_a_rejection_for_quality_tells_the_rules_and_what_was_measured(reference: Path) -> None:
    detail = "fineweb_line_punct=0.102, gopher_words=12"
    page = Capture("0" * 32, "http://a.example/", "a.warc.gz", 7, "", "", "filter", "quality", detail)
    broken = tell(read_run(Folder(str(reference))), page, DETECTOR).broken
    assert [(each.rule, each.value, each.rejects) for each in broken] == [
        ("fineweb_line_punct", 0.102, True),
        ("gopher_words", 12.0, True),
    ]


def test_a_kept_page_tells_what_it_measured_against_the_limit_of_each_rule_it_breaks(reference: Path) -> None:
    rows = [row for row in corpus(reference) if row["rules_failed"]]
    assert rows
    for row in rows:
        broken = answer(Folder(str(reference)), str(row["id"])).story.broken
        assert {each.rule for each in broken} == set(row["rules_failed"])  # type: ignore[call-overload]
        for each in broken:
            assert each.value == row["signals"][each.signal]  # type: ignore[index]
            assert each.limit is not None
            assert not each.rejects


def test_a_page_is_found_by_every_kind_of_key(reference: Path) -> None:
    for row in (corpus(reference)[0], corpus(reference)[-1]):
        url, record_id = str(row["url"]), str(row["record_id"])
        exact = [str(row["id"]), str(row["id"])[:12].upper(), url, record_id, record_id.strip("<>")]
        loose = [
            record_id.removeprefix("<urn:uuid:").rstrip(">"),
            url.removeprefix("http://"),
            f"  {url}/ ",
            url + "#top",
        ]
        for key in exact + loose:
            assert row["id"] in [each.id for each in find_captures(Folder(str(reference)), key)]


def test_a_rejected_page_is_found_by_the_id_it_would_have_had(reference: Path, rejected: list[Row]) -> None:
    row = next(row for row in rejected if row["reason"] == "not_html")
    [by_url] = [
        each for each in find_captures(Folder(str(reference)), str(row["target_uri"])) if each.reason == "not_html"
    ]
    [by_id] = find_captures(Folder(str(reference)), by_url.id)
    assert by_id == by_url
    assert (by_id.warc_file, by_id.record_offset) == (row["warc_file"], row["record_offset"])


def test_of_several_captures_the_one_in_the_corpus_is_told_and_the_others_are_named(
    reference: Path, rejected: list[Row]
) -> None:
    url = next(str(row["target_uri"]) for row in rejected if row["reason"] == "revisit")
    found = answer(Folder(str(reference)), url)
    assert found.more == len(found.captures) - 1 >= 1
    assert [each.reason for each in found.captures] == sorted(each.reason for each in found.captures)
    assert any("more record" in line for line in to_text(found, 80).splitlines())


@pytest.mark.parametrize("key", ["", "   ", "abc", "0123456"])
def test_a_key_that_names_nothing_for_certain_is_a_mistake(key: str, reference: Path) -> None:
    with pytest.raises(UsageError, match="--why"):
        find_captures(Folder(str(reference)), key)


def test_a_page_that_is_nowhere_is_told_with_pages_near_it(reference: Path) -> None:
    url = str(corpus(reference)[0]["url"])
    with pytest.raises(InputError) as missing:
        find_captures(Folder(str(reference)), f"{url}x")
    assert f"on the same host: {url}" in str(missing.value)
    with pytest.raises(InputError) as other_host:
        find_captures(Folder(str(reference)), f"https://nowhere.example/{url.split('/', 3)[3]}")
    assert f"with the same path: {url}" in str(other_host.value)
    with pytest.raises(InputError, match="no row and no rejection") as alone:
        find_captures(Folder(str(reference)), "https://nowhere.example/")
    assert str(alone.value).endswith("name a page by its URL, its id or its WARC-Record-ID")


def test_a_duplicate_is_told_beside_its_keeper(reference: Path, rejected: list[Row]) -> None:
    for row in (row for row in rejected if row["stage"] == "dedup"):
        [page] = [
            each for each in find_captures(Folder(str(reference)), str(row["target_uri"])) if each.stage == "dedup"
        ]
        story = answer(Folder(str(reference)), page.id).story
        assert story.copies is not None
        original = Original.of(str(row["detail"]))
        assert original == Original(story.copies.keeper.id, story.copies.component_id, "")
        asked = story.copies.others[0]
        assert asked.id == page.id
        assert asked.jaccard is not None
        assert (asked.jaccard == 1.0) == (row["reason"] == "duplicate_exact")
        assert asked.jaccard >= story.copies.threshold
        assert story.copies.decided_by in ("date", "quality", "id")
        assert story.extracted is not None
        [kept] = find_captures(Folder(str(reference)), original.keeper_id)
        told = answer(Folder(str(reference)), kept.id).story.copies
        assert told is not None
        assert page.id in [each.id for each in told.others]


def test_the_keeper_is_the_best_by_what_is_shown_of_the_copies(reference: Path) -> None:
    kept = [row for row in corpus(reference) if row["duplicate_count"] != 1]
    assert kept
    for row in kept:
        copies = answer(Folder(str(reference)), str(row["id"])).story.copies
        assert copies is not None
        assert copies.pages == row["duplicate_count"] == len(copies.others) + 1
        order = [(each.date, -(each.quality or 0), each.id) for each in (copies.keeper, *copies.others)]
        assert min(order) == order[0]


def test_documents_are_found_in_the_folder_they_were_curated_from(recurated: Path, rejected: list[Row]) -> None:
    row = next(row for row in rejected if row["reason"] == "duplicate_exact")
    [page] = [each for each in find_captures(Folder(str(recurated)), str(row["target_uri"])) if each.stage == "dedup"]
    story = answer(Folder(str(recurated)), page.id).story
    assert not (recurated / "documents").exists()
    assert story.extracted is not None
    assert story.notices == ()


def test_documents_that_are_gone_are_told(recurated: Path, rejected: list[Row], tmp_path: Path) -> None:
    shutil.copytree(recurated, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    manifest["documents"] = [str(tmp_path / "gone")]
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    row = next(row for row in rejected if row["reason"] == "duplicate_exact")
    [page] = [each for each in find_captures(Folder(str(recurated)), str(row["target_uri"])) if each.stage == "dedup"]
    story = answer(Folder(str(tmp_path / "out")), page.id).story
    assert story.extracted is None
    assert str(tmp_path / "gone") in story.notices[0]
    assert "?" in to_text(Answer("", (page,), 0, story), 80)


def test_another_detector_than_the_run_s_is_told(reference: Path, tmp_path: Path) -> None:
    shutil.copytree(reference, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest | {"model": "linear-older"}), encoding="utf-8")
    row = next(row for row in corpus(reference) if row["human_probability"] is not None)
    story = answer(Folder(str(tmp_path / "out")), str(row["id"])).story
    assert story.opinion is not None
    assert story.opinion.other_detector.startswith(DETECTOR.model_id)
    assert story.weighing is not None
    assert story.weighing.ratio is None
    assert "installed detector" in " ".join(story.notices)


def test_what_a_page_says_cannot_act_on_a_terminal(reference: Path, tmp_path: Path) -> None:
    shutil.copytree(reference, tmp_path / "out")
    path = next((tmp_path / "out" / "corpus").glob("*.parquet"))
    table = pq.read_table(path)
    for name in (
        "url",
        "title",
        "text",
        "record_id",
        "charset",
        "extractor",
        "published",
        "published_source",
        "file_path",
    ):
        at = table.schema.get_field_index(name)
        spoiled = pa.array([f"{HOSTILE}{value}" for value in table[name].to_pylist()], pa.string())
        table = table.set_column(at, table.schema.field(at), spoiled)
    evidence = [[{"kind": HOSTILE, "detail": HOSTILE, "log_ratio": 1.0}]] * table.num_rows
    at = table.schema.get_field_index("evidence")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(evidence, table.schema.field(at).type)), path)
    page_id = table["id"][pc.index(table["abstain_reason"], "").as_py()].as_py()
    text = to_text(answer(Folder(str(tmp_path / "out")), page_id), 80)
    assert "red" in text
    assert all(line.isprintable() for line in text.splitlines())
    with pytest.raises(InputError) as missing:
        find_captures(Folder(str(tmp_path / "out")), f"http://127.0.0.1/{HOSTILE}")
    assert all(line.isprintable() for line in str(missing.value).splitlines())


def test_every_text_of_a_rejection_is_made_harmless(reference: Path) -> None:
    page = Capture("0" * 32, HOSTILE, HOSTILE, 7, HOSTILE, HOSTILE, "filter", "quality", HOSTILE, HOSTILE)
    story = tell(read_run(Folder(str(reference))), page, DETECTOR)
    text = to_text(Answer("", (page, replace(page, reason=HOSTILE)), 1, story), 80)
    assert all(line.isprintable() for line in text.splitlines())


def test_the_command_shows_the_record(reference: Path) -> None:
    row = corpus(reference)[0]
    place = answer(Folder(str(reference)), str(row["id"])).story.place
    assert place.command.startswith("warcio extract ")
    shown = subprocess.run(
        [sys.executable, "-m", "warcio.cli", *place.command.split()[1:]], capture_output=True, check=True
    )
    assert str(row["record_id"]).encode() in shown.stdout


@pytest.mark.parametrize("folder", ["/x/", "/data/" + "long/" * 8, "/it's not/" + "wide/" * 6, "/漢字/" + "漢字/" * 8])
def test_a_command_too_wide_for_a_line_is_broken_where_a_shell_takes_it(reference: Path, folder: str) -> None:
    told = answer(Folder(str(reference)), str(corpus(reference)[0]["id"]))
    archive = f"{folder}crawl.warc.gz"
    place = replace(told.story.place, command=f"warcio extract {shlex.quote(archive)} 81776")
    text = to_text(replace(told, story=replace(told.story, place=place)), 80)
    command = text.partition("to see it")[2].partition("\n\n")[0]
    assert all(columns(line) <= 80 for line in text.splitlines())
    said = subprocess.run(
        ["sh", "-c", f"warcio() {{ printf '%s|' \"$@\"; }}\n{command}"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert said.stdout == f"extract|{archive}|81776|"


def test_a_command_is_offered_only_where_it_works() -> None:
    assert show_command("/nowhere/a.warc.gz", 5, 10) == ""
    assert (
        show_command("https://a.example/b c.warc.gz", 5, 10)
        == "curl -s -r 5-14 'https://a.example/b c.warc.gz' | gzip -dc"
    )
    assert show_command("https://a.example/b.warc.gz", 5, 0) == ""
    assert show_command("https://a.example/\x1b[31m.warc.gz", 5, 10) == ""


def test_the_command_line_tells_the_story_as_text_and_as_json(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = corpus(reference)[0]
    assert main(["inspect", str(reference), "--why", str(row["url"]), "--width", "80"]) == 0
    assert capsys.readouterr().out.startswith(f"{row['url']}\n  id {row['id']}\n")
    assert main(["inspect", str(reference), "--why", str(row["id"]), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["story"]["id"] == row["id"]
    assert {field.name for field in dataclasses.fields(Answer)} == set(told)
    assert main(["inspect", str(reference), "--why", "https://nowhere.example/"]) == 1
    assert "no row and no rejection" in capsys.readouterr().err


def test_a_story_needs_no_engine(reference: Path) -> None:
    page = str(corpus(reference)[0]["id"])
    code = "import sys; from pipeline.cli import main; sys.exit(main(sys.argv[1:]) or 'apache_beam' in sys.modules)"
    subprocess.run(
        [sys.executable, "-c", code, "inspect", str(reference), "--why", page], check=True, capture_output=True
    )
