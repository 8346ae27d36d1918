"""The Beam edge of filter."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.filter.params import FilterParams
from transforms.filter.reading import TextReader
from transforms.filter.stage import KEPT, REJECTED, FilterDocuments
from transforms.records import Extraction, Origin
from transforms.rejection import Reason, RejectedRecord, Rejection

PARAMS = FilterParams(reject=("gopher_words",), thresholds=("gopher_words_min=5",))


def element(text: str) -> tuple[Origin, Extraction]:
    origin = Origin("a.warc.gz", "a.warc.gz", 0, 0, "", "response", "https://example.org/")
    return origin, Extraction(text, "", "none", "utf-8", "", "", (), ())


def test_beam_gives_what_the_reader_gives() -> None:
    kept, dropped = element("The river was high that spring and the ferry did not run."), element("Too short.")
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        outputs = pipeline | beam.Create([kept, dropped]) | FilterDocuments(PARAMS)
        reading = TextReader(PARAMS).read(kept[1].text, kept[0].target_uri)
        assert_that(outputs[KEPT], equal_to([(*kept, reading)]), label="kept")
        refused = RejectedRecord(dropped[0], Rejection(Reason.QUALITY, "gopher_words=2"))
        assert_that(outputs[REJECTED], equal_to([refused]), label="rejected")
