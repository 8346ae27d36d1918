"""One Python worker, as Beam's container contract has it: it asks the engine for the run's flags, then for work.

Its id is in the environment, as Beam's log handler wants it there when it is imported.
https://s.apache.org/beam-fn-api-container-contract
"""

from __future__ import annotations

import argparse
import os

import grpc
from apache_beam.portability.api import beam_provision_api_pb2, beam_provision_api_pb2_grpc
from apache_beam.runners.worker import sdk_worker_main
from google.protobuf.json_format import MessageToJson

_PATIENCE_S = 60.0


def main() -> None:
    """Work until the engine closes the connection."""
    parser = argparse.ArgumentParser(prog="python -m deploy.flink.worker")
    for name in ("provision", "control", "logging"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    os.environ["PIPELINE_OPTIONS"] = _flags_of_the_run(options.provision, os.environ["WORKER_ID"])
    os.environ["CONTROL_API_SERVICE_DESCRIPTOR"] = f'url: "{options.control}"'
    os.environ["LOGGING_API_SERVICE_DESCRIPTOR"] = f'url: "{options.logging}"'
    sdk_worker_main.main([])


def _flags_of_the_run(address: str, worker_id: str) -> str:
    with grpc.insecure_channel(address) as channel:
        answer = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel).GetProvisionInfo(
            beam_provision_api_pb2.GetProvisionInfoRequest(),
            metadata=[("worker_id", worker_id)],
            timeout=_PATIENCE_S,
            wait_for_ready=True,
        )
    return str(MessageToJson(answer.info.pipeline_options))


if __name__ == "__main__":
    main()
