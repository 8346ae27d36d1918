"""A crawl grown to any size: its pages again and again, each time with their words in another order.

    python -m benchmarks.grown [--crawl GLOB] [--pages 10000] [--out out/grown]

Markup, scripts, headers, sizes and the mix of sites stay what they are, and texts differ, so that MinHash has as much
to do as with so many pages of the web. One page in twenty is an exact copy of an earlier one under another address, and
one in twenty a near copy, one word in 200 doubled. `truth.parquet` names for each page the component it belongs
to. Every page follows from `--seed`, its place in the crawl and the number of its round alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import glob
import gzip
import hashlib
import itertools
import random
import sys
import uuid
from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

from benchmarks.shuffled import change_words, shuffle_words
from transforms.extract.charset import decode

CRAWL = "../shared/data/crawl/*.warc.gz"
ALONE, EXACT, NEAR = "alone", "exact", "near"
_PLANTED = 0.05  # share of the pages that are exact copies, and again that are near copies
_EVERY = 200  # words for one that is changed: of 200 shingles of five words 5 differ, so Jaccard's index is about .95
_REPLACED = {"warc-target-uri", "warc-record-id", "warc-payload-digest", "warc-block-digest", "content-length"}
_OF_BODY = {"content-length", "content-encoding", "transfer-encoding"}  # HTTP headers: the body is written as it is


@dataclass(frozen=True, slots=True)
class Planted:
    """One page of the truth."""

    warc_file: str
    record_offset: int
    component: int  # the same for a page and its copies
    kind: str  # ALONE, or what it is of its component's first page: EXACT, NEAR


@dataclass(frozen=True, slots=True)
class Role:
    """What a page of a round is."""

    round: int  # in which its words were ordered: this one, or the one it is a copy of
    kind: str


def role(seed: int, page: int, round: int) -> Role:
    """What page number `page` of the crawl is in this round.

    >>> role(1, 5, 0)
    Role(round=0, kind='alone')
    """
    drawn = random.Random(f"{seed}/{page}/{round}")  # noqa: S311 - no secret
    chance = drawn.random()
    if round == 0 or chance >= 2 * _PLANTED:
        return Role(round, ALONE)
    first = role(seed, page, drawn.randrange(round))  # of whom that is a copy, this is one too
    return Role(first.round, EXACT if chance < _PLANTED else NEAR)


def grow(archives: Sequence[str], out: Path, *, pages: int, seed: int) -> Iterator[Planted]:
    """Writes archives into `out` and yields what they hold, page by page; all archives once in each round."""
    written = 0
    for round in itertools.count():
        page = 0
        for number, archive in enumerate(archives):
            name = f"grown-{round:03d}-{number:03d}.warc.gz"
            if written == pages:
                return
            for planted in _grow_one(archive, out / name, _Place(seed, round, page), most=pages - written):
                yield planted
                page, written = page + 1, written + 1
        if not page:
            raise SystemExit(f"no response records in {', '.join(archives)}")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an archive stands in what is written."""

    seed: int
    round: int
    page: int  # of the crawl, the archive's first


def _grow_one(archive: str, target: Path, place: _Place, *, most: int) -> Iterator[Planted]:
    """Writes this archive's pages, `most` of them."""
    with open(archive, "rb") as source, open(target, "wb") as sink:
        records = (record for record in ArchiveIterator(source) if record.rec_type == "response")
        for page, record in enumerate(itertools.islice(records, most), start=place.page):
            what = role(place.seed, page, place.round)
            yield Planted(target.name, sink.tell(), page + (what.round << 32), what.kind)
            sink.write(gzip.compress(_record(record, what, f"{place.seed}/{page}", place.round), 6, mtime=0))


def _record(record: ArcWarcRecord, what: Role, seed: str, round: int) -> bytes:
    """The record with another page in it, under another address."""
    http: StatusAndHeaders = record.http_headers
    block = _http(http, _body(record.content_stream().read(), http, what, f"{seed}/{what.round}", f"{seed}/{round}"))
    address = record.rec_headers.get_header("WARC-Target-URI")
    own = {
        "WARC-Target-URI": f"{address}{'&' if '?' in address else '?'}round={round}",
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{address} {seed}/{round}')}>",
        "WARC-Payload-Digest": f"sha1:{_sha1(block.partition(_END)[2])}",
        "WARC-Block-Digest": f"sha1:{_sha1(block)}",
        "Content-Length": str(len(block)),
    }
    kept = [(name, value) for name, value in record.rec_headers.headers if name.lower() not in _REPLACED]
    lines = [record.rec_headers.protocol, *(f"{name}: {value}" for name, value in (*kept, *own.items()))]
    return "\r\n".join(lines).encode() + _END + block + _END


_END = b"\r\n\r\n"


def _body(body: bytes, http: StatusAndHeaders, what: Role, order: str, change: str) -> bytes:
    """Another page of the same length, or nearly so, in the same encoding; `order` and `change` are seeds."""
    charset = (http.get_header("Content-Type") or "").lower().partition("charset=")[2].strip("\"' ")
    html, codec = decode(body, http_charset=charset)
    html = shuffle_words(html, order)
    if what.kind == NEAR:
        html = change_words(html, change, every=_EVERY)
    return html.encode(codec, "xmlcharrefreplace")


def _http(http: StatusAndHeaders, body: bytes) -> bytes:
    kept = [f"{name}: {value}" for name, value in http.headers if name.lower() not in _OF_BODY]
    lines = [f"{http.protocol} {http.statusline}", *kept, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("utf-8", "replace") + _END + body


def _sha1(data: bytes) -> str:
    return b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def write_truth(planted: Iterable[Planted], out: Path) -> int:
    """Write `truth.parquet` once all pages are there; returns how many."""
    rows = [dataclasses.asdict(page) for page in planted]
    pq.write_table(pa.Table.from_pylist(rows), out / "truth.parquet")
    return len(rows)


def archives_of(pattern: str) -> list[str]:
    """The archives that match, in order; ends the program where there are none."""
    if archives := sorted(glob.glob(pattern)):
        return archives
    sys.exit(f"no archives match {pattern}: name some with --crawl")


def main() -> int:
    """Grow what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grown", description=__doc__.split("\n")[0])
    parser.add_argument("--crawl", default=CRAWL, help="glob of archives")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("out/grown"))
    options = parser.parse_args()
    archives = archives_of(options.crawl)
    options.out.mkdir(parents=True, exist_ok=True)
    for stale in options.out.glob("grown-*.warc.gz"):
        stale.unlink()
    count = write_truth(grow(archives, options.out, pages=options.pages, seed=options.seed), options.out)
    size = sum(path.stat().st_size for path in options.out.glob("*.warc.gz"))
    print(f"{count} pages, {size / 1e6:.0f} MB, in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
