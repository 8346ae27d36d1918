"""Runs a graph on an engine: options, progress, failures in one line."""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TextIO, cast

import apache_beam as beam
import grpc
from apache_beam.internal import cloudpickle_pickler
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc
from apache_beam.runners.portability.portable_runner import PipelineResult
from apache_beam.runners.runner import create_runner

from pipeline.dataflow import DATAFLOW, SubmittedJob, TemplateWritten, console_url, job_flags
from pipeline.engines import check_reach
from pipeline.exit_codes import NO_MEMORY
from pipeline.flags import engine_of, secret_problems
from pipeline.flink import JOB_SERVER_OPTIONS, job_server
from pipeline.interruption import Interruption
from pipeline.options import Options
from pipeline.progress import ProgressLine
from pipeline.signatures import remember_signatures
from transforms.errors import FirsthandError, UsageError

_STEP = re.compile(r" ?\[while running '[^']*'\]")
_OURS = re.compile(r"transforms\.errors\.\w+: ")  # says what to do, too
_MEMORY = re.compile(r"(?:RuntimeError: )?[\w.]*MemoryError\b")  # of Python, NumPy or Arrow, and in a worker process
_LOCAL = "pipeline.local.LocalRunner"  # Beam's in-process runner; "DirectRunner" would first try to download another


class EngineError(FirsthandError):
    """The engine gave up; the message is what its last traceback ends with."""


def check_flags(flags: Sequence[str], *, found: Sequence[str] = ()) -> None:
    """Refuse what Beam would drop with a warning; then let its file systems know what the flags say of them.

    `found` are the problems that others have with the flags, to be told in one go.

    Raises:
        UsageError: naming every flag that no Beam option class knows, and what was found, a line each.
    """
    problems, unknown = [*secret_problems(flags), *found], []
    try:
        create_runner(_known([StandardOptions], flags)[0].runner or _LOCAL)  # imports it: some bring flags of their own
        of_server = () if problems else _job_server_options(flags)
        unknown = _known(PipelineOptions.__subclasses__(), flags, also=of_server)[1]
    except (argparse.ArgumentError, ValueError, ImportError, AttributeError) as error:
        if not (found and isinstance(error, ImportError)):  # what is missing was found, with its cure
            problems.append(str(_refused(error)))
    if unknown:
        problems.append(f"Beam knows no flag {', '.join(unknown)}: flags after `--` go to Beam, ours come before it")
    if problems:
        raise UsageError("\n".join(problems))
    try:
        options = Options(list(flags))
        empty_pipeline(options)
        FileSystems.set_options(options)  # inputs are looked up before there is a pipeline
    except (ValueError, ImportError) as error:  # an option that the runner misses
        raise _refused(error) from error


def _known(
    kinds: Iterable[type[PipelineOptions]], flags: Sequence[str], *, also: Iterable[str] = ()
) -> tuple[argparse.Namespace, list[str]]:
    """What these option classes make of the flags, and the flags that none of them knows, nor `also` names."""
    parser = argparse.ArgumentParser(
        allow_abbrev=False, add_help=False, prog="beam", exit_on_error=False, conflict_handler="resolve"
    )
    for name in also:
        parser.add_argument(f"--{name}", nargs="?")
    for kind in {str(kind): kind for kind in kinds}.values():
        kind._add_argparse_args(parser)  # type: ignore[arg-type]  # any parser will do
    return parser.parse_known_args(list(flags))


def _job_server_options(flags: Sequence[str]) -> Iterable[str]:
    """Options that the engine's job server knows and Beam's Python does not: it is asked, if it runs already."""
    if engine_of(flags) == "flink":
        return JOB_SERVER_OPTIONS
    address = job_server(flags)
    if address is None:
        return ()
    try:
        with grpc.insecure_channel(address) as channel:
            server = beam_job_api_pb2_grpc.JobServiceStub(channel)
            answer = server.DescribePipelineOptions(beam_job_api_pb2.DescribePipelineOptionsRequest(), timeout=10)
    except grpc.RpcError as error:
        raise UsageError(
            f"what answers at --job_endpoint={address} is no job server of Beam's ({error.details()})"
        ) from error
    return [option.name for option in answer.options]


def _refused(error: Exception) -> UsageError:
    return UsageError(f"Beam does not accept the flags after `--`: {' '.join(str(error).split())}")


