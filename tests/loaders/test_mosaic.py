"""MDS as exported, read by a reader of the tests' own that was written from the format's documentation."""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.dataset as ds
import pytest

from tests.loaders.page import run
from tests.loaders.shares import GROUPS, TOLERANCE, error

SECTION = "MosaicML streaming"
UNPACK = {"int8": "<b", "int32": "<i", "int64": "<q", "float64": "<d"}


def read_mds(folder: Path) -> Iterator[dict[str, object]]:
    """The samples of a folder, in order."""
    index = json.loads((folder / "index.json").read_text())
    assert index["version"] == 2
    for shard in index["shards"]:
        data = (folder / shard["raw_data"]["basename"]).read_bytes()
        assert (shard["format"], shard["version"], len(data)) == ("mds", 2, shard["raw_data"]["bytes"])
        [samples] = struct.unpack_from("<I", data)
        assert samples == shard["samples"]
        places = struct.unpack_from(f"<{samples + 1}I", data, 4)
        config = json.loads(data[4 * (samples + 2) : places[0]])
        assert config == {name: value for name, value in shard.items() if name in config}
        for begin, end in pairwise(places):
            yield read_sample(data[begin:end], shard)
        assert places[-1] == len(data)


def read_sample(data: bytes, shard: dict[str, list[str]]) -> dict[str, object]:
    """One sample: the sizes of the values that vary, then the values."""
    varying = [size is None for size in shard["column_sizes"]]
    heads = iter(struct.unpack_from(f"<{sum(varying)}I", data))
    at, sample = 4 * sum(varying), {}
    columns = zip(shard["column_names"], shard["column_encodings"], shard["column_sizes"], strict=True)
    for name, encoding, fixed in columns:
        size = next(heads) if fixed is None else int(fixed)
        sample[name] = decode(encoding, data[at : at + size])
        at += size
    assert at == len(data)
    return sample


def decode(encoding: str, value: bytes) -> object:
    if encoding in UNPACK:
        return struct.unpack(UNPACK[encoding], value)[0]
    return json.loads(value) if encoding == "json" else value.decode()


def test_samples_are_the_rows(folder: Path, output: Path) -> None:
    streams = run(SECTION, without="streaming")["streams"]
    columns = ["text", "id", "url", "language", "token_count", "human_weight", "expected_repeats", "weight_bucket"]
    rows = ds.dataset(output / "corpus", format="parquet").to_table(columns=columns).to_pylist()
    read = [sample for stream in streams for sample in read_mds(folder / "out/streams" / stream["path"])]
    for samples in (rows, read):
        samples.sort(key=lambda row: str(row["id"]))
        for row in samples:
            row |= {name: struct.pack("<f", row[name]) for name in ("human_weight", "expected_repeats")}
    assert read == rows


def test_streams_repeated_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    streams = run(SECTION, without="streaming")["streams"]
    for group in GROUPS:
        seen: Counter[object] = Counter()
        for stream in streams:
            tokens = sum(sample["token_count"] for sample in read_mds(folder / "out/streams" / stream["path"]))
            seen[stream[group]] += tokens * stream["repeat"]
        assert error(seen, output, group) < 1e-6  # `repeat` has six decimals


def test_bands_that_are_not_cut_by_language_would_move_tokens_between_languages(real_output: Path) -> None:
    """The mean of a band is not that of each language's pages in it: those that were abstained on weigh exactly 1."""
    query = f"""
        WITH band AS (
            SELECT weight_bucket, sum(token_count * human_weight) / sum(token_count) AS mean
            FROM '{real_output}/corpus/*.parquet' GROUP BY ALL
        )
        SELECT language, sum(token_count * mean) FROM '{real_output}/corpus/*.parquet' JOIN band USING (weight_bucket)
        GROUP BY ALL
    """
    assert error(dict(duckdb.sql(query).fetchall()), real_output, "language") > TOLERANCE


def test_whole_samples_an_epoch_are_within_half_a_document_a_stream(folder: Path, output: Path) -> None:
    streams = run(SECTION, without="streaming")["streams"]
    assert all(
        abs(s["choose"] - s["repeat"] * s["rows"]) <= 0.5 + 1e-5 * s["rows"] or s["choose"] == 1 for s in streams
    )
    assert sum(s["proportion"] for s in streams) == pytest.approx(1)
    total = sum(s["tokens"] for s in streams)
    rounding = sum(abs(s["choose"] - s["repeat"] * s["rows"]) * s["tokens"] / s["rows"] for s in streams) / total
    for group in GROUPS:
        seen: Counter[object] = Counter()
        for stream in streams:
            seen[stream[group]] += stream["tokens"] * stream["choose"] / stream["rows"]
        assert error(seen, output, group) < TOLERANCE + rounding


def test_the_streams_of_the_library_take_them(folder: Path) -> None:
    pytest.importorskip("streaming", reason="mosaicml-streaming needs torch, which is in no install of ours")
    page = run(SECTION)
    assert len(page["dataset"]) == sum(stream["choose"] for stream in page["streams"])
