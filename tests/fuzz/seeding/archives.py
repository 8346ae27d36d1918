"""Seeds of what reads archives and responses."""

from __future__ import annotations

import gzip
import zlib

import brotli
import zstandard

from tests.fuzz.seeding.samples import HTML, HTTP

_MODES = b"\0\0\0"  # what most harnesses choose by: the first of each option


def warc(*records: tuple[bytes, bytes], version: bytes = b"WARC/1.0", end: bytes = b"\r\n") -> bytes:
    """Records of a plain WARC: (type, block) each."""
    made = []
    for number, (kind, block) in enumerate(records):
        fields = (
            version,
            b"WARC-Type: " + kind,
            b"WARC-Target-URI: http://example.com/%d" % number,
            b"WARC-Date: 2024-05-01T10:20:30Z",
            b"WARC-Record-ID: <urn:test:%d>" % number,
            b"Content-Length: %d" % len(block),
        )
        made.append(end.join(fields) + 2 * end + block + 2 * end)
    return b"".join(made)


def arc() -> bytes:
    """An ARC of one page."""
    names = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
    first = b"filedesc://x.arc 0.0.0.0 20040101000000 text/plain %d\n%s\n" % (len(names), names)
    block = HTTP + HTML
    return first + b"http://example.com/ 192.0.2.1 20040405060708 text/html %d\n%s\n" % (len(block), block)


def archives() -> dict[str, bytes]:
    """Seeds of tests/fuzz/archives.py by name."""
    page, info, request = (
        (b"response", HTTP + HTML),
        (b"warcinfo", b"software: x\r\n"),
        (b"request", b"GET / HTTP/1.1\r\n\r\n"),
    )
    plain = warc(info, request, page)
    return {
        "plain": b"\0\0" + plain,
        "gzip-by-record": b"\1\0" + plain,
        "gzip-whole": b"\2\0" + plain,
        "zstd": b"\3\0" + plain,
        "gzip-in-pieces": b"\4\0" + plain,
        "damaged-in-one-place": b"\1\1\0\0\1\0\xff" + plain,
        "lines-end-in-lf": b"\0\0" + warc(page, page, end=b"\n"),
        "arc": b"\0\0" + arc(),
        "arc-gzip": b"\2\0" + arc(),
        "revisit-and-continuation": b"\0\0" + warc((b"revisit", HTTP), (b"continuation", b"x"), (b"resource", b"x")),
        "garbage-between": b"\0\0" + warc(page) + b"garbage\n" + warc(page),
        "length-is-no-number": b"\0\0" + warc(page).replace(b"Content-Length: ", b"Content-Length: x"),
        "ends-inside": b"\0\0" + plain[:-100],
        "versions-mixed": b"\0\0" + warc(page) + warc(page, version=b"WARC/1.1") + warc(page, version=b"WARC/0.17"),
    }


def splits() -> dict[str, bytes]:
    """Seeds of tests/fuzz/splits.py by name."""
    page = (b"response", HTTP + HTML)
    inside = (b"response", HTTP + gzip.compress(warc(page), 0, mtime=0))
    size = (300).to_bytes(4, "big")
    return {
        "of-three": size + b"\1\0" + warc(page, page, page),
        "archive-within": size + b"\1\0" + warc(page, inside, page),
        "archive-within-stored": size + b"\5\0" + warc(page, inside, page),
        "archive-within-stored-in-small-splits": (40).to_bytes(4, "big") + b"\5\0" + warc(inside, inside, page),
        "cut-at-will": size + b"\4\0" + warc(page, page),
        "damaged": size + b"\1\1\0\0\2\0\xff" + warc(page, page, page),
        "small": (1).to_bytes(4, "big") + b"\1\0" + warc(page, page),
    }


def codecs() -> dict[str, bytes]:
    """Seeds of tests/fuzz/codecs.py by name."""
    chunked = b"5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\n\r\n"
    return {
        "gzip": b"\1\0\0" + gzip.compress(HTML, mtime=0),
        "gzip-members": b"\1\0\0" + 3 * gzip.compress(b"x", mtime=0),
        "gzip-twice": b"\2\0\0\0" + gzip.compress(gzip.compress(HTML, mtime=0), mtime=0),
        "gzip-bomb": b"\1\0\0" + gzip.compress(bytes(1 << 20), mtime=0),
        "deflate": b"\1\1\0" + zlib.compress(HTML),
        "deflate-bare": b"\1\1\0" + zlib.compress(HTML)[2:-4],
        "brotli": b"\1\2\0" + brotli.compress(HTML),
        "zstd": b"\1\3\0" + zstandard.compress(HTML),
        "chunked": b"\1\4\0" + chunked,
        "honest": b"\1\2\1" + HTML,
        "text-that-claims": b"\1\0\0" + HTML,
    }


def headers() -> dict[str, bytes]:
    """Seeds of tests/fuzz/headers.py by name."""
    return {
        "warc": warc((b"response", b"x")),
        "continued": b"WARC/1.0\r\nWARC-Type: response\r\n X: y\r\nContent-Length: 12\r\n\r\n",
        "uri-in-brackets": b"WARC/1.1\nWARC-Target-URI: <http://e.com/ a>\nWARC-Type: a\nContent-Length: -1\n\n",
        "arc-1": b"http://e.com/a b 192.0.2.1 20040405060708 text/html 12\n",
        "arc-2": b"dns:e.com 192.0.2.1 20040405060708 text/plain 200 - - 0 x.arc 12\n",
    }


def responses() -> dict[str, bytes]:
    """Seeds of tests/fuzz/responses.py by name."""
    return {
        "html": _MODES[:2] + HTTP + HTML,
        "http-2": _MODES[:2] + b"HTTP/2 200\ncontent-type: text/html\n\n" + HTML,
        "gzip": _MODES[:2] + HTTP[:-2] + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(HTML, mtime=0),
        "chunked": _MODES[:2]
        + HTTP[:-2]
        + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML),
        "unlabelled": _MODES[:2] + b"HTTP/1.1 200 OK\r\n\r\n" + HTML,
        "short": _MODES[:2] + HTTP[:-2] + b"Content-Length: 9999\r\n\r\n<p>cut",
        "moved": _MODES[:2] + b"HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n",
        "truncated": b"\0\x0f" + HTTP + HTML,
        "holds-a-record": _MODES[:2] + HTTP + warc((b"response", HTTP + HTML)),
    }
