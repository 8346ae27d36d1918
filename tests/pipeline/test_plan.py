"""The plan of an extraction: what lets a run go on, and what refuses a different one."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.config import build
from pipeline.plan import Plan, extend, makers_of
from transforms.errors import OutputError
from transforms.read.splits import Archive

A = Archive("/in/a.warc.gz", "a.warc.gz", 1000, True)
B = Archive("/in/b.warc.gz", "b.warc.gz", 2000, True)
PLAN = Plan({"block lists": "m", "extract.extractor": '"fast"'}, 400, None, (A,))


def test_a_plan_survives_its_file() -> None:
    plan = dataclasses.replace(PLAN, unsplit=("a.warc.gz",), limit=5)
    assert Plan.from_json(plan.to_json(), "extract.json") == plan


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"archives": 1, "unsplit": []}',
        b"\xff",
        b'{"makers": {}, "split_bytes": "x", "limit": null, "archives": [], "unsplit": []}',
        b'{"makers": {}, "split_bytes": 5, "limit": null, "archives": [], "unsplit": [5]}',
        b'{"makers": {}, "split_bytes": 5, "limit": null, "unsplit": [], "archives": '
        b'[{"file_path": 5, "warc_file": "a", "size": 1, "splittable": true}]}',
        pytest.param(b"[" * 100_000, id="nested without end"),
    ],
)
def test_a_damaged_plan_is_refused(raw: bytes) -> None:
    with pytest.raises(OutputError, match=r"extract\.json is damaged, or no plan"):
        Plan.from_json(raw, "extract.json")


def test_an_archive_whose_splits_did_not_meet_is_one_split() -> None:
    assert len(PLAN.splits()) == 3
    assert len(dataclasses.replace(PLAN, unsplit=("a.warc.gz",)).splits()) == 1


def test_more_archives_join_an_output() -> None:
    merged = extend(PLAN, dataclasses.replace(PLAN, archives=(B,)), output="out", moved=())
    assert merged.archives == (A, B)


def test_another_configuration_is_refused_with_what_differs_and_the_cure() -> None:
    other = dataclasses.replace(PLAN, makers={"block lists": "n", "extract.extractor": '"precise"'})
    message = r'block lists m → n, extract\.extractor "fast" → "precise"\): name another --output'
    with pytest.raises(OutputError, match=message):
        extend(PLAN, other, output="out", moved=())


def test_a_plan_that_names_a_detector_goes_on_as_it_was_cut() -> None:
    """Plans of earlier versions do; its digest is in the documents that are there, so it stays as it is."""
    old = dataclasses.replace(PLAN, makers={**PLAN.makers, "the detector": "n"})
    assert extend(old, dataclasses.replace(PLAN, archives=(B,)), output="out", moved=()).layout == old.layout
    with pytest.raises(OutputError, match=r"configuration \(block lists m → o\)"):
        extend(old, dataclasses.replace(PLAN, makers={**PLAN.makers, "block lists": "o"}), output="out", moved=())


def test_an_archive_that_grew_is_refused() -> None:
    grown = dataclasses.replace(A, size=1001)
    with pytest.raises(OutputError, match="has 1001 bytes"):
        extend(PLAN, dataclasses.replace(PLAN, archives=(grown,)), output="out", moved=())


def test_a_moved_archive_is_the_same_but_a_second_of_that_name_is_not() -> None:
    elsewhere = dataclasses.replace(PLAN, archives=(dataclasses.replace(A, file_path="/new/a.warc.gz"),))
    assert extend(PLAN, elsewhere, output="out", moved=(A.file_path,)).archives[0].file_path == "/new/a.warc.gz"
    with pytest.raises(OutputError, match=r"another a\.warc\.gz"):
        extend(PLAN, elsewhere, output="out", moved=())


def makers(tables: dict[str, object], lists: str = "", limit: int | None = None) -> dict[str, str]:
    """The makers of a run with these settings."""
    return makers_of(build(tables), block_lists=lists, limit=limit)


def test_the_makers_are_whatever_shapes_a_documents_file() -> None:
    different = [
        makers({}),
        makers({}, lists="0123"),
        makers({}, limit=10),
        makers({"run": {"split_bytes": 8192}}),
        makers({"extract": {"extractor": "precise"}}),
    ]
    assert len({Plan(made, 400, None, ()).layout for made in different}) == len(different)
    assert makers({"weigh": {"rho": 0.3}}) == makers({"run": {"shard_bytes": 4096}}) == makers({})


def test_an_archive_keeps_the_short_name_it_has_in_the_output() -> None:
    longer = dataclasses.replace(PLAN, archives=(dataclasses.replace(A, warc_file="in/a.warc.gz"),))
    assert extend(PLAN, longer, output="out", moved=()).archives == (A,)


def test_a_first_look_takes_no_other_archives() -> None:
    first = dataclasses.replace(PLAN, limit=4)
    assert extend(first, first, output="out", moved=()) == first
    with pytest.raises(OutputError, match="first look"):
        extend(first, dataclasses.replace(first, archives=(A, B)), output="out", moved=())
