"""The raw bytes of an archive with their offset, read forward in large pieces and looked at ahead."""

from __future__ import annotations

import os
from typing import BinaryIO

READ_BYTES = 1 << 18  # one request to a remote store fetches this much; a local read is one system call


class Cursor:
    """A place in a seekable stream. Holds at most one read and what was looked at ahead."""

    def __init__(self, stream: BinaryIO, offset: int) -> None:
        self._stream = stream
        self._move(offset)

    def _move(self, offset: int) -> None:
        self._stream.seek(offset)
        self._buffer = b""
        self._base = offset  # offset of the first byte in the buffer
        self._at = 0  # index in the buffer of the next byte

    @property
    def offset(self) -> int:
        """Bytes from the start of the stream to the next byte."""
        return self._base + self._at

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end of the stream; the place stays."""
        while len(self._buffer) - self._at < size:
            more = self._stream.read(max(READ_BYTES, size))
            if not more:
                break
            self._base += self._at
            self._buffer = self._buffer[self._at :] + more
            self._at = 0
        return self._buffer[self._at : self._at + size]

    def take(self, size: int) -> bytes:
        """As `peek`, and the place moves behind them."""
        data = self.peek(size)
        self._at += len(data)
        return data

    def size(self) -> int:
        """Bytes of the stream, as many as there are now."""
        end = self._stream.seek(0, os.SEEK_END)
        self._stream.seek(self._base + len(self._buffer))
        return end

    def seek(self, offset: int) -> None:
        """Move to an offset from the start of the stream; near ones cost no read."""
        if self._base <= offset <= self._base + len(self._buffer):
            self._at = offset - self._base
        else:
            self._move(offset)
