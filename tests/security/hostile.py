"""Archives of pages that attack, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PROSE = """The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again. Old men
mend their nets there, and the girl who sells the tickets knows all of them by name. In winter the boat is smaller, the
crossing rougher, and the harbour master writes in his book how many came back. My grandmother went over once a week
to sell her cheese on the island, where nobody kept goats because of the wind. She told us that the church on the hill
had been built from the planks of a wreck, which was true, and that its bell had rung by itself on the night of the
storm, which was not. When the bridge was finished people drove, and the quay fell silent. Now there is a café in the
ticket office; they serve her cheese, or say that they do, and a photograph of the last boat hangs above the door."""
HTML = "<html><head><title>{title}</title>{head}</head><body><article><p>{prose}</p>{body}</article></body></html>"


def page(*, title: str = "The ferry", head: str = "", body: str = "") -> bytes:
    """A page with enough prose to be kept."""
    return HTML.format(title=title, head=head, prose=PROSE, body=body).encode("utf-8", "surrogatepass")


def archive(
    path: Path,
    pages: Sequence[tuple[str, bytes]],
    *,
    warc: dict[str, str] | None = None,
    http: Sequence[tuple[str, str]] = (),
    info: str = "x.warc.gz",
) -> Path:
    """An archive of these pages, by URI; `warc` and `http` are more header fields of each, `info` its own name."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warcinfo_record(info, {"software": "tests"}))
    for uri, body in pages:
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8"), *http], "HTTP/1.1")
        fields = {"WARC-Date": "2024-05-01T10:20:30Z"} | (warc or {})
        record = writer.create_warc_record(
            uri, "response", io.BytesIO(body), len(body), warc_headers_dict=fields, http_headers=headers
        )
        writer.write_record(record)
    path.write_bytes(out.getvalue())
    return path
