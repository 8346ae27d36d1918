"""A page through all stages but the archive, in this process: its row can be written, and says the same when read."""

from __future__ import annotations

import io

import pyarrow.parquet as pq

from tests.fuzz.choices import Choices
from transforms.dedup.fingerprint import fingerprint, prepare
from transforms.dedup.params import SignatureParams
from transforms.extract.page import Request, extract_page
from transforms.filter.params import FilterParams
from transforms.filter.reading import TextReader
from transforms.records import Extraction, Origin, Page
from transforms.rejection import Rejection
from transforms.schema import DOCUMENTS, arrow_schema
from transforms.score.detector import Detector
from transforms.write.parquet import ParquetSink
from transforms.write.rows import Row, document_row

_READER = TextReader(FilterParams(reject=()))
_DETECTOR = Detector.load()
_SKETCHER = prepare(SignatureParams())
_SCHEMA = arrow_schema(DOCUMENTS)


def check(data: bytes) -> None:
    """Take the first line for the address of the page, and the rest for its body."""
    choices = Choices(data)
    url = "http://example.com/" + choices.line().decode("latin-1")
    body = choices.rest()
    extraction = extract_page(body, Request(url, (), "", "2024-05-01"), mode="resiliparse")
    if extraction is not None:
        _check_row(_row(_page(url, body), extraction))


def _page(url: str, body: bytes) -> Page:
    origin = Origin("/in/x.warc.gz", "x.warc.gz", 0, 0, "", "response", url)
    return Page(origin, "2024-05-01T10:20:30Z", f"sha1:{'A' * 32}", (), "text/html", "", "", body)


def _row(page: Page, extraction: Extraction) -> Row:
    url = page.origin.target_uri
    reading = _READER.read(extraction.text, url)
    assert not isinstance(reading, Rejection)
    assessment = _DETECTOR.assess(
        extraction.text,
        language=reading.language,
        script=reading.language_script,
        declarations=extraction.declarations,
        url=url,
    )
    return document_row(page, extraction, reading, assessment, fingerprint(extraction.text, _SKETCHER))


def _check_row(row: Row) -> None:
    file = io.BytesIO()
    with ParquetSink(file, _SCHEMA, row_group_bytes=1 << 20) as sink:
        sink.add(row, 1)
        sink.close({})
    # Without threads: one that lets go of a Python object late waits for an interpreter that libFuzzer's exit holds.
    (read,) = pq.ParquetFile(io.BytesIO(file.getvalue())).read(use_threads=False).to_pylist()
    for name in ("text", "title", "url", "id", "text_digest", "signature", "charset", "published", "token_count"):
        assert read[name] == row[name], name
