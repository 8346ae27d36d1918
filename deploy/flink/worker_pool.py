"""Beam's worker pool, at loopback only: `python -m deploy.flink.worker_pool PORT`.

Beam's own entry point listens at every address of the machine, and whoever reaches a worker pool can have it run code.
A pool in a container beside a TaskManager is Beam's own; see docs/flink.md.
"""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from apache_beam.portability.api import beam_fn_api_pb2_grpc
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer

from deploy.flink.settings import HOST

_CALLS = 8  # at once; each only starts or stops a process


def main(port: int) -> None:
    """Start and stop worker processes for whoever asks at this port, until a signal ends it."""
    server = grpc.server(ThreadPoolExecutor(_CALLS))
    server.add_insecure_port(f"{HOST}:{port}")
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(
        BeamFnExternalWorkerPoolServicer(use_process=True), server
    )
    server.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    server.stop(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
