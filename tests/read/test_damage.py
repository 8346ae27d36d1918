"""Damaged archives: one bad record costs itself, and what was lost is told."""

from __future__ import annotations

import base64
import gzip
import hashlib
import random
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import zstandard

from transforms.read.params import ReadParams
from transforms.read.span import FEED_BYTES
from transforms.rejection import Reason

if TYPE_CHECKING:
    from tests.read.conftest import Result, Workshop

BODY = b"<html>" + bytes(range(33, 127)) * 20


def three(make: Workshop) -> list[bytes]:
    """Three members, one page each."""
    return [make.members([make.record(BODY + b"%d" % i, uri=f"http://e.com/{i}")]) for i in range(3)]


def uris(result: Result) -> list[str]:
    return [page.origin.target_uri for page in result.pages]


def test_a_wrong_checksum_costs_one_record(make: Workshop) -> None:
    first, second, third = three(make)
    result = make.read(first + second[:-8] + b"\x00\x00\x00\x00" + second[-4:] + third)
    assert uris(result) == ["http://e.com/0", "http://e.com/2"]
    assert result.reasons == [Reason.CORRUPT_RECORD, Reason.CORRUPT_ARCHIVE]
    assert result.rejected[0].origin.target_uri == "http://e.com/1"
    assert result.rejected[1].rejection.detail.startswith(f"{len(second)} bytes")


def test_damage_in_the_middle_costs_one_record_that_is_still_named(make: Workshop) -> None:
    first, second, third = three(make)
    at = len(second) - 100
    result = make.read(first + second[:at] + b"\xff" * 20 + second[at + 20 :] + third)
    assert uris(result) == ["http://e.com/0", "http://e.com/2"]
    assert result.rejected[0].origin.target_uri == "http://e.com/1"
    assert result.rejected[0].origin.record_type == "response"


