"""C2PA manifests: found where they are, bounded, and what hides one is no text."""

from __future__ import annotations

from tests.fuzz.choices import Choices
from transforms.extract import c2pa
from transforms.extract.plain import normalise

_BASE = (0xFE00, 0xE0100 - 16)


def check(data: bytes) -> None:
    """Hide a manifest of the input in a text, and read the input as text and as script too."""
    choices = Choices(data)
    length, body = choices.number(1 << 16), choices.rest()
    wrapper = b"C2PATXT\0\x01" + length.to_bytes(4, "big") + body
    hidden = "\ufeff" + "".join(chr(_BASE[byte >= 16] + byte) for byte in wrapper)
    manifest = c2pa.in_text(f"before{hidden}after")
    assert manifest == (body if 0 < length == len(body) else b"") or len(body) > length > 0
    assert normalise(f"before{hidden}after") == "beforeafter"
    said = c2pa.source_type(body)
    assert said == said.lower()
    text = body.decode("utf-8", "replace")
    c2pa.in_text(text)
    c2pa.in_script(text)
