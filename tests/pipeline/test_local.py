"""The local runner talks to its workers where nobody else, on this machine or the network, can listen or speak."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import python_urns
from apache_beam.runners.portability.fn_api_runner.worker_handlers import WorkerHandler


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
