"""Any bytes as an archive: items whose numbers add up, never an exception, every byte accounted for."""

from __future__ import annotations

import io

from benchmarks.coverage import unaccounted
from tests.fuzz.choices import Choices
from tests.fuzz.reading import PARAMS, read, whole
from tests.fuzz.wrapping import wrap
from transforms.read.lookup import look_up, page_of
from transforms.records import Page
from transforms.rejection import RejectedRecord

_PAGES = 4  # of an archive that are looked up: each may have it read from its start
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
    assert unaccounted(archive) == 0
    _check_trail(archive, [item for item in items if isinstance(item, Page)])
    assert report.end_offset is None or report.end_offset <= max(len(archive), 1)


def _check_trail(archive: bytes, pages: list[Page]) -> None:
    """The place in a row leads back to its page."""
    for page in pages[:_PAGES]:
        found = list(look_up(io.BytesIO(archive), {page.origin.record_offset}, PARAMS))
        assert [record.offset for record in found] == [page.origin.record_offset]
        assert page_of(found[0], page.origin, PARAMS) == page
