"""Two that use one output at once: who writes is alone, who reads is told."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import jobs
from pipeline.cli import main
from pipeline.config import load
from pipeline.lock import is_written, lock_to_read, lock_to_write
from pipeline.output import Output
from pipeline.reading import steady
from transforms.errors import InputError, OutputError
from transforms.flock import NO_LOCKS
from transforms.report.folder import Folder


@pytest.fixture
def output(reference: Path, tmp_path: Path) -> Path:
    """A finished output."""
    return Path(shutil.copytree(reference, tmp_path / "out"))


def test_every_command_that_writes_is_refused_in_a_line_while_another_does(
    output: Path, crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, elsewhere = str(output), str(tmp_path / "other")
    files = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    with Output(there).locked():
        for command in (
            ["run", str(crawl), "--output", there],
            ["extract", str(crawl), "--output", there],
            ["curate", there, "--output", there],
            ["curate", there, "--output", elsewhere],  # it would read what is being written
            ["rescore", there],
            ["report", there],
            ["export", there, "--output", elsewhere],
        ):
            capsys.readouterr()
            assert main(command) == 1
            *_, line = capsys.readouterr().err.splitlines()
            assert f"another run is writing to {there}" in line
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == files


def test_curate_of_what_is_still_being_extracted_is_told_to_wait(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next((output / "documents").iterdir()).unlink()
    for target in (output, tmp_path / "other"):
        with Output(str(output)).locked():
            assert main(["curate", str(output), "--output", str(target)]) == 1
        assert f"another run is writing to {output}: wait for it" in capsys.readouterr().err
        assert main(["curate", str(output), "--output", str(target)]) == 1
        assert "1 of 3 splits" in capsys.readouterr().err


def test_what_another_run_committed_since_this_one_was_planned_is_kept(
    output: Path, crawl: Path, tmp_path: Path
) -> None:
    one, *_ = map(str, sorted(crawl.glob("*.warc.gz")))
    job = jobs.prepare(str(tmp_path / "new"), flags=(), workers=1)
    work = jobs.plan(job, [one], load(None, ()), limit=None)
    there = shutil.copytree(output, tmp_path / "new")  # another run, of three archives, from its begin to its end
    files = {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    with job.output.locked(), pytest.raises(OutputError, match=r"another run wrote to .*: give the same command again"):
        jobs.extract(job, work)
    assert {path: path.stat().st_mtime_ns for path in there.rglob("*")} == files


def test_a_curation_whose_output_was_extracted_into_meanwhile_changes_nothing(output: Path) -> None:
    job = jobs.prepare(str(output), flags=(), workers=1)
    source = jobs.find([str(output)], None, (None, ()))
    plan = job.output.plan()
    [*_, last] = plan.archives
    more = replace(last, file_path=f"{last.file_path}.more", warc_file=f"{last.warc_file}.more")
    job.output.store_plan(replace(plan, archives=(*plan.archives, more)))
    files = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    with job.output.locked(), pytest.raises(OutputError, match="not among these documents"):
        jobs.curate(job, source, began=0.0)
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == files


def test_two_may_read_the_documents_of_an_output_and_nobody_writes_it_then(output: Path) -> None:
    there = Output(str(output))
    with there.held(), there.held(), pytest.raises(OutputError, match="another command is using"), there.locked():
        pass
    with Output(str(output)).locked():
        assert is_written(str(output))
    assert not is_written(str(output))


def test_documents_copied_without_a_lock_are_read(output: Path) -> None:
    (output / ".lock").unlink()
    assert lock_to_read(str(output)) is None
    assert not is_written(str(output))


@pytest.mark.parametrize("number", sorted(NO_LOCKS))
def test_a_file_system_without_locks_is_said_and_written_to(
    tmp_path: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_descriptor: int, _kind: int) -> None:
        raise OSError(number, "no locks available")

    with lock_to_write(str(tmp_path), flock=refuse):
        pass
    assert f"{tmp_path} cannot be locked (no locks available)" in capsys.readouterr().err


def test_what_is_read_while_a_run_writes_is_said_to_be_of_two(output: Path) -> None:
    folder = Folder(str(output))
    with steady(folder):
        pass
    with pytest.raises(OutputError, match="a run wrote to"), steady(folder):
        (output / "_SUCCESS").write_text("another head")
    with pytest.raises(OutputError, match="a run wrote to"), steady(folder):
        lose_a_shard(output)
    with pytest.raises(InputError, match="a shard is missing"), steady(folder):
        raise InputError("a shard is missing")


def lose_a_shard(output: Path) -> None:
    """What a reader meets when a curation begins."""
    (output / "_SUCCESS").unlink()
    raise InputError("a shard is missing")


def test_inspect_says_that_a_run_is_writing_where_a_manifest_is_missing(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (output / "_SUCCESS").unlink()
    (output / "manifest.json").unlink()
    with Output(str(output)).locked():
        assert main(["inspect", str(output)]) == 1
        assert main(["verify", str(output)]) == 1
    for line in capsys.readouterr().err.splitlines():
        assert f"a run is writing to {output}: wait for it" in line


def test_a_run_that_is_seen_before_it_wrote_is_read_as_it_was(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Output(str(output)).locked():
        assert main(["inspect", str(output), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
