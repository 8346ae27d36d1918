"""Archives made on the spot, by warcio's writer wherever it can make them."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from transforms.read.chain import SplitReport
from transforms.read.params import ReadParams
from transforms.read.response import Passed
from transforms.read.splits import Archive, Split, plan_splits
from transforms.read.warc import Item, read_split
from transforms.records import Page
from transforms.rejection import Reason, RejectedRecord

HTML = b"<!doctype html><html><head><title>A page</title></head><body><p>Some text.</p></body></html>"


@dataclass(frozen=True)
class Result:
    """All that came out of one or more splits."""

    items: list[Item]
    reports: list[SplitReport]

    @property
    def pages(self) -> list[Page]:
        return [item for item in self.items if isinstance(item, Page)]

    @property
    def rejected(self) -> list[RejectedRecord]:
        return [item for item in self.items if isinstance(item, RejectedRecord)]

    @property
    def reasons(self) -> list[Reason]:
        return [item.rejection.reason for item in self.rejected]

    @property
    def outcome(self) -> list[str]:
        """A word for each item in order: page, passed, or the reason."""
        return [_word(item) for item in self.items]


def _word(item: Item) -> str:
    if isinstance(item, RejectedRecord):
        return item.rejection.reason.value
    return "passed" if isinstance(item, Passed) else "page"


@dataclass(frozen=True)
class Workshop:
    """Makes records and archives, and reads them."""

    date: str = "2024-05-01T10:20:30Z"
    http: tuple[tuple[str, str], ...] = field(default=(("Content-Type", "text/html; charset=utf-8"),))

    def record(
        self,
        body: bytes = HTML,
        *,
        uri: str = "http://example.com/",
        kind: str = "response",
        status: str = "200 OK",
        http: Sequence[tuple[str, str]] | None = None,
        warc: dict[str, str] | None = None,
        version: str = "1.0",
    ) -> bytes:
        """One uncompressed WARC record; `http` and `warc` are header fields."""
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=False, warc_version=version)
        headers = None
        if kind in {"response", "request", "revisit"} and not uri.startswith("dns:"):
            line = status if kind != "request" else "GET / HTTP/1.1"
            headers = StatusAndHeaders(line, list(self.http if http is None else http), "HTTP/1.1")
            headers = StatusAndHeaders(line, headers.headers, is_http_request=True) if kind == "request" else headers
        fields = {"WARC-Date": self.date, "WARC-Record-ID": f"<urn:test:{zlib.crc32(body + uri.encode())}>"}
        record = writer.create_warc_record(
            uri, kind, io.BytesIO(body), len(body), warc_headers_dict=fields | (warc or {}), http_headers=headers
        )
        writer.write_record(record)
        return out.getvalue()

    def warcinfo(self) -> bytes:
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=False)
        writer.write_record(writer.create_warcinfo_record("test.warc.gz", {"software": "tests"}))
        return out.getvalue()

    def arc(self, *pages: tuple[str, bytes], version: str = "1") -> list[bytes]:
        """ARC records, the version block first; each page is a URI and an HTTP response."""
        names = b"URL IP-address Archive-date Content-type Archive-length\n"
        block = version.encode() + b" 0 InternetArchive\n" + names
        first = b"filedesc://x.arc 0.0.0.0 20040101000000 text/plain %d\n%s\n" % (len(block), block)
        lines = (b"%s 192.0.2.1 20040405060708 text/html %d\n%s\n" % (u.encode(), len(b), b) for u, b in pages)
        return [first, *lines]

    def members(self, records: Sequence[bytes], *, level: int = 6) -> bytes:
        """A gzip member for each record."""
        return b"".join(gzip.compress(record, level, mtime=0) for record in records)

    def read(self, data: bytes, params: ReadParams | None = None, *, limit: int | None = None) -> Result:
        """The archive read as one split."""
        split = Split("/in/x.warc.gz", "x.warc.gz", len(data), 0, len(data), limit)
        return self.read_splits(data, [split], params)

    def read_by(self, data: bytes, split_bytes: int) -> Result:
        """The archive read in splits of this size."""
        archive = Archive("/in/x.warc.gz", "x.warc.gz", len(data), splittable=True)
        return self.read_splits(data, plan_splits([archive], split_bytes=split_bytes))

    def read_splits(self, data: bytes, splits: Sequence[Split], params: ReadParams | None = None) -> Result:
        """These splits read one after the other, each from a fresh stream."""
        result = Result([], [])
        for split in splits:
            *items, report = read_split(io.BytesIO(data), split, params or ReadParams())
            assert isinstance(report, SplitReport)
            assert report.records + report.gaps == len(items) == report.pages + report.rejected + report.passed
            result.items.extend(item for item in items if not isinstance(item, SplitReport))
            result.reports.append(report)
        return result


@pytest.fixture(scope="session")
def make() -> Workshop:
    """Makes records and archives, and reads them."""
    return Workshop()


@pytest.fixture(scope="session")
def html() -> bytes:
    """A small page."""
    return HTML


@pytest.fixture(scope="session")
def peak_bytes() -> Callable[[Callable[[], object]], int]:
    """Runs a function and gives the most memory that Python objects took meanwhile."""
    import tracemalloc

    def measure(run: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            run()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measure
