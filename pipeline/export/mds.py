"""MDS, the shard format of MosaicML's StreamingDataset, version 2.

A shard, all integers little-endian uint32: the number of samples; the place of each in the file, and of the end; the
configuration as JSON; the samples. A sample: the sizes of its values of variable size, then all values; columns go by
name. `index.json` lists the shards of a folder, each with its configuration. Source: the format's documentation and its
reader (mosaicml-streaming 0.13, streaming/base/format/mds).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import OutputError

SUFFIX = ".mds"
INDEX = "index.json"
_FIXED = {"int8": "<i1", "int32": "<i4", "int64": "<i8", "float64": "<f8"}  # MDS's name of a type: NumPy's
_UINT32 = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a shard in its order: by name."""

    names: tuple[str, ...]
    encodings: tuple[str, ...]  # as MDS calls them
    sizes: tuple[int | None, ...]  # bytes of a value, None where they vary

    def configuration(self, shard_bytes: int) -> dict[str, object]:
        """What a shard and the index say of it."""
        return {
            "version": 2,
            "format": "mds",
            "compression": None,
            "hashes": [],
            "size_limit": shard_bytes,
            "column_names": list(self.names),
            "column_encodings": list(self.encodings),
            "column_sizes": list(self.sizes),
        }


def layout_of(schema: pa.Schema) -> Layout:
    """How columns of these types are stored: text as it is, numbers with their type, the rest as JSON."""
    names = tuple(sorted(schema.names))
    encodings = tuple(_encoding(schema.field(name).type) for name in names)
    return Layout(names, encodings, tuple(_size(encoding) for encoding in encodings))


def _encoding(kind: pa.DataType) -> str:
    name = str(kind)
    if name in ("float", "float32", "double"):
        return "float64"
    return "str" if pa.types.is_string(kind) else name if name in _FIXED else "json"


def _size(encoding: str) -> int | None:
    return np.dtype(_FIXED[encoding]).itemsize if encoding in _FIXED else None


def encode_samples(rows: pa.Table) -> list[bytes]:
    """A sample for each row; a missing number is NaN."""
    layout = layout_of(rows.schema)
    columns = [_values(rows[name], e) for name, e in zip(layout.names, layout.encodings, strict=True)]
    varying = [column for column, size in zip(columns, layout.sizes, strict=True) if size is None]
    heads = np.array([list(map(len, column)) for column in varying], _UINT32).reshape(len(varying), rows.num_rows).T
    return [head.tobytes() + b"".join(values) for head, values in zip(heads, zip(*columns, strict=True), strict=True)]


def _values(column: pa.ChunkedArray, encoding: str) -> list[bytes]:
    if encoding == "str":
        values: list[bytes] = pc.cast(column, pa.binary()).to_pylist()
        return values
    if encoding == "json":
        return [json.dumps(value, allow_nan=False).encode() for value in column.to_pylist()]
    kind = np.dtype(_FIXED[encoding])
    data = column.to_numpy().astype(kind).tobytes()
    return [data[at : at + kind.itemsize] for at in range(0, len(data), kind.itemsize)]


def write_shard(write: Callable[[bytes], None], samples: Sequence[bytes], configuration: dict[str, object]) -> None:
    """A whole shard of these samples.

    Raises:
        OutputError: it would be larger than its 32-bit places can tell.
    """
    config = json.dumps(configuration, sort_keys=True).encode()
    begin = 4 * (len(samples) + 2) + len(config)
    places = begin + np.cumsum([0, *map(len, samples)])
    if places[-1] >= 1 << 32:
        raise OutputError(f"a shard of {places[-1]} bytes is too large for MDS: name a smaller --shard-bytes")
    write(np.array([len(samples), *places], _UINT32).tobytes())
    write(config)
    for sample in samples:
        write(sample)


def index_json(shards: Sequence[tuple[str, int, int]], configuration: dict[str, object]) -> bytes:
    """The index of a folder from the name, samples and bytes of each of its shards."""
    entries = [
        configuration
        | {"samples": samples, "raw_data": {"basename": name, "bytes": size, "hashes": {}}, "zip_data": None}
        for name, samples, size in shards
    ]
    return json.dumps({"version": 2, "shards": entries}, sort_keys=True).encode()
