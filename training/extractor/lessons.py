"""What the extractor learns from: blocks of crawled pages, and how much of each is main text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from tld import get_fld
from warcio.archiveiterator import ArchiveIterator

from benchmarks.extraction import words_of
from training.extractor.align import recalled
from transforms.extract import html
from transforms.extract.charset import decode
from transforms.extract.measures import measure
from transforms.extract.outline import outline

_CHARSET = re.compile(r"charset=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One page that has blocks."""

    url: str
    site: str  # registrable domain, or host: pages of one site are never on both sides of a fold
    texts: tuple[str, ...]  # of the blocks
    rows: NDArray[np.float32]  # [blocks, MEASURES]
    words: NDArray[np.intp]  # [blocks]
    share: NDArray[np.float64]  # [blocks] of its words that are main text
    gold: bool  # by people; else by our "fast" mode, which is wrong at times


def lessons(gold: Path, crawl: str) -> list[Lesson]:
    """All pages with text in the archives that match `crawl`, each URL once, in archive order."""
    table = pq.read_table(gold, columns=["url", "gold_text"]).to_pylist()
    texts = {row["url"]: row["gold_text"] for row in table if row["gold_text"]}
    found = (_lesson(url, source, texts.get(url, "")) for url, source in _pages(crawl))
    return [lesson for lesson in found if lesson]


def site_of(url: str) -> str:
    """The registrable domain of a URL, or its host if that has none."""
    return get_fld(url, fail_silently=True) or urlsplit(url).hostname or url


def _pages(crawl: str) -> Iterator[tuple[str, str]]:
    """URL and markup."""
    seen: set[str] = set()
    for path in sorted(glob(crawl)):
        with Path(path).open("rb") as stream:
            for record in ArchiveIterator(stream):
                url = record.rec_headers.get_header("WARC-Target-URI")
                if record.rec_type == "response" and url not in seen:
                    seen.add(url)
                    named = _CHARSET.search(record.http_headers.get_header("Content-Type") or "")
                    charset = named[1] if named else ""
                    yield url, decode(record.content_stream().read(), http_charset=charset)[0]


def _lesson(url: str, source: str, text: str) -> Lesson | None:
    tree = html.parse(source)
    page = outline(tree) if tree is not None else None
    if tree is None or page is None or not page.texts:
        return None
    blocks = [words_of(block) for block in page.texts]
    known = text or html.main_text(source, tree, url=url, mode="fast")[0]
    return Lesson(
        url=url,
        site=site_of(url),
        texts=tuple(page.texts),
        rows=measure(page),
        words=np.array([len(block) for block in blocks]),
        share=recalled(blocks, words_of(known)),
        gold=bool(text),
    )
