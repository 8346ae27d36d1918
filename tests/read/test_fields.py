"""Header lines taken in one look are what they are line by line."""

from __future__ import annotations

import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.read.fields import PLAIN
from transforms.read.header import USUAL, parse_header, plain_header
from transforms.read.response import _parse_http, _parse_lines

PIECES = [
    "Content-Length",
    "WARC-Type",
    "WARC-Target-URI",
    "response",
    "<http://e.com/a b>",
    ":",
    ": ",
    " ",
    "\t",
    "12",
]
LINES = st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join), max_size=5)
STATUS = st.sampled_from(
    ["HTTP/1.1 200 OK", "HTTP/2 301", "http/1.0  404 x", "HTTP/1.1 ", "ICY 200", "HTTP/1.1 2000", "x"]
)


def written(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("ascii")


@settings(deadline=None)
@given(LINES, st.sampled_from(sorted(USUAL)))
@example(["WARC-Type: response", "Content-Length: 5", "content-length: 6", "no field", ": x"], b"WARC/1.0\r\n")
def test_a_plain_header_is_parsed_as_line_by_line(lines: list[str], first: bytes) -> None:
    head = written(lines)
    match = PLAIN.match(head)
    if match is not None:
        stream = io.BytesIO(head + b"block: x\r\n\r\n")
        assert plain_header(match[0]) == parse_header(first, stream)
        assert stream.tell() == match.end()


@settings(deadline=None)
@given(STATUS, LINES, st.sampled_from([b"", b"<html>", b"a: b\r\n\r\n"]), st.integers(-2, 2))
@example("HTTP/1.1 200 OK", ["Content-Type: text/html", "x:y:z "], b"<p>", 0)
def test_an_http_header_is_parsed_as_line_by_line(status: str, lines: list[str], body: bytes, spare: int) -> None:
    head = written([status, *lines])
    for limit in (len(head) + spare, 1 << 10):
        assert _parse_http(head + body, limit) == _parse_lines(head + body, limit)


def test_only_lines_that_end_as_they_should_and_continue_none_are_plain() -> None:
    assert PLAIN.match(b"a: b\r\nc\r\n\r\nd: e\r\n\r\n")[0] == b"a: b\r\nc\r\n\r\n"  # type: ignore[index]
    for head in (b"\r\n", b"a: b\r\n", b"a: b\n\r\n", b"a: b\r\n c\r\n\r\n", b"a: \xe9\r\n\r\n", b"a: b\x0c\r\n\r\n"):
        assert PLAIN.match(head) is None
