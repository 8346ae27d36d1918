"""What an archive is packed in: a fuzzer that changes letters of a record need not know how to compress it."""

from __future__ import annotations

import gzip
import re

import zstandard

from tests.fuzz.choices import Choices

_RECORD = re.compile(rb"(?:\A|(?<=\n))(?=WARC/1)")
WRAPPINGS = ("as it is", "gzip by record", "gzip whole", "zstd by record", "gzip in pieces", "stored by record")


def wrap(choices: Choices) -> bytes:
    """The rest of an input, packed as its first byte says, and then damaged in as many places as the second."""
    wrapping, damages = choices.pick(WRAPPINGS), choices.number(3)
    places = [(choices.number(1 << 20), choices.number(255)) for _ in range(damages)]
    packed = bytearray(_pack(wrapping, choices.rest()))
    for place, flip in places:
        if packed:
            packed[place % len(packed)] ^= flip
    return bytes(packed)


def _pack(wrapping: str, data: bytes) -> bytes:
    records = [part for part in _RECORD.split(data) if part]
    if wrapping in {"gzip by record", "stored by record"}:  # what is stored shows the archives within
        level = 0 if wrapping == "stored by record" else 1
        return b"".join(gzip.compress(record, level, mtime=0) for record in records)
    if wrapping == "gzip whole":
        return gzip.compress(data, 1, mtime=0)
    if wrapping == "zstd by record":
        return b"".join(zstandard.compress(record) for record in records)
    if wrapping == "gzip in pieces":
        return b"".join(gzip.compress(data[at : at + 100], 0, mtime=0) for at in range(0, len(data), 100))
    return data
