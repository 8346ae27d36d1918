"""Why a record left the run: every reason is named here, once, with what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transforms.records import Origin


class Reason(StrEnum):
    """A reason for rejection; its value is what the output says. `STAGE` and `MEANING` describe each."""

    # read
    REVISIT = "revisit"
    NOT_RESPONSE = "not_response"
    CONTINUATION = "continuation"
    TRUNCATED = "truncated"
    OVERSIZED = "oversized"
    BAD_HTTP = "bad_http"
    BAD_ENCODING = "bad_encoding"
    HTTP_STATUS = "http_status"
    NOT_HTML = "not_html"
    EMPTY_BODY = "empty_body"
    CORRUPT_RECORD = "corrupt_record"
    CORRUPT_ARCHIVE = "corrupt_archive"
    NOT_ARCHIVE = "not_archive"
    # extract
    TIMEOUT = "timeout"
    PARSER_CRASH = "parser_crash"
    EXTRACTION_ERROR = "extraction_error"
    LONG_TEXT = "long_text"
    NO_TEXT = "no_text"
    # filter
    URL_BLOCKED = "url_blocked"
    LANGUAGE = "language"
    QUALITY = "quality"
    # dedup
    DUPLICATE_EXACT = "duplicate_exact"
    DUPLICATE_NEAR = "duplicate_near"


MEANING: dict[Reason, tuple[str, str]] = {
    Reason.REVISIT: ("read", "a revisit record: the payload was archived by an earlier capture"),
    Reason.NOT_RESPONSE: ("read", "no HTTP response: a resource, conversion, or response of another scheme (dns)"),
    Reason.CONTINUATION: ("read", "a continuation of a segmented record"),
    Reason.TRUNCATED: ("read", "the crawler cut the record (WARC-Truncated) or the archive ends inside it"),
    Reason.OVERSIZED: ("read", "larger than the configured limit, as archived or once decoded"),
    Reason.BAD_HTTP: ("read", "no HTTP status line and headers could be read"),
    Reason.BAD_ENCODING: ("read", "the content encoding it declares could not be undone"),
    Reason.HTTP_STATUS: ("read", "HTTP status other than 200"),
    Reason.NOT_HTML: ("read", "neither declared nor recognised as HTML"),
    Reason.EMPTY_BODY: ("read", "the response has no body"),
    Reason.CORRUPT_RECORD: ("read", "a record whose headers or block could not be read"),
    Reason.CORRUPT_ARCHIVE: ("read", "a region of the archive that could not be read"),
    Reason.NOT_ARCHIVE: ("read", "a file that is no archive"),
    Reason.TIMEOUT: ("extract", "parsing overran the time limit; the parser was killed"),
    Reason.PARSER_CRASH: ("extract", "the parser process died on this page"),
    Reason.EXTRACTION_ERROR: ("extract", "the extractor raised an error"),
    Reason.LONG_TEXT: ("extract", "a main text longer than the configured limit"),
    Reason.NO_TEXT: ("extract", "no main text was found"),
    Reason.URL_BLOCKED: ("filter", "the host or URL is on a block list"),
    Reason.LANGUAGE: ("filter", "the language is not among those asked for, or is too uncertain"),
    Reason.QUALITY: ("filter", "breaks a quality rule that is configured to reject; the detail names it"),
    Reason.DUPLICATE_EXACT: ("dedup", "the same normalised text as the copy that was kept"),
    Reason.DUPLICATE_NEAR: ("dedup", "in the same near-duplicate component as the copy that was kept"),
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """A function's refusal of a value. `detail` names the value, never quotes page text, ≤ 300 characters."""

    reason: Reason
    detail: str

    @property
    def stage(self) -> str:
        """The stage that gives this reason."""
        return MEANING[self.reason][0]


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A rejection and the record it befell: one row of rejections/*.parquet."""

    origin: Origin
    rejection: Rejection
