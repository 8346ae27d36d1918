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
from typing import TextIO

from transforms.errors import InputError, OutputError, UsageError

Options = argparse.Namespace
_DONE, _REJECTED = 0, 3


def run(options: Options) -> int:
    """`firsthand run`: extract, then curate into the same folder."""
    from pipeline import jobs
    from pipeline.config import load

    began = time.monotonic()
    config = load(options.config, tuple(options.overrides))
    job = jobs.prepare(options.output, flags=options.beam, workers=options.workers)
    plan = jobs.plan(job, options.inputs, config, limit=options.limit)
    if options.dry_run:
        print(jobs.describe(plan, job))
        return _DONE
    jobs.extract(job, plan, config)
    counts = jobs.curate(job, [options.output], None, config, began=began)
    _summary(options.output)
    return _REJECTED if _too_many(counts.rejected, counts.responses, config.run.max_rejected_share) else _DONE


def extract(options: Options) -> int:
    """`firsthand extract`: archives to documents."""
    from pipeline import jobs
    from pipeline.config import load

    config = load(options.config, tuple(options.overrides))
    job = jobs.prepare(options.output, flags=options.beam, workers=options.workers)
    plan = jobs.plan(job, options.inputs, config, limit=options.limit)
    if options.dry_run:
        print(jobs.describe(plan, job))
        return _DONE
    counts = jobs.extract(job, plan, config)
    print(jobs.describe_counts(counts, job))
    return _REJECTED if _too_many(counts.rejected, counts.responses, config.run.max_rejected_share) else _DONE


def curate(options: Options) -> int:
    """`firsthand curate`: documents to corpus."""
    if bool(options.folders) == bool(options.documents):
        raise UsageError("curate needs either outputs of extract or --documents GLOB: name one of them")
    from pipeline import jobs
    from pipeline.config import load

    began = time.monotonic()
    config = load(options.config, tuple(options.overrides))
    job = jobs.prepare(options.output, flags=options.beam, workers=options.workers)
    counts = jobs.curate(job, options.folders, options.documents, config, began=began)
    _summary(options.output)
    return _REJECTED if _too_many(counts.rejected, counts.responses, config.run.max_rejected_share) else _DONE


def _too_many(rejected: int, responses: int, share: float) -> bool:
    if responses and rejected / responses > share:
        print(
            f"firsthand: {rejected} of {responses} responses were rejected, more than [run] max_rejected_share "
            f"({share}) allows: see rejections/*.parquet",
            file=sys.stderr,
        )
        return True
    return False


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
