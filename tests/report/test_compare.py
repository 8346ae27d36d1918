"""Two outputs side by side: what differs is found, counted and given its cause; what is the same is said to be."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from tests.outputs import Row, corpus, rejections
from transforms.report.compare import compare
from transforms.report.compare_rows import NO_RECORD, NOT_READ
from transforms.report.comparison import CAUSES, EDGES, EVIDENCE, FIRST_SEEN, LIFT, PRIOR, SCORE, TEXT, Comparison
from transforms.report.folder import Folder
from transforms.report.text.comparison import comparison
from transforms.terminal import columns

HOSTILE = "\x1b]0;owned\x07\x1b[31m\u202e\r\nred\u2028\x9b2J"
Change = Callable[[list[Row]], list[Row]]


def pair(first: Path, second: Path) -> Comparison:
    return compare(Folder(str(first)), Folder(str(second)))


@pytest.fixture
def altered(reference: Path, tmp_path: Path) -> Callable[[Change], Path]:
    """A function that makes a copy of the reference in which a function has changed the rows of the corpus."""

    def alter(change: Change) -> Path:
        output = tmp_path / "out"
        shutil.copytree(reference, output)
        [path] = (output / "corpus").glob("*.parquet")
        table = pq.read_table(path)
        pq.write_table(pa.Table.from_pylist(change(table.to_pylist()), table.schema), path)
        return output

    return alter


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        ({"text_digest": "f" * 32}, TEXT),
        ({"token_count": 1}, TEXT),
        ({"language": "xx"}, TEXT),
        ({"detector_score": 9.0}, SCORE),
        ({"detector_score": None, "abstain_reason": "too_short"}, SCORE),
        ({"evidence": [{"kind": "declared", "detail": "x", "log_ratio": 6.5}]}, EVIDENCE),
        ({"first_seen": "2019-01-01T00:00:00Z"}, FIRST_SEEN),
        ({"human_probability": 0.123}, PRIOR),
        ({}, LIFT),
    ],
)
def test_each_cause_of_a_change_is_told_apart(
    values: Row, cause: str, reference: Path, altered: Callable[[Change], Path]
) -> None:
    def change(rows: list[Row]) -> list[Row]:
        at = next(i for i, row in enumerate(rows) if row["human_probability"] is not None and not row["evidence"])
        return [*rows[:at], rows[at] | {"human_weight": 3.5} | values, *rows[at + 1 :]]

    found = pair(reference, altered(change)).rows
    assert found.causes == ((cause, 1),)
    [move] = found.moved
    assert (move.cause, move.weight[1]) == (cause, 3.5)
    assert {name for name, _ in found.columns} == {"human_weight", *values}
    assert sum(found.weights.pages) == found.both
    assert found.weights.pages[-1] == 1


def test_an_output_beside_itself_is_the_same_and_says_so_in_one_line(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pair(reference, reference).same
    assert main(["inspect", str(reference), "--compare", str(reference)]) == 0
    assert (
        capsys.readouterr().out == f"The same: {len(corpus(reference))} rows, with all that made and what they weigh.\n"
    )


def test_settings_that_differ_are_told_with_both_values(reference: Path, recurated: Path) -> None:
    found = pair(reference, recurated)
    assert not found.same
    assert [(each.name, each.first, each.second) for each in found.settings] == [
        ("dedup.threshold", "0.75", "0.97"),
        ("weigh.rho", "0.1", "0.2"),
        ("weigh.beta", "1.0", "0.5"),
        ("weigh.cap", "4.0", "1.3"),
    ]
    assert found.made_with == found.archives == ()


def test_the_funnels_are_those_of_the_manifests(reference: Path, recurated: Path) -> None:
    steps = {step.name: (step.first, step.second) for step in pair(reference, recurated).funnel}
    counts = [
        json.loads((output / "manifest.json").read_text(encoding="utf-8"))["counts"]
        for output in (reference, recurated)
    ]
    assert steps["rows"] == (counts[0]["rows"], counts[1]["rows"])
    assert steps["dedup: duplicate_near"] == (counts[0]["rejections"]["duplicate_near"], 0)
    for side, each in enumerate(counts):
        refused = sum(step[side] for name, step in steps.items() if ":" in name and "no responses" not in name)
        assert each["responses"] == each["rows"] + refused


def test_shares_are_in_per_cent_as_inspect_has_them(reference: Path, recurated: Path) -> None:
    pairs = pair(reference, recurated).languages
    shown = comparison(pair(reference, recurated)).splitlines()
    told = shown[next(n for n, line in enumerate(shown) if line.split()[-1:] == ["ESS"]) + len(pairs)]
    first, second = pairs[-1].first, pairs[-1].second
    assert first is not None
    assert second is not None
    change = 100 * ((second.effective_share or 0) - (first.effective_share or 0))
    assert told.split()[0] == second.language
    assert told.endswith(f"{100 * (second.effective_share or 0):.1f} %  {change:+.1f}")


def test_rows_only_in_one_run_have_the_reason_that_the_other_gives(reference: Path, recurated: Path) -> None:
    ids = [{row["id"] for row in corpus(output)} for output in (reference, recurated)]
    found = pair(reference, recurated).rows
    assert found.both == len(ids[0] & ids[1])
    assert found.only_first == ()
    [absent] = found.only_second
    assert (absent.stage, absent.reason, absent.rows) == ("dedup", "duplicate_near", len(ids[1] - ids[0]))
    assert [each.id for each in absent.examples] == sorted(map(str, ids[1] - ids[0]))[:3]
    assert all(each.detail.startswith("keeper=") for each in absent.examples)
    mirrored = pair(recurated, reference).rows
    assert (mirrored.only_first, mirrored.only_second) == (found.only_second, ())


def test_the_spread_of_the_change_is_that_of_the_rows(reference: Path, recurated: Path) -> None:
    first, second = ({row["id"]: row for row in corpus(output)} for output in (reference, recurated))
    both = sorted(first.keys() & second.keys(), key=str)
    change = np.array([float(second[i]["human_weight"]) - float(first[i]["human_weight"]) for i in both])  # type: ignore[arg-type]
    found = pair(reference, recurated).rows
    edges = [-e for e in EDGES[::-1]]
    counts = found.weights.pages
    assert sum(counts) == len(both)
    assert counts[len(EDGES) + 1] == np.count_nonzero(change == 0)
    assert sum(counts[: len(EDGES) + 1]) == np.count_nonzero(change < 0)
    assert [sum(counts[: i + 1]) for i in range(len(edges))] == [np.count_nonzero(change <= e) for e in edges]
    moved = max(abs(change))
    assert abs(found.moved[0].weight[1] - found.moved[0].weight[0]) == pytest.approx(moved)


def test_every_page_that_moved_has_one_cause(reference: Path, recurated: Path) -> None:
    first, second = ({row["id"]: row for row in corpus(output)} for output in (reference, recurated))
    keys = ("human_weight", "human_probability")
    moved = [i for i in first.keys() & second.keys() if any(first[i][key] != second[i][key] for key in keys)]
    expected = Counter(PRIOR if first[i][keys[1]] != second[i][keys[1]] else LIFT for i in moved)
    found = pair(reference, recurated).rows
    assert dict(found.causes) == expected
    assert all(cause in CAUSES for cause, _ in found.causes)


def test_components_that_fell_apart_are_split_and_the_other_way_round_merged(reference: Path, recurated: Path) -> None:
    near = [dict(zip(range(8), row, strict=True)) for row in rejections(reference) if row[6] == "duplicate_near"]
    components = {str(row[7])[-32:] for row in near}
    found, mirrored = pair(reference, recurated).groups, pair(recurated, reference).groups
    assert (found.merged, found.split) == (0, len(components))
    assert (mirrored.merged, mirrored.split) == (len(components), 0)
    assert {each.component_id for each in found.split_examples} <= components
    assert all(each.parts == 2 and each.pages == 2 and len(each.urls) == 2 for each in found.split_examples)
    assert found.successions == 0


def test_another_keeper_and_the_same_url_under_another_id_are_told(
    reference: Path, altered: Callable[[Change], Path]
) -> None:
    def change(rows: list[Row]) -> list[Row]:
        at = next(i for i, row in enumerate(rows) if row["duplicate_count"] != 1)
        return [*rows[:at], rows[at] | {"id": "0" * 32, "record_offset": 1}, *rows[at + 1 :]]

    found = pair(reference, altered(change))
    old = next(row for row in corpus(reference) if row["id"] == found.groups.succession_examples[0].first_id)
    assert found.groups.successions == 1
    assert found.groups.succession_examples[0].second_id == "0" * 32
    assert found.rows.renamed == 1
    assert found.rows.renamed_examples == (old["url"],)
    [absent] = found.rows.only_first
    assert (absent.stage, absent.reason) == ("", NO_RECORD)


def test_rows_of_an_archive_that_was_not_read_are_told(reference: Path, altered: Callable[[Change], Path]) -> None:
    gone = str(corpus(reference)[0]["warc_file"])
    output = altered(lambda rows: [row for row in rows if row["warc_file"] != gone])
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    manifest["inputs"] = [entry for entry in manifest["inputs"] if entry["warc_file"] != gone]
    (output / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for path in (output / "rejections").glob("*.parquet"):
        table = pq.read_table(path)
        pq.write_table(
            table.filter(pa.array([name != gone for name in table["warc_file"].to_pylist()], pa.bool_())), path
        )
    found = pair(reference, output)
    assert [(each.name, each.second) for each in found.archives] == [(gone, "")]
    [absent] = found.rows.only_first
    assert (absent.stage, absent.reason) == ("", NOT_READ)
    assert absent.rows == sum(row["warc_file"] == gone for row in corpus(reference))
    assert len(absent.examples) == 3


def test_releases_and_models_that_differ_are_told(reference: Path, altered: Callable[[Change], Path]) -> None:
    output = altered(lambda rows: rows)
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"model": "linear-older", "versions": manifest["versions"] | {"firsthand": "0.0.9"}}
    (output / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = pair(output, reference)
    assert [(each.name, each.first) for each in found.made_with] == [
        ("model", '"linear-older"'),
        ("firsthand", '"0.0.9"'),
    ]
    assert found.rows.columns == ()
    assert "Rows in both runs are the same." in comparison(found)


def test_no_line_is_wider_than_asked(reference: Path, recurated: Path) -> None:
    found = pair(reference, recurated)
    for width in (72, 80, 120):
        assert all(columns(line) <= width for line in comparison(found, width).splitlines())


def test_what_pages_say_cannot_act_on_a_terminal(reference: Path, altered: Callable[[Change], Path]) -> None:
    def change(rows: list[Row]) -> list[Row]:
        spoiled = [row | {"url": HOSTILE + str(row["url"]), "language": HOSTILE, "human_weight": 2.0} for row in rows]
        return [spoiled[0] | {"id": "0" * 32}, *spoiled[1:]]

    output = altered(change)
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    manifest["inputs"][0]["warc_file"] = HOSTILE
    manifest["config"][HOSTILE] = {HOSTILE: HOSTILE}
    (output / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for text in (comparison(pair(output, reference)), comparison(pair(reference, output))):
        assert "red" in text
        assert all(line.isprintable() for line in text.splitlines())


def test_the_command_line_compares_as_json(
    reference: Path, recurated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(reference), "--compare", str(recurated), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"]["both"] == pair(reference, recurated).rows.both


def test_a_folder_that_is_no_output_is_told(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(reference), "--compare", str(tmp_path)]) == 1
    assert "holds no manifest.json" in capsys.readouterr().err
