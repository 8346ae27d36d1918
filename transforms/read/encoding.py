"""Undoing the transfer and content encodings of an HTTP body, with bounded output.

What a body declares is a claim. Crawlers store bodies decoded and keep the header, servers name encodings they do not
apply; a body that is not in its declared encoding but could be text is taken as it is. Common Crawl stores bodies
decoded and renames the headers (X-Crawl-Content-Encoding), so that nothing is declared there.

A stream that ends early gives what decodes, if that ends like an HTML document (servers leave out the trailer, crawlers
the last empty chunk); else the page would be a part that passes for the whole, and is refused.
"""

from __future__ import annotations

from transforms.read.decoder import MAX_PARTS, Decoded, Source, State, decode
from transforms.read.media import ends_like_html, looks_like_text
from transforms.rejection import Reason, Rejection

MAX_LAYERS = 4  # two are seen in crawls (gzip in gzip); each multiplies what a small body may cost


def declared_codings(headers: tuple[tuple[str, str], ...]) -> list[str]:
    """The codings that the headers (names in lower case) say were applied, in lower case, the outermost first."""
    applied = [
        token.strip().lower()
        for name in ("content-encoding", "transfer-encoding")
        for key, value in headers
        if key == name
        for token in value.split(",")
    ]
    return [coding for coding in reversed(applied) if coding not in {"", "identity", "none"}]


def decode_body(payload: bytes, codings: list[str], *, limit: int) -> bytes | Rejection:
    """The body with these codings undone, at most `limit` bytes.

    Rejects BAD_ENCODING (more than MAX_LAYERS, unknown coding on binary data, a stream cut or damaged before the end of
    the document, very many members) and OVERSIZED.
    """
    if len(codings) > MAX_LAYERS:
        return Rejection(Reason.BAD_ENCODING, f"{len(codings)} encodings, {MAX_LAYERS} are followed")
    body, cut = payload, ""
    for coding in codings:
        result = _undo(coding, body, limit)
        refusal = _refusal(coding, result.state, limit)
        if refusal is not None:
            return refusal
        cut = coding if result.state is State.CUT else cut
        body = result.data
    if len(body) > limit:
        return Rejection(Reason.OVERSIZED, f"a body of {len(body)} bytes, the limit is {limit}")
    if cut and not ends_like_html(body):
        return Rejection(Reason.BAD_ENCODING, f"{cut}: the stream ends early, after {len(body)} bytes of body")
    return body


def _refusal(coding: str, state: State, limit: int) -> Rejection | None:
    """Why nothing comes of a layer that got so far, None if something may."""
    if state is State.OVER:
        return Rejection(Reason.OVERSIZED, f"{coding}: the body decodes to more than {limit} bytes")
    if state is State.MANY:
        return Rejection(Reason.BAD_ENCODING, f"{coding}: more than {MAX_PARTS} members, frames or chunks")
    if state is State.FOREIGN:
        return Rejection(Reason.BAD_ENCODING, f"{coding[:40]!r} does not decode")
    return None


def _undo(coding: str, body: bytes, limit: int) -> Decoded:
    """One layer undone; the body itself where it is not in this encoding and need not be."""
    result = decode(coding, Source(body), limit=limit)
    if coding == "chunked":
        taken_as_is = result.state is State.FOREIGN
    else:  # text is no compressed stream, however far a decoder without a magic number gets in it
        taken_as_is = result.state in {State.FOREIGN, State.CUT} and looks_like_text(body)
    return Decoded(body, State.WHOLE) if taken_as_is else result