@dataclass(frozen=True, slots=True)
class Engine:
    """Where graphs run: Beam's flags as the user gave them, and local processes (None: as cores and work allow)."""

    flags: tuple[str, ...] = ()
    workers: int | None = None

    def check_reach(self, archives: Iterable[str]) -> None:
        """Raise UsageError if workers cannot read one of these archives."""
        check_reach(self.flags, archives)

    def flags_for(self, pieces: int, *, stage: str) -> list[str]:
        """The Beam flags for so many independent pieces of work of a stage: the local runner if the user names none."""
        if engine_of(self.flags) in DATAFLOW:
            return job_flags(self.flags, stage)
        named = {flag.split("=", 1)[0] for flag in self.flags}
        chosen = list(self.flags)
        if "--runner" not in named:
            chosen.append(f"--runner={_LOCAL}")
            workers = self.workers or min(pieces, cores())
            if workers > 1 and not named & {"--direct_num_workers", "--direct_running_mode"}:
                chosen += [f"--direct_num_workers={workers}", "--direct_running_mode=multi_processing"]
        return chosen


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_graph(
    build: Callable[[beam.Pipeline], None], flags: Sequence[str], *, progress: ProgressLine | None = None
) -> None:
    """Build the graph, run it to its end and return; with `progress`, say how far it is.

    Raises:
        EngineError: the graph failed.
        WorkerLost: a worker process of the local runner died.
        TemplateWritten: the flags ask for a template of the job instead.
    """
    interruption = Interruption()
    try:
        remember_signatures()
        pipeline = empty_pipeline(Options(list(flags)))
        build(pipeline)
        cloudpickle_pickler.DEFAULT_CONFIG.filepath_interceptor = source_name  # type: ignore[assignment]  # a callable
        with interruption, _quiet_workers(), progress or nullcontext():
            job = pipeline.run()
            with _attended(job, flags):
                job.wait_until_finish()
    except Exception as error:
        if interruption.cause:
            raise interruption.cause from None
        if isinstance(error, TemplateWritten):
            raise
        if isinstance(error, FirsthandError):
            raise type(error)(_STEP.sub("", str(error))) from error
        said = _last_line(error)
        if _OURS.match(said):  # of a worker process
            raise EngineError(_OURS.sub("", said)) from error
        if _MEMORY.match(said):
            raise EngineError(NO_MEMORY) from error
        raise EngineError(f"the run stopped: {said}; run the same command again once it is mended") from error


def empty_pipeline(options: PipelineOptions) -> beam.Pipeline:
    """An empty pipeline, without the folder for libraries of other languages, which we have none of.

    Beam (2.77) makes it at once and removes it after a run: one that is killed, or never begun, would leave it.
    """
    pipeline = beam.Pipeline(options=options)
    with suppress(OSError):
        os.rmdir(pipeline.local_tempdir)
    return pipeline


def source_name(path: str) -> str:
    """A source file's path below the folder it is imported from: what a pickled function says of where it was written.

    Beam pickles lambdas, its own too, with the path of their file: a graph would tell where on this machine they lie.
    """
    if not os.path.isabs(path):  # a function that was pickled before
        return path
    folders = (os.path.join(folder, "") for folder in sys.path if folder)
    known = [folder for folder in folders if path.startswith(folder)]
    return path.removeprefix(max(known, key=len)) if known else os.path.basename(path)


def _attended(job: object, flags: Sequence[str]) -> AbstractContextManager[None]:
    """What is done about a job elsewhere when waiting for it ends otherwise than by its success."""
    if engine_of(flags) in DATAFLOW:
        return _on_dataflow(cast("SubmittedJob", job), flags)
    return _on_job_server(job) if isinstance(job, PipelineResult) else nullcontext()


@contextmanager
def _on_job_server(job: PipelineResult) -> Iterator[None]:
    """Stops the job with Ctrl-C: it would go on, and write into the output while the same command runs again."""
    try:
        yield
    except KeyboardInterrupt:
        with suppress(grpc.RpcError):  # a job server of this very process has had its Ctrl-C, too
            job.cancel()
        raise


@contextmanager
def _on_dataflow(job: SubmittedJob, flags: Sequence[str]) -> Iterator[None]:
    """Says where the job can be watched, also when it fails, and stops it with Ctrl-C: it would go on, and cost."""
    if not job.has_job:
        raise TemplateWritten(flags)
    page = console_url(flags, job)
    print(f"firsthand: submitted to Dataflow: {page}", file=sys.stderr, flush=True)
    try:
        yield
    except KeyboardInterrupt:
        print("firsthand: stopping the job", file=sys.stderr, flush=True)
        job.cancel()
        raise
    except Exception as error:
        raise EngineError(f"the job failed: {_last_line(error)}; its log: {page}") from error


def _last_line(error: Exception) -> str:
    """What an error says in its last line, without Beam's name for the step it befell."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = _STEP.sub("", lines[-1]).strip("\"' ") if lines else ""
    return said if len(lines) > 1 and said else f"{type(error).__name__}: {said}"


@contextmanager
def _quiet_workers() -> Iterator[None]:
    """Send what worker processes write to standard error to nowhere, unless the log was asked for.

    They inherit descriptor 2, log every channel they open on it, and print a traceback when Ctrl-C reaches them too.
    What fails in them comes back as the error of the run. Python's own standard error goes on as it was.
    """
    if logging.getLogger().isEnabledFor(logging.INFO):
        yield
        return
    ours, python_stderr = os.dup(2), sys.stderr
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    if _is_descriptor_2(python_stderr):
        sys.stderr = open(  # noqa: SIM115 - outlives this block, and the descriptor is closed below
            ours, "w", encoding=python_stderr.encoding, buffering=1, closefd=False
        )
    try:
        yield
    finally:
        sys.stderr = python_stderr
        os.dup2(ours, 2)
        os.close(ours)


def _is_descriptor_2(stream: TextIO) -> bool:
    try:
        return stream.fileno() == 2
    except (OSError, ValueError):  # a stream in memory
        return False
