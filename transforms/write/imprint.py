"""A file's own digest, in its own footer: any byte that changes afterwards is found, without a second file.

The imprint of a Parquet file of ours is the SHA-256 of all its bytes but the 64 in which it stands itself. It is
our last entry in the footer's metadata. docs/decisions/0015-imprints.md says why it is made so.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import BinaryIO

from transforms.write.digest import FileDigest

IMPRINT = "firsthand.imprint"
"""Key of the imprint in the metadata of a footer."""
BLANK = "0" * 64
"""What stands there until the imprint is known."""
# Thrift's compact protocol writes the second field of a struct, a string of 64 bytes, behind these two.
_MARK = IMPRINT.encode() + b"\x18\x40"
_CHUNK = 1 << 20  # bytes; hashing so much lets other threads run
_END = 1 << 16  # bytes; behind it come Arrow's form of the schema, 8 kB for documents, and a few bytes a column


@dataclass(frozen=True, slots=True)
class Imprinted:
    """What is known of a file that was written with its imprint."""

    imprint: str  # 64 hex digits
    file: FileDigest  # of all its bytes


class ImprintingSink:
    """A sink that passes on what is written to it, but for the end: there it puts in the imprint. It cannot seek.

    Memory is what is written after `hold`: the page index and footer, some 100 kB.
    """

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._hash = hashlib.sha256()
        self._bytes = 0
        self._end: bytearray | None = None
        self.closed = False  # Arrow asks; the sink belongs to whoever opened it

    def write(self, data: bytes) -> int:
        """Pass on all of these bytes, or keep them."""
        if self._end is None:
            self._pass_on(data)
        else:
            self._end += data
        return len(data)

    def _pass_on(self, data: bytes | bytearray) -> None:
        self._hash.update(data)
        self._sink.write(data)
        self._bytes += len(data)

    def flush(self) -> None:
        """Pass on the wish."""
        self._sink.flush()

    def hold(self) -> None:
        """Keep from here on what is written."""
        self._end = bytearray()

    def release(self) -> Imprinted:
        """Put the imprint where `BLANK` stands in what was kept, and pass it on."""
        end, self._end = self._end or bytearray(), None
        place = _place(end)
        own = self._hash.copy()
        own.update(end[:place])
        own.update(end[place + len(BLANK) :])
        imprint = own.hexdigest()
        end[place : place + len(BLANK)] = imprint.encode()
        self._pass_on(end)
        return Imprinted(imprint, FileDigest(self._bytes, self._hash.hexdigest()))


def _place(end: bytes | bytearray) -> int:
    """Where the imprint stands in the end of a file: what pages say lies before it. Raises ValueError if nowhere."""
    return end.rindex(_MARK) + len(_MARK)


def imprint_holds(file: BinaryIO) -> bool:
    """Whether a file is, to its last byte, what was written: all of it is read. False if it carries no imprint.

    No parser sees these bytes: nothing is known of them yet.
    """
    start = max(0, file.seek(0, os.SEEK_END) - _END)
    file.seek(start)
    end = file.read(_END)
    try:
        place = _place(end)
    except ValueError:
        return False
    carried = end[place : place + len(BLANK)].decode("ascii", "replace")
    found = hashlib.sha256()
    file.seek(0)
    _feed(found, file, start)
    found.update(end[:place])
    found.update(end[place + len(BLANK) :])
    return found.hexdigest() == carried


def _feed(found: hashlib._Hash, file: BinaryIO, most: int) -> None:
    """Hash so many bytes of the file, fewer if it ends."""
    while most and (piece := file.read(min(_CHUNK, most))):
        found.update(piece)
        most -= len(piece)
