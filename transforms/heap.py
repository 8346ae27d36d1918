"""Byte strings that wait for their turn: in memory while they are few, otherwise in an unnamed file."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from transforms.spool import open_spool

IN_MEMORY = 1 << 20
"""Bytes of a heap that wait in memory, and go to its file together."""

Place = tuple[int, int]
"""Offset and length of an entry of a heap."""


class Heap:
    """Entries that are added once, by one thread at a time, and can be read again at their place, by any.

    Raises SpoolError where the temporary folder takes no more. The file goes with the heap, or with the process.
    """

    def __init__(self, *, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._filed = 0  # bytes
        self._waiting = bytearray()

    def add(self, entry: bytes) -> Place:
        """Keep an entry."""
        with self._lock:
            place = self._filed + len(self._waiting), len(entry)
            self._waiting += entry
            if len(self._waiting) > self._in_memory:
                self._to_file()
            return place

    def _to_file(self) -> None:
        if self._file is None:
            self._file = open_spool()
        self._file.write(self._waiting)
        self._file.flush()
        self._filed += len(self._waiting)
        self._waiting = bytearray()

    def get(self, place: Place) -> bytes:
        """The entry at this place."""
        start, length = place
        with self._lock:
            if self._file is None or start >= self._filed:
                return bytes(self._waiting[start - self._filed : start - self._filed + length])
            return os.pread(self._file.fileno(), length, start)

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()


class HeapList:
    """As much of a list of byte strings as Beam asks of one, kept in a heap."""

    def __init__(self, heap: Heap, places: list[Place]) -> None:
        self._heap = heap
        self._places = places

    def append(self, entry: bytes) -> None:
        """Add one at the end."""
        self._places.append(self._heap.add(entry))

    def extend(self, entries: Iterable[bytes]) -> None:
        """Add these at the end."""
        for entry in entries:
            self.append(entry)

    def copy(self) -> HeapList:
        """Another list of the same entries, which are not copied."""
        return HeapList(self._heap, list(self._places))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[bytes]:
        return map(self._heap.get, self._places)

    def __getitem__(self, which: slice) -> HeapList:
        return HeapList(self._heap, self._places[which])
