"""Joins of what dedup and weigh say, over the rows of a documents file."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from pipeline.verdicts import scored_block, sum_evidence, verdict_table
from tests.write.conftest import make_row
from transforms.dedup.keeper import DuplicateVerdicts
from transforms.errors import IntegrityError
from transforms.schema import DOCUMENTS, EVIDENCE, arrow_schema
from transforms.score.abstention import ABSTENTIONS, NOT_PROSE, TOO_SHORT, UNCALIBRATED
from transforms.weigh.block import WeightBlock
from transforms.write.parquet import ParquetSink
from transforms.write.rows import Row

ROWS = [
    make_row(0, "one two", "en", "http://A.org/1"),
    make_row(1, "drei", "de", "http://b.org/2") | {"detector_score": None, "abstain_reason": "too_short"},
    make_row(2, "one two", "en", "nonsense") | {"date": "2024-01-01T00:00:00Z", "evidence": []},
]
DUPLICATES = DuplicateVerdicts(
    row=np.array([0, 2], np.int32),
    keep=np.array([False, True]),
    exact=np.array([True, False]),
    keeper_id=np.array([b"k" * 32] * 2, "S32"),
    component_id=np.array([b"c" * 32] * 2, "S32"),
    first_seen=np.array([b"2021-05-06T07:08:09Z"] * 2, "S20"),
    duplicate_count=np.array([2, 2], np.int32),
    earlier=np.array([0, 0], np.uint16),
)


@pytest.fixture
def documents() -> pa.BufferReader:
    """The rows above as an open documents file."""
    return stored(ROWS)


def stored(rows: list[Row]) -> pa.BufferReader:
    """These rows as an open documents file."""
    sink = pa.BufferOutputStream()
    with ParquetSink(sink, arrow_schema(DOCUMENTS), row_group_bytes=1 << 20) as file:
        for row in rows:
            file.add(row, 10)
        file.close({})
    return pa.BufferReader(sink.getvalue())


def test_weighing_sees_the_kept_rows_only(documents: pa.BufferReader) -> None:
    block = scored_block(documents, 7, [DUPLICATES], rows=3)
    assert block.file == 7
    assert block.row.tolist() == [1, 2]
    assert [block.language.values[code] for code in block.language.codes] == ["de", "en"]
    assert [block.host.values[code] for code in block.host.codes] == ["b.org", ""]
    assert block.abstained.tolist() == [True, False]
    assert np.isnan(block.detector_score[0])
    assert block.detector_score[1] == -1.5
    assert block.evidence_log_ratio.tolist() == [pytest.approx(6.9), 0.0]


def test_a_language_that_was_not_calibrated_is_left_to_the_calibration_of_today() -> None:
    rows = [row | {"abstain_reason": reason} for row, reason in zip(ROWS, ABSTENTIONS, strict=True)]
    block = scored_block(stored(rows), 0, [], rows=3)
    assert dict(zip(ABSTENTIONS, block.abstained.tolist(), strict=True)) == {
        TOO_SHORT: True,
        NOT_PROSE: True,
        UNCALIBRATED: False,
    }


def test_a_copy_seen_before_chatbots_speaks_for_the_copy_that_is_kept(documents: pa.BufferReader) -> None:
    assert scored_block(documents, 0, [DUPLICATES], rows=3).before_chatbots.tolist() == [True, True]
    documents.seek(0)
    assert scored_block(documents, 0, [], rows=3).before_chatbots.tolist() == [True, True, False]


def test_a_file_of_another_number_of_rows_than_its_account_is_damaged(documents: pa.BufferReader) -> None:
    with pytest.raises(ValueError, match="it has 3 rows, its account 1000000000000"):
        scored_block(documents, 0, [], rows=10**12)


def test_evidence_is_summed_by_row() -> None:
    sign = {"kind": "k", "detail": "", "log_ratio": 0.5}
    rows = pa.array([[sign, sign], [], [sign]], EVIDENCE)
    assert sum_evidence(rows).tolist() == [1.0, 0.0, 0.5]
    assert sum_evidence(pa.array([], EVIDENCE)).tolist() == []


def weights(rows: list[int]) -> WeightBlock:
    """A weight of one for these rows."""
    ones = np.ones(len(rows), np.float32)
    return WeightBlock(0, np.array(rows, np.int32), ones, ones, ones, np.ones(len(rows), np.int8))


def test_a_kept_row_without_a_weight_stops_the_run() -> None:
    with pytest.raises(IntegrityError, match="weighing forgot a row"):
        verdict_table(3, [DUPLICATES], [weights([1])])


def test_rows_nobody_spoke_of_are_unique_and_kept() -> None:
    table = verdict_table(3, [DUPLICATES], [weights([1, 2])]).to_pylist()
    assert [row["keep"] for row in table] == [False, True, True]
    assert [row["duplicate_count"] for row in table] == [2, 1, 2]
    assert [row["keeper_id"] for row in table] == ["k" * 32, None, "k" * 32]
