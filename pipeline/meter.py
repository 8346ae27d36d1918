"""How far a stream was read, and how long that made its reader wait."""

from __future__ import annotations

import time
from typing import BinaryIO

_MOST = 1 << 15  # bytes a read: so that the place reached is known that well


class Meter:
    """A readable, seekable stream over another one. Counts what is read since the first seek."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.bytes = 0
        self.seconds = 0.0  # on the clock, inside the stream

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none only at the end."""
        began = time.monotonic()
        data = self._stream.read(min(size, _MOST))
        self.seconds += time.monotonic() - began
        self.bytes += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move, as in io."""
        return self._stream.seek(offset, whence)

    def close(self) -> None:
        """Close the stream below."""
        self._stream.close()
