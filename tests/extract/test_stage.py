"""The Beam edge of extract."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.extract.extractor import ExtractParams
from transforms.extract.stage import EXTRACTED, REJECTED, ExtractText
from transforms.records import Origin, Page

SENTENCE = "The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again."


def page(url: str, text: str) -> Page:
    body = f"<html><head><title>t</title></head><body><p>{text}</p></body></html>".encode()
    return Page(Origin("c", "c", 0, 0, "", "response", url), "", "", (), "text/html", "", "", body)


def test_pages_part_into_extracted_and_rejected() -> None:
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        pages = pipeline | beam.Create([page("https://example.org/a", SENTENCE), page("https://example.org/b", "")])
        outcomes = pages | ExtractText(ExtractParams())
        texts = outcomes[EXTRACTED] | beam.MapTuple(lambda page, extraction: (page.origin.target_uri, extraction.text))
        reasons = outcomes[REJECTED] | beam.Map(
            lambda record: (record.origin.target_uri, record.rejection.reason.value)
        )
        assert_that(texts, equal_to([("https://example.org/a", SENTENCE)]), label="texts")
        assert_that(reasons, equal_to([("https://example.org/b", "no_text")]), label="reasons")
