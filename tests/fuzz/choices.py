"""Decisions taken from the bytes of an input: a fuzzer that changes a byte changes one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """An input consumed from its start; behind its end every number is 0 and every text is empty."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end."""
        piece = self._data[self._at : self._at + size]
        self._at += len(piece)
        return piece

    def number(self, most: int) -> int:
        """A number from 0 to `most`: of one byte where that is enough, else of four."""
        return int.from_bytes(self.take(1 if most < 256 else 4), "big") % (most + 1)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; the first behind the end."""
        return options[self.number(len(options) - 1)]

    def line(self) -> bytes:
        """The bytes up to the next newline, which is passed over."""
        end = self._data.find(b"\n", self._at)
        piece = self.take((end if end >= 0 else len(self._data)) - self._at)
        self._at += 1
        return piece

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data))

    def text(self) -> str:
        """All that is left, as text of which hostile pages are made: UTF-8, with lone surrogates as it has them."""
        data = self.rest()
        try:
            return data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return data.decode("utf-8", "replace")
