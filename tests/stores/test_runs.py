"""Whole runs from a bucket into a bucket: the rows of a local run, whatever dies on the way."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.config import Config
from pipeline.output import Output
from pipeline.rescore import rescore
from pipeline.run import Engine, check_flags
from pipeline.split import SplitExtractor
from tests.models import write_other_model
from tests.stores.bucket import Bucket
from transforms.errors import InputError
from transforms.filter.reading import TextReader
from transforms.read.splits import Split
from transforms.read.stage import expand_inputs, open_archive
from transforms.score.detector import Detector
from transforms.write.stage import commit

SMALL = "run.split_bytes=40000"  # seven splits


@pytest.fixture(scope="module")
def older(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A local extraction as it would be had another detector been installed."""
    folder, model = tmp_path_factory.mktemp("older") / "out", tmp_path_factory.mktemp("model")
    write_other_model(model)
    shutil.copytree(reference, folder, ignore=shutil.ignore_patterns("corpus", "curate-*", "_SUCCESS"))
    rescore(Output(str(folder)), Engine(workers=1), model=model)
    return folder


def rows(folder: Path) -> tuple[list[str], list[str]]:
    """Corpus and rejections, each row without the address of its archive, in order."""
    return _rows(folder / "corpus"), _rows(folder / "rejections")


