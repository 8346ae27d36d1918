"""What a graph works through, as a file beside its output: a piece a line, JSON, gzip.

A graph names the file, so its size does not grow with the crawl. Engines bound what a job may be (Dataflow's request:
10 MB, https://cloud.google.com/dataflow/quotas); a snapshot of Common Crawl cut by 64 MiB has 1.4 million splits.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DocumentsPiece:
    """A documents file to be curated, and the corpus shard that its rows go into."""

    path: str
    ordinal: int  # unique in the run, below 2^32
    rows: int
    shard: int


@dataclass(frozen=True, slots=True)
class CurationLists:
    """The paths of what a curation works through, and of what it writes."""

    pieces: str  # of `DocumentsPiece`
    reports: str  # where one of `transforms.write.shards.ShardReport` is written
    earlier: str = ""  # of `DocumentsFile` of earlier corpora; "" if there are none
    labels: tuple[str, ...] = ()  # what these corpora are called, by number from 1


def write_pieces(pieces: Iterable[object], sink: BinaryIO) -> None:
    """Write instances of one dataclass whose fields are JSON values, in order."""
    with gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=1, filename="", mtime=0) as packed:
        for piece in pieces:
            packed.write(json.dumps(dataclasses.asdict(piece)).encode() + b"\n")  # type: ignore[call-overload]


def read_pieces(source: BinaryIO, kind: Callable[..., T]) -> Iterator[T]:
    """What `write_pieces` wrote, as instances of `kind`, which takes the fields by name."""
    with gzip.GzipFile(fileobj=source, mode="rb") as packed:
        for line in packed:
            yield kind(**json.loads(line))
