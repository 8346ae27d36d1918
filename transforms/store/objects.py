"""What every object store can do, and the addresses of objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from transforms.errors import StoreError

_ADDRESS = re.compile(r"[a-z0-9]+://([^/]+)/?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Stored:
    """One object."""

    address: str  # scheme://bucket/key
    size: int  # bytes


class ObjectStore(Protocol):
    """A store of whole objects: they appear when their upload is complete, and are replaced the same way.

    Every method raises StoreError, in one line, where the store refuses or does not answer. A request then takes two
    minutes at most, or seven where S3 takes it and stays silent: six tries of 60 s, and 31 s between them.
    """

    def list(self, prefix: str) -> Iterator[Stored]:
        """The objects whose addresses begin so, in order of key; a request for a thousand."""
        ...

    def open(self, address: str, *, chunk: int) -> BinaryIO:
        """The object's bytes, seekable, fetched `chunk` bytes at a time at least.

        Raises FileNotFoundError if there is none, and StoreError when it is read after another has taken its place.
        """
        ...

    def put(self, address: str, file: BinaryIO) -> None:
        """Make an object of a local file, read from its beginning. An upload that fails leaves no object."""
        ...

    def delete(self, addresses: Iterable[str]) -> None:
        """Delete these objects; one that is gone already is no error."""
        ...


def split_address(address: str) -> tuple[str, str]:
    """Bucket and key.

    >>> split_address("s3://bucket/a/b.parquet"), split_address("gs://bucket")
    (('bucket', 'a/b.parquet'), ('bucket', ''))
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise StoreError(f"{address!r} names no bucket: expected scheme://bucket/path")
    return match[1], match[2]
