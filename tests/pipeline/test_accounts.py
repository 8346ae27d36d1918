"""The accounts: sums come out or the run fails."""

from __future__ import annotations

import dataclasses
import json

import pytest

from pipeline.accounts import SplitAccount, Tally, curated, total, total_cpu
from pipeline.config import Config
from transforms.errors import IntegrityError
from transforms.read.chain import SplitReport
from transforms.read.splits import Split
from transforms.records import Origin
from transforms.rejection import Reason, RejectedRecord, Rejection

SPLIT = Split("/in/a.warc.gz", "a.warc.gz", 900, 0, 900, None)
READ = SplitReport(SPLIT, records=6, gaps=1, responses=4, pages=3, rejected=3, passed=1, first_offset=0, end_offset=900)
ACCOUNT = SplitAccount(
    read=READ,
    layout="abc",
    model="linear-0123",
    settings=Config().extraction(),
    rows=2,
    text_bytes=100,
    passed={"warcinfo": 1},
    not_responses={"revisit": 1, "corrupt_archive": 1},
    rejections={"http_status": 1, "no_text": 1},
    cpu_s={"read": 0.5, "extract": 1.25},
)


def rejected(record_type: str, reason: Reason) -> RejectedRecord:
    return RejectedRecord(Origin("/in/a", "a", 0, 0, "", record_type, ""), Rejection(reason, ""))


def test_a_rejection_counts_on_the_side_of_its_record() -> None:
    tally = Tally()
    tally.reject(rejected("response", Reason.NO_TEXT))
    tally.reject(rejected("revisit", Reason.REVISIT))
    tally.reject(rejected("", Reason.CORRUPT_ARCHIVE))
    tally.add_row(10)
    assert tally.rejections == {"no_text": 1}
    assert tally.not_responses == {"revisit": 1, "corrupt_archive": 1}
    assert tally.responses == 2


def test_an_account_survives_the_footer_of_a_file() -> None:
    assert SplitAccount.from_json(json.loads(json.dumps(ACCOUNT.as_json()))) == ACCOUNT


def test_a_response_that_is_neither_row_nor_rejection_stops_the_split() -> None:
    ACCOUNT.check()
    with pytest.raises(IntegrityError, match="4 responses were read, 1 became rows"):
        dataclasses.replace(ACCOUNT, rows=1).check()


def test_totals_add_up_over_splits() -> None:
    counts = total([ACCOUNT, ACCOUNT])
    assert (counts.records, counts.gaps, counts.responses, counts.rows) == (12, 2, 8, 4)
    assert counts.rejections == {"http_status": 2, "no_text": 2}
    assert counts.not_responses == {"corrupt_archive": 2, "revisit": 2}
    assert total_cpu([ACCOUNT, ACCOUNT]) == {"read": 1.0, "extract": 2.5}


def test_curation_that_loses_a_row_is_no_success() -> None:
    documents = total([ACCOUNT, ACCOUNT])
    counts = curated(documents, rows=3, rejections=[("duplicate_near", 1)])
    assert counts.rejections == {"duplicate_near": 1, "http_status": 2, "no_text": 2}
    with pytest.raises(IntegrityError, match="8 responses were read, but 2 rows"):
        curated(documents, rows=2, rejections=[("duplicate_near", 1)])
