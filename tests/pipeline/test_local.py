"""The local runner talks to its workers where nobody else, on this machine or the network, can listen or speak."""

from __future__ import annotations

import os
import socket
import stat
import sys
import threading
import time
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import python_urns
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import worker_handlers
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo
from apache_beam.runners.portability.fn_api_runner.worker_handlers import (
    BeamFnControlServicer,
    GrpcWorkerHandler,
    SubprocessSdkWorkerHandler,
    WorkerHandler,
    WorkerHandlerManager,
)
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from pipeline.local import PrivateServer

SDK_WORKER = "apache_beam.runners.worker.sdk_worker_main"


def doors() -> list[tuple[int, str]]:
    """The sockets on which this process listens: family, and address or path."""
    found = []
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        try:
            with socket.socket(fileno=os.dup(descriptor)) as known:
                if known.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    name = known.getsockname()
                    found.append((int(known.family), name if isinstance(name, str) else f"{name[0]}:{name[1]}"))
        except OSError:  # no socket, or the descriptor of the listing itself
            continue
    return found


def modes(paths: list[str]) -> set[int]:
    return {stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) for path in paths}


def seen_by(runner: str, folder: Path) -> tuple[set[int], set[int]]:
    """Families of the sockets that are open while a graph runs, and the modes of the folders they lie in."""
    before = set(doors())
    flags = [f"--runner={runner}", "--direct_num_workers=2", "--direct_running_mode=multi_threading"]

    def look(_: int) -> str:
        opened = [door for door in doors() if door not in before]
        local = [path for family, path in opened if family == socket.AF_UNIX]
        return " ".join(map(str, (*(family for family, _ in opened), "in", *modes(local))))

    with beam.Pipeline(options=PipelineOptions(flags)) as pipeline:
        seen = pipeline | beam.Create([1]) | beam.Map(look)
        _ = seen | beam.io.WriteToText(str(folder / "seen"), shard_name_template="")
    families, _, folders = (folder / "seen").read_text().strip().partition("in")
    return set(map(int, families.split())), set(map(int, folders.split()))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="reads /proc")
def test_workers_are_spoken_to_over_sockets_that_only_this_user_can_reach(tmp_path: Path) -> None:
    families, folders = seen_by("pipeline.local.LocalRunner", tmp_path)
    assert families == {socket.AF_UNIX}
    assert folders == {0o700}


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="reads /proc")
def test_a_port_would_have_been_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)):
        assert socket.AF_INET in {family for family, _ in doors()}


def test_processes_and_threads_are_both_spoken_to_by_path() -> None:
    for name in (python_urns.SUBPROCESS_SDK, python_urns.EMBEDDED_PYTHON_GRPC):
        kind, _ = WorkerHandler._registered_environments[name]
        assert kind.host_from_worker(object.__new__(kind)) == "unix"


def test_a_worker_that_calls_only_when_all_is_over_is_told_so_and_ends(tmp_path: Path) -> None:
    begin = tmp_path / "begin"
    late = tmp_path / "late python"
    late.write_text(f'#!/bin/sh\nwhile [ ! -e "{begin}" ]; do sleep 0.01; done\nexec {sys.executable} "$@"\n')
    late.chmod(0o700)
    manager = manager_of(f"{late} -m {SDK_WORKER}")
    [worker] = manager.get_worker_handlers("only", 1)
    assert isinstance(worker, GrpcWorkerHandler)
    closing = threading.Thread(target=manager.close_all, daemon=True)
    closing.start()
    deadline = time.monotonic() + 60
    while worker.control_conn._state != BeamFnControlServicer.DONE_STATE:  # that was all it will be told
        assert time.monotonic() < deadline
        closing.join(0.01)
    begin.touch()
    closing.join(60)
    assert not closing.is_alive()


def test_a_worker_imports_nothing_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pipeline", "transforms", "grpc", "apache_beam"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    start_and_end(sys.executable)
    assert not (tmp_path / "executed").exists()


def test_an_interpreter_may_lie_in_a_folder_with_a_space(tmp_path: Path) -> None:
    (tmp_path / "my environment").symlink_to(sys.prefix)
    start_and_end(str(tmp_path / "my environment" / "bin" / Path(sys.executable).name))


def start_and_end(python: str) -> None:
    """What a worker with this interpreter does; one that dies fails the test by the thread that watches it."""
    manager = manager_of(f"{python} -m {SDK_WORKER}")
    [worker] = manager.get_worker_handlers("only", 1)
    manager.close_all()
    assert isinstance(worker, SubprocessSdkWorkerHandler)
    worker.worker_thread.join()


def manager_of(command: str) -> WorkerHandlerManager:
    """What keeps the workers of a graph, each a process that is started so."""
    worker_handlers.GrpcServer = PrivateServer  # type: ignore[assignment,misc]
    environment = SubprocessSDKEnvironment.from_command_string(command).to_runner_api(None)  # type: ignore[arg-type]
    flags = JobServiceHandle.encode_pipeline_options(PipelineOptions().get_all_options(drop_default=True))
    info = beam_provision_api_pb2.ProvisionInfo(retrieval_token="none", pipeline_options=flags)
    return WorkerHandlerManager({"only": environment}, ExtendedProvisionInfo(info))
