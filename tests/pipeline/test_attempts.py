"""A split or a shard that two workers write: a lost one, a slow one, one that comes back from the dead."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from typing import BinaryIO, TypeVar

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from pipeline.accounts import SplitAccount
from pipeline.config import Config
from pipeline.output import Output
from pipeline.split import SplitExtractor
from tests.outputs import Row
from tests.write.conftest import make_row
from transforms.filter.params import FilterParams
from transforms.filter.reading import TextReader
from transforms.read.splits import Split
from transforms.read.stage import expand_inputs, open_archive
from transforms.schema import DOCUMENTS, arrow_schema
from transforms.score.detector import Detector
from transforms.write.digest import digest_of
from transforms.write.parquet import ParquetSink, read_accounts, rewrite
from transforms.write.shards import VERDICTS, Shard
from transforms.write.stage import WriteShards

T = TypeVar("T")
Step = Callable[[Path], None]
"""One thing that an attempt does to the output: a file begun, or a file renamed to its name."""


class Attempt:
    """What one worker does to write a split, step by step, to be done in any order with the steps of another."""

    def __init__(self, name: str, config: Config, split: Split) -> None:
        self.steps: list[Step] = []
        self._name = name
        reader, detector = TextReader(config.filter), Detector.load()
        with SplitExtractor(config, reader, detector, layout="abc", output="", heartbeats=False) as extractor:
            self.account = extractor.extract(split, open_archive, self._commit)

    def _commit(self, path: str, write: Callable[[BinaryIO], T]) -> T:
        temporary, sink = Path(path).with_name(f".tmp-{self._name}-{Path(path).name}"), io.BytesIO()

        def begin(root: Path) -> None:
            place(root / temporary).touch()

        def finish(root: Path) -> None:
            (root / temporary).write_bytes(sink.getvalue())
            (root / temporary).replace(root / path)

        self.steps.append(begin)
        result = write(sink)
        self.steps.append(finish)
        return result


def place(path: Path) -> Path:
    """The path, with its folder made."""
    path.parent.mkdir(exist_ok=True)
    return path


def orders(first: Sequence[Step], second: Sequence[Step]) -> Iterator[list[Step]]:
    """Every order of the steps of both in which each keeps its own."""
    number = len(first) + len(second)
    for taken in combinations(range(number), len(first)):
        mine, theirs = iter(first), iter(second)
        yield [next(mine) if place in taken else next(theirs) for place in range(number)]


@pytest.fixture(scope="module")
def split(crawl: Path) -> Split:
    """The first archive of the small crawl, whole."""
    archive = expand_inputs([str(crawl)])[0]
    return Split(archive.file_path, archive.warc_file, archive.size, 0, archive.size, None)


@pytest.fixture(scope="module")
def attempts(split: Split) -> tuple[Attempt, Attempt]:
    """Two workers that do the same."""
    return Attempt("a", Config(), split), Attempt("b", Config(), split)


@pytest.fixture(scope="module")
def stricter(split: Split) -> Attempt:
    """A worker that rejects more, as one does whose pages run out of time."""
    return Attempt("c", replace(Config(), filter=FilterParams(languages=("de",))), split)


def committed(root: Path, split: Split) -> SplitAccount | None:
    """The account of the split as a run sees it; both ways to ask must agree."""
    output = Output(str(root))
    account = output.account(split.split_id)
    assert output.accounts() == ({split.split_id: account} if account else {})
    return account


def rows_of(root: Path, split: Split) -> tuple[list[Row], list[Row]]:
    """Documents and rejections."""
    names = (root / folder / f"{split.split_id}.parquet" for folder in ("documents", "rejections"))
    documents, refused = (pq.read_table(name).to_pylist() for name in names)
    return documents, refused


def test_two_workers_that_write_one_split_in_any_order_leave_it_once(
    attempts: tuple[Attempt, Attempt], split: Split, tmp_path: Path
) -> None:
    first, second = attempts
    outcomes = []
    for number, order in enumerate(orders(first.steps, second.steps)):
        root = tmp_path / str(number)
        root.mkdir()
        states = []
        for step in order:
            step(root)
            states.append(committed(root, split) is not None)
        assert states == sorted(states)  # once it counts, no other attempt takes it back
        assert {path.name for path in root.rglob("*.parquet")} == {f"{split.split_id}.parquet"}
        outcomes.append(rows_of(root, split))
        account = committed(root, split)
        with (root / "rejections" / f"{split.split_id}.parquet").open("rb") as refused:
            assert account is not None
            assert account.refused_file == digest_of(refused)  # whichever attempt wrote the file, and which the account
    assert len(outcomes) == 70
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert len(outcomes[0][0]) == first.account.rows > 5


def test_a_worker_lost_at_any_step_leaves_nothing_that_counts_until_another_is_done(
    attempts: tuple[Attempt, Attempt], split: Split, tmp_path: Path
) -> None:
    lost, other = attempts
    for number in range(len(lost.steps)):  # all steps but the last, which commits
        root = tmp_path / str(number)
        root.mkdir()
        for step in lost.steps[:number]:
            step(root)
            assert committed(root, split) is None
        for step in other.steps:
            step(root)
        assert committed(root, split) == other.account
        Output(str(root)).prepare("documents", "rejections")
        assert {path.name for path in root.rglob("*.parquet")} == {f"{split.split_id}.parquet"}


def test_what_a_lost_worker_left_is_gone_before_the_split_is_extracted_again(
    attempts: tuple[Attempt, Attempt], split: Split, tmp_path: Path
) -> None:
    for step in attempts[0].steps[:-1]:
        step(tmp_path)
    name = f"{split.split_id}.parquet"
    assert sorted(path.name for path in tmp_path.rglob("*.parquet")) == [f".tmp-a-{name}", name]
    output = Output(str(tmp_path))
    output.prepare("documents", "rejections")
    output.keep_splits(output.accounts())
    assert list(tmp_path.rglob("*.parquet")) == []


def test_files_of_two_attempts_that_differ_never_count_as_one_split(
    attempts: tuple[Attempt, Attempt], stricter: Attempt, split: Split, tmp_path: Path
) -> None:
    assert stricter.account.rows < attempts[0].account.rows
    mixed = 0
    for number, order in enumerate(orders(attempts[0].steps, stricter.steps)):
        root = tmp_path / str(number)
        root.mkdir()
        for step in order:
            step(root)
            account = committed(root, split)
            if account is not None:
                documents, refused = rows_of(root, split)
                assert (len(documents), len(refused)) == (account.rows, sum(account.all_rejections().values()))
        mixed += committed(root, split) is None
    assert 0 < mixed < 70  # these the same command extracts again


def test_rejections_of_another_attempt_with_the_same_numbers_do_not_count_with_these_documents(
    attempts: tuple[Attempt, Attempt], split: Split, tmp_path: Path
) -> None:
    for step in attempts[0].steps:
        step(tmp_path)
    assert committed(tmp_path, split) == attempts[0].account
    path = tmp_path / "rejections" / f"{split.split_id}.parquet"
    source, sink = io.BytesIO(path.read_bytes()), io.BytesIO()

    def other(rows: pa.Table) -> pa.Table:
        at = rows.schema.get_field_index("record_offset")
        offsets = pa.array([offset + 12345 for offset in rows["record_offset"].to_pylist()])
        return rows.set_column(at, rows.schema.field(at), offsets)

    rewrite(source, sink, other, accounts=read_accounts(source), name=path.name)
    path.write_bytes(sink.getvalue())
    assert committed(tmp_path, split) is None
    documents = tmp_path / "documents" / path.name  # and if they had the same size
    with path.open("rb") as refused:
        written = {"refused_file": asdict(digest_of(refused))}
    source, sink = io.BytesIO(documents.read_bytes()), io.BytesIO()
    accounts = {**read_accounts(source), **written}
    rewrite(source, sink, lambda rows: rows, accounts=accounts, name=documents.name)
    documents.write_bytes(sink.getvalue())
    assert committed(tmp_path, split) is None


@pytest.mark.parametrize("lost", ["nothing", "corpus", "both"])
def test_a_shard_that_is_written_again_is_the_same_shard(tmp_path: Path, lost: str) -> None:
    """A worker may die before, between and after the two commits of a shard."""
    place(tmp_path / "rejections" / "x")
    place(tmp_path / "corpus" / "x")
    write_shard(tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*-00000.parquet")}
    assert [pq.read_metadata(path).num_rows for path in sorted(files)] == [3, 1]
    for path in files:
        if lost in {"both", path.parent.name}:
            path.rename(path.with_name(f".tmp-1234-{path.name}"))
    write_shard(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*-00000.parquet") if path.name[0] != "."} == files
    output = Output(str(tmp_path))
    assert output.curated_rejections() == [str(path) for path in sorted(files) if path.parent.name == "rejections"]


def write_shard(root: Path) -> None:
    """One attempt to write a shard of four documents, the last of them a copy of the first."""
    path = root / "documents.parquet"
    with open(path, "wb") as sink, ParquetSink(sink, arrow_schema(DOCUMENTS), row_group_bytes=1 << 20) as file:
        for offset in range(4):
            file.add(make_row(offset, f"text {offset % 3}"), 6)
        file.close({"rows": 4})
    weighed = {"duplicate_count": 1, "human_weight": 1.0, "expected_repeats": 1.0, "weight_bucket": 3}
    keep = [{"keep": True, "exact": False} | weighed] * 3
    copy = {"keep": False, "exact": True, "keeper_id": "0" * 32, "component_id": "0" * 32, "duplicate_count": 2}
    verdicts = pa.Table.from_pylist([*keep, copy], VERDICTS)
    shard = (Shard(0, (str(path),)), [(str(path), verdicts)])
    with beam.Pipeline("FnApiRunner") as pipeline:
        writer = WriteShards(output=str(root), config_digest="abc", row_group_bytes=1 << 20, p_null=unknown)
        pipeline | beam.Create([shard]) | writer


def unknown(scores: NDArray[np.float32], language: str, script: str) -> NDArray[np.float64]:
    """Nobody knows how rare a score is."""
    return np.full(scores.shape, np.nan)
