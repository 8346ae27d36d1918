"""Replies of a child that hostile pages have taken over: what can be written, a rejection, or a ValueError."""

from __future__ import annotations

from tests.fuzz.choices import Choices
from transforms.extract import frames, reply
from transforms.records import Extraction
from transforms.rejection import MEANING


def check(data: bytes) -> None:
    """Take the first line for the header of a reply, and the rest for its text."""
    choices = Choices(data)
    header_bytes, body_bytes = frames.lengths(choices.take(frames.PREFIX_BYTES).ljust(frames.PREFIX_BYTES, b"\0"))
    assert min(header_bytes, body_bytes) >= 0
    try:
        header = frames.unpack_header(choices.line())
        found = reply.outcome(header, choices.rest())
        reply.cpu_seconds(header, least=0.0, most=60.0)
    except ValueError:
        return
    if isinstance(found, Extraction):
        texts = [found.text, found.title, found.extractor, found.charset, found.published, found.published_source]
        for text in (
            *texts,
            *found.rights,
            *(part for sign in found.declarations for part in (sign.kind, sign.detail)),
        ):
            text.encode()
    else:
        assert MEANING[found.reason][0] == "extract"
        assert len(found.detail) <= 300
        found.detail.encode()
