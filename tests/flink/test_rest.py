"""What is read from Flink's REST interface, from answers as Flink 1.20 gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from deploy.flink.errors import ClusterError
from deploy.flink.rest import Job, Overview, Rest, Vertex, shuffled_bytes

ANSWERS: dict[str, object] = {
    "/overview": {"taskmanagers": 2, "slots-total": 4, "slots-available": 4, "flink-version": "1.20.5"},
    "/jobs/overview": {
        "jobs": [
            {"jid": "b", "name": "late", "state": "RUNNING", "start-time": 2000, "duration": 500},
            {"jid": "a", "name": "early", "state": "FINISHED", "start-time": 1000, "duration": 1500},
        ]
    },
    "/jobs/a/plan": {
        "plan": {
            "nodes": [
                {"id": "3", "inputs": [{"num": 0, "id": "2", "ship_strategy": "FORWARD"}]},
                {
                    "id": "2",
                    "inputs": [
                        {"num": 0, "id": "1", "ship_strategy": "HASH"},
                        {"num": 1, "id": "1", "ship_strategy": "BROADCAST"},
                    ],
                },
                {"id": "1"},
            ]
        }
    },
    "/jobs/a": {
        "vertices": [
            {
                "id": "1",
                "name": "source",
                "metrics": {"read-bytes": 0, "write-bytes": 900},
                "parallelism": 4,
                "tasks": {"RUNNING": 4},
            },
            {
                "id": "2",
                "name": "group",
                "metrics": {"read-bytes": 800, "write-bytes": 50},
                "parallelism": 4,
                "tasks": {"RUNNING": 2},
            },
            {
                "id": "3",
                "name": "write",
                "metrics": {"read-bytes": 50, "write-bytes": 0},
                "parallelism": 4,
                "tasks": {"RUNNING": 0},
            },
        ]
    },
    "/jobs/a/vertices/1": {"subtasks": [{"subtask": 0, "attempt": 0}, {"subtask": 1, "attempt": 2}]},
    "/jobs/a/vertices/2": {"subtasks": [{"subtask": 0, "attempt": 1}]},
    "/jobs/a/vertices/3": {"subtasks": [{"subtask": 0, "attempt": 0}]},
}


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(ANSWERS[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def rest() -> Iterator[Rest]:
    """Asks a server on loopback that gives the answers above."""
    with ThreadingHTTPServer(("localhost", 0), _Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Rest(f"http://localhost:{server.server_port}/")
        server.shutdown()
        thread.join()


def test_who_is_there_and_what_ran(rest: Rest) -> None:
    assert rest.overview() == Overview("1.20.5", 2, 4)
    assert rest.jobs() == [Job("a", "early", "FINISHED", 1000, 1.5), Job("b", "late", "RUNNING", 2000, 0.5)]


def test_only_what_is_not_forwarded_is_shuffled(rest: Rest) -> None:
    vertices = rest.vertices("a")
    assert vertices == [
        Vertex("source", (), 0, 900, 4, 4),
        Vertex("group", ("HASH", "BROADCAST"), 800, 50, 4, 2),
        Vertex("write", ("FORWARD",), 50, 0, 4, 0),
    ]
    assert shuffled_bytes(vertices) == 800


def test_attempts_are_those_of_the_subtask_that_took_most(rest: Rest) -> None:
    assert rest.attempts("a") == 3


def test_a_silent_address_is_one_line() -> None:
    with ThreadingHTTPServer(("localhost", 0), _Answers) as server:
        address = f"http://localhost:{server.server_port}"
    with pytest.raises(ClusterError, match=f"^no Flink answers at {address}: "):
        Rest(address).overview()
