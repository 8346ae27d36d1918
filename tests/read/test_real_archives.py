"""Archives that others made: the test suites of archive tools, and a crawl."""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from transforms.read.chain import SplitReport, chain_breaks
from transforms.read.params import ReadParams
from transforms.read.splits import Split, plan_splits
from transforms.read.stage import expand_inputs
from transforms.read.warc import Item, read_split
from transforms.records import Page
from transforms.rejection import Reason, RejectedRecord

if TYPE_CHECKING:
    from tests.read.conftest import Workshop

# Here warcio makes up records: it skips a line behind the ARC header and takes the lines of a table for headers, or
# takes a blank line for a WARC header without a type.
INVENTED = {
    "netarchivesuite__netarchivesuite__2-metadata-1.arc",
    "netarchivesuite__netarchivesuite__old-44aeb4__8-metadata-1.arc",
    "richardlehane__webarchive__invalid-warcheaderversion-20.warc",
    "richardlehane__webarchive__invalid-warcreader-diagnosis-1.warc",
}


def warcio_records(data: bytes) -> int:
    """How many records warcio gives before it stops or raises (it raises AttributeError on a response without URI)."""
    count = 0
    with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(Exception):
        for _ in ArchiveIterator(io.BytesIO(data)):
            count += 1
    return count


def test_every_odd_archive_is_read_to_its_end_with_nothing_lost(make: Workshop, shared_data: Path) -> None:
    paths = [path for path in sorted((shared_data / "oddities").iterdir()) if path.name != "manifest.tsv"]
    assert len(paths) == 213
    fewer = set()
    for path in paths:
        data = path.read_bytes()
        result = make.read(data)  # checks that items, records and gaps add up
        report = result.reports[0]
        if report.records < warcio_records(data):
            fewer.add(path.name)
        assert report.records or result.reasons == [Reason.NOT_ARCHIVE], path.name
        responses = [item for item in result.items if isinstance(item, Page)]
        responses_rejected = [item for item in result.rejected if item.origin.record_type == "response"]
        assert report.responses == len(responses) + len(responses_rejected), path.name
        places = [item.origin.record_offset for item in [*responses, *responses_rejected]]
        assert len(set(places)) == len(places), path.name
        if report.first_offset is not None:
            assert report.end_offset == len(data), path.name
    assert fewer == INVENTED


@pytest.mark.parametrize("split_bytes", [100, 3000])
def test_odd_gzip_archives_split_as_they_read_whole_or_break_the_chain(
    make: Workshop, shared_data: Path, split_bytes: int
) -> None:
    seen = Counter[bool]()
    for archive in expand_inputs([str(shared_data / "oddities" / "*")]):
        if archive.splittable and archive.size < 50_000:
            data = Path(archive.file_path).read_bytes()
            parts = make.read_by(data, split_bytes)
            chained = chain_breaks(parts.reports) == []
            assert parts.items == make.read(data).items or not chained
            seen[chained] += 1
    assert seen[True] >= 25
    assert seen[False] == 0


def read_crawl(shared_data: Path, split_bytes: int) -> list[Item]:
    items: list[Item] = []
    reports: list[SplitReport] = []
    archives = expand_inputs([str(shared_data / "crawl")])
    splits: list[Split] = plan_splits(archives, split_bytes=split_bytes)
    for split in splits:
        with open(split.file_path, "rb") as stream:
            for item in read_split(stream, split, ReadParams()):
                reports.append(item) if isinstance(item, SplitReport) else items.append(item)
    assert chain_breaks(reports) == []
    assert sum(report.responses for report in reports) == 696
    return items


def test_a_crawl_is_the_same_at_any_split_size(shared_data: Path) -> None:
    whole = read_crawl(shared_data, 64 << 20)
    assert Counter(type(item).__name__ for item in whole) == {"Page": 696, "Passed": 4}
    assert not any(isinstance(item, RejectedRecord) for item in whole)
    assert read_crawl(shared_data, 256 << 10) == whole
    assert read_crawl(shared_data, 64 << 10) == whole


def warcio_bodies(data: bytes) -> dict[tuple[str, str], bytes]:
    """The body of each response that warcio reads until it stops, by record id and URI; the first of each."""
    bodies: dict[tuple[str, str], bytes] = {}
    with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(Exception):
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type == "response":
                field = record.rec_headers.get_header
                key = field("WARC-Record-ID") or "", field("WARC-Target-URI") or field("uri")
                bodies.setdefault(key, record.content_stream().read())
    return bodies


def test_bodies_are_decoded_as_warcio_decodes_them(make: Workshop, shared_data: Path) -> None:
    compared = 0
    for path in sorted((shared_data / "oddities").iterdir()):
        data = path.read_bytes()
        bodies = warcio_bodies(data)
        for page in make.read(data).pages:
            key = page.origin.record_id, page.origin.target_uri
            if key in bodies:
                assert page.body == bodies.pop(key), (path.name, key)
                compared += 1
    assert compared >= 160
