"""An external sort: records wait in a file until they are read in the order of their keys."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from typing import IO

_HEAD = struct.Struct("<QI")  # key, bytes of the record
_KEY_BITS = 64


class Spool:
    """Records by group, each with a key of 64 bits; a group is read back in order of its keys, equal ones by content.

    The keys of a group are cut into 2^`slot_bits` ranges of equal width, the slots. Memory is `buffer_bytes` while
    records come, and one slot while they are read: keys are meant to be hashes. `file` is the spool's own.
    """

    def __init__(self, file: IO[bytes], *, slot_bits: int, buffer_bytes: int = 1 << 26) -> None:
        self._file = file
        self._shift = _KEY_BITS - slot_bits
        self._slots = 1 << slot_bits
        self._limit = buffer_bytes
        self._waiting: dict[tuple[str, int], list[bytes]] = defaultdict(list)
        self._bytes = 0
        self._written: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)  # offset and bytes
        self._groups: set[str] = set()

    def add(self, group: str, key: int, record: bytes) -> None:
        """Keep a record, 0 <= key < 2^64."""
        self._groups.add(group)
        self._waiting[group, key >> self._shift] += (_HEAD.pack(key, len(record)), record)
        self._bytes += _HEAD.size + len(record)
        if self._bytes >= self._limit:
            self._flush()

    def _flush(self) -> None:
        for slot, pieces in self._waiting.items():
            offset = self._file.tell()
            size = self._file.write(b"".join(pieces))
            self._written[slot].append((offset, size))
        self._waiting.clear()
        self._bytes = 0

    def groups(self) -> list[str]:
        """The groups that have records, in order."""
        return sorted(self._groups)

    def read(self, group: str) -> Iterator[bytes]:
        """The records of a group. None may be added once reading has begun."""
        self._flush()
        for slot in range(self._slots):
            found = sorted(self._slot(group, slot))
            yield from (record for _, record in found)

    def _slot(self, group: str, slot: int) -> Iterator[tuple[int, bytes]]:
        for offset, size in self._written.get((group, slot), ()):
            self._file.seek(offset)
            yield from _records(self._file.read(size))


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        key, size = _HEAD.unpack_from(data, at)
        at += _HEAD.size + size
        yield key, data[at - size : at]
