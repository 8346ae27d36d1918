"""One split without an engine: both files, the account, and what a failure leaves."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq
import pytest

from pipeline.accounts import SplitAccount
from pipeline.config import Config
from pipeline.split import SplitExtractor
from transforms.filter.reading import TextReader
from transforms.read.splits import Split
from transforms.read.stage import expand_inputs, open_archive
from transforms.score.detector import Detector
from transforms.write.parquet import read_accounts
from transforms.write.stage import commit


@pytest.fixture
def extractor(tmp_path: Path) -> Iterator[SplitExtractor]:
    """An extractor that writes below the test's folder."""
    for name in ("documents", "rejections"):
        (tmp_path / name).mkdir()
    reader = TextReader(Config().filter)
    with SplitExtractor(Config(), reader, Detector.load(), layout="abc", output=str(tmp_path), heartbeats=False) as one:
        yield one


@pytest.fixture
def split(crawl: Path) -> Split:
    """The first archive of the small crawl, whole."""
    archive = expand_inputs([str(crawl)])[0]
    return Split(archive.file_path, archive.warc_file, archive.size, 0, archive.size, None)


def test_a_split_becomes_two_files_whose_rows_are_the_account(
    extractor: SplitExtractor, split: Split, tmp_path: Path
) -> None:
    account = extractor.extract(split, open_archive, commit)
    documents = tmp_path / "documents" / f"{split.split_id}.parquet"
    refused = pq.read_table(tmp_path / "rejections" / f"{split.split_id}.parquet")
    assert pq.read_metadata(documents).num_rows == account.rows > 5
    assert refused.num_rows == sum(account.rejections.values()) + sum(account.not_responses.values()) > 0
    with open(documents, "rb") as file:
        assert SplitAccount.from_json(read_accounts(file)) == account
    assert set(account.cpu_s) == {"read", "filter", "extract", "score", "dedup", "write"}


def test_the_documents_file_comes_last(extractor: SplitExtractor, split: Split) -> None:
    committed: list[str] = []

    def remember(path: str, write: Callable[[BinaryIO], SplitAccount]) -> SplitAccount:
        account = write(io.BytesIO())
        committed.append(path)
        return account

    extractor.extract(split, open_archive, remember)
    assert [Path(path).parent.name for path in committed] == ["rejections", "documents"]


def test_an_archive_that_cannot_be_opened_commits_nothing(
    extractor: SplitExtractor, split: Split, tmp_path: Path
) -> None:
    def fail(path: str) -> BinaryIO:
        raise OSError(5, "Input/output error", path)

    with pytest.raises(OSError, match="Input/output error"):
        extractor.extract(split, fail, commit)
    assert list((tmp_path / "documents").iterdir()) == list((tmp_path / "rejections").iterdir()) == []
