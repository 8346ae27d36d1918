"""Bytes to text: which encoding a page is in, whatever it says.

The order is the HTML standard's (https://html.spec.whatwg.org/#determining-the-character-encoding): byte order mark,
HTTP, prescan of the markup, detection; with one departure, because the aim is text and not what a browser shows: a
declaration the bytes contradict gives way to the next.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from resiliparse.parse.encoding import detect_encoding

from transforms.extract.labels import codec_of

# The standard lets a browser look at 1024 bytes; pages with long inline scripts declare later.
_PRESCAN_BYTES = 4096
_DETECT_BYTES = 65536

_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META_CHARSET = re.compile(rb"""<meta[\s/][^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""\A\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(body: bytes, *, http_charset: str) -> tuple[str, str]:
    """The text of a body without NULs or lone surrogates, and the Python codec it was decoded with.

    `http_charset` is the charset parameter of Content-Type, "" if none. Undecodable bytes become U+FFFD.
    """
    text, codec = _decode(body, http_charset)
    # No codec of labels.py yields lone surrogates (tests/extract/test_charset.py), so only NULs need to be taken out.
    # They come of NULs, and in bytes those are found at once.
    return text.replace("\0", "") if b"\0" in body else text, codec


def _decode(body: bytes, http_charset: str) -> tuple[str, str]:
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace"), codec
    utf8 = _as_utf8(body)
    if utf8 is not None and _is_unmistakable(body, utf8):
        return utf8, "utf-8"
    attempts: list[tuple[int, str, str]] = []
    for codec in _candidates(body, http_charset):
        if codec == "utf-8" and utf8 is not None:
            return utf8, codec
        text, damage, sound = _attempt(body, codec)
        if damage <= sound:
            return text, codec
        attempts.append((damage, text, codec))
    _, text, codec = min(attempts, key=lambda attempt: attempt[0])
    return text, codec


def _as_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_unmistakable(body: bytes, utf8: str) -> bool:
    """Whether well-formed UTF-8 cannot sensibly be anything else.

    Text in another encoding that happens to be well-formed UTF-8 is short: the famous one is "联通" in GBK, four bytes.
    So eight continuation bytes without one error outweigh any declaration, and fewer prove nothing.
    """
    return len(body) - len(utf8) >= 8 and b"\0" not in body


def _candidates(body: bytes, http_charset: str) -> Iterator[str]:
    """Codecs to try, the most authoritative first; never empty."""
    seen = {""}
    for label in _labels(body, http_charset):
        codec = codec_of(label)
        if codec not in seen:
            seen.add(codec)
            yield codec


def _labels(body: bytes, http_charset: str) -> Iterator[str]:
    yield _sniffed_label(body)
    yield http_charset
    head = _COMMENT.sub(b"", body[:_PRESCAN_BYTES])
    for pattern in (_XML_ENCODING, _META_CHARSET):
        if match := pattern.search(head):
            label = match[1].decode("ascii", "replace")
            # A declaration that can be read as ASCII is not in UTF-16: the standard takes it to mean UTF-8.
            yield "utf-8" if codec_of(label).startswith("utf-16") else label
    # Crawl pages re-encoded in 13 legacy encodings: with resiliparse's detector 200 of 202 are read without loss, at
    # 0.8 ms a page; charset-normalizer found 33 of 56, at 3.5 ms. The detector's HTML5 mode answers UTF-8 for Korean.
    yield detect_encoding(body, max_len=_DETECT_BYTES, html5_compatible=False) or ""
    yield "windows-1252"


def _sniffed_label(body: bytes) -> str:
    """Encodings that show in the first bytes, and that every ASCII-compatible encoding would misread without error."""
    if b"\x1b$" in body and body.isascii():
        return "iso-2022-jp"  # the escape that announces two-byte characters
    head = body[:256]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(1, len(head) // 5):
        return ""
    # UTF-16 without a byte order mark has a NUL beside every ASCII character of the markup.
    return "utf-16be" if even > odd else "utf-16le"


def _attempt(body: bytes, codec: str) -> tuple[str, int, int]:
    """Text, its damaged characters and, if there are any, its sound characters beyond ASCII."""
    text = body.decode(codec, "replace")
    damaged = text.count("\ufffd")
    damage = damaged and max(0, damaged - body.count("\ufffd".encode()))
    if not damage:
        return text, 0, 0
    # Not counted as sound: what only the wrong single-byte encoding makes of text, C1 controls.
    beyond = sum(map(len, _BEYOND_ASCII.findall(text)))
    return text, damage, beyond - damage


_BEYOND_ASCII = re.compile("[^\x00-\x9f]+")
