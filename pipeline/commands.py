"""What each command does. Only the command that needs an engine or a parser imports it."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from pipeline.exit_codes import DONE, REJECTED
from transforms.errors import InputError, OutputError, UsageError
from transforms.terminal import shown

if TYPE_CHECKING:
    from pipeline.accounts import Counts
    from pipeline.config import Config
    from pipeline.jobs import Curated

Options = argparse.Namespace


def run(options: Options) -> int:
    """`firsthand run`: extract, then curate into the same folder."""
    return _extract(options, then_curate=True)


def extract(options: Options) -> int:
    """`firsthand extract`: archives to documents."""
    return _extract(options, then_curate=False)


def _extract(options: Options, *, then_curate: bool) -> int:
    from pipeline.startup import importing

    with importing(all_of_beam=bool(options.beam)):
        from pipeline import jobs
    from pipeline.config import load

    began = time.monotonic()
    config = load(*_settings(options))
    job = jobs.prepare(options.output, flags=options.beam, workers=options.workers, inputs=options.inputs)
    work = jobs.plan(job, options.inputs, config, limit=options.limit, base=options.base)
    if options.dry_run:
        print(shown(jobs.describe(work)))
        return DONE
    with job.output.locked():
        counts = jobs.extract(job, work)
        if then_curate:
            source = jobs.find([job.output.root], None, _settings(options))
            done = jobs.curate(job, source, began=began, fresh=True)
    if then_curate:
        return _finish(done, config)
    print(shown(jobs.describe_counts(counts, job)))
    return _verdict(counts, config)


def curate(options: Options) -> int:
    """`firsthand curate`: documents to corpus."""
    if bool(options.folders) == bool(options.documents):
        raise UsageError("curate needs either outputs of extract or --documents GLOB: name one of them")
    from pipeline.startup import importing

    with importing(all_of_beam=bool(options.beam)):
        from pipeline import jobs
    from pipeline.config import load
    from pipeline.place import place_of
    from pipeline.reading import unwritten

    began = time.monotonic()
    load(*_settings(options))  # its mistakes come before those of the documents
    inputs = [*options.folders, *([options.documents] if options.documents else [])]
    job = jobs.prepare(options.output, flags=options.beam, workers=options.workers, inputs=inputs)
    job.output.check()
    with unwritten(list(map(place_of, options.folders))):
        source = jobs.find(options.folders, options.documents, _settings(options), against=options.against)
    with job.output.locked():
        done = jobs.curate(job, source, began=began)
    return _finish(done, source.config)


def plan(options: Options) -> int:
    """`firsthand plan`: what a run would take and leave."""
    from pipeline import forecast_view, jobs
    from pipeline.config import load
    from pipeline.forecast import Request, forecast
    from pipeline.prices import Prices
    from pipeline.survey import Budget

    request = Request(
        engine=options.engine,
        workers=options.workers,
        share=options.sample,
        seed=options.seed,
        budget=Budget(options.pages, options.seconds),
        earlier=options.earlier,
        kept=options.kept,
        prices=Prices(**{name: getattr(options, f"price_{name}") for name in Prices.__dataclass_fields__}),
        base=options.base,
    )
    estimate, sample = forecast(options.inputs, load(*_settings(options)), request, say=jobs.say)
    width = min(shutil.get_terminal_size((80, 24)).columns, 120)
    print(
        forecast_view.to_json(estimate, sample) if options.json else forecast_view.render(estimate, sample, width=width)
    )
    return DONE


def rescore(options: Options) -> int:
    """`firsthand rescore`: documents scored again from their text."""
    from pipeline import jobs

    print(shown(jobs.rescore(jobs.prepare(options.folder, flags=options.beam, workers=options.workers))))
    return DONE


def _settings(options: Options) -> tuple[str | None, tuple[str, ...]]:
    return options.config, tuple(options.overrides)


def _finish(done: Curated, config: Config) -> int:
    """Say what came out; returns the exit code."""
    from pipeline.inspection import show_summary

    show_summary(done.story)
    return _verdict(done.counts, config)


def _verdict(counts: Counts, config: Config) -> int:
    """The exit code of a job that is done."""
    share = config.run.max_rejected_share
    if counts.rejected <= share * counts.responses:
        return DONE
    print(
        f"firsthand: {counts.rejected} of {counts.responses} responses were rejected, more than [run] "
        f"max_rejected_share ({share}) allows: see rejections/*.parquet",
        file=sys.stderr,
    )
    return REJECTED


def score(options: Options) -> int:
    """`firsthand score`: JSON lines in, JSON lines or blocks of text out, in order."""
    from pipeline.config import load
    from transforms.filter.language import identify
    from transforms.score.block import to_block
    from transforms.score.detector import Detector
    from transforms.score.lines import score_lines, to_json

    params = load(*_settings(options)).score
    show = to_block if options.format == "text" else to_json
    with _reader(options.file) as lines, _writer(options.output, options.file) as out:
        for result in score_lines(_decoded(lines), Detector.load(), identify, params, phrases=options.explain):
            out.write(f"{show(result)}\n".encode("utf-8", "backslashreplace"))
    return DONE


def _decoded(lines: BinaryIO) -> Iterator[str]:
    """The lines as text, a byte order mark left out; raises InputError naming a line that is not UTF-8."""
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"line {number}: not UTF-8 ({error.reason} at byte {error.start}): convert the file"
            ) from None


@contextmanager
def _reader(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 - closed below, once it is known to open
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror}; name a file of JSON lines, or - for standard input"
        ) from None
    with file:
        yield file


@contextmanager
def _writer(path: str | None, source: str) -> Iterator[BinaryIO]:
    """Standard output; or a file that appears once it is complete; a pipe or a link is written as it is."""
    if path is None:
        yield sys.stdout.buffer
        return
    target = Path(path)
    if target.resolve() == Path(source).resolve():
        raise OutputError(f"{path} is the input: name another --output")
    plain = not target.is_symlink() and (target.is_file() or not target.exists())
    partial = target.with_name(f".{uuid4().hex}-{target.name}") if plain else target
    try:
        file = open(partial, "xb" if plain else "wb")  # noqa: SIM115 - closed below, once it is known to open
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; name another --output") from None
    try:
        with file:
            yield file
        if partial != target:
            partial.replace(target)
    finally:
        if partial != target:
            partial.unlink(missing_ok=True)


def inspect(options: Options) -> int:
    """`firsthand inspect`: what an output holds."""
    from pipeline import inspection

    inspection.inspect(options)
    return DONE


def report(options: Options) -> int:
    """`firsthand report`: what is published beside a corpus, anew."""
    from pipeline.inspection import find_folder
    from pipeline.publish import publish_again

    for path in publish_again(find_folder(options.folder, options.beam), *_settings(options)):
        print(shown(path))
    return DONE


def verify(options: Options) -> int:
    """`firsthand verify`: an output against its manifest, its rows and its archives."""
    from pipeline.verify import command as verification

    return verification.run(options)


def export(options: Options) -> int:
    """`firsthand export`: a corpus as other trainers read it."""
    from pipeline.export import command as exporting
    from pipeline.export.settings import ALL_COLUMNS, Settings
    from pipeline.export.view import render

    given = {name: getattr(options, name) for name in Settings.__dataclass_fields__}
    if given["columns"] == ("all",):
        given["columns"] = ALL_COLUMNS
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    done = exporting.export(options.folder, options.output, settings, flags=options.beam, workers=options.workers)
    print(render(done, width=min(shutil.get_terminal_size((80, 24)).columns, 120)))
    return DONE


def config(options: Options) -> int:
    """`firsthand config`: the effective configuration."""
    from pipeline.config import load, to_toml

    print(to_toml(load(*_settings(options))), end="")
    return DONE


def schema(_options: Options) -> int:
    """`firsthand schema`: every column of the output."""
    from pipeline.reference import schema_page

    print(schema_page(), end="")
    return DONE
