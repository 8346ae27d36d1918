"""One archive in memory, read through the product's own reader, with what must hold of everything it gives."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from transforms.read.chain import SplitReport
from transforms.read.params import ReadParams
from transforms.read.response import Passed
from transforms.read.splits import Split
from transforms.read.warc import Item, read_split
from transforms.records import Origin, Page
from transforms.rejection import RejectedRecord

PARAMS = ReadParams(max_record_bytes=1 << 14, max_body_bytes=1 << 14, max_header_bytes=1 << 12)
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DIGEST = re.compile(r"sha1:[A-Z2-7]{32}")


def read(data: bytes, splits: Sequence[Split]) -> tuple[list[Item], list[SplitReport]]:
    """Everything that is read of these splits, each from a fresh stream."""
    items: list[Item] = []
    reports = []
    for split in splits:
        *found, report = read_split(io.BytesIO(data), split, PARAMS)
        assert isinstance(report, SplitReport)
        own = [item for item in found if not isinstance(item, SplitReport)]
        _check_report(own, report, len(data))
        items += own
        reports.append(report)
    return items, reports


def whole(data: bytes) -> Split:
    """An archive as one split."""
    return Split("/in/x.warc.gz", "x.warc.gz", len(data), 0, len(data), None)


def _check_report(items: list[Item], report: SplitReport, size: int) -> None:
    pages = [item for item in items if isinstance(item, Page)]
    rejected = [item for item in items if isinstance(item, RejectedRecord)]
    passed = [item for item in items if isinstance(item, Passed)]
    assert (len(pages), len(rejected), len(passed)) == (report.pages, report.rejected, report.passed)
    assert report.records + report.gaps == len(items) == report.pages + report.rejected + report.passed
    responses = [item for item in (*pages, *rejected) if item.origin.record_type == "response"]
    assert len(responses) == report.responses
    for page in pages:
        _check_page(page)
    for item in (*pages, *rejected):
        _check_origin(item.origin, size)
    for refused in rejected:
        assert len(refused.rejection.detail) <= 300
        refused.rejection.detail.encode()


def _check_origin(origin: Origin, size: int) -> None:
    for text in (origin.record_id, origin.record_type, origin.target_uri):
        text.encode()  # a lone surrogate would not go into Parquet
    assert origin.record_offset >= 0
    assert 0 <= origin.record_length <= size


def _check_page(page: Page) -> None:
    assert page.origin.record_type == "response"
    assert page.origin.target_uri.lower().startswith(("http:", "https:"))
    assert 0 < len(page.body) <= PARAMS.max_body_bytes
    assert not page.date or _DATE.fullmatch(page.date)
    assert _DIGEST.fullmatch(page.payload_digest)
    assert all(name == name.strip().lower() for name, _ in page.headers)
    for text in (page.content_type, page.charset, *(part for pair in page.headers for part in pair)):
        text.encode()
