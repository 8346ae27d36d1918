"""`firsthand plan`: a sample of the archives, or the accounts of an earlier extraction, made into an estimate."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq

from pipeline import curate as curation
from pipeline.accounts import SplitAccount
from pipeline.config import Config
from pipeline.effort import Setting
from pipeline.estimate import Estimate, estimate
from pipeline.output import CORPUS, REJECTIONS, Output
from pipeline.prices import Prices
from pipeline.recorded import recorded
from pipeline.run import Engine, cores
from pipeline.sample import Curated, Sample
from pipeline.split import SplitExtractor
from pipeline.survey import Bench, Budget, survey
from pipeline.terms import ENGINES, LOCAL
from pipeline.windows import choose_windows
from pipeline.workload import workload_of, worth_starting
from transforms.errors import InputError
from transforms.filter.reading import TextReader
from transforms.read.cursor import READ_BYTES
from transforms.read.splits import Archive
from transforms.read.stage import expand_inputs, open_archive
from transforms.score.detector import Detector
from transforms.write.stage import commit, list_files, open_file

_PAGES_A_WINDOW = 0.5  # in files of Common Crawl, where a page takes about twice a window's bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a plan."""

    engine: str = LOCAL.engine
    workers: int | None = None  # None: as `run` takes by default on this machine
    share: float = 0.1  # of the bytes of all archives, 0–1
    seed: int = 0
    budget: Budget = field(default_factory=Budget)
    earlier: str | None = None  # an output whose accounts are the sample
    kept: float | None = None  # share of documents that curation keeps, 0–1, if known
    prices: Prices = field(default_factory=Prices)
    base: str | None = None  # what lines of lists are relative to


def forecast(
    inputs: Sequence[str], config: Config, request: Request, *, say: Callable[[str], None]
) -> tuple[Estimate, Sample]:
    """The estimate of `firsthand run` for these inputs, and the sample it rests on. Nothing is left on the disk.

    Raises:
        InputError: an input is not there, holds no record, or `earlier` holds no extraction.
    """
    archives = expand_inputs(inputs, base=request.base, notice=say)
    if request.earlier is None:
        sample = _take(archives, config, request)
    else:
        sample = recall(Output(request.earlier.rstrip("/")), archives)
    work = workload_of(archives, config)
    return estimate(
        work, sample, _setting(request, worth_starting(work.splits)), prices=request.prices, kept=request.kept
    ), sample


def _setting(request: Request, worth: int) -> Setting:
    """As the engine would choose, who starts so many processes if he has the cores: see pipeline.run."""
    terms = ENGINES[request.engine]
    workers = request.workers or min(worth, cores())
    return Setting(
        terms=terms,
        workers=workers,
        curating=request.workers or 1,
        cores=cores() if terms.in_process else workers,
    )


def _take(archives: Sequence[Archive], config: Config, request: Request) -> Sample:
    """Extract and curate a sample in a folder that goes again."""
    most = round(request.budget.pages / _PAGES_A_WINDOW)
    windows = choose_windows(archives, share=request.share, seed=request.seed, most=most)
    with tempfile.TemporaryDirectory(prefix="firsthand-plan-") as root:
        folder = Path(root)
        for name in ("documents", "rejections"):
            (folder / name).mkdir()
        reader, detector = TextReader(config.filter), Detector.load()
        with SplitExtractor(config, reader, detector, layout="plan", output=root, heartbeats=False) as extractor:
            return survey(Bench(extractor, folder, _open, commit), windows, request.budget, _curator(folder, config))


def _open(path: str) -> BinaryIO:
    """An archive, of which little more is fetched than a window: a run reads on, and by more at a time."""
    return open_archive(path, chunk=READ_BYTES)


def _curator(folder: Path, config: Config) -> Callable[[Path, SplitAccount], Path]:
    def curate(documents: Path, account: SplitAccount) -> Path:
        output = Output(str(folder / "curated"))
        curation.curate([(str(documents), account)], config, output, Engine(workers=1))
        return Path(output.path(CORPUS))

    return curate


def recall(output: Output, archives: Sequence[Archive]) -> Sample:
    """The sample that an earlier output is."""
    plan = output.plan()
    splits = plan.splits()
    accounts = output.accounts(split.split_id for split in splits)
    if not accounts:
        raise InputError(f"{output.root} holds no committed split: extract some first, or leave out --from")
    known = {(archive.warc_file, archive.size) for archive in archives}

    def sizes(split_id: str) -> tuple[int, int]:
        names = (output.path(folder, f"{split_id}.parquet") for folder in ("documents", REJECTIONS))
        documents, rejections = (_size(name) for name in names)
        return documents, rejections

    return recorded(
        accounts.values(),
        sizes,
        curated=_curated(output, accounts.values()),
        within=all(
            (account.read.split.warc_file, account.read.split.file_size) in known for account in accounts.values()
        ),
    )


def _curated(output: Output, accounts: Collection[SplitAccount]) -> Curated | None:
    """What curation made of the output's documents, None if it has not finished."""
    if not list_files(output.root, "_SUCCESS"):
        return None
    shards = list_files(output.path(CORPUS), "part-*.parquet")
    kept = 0
    for path in shards:
        with closing(open_file(path)) as file:
            kept += pq.read_metadata(file).num_rows
    return Curated(
        documents=sum(account.rows for account in accounts),
        kept=kept,
        corpus_bytes=float(sum(map(_size, shards))),
        corpus_file=0.0,
        text_in_file=sum(account.text_bytes for account in accounts) / max(len(shards), 1),
        cpu_s=None,
        memory_mb=None,
    )


def _size(path: str) -> int:
    with closing(open_file(path)) as file:
        return file.seek(0, os.SEEK_END)
