"""Any bytes as the block of a response: a page within the limits, or one reason why it is none."""

from __future__ import annotations

from tests.fuzz.choices import Choices
from tests.fuzz.reading import PARAMS, read, whole
from transforms.read import media
from transforms.records import Page
from transforms.rejection import RejectedRecord

URIS = (b"http://example.com/", b"https://h:1/%00?a=\xff", b"dns:example.com", b"HTTP://[::1", b"http:", b"")


def check(data: bytes) -> None:
    """Archive it as the one record of a plain archive, and read that."""
    choices = Choices(data)
    uri, truncated = choices.pick(URIS), choices.number(15)
    block = choices.rest()
    fields = [
        b"WARC/1.0",
        b"WARC-Type: response",
        b"WARC-Target-URI: " + uri,
        b"WARC-Date: 2024-05-01T10:20:30Z",
        b"Content-Length: %d" % len(block),
    ]
    if truncated == 15:
        fields.append(b"WARC-Truncated: length")
    archive = b"\r\n".join(fields) + b"\r\n\r\n" + block + b"\r\n\r\n"
    items, (report,) = read(archive, [whole(archive)])
    assert report.responses == report.records == 1, "what lies in a block is the block's"
    assert len(items) == 1
    (item,) = items
    assert isinstance(item, Page | RejectedRecord)
    if isinstance(item, Page):
        assert len(item.headers) <= len(block)
        assert item.content_type == media.media_type(item.content_type)
        assert len(block) <= PARAMS.max_record_bytes
