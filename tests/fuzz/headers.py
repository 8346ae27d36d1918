"""The header lines of a record: a format that is recognised by its first line, and fields that never raise."""

from __future__ import annotations

import io

from transforms.read.header import Format, Header, parse_header

_SCHEME = 32  # letters of a URI scheme that are looked for, see Format.search


def check(data: bytes) -> None:
    """Parse them, and look for lines that begin a record."""
    lines = io.BytesIO(data)
    line = lines.readline()
    for known in Format:
        begins = known.begins(line) and line.find(b":") <= _SCHEME
        assert not begins or known.search(b"\n" + data, 0) == 0, "a line that begins a record is passed over"
        found = known.search(data, 0)
        assert -1 <= found < len(data)
        assert found < 0 or data[found : found + 1] == b"\n"
    if Format.EITHER.begins(line):
        _check_header(parse_header(line, lines))


def _check_header(header: Header) -> None:
    assert header.length >= 0
    assert header.record_type == header.record_type.lower().strip()
    assert not header.problem or header.length == 0 or header.problem == "no WARC-Type"
    for text in (header.target_uri, header.record_id, header.date, header.payload_digest, header.identified_type):
        text.encode()
