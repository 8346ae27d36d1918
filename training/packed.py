"""Bytes of a file that may be a gzip or bzip2 file, unpacked up to a bound."""

from __future__ import annotations

import bz2
import zlib

_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"


def unpack(data: bytes, limit: int) -> bytes | None:
    """`data` unpacked if it is packed; None if it is damaged or becomes more than `limit` bytes.

    >>> unpack(b"plain", 9)
    b'plain'
    """
    try:
        if data.startswith(_GZIP):
            content = zlib.decompressobj(wbits=31).decompress(data, limit + 1)
        elif data.startswith(_BZIP2):
            content = bz2.BZ2Decompressor().decompress(data, limit + 1)
        else:
            content = data
    except (zlib.error, OSError):
        return None
    return content if len(content) <= limit else None
