"""Judging one record: the page it holds, or the reason why it holds none.

The order of the checks is fixed, so that a record has one reason, the same in every version of a run:

1. faults of the archive            CORRUPT_RECORD, TRUNCATED (whatever the type: the tail of a cut archive is told)
2. the type of the record           passed over, REVISIT, CONTINUATION, NOT_RESPONSE (also a URI that is not http)
3. what the crawler declares        TRUNCATED (WARC-Truncated, or the first segment of a segmented record)
4. the size as archived             OVERSIZED
5. the HTTP header                  BAD_HTTP, HTTP_STATUS
6. the payload as archived          EMPTY_BODY
7. the declared type                NOT_HTML
8. the payload cut in transit       TRUNCATED (shorter than the HTTP Content-Length, no encoding, no end tag)
9. the encodings                    BAD_ENCODING, OVERSIZED
10. the body                        EMPTY_BODY, NOT_HTML (it begins as a binary format; or no type was declared, and it
                                    does not begin as HTML)
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from warcio.statusandheaders import StatusAndHeadersParser

from transforms.read import media
from transforms.read.dates import utc_seconds
from transforms.read.digest import payload_digest
from transforms.read.encoding import declared_codings, decode_body
from transforms.read.fields import PLAIN, split_fields
from transforms.read.params import ReadParams
from transforms.read.record import Record
from transforms.records import Origin, Page
from transforms.rejection import Reason, Rejection

COUNTED = frozenset({"warcinfo", "request", "metadata", "arc_header"})  # types that hold no payload of a page

_DUMP = re.compile(r"CC-MAIN-\d{4}-(?:0[1-9]|[1-4]\d|5[0-3])(?!\d)")
_HTTP_PARSER = StatusAndHeadersParser([], verify=False)  # "HTTP/2 200" is written too: the protocol is checked here
_STATUS = re.compile(r"([1-9]\d\d)(?!\d)", re.ASCII)
_SHOWN = re.compile(rb"[^ \t\r\n\x00]")


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is only counted: it is there to describe others."""

    record_type: str


@dataclass(frozen=True, slots=True)
class _Http:
    status: str  # three digits
    headers: tuple[tuple[str, str], ...]  # names in lower case
    payload: bytes

    def value(self, name: str) -> str:
        """The first header of this name, "" if there is none."""
        return next((value for key, value in self.headers if key == name), "")


def dump_of(file_path: str) -> str:
    """The Common Crawl snapshot that a path names, "" if it names none; the last one if it names several.

    From the path only: a warcinfo record may name it too, but only the first split of an archive would see that.
    """
    found = _DUMP.findall(file_path)
    return found[-1] if found else ""


def judge(record: Record, origin: Origin, params: ReadParams) -> Page | Passed | Rejection:
    """The page in a record, or why there is none; `Passed` for records that describe others."""
    refusal = record.fault or _refuse_type(record)
    if refusal is not None:
        return refusal
    if record.header.record_type in COUNTED:
        return Passed(record.header.record_type)
    refusal = _refuse_declared(record, params)
    if refusal is not None:
        return refusal
    http = _parse_http(record.block, params.max_header_bytes)
    return http if isinstance(http, Rejection) else _page(http, record, origin, params)


def _refuse_type(record: Record) -> Rejection | None:
    header = record.header
    if header.record_type == "response":
        return _refuse_uri(header.target_uri)
    if header.record_type in COUNTED:
        return None
    if header.record_type == "revisit":
        return Rejection(Reason.REVISIT, "the payload is in an earlier record")
    if header.record_type == "continuation":
        return Rejection(Reason.CONTINUATION, f"segment {header.segment[:20] or '?'}")
    return Rejection(Reason.NOT_RESPONSE, f"record type {header.record_type[:40]!r}")


def _refuse_uri(target_uri: str) -> Rejection | None:
    if not target_uri:
        return Rejection(Reason.CORRUPT_RECORD, "a response without WARC-Target-URI")
    if target_uri.lower().startswith(("http:", "https:")):
        return None
    return Rejection(Reason.NOT_RESPONSE, f"a response to {target_uri.split(':', 1)[0][:20]!r}, not to http")


