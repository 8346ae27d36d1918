"""One record, one reason: every check, and their order."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.read.params import ReadParams
from transforms.read.response import dump_of
from transforms.rejection import Reason

if TYPE_CHECKING:
    from tests.read.conftest import Workshop

TEXT = [("Content-Type", "text/html")]
CASES: dict[str, tuple[Reason, dict[str, object]]] = {
    "revisit": (Reason.REVISIT, {"kind": "revisit"}),
    "continuation": (Reason.CONTINUATION, {"kind": "continuation", "warc": {"WARC-Segment-Number": "2"}}),
    "resource": (Reason.NOT_RESPONSE, {"kind": "resource"}),
    "conversion": (Reason.NOT_RESPONSE, {"kind": "conversion"}),
    "unknown type": (Reason.NOT_RESPONSE, {"kind": "novelty"}),
    "dns": (Reason.NOT_RESPONSE, {"uri": "dns:example.com"}),
    "cut by the crawler": (Reason.TRUNCATED, {"warc": {"WARC-Truncated": "length"}}),
    "first segment": (Reason.TRUNCATED, {"warc": {"WARC-Segment-Number": "1"}}),
    "redirect": (Reason.HTTP_STATUS, {"status": "301 Moved"}),
    "partial content": (Reason.HTTP_STATUS, {"status": "206 Partial Content"}),
    "no body": (Reason.EMPTY_BODY, {"body": b""}),
    "white space": (Reason.EMPTY_BODY, {"body": b"\r\n \t\n"}),
    "empty once decoded": (
        Reason.EMPTY_BODY,
        {"body": gzip.compress(b""), "http": [*TEXT, ("Content-Encoding", "gzip")]},
    ),
    "image": (Reason.NOT_HTML, {"http": [("Content-Type", "image/png")]}),
    "plain text": (Reason.NOT_HTML, {"http": [("Content-Type", "text/plain")]}),
    "pdf that calls itself html": (Reason.NOT_HTML, {"warc": {"WARC-Identified-Payload-Type": "application/pdf"}}),
    "pdf that its server calls html": (Reason.NOT_HTML, {"body": b"%PDF-1.7\n<html>"}),
    "archive that its server calls html": (Reason.NOT_HTML, {"body": b"PK\x03\x04\x14\x00 <html>"}),
    "unlabelled binary": (Reason.NOT_HTML, {"http": [], "body": b"\x89PNG\r\n\x1a\n"}),
    "unlabelled text": (Reason.NOT_HTML, {"http": [], "body": b"Dear <b>reader</b>"}),
    "broken gzip": (
        Reason.BAD_ENCODING,
        {"body": b"\x1f\x8b\x08" + b"\x00\xff" * 40, "http": [*TEXT, ("Content-Encoding", "gzip")]},
    ),
    "connection lost": (Reason.TRUNCATED, {"http": [*TEXT, ("Content-Length", "9999")], "body": b"<html><p>half"}),
}


@pytest.mark.parametrize("name", CASES)
def test_each_defect_has_its_reason(make: Workshop, name: str) -> None:
    reason, fields = CASES[name]
    result = make.read(make.record(**fields) + make.record())  # type: ignore[arg-type]
    assert result.outcome == [reason.value, "page"]
    assert 0 < len(result.rejected[0].rejection.detail) <= 300


@pytest.mark.parametrize(
    "fields",
    [
        {"http": [("content-type", "TEXT/HTML; charset=utf-8")]},
        {"http": [("Content-Type", "application/xhtml+xml")]},
        {"http": []},
        {"http": [("Content-Type", "application/octet-stream")]},
        {"http": [("Content-Type", "text/plain")], "warc": {"WARC-Identified-Payload-Type": "text/html"}},
        {"warc": {"WARC-Identified-Payload-Type": "text/plain"}},
        {"uri": "HTTPS://EXAMPLE.COM/"},
        {"uri": "<http://example.com/>"},
        {"http": [*TEXT, ("Content-Length", "9999")]},
        {"status": "200"},
    ],
)
def test_html_is_a_page_however_it_is_labelled(make: Workshop, fields: dict[str, object]) -> None:
    assert make.read(make.record(**fields)).outcome == ["page"]  # type: ignore[arg-type]


def test_the_first_check_that_fails_gives_the_reason(make: Workshop) -> None:
    """Each record has all the defects that come after its own."""
    small = ReadParams(max_record_bytes=1 << 10)
    image = [("Content-Type", "image/png"), ("Content-Encoding", "gzip"), ("Content-Length", "9999")]
    big = b"\x00" * 2000
    ordered = [
        make.record(big, kind="revisit", status="404 No", http=image, warc={"WARC-Truncated": "time"}),
        make.record(big, status="404 No", http=image, warc={"WARC-Truncated": "time"}),
        make.record(big, status="404 No", http=image),
        make.record(b"", status="404 No", http=image),
        make.record(b"", http=image),
        make.record(b"\x1f\x8b\x08\xff\xff", http=image),
        make.record(b"\x1f\x8b\x08\xff\xff", http=[*TEXT, *image[1:]]),
    ]
    assert make.read(b"".join(ordered), small).reasons == [
        Reason.REVISIT,
        Reason.TRUNCATED,
        Reason.OVERSIZED,
        Reason.HTTP_STATUS,
        Reason.EMPTY_BODY,
        Reason.NOT_HTML,
        Reason.BAD_ENCODING,
    ]


@pytest.mark.parametrize(
    "block", [b"", b"<html>", b"ICY 200 OK\r\n\r\n", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 2000 x\r\n\r\n"]
)
def test_a_response_without_a_status_line_is_bad_http(make: Workshop, block: bytes) -> None:
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://e.com/\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    )
    assert make.read(record % (len(block), block)).reasons == [Reason.BAD_HTTP]


def test_http_headers_above_the_limit_are_bad_http(make: Workshop) -> None:
    params = ReadParams(max_header_bytes=2048)
    fits, over = make.record(http=[*TEXT, ("X", "y" * 1500)]), make.record(http=[*TEXT, ("X", "y" * 2500)])
    assert make.read(fits + over + fits, params).outcome == ["page", "bad_http", "page"]


def test_what_is_larger_than_allowed_is_oversized(make: Workshop) -> None:
    params = ReadParams(max_record_bytes=2048, max_body_bytes=4096)
    packed = [*TEXT, ("Content-Encoding", "gzip")]
    records = [
        make.record(b"<html>" + b"x" * 1500),
        make.record(b"<html>" + b"x" * 2100),
        make.record(gzip.compress(b"<html>" + b"x" * 4090), http=packed),
        make.record(gzip.compress(b"<html>" + b"x" * 4091), http=packed),
    ]
    assert make.read(b"".join(records), params).outcome == ["page", "oversized", "page", "oversized"]


def test_a_page_carries_what_its_record_says(make: Workshop) -> None:
    record = make.record(
        uri="http://example.com/a b",
        http=[("Content-Type", 'Text/HTML; Charset="ISO-8859-1"'), ("X-Thing", "1"), ("x-thing", "2")],
        warc={"WARC-Payload-Digest": "sha1:" + "A" * 32},
        version="1.1",
    )
    page = make.read(record).pages[0]
    assert page.origin.file_path == "/in/x.warc.gz"
    assert page.origin.warc_file == "x.warc.gz"
    assert page.origin.record_type == "response"
    assert page.origin.record_id.startswith("<urn:test:")
    assert page.origin.target_uri == "http://example.com/a%20b"
    assert page.date == "2024-05-01T10:20:30Z"
    assert page.payload_digest == "sha1:" + "A" * 32
    assert page.headers[1:] == (("x-thing", "1"), ("x-thing", "2"))
    assert (page.content_type, page.charset, page.dump) == ("text/html", "iso-8859-1", "")


def test_the_dump_is_read_from_the_path() -> None:
    path = "s3://commoncrawl/crawl-data/CC-MAIN-2024-18/segments/1/warc/CC-MAIN-20240412101354-20240412131354-00000.warc.gz"
    assert dump_of(path) == "CC-MAIN-2024-18"
    assert dump_of("/data/CC-MAIN-20240412101354-00000.warc.gz") == ""
    assert dump_of("/data/CC-MAIN-2009-2010/x.arc.gz") == ""
    assert dump_of("/data/CC-MAIN-2024-77.warc.gz") == ""


def test_params_out_of_range_are_all_told() -> None:
    assert ReadParams().problems() == []
    problems = ReadParams(max_record_bytes=0, max_body_bytes=-1, max_header_bytes=1 << 40).problems()
    assert [problem.split(" ")[0] for problem in problems] == [
        "read.max_record_bytes",
        "read.max_body_bytes",
        "read.max_header_bytes",
    ]


@settings(deadline=None, max_examples=200)
@given(
    status=st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.1", b"", b"HTTP/1.0 200"]),
    lines=st.lists(
        st.binary(max_size=30) | st.sampled_from([b"Content-Type: text/html", b"Content-Length: 9"]), max_size=5
    ),
    field=st.binary(max_size=30),
)
def test_no_header_raises(make: Workshop, status: bytes, lines: list[bytes], field: bytes) -> None:
    block = b"\r\n".join([status, *lines, b"", b"<html>"])
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://e.com/\r\nWARC-Date: %s\r\nContent-Length: %d"
    result = make.read(head % (field, len(block)) + b"\r\n\r\n" + block + b"\r\n\r\n")
    assert result.items
    assert all(len(item.rejection.detail) <= 300 for item in result.rejected)
