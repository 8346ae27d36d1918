"""Documents files as extract writes them, small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from transforms.records import Assessment, Evidence, Extraction, Fingerprint, Origin, Page, Reading
from transforms.schema import DOCUMENTS, SIGNALS, arrow_schema
from transforms.write.parquet import ParquetSink
from transforms.write.rows import Row, document_row

MakeDocuments = Callable[..., Path]


def make_row(offset: int, text: str, language: str = "en", url: str = "http://a.org/") -> Row:
    """A row of documents/*.parquet with this text."""
    origin = Origin("/in/a.warc.gz", "a.warc.gz", offset, 50, f"<urn:uuid:{offset}>", "response", url)
    page = Page(origin, "2021-05-06T07:08:09Z", "sha1:AAAA", (), "text/html", "utf-8", "", b"")
    return document_row(
        page,
        Extraction(text, "Title", "trafilatura-2/fast", "utf-8", "", "", (), ("noai",)),
        Reading(language, "Latn", 0.9, len(text.split()), 0.5, dict.fromkeys(SIGNALS, 0.25), ("c4_sentences",)),
        Assessment(-1.5, "", (Evidence("declared", "ai-disclosure: header", 6.9),)),
        Fingerprint("0" * 32, np.arange(4, dtype=np.uint32), 7),
    )


@pytest.fixture
def make_documents(tmp_path: Path) -> MakeDocuments:
    """A function that writes a documents file of these rows, `group` bytes of text to a row group."""

    def make(rows: list[Row], *, group: int = 1 << 20, name: str = "documents.parquet") -> Path:
        path = tmp_path / name
        with open(path, "wb") as sink, ParquetSink(sink, arrow_schema(DOCUMENTS), row_group_bytes=group) as file:
            for row in rows:
                file.add(row, len(str(row["text"])))
            file.close({"rows": len(rows)})
        return path

    return make
