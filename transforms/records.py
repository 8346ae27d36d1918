"""What flows through a run: a record's place, a page, and what each stage adds to it.

Origin ─▶ Page ─▶ Extraction ─▶ Reading ─▶ Assessment ─▶ Fingerprint ─▶ one row of documents/*.parquet
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the parser of pages, which is often started, has no other use of it: a quarter of its start
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record lies in its archive, and what its WARC headers call it."""

    file_path: str  # address of the archive: absolute path or URI, valid Unicode (transforms.read.splits.escape_path)
    warc_file: str  # short name of the archive, unique among the inputs of a run
    record_offset: int  # bytes from the start of the (compressed) archive
    record_length: int  # (compressed) bytes; 0 if unknown
    record_id: str  # WARC-Record-ID as written, "" if the record has none
    record_type: str  # "response", "revisit", …; "" if the record could not be read
    target_uri: str  # as written in the record, "" if none


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML response: status 200, complete, transfer and content encodings removed."""

    origin: Origin
    date: str  # when it was fetched, UTC, "YYYY-MM-DDTHH:MM:SSZ"; "" if the record has no valid date
    payload_digest: str  # "sha1:BASE32" of the payload as archived
    headers: tuple[tuple[str, str], ...]  # HTTP headers in order, names in lower case
    content_type: str  # media type in lower case without parameters, "" if none
    charset: str  # charset parameter of Content-Type in lower case, "" if none
    dump: str  # Common Crawl's name of the snapshot, "CC-MAIN-YYYY-WW", "" if it is none
    body: bytes


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a page says, in a machine-readable way, about its own origin or about rights."""

    kind: str  # one of transforms.extract.declared.KINDS
    detail: str  # the value found, at most 200 characters


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text of a page, and what its markup says beside the text."""

    text: str  # main content, blocks separated by a newline
    title: str  # "" if none
    extractor: str  # e.g. "trafilatura-2.3.1/fast"
    charset: str  # the encoding the body was decoded with
    published: str  # "YYYY-MM-DD" as claimed by the page, "" if none
    published_source: str  # "json-ld", "meta", "http", "url", "" if none
    declarations: tuple[Declaration, ...]  # about origin; they become evidence
    rights: tuple[str, ...]  # "noai", "tdm-reservation", …: recorded, never weighed


@dataclass(frozen=True, slots=True)
class Reading:
    """What the filter saw in a text: its language, its size, and the published quality signals."""

    language: str  # ISO 639-1 or -3, "und" if undetermined
    language_script: str  # ISO 15924 of most letters, "Zyyy" if there are none
    language_score: float  # 0–1, higher is surer
    token_count: int  # see transforms.filter.tokens.count_tokens
    quality: float  # 0–1, higher is cleaner prose; orders copies, never weighs
    signals: dict[str, float]  # one value for each name in transforms.schema.SIGNALS
    failed: tuple[str, ...]  # rules the text breaks, whether or not they reject


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to think that a machine, or a person, wrote a page."""

    kind: str  # one of transforms.score.evidence.KINDS
    detail: str  # what was found, at most 200 characters, readable by a person
    log_ratio: float  # clipped log P(sign | machine) / P(sign | human), in nats: positive points to a machine


@dataclass(frozen=True, slots=True)
class Assessment:
    """The detector's opinion of one text."""

    detector_score: float | None  # log-odds that a machine wrote it, uncalibrated; higher is more machine
    abstain_reason: str  # "" if the detector did not abstain; detector_score may be None only if it did
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What dedup needs to know of a text."""

    text_digest: str  # 32 hex digits: 128 bits of BLAKE2b over the normalised text
    signature: NDArray[np.uint32]  # [num_hashes] MinHash of the shingles
    shingles: int  # number of distinct shingles; 0 for a text too short to compare
