"""The example web: one server, on several loopback addresses where the system has them."""

from __future__ import annotations

import errno
import gzip
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from threading import Thread

from examples.addresses import Response

HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
"""All loopback on Linux; elsewhere only the first may exist, and then it stands for all."""

PORT = 8517
"""Preferred, so that the addresses of the pages are the same on every run; a free port if it is taken. No meaning."""

_CHUNK = 4096


class _Server(TCPServer):
    """A TCPServer, not an HTTPServer: that one looks its own name up, which is slow where there is no resolver."""

    allow_reuse_address = True

    def __init__(self, host: str, port: int, routes: Mapping[str, Response]) -> None:
        self.routes = routes
        super().__init__((host, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        response = self.server.routes.get(self.path, Response(404, (), b""))
        body = gzip.compress(response.body, mtime=0) if response.gzip else response.body
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.gzip:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Connection", "close")
        self._send_chunked(body) if response.chunked else self._send_whole(body)

    def _send_whole(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_chunked(self, body: bytes) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(body), _CHUNK):
            chunk = body[start : start + _CHUNK]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the crawl is the log."""


@contextmanager
def serve(routes: Mapping[str, Response], hosts: Sequence[str] = HOSTS) -> Iterator[tuple[Sequence[str], int]]:
    """Serve `routes` (path → response) for the time of the block; gives what stands for each host, and the port."""
    try:
        servers = _bind(routes, hosts, PORT)
    except OSError:
        servers = _bind(routes, hosts, 0)
    threads = [Thread(target=server.serve_forever, args=(0.02,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        bound = [str(server.server_address[0]) for server in servers]
        yield bound + bound[:1] * (len(hosts) - len(bound)), servers[0].server_address[1]
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


def _bind(routes: Mapping[str, Response], hosts: Sequence[str], port: int) -> list[_Server]:
    """A server on each host, all on one port; only the first where the system has no other loopback address."""
    servers = [_Server(hosts[0], port, routes)]
    try:
        for host in hosts[1:]:
            servers.append(_Server(host, servers[0].server_address[1], routes))
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return servers
        for server in servers:
            server.server_close()
        raise
    return servers
