"""Records by the places that rows name."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import pytest

from tests.read.conftest import Workshop
from transforms.read.lookup import look_up, page_of, payload_digests
from transforms.read.params import ReadParams
from transforms.records import Page

PARAMS = ReadParams()


def archive(make: Workshop, pack: Callable[[Workshop, list[bytes]], bytes]) -> bytes:
    """Five pages behind a warcinfo record."""
    pages = [make.record(b"<html><p>page %d" % n * 50, uri=f"http://example.com/{n}") for n in range(5)]
    return pack(make, [make.warcinfo(), *pages])


PACKED = [
    pytest.param(lambda make, records: make.members(records), id="a gzip member a record"),
    pytest.param(lambda make, records: b"".join(records), id="not compressed"),
    pytest.param(lambda make, records: gzip.compress(b"".join(records)), id="one gzip stream"),
    pytest.param(lambda make, records: make.members([b"".join(records[:3]), *records[3:]]), id="members of several"),
]


@pytest.mark.parametrize("pack", PACKED)
def test_every_page_is_found_where_reading_the_archive_put_it(
    make: Workshop, pack: Callable[[Workshop, list[bytes]], bytes]
) -> None:
    data = archive(make, pack)
    pages = [item for item in make.read(data).items if isinstance(item, Page)]
    assert len(pages) == 5
    for page in pages:
        [record] = look_up(io.BytesIO(data), {page.origin.record_offset}, PARAMS)
        assert page_of(record, page.origin, PARAMS) == page
    wanted = {page.origin.record_offset for page in pages}
    assert {record.offset for record in look_up(io.BytesIO(data), wanted, PARAMS)} == wanted


@pytest.mark.parametrize("pack", PACKED)
def test_where_no_record_begins_there_is_none(make: Workshop, pack: Callable[[Workshop, list[bytes]], bytes]) -> None:
    data = archive(make, pack)
    places = {item.origin.record_offset for item in make.read(data).items if isinstance(item, Page)}
    others = {place + 100_000 for place in places} | {len(data) - 1}
    assert list(look_up(io.BytesIO(data), others, PARAMS)) == []


def test_no_more_is_read_than_the_members_that_are_asked_for(make: Workshop) -> None:
    data = make.members([make.record(bytes(range(256)) * 4000, uri=f"http://example.com/{n}") for n in range(20)])
    last = data.rindex(b"\x1f\x8b\x08")
    stream = Counting(data)
    [record] = look_up(stream, {last}, PARAMS)
    assert record.header.target_uri == "http://example.com/19"
    assert stream.taken < 600_000  # two reads of 256 KiB: what kind of archive it is, and the member


class Counting(io.BytesIO):
    """Counts the bytes that are read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def test_a_damaged_record_is_found_with_its_fault(make: Workshop) -> None:
    data = bytearray(make.members([make.record(b"<p>a" * 500), make.record(b"<p>b" * 500)]))
    data[len(data) - 6] ^= 1  # in the checksum of the second
    second = bytes(data).rindex(b"\x1f\x8b\x08")
    [record] = look_up(io.BytesIO(bytes(data)), {second}, PARAMS)
    assert record.fault is not None
    assert "damaged compressed data" in record.fault.detail


def test_the_digest_of_a_payload_is_computed_whatever_the_record_declares(make: Workshop) -> None:
    honest, forged = make.record(), make.record(warc={"WARC-Payload-Digest": f"sha1:{'A' * 32}"})
    found = []
    for record in (honest, forged):
        [page] = make.read(record).items
        assert isinstance(page, Page)
        [again] = look_up(io.BytesIO(record), {0}, PARAMS)
        found.append((page.payload_digest, payload_digests(again, page, PARAMS)))
    (true, computed), (declared, as_before) = found
    assert computed == as_before == (true, true)
    assert declared == f"sha1:{'A' * 32}"


def test_a_payload_has_a_digest_as_archived_and_one_decoded(make: Workshop, html: bytes) -> None:
    body = gzip.compress(html, mtime=0)
    record = make.record(body, http=[("Content-Type", "text/html"), ("Content-Encoding", "gzip")])
    [page] = make.read(record).items
    assert isinstance(page, Page)
    [again] = look_up(io.BytesIO(record), {0}, PARAMS)
    archived, decoded = payload_digests(again, page, PARAMS)
    assert archived != decoded


def test_a_record_that_is_no_page_any_longer_says_why(make: Workshop) -> None:
    page_record, gone = make.record(), make.record(status="404 Not Found")
    [page] = make.read(page_record).items
    assert isinstance(page, Page)
    [record] = look_up(io.BytesIO(gone), {0}, PARAMS)
    assert page_of(record, page.origin, PARAMS) == "HTTP status 404"
