"""Ranges of an object on a web server, in one piece whatever happens on the way.

A range that breaks off is asked for again from the byte it had. Each answer must be of the version that the first one
was of: an object that changes while it is read is an error, never a mixture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

import urllib3

from transforms.read.exchange import Exchange
from transforms.read.patience import Fault, MissingError, Patience, WebError

_CONTENT_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18})", re.IGNORECASE | re.ASCII)
_LEAST = 1 << 16  # bytes: an answer with fewer than this and than were asked for is a fault, not a server's way
MAX_WHOLE = 2 << 30  # bytes of an object that is fetched whole, to disk, from a server without ranges


class UnrangedError(Exception):
    """The server sends the whole object whatever range is asked for."""


@dataclass(frozen=True, slots=True)
class Version:
    """What tells two states of an object apart; "" for what the server does not say."""

    size: int  # bytes
    etag: str
    modified: str  # Last-Modified, as written

    def difference(self, other: Version) -> str | None:
        """How `other` shows that the object has changed, None if nothing does."""
        if self.size != other.size:
            return f"{self.size} bytes then, {other.size} now"
        if self.etag and other.etag:
            same = self.etag.removeprefix("W/") == other.etag.removeprefix("W/")
            return None if same else f"ETag {self.etag[:80]!r} then, {other.etag[:80]!r} now"
        if self.modified and other.modified and self.modified != other.modified:
            return f"modified {self.modified[:40]!r} then, {other.modified[:40]!r} now"
        return None


class WebFile:
    """One object. Its version is that of the first answer."""

    def __init__(self, url: str, exchange: Exchange) -> None:
        self.url = url
        self.ranged = True  # until the server ignores a range
        self._version: Version | None = None
        self._exchange = exchange
        self._patience = Patience(exchange.params.attempts, exchange.params.backoff, exchange.clock)

    @property
    def known(self) -> Version | None:
        """The version, if any answer has come yet."""
        return self._version

    def describe(self) -> Version:
        """The version; asks by HEAD if none is known, and for the first byte where HEAD is refused."""
        if self._version is None:
            self._patience.persist(self._head, address=self.url)
        if self._version is None:
            self.fetch(0, 1)
        if self._version is None:
            raise self._error("the server does not say how large it is; download it first")
        return self._version

    def _head(self) -> None:
        with self._exchange.ask("HEAD", self.url, {}) as answer:
            if answer.status in {404, 410}:
                raise self._refusal(answer.status)
            length = _number(answer.headers.get("Content-Length"))
            if answer.status == 200 and length is not None:
                self._learn(length, answer)

    def fetch(self, start: int, size: int) -> bytes:
        """Bytes from `start` on, fewer than `size` at the end of the object or where the server gives less at a time.

        None only at the end. Holds at most `size` bytes, or for a server without ranges the beginning of the object.

        Raises:
            UnrangedError: the range is not the beginning, and the server sends the whole object.
            WebError: with the address and the cure.
        """
        transfer = _Transfer(start, size)
        self._patience.persist(lambda: self._continue(transfer), address=self.url)
        return bytes(transfer.data)

    def _continue(self, transfer: _Transfer) -> None:
        """One request for what is still missing."""
        if not self.ranged:
            transfer.data.clear()
        at = transfer.start + len(transfer.data)
        headers = {"Range": f"bytes={at}-{transfer.start + transfer.size - 1}"}
        if self._version and self._version.etag.startswith('"'):  # weak ones never match (RFC 9110 § 13.1.1)
            headers["If-Match"] = self._version.etag
        with self._exchange.ask("GET", self.url, headers) as answer:
            if answer.status == 206:
                self._take_range(answer, transfer, at)
            elif answer.status == 416:
                self._take_nothing(answer, at)
            elif answer.status == 200:
                self._take_beginning(answer, transfer)
            else:
                raise self._refusal(answer.status)

    def _take_range(self, answer: urllib3.BaseHTTPResponse, transfer: _Transfer, at: int) -> None:
        match = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
        if match is None or match[1] is None:
            raise self._error("the server does not say which range of how much it sends; download it first")
        first, last, total = (int(match[group]) for group in (1, 2, 3))
        self._learn(total, answer)
        wanted = min(transfer.start + transfer.size, total) - at
        given = last - first + 1
        if first != at or not 0 < given <= wanted:
            raise Fault(f"the server sends bytes {first} to {last} where {wanted} from {at} on were asked for")
        self._take(answer, transfer, given)
        if given < min(wanted, _LEAST):
            raise Fault(f"the server sends {given} bytes where {wanted} were asked for")

    def _take_nothing(self, answer: urllib3.BaseHTTPResponse, at: int) -> None:
        match = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
        if match is None:
            raise self._error("the server has no such range, and does not say how large it is; download it first")
        self._learn(int(match[3]), answer)
        if at < int(match[3]):
            raise Fault("the server denies a range that it has")

    def _take_beginning(self, answer: urllib3.BaseHTTPResponse, transfer: _Transfer) -> None:
        length = self._learn_whole(answer)
        self.ranged = False
        if transfer.start:
            raise UnrangedError
        transfer.data.clear()
        self._take(answer, transfer, min(length, transfer.size))

    def _take(self, answer: urllib3.BaseHTTPResponse, transfer: _Transfer, size: int) -> None:
        for piece in self._exchange.body(answer, size):
            transfer.data += piece

    def download(self, sink: BinaryIO) -> None:
        """Write the whole object into a seekable file; begins anew where it breaks off. For servers without ranges.

        Raises:
            WebError: as for `fetch`, and for an object above MAX_WHOLE.
        """
        self._patience.persist(lambda: self._download(sink), address=self.url)

    def _download(self, sink: BinaryIO) -> None:
        with self._exchange.ask("GET", self.url, {}) as answer:
            if answer.status != 200:
                raise self._refusal(answer.status)
            size = self._learn_whole(answer)
            if size > MAX_WHOLE:
                raise self._error(f"the server serves no ranges, and {size} bytes are too many; download it first")
            sink.seek(0)
            sink.truncate()
            for piece in self._exchange.body(answer, size):
                sink.write(piece)

    def _learn_whole(self, answer: urllib3.BaseHTTPResponse) -> int:
        """Note the version of an answer that is the whole object; returns its size."""
        length = _number(answer.headers.get("Content-Length"))
        if length is None:  # a connection that breaks would then look like the end
            raise self._error("the server does not say how large it is; download it first")
        self._learn(length, answer)
        return length

    def _learn(self, size: int, answer: urllib3.BaseHTTPResponse) -> None:
        headers = answer.headers
        seen = Version(size, headers.get("ETag", "").strip(), headers.get("Last-Modified", "").strip())
        limit = self._exchange.params.max_bytes
        if size > limit:
            raise self._error(f"it has {size} bytes, more than --http_max_bytes={limit} allows; raise that, after `--`")
        changed = self._version and self._version.difference(seen)
        if changed:
            raise self._error(f"it was changed while it was read ({changed}); read it again once it stays as it is")
        self._version = self._version or seen

    def _refusal(self, status: int) -> WebError:
        if status == 412:
            return self._error("it was changed while it was read; read it again once it stays as it is")
        if status in {404, 410}:
            return MissingError(f"cannot read {self.url!r}: the server has no such file (HTTP {status}); check it")
        if status in {401, 403}:
            return self._error(f"the server refuses it (HTTP {status}); check the address, or wait if it blocks you")
        return self._error(f"the server answers HTTP {status}; check the address")

    def _error(self, what: str) -> WebError:
        return WebError(f"cannot read {self.url!r}: {what}")


@dataclass(slots=True)
class _Transfer:
    """A range on its way, and what has come of it."""

    start: int
    size: int
    data: bytearray = field(default_factory=bytearray)


def _number(value: str | None) -> int | None:
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
