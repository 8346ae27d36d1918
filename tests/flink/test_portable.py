"""The pipeline as a job of an engine elsewhere: submitted over Beam's job API, Python workers started from a pool."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import S3Options

from deploy.flink.rest import shuffled_bytes
from pipeline.run import run_graph
from tests.flink.engines import Engine, FlinkEngine, calls, engine_cpu_s
from tests.outputs import corpus, rejections

pytestmark = pytest.mark.cluster

PATIENCE_S = 300.0


def command(verb: str, *arguments: str | Path) -> list[str]:
    """The command line of `firsthand`."""
    return [sys.executable, "-m", "pipeline", verb, *map(str, arguments)]


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """How a command ends, and what it says on standard error."""
    _, said = process.communicate(timeout=PATIENCE_S)
    return process.returncode, said


def run(words: list[str]) -> tuple[int, str]:
    """How a command ends, and what it says on standard error."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        return finish(process)


def run_and_disturb(words: list[str], engine: Engine, ready: Callable[[], bool]) -> tuple[int, str]:
    """The same, with a part of the engine killed once `ready` is true while the engine works."""
    before = calls(engine)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: engine.is_busy() and calls(engine) > before and ready())
        engine.kill()
        engine.mend()
        return finish(process)


def wait_for(true: Callable[[], bool]) -> None:
    """Return once it is true; fail if that takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.02)


def children_cpu_s() -> float:
    """CPU seconds of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def expect_same_rows(output: Path, reference: Path) -> None:
    """Fail if a row of the corpus or a rejection differs."""
    assert corpus(output) == corpus(reference)
    assert rejections(output) == rejections(reference)


def expect_end(engine: Engine, ended: tuple[int, str], words: list[str]) -> None:
    """A disturbed run is done, or has failed in one line and is done when the same command is given again."""
    code, said = ended
    if engine.survives:
        assert code == 0, said
        return
    assert code == 1
    assert said.strip().splitlines()[-1].startswith("firsthand: error: the run stopped:")
    code, said = run(words)
    assert code == 0, said


def test_the_rows_are_those_of_the_local_run(
    engine: Engine, crawl: Path, reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = {}
    local = [crawl, "--output", tmp_path / "local", "--workers", "2"]
    there = [crawl, "--output", tmp_path / "there", "--", *engine.flags()]
    for name, arguments in (("local, two processes", local), (engine.name, there)):
        began, used = time.monotonic(), engine_cpu_s(engine) + children_cpu_s()
        code, said = run(command("run", *arguments))
        assert code == 0, said
        measured[name] = (time.monotonic() - began, engine_cpu_s(engine) + children_cpu_s() - used)
    expect_same_rows(tmp_path / "there", reference)
    with capsys.disabled():
        for name, (wall, cpu) in measured.items():
            print(f"\n{name}: {wall:.1f} s, {cpu:.1f} CPU s", end="")


def test_a_kill_while_extracting_costs_no_row(engine: Engine, crawl: Path, reference: Path, tmp_path: Path) -> None:
    words = command("run", crawl, "--output", tmp_path / "out", "--set", "run.split_bytes=16384", "--", *engine.flags())
    documents = tmp_path / "out" / "documents"
    ended = run_and_disturb(words, engine, lambda: any(documents.glob("[!.]*.parquet")))
    expect_end(engine, ended, words)
    expect_same_rows(tmp_path / "out", reference)


def test_a_kill_while_curating_costs_no_row(engine: Engine, reference: Path, tmp_path: Path) -> None:
    words = command("curate", reference, "--output", tmp_path / "out", "--", *engine.flags())
    expect_end(engine, run_and_disturb(words, engine, lambda: True), words)
    expect_same_rows(tmp_path / "out", reference)


def test_less_than_a_kilobyte_a_page_crosses_the_cluster(flink: FlinkEngine, crawl: Path, tmp_path: Path) -> None:
    rest = flink.cluster.rest
    before = {job.job_id for job in rest.jobs()}
    words = command("run", crawl, "--output", tmp_path / "out", "--", *flink.flags())
    assert run(words)[0] == 0
    jobs = [job for job in rest.jobs() if job.job_id not in before]
    assert [job.state for job in jobs] == ["FINISHED", "FINISHED"]  # extract, curate
    pages = len(corpus(tmp_path / "out")) + len(rejections(tmp_path / "out"))
    moved = sum(shuffled_bytes(rest.vertices(job.job_id)) for job in jobs)
    assert 0 < moved < 1000 * pages


def test_workers_know_the_flags_of_the_run(engine: Engine, tmp_path: Path) -> None:
    told = tmp_path / "told"
    run_graph(lambda pipeline: tell(pipeline, told), [*engine.flags(), "--s3_endpoint_url=http://localhost:1"])
    assert told.read_text() == "http://localhost:1"


def tell(pipeline: beam.Pipeline, path: Path) -> None:
    """A graph of one step, which writes down what a worker's file systems know."""
    pipeline | beam.Create([str(path)]) | beam.Map(write_endpoint)


def write_endpoint(path: str) -> None:
    """Write the address of S3 that this process was given."""
    Path(path).write_text(str(FileSystems._pipeline_options.view_as(S3Options).s3_endpoint_url), encoding="ascii")


def test_ctrl_c_stops_the_job_too(engine: Engine, crawl: Path, tmp_path: Path) -> None:
    words = command("run", crawl, "--output", tmp_path / "out", "--set", "run.split_bytes=16384", "--", *engine.flags())
    documents = tmp_path / "out" / "documents"
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: engine.is_busy() and any(documents.glob("[!.]*.parquet")))
        process.send_signal(signal.SIGINT)
        code, said = finish(process)
    assert (code, said.strip().splitlines()[-1].split(":")[1].strip()) == (130, "interrupted")
    wait_for(lambda: not engine.is_busy())
