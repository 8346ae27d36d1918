"""Any bytes as an archive: items whose numbers add up, never an exception, every byte of a plain one accounted for."""

from __future__ import annotations

from tests.fuzz.choices import Choices
from tests.fuzz.reading import read, whole
from tests.fuzz.wrapping import wrap
from transforms.records import Page
from transforms.rejection import RejectedRecord

_SHARED = "more records than bytes of compressed data"


def check(data: bytes) -> None:
    """Read it whole: no two records have one place, and what holds no record is told."""
    archive = wrap(Choices(data))
    items, (report,) = read(archive, [whole(archive)])
    assert items, "an archive of which nothing is said"
    places = [
        item.origin.record_offset
        for item in items
        if isinstance(item, Page) or (isinstance(item, RejectedRecord) and item.origin.record_type == "response")
        if not (isinstance(item, RejectedRecord) and item.rejection.detail == _SHARED)
    ]
    assert len(set(places)) == len(places)
    assert places == sorted(places)
    assert report.end_offset is None or report.end_offset <= max(len(archive), 1)
