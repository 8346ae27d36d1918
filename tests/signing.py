"""Texts signed as the C2PA specification asks, for pages of tests."""

from __future__ import annotations


def embed(manifest: bytes) -> str:
    """The wrapper of a manifest store as a signer appends it to a text (C2PA Technical Specification 2.4, A.8)."""
    data = b"C2PATXT\0" + b"\x01" + len(manifest).to_bytes(4, "big") + manifest
    return "\ufeff" + "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in data)
