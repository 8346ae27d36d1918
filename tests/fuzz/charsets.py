"""Bytes to text: whatever a page says its encoding is, text without NULs or lone surrogates, by a codec Python has."""

from __future__ import annotations

import codecs

from tests.fuzz.choices import Choices
from transforms.extract.charset import decode
from transforms.extract.labels import codec_of

BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check(data: bytes) -> None:
    """Decode under a label of the input's own; and text that is sent honestly comes back."""
    choices = Choices(data)
    label = choices.line().decode("latin-1")
    body = choices.rest()
    text, codec = decode(body, http_charset=label)
    codecs.lookup(codec)
    assert "\0" not in text
    text.encode()
    assert len(text) <= 4 * len(body) + 4
    known = codec_of(label)
    assert not known or codecs.lookup(known)
    _check_utf8(body)


def _check_utf8(body: bytes) -> None:
    """What is well-formed UTF-8 beyond doubt stays what it is, whatever it is called."""
    try:
        honest = body.decode()
    except UnicodeDecodeError:
        return
    if len(body) - len(honest) >= 8 and "\0" not in honest and not body.startswith(BOMS):
        assert decode(body, http_charset="shift_jis") == (honest, "utf-8")
