"""Content and transfer codings, and members of archives: bounded output, the same whatever pieces they come in."""

from __future__ import annotations

import gzip
import zlib

import brotli
import zstandard

from tests.fuzz.choices import Choices
from transforms.read.codec import GZIP, ROOM, DamagedError, zstd_codec
from transforms.read.decoder import Source, State, decode
from transforms.read.encoding import declared_codings, decode_body
from transforms.rejection import Rejection

CODINGS = ("gzip", "deflate", "br", "zstd", "chunked", "x-gzip", "identity", "unheard-of")
_LIMIT = 1 << 14
_MOST_A_STEP = 32 << 20  # of zstd, see transforms.read.codec


def check(data: bytes) -> None:
    """Undo the codings that the first bytes name, of the rest as it is or of the rest coded so."""
    choices = Choices(data)
    codings = [choices.pick(CODINGS) for _ in range(choices.number(5))]
    honest = choices.number(1)
    body = choices.rest()
    _check_members(body)
    for coding in codings[:1]:
        decoded = decode(coding, Source(body), limit=_LIMIT)
        assert decoded.state is not State.WHOLE or len(decoded.data) <= _LIMIT
    if honest:
        _check_honest(body, codings[0] if codings else "gzip")
    names = declared_codings((("content-encoding", ", ".join(codings)),))
    found = decode_body(body, names, limit=_LIMIT)
    assert isinstance(found, Rejection) or len(found) <= _LIMIT


def _check_honest(body: bytes, coding: str) -> None:
    coded = {
        "gzip": lambda: gzip.compress(body, 1, mtime=0),
        "deflate": lambda: zlib.compress(body, 1),
        "br": lambda: brotli.compress(body, quality=1),
        "zstd": lambda: zstandard.compress(body),
    }.get(coding)
    if coded and len(body) <= _LIMIT:
        assert decode_body(coded(), [coding], limit=_LIMIT) == body


def _check_members(body: bytes) -> None:
    for codec in (GZIP, zstd_codec(b"")):
        head = codec.inflate_head(codec.magic + body, 1024)
        assert len(head) <= 1024
        inflater, given = codec.inflater(), codec.magic + body
        try:
            while not inflater.finished:
                out = inflater.feed(given)
                assert len(out) <= (ROOM if codec is GZIP else _MOST_A_STEP)
                assert 0 <= inflater.pending <= len(codec.magic + body)
                given = b""
                if not out and not inflater.pending:
                    break
        except DamagedError:
            pass
