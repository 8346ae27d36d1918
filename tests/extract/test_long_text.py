"""A page whose text is longer than a worker can take up at once is a counted loss."""

from __future__ import annotations

from transforms.extract.extractor import Extractor, ExtractParams
from transforms.records import Extraction, Origin, Page
from transforms.rejection import Reason, Rejection

SENTENCE = "The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again. "


def page(sentences: int) -> Page:
    origin = Origin("crawl.warc.gz", "crawl", 0, 0, "", "response", "https://example.org/")
    body = f"<html><body><article><p>{SENTENCE * sentences}</p></article></body></html>".encode()
    return Page(origin, "2024-06-01T00:00:00Z", "", (), "text/html", "utf-8", "", body)


def test_a_text_longer_than_the_limit_is_rejected_and_told_by_its_length() -> None:
    with Extractor(ExtractParams(max_text_bytes=1024)) as extractor:
        within, beyond = extractor.extract(page(10)), extractor.extract(page(11))
    assert isinstance(within, Extraction)
    assert beyond == Rejection(
        Reason.LONG_TEXT, f"a main text of {11 * len(SENTENCE) - 1} bytes, more than extract.max_text_bytes"
    )


def test_a_limit_out_of_range_is_a_mistake() -> None:
    assert [ExtractParams(max_text_bytes=size).problems() != [] for size in (1023, 1024, 1 << 28, (1 << 28) + 1)] == [
        True,
        False,
        False,
        True,
    ]
