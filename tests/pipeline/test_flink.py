"""Flink, and job servers of Beam's, before anything is sent to them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from pipeline.cli import main
from pipeline.flink import flink_problems, job_server
from pipeline.run import check_flags
from transforms.errors import UsageError

FLINK = "--runner=FlinkRunner"
PORTABLE = "--runner=PortableRunner"
EXTERNAL = ("--environment_type=EXTERNAL", "--environment_config=localhost:50000")


@pytest.fixture
def listener() -> Iterator[str]:
    """The address of a socket that takes connections and says nothing."""
    with socket.create_server(("localhost", 0)) as server:
        yield f"localhost:{server.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """An address of this machine at which nothing listens."""
    with socket.create_server(("localhost", 0)) as server:
        return f"localhost:{server.getsockname()[1]}"


class _JobServer(beam_job_api_pb2_grpc.JobServiceServicer):
    def DescribePipelineOptions(self, *_: object) -> beam_job_api_pb2.DescribePipelineOptionsResponse:
        names = ("number_of_execution_retries", "parallelism")
        options = [beam_job_api_pb2.PipelineOptionDescriptor(name=name) for name in names]
        return beam_job_api_pb2.DescribePipelineOptionsResponse(options=options)


@pytest.fixture
def described() -> Iterator[str]:
    """The address of a job server that knows an option which Beam's Python does not, and one that it does."""
    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("localhost:0")
    beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(_JobServer(), server)
    server.start()
    yield f"localhost:{port}"
    server.stop(None).wait()


@pytest.fixture
def jar(tmp_path: Path) -> str:
    """A file where the job server's jar should be."""
    path = tmp_path / "job-server.jar"
    path.touch()
    return f"--flink_job_server_jar={path}"


def needs_java(problems: list[str]) -> list[str]:
    """The problems but for a missing Java, which is one of this machine."""
    return [problem for problem in problems if "needs Java" not in problem]


@pytest.mark.parametrize("flags", [[], ["--runner=FnApiRunner"], ["--runner=DataflowRunner"], [PORTABLE]])
def test_other_engines_have_no_such_problems(flags: list[str]) -> None:
    assert flink_problems(flags) == []


@pytest.mark.parametrize("scheme", ["", "http://"])
def test_all_that_flink_needs_is_there(listener: str, jar: str, scheme: str) -> None:
    flags = [FLINK, f"--flink_master={scheme}{listener}", jar, "--flink_version=1.20", *EXTERNAL]
    assert needs_java(flink_problems(flags)) == []


def test_a_missing_job_server_is_told_before_beam_would_download_it(nobody: str) -> None:
    download, silent, docker = needs_java(flink_problems([FLINK, f"--flink_master={nobody}"]))
    assert download.startswith("Beam would download Flink's job server: `make flink` fetches it")
    assert silent.startswith(f"nothing answers at --flink_master={nobody} (Connection refused): start the cluster")
    assert docker.startswith("--environment_type is missing: Beam would take its own Docker image")


def test_a_jar_must_be_a_file_and_of_a_known_version(tmp_path: Path, jar: str) -> None:
    local = [FLINK, "--flink_master=[local]"]
    [line] = needs_java(flink_problems([*local, f"--flink_job_server_jar={tmp_path / 'none.jar'}"]))
    assert line.endswith("none.jar is no file: `make flink` fetches one into out/flink")
    [line] = needs_java(flink_problems([*local, jar]))
    assert line.startswith("--flink_version is missing")
    assert needs_java(flink_problems([*local, "--flink_job_server_jar=https://a/b.jar", "--flink_version=1.20"])) == []


def test_a_runner_with_nothing_else_is_told_all_that_it_needs() -> None:
    download, master, docker = needs_java(flink_problems([FLINK]))
    assert "--flink_job_server_jar=PATH" in download
    assert master.startswith("--flink_master is missing: HOST:PORT of the cluster")
    assert docker.startswith("--environment_type is missing")


def test_an_address_without_a_port_is_told(jar: str) -> None:
    flags = [FLINK, jar, "--flink_version=1.20", "--flink_master=jobmanager", *EXTERNAL]
    assert needs_java(flink_problems(flags)) == ["--flink_master=jobmanager names no host and port: HOST:PORT"]


def test_a_silent_job_server_is_told(nobody: str, listener: str) -> None:
    [line] = flink_problems([PORTABLE, f"--job_endpoint={nobody}", *EXTERNAL])
    assert line.startswith(f"nothing answers at --job_endpoint={nobody} (Connection refused): start the job server")
    assert flink_problems([PORTABLE, f"--job_endpoint={listener}", *EXTERNAL]) == []
    [line] = flink_problems([PORTABLE, f"--job_endpoint={listener}"])
    assert line.startswith("--environment_type is missing")


def test_a_job_server_is_one_that_runs_already() -> None:
    assert job_server([PORTABLE, "--job_endpoint=localhost:8099"]) == "localhost:8099"
    assert job_server([PORTABLE, "--job_endpoint=embed"]) is None
    assert job_server([FLINK, "--job_endpoint=localhost:8099"]) is None


def test_options_that_only_flinks_job_server_knows_pass() -> None:
    flags = ["--flink_master=localhost:8081", "--parallelism=4", "--flink_version=1.20", *EXTERNAL]
    check_flags([FLINK, *flags, "--number_of_execution_retries=3", "--execution_mode_for_batch", "BATCH_FORCED"])
    with pytest.raises(UsageError, match=r"Beam knows no flag --number_of_execution_retires=3"):
        check_flags([FLINK, *flags, "--number_of_execution_retires=3"])
    with pytest.raises(UsageError, match=r"Beam knows no flag --number_of_execution_retries=3"):
        check_flags(["--number_of_execution_retries=3"])


def test_a_job_server_that_runs_is_asked_for_its_options(described: str) -> None:
    flags = [PORTABLE, f"--job_endpoint={described}", "--parallelism=4", *EXTERNAL]
    check_flags([*flags, "--number_of_execution_retries=3"])
    with pytest.raises(UsageError, match=r"Beam knows no flag --execution_mode_for_batch=PIPELINED"):
        check_flags([*flags, "--execution_mode_for_batch=PIPELINED"])
    with pytest.raises(UsageError, match=r"invalid int value: 'many'"):
        check_flags([*flags, "--parallelism=many"])


def test_what_answers_must_be_a_job_server() -> None:
    server = grpc.server(ThreadPoolExecutor(1))
    address = f"localhost:{server.add_insecure_port('localhost:0')}"
    server.start()
    with pytest.raises(
        UsageError, match=rf"at --job_endpoint={address} is no job server of Beam's \(Method not found!\)"
    ):
        check_flags([PORTABLE, f"--job_endpoint={address}", *EXTERNAL])
    server.stop(None).wait()


def test_a_command_says_all_of_it_at_once(tmp_path: Path, nobody: str, capsys: pytest.CaptureFixture[str]) -> None:
    archive, output = tmp_path / "a.warc.gz", tmp_path / "out"
    archive.touch()
    assert main(["run", str(archive), "--output", str(output), "--", FLINK, f"--flink_master={nobody}"]) == 2
    lines = needs_java(capsys.readouterr().err.splitlines())
    assert len(lines) == 3
    assert all(line.startswith("firsthand: error: ") for line in lines)
    assert not output.exists()
