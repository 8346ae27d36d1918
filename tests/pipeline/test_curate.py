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
        file.close(account.as_json())


def other_archive(path: str) -> SplitAccount:
    """The account of an archive of the same name elsewhere."""
    split = dataclasses.replace(ACCOUNT.read.split, file_path=path)
    return dataclasses.replace(ACCOUNT, read=dataclasses.replace(ACCOUNT.read, split=split))


@pytest.mark.parametrize(
    ("account", "message"),
    [
        (dataclasses.replace(ACCOUNT, layout="other"), "another configuration"),
        (dataclasses.replace(ACCOUNT, model="linear-9999"), "scored by the detector linear-9999"),
        (other_archive("/elsewhere/a.warc.gz"), r"two archives are called a\.warc\.gz"),
    ],
)
def test_documents_that_do_not_belong_together_are_refused(tmp_path: Path, account: SplitAccount, message: str) -> None:
    for number in range(2):
        store(tmp_path, f"a{number}", ACCOUNT)
    assert len(find_documents([], f"{tmp_path}/*.parquet", model=ACCOUNT.model)) == 2
    store(tmp_path, "b", account)
    with pytest.raises(InputError, match=message):
        find_documents([], f"{tmp_path}/*.parquet", model=ACCOUNT.model)
