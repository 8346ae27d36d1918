"""What may stand in one corpus."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pipeline.accounts import SplitAccount
from pipeline.curate import find_documents
from tests.pipeline.test_accounts import ACCOUNT
from transforms.errors import InputError
from transforms.schema import DOCUMENTS, arrow_schema
from transforms.write.parquet import ParquetSink


def store(folder: Path, name: str, account: SplitAccount) -> None:
    """A documents file without rows that has this account."""
    with (
        open(folder / f"{name}.parquet", "wb") as sink,
        ParquetSink(sink, arrow_schema(DOCUMENTS), row_group_bytes=1 << 20) as file,
    ):
        file.close(dataclasses.replace(account, rows=0).as_json())


def account_of(**split: object) -> SplitAccount:
    """The account of another split."""
    read = dataclasses.replace(ACCOUNT.read, split=dataclasses.replace(ACCOUNT.read.split, **split))
    return dataclasses.replace(ACCOUNT, read=read)


OTHER = account_of(file_path="/in/b.warc.gz", warc_file="b.warc.gz")


@pytest.mark.parametrize(
    ("account", "message"),
    [
        (
            dataclasses.replace(OTHER, layout="other"),
            r"b\.parquet was extracted with another configuration than .*a\.parquet \(the settings are the same: ",
        ),
        (
            dataclasses.replace(OTHER, layout="other", settings={"extract": {"extractor": "precise"}}),
            r"b\.parquet .*another configuration than .*a\.parquet \(.*extract\.extractor 'precise' and",
        ),
        (
            dataclasses.replace(OTHER, model="linear-9999"),
            "scored by the detector linear-9999.*`firsthand rescore /.*` first",
        ),
        (account_of(start=899, end=901), "extracted into two of these"),
        (account_of(file_path="/elsewhere/a.warc.gz", start=900, end=950), r"two archives are called a\.warc\.gz"),
    ],
)
def test_documents_that_do_not_belong_together_are_refused(tmp_path: Path, account: SplitAccount, message: str) -> None:
    store(tmp_path, "a", ACCOUNT)
    store(tmp_path, "z", account_of(file_path="/in/z.warc.gz", warc_file="z.warc.gz"))
    assert len(find_documents([], f"{tmp_path}/*.parquet", model=ACCOUNT.model)) == 2
    (tmp_path / "other").mkdir()
    store(tmp_path / "other", "b", account)
    with pytest.raises(InputError, match=message):
        find_documents([], f"{tmp_path}/**/*.parquet", model=ACCOUNT.model)
