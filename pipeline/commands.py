"""What each command does. Only the command that needs an engine or a parser imports it."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from transforms.errors import InputError, OutputError, UsageError

if TYPE_CHECKING:
    from pipeline.accounts import Counts
    from pipeline.config import Config
    from pipeline.jobs import Job

Options = argparse.Namespace
_DONE, _REJECTED = 0, 3


def run(options: Options) -> int:
    """`firsthand run`: extract, then curate into the same folder."""
    from pipeline import jobs

    began = time.monotonic()
    config, job = _prepare(options)
    plan = jobs.plan(job, options.inputs, config, limit=options.limit)
    if options.dry_run:
        print(jobs.describe(plan, job))
        return _DONE
    jobs.extract(job, plan, config)
    return _curate(job, [options.output], None, config, began)


def extract(options: Options) -> int:
    """`firsthand extract`: archives to documents."""
    from pipeline import jobs

    config, job = _prepare(options)
    plan = jobs.plan(job, options.inputs, config, limit=options.limit)
    if options.dry_run:
        print(jobs.describe(plan, job))
        return _DONE
    counts = jobs.extract(job, plan, config)
    print(jobs.describe_counts(counts, job))
    return _verdict(counts, config)


def curate(options: Options) -> int:
    """`firsthand curate`: documents to corpus."""
    if bool(options.folders) == bool(options.documents):
        raise UsageError("curate needs either outputs of extract or --documents GLOB: name one of them")
    began = time.monotonic()
    config, job = _prepare(options)
    return _curate(job, options.folders, options.documents, config, began)


def _prepare(options: Options) -> tuple[Config, Job]:
    from pipeline import jobs
    from pipeline.config import load

    config = load(options.config, tuple(options.overrides))
    return config, jobs.prepare(options.output, flags=options.beam, workers=options.workers)


def _curate(job: Job, folders: list[str], pattern: str | None, config: Config, began: float) -> int:
    from pipeline import jobs

    counts = jobs.curate(job, folders, pattern, config, began=began)
    _summary(job.output.root)
    return _verdict(counts, config)


def _verdict(counts: Counts, config: Config) -> int:
    """The exit code of a job that is done."""
    share = config.run.max_rejected_share
    if counts.rejected <= share * counts.responses:
        return _DONE
    print(
        f"firsthand: {counts.rejected} of {counts.responses} responses were rejected, more than [run] "
        f"max_rejected_share ({share}) allows: see rejections/*.parquet",
        file=sys.stderr,
    )
    return _REJECTED


def score(options: Options) -> int:
    """`firsthand score`: JSON lines in, JSON lines out, in order."""
    from pipeline.config import load
    from transforms.filter.language import identify
    from transforms.score.detector import Detector
    from transforms.score.lines import score_lines

    config = load(options.config, tuple(options.overrides))
    with _reader(options.file) as lines, _writer(options.output) as out:
        for result in score_lines(lines, Detector.load(), identify, config.score):
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
    return _DONE


@contextmanager
def _reader(path: str) -> Iterator[TextIO]:
    if path == "-":
        yield sys.stdin
        return
    try:
        file = open(path, encoding="utf-8")  # noqa: SIM115 - closed below, once it is known to open
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror}; name a file of JSON lines, or - for standard input"
        ) from None
    with file:
        yield file


@contextmanager
def _writer(path: str | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears once it is complete."""
    if path is None:
        yield sys.stdout
        return
    partial = Path(f"{path}.partial")
    try:
        file = open(partial, "w", encoding="utf-8")  # noqa: SIM115 - closed below, once it is known to open
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; name another --output") from None
    try:
        with file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def inspect(options: Options) -> int:
    """`firsthand inspect`: a summary of an output."""
    _summary(options.folder)
    return _DONE


def _summary(folder: str) -> None:
    from transforms.report.render import render
    from transforms.report.summary import summarise

    print(render(summarise(Path(folder)), width=min(shutil.get_terminal_size((80, 24)).columns, 120)))


def config(options: Options) -> int:
    """`firsthand config`: the effective configuration."""
    from pipeline.config import load, to_toml

    print(to_toml(load(options.config, tuple(options.overrides))), end="")
    return _DONE


def schema(_options: Options) -> int:
    """`firsthand schema`: every column of the output."""
    from pipeline.reference import schema_page

    print(schema_page(), end="")
    return _DONE
