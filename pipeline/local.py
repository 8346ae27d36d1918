"""Beam's in-process runner, closed to everybody else, with the flags of a run made known to its worker processes.

Beam 2.77 starts them without (`FnApiRunner` is made before the options are known, and gives workers what it was made
with): what the flags say of S3, such as `--s3_endpoint_url`, would not reach them. They log what they are given, so
`check_flags` takes no credentials.

And it talks to them over TCP ports on all interfaces, which ask nobody who he is, give any file of ours that is asked
for by its path, and unpickle what they are sent. Here they are sockets in a folder that only this user can enter.
"""

from __future__ import annotations

import os
from tempfile import gettempdir
from urllib.parse import quote

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import python_urns
from apache_beam.portability.api import (
    beam_fn_api_pb2_grpc,
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
)
from apache_beam.runners.portability.fn_api_runner import worker_handlers
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo, FnApiRunner, RunnerResult
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.runners.worker.data_plane import BeamFnDataServicer
from apache_beam.utils import thread_pool_executor
from google.protobuf import json_format, text_format

from pipeline.bundles import Stages
from pipeline.workers import start_worker
from transforms.extract.process import python_path
from transforms.scratch import ScratchFolder

_LONGEST = 60  # characters of the folder above: the path of a socket may have 107 bytes, 103 on macOS
_PINGS = [  # as Beam has them: messages of any size, and workers that ask every 20 s whether the runner is there
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.http2.min_ping_interval_without_data_ms", 20_000),
]


class LocalRunner(FnApiRunner):
    """Runs a graph on this machine: `--runner=pipeline.local.LocalRunner`, which is what firsthand does by itself."""

    stages: type[FnApiRunner] = Stages
    """What runs the stages of a graph."""

    def run_pipeline(self, pipeline: beam.Pipeline, options: PipelineOptions) -> RunnerResult:
        """Run the graph to its end."""
        worker_handlers.GrpcServer = PrivateServer  # type: ignore[assignment,misc]  # there is no other way to choose one
        flags = JobServiceHandle.encode_pipeline_options(options.get_all_options(drop_default=True))
        info = beam_provision_api_pb2.ProvisionInfo(retrieval_token="none", pipeline_options=flags)  # noqa: S106
        return self.stages(provision_info=ExtendedProvisionInfo(info)).run_pipeline(pipeline, options)


class PrivateServer:
    """What `worker_handlers.GrpcServer` is to workers, less the service that reads files: ours are installed already.

    A port is the path of a socket.
    """

    def __init__(
        self,
        state: worker_handlers.StateServicer,
        provision_info: ExtendedProvisionInfo,
        worker_manager: worker_handlers.WorkerHandlerManager,
    ) -> None:
        temporary = gettempdir()
        self._folder = ScratchFolder(temporary if len(temporary) <= _LONGEST else "/tmp")  # noqa: S108 - a folder in it
        self._servers: list[grpc.Server] = []
        self.control_handler = worker_handlers.BeamFnControlServicer(worker_manager)
        self.data_plane_handler = BeamFnDataServicer(worker_handlers.DATA_BUFFER_TIME_LIMIT_MS)
        provision = worker_handlers.BasicProvisionService(provision_info.provision_info, worker_manager)
        control = self._server()
        beam_fn_api_pb2_grpc.add_BeamFnControlServicer_to_server(self.control_handler, control)
        beam_provision_api_pb2_grpc.add_ProvisionServiceServicer_to_server(provision, control)
        data, served, log = self._server(), self._server(), self._server()
        beam_fn_api_pb2_grpc.add_BeamFnDataServicer_to_server(self.data_plane_handler, data)
        beam_fn_api_pb2_grpc.add_BeamFnStateServicer_to_server(worker_handlers.GrpcStateServicer(state), served)
        beam_fn_api_pb2_grpc.add_BeamFnLoggingServicer_to_server(worker_handlers.BasicLoggingService(), log)
        self.logging_port, self.state_port = self._open(log, "log"), self._open(served, "state")
        self.data_port, self.control_port = self._open(data, "data"), self._open(control, "control")

    def _server(self) -> grpc.Server:
        self._servers.append(grpc.server(thread_pool_executor.shared_unbounded_instance(), options=_PINGS))
        return self._servers[-1]

    def _open(self, server: grpc.Server, name: str) -> str:
        path = quote(os.path.join(self._folder.path, name))
        server.add_insecure_port(f"unix:{path}")
        server.start()
        return path

    def close(self) -> None:
        """End the talk with the workers."""
        self.control_handler.done()
        for stopped in [server.stop(5) for server in self._servers]:  # seconds for what is under way
            stopped.wait()
        self._folder.remove()


@worker_handlers.WorkerHandler.register_environment(python_urns.EMBEDDED_PYTHON_GRPC, bytes)
class _Thread(worker_handlers.EmbeddedGrpcWorkerHandler):
    """A worker in this process: `--direct_running_mode=multi_threading`."""

    def host_from_worker(self) -> str:
        return "unix"


@worker_handlers.WorkerHandler.register_environment(python_urns.SUBPROCESS_SDK, bytes)
class _Process(worker_handlers.SubprocessSdkWorkerHandler):
    """A worker in a process of its own, started without a shell and without a port for its log."""

    def host_from_worker(self) -> str:
        return "unix"

    def start_worker(self) -> None:
        flags = json_format.MessageToJson(self.provision_info.provision_info.pipeline_options)
        environment = {
            **os.environ,
            "PYTHONPATH": python_path(),  # and -P: neither from the working directory, where anything may lie
            "CONTROL_API_SERVICE_DESCRIPTOR": text_format.MessageToString(self.control_api_service_descriptor()),
            "LOGGING_API_SERVICE_DESCRIPTOR": text_format.MessageToString(self.logging_api_service_descriptor()),
            "PIPELINE_OPTIONS": flags,
            "WORKER_ID": self.worker_id,
        }
        python, _, module = self._worker_command_line.decode().rpartition(" -m ")  # no quotes: a path may have spaces
        self.worker_thread = start_worker([python, "-P", "-m", "pipeline.worker", module], environment)

    def close(self) -> None:
        """Tell the worker to end, and wait until it has.

        Beam (2.77) tells nothing to one that has not called yet, and waits for it all the same: for ever. The call
        finds what was left for it.
        """
        self.control_conn.push(worker_handlers.BeamFnControlServicer._DONE_MARKER)
        super().close()
