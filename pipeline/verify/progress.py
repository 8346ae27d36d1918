"""How far looking through files is: one line on standard error, for a person at a terminal."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_EVERY_S = 0.5


class Pulse:
    """Says what is being looked at, at most twice a second; nothing where standard error is no terminal."""

    def __init__(self, verb: str = "verifying", stream: TextIO | None = None) -> None:
        self._verb = verb
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._last = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Note that `done` of `total` are done."""
        now = time.monotonic()
        if self._shown and now - self._last >= _EVERY_S:
            self._last = now
            self._stream.write(f"\r\x1b[K{self._verb} {what}: {done:,} of {total:,}")
            self._stream.flush()

    def close(self) -> None:
        """Take the line back."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
