"""What a run leaves and moves: rows and bytes of its folders, bytes of its shuffles, memory, requests to a store."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.interval import Interval, expand
from pipeline.sample import Sample
from pipeline.traffic import reads, shuffled, writes
from pipeline.workload import Workload

_DOUBLED = 0.025  # share by which a row weighs less in a file of twice the text (35 to 568 rows of the crawl)
_LOOK_BACK = 4 << 20  # bytes of text in a file from which on it does not


@dataclass(frozen=True, slots=True)
class Volume:
    """Rows, bytes and requests of a whole run."""

    records: Interval
    pages: Interval  # responses
    documents: Interval  # rows of documents/
    rows: Interval  # of the corpus
    text_bytes: Interval  # of the documents
    documents_bytes: Interval
    corpus_bytes: Interval
    rejections_bytes: Interval
    shuffle_bytes: Interval
    reads: Interval
    writes: Interval
    shards: int

    @property
    def output_bytes(self) -> Interval:
        """Bytes of the three folders."""
        return self.documents_bytes + self.corpus_bytes + self.rejections_bytes


def volume(work: Workload, sample: Sample, *, kept: float | None) -> Volume:
    """The volume of a run; `kept`, where it is known, is the share of the documents that curation keeps, 0–1."""
    documents, text = _whole(work, sample, "rows"), _whole(work, sample, "text_bytes")
    shards = math.ceil(text.value / work.shard_bytes) or 1
    share = kept_share(sample, documents) if kept is None else Interval.exact(kept)
    rows = _product(documents, share)
    return Volume(
        records=_whole(work, sample, "records"),
        pages=_whole(work, sample, "responses"),
        documents=documents,
        rows=rows,
        text_bytes=text,
        documents_bytes=_documents_bytes(work, sample, text),
        corpus_bytes=_corpus_bytes(work, sample, share, text_in_shard=text.value / shards)
        + Interval.exact((sample.curated.corpus_file if sample.curated else 0.0) * shards),
        rejections_bytes=_rejections_bytes(work, sample, dropped=documents.value - rows.value, shards=shards),
        shuffle_bytes=shuffled(work, documents, share),
        reads=Interval.exact(reads(work)),
        writes=Interval.exact(writes(work, shards)),
        shards=shards,
    )


def _product(amount: Interval, share: Interval) -> Interval:
    return Interval(amount.low * share.low, amount.value * share.value, amount.high * share.high)


def kept_share(sample: Sample, documents: Interval) -> Interval:
    """The share of documents that curation keeps, as far as the sample tells: 1 - dropped / documents, and at least.

    A sample of a share f sees a pair of duplicates with f², and of a large group nearly all but one. So what the sample
    drops is the least that the whole does. At most it is 1 / f times that share, the share if all are pairs, and a page
    more; of pairs, half at most is dropped.
    """
    curated = sample.curated
    if curated is None or not curated.documents:
        return Interval(0.5, 1.0, 1.0)
    share = min(1.0, curated.documents / documents.value) if sample.within and documents.value else 0.0
    dropped = curated.documents - curated.kept
    least = dropped / curated.documents
    most = min(0.5, (dropped + 1 - share) / curated.documents / share) if share else 0.5
    return Interval(1 - max(least, most), 1 - least, 1 - least)


def _shrunk(weighed: float, text_in_file: float) -> float:
    """By how much rows weigh less in files of so much text than in one of `weighed` bytes of it."""
    if weighed <= 0 or text_in_file <= weighed:
        return 1.0
    doublings = math.log2(max(1.0, min(text_in_file, _LOOK_BACK) / weighed))
    return float((1 - _DOUBLED) ** doublings)


def _documents_bytes(work: Workload, sample: Sample, text: Interval) -> Interval:
    files = len(work.splits)
    rows = _whole(work, sample, "documents_bytes").times(_shrunk(sample.text_in_file, text.value / max(files, 1)))
    return rows + Interval.exact(sample.documents_file * files)


def _rejections_bytes(work: Workload, sample: Sample, *, dropped: float, shards: int) -> Interval:
    """Those of extraction, and a row for each document that curation drops."""
    refused, count = _whole(work, sample, "rejections_bytes"), _whole(work, sample, "refusals").value
    files = sample.rejections_file * (len(work.splits) + shards)
    return refused + Interval.exact(files + dropped * refused.value / max(count, 1))


def _corpus_bytes(work: Workload, sample: Sample, share: Interval, *, text_in_shard: float) -> Interval:
    """Documents without their signatures, as many as are kept, by what the sample's corpus weighed for its own."""
    curated = sample.curated
    if curated and curated.kept:
        seen = sum(part.documents_bytes for part in sample.parts)
        full = curated.corpus_bytes * curated.documents / curated.kept
        whole = _whole(work, sample, "documents_bytes").times(full / seen if seen else 0.0)
        return _product(whole, share).times(_shrunk(curated.text_in_file, text_in_shard))
    parts = [
        (float(part.archive_bytes), max(0.0, part.documents_bytes - 4 * work.num_hashes * part.rows))
        for part in sample.parts
    ]
    whole = expand(parts, work.archive_bytes, within=sample.within)
    return _product(whole, share).times(_shrunk(sample.text_in_file, text_in_shard))


def _whole(work: Workload, sample: Sample, name: str) -> Interval:
    """A field of the parts, for all the archives."""
    parts = [(float(part.archive_bytes), float(getattr(part, name))) for part in sample.parts]
    return expand(parts, work.archive_bytes, within=sample.within)
