"""A file read by ranges."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

from transforms.errors import StoreError

Fetch = Callable[[int, int], bytes]
"""The bytes from an offset (inclusive) to another (exclusive), all of them."""


def open_ranges(address: str, size: int, fetch: Fetch, *, chunk: int) -> BinaryIO:
    """A seekable file of `size` bytes that asks for `chunk` bytes or more at a time.

    Reading raises StoreError, naming `address`, if a range comes back shorter or longer than was asked for.
    """
    return cast("BinaryIO", io.BufferedReader(_Ranges(address, size, fetch), buffer_size=chunk))


class _Ranges(io.RawIOBase):
    def __init__(self, address: str, size: int, fetch: Fetch) -> None:
        self._address = address
        self._size = size
        self._fetch = fetch
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"negative seek position {base + offset}")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        size = max(0, min(len(view), self._size - self._at))
        view[:size] = self._next(size)
        return size

    def readall(self) -> bytes:
        """The rest in one request; the inherited one asks for 8 KiB at a time."""
        return self._next(max(0, self._size - self._at))

    def _next(self, size: int) -> bytes:
        data = self._fetch(self._at, self._at + size) if size else b""
        if len(data) != size:
            raise StoreError(
                f"{self._address}: asked for {size} bytes from {self._at} on, got {len(data)}: what answers does not "
                "serve ranges; check the endpoint and any proxy"
            )
        self._at += size
        return data
