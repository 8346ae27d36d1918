"""A web server on loopback that serves files by ranges, over kept connections, and fails as it is told to."""

from __future__ import annotations

import os
import re
import socket
import ssl
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from random import Random
from socketserver import ThreadingTCPServer
from threading import Lock, Thread

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    start: int | None  # first byte of the range, None if the whole was asked for
    end: int | None  # behind the last byte
    nth: int  # how often the same was asked before
    port: int  # of the client: the same for requests on one connection
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Mishap:
    """What goes wrong with an answer."""

    kind: str  # "status", "reset", "stall" or "truncate"
    status: int = 503
    sent: float = 0.5  # share of the body that comes first
    headers: Mapping[str, str] = field(default_factory=dict)


def sound(_request: Request) -> Mishap | None:
    """Nothing goes wrong."""
    return None


def faulty(share: float, seed: int, kinds: tuple[str, ...] = ("status", "reset", "stall", "truncate")) -> Fate:
    """This share of the requests fails, whichever thread asks when: chance hangs on what is asked how often."""

    def fate(request: Request) -> Mishap | None:
        chance = Random(f"{seed} {request.method} {request.path} {request.start} {request.nth}")
        if chance.random() >= share:
            return None
        return Mishap(chance.choice(kinds), status=chance.choice((429, 500, 502, 503, 504)), sent=chance.random())

    return fate


Fate = Callable[[Request], Mishap | None]


@dataclass
class Site:
    """What is served, how, and the log of it."""

    files: dict[str, bytes]
    fate: Fate = sound
    ranges: bool = True
    head: bool = True  # whether HEAD is answered, not refused
    lengths: bool = True  # whether a whole file is sent with its length
    etags: bool = True
    conditions: bool = True  # whether If-Match is heeded
    totals: bool = True  # whether Content-Range says how large the file is
    most: int = 1 << 62  # bytes of one answer
    redirects: dict[str, str] = field(default_factory=dict)  # path → Location
    requests: list[Request] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    port: int = 0
    _asked: Counter[tuple[str, str, int | None]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def url(self, path: str) -> str:
        """The address of a file."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{path}"

    def enter(self, handler: BaseHTTPRequestHandler) -> Request:
        """Log a request."""
        found = _RANGE.fullmatch(handler.headers.get("Range", ""))
        start, end = (int(found[1]), int(found[2]) + 1) if found else (None, None)
        with self._lock:
            key = (handler.command, handler.path, start)
            nth = self._asked[key]
            self._asked[key] += 1
            headers = {name.lower(): value for name, value in handler.headers.items()}
            request = Request(handler.command, handler.path, start, end, nth, handler.client_address[1], headers)
            self.requests.append(request)
        return request


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, site: Site) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)
        if site.tls:
            self.socket = site.tls.wrap_socket(self.socket, server_side=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer on a kept connection waits 40 ms for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        request = site.enter(self)
        mishap = site.fate(request)
        if mishap and mishap.kind == "status":
            self._answer(mishap.status, mishap.headers, b"busy" * 10, None)
        elif self.path in site.redirects:
            self._answer(302, {"Location": site.redirects[self.path]}, b"elsewhere", mishap)
        elif request.method == "HEAD" and not site.head:
            self._answer(405, {}, b"", None)
        elif self.path not in site.files:
            self._answer(404, {}, b"nothing here", mishap)
        else:
            self._send_file(site, request, site.files[self.path], mishap)

    do_HEAD = do_GET

    def _send_file(self, site: Site, request: Request, content: bytes, mishap: Mishap | None) -> None:
        etag = f'"{sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": etag} if site.etags else {}
        wanted = request.headers.get("if-match")
        if site.etags and site.conditions and wanted not in {None, etag}:
            self._answer(412, headers, b"", mishap)
        elif request.start is None or request.end is None or not site.ranges:
            self._answer(200, headers, content, mishap, length=site.lengths)
        elif request.start >= len(content):
            self._answer(416, headers | {"Content-Range": f"bytes */{len(content)}"}, b"", mishap)
        else:
            body = content[request.start : request.end][: site.most]
            total = len(content) if site.totals else "*"
            place = f"bytes {request.start}-{request.start + len(body) - 1}/{total}"
            self._answer(206, headers | {"Content-Range": place}, body, mishap)

    def _answer(
        self, status: int, headers: Mapping[str, str], body: bytes, mishap: Mishap | None, *, length: bool = True
    ) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length:
            self.send_header("Content-Length", str(len(body)))
        self.close_connection = not length
        self.end_headers()
        if self.command == "HEAD":
            return
        if mishap is None:
            self.wfile.write(body)
        else:
            self.wfile.write(body[: int(len(body) * mishap.sent)])
            self._break(mishap.kind)

    def _break(self, kind: str) -> None:
        """End the connection within an answer."""
        self.close_connection = True
        if kind == "stall":
            self.connection.recv(1)  # until the client has had enough
        elif kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # the client has gone, as it may
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the site keeps its own log."""


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    """Serve a site for the time of the block."""
    with _Server(site) as server:
        site.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
