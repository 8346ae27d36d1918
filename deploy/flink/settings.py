"""What a cluster on one machine is set to, and the ports it listens at."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, fields
from pathlib import Path

from deploy.flink.errors import ClusterError

TASKMANAGERS, SLOTS = 2, 2
HOST = "localhost"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the pieces of a cluster listen, on loopback only."""

    rest: int = 8081
    rpc: int = 6123
    jobs: int = 8099  # the job server
    artifacts: int = 8098
    workers: int = 50000  # the worker pool

    @classmethod
    def free(cls) -> Ports:
        """Ports that nobody listens at now."""
        sockets = [socket.socket() for _ in fields(cls)]
        for each in sockets:
            each.bind((HOST, 0))
        numbers = [each.getsockname()[1] for each in sockets]
        for each in sockets:
            each.close()
        return cls(*numbers)

    def check(self) -> None:
        """Raise ClusterError if one of them is taken."""
        for field in fields(self):
            number = getattr(self, field.name)
            with socket.socket() as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    attempt.bind((HOST, number))
                except OSError as error:
                    raise ClusterError(
                        f"port {number} ({field.name}) is taken: stop what listens there, `make flink-stop` if it is "
                        f"an earlier cluster, or add --free-ports"
                    ) from error


def write_configuration(home: Path, folder: Path, ports: Ports) -> Path:
    """Write the configuration folder of the cluster below `folder`; returns it. Loggers are the distribution's."""
    conf = folder / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    for source in (home / "conf").iterdir():
        (conf / source.name).write_bytes(source.read_bytes())
    text = _CONFIGURATION.format(
        opens=java_options((home / "conf" / "config.yaml").read_text(encoding="utf-8")),
        rest=ports.rest,
        rpc=ports.rpc,
        slots=SLOTS,
        parallelism=TASKMANAGERS * SLOTS,
        temporary=folder / "tmp",
    )
    (conf / "config.yaml").write_text(text, encoding="utf-8")
    return conf


def java_options(configuration: str) -> str:
    """The options for Java 17 that a distribution's own configuration names."""
    match = re.search(r"^ +all: (--add-\S.*)$", configuration, re.MULTILINE)
    if match is None:
        raise ClusterError("the distribution's conf/config.yaml names no options for Java: is it Flink 1.19 or newer?")
    return match[1]


# Heartbeats: Flink's own are 10 s and 50 s; here a killed TaskManager is to be missed in ten.
# Metrics: REST tells those of running tasks as old as ten seconds, by Flink's own setting.
# Memory: what a JobManager and a TaskManager are given, all kinds together; the Python workers come on top.
# Attempts: fixed-delay counts all failures of a job, and the default is none where checkpoints are off.
_CONFIGURATION = """\
env:
  java:
    opts:
      all: {opens}
jobmanager:
  bind-host: localhost
  rpc:
    address: localhost
    port: {rpc}
  memory:
    process:
      size: 1024m
  execution:
    failover-strategy: region
taskmanager:
  bind-host: localhost
  host: localhost
  numberOfTaskSlots: {slots}
  memory:
    process:
      size: 1536m
parallelism:
  default: {parallelism}
rest:
  address: localhost
  bind-address: localhost
  port: {rest}
metrics:
  fetcher:
    update-interval: 1000
heartbeat:
  interval: 2000
  timeout: 10000
restart-strategy:
  type: fixed-delay
  fixed-delay:
    attempts: 10
    delay: 2 s
io:
  tmp:
    dirs: {temporary}
"""
