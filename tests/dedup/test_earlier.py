"""Pages of a run beside earlier corpora: rows of these go first, and the rest is as if all were curated together."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that

from tests.dedup.test_stage import PARAMS, Record, cut, find_directly, find_roots, make_records, write_files
from transforms.dedup.keeper import DuplicateVerdicts
from transforms.dedup.params import DedupParams
from transforms.dedup.stage import FindDuplicates
from transforms.errors import FirsthandError

Told = tuple[bool, bool, str, int]
"""keep, exact, id of the keeper, number of its earlier corpus."""


def find_against(earlier: list[Record], records: list[Record], params: DedupParams) -> dict[str, Told]:
    """Verdicts on `records` by id: what shares a component of all texts with a row kept of `earlier` goes for it."""
    verdicts = find_directly(earlier, params)
    texts = {record.sketch.text_digest: record.sketch for record in [*earlier, *records]}
    root = find_roots(texts, params) if params.method == "near" else {digest: digest for digest in texts}
    holders: dict[str, list[Record]] = defaultdict(list)
    for record in earlier:
        if record.id not in verdicts or verdicts[record.id].keep:
            holders[root[record.sketch.text_digest]].append(record)
    told = {}
    together = find_directly([*earlier, *records], params)
    for record in records:
        digest = record.sketch.text_digest
        if holders[root[digest]]:
            keeper = min(holders[root[digest]], key=lambda r: (r.date or "9999", -r.quality, r.id))
            told[record.id] = (False, digest == keeper.sketch.text_digest, keeper.id, 1)
        elif record.id in together:
            verdict = together[record.id]
            told[record.id] = (verdict.keep, verdict.exact, verdict.keeper_id, 0)
    return told


@pytest.mark.parametrize("params", [PARAMS, replace(PARAMS, method="exact")], ids=["near", "exact"])
def test_pages_that_an_earlier_corpus_has_are_dropped_and_others_judged_as_if_together(
    tmp_path: Path, params: DedupParams
) -> None:
    records = random.Random(4).sample(make_records(seed=1), 180)
    earlier, new = records[:90], records[90:]
    expected = find_against(earlier, new, params)
    assert sum(told[3] for told in expected.values()) > 20
    assert any(told[0] for told in expected.values())
    verdicts = find_directly(earlier, params)
    kept = [record for record in earlier if record.id not in verdicts or verdicts[record.id].keep]
    chunks = cut(new, 40)
    files = write_files(tmp_path, [*chunks, earlier, kept], list(range(len(chunks) + 2)))
    files = [*files[:-2], replace(files[-2], earlier=1), replace(files[-1], earlier=1, is_corpus=True)]

    def check(blocks: list[tuple[int, DuplicateVerdicts]]) -> None:
        told = {}
        for ordinal, block in blocks:
            values = (block.keep, block.exact, block.keeper_id, block.earlier)
            for row, keep, exact, keeper, number in zip(block.row, *values, strict=True):
                told[chunks[ordinal][row].id] = (bool(keep), bool(exact), keeper.decode(), int(number))
        assert told == expected

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create(files) | FindDuplicates(params, partitions=5), check)


@pytest.mark.parametrize(
    ("at", "cure"),
    [
        (0, "delete it and give the same command again"),
        (1, "bring back what the earlier corpus was made from"),
        (2, "`firsthand verify .*` says what else is"),
    ],
)
def test_file_with_other_rows_than_it_was_found_with_fails_the_run_and_nobody_is_told_to_delete_what_is_earlier(
    tmp_path: Path, at: int, cure: str
) -> None:
    records = make_records(seed=1)[:30]
    files = write_files(tmp_path, [records[20:], records[:20], records[:20]], [0, 1, 2])
    files = [files[0], replace(files[1], earlier=1), replace(files[2], earlier=1, is_corpus=True)]
    files[at] = replace(files[at], rows=files[at].rows + 1)
    message = rf"{files[at].path} is damaged \(it has \d+ rows, expected {files[at].rows}\): {cure}"
    with pytest.raises(FirsthandError, match=message), beam.Pipeline(runner="FnApiRunner") as pipeline:
        pipeline | beam.Create(files) | FindDuplicates(PARAMS, partitions=5)
