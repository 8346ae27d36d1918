"""What the user may set about reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadParams:
    """Limits that keep a hostile or absurd record from taking the memory of a worker. A worker may hold the record,
    its body and the decoded body at once: three times the larger limit."""

    # Common Crawl cuts payloads at 5 MiB (1 MiB before March 2025) and the extractor refuses pages above 20 MB.
    max_record_bytes: int = 16 << 20  # block of a WARC record as archived: HTTP headers and body
    max_body_bytes: int = 16 << 20  # body with its transfer and content encodings undone
    max_header_bytes: int = 1 << 18  # header lines of a record, and of an HTTP response; browsers stop at 256 KiB too
    # Whether a response must agree with its WARC-Block-Digest where no checksum has shown its bytes to be right when it
    # is read: in a plain archive, in zstd frames without checksums, in a member or frame of many records but for those
    # at its end. false reads archives whose writer got the digests wrong, and takes changed bytes for pages.
    check_digests: bool = True

    def problems(self) -> list[str]:
        """Every value that is out of range, as a sentence with the cure; empty if all are fine."""
        bounds = {
            "max_record_bytes": (self.max_record_bytes, 1 << 10, 1 << 30),
            "max_body_bytes": (self.max_body_bytes, 1 << 10, 1 << 30),
            "max_header_bytes": (self.max_header_bytes, 1 << 10, 1 << 24),
        }
        return [
            f"read.{name} = {value!r}: expected {low} to {high} bytes; leave it out to get the default"
            for name, (value, low, high) in bounds.items()
            if not low <= value <= high
        ]
