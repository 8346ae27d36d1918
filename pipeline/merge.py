"""Many small splits as one: their rows in one documents and one rejections file, under one account."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.accounts import SplitAccount, total_cpu
from transforms.read.splits import Split
from transforms.schema import DOCUMENTS, REJECTIONS, arrow_schema
from transforms.write.parquet import ACCOUNTS, open_writer


def merge(folder: Path, accounts: Sequence[SplitAccount], into: Path) -> tuple[Path, SplitAccount]:
    """Copy the rows of these splits, whose files are in `folder`, to one file each in `into`; it and its account.

    The account is of a split that no archive has: it is for curating the rows, not for going on with an extraction.
    """
    account = _merged(accounts)
    shared_name = f"{account.read.split.split_id}.parquet"
    footers: dict[str, dict[str, object]] = {
        "documents": account.as_json(),
        "rejections": {"rejections": account.all_rejections()},
    }
    for name, columns in (("documents", DOCUMENTS), ("rejections", REJECTIONS)):
        paths = [folder / name / f"{each.read.split.split_id}.parquet" for each in accounts]
        (into / name).mkdir(parents=True)
        _write(into / name / shared_name, paths, arrow_schema(columns), footers[name])
    return into / "documents" / shared_name, account


def _write(target: Path, paths: Iterable[Path], schema: pa.Schema, accounts: dict[str, object]) -> None:
    table = pa.concat_tables([schema.empty_table(), *(pq.read_table(path).cast(schema) for path in paths)])
    with open(target, "wb") as sink, open_writer(sink, schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({ACCOUNTS: json.dumps(accounts, sort_keys=True)})


def _merged(accounts: Sequence[SplitAccount]) -> SplitAccount:
    reports = [account.read for account in accounts]
    names = ("records", "gaps", "responses", "pages", "rejected", "passed")
    counts = {name: sum(getattr(report, name) for report in reports) for name in names}
    return replace(
        accounts[0],
        read=replace(reports[0], split=Split("", "merged", 0, 0, 0, None), **counts),
        rows=sum(account.rows for account in accounts),
        text_bytes=sum(account.text_bytes for account in accounts),
        passed=_sum(account.passed for account in accounts),
        not_responses=_sum(account.not_responses for account in accounts),
        rejections=_sum(account.rejections for account in accounts),
        cpu_s=total_cpu(accounts),
        refused_file=None,
        refused_imprint="",  # what was written a moment ago needs none
    )


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total = Counter[str]()
    for each in counts:
        total.update(each)
    return dict(total)
