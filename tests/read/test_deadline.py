"""Servers that are never silent and never done do not hold a reader."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

from transforms.read.exchange import Exchange, HttpParams
from transforms.read.patience import Clock, WebError
from transforms.read.ranges import WebFile

_DRIPS, _PAUSE = 200, 0.02  # so a reader without a deadline is held for four seconds an attempt, then cut off
_OK = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\n"


@contextmanager
def dripping(begin: bytes, drip: bytes) -> Iterator[tuple[str, list[int]]]:
    """A server that answers each request with a beginning and then drips; its address, and a port a connection."""
    done, ports = Event(), list[int]()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the client goes when it has had enough
            connection.recv(65536)
            connection.sendall(begin)
            for _ in range(_DRIPS):
                if done.wait(_PAUSE):
                    return
                connection.sendall(drip)

    def listen(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, (_, port) = server.accept()
                ports.append(port)
                Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=listen, args=(server,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/a", ports
        finally:
            done.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def fetch(url: str) -> bytes:
    clock = Clock(sleep=lambda _: None)
    return WebFile(url, Exchange(HttpParams(attempts=2, timeout=0.3), clock)).fetch(0, 10)


@pytest.mark.parametrize(
    ("begin", "drip"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX-Name: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Name: x\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "header", "headers", "100 Continue"],
)
def test_headers_that_drip_are_given_up_after_the_timeout_of_each_attempt(begin: bytes, drip: bytes) -> None:
    with dripping(begin, drip) as (url, ports):
        with pytest.raises(WebError, match=r"no answer within 0\.3 s .*after 2 attempts"):
            fetch(url)
        assert len(ports) == 2


@pytest.mark.parametrize(
    ("begin", "drip"), [(b"5;", b"x"), (b"0\r\n", b"X-Trailer: x\r\n")], ids=["chunk extension", "trailers"]
)
def test_lines_between_chunks_that_drip_are_given_up_too(begin: bytes, drip: bytes) -> None:
    with dripping(_OK + b"Transfer-Encoding: chunked\r\n\r\n" + begin, drip) as (url, ports):
        with pytest.raises(WebError, match=r"the server fell silent or drips .*after 2 attempts"):
            fetch(url)
        assert len(ports) == 2


def test_an_answer_in_many_pieces_within_the_time_is_read() -> None:
    body = (
        b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(b"1\r\n%d\r\n" % digit for digit in range(10)) + b"0\r\n\r\n"
    )
    with dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + _OK + body, b"") as (url, _):
        assert fetch(url) == b"0123456789"
