"""A file read by ranges."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Fetch = Callable[[int, int], bytes]
"""The bytes from an offset (inclusive) to another (exclusive), all of them."""


def open_ranges(size: int, fetch: Fetch, *, chunk: int) -> BinaryIO:
    """A seekable file of `size` bytes that asks for `chunk` bytes or more at a time."""
    return cast("BinaryIO", io.BufferedReader(_Ranges(size, fetch), buffer_size=chunk))


class _Ranges(io.RawIOBase):
    def __init__(self, size: int, fetch: Fetch) -> None:
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
        if size:
            view[:size] = self._fetch(self._at, self._at + size)
        self._at += size
        return size

    def readall(self) -> bytes:
        """The rest in one request; the inherited one asks for 8 KiB at a time."""
        size = max(0, self._size - self._at)
        rest = self._fetch(self._at, self._size) if size else b""
        self._at += size
        return rest
