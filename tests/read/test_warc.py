"""Whole archives in every form: what comes out, and where it says it lies."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import zstandard

from transforms.errors import InputError
from transforms.read.params import ReadParams
from transforms.read.splits import Archive, Split, plan_splits
from transforms.read.warc import read_split
from transforms.rejection import Reason

if TYPE_CHECKING:
    from tests.read.conftest import Workshop

URIS = [f"http://e.com/{i}" for i in range(4)]


def records(make: Workshop) -> list[bytes]:
    return [make.warcinfo(), *(make.record(b"<html>%d" % i + b" word" * i * 30, uri=u) for i, u in enumerate(URIS))]


def uris(result: object) -> list[str]:
    return [page.origin.target_uri for page in result.pages]  # type: ignore[attr-defined]


def test_an_uncompressed_archive_gives_exact_places(make: Workshop) -> None:
    data = b"".join(records(make))
    result = make.read(data)
    assert result.outcome == ["passed"] + ["page"] * 4
    for page, record in zip(result.pages, records(make)[1:], strict=True):
        place = page.origin.record_offset
        assert data[place : place + page.origin.record_length] == record.removesuffix(b"\r\n\r\n")


def test_gzip_by_record_gives_the_place_of_each_member(make: Workshop) -> None:
    data = make.members(records(make))
    for page, record in zip(make.read(data).pages, records(make)[1:], strict=True):
        place = page.origin.record_offset
        assert gzip.decompress(data[place : place + page.origin.record_length]) == record


def test_gzip_as_one_stream_gives_every_record_a_place_of_its_own(make: Workshop) -> None:
    result = make.read(gzip.compress(b"".join(records(make))))
    assert uris(result) == URIS
    assert [page.origin.record_offset for page in result.pages] == [1, 2, 3, 4]
    assert {page.origin.record_length for page in result.pages} == {0}


def test_more_records_than_compressed_bytes_are_refused_for_they_have_no_place(make: Workshop) -> None:
    dense = gzip.compress(b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * 20_000)
    result = make.read(dense)
    assert len(result.items) == 20_000
    assert set(result.outcome) == {"passed", "corrupt_record"}
    assert max(item.origin.record_offset for item in result.rejected) > len(dense)


@pytest.mark.parametrize("by_record", [True, False])
def test_zstd_is_read_by_record_and_as_one_frame(make: Workshop, *, by_record: bool) -> None:
    parts = records(make) if by_record else [b"".join(records(make))]
    frames = [zstandard.ZstdCompressor().compress(part) for part in parts]
    result = make.read(b"".join(frames))
    assert uris(result) == URIS
    places = [page.origin.record_offset for page in result.pages]
    assert places == ([sum(map(len, frames[:i])) for i in range(1, 5)] if by_record else [1, 2, 3, 4])


@pytest.mark.parametrize("packed", [True, False])
def test_zstd_takes_its_dictionary_from_the_first_frame(make: Workshop, *, packed: bool) -> None:
    samples = [make.record(b"<html>%d" % i * 9, uri=f"http://e.com/{i}") for i in range(400)]
    trained = zstandard.train_dictionary(2048, samples)
    content = zstandard.ZstdCompressor().compress(trained.as_bytes()) if packed else trained.as_bytes()
    head = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    index = b"\x5e\x2a\x4d\x18" + (6).to_bytes(4, "little") + b"\x00" * 6  # the seekable format's own skippable frame
    compressor = zstandard.ZstdCompressor(dict_data=trained)
    frames = [compressor.compress(record) for record in records(make)]
    result = make.read(head + b"".join(frames) + index)
    assert result.outcome == ["passed"] + ["page"] * 4
    assert uris(result) == URIS


def test_zstd_with_a_dictionary_that_is_missing_or_absurd_is_no_archive(make: Workshop) -> None:
    for size in (b"\x10\x00\x00\x00", b"\xff\xff\xff\xff"):
        assert make.read(b"\x5d\x2a\x4d\x18" + size + b"short").reasons == [Reason.NOT_ARCHIVE]


@pytest.mark.parametrize("pack", [b"".join, None])
@pytest.mark.parametrize("version", ["1", "2"])
def test_arc_is_read_with_its_dates_and_dns_records(
    make: Workshop, pack: Callable[[list[bytes]], bytes] | None, version: str
) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>old</html>"
    parts = make.arc(("http://e.com/a b", page), ("dns:e.com", b"20040405060708\ne.com A 1"), ("http://e.com/c", page))
    if version == "2":  # result code, checksum, location, offset, file name before the length
        parts = [part.replace(b" text/html ", b" text/html 200 - - 42 x.arc ") for part in parts]
    result = make.read(pack(parts) if pack else make.members(parts))
    assert result.outcome == ["passed", "page", "not_response", "page"]
    assert uris(result) == ["http://e.com/a%20b", "http://e.com/c"]
    assert {page.date for page in result.pages} == {"2004-04-05T06:07:08Z"}
    assert {page.origin.record_id for page in result.pages} == {""}


def test_every_version_of_warc_and_either_line_end_is_read(make: Workshop) -> None:
    plain = make.record()
    for version in (b"WARC/0.17", b"WARC/0.18", b"WARC/1.0", b"WARC/1.1", b"warc/1.0"):
        assert make.read(plain.replace(b"WARC/1.0", version)).outcome == ["page"]
    head, block = plain.split(b"\r\n\r\n", 1)
    assert make.read(head.replace(b"\r\n", b"\n") + b"\n\n" + block.rstrip(b"\r\n") + b"\n\n").outcome == ["page"]
    assert make.read(plain.replace(b"WARC/1.0", b"WARC/9.0") + plain).outcome == ["corrupt_record", "page"]


def test_wet_and_wat_records_are_no_pages(make: Workshop) -> None:
    wet = make.record(b"plain text", kind="conversion")
    wat = make.record(b"{}", kind="metadata")
    assert make.read(make.members([make.warcinfo(), wet, wat])).outcome == ["passed", "not_response", "passed"]


def test_a_limit_counts_responses_and_stops(make: Workshop) -> None:
    some = [
        make.warcinfo(),
        make.record(status="404 Not Found"),
        make.record(kind="request"),
        make.record(),
        make.record(),
    ]
    result = make.read(make.members(some), limit=2)
    assert result.outcome == ["passed", "http_status", "passed", "page"]
    assert result.reports[0].responses == 2


def test_an_empty_file_and_a_file_that_is_no_archive_are_told(make: Workshop) -> None:
    for data in (
        b"",
        b"hello\n",
        b"\x00" * 5000,
        b"BZh91AY&SY",
        gzip.compress(b"<html>"),
        gzip.compress(b""),
        b"\x1f\x8b",
    ):
        result = make.read(data)
        assert result.reasons == [Reason.NOT_ARCHIVE]
        assert result.reports[0].responses == result.reports[0].records == 0


def test_memory_does_not_grow_with_the_archive_or_with_what_a_record_claims(
    make: Workshop, peak_bytes: Callable[[Callable[[], object]], int]
) -> None:
    page = make.record(b"<html>" + b"x" * 200_000)
    params = ReadParams(max_record_bytes=1 << 20)

    def read(data: bytes) -> None:
        split = Split("/x", "x", len(data), 0, len(data), None)
        assert sum(1 for _ in read_split(io.BytesIO(data), split, params)) > 1

    small, large = gzip.compress(page * 10), gzip.compress(page * 200)
    assert peak_bytes(lambda: read(large)) < peak_bytes(lambda: read(small)) * 1.2
    bomb = gzip.compress(make.record(b"\x00" * 50_000_000))
    assert peak_bytes(lambda: read(bomb)) < 3 << 20
    claims = page.replace(b"Content-Length: ", b"Content-Length: 99999999999", 1)
    assert peak_bytes(lambda: read(claims)) < 3 << 20


def test_an_endless_header_costs_the_record_and_no_memory(make: Workshop, peak_bytes: Callable[..., int]) -> None:
    endless = b"WARC/1.0\r\n" + b"X-Field: value\r\n" * 100_000
    data = gzip.compress(endless, 1) + make.members([make.record()])
    result = make.read(data)
    assert result.outcome == ["corrupt_record", "page"]
    assert peak_bytes(lambda: make.read(data)) < 6 << 20


@pytest.mark.parametrize("longest", [10, 40_000])
def test_a_header_is_read_if_it_has_fewer_bytes_than_the_limit(make: Workshop, longest: int) -> None:
    # It is taken in one look where it lies in one piece of 32 KiB, else line by line.
    record = make.record(warc={"X-Field": "x" * longest})
    size = record.index(b"\r\n\r\n") + 4
    outcomes = [make.read(record, ReadParams(max_header_bytes=size + spare)).outcome for spare in (-1, 0, 1)]
    assert outcomes == [["corrupt_record"], ["corrupt_record"], ["page"]]


def test_a_remote_archive_of_another_size_than_was_looked_up_is_an_error(make: Workshop) -> None:
    data = make.members([make.record(), make.record()])
    for size in (len(data) - 1, len(data) + 1):
        [split] = plan_splits([Archive("https://h/a.warc.gz", "a.warc.gz", size, True)], split_bytes=1 << 20)
        with pytest.raises(InputError, match=rf"has {len(data)} bytes, and had {size} when it was looked up"):
            list(read_split(io.BytesIO(data), split, ReadParams()))
        [local] = plan_splits([Archive("/in/a.warc.gz", "a.warc.gz", size, True)], split_bytes=1 << 20)
        items = list(read_split(io.BytesIO(data), local, ReadParams()))
        assert len(items) == 3 + (size > len(data))  # what is missing is told
