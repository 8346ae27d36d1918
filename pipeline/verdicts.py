"""From what dedup and weigh say about the rows of a documents file to what the writer needs: pure joins over arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.dedup.keeper import DuplicateVerdicts
from transforms.documents import open_documents
from transforms.errors import IntegrityError
from transforms.host import host
from transforms.probability import seen_before_chatbots
from transforms.score.abstention import UNCALIBRATED
from transforms.weigh.block import ScoredBlock, WeightBlock, encode_labels
from transforms.write.shards import VERDICTS

_COLUMNS = ["language", "language_script", "url", "token_count", "detector_score", "abstain_reason", "evidence", "date"]

_LEFT_TO_CALIBRATION = pa.array(["", UNCALIBRATED])  # what a language was worth when it was scored may have changed


def scored_block(
    documents: BinaryIO, ordinal: int, duplicates: Iterable[DuplicateVerdicts], *, rows: int
) -> ScoredBlock:
    """What weighing needs of those of `rows` of one documents file that dedup keeps. Reads narrow columns only.

    Raises ValueError if the file has another number of rows, or is none of documents.
    """
    with open_documents(documents, _COLUMNS) as file:
        if file.metadata.num_rows != rows:
            raise ValueError(f"it has {file.metadata.num_rows} rows, its account {rows}")
        table = file.read(columns=_COLUMNS)
    keep, seen = np.ones(table.num_rows, np.bool_), np.array(table["date"].to_pylist(), dtype=object)
    for block in duplicates:
        keep[block.row] = block.keep
        seen[block.row] = [date.decode("ascii") for date in block.first_seen]
    places = np.flatnonzero(keep)
    kept = table.take(places)
    return ScoredBlock(
        file=ordinal,
        row=places.astype(np.int32),
        language=encode_labels(kept["language"].to_pylist()),
        script=encode_labels(kept["language_script"].to_pylist()),
        host=encode_labels(map(host, kept["url"].to_pylist())),
        token_count=kept["token_count"].to_numpy(),
        detector_score=pc.fill_null(kept["detector_score"], float("nan")).to_numpy(),
        abstained=pc.invert(pc.is_in(kept["abstain_reason"], _LEFT_TO_CALIBRATION)).to_numpy(),
        evidence_log_ratio=sum_evidence(kept["evidence"].combine_chunks()),
        before_chatbots=np.array([seen_before_chatbots(date) for date in seen[places]], dtype=np.bool_),
    )


def sum_evidence(evidence: pa.ListArray) -> NDArray[np.float64]:
    """The sum of `log_ratio` over the evidence of each row: float64 [rows], 0 where there is none."""
    ratios = pc.struct_field(pc.list_flatten(evidence), "log_ratio").to_numpy(zero_copy_only=False)
    parents = pc.list_parent_indices(evidence).to_numpy()
    return np.bincount(parents, weights=ratios, minlength=len(evidence)).astype(np.float64)


def verdict_table(
    rows: int, duplicates: Iterable[DuplicateVerdicts], weights: Iterable[WeightBlock], earlier: Sequence[str] = ()
) -> pa.Table:
    """The verdicts on all `rows` of a documents file (`transforms.write.shards.VERDICTS`).

    `earlier`: what the earlier corpora are called, by number from 1.

    Pages without a copy have null for `keeper_id`, `component_id` and `first_seen`: the row itself knows them.
    """
    keep, exact, count = np.ones(rows, np.bool_), np.zeros(rows, np.bool_), np.ones(rows, np.int32)
    names = {name: np.full(rows, None, dtype=object) for name in ("keeper_id", "component_id", "first_seen")}
    corpora, labels = np.zeros(rows, np.uint16), np.array([None, *earlier], dtype=object)
    for block in duplicates:
        keep[block.row], exact[block.row], count[block.row] = block.keep, block.exact, block.duplicate_count
        corpora[block.row] = block.earlier
        for name, column in names.items():
            column[block.row] = [value.decode("ascii") for value in getattr(block, name)]
    probability, weight, repeats = (np.full(rows, np.nan, np.float32) for _ in range(3))
    bucket = np.zeros(rows, np.int8)
    for weighed in weights:
        probability[weighed.row], weight[weighed.row] = weighed.human_probability, weighed.human_weight
        repeats[weighed.row], bucket[weighed.row] = weighed.expected_repeats, weighed.weight_bucket
    if np.isnan(weight[keep]).any():
        raise IntegrityError("weighing forgot a row that dedup keeps: please report this")
    return (
        pa.table(
            {
                "keep": keep,
                "exact": exact,
                **{name: pa.array(column, pa.string()) for name, column in names.items()},
                "earlier": pa.array(labels[corpora], pa.string()),
                "duplicate_count": count,
                "abstain_reason": np.where(np.isnan(probability), UNCALIBRATED, ""),
                "human_probability": pa.array(probability, from_pandas=True),  # NaN, an abstention, becomes null
                "human_weight": weight,
                "expected_repeats": repeats,
                "weight_bucket": bucket,
            }
        )
        .select(VERDICTS.names)
        .cast(VERDICTS)
    )
