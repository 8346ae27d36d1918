"""Messages between the extractor and its child: a length-prefixed JSON header, and a body of raw bytes.

JSON, not pickle: the child has parsed hostile input, and nothing it sends may be able to run code.
"""

from __future__ import annotations

import json
import struct

from transforms.extract.jsonld import JsonObject

_LENGTHS = struct.Struct(">II")  # bytes of the header, bytes of the body
PREFIX_BYTES = _LENGTHS.size

# The child's exit status when it met its memory limit: after that the state of the libraries' heaps is in doubt.
OUT_OF_MEMORY = 77


def pack(header: JsonObject, body: bytes = b"") -> bytes:
    """One message."""
    return pack_header(header, len(body)) + body


def pack_header(header: JsonObject, body_bytes: int) -> bytes:
    """A message but for its body, which follows."""
    encoded = json.dumps(header, ensure_ascii=True).encode("ascii")
    return _LENGTHS.pack(len(encoded), body_bytes) + encoded


def lengths(prefix: bytes) -> tuple[int, int]:
    """(bytes of header, bytes of body) announced by the first PREFIX_BYTES of a message."""
    header, body = _LENGTHS.unpack(prefix)
    return header, body


def unpack_header(data: bytes) -> JsonObject:
    """The header of a message. Raises ValueError if it is no JSON object."""
    try:
        header = json.loads(data)
    except RecursionError as error:
        raise ValueError("expected a JSON object, got one nested too deeply") from error
    if not isinstance(header, dict):
        raise ValueError(f"expected a JSON object, got {type(header).__name__}")
    return header
