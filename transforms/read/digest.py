"""The digest of a payload, and of a block."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

_SHA1_BASE32 = re.compile(r"sha1:([A-Z2-7]{32})", re.IGNORECASE)
_KNOWN = frozenset({"md5", "sha1", "sha256", "sha512"})
_SHA1_HEX = re.compile(r"sha1:([0-9a-f]{40})", re.IGNORECASE)


def payload_digest(declared: str, payload: bytes) -> str:
    """`sha1:` and BASE32 of the payload: as declared by WARC-Payload-Digest if that is a SHA-1, else computed.

    A declared digest is not verified: that would cost a hash of every page, and nothing rests on it. Crawlers disagree
    on whether a payload is hashed before or after its transfer encoding is undone; a computed one is over the bytes
    as archived.
    """
    declared = declared.strip()
    if match := _SHA1_BASE32.fullmatch(declared):
        return f"sha1:{match.group(1).upper()}"
    if match := _SHA1_HEX.fullmatch(declared):
        return _base32(binascii.unhexlify(match.group(1)))
    return _base32(hashlib.sha1(payload, usedforsecurity=False).digest())


def contradicts(declared: str, block: bytes) -> bool:
    """Whether a WARC-Block-Digest says that the block is another one; False for what is not understood."""
    return _is_of(declared, block) is False


def agrees(declared: str, block: bytes) -> bool:
    """Whether a WARC-Block-Digest says that it is this block; False for what is not understood."""
    return _is_of(declared, block) is True


def _is_of(declared: str, block: bytes) -> bool | None:
    """Whether a declared digest is of the block; None for what is not understood.

    Algorithms are named as in `hashlib`, values written in BASE32 or as hex digits.
    """
    algorithm, _, value = declared.strip().partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in _KNOWN:
        return None
    digest = hashlib.new(name, block, usedforsecurity=False).digest()
    written = value.strip().rstrip("=").upper()
    right = {digest.hex().upper(), base64.b32encode(digest).decode("ascii").rstrip("=")}
    return written in right if len(written) in {len(form) for form in right} else None


def _base32(digest: bytes) -> str:
    return f"sha1:{base64.b32encode(digest).decode('ascii')}"
