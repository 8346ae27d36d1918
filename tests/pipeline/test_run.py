"""The engine: flags, defaults, failures in one line."""

from __future__ import annotations

import os

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.run import Engine, EngineError, check_flags, empty_pipeline, run_graph
from transforms.errors import FirsthandError, OutputError, UsageError


def test_flags_that_beam_would_drop_are_refused() -> None:
    check_flags(["--runner=FnApiRunner", "--direct_num_workers", "2", "--temp_location=gs://b/t"])
    with pytest.raises(UsageError, match=r"Beam knows no flag --temp_locatoin=x, stray"):
        check_flags(["--temp_locatoin=x", "stray"])
    with pytest.raises(UsageError, match="Beam does not accept"):
        check_flags(["--direct_num_workers=many"])
    for runner in ("NoSuchRunner", "no_such_package.Runner", "pipeline.run.NoSuchRunner"):
        with pytest.raises(UsageError, match=r"Beam does not accept .*(NoSuchRunner|no_such_package)"):
            check_flags([f"--runner={runner}"])


def test_a_runner_that_brings_flags_of_its_own_may_be_given_them() -> None:
    pytest.importorskip("distributed", reason="needs Dask: pip install 'firsthand[engines]'")
    runner = "--runner=apache_beam.runners.dask.dask_runner.DaskRunner"
    check_flags([runner, "--dask_client_address=tcp://127.0.0.1:8786"])
    with pytest.raises(UsageError, match="Beam knows no flag --dask_client_adress"):
        check_flags([runner, "--dask_client_adress=tcp://127.0.0.1:8786"])


@pytest.mark.parametrize(
    ("engine", "pieces", "expected"),
    [
        (Engine(workers=1), 9, ["--runner=pipeline.local.LocalRunner"]),
        (
            Engine(workers=3),
            9,
            ["--runner=pipeline.local.LocalRunner", "--direct_num_workers=3", "--direct_running_mode=multi_processing"],
        ),
        (Engine(), 1, ["--runner=pipeline.local.LocalRunner"]),
        (Engine(("--runner=FlinkRunner",)), 9, ["--runner=FlinkRunner"]),
        (
            Engine(("--direct_running_mode=in_memory",)),
            9,
            ["--direct_running_mode=in_memory", "--runner=pipeline.local.LocalRunner"],
        ),
    ],
)
def test_the_users_flags_win_over_the_defaults(engine: Engine, pieces: int, expected: list[str]) -> None:
    assert engine.flags_for(pieces, stage="extract") == expected


@pytest.mark.parametrize(
    "cause", [OSError(28, "No space left on device"), OSError("No space left"), ValueError("No space\nleft")]
)
def test_a_failing_graph_is_one_line_with_its_last_cause(cause: Exception) -> None:
    def fail(_: int) -> None:
        raise cause

    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create([1]) | beam.Map(fail)

    with pytest.raises(EngineError, match="left") as error:
        run_graph(build, Engine(workers=1).flags_for(1, stage="extract"))
    assert "\n" not in str(error.value)
    assert "while running" not in str(error.value)


def test_an_error_of_ours_is_told_as_it_is() -> None:
    def fail(_: int) -> None:
        raise OutputError("cannot write a: make room there")

    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create([1]) | beam.Map(fail)

    for workers in (1, 2):
        with pytest.raises(FirsthandError, match=r"^cannot write a: make room there$"):
            run_graph(build, Engine(workers=workers).flags_for(workers, stage="extract"))


@pytest.mark.parametrize(("cause", "workers"), [(MemoryError("Unable to allocate 3. GiB"), 1), (MemoryError(), 2)])
def test_a_graph_without_memory_says_what_helps(cause: MemoryError, workers: int) -> None:
    def fail(_: int) -> None:
        raise cause

    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create([1]) | beam.Map(fail)

    with pytest.raises(EngineError, match=r"^there is no memory left: .* fewer --workers or more memory$"):
        run_graph(build, Engine(workers=workers).flags_for(workers, stage="extract"))


def test_a_pipeline_that_is_never_run_leaves_no_folder() -> None:
    assert not os.path.exists(empty_pipeline(PipelineOptions([])).local_tempdir)
