"""C2PA manifests in pages: found, never verified.

In text (C2PA Technical Specification 2.4, https://spec.c2pa.org, annex A.8): U+FEFF, then one variation selector for
each byte of magic `C2PATXT\\0`, version, length (32 bits, big-endian) and manifest store. A signature proves who
signed, which is not asked here; the store's assertions carry their IPTC digital source type as plain bytes.
"""

from __future__ import annotations

import base64
import re

_MAGIC = b"C2PATXT\0"
_HEADER_BYTES = len(_MAGIC) + 1 + 4
_MAX_MANIFEST_BYTES = 1_000_000

# Bytes 0–15 are U+FE00…U+FE0F, 16–255 are U+E0100…U+E01EF.
_SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"


def _selectors(data: bytes) -> str:
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in data)


WRAPPER = re.compile(f"\ufeff{_selectors(_MAGIC)}{_SELECTOR}*")
_SOURCE_TYPE = re.compile(rb"digitalsourcetype/([A-Za-z]+)")


def in_text(text: str) -> bytes:
    """The first well-formed manifest store that is hidden in a text, b"" if there is none."""
    if "\ufeff" not in text:  # takes no time in Latin text, and a quarter of the pattern's in other
        return b""
    for match in WRAPPER.finditer(text):
        data = _bytes(match[0][1 : 1 + _HEADER_BYTES + _MAX_MANIFEST_BYTES])
        length = int.from_bytes(data[len(_MAGIC) + 1 : _HEADER_BYTES], "big")
        manifest = data[_HEADER_BYTES : _HEADER_BYTES + length]
        if data[len(_MAGIC) : len(_MAGIC) + 1] == b"\x01" and 0 < length == len(manifest):
            return manifest
    return b""


def in_script(content: str) -> bytes:
    """The manifest store in the Base64 content of `<script type="application/c2pa">` (annex A.7), b"" if it is none."""
    try:
        return base64.b64decode("".join(content[: 2 * _MAX_MANIFEST_BYTES].split()), validate=True)
    except ValueError:
        return b""


def source_type(manifest: bytes) -> str:
    """The digital source type a manifest store claims, in lower case; "unspecified" if none.

    The last one: the active manifest is the last of its store, after those of its ingredients (§ 11.1.4.2).
    """
    types = _SOURCE_TYPE.findall(manifest)
    return types[-1].decode("ascii").lower() if types else "unspecified"


def _bytes(selectors: str) -> bytes:
    points = (ord(char) for char in selectors)
    return bytes(point - 0xFE00 if point < 0xE0100 else point - 0xE0100 + 16 for point in points)
