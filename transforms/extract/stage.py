"""The Beam edge of extract."""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.extract.extractor import Extractor, ExtractParams
from transforms.records import Extraction, Page
from transforms.rejection import RejectedRecord, Rejection

EXTRACTED = "extracted"
REJECTED = "rejected"


class ExtractText(beam.PTransform[PCollection[Page], DoOutputsTuple]):
    """Pages to `EXTRACTED`, (Page, Extraction), and `REJECTED`, RejectedRecord."""

    def __init__(self, params: ExtractParams) -> None:
        super().__init__()
        self._params = params

    def expand(self, pages: PCollection[Page]) -> DoOutputsTuple:
        outcomes: DoOutputsTuple = pages | beam.ParDo(_ExtractText(self._params)).with_outputs(REJECTED, main=EXTRACTED)
        return outcomes


class _ExtractText(beam.DoFn):
    def __init__(self, params: ExtractParams) -> None:
        self._params = params

    def setup(self) -> None:
        self._extractor = Extractor(self._params)

    def process(self, page: Page) -> Iterator[tuple[Page, Extraction] | TaggedOutput[str, RejectedRecord]]:
        outcome = self._extractor.extract(page)
        if isinstance(outcome, Rejection):
            yield TaggedOutput(REJECTED, RejectedRecord(page.origin, outcome))
        else:
            yield page, outcome

    def teardown(self) -> None:
        self._extractor.close()