def test_a_member_cut_short_by_a_crash_does_not_swallow_the_next(make: Workshop) -> None:
    first, second, third = three(make)
    result = make.read(first + second[: len(second) // 2] + third)
    assert uris(result) == ["http://e.com/0", "http://e.com/2"]
    assert result.reasons == [Reason.CORRUPT_RECORD, Reason.CORRUPT_ARCHIVE]


def test_a_damaged_start_of_the_archive_costs_one_record(make: Workshop) -> None:
    first, second, third = three(make)
    result = make.read(b"\x1f\x8b\x08" + b"\xff" * (len(first) - 3) + second + third)
    assert uris(result) == ["http://e.com/1", "http://e.com/2"]
    assert result.reasons == [Reason.CORRUPT_ARCHIVE]


@pytest.mark.parametrize("junk", [b"\x00" * 512, b"junk", b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08junk" * 99])
def test_bytes_between_members_are_counted_and_passed_over(make: Workshop, junk: bytes) -> None:
    first, second, third = three(make)
    result = make.read(first + junk + second + third + junk)
    assert uris(result) == ["http://e.com/0", "http://e.com/1", "http://e.com/2"]
    assert set(result.reasons) == {Reason.CORRUPT_ARCHIVE}
    assert len(result.reasons) == 2


def test_an_archive_that_ends_inside_its_last_record_says_so(make: Workshop) -> None:
    first, second, third = three(make)
    for tail in (1, 9, 60):
        result = make.read(first + second + third[:-tail])
        assert uris(result)[:2] == ["http://e.com/0", "http://e.com/1"]
        assert result.reasons in ([Reason.TRUNCATED], [Reason.CORRUPT_ARCHIVE])
        assert result.reports[0].end_offset == len(first + second + third) - tail
    plain = b"".join(gzip.decompress(member) for member in three(make))
    assert make.read(plain[:-300]).outcome == ["page", "page", "truncated"]


def test_a_request_that_the_archive_cuts_is_told_too(make: Workshop) -> None:
    data = make.record() + make.record(kind="request", body=b"abcdef")
    assert make.read(data[:-6]).outcome == ["page", "truncated"]


def test_a_content_length_too_short_loses_no_later_record(make: Workshop) -> None:
    good = make.record(uri="http://e.com/2")
    short = make.record(BODY).replace(b"Content-Length: ", b"Content-Length: 1\r\nX: ", 1)
    result = make.read(short + good)
    assert result.outcome == ["corrupt_record", "corrupt_archive", "page"]
    assert make.read(make.members([short, good])).outcome == ["corrupt_record", "corrupt_archive", "page"]


def test_a_content_length_too_long_costs_the_member_only(make: Workshop) -> None:
    long = make.record(BODY).replace(b"Content-Length: ", b"Content-Length: 9", 1)
    result = make.read(make.members([long, make.record(uri="http://e.com/2")]))
    assert result.outcome == ["truncated", "page"]
    assert "member" in result.rejected[0].rejection.detail


@pytest.mark.parametrize("length", [b"", b"abc", b"-5", b"1e3", b"\xc2\xb2", b"9" * 40])
def test_a_record_without_a_usable_length_is_passed_over_to_the_next(make: Workshop, length: bytes) -> None:
    odd = make.record(BODY).replace(b"Content-Length: ", b"Content-Length: " + length + b"\r\nX: ", 1)
    assert make.read(odd + make.record()).outcome == ["corrupt_record", "page"]
    assert make.read(make.members([odd, make.record()])).outcome == ["corrupt_record", "page"]


def test_blank_lines_may_be_missing_or_many(make: Workshop) -> None:
    record = make.record().removesuffix(b"\r\n\r\n")
    assert make.read(record + record).outcome == ["page", "page"]
    assert make.read(b"\r\n\r\n" + record + b"\n" * 50 + record).outcome == ["page", "page"]


def test_a_response_without_type_or_uri_is_corrupt(make: Workshop) -> None:
    record = make.record()
    assert make.read(record.replace(b"WARC-Type", b"X-Type")).reasons == [Reason.CORRUPT_RECORD]
    assert make.read(record.replace(b"WARC-Target-URI", b"X-URI")).reasons == [Reason.CORRUPT_RECORD]


def test_a_line_of_five_words_is_no_arc_record(make: Workshop) -> None:
    assert make.read(b"five words make no record\n" * 9).reasons == [Reason.NOT_ARCHIVE]
    page = ("http://e.com/", b"HTTP/1.0 200 OK\r\n\r\n<html>")
    first, second = make.arc(page)
    assert make.read(first + b"five words make no record\n" + second).outcome == ["passed", "corrupt_archive", "page"]


@pytest.mark.parametrize("at", range(10))
def test_one_wrong_byte_at_the_start_of_an_archive_costs_one_record(make: Workshop, at: int) -> None:
    first, second, third = three(make)
    result = make.read(first[:at] + bytes([first[at] ^ 0x55]) + first[at + 1 :] + second + third)
    assert uris(result)[-2:] == ["http://e.com/1", "http://e.com/2"]
    assert len(result.pages) == 3 or result.rejected


@pytest.mark.parametrize("junk", [b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 70_000, b"\x00" * 512])
def test_bytes_before_an_archive_are_told_and_cost_no_record(make: Workshop, junk: bytes) -> None:
    page = ("http://e.com/", b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    plain = b"".join(gzip.decompress(member) for member in three(make))
    arcs = make.members(make.arc(page, page, page))
    for data in (b"".join(three(make)), plain, gzip.compress(plain), arcs, b"".join(make.arc(page, page, page))):
        result = make.read(junk + data)
        assert len(result.pages) == 3
        assert set(result.reasons) == {Reason.CORRUPT_ARCHIVE}
        [before] = result.rejected
        assert (before.origin.record_offset, before.origin.record_length) == (0, len(junk))


def test_a_wrong_digit_of_a_length_does_not_swallow_the_records_behind(make: Workshop) -> None:
    records = [gzip.decompress(member) for member in three(make)]
    for wrong in (b"9", b"99999999", b"9" * 17):
        long = re.sub(rb"(?m)^(Content-Length: )\d", rb"\g<1>" + wrong, records[0], count=1)
        for data in (long + b"".join(records[1:]), gzip.compress(long + b"".join(records[1:]))):
            result = make.read(data)
            if len(wrong) != 8 or data.startswith(b"WARC"):
                assert uris(result) == ["http://e.com/1", "http://e.com/2"]
                assert result.reasons == [Reason.CORRUPT_RECORD]
            else:  # more than max_record_bytes: in one gzip stream there is no going back so far
                assert result.reasons == [Reason.TRUNCATED]


def test_an_archive_as_a_payload_is_not_taken_for_records_of_its_own(make: Workshop) -> None:
    inner = b"".join(gzip.decompress(member) for member in three(make))
    outer = make.record(b"<html>\r\n\r\n" + inner, uri="http://e.com/outer") + make.record(uri="http://e.com/next")
    assert uris(make.read(outer)) == ["http://e.com/outer", "http://e.com/next"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("behind", "outcome"),
    [
        (b"\r\n\r\n\x00junk\r\n", ["page", "corrupt_archive", "page"]),
        (b"\r\n\r\n" + b"junk" * 99 + b"\r\n", ["page", "corrupt_archive", "page"]),
        (b"\x00junk\r\n", ["corrupt_record", "corrupt_archive", "page"]),
        (b"abc\r\n\r\n", ["corrupt_record", "corrupt_archive", "page"]),  # the writer counted three too few
    ],
)
def test_junk_behind_a_page_makes_no_records_of_an_archive_in_it(
    make: Workshop, behind: bytes, outcome: list[str], pack: Callable[[bytes], bytes]
) -> None:
    inner = make.record(uri="http://bank.example/") + b"x" * 500
    outer = make.record(b"<html>\r\n\r\n" + inner, uri="http://e.com/outer").removesuffix(b"\r\n\r\n")
    undigested = outer.replace(b"WARC-Block-Digest", b"X-Block-Digest", 1)
    result = make.read(pack(undigested + behind + make.record(uri="http://e.com/next")))
    assert result.outcome == outcome
    assert uris(result)[-1:] == ["http://e.com/next"]
    assert "http://bank.example/" not in uris(result)


def test_a_block_that_its_digest_is_of_ends_where_its_length_says(make: Workshop) -> None:
    outer = make.record(b"<html>\r\n\r\n" + make.record(uri="http://bank.example/")).removesuffix(b"\r\n\r\n")
    digest = base64.b32encode(hashlib.sha1(outer.split(b"\r\n\r\n", 1)[1]).digest())
    outer = re.sub(rb"(WARC-Block-Digest: sha1:)\S+", rb"\g<1>" + digest, outer, count=1)
    result = make.read(outer + b"\x00" * 999 + b"\n" + make.record(uri="http://e.com/next"))
    assert result.outcome == ["corrupt_record", "corrupt_archive", "page"]
    assert uris(result) == ["http://e.com/next"]


@pytest.mark.parametrize("pack", [bytes, zstandard.ZstdCompressor(write_checksum=False).compress])
def test_a_block_that_is_not_the_one_its_digest_is_of_is_no_page(
    make: Workshop, pack: Callable[[bytes], bytes]
) -> None:
    good = make.record(BODY)
    digest = base64.b32encode(hashlib.sha1(good.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n\r\n")).digest())
    good = re.sub(rb"(WARC-Block-Digest: sha1:)\S+", rb"\g<1>" + digest, good)
    assert b"WARC-Block-Digest: sha1:" + digest in good
    changed = good.replace(BODY[:50], BODY[:49] + b"?")
    result = make.read(pack(good + changed + good))
    assert result.outcome == ["page", "corrupt_record", "page"]
    assert "WARC-Block-Digest" in result.rejected[0].rejection.detail
    trusting = make.read(pack(good + changed + good), ReadParams(check_digests=False))
    assert trusting.outcome == ["page", "page", "page"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor(write_checksum=True).compress])
def test_a_member_whose_checksum_is_right_is_believed_whatever_its_digest_says(
    make: Workshop, pack: Callable[[bytes], bytes]
) -> None:
    wrong = re.sub(rb"(WARC-Block-Digest: sha1:)\S+", rb"\g<1>" + b"A" * 32, make.record())
    assert make.read(pack(wrong) + pack(wrong)).outcome == ["page", "page"]
    unchecked = zstandard.ZstdCompressor(write_checksum=False).compress(wrong)
    for one in (unchecked, wrong, zstandard.ZstdCompressor(write_checksum=True).compress(wrong[:200]) + unchecked):
        assert make.read(one).outcome[-1:] == ["corrupt_record"]


def test_a_checksum_is_believed_wherever_the_pieces_end_in_which_it_is_read(make: Workshop) -> None:
    body = random.Random(6).randbytes(FEED_BYTES)
    spare = len(make.members([make.record(body)], level=0)) - FEED_BYTES
    for short in range(-24, 24):
        wrong = re.sub(rb"(WARC-Block-Digest: sha1:)\S+", rb"\g<1>" + b"A" * 32, make.record(body[spare + short :]))
        member = make.members([wrong], level=0)
        assert abs(len(member) - FEED_BYTES) < 32
        assert make.read(member).outcome == ["page"]


def test_a_stored_block_that_swallows_the_next_member_does_not_lose_it(make: Workshop) -> None:
    first = gzip.compress(make.record(b"x" * 70_000), 0)[:600]  # deflate promises 65,535 bytes as they are
    at = 65_535 + 10 + 5 - len(first)  # in the next member, where the block seems to end …
    body = bytearray(b"<html>" + b"y" * 200_000)
    plain = gzip.compress(make.record(bytes(body)), 0)
    start = plain.index(b"<html>")
    for block in range(3):  # … there another one of 65,535 bytes seems to begin
        place = at + block * 65_540 - start - 5 * block
        body[place : place + 5] = b"\x00\xff\xff\x00\x00"
    second = gzip.compress(make.record(bytes(body), uri="http://e.com/1"), 0)
    result = make.read(first + second + make.members([make.record(uri="http://e.com/2")]))
    assert uris(result) == ["http://e.com/1", "http://e.com/2"]


def test_gaps_say_where_they_lie_and_how_long_they_are(make: Workshop) -> None:
    records = [gzip.decompress(member) for member in three(make)]
    junk = b"\r\n\r\nno record\n"
    [gap] = make.read(records[0].rstrip(b"\r\n") + junk + records[1]).rejected
    assert gap.origin.record_offset == len(records[0].rstrip(b"\r\n"))
    assert gap.origin.record_length == len(junk)
    first, second, third = three(make)
    rejected = make.read(first + b"\x00" * 99 + second + third).rejected
    assert [(one.origin.record_offset, one.origin.record_length) for one in rejected] == [(len(first), 99)]