def _refuse_declared(record: Record, params: ReadParams) -> Rejection | None:
    header = record.header
    if header.truncated:
        return Rejection(Reason.TRUNCATED, f"WARC-Truncated: {header.truncated[:40]!r}")
    if header.segment:
        return Rejection(Reason.TRUNCATED, f"segment {header.segment[:20]!r} of a segmented record")
    if header.length > params.max_record_bytes:
        return Rejection(Reason.OVERSIZED, f"a record of {header.length} bytes, the limit is {params.max_record_bytes}")
    return None


def _parse_http(block: bytes, limit: int) -> _Http | Rejection:
    plain = PLAIN.match(block, 0, limit - 1)
    if plain is None:
        return _parse_lines(block, limit)
    status_line, _, lines = plain[0].decode("ascii").partition("\r\n")
    protocol, _, status = status_line.partition(" ")
    return _with_status(protocol, status, tuple(split_fields(lines)), block[plain.end() :])


def _parse_lines(block: bytes, limit: int) -> _Http | Rejection:
    """A header that has lines of any kind."""
    stream = io.BytesIO(block[:limit])
    try:
        parsed = _HTTP_PARSER.parse(stream)
    except EOFError:
        return Rejection(Reason.BAD_HTTP, "an empty response")
    headers = tuple((name.strip().lower(), value) for name, value in parsed.headers)
    http = _with_status(parsed.protocol, parsed.statusline, headers, block[stream.tell() :])
    if isinstance(http, _Http) and stream.tell() == limit and len(block) > limit:
        return Rejection(Reason.BAD_HTTP, f"HTTP headers larger than {limit} bytes")
    return http


def _with_status(
    protocol: str, status_line: str, headers: tuple[tuple[str, str], ...], payload: bytes
) -> _Http | Rejection:
    """`status_line`: what follows the protocol."""
    status = _STATUS.match(status_line.strip())
    if not protocol.upper().startswith("HTTP/") or status is None:
        return Rejection(Reason.BAD_HTTP, "the response does not begin with an HTTP status line")
    return _Http(status.group(1), headers, payload)


def _page(http: _Http, record: Record, origin: Origin, params: ReadParams) -> Page | Rejection:
    declared = media.media_type(http.value("content-type"))
    html = media.declared_html(declared, media.media_type(record.header.identified_type))
    refusal = _refuse_http(http, declared, html=html)
    body = refusal or _body(http, params)
    if isinstance(body, Rejection):
        return body
    refusal = _refuse_body(body, declared, html=html)
    if refusal is not None:
        return refusal
    return Page(
        origin=origin,
        date=utc_seconds(record.header.date),
        payload_digest=payload_digest(record.header.payload_digest, http.payload),
        headers=http.headers,
        content_type=declared,
        charset=media.charset(http.value("content-type")),
        dump=dump_of(origin.file_path),
        body=body,
    )


def _refuse_http(http: _Http, declared: str, *, html: bool | None) -> Rejection | None:
    if http.status != "200":
        return Rejection(Reason.HTTP_STATUS, f"HTTP status {http.status}")
    if not http.payload:
        return Rejection(Reason.EMPTY_BODY, "no payload")
    if html is False:
        return Rejection(Reason.NOT_HTML, f"content type {declared!r}")
    return None


def _refuse_body(body: bytes, declared: str, *, html: bool | None) -> Rejection | None:
    if _SHOWN.search(body) is None:
        return Rejection(Reason.EMPTY_BODY, "nothing but white space")
    if binary := media.binary_format(body):
        return Rejection(Reason.NOT_HTML, f"content type {declared!r}, but the body begins as {binary}")
    if html is None and not media.looks_like_html(body):
        return Rejection(
            Reason.NOT_HTML, f"content type {declared!r} says nothing, and the body does not begin as HTML"
        )
    return None


def _body(http: _Http, params: ReadParams) -> bytes | Rejection:
    codings = declared_codings(http.headers)
    announced = http.value("content-length").strip()
    if not codings and announced.isdecimal() and announced.isascii() and len(announced) <= 18:
        short = len(http.payload) < int(announced)
        if short and not media.ends_like_html(http.payload):
            return Rejection(Reason.TRUNCATED, f"{len(http.payload)} of {announced} bytes of body")
    return decode_body(http.payload, codings, limit=params.max_body_bytes)
