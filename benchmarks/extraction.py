"""How well, and how fast, each extractor finds the main text: `python -m benchmarks.extraction`.

Prints a Markdown table. Word F1 compares the multiset of words (each CJK or Thai character is one) with the gold text,
averaged over pages. Segments are sentences that must, or must not, appear: precision, recall and F1 over all of them.
"blocks" was fitted on our development pages: on these its quality is flattered, and `make judge-extractor` has the
figures for sites it never saw; its cost is its cost.
The rows below the line are trafilatura alone, on the same decoded pages: what ours has to beat.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path

import pyarrow.parquet as pq
from trafilatura.core import extract as trafilatura_extract
from warcio.archiveiterator import ArchiveIterator

from transforms.extract.charset import decode
from transforms.extract.extractor import MODES
from transforms.extract.page import Request, extract_page

_DATA = Path("../shared/data")
_SINGLE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"  # Thai, kana, ideographs, Hangul
_WORD = re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as crawled, and what should be extracted from it."""

    body: bytes
    request: Request
    text: str  # "" if only segments are known
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """Running totals of one extractor."""

    word_f1: list[float] = field(default_factory=list)
    segment_pages: int = 0
    found: int = 0
    missed: int = 0
    intruding: int = 0
    seconds: float = 0.0
    pages: int = 0

    def add(self, page: GoldPage, text: str) -> None:
        """Compare one extracted text with its gold."""
        self.pages += 1
        if page.text:
            self.word_f1.append(word_f1(text, page.text))
        if page.wanted or page.unwanted:
            flat = " ".join(text.split())
            found = sum(segment in flat for segment in page.wanted)
            self.segment_pages += 1
            self.found += found
            self.missed += len(page.wanted) - found
            self.intruding += sum(segment in flat for segment in page.unwanted)

    @property
    def mean_word_f1(self) -> float:
        """0–1, higher is better."""
        return sum(self.word_f1) / len(self.word_f1)

    @property
    def segment_f1(self) -> float:
        """0–1, higher is better."""
        return 2 * self.found / (2 * self.found + self.missed + self.intruding)


def word_f1(text: str, gold: str) -> float:
    """F1 of two multisets of lower-case words, 0–1.

    >>> word_f1("one two two", "one two three")
    0.6666666666666666
    """
    ours, theirs = Counter(words_of(text)), Counter(words_of(gold))
    size = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / size if size else 1.0


def words_of(text: str) -> list[str]:
    """Lower-case words in order; each CJK or Thai character is one."""
    return _WORD.findall(text.lower())


def gold_pages(gold: Path, crawl: str) -> Iterator[GoldPage]:
    """Every gold page found in the archives, each URL once, in archive order."""
    rows = {row["url"]: row for row in pq.read_table(gold).to_pylist()}
    for path in sorted(glob(crawl)):
        with Path(path).open("rb") as stream:
            for record in ArchiveIterator(stream):
                url = record.rec_headers.get_header("WARC-Target-URI")
                if record.rec_type == "response" and (row := rows.pop(url, None)):
                    segments = json.loads(row["gold_segments"] or "{}")
                    yield GoldPage(
                        body=record.content_stream().read(),
                        request=_request(record, url),
                        text=row["gold_text"],
                        wanted=_segments(segments, "with_"),
                        unwanted=_segments(segments, "without"),
                    )


def _request(record: object, url: str) -> Request:
    headers = tuple((name.lower(), value) for name, value in record.http_headers.headers)  # type: ignore[attr-defined]
    content_type = dict(headers).get("content-type", "").lower()
    return Request(url=url, headers=headers, charset=content_type.partition("charset=")[2], fetched="")


def _segments(segments: dict[str, list[str]], key: str) -> tuple[str, ...]:
    values = segments.get(key) or segments.get(f"hard_{key}") or []
    return tuple(" ".join(value.split()) for value in values)


def ours(mode: str) -> Callable[[GoldPage], str]:
    """The whole extract stage in one process: charset, text, dates, declarations."""

    def run(page: GoldPage) -> str:
        extraction = extract_page(page.body, page.request, mode=mode)
        return extraction.text if extraction else ""

    return run


def bare(*, fast: bool) -> Callable[[GoldPage], str]:
    """trafilatura with its default settings, text only."""

    def run(page: GoldPage) -> str:
        html, _ = decode(page.body, http_charset=page.request.charset)
        return trafilatura_extract(html, url=page.request.url, fast=fast) or ""

    return run


def score(pages: list[GoldPage], run: Callable[[GoldPage], str]) -> Score:
    """The score of one extractor, CPU seconds included."""
    total = Score()
    for page in pages:
        start = time.process_time()
        text = run(page)
        total.seconds += time.process_time() - start
        total.add(page, text)
    return total


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Compare extractors on pages with known main text.")
    parser.add_argument("--gold", type=Path, default=_DATA / "gold/extraction.parquet", help="gold texts and segments")
    parser.add_argument("--crawl", default=str(_DATA / "crawl/*.warc.gz"), help="archives that hold the pages")
    arguments = parser.parse_args()
    _need(parser, arguments.gold, arguments.crawl)
    pages = list(gold_pages(arguments.gold, arguments.crawl))
    runs = {f"{mode} (knows these pages)" if mode == "blocks" else mode: ours(mode) for mode in MODES}
    runs |= {"trafilatura, fast": bare(fast=True), "trafilatura, default": bare(fast=False)}
    print("| extractor | pages | full | word F1 | segments | precision | recall | segment F1 | ms CPU a page |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, run in runs.items():
        print(_row(name, score(pages, run)), flush=True)


def _need(parser: argparse.ArgumentParser, gold: Path, crawl: str) -> None:
    if not gold.is_file():
        parser.exit(
            2, f"no gold texts in {str(gold)!r}: our development data is not published; name yours with --gold\n"
        )
    if not glob(crawl):
        parser.exit(
            2, f"no archive matches {crawl!r}: our development data is not published; name yours with --crawl\n"
        )


def _row(name: str, total: Score) -> str:
    precision = total.found / (total.found + total.intruding)
    recall = total.found / (total.found + total.missed)
    return (
        f"| {name} | {total.pages} | {len(total.word_f1)} | {total.mean_word_f1:.3f} | {total.segment_pages} "
        f"| {precision:.3f} | {recall:.3f} | {total.segment_f1:.3f} | {1000 * total.seconds / total.pages:.1f} |"
    )


if __name__ == "__main__":
    main()
