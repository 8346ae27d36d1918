"""A response as a crawler would archive it, true or lying."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass

HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)
_SENTENCE = (
    "the captain of the bridge and a letter in winter to that village it was for them with bread as his morning at "
    "market by the garden from which they were this summer road not but one silver harbour all their engine she had"
)
_WORDS = _SENTENCE.split()


@dataclass(frozen=True, slots=True)
class Response:
    """A response and the record around it."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = HTML
    uri: bytes = b"https://hostile.example/"
    date: bytes = b"2024-06-01T00:00:00Z"

    def record(self) -> bytes:
        """One gzip member that holds the record."""
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in self.headers)
        block = b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + self.body
        header = (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
            b"WARC-Target-URI: %s\r\nWARC-Date: %s\r\nContent-Type: application/http; msgtype=response\r\n"
            b"Content-Length: %d\r\n\r\n" % (self.uri, self.date, len(block))
        )
        return gzip.compress(header + block + b"\r\n\r\n", compresslevel=1, mtime=0)


# A page of about so many bytes (before any encoding), the same for the same state of the generator.
Make = Callable[[random.Random, int], Response]


def prose(rng: random.Random, words: int) -> str:
    """Sentences that an extractor takes for an article."""
    out = []
    for at in range(words):
        out.append(rng.choice(_WORDS) + (". " if at % 11 == 10 else " "))
    return "".join(out).strip()


def article(rng: random.Random, inner: str | bytes = "", *, head: str = "", words: int = 120) -> bytes:
    """An ordinary page with something else in its middle, and in its head."""
    paragraphs = [f"<p>{prose(rng, words)}.</p>".encode() for _ in range(4)]
    inside = inner.encode("utf-8", "surrogatepass") if isinstance(inner, str) else inner
    return b"".join(
        (
            b"<!DOCTYPE html><html><head><title>A page</title>",
            head.encode(),
            b"</head><body><article><h1>A page</h1>",
            *paragraphs[:2],
            inside,
            *paragraphs[2:],
            b"</article></body></html>",
        )
    )


def repeated(unit: str | bytes, size: int) -> bytes:
    """As many units as fit into `size` bytes, at least one."""
    data = unit.encode() if isinstance(unit, str) else unit
    return data * max(1, size // len(data))