def _rows(folder: Path) -> list[str]:
    found = [row for path in folder.glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    return sorted(repr({name: value for name, value in row.items() if name != "file_path"}) for row in found)


def run(bucket: Bucket, archives: str, output: str, *flags: str) -> int:
    """`firsthand run` into a prefix, in this process."""
    return main(["run", archives, "--output", bucket.address(output), "--workers", "1", *flags, "--", *bucket.flags])


def copy(bucket: Bucket, source: str, target: str) -> None:
    """Another output with the same files."""
    for key in bucket.keys(f"{source}/"):
        bucket.write(target + key.removeprefix(source), bucket.read(key))


def documents(bucket: Bucket, output: str) -> list[str]:
    """Keys of the documents files."""
    return bucket.keys(f"{output}/documents/")


def test_the_rows_of_two_processes_on_a_store_are_those_of_a_local_run(
    bucket: Bucket, finished: str, reference: Path, tmp_path: Path
) -> None:
    assert rows(bucket.download(finished, tmp_path)) == rows(reference)
    local = {path.relative_to(reference).as_posix() for path in reference.rglob("[!.]*") if path.is_file()}
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == local
    assert bucket.unfinished() == 0


def test_an_output_on_a_store_is_verified_where_it_lies_against_archives_there(
    bucket: Bucket, finished: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", bucket.address(finished), "--archives", "all", "--", *bucket.flags]) == 0
    shown = capsys.readouterr().out
    assert "11 checks ok" in shown


def test_an_output_on_a_store_is_inspected_where_it_lies(
    bucket: Bucket, finished: str, reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(reference)]) == 0
    local = capsys.readouterr().out.strip().splitlines()
    assert main(["inspect", f"{bucket.address(finished)}/", "--", *bucket.flags]) == 0
    stored = capsys.readouterr().out.strip().splitlines()
    assert stored[1:-1] == local[1:-1]  # the first has the seconds it took, the last the address
    assert stored[-1] == bucket.address(f"{finished}/corpus")
    assert main(["inspect", bucket.address("nothing"), "--", *bucket.flags]) == 1
    assert "holds no manifest.json" in capsys.readouterr().err


def test_a_second_run_skips_what_is_committed_and_a_torn_split_is_made_anew(
    bucket: Bucket, archives: str, finished: str, reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy(bucket, finished, "torn")
    torn, *whole = documents(bucket, "torn")
    bucket.write(torn, bucket.read(torn)[:-100])
    kept = {key: bucket.read(key) for key in whole}
    capsys.readouterr()
    assert run(bucket, archives, "torn") == 0
    assert "skipping 2 of 3 splits: committed by an earlier run" in capsys.readouterr().err
    assert {key: bucket.read(key) for key in whole} == kept  # with the CPU seconds of their own extraction
    assert rows(bucket.download("torn", tmp_path)) == rows(reference)


def test_two_attempts_at_a_split_agree_in_all_but_the_seconds_they_took(
    bucket: Bucket, archives: str, finished: str
) -> None:
    command = ["extract", archives, "--output", bucket.address("again"), "--workers", "1", "--", *bucket.flags]
    assert main(command) == 0
    for key in documents(bucket, finished):
        other = f"again{key.removeprefix(finished)}"
        first, second = (pq.ParquetFile(io.BytesIO(bucket.read(name))) for name in (key, other))
        assert first.read().equals(second.read())
        ours, theirs = (str(file.metadata.metadata[b"firsthand"]).split('"layout"') for file in (first, second))
        assert ours[1] == theirs[1]  # what stands before is the time
        refused = key.replace("/documents/", "/rejections/")
        assert bucket.read(refused) == bucket.read(f"again{refused.removeprefix(finished)}")
        bucket.write(key.replace(finished, "mixed", 1), bucket.read(key))
        bucket.write(refused.replace(finished, "mixed", 1), bucket.read(f"again{refused.removeprefix(finished)}"))
    check_flags(bucket.flags)
    assert len(Output(bucket.address("mixed")).accounts()) == 3


def test_a_run_killed_half_way_goes_on_to_the_same_rows(
    bucket: Bucket, archives: str, reference: Path, tmp_path: Path
) -> None:
    command = ["run", archives, "--output", bucket.address("killed"), "--workers", "2", "--set", SMALL]
    firsthand = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *command, "--", *bucket.flags],
        cwd=Path(__file__).parents[2],
        start_new_session=True,  # its workers die with it
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while not documents(bucket, "killed"):
        assert firsthand.poll() is None, "it ended before it could be killed"
    os.killpg(firsthand.pid, signal.SIGKILL)
    firsthand.wait()
    committed = documents(bucket, "killed")
    assert "killed/_SUCCESS" not in bucket.keys("killed/")
    assert run(bucket, archives, "killed", "--set", SMALL) == 0
    assert len(documents(bucket, "killed")) > len(committed)
    assert rows(bucket.download("killed", tmp_path)) == rows(reference)


def test_an_archive_replaced_between_planning_and_reading_is_an_error(
    bucket: Bucket, crawl: Path, tmp_path: Path
) -> None:
    check_flags(bucket.flags)
    bucket.write("moved/a.warc.gz", (crawl / "crawl-00000.warc.gz").read_bytes())
    [archive] = expand_inputs([bucket.address("moved/a.warc.gz")])
    split = Split(archive.file_path, archive.warc_file, archive.size, 0, archive.size, None)
    bucket.write("moved/a.warc.gz", (crawl / "crawl-00001.warc.gz").read_bytes())
    Output(str(tmp_path)).prepare("documents", "rejections")
    reader, detector = TextReader(Config().filter), Detector.load()
    with (
        SplitExtractor(Config(), reader, detector, layout="x", output=str(tmp_path), heartbeats=False) as extractor,
        pytest.raises(InputError, match=r"bytes, and had \d+ when it was looked up"),
    ):
        extractor.extract(split, open_archive, commit)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_the_development_crawl_gives_the_rows_of_a_local_run(
    bucket: Bucket, local_crawl: Path, shared_data: Path, tmp_path: Path
) -> None:
    for path in (shared_data / "crawl").glob("*.warc.gz"):
        bucket.write(f"development/{path.name}", path.read_bytes())
    command = ["run", bucket.address("development/"), "--output", bucket.address("developed"), "--", *bucket.flags]
    assert main(command) == 0
    assert rows(bucket.download("developed", tmp_path)) == rows(local_crawl)


@pytest.fixture(scope="package")
def local_crawl(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a local run over the development crawl."""
    folder = tmp_path_factory.mktemp("local") / "out"
    assert main(["run", str(shared_data / "crawl" / "*.warc.gz"), "--output", str(folder)]) == 0
    return folder


def test_files_of_something_else_are_not_touched(
    bucket: Bucket, archives: str, finished: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket.write("theirs/documents/year=2026.parquet", b"precious")
    assert run(bucket, archives, "theirs") == 1
    assert "year=2026.parquet was written by something else" in capsys.readouterr().err
    assert bucket.keys("theirs/") == ["theirs/documents/year=2026.parquet"]
    for key in (*bucket.keys(f"{finished}/corpus/"), *bucket.keys(f"{finished}/rejections/")):
        bucket.write(key.replace(finished, "killed curation", 1), bucket.read(key))
    Output(bucket.address("killed curation")).check()


def test_documents_of_a_store_are_curated_into_another_prefix(
    bucket: Bucket, finished: str, reference: Path, tmp_path: Path
) -> None:
    command = ["curate", bucket.address(finished), "--output", bucket.address("elsewhere")]
    assert main([*command, "--", *bucket.flags]) == 0
    assert rows(bucket.download("elsewhere", tmp_path)) == rows(reference)
    assert documents(bucket, "elsewhere") == []


def test_a_pattern_of_documents_on_a_store_is_curated_onto_this_machine(
    bucket: Bucket, finished: str, reference: Path, tmp_path: Path
) -> None:
    pattern = bucket.address(f"{finished}/documents/crawl-*.parquet")
    assert main(["curate", "--documents", pattern, "--output", str(tmp_path / "out"), "--", *bucket.flags]) == 0
    assert rows(tmp_path / "out") == rows(reference)


def test_documents_of_a_store_are_scored_again(
    bucket: Bucket, older: Path, reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket.upload(older, "rescored")
    command = ["rescore", bucket.address("rescored"), "--workers", "1", "--", *bucket.flags]
    assert main(command) == 0
    assert "3 files" in capsys.readouterr().out
    ours = bucket.download("rescored", tmp_path)
    assert _rows(ours / "documents") == _rows(reference / "documents")
    assert main(command) == 0
    assert "3 current already" in capsys.readouterr().out
