"""Beam edge of filter."""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.filter.params import FilterParams
from transforms.filter.reading import TextReader
from transforms.records import Extraction, Origin, Reading
from transforms.rejection import RejectedRecord, Rejection

KEPT, REJECTED = "kept", "rejected"


Extracted = tuple[Origin, Extraction]
Kept = tuple[Origin, Extraction, Reading]
Refused = TaggedOutput[str, RejectedRecord]


class FilterDocuments(beam.PTransform[PCollection[Extracted], DoOutputsTuple]):
    """(Origin, Extraction) → `kept`: (Origin, Extraction, Reading); `rejected`: RejectedRecord."""

    def __init__(self, params: FilterParams) -> None:
        super().__init__()
        self._reader = TextReader(params)  # here, not on the workers: they may not see the block lists' files

    def expand(self, extractions: PCollection[Extracted]) -> DoOutputsTuple:
        outputs: DoOutputsTuple = extractions | beam.FlatMap(_read, self._reader).with_outputs(REJECTED, main=KEPT)
        return outputs


def _read(element: Extracted, reader: TextReader) -> Iterator[Kept | Refused]:
    origin, extraction = element
    reading = reader.read(extraction.text, origin.target_uri)
    if isinstance(reading, Rejection):
        yield TaggedOutput(REJECTED, RejectedRecord(origin, reading))
    else:
        yield origin, extraction, reading
