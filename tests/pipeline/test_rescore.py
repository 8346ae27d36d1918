"""Documents scored again are those that extraction with that model would have made."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.committed import read_account, read_footer
from pipeline.config import Config
from pipeline.output import Output
from pipeline.rescore import rescore
from pipeline.run import Engine
from pipeline.split import SplitExtractor
from tests.models import write_other_model
from tests.outputs import corpus, rejections
from transforms.filter.reading import TextReader
from transforms.read.stage import open_archive
from transforms.score.detector import Detector
from transforms.write.parquet import open_writer, rewrite
from transforms.write.stage import commit

SHIPPED = Detector.load().model_id
JUDGED = ("detector_score", "abstain_reason", "evidence")


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of another model."""
    folder = tmp_path_factory.mktemp("model")
    write_other_model(folder)
    return folder


@pytest.fixture(scope="module")
def extracted(reference: Path, older: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `reference` would be had the older model been installed, but for the corpus, which is curated as it was."""
    folder = tmp_path_factory.mktemp("extracted") / "out"
    shutil.copytree(reference, folder)
    plan = Output(str(folder)).plan()
    with SplitExtractor(
        Config(),
        TextReader(Config().filter),
        Detector.load(older),
        layout=plan.layout,
        output=str(folder),
        heartbeats=False,
    ) as extractor:
        for split in plan.splits():
            extractor.extract(split, open_archive, commit)
    return folder


@pytest.fixture
def output(extracted: Path, tmp_path: Path) -> Path:
    """A copy of `extracted` to work on."""
    shutil.copytree(extracted, tmp_path / "out")
    return tmp_path / "out"


def documents(folder: Path) -> dict[str, Path]:
    """The documents files by name."""
    return {path.name: path for path in sorted((folder / "documents").glob("[!.]*.parquet"))}


def models(folder: Path) -> list[str]:
    """The models in the footers of the documents files, in order of name."""
    accounts = [read_account(str(path)) for path in documents(folder).values()]
    return [account.model for account in accounts if account is not None]


def times(folder: Path) -> dict[Path, int]:
    """When each file below the folder was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def untimed(path: Path) -> dict[str, object]:
    """The account in a footer, but for the CPU seconds, which no two extractions share."""
    return {name: value for name, value in (read_footer(str(path)) or {}).items() if name != "cpu_s"}


def test_scoring_again_by_two_processes_is_extracting_with_that_model(reference: Path, output: Path) -> None:
    before = {name: pq.read_table(path) for name, path in documents(output).items()}
    assert models(output) != [SHIPPED] * 3
    assert main(["rescore", str(output), "--workers", "2"]) == 0
    assert models(output) == [SHIPPED] * 3
    assert documents(output).keys() == documents(reference).keys()
    for name, path in documents(reference).items():
        ours, theirs = pq.read_table(documents(output)[name]), pq.read_table(path)
        assert ours.equals(theirs)
        assert ours.schema.remove_metadata().equals(theirs.schema.remove_metadata(), check_metadata=True)
        assert untimed(documents(output)[name]) == untimed(path)
        kept = [column for column in ours.column_names if column not in JUDGED]
        assert ours.select(kept).equals(before[name].select(kept))
        assert not ours["detector_score"].equals(before[name]["detector_score"])
    assert any(
        sign["kind"] == "declared" for row in pa.concat_tables(before.values())["evidence"].to_pylist() for sign in row
    )


def test_there_and_back_is_the_same_file_to_the_byte(older: Path, extracted: Path, output: Path) -> None:
    assert main(["rescore", str(output), "--workers", "1"]) == 0
    rescore(Output(str(output)), Engine(workers=1), model=older)
    for name, path in documents(extracted).items():
        assert documents(output)[name].read_bytes() == path.read_bytes()


def test_the_corpus_is_curated_again_and_equal(
    reference: Path, output: Path, crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["curate", str(output), "--output", str(output)]) == 1
    assert f"`firsthand rescore {output}`" in capsys.readouterr().err
    assert main(["extract", str(crawl), "--output", str(output)]) == 1
    assert f"`firsthand rescore {output}`" in capsys.readouterr().err
    assert models(output) != [SHIPPED] * 3

    assert main(["rescore", str(output), "--workers", "1"]) == 0
    said = capsys.readouterr()
    rows = sum(pq.read_metadata(path).num_rows for path in documents(output).values())
    assert said.out == f"3 files with {rows} rows scored again by {SHIPPED}, 0 current already; in {output}\n"
    assert "run `firsthand curate` again" in said.err
    assert not (output / "_SUCCESS").exists()

    assert main(["run", str(crawl), "--output", str(output), "--workers", "1"]) == 0
    assert "skipping 3 of 3 splits" in capsys.readouterr().err
    assert corpus(output) == corpus(reference)
    assert rejections(output) == rejections(reference)
    ours, theirs = (json.loads((folder / "manifest.json").read_text()) for folder in (output, reference))
    for manifest in (ours, theirs):
        for timed in ("cpu_s", "elapsed", "ended", "chain"):
            del manifest[timed]
    assert ours == theirs

    before = times(output)
    assert main(["rescore", str(output)]) == 0
    said = capsys.readouterr()
    assert said.out == f"0 files with 0 rows scored again by {SHIPPED}, 3 current already; in {output}\n"
    assert said.err == ""
    assert times(output) == before


def test_an_extraction_that_is_not_finished_is_scored_again_and_goes_on(
    reference: Path, output: Path, crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next(iter(documents(output).values())).unlink()
    assert main(["rescore", str(output), "--workers", "1"]) == 0
    assert models(output) == [SHIPPED] * 2
    assert main(["run", str(crawl), "--output", str(output), "--workers", "1"]) == 0
    assert "skipping 2 of 3 splits" in capsys.readouterr().err
    assert corpus(output) == corpus(reference)


def enlarge(path: Path, *, times: int, group: int) -> None:
    """Repeat the rows of a documents file, in row groups of this many rows."""
    table, accounts = pq.read_table(path), read_footer(str(path))
    assert accounts is not None
    accounts["rows"] = table.num_rows * times
    large = BytesIO()
    with open_writer(large, table.schema.remove_metadata()) as writer:
        writer.write_table(pa.concat_tables([table] * times), row_group_size=group)
    with open(path, "wb") as sink:
        rewrite(large, sink, lambda rows: rows, accounts=accounts, name=str(path))


def groups(path: Path) -> list[int]:
    """The rows of each row group."""
    metadata = pq.read_metadata(path)
    return [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]


def test_a_killed_run_goes_on_where_it_stopped(
    reference: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in documents(output).values():
        enlarge(path, times=60, group=150)
    sizes = {name: groups(path) for name, path in documents(output).items()}
    command = ["rescore", str(output), "--workers", "1"]
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", *command], stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        wait_for_file(process, output)
        os.kill(process.pid, signal.SIGKILL)
    done = models(output).count(SHIPPED)
    assert 0 < done < 3
    committed = {
        path: path.stat().st_mtime_ns
        for path, model in zip(documents(output).values(), models(output), strict=True)
        if model == SHIPPED
    }
    assert not (output / "_SUCCESS").exists()
    capsys.readouterr()
    assert main(command) == 0
    assert f"{3 - done} file" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in committed} == committed
    for name, path in documents(output).items():
        whole = pq.read_table(documents(reference)[name])
        assert pq.read_table(path).equals(pa.concat_tables([whole] * 60))
        assert groups(path) == sizes[name]
    assert not list((output / "documents").glob(".tmp-*"))


def wait_for_file(process: subprocess.Popen[bytes], output: Path) -> None:
    """Return once a documents file is rewritten; the run must still be going on."""
    while SHIPPED not in models(output):
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail("the run ended before it had rewritten a file")


@pytest.mark.parametrize("harm", ["truncated", "foreign", "in the middle"])
def test_a_file_that_is_no_documents_file_is_named_and_nothing_of_it_is_written(
    output: Path, capsys: pytest.CaptureFixture[str], harm: str
) -> None:
    victim = list(documents(output).values())[1]
    content = bytearray(victim.read_bytes())
    if harm == "truncated":
        victim.write_bytes(content[:-100])
    elif harm == "foreign":
        pq.write_table(pa.table({"a": [1]}), victim)
    else:
        content[2000:12000] = bytes(byte ^ 0xFF for byte in content[2000:12000])
        victim.write_bytes(content)
    harmed = victim.read_bytes()
    assert main(["rescore", str(output), "--workers", "1"]) == 1
    *_, line = capsys.readouterr().err.splitlines()
    assert f"{victim} is damaged" in line
    assert victim.read_bytes() == harmed
    victim.unlink()
    assert main(["rescore", str(output), "--workers", "1"]) == 0
    assert models(output) == [SHIPPED] * 2


def test_a_run_that_writes_there_keeps_others_out(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = times(output / "documents")
    with Output(str(output)).locked():
        assert main(["rescore", str(output)]) == 1
    assert "another run is writing" in capsys.readouterr().err
    assert times(output / "documents") == before


def test_a_folder_without_an_extraction_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        assert main(["rescore", str(folder)]) == 1
        assert "holds no extraction" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
