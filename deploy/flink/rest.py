"""What a Flink cluster says of itself over its REST interface.

https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/ops/rest_api/
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from deploy.flink.errors import ClusterError

_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Overview:
    """Who has registered with the JobManager."""

    version: str
    taskmanagers: int
    slots: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job the JobManager remembers."""

    job_id: str
    name: str
    state: str
    began_ms: int  # after the epoch
    seconds: float


@dataclass(frozen=True, slots=True)
class Vertex:
    """A chain of operators, and the bytes that came to it from others through Flink's network stack."""

    name: str
    ships: tuple[str, ...]  # how each input comes: FORWARD, HASH, REBALANCE, BROADCAST, …
    bytes_in: int
    bytes_out: int
    parallelism: int  # how many subtasks it has
    running: int  # how many of them run now


class Rest:
    """Asks one JobManager."""

    def __init__(self, address: str, *, timeout: float = 10.0) -> None:
        self._address = address.rstrip("/")
        self._timeout = timeout

    def overview(self) -> Overview:
        """Who is there; raises ClusterError if nobody answers."""
        told = self._get("/overview")
        return Overview(str(told["flink-version"]), _number(told["taskmanagers"]), _number(told["slots-total"]))

    def jobs(self) -> list[Job]:
        """Every job the JobManager remembers, the oldest first."""
        jobs = [
            Job(
                str(job["jid"]),
                str(job["name"]),
                str(job["state"]),
                _number(job["start-time"]),
                _number(job["duration"]) / 1000,
            )
            for job in _list(self._get("/jobs/overview")["jobs"])
        ]
        return sorted(jobs, key=lambda job: job.began_ms)

    def vertices(self, job_id: str) -> list[Vertex]:
        """The vertices of a job in the order of the plan. The bytes are those of the last attempt of each subtask."""
        nodes = _list(cast(_Json, self._get(f"/jobs/{job_id}/plan")["plan"])["nodes"])
        ships = {
            str(node["id"]): tuple(str(edge["ship_strategy"]) for edge in _list(node.get("inputs", ())))
            for node in nodes
        }
        return [_vertex(told, ships) for told in _list(self._get(f"/jobs/{job_id}")["vertices"])]

    def attempts(self, job_id: str) -> int:
        """The highest number of attempts that any subtask of the job took, at least 1."""
        highest = 0
        for vertex in _list(self._get(f"/jobs/{job_id}")["vertices"]):
            subtasks = _list(self._get(f"/jobs/{job_id}/vertices/{vertex['id']}")["subtasks"])
            highest = max(highest, *(_number(subtask["attempt"]) for subtask in subtasks))
        return highest + 1

    def _get(self, path: str) -> _Json:
        return cast(_Json, self._ask(path))

    def _ask(self, path: str) -> object:
        try:
            with urllib.request.urlopen(self._address + path, timeout=self._timeout) as answer:  # noqa: S310
                return json.load(answer)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Flink answers at {self._address}: {error}") from error


def shuffled_bytes(vertices: Sequence[Vertex]) -> int:
    """What a job moved between its tasks: the bytes that came to vertices of which an input is not FORWARD.

    Flink counts by vertex, not by edge, so where one input of several is FORWARD this is an upper bound.
    """
    return sum(vertex.bytes_in for vertex in vertices if any(ship != "FORWARD" for ship in vertex.ships))


def _vertex(told: _Json, ships: Mapping[str, tuple[str, ...]]) -> Vertex:
    metrics, subtasks = cast(_Json, told["metrics"]), cast(_Json, told["tasks"])
    return Vertex(
        str(told["name"]),
        ships[str(told["id"])],
        _number(metrics["read-bytes"]),
        _number(metrics["write-bytes"]),
        _number(told["parallelism"]),
        _number(subtasks["RUNNING"]),
    )


def _list(told: object) -> list[_Json]:
    return list(cast("list[_Json]", told))


def _number(told: object) -> int:
    return int(cast(int, told))
