"""A worker pool at loopback: `python -m deploy.flink.worker_pool PORT`.

Beam's own entry point listens at every address of the machine, and whoever reaches a worker pool can have it run code;
and it starts workers that know none of the run's flags. A pool in a container beside a TaskManager is Beam's own and
does know them; see docs/flink.md.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from deploy.flink.settings import HOST

_CALLS = 8  # at once; each only starts or stops a process
_PATIENCE_S = 10.0  # between the polite signal and the other one


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Starts and stops a process for each worker that an engine asks for."""

    def __init__(self) -> None:
        self._workers: dict[str, subprocess.Popen[bytes]] = {}

    def StartWorker(
        self, request: beam_fn_api_pb2.StartWorkerRequest, _: grpc.ServicerContext
    ) -> beam_fn_api_pb2.StartWorkerResponse:
        """Start a worker for these endpoints; it writes where the pool writes."""
        command = [sys.executable, "-m", "deploy.flink.worker", f"--logging={request.logging_endpoint.url}"]
        command += [f"--provision={request.provision_endpoint.url}", f"--control={request.control_endpoint.url}"]
        self._workers[request.worker_id] = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, env={**os.environ, "WORKER_ID": request.worker_id}
        )
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(
        self, request: beam_fn_api_pb2.StopWorkerRequest, _: grpc.ServicerContext
    ) -> beam_fn_api_pb2.StopWorkerResponse:
        """End a worker; one that was never there is no error."""
        worker = self._workers.pop(request.worker_id, None)
        if worker is not None:
            worker.terminate()
            try:
                worker.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        return beam_fn_api_pb2.StopWorkerResponse()


def main(port: int) -> None:
    """Serve at this port until a signal ends it."""
    server = grpc.server(ThreadPoolExecutor(_CALLS))
    server.add_insecure_port(f"{HOST}:{port}")
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(WorkerPool(), server)
    server.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    server.stop(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
