"""The command line: strict, one line for a mistake, heavy imports only where a command needs them."""

from __future__ import annotations

import argparse
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from pipeline.dataflow import TemplateWritten
from pipeline.exit_codes import DONE, FAILED, GOES_ON, INTERRUPTED, NO_MEMORY, UNREAD
from pipeline.parsers import parser
from transforms.errors import ConfigError, FirsthandError, UsageError
from transforms.terminal import shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):  # whatever the locale: pages are in every script
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with _ended_as_by_ctrl_c():
            options = _parse(given)
            _start_log(verbose=getattr(options, "verbose", False))
            code = int(options.command(options))
            sys.stdout.flush()  # a full disk is told here, not at exit
            return code
    except FirsthandError as error:
        for problem in error.problems if isinstance(error, ConfigError) else str(error).splitlines():
            _say(f"error: {problem}")
        if logging.getLogger().isEnabledFor(logging.INFO) and error.__cause__:
            logging.getLogger(__name__).info("cause", exc_info=error.__cause__)
        return error.exit_code
    except TemplateWritten as template:
        _say(str(template))
        return DONE
    except (OSError, MemoryError) as error:
        return _of_system(error)
    except KeyboardInterrupt:
        _say(GOES_ON)
        with suppress(OSError):  # whoever has gone hears nothing
            sys.stdout.flush()
        if "apache_beam" in sys.modules:
            os._exit(INTERRUPTED)  # the engine's threads would finish their split first
        return INTERRUPTED


def _of_system(error: OSError | MemoryError) -> int:
    """Say what the system refused where no message of ours was foreseen; returns the exit code."""
    _abandon_stdout()
    if isinstance(error, BrokenPipeError):
        return UNREAD
    if isinstance(error, OSError):
        _say(f"error: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    else:
        _say(f"error: {NO_MEMORY}")
    return FAILED


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Takes SIGTERM, and SIGHUP unless it is ignored, for a Ctrl-C: what is held is let go, and the exit code told."""
    if threading.current_thread() is not threading.main_thread():  # elsewhere signals cannot be handled
        yield
        return
    numbers = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _start_log(*, verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Harmless(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, handlers=[handler])


class _Harmless(logging.Formatter):
    """Lines of a log as lines: libraries log what servers, archives and flags say."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(shown, super().format(record).split("\n")))


def _abandon_stdout() -> None:
    """What is still buffered cannot be written; the interpreter would try again at exit, and complain."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream in memory
        return


def _say(text: str) -> None:
    with suppress(OSError):  # the terminal has been closed, or the disk of a log is full
        print(f"firsthand: {shown(text)}", file=sys.stderr, flush=True)


def _parse(given: list[str]) -> argparse.Namespace:
    ours, beam = given, []
    if "--" in given:
        cut = given.index("--")
        ours, beam = given[:cut], given[cut + 1 :]
    options = parser().parse_args(ours)
    if beam and not hasattr(options, "beam"):
        raise UsageError(f"flags after `--` go to Beam, which this command does not use: {' '.join(beam)}")
    options.beam = tuple(beam)
    return options
