"""The header of one WARC or ARC record: where records begin, and what their header lines say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from transforms.read.fields import split_fields

# warcio's own ARC parser takes any line of five words for a record; this one wants a URI first, then any word for the
# address, a date of 12 to 20 digits and a last word for the length. ARC 2 has more fields before the length.
# The last word is split off first: with it, the pattern would take the square of the length of a line to refuse it.
_ARC_FRONT = re.compile(rb"([A-Za-z][A-Za-z0-9+.\-]*:\S.*?) \S+ (\d{12,20}) \S+(?: |\Z)", re.DOTALL)
_ARC_LENGTH = re.compile(rb"-?\w+")
_WARC_LINE = re.compile(rb"WARC/", re.IGNORECASE)
_BEFORE_EITHER = re.compile(rb"\n(?:[Ww][Aa][Rr][Cc]/|[A-Za-z][A-Za-z0-9+.\-]{0,31}:\S[^\n]* \d{12,20} )")
_WARC_HEAD = re.compile(rb"\nWARC/\d\.\d+[ \t]*\r?\n[A-Za-z][A-Za-z-]*:", re.IGNORECASE)
_LONG_LINE = 1 << 12  # of an ARC header
_WARC_PARSER = StatusAndHeadersParser(ArcWarcRecordLoader.WARC_TYPES)

USUAL = frozenset({b"WARC/1.0\r\n", b"WARC/1.1\r\n"})
"""First lines of nearly all records: what follows one may be taken by `plain_header`."""


class Format(Enum):
    """A format of records, known by the line that a record begins with."""

    WARC = "WARC"
    ARC = "ARC"
    EITHER = "WARC or ARC"  # before the first record of an archive was seen

    def begins(self, line: bytes) -> bool:
        """Whether a record begins with this line."""
        if self is Format.WARC:
            return _WARC_LINE.match(line) is not None
        if self is Format.ARC:
            return _arc_fields(line) is not None
        return Format.WARC.begins(line) or Format.ARC.begins(line)

    def search(self, data: bytes, start: int) -> int:
        """Where from `start` on a line break stands before a line that may begin a record; -1 if nowhere.

        Every line that does begin a record is found; of URI schemes, those of up to 32 letters.
        """
        if self is Format.WARC:
            return _find_warc(data, start)
        match = _BEFORE_EITHER.search(data, start)
        return match.start() if match else -1

    def find_header(self, data: bytes, stop: int) -> int:
        """Where before `stop` a record begins, to judge by its first line and in WARC the next; -1 if nowhere."""
        if self is Format.WARC:
            match = _WARC_HEAD.search(data)  # 9 ns a byte at the worst; line by line, 2 µs a line
            return match.start() + 1 if match and match.start() + 1 < stop else -1
        at = self.search(data, 0)
        while 0 <= at < stop - 1:
            line = data[at + 1 : at + 1 + _LONG_LINE].split(b"\n", 1)[0]
            if _WARC_HEAD.match(data, at) if Format.WARC.begins(line) else self.begins(line):
                return at + 1
            at = self.search(data, at + 1)
        return -1


def _find_warc(data: bytes, start: int) -> int:
    """As `Format.search`: an expression takes 20 ns a line break, and a bomb may inflate to nothing else."""
    step = 1 << 8
    while start < len(data):
        found = data[start : start + step + 5].lower().find(b"\nwarc/")
        if found >= 0:
            return start + found
        start, step = start + step, min(4 * step, 1 << 16)
    return -1


class Lines(Protocol):
    """What warcio's header parser reads from."""

    def readline(self) -> bytes:
        """The next line with its end, b"" when there is none."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a record says; "" for every field it does not have."""

    record_type: str  # in lower case; "arc_header" for the first record of an ARC, "response" for the others
    target_uri: str  # without angle brackets, spaces percent-encoded, as warcio gives it
    date: str
    record_id: str
    payload_digest: str
    block_digest: str
    identified_type: str  # WARC-Identified-Payload-Type
    truncated: str  # WARC-Truncated
    segment: str  # WARC-Segment-Number
    length: int  # bytes of the block as declared; 0 if the header has a problem
    problem: str  # why the block cannot be found, "" if it can


def parse_header(line: bytes, lines: Lines) -> Header:
    """The header that begins with `line` and continues in `lines`, which is left at the start of the block."""
    arc = None if Format.WARC.begins(line) else _arc_fields(line)
    return _arc_header(arc) if arc else _warc_header(line, lines)


def plain_header(lines: bytes) -> Header:
    """What `parse_header` makes of these lines behind one of `USUAL`, for a tenth. `fields.PLAIN` matches them."""
    first: dict[str, str] = {}
    for name, value in split_fields(lines.decode("ascii")):
        first.setdefault(name, value)
    return _warc_fields(lambda name: first.get(name, ""))


def _warc_header(line: bytes, lines: Lines) -> Header:
    try:
        fields: StatusAndHeaders = _WARC_PARSER.parse(lines, line)
    except StatusAndHeadersParserException:
        return _empty_header("unknown WARC version")
    return _warc_fields(lambda name: fields.get_header(name, ""))


def _warc_fields(get: Callable[[str], str]) -> Header:
    """`get`: the first value of a field, by its name in lower case."""
    length, problem = _length(get("content-length"))
    record_type = get("warc-type").strip().lower()
    return Header(
        record_type=record_type,
        target_uri=_uri(get("warc-target-uri")),
        date=get("warc-date"),
        record_id=get("warc-record-id"),
        payload_digest=get("warc-payload-digest"),
        block_digest=get("warc-block-digest"),
        identified_type=get("warc-identified-payload-type"),
        truncated=get("warc-truncated"),
        segment=get("warc-segment-number"),
        length=length,
        problem=problem or ("" if record_type else "no WARC-Type"),
    )


def _arc_fields(line: bytes) -> tuple[bytes, bytes, bytes] | None:
    """URI, date and length as written in the first line of an ARC record, None if it is none."""
    front, _, length = line.rstrip().rpartition(b" ")
    match = _ARC_FRONT.match(front) if _ARC_LENGTH.fullmatch(length) else None
    return (match.group(1), match.group(2), length) if match else None


def _arc_header(fields: tuple[bytes, bytes, bytes]) -> Header:
    uri, date, declared = (StatusAndHeadersParser.decode_header(field) for field in fields)
    length, problem = _length(declared)
    return Header(
        record_type="arc_header" if uri.startswith("filedesc:") else "response",
        target_uri=_uri(uri),
        date=date,
        record_id="",
        payload_digest="",
        block_digest="",
        identified_type="",
        truncated="",
        segment="",
        length=length,
        problem=problem,
    )


def _empty_header(problem: str) -> Header:
    return Header("", "", "", "", "", "", "", "", "", 0, problem)


def _length(declared: str) -> tuple[int, str]:
    digits = declared.strip()
    if not digits:
        return 0, "no Content-Length"
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):  # 10^18 bytes is more than any archive
        return 0, "the length is no number"
    return int(digits), ""


def _uri(value: str) -> str:
    value = value.strip()
    if value.startswith("<") and value.endswith(">"):  # Wget 1.14–1.19 writes WARC-Target-URI as <uri>
        value = value[1:-1]
    return value.replace(" ", "%20")
