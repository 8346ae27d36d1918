"""A whole page through the extract stage, in this process: clean text and bounded declarations, or no text."""

from __future__ import annotations

import re

from tests.fuzz.choices import Choices
from transforms.extract import frames, licences, plain, reply
from transforms.extract.declared import KINDS
from transforms.extract.page import Request, extract_page
from transforms.extract.rights import MEANINGS
from transforms.records import Extraction

MODES = ("fast", "resiliparse", "precise", "blocks")
CHARSETS = ("", "utf-8", "windows-1252", "shift_jis", "utf-16le", "x-unknown")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_SOURCES = {"json-ld", "meta", "http", "url"}


def check(data: bytes) -> None:
    """Extract it in the mode and with the headers that the first bytes say."""
    choices = Choices(data)
    mode, charset, headers = choices.pick(MODES), choices.pick(CHARSETS), choices.number(1)
    pairs = _headers(choices) if headers else ()
    request = Request("http://example.com/2021/03/04/a", pairs, charset, "2024-05-01")
    extraction = extract_page(choices.rest(), request, mode=mode)
    if extraction is not None:
        _check_extraction(extraction)
        _check_message(extraction)


def _check_message(extraction: Extraction) -> None:
    """It comes whole through the pipe to the parent."""
    message = reply.pack(extraction, cpu_seconds=1.0)
    header_bytes, text_bytes = frames.lengths(message[: frames.PREFIX_BYTES])
    assert header_bytes <= reply.MAX_HEADER_BYTES
    assert text_bytes <= reply.MAX_TEXT_BYTES
    header, text = message[frames.PREFIX_BYTES :][:header_bytes], message[frames.PREFIX_BYTES + header_bytes :]
    assert reply.outcome(frames.unpack_header(header), text) == extraction


def _headers(choices: Choices) -> tuple[tuple[str, str], ...]:
    lines = (choices.line().decode("latin-1") for _ in range(3))
    return tuple((name.strip().lower(), value) for name, _, value in (line.partition(":") for line in lines))


def _check_extraction(extraction: Extraction) -> None:
    assert extraction.text
    assert not _CONTROL.search(extraction.text)
    assert plain.normalise(extraction.text) == extraction.text
    assert len(extraction.title) <= 500
    assert not _CONTROL.search(extraction.title)
    assert len(extraction.title.splitlines()) <= 1
    assert (extraction.published == "") == (extraction.published_source == "")
    assert not extraction.published or _DAY.fullmatch(extraction.published)
    assert extraction.published_source in {*_SOURCES, ""}
    for declared in extraction.declarations:
        assert declared.kind in KINDS
        assert len(declared.detail) <= 200
        assert not _CONTROL.search(declared.detail)
    for signal in extraction.rights:
        assert signal in MEANINGS or signal in licences.MEANINGS or signal.startswith("license:")
