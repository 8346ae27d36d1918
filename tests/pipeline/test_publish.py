"""What every run leaves beside its corpus, and how it is made again."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.output import CARD, KEPT, PUBLISHED, Output
from pipeline.publish import publish
from transforms.report.figures import read_story
from transforms.report.folder import Folder


@pytest.fixture
def output(reference: Path, tmp_path: Path) -> Path:
    """A copy of the reference that a test may change."""
    return Path(shutil.copytree(reference, tmp_path / "out"))


def contents(output: Path) -> dict[str, bytes]:
    """What is published, by name."""
    return {name: (output / name).read_bytes() for name in (*PUBLISHED, CARD)}


def test_a_run_leaves_report_card_and_metadata(reference: Path) -> None:
    assert b"<!DOCTYPE html>" in (reference / "report.html").read_bytes()[:20]
    assert json.loads((reference / "croissant.json").read_text())["@type"] == "sc:Dataset"
    assert "@context" in json.loads((reference / "prov.json").read_text())
    rows = read_story(Folder(str(reference))).funnel.rows
    with open(reference / "sources.csv", newline="") as file:
        assert sum(int(row["pages"]) for row in csv.DictReader(file)) == rows
    assert (reference / CARD).read_bytes().endswith(KEPT + b"\n")


def test_the_same_output_gives_the_same_bytes_again(output: Path) -> None:
    before = contents(output)
    for name in (*PUBLISHED, CARD):
        (output / name).unlink()
    assert main(["report", str(output)]) == 0
    assert contents(output) == before


def test_no_published_file_says_where_the_output_lies(reference: Path) -> None:
    for name, content in contents(reference).items():
        assert str(reference).encode() not in content, name


def test_a_card_that_somebody_wrote_is_left_alone(output: Path) -> None:
    (output / CARD).write_text("# Mine\n")
    assert main(["report", str(output)]) == 0
    assert (output / CARD).read_text() == "# Mine\n"
    assert main(["curate", str(output), "--output", str(output), "--workers", "1"]) == 0
    assert (output / CARD).read_text() == "# Mine\n"


def test_name_and_licence_can_be_changed_without_curating_again(output: Path) -> None:
    chain = (output / "_SUCCESS").read_bytes()
    assert main(["report", str(output), "--set", "publish.name=Millstream", "--set", "publish.license=CC0-1.0"]) == 0
    croissant = json.loads((output / "croissant.json").read_text())
    assert (croissant["name"], croissant["license"]) == ("Millstream", "https://spdx.org/licenses/CC0-1.0.html")
    assert b"# Millstream" in (output / CARD).read_bytes()
    assert (output / "_SUCCESS").read_bytes() == chain


def test_nothing_but_the_presentation_can_be_changed(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(output)
    assert main(["report", str(output), "--set", "dedup.threshold=0.5", "--set", "publish.url=ftp"]) == 2
    dedup, url = capsys.readouterr().err.splitlines()
    assert "[dedup]" in dedup
    assert "only [publish] can be changed" in dedup
    assert "[publish] url" in url
    assert contents(output) == before


def test_a_folder_that_is_no_output_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path)]) == 1
    assert "holds no manifest.json" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_something_else_is_not_overwritten(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.html").write_text("mine")
    assert main(["run", str(crawl), "--output", str(tmp_path)]) == 1
    assert "was written by something else" in capsys.readouterr().err
    assert (tmp_path / "report.html").read_text() == "mine"


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_somebody_wrote_stays_in_an_output_of_ours(
    output: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in the output of a release that published nothing: all its files are ours but this one."""
    for published in PUBLISHED:
        (output / published).unlink()
    (output / name).write_bytes(b"mine")
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    for command in (
        ["run", str(output), "--output", str(output)],
        ["curate", str(output), "--output", str(output), "--workers", "1"],
        ["report", str(output)],
    ):
        assert main(command) == 1
        assert f"{output / name} was written by something else" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == before
    (output / name).unlink()
    assert main(["report", str(output)]) == 0
    assert all((output / published).exists() for published in PUBLISHED)


def test_a_folder_with_a_lock_alone_may_hold_a_report_of_somebody(crawl: Path, tmp_path: Path) -> None:
    (tmp_path / ".lock").touch()
    (tmp_path / "report.html").write_text("mine")
    assert main(["run", str(crawl), "--output", str(tmp_path)]) == 1
    assert (tmp_path / "report.html").read_text() == "mine"


def test_of_a_corpus_larger_than_the_glimpse_some_rows_are_read_and_it_is_said(output: Path) -> None:
    cut = ["--set", "run.row_group_bytes=1024"]
    assert main(["curate", str(output), "--output", str(output), "--workers", "1", *cut]) == 0
    manifest = (output / "manifest.json").read_bytes()
    story = publish(Output(str(output)), manifest, most_rows=5, finished=True)
    assert story.scope.partial
    assert 5 <= story.scope.read < story.scope.rows
    assert f"{story.scope.read:,}".encode() in (output / "report.html").read_bytes()
