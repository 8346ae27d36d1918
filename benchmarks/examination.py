"""What one hostile page costs the worker that meets it, and what becomes of it: a split of one record, as in a run."""

from __future__ import annotations

import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TypeVar

import pyarrow.parquet as pq

from benchmarks.parser_peak import ParserPeak
from pipeline.config import Config
from pipeline.split import SplitExtractor
from tests.hostile.pages.every import hostile
from tests.hostile.pages.response import Response
from transforms.extract.extractor import ExtractParams
from transforms.filter.reading import TextReader
from transforms.read.splits import Split
from transforms.score.detector import Detector

T = TypeVar("T")
_MIB = 1 << 20
_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss
# What transforms.extract.plain promises not to leave in a text.
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_WARM_UP = Response(b"<html><body><p>A page so that everything is loaded, before the clock runs.</p></body></html>")


@dataclass(frozen=True, slots=True)
class Finding:
    """One page, examined by a process of its own."""

    name: str
    cpu_s: float  # of the worker and its parsers
    wall_s: float
    parser_mib: float  # largest resident memory of a parser
    worker_mib: float  # the same of the worker, its libraries and models included
    idle_mib: float  # of the worker before the page
    outcome: str  # a reason and its detail, or how much text


def archive_page(name: str, size: int, folder: str) -> Path:
    """Write the archive of a page. For another process than the one that examines it: some are large to make."""
    archive = Path(folder) / f"{name}.warc.gz"
    archive.write_bytes(hostile(name, size).record())
    return archive


def examine(archive: Path, params: ExtractParams) -> Finding:
    """Take the page of an archive through a split, as a run does. For a new process: peaks of memory never fall."""
    config = replace(Config(), extract=params)
    with tempfile.TemporaryDirectory() as folder:
        with SplitExtractor(
            config, TextReader(config.filter), Detector.load(), layout="", output=folder, heartbeats=False
        ) as extractor:
            warm = Path(folder) / "warm.warc.gz"
            warm.write_bytes(_WARM_UP.record())
            _extract(extractor, warm)
            idle, cpu, wall = _peak(), time.process_time(), time.monotonic()
            parser = extractor.parser_seconds
            with ParserPeak() as largest:
                documents, rejections = _extract(extractor, archive)
            wall = time.monotonic() - wall
            cpu = time.process_time() - cpu + extractor.parser_seconds - parser
        return Finding(
            name=archive.name.partition(".")[0],
            cpu_s=cpu,
            wall_s=wall,
            parser_mib=largest.mib,
            worker_mib=_peak(),
            idle_mib=idle,
            outcome=_outcome(documents, rejections),
        )


def _extract(extractor: SplitExtractor, archive: Path) -> tuple[Path, Path]:
    """The two files that the only split of an archive becomes."""
    size, written = archive.stat().st_size, []

    def commit(path: str, write: Callable[[BinaryIO], T]) -> T:
        target = Path(path)
        target.parent.mkdir(exist_ok=True)
        with target.open("wb") as stream:
            made = write(stream)
        written.append(target)
        return made

    split = Split(str(archive), archive.name, size, 0, size, None)
    extractor.extract(split, _open, commit)
    rejections, documents = written
    return documents, rejections


def _open(path: str) -> BinaryIO:
    return Path(path).open("rb")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES / _MIB


def _outcome(documents: Path, rejections: Path) -> str:
    rows, refused = pq.read_table(documents).to_pylist(), pq.read_table(rejections).to_pylist()
    for row in rows:
        for column in ("text", "title"):
            if unclean := _UNCLEAN.search(row[column]):
                raise AssertionError(f"{column} with {unclean[0]!r}")
    said = [f"{len(row['text'])} characters of text" for row in rows]
    said += [f"{row['reason']}: {row['detail']}" for row in refused]
    if not said:
        raise AssertionError("the record vanished")
    return "; ".join(said[:3])
