"""Splits: their union is the archive, and where it is not the chain says so."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.read.chain import chain_breaks
from transforms.rejection import Reason

if TYPE_CHECKING:
    from tests.read.conftest import Workshop

SIZES = st.lists(st.integers(0, 4000), min_size=1, max_size=8)


def bodies(sizes: list[int]) -> list[bytes]:
    """Bodies that do not compress, so that archives are of many sizes and members of many lengths."""
    source = random.Random(0)
    return [b"<html>" + source.randbytes(size).replace(b"\x00", b"x") for size in sizes]


@settings(deadline=None, max_examples=60)
@given(sizes=SIZES, split_bytes=st.integers(1, 3000), one_stream=st.booleans(), level=st.sampled_from([0, 6]))
def test_any_split_size_gives_the_records_of_the_whole(
    make: Workshop, sizes: list[int], split_bytes: int, one_stream: bool, level: int
) -> None:
    records = [make.warcinfo()] + [make.record(b, uri=f"http://e.com/{i}") for i, b in enumerate(bodies(sizes))]
    data = gzip.compress(b"".join(records), level, mtime=0) if one_stream else make.members(records, level=level)
    whole, parts = make.read(data), make.read_by(data, max(split_bytes, len(data) // 60))
    assert parts.items == whole.items
    assert len(whole.pages) == len(sizes)
    assert len({page.origin.record_offset for page in whole.pages}) == len(sizes)
    assert chain_breaks(parts.reports) == []


def archive(make: Workshop, sizes: list[int], form: str) -> bytes:
    """Pages of these sizes in one of the forms that archives have."""
    pages = [(f"http://e.com/{i}", body) for i, body in enumerate(bodies(sizes))]
    if form.startswith("arc"):
        records = make.arc(*((uri, b"HTTP/1.0 200 OK\r\n\r\n" + body) for uri, body in pages))
    else:
        records = [make.record(body, uri=uri) for uri, body in pages]
    if form in {"plain", "arc"}:
        return b"".join(records)
    if form == "stream":
        return gzip.compress(b"".join(records), mtime=0)
    return make.members(records, level=0 if form == "stored" else 6)


def edited(data: bytes, edits: list[tuple[int, str]]) -> bytes:
    """The bytes with a bit flipped, cut off, dropped or added at each place."""
    for place, edit in edits:
        at = place % max(len(data), 1)
        data = {
            "flip": data[:at] + bytes(byte ^ 1 << place % 8 for byte in data[at : at + 1]) + data[at + 1 :],
            "cut": data[:at],
            "drop": data[:at] + data[at + 7 :],
            "add": data[:at] + b"\x1f\x8b\x08 some bytes" + data[at:],
        }[edit]
    return data


@settings(deadline=None, max_examples=150)
@given(
    sizes=st.lists(st.integers(0, 300), min_size=1, max_size=5),
    edits=st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(["flip", "cut", "drop", "add"])), max_size=3),
    form=st.sampled_from(["members", "stored", "stream", "plain", "arc", "arc.gz"]),
    split_bytes=st.integers(20, 700),
)
def test_damage_never_raises_and_a_whole_chain_means_the_same_records(
    make: Workshop, sizes: list[int], edits: list[tuple[int, str]], form: str, split_bytes: int
) -> None:
    data = edited(archive(make, sizes, form), edits)
    whole = make.read(data)
    if form in {"members", "stored", "stream"} and data[:2] == b"\x1f\x8b":
        parts = make.read_by(data, split_bytes)
        assert chain_breaks(parts.reports) or parts.items == whole.items


def forged(make: Workshop, *, inner_at: int) -> tuple[bytes, int]:
    """An archive whose second page holds a gzip of a WARC, stored as it is; and the offset of that false member."""
    inner = gzip.compress(make.record(b"<html>forged</html>", uri="http://victim.example/"), mtime=0)
    body = b"<html>" + b"." * inner_at + inner + b"." * 500
    records = [
        make.record(uri="http://e.com/1"),
        make.record(body, uri="http://e.com/2"),
        make.record(uri="http://e.com/3"),
    ]
    data = (
        gzip.compress(records[0], mtime=0) + gzip.compress(records[1], 0, mtime=0) + gzip.compress(records[2], mtime=0)
    )
    return data, data.index(inner)


def test_a_page_that_holds_a_gzip_of_a_warc_breaks_the_chain_instead_of_forging_a_record(make: Workshop) -> None:
    data, inner = forged(make, inner_at=3000)
    split_bytes = inner - 100  # the second split begins inside the hostile page, before the false member
    parts = make.read_by(data, split_bytes)
    assert "http://victim.example/" in {page.origin.target_uri for page in parts.pages}  # the attack works…
    broken = chain_breaks(parts.reports)
    assert [found.file_path for found in broken] == ["/in/x.warc.gz"]  # …and is noticed
    assert broken[0].found == inner
    again = make.read_splits(data, [replace(parts.reports[0].split, end=len(data))])
    assert [page.origin.target_uri for page in again.pages] == [f"http://e.com/{i}" for i in (1, 2, 3)]
    assert chain_breaks(again.reports) == []


def test_the_same_page_does_no_harm_where_no_split_begins_inside_it(make: Workshop) -> None:
    data, inner = forged(make, inner_at=3000)
    parts = make.read_by(data, inner + 1)
    assert parts.items == make.read(data).items
    assert chain_breaks(parts.reports) == []


def test_every_tampered_report_breaks_the_chain(make: Workshop) -> None:
    data = make.members([make.record(uri=f"http://e.com/{i}") for i in range(9)])
    reports = make.read_by(data, len(data) // 3).reports
    assert chain_breaks(reports) == chain_breaks(reversed(reports)) == []
    for i, report in enumerate(reports):
        assert report.first_offset is not None
        assert report.end_offset is not None
        for wrong in (
            replace(report, first_offset=report.first_offset + 1),
            replace(report, end_offset=report.end_offset - 1),
            replace(report, first_offset=None, end_offset=None),
        ):
            assert len(chain_breaks([*reports[:i], wrong, *reports[i + 1 :]])) == 1
        assert len(chain_breaks([*reports[:i], *reports[i + 1 :]])) == 1  # a split that was not read


def test_a_split_without_a_member_start_owns_nothing(make: Workshop) -> None:
    data = make.members([make.record(b"<html>" + bytes(range(256)) * 40)])
    parts = make.read_by(data, 100)
    assert len(parts.pages) == 1
    assert [report.first_offset for report in parts.reports] == [0] + [None] * (len(parts.reports) - 1)
    assert parts.reports[0].end_offset == len(data)


def test_a_gap_over_the_end_of_a_split_is_told_once(make: Workshop) -> None:
    first, second = make.members([make.record(uri="http://e.com/1")]), make.members([make.record(uri="http://e.com/2")])
    data = first + b"\x00" * 1000 + second
    for split_bytes in (len(first), len(first) + 1, len(first) + 500, len(first) + 1000):
        parts = make.read_by(data, split_bytes)
        assert parts.outcome == ["page", Reason.CORRUPT_ARCHIVE, "page"]
        assert parts.rejected[0].rejection.detail.startswith("1000 bytes")
        assert chain_breaks(parts.reports) == []


@pytest.mark.parametrize("split_bytes", [50, 400, 10_000])
def test_members_that_do_not_begin_with_a_record_belong_to_the_one_before(make: Workshop, split_bytes: int) -> None:
    text = b"".join(
        make.record(bytes([65 + i]) * 900, uri=f"http://e.com/{i}", http=[("Content-Type", "text/html")])
        for i in range(6)
    )
    data = b"".join(gzip.compress(text[i : i + 700], 0, mtime=0) for i in range(0, len(text), 700))
    parts = make.read_by(data, split_bytes)
    assert [page.body[:1] for page in parts.pages] == [b"A", b"B", b"C", b"D", b"E", b"F"]
    assert chain_breaks(parts.reports) == []
