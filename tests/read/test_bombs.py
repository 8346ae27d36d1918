"""Archives made to take time or memory: each ends in seconds, with everything around the trap read."""

from __future__ import annotations

import gzip
import struct
import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import zstandard

from transforms.rejection import Reason

if TYPE_CHECKING:
    from tests.read.conftest import Result, Workshop

MEBI = 1 << 20
BOUND = 4.0  # CPU seconds on a slow machine; they take up to 0.9 on a fast one, and squared much more


def timed(make: Workshop, data: bytes, *, bound: float = BOUND) -> Result:
    began = time.process_time()
    result = make.read(data)
    assert time.process_time() - began < bound
    return result


def bomb(before: bytes, unit: bytes, mebi: int, behind: bytes = b"") -> bytes:
    """A gzip member that inflates to a unit of 1 MiB again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = unit * (MEBI // len(unit))
    return (
        packer.compress(before)
        + b"".join(packer.compress(piece) for _ in range(mebi))
        + packer.compress(behind)
        + packer.flush()
    )


@pytest.mark.parametrize("unit", [b"\x00", b"\n", b"ab\n\n"])
def test_a_bomb_between_two_records_is_passed_over(make: Workshop, unit: bytes) -> None:
    record = make.record()
    result = timed(make, bomb(record, unit, 40, b"\n" + record) + make.members([record]))
    assert len(result.pages) == 3
    assert result.reasons == ([] if unit == b"\n" else [Reason.CORRUPT_ARCHIVE])


def test_a_bomb_inside_a_record_or_a_header_costs_the_record(make: Workshop, peak_bytes: Callable[..., int]) -> None:
    head = make.record().split(b"Content-Length: ", 1)[0]
    inside = bomb(head + b"Content-Length: %d\r\n\r\n" % (24 * MEBI), b"\x00", 24)
    header = bomb(head + b"X: ", b"x", 24)
    data = inside + header + make.members([make.record()])
    assert timed(make, data).outcome == ["oversized", "corrupt_record", "page"]
    assert peak_bytes(lambda: make.read(data)) < 4 * MEBI


def test_members_without_end_that_hold_nothing_take_linear_time(make: Workshop) -> None:
    record = make.record()
    empty = gzip.compress(b"", mtime=0) * 10_000
    assert timed(make, empty + make.members([record]) + empty + make.members([record])).outcome == ["page", "page"]
    frame = zstandard.compress(record)
    skippable = b"\x50\x2a\x4d\x18\x00\x00\x00\x00" * 10_000
    assert timed(make, frame + zstandard.compress(b"") * 10_000 + skippable + frame).outcome == ["page", "page"]


@pytest.mark.parametrize("trap", [b"\x1f\x8b\x08", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd\x00\x58\x02\x00\x10a"])
@pytest.mark.parametrize("before", [True, False])
def test_magic_numbers_without_end_are_not_all_followed(make: Workshop, trap: bytes, *, before: bool) -> None:
    pack = zstandard.compress if trap.startswith(b"\x28") else gzip.compress
    good = pack(make.record())
    junk = b"x" + trap * (MEBI // len(trap)) + b"x" * MEBI
    result = timed(make, junk + good if before else good + junk)
    assert result.reasons == [Reason.CORRUPT_ARCHIVE]
    assert len(result.pages) == 1


@pytest.mark.parametrize("behind", [1, 5])
def test_a_damaged_page_of_magic_numbers_costs_no_record_behind_it(make: Workshop, behind: int) -> None:
    uris = [f"http://e.com/{at}" for at in range(behind)]
    good = make.members([make.record(uri=uri) for uri in uris])
    for count in range(20_000, 20_006):  # a look is allowed every 128 bytes: at some of these at the good one
        trap = bytearray(make.members([make.record(b"<html>" + b"\x1f\x8b\x08" * count)], level=0))
        trap[-6] ^= 1  # of its checksum
        result = timed(make, make.members([make.record()]) + trap + good)
        assert [page.origin.target_uri for page in result.pages[1:]] == uris
        assert result.reasons == [Reason.CORRUPT_RECORD, Reason.CORRUPT_ARCHIVE]


def test_lengths_that_reach_over_every_record_behind_are_followed_a_bounded_number_of_times(make: Workshop) -> None:
    long = make.record().replace(b"Content-Length: ", b"Content-Length: 1600", 1)
    for data in (long * 5_000, gzip.compress(long * 5_000, 1)):
        result = timed(make, data)
        assert set(result.reasons) <= {Reason.CORRUPT_RECORD, Reason.CORRUPT_ARCHIVE, Reason.TRUNCATED}
        assert result.pages == []


@pytest.mark.parametrize("unit", [b"\nWARC/", b"\nWARC/1.0\nA"])
def test_lines_that_nearly_begin_a_record_are_passed_over_quickly(make: Workshop, unit: bytes) -> None:
    block = make.record(b"<html>" + unit * (12 * MEBI // len(unit))).removesuffix(b"\r\n\r\n")
    data = gzip.compress(block + b"junk" * 5_000 + b"\n" + make.record(), 1)
    result = timed(make, data, bound=1.3)  # takes 0.03; line by line, 2.1 to 4
    assert result.outcome == ["corrupt_record", "corrupt_archive", "page"]


def test_a_skippable_frame_of_a_wrong_size_does_not_hide_what_follows(make: Workshop) -> None:
    frame = zstandard.compress(make.record())
    for size in (1 << 31, 5):
        data = frame + b"\x50\x2a\x4d\x18" + struct.pack("<I", size) + b"x" * 10 + frame
        assert make.read(data).outcome == ["page", "corrupt_archive", "page"]


@pytest.mark.parametrize("raw", [b"\x37\xa4\x30\xec" + b"x" * 99, zstandard.compress(bytes(1 << 26))])
def test_a_dictionary_that_is_none_costs_what_needs_it(make: Workshop, raw: bytes) -> None:
    frame = zstandard.compress(make.record())
    for size in (len(raw), 1 << 30):
        result = timed(make, b"\x5d\x2a\x4d\x18" + struct.pack("<I", size) + raw + frame)
        assert len(result.pages) == 1 or result.reasons


def test_versions_and_formats_may_be_mixed_in_one_file(make: Workshop) -> None:
    page = make.record()
    versions = [page.replace(b"WARC/1.0", version) for version in (b"WARC/0.18", b"WARC/1.1", b"WARC/99.99")]
    assert make.read(b"".join([page, *versions, page])).outcome == ["page"] * 3 + ["corrupt_record", "page"]
    [_, arc] = make.arc(("http://e.com/", b"HTTP/1.0 200 OK\r\n\r\n<html>ab"))
    assert make.read(page + arc + page).outcome == ["page", "corrupt_archive", "page"]


def test_a_length_given_twice_is_taken_once(make: Workshop) -> None:
    twice = make.record().replace(b"Content-Length: ", b"Content-Length: 5\r\nContent-Length: ", 1)
    assert make.read(twice + make.record()).outcome == ["corrupt_record", "corrupt_archive", "page"]
