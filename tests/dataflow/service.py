"""A Dataflow service on loopback: takes jobs over its REST API, and says of each what a test wants it to say."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

TOKEN = "ya29.an-access-token-that-belongs-in-the-header-alone"
_JOBS = re.compile(
    r"/v1b3/projects/(?P<project>[^/]+)/locations/(?P<region>[^/]+)/jobs(?:/(?P<id>[^/?]+))?(?P<rest>/\w+)?"
)

Job = dict[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a job: the states it is found in, the last one for good, and the errors in its log.

    Or it is refused.
    """

    states: tuple[str, ...] = ("JOB_STATE_DONE",)
    errors: tuple[str, ...] = ()
    refusal: str | None = None  # why the job is not even accepted


@dataclass(frozen=True, slots=True)
class Request:
    """One request that reached the service."""

    method: str
    path: str
    authorization: str | None
    body: str


@dataclass(slots=True)
class FakeDataflow:
    """The service; `judge` is asked what becomes of each job that is created. A context manager."""

    judge: Callable[[Job], Verdict] = lambda _: Verdict()
    requests: list[Request] = field(default_factory=list)
    polled: threading.Event = field(default_factory=threading.Event)  # set once somebody asked how a job does
    outside: list[str] = field(default_factory=list)  # hosts elsewhere that a client wanted to reach through it
    _jobs: dict[str, tuple[Job, list[str], Verdict]] = field(default_factory=dict)
    _server: ThreadingHTTPServer = field(init=False)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it listens; Beam takes it for no service of Google's only if it is called localhost."""
        return f"http://localhost:{self._server.server_port}"

    def created(self) -> list[Job]:
        """The jobs as they were asked for, in order."""
        return [json.loads(request.body) for request in self.creations()]

    def creations(self) -> list[Request]:
        """The requests that created jobs, in order."""
        return [r for r in self.requests if r.method == "POST" and re.fullmatch(r".*/jobs(\?.*)?", r.path)]

    def last_id(self) -> str:
        """The id of the job that was created last."""
        return list(self._jobs)[-1]

    def answer(self, request: Request) -> tuple[int, Job]:
        """The status and the body with which the service answers a request."""
        found = self._answer(request)
        if found is None:
            return 404, {}
        return (403, found) if "error" in found else (200, found)

    def _answer(self, request: Request) -> Job | None:
        self.requests.append(request)
        if request.path == "/token":
            return {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
        match = _JOBS.match(request.path)
        if not match:
            return None
        if request.method == "POST":
            return self._create(json.loads(request.body))
        job, states, verdict = self._jobs[match["id"]]
        if request.method == "PUT":
            states[:] = [json.loads(request.body)["requestedState"]]
        if match["rest"] == "/messages":
            return {"jobMessages": _messages(verdict)}
        if match["rest"] is None:
            self.polled.set()
            return job | {"currentState": states.pop(0) if len(states) > 1 else states[0]}
        return None

    def _create(self, asked: Job) -> Job:
        job = asked | {"id": f"2026-01-01_00_00_00-{len(self._jobs) + 1}"}
        verdict = self.judge(asked)
        if verdict.refusal:
            return {"error": {"code": 403, "message": verdict.refusal, "status": "PERMISSION_DENIED"}}
        self._jobs[str(job["id"])] = job, list(verdict.states), verdict
        return job | {"currentState": "JOB_STATE_PENDING"}


def _messages(verdict: Verdict) -> list[dict[str, str]]:
    return [
        {
            "id": str(number),
            "time": f"2026-01-01T00:00:{number:02d}Z",
            "messageText": text,
            "messageImportance": "JOB_MESSAGE_ERROR",
        }
        for number, text in enumerate(verdict.errors)
    ]


def _handler(service: FakeDataflow) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, found = service.answer(Request(self.command, self.path, self.headers.get("Authorization"), body))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        do_GET = do_POST = do_PUT = _answer

        def do_CONNECT(self) -> None:
            service.outside.append(self.path)
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
