"""What the child answers comes back as it was; what it may not answer is held by tests/fuzz."""

from __future__ import annotations

import pytest

from transforms.extract import frames, reply
from transforms.extract.jsonld import JsonObject, JsonValue
from transforms.records import Declaration, Extraction
from transforms.rejection import Reason, Rejection

EXTRACTION = Extraction(
    text="Text.",
    title="",
    extractor="e",
    charset="utf-8",
    published="",
    published_source="",
    declarations=(Declaration("ai-notice", "said"),),
    rights=("noai",),
)


def read(message: bytes) -> tuple[JsonObject, bytes]:
    header, _ = frames.lengths(message[: frames.PREFIX_BYTES])
    end = frames.PREFIX_BYTES + header
    return frames.unpack_header(message[frames.PREFIX_BYTES : end]), message[end:]


def test_an_extraction_comes_back_as_it_was() -> None:
    assert reply.outcome(*read(reply.pack(EXTRACTION, cpu_seconds=0.5))) == EXTRACTION


def test_no_text_and_an_error_are_rejections() -> None:
    none, error = reply.pack(None, cpu_seconds=0.5), reply.pack_error(KeyError("page text"), cpu_seconds=0.5)
    assert reply.outcome(*read(none)) == Rejection(Reason.NO_TEXT, "no main text")
    assert reply.outcome(*read(error)) == Rejection(Reason.EXTRACTION_ERROR, "KeyError")


@pytest.mark.parametrize("seconds", [None, "1", 1, -1.0, 0.4, float("nan"), float("inf"), 60.6, 1e308])
def test_seconds_that_cannot_be_are_refused(seconds: JsonValue) -> None:
    with pytest.raises(ValueError, match="how long"):
        reply.cpu_seconds({"cpu_seconds": seconds}, least=0.5, most=60.5)
