"""What an engine elsewhere must know and reach is checked before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.dask_needs import dask_problems
from pipeline.engines import Work, check_reach, notices, openings, problems
from pipeline.flags import engine_of, flag_values
from pipeline.spark import spark_problems
from transforms.errors import UsageError

DATAFLOW = (
    "--runner=DataflowRunner",
    "--project=our-project",
    "--region=us-central1",
    "--temp_location=gs://bucket/temp",
    "--sdk_container_image=pkg.dev/worker:1",
)


def test_values_are_read_in_both_forms_and_the_last_one_counts() -> None:
    flags = ["--region", "a", "--other", "--project=b", "--region=c"]
    assert flag_values(flags, "region", "project", "job_name") == {"region": "c", "project": "b", "job_name": None}


def test_a_flag_without_its_value_is_left_to_beams_parser() -> None:
    assert flag_values(["--project=b", "--region"], "region", "project") == {"region": None, "project": None}


@pytest.mark.parametrize("runner", ["DataflowRunner", "dataflowrunner", "dataflow", "a.b.DataflowRunner"])
def test_a_runner_is_known_by_each_of_its_names(runner: str) -> None:
    assert engine_of([f"--runner={runner}"]) == "dataflow"


def test_dataflow_takes_inputs_and_output_that_its_workers_can_reach() -> None:
    work = Work(("gs://a/*.warc.gz", "s3://b/c/", "https://data.commoncrawl.org/x.warc.gz", "@list"), "gs://out/x")
    assert [line for line in problems(DATAFLOW, work) if "client libraries" not in line] == []


@pytest.mark.parametrize("output", ["out", "/data/out", "file:///data/out"])
def test_dataflow_refuses_an_output_on_this_machine(output: str) -> None:
    [line] = [line for line in problems(DATAFLOW, Work((), output)) if "client libraries" not in line]
    assert line.startswith(f"the output {output!r} is on this machine")


def test_dataflow_refuses_all_inputs_on_this_machine_in_one_line() -> None:
    work = Work(("a.warc", "gs://b/c.warc", "file:///d.warc", "e/", "f/", "g/"), "gs://out/x")
    [line] = [line for line in problems(DATAFLOW, work) if "client libraries" not in line]
    assert line.startswith("'a.warc', 'file:///d.warc', 'e/' and 2 more are on this machine")


def test_dataflow_refuses_a_number_of_local_processes() -> None:
    [line] = [line for line in problems(DATAFLOW, Work((), "gs://out/x", 4)) if "client libraries" not in line]
    assert line.startswith("--workers is for processes on this machine")


def test_archives_of_a_list_are_checked_once_it_is_read() -> None:
    check_reach(DATAFLOW, ["gs://a/b.warc", "https://c/d.warc"])
    check_reach(["--runner=FnApiRunner"], ["/a/b.warc"])
    with pytest.raises(UsageError, match=r"^'/a/b.warc' is on this machine"):
        check_reach(DATAFLOW, ["gs://a/b.warc", "/a/b.warc"])


@pytest.mark.parametrize("flags", [(), ("--runner=FnApiRunner",), ("--s3_region_name=x",)])
def test_a_local_run_has_no_problems(flags: tuple[str, ...]) -> None:
    assert problems(flags, Work(("a.warc",), "out")) == []


def test_a_number_of_processes_is_for_the_runner_that_nobody_names() -> None:
    assert problems(["--s3_region_name=x"], Work((), "out", 4)) == []


@pytest.mark.parametrize(
    ("flags", "cure"),
    [
        (["--runner=FlinkRunner"], "--parallelism=N after `--`"),
        (["--runner=pipeline.dask.DaskRunner"], "--dask_npartitions=N after `--`"),
        (["--runner=FnApiRunner"], "--direct_num_workers=N --direct_running_mode=multi_processing after `--`"),
        (["--runner=pipeline.local.LocalRunner"], "--direct_num_workers=N "),
        (["--runner=PrismRunner"], "the engine has flags of its own"),
        (["--direct_running_mode=in_memory"], "--workers=4 and --direct_running_mode both say"),
        (["--direct_num_workers", "2"], "--workers=4 and --direct_num_workers both say"),
    ],
)
def test_a_number_of_processes_that_would_not_be_heard_is_refused(flags: list[str], cure: str) -> None:
    first = problems(flags, Work((), "out", 4))[0]
    assert first.startswith("--workers")
    assert cure in first


@pytest.mark.parametrize(
    "runner", ["DaskRunner", "dask", "apache_beam.runners.dask.dask_runner.DaskRunner", "apache_beam.DaskRunner"]
)
def test_beams_own_dask_runner_is_refused(runner: str) -> None:
    [line] = dask_problems([f"--runner={runner}"], has_dask=True)
    assert "loses rows" in line
    assert "--runner=pipeline.dask.DaskRunner" in line


def test_our_dask_runner_needs_dask() -> None:
    flags = ["--runner=pipeline.dask.DaskRunner"]
    assert dask_problems(flags, has_dask=True) == []
    assert dask_problems(flags, has_dask=False) == ["Dask is not installed: pip install 'firsthand[engines]'"]
    assert dask_problems(["--runner=FnApiRunner"], has_dask=False) == []


def test_spark_without_its_job_server_is_refused_before_beam_would_download_it(tmp_path: Path) -> None:
    spark, jar = "--runner=SparkRunner", tmp_path / "spark.jar"
    [line] = spark_problems([spark, "--spark_master_url=local"])
    assert line.startswith("Beam would download Spark's job server: ")
    assert line.endswith("give --spark_job_server_jar=PATH")
    [line] = spark_problems([spark, f"--spark_job_server_jar={jar}"])
    assert line.startswith(f"--spark_job_server_jar={jar} is no file: ")
    jar.touch()
    for given in (f"--spark_job_server_jar={jar}", "--spark_job_server_jar=https://a/b.jar", "--job_endpoint=a:1"):
        assert spark_problems([spark, given]) == []


@pytest.mark.parametrize("runner", ["dask", "SparkRunner"])
def test_a_command_is_refused_with_all_cures_before_there_is_an_output(
    runner: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", str(tmp_path), "--output", str(tmp_path / "out"), "--workers", "4", "--", f"--runner={runner}"]
    assert main([*command, "--stray=1"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("firsthand: error: ") for line in lines)
    assert "--workers is for processes" in lines[0]
    assert any("pipeline.dask.DaskRunner" in line or "--spark_job_server_jar" in line for line in lines[1:])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "flags",
    [
        ("--runner=FlinkRunner", "--flink_master=jm:8081"),
        ("--runner=FlinkRunner", "--flink_master=https://jm"),
        ("--runner=FlinkRunner", "--flink_master=not[an]address"),
        ("--runner=PortableRunner", "--job_endpoint=jobs.example.org:8099"),
        ("--runner=SparkRunner", "--spark_master_url=spark://jm:7077"),
    ],
)
def test_a_cluster_elsewhere_must_share_the_disk(flags: tuple[str, ...]) -> None:
    [line] = notices(flags, Work(("a.warc", "gs://b/c.warc"), "out"))
    assert line.startswith("'a.warc', 'out': every worker of ")
    assert notices(flags, Work(("gs://b/c.warc",), "s3://out/x")) == []


@pytest.mark.parametrize(
    "flags",
    [
        (),
        ("--runner=FnApiRunner",),
        ("--runner=FlinkRunner",),
        ("--runner=FlinkRunner", "--flink_master=[local]"),
        ("--runner=FlinkRunner", "--flink_master=localhost:8081"),
        ("--runner=FlinkRunner", "--flink_master=http://127.0.0.1:8081"),
        ("--runner=FlinkRunner", "--flink_master=jm:8081", "--environment_type=LOOPBACK"),
        ("--runner=SparkRunner", "--spark_master_url=local[4]"),
        ("--runner=PortableRunner", "--job_endpoint=embed"),
    ],
)
def test_a_cluster_on_this_machine_has_its_disk(flags: tuple[str, ...]) -> None:
    assert notices(flags, Work(("a.warc",), "out")) == []


@pytest.mark.parametrize(
    ("flags", "open_to_all"),
    [
        ((), False),
        (("--runner=pipeline.local.LocalRunner", "--direct_running_mode=multi_processing"), False),
        (("--runner=FnApiRunner",), False),
        (("--runner=FnApiRunner", "--direct_running_mode=multi_processing"), True),
        (("--runner=PrismRunner",), True),
        (("--runner=PortableRunner", "--environment_type=LOOPBACK"), True),
        (("--runner=PortableRunner", "--environment_type=EXTERNAL"), False),
    ],
)
def test_ports_that_are_open_to_all_are_told(flags: tuple[str, ...], *, open_to_all: bool) -> None:
    assert ["Beam opens ports on all interfaces" in line for line in openings(flags)] == [True] * open_to_all
