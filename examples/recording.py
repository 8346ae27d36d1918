"""Recording the example web over real HTTP into WARC files, with the truth about each address beside them."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

# Importing this puts a recording connection in the place of http.client.HTTPConnection, which is looked up when used.
from warcio.capture_http import RequestRecorder, capture_http
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from examples.addresses import SITES, Address
from examples.server import serve

TRUTH = "truth.tsv"
TRUTH_COLUMNS = ("url", "kind", "of", "similarity", "warc_file")
"""`of` is the URL of the page that a copy repeats or a redirect leads to; `similarity` the Jaccard similarity of the
word 5-grams of the two articles as served, empty where it has no meaning."""

_HEADERS = {"User-Agent": "firsthand-example/1 (records a web of its own, on loopback)", "Accept-Encoding": "gzip"}
_TIMEOUT = 30.0  # seconds; the server is in this process


@dataclass(frozen=True, slots=True)
class _Captures:
    """The first capture of each address, so that the same payload again becomes a revisit of it."""

    first: dict[str, tuple[str, str]] = field(default_factory=dict)  # target URI → payload digest, WARC-Date

    def deduplicate(
        self, request: ArcWarcRecord, response: ArcWarcRecord, recorder: RequestRecorder
    ) -> tuple[ArcWarcRecord, ArcWarcRecord]:
        """The two records to write for this pair, as warcio asks of a filter."""
        name = response.rec_headers.get_header
        uri, digest = name("WARC-Target-URI"), name("WARC-Payload-Digest")
        if uri not in self.first:
            self.first[uri] = (digest, name("WARC-Date"))
        elif digest == self.first[uri][0]:
            date = self.first[uri][1]
            headers = response.http_headers
            response = recorder.writer.create_revisit_record(uri, digest, uri, date, http_headers=headers)
        return request, response


def record(addresses: Sequence[Address], directory: Path, files: int) -> None:
    """Fetch every address in order; write `files` archives, crawl-00000.warc.gz …, and truth.tsv into `directory`.

    Addresses go to the archives by turns, so that copies of a page lie in different ones. One gzip member a record.
    """
    captures = _Captures()
    rows: list[tuple[str, ...]] = [TRUTH_COLUMNS]
    with ExitStack() as stack:
        writers = [stack.enter_context(_Archive(directory / f"crawl-{i:05}.warc.gz")) for i in range(files)]
        hosts, port = stack.enter_context(serve({address.path: address.response for address in addresses}))
        host_of = dict(zip(SITES, hosts, strict=True))
        base_of = {address.path: f"http://{host_of[address.site]}:{port}" for address in addresses}
        for i, address in enumerate(addresses):
            archive = writers[i % files]
            with capture_http(archive.writer, captures.deduplicate):
                _fetch(host_of[address.site], port, address.path)
            rows.append(_truth(address, base_of, archive.path.name))
    (directory / TRUTH).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


class _Archive:
    """A WARC file open for writing, begun with a warcinfo record."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("xb")
        self.writer = WARCWriter(self._file, gzip=True)
        about = {"software": "warcio", "format": "WARC File Format 1.0", "description": "firsthand's example crawl"}
        self.writer.write_record(self.writer.create_warcinfo_record(path.name, about))

    def __enter__(self) -> _Archive:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()


def _fetch(host: str, port: int, path: str) -> None:
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path, headers=_HEADERS)
        connection.getresponse().read()
    finally:
        connection.close()


def _truth(address: Address, base_of: dict[str, str], archive: str) -> tuple[str, ...]:
    of = base_of[address.of] + address.of if address.of else ""
    similarity = "" if address.similarity is None else f"{address.similarity:.4f}"
    return (base_of[address.path] + address.path, address.kind, of, similarity, archive)
