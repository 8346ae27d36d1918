"""The components that a curation found, beside those that were planted (`benchmarks.synthetic`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two partitions of the same documents agree."""

    planted: int  # components of two documents or more
    exact: int  # … that were found with just these documents
    precision: float  # share of the pairs found in one component that were planted in one, 0–1
    recall: float  # share of the pairs planted in one component that were found in one, 0–1
    alone: int  # documents planted without a duplicate
    merged: int  # … that were found in a component with others


def judge_components(documents: Path, output: Path) -> Agreement:
    """What the curation in `output` made of the synthetic `documents`."""
    truth = pq.read_table(documents / "truth.parquet")
    found = components_of(output)
    joined = truth.join(found, ["warc_file", "record_offset"], join_type="inner")
    if joined.num_rows != truth.num_rows:
        raise ValueError(f"{truth.num_rows} documents were planted, {joined.num_rows} of them are in {output}")
    component = pc.dictionary_encode(joined["component_id"].combine_chunks()).indices
    return compare(joined["component"].to_numpy().astype(np.int64), component.to_numpy().astype(np.int64))


def compare(planted: Labels, found: Labels) -> Agreement:
    """The agreement of two labellings of the same documents, int64 [n] each.

    >>> compare(np.array([0, 0, 0, 1, 2]), np.array([7, 7, 7, 8, 8]))
    Agreement(planted=1, exact=1, precision=0.75, recall=1.0, alone=2, merged=2)
    """
    _, planted = np.unique(planted, return_inverse=True)
    _, found = np.unique(found, return_inverse=True)
    both, shared = np.unique(planted * (found.max() + 1) + found, return_counts=True)
    true_size, found_size = np.bincount(planted), np.bincount(found)
    of, at = both // (found.max() + 1), both % (found.max() + 1)
    whole = (shared == true_size[of]) & (shared == found_size[at])
    alone = true_size[planted] == 1
    pairs = _pairs(shared)
    return Agreement(
        planted=int((true_size > 1).sum()),
        exact=int((whole & (true_size[of] > 1)).sum()),
        precision=pairs / max(_pairs(found_size), 1),
        recall=pairs / max(_pairs(true_size), 1),
        alone=int(alone.sum()),
        merged=int((alone & (found_size[found] > 1)).sum()),
    )


def _pairs(sizes: Labels) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def components_of(output: Path) -> pa.Table:
    """Archive, offset and component of every document: kept ones are in the corpus, dropped ones in rejections."""
    kept = [
        pq.read_table(path, columns=["warc_file", "record_offset", "component_id"])
        for path in sorted((output / "corpus").glob("part-*.parquet"))
    ]
    dropped = [
        pq.read_table(path, columns=["warc_file", "record_offset", "detail"])
        for path in sorted((output / "rejections").glob("curate-*.parquet"))
    ]
    parts = [
        pa.table(
            {
                "warc_file": table["warc_file"],
                "record_offset": table["record_offset"],
                "component_id": pc.struct_field(
                    pc.extract_regex(table["detail"], r"component=(?P<component>[0-9a-f]{32})"), "component"
                ),
            }
        )
        for table in dropped
    ]
    return pa.concat_tables([*kept, *parts], promote_options="permissive").combine_chunks()
