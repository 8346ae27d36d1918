"""Connections on which no step of an answer takes longer than their timeout, however steadily bytes come.

A socket's timeout is about silence. A server that sends a byte of its headers now and then, or "100 Continue" for
ever (http.client waits on through those), is never silent and never done.
"""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Timed(io.RawIOBase):
    """What comes from a socket, until the deadline."""

    def __init__(self, stream: io.RawIOBase, sock: socket.socket) -> None:
        self._stream = stream
        self._sock = sock
        self._limit = sock.gettimeout()  # seconds, of silence and of a whole step
        self._deadline = 0.0

    def begin_step(self) -> None:
        """Give what is read from now on the whole time."""
        self._deadline = time.monotonic() + (self._limit or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        """Raises TimeoutError behind the deadline."""
        if self._limit is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the deadline has passed")
            self._sock.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer with two kinds of steps: all up to the end of the headers, and one piece of the body.

    A piece is a step too, for between two pieces of a chunked body there may be lines without end.
    """

    def __init__(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None) -> None:
        super().__init__(sock, debuglevel, method)
        self._timed = _Timed(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._timed)

    def begin(self) -> None:
        self._timed.begin_step()
        super().begin()

    def read1(self, n: int = -1) -> bytes:
        self._timed.begin_step()
        return super().read1(n)


class _Connection(HTTPConnection):
    response_class = _Answer


class _TlsConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TlsPool}  # by scheme, for urllib3.PoolManager
