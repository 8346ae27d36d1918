"""Rows of each output as dicts by column name: the one place where stages' values become columns."""

from __future__ import annotations

from hashlib import blake2b

from transforms.records import Assessment, Extraction, Fingerprint, Origin, Page, Reading
from transforms.rejection import RejectedRecord

Row = dict[str, object]


def document_id(origin: Origin) -> str:
    """32 hex digits from the archive's short name and the record's offset: stable under any splitting of the work."""
    return page_id(origin.warc_file, origin.record_offset)


def page_id(warc_file: str, record_offset: int) -> str:
    """The id of the record at this place."""
    return blake2b(f"{warc_file}\0{record_offset}".encode(), digest_size=16).hexdigest()


def document_row(
    page: Page, extraction: Extraction, reading: Reading, assessment: Assessment, fingerprint: Fingerprint
) -> Row:
    """One row of documents/*.parquet (`transforms.schema.DOCUMENTS`)."""
    origin = page.origin
    return {
        "text": extraction.text,
        "id": document_id(origin),
        "dump": page.dump,
        "url": origin.target_uri,
        "date": page.date,
        "file_path": origin.file_path,
        "language": reading.language,
        "language_script": reading.language_script,
        "language_score": reading.language_score,
        "token_count": reading.token_count,
        "title": extraction.title,
        "published": extraction.published,
        "published_source": extraction.published_source,
        "warc_file": origin.warc_file,
        "record_offset": origin.record_offset,
        "record_length": origin.record_length,
        "record_id": origin.record_id,
        "payload_digest": page.payload_digest,
        "text_digest": fingerprint.text_digest,
        "extractor": extraction.extractor,
        "charset": extraction.charset,
        "quality": reading.quality,
        "signals": reading.signals,
        "rules_failed": reading.failed,
        **judgement(assessment),
        "rights": extraction.rights,
        "shingles": fingerprint.shingles,
        "signature": fingerprint.signature.astype("<u4").tobytes(),
    }


def judgement(assessment: Assessment) -> Row:
    """The columns of a row that scoring fills."""
    return {
        "detector_score": assessment.detector_score,
        "abstain_reason": assessment.abstain_reason,
        "evidence": [{"kind": e.kind, "detail": e.detail, "log_ratio": e.log_ratio} for e in assessment.evidence],
    }


def rejection_row(rejected: RejectedRecord) -> Row:
    """One row of rejections/*.parquet (`transforms.schema.REJECTIONS`)."""
    origin, rejection = rejected.origin, rejected.rejection
    return {
        "target_uri": origin.target_uri,
        "warc_file": origin.warc_file,
        "record_offset": origin.record_offset,
        "record_id": origin.record_id,
        "record_type": origin.record_type,
        "stage": rejection.stage,
        "reason": rejection.reason.value,
        "detail": rejection.detail,
    }
