"""What a manifest says for a card."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from transforms.report.params import PublishParams
from transforms.report.publication import Archive, FileEntry, Publication, read_publication


def test_a_manifest_of_an_older_release_says_less() -> None:
    assert read_publication({}) == Publication(PublishParams(), {}, (), "", (), (), "", "")


def test_the_manifest_of_a_run_says_all_of_it(reference: Path) -> None:
    found = read_publication(json.loads((reference / "manifest.json").read_text()))
    assert found.params == PublishParams()
    assert [file.path for file in found.corpus] == [
        f"corpus/{p.name}" for p in sorted((reference / "corpus").iterdir())
    ]
    assert all(len(file.sha256) == 64 and file.rows for file in found.corpus)
    assert len(found.chain) == 64
    assert len(found.archives) == 3
    assert found.config["weigh"]["cap"] == 4.0
    assert "firsthand" in dict(found.versions)
    assert found.started <= found.ended
    assert len(found.ended) == len("2026-01-31T12:00:00Z")


def test_the_run_began_as_many_seconds_before_its_end_as_it_took() -> None:
    found = read_publication({"ended": "2026-03-01T00:00:05+01:00", "elapsed": 6.2})
    assert (found.started, found.ended) == ("2026-02-28T22:59:58Z", "2026-02-28T23:00:05Z")
    assert read_publication({"ended": "2026-03-01T00:00:05Z"}).started == ""


@pytest.mark.parametrize(
    ("ended", "elapsed", "times"),
    [
        ("9999-12-31T23:59:59-14:00", 1, ("", "")),
        ("0001-01-01T00:00:00+14:00", 1, ("", "")),
        ("2026-03-01T00:00:05Z", 1e300, ("", "2026-03-01T00:00:05Z")),
        ("2026-03-01T00:00:05Z", 1e15, ("", "2026-03-01T00:00:05Z")),
        ("2026-03-01T00:00:05Z", 1e12, ("", "2026-03-01T00:00:05Z")),
        ("2026-03-01T00:00:05Z", float("inf"), ("", "2026-03-01T00:00:05Z")),
    ],
)
def test_times_that_no_calendar_has_are_left_out(ended: str, elapsed: float, times: tuple[str, str]) -> None:
    found = read_publication({"ended": ended, "elapsed": elapsed})
    assert (found.started, found.ended) == times


def test_values_of_another_type_are_left_out() -> None:
    found = read_publication(
        {
            "files": [{"path": "cells.json", "bytes": 9, "rows": None, "sha256": "ab"}, 5],
            "inputs": [{"file_path": "s3://x/a", "warc_file": "a", "size": 7, "documents": 2}],
            "config": {"publish": {"name": "ferries", "url": 5, "unknown": "x"}, "weigh": []},
            "ended": "yesterday",
        }
    )
    assert found.files == (FileEntry("cells.json", 9, None, "ab"), FileEntry("", 0, None, ""))
    assert found.archives == (Archive("s3://x/a", "a", 7, 2),)
    assert found.params == PublishParams(name="ferries")
    assert found.config["weigh"] == {}
    assert found.ended == ""


def test_what_is_asked_for_now_goes_before_what_was_configured() -> None:
    params = PublishParams(name="today")
    assert read_publication({"config": {"publish": {"name": "then"}}}, params).params == params
