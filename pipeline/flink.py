"""What a job needs on Flink, or on any engine behind a job server of Beam's: checked before Beam starts anything."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline.flags import engine_of, flag_values

# Options that Flink's job server alone knows and batch work has a use for; it describes them when it is asked, which
# FlinkRunner does only once it has started one.
# https://beam.apache.org/documentation/runners/flink/#flink-runner-pipeline-options
JOB_SERVER_OPTIONS = (
    "disable_metrics",
    "execution_mode_for_batch",
    "execution_retry_delay",
    "faster_copy",
    "flink_conf_dir",
    "max_bundle_size",
    "max_bundle_time_mills",
    "number_of_execution_retries",
    "object_reuse",
    "operator_chaining",
    "use_data_stream_for_batch",
)
_HERE = ("[auto]", "[local]")  # a Flink inside the job server
_EMBEDDED = "embed"  # Beam's word for a job server in this process
_PATIENCE_S = 5.0


def job_server(flags: Sequence[str]) -> str | None:
    """The address of the job server that these flags name, None if they name none that runs already."""
    endpoint = flag_values(flags, "job_endpoint")["job_endpoint"]
    return endpoint if engine_of(flags) == "portable" and endpoint not in (None, "", _EMBEDDED) else None


def flink_problems(flags: Sequence[str]) -> list[str]:
    """All that would make Beam fetch a program, wait in vain, or start workers without this package; none elsewhere."""
    if engine_of(flags) == "flink":
        return _server_problems(flags) + _environment_problems(flags)
    address = job_server(flags)
    if address is None:
        return []
    return _silent("job_endpoint", address, "start the job server") + _environment_problems(flags)


def _server_problems(flags: Sequence[str]) -> list[str]:
    values = flag_values(flags, "flink_master", "flink_job_server_jar", "flink_version")
    jar, master = values["flink_job_server_jar"], values["flink_master"]
    found = []
    if jar is None:
        found.append(
            "Beam would download Flink's job server: `make flink` fetches it; give --flink_job_server_jar=PATH "
            "and the --flink_version it is for"
        )
    elif "://" not in jar and not os.path.isfile(jar):
        found.append(f"--flink_job_server_jar={jar} is no file: `make flink` fetches one into out/flink")
    elif values["flink_version"] is None:
        found.append("--flink_version is missing: the one in the name of the job server's jar, such as 1.20")
    if shutil.which("java") is None:
        found.append("Flink's job server needs Java, and there is no `java` here: install a JRE, version 11 or 17")
    if master is None:
        found.append("--flink_master is missing: HOST:PORT of the cluster, or [local] for a Flink in the job server")
    elif master not in _HERE:
        found += _silent("flink_master", master, "start the cluster")
    return found


def _environment_problems(flags: Sequence[str]) -> list[str]:
    values = flag_values(flags, "environment_type", "environment_config", "environment_options", "flink_master")
    if engine_of(flags) == "flink" and values["flink_master"] in _HERE:
        return []  # workers are started by this process
    if values["environment_type"] is not None or values["environment_config"] or values["environment_options"]:
        return []
    return [
        "--environment_type is missing: Beam would take its own Docker image, which lacks this package; give "
        "--environment_type=EXTERNAL --environment_config=HOST:PORT of a worker pool, or an image of yours"
    ]


def _silent(flag: str, address: str, cure: str) -> list[str]:
    """That nobody listens at the address of a flag, as the only problem, or none."""
    try:
        place = urlsplit(address if "://" in address else f"//{address}")
        host, port = place.hostname, place.port
    except ValueError:
        host = port = None
    if host is None or port is None:
        return [f"--{flag}={address} names no host and port: HOST:PORT"]
    try:
        with socket.create_connection((host, port), timeout=_PATIENCE_S):
            return []
    except OSError as error:
        return [f"nothing answers at --{flag}={address} ({error.strerror or error}): {cure}, or correct the address"]
